"""Hits as lines with their surroundings (KWIC), under the title of their document; the match stands in the middle."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from annotator.ui import fonts, icons, theme
from annotator.ui.search.hits import Hits
from annotator.ui.widgets.kwic import paint_kwic

_ROW = 30
_EDGE = 20  # where titles and ticks begin: in line with the head of the page
_WHOLE = 60  # surroundings of this length were cut
_TICK = 48  # the width at the start that chooses a line


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(300, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        if not isinstance(model, Hits):
            return
        row, rect = model.rows[index.row()], QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, str):
            self._paint_title(painter, rect, row, len(model.under(index.row())), option.direction)
        else:
            chosen = row in model.chosen
            current = bool(option.state & QStyle.StateFlag.State_Selected)
            self._paint_line(painter, rect, model, row, option.direction, chosen=chosen, current=current)
        painter.restore()

    def _paint_title(
        self, painter: QPainter, rect: QRectF, title: str, count: int, direction: Qt.LayoutDirection
    ) -> None:
        colours = theme.current()
        font, small = fonts.ui(fonts.CONTROL, fonts.SEMIBOLD), fonts.ui(fonts.META, tabular=True)
        told = f"{count:,}"
        wide = QFontMetricsF(small).horizontalAdvance(told) + 8
        room = rect.adjusted(_EDGE, 6, -_EDGE, 0)
        text = QFontMetricsF(font).elidedText(title, Qt.TextElideMode.ElideRight, room.width() - wide)
        used = QFontMetricsF(font).horizontalAdvance(text)
        rtl = direction == Qt.LayoutDirection.RightToLeft
        painter.setFont(font)
        painter.setPen(colours.ink)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        flags = int(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(room, flags, text)
        painter.setFont(small)
        painter.setPen(colours.text3)
        moved = room.adjusted(0, 1, -used - 8, 0) if rtl else room.adjusted(used + 8, 1, 0, 0)
        painter.drawText(moved, flags, told)

    def _paint_line(
        self,
        painter: QPainter,
        rect: QRectF,
        model: Hits,
        number: int,
        direction: Qt.LayoutDirection,
        *,
        chosen: bool,
        current: bool,
    ) -> None:
        colours = theme.current()
        rtl = direction == Qt.LayoutDirection.RightToLeft
        if current or chosen:
            painter.setPen(QPen(colours.border, 1) if colours.strong and current else Qt.PenStyle.NoPen)
            painter.setBrush(colours.rowsel if current else colours.hover)
            painter.drawRoundedRect(rect.adjusted(10, 1, -10, -1), 6, 6)
        room = rect.adjusted(_EDGE, 0, -_TICK, 0) if rtl else rect.adjusted(_TICK, 0, -_EDGE, 0)
        left = rect.right() - _EDGE - 15 if rtl else rect.left() + _EDGE
        box = QRectF(left, rect.center().y() - 7.5, 15, 15)
        painter.setPen(QPen(colours.accent if chosen else colours.border, 1.2))
        painter.setBrush(colours.accent if chosen else colours.field)
        painter.drawRoundedRect(box.adjusted(0.6, 0.6, -0.6, -0.6), 4, 4)
        if chosen:
            icons.paint(painter, "check", box.adjusted(1.5, 1.5, -1.5, -1.5), colours.on_accent)
        hit = model.hits[number]
        parts = (hit.before, hit.match, hit.after)
        paint_kwic(painter, room, parts, colours.text2, colours.ink, cut_at=_WHOLE)


class HitList(QListView):
    """The list. Enter jumps, Space and Shift with the arrows choose, Ctrl+A chooses all."""

    entered_hit = Signal(object)
    left_upwards = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("Hits"))
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)  # tens of thousands of rows
        self.setBatchSize(4000)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hits = Hits(self)
        self.setModel(self.hits)
        self.setItemDelegate(_Delegate(self))
        self.doubleClicked.connect(lambda index: self._enter(index.row()))
        self.hits.chosen_changed.connect(self.viewport().update)

    def current(self) -> int | None:
        """The number of the hit with the list's cursor."""
        return self.hits.hit_at(self.currentIndex().row())

    def go_to(self, number: int) -> None:
        """Put the cursor on a hit."""
        index = self.hits.index(self.hits.row_of[number])
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def _enter(self, row: int) -> None:
        number = self.hits.hit_at(row)
        if number is not None:
            self.entered_hit.emit(self.hits.hits[number])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click at the start of a line, or on a title, chooses; with Shift all from the cursor to here."""
        index = self.indexAt(event.position().toPoint())
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = self.viewport().width() - event.position().x() if rtl else event.position().x()
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            number, current = self.hits.hit_at(index.row()), self.current()
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and number is not None and current is not None:
                self.hits.choose(range(min(number, current), max(number, current) + 1), True)
            elif x < _TICK or number is None:
                self.hits.toggle(index.row())
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the list."""
        number, keys = self.current(), Qt.Key
        key = event.key()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in (keys.Key_Return, keys.Key_Enter):
            self._enter(self.currentIndex().row())
        elif key == keys.Key_Space and number is not None:
            self.hits.toggle(self.currentIndex().row())
        elif key == keys.Key_A and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.hits.choose_all()
        elif key == keys.Key_Escape and self.hits.chosen:
            self.hits.choose(self.hits.chosen, False)
        elif key == keys.Key_Up and number in (0, None) and not shift:
            self.left_upwards.emit()
        elif key in (keys.Key_Up, keys.Key_Down) and shift and number is not None:
            following = number + (1 if key == keys.Key_Down else -1)
            if 0 <= following < len(self.hits.hits):
                # Back over what was chosen lets go of it, as in any text.
                back = following in self.hits.chosen and number in self.hits.chosen
                self.hits.choose([number] if back else [number, following], not back)
                self.go_to(following)
        elif key == keys.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)
