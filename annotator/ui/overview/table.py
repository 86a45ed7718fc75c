"""A figure as a table: the same numbers for those who read or listen rather than look. Enter opens the list."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from annotator.ui import fonts
from annotator.ui.dialogs.base import RowHeight
from annotator.ui.overview.figures import Figure, Mark, number, share, tr

_MARK = int(Qt.ItemDataRole.UserRole)
_ROW, _MOST_ROWS = 25, 14


class Table(QTreeWidget):
    """Name, count and share, in the order of the chart."""

    picked = Signal(object)

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.setFont(fonts.ui(tabular=True))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAllColumnsShowFocus(True)
        self.setIndentation(0)
        RowHeight(self, _ROW)
        self.itemDoubleClicked.connect(self._pick)
        self.figure = figure
        self.show_figure(figure)

    def show_figure(self, figure: Figure) -> None:
        """Show these numbers."""
        at = self.currentIndex().row()
        self.figure = figure
        self.setAccessibleName(figure.title)
        shares = any(mark.whole for mark in figure.marks)
        heads = [tr("What"), tr("Count"), *([tr("Share")] if shares else [])]
        self.clear()
        self.setColumnCount(len(heads))
        self.setHeaderLabels(heads)
        for mark in figure.marks:
            if mark.pick is None:
                continue
            name = f"{mark.group}: {mark.name}" if mark.group else mark.name
            item = QTreeWidgetItem([name, number(mark.count), share(mark.count, mark.whole) if mark.whole else ""])
            item.setData(0, _MARK, mark)
            item.setToolTip(0, name)
            for column in (1, 2):
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
            self.addTopLevelItem(item)
        head = self.header()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, len(heads)):
            self.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(column, 76)
        self.setCurrentIndex(self.model().index(max(0, min(at, self.topLevelItemCount() - 1)), 0))

    def wanted_height(self) -> int:
        """All rows, up to some."""
        return 34 + _ROW * min(_MOST_ROWS, self.topLevelItemCount())

    def current(self) -> Mark | None:
        """The row with the keys."""
        item = self.currentItem()
        return item.data(0, _MARK) if item is not None else None

    def _pick(self) -> None:
        if (mark := self.current()) is not None:
            self.picked.emit(mark)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the list."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pick()
        else:
            super().keyPressEvent(event)
