"""Saved searches: the menu that opens them, and the list in which they are renamed and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMenu, QWidget

from annotator.domain.errors import AnnotatorError
from annotator.domain.model import SavedSearch
from annotator.ui.dialogs.base import Dialog, RowHeight
from annotator.ui.search.choosing import AskLine
from annotator.ui.widgets import PlainLabel, button

if TYPE_CHECKING:
    from annotator.ui.workspace import Workspace


class SavedMenu(QMenu):
    """Filled each time it opens, so that it follows undo."""

    opened = Signal(object)
    """A SavedSearch."""
    save_wanted = Signal()

    def __init__(self, workspace: Workspace, page: QWidget) -> None:
        super().__init__(page)
        self._workspace = workspace
        self._page = page
        self.can_save = False
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """What there is now."""
        self.clear()
        project = self._workspace.project
        saved = project.searches.all() if project is not None else []
        for each in saved:
            action = self.addAction(each.name.replace("&", "&&"))
            action.setToolTip(each.line)
            action.triggered.connect(lambda _checked=False, each=each: self.opened.emit(each))
        if not saved:
            self.addAction(self.tr("Nothing saved yet")).setEnabled(False)
        self.addSeparator()
        save = self.addAction(self.tr("Save this search…"))
        save.triggered.connect(lambda _checked=False: self.save_wanted.emit())
        save.setEnabled(self.can_save and not self._workspace.read_only)
        edit = self.addAction(self.tr("Rename or remove…"))
        edit.triggered.connect(lambda _checked=False: SavedDialog(self._workspace, self._page.window()).open())
        edit.setEnabled(bool(saved) and not self._workspace.read_only)


class SavedDialog(Dialog):
    """The list. F2 renames, Del removes; undo takes it back."""

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(self.tr("Saved searches"), parent, width=460)
        self._workspace = workspace
        self.list = QListWidget()
        self.list.setProperty("role", "boxed")
        self.list.setAccessibleName(self.tr("Saved searches"))
        RowHeight(self.list)
        self.list.itemDoubleClicked.connect(lambda _item: self.rename())
        self.rename_button = button(self.tr("Rename…"))
        self.remove_button = button(self.tr("Remove"))
        self.rename_button.clicked.connect(self.rename)
        self.remove_button.clicked.connect(self.remove)
        self.line = PlainLabel("", role="text3", wrap=True)
        self.list.currentItemChanged.connect(lambda _now, _before: self._show_line())
        self.body.addWidget(self.list)
        self.body.addWidget(self.line)
        self.buttons.insertWidget(0, self.rename_button)
        self.buttons.insertWidget(1, self.remove_button)
        self.only_close()
        self._fill()
        self.list.setFocus()

    def current(self) -> SavedSearch | None:
        """The search under the cursor."""
        item = self.list.currentItem()
        found = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        return found if isinstance(found, SavedSearch) else None

    def rename(self) -> None:
        """Ask for another name."""
        saved, project = self.current(), self._workspace.project
        if saved is None or project is None:
            return

        def take(name: str) -> None:
            project.searches.rename(saved.id, name)
            self._fill(saved.id)

        AskLine(self.tr("Rename search"), self.tr("Name"), take, self, text=saved.name).open()

    def remove(self) -> None:
        """Forget it."""
        saved, project = self.current(), self._workspace.project
        if saved is not None and project is not None:
            try:
                project.searches.remove(saved.id)
            except AnnotatorError as error:
                self.tell(str(error))
            self._fill()

    def _fill(self, id_: str = "") -> None:
        at = max(0, self.list.currentRow())
        self.list.clear()
        project = self._workspace.project
        for number, saved in enumerate(project.searches.all() if project is not None else ()):
            item = QListWidgetItem(saved.name)
            item.setData(Qt.ItemDataRole.UserRole, saved)
            self.list.addItem(item)
            at = number if saved.id == id_ else at
        self.list.setCurrentRow(min(at, self.list.count() - 1))
        self._show_line()

    def _show_line(self) -> None:
        saved = self.current()
        self.line.setText(saved.line if saved is not None else self.tr("Nothing saved yet"))
        for push in (self.rename_button, self.remove_button):
            push.setEnabled(saved is not None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 and Del."""
        if event.key() == Qt.Key.Key_F2:
            self.rename()
        elif event.key() == Qt.Key.Key_Delete:
            self.remove()
        else:
            super().keyPressEvent(event)
