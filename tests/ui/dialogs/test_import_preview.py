"""The look before an import: what will come, columns, file names; and copies of stories."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from annotator.services.duplicates import copies_of
from annotator.ui.commands.files import FileImport
from annotator.ui.dialogs.duplicates import DuplicatesDialog
from annotator.ui.dialogs.import_preview import ImportPreviewDialog
from annotator.ui.settings import settings

LONG = (
    "The envoy said on Tuesday that Syria had agreed to the plan according to two officials familiar with the talks. "
)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    table = tmp_path / "a.csv"
    table.write_text(f"name,story,when,other\nOne,{LONG},2026-01-06,x\nبيان,{LONG}!,2026-01-07,y\n", encoding="utf-8")
    text = tmp_path / "2026-01-09_Axios_Envoy.txt"
    text.write_text("A short note.")
    broken = tmp_path / "c.docx"
    broken.write_bytes(b"broken")
    return [table, text, broken]


@pytest.fixture
def preview(opened, workspace, qtbot):
    def show(paths):
        dialog = opened(ImportPreviewDialog(workspace, paths))
        settle(qtbot, dialog)
        return dialog

    return show


def settle(qtbot, dialog):
    qtbot.waitUntil(lambda: dialog._task is None and not dialog._again.isActive())


def titles(dialog):
    return [dialog.list.topLevelItem(at).text(0) for at in range(dialog.list.topLevelItemCount())]


def test_what_will_come(preview, files):
    dialog = preview(files)
    assert dialog.summary.text().startswith("3 articles from 3 files")
    assert titles(dialog)[2] == "A short note."
    assert dialog.start.toPlainText() == LONG
    assert dialog.left_out.count() == 1
    assert "c.docx" in dialog.left_out.item(0).text()
    assert dialog.ok_button.isEnabled()


def test_columns_are_shown_chosen_and_remembered(preview, files, qtbot, workspace):
    dialog = preview(files[:1])
    assert dialog.columns.roles()["text"] == "story"
    assert dialog.columns.roles()["title"] == ""
    assert dialog.options() == {}
    for role, name in (("title", "name"), ("date", "when")):
        combo = dialog.columns.choices[role]
        combo.setCurrentIndex(combo.findData(name))
        combo.activated.emit(combo.currentIndex())
    settle(qtbot, dialog)
    assert dialog.options() == {"title": "name", "date": "when"}
    assert titles(dialog) == ["One", "بيان"]
    assert dialog.columns.rest.text() == "Kept as further details: other"
    dialog.confirm()
    again = preview(files[:1])
    assert again.options() == {"title": "name", "date": "when"}
    assert titles(again) == ["One", "بيان"]


def test_names_are_read_while_they_are_typed(preview, files, qtbot):
    dialog = preview(files[1:2])
    dialog.names.pattern.setFocus()
    qtbot.keyClicks(dialog.names.pattern, "{date}_{outlet}")
    assert "does not" not in dialog.names.told.text()
    qtbot.keyClicks(dialog.names.pattern, "_{title")
    assert "not closed" in dialog.names.told.text()
    assert not dialog.ok_button.isEnabled()
    qtbot.keyClicks(dialog.names.pattern, "}")
    assert "date: 2026-01-09 · outlet: Axios · title: Envoy" in dialog.names.told.text()
    settle(qtbot, dialog)
    assert titles(dialog) == ["Envoy"]
    assert dialog.ok_button.isEnabled()
    dialog.confirm()
    assert settings().import_names == "{date}_{outlet}_{title}"
    assert preview(files[1:2]).names.pattern.text() == "{date}_{outlet}_{title}"


def test_nothing_new_and_nothing_at_all(preview, workspace, tmp_path):
    (tmp_path / "a.txt").write_text("The envoy said Syria agreed.")
    dialog = preview([tmp_path / "a.txt"])
    assert "1 are in the project already" in dialog.summary.text()
    assert not dialog.ok_button.isEnabled()
    (tmp_path / "e").mkdir()
    dialog = preview([tmp_path / "e"])
    assert "no documents" in dialog.error.text()
    assert not dialog.ok_button.isEnabled()


def test_annotations_of_an_article_that_is_there(preview, workspace, tmp_path, window, qtbot):
    (tmp_path / "b.txt").write_text("The envoy said Syria agreed.")
    (tmp_path / "b.ann").write_text("T1\tActor 4 9\tenvoy\n")
    dialog = preview([tmp_path / "b.ann"])
    assert "1 are in the project already" in dialog.summary.text()
    item = dialog.list.topLevelItem(0)
    assert item.text(0) == "b – there already; annotations: 1"
    assert not item.isDisabled()
    assert dialog.ok_button.isEnabled()
    told = []
    workspace.hint.connect(told.append)
    imports = FileImport(workspace, window)
    for _ in range(2):
        with qtbot.waitSignal(imports.imported):
            imports.start([tmp_path / "b.ann"])
    assert told == ["1 annotation added.", "Nothing new: all of it is in the project already."]


def test_from_the_preview_into_the_project(window: QWidget, workspace, files, qtbot):
    imports = FileImport(workspace, window)
    imports.preview(files[:2])
    dialog = window.findChild(ImportPreviewDialog)
    settle(qtbot, dialog)
    combo = dialog.columns.choices["title"]
    combo.setCurrentIndex(combo.findData("name"))
    combo.activated.emit(combo.currentIndex())
    settle(qtbot, dialog)
    assert not dialog.cancel_button.hasFocus()
    with qtbot.waitSignal(imports.imported):
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    rows = [row.title for row in workspace.project.documents.rows()]
    assert rows[-3:] == ["One", "بيان", "A short note."]


# Copies


@pytest.fixture
def stories(workspace):
    for at, outlet in enumerate(("Axios", "BBC", "DW")):
        workspace.project.documents.add(
            f"Story {outlet}", f"{LONG * 2}{outlet}.", {"outlet": outlet, "date": f"2026-01-1{at}"}
        )
    return {row.title: row.id for row in workspace.project.documents.rows()}


@pytest.fixture
def copies(opened, workspace, stories, qtbot):
    dialog = opened(DuplicatesDialog(workspace))
    qtbot.waitUntil(lambda: dialog._task is None)
    return dialog


def test_copies_are_marked_in_one_step(copies, workspace, stories, qtbot):
    assert copies.summary.text() == "3 articles tell one story in nearly the same words."
    top = copies.tree.topLevelItem(0)
    assert top.text(0) == "Story Axios"
    top.child(1).setCheckState(0, Qt.CheckState.Unchecked)
    steps = len(workspace.project.history())
    copies.confirm()
    assert copies_of(workspace.project) == {stories["Story Axios"]: [stories["Story BBC"]]}
    assert len(workspace.project.history()) == steps + 1
    workspace.project.undo()
    assert copies_of(workspace.project) == {}


def test_another_article_may_stand_for_the_story(copies, workspace, stories, qtbot):
    top = copies.tree.topLevelItem(0)
    copies.tree.setCurrentItem(top.child(1))
    copies.lead_button.click()
    assert copies.tree.topLevelItem(0).text(0) == "Story DW"
    copies.confirm()
    assert sorted(copies_of(workspace.project)[stories["Story DW"]]) == sorted(
        [stories["Story Axios"], stories["Story BBC"]]
    )


def test_marks_are_taken_back_and_articles_opened(opened, copies, workspace, stories, qtbot):
    copies.confirm()
    dialog = opened(DuplicatesDialog(workspace))
    qtbot.waitUntil(lambda: dialog._task is None)
    assert dialog.groups[0].settled
    assert not dialog.ok_button.isEnabled()
    dialog.unmark_button.click()
    qtbot.waitUntil(lambda: dialog._task is None)
    assert copies_of(workspace.project) == {}
    with qtbot.waitSignal(dialog.open_requested) as asked:
        dialog.show_button.click()
    assert asked.args == [stories["Story Axios"]]
