"""“Same claim?”: proposed quietly where a claim's entry is chosen, taken or refused by one key or click."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from annotator.ui.panel.same_claim import SameClaim
from tests.services.pictures import dump

from .conftest import CLAIMS, Desk

WORDS = "The border is open"


def proposal(desk: Desk) -> SameClaim:
    """The part of the card, when it has looked."""
    panel = desk.window.workbench.panel
    desk.qtbot.waitUntil(lambda: not panel.inspector._timer.isActive() and bool(panel.findChildren(SameClaim)))
    (part,) = panel.findChildren(SameClaim)
    desk.qtbot.waitUntil(lambda: not part._later.isActive())
    return part


def tag_again(desk: Desk) -> str:
    """Tag the claim of the first article in the second one, in words of its own."""
    desk.press("Esc")
    second = desk.project.documents.rows()[1].id
    desk.workspace.open_document(second)
    entry = desk.project.entries.resolve(CLAIMS, WORDS)
    assert entry is not None
    desk.project.entries.edit(entry.id, name="The border with Jordan is open now")
    desk.project.entries.create(CLAIMS, "Prices will rise this winter")
    desk.reader.setFocus()
    start = desk.workspace.text.index(WORDS)
    desk.reader.select(start, start + len(WORDS))
    desk.press("C")
    assert desk.workspace.active_claim is not None
    return entry.id


def test_one_key_takes_the_claim_that_is_proposed(desk: Desk) -> None:
    entry_id = tag_again(desk)
    claims = len(desk.project.entries.all(CLAIMS))
    before = dump(desk.project)
    part = proposal(desk)
    assert part.isVisible()
    assert part.button.accessibleName() == "Same as “The border with Jordan is open now”?"
    desk.press("=")
    assert desk.workspace.active_claim.entries == (entry_id,)
    assert desk.hint == "Same claim: The border with Jordan is open now."
    assert len(desk.project.entries.all(CLAIMS)) == claims - 1  # what the tag made is gone
    assert not proposal(desk).isVisible()
    desk.press("Ctrl+Z")
    assert dump(desk.project) == before
    assert proposal(desk).isVisible()
    desk.press("Ctrl+3", "=")
    assert desk.workspace.active_claim.entries == (entry_id,)
    desk.press("Esc", "=")
    assert desk.hint == "No claim like this one is known."


def test_one_that_is_different_is_not_proposed_again(desk: Desk) -> None:
    tag_again(desk)
    part = proposal(desk)
    desk.qtbot.mouseClick(part.different, Qt.MouseButton.LeftButton)
    assert not proposal(desk).isVisible()
    assert desk.project.undo_label.action.startswith("Keep apart")
    desk.reader.setFocus()
    desk.press("=")
    assert desk.hint == "No claim like this one is known."
    QApplication.processEvents()


def test_a_claim_that_others_make_too_is_left_alone(desk: Desk) -> None:
    desk.press("Esc")
    desk.workspace.open_document(desk.project.documents.rows()[0].id)
    claim = next(a for a in desk.workspace.annotations.values() if a.layer_id == "layer-claim")
    desk.project.entries.create(CLAIMS, "Open is the border")
    desk.workspace.set_active(claim.id)
    assert not proposal(desk).isVisible()
    desk.workspace.set_active(None)
    desk.reader.setFocus()
    desk.press("=")
    assert desk.hint == "Choose a claim first."
