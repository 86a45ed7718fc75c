"""What a step writes: domain records in, rows out through the gate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Table, func, select

from annotator.domain.changes import Kind
from annotator.domain.codebook import Field, Layer, LinkType, Registry
from annotator.domain.model import (
    Annotation,
    Apart,
    Coder,
    Dismissal,
    Document,
    Entry,
    Link,
    ProjectInfo,
    SavedSearch,
    UnwantedName,
)
from annotator.domain.text import digest
from annotator.storage import dialect, mappers, schema
from annotator.storage.gate import Gate, Row, batches, key_of

Record = (
    Annotation
    | Apart
    | Link
    | Document
    | Dismissal
    | Entry
    | Coder
    | Layer
    | LinkType
    | Registry
    | ProjectInfo
    | SavedSearch
    | UnwantedName
)


class Writer:
    """An open step. Records are checked before they come here; this only stores them."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self._positions: dict[str, int] = {}
        self._recoded = False
        self._versioned = False

    def add(self, records: Record | Iterable[Record]) -> None:
        """Store new records. Those of one kind that follow each other are written together."""
        for kind, group in groupby(_many(records), key=type):
            rows = list(group)
            for table, written in self._rows(kind, rows, new=True):
                self.gate.insert(table, written)

    def replace(self, records: Record | Iterable[Record]) -> None:
        """Store records in place of those with the same ids."""
        for kind, group in groupby(_many(records), key=type):
            records_ = list(group)
            tables = list(self._rows(kind, records_, new=False))
            own, *owned = tables
            self.gate.update(*own)
            for table, written in owned:
                self._replace_owned(table, [key_of(own[0], row)[0] for row in own[1]], written)

    def remove(self, kind: Kind, ids: Iterable[str]) -> None:
        """Remove things by id, with the rows that belong to them. What refers to them must be gone already."""
        table = schema.JOURNALLED[kind]
        for batch in batches(ids):
            for owned in _owned_tables(table):
                self.gate.delete(owned, owned.c[owned.info["key"]].in_(batch))
                if owned.info.get("also"):
                    self.gate.delete(owned, owned.c[owned.info["also"]].in_(batch))
            self.gate.delete(table, table.c.id.in_(batch))

    def add_text(self, text: str) -> str:
        """Keep a text under its SHA-256, which is returned. The same text is kept once."""
        sha256 = digest(text)
        dialect.keep_texts(self.gate.connection, [(sha256, text)])
        return sha256

    def add_texts(self, texts: Sequence[str]) -> None:
        """Keep many texts at once, which is quicker."""
        if texts:
            dialect.keep_texts(self.gate.connection, [(digest(text), text) for text in texts])

    def set_document_fields(self, fields: Sequence[Field]) -> None:
        """Replace the fields that the codebook gives to documents."""
        row = dict(self.gate.connection.execute(select(schema.project)).mappings().one())
        wanted = mappers.fields_to_json(fields)
        if wanted != row["document_fields"]:
            self._recoded = True
            self.gate.update(schema.project, [{**row, "document_fields": wanted}])

    def set_codebook_version(self, version: int) -> None:
        """Give the codebook this version: where a whole project is restored. Else it rises by itself, see `finish`."""
        self._versioned = True
        row = dict(self.gate.connection.execute(select(schema.project)).mappings().one())
        self.gate.update(schema.project, [{**row, "codebook_version": version}])

    def finish(self) -> None:
        """At the end of a step: where it changed the codebook, the codebook's version rises by one."""
        if not self._versioned and (self._recoded or self.gate.touches(("layer", "link_type", "registry"))):
            now = self.gate.connection.execute(select(schema.project.c.codebook_version)).scalar_one()
            self.set_codebook_version(now + 1)

    def arrange(self, kind: Kind, ids: Sequence[str]) -> None:
        """Put layers, link types or registries in this order."""
        table = schema.JOURNALLED[kind]
        rows = self.gate.rows(table, [(id_,) for id_ in ids])
        self.gate.update(table, [{**rows[(id_,)], "position": place} for place, id_ in enumerate(ids)])

    def _replace_owned(self, table: Table, ids: list[str], rows: list[Row]) -> None:
        of_owner: dict[str, list[Row]] = {}
        for row in rows:
            of_owner.setdefault(row[table.info["key"]], []).append(row)
        for batch in batches(ids):
            condition = table.c[table.info["key"]].in_(batch)
            wanted = [row for id_ in dict.fromkeys(batch) for row in of_owner.get(id_, ())]
            now = [dict(row) for row in self.gate.connection.execute(select(table).where(condition)).mappings()]
            if sorted(now, key=repr) != sorted(wanted, key=repr):
                self.gate.delete(table, condition)
                self.gate.insert(table, wanted)

    def _rows(self, kind: type, records: list[Any], *, new: bool) -> Iterable[tuple[Table, list[Row]]]:
        if kind is Annotation:
            yield schema.annotation, [mappers.annotation_to_row(record) for record in records]
            yield schema.mention, [row for record in records for row in mappers.mention_rows(record)]
        elif kind is Link:
            yield schema.link, [mappers.link_to_row(record) for record in records]
            yield schema.member, self._member_rows(records)
        elif kind is Document:
            yield schema.document, [mappers.document_to_row(record) for record in records]
        elif kind is ProjectInfo:
            kept: tuple[str, int] = ("[]", 1)
            if not new:
                p = schema.project
                kept = tuple(self.gate.connection.execute(select(p.c.document_fields, p.c.codebook_version)).one())
            yield schema.project, [mappers.project_to_row(record, *kept) for record in records]
        elif kind in _SIMPLE:
            table, to_row = _SIMPLE[kind]
            yield table, [to_row(record) for record in records]
        else:
            table, to_placed_row = _PLACED[kind]
            yield table, [to_placed_row(record, self._position(table, record.id, new)) for record in records]

    def _position(self, table: Table, id_: str, new: bool) -> int:
        if new:
            last = self.gate.connection.execute(select(func.coalesce(func.max(table.c.position), -1))).scalar_one()
            self._positions[table.name] = max(int(last), self._positions.get(table.name, -1)) + 1
            return self._positions[table.name]
        return int(self.gate.connection.execute(select(table.c.position).where(table.c.id == id_)).scalar_one())

    def _member_rows(self, links: list[Link]) -> list[Row]:
        members = {member for link in links for member in link.members()}
        is_link = dict.fromkeys(members, False)
        for link in links:
            if link.id in is_link:
                is_link[link.id] = True
        for batch in batches(members):
            found = self.gate.connection.execute(select(schema.link.c.id).where(schema.link.c.id.in_(batch)))
            is_link.update((row.id, True) for row in found)
        return [row for link in links for row in mappers.member_rows(link, is_link)]


_SIMPLE: dict[type, tuple[Table, Callable[[Any], Row]]] = {
    Apart: (schema.apart, mappers.apart_to_row),
    UnwantedName: (schema.unwanted_name, mappers.unwanted_to_row),
    SavedSearch: (schema.saved_search, mappers.search_to_row),
    Coder: (schema.coder, mappers.coder_to_row),
    Entry: (schema.entry, mappers.entry_to_row),
    Dismissal: (schema.dismissal, mappers.dismissal_to_row),
}
_PLACED: dict[type, tuple[Table, Callable[[Any, int], Row]]] = {
    Layer: (schema.layer, mappers.layer_to_row),
    LinkType: (schema.link_type, mappers.link_type_to_row),
    Registry: (schema.registry, mappers.registry_to_row),
}


def _many(records: Record | Iterable[Record]) -> Iterable[Record]:
    return [records] if isinstance(records, Record) else records


def _owned_tables(table: Table) -> list[Table]:
    kind = table.info["kind"]
    return [other for other in schema.JOURNALLED.values() if other is not table and other.info["kind"] == kind]
