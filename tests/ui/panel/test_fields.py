"""Editors for every type of field, with what they refuse."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from annotator.domain.codebook import Field
from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.errors import InvalidValue
from annotator.domain.model import Fragment
from annotator.services.project import Project
from annotator.ui import fonts, theme
from annotator.ui.panel.chips import AnnotationChip
from annotator.ui.panel.editors import ChoiceEditor, LineEditor, MultiEditor, parsed
from annotator.ui.panel.fields import FieldPopup, FieldRow, InlineField
from annotator.ui.widgets import Chip
from tests.ui.panel.conftest import Bench

Key = Qt.Key
FIELDS = (
    Field("topic", "text", description="What it is about"),
    Field("weight", "number"),
    Field("seen", "date"),
    Field("tags", "multi-choice", ("law", "money", "war")),
    Field("checked", "boolean", required=True),
)


@pytest.fixture
def bench(qtbot, qapp: QApplication, tmp_path: Path) -> Bench:
    fonts.load()
    theme.apply(qapp, "light")
    layers = tuple(
        replace(layer, fields=FIELDS) if layer.name in ("Claim", "Source") else layer
        for layer in DEFAULT_CODEBOOK.layers
    )
    project = Project.create(tmp_path / "p.annot", codebook=replace(DEFAULT_CODEBOOK, layers=layers))
    document = project.documents.add("One", "The office said that talks go on.")
    claim = project.tagging.tag(document.id, "layer-claim", (Fragment(21, 32),))
    project.tagging.tag_into(document.id, "layer-source", (Fragment(0, 10),), claim.id)
    return Bench(qtbot, project)


def editor(bench: Bench, name: str):
    return next(row for row in bench.parts(FieldRow) if row.field.name == name).editor


def leave(bench: Bench) -> None:
    bench.panel.outline.view.setFocus()
    bench.settle()


def test_text_is_stored_on_enter_and_when_the_keyboard_leaves(bench):
    claim = bench.activate("C1")
    line = editor(bench, "topic").line
    line.setFocus()
    before = bench.steps()
    bench.type("Peace")
    assert "topic" not in bench.now(claim).fields
    bench.press(Key.Key_Return)
    assert bench.now(claim).fields["topic"] == "Peace"
    bench.type(" talks")
    leave(bench)
    assert bench.now(claim).fields["topic"] == "Peace talks"
    assert bench.steps() == before + 2
    line.setFocus()
    line.clear()
    bench.type(" ")
    leave(bench)
    assert "topic" not in bench.now(claim).fields


def test_half_typed_text_survives_a_change_elsewhere(bench):
    claim = bench.activate("C1")
    line = editor(bench, "topic").line
    line.setFocus()
    bench.type("Pea")
    bench.project.tagging.set_note(claim.id, "note")
    bench.settle()
    assert line.text() == "Pea"
    bench.type("ce")
    bench.press(Key.Key_Return)
    assert bench.now(claim).fields["topic"] == "Peace"


@pytest.mark.parametrize(
    ("name", "wrong", "right", "stored"),
    [
        ("weight", "many", "3", 3),
        ("weight", "1,2,3", "2,5", 2.5),
        ("weight", "nan", "-0.25", -0.25),
        ("seen", "yesterday", "2026-01-06", "2026-01-06"),
        ("seen", "2026-02-30", "2024-02-29", "2024-02-29"),
    ],
)
def test_what_is_not_allowed_is_kept_as_typed_and_says_why(bench, name, wrong, right, stored):
    claim = bench.activate("C1")
    field = editor(bench, name)
    assert isinstance(field, LineEditor)
    field.line.setFocus()
    bench.type(wrong)
    bench.press(Key.Key_Return)
    assert name not in bench.now(claim).fields
    assert field.message.isVisible()
    assert wrong in field.message.text()
    assert field.line.text() == wrong
    field.line.selectAll()
    bench.type(right)
    assert not field.message.isVisible()
    bench.press(Key.Key_Return)
    assert bench.now(claim).fields[name] == stored
    bench.project.undo()
    bench.settle()
    assert field.line.text() == ""


def test_several_choices(bench):
    claim = bench.activate("C1")
    field = editor(bench, "tags")
    assert isinstance(field, MultiEditor)
    chips = bench.parts(Chip, field)
    chips[2].setFocus()
    bench.press(Key.Key_Space)
    chips[0].setFocus()
    bench.press(Key.Key_Space)
    assert bench.now(claim).fields["tags"] == ["law", "war"]
    bench.press(Key.Key_Space)
    chips[2].setFocus()
    bench.press(Key.Key_Space)
    assert "tags" not in bench.now(claim).fields


def test_a_required_field_says_so(bench):
    bench.activate("C1")
    row = next(row for row in bench.parts(FieldRow) if row.field.name == "checked")
    assert row.label.text() == "Checked *"


def test_small_fields_of_a_source_open_a_small_editor(bench):
    bench.activate("C1")
    source = bench.card("C1").levels[0].sources[0]
    by_name = {part.field.name: part for part in bench.parts(InlineField)}
    weight = by_name["weight"]
    weight.setFocus()
    bench.qtbot.keyClick(weight, Key.Key_Return)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, FieldPopup)
    line = popup.editor.line
    bench.qtbot.keyClicks(line, "much")
    bench.qtbot.keyClick(line, Key.Key_Return)
    assert popup.isVisible()
    line.selectAll()
    bench.qtbot.keyClicks(line, "7")
    bench.qtbot.keyClick(line, Key.Key_Return)
    bench.settle()
    assert bench.now(source).fields["weight"] == 7
    assert weight.value_text() == "7"
    checked = by_name["checked"]
    checked.setFocus()
    bench.press(Key.Key_Y)
    assert bench.now(source).fields["checked"] is True
    bench.press(Key.Key_N)
    assert bench.now(source).fields["checked"] is False
    assert bench.parts(AnnotationChip)[0].text() == "The office"


def test_choices_become_a_combo_box_where_segments_do_not_fit(qtbot):
    field = ChoiceEditor("Relation", ("supports", "contradicts", "elaborates", "conditional on"))
    qtbot.addWidget(field)
    field.show_value("elaborates")
    field.show()
    field.fit(400)
    assert field._combo is None
    field.fit(160)
    assert field._combo.isVisible()
    assert field._combo.currentText() == "Elaborates"
    field.fit(400)
    assert not field._combo.isVisible()


def test_numbers_as_people_write_them():
    field = Field("weight", "number")
    assert parsed(field, " 12 ") == 12
    assert parsed(field, "1,5") == 1.5
    assert parsed(field, "٣") == 3
    assert parsed(field, "") is None
    with pytest.raises(InvalidValue):
        parsed(field, "inf")


def test_translators_see_every_word_of_the_default_codebook():
    from annotator.ui.panel.words import DEFAULT_WORDS

    book = DEFAULT_CODEBOOK
    fields = [f for group in (book.layers, book.link_types, book.registries) for item in group for f in item.fields]
    wanted = {item.name for group in (book.layers, book.link_types, book.registries) for item in group}
    wanted |= {field.name for field in fields} | {choice for field in fields for choice in field.choices}
    wanted |= {role.name for link_type in book.link_types for role in link_type.roles}
    assert wanted <= set(DEFAULT_WORDS)
