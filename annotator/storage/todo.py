"""What the codebook asks for and the project does not have yet, read in whole sets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, case, func, literal, select

from annotator.storage import dialect, mappers, schema
from annotator.storage.gate import batches


class OpenThing(NamedTuple):
    """A thing and the names of the required fields without a value."""

    id: str
    document_id: str
    place: int
    missing: tuple[str, ...]


def open_fields(
    connection: Connection, kind: str, owner_id: str, required: Iterable[str], document_id: str | None
) -> Iterator[OpenThing]:
    """Annotations, links, entries or documents of an owner in which a required field has no value."""
    names = tuple(required)
    a, k, e, d = schema.annotation, schema.link, schema.entry, schema.document
    if kind == "layer":
        found = select(a.c.id, a.c.document_id, a.c.start, a.c.fields).where(a.c.layer_id == owner_id)
        place = a.c.document_id
    elif kind == "link_type":
        found = select(k.c.id, k.c.document_id, literal(0), k.c.fields).where(k.c.type_id == owner_id)
        place = k.c.document_id
    elif kind == "registry":
        found = select(e.c.id, e.c.note, literal(0), e.c.fields).where(e.c.registry_id == owner_id)
        place = None
    else:
        found = select(d.c.id, d.c.id, literal(0), d.c.metadata)
        place = d.c.id
    if document_id is not None:
        if place is None:
            return
        found = found.where(place == document_id)
    for id_, document, start, held in connection.execute(found):
        values = {} if held == "{}" else mappers.load(held)
        missing = tuple([name for name in names if values.get(name) in (None, "", [])])
        if missing:
            yield OpenThing(id_, "" if kind == "registry" else document, start, missing)


class ShortRole(NamedTuple):
    """A link and how many members one of its roles has, where that is too few."""

    id: str
    document_id: str
    role: str
    members: int


def short_roles(
    connection: Connection, type_id: str, minimums: dict[str, int], document_id: str | None
) -> Iterator[ShortRole]:
    """Links of a type in which a role has fewer members than it needs."""
    k, m = schema.link, schema.member
    wanted = [k.c.type_id == type_id, *([k.c.document_id == document_id] if document_id is not None else [])]
    counted = (
        select(m.c.link_id, m.c.role, func.count())
        .join(k, k.c.id == m.c.link_id)
        .where(*wanted, m.c.role.in_(list(minimums)))
        .group_by(m.c.link_id, m.c.role)
    )
    counts = {(link_id, role): count for link_id, role, count in connection.execute(counted)}
    for link_id, document in connection.execute(select(k.c.id, k.c.document_id).where(*wanted)):
        for role, least in minimums.items():
            if (count := counts.get((link_id, role), 0)) < least:
                yield ShortRole(link_id, document, role, count)


def _time() -> ColumnElement[str]:
    """When an annotation was changed last, else made."""
    a = schema.annotation
    return case((a.c.modified != "", a.c.modified), else_=a.c.created)


def times(connection: Connection) -> list[tuple[str, int]]:
    """When annotations were changed last, else made, and how many at just that time."""
    found: Any = select(_time(), func.count()).select_from(schema.annotation).group_by(_time())
    return [(str(time), int(count)) for time, count in dialect.plain_rows(connection, found)]


def made_between(
    connection: Connection, since: str, until: str, document_id: str | None
) -> list[tuple[str, str, str, int]]:
    """Annotations from a time on ("": from the beginning) and before another ("": until now): ids, layer, place."""
    a = schema.annotation
    found = select(a.c.id, a.c.document_id, a.c.layer_id, a.c.start).where(_time() >= since)
    if until:
        found = found.where(_time() < until)
    if document_id is not None:
        found = found.where(a.c.document_id == document_id)
    return [(row[0], row[1], row[2], row[3]) for row in dialect.plain_rows(connection, found)]


def first_annotations(connection: Connection, link_ids: Iterable[str]) -> dict[str, tuple[str, int]]:
    """The annotation that stands first in the text in each of these links, with its place."""
    m, a = schema.member, schema.annotation
    found: dict[str, tuple[str, int]] = {}
    for batch in batches(link_ids):
        rows = select(m.c.link_id, a.c.id, a.c.start).join(a, a.c.id == m.c.annotation_id).where(m.c.link_id.in_(batch))
        for link_id, id_, start in connection.execute(rows):
            if link_id not in found or start < found[link_id][1]:
                found[link_id] = (id_, start)
    return found


def words_of(connection: Connection, annotation_ids: Iterable[str]) -> dict[str, str]:
    """The words of the first fragment of annotations."""
    a, d, t = schema.annotation, schema.document, schema.text
    joined = a.join(d, d.c.id == a.c.document_id).join(t, t.c.sha256 == d.c.sha256)
    found: dict[str, str] = {}
    for batch in batches(annotation_ids):
        words = func.substr(t.c.content, a.c.start + 1, a.c.stop - a.c.start)
        rows = select(a.c.id, words).select_from(joined).where(a.c.id.in_(batch))
        found.update((id_, text) for id_, text in connection.execute(rows))
    return found


def places(connection: Connection, document_ids: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Position and title of documents."""
    d = schema.document
    return {
        row.id: (row.position, row.title)
        for batch in batches(document_ids)
        for row in connection.execute(select(d.c.id, d.c.position, d.c.title).where(d.c.id.in_(batch)))
    }
