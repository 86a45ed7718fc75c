"""Hits as lines with their surroundings (KWIC), under the title of their document. Space or a click ticks one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from annotator.ui import fonts, icons, theme
from annotator.ui.widgets.kwic import paint_kwic

if TYPE_CHECKING:
    from annotator.services.search import Hit

_ROW = 28
_TICK = 34  # the width at the start that ticks a line
_NO_PARENT = QModelIndex()


class _Lines(QAbstractListModel):
    """Titles (str) and the numbers of hits under them (int)."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hits: list[Hit] = []
        self.lines: list[str | int] = []
        self.off: set[int] = set()
        self.tagged: set[int] = set()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        if index.isValid() and isinstance(self.lines[index.row()], str):
            return Qt.ItemFlag.NoItemFlags  # the arrows pass over titles
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            if isinstance(line, str):
                return line
            hit = self.hits[line]
            return f"{hit.before}{hit.match}{hit.after}"
        if role == Qt.ItemDataRole.AccessibleDescriptionRole and isinstance(line, int):
            if line in self.tagged:
                return self.tr("tagged already")
            return self.tr("not chosen") if line in self.off else self.tr("chosen")
        return None

    def show(self, hits: Sequence[Hit]) -> None:
        self.beginResetModel()
        self.hits = list(hits)
        self.off, self.tagged, self.lines = set(), set(), []
        before = ""
        for number, hit in enumerate(self.hits):
            if hit.document_id != before:
                before = hit.document_id
                self.lines.append(hit.title)
            self.lines.append(number)
        self.endResetModel()


class _LineDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(300, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        if not isinstance(model, _Lines):
            return
        line, colours = model.lines[index.row()], theme.current()
        rect = QRectF(option.rect)
        rtl = option.direction == Qt.LayoutDirection.RightToLeft
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(line, str):
            font = fonts.ui(fonts.CONTROL, fonts.SEMIBOLD)
            painter.setFont(font)
            painter.setPen(colours.text2)
            painter.setLayoutDirection(option.direction)
            text = QFontMetricsF(font).elidedText(line, Qt.TextElideMode.ElideRight, rect.width() - 24)
            flags = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(rect.adjusted(12, 4, -12, 0), int(flags), text)
            painter.restore()
            return
        hit = model.hits[line]
        tagged = line in model.tagged
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.rowsel)
            painter.drawRoundedRect(rect.adjusted(4, 1, -4, -1), 6, 6)
        tick = QRectF(rect.right() - 28 if rtl else rect.left() + 12, rect.center().y() - 7.5, 15, 15)
        self._paint_tick(painter, tick, line not in model.off, tagged)
        self._paint_words(painter, rect.adjusted(_TICK, 0, -_TICK, 0), hit, tagged)
        painter.restore()

    def _paint_tick(self, painter: QPainter, box: QRectF, on: bool, tagged: bool) -> None:
        colours = theme.current()
        if tagged:
            icons.paint(painter, "tag", box, colours.text3)
            return
        painter.setPen(QPen(colours.accent if on else colours.border, 1.2))
        painter.setBrush(colours.accent if on else colours.field)
        painter.drawRoundedRect(box.adjusted(0.6, 0.6, -0.6, -0.6), 4, 4)
        if on:
            icons.paint(painter, "check", box.adjusted(1.5, 1.5, -1.5, -1.5), colours.on_accent)

    def _paint_words(self, painter: QPainter, room: QRectF, hit: Hit, tagged: bool) -> None:
        colours = theme.current()
        surroundings, match = (colours.text3, colours.text3) if tagged else (colours.text2, colours.ink)
        paint_kwic(painter, room, (hit.before, hit.match, hit.after), surroundings, match)


class HitList(QListView):
    """The list of a search."""

    entered_hit = Signal(object)
    chosen_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "boxed")
        self.setAccessibleName(self.tr("Hits"))
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.model_ = _Lines(self)
        self.setModel(self.model_)
        self.setItemDelegate(_LineDelegate(self))
        self.doubleClicked.connect(lambda _index: self.entered_hit.emit(self.current_hit()))

    @property
    def hits(self) -> list[Hit]:
        """All hits shown."""
        return self.model_.hits

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Show these; all of them are chosen."""
        current = self.current_hit()
        self.model_.show(hits)
        if hits:
            number = next((i for i, hit in enumerate(hits) if hit == current), 0)
            self.setCurrentIndex(self.model_.index(self.model_.lines.index(number)))
        self.chosen_changed.emit()

    def document_count(self) -> int:
        """How many documents have hits."""
        return sum(isinstance(line, str) for line in self.model_.lines)

    def set_tagged(self, places: set[tuple[str, int, int]]) -> None:
        """Hits at these places (document, start, end) are tagged already and are left out."""
        self.model_.tagged = {
            number for number, hit in enumerate(self.model_.hits) if (hit.document_id, hit.start, hit.end) in places
        }
        self.viewport().update()

    def chosen_hits(self) -> list[Hit]:
        """The hits that are ticked and not tagged yet."""
        model = self.model_
        return [hit for n, hit in enumerate(model.hits) if n not in model.off and n not in model.tagged]

    def choose_all(self) -> None:
        """Tick every hit, or none where all are ticked."""
        self.model_.off = set() if self.model_.off else set(range(len(self.model_.hits)))
        self.viewport().update()
        self.chosen_changed.emit()

    def current_hit(self) -> Hit | None:
        """The hit with the list's cursor."""
        row = self.currentIndex().row()
        line = self.model_.lines[row] if 0 <= row < len(self.model_.lines) else None
        return self.model_.hits[line] if isinstance(line, int) else None

    def toggle(self, row: int) -> None:
        """Tick or untick a line; a title does so for all its lines."""
        lines = self.model_.lines
        numbers: list[int] = []
        line = lines[row]
        if isinstance(line, int):
            numbers.append(line)
        else:
            for following in lines[row + 1 :]:
                if isinstance(following, str):
                    break
                numbers.append(following)
        if all(number in self.model_.off for number in numbers):
            self.model_.off.difference_update(numbers)
        else:
            self.model_.off.update(numbers)
        self.viewport().update()
        self.chosen_changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click at the start of a line ticks it."""
        index = self.indexAt(event.position().toPoint())
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = self.viewport().width() - event.position().x() if rtl else event.position().x()
        if index.isValid() and (x < _TICK or isinstance(self.model_.lines[index.row()], str)):
            self.toggle(index.row())
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter jumps, Space ticks."""
        row = self.currentIndex().row()
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not event.modifiers() or event.key() == Qt.Key.Key_Enter:
                if self.current_hit() is not None:
                    self.entered_hit.emit(self.current_hit())
            case Qt.Key.Key_Space if row >= 0:
                self.toggle(row)
            case Qt.Key.Key_Up if row <= 1:
                event.ignore()
            case _:
                super().keyPressEvent(event)
