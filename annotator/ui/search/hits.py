"""The rows of the list of hits: titles of documents, and the hits under them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

if TYPE_CHECKING:
    from annotator.services.search import Hit

_NO_PARENT = QModelIndex()


class Hits(QAbstractListModel):
    """A row is a title (str) or the number of a hit (int)."""

    chosen_changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.hits: list[Hit] = []
        self.rows: list[str | int] = []
        self.row_of: list[int] = []
        """The row of each hit."""
        self.chosen: set[int] = set()
        self.documents = 0

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        if index.isValid() and isinstance(self.rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags  # the arrows pass over titles
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            if isinstance(row, str):
                return row
            hit = self.hits[row]
            return f"{hit.before}{hit.match}{hit.after}"
        if role == Qt.ItemDataRole.AccessibleDescriptionRole and isinstance(row, int):
            return self.tr("chosen") if row in self.chosen else ""
        return None

    def clear(self) -> None:
        """No hits."""
        self.beginResetModel()
        self.hits, self.rows, self.row_of, self.chosen, self.documents = [], [], [], set(), 0
        self.endResetModel()
        self.chosen_changed.emit()

    def add(self, hits: Iterable[Hit]) -> None:
        """More of them, after those that are there."""
        rows: list[str | int] = []
        first, before = len(self.rows), self.hits[-1].document_id if self.hits else ""
        found = list(hits)
        for number, hit in enumerate(found, len(self.hits)):
            if hit.document_id != before:
                before = hit.document_id
                self.documents += 1
                rows.append(hit.title)
            self.row_of.append(first + len(rows))
            rows.append(number)
        if rows:
            self.beginInsertRows(_NO_PARENT, first, first + len(rows) - 1)
            self.rows += rows
            self.hits += found
            self.endInsertRows()

    def hit_at(self, row: int) -> int | None:
        """The number of the hit in a row; None for a title."""
        at = self.rows[row] if 0 <= row < len(self.rows) else None
        return at if isinstance(at, int) else None

    def under(self, row: int) -> list[int]:
        """The hits of a row: its own, or all under a title."""
        at = self.rows[row]
        if isinstance(at, int):
            return [at]
        found: list[int] = []
        while row + 1 < len(self.rows) and isinstance(following := self.rows[row + 1], int):
            found.append(following)
            row += 1
        return found

    def choose(self, numbers: Iterable[int], on: bool) -> None:
        """Choose hits, or let go of them."""
        wanted = set(numbers)
        self.chosen = self.chosen | wanted if on else self.chosen - wanted
        self.chosen_changed.emit()

    def toggle(self, row: int) -> None:
        """Choose a row's hits; where all of them are, let go of them."""
        numbers = self.under(row)
        self.choose(numbers, not self.chosen.issuperset(numbers))

    def choose_all(self) -> None:
        """All hits; none where all are chosen."""
        self.choose(range(len(self.hits)), len(self.chosen) < len(self.hits))

    def wanted(self) -> list[Hit]:
        """Those that are chosen; all where none is."""
        return [self.hits[number] for number in sorted(self.chosen)] if self.chosen else list(self.hits)
