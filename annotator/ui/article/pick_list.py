"""A small list over the article of annotations that lie on each other: each with its mark, its number and its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from annotator.domain.codebook import Layer
from annotator.ui import fonts, theme
from annotator.ui.article.beside import place_beside
from annotator.ui.widgets import paint_sample, sample_size

_ROW, _MOST, _WIDTH = 30, 9, 340
_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


@dataclass(frozen=True)
class Row:
    """An annotation to choose."""

    id: str
    layer: Layer
    number: str
    text: str


class PickList(QFrame):
    """Up, Down and Enter choose, Esc leaves; also while the text keeps the focus. Any other key leaves and does its work."""

    chosen = Signal(str)
    pointed = Signal(str)
    """The row that is current now; "" when the list goes."""

    def __init__(self, reader: QAbstractScrollArea) -> None:
        super().__init__(reader)
        self._reader = reader
        self.list = QListWidget(self)
        self.list.setProperty("role", "plain")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.setItemDelegate(_RowPainter(self.list))
        self.list.setAccessibleName(self.tr("Annotations here"))
        self.list.itemEntered.connect(self.list.setCurrentItem)
        self.list.itemClicked.connect(self._choose)
        self.list.currentItemChanged.connect(lambda item, _before: self.pointed.emit(_id(item)) if item else None)
        column = QVBoxLayout(self)
        column.setContentsMargins(5, 5, 5, 5)
        column.addWidget(self.list)
        reader.installEventFilter(self)
        self.list.installEventFilter(self)
        self.hide()

    def open(
        self, rows: Sequence[Row], boxes: Sequence[QRectF], near: QPoint, *, focus: bool, current: str = ""
    ) -> None:
        """Show rows beside what they lie on (`boxes` and `near` in the reader); `focus`: a key asked for it."""
        self.list.blockSignals(True)
        self.list.clear()
        for row in rows:
            item = QListWidgetItem(f"{row.layer.name} {row.number}: {row.text}")
            item.setData(Qt.ItemDataRole.UserRole, row)
            item.setSizeHint(QSize(_WIDTH - 24, _ROW))
            self.list.addItem(item)
        at = next((i for i, row in enumerate(rows) if row.id == current), 0)
        self.list.setCurrentRow(at)
        self.list.blockSignals(False)
        area = self._reader.viewport().geometry()
        height = min(_MOST, len(rows)) * _ROW + 12
        size = QSize(min(_WIDTH, area.width() - 16), min(height, area.height() - 16))
        self.resize(size)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        place = place_beside(size, area, boxes, near, rtl) or place_beside(size, area, (), near, rtl) or QPoint(8, 8)
        self.move(place)
        self.show()
        self.raise_()
        if focus:
            self.list.setFocus()
        if rows:
            self.pointed.emit(rows[at].id)

    def close_list(self) -> None:
        """Take it away; the text has the focus again."""
        if self.isVisible():
            had_focus = self.list.hasFocus()
            self.hide()
            self.pointed.emit("")
            if had_focus:
                self._reader.setFocus()

    def ids(self) -> list[str]:
        """What is offered, in order."""
        return [_id(self.list.item(i)) for i in range(self.list.count())] if self.isVisible() else []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The list's keys are its own while it is there; every other one closes it first."""
        if not self.isVisible():
            return False
        kind = event.type()
        if isinstance(event, QKeyEvent) and kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            own = event.key() in _KEYS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if kind == QEvent.Type.ShortcutOverride:
                if own:
                    event.accept()
                elif event.key() not in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt):
                    self.close_list()
                return own
            if own:
                self._key(event)
                return True
        elif kind == QEvent.Type.FocusOut:
            if not self._keeps_focus():
                self.close_list()
        elif kind == QEvent.Type.Resize and watched is self._reader:
            self.close_list()
        return False

    def _keeps_focus(self) -> bool:
        window = self.window()
        return not window.isActiveWindow() or window.focusWidget() in (self.list, self._reader)

    def _key(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_list()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
        elif (item := self.list.currentItem()) is not None:
            self._choose(item)

    def _choose(self, item: QListWidgetItem) -> None:
        id_ = _id(item)
        self.close_list()
        self.chosen.emit(id_)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A card."""
        painter = QPainter(self)
        paint_card(painter, QRectF(self.rect()))
        painter.end()


def paint_card(painter: QPainter, rect: QRectF) -> None:
    """The ground of what lies over the text."""
    now = theme.current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
    painter.fillPath(path, now.field)
    painter.strokePath(path, QPen(now.border, 1))


def _id(item: QListWidgetItem | None) -> str:
    return item.data(Qt.ItemDataRole.UserRole).id if item is not None else ""


class _RowPainter(QStyledItemDelegate):
    """The number in its layer's mark, then the words."""

    def __init__(self, rows: QListWidget) -> None:
        super().__init__(rows)
        self._list = rows

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QPersistentModelIndex,  # type: ignore[override]
    ) -> None:
        row: Row = index.data(Qt.ItemDataRole.UserRole)
        current = self._list.currentRow() == index.row()
        now, box = theme.current(), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(option.direction)
        if current:
            path = QPainterPath()
            path.addRoundedRect(box, 6, 6)
            painter.fillPath(path, now.rowsel)
        style, font = theme.layer_style(row.layer), fonts.ui(fonts.META, fonts.MEDIUM)
        label = row.number or row.layer.name
        width = max(34.0, sample_size(label, font, style.mark).width())
        rtl = option.direction == Qt.LayoutDirection.RightToLeft
        head = QRectF(box.right() - 10 - width if rtl else box.left() + 10, box.top(), width, box.height())
        paint_sample(painter, head, label, font, style)
        painter.setFont(fonts.serif(fonts.OUTLINE))
        painter.setPen(now.ink)
        left, right = (box.left() + 10, head.left() - 8) if rtl else (head.right() + 8, box.right() - 10)
        rest = QRectF(left, box.top(), right - left, box.height())
        text = painter.fontMetrics().elidedText(row.text, Qt.TextElideMode.ElideRight, int(rest.width()))
        fonts.draw(painter, rest, text)
        painter.restore()
