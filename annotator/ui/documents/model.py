"""The rows of the documents list, by id, filtered and sorted in Python.

No proxy model: at 10,000 rows a proxy calls back into Python once a row and a comparison. Here a filter is one
pass of substring tests over strings lower-cased once, and a ChangeSet touches only the rows that it names.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from annotator.domain.model import STATUSES

if TYPE_CHECKING:
    from annotator.services.documents import DocumentRow

ID_ROLE = int(Qt.ItemDataRole.UserRole)
SORTS = ("position", "date", "title", "status")
_COUNTED = 60  # rows whose annotations are counted at once: about a screen
_PATCH_LIMIT = 300  # beyond this many rows one reset is cheaper than single moves
_NO_PARENT = QModelIndex()

Key = tuple[Any, ...]


def _haystack(row: DocumentRow) -> str:
    return "\n".join((row.title, row.outlet, row.date, row.author)).casefold()


_KEYS: dict[str, Callable[[DocumentRow], Key]] = {
    "position": lambda row: (row.position, row.id),
    "date": lambda row: (row.date or "9999", row.position, row.id),
    "title": lambda row: (row.title.casefold(), row.position, row.id),
    "status": lambda row: (STATUSES.index(row.status) if row.status in STATUSES else 9, row.position, row.id),
}


class DocumentsModel(QAbstractListModel):
    """Every document's row; shows those that pass the filter, in the chosen order."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, DocumentRow] = {}
        self._texts: dict[str, str] = {}  # lower-cased, made when first searched
        self._shown: list[str] = []
        self._needle = ""
        self._status = ""
        self._sort = "position"
        self._done = 0
        self._several_years: bool | None = None  # found out when first asked for after a change
        self._ranks: dict[str, int] | None = None  # made when first asked for after a change
        self._counts: dict[str, int] = {}
        self.count: Callable[[list[str]], dict[str, int]] = lambda _ids: {}
        """Counts the annotations of documents, by id; those that have none may be left out."""

    # Qt's side

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        """How many rows are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The title, the id, and what a screen reader says; the delegate reads `row_at` instead."""
        row = self.row_at(index.row())
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == ID_ROLE:
            return row.id
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            state = {"new": self.tr("new"), "in progress": self.tr("in progress"), "done": self.tr("done")}
            parts = [row.title, row.outlet, row.date, state.get(row.status, row.status)]
            if role == Qt.ItemDataRole.AccessibleTextRole:
                n = self.annotations_of(row.id)
                parts.append(self.tr("1 annotation") if n == 1 else self.tr("%n annotations", "", n))
            return ", ".join(part for part in parts if part)
        return None

    # What the panel and the delegate ask

    def row_at(self, place: int) -> DocumentRow | None:
        """The row shown at this place."""
        return self._rows.get(self._shown[place]) if 0 <= place < len(self._shown) else None

    def row(self, document_id: str) -> DocumentRow | None:
        """The row of this document, shown or not."""
        return self._rows.get(document_id)

    def place_of(self, document_id: str | None) -> int:
        """Where this document is shown, or -1."""
        row = self._rows.get(document_id) if document_id else None
        return self._find(row) if row is not None else -1

    def shown_ids(self) -> list[str]:
        """Ids of the rows shown, in their order."""
        return list(self._shown)

    def counts(self) -> tuple[int, int]:
        """How many documents are done, and how many there are."""
        return self._done, len(self._rows)

    def rank_of(self, document_id: str) -> int:
        """Its number in the project's order, from 1; 0 where it is not there."""
        row = self._rows.get(document_id)
        if row is None:
            return 0
        if self._ranks is None:
            ordered = sorted(self._rows.values(), key=_KEYS["position"])
            self._ranks = {other.id: number for number, other in enumerate(ordered, 1)}
        return self._ranks[document_id]

    def annotations_of(self, document_id: str) -> int:
        """How many annotations a document has. Counted a screen at a time, as rows come into sight."""
        if document_id not in self._counts:
            place = max(0, self.place_of(document_id))
            near = [id_ for id_ in self._shown[place : place + _COUNTED] if id_ not in self._counts]
            wanted = near if document_id in near else [document_id]
            self._counts |= dict.fromkeys(wanted, 0) | self.count(wanted)
        return self._counts[document_id]

    def several_years(self) -> bool:
        """Whether dates need their year to be told apart."""
        if self._several_years is None:
            years = (row.date[:4] for row in self._rows.values())
            first = next(filter(None, years), "")
            self._several_years = any(year and year != first for year in years)
        return self._several_years

    @property
    def sort_key(self) -> str:
        """What the rows are sorted by."""
        return self._sort

    @property
    def status_filter(self) -> str:
        """The status that is shown, or "" for all."""
        return self._status

    # Loading, narrowing, sorting

    def set_rows(self, rows: Sequence[DocumentRow]) -> None:
        """Replace every row."""
        self.beginResetModel()
        self._rows = {row.id: row for row in rows}
        self._ranks = None
        self._texts = {}
        self._done = sum(row.status == "done" for row in rows)
        self._several_years = None
        self._counts = {}
        self._arrange()
        self.endResetModel()

    def set_filter(self, text: str = "", status: str = "") -> None:
        """Show only rows that hold every word of `text` and have this status."""
        needle = text.casefold().strip()
        if (needle, status) == (self._needle, self._status):
            return
        self.beginResetModel()
        self._needle, self._status = needle, status
        self._arrange()
        self.endResetModel()

    def set_sort(self, key: str) -> None:
        """Sort by project order, date, title or status."""
        if key == self._sort or key not in _KEYS:
            return
        self.beginResetModel()
        self._sort = key
        self._arrange()
        self.endResetModel()

    def _arrange(self) -> None:
        rows: Iterable[DocumentRow] = self._rows.values()
        if self._status:
            rows = [row for row in rows if row.status == self._status]
        if self._needle:
            self._read_texts()
            words, texts = self._needle.split(), self._texts
            if len(words) == 1:
                word = words[0]
                rows = [row for row in rows if word in texts[row.id]]
            else:
                rows = [row for row in rows if all(word in texts[row.id] for word in words)]
        self._shown = [row.id for row in sorted(rows, key=_KEYS[self._sort])]

    def _read_texts(self) -> None:
        if len(self._texts) != len(self._rows):
            self._texts = {row.id: _haystack(row) for row in self._rows.values()}

    def _passes(self, row: DocumentRow) -> bool:
        if self._status and row.status != self._status:
            return False
        if not self._needle:
            return True
        text = self._texts.get(row.id) or _haystack(row)
        return all(word in text for word in self._needle.split())

    # Patching what a change names

    def patch(self, changed: Sequence[DocumentRow], removed: Iterable[str] = ()) -> None:
        """Put these rows (new or changed) in place and take those ids out; nothing else is touched."""
        gone = [document_id for document_id in removed if document_id in self._rows]
        if len(gone) + len(changed) > _PATCH_LIMIT:
            rows = {**self._rows, **{row.id: row for row in changed}}
            for document_id in gone:
                rows.pop(document_id, None)
            self.set_rows(list(rows.values()))
            return
        for document_id in (*gone, *(row.id for row in changed)):
            self._counts.pop(document_id, None)
        for document_id in gone:
            self._drop(document_id)
        for row in changed:
            self._put(row)

    def recount(self, ids: Iterable[str]) -> None:
        """The annotations of these were changed, and nothing else of them."""
        for document_id in ids:
            self._counts.pop(document_id, None)
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def _drop(self, document_id: str) -> None:
        row = self._rows[document_id]
        self._ranks = None
        place = self._find(row)
        if place >= 0:
            self.beginRemoveRows(_NO_PARENT, place, place)
            del self._shown[place]
        del self._rows[document_id]
        self._texts.pop(document_id, None)
        self._done -= row.status == "done"
        if place >= 0:
            self.endRemoveRows()

    def _put(self, row: DocumentRow) -> None:
        old = self._rows.get(row.id)
        place = self._find(old) if old is not None else -1
        if old is None or old.position != row.position:
            self._ranks = None
        shown = self._passes_new(row)
        same_order = old is not None and _KEYS[self._sort](old) == _KEYS[self._sort](row)
        self._done += (row.status == "done") - (old is not None and old.status == "done")
        if old is None or old.date != row.date:
            self._several_years = None
        if place >= 0 and shown and same_order:
            self._rows[row.id] = row
            index = self.index(place)
            self.dataChanged.emit(index, index)
            return
        if place >= 0 and shown:
            self._move(row, place)
            return
        if place >= 0:
            self.beginRemoveRows(_NO_PARENT, place, place)
            del self._shown[place]
            self._rows[row.id] = row
            self.endRemoveRows()
            return
        self._rows[row.id] = row
        if shown:
            target = self._target(row)
            self.beginInsertRows(_NO_PARENT, target, target)
            self._shown.insert(target, row.id)
            self.endInsertRows()

    def _move(self, row: DocumentRow, place: int) -> None:
        shown = self._shown
        del shown[place]
        target = self._target(row)
        shown.insert(place, row.id)
        if target == place:
            self._rows[row.id] = row
        else:
            # Qt counts the place before the row is taken out.
            self.beginMoveRows(_NO_PARENT, place, place, _NO_PARENT, target + (target > place))
            del shown[place]
            shown.insert(target, row.id)
            self._rows[row.id] = row
            self.endMoveRows()
        index = self.index(target)
        self.dataChanged.emit(index, index)

    def _passes_new(self, row: DocumentRow) -> bool:
        if self._texts:
            self._texts[row.id] = _haystack(row)
        return self._passes(row)

    def _target(self, row: DocumentRow) -> int:
        key = _KEYS[self._sort]
        return bisect_left(self._shown, key(row), key=lambda document_id: key(self._rows[document_id]))

    def _find(self, row: DocumentRow) -> int:
        place = self._target(row)
        return place if place < len(self._shown) and self._shown[place] == row.id else -1
