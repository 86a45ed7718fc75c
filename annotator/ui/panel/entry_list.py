"""The list in the entry picker: candidates with aliases, kind and mentions, and a row that makes a new entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from annotator.domain.model import Entry
from annotator.ui import fonts, icons, theme
from annotator.ui.panel import words
from annotator.ui.widgets import paint_row
from annotator.ui.widgets.row_text import write

ROW = 30
_SIDE = 8
_SIGN = 24
_NO_PARENT = QModelIndex()


@dataclass(frozen=True)
class Choice:
    """A row: an entry, or the name of one to make."""

    entry: Entry | None
    name: str
    count: int = 0
    chosen: bool = False

    @property
    def kind(self) -> str:
        """The entry's kind as a word, if its registry knows kinds."""
        stored = self.entry.fields.get("kind") if self.entry is not None else None
        return words.choice(stored) if isinstance(stored, str) else ""


class EntryListModel(QAbstractListModel):
    """At most a few dozen rows, replaced as a whole with each letter typed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.choices: list[Choice] = []

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Show these."""
        self.beginResetModel()
        self.choices = list(choices)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self.choices)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Names, and what a tooltip and a screen reader say."""
        if not index.isValid() or index.row() >= len(self.choices):
            return None
        choice = self.choices[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.title(choice)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            if choice.entry is None:
                return self.title(choice)
            parts = [choice.name, choice.kind, self.tr("mentions: {count}").format(count=choice.count)]
            if choice.entry.aliases:
                parts.append(self.tr("also: {aliases}").format(aliases=", ".join(choice.entry.aliases)))
            if choice.chosen:
                parts.append(self.tr("chosen"))
            return ", ".join(part for part in parts if part)
        return None

    def title(self, choice: Choice) -> str:
        """What a row says first."""
        return choice.name if choice.entry is not None else self.tr("Create “{name}”").format(name=choice.name)


class EntryDelegate(QStyledItemDelegate):
    """Sign, name, aliases; kind and mentions at the end."""

    def __init__(self, view: QListView, model: EntryListModel) -> None:
        super().__init__(view)
        self._view = view
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """One height for all."""
        return QSize(100, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """One row."""
        choice = self._model.choices[index.row()]
        colors = theme.current()
        box = QRectF(option.rect)
        rtl = self._view.isRightToLeft()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        selected = self._view.currentIndex() == index
        paint_row(painter, box.adjusted(4, 1, -4, -1), option.state, selected=selected)
        sign = "plus" if choice.entry is None else "check" if choice.chosen else ""
        if sign:
            x = box.right() - _SIDE - 18 if rtl else box.left() + _SIDE + 4
            icons.paint(painter, sign, QRectF(x, box.center().y() - 7, 14, 14), colors.text2, mirrored=rtl)
        start: float = _SIDE + _SIGN
        end: float = box.width() - _SIDE - 6
        meta = QFont(fonts.ui(fonts.META, tabular=True))
        if choice.entry is not None:
            facts = [choice.kind, self._view.locale().toString(choice.count)]
            end -= write(painter, box, "  ".join(f for f in facts if f), meta, colors.text2, 0, end, rtl, at_end=True)
            end -= 10
        name = self._model.title(choice)
        font = fonts.ui(13)
        start += write(painter, box, name, font, colors.ink, start, end, rtl) + 8
        if choice.entry is not None and choice.entry.aliases and end - start > 30:
            write(painter, box, ", ".join(choice.entry.aliases), meta, colors.text3, start, end, rtl)
        painter.restore()
