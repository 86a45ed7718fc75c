"""Export, import report, conflicts, history: by keyboard, against a real project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressDialog

from annotator.domain.exchange import Remark
from annotator.domain.extract import Extract
from annotator.domain.model import Fragment
from annotator.services.import_report import ImportReport
from annotator.storage import journal
from annotator.ui.dialogs.export import ExportDialog
from annotator.ui.dialogs.history import HistoryDialog
from annotator.ui.dialogs.import_report import ConflictDialog, ImportReportDialog, describer
from annotator.ui.settings import settings

Key = Qt.Key
NAME_ROLE = Qt.ItemDataRole.UserRole


def test_export_by_keyboard(opened, workspace, hints, tmp_path: Path, qtbot):
    dialog = opened(ExportDialog(workspace))
    assert dialog.list.hasFocus()
    assert dialog.exporter().name == "json"
    dialog.path_line.setText(str(tmp_path / "out.json"))
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog.path_line, Key.Key_Return)
    written = json.loads((tmp_path / "out.json").read_text())
    assert len(written["documents"]) == 3
    assert "Exported to" in hints[-1]
    assert settings().last_format == "json"


def test_export_follows_the_format_and_tells_of_a_file_that_is_there(opened, workspace, tmp_path: Path, qtbot):
    dialog = opened(ExportDialog(workspace))
    (tmp_path / "out.jsonl").write_text("old")
    dialog.path_line.selectAll()
    qtbot.keyClicks(dialog.path_line, str(tmp_path / "out.json"))
    assert dialog.ok_button.text() == "Export"
    dialog.list.setFocus()
    qtbot.keyClick(dialog.list, Key.Key_Down)
    assert dialog.path() == tmp_path / "out.jsonl"
    assert dialog.ok_button.text() == "Replace"
    assert "replaces it" in dialog.note.text()


def test_export_that_fails_says_why_and_stays(opened, workspace, tmp_path: Path, qtbot):
    dialog = opened(ExportDialog(workspace))
    dialog.path_line.setText(str(tmp_path / "nowhere" / "out.json"))
    dialog.confirm()
    qtbot.waitUntil(lambda: bool(dialog.error.text()))
    assert "does not exist" in dialog.error.text()
    assert dialog.isVisible()
    assert dialog.ok_button.isEnabled()


def test_export_can_be_stopped(opened, workspace, tmp_path: Path, qtbot):
    dialog = opened(ExportDialog(workspace))
    dialog.path_line.setText(str(tmp_path / "out.json"))
    dialog.confirm()
    dialog.cancel_button.click()
    qtbot.waitUntil(lambda: dialog._task is None)
    # Either it was quicker than the hand, or nothing is there.
    assert (tmp_path / "out.json").exists() != bool(dialog.isVisible())


def test_export_of_a_part_by_keyboard(opened, workspace, ids, tmp_path: Path, qtbot):
    workspace.project.tagging.tag(ids[0], "layer-actor", (Fragment(15, 20),))
    workspace.open_document(ids[0])
    dialog = opened(ExportDialog(workspace, selected=ids[:2]))
    qtbot.waitUntil(lambda: dialog.amount.text() == "Goes out: 3 of 3 articles, 1 of 1 annotations.")
    part = dialog.part
    assert part.form_box.isHidden()
    qtbot.keyClick(dialog.list, Key.Key_Tab)
    assert part.whole.isAncestorOf(dialog.focusWidget())
    qtbot.keyClick(dialog.focusWidget(), Key.Key_Right)
    qtbot.keyClick(dialog.focusWidget(), Key.Key_Return)
    assert part.form_box.isVisible()
    assert part.articles.choices() == ["all", "open", "selected"]
    for wanted in (part.since, part.query):
        while dialog.focusWidget() is not wanted:
            qtbot.keyClick(dialog.focusWidget(), Key.Key_Tab)
    qtbot.keyClicks(part.query, "Syria")
    qtbot.waitUntil(lambda: dialog.amount.text() == "Goes out: 2 of 3 articles, 1 of 1 annotations.")
    qtbot.keyClicks(part.since, "soon")
    qtbot.waitUntil(lambda: "Write the date" in dialog.amount.text())
    assert not dialog.ok_button.isEnabled()
    part.since.clear()
    qtbot.keyClicks(part.where, "outlet=Nobody")
    qtbot.waitUntil(lambda: dialog.amount.text() == "No article is as wished.")
    assert not dialog.ok_button.isEnabled()
    part.where.setText("outlet=Meridian Post")
    part.layers.setValues(["Claim"])
    qtbot.keyClick(part.without_texts, Key.Key_Space)
    qtbot.waitUntil(lambda: dialog.amount.text() == "Goes out: 1 of 3 articles, 0 of 1 annotations.")
    dialog.path_line.setText(str(tmp_path / "out.json"))
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog.path_line, Key.Key_Return)
    written = json.loads((tmp_path / "out.json").read_text())
    assert [document["title"] for document in written["documents"]] == ["Envoy returns to Paris"]
    assert "text" not in written["documents"][0]
    # The next time it is as it was; what was chosen by hand is not.
    again = opened(ExportDialog(workspace))
    assert again.part.extract() == Extract(
        where=(("outlet", "Meridian Post"),), query="Syria", layers=("Claim",), without_texts=True
    )
    assert again.part.articles.choices() == ["all", "open"]
    again.list.setCurrentRow(next(r for r in range(again.list.count()) if again.list.item(r).data(NAME_ROLE) == "docx"))
    assert not again.part.without_texts.isEnabled()
    assert not again.part.extract().without_texts


def test_import_report(opened, qtbot):
    report = ImportReport()
    report.added.update(document=2, annotation=1)
    report.remarks.append(Remark("skipped", "/tmp/a.txt", "The file has no text in it."))
    dialog = opened(ImportReportDialog(report))
    assert dialog._counted(report.added) == "2 articles, 1 annotation"
    assert dialog.remarks.topLevelItem(0).text(1) == "a.txt"
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog.ok_button, Key.Key_Return)


@pytest.mark.parametrize(("button", "choice"), [("ok_button", "mine"), ("theirs_button", "theirs")])
def test_conflicts(opened, workspace, ids, qtbot, button, choice):
    annotation = workspace.project.tagging.tag(ids[0], "layer-actor", (Fragment(15, 20),))
    dialog = opened(ConflictDialog("They differ.", (annotation.id, ids[1]), describe=describer(workspace.project)))
    assert dialog.list.item(0).text() == "Actor “Syria” · Envoy returns to Paris"
    assert dialog.list.item(1).text() == "Opposition questions plan"
    assert dialog.cancel_button.hasFocus()  # neither is chosen for the user
    with qtbot.waitSignal(dialog.decided) as told:
        getattr(dialog, button).click()
    assert told.args == [choice]


@pytest.mark.parametrize("large", [False, True])
def test_history_undoes_up_to_a_step(opened, workspace, ids, qtbot, monkeypatch, large):
    monkeypatch.setattr(journal, "_LINES", 0 if large else 100)
    project = workspace.project
    for start in (0, 4, 9):
        project.tagging.tag(ids[0], "layer-actor", (Fragment(start, start + 3),))
    dialog = opened(HistoryDialog(workspace))
    assert dialog.model.rowCount() == 6
    assert "Tag actor “The”" in dialog.model.index(2, 0).data()
    qtbot.keyClick(dialog.table, Key.Key_Down)
    assert dialog.note.text().startswith("Undoes 2 steps")
    qtbot.keyClick(dialog.table, Key.Key_Return)  # not by accident
    assert len(project.documents.annotations(ids[0])) == 3
    dialog.ok_button.click()
    qtbot.waitUntil(
        lambda: len(project.documents.annotations(ids[0])) == 1 and not dialog.findChildren(QProgressDialog)
    )
    assert "undone" in dialog.model.index(2, 0).data() or "Undo" in dialog.model.index(0, 0).data()
    project.redo()
    project.redo()
    assert len(project.documents.annotations(ids[0])) == 3
