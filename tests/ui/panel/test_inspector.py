"""The inspector: everything about the active annotation can be seen and changed by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from annotator.domain.codebook import Field, Layer, Role
from annotator.domain.codebook_edit import Owner
from annotator.domain.model import Fragment
from annotator.ui.panel.bits import Quote
from annotator.ui.panel.chips import AnnotationChip, TextButton
from annotator.ui.panel.editors import BooleanEditor, ChoiceEditor, ComboBox
from annotator.ui.panel.entry_button import EntryButton, InlineEntry
from annotator.ui.panel.fields import FieldRow, InlineField
from annotator.ui.panel.level import AboutPart, LevelPart, PlacesPart, RelationPart
from annotator.ui.panel.note import NoteEdit
from annotator.ui.panel.parts import in_order

Key = Qt.Key


def row(bench, name: str) -> FieldRow:
    return next(part for part in bench.parts(FieldRow) if part.field.name == name)


def inline(bench, name: str, inside: QWidget | None = None) -> InlineField:
    return next(part for part in bench.parts(InlineField, inside) if part.field.name == name)


def test_a_claim_shows_its_attribution(bench):
    bench.activate("C8")
    panel = bench.panel
    assert "C8" in panel.inspector.head.title.text()
    assert panel.inspector._place.text() == "8 of 11"
    assert bench.parts(Quote)[0].text().startswith("the American initiative ensures the cessation")
    said, reported = bench.parts(LevelPart)
    assert said.label.text() == "Said by"
    assert reported.label.text() == "Reported by"
    assert [chip.text() for chip in bench.parts(AnnotationChip, said)] == ["a Syrian official", "stated that"]
    assert bench.parts(AnnotationChip, reported)[0].text() == "Western media"
    about = bench.parts(AboutPart)[0]
    assert [chip.text() for chip in bench.parts(AnnotationChip, about)] == ["United States", "Israel", "Syria"]
    assert [r.field.name for r in bench.parts(FieldRow)] == ["type", "form", "polarity", "certainty"]


def test_choosing_a_segment_by_key_is_one_step(bench):
    claim = bench.activate("C8")
    editor = row(bench, "polarity").editor
    assert isinstance(editor, ChoiceEditor)
    before = bench.steps()
    editor.setFocus()
    bench.press(Key.Key_Right)
    bench.press(Key.Key_Space)
    assert bench.now(claim).fields["polarity"] == "denied"
    assert bench.steps() == before + 1
    assert row(bench, "polarity").editor is editor
    bench.project.undo()
    bench.settle()
    assert bench.now(claim).fields["polarity"] == "asserted"
    assert editor.value() == "asserted"


def test_a_combo_box_opens_on_enter_and_chooses(bench):
    claim = bench.activate("C8")
    combo = bench.parts(ComboBox, row(bench, "type"))[0]
    combo.setFocus()
    bench.qtbot.keyClick(combo, Key.Key_Return)
    bench.qtbot.waitUntil(lambda: combo.view().isVisible())
    combo.hidePopup()
    bench.qtbot.keyClick(combo, Key.Key_Down)
    bench.settle()
    assert bench.now(claim).fields["type"] == "evaluation"


def test_a_field_of_a_source_is_set_by_its_letter_and_cleared_by_del(bench):
    bench.activate("C8")
    said = bench.parts(LevelPart)[0]
    source = bench.card("C8").levels[0].sources[0]
    field = inline(bench, "identity", said)
    assert field.value_text() == "anonymous"
    field.setFocus()
    bench.press(Key.Key_N)
    assert bench.now(source).fields["identity"] == "named"
    assert field.value_text() == "named"
    bench.press(Key.Key_Delete)
    assert "identity" not in bench.now(source).fields
    assert QApplication.focusWidget() is field


def test_enter_on_a_small_field_opens_its_choices(bench):
    bench.activate("C8")
    source = bench.card("C8").levels[0].sources[0]
    field = inline(bench, "kind", bench.parts(LevelPart)[0])
    field.setFocus()
    bench.qtbot.keyClick(field, Key.Key_Return)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    assert [action.text() for action in menu.actions()][-1] == "Not set"
    bench.qtbot.keyClick(menu, Key.Key_Down)
    bench.qtbot.keyClick(menu, Key.Key_Return)
    bench.settle()
    assert bench.now(source).fields["kind"] == "expert"


def test_del_takes_a_source_out_and_the_focus_stays_near(bench):
    bench.activate("C8")
    card = bench.card("C8")
    source, link = card.levels[0].sources[0], card.levels[0].link
    chip = bench.parts(AnnotationChip, bench.parts(LevelPart)[0])[0]
    chip.setFocus()
    before = bench.steps()
    bench.press(Key.Key_Delete)
    assert source.id in bench.workspace.annotations
    assert "source" not in bench.workspace.links[link.id].roles
    assert bench.steps() == before + 1
    focus = QApplication.focusWidget()
    assert focus is not None
    assert bench.panel.inspector.isAncestorOf(focus)


def test_enter_on_a_chip_goes_there(bench):
    bench.activate("C8")
    source = bench.card("C8").levels[0].sources[0]
    chip = bench.parts(AnnotationChip, bench.parts(LevelPart)[0])[0]
    chip.setFocus()
    with bench.qtbot.waitSignal(bench.workspace.reveal) as revealed:
        bench.qtbot.keyClick(chip, Key.Key_Return)
    assert revealed.args == [source.id]
    assert bench.workspace.active_id == source.id


def test_actors_inside_the_claim_are_added_in_one_step(bench):
    card = bench.card("C8")
    for link in card.about_links:
        bench.project.linking.unlink(link.id)
    bench.activate("C8")
    about = bench.parts(AboutPart)[0]
    button = bench.parts(TextButton, about)[0]
    assert "3" in button.text()
    before = bench.steps()
    button.setFocus()
    bench.press(Key.Key_Return)
    assert [a.id for a in bench.card("C8").about] == [a.id for a in card.about]
    assert bench.steps() == before + 1
    assert bench.parts(TextButton, about) == []


def test_a_source_shows_where_it_is_used_and_a_press_goes_there(bench):
    bench.activate("S2")
    places = bench.parts(PlacesPart)[0]
    buttons = bench.parts(TextButton, places)
    assert [button.text().replace("\u2066", "").replace("\u2069", "") for button in buttons] == [
        "C2 as source",
        "C3 as source",
    ]
    assert bench.parts(LevelPart) == []
    buttons[1].setFocus()
    bench.press(Key.Key_Space)
    assert bench.workspace.active_id == bench.named("C3").id


def test_other_links_are_shown_with_their_fields(bench):
    first, second = bench.named("C1"), bench.named("C4")
    link = next(
        (k for k in bench.workspace.links.values() if k.type_id == "link-relation" and first.id in k.members()), None
    )
    link = link or bench.project.linking.connect(first.id, second.id, "Claim relation")
    bench.activate("C1")
    part = bench.parts(RelationPart)[0]
    assert part.label.text() == "Claim relation"
    field = inline(bench, "relation", part)
    field.setFocus()
    bench.press(Key.Key_C)
    stored = bench.workspace.links[link.id].fields["relation"]
    assert stored.startswith("co")
    chip = bench.parts(AnnotationChip, part)[0]
    chip.setFocus()
    bench.press(Key.Key_Delete)
    assert link.id not in bench.workspace.links
    assert bench.parts(RelationPart) == []


def test_the_note_is_stored_once_on_ctrl_enter_or_when_the_keyboard_leaves(bench):
    claim = bench.activate("C1")
    note = bench.parts(NoteEdit)[0]
    note.setFocus()
    before = bench.steps()
    note.selectAll()
    bench.type("First")
    assert bench.now(claim).note != "First"
    bench.press(Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert bench.now(claim).note == "First"
    bench.type(" line")
    bench.panel.inspector.head.findChildren(QWidget)[0].setFocus()
    bench.panel.outline.view.setFocus()
    bench.settle()
    assert bench.now(claim).note == "First line"
    assert bench.steps() == before + 2


def test_half_typed_text_survives_changes_elsewhere_and_is_stored_for_the_right_claim(bench):
    claim = bench.activate("C1")
    note = bench.parts(NoteEdit)[0]
    note.setFocus()
    note.selectAll()
    bench.type("half typed")
    bench.project.tagging.set_fields(claim.id, {"type": "policy"})
    bench.settle()
    assert note.toPlainText() == "half typed"
    assert QApplication.focusWidget() is note
    other = bench.activate("C2")
    assert bench.now(claim).note == "half typed"
    assert bench.now(other).note != "half typed"
    assert note.toPlainText() == bench.now(other).note


def test_flush_stores_what_is_half_typed(bench):
    claim = bench.activate("C1")
    note = bench.parts(NoteEdit)[0]
    note.setFocus()
    note.selectAll()
    bench.type("kept")
    bench.panel.flush()
    assert bench.now(claim).note == "kept"


def test_widgets_are_kept_while_the_annotation_stays(bench):
    claim = bench.activate("C8")
    before = [id(part) for part in bench.parts(QWidget, bench.panel.inspector.card)]
    bench.project.tagging.set_note(claim.id, "Changed elsewhere")
    bench.settle()
    assert [id(part) for part in bench.parts(QWidget, bench.panel.inspector.card)] == before
    assert bench.parts(NoteEdit)[0].toPlainText() == "Changed elsewhere"


def test_the_focus_stays_on_the_same_field_from_claim_to_claim(bench):
    bench.activate("C8")
    editor = row(bench, "polarity").editor
    editor.setFocus()
    at = QApplication.focusWidget()
    bench.activate("C9")
    assert QApplication.focusWidget() is at
    assert bench.panel.inspector._place.text() == "9 of 11"


def test_previous_and_next(bench):
    bench.activate("C8")
    inspector = bench.panel.inspector
    inspector._next.setFocus()
    bench.press(Key.Key_Space)
    assert bench.workspace.active_id == bench.named("C9").id
    bench.activate("C1")
    assert not inspector._previous.isEnabled()
    bench.activate("C11")
    assert not inspector._next.isEnabled()


def test_esc_gives_the_keyboard_back_to_the_article(bench):
    bench.activate("C8")
    for widget in (row(bench, "polarity").editor, bench.parts(NoteEdit)[0], bench.parts(AnnotationChip)[0]):
        widget.setFocus()
        focus = QApplication.focusWidget()
        with bench.qtbot.waitSignal(bench.workspace.focus_reader):
            bench.qtbot.keyClick(focus, Key.Key_Escape)


def test_tab_goes_from_top_to_bottom(bench):
    bench.activate("C8")
    bench.panel.focus_inspector()
    order = in_order(bench.panel.inspector.card)
    seen = []
    for _ in order:
        seen.append(QApplication.focusWidget())
        bench.press(Key.Key_Tab)
    tops = [w.mapTo(bench.panel, w.rect().topLeft()) for w in seen]
    assert isinstance(seen[0], EntryButton)
    assert isinstance(seen[-1], NoteEdit)
    assert [p.y() // 24 for p in tops] == sorted(p.y() // 24 for p in tops)
    assert len(set(map(id, seen))) == len(seen)
    back = []
    for _ in order:
        bench.press(Key.Key_Backtab)
        back.append(QApplication.focusWidget())
    assert back == list(reversed(seen))


def test_a_fresh_guess_is_marked_until_the_next_step(bench):
    claim = bench.activate("C5")
    document = bench.workspace.document.id
    start = bench.workspace.text.index("For his part")
    tagging = bench.project.tagging
    tagging.tag_into(document, "layer-source", (Fragment(start, start + 12),), claim.id)
    bench.settle()
    badges = [entry.badge for entry in bench.parts(InlineEntry)]
    assert badges[-1] == "new"
    tagging.set_fields(claim.id, {"type": "policy"})
    bench.settle()
    assert not any(entry.badge for entry in bench.parts(InlineEntry))
    syria = bench.workspace.text.rindex("Syria")
    actor = tagging.tag(document, "layer-actor", (Fragment(syria - 4, syria + 5),), entries=None)
    bench.workspace.set_active(actor.id)
    bench.settle()
    assert bench.parts(EntryButton)[0].badge in ("new", "by name")


def test_nothing_active_shows_the_keys(bench):
    bench.workspace.set_active(None)
    bench.settle()
    inspector = bench.panel.inspector
    assert inspector.empty.isVisible()
    assert not inspector.card.isVisible()
    texts = [w.text() for w in bench.parts(QWidget, inspector.empty) if hasattr(w, "text")]
    assert {"Actor", "Claim", "Source", "Cue"} <= set(texts)


def test_deleting_the_active_annotation_empties_the_inspector(bench):
    claim = bench.activate("C8")
    bench.project.tagging.remove([claim.id])
    bench.settle()
    assert bench.panel.inspector.empty.isVisible()
    bench.project.undo()
    bench.settle()
    bench.activate("C8")
    assert len(bench.parts(LevelPart)) == 2


def test_a_project_open_for_reading_shows_values_that_cannot_be_changed(open_bench: Callable):
    bench = open_bench(read_only=True)
    bench.activate("C8")
    assert not row(bench, "polarity").editor.isEnabled()
    assert bench.parts(NoteEdit)[0].isReadOnly()
    assert not bench.parts(EntryButton)[0].isEnabled()
    assert not inline(bench, "identity").isEnabled()
    chip = bench.parts(AnnotationChip)[0]
    assert chip.isEnabled()
    before = len(bench.workspace.links)
    chip.setFocus()
    bench.press(Key.Key_Delete)
    assert len(bench.workspace.links) == before


def test_every_control_has_a_name(bench):
    for number in ("C8", "S2", "A1", "Q1"):
        bench.activate(number)
        controls = in_order(bench.panel.inspector.card)
        assert controls
        for control in controls:
            assert control.accessibleName(), control


@pytest.mark.parametrize("width", [300, 340, 372, 520])
def test_nothing_is_cut_off_at_any_width(bench, width):
    bench.panel.resize(width, 900)
    for number in ("C8", "S2", "A1", "Q1"):
        bench.activate(number)
        QApplication.processEvents()
        card = bench.panel.inspector.card
        assert card.width() <= width - 24
        for widget in in_order(card):
            right = widget.mapTo(card, widget.rect().topRight()).x()
            assert 0 < right < card.width(), widget
            parent = widget.parentWidget()
            assert parent.rect().contains(widget.geometry()), widget


def test_a_boolean_is_yes_no_or_nothing(qtbot):
    editor = BooleanEditor("Hedged")
    qtbot.addWidget(editor)
    seen = []
    editor.edited.connect(seen.append)
    editor.show_value(True)
    assert editor.value() == "yes"
    editor.show()
    editor.setFocus()
    focus = editor.focusProxy().focusProxy()
    qtbot.keyClick(focus, Key.Key_Space)
    assert seen == [None]
    qtbot.keyClick(focus, Key.Key_Space)
    assert seen == [None, True]


def test_every_part_is_as_high_as_it_needs_after_going_from_claim_to_claim(bench):
    for number in ("C1", "C8", "C2", "C11", "S2", "C8", "A1", "C4"):
        bench.activate(number)
        card = bench.panel.inspector.card
        bench.qtbot.waitUntil(lambda card=card: card.height() == card.heightForWidth(card.width()))
        for part in bench.parts(QWidget, card):
            if part.parentWidget() is card and part.hasHeightForWidth():
                assert part.height() == part.heightForWidth(part.width()), part.inner
            if isinstance(part, AnnotationChip):
                assert part.parentWidget().rect().contains(part.geometry())


def test_addressees_are_shown_and_taken_out(bench):
    bench.activate("C5")
    actor = bench.named("A1")
    bench.project.linking.attribute(bench.named("C5").id, actor)
    bench.settle()
    said = bench.parts(LevelPart)[0]
    chip = next(chip for chip in bench.parts(AnnotationChip, said) if chip.annotation_id == actor.id)
    assert chip.accessibleName().startswith("To")
    chip.setFocus()
    bench.press(Key.Key_Backspace)
    assert "addressee" not in bench.card("C5").levels[0].link.roles
    bench.activate("A1")
    assert all("addressee" not in button.text() for button in bench.parts(TextButton))


def test_tab_leaves_the_panel_at_its_end(bench, qtbot):
    from PySide6.QtWidgets import QLineEdit, QVBoxLayout

    window = QWidget()
    qtbot.addWidget(window)
    box = QVBoxLayout(window)
    first, last = QLineEdit(), QLineEdit()
    box.addWidget(first)
    box.addWidget(bench.panel)
    box.addWidget(last)
    window.resize(372, 980)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    bench.activate("C8")
    bench.panel.focus_outline()
    bench.press(Key.Key_Tab)
    assert QApplication.focusWidget() is last
    bench.panel.inspector._previous.setFocus()
    bench.press(Key.Key_Backtab)
    assert QApplication.focusWidget() is first
    box.removeWidget(bench.panel)
    bench.panel.setParent(None)


def test_roles_and_fields_that_the_codebook_gave_to_links_are_there(bench):
    coding = bench.project.coding
    types = bench.project.codebook.link_types_by_name
    coding.add_layer(Layer("layer-place", "Place", "#206060", "", None, (), "double")).apply()
    coding.add_role(types["Attribution"].id, Role("setting", ("Place",))).apply()
    for name in ("Attribution", "About"):
        coding.add_field(Owner("link_type", types[name].id), Field("sure", "boolean")).apply()
    claim = bench.activate("C8")
    document = bench.project.documents.get(claim.document_id)
    place = bench.project.tagging.tag(document.id, "layer-place", [Fragment(0, 5)])
    bench.project.linking.attribute(claim.id, place)
    bench.settle()
    said = bench.parts(LevelPart)[0]
    words = bench.project.documents.text(document.id)[0:5].strip()
    assert words in [chip.text() for chip in bench.parts(AnnotationChip, said)]
    for part, kind in ((said, "link"), (bench.parts(AboutPart)[0], "about")):
        field = inline(bench, "sure", part)
        field.setFocus()
        bench.press(Key.Key_Y)
        assert inline(bench, "sure", part).value_text() == "yes", kind
    card = bench.card("C8")
    assert card.levels[0].link.fields == {"sure": True}
    assert card.about_links[0].fields == {"sure": True}
