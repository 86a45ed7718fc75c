"""What the codebook says while one tags, what is still to do, and which colours it advises."""

from __future__ import annotations

from itertools import combinations

from PySide6.QtCore import Qt

from annotator.domain.codebook import Field, Layer
from annotator.domain.codebook_edit import Owner
from annotator.domain.ids import now
from annotator.domain.model import Annotation
from annotator.ui import theme
from annotator.ui.codebook.colors import ENOUGH, OFFERED, advice, alike, shown
from annotator.ui.codebook.help import says_anything, tool_tip
from annotator.ui.codebook.todo import EVERYWHERE, HERE, TodoDialog
from annotator.ui.dialogs.history import HistoryDialog
from annotator.ui.panel.made import MadeRow
from tests.ui.codebook.conftest import Person

K, CTRL, SHIFT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_tool_tips_show_markup_as_it_is_written() -> None:
    field = Field(
        "kind", "choice", ("a", "b"), "Is it <b>?", guidelines="x & y", examples=("“z”",), choice_help=(("b", "B!"),)
    )
    tip = tool_tip(field)
    assert "Is it &lt;b&gt;?" in tip
    assert "x &amp; y" in tip
    assert "“z”" in tip
    assert "<i>B</i>: B!" in tip
    assert "<i>A</i>" not in tip
    assert says_anything(field)
    assert not says_anything(Field("kind"))


def test_the_sheet_follows_the_active_annotation(person: Person) -> None:
    workspace, sheet = person.window.workspace, person.window.workbench.sheet
    assert not sheet.isVisible()
    person.key(K.Key_F1, SHIFT)
    assert sheet.isVisible()
    assert sheet.text.hasFocus()
    assert "Metonym: One thing named for another" not in sheet.text.toPlainText()
    assert "both parties" in sheet.text.toPlainText()
    claim = next(a for a in workspace.annotations.values() if a.layer_id == "layer-claim")
    workspace.set_active(claim.id)
    told = sheet.text.toPlainText()
    assert "Two propositions are two claims." in told
    assert "Commitment: The source will do something." in told
    assert "Who says what." in told
    person.project.coding.edit_layer("layer-claim", guidelines="Short ones only.").apply()
    assert "Short ones only." in sheet.text.toPlainText()
    person.key(K.Key_Escape)
    assert person.window.workbench.pane.reader.hasFocus()
    assert sheet.isVisible()
    person.key(K.Key_F1, SHIFT)
    assert not sheet.isVisible()
    person.window.grab()


def test_the_to_do_list_goes_to_the_place(person: Person) -> None:
    coding = person.project.coding
    person.key(K.Key_T, CTRL | SHIFT)
    empty = person.dialog(TodoDialog)
    assert "Nothing is open" in empty.note.text()
    assert not empty.ok_button.isEnabled()
    person.key(K.Key_Escape)
    person.gone(empty)
    coding.edit_field(Owner("layer", "layer-claim"), "form", required=True).apply()
    coding.edit_role("link-attribution", "cue", min=1).apply()
    coding.edit_field(Owner("registry", "registry-actors"), "kind", required=True).apply()
    person.key(K.Key_T, CTRL | SHIFT)
    dialog = person.dialog(TodoDialog)
    assert dialog.scope.value() == HERE
    assert dialog.note.text().startswith("3 open.")
    assert dialog.current().words.startswith("Syria and Israel")
    lines = [dialog.tree.topLevelItem(0).child(row) for row in range(3)]
    assert [line.text(1) for line in lines] == ["Form", "Cue: 0 of 1", "Form"]
    person.key(K.Key_Down, times=2)
    person.key(K.Key_Return)
    person.gone(dialog)
    active = person.window.workspace.active
    assert active is not None
    assert active.start == 48
    person.key(K.Key_T, CTRL | SHIFT)
    dialog = person.dialog(TodoDialog)
    dialog.scope.setFocus()
    person.key(K.Key_Right)
    person.key(K.Key_Space)
    assert dialog.scope.value() == EVERYWHERE
    assert dialog.note.text().startswith("4 open.")
    assert dialog.tree.topLevelItem(1).text(0) == "Registries"


def test_a_version_tells_what_was_made_under_it(person: Person) -> None:
    """In the inspector, in the history, and as a list to look over again."""
    coding, workspace = person.project.coding, person.window.workspace
    inspector = person.window.workbench.panel.inspector
    first, second = sorted(
        (a for a in workspace.annotations.values() if a.layer_id == "layer-claim"), key=lambda a: a.start
    )

    def made(annotation: Annotation) -> str:
        workspace.set_active(annotation.id)
        inspector.refresh()
        (row,) = inspector.findChildren(MadeRow)
        return row.text()

    assert made(first).startswith("Ann · ")
    assert made(first).endswith(" · codebook version 1")
    coding.edit_layer("layer-claim", color="#123456").apply()
    # The clock has gone on, at least by a millisecond.
    person.qtbot.waitUntil(lambda: now() > person.project.history(1)[0].at)
    person.project.tagging.set_fields(second.id, {"type": "fact"})
    assert made(first).endswith("codebook version 1 of 2")
    assert made(second).endswith("codebook version 2")
    person.key(K.Key_H, CTRL)
    history = person.dialog(HistoryDialog)
    lines = [history.model.index(row, 0).data() for row in range(2)]
    assert "Change codebook: Claim (codebook version 2)" in lines[1]
    person.key(K.Key_Escape)
    person.gone(history)
    person.key(K.Key_T, CTRL | SHIFT)
    dialog = person.dialog(TodoDialog)
    assert [dialog.kind.itemText(row) for row in range(dialog.kind.count())] == [
        "What is missing",
        "Made under codebook version 2 (1)",
        "Made under codebook version 1 (2)",
    ]
    dialog.kind.setFocus()
    person.key(K.Key_Down)
    dialog.kind.activated.emit(dialog.kind.currentIndex())
    assert dialog.note.text() == "Annotations: 1"
    assert dialog.current().id == second.id
    dialog.tree.setFocus()
    person.key(K.Key_Return)
    person.gone(dialog)
    assert workspace.active_id == second.id


def test_the_colours_that_are_offered_are_told_apart_and_read(qapp: object) -> None:
    assert len(OFFERED) == len(set(OFFERED)) == 4 + len(theme.NEW_LAYER_COLORS)
    for color in OFFERED:
        light, dark = shown(color, "underline")
        assert light >= ENOUGH
        assert dark >= ENOUGH
        assert "too faint" not in advice(color, "underline", ())[0]
    told = [(one, two, alike(one, two)) for one, two in combinations(OFFERED[:6], 2)]
    assert all(sight != "" for _, _, sight in told), "nobody with full sight takes one for the other"


def test_a_colour_like_another_is_told(qapp: object) -> None:
    other = Layer("l", "Actor", "#1B54B4")
    text, warning = advice("#1C55B5", "underline", [other])
    assert warning
    assert "hard to tell from the colour of Actor" in text
    assert alike("#C00000", "#006000") is None or alike("#C00000", "#006000") in ("red", "green")
    assert advice("#10705D", "underline", [other])[1] is False
