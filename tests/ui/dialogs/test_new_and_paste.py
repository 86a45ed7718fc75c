"""New project, article from text, article details: by keyboard, against a real project."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from annotator.domain.codebook import Field
from annotator.domain.errors import InvalidValue
from annotator.ui.dialogs.dates import iso_date
from annotator.ui.dialogs.metadata import MetadataDialog
from annotator.ui.dialogs.new_project import NewProjectDialog, file_name
from annotator.ui.dialogs.paste_text import PasteTextDialog
from annotator.ui.settings import settings

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Levant talks 2026", "Levant talks 2026.annot"),
        ("a/b: c?", "a b c.annot"),
        ("study.annot", "study.annot"),
        ("..", ""),
        ("CON", "_CON.annot"),
        ("مفاوضات", "مفاوضات.annot"),
    ],
)
def test_file_names(name, file):
    assert file_name(name) == file
    assert len(file_name("ا" * 500).encode()) < 255


def test_new_project_by_keyboard(opened, tmp_path: Path, qtbot):
    dialog = opened(NewProjectDialog(folder=tmp_path))
    assert dialog.name_line.hasFocus()
    assert not dialog.ok_button.isEnabled()
    qtbot.keyClicks(dialog.name_line, "Grain corridor")
    assert dialog.file_line.text() == "Grain corridor.annot"
    qtbot.keyClicks(dialog.coder_line, "R. Amin")
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog.name_line, Key.Key_Return)
    assert (dialog.path, dialog.name, dialog.coder) == (tmp_path / "Grain corridor.annot", "Grain corridor", "R. Amin")
    assert settings().last_folder == str(tmp_path)


def test_new_project_never_writes_over_a_file(opened, tmp_path: Path, qtbot):
    (tmp_path / "Study.annot").write_text("")
    dialog = opened(NewProjectDialog(folder=tmp_path))
    qtbot.keyClicks(dialog.name_line, "Study")
    assert dialog.file_line.text() == "Study 2.annot"
    dialog.file_line.selectAll()
    qtbot.keyClicks(dialog.file_line, "Study")
    assert not dialog.ok_button.isEnabled()
    assert "is there already" in dialog.note.text()
    with qtbot.assertNotEmitted(dialog.accepted):
        qtbot.keyClick(dialog.file_line, Key.Key_Return)
    dialog.place_line.setText(str(tmp_path / "nowhere"))
    assert "does not exist" in dialog.note.text()
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog, Key.Key_Escape)


def test_tab_order_ends_at_the_buttons_and_enter_on_cancel_cancels(opened, tmp_path: Path, qtbot):
    dialog = opened(NewProjectDialog(folder=tmp_path))
    dialog.name_line.setText("x")
    dialog.coder_line.setFocus()
    qtbot.keyClick(dialog.coder_line, Key.Key_Tab)
    assert dialog.cancel_button.hasFocus()
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog.cancel_button, Key.Key_Return)


def test_paste_guesses_title_and_date_until_they_are_typed(opened, workspace, qtbot):
    dialog = opened(PasteTextDialog(workspace))
    QGuiApplication.clipboard().setText("date 2026-01-06 Syria and Israel agreed today. They met in Paris.")
    qtbot.keyClick(dialog.text_box, Key.Key_V, Ctrl)
    qtbot.waitUntil(lambda: dialog.date_line.text() == "2026-01-06")
    assert dialog.title_line.text().startswith("Syria and Israel agreed today")
    dialog.title_line.selectAll()
    qtbot.keyClicks(dialog.title_line, "Mine")
    dialog.text_box.setPlainText("Another text altogether, with its own beginning.")
    dialog.guess()
    assert dialog.title_line.text() == "Mine"
    assert dialog.date_line.text() == ""


def test_paste_keeps_the_text_exactly_and_adds_in_one_step(opened, workspace, qtbot):
    text = "First\u00a0line \U0001f600\n\n\tsecond  line\u2003end\n"
    dialog = opened(PasteTextDialog(workspace, text=text))
    qtbot.keyClicks(dialog.outlet_line, "Levant Wire")
    before = len(workspace.project.history())
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog.text_box, Key.Key_Return, Ctrl)
    project = workspace.project
    assert project.documents.text(dialog.document_id) == text
    assert project.documents.get(dialog.document_id).metadata == {"outlet": "Levant Wire"}
    assert len(project.history()) == before + 1


def test_paste_says_what_is_wrong_and_stays(opened, workspace, qtbot):
    dialog = opened(PasteTextDialog(workspace, text="The envoy said Syria agreed."))
    dialog.confirm()
    assert "has this text already" in dialog.error.text()
    dialog.text_box.setPlainText("Something new, never seen before.")
    dialog.date_line.setText("yesterday")
    dialog.date_line.setModified(True)
    dialog.confirm()
    assert "2026-01-06" in dialog.error.text()
    assert dialog.isVisible()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("2026-1-6", "2026-01-06"), ("2026/01", "2026-01"), ("2026", "2026"), ("", ""), ("٢٠٢٦-٠١-٠٦", "2026-01-06")],
)
def test_dates(typed, stored):
    assert iso_date(typed) == stored


@pytest.mark.parametrize("typed", ["6 January", "2026-13-01", "2026-02-30", "26-01-06"])
def test_dates_that_are_none(typed):
    with pytest.raises(InvalidValue):
        iso_date(typed)


@pytest.fixture
def with_fields(workspace):
    fields = (
        Field("genre", "choice", ("news", "opinion")),
        Field("readers", "number"),
        Field("received", "date"),
        Field("topics", "multi-choice", ("security", "economy")),
    )
    workspace.project.codebook = replace(workspace.project.codebook, document_fields=fields)
    return workspace


def test_details_save_everything_as_one_step(opened, with_fields, ids, qtbot):
    project = with_fields.project
    dialog = opened(MetadataDialog(with_fields, ids[2]))
    assert dialog.title_line.hasFocus()
    dialog.known["date"].setText("2026-1-6")
    dialog.known["url"].setText("https://example.org/a")
    dialog.language.setCurrentText("ar")
    dialog.status.setFocus()
    editor = dialog._editors["readers"]
    editor.line.setFocus()
    qtbot.keyClicks(editor.line, "1200")
    dialog.add_row_button.setFocus()
    qtbot.keyClick(dialog.add_row_button, Key.Key_Space)
    added = dialog.rows[-1]
    assert added.key.hasFocus()
    qtbot.keyClicks(added.key, "section")
    qtbot.keyClick(added.key, Key.Key_Tab)
    qtbot.keyClicks(added.value, "World")
    before = len(project.history())
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(added.value, Key.Key_Return)
    assert project.documents.get(ids[2]).metadata == {
        "outlet": "برقية المشرق",
        "author": "R. Amin",
        "page": 3,  # untouched: still a number
        "date": "2026-01-06",
        "url": "https://example.org/a",
        "language": "ar",
        "readers": 1200,
        "section": "World",
    }
    assert len(project.history()) == before + 1
    project.undo()
    assert "date" not in project.documents.get(ids[2]).metadata


def test_details_without_a_change_are_no_step(opened, with_fields, ids, qtbot):
    dialog = opened(MetadataDialog(with_fields, ids[2]))
    before = len(with_fields.project.history())
    with qtbot.waitSignal(dialog.accepted):
        dialog.ok_button.click()
    assert len(with_fields.project.history()) == before


def test_details_refuse_what_is_wrong(opened, with_fields, ids, qtbot):
    dialog = opened(MetadataDialog(with_fields, ids[0]))
    dialog.known["date"].setText("soon")
    dialog.confirm()
    assert "2026-01-06" in dialog.error.text()
    dialog.known["date"].setText("")
    dialog._editors["received"].line.setFocus()
    qtbot.keyClicks(dialog._editors["received"].line, "never")
    dialog.confirm()
    assert dialog.error.text()
    dialog._editors["received"].drop()
    dialog.title_line.clear()
    dialog.confirm()
    assert "title" in dialog.error.text()
    dialog.title_line.setText("x")
    dialog._add_row("outlet", "y")
    dialog.confirm()
    assert "twice" in dialog.error.text()
    assert dialog.isVisible()
