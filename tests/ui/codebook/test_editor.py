"""The codebook editor by real keys, over a real project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit

from annotator.domain.codebook_edit import DOCUMENTS, Owner
from annotator.services.project import Project
from annotator.services.templates import read_codebook, template
from annotator.ui import theme
from annotator.ui.codebook.field_form import FieldForm
from annotator.ui.codebook.forms import LayerForm, RoleForm
from annotator.ui.codebook.nodes import Node
from annotator.ui.codebook.touches import AskDialog
from annotator.ui.codebook.window import CodebookWindow
from tests.ui.codebook.conftest import Person

K, CTRL, ALT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
CLAIM = Owner("layer", "layer-claim")
TYPE = Node("field", CLAIM, "type")


def form_of(editor: CodebookWindow) -> object:
    return editor.area.widget()


def test_ctrl_b_opens_it_and_esc_closes_it(person: Person) -> None:
    editor = person.editor()
    assert editor.tree.current() == Node("layer", Owner("layer", "layer-actor"))
    assert editor.width() <= 1024
    assert editor.height() <= 700
    person.key(K.Key_Escape)
    person.gone(editor)
    person.qtbot.waitUntil(person.window.workbench.pane.reader.hasFocus)


def test_a_layer_is_renamed_and_undone_by_keys(person: Person, snapshot: Callable[[], bytes]) -> None:
    before = snapshot()
    editor = person.editor()
    person.key(K.Key_F2)
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    person.rename("Person")
    assert person.project.codebook.layers_by_id["layer-actor"].name == "Person"
    assert editor.version.text() == "Version 2"
    assert "Rename in codebook: Actor" in editor.told.text()
    assert person.window.workbench.pane.tag_bar._buttons[0].layer.name == "Person"
    editor.tree.setFocus()
    person.key(K.Key_Z, CTRL)
    assert snapshot() == before
    form = form_of(editor)
    assert isinstance(form, LayerForm)
    assert form.item().name == "Actor"
    assert isinstance(form.first, QLineEdit)
    assert form.first.text() == "Actor"
    person.key(K.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert person.project.codebook.layers_by_id["layer-actor"].name == "Person"


def test_a_name_that_is_taken_is_refused_in_a_sentence(person: Person) -> None:
    editor = person.editor()
    person.key(K.Key_F2)
    person.rename("Claim")
    assert "two of the layer “Claim”" in editor.error.text()
    assert editor.error.isVisible()
    assert person.project.codebook.layers_by_id["layer-actor"].name == "Actor"
    person.key(K.Key_Escape)
    person.key(K.Key_Escape)
    person.gone(editor)


def test_what_is_half_typed_is_saved_on_the_way_out(person: Person) -> None:
    editor = person.editor()
    form = form_of(editor)
    assert isinstance(form, LayerForm)
    form._boxes[1].setFocus()
    person.type("Only what acts.")
    form._boxes[2].setFocus()
    person.type("Washington\n\n  both   parties")
    person.key(K.Key_Escape)
    person.gone(editor)
    layer = person.project.codebook.layers_by_id["layer-actor"]
    assert layer.guidelines.endswith("Only what acts.") or "Only what acts." in layer.guidelines
    assert "both parties" in layer.examples
    tip = person.window.workbench.pane.tag_bar._buttons[0].toolTip()
    assert "Only what acts." in tip
    assert "both parties" in tip


def test_order_by_keys(person: Person) -> None:
    editor = person.editor()
    person.key(K.Key_Down, ALT)
    assert [x.name for x in person.project.codebook.layers] == ["Claim", "Actor", "Source", "Cue"]
    assert editor.tree.current() == Node("layer", Owner("layer", "layer-actor"))
    assert editor.tree.hasFocus()
    editor.choose(Node("role", Owner("link_type", "link-attribution"), "cue"))
    person.key(K.Key_Up, ALT)
    roles = person.project.codebook.link_types_by_id["link-attribution"].roles
    assert [role.name for role in roles] == ["claim", "cue", "source", "addressee"]
    person.key(K.Key_Up, ALT, times=5)
    roles = person.project.codebook.link_types_by_id["link-attribution"].roles
    assert roles[0].name == "cue"


def test_a_colour_a_mark_and_a_key(person: Person) -> None:
    editor = person.editor()
    form = form_of(editor)
    assert isinstance(form, LayerForm)
    form.swatches.setFocus()
    person.key(K.Key_Right, times=4)
    person.key(K.Key_Space)
    layer = person.project.codebook.layers_by_id["layer-actor"]
    assert layer.color == theme.NEW_LAYER_COLORS[0]
    form.color_line.setFocus()
    person.rename("ffee88")
    assert person.project.codebook.layers_by_id["layer-actor"].color == "#ffee88"
    assert "too faint" in form.advice.text()
    person.rename("yellow")
    assert "not like #1b54b4" in editor.error.text()
    form.marks.setFocus()
    person.key(K.Key_Left)
    person.key(K.Key_Return)
    assert person.project.codebook.layers_by_id["layer-actor"].mark == "wave"
    form.key_line.setFocus()
    person.key(K.Key_A, CTRL)
    person.type("n")
    assert "Next annotation" in form.key_note.text()
    person.key(K.Key_A, CTRL)
    person.type("c")
    assert "is the key of the layer Claim" in form.key_note.text()
    assert form.key_take.isVisible()
    person.key(K.Key_Return)
    assert person.project.codebook.layers_by_id["layer-actor"].shortcut == "A", "told first, taken by the button only"
    form.key_take.setFocus()
    person.key(K.Key_Space)
    assert [x.shortcut for x in person.project.codebook.layers] == ["C", "", "S", "Q"]


def test_a_layer_and_a_field_are_added_and_named(person: Person) -> None:
    editor = person.editor()
    editor.add("layer")
    assert person.project.codebook.layers[-1].name == "New layer"
    person.rename("Frame")
    frame = person.project.codebook.layers[-1]
    assert frame.name == "Frame"
    assert frame.color in theme.NEW_LAYER_COLORS
    assert frame.mark not in {layer.mark for layer in person.project.codebook.layers[:-1]}
    editor.add("field")
    person.rename("tone")
    form = form_of(editor)
    assert isinstance(form, FieldForm)
    form.choices.new_line.setFocus()
    for choice in ("calm", "alarmed"):
        person.type(choice)
        person.key(K.Key_Return)
    assert person.project.codebook.layers[-1].fields[0].choices == ("calm", "alarmed")
    assert editor.tree.current() == Node("field", Owner("layer", frame.id), "tone")
    required = form.findChild(QCheckBox)
    assert required is not None
    required.setFocus()
    person.key(K.Key_Space)
    assert person.project.codebook.layers[-1].fields[0].required


def test_a_choice_is_removed_and_says_what_it_touches(person: Person, snapshot: Callable[[], bytes]) -> None:
    before = snapshot()
    editor = person.editor()
    editor.choose(TYPE)
    form = form_of(editor)
    assert isinstance(form, FieldForm)
    assert "set in 2 annotations in 1 article" in form.uses.text()
    table = form.choices.table
    table.setFocus()
    person.key(K.Key_Down, times=2)
    assert table.chosen() == "policy"
    person.key(K.Key_Delete)
    asking = person.dialog(AskDialog)
    assert "policy" in asking.heading.text()
    assert asking.told.text() == "1 annotation in 1 article: the value follows"
    person.key(K.Key_Down)
    assert asking.told.text() == "1 annotation in 1 article: a value is lost"
    person.key(K.Key_Up)
    person.key(K.Key_Return, CTRL)
    person.gone(asking)
    assert "policy" not in person.project.codebook.layers_by_id["layer-claim"].fields[0].choices
    values = [a.fields.get("type") for a in person.window.workspace.annotations.values()]
    assert values.count("fact") == 2
    editor.undo()
    assert snapshot() == before


def test_a_choice_is_renamed_described_and_moved_in_the_table(person: Person) -> None:
    editor = person.editor()
    editor.choose(TYPE)
    form = form_of(editor)
    assert isinstance(form, FieldForm)
    table = form.choices.table
    table.setFocus()
    person.key(K.Key_F2)
    person.rename("truth")
    person.qtbot.waitUntil(lambda: person.project.codebook.layers_by_id["layer-claim"].fields[0].choices[0] == "truth")
    assert "truth" in [a.fields.get("type") for a in person.window.workspace.annotations.values()]
    table.setFocus()
    person.key(K.Key_Down, ALT)
    assert person.project.codebook.layers_by_id["layer-claim"].fields[0].choices[1] == "truth"
    assert table.chosen() == "truth"
    table.setCurrentItem(table.currentItem(), 1)
    person.key(K.Key_F2)
    person.rename("So it is.")
    person.qtbot.waitUntil(
        lambda: person.project.codebook.layers_by_id["layer-claim"].fields[0].help_for("truth") == "So it is."
    )


def test_a_layer_is_removed_and_its_annotations_move(person: Person, snapshot: Callable[[], bytes]) -> None:
    before = snapshot()
    editor = person.editor()
    editor.choose(Node("layer", Owner("layer", "layer-source")))
    editor.tree.setFocus()
    person.key(K.Key_Delete)
    asking = person.dialog(AskDialog)
    assert asking.boxes[0].currentText() == "Actor"
    assert "1 annotation in 1 article: moved" in asking.told.text()
    person.key(K.Key_Return, CTRL)
    person.gone(asking)
    assert "Source" not in person.project.codebook.layers_by_name
    assert editor.tree.current() == Node("layer", Owner("layer", "layer-cue"))
    # The article, which lies behind, has followed.
    assert {a.layer_id for a in person.window.workspace.annotations.values()} == {"layer-actor", "layer-claim"}
    editor.undo()
    assert snapshot() == before
    assert len(person.window.workbench.pane.tag_bar._buttons) == 4
    person.window.grab()


def test_esc_leaves_everything_as_it_is(person: Person, snapshot: Callable[[], bytes]) -> None:
    before = snapshot()
    editor = person.editor()
    person.key(K.Key_Delete)
    asking = person.dialog(AskDialog)
    person.key(K.Key_Escape)
    person.gone(asking)
    assert snapshot() == before
    assert editor.isVisible()


def test_a_type_that_loses_values_asks_first(person: Person) -> None:
    editor = person.editor()
    editor.choose(TYPE)
    form = form_of(editor)
    assert isinstance(form, FieldForm)
    form.type.setFocus()
    form.type.setCurrentIndex(form.type.findData("number"))
    form.type.activated.emit(form.type.currentIndex())
    asking = person.dialog(AskDialog)
    assert asking.told.text() == "2 annotations in 1 article: a value is lost"
    person.key(K.Key_Escape)
    person.gone(asking)
    assert form.type.currentData() == "choice"
    assert person.project.codebook.layers_by_id["layer-claim"].fields[0].type == "choice"


def test_what_a_role_takes(person: Person) -> None:
    editor = person.editor()
    editor.choose(Node("role", Owner("link_type", "link-attribution"), "addressee"))
    form = form_of(editor)
    assert isinstance(form, RoleForm)
    form.layers._chips["Source"].setFocus()
    person.key(K.Key_Space)
    role = person.project.codebook.link_types_by_id["link-attribution"].role("addressee")
    assert role is not None
    assert role.layers == ("Actor", "Source")
    form.least.setFocus()
    person.key(K.Key_Up)
    assert person.project.codebook.link_types_by_id["link-attribution"].roles[3].min == 1
    assert person.project.coding.todo().total == 1


def test_article_fields(person: Person) -> None:
    editor = person.editor()
    editor.choose(Node("documents", DOCUMENTS))
    assert not editor.remove_button.isEnabled()
    editor.add("field")
    person.rename("topic")
    asking = person.dialog(AskDialog)
    assert "1 article: a value is lost" in asking.told.text()
    person.key(K.Key_Escape)
    person.gone(asking)
    assert person.project.codebook.document_fields[0].name == "new field"


def test_a_template_and_a_file(person: Person, tmp_path: Path) -> None:
    editor = person.editor()
    editor.adding.take_over(template("quotation"))
    asking = person.dialog(AskDialog)
    assert len(asking.radios) == 1, "where something is coded, a codebook can only be added"
    asking.confirm()
    person.gone(asking)
    assert "Quotation" in person.project.codebook.layers_by_name
    editor.adding.export_to(tmp_path / "mine.json")
    assert read_codebook(tmp_path / "mine.json").codebook.layers == person.project.codebook.layers
    assert [p.name for p in tmp_path.glob("*.part")] == []
    (tmp_path / "bad.json").write_text("{}")
    editor.adding.import_file(tmp_path / "bad.json")
    assert "is not a codebook" in editor.error.text()
    editor.adding.export_to(tmp_path / "none" / "mine.json")
    assert "was not written" in editor.error.text()


def test_codes_of_another_program(person: Person, tmp_path: Path) -> None:
    editor = person.editor()
    code = '<Code guid="00000000-0000-4000-8000-00000000000{}" name="{}" isCodable="true">{}</Code>'
    tree = code.format(1, "war", code.format(2, "reasons", "")) + code.format(3, "peace", "")
    (tmp_path / "codes.qdc").write_text(
        f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="NVivo"><Codes>{tree}</Codes></CodeBook>'
    )
    editor.adding.import_file(tmp_path / "codes.qdc")
    assert editor.told.text() == "3 codes came as entries; 0 were there already."
    layer = person.project.codebook.layers_by_name["Coding"]
    assert editor.tree.current() is not None
    editor.choose(Node("layer", Owner("layer", layer.id)))
    names = {entry.name: entry for entry in person.project.entries.all()}
    assert names["reasons"].parent_id == names["war"].id
    editor.adding.import_file(tmp_path / "codes.qdc")
    assert editor.told.text() == "0 codes came as entries; 3 were there already."
    editor.adding.export_to(tmp_path / "mine.qdc")
    assert (tmp_path / "mine.qdc").read_text("utf-8").count("isCodable") > 7
    (tmp_path / "bad.qdc").write_text("<x/>")
    editor.adding.import_file(tmp_path / "bad.qdc")
    assert "bad.qdc" in editor.error.text()
    person.project.undo()
    assert "Coding" not in person.project.codebook.layers_by_name


def test_a_blank_codebook_can_be_filled(person: Person, tmp_path: Path) -> None:
    person.window.close_project()
    project = Project.create(tmp_path / "blank.annot", codebook=template("blank").codebook)
    project.documents.add("One", "Some words.")
    project.close()
    assert person.window.commands.open_path(tmp_path / "blank.annot")
    editor = person.editor()
    assert editor.tree.current() == Node("documents", DOCUMENTS)
    for kind in ("layer", "registry", "link_type", "role"):
        editor.add(kind)
    assert len(person.project.codebook.layers) == 1
    assert person.project.codebook.link_types[0].roles[0].layers == ("New layer",)
    editor.adding.take_over(template("polnear"))
    asking = person.dialog(AskDialog)
    assert len(asking.radios) == 2
    asking.confirm()
    assert person.project.codebook.layers == template("polnear").codebook.layers
    person.gone(asking)


def test_drag_puts_in_order(person: Person) -> None:
    editor = person.editor()
    tree = editor.tree
    # A drag needs the desktop's own loop; what it asks for in the end is this.
    tree.move_wanted.emit(Node("layer", Owner("layer", "layer-cue")), 0)
    assert [x.name for x in person.project.codebook.layers] == ["Cue", "Actor", "Claim", "Source"]
    assert tree.dragDropMode() == tree.DragDropMode.InternalMove
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 60))


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_every_form_is_painted(person: Person, qapp: QApplication, name: str, direction: Qt.LayoutDirection) -> None:
    theme.apply(qapp, name)
    qapp.setLayoutDirection(direction)
    try:
        editor = person.editor()
        for node in (
            Node("layer", CLAIM), TYPE, Node("role", Owner("link_type", "link-about"), "actor"),
            Node("link_type", Owner("link_type", "link-about")), Node("registry", Owner("registry", "registry-actors")),
            Node("documents", DOCUMENTS),
        ):  # fmt: skip
            editor.choose(node)
            assert editor.node == node
            assert not editor.grab().isNull()
        names = [w.accessibleName() for w in editor.findChildren(QLineEdit) if w.isVisible()]
        assert all(names)
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        theme.apply(qapp, "light")


def test_a_project_open_for_reading_has_no_editor(person: Person, path: Path) -> None:
    person.window.close_project()
    person.window.show_project(Project.open(path, read_only=True))
    assert not person.window.actions_.by_id["project.codebook"].isEnabled()
    assert person.window.actions_.by_id["review.todo"].isEnabled()
