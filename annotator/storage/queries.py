"""What is read from a project. Everything comes out as the domain's records or small tuples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, MappingResult, Select, Table, func, select

from annotator.domain.changes import StepInfo
from annotator.domain.codebook import Codebook
from annotator.domain.errors import NotFound
from annotator.domain.model import (
    Annotation,
    Coder,
    Dismissal,
    Document,
    DocumentData,
    Entry,
    Fragment,
    Link,
    ProjectInfo,
    SavedSearch,
    Stretch,
)
from annotator.storage import dialect, journal, mappers, schema
from annotator.storage.gate import batches, rows_of

STREAMED = 50
"""Whole documents that are read at once, to begin with."""
_AT_A_TIME = 400_000  # characters


def _among(table: Table, key: str, order: str, *columns: str) -> str:
    """A statement for the rows of a table whose key is one of some."""
    names = ", ".join(columns or (column.name for column in table.columns))
    return f"SELECT {names} FROM {table.name} WHERE {key} IN (?) ORDER BY {order}"


_ANNOTATIONS = _among(schema.annotation, "id", "id")
_MENTIONS = _among(schema.mention, "annotation_id", "annotation_id, position", "annotation_id", "entry_id")
_LINKS = _among(schema.link, "id", "id")
_MEMBERS = _among(schema.member, "link_id", "link_id, role, position", "link_id", "role", "annotation_id", "inner_id")


class Part(NamedTuple):
    """A part of a document's annotations: those of these layers that begin in a stretch of the text."""

    layers: tuple[str, ...]
    start: int
    end: int


class DocumentRow(NamedTuple):
    """What a list of documents shows of one. How many annotations it has is counted apart, for the rows in sight."""

    id: str
    title: str
    status: str
    position: int
    metadata: str
    """All metadata as JSON: read for the rows that somebody looks at, not for thousands that nobody does."""

    @property
    def outlet(self) -> str:
        """Where the article appeared."""
        return self._told("outlet")

    @property
    def date(self) -> str:
        """When it appeared."""
        return self._told("date")

    @property
    def author(self) -> str:
        """Who wrote it."""
        return self._told("author")

    def _told(self, key: str) -> str:
        return "" if self.metadata == "{}" else str(mappers.load(self.metadata).get(key, ""))


_id = attrgetter("id")
_as_row: Callable[[tuple[Any, ...]], DocumentRow] = partial(tuple.__new__, DocumentRow)
_as_stretch: Callable[[tuple[Any, ...]], Stretch] = partial(tuple.__new__, Stretch)


def _within(statement: Any, document_id: str, part: Part | None) -> Select[Any]:
    a = schema.annotation
    found: Select[Any] = statement.where(a.c.document_id == document_id)
    if part is None:
        return found
    # All three columns lead the covering index.
    return found.where(a.c.layer_id.in_(part.layers), a.c.start >= part.start, a.c.start < part.end)


def _linked(rows: Iterable[tuple[Any, ...]], members: Iterable[tuple[Any, ...]]) -> list[Link]:
    """Links of their own rows and of those of their members."""
    roles: dict[str, dict[str, tuple[str, ...]]] = {}
    for link_id, role, annotation_id, inner_id in members:
        held = roles.setdefault(link_id, {})
        held[role] = (*held.get(role, ()), annotation_id or inner_id)
    return [mappers.link_from_row(row, roles.get(row[0], {})) for row in rows]


class Queries:
    """Reads through one connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    # The project

    def info(self) -> ProjectInfo:
        """What the project says of itself."""
        return mappers.project_from_row(self._plain(schema.project).one())

    def _plain(self, table: Table, order: str = "") -> MappingResult:
        """All rows of a small table, by a statement that need not be compiled: that is most of what opening costs."""
        return self.connection.exec_driver_sql(
            f"SELECT * FROM {table.name}{f' ORDER BY {order}' if order else ''}"
        ).mappings()

    def codebook(self) -> Codebook:
        """The whole codebook."""
        rows = {
            table.name: self._plain(table, "position, id").all()
            for table in (schema.layer, schema.link_type, schema.registry)
        }
        project = self._plain(schema.project).one()
        fields, version = project["document_fields"], project["codebook_version"]
        return Codebook(
            tuple(mappers.layer_from_row(row) for row in rows["layer"]),
            tuple(mappers.link_type_from_row(row) for row in rows["link_type"]),
            tuple(mappers.registry_from_row(row) for row in rows["registry"]),
            mappers.fields_from_json(fields),
            version,
        )

    def codebook_steps(self) -> list[tuple[int, StepInfo]]:
        """The steps that changed the codebook's version and hold, with the version that each brought, oldest first."""
        s, c = schema.step, schema.change
        found = select(s, c.c.before, c.c.after).join(c, c.c.step == s.c.number)
        found = found.where(c.c.table_name == schema.project.name, s.c.kind == "do", s.c.state == "done")
        result: list[tuple[int, StepInfo]] = []
        for row in self.connection.execute(found.order_by(s.c.number, c.c.sequence)):
            before, after = (rows_of(schema.project, kept) for kept in (row.before, row.after))
            if before and after and before[0]["codebook_version"] != after[0]["codebook_version"]:
                info = StepInfo(row.number, row.action, row.what, row.coder, row.at, row.kind, row.state)
                result.append((int(after[0]["codebook_version"]), info))
        return result

    def step_words(self, number: int) -> str:
        """The words of the one annotation that a step wrote; "" where it wrote none or several."""
        return journal.words_of(self.connection, number)

    def step_is_large(self, number: int) -> bool:
        """Whether a step wrote very much."""
        return journal.is_large(self.connection, number)

    def coders(self) -> list[Coder]:
        """All coders, by id."""
        return [Coder(*row) for row in dialect.plain_rows(self.connection, "SELECT id, name FROM coder ORDER BY id")]

    def counts(self) -> dict[str, int]:
        """How many documents, annotations, links, entries and coders there are."""
        tables = {
            "documents": schema.document,
            "annotations": schema.annotation,
            "links": schema.link,
            "entries": schema.entry,
            "coders": schema.coder,
        }
        return {
            name: int(self.connection.execute(select(func.count()).select_from(table)).scalar_one())
            for name, table in tables.items()
        }

    def layer_counts(self, document_id: str | None = None) -> dict[str, int]:
        """Annotations by layer id."""
        found = select(schema.annotation.c.layer_id, func.count()).group_by(schema.annotation.c.layer_id)
        if document_id is not None:
            found = found.where(schema.annotation.c.document_id == document_id)
        return {row[0]: row[1] for row in self.connection.execute(found)}

    # Documents

    def document_rows(self, ids: Iterable[str] | None = None) -> list[DocumentRow]:
        """Rows for a list of documents in the project's order; only those with these ids, if given."""
        if ids is None:
            every = "SELECT id, title, status, position, metadata FROM document ORDER BY position, id"
            return list(map(_as_row, dialect.plain_rows(self.connection, every)))
        d = schema.document
        found = select(d.c.id, d.c.title, d.c.status, d.c.position, d.c.metadata)
        return [
            DocumentRow(*row)
            for batch in batches(ids)
            for row in self.connection.execute(found.where(d.c.id.in_(batch)))
        ]

    def metadata_keys(self) -> list[str]:
        """The keys that the documents' metadata have, by name."""
        found = "SELECT DISTINCT j.key FROM document d, json_each(d.metadata) j WHERE d.metadata <> '{}' ORDER BY 1"
        return [row[0] for row in dialect.plain_rows(self.connection, found)]

    def annotation_counts(self, ids: Iterable[str]) -> dict[str, int]:
        """How many annotations each of these documents has; those without any are left out."""
        counts = "SELECT document_id, count(*) FROM annotation WHERE document_id IN ({}) GROUP BY document_id"
        return dict(
            row
            for batch in batches(ids)
            for row in dialect.plain_rows(self.connection, counts.format(", ".join("?" * len(batch))), tuple(batch))
        )

    def document(self, id_: str) -> Document:
        """One document, without its text. Raises NotFound."""
        row = self.connection.execute(select(schema.document).where(schema.document.c.id == id_)).mappings().first()
        if row is None:
            raise NotFound("This document is not in the project any more.")
        return mappers.document_from_row(row)

    def documents_by_id(self, ids: Iterable[str]) -> list[Document]:
        """The documents with these ids that exist, in no order, without their texts."""
        return [
            mappers.document_from_row(row)
            for batch in batches(ids)
            for row in self.connection.execute(
                select(schema.document).where(schema.document.c.id.in_(batch))
            ).mappings()
        ]

    def document_with_text(self, sha256: str) -> Document | None:
        """A document that has this text, if there is one."""
        row = (
            self.connection.execute(select(schema.document).where(schema.document.c.sha256 == sha256))
            .mappings()
            .first()
        )
        return mappers.document_from_row(row) if row else None

    def text_with(self, sha256: str) -> str | None:
        """The text that has this hash, also where its document is gone."""
        found = self.connection.execute(select(schema.text.c.content).where(schema.text.c.sha256 == sha256)).scalar()
        return None if found is None else str(found)

    def documents_with_text(self, sha256: str) -> list[Document]:
        """All documents that have this text, in the project's order."""
        d = schema.document
        rows = self.connection.execute(select(d).where(d.c.sha256 == sha256).order_by(d.c.position)).mappings()
        return [mappers.document_from_row(row) for row in rows]

    def text(self, id_: str) -> str:
        """A document's stored text. Raises NotFound."""
        found = select(schema.text.c.content).join(schema.document, schema.document.c.sha256 == schema.text.c.sha256)
        content = self.connection.execute(found.where(schema.document.c.id == id_)).scalar()
        if content is None:
            raise NotFound("This document is not in the project any more.")
        return str(content)

    def last_position(self) -> int:
        """The place of the last document; -1 where there is none."""
        return int(
            self.connection.execute(select(func.coalesce(func.max(schema.document.c.position), -1))).scalar_one()
        )

    def contents(self, ids: Iterable[str]) -> tuple[list[str], list[str], set[str]]:
        """Ids of the annotations and of the links in these documents, and of the entries that are mentioned there."""
        a, m, k = schema.annotation, schema.mention, schema.link
        annotations: list[str] = []
        links: list[str] = []
        entries: set[str] = set()
        for batch in batches(ids):
            annotations += self.connection.scalars(select(a.c.id).where(a.c.document_id.in_(batch)))
            links += self.connection.scalars(select(k.c.id).where(k.c.document_id.in_(batch)))
            mentioned = select(m.c.entry_id).join(a, a.c.id == m.c.annotation_id).where(a.c.document_id.in_(batch))
            entries.update(self.connection.scalars(mentioned.distinct()))
        return annotations, links, entries

    # Annotations and links

    def annotations(self, document_id: str, part: Part | None = None) -> list[Annotation]:
        """A document's annotations in the order they were made (ids sort by time); of a part of it, in no order."""
        a, m = schema.annotation, schema.mention
        entries: dict[str, list[str]] = {}
        joined = select(m.c.annotation_id, m.c.entry_id).join(a, a.c.id == m.c.annotation_id)
        mentions = _within(joined, document_id, part).order_by(m.c.annotation_id, m.c.position)
        for annotation_id, entry_id in dialect.plain_rows(self.connection, mentions):
            entries.setdefault(annotation_id, []).append(entry_id)
        wanted = _within(select(a), document_id, part)
        found = dialect.plain_rows(self.connection, wanted if part is not None else wanted.order_by(a.c.id))
        return [mappers.annotation_from_row(row, tuple(entries.get(row[0], ()))) for row in found]

    def stretches(self, document_id: str, part: Part | None = None) -> list[Stretch]:
        """What painting needs of a document's annotations, straight from the covering index, in no order."""
        a = schema.annotation
        found = select(a.c.id, a.c.layer_id, a.c.start, a.c.stop, a.c.more)
        return list(map(_as_stretch, dialect.plain_rows(self.connection, _within(found, document_id, part))))

    def annotations_by_id(self, ids: Iterable[str]) -> list[Annotation]:
        """The annotations with these ids that exist."""
        result: list[Annotation] = []
        for batch in batches(ids):
            rows = self._among(_ANNOTATIONS, batch)
            entries: dict[str, list[str]] = {}
            for annotation_id, entry_id in self._among(_MENTIONS, batch) if rows else ():
                entries.setdefault(annotation_id, []).append(entry_id)
            result += [mappers.annotation_from_row(row, tuple(entries.get(row[0], ()))) for row in rows]
        return result

    def _among(self, statement: str, ids: list[str]) -> list[tuple[Any, ...]]:
        """The rows for these ids. An import asks for each document: to put a statement together each time would take
        longer than the answer, and leave thousands of objects to collect."""
        marks = ", ".join("?" * len(ids))
        return dialect.plain_rows(self.connection, statement.replace("(?)", f"({marks})"), tuple(ids))

    def annotations_at(self, document_id: str, layer_id: str, fragments: Iterable[Fragment]) -> list[str]:
        """Ids of the annotations of a layer whose first fragment is one of these."""
        a = schema.annotation
        found = select(a.c.id).where(a.c.document_id == document_id, a.c.layer_id == layer_id)
        return [
            row[0]
            for fragment in fragments
            for row in self.connection.execute(found.where(a.c.start == fragment.start, a.c.stop == fragment.end))
        ]

    def fragments_tagged(
        self, document_ids: Iterable[str], layer_id: str, coder_id: str | None
    ) -> set[tuple[str, tuple[Fragment, ...]]]:
        """Documents with the fragments that a coder has tagged in a layer there."""
        found: set[tuple[str, tuple[Fragment, ...]]] = set()
        asked = (
            "SELECT document_id, id, layer_id, start, stop, more FROM annotation"
            " WHERE document_id IN (SELECT value FROM json_each(?)) AND layer_id = ? AND coder_id = ?"
        )
        for batch in batches(document_ids):
            rows = dialect.plain_rows(self.connection, asked, (mappers.dump(batch), layer_id, coder_id))
            found.update((row[0], Stretch(*row[1:]).fragments) for row in rows)
        return found

    def annotations_with_entry(self, entry_id: str) -> list[str]:
        """Ids of the annotations that refer to an entry."""
        found = select(schema.mention.c.annotation_id).where(schema.mention.c.entry_id == entry_id).distinct()
        return [row[0] for row in self.connection.execute(found)]

    def dismissals(self, document_id: str) -> set[Dismissal]:
        """What is not to be proposed again in a document."""
        found = select(schema.dismissal).where(schema.dismissal.c.document_id == document_id)
        return {Dismissal(*row) for row in self.connection.execute(found)}

    def unwanted_names(self) -> set[tuple[str, str]]:
        """Entries with the plain forms of their names that are never to be proposed."""
        found = "SELECT entry_id, name FROM unwanted_name"
        return {(row[0], row[1]) for row in dialect.plain_rows(self.connection, found)}

    def saved_searches(self) -> list[SavedSearch]:
        """The searches that have a name, in the order they were made."""
        return [mappers.search_from_row(row) for row in self._plain(schema.saved_search, "id")]

    def links(self, document_id: str) -> list[Link]:
        """A document's links in the order they were made."""
        return self._links(select(schema.link).where(schema.link.c.document_id == document_id))

    def link_ids(self, document_id: str) -> list[str]:
        """The ids of a document's links."""
        found = select(schema.link.c.id).where(schema.link.c.document_id == document_id)
        return [row[0] for row in dialect.plain_rows(self.connection, found)]

    def links_by_id(self, ids: Iterable[str]) -> list[Link]:
        """The links with these ids that exist."""
        result: list[Link] = []
        for batch in batches(ids):
            rows = self._among(_LINKS, batch)
            members = self._among(_MEMBERS, [row[0] for row in rows]) if rows else ()
            result += _linked(rows, members)
        return result

    def links_with(self, ids: Iterable[str]) -> list[Link]:
        """The links that hold any of these annotations or links."""
        m = schema.member
        holders: set[str] = set()
        for batch in batches(ids):
            found = select(m.c.link_id).where(m.c.annotation_id.in_(batch) | m.c.inner_id.in_(batch))
            holders.update(row[0] for row in self.connection.execute(found))
        return self.links_by_id(sorted(holders))

    def _links(self, found: Select[Any]) -> list[Link]:
        m = schema.member
        chosen = found.subquery()
        members = select(m.c.link_id, m.c.role, m.c.annotation_id, m.c.inner_id).join(
            chosen, chosen.c.id == m.c.link_id
        )
        rows = dialect.plain_rows(self.connection, found.order_by(schema.link.c.id))
        ordered = members.order_by(m.c.link_id, m.c.role, m.c.position)
        return _linked(rows, dialect.plain_rows(self.connection, ordered) if rows else ())

    # Entries

    def entries(self, ids: Iterable[str] | None = None) -> list[Entry]:
        """All entries by id, or those with these ids."""
        found = select(schema.entry).order_by(schema.entry.c.id)
        if ids is None:
            return [mappers.entry_from_row(row) for row in self.connection.execute(found).mappings()]
        return [
            mappers.entry_from_row(row)
            for batch in batches(ids)
            for row in self.connection.execute(found.where(schema.entry.c.id.in_(batch))).mappings()
        ]

    def entries_in_use(self, ids: Iterable[str]) -> set[str]:
        """Those of these entries that some annotation refers to."""
        m = schema.mention
        return {
            row[0]
            for batch in batches(ids)
            for row in self.connection.execute(select(m.c.entry_id).where(m.c.entry_id.in_(batch)).distinct())
        }

    def mention_counts(self) -> dict[str, int]:
        """How many annotations refer to each entry that has any."""
        found = select(schema.mention.c.entry_id, func.count()).group_by(schema.mention.c.entry_id)
        return {row[0]: row[1] for row in self.connection.execute(found)}

    # Whole documents, streamed

    def document_ids(self) -> list[str]:
        """All documents in the project's order."""
        d = schema.document
        return [row[0] for row in self.connection.execute(select(d.c.id).order_by(d.c.position, d.c.id))]

    def whole_documents(self, ids: Iterable[str] | None = None) -> Iterator[DocumentData]:
        """Documents with their texts, annotations and links: all in the project's order, or those with these ids.

        Some dozens are in memory at a time.
        """
        wanted = iter(self.document_ids() if ids is None else ids)
        size = STREAMED
        while batch := list(islice(wanted, size)):
            characters = 0
            for data in self._whole(batch):
                characters += len(data.text)
                yield data
            # Short articles many at a time, long ones few: what counts is how much is in memory.
            size = max(1, min(8 * STREAMED, size * _AT_A_TIME // max(characters, 1)))

    def _whole(self, batch: list[str]) -> Iterator[DocumentData]:
        d, t, a, m = schema.document, schema.text, schema.annotation, schema.mention
        names = [column.name for column in d.columns]
        found = select(d, t.c.content).join(t, t.c.sha256 == d.c.sha256).where(d.c.id.in_(batch))
        documents: dict[str, tuple[Document, str]] = {}
        for *values, text in dialect.plain_rows(self.connection, found):
            document = mappers.document_from_row(dict(zip(names, values, strict=True)))
            documents[document.id] = document, text
        entries: dict[str, list[str]] = {}
        mentions = select(m.c.annotation_id, m.c.entry_id).join(a, a.c.id == m.c.annotation_id)
        mentions = mentions.where(a.c.document_id.in_(batch)).order_by(m.c.annotation_id, m.c.position)
        for annotation_id, entry_id in dialect.plain_rows(self.connection, mentions):
            entries.setdefault(annotation_id, []).append(entry_id)
        annotations: dict[str, list[Annotation]] = {id_: [] for id_ in batch}
        own = select(a).where(a.c.document_id.in_(batch))
        for row in dialect.plain_rows(self.connection, own):
            mentioned = entries.get(row[0])
            annotations[row[1]].append(mappers.annotation_from_row(row, tuple(mentioned) if mentioned else ()))
        links: dict[str, list[Link]] = {id_: [] for id_ in batch}
        for link in self._links(select(schema.link).where(schema.link.c.document_id.in_(batch))):
            links[link.document_id].append(link)
        dismissals: dict[str, list[Dismissal]] = {}
        dismissed = select(schema.dismissal).where(schema.dismissal.c.document_id.in_(batch))
        for row in sorted(dialect.plain_rows(self.connection, dismissed)):
            dismissals.setdefault(row[0], []).append(Dismissal(*row))
        for found_here in annotations.values():
            found_here.sort(key=_id)  # a few each: cheaper than for SQLite to sort them all, with all that they hold
        for id_ in batch:
            document, text = documents.pop(id_)
            gone = tuple(dismissals.get(id_, ()))
            yield DocumentData(document, text, tuple(annotations.pop(id_)), tuple(links.pop(id_)), None, gone)
