"""The list behind a bar: articles, or stretches of them. Enter goes there, Esc goes back to the bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.ui import fonts, theme
from annotator.ui.overview.figures import number, tr
from annotator.ui.widgets import ElidedLabel, IconButton, Side, button, paint_row

if TYPE_CHECKING:
    from annotator.services.overview import Line, Place

WIDTH, _ROW, _PAGE = 320, 50, 60
_LINE = int(Qt.ItemDataRole.UserRole)
_NO_PARENT = QModelIndex()
Reader = Callable[[Sequence["Place"]], "list[Line]"]


class _Lines(QAbstractListModel):
    """Places; how they read is asked for those in sight."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.places: Sequence[Place] = ()
        self._read: Reader | None = None
        self._told: dict[int, Line | None] = {}

    def show(self, places: Sequence[Place], read: Reader) -> None:
        self.beginResetModel()
        self.places, self._read, self._told = places, read, {}
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.places)

    def line(self, row: int) -> Line | None:
        """How a row reads; None where it is gone meanwhile."""
        if row not in self._told and self._read is not None:
            first = row - row % _PAGE
            page = self.places[first : first + _PAGE]
            found = {(line.document_id, line.id): line for line in self._read(page)}
            for at, place in enumerate(page, first):
                self._told[at] = found.get((place.document_id, place.id))
        return self._told.get(row)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if role == _LINE:
            return self.line(index.row())
        line = self.line(index.row()) if role == Qt.ItemDataRole.DisplayRole else None
        if line is None:
            return "" if role == Qt.ItemDataRole.DisplayRole else None
        return ", ".join(part for part in (line.words, line.title if line.annotation_id else "", line.date) if part)


class _Delegate(QStyledItemDelegate):
    """The words, and under them the article and its date."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        now, line, rect = theme.current(), index.data(_LINE), QRectF(option.rect).adjusted(6, 1, -6, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(option.direction)
        paint_row(painter, rect, option.state, radius=7, ring=True)
        inner = rect.adjusted(10, 4, -10, -4)
        if line is not None:
            first = fonts.serif(fonts.OUTLINE) if line.annotation_id else fonts.ui(fonts.CONTROL, fonts.MEDIUM)
            second = " · ".join(part for part in (line.title if line.annotation_id else "", line.date) if part)
            for text, font, color, top in (
                (line.words, first, now.ink, 0),
                (second, fonts.ui(fonts.META), now.text3, 22),
            ):
                painter.setFont(font)
                painter.setPen(color)
                box = QRectF(inner.left(), inner.top() + top, inner.width(), 20)
                shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
                fonts.draw(painter, box, shown)
        painter.restore()


class _List(QListView):
    """The rows."""

    entered_line = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.model_ = _Lines(self)
        self.setModel(self.model_)
        self.setItemDelegate(_Delegate(self))
        self.clicked.connect(self._enter)

    def _enter(self, index: QModelIndex) -> None:
        line = self.model_.line(index.row()) if index.isValid() else None
        if line is not None:
            self.entered_line.emit(line)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the place."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(self.currentIndex())
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class Behind(Side):
    """The side of the overview with the list. `chosen` carries the line that was entered."""

    chosen = Signal(object)
    entry_wanted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.entry_button = button(tr("Show in the registry"), role="flat")
        self.entry_button.clicked.connect(self.entry_wanted)
        self._title = ElidedLabel("", font=fonts.ui(fonts.HEAD, fonts.SEMIBOLD))
        self._count = ElidedLabel("", role="text2", font=fonts.ui(fonts.META, tabular=True))
        self._of = ""
        self.close_button = IconButton("close", tr("Close the list (Esc)"))
        self.close_button.clicked.connect(self.closed)
        self.list = _List()
        self.list.entered_line.connect(self.chosen)
        self.list.left.connect(self.closed)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 8, 0)
        head.addWidget(self._title, 1)
        head.addWidget(self.close_button)
        count = QHBoxLayout()
        count.setContentsMargins(16, 0, 16, 4)
        count.addWidget(self._count, 1)
        count.addWidget(self.entry_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 8, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(count)
        column.addWidget(self.list, 1)
        self.hide()

    def wait(self, title: str, of: str, *, entry: bool) -> None:
        """Say what will be listed: a bar, and its chart; with `entry` it is one of the registry."""
        self.entry_button.setVisible(entry)
        self._title.setText(title)
        self._of = of
        self._count.setText(of)
        self.list.setAccessibleName(f"{of}: {title}")
        self.list.model_.show((), lambda _places: [])
        self.show()

    def show_places(self, places: Sequence[Place], read: Reader, row: int = 0) -> None:
        """List these."""
        self._count.setText(f"{number(len(places))} · {self._of}")
        self.list.model_.show(places, read)
        if places:
            self.list.setCurrentIndex(self.list.model_.index(min(row, len(places) - 1), 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the list, not the page."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
