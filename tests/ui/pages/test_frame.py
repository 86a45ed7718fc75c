"""Pages stand in the place of the article: how one gets there, what works there, and how one gets back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget

from annotator.services.project import Project
from annotator.ui import fonts, settings, theme
from annotator.ui.pages import stack
from annotator.ui.pages.page import Page
from annotator.ui.workspace import Workspace
from tests.ui.desk import Desk

FIRST = "Minister Ada Roy said the border is open."
SECOND = "Western media asked Ada Roy again."


class Notes(Page):
    """A page with a field and a list, and a record of what it was asked."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, "Notes")
        self.asked: list[object] = []
        self.field = QLineEdit()
        self.list = QListWidget()
        self.list.addItems([str(n) for n in range(40)])
        self.body.addWidget(self.field)
        self.body.addWidget(self.list)

    def open(self) -> None:
        self.asked.append("open")

    def show_thing(self, thing: object) -> None:
        self.asked.append(thing)

    def narrow(self) -> None:
        self.field.setFocus()

    def flush(self) -> None:
        self.asked.append("flush")

    def drop(self) -> None:
        self.asked.append("drop")


@pytest.fixture
def desk(qtbot: Any, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    fonts.load()
    theme.apply(qapp, "light")
    settings.use(settings.Settings(tmp_path / "settings.ini"))
    monkeypatch.setitem(stack.PAGES, "notes", f"{__name__}:Notes")
    path = tmp_path / "study.annot"
    project = Project.create(path, coder="R. Amin")
    for title, text in (("First", FIRST), ("Second", SECOND)):
        project.documents.add(title, text)
    project.close()
    made = Desk(qtbot, path)
    yield made
    made.window.close()
    settings.use(None)


def pages(desk: Desk) -> stack.Pages:
    return desk.window.workbench.pages


def notes(desk: Desk, thing: object = None) -> Notes:
    pages(desk).show_page("notes", thing)
    page = pages(desk).page("notes")
    assert isinstance(page, Notes)
    return page


def panel(desk: Desk) -> Any:
    return desk.window.workbench.panel


def test_a_page_takes_the_place_of_the_article_and_its_annotations(desk: Desk) -> None:
    assert pages(desk).page("notes") is None
    page = notes(desk)
    assert page.isVisible()
    assert not desk.reader.isVisible()
    assert not panel(desk).isVisible()
    assert desk.window.workbench.documents.isVisible()
    assert page.accessibleName() == page.title == "Notes"
    assert QApplication.focusWidget() is page.field


@pytest.mark.parametrize("key", ["Esc", "Ctrl+2"])
def test_esc_and_the_key_of_the_text_go_back(desk: Desk, key: str) -> None:
    notes(desk).list.setFocus()
    desk.press(key)
    assert QApplication.focusWidget() is desk.reader
    assert panel(desk).isVisible()
    assert pages(desk).shown == ""


def test_the_close_button_goes_back(desk: Desk) -> None:
    desk.qtbot.mouseClick(notes(desk).close_button, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is desk.reader


def test_tab_comes_upon_the_way_out_of_a_page_last(desk: Desk) -> None:
    page = notes(desk)
    page.field.setFocus()
    desk.press("Tab")
    assert QApplication.focusWidget() is page.list
    desk.press("Tab")
    assert QApplication.focusWidget() is page.close_button


def test_a_page_is_found_as_it_was_left(desk: Desk) -> None:
    page = notes(desk)
    page.field.setText("half a")
    page.list.setFocus()
    page.list.setCurrentRow(31)
    place = page.list.verticalScrollBar().value()
    desk.press("Esc")
    assert notes(desk) is page
    assert QApplication.focusWidget() is page.list
    assert (page.field.text(), page.list.currentRow(), page.list.verticalScrollBar().value()) == ("half a", 31, place)
    assert page.asked == ["open", "flush", "open"]


def test_what_is_asked_for_is_shown(desk: Desk) -> None:
    assert notes(desk, 7).asked == ["open", 7]
    page = notes(desk)
    page.page_wanted.emit("notes", "x")
    assert page.asked[-1] == "x"


def test_letters_and_keys_of_the_article_do_nothing_on_a_page(desk: Desk) -> None:
    page = notes(desk)
    before = len(desk.workspace.project.history())
    for place in (page.list, page.close_button):
        place.setFocus()
        desk.press("A", "C", "S", "F", "Backspace", "Ctrl+Return", "F2", "Shift+S")
    assert len(desk.workspace.project.history()) == before
    assert desk.workspace.document.status == "new"
    assert page.isVisible()
    assert not any(
        desk.action(id_).isEnabled() for id_ in ("article.done", "article.details", "tag.delete", "edit.find")
    )
    assert all(desk.action(id_).isEnabled() for id_ in ("edit.search", "project.export", "view.text", "article.next"))
    desk.press("Esc")
    assert desk.action("article.done").isEnabled()


def test_find_is_the_field_of_the_page(desk: Desk) -> None:
    page = notes(desk)
    page.list.setFocus()
    desk.press("Ctrl+F")
    assert QApplication.focusWidget() is page.field
    assert not desk.window.workbench.pane.find_bar.isVisible()


def test_documents_open_from_the_list_beside_a_page(desk: Desk) -> None:
    page = notes(desk)
    page.list.setFocus()
    desk.press("Ctrl+1", "Esc")
    assert QApplication.focusWidget() is page.list
    documents = desk.window.workbench.documents
    documents.list.opened.emit(desk.workspace.document.id, True)
    assert QApplication.focusWidget() is desk.reader
    assert desk.workspace.document.title == "First"


def test_a_page_jumps_to_a_place(desk: Desk) -> None:
    second = desk.workspace.project.documents.rows()[1].id
    notes(desk).place_wanted.emit(second, 8, 13)
    assert QApplication.focusWidget() is desk.reader
    assert desk.workspace.document.id == second
    assert [tuple(f)[:2] for f in desk.reader.fragments()] == [(8, 13)]
    desk.tag("Ada Roy", "A")
    (tagged,) = desk.workspace.annotations
    notes(desk).annotation_wanted.emit(tagged)
    assert desk.workspace.active_id == tagged
    assert QApplication.focusWidget() is desk.reader


@pytest.mark.parametrize(("key", "shown"), [("Ctrl+3", True), ("Ctrl+4", True), ("Ctrl+Shift+3", True)])
def test_keys_of_the_panel_bring_the_article_back(desk: Desk, key: str, shown: bool) -> None:
    notes(desk)
    desk.press(key)
    assert panel(desk).isVisible() == shown
    assert pages(desk).shown == ""


def test_a_hidden_panel_stays_hidden(desk: Desk) -> None:
    desk.press("Ctrl+Shift+3")
    notes(desk)
    desk.press("Esc")
    assert not panel(desk).isVisible()


def test_undo_works_on_a_page_and_stays_there(desk: Desk) -> None:
    desk.tag("Ada Roy", "A")
    notes(desk).list.setFocus()
    desk.press("Ctrl+Z")
    assert not desk.workspace.annotations
    assert pages(desk).shown == "notes"


def test_pages_go_with_their_project(desk: Desk, tmp_path: Path) -> None:
    page = notes(desk)
    sizes = desk.window.workbench.splitter.sizes()
    asked = page.asked
    other = tmp_path / "other.annot"
    Project.create(other).close()
    assert desk.window.commands.open_path(other)
    assert asked == ["open", "flush", "drop"]
    assert pages(desk).page("notes") is None
    assert pages(desk).shown == ""
    assert panel(desk).isVisible()
    assert len(sizes) == 3


def test_the_page_stays_where_the_only_article_goes(desk: Desk) -> None:
    notes(desk)
    desk.workspace.project.documents.remove([row.id for row in desk.workspace.project.documents.rows()])
    assert desk.workspace.document is None
    assert pages(desk).shown == "notes"
    desk.press("Ctrl+2")
    assert pages(desk).shown == ""
