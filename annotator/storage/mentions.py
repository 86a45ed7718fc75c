"""Which annotations refer to which entries: how often, where, and how mentions pass from entries to others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select, func, select

from annotator.domain.model import Apart, Mention, Use
from annotator.storage import dialect, schema
from annotator.storage.gate import Gate, Row, batches

_COLUMNS = ("annotation_id", "position", "entry_id")
_AT_ONCE = 20_000  # annotations in memory


def uses(connection: Connection, registry_id: str | None = None, ids: Iterable[str] | None = None) -> dict[str, Use]:
    """How each entry is used that is mentioned at all: of one registry, those with these ids, or all."""
    m, a, e = schema.mention, schema.annotation, schema.entry
    counts = (func.count(m.c.annotation_id.distinct()), func.count(a.c.document_id.distinct()), func.max(a.c.modified))
    found = select(m.c.entry_id, *counts).join(a, a.c.id == m.c.annotation_id).group_by(m.c.entry_id)
    if ids is not None:
        rows = [row for batch in batches(ids) for row in _rows(connection, found.where(m.c.entry_id.in_(batch)))]
    elif registry_id is not None:
        rows = _rows(connection, found.join(e, e.c.id == m.c.entry_id).where(e.c.registry_id == registry_id))
    else:
        rows = _rows(connection, found)
    return {row[0]: Use(*row[1:]) for row in rows}


def places(connection: Connection, entry_id: str, limit: int | None = None) -> list[Mention]:
    """Where an entry is mentioned, in the order of documents and texts."""
    m, a, d = schema.mention, schema.annotation, schema.document
    found = select(a.c.id, a.c.document_id, a.c.layer_id, a.c.start, a.c.stop).distinct()
    found = found.join(m, m.c.annotation_id == a.c.id).join(d, d.c.id == a.c.document_id)
    found = found.where(m.c.entry_id == entry_id).order_by(d.c.position, d.c.id, a.c.start, a.c.id).limit(limit)
    return [Mention(*row) for row in _rows(connection, found.add_columns(d.c.position, d.c.id), 5)]


def mentioning(connection: Connection, entry_ids: Iterable[str]) -> tuple[int, int]:
    """How many annotations refer to any of these entries, and in how many documents."""
    m, a = schema.mention, schema.annotation
    annotations: set[str] = set()
    documents: set[str] = set()
    for batch in batches(entry_ids):
        found = select(a.c.id, a.c.document_id).join(m, m.c.annotation_id == a.c.id)
        for annotation_id, document_id in _rows(connection, found.where(m.c.entry_id.in_(batch))):
            annotations.add(annotation_id)
            documents.add(document_id)
    return len(annotations), len(documents)


def move(gate: Gate, from_ids: Collection[str], to_id: str | None, only: Collection[str] | None = None) -> int:
    """Let annotations refer to another entry in place of these, or to none; how many did.

    `only`: of these annotations alone. One that referred to both refers once. `modified` stays as it is: what an
    annotation means to its coder is what it meant before.
    """
    moved = 0
    for rows in _of_annotations(gate.connection, from_ids, only):
        before: list[Row] = []
        after: list[Row] = []
        shorter: list[str] = []
        fewer: list[Row] = []
        for annotation_id, group in groupby(rows, key=itemgetter("annotation_id")):
            held = list(group)
            meant = [to_id if row["entry_id"] in from_ids else row["entry_id"] for row in held]
            kept = [entry_id for entry_id in dict.fromkeys(meant) if entry_id is not None]
            moved += 1
            if len(kept) == len(held):
                for row, entry_id in zip(held, kept, strict=True):
                    if row["entry_id"] != entry_id:
                        before.append(row)
                        after.append({**row, "entry_id": entry_id})
            else:
                shorter.append(annotation_id)
                fewer += [
                    {"annotation_id": annotation_id, "position": place, "entry_id": entry_id}
                    for place, entry_id in enumerate(kept)
                ]
        gate.change(schema.mention, before, after)
        for batch in batches(shorter):
            gate.delete(schema.mention, schema.mention.c.annotation_id.in_(batch))
        gate.insert(schema.mention, fewer)
    return moved


def apart(connection: Connection) -> set[Apart]:
    """All pairs that are not duplicates."""
    return {Apart(*row) for row in _rows(connection, select(schema.apart))}


def forget_apart(gate: Gate, pair: Apart) -> None:
    """Two entries may be proposed as duplicates again."""
    table = schema.apart
    gate.delete(table, (table.c.first == pair.first) & (table.c.second == pair.second))


def pass_on_apart(gate: Gate, gone: Collection[str], keep_id: str) -> None:
    """What was judged different from entries that become part of another one is different from that."""
    table = schema.apart
    known = apart(gate.connection)
    touched = {pair for pair in known if pair.first in gone or pair.second in gone}
    for batch in batches(gone):
        gate.delete(table, table.c.first.in_(batch) | table.c.second.in_(batch))
    new = {
        Apart.of(*(keep_id if id_ in gone else id_ for id_ in (pair.first, pair.second))) for pair in touched
    } - known
    rows = sorted((pair.first, pair.second) for pair in new if pair.first != pair.second)
    gate.insert(table, [{"first": first, "second": second} for first, second in rows])


def pass_on_unwanted(gate: Gate, gone: Collection[str], keep_id: str, own: Collection[str]) -> None:
    """Names that are never to be proposed for entries which become part of another one are not for that, except its own."""
    table = schema.unwanted_name
    named = select(table.c.name).distinct()
    known = {row[0] for row in _rows(gate.connection, named.where(table.c.entry_id == keep_id))}
    found: set[str] = set()
    for batch in batches(gone):
        found.update(row[0] for row in _rows(gate.connection, named.where(table.c.entry_id.in_(batch))))
    gate.insert(table, [{"entry_id": keep_id, "name": name} for name in sorted(found - known - set(own))])


def _of_annotations(
    connection: Connection, entry_ids: Collection[str], only: Collection[str] | None
) -> Iterator[list[Row]]:
    """The rows of all annotations that refer to these entries, whole annotations at a time."""
    m = schema.mention
    ids: set[str] = set()
    for batch in batches(entry_ids):
        ids.update(row[0] for row in _rows(connection, select(m.c.annotation_id).where(m.c.entry_id.in_(batch))))
    if only is not None:
        ids &= set(only)
    referring = select(m.c.annotation_id).where(m.c.entry_id.in_(entry_ids))
    found = select(*(m.c[name] for name in _COLUMNS)).where(m.c.annotation_id.in_(referring))
    found = found.order_by(m.c.annotation_id, m.c.position)
    for chunk in batches(sorted(ids), _AT_ONCE):
        rows = _rows(connection, found.where(m.c.annotation_id.between(chunk[0], chunk[-1])))
        yield [
            {"annotation_id": annotation_id, "position": position, "entry_id": entry_id}
            for annotation_id, position, entry_id in rows
            if annotation_id in ids
        ]


def _rows(connection: Connection, found: Select[Any], columns: int | None = None) -> list[tuple[Any, ...]]:
    rows = dialect.plain_rows(connection, found)
    return rows if columns is None else [row[:columns] for row in rows]
