"""The list of entries: a model over `Lines`, painted rows of one height, and the keys that act on what is chosen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QItemSelection,
    QItemSelectionModel,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from annotator.ui import fonts, theme
from annotator.ui.panel import words
from annotator.ui.registry.lines import Head, Line, Lines
from annotator.ui.registry.rows import ActingList
from annotator.ui.widgets import paint_focus, paint_row
from annotator.ui.widgets.row_text import write

ROW = 44
_FEW = 10
_SEEN = 400  # rows that are laid out at once
_SIDE = 16
_NO_PARENT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class EntriesModel(QAbstractListModel):
    """What the filter lets through."""

    def __init__(self, lines: Lines) -> None:
        super().__init__()
        self.lines = lines

    def filter(self, needle: str) -> None:
        """Show what fits."""
        self.beginResetModel()
        self.lines.filter(needle)
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Entries, and heads where they are grouped."""
        return 0 if parent.isValid() else len(self.lines.shown)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Heads cannot be chosen."""
        line = self.line(index)
        return Qt.ItemFlag.NoItemFlags if line is None else Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The name for type-ahead; what a tool tip and a screen reader say."""
        if not index.isValid() or index.row() >= len(self.lines.shown):
            return None
        line = self.lines.shown[index.row()]
        if isinstance(line, Head):
            return self.head_text(line) if role in (Qt.ItemDataRole.AccessibleTextRole,) else None
        if role == Qt.ItemDataRole.DisplayRole:
            return line.name
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            parts = [line.name, line.aliases, words.choice(line.group), counts_text(line)]
            return "\n".join(part for part in parts if part)
        return None

    def line(self, index: Index) -> Line | None:
        """The entry of a row."""
        row = index.row() if index.isValid() else -1
        found = self.lines.shown[row] if 0 <= row < len(self.lines.shown) else None
        return found if isinstance(found, Line) else None

    def head_text(self, head: Head) -> str:
        """What stands above a group."""
        name = words.choice(head.group) if head.group else self.tr("Without")
        return f"{name} · {QLocale().toString(head.size)}"

    def row_of(self, id_: str) -> int:
        """The row of an entry; -1 where it is not shown."""
        line = self.lines.by_id.get(id_)
        try:
            return self.lines.shown.index(line) if line is not None else -1
        except ValueError:
            return -1


def counts_text(line: Line) -> str:
    """How often an entry is mentioned, in words."""
    if not line.use.mentions:
        return QCoreApplication.translate("Registry", "not mentioned")
    told = QCoreApplication.translate("Registry", "mentions: {n}, documents: {m}")
    locale = QLocale()
    return told.replace("{n}", locale.toString(line.use.mentions)).replace("{m}", locale.toString(line.use.documents))


def day_text(stamp: str) -> str:
    """The day of a stored time, as this place writes it."""
    try:
        moment = datetime.fromisoformat(stamp).astimezone()
    except ValueError:
        return stamp
    locale = QLocale()
    return f"{moment.day} {locale.monthName(moment.month, QLocale.FormatType.ShortFormat)} {moment.year}"


class EntriesDelegate(QStyledItemDelegate):
    """Name and mentions; below, aliases and what the list is sorted by."""

    def __init__(self, view: EntriesView) -> None:
        super().__init__(view)
        self._view = view
        self.retheme()

    def retheme(self) -> None:
        """Take fonts and colours anew."""
        self._theme = theme.current()
        self._name = fonts.ui(fonts.HEAD)
        self._strong = fonts.ui(fonts.CONTROL, fonts.SEMIBOLD)
        self._small = fonts.ui(fonts.META, tabular=True)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One height for all."""
        return QSize(120, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        model = self._view.rows
        shown = model.lines.shown
        if index.row() >= len(shown):
            return
        line = shown[index.row()]
        colors, box = self._theme, QRectF(option.rect)
        rtl = self._view.isRightToLeft()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        if isinstance(line, Head):
            row = box.adjusted(0, 16, 0, -2)
            write(painter, row, model.head_text(line), self._strong, colors.text2, _SIDE, box.width() - _SIDE, rtl)
            painter.fillRect(QRectF(box.left() + _SIDE, box.bottom() - 1, box.width() - 2 * _SIDE, 1), colors.line)
            painter.restore()
            return
        inner = box.adjusted(6, 1, -6, -1)
        paint_row(painter, inner, option.state)
        first = QRectF(box.left(), box.top() + 4, box.width(), 20)
        second = QRectF(box.left(), box.top() + 22, box.width(), 17)
        end = box.width() - _SIDE
        locale = QLocale()
        count = locale.toString(line.use.mentions) if line.use.mentions else "–"
        wide = write(painter, first, count, self._small, colors.text2, 0, end, rtl, at_end=True)
        write(painter, first, line.name, self._name, colors.ink, _SIDE, end - wide - 12, rtl)
        meta = self._meta(line, model.lines.sort)
        wide = write(painter, second, meta, self._small, colors.text3, 0, end, rtl, at_end=True) if meta else 0
        grouped = model.lines.grouped
        facts = [words.choice(line.group) if line.group and not grouped else "", line.aliases]
        told = " · ".join(fact for fact in facts if fact)
        write(painter, second, told, self._small, colors.text3, _SIDE, end - wide - 12, rtl)
        if self._view.hasFocus() and self._view.currentIndex() == index:
            paint_focus(painter, inner, 6.0)
        painter.restore()

    def _meta(self, line: Line, sort: str) -> str:
        if sort == "last":
            return day_text(line.use.last) if line.use.last else ""
        if not line.use.documents:
            return ""
        one, many = self.tr("1 document"), self.tr("{n} documents")
        return one if line.use.documents == 1 else many.replace("{n}", QLocale().toString(line.use.documents))


class EntriesView(ActingList):
    """Keys act on what is chosen: the page says what they do."""

    picked = Signal()
    """What is chosen changed."""
    left_top = Signal()

    def __init__(self, lines: Lines) -> None:
        self.rows = EntriesModel(lines)
        super().__init__(self.rows, QCoreApplication.translate("Registry", "Entries"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.painter_of_rows = EntriesDelegate(self)
        self.setItemDelegate(self.painter_of_rows)
        self._quiet = False
        self.selectionModel().selectionChanged.connect(lambda _new, _old: self._picked())

    def _picked(self) -> None:
        if not self._quiet:
            self.picked.emit()

    def chosen(self) -> list[str]:
        """The ids of the chosen entries, the current one first."""
        lines = [self.rows.line(index) for index in self.selectionModel().selectedIndexes()]
        ids = [line.id for line in lines if line is not None]
        current = self.rows.line(self.currentIndex())
        if current is not None and current.id in ids:
            ids.remove(current.id)
            ids.insert(0, current.id)
        return ids

    def show_filtered(self, needle: str) -> None:
        """Narrow the list; what is chosen stays chosen where it is still shown, else the first entry is."""
        before = self.chosen()
        bar = self.verticalScrollBar()
        place = bar.value()
        same = needle == self.rows.lines.needle
        self._quiet = True
        # Nobody sees all that is left at once: it is laid out between other things.
        self._lay_out_in_batches(not same)
        try:
            self.rows.filter(needle)
            kept = self.choose(before, scroll=False)
            if same:
                bar.setValue(place)
            elif kept and self.rows.row_of(before[0]) < _SEEN:
                self.scrollTo(self.currentIndex())
            if not kept:
                self.go_first()
        finally:
            self._quiet = False
        if self.chosen() != before:
            self.picked.emit()

    def _lay_out_in_batches(self, on: bool) -> None:
        self.setBatchSize(500)
        self.setLayoutMode(self.LayoutMode.Batched if on else self.LayoutMode.SinglePass)

    def choose(self, ids: list[str], *, scroll: bool = True) -> bool:
        """Choose these entries; whether any is shown."""
        if len(ids) <= _FEW:
            rows = [row for id_ in ids if (row := self.rows.row_of(id_)) >= 0]
        else:
            wanted = set(ids)
            shown = self.rows.lines.shown
            rows = [row for row, line in enumerate(shown) if isinstance(line, Line) and line.id in wanted]
        if not rows:
            return False
        if scroll:
            self._lay_out_in_batches(False)
        selection = QItemSelection()
        for row in rows:
            selection.select(self.rows.index(row), self.rows.index(row))
        first = rows[0]
        model = self.selectionModel()
        model.setCurrentIndex(self.rows.index(first), QItemSelectionModel.SelectionFlag.NoUpdate)
        model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if scroll:
            self.scrollTo(self.rows.index(first))
        return True

    def go_first(self) -> None:
        """Choose the first entry."""
        first = next((row for row, line in enumerate(self.rows.lines.shown) if isinstance(line, Line)), -1)
        if first >= 0:
            self.setCurrentIndex(self.rows.index(first))
        else:
            self.clearSelection()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up from the first entry goes to the line that narrows."""
        top = self.currentIndex().row() <= self._first_row()
        if event.key() == Qt.Key.Key_Up and not event.modifiers() and top:
            self.left_top.emit()
        else:
            super().keyPressEvent(event)

    def _first_row(self) -> int:
        return next((row for row, line in enumerate(self.rows.lines.shown) if isinstance(line, Line)), 0)
