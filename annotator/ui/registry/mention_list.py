"""Where an entry is mentioned: a line for each place with the words around it; for a claim also who said it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

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
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from annotator.domain.model import Mention
from annotator.ui import fonts, theme
from annotator.ui.documents.delegate import short_date
from annotator.ui.registry.rows import ActingList
from annotator.ui.widgets import paint_focus, paint_row
from annotator.ui.widgets.kwic import paint_kwic
from annotator.ui.widgets.row_text import write

if TYPE_CHECKING:
    from annotator.services.statements import Statement

ROW = 46
_SIDE = 16
_REMEMBERED = 3000
_NO_PARENT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class Words(NamedTuple):
    """What a line shows of a place."""

    before: str
    match: str
    after: str
    title: str
    date: str


class MentionModel(QAbstractListModel):
    """All places; their words are read for the rows that somebody looks at."""

    def __init__(self, read: Callable[[Mention], Words]) -> None:
        super().__init__()
        self._read = read
        self._known: dict[str, Words] = {}
        self.mentions: Sequence[Mention] = ()
        self.statements: Mapping[str, Statement] | None = None
        """Who said it, for claims; None for other entries."""

    def show(self, mentions: Sequence[Mention]) -> None:
        """Show these places."""
        self.beginResetModel()
        self.mentions = mentions
        self._known.clear()
        self.endResetModel()

    def show_statements(self, statements: Mapping[str, Statement] | None) -> None:
        """Say who said it."""
        self.statements = statements
        if self.mentions:
            self.dataChanged.emit(self.index(0), self.index(len(self.mentions) - 1))

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """How many places there are."""
        return 0 if parent.isValid() else len(self.mentions)

    def mention(self, index: Index) -> Mention | None:
        """The place of a row."""
        row = index.row() if index.isValid() else -1
        return self.mentions[row] if 0 <= row < len(self.mentions) else None

    def words(self, mention: Mention) -> Words:
        """What a row shows."""
        known = self._known.get(mention.annotation_id)
        if known is None:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            known = self._known[mention.annotation_id] = self._read(mention)
        return known

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The words, and what a tool tip and a screen reader say."""
        mention = self.mention(index)
        if mention is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(mention).match
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            shown = self.words(mention)
            said = (self.statements or {}).get(mention.annotation_id)
            parts = [" · ".join(part for part in (shown.title, shown.date) if part)]
            if said is not None:
                parts.append(said_text(said))
            parts.append(f"{shown.before}{shown.match}{shown.after}".strip())
            return "\n".join(" ".join(part.split()) for part in parts if part)
        return None


def said_text(said: Statement) -> str:
    """Who said it, how and through whom, as one sentence."""
    tr = QCoreApplication.translate
    who = ", ".join(said.sources) or tr("Registry", "nobody named")
    told = tr("Registry", "{who} denied it") if said.denied else tr("Registry", "{who} said it")
    text = told.replace("{who}", who)
    if said.via:
        text += tr("Registry", ", reported by {names}").replace("{names}", ", ".join(said.via))
    return text


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: MentionView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One height for all."""
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The words; above them article and date, and for a claim who said it."""
        mention = self._view.rows.mention(index)
        if mention is None:
            return
        shown = self._view.rows.words(mention)
        colors, box = theme.current(), QRectF(option.rect)
        rtl = self._view.isRightToLeft()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = box.adjusted(6, 1, -6, -1)
        paint_row(painter, inner, option.state)
        head = QRectF(box.left(), box.top() + 4, box.width(), 17)
        small, strong = fonts.ui(fonts.META, tabular=True), fonts.ui(fonts.META, fonts.SEMIBOLD)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        end = box.width() - _SIDE
        date = short_date(shown.date, True, QLocale())
        if date:
            end -= write(painter, head, date, small, colors.text2, 0, end, rtl, at_end=True) + 10
        start = float(_SIDE)
        if self._view.rows.statements is not None:
            said = self._view.rows.statements.get(mention.annotation_id)
            who_end = _SIDE + (end - _SIDE) * 0.62
            if said is not None:
                start += write(
                    painter, head, ", ".join(said.sources) or "–", strong, colors.ink, start, who_end * 0.7, rtl
                )
                stance = self.tr("denied") if said.denied else self.tr("said")
                color = colors.conflict if said.denied else colors.text2
                start += 6 + write(painter, head, stance, small, color, start + 6, who_end, rtl)
                if said.via:
                    via = self.tr("via {names}").replace("{names}", ", ".join(said.via))
                    start += 6 + write(painter, head, via, small, colors.text2, start + 6, who_end, rtl)
                start += 14
            write(painter, head, shown.title, small, colors.text3, start, end, rtl, at_end=True)
        else:
            write(painter, head, shown.title, small, colors.text3, start, end, rtl)
        room = QRectF(box.left() + _SIDE, box.top() + 20, box.width() - 2 * _SIDE, ROW - 23)
        paint_kwic(painter, room, (shown.before, shown.match, shown.after), colors.text2, colors.ink)
        if self._view.hasFocus() and self._view.currentIndex() == index:
            paint_focus(painter, inner, 6.0)
        painter.restore()


class MentionView(ActingList):
    """Enter goes to the text; several can be chosen, to move them to another entry."""

    jump = Signal(str)
    picked = Signal()

    def __init__(self, read: Callable[[Mention], Words]) -> None:
        self.rows = MentionModel(read)
        super().__init__(self.rows, QCoreApplication.translate("Registry", "Mentions"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setItemDelegate(_Delegate(self))
        self.keys = {Qt.Key.Key_Return: "go", Qt.Key.Key_Enter: "go", Qt.Key.Key_S: "split", Qt.Key.Key_V: "move"}
        self.doubleClicked.connect(lambda _index: self.go())
        self.selectionModel().selectionChanged.connect(lambda _new, _old: self.picked.emit())

    def chosen(self) -> list[str]:
        """The annotations that are chosen."""
        found = (self.rows.mention(index) for index in self.selectionModel().selectedIndexes())
        return [mention.annotation_id for mention in found if mention is not None]

    def choose(self, rows: set[int]) -> None:
        """Choose these rows."""
        selection = QItemSelection()
        for row in rows:
            selection.select(self.rows.index(row), self.rows.index(row))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def go(self) -> None:
        """Jump to the current mention."""
        mention = self.rows.mention(self.currentIndex())
        if mention is not None:
            self.jump.emit(mention.annotation_id)
