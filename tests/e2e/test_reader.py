"""Real keys in the article: ends of annotations by character, lists of what overlaps."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Session

pytestmark = pytest.mark.e2e


def test_ends_move_by_one_character(session: Session) -> None:
    window = session.open()
    window.find("the border is open")
    window.press("c")
    session.until("the claim", lambda now: now.texts("Claim") == ["the border is open"])
    window.press("alt+bracketright")
    session.until("one more", lambda now: now.texts("Claim") == ["the border is open,"])
    window.press("alt+shift+bracketright", "alt+shift+bracketright")
    session.until("two less", lambda now: now.texts("Claim") == ["the border is ope"])
    window.press("alt+shift+bracketleft")
    session.until("a later start", lambda now: now.texts("Claim") == ["he border is ope"])
    window.press("alt+bracketleft", "shift+bracketright")
    session.until("a start and a word less", lambda now: now.texts("Claim") == ["the border is"])
    window.press("shift+bracketleft")
    session.until("a word later", lambda now: now.texts("Claim") == ["border is"])


def test_the_list_of_what_overlaps_chooses_what_the_next_key_means(session: Session) -> None:
    window = session.open()
    window.find("the border is open")
    window.press("c", "Escape")
    window.find("border")
    window.press("a")
    session.until("claim and actor", lambda now: now.texts("Claim") and now.texts("Actor"))
    window.press("Escape", "Left", "shift+o", "Down", "Return", "alt+bracketright")
    session.until("the claim's end moved", lambda now: now.texts("Claim") == ["the border is open,"])
    assert session.export().texts("Actor") == ["border"]
