"""What a change of the codebook does to rows: whole sets at a time, through the gate.

Nothing here touches `created` or `modified`: these say when a coder decided something, and a codebook that calls it
otherwise decides nothing. That is why an annotation's version of the codebook can be told from its times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, Table, func, select

from annotator.domain.model import FieldValue
from annotator.storage import dialect, mappers, schema
from annotator.storage.gate import BATCH, Gate, batches

OwnerKind = Literal["layer", "link_type", "registry", "documents"]
Values = dict[str, FieldValue]
Rewrite = Callable[[Values], Values]

# Where the values of an owner's fields stand: the table, the column with the owner's id, the column with the values.
_HOLDERS: Mapping[str, tuple[Table, str, str]] = {
    "layer": (schema.annotation, "layer_id", "fields"),
    "link_type": (schema.link, "type_id", "fields"),
    "registry": (schema.entry, "registry_id", "fields"),
    "documents": (schema.document, "", "metadata"),
}


def _of(table: Table, column: str, owner_id: str) -> list[ColumnElement[bool]]:
    return [table.c[column] == owner_id] if column else []


class Uses:
    """Counts what a change would touch."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def any(self, kind: OwnerKind, owner_id: str) -> bool:
        """Whether this owner has anything."""
        table, column, _ = _HOLDERS[kind]
        found = select(table.c.id).where(*_of(table, column, owner_id)).limit(1)
        return self.connection.execute(found).first() is not None

    def held(self, kind: OwnerKind, owner_id: str) -> tuple[int, int]:
        """How many things this owner has (annotations of a layer, entries of a registry), and in how many documents."""
        table, column, _ = _HOLDERS[kind]
        if kind == "registry":
            return self._count(select(func.count()).select_from(table).where(*_of(table, column, owner_id))), 0
        documents = table.c.id if kind == "documents" else table.c.document_id
        found = select(func.count(), func.count(documents.distinct())).where(*_of(table, column, owner_id))
        count, of = self.connection.execute(found).one()
        return int(count), int(of)

    def values(self, kind: OwnerKind, owner_id: str, holding: str = "") -> Iterator[tuple[str, Values]]:
        """The document's id ("" for entries) and the values of each thing that has any.

        Values that are alike are one and the same mapping; do not change it. With `holding`, what does not have this
        text in it, as a name or as a choice, is mostly left out.
        """
        table, column, values = _HOLDERS[kind]
        document = {"registry": table.c.id, "documents": table.c.id}.get(kind)
        shown = table.c.document_id if document is None else document
        found = select(shown, table.c[values]).where(*_of(table, column, owner_id), table.c[values] != "{}")
        if holding:
            found = found.where(table.c[values].contains(mappers.dump(holding), autoescape=True))
        known: dict[str, Values] = {}
        for document_id, held in dialect.plain_rows(self.connection, found):
            if held not in known:
                known[held] = mappers.load(held)
            yield ("" if kind == "registry" else document_id), known[held]

    def members(self, type_id: str, role: str) -> int:
        """How many members stand in a role of all links of a type."""
        m, k = schema.member, schema.link
        found = select(func.count()).select_from(m.join(k, k.c.id == m.c.link_id))
        return self._count(found.where(k.c.type_id == type_id, m.c.role == role))

    def strangers(self, type_id: str, role: str, layer_ids: Iterable[str] | None, type_ids: Iterable[str]) -> int:
        """How many members stand in a role that would take only these layers (None: any) and link types."""
        return self._count(select(func.count()).select_from(strangers(type_id, role, layer_ids, type_ids).subquery()))

    def links_of(self, annotations_of: str) -> int:
        """How many links hold annotations of a layer."""
        m, a = schema.member, schema.annotation
        found = select(func.count(m.c.link_id.distinct())).select_from(m.join(a, a.c.id == m.c.annotation_id))
        return self._count(found.where(a.c.layer_id == annotations_of))

    def mentions(self, *, layer_id: str = "", registry_id: str = "") -> int:
        """How many annotations refer to entries: those of a layer, or those that refer to a registry."""
        m, a, e = schema.mention, schema.annotation, schema.entry
        found = select(func.count(m.c.annotation_id.distinct()))
        if layer_id:
            return self._count(
                found.select_from(m.join(a, a.c.id == m.c.annotation_id)).where(a.c.layer_id == layer_id)
            )
        return self._count(found.select_from(m.join(e, e.c.id == m.c.entry_id)).where(e.c.registry_id == registry_id))

    def headless(self, type_id: str, role: str) -> list[str]:
        """Ids of the links of a type that hold nothing in a role."""
        m, k = schema.member, schema.link
        filled = select(m.c.link_id).where(m.c.role == role)
        return list(self.connection.scalars(select(k.c.id).where(k.c.type_id == type_id, k.c.id.not_in(filled))))

    def _count(self, found: Select[Any]) -> int:
        return int(self.connection.execute(found).scalar_one())


def strangers(
    type_id: str, role: str, layer_ids: Iterable[str] | None, type_ids: Iterable[str]
) -> Select[tuple[str, str | None, str | None]]:
    """Link and member for the members of a role that it would not take: other layers (None: takes any), other types."""
    m, k = schema.member, schema.link
    a, inner = schema.annotation, schema.link.alias("inner_link")
    joined = (
        m.join(k, k.c.id == m.c.link_id)
        .outerjoin(a, a.c.id == m.c.annotation_id)
        .outerjoin(inner, inner.c.id == m.c.inner_id)
    )
    wrong = m.c.inner_id.is_not(None) & inner.c.type_id.not_in(list(type_ids))
    if layer_ids is not None:
        wrong = wrong | (m.c.annotation_id.is_not(None) & a.c.layer_id.not_in(list(layer_ids)))
    found = select(m.c.link_id, m.c.annotation_id, m.c.inner_id).select_from(joined)
    return found.where(k.c.type_id == type_id, m.c.role == role, wrong)


class Recoder:
    """Rewrites what the project holds, inside a step."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self.connection = gate.connection

    def rewrite(
        self, kind: OwnerKind, owner_id: str, change: Rewrite, to_owner: str = "", only: Iterable[str] | None = None
    ) -> None:
        """Change the values of all things of an owner; with `to_owner` they become that one's."""
        table, column, values = _HOLDERS[kind]
        conditions = [*_of(table, column, owner_id)]
        if not to_owner:
            conditions.append(table.c[values] != "{}")
        last = ""
        while True:
            found = select(table).where(*conditions, table.c.id > last).order_by(table.c.id).limit(BATCH)
            rows = [dict(row) for row in self.connection.execute(found).mappings()]
            if not rows:
                return
            last = rows[-1]["id"]
            changed = []
            for row in rows:
                held = mappers.load(row[values]) if row[values] != "{}" else {}
                new = {**row, values: mappers.dump(change(held)) if held else row[values]}
                if to_owner:
                    new[column] = to_owner
                if new != row:
                    changed.append(new)
            self._gate.update(table, changed)

    def drop_mentions(self, *, layer_id: str = "", registry_id: str = "") -> set[str]:
        """Make annotations (of a layer, or wherever they refer to a registry) refer to nothing; which entries they meant.

        What else an annotation refers to moves up, so that its entries stay numbered from 0.
        """
        m, a, e = schema.mention, schema.annotation, schema.entry
        if layer_id:
            doomed = select(m).join(a, a.c.id == m.c.annotation_id).where(a.c.layer_id == layer_id)
        else:
            doomed = select(m).join(e, e.c.id == m.c.entry_id).where(e.c.registry_id == registry_id)
        rows = self.connection.execute(doomed).all()
        for batch in batches(dict.fromkeys(row.annotation_id for row in rows)):
            self._gate.delete(m, m.c.annotation_id.in_(batch))
        return {row.entry_id for row in rows}

    def move_role(self, type_id: str, old: str, new: str) -> None:
        """Put the members of a role into another one, behind those that are there; one that is there stays once."""
        m, k = schema.member, schema.link
        found = select(m).join(k, k.c.id == m.c.link_id)
        found = found.where(k.c.type_id == type_id, m.c.role.in_((old, new)))
        rows = self.connection.execute(found.order_by(m.c.link_id, m.c.position)).mappings().all()
        held: dict[str, list[dict[str, Any]]] = {}
        moving: dict[str, list[dict[str, Any]]] = {}
        for found_row in rows:
            side = held if found_row["role"] == new else moving
            side.setdefault(found_row["link_id"], []).append(dict(found_row))
        added = []
        for link_id, members in moving.items():
            there = held.get(link_id, [])
            known = {(row["annotation_id"], row["inner_id"]) for row in there}
            place = max((row["position"] for row in there), default=-1) + 1
            for row in members:
                if (row["annotation_id"], row["inner_id"]) not in known:
                    added.append({**row, "role": new, "position": place})
                    place += 1
        for batch in batches(moving):
            self._gate.delete(m, m.c.link_id.in_(batch) & (m.c.role == old))
        self._gate.insert(m, added)

    def ids(self, kind: Literal["layer", "link_type", "registry"], owner_id: str) -> list[str]:
        """Ids of all things of an owner."""
        table, column, _ = _HOLDERS[kind]
        return list(self.connection.scalars(select(table.c.id).where(table.c[column] == owner_id)))

    def forget_dismissals(self, layer_id: str) -> None:
        """Drop what was not to be proposed again in a layer."""
        self._gate.delete(schema.dismissal, schema.dismissal.c.layer_id == layer_id)
