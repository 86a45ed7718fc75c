"""The documents pane, by keyboard, against a real project."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from annotator.domain.model import Fragment
from annotator.services.project import Project
from annotator.ui import settings, theme
from annotator.ui.documents.panel import DocumentsPanel
from annotator.ui.documents.search_field import SearchField
from annotator.ui.workspace import Workspace

Key = Qt.Key


@pytest.fixture
def panel(workspace, qtbot):
    made = DocumentsPanel(workspace)
    qtbot.addWidget(made)
    made.resize(252, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def shown(panel):
    return [panel.model.row(id_).title for id_ in panel.model.shown_ids()]


def test_search_narrows_down_goes_into_the_list_enter_opens(panel, workspace, ids, qtbot):
    returned = []
    workspace.focus_reader.connect(lambda: returned.append(True))
    panel.focus_search()
    qtbot.keyClicks(panel.search, "coastal")
    assert shown(panel) == ["Opposition questions plan"]
    assert panel.share_text.text() == "1 shown"
    qtbot.keyClick(panel.search, Key.Key_Down)
    assert panel.list.hasFocus()
    qtbot.keyClick(panel.list, Key.Key_Return)
    assert workspace.document.id == ids[1]
    assert returned


def test_enter_in_the_search_opens_the_first_and_escape_clears_then_leaves(panel, workspace, ids, qtbot):
    panel.focus_search()
    qtbot.keyClicks(panel.search, "amin")
    qtbot.keyClick(panel.search, Key.Key_Return)
    assert workspace.document.id == ids[2]
    with qtbot.assertNotEmitted(workspace.focus_middle):
        qtbot.keyClick(panel.search, Key.Key_Escape)
    assert panel.search.text() == ""
    with qtbot.waitSignal(workspace.focus_middle):
        qtbot.keyClick(panel.search, Key.Key_Escape)


def test_arrows_move_without_opening_and_up_at_the_top_goes_to_the_search(panel, workspace, ids, qtbot):
    workspace.open_document(ids[0])
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Key.Key_Down)
    assert workspace.document.id == ids[0]
    qtbot.keyClick(panel.list, Key.Key_Up)
    qtbot.keyClick(panel.list, Key.Key_Up)
    assert panel.search.hasFocus()


def test_delete_removes_without_a_question_and_undo_brings_it_back(panel, workspace, ids, hints, qtbot):
    workspace.open_document(ids[1])
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Key.Key_Delete)
    assert panel.model.rowCount() == 2
    assert "Undo brings it back" in hints[-1]
    assert workspace.document.id == ids[2]  # its neighbour is open now
    workspace.project.undo()
    assert panel.model.shown_ids() == ids


def test_several_chosen_are_one_step(panel, workspace, hints, qtbot):
    panel.list.setFocus()
    panel.list.selectAll()
    qtbot.keyClick(panel.list, Key.Key_Delete)
    assert panel.model.rowCount() == 0
    assert panel.list.empty_text.startswith("No articles yet")
    workspace.project.undo()
    assert panel.model.rowCount() == 3


def test_f2_asks_for_the_details_of_the_row(panel, ids, qtbot):
    panel.list.setFocus()
    panel.list.set_current(ids[2])
    with qtbot.waitSignal(panel.edit_requested) as told:
        qtbot.keyClick(panel.list, Key.Key_F2)
    assert told.args == [ids[2]]


def test_a_change_patches_only_its_row(panel, workspace, ids, qtbot):
    changed = []
    panel.model.dataChanged.connect(lambda first, last, _roles: changed.append((first.row(), last.row())))
    with qtbot.assertNotEmitted(panel.model.modelReset):
        workspace.project.tagging.tag(ids[1], "layer-actor", (Fragment(0, 5),))
        workspace.project.documents.edit(ids[1], status="done")
    assert set(changed) == {(1, 1)}
    assert panel.model.annotations_of(ids[1]) == 1
    assert panel.progress_text.text() == "1 of 3 done"
    assert panel.share_text.text() == "33%"
    assert panel.progress.value() == pytest.approx(1 / 3)


def test_filter_and_sort_menu(panel, workspace, ids):
    workspace.project.documents.edit(ids[2], status="done")
    panel.show_status("done")
    assert panel.model.shown_ids() == [ids[2]]
    panel.show_status("")
    menu = panel.filter_menu()
    by_text = {action.text(): action for action in menu.actions()}
    by_text["Status"].trigger()
    assert panel.model.shown_ids() == [ids[0], ids[1], ids[2]]
    by_text["Date"].trigger()
    assert panel.model.shown_ids()[0] == ids[0]  # the only one with a date
    assert settings.settings().documents_sort == "date"
    by_text["Done"].trigger()
    assert panel.model.status_filter == "done"
    menu.deleteLater()


def test_context_menu_marks_and_removes(panel, workspace, ids):
    panel.list.set_current(ids[0])
    menu = panel.context_menu()
    by_text = {action.text(): action for action in menu.actions()}
    by_text["Mark as"].menu().actions()[2].trigger()
    assert workspace.project.documents.get(ids[0]).status == "done"
    by_text["Remove"].trigger()
    assert ids[0] not in panel.model.shown_ids()
    menu.deleteLater()


def test_buttons_work_by_key(panel, qtbot):
    panel.add_button.setFocus()
    with qtbot.waitSignal(panel.add_requested):
        qtbot.keyClick(panel.add_button, Key.Key_Return)
    with qtbot.waitSignal(panel.collapse_requested):
        panel.collapse_button.click()


def test_dropped_files_are_handed_on(panel, tmp_path, qtbot):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.txt")), QUrl("https://example.org/b.txt")])
    none = Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(20, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    with qtbot.waitSignal(panel.files_dropped) as told:
        panel.dropEvent(event)
    assert told.args == [[tmp_path / "a.txt"]]


def test_a_click_opens(panel, workspace, ids, qtbot):
    index = panel.model.index(1)
    place = panel.list.visualRect(index).center()
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    assert workspace.document.id == ids[1]


def test_ten_thousand_rows_open_and_paint_at_once(qapp, qtbot, tmp_path: Path):
    project = Project.create(tmp_path / "big.annot", coder="x")
    with project.step("Add {what}", "many"):
        for number in range(400):  # enough for the path of long lists
            project.documents.add(f"Title {number} of a long list", f"text {number}")
    workspace = Workspace()
    workspace.set_project(project)
    started = time.perf_counter()
    panel = DocumentsPanel(workspace)
    qtbot.addWidget(panel)
    panel.resize(252, 600)
    panel.grab()
    assert time.perf_counter() - started < 1.0
    assert panel.list.uniformItemSizes()
    assert panel.position_of(panel.model.shown_ids()[41]) == (42, 400)
    workspace.close_project()
    assert panel.model.rowCount() == 0


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_paints_in_every_theme_and_direction(qapp, panel, workspace, ids, name, direction):
    theme.apply(qapp, name)
    panel.setLayoutDirection(direction)
    workspace.open_document(ids[2])
    panel.list.setFocus()
    assert not panel.grab().isNull()
    theme.apply(qapp, "light")


def test_a_change_of_very_many_annotations_only_counts_them_again(panel, workspace, ids, qtbot, monkeypatch):
    monkeypatch.setattr("annotator.ui.documents.panel._RELOAD", 0)
    workspace.project.tagging.tag(ids[1], "layer-actor", [Fragment(0, 5)])
    assert panel.model.annotations_of(ids[1]) == 1
    with qtbot.assertNotEmitted(panel.model.modelReset), qtbot.waitSignal(panel.model.dataChanged):
        workspace.project.tagging.tag(ids[1], "layer-actor", [Fragment(10, 16)])
    assert panel.model.annotations_of(ids[1]) == 2


def test_what_ends_the_search_line_changes_sides_with_the_window(qtbot):
    field = SearchField("Search")
    qtbot.addWidget(field)
    field.resize(240, 30)
    field.setText("stability")
    field.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert field._clear.x() < 20
    field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert field._clear.x() > 200
    assert field.textMargins().right() == 26
