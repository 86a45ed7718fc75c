"""The one gate through which every row is written, and the journal that it keeps.

Rows go in batches; each batch is one line of the journal, with the images of its rows before and after.
Undo is the journal read backwards: a line's images are swapped, once it is sure that the rows still are as it left them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Column, Connection, Table, bindparam, delete, insert, select
from sqlalchemy.sql.elements import ColumnElement

from annotator.domain.changes import ChangeSet, Origin
from annotator.domain.errors import Conflict
from annotator.storage import dialect, schema

Row = dict[str, Any]
Key = tuple[Any, ...]
BATCH = 1000


def batches(rows: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
    """Lists of at most `size` items."""
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


def key_of(table: Table, row: Mapping[Any, Any]) -> Key:
    """The primary key of a row, as a tuple."""
    return tuple([row[name] for name in key_names(table)])


@lru_cache(maxsize=64)
def key_names(table: Table) -> tuple[str, ...]:
    """The columns of the primary key."""
    return tuple(column.name for column in table.primary_key)


def rows_with(connection: Connection, table: Table, keys: Sequence[Key]) -> dict[Key, Row]:
    """The rows with these keys as they are now."""
    found: dict[Key, Row] = {}
    names = [column.name for column in table.columns]
    places = [names.index(name) for name in key_names(table)]
    first = table.c[key_names(table)[0]]
    for batch in batches(keys):
        # By the first column of the key alone, which is an owner's id where there are more: far cheaper than by all.
        wanted = set(batch)
        for row in connection.execute(select(table).where(first.in_({key[0] for key in batch}))):
            values = tuple(row)
            key = tuple([values[place] for place in places])
            if key in wanted:
                found[key] = dict(zip(names, values, strict=True))
    return found


class Gate:
    """Writes rows in one open transaction and remembers what became of them."""

    def __init__(self, connection: Connection, step: int, *, journal: bool = True) -> None:
        self.connection = connection
        self.step = step
        self.writes = 0
        self.tell: Callable[[int], object] | None = None
        """Told how many rows have been written so far; it may raise Cancelled, and then nothing of the step stays."""
        self._told = 0
        self._journal = journal
        self._touched: dict[str, dict[str, set[str]]] = {
            "added": defaultdict(set),
            "changed": defaultdict(set),
            "removed": defaultdict(set),
        }
        self._documents: set[str] = set()
        self._placed: set[str] = set()
        self._unplaced: dict[str, set[str]] = defaultdict(set)

    def rows(self, table: Table, keys: Sequence[Key]) -> dict[Key, Row]:
        """The rows with these keys as they are now."""
        return rows_with(self.connection, table, keys)

    def insert(self, table: Table, rows: Iterable[Row]) -> None:
        """Add rows (every column given)."""
        for batch in batches(rows):
            self._swap(table, None, batch)

    def update(self, table: Table, rows: Iterable[Row]) -> None:
        """Replace rows by their keys; those that would not change are left alone."""
        for batch in batches(rows):
            now = self.rows(table, [key_of(table, row) for row in batch])
            changed = [row for row in batch if now.get(key_of(table, row)) not in (None, row)]
            if changed:
                self._swap(table, [now[key_of(table, row)] for row in changed], changed)

    def change(self, table: Table, before: list[Row], after: list[Row]) -> None:
        """Replace rows that were read just now by others with the same keys."""
        for at in range(0, len(before), BATCH):
            self._swap(table, before[at : at + BATCH], after[at : at + BATCH])

    def delete(self, table: Table, condition: ColumnElement[bool]) -> None:
        """Remove the rows that the condition picks."""
        doomed = [dict(row) for row in self.connection.execute(select(table).where(condition)).mappings()]
        for batch in batches(doomed):
            self._swap(table, batch, None)

    def touches(self, kinds: Iterable[str]) -> bool:
        """Whether rows of these kinds have been written."""
        return any(part.get(kind) for part in self._touched.values() for kind in kinds)

    def swap_back(self, table: Table, before: list[Row] | None, after: list[Row] | None) -> None:
        """Undo one line of the journal: from `after` to `before`. Raises Conflict where the rows are others by now."""
        expected = {key_of(table, row): row for row in after or ()}
        keys = list(expected) or [key_of(table, row) for row in before or ()]
        if self.rows(table, keys) != expected:
            raise Conflict("This step cannot be undone: what it changed has been changed again since.")
        self._swap(table, after, before)

    def change_set(self, action: str, what: str, origin: Origin) -> ChangeSet:
        """What was written so far, by kind and id."""
        added, changed, removed = (self._touched[name] for name in ("added", "changed", "removed"))
        for kind in {*added, *removed}:
            # A thing that went and came back within the step has changed.
            both = added[kind] & removed[kind]
            changed[kind] |= both
            added[kind] -= both
            removed[kind] -= both
        for kind in changed:
            changed[kind] -= added[kind] | removed[kind]
        self._find_documents()
        return ChangeSet(
            action, what, origin, _frozen(added), _frozen(changed), _frozen(removed), frozenset(self._documents)
        )

    def _swap(self, table: Table, before: list[Row] | None, after: list[Row] | None) -> None:
        """The one place where rows are written: from these to those, with a line in the journal."""
        before_values, after_values = values_of(table, before), values_of(table, after)
        if before is None and after_values:
            dialect.insert_plain(self.connection, table, after_values)
        elif after is None and before:
            self._delete(table, before)
        elif before and after:
            self._update(table, after)
        self.writes += 1
        self._remember(table, before, after)
        if self.tell is not None:
            self._told += len(after if after is not None else before or ())
            self.tell(self._told)
        if self._journal:
            self.connection.execute(
                insert(schema.change),
                {
                    "step": self.step,
                    "sequence": self.writes,
                    "table_name": table.name,
                    "before": image(table, before_values),
                    "after": image(table, after_values),
                },
            )

    def _delete(self, table: Table, rows: list[Row]) -> None:
        names = key_names(table)
        statement = delete(table).where(*(table.c[name] == bindparam(f"key_{name}") for name in names))
        self.connection.execute(statement, [{f"key_{name}": row[name] for name in names} for row in rows])

    def _update(self, table: Table, rows: list[Row]) -> None:
        keys = key_names(table)
        names = [column.name for column in table.columns if column.name not in keys]
        dialect.update_plain(self.connection, table, names, list(map(itemgetter(*names, *keys), rows)))

    def _remember(self, table: Table, before: list[Row] | None, after: list[Row] | None) -> None:
        kind, key = table.info["kind"], table.info["key"]
        part = "changed"
        if key == "id":
            part = "added" if before is None else "removed" if after is None else "changed"
        rows = after if after is not None else before or []
        self._touched[part][kind].update(row[key] for row in rows)
        if "document_id" in table.c:
            self._documents.update(row["document_id"] for row in rows)
            if part != "added":  # those are in `_touched` already, and may be very many
                self._placed.update(row[key] for row in rows)
        else:
            added = self._touched["added"][kind]
            self._unplaced[kind].update(row[key] for row in rows if row[key] not in added)

    def _find_documents(self) -> None:
        """Name the documents of what only had rows of other tables written: the mentions of an annotation, say."""
        for kind, ids in self._unplaced.items():
            owner = schema.JOURNALLED.get(kind)
            if owner is None or "document_id" not in owner.c:
                continue
            for batch in batches(ids - self._placed):
                found = select(owner.c.document_id).where(owner.c.id.in_(batch)).distinct()
                self._documents.update(row[0] for row in dialect.plain_rows(self.connection, found))


def _frozen(touched: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {kind: frozenset(ids) for kind, ids in touched.items() if ids}


def values_of(table: Table, rows: list[Row] | None) -> list[tuple[Any, ...]] | None:
    """The values of rows, in the order of the table's columns."""
    return None if rows is None else list(map(itemgetter(*(column.name for column in table.columns)), rows))


def image(table: Table, values: list[tuple[Any, ...]] | None) -> str | None:
    """Rows as the journal keeps them. Columns are named, so that a later version with more of them can read it."""
    if values is None:
        return None
    return orjson.dumps({"columns": [column.name for column in table.columns], "rows": values}).decode()


def rows_of(table: Table, kept: str | None) -> list[Row] | None:
    """The rows of an image; columns that the table got since take their default."""
    if kept is None:
        return None
    value = orjson.loads(kept)
    missing = {column.name: _default(column) for column in table.columns if column.name not in value["columns"]}
    return [{**dict(zip(value["columns"], row, strict=True)), **missing} for row in value["rows"]]


def _default(column: Column[Any]) -> object:
    default = getattr(column.server_default, "arg", None)
    return default if default is None else column.type.python_type(default)
