"""Real keys in a real window: the whole job, being killed in the middle of it, and coming back."""

from __future__ import annotations

import json

import pytest

from tests.e2e.conftest import Exported, Session, Window, until

pytestmark = pytest.mark.e2e


def tag_claim(window: Window) -> None:
    window.find("the border is open")
    window.press("c")


def test_an_attribution_costs_three_selections_and_three_keys_and_a_relay_two_more(session: Session) -> None:
    window = session.open()
    tag_claim(window)
    # With the claim active, a source and a cue join it.
    window.press("ctrl+Home", *["ctrl+shift+Right"] * 3, "s")
    window.press("ctrl+Right", "q")
    found = session.until("claim, source and cue", lambda now: len(now.annotations) == 3)
    (attribution,) = found.attributions()
    assert found.role(attribution, "claim") == ["the border is open"]
    assert found.role(attribution, "source") == ["Minister Ada Roy"]
    assert found.role(attribution, "cue") == ["said"]

    window.find("Western media")
    window.press("shift+s")
    window.find("according to what")
    window.press("q")
    window.find("reported")
    window.press("f")
    found = session.until("a relay with its cue", lambda now: "according to what … reported" in now.texts("Cue"))
    inner, relay = sorted(found.attributions(), key=lambda link: len(found.role(link, "claim")[0]))
    assert found.role(inner, "claim") == ["the border is open"]
    assert found.role(inner, "cue") == ["said"]
    assert relay["roles"]["claim"] == [inner["id"]]
    assert found.role(relay, "source") == ["Western media"]
    assert found.role(relay, "cue") == ["according to what … reported"]
    assert {a["coder"] for a in found.annotations.values()} == {found.data["coders"][-1]["id"]}
    entries = {entry["name"] for entry in found.data["entries"]}
    assert {"Minister Ada Roy", "Western media"} <= entries


def test_killed_in_the_middle_nothing_is_lost_and_undo_reaches_back(session: Session) -> None:
    window = session.open()
    tag_claim(window)
    window.press("ctrl+Home", *["ctrl+shift+Right"] * 3, "s")
    before = session.until("claim and source", lambda now: now.texts("Source") == ["Minister Ada Roy"])
    # The next keys are on their way when it happens.
    window.press("ctrl+Right", "q", "ctrl+f")
    window.kill()
    after = session.export()
    session.annotator("check", str(session.project))
    assert after.data["documents"][0]["text"] == before.data["documents"][0]["text"]
    for id_, annotation in before.annotations.items():
        assert after.annotations[id_] == annotation
    steps = json.loads(session.annotator("log", str(session.project), "--json"))

    window = session.open()
    assert "read-only" not in window.title
    undos = len(after.texts("Cue")) + 1
    window.press(*["ctrl+z"] * undos)
    undone = session.until("source and link undone", lambda now: not now.texts("Source"))
    assert undone.texts("Claim") == ["the border is open"]
    assert not undone.attributions()
    window.press(*["ctrl+shift+z"] * undos)
    redone = session.until("done again", lambda now: len(now.annotations) == len(after.annotations))
    assert redone.annotations == after.annotations
    assert redone.links == after.links
    log = json.loads(session.annotator("log", str(session.project), "--json"))
    assert len(log) == len(steps) + 2 * undos


def test_word_at_the_caret_no_double_tag_undo_redo_and_text_fields_first(session: Session) -> None:
    window = session.open()
    window.press("ctrl+Home", "a")
    session.until("the word at the caret", lambda now: now.texts("Actor") == ["Minister"])
    # The same again is refused; the next key tells that the program is past it.
    window.press("ctrl+Home", "a", "ctrl+Right", "c")
    found = session.until("a claim", lambda now: now.texts("Claim") == ["Ada"])
    assert found.texts("Actor") == ["Minister"]

    window.press("ctrl+z")
    session.until("claim undone", lambda now: not now.texts("Claim"))
    window.press("ctrl+shift+z")
    session.until("claim done again", lambda now: now.texts("Claim") == ["Ada"])

    def undos() -> int:
        return sum(
            1 for step in json.loads(session.annotator("log", str(session.project), "--json")) if step["kind"] == "undo"
        )

    assert undos() == 1
    # In the documents' search field it takes back what was typed there, and only that.
    window.press("ctrl+1")
    window.type("acs")
    window.press("ctrl+z", "ctrl+2", "ctrl+End", "Left", "s")
    found = session.until("the last word as source", lambda now: now.texts("Source") == ["it"])
    assert undos() == 1
    assert found.texts("Claim") == ["Ada"]
    window.press("ctrl+z")
    session.until("source undone", lambda now: not now.texts("Source"))
    assert undos() == 2


def test_a_second_window_is_for_reading_only_and_says_so(session: Session) -> None:
    first = session.open()
    second = session.open()
    assert second.title == "study (read-only) – Annotator"
    assert first.title == "study – Annotator"
    second.focus()
    second.press("ctrl+Home", "a", "ctrl+z")
    first.focus()
    first.press("ctrl+Home", "c")
    found = session.until("a tag from the window that may write", lambda now: now.texts("Claim"))
    assert found.texts("Claim") == ["Minister"]
    assert found.texts("Actor") == []
    assert len(found.data["documents"]) == 2

    # The one that writes goes; who opens it next may write.
    first.quit()
    third = session.open()
    assert third.title == "study – Annotator"
    third.press("ctrl+z")
    session.until("undone by the third", lambda now: not now.annotations)


def test_the_window_comes_back_at_the_same_article_caret_and_size(session: Session) -> None:
    window = session.open()
    session.xdotool("windowsize", "--sync", window.id, "1010", "640")
    until("the window is smaller", lambda: window.size == (1010, 640))
    window.press("ctrl+Page_Down", "ctrl+Home", "ctrl+Right", "ctrl+Right")
    window.quit()

    window = session.open()
    assert window.size == (1010, 640)
    window.press("a")
    found = session.until("a tag where the caret was left", lambda now: now.annotations)
    assert found.texts("Actor") == ["article"]
    assert _document_of(found, "article") == 1


def _document_of(found: Exported, text: str) -> int:
    return next(
        number
        for number, document in enumerate(found.data["documents"])
        if any(found.text(a["id"]) == text for a in document["annotations"])
    )


def test_letters_with_ctrl_are_the_actions_also_where_the_system_moves_the_caret_with_them(session: Session) -> None:
    window = session.open()
    window.press("ctrl+Home", "ctrl+e")
    search = ("search", "--onlyvisible", "--all", "--pid", str(window.process.pid), "--name", "^Export$")
    until("the export window", lambda: session.xdotool(*search))
