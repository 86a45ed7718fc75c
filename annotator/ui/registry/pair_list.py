"""The list of likely duplicates: two names a row, and why they may be one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from annotator.domain.model import Entry
from annotator.ui import fonts, theme
from annotator.ui.registry.rows import ActingList
from annotator.ui.translate import QT_TRANSLATE_NOOP
from annotator.ui.widgets import paint_focus, paint_row
from annotator.ui.widgets.row_text import write

if TYPE_CHECKING:
    from annotator.services.alike import Pair

ROW = 60
_SIDE = 16
_NO_PARENT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex

_REASONS = {
    "same name": QT_TRANSLATE_NOOP("Registry", "same name"),
    "same id": QT_TRANSLATE_NOOP("Registry", "same Wikidata id"),
    "initials": QT_TRANSLATE_NOOP("Registry", "initials"),
    "part of the name": QT_TRANSLATE_NOOP("Registry", "part of the name"),
    "similar names": QT_TRANSLATE_NOOP("Registry", "similar names"),
    "similar words": QT_TRANSLATE_NOOP("Registry", "similar words"),
}


def reason_text(pair: Pair) -> str:
    """Why two entries may be one, and how sure that is."""
    reason = QCoreApplication.translate("Registry", _REASONS.get(pair.reason, pair.reason))
    return f"{reason} · {QLocale().toString(round(pair.score))} %"


class PairModel(QAbstractListModel):
    """Pairs in order, with the entries that they are."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: list[Pair] = []
        self.entries: dict[str, Entry] = {}

    def show(self, pairs: Sequence[Pair], entries: Mapping[str, Entry]) -> None:
        """Show these."""
        self.beginResetModel()
        self.pairs, self.entries = list(pairs), dict(entries)
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """How many pairs there are."""
        return 0 if parent.isValid() else len(self.pairs)

    def pair(self, index: Index) -> Pair | None:
        """The pair of a row."""
        row = index.row() if index.isValid() else -1
        return self.pairs[row] if 0 <= row < len(self.pairs) else None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Both names, and why."""
        pair = self.pair(index)
        if pair is None:
            return None
        names = [self.entries[id_].name for id_ in (pair.first, pair.second)]
        if role == Qt.ItemDataRole.DisplayRole:
            return names[0]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return "\n".join([*names, reason_text(pair)])
        return None


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: PairView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One height for all."""
        return QSize(120, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Two names under each other, and the reason."""
        pair = self._view.rows.pair(index)
        if pair is None:
            return
        colors, box, rtl = theme.current(), QRectF(option.rect), self._view.isRightToLeft()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        inner = box.adjusted(6, 1, -6, -1)
        paint_row(painter, inner, option.state)
        name, small = fonts.ui(fonts.HEAD), fonts.ui(fonts.META, tabular=True)
        end = box.width() - _SIDE
        for line, id_ in enumerate((pair.first, pair.second)):
            row = QRectF(box.left(), box.top() + 3 + line * 19, box.width(), 19)
            write(painter, row, self._view.rows.entries[id_].name, name, colors.ink, _SIDE, end, rtl)
        row = QRectF(box.left(), box.top() + 40, box.width(), 16)
        write(painter, row, reason_text(pair), small, colors.text3, _SIDE, end, rtl)
        if self._view.hasFocus() and self._view.currentIndex() == index:
            paint_focus(painter, inner, 6.0)
        painter.restore()


class PairView(ActingList):
    """Enter or M merges, D or Del keeps apart, X swaps which one stays."""

    picked = Signal()

    def __init__(self) -> None:
        self.rows = PairModel()
        super().__init__(self.rows, QCoreApplication.translate("Registry", "Likely duplicates"))
        keys = Qt.Key
        self.keys = {
            keys.Key_M: "merge",
            keys.Key_Return: "merge",
            keys.Key_Enter: "merge",
            keys.Key_D: "apart",
            keys.Key_Delete: "apart",
            keys.Key_X: "swap",
        }
        self.setItemDelegate(_Delegate(self))
        self.selectionModel().currentChanged.connect(lambda _now, _before: self.picked.emit())
