"""The choices of a field in the editor: rename, describe, put in order, add, remove."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.codebook import Field
from annotator.ui import fonts
from annotator.ui.dialogs.base import RowHeight, line
from annotator.ui.widgets import button

_CHOICE = int(Qt.ItemDataRole.UserRole)


class ChoiceTable(QTreeWidget):
    """Choice, what it means, how often it is used. F2 or Enter edits, Alt+Up and Alt+Down move, Del removes."""

    moved = Signal(str, int)
    remove_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setColumnCount(3)
        self.setHeaderLabels([self.tr("Choice"), self.tr("What it means"), self.tr("Used")])
        self.setRootIsDecorated(False)
        self.setAccessibleName(self.tr("Choices"))
        self.setProperty("role", "boxed")
        self.setFont(fonts.ui())
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setTabKeyNavigation(False)
        RowHeight(self, 27)
        self.header().setStretchLastSection(False)
        self.header().setSectionsMovable(False)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.setColumnWidth(0, 140)
        self.setColumnWidth(2, 56)

    def sizeHint(self) -> QSize:
        """All rows, up to nine of them."""
        return QSize(300, 36 + 27 * max(3, min(9, self.topLevelItemCount())))

    def minimumSizeHint(self) -> QSize:
        """The form scrolls, not the table."""
        return self.sizeHint()

    def chosen(self) -> str:
        """The choice of the current row."""
        item = self.currentItem()
        return str(item.data(0, _CHOICE)) if item is not None else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The table's own keys."""
        if self.state() == QAbstractItemView.State.EditingState:
            event.accept()  # Enter ends the editing, and comes here only then
            return
        item, key, keys = self.currentItem(), event.key(), Qt.Key
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if item is not None and alt and key in (keys.Key_Up, keys.Key_Down):
            place = self.indexOfTopLevelItem(item) + (-1 if key == keys.Key_Up else 1)
            self.moved.emit(self.chosen(), place)
        elif item is not None and key in (keys.Key_Delete, keys.Key_Backspace):
            self.remove_wanted.emit(self.chosen())
        elif item is not None and key in (keys.Key_Return, keys.Key_Enter):
            self.editItem(item, min(1, max(0, self.currentColumn())))
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for another place."""
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        item, target = self.currentItem(), self.itemAt(event.position().toPoint())
        if item is None:
            return
        start = self.indexOfTopLevelItem(item)
        place = self.indexOfTopLevelItem(target) if target is not None else self.topLevelItemCount()
        if target is not None and self.dropIndicatorPosition() != QAbstractItemView.DropIndicatorPosition.AboveItem:
            place += 1
        self.moved.emit(self.chosen(), place - 1 if place > start else place)


class ChoicesEditor(QWidget):
    """The table, and below it a line that adds a choice."""

    renamed = Signal(str, str)
    described = Signal(str, str)
    added = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.table = ChoiceTable()
        self.new_line: QLineEdit = line("", self.tr("New choice"))
        self.new_line.setAccessibleName(self.tr("New choice"))
        self.add_button = button(self.tr("Add"), icon="plus")
        self.remove_button = button(self.tr("Remove"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.new_line, 1)
        row.addWidget(self.add_button)
        row.addWidget(self.remove_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.table)
        column.addLayout(row)
        self.new_line.returnPressed.connect(self._add)
        self.add_button.clicked.connect(self._add)
        self.remove_button.clicked.connect(lambda: self.table.remove_wanted.emit(self.table.chosen()))
        self.table.itemChanged.connect(self._edited)
        self.setFocusProxy(self.table)
        self._filling = False

    def show_uses(self, field: Field, uses: Mapping[str, int]) -> None:
        """Show how often each choice is used."""
        self._filling = True
        for row, choice in enumerate(field.choices):
            item = self.table.topLevelItem(row)
            if item is not None:
                item.setText(2, str(uses.get(choice, 0) or "–"))
        self._filling = False

    def show_field(self, field: Field, uses: Mapping[str, int]) -> None:
        """Show the choices of a field, and how often each is used."""
        self._filling = True
        at, row, column = self.table.chosen(), self.table.currentIndex().row(), max(0, self.table.currentColumn())
        self.table.clear()
        for choice in field.choices:
            item = QTreeWidgetItem([choice, " ".join(field.help_for(choice).split()), str(uses.get(choice, 0) or "–")])
            item.setData(0, _CHOICE, choice)
            item.setToolTip(1, field.help_for(choice))
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsSelectable
                | Qt.ItemFlag.ItemIsEditable
                | Qt.ItemFlag.ItemIsDragEnabled
            )
            self.table.addTopLevelItem(item)
        if field.choices:
            place = field.choices.index(at) if at in field.choices else max(0, min(row, len(field.choices) - 1))
            self.table.setCurrentIndex(self.table.model().index(place, column))
        self.remove_button.setEnabled(bool(field.choices))
        self.table.updateGeometry()
        self._filling = False

    def _add(self) -> None:
        text = self.new_line.text().strip()
        if text:
            self.new_line.clear()
            self.added.emit(text)
        self.new_line.setFocus()

    def _edited(self, item: QTreeWidgetItem, column: int) -> None:
        if self._filling:
            return
        choice, text = str(item.data(0, _CHOICE)), item.text(column)
        # Later: the table is filled anew by then, and its editor must have gone before.
        if column == 0 and text != choice:
            QTimer.singleShot(0, self, lambda: self.renamed.emit(choice, text))
        elif column == 1:
            QTimer.singleShot(0, self, lambda: self.described.emit(choice, text))
