"""A project as rows of tables for analysis, in one pass over its documents. Every table format writes these rows.

Ids join the tables. Offsets are Unicode code points into the article's text, end-exclusive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from annotator import __version__
from annotator.domain.codebook import Codebook
from annotator.domain.exchange import Source
from annotator.domain.model import Annotation, Document, DocumentData, Entry, covered
from annotator.interchange.analysis import column_lists as lists
from annotator.interchange.analysis.codebook_rows import codebook_rows
from annotator.interchange.analysis.columns import (
    ABOUT,
    NAMES,
    Column,
    FieldColumns,
    Metadata,
    Names,
    Row,
    Table,
    as_cell,
    of_layers,
    of_types,
    plain,
)
from annotator.interchange.analysis.statements import about, attributions, entry_ids


class Sink(Protocol):
    """Takes the rows of a table, one by one, each as long as the table has columns."""

    def __call__(self, row: Row, /) -> object: ...


Open = Callable[[Table], Sink]


def write_tables(source: Source, opened: Open, wanted: Iterable[str] = NAMES) -> None:
    """Ask `opened` for a sink for each wanted table, and give it the rows."""
    _Writer(source, opened, frozenset(wanted)).write()


class _Writer:
    def __init__(self, source: Source, opened: Open, wanted: frozenset[str]) -> None:
        self._source = source
        self._codebook: Codebook = source.codebook
        self._opened = opened
        self._wanted = wanted
        self._dictionary: list[Row] = []
        self._entries: dict[str, Entry] = {entry.id: entry for entry in source.entries()}
        self._coders = {coder.id: coder for coder in source.coders()}
        self._layer_names = {layer.id: layer.name for layer in self._codebook.layers}
        self._type_names = {link_type.id: link_type.name for link_type in self._codebook.link_types}
        self._mentions: Counter[str] = Counter()
        self._mentioned_in: Counter[str] = Counter()
        self._by_coder: dict[str, Counter[str]] = {id_: Counter() for id_ in self._coders}
        self._metadata = Metadata(self._codebook)
        self._documents: list[tuple[Document, int, int, int]] = []

    def write(self) -> None:
        """Everything, in one pass."""
        streamed = self._streamed()
        for data in self._source.documents():
            self._count(data)
            for sink, rows in streamed:
                for row in rows(data):
                    sink(row)
        self._gathered()

    def _open(self, name: str, columns: Sequence[Column]) -> Sink | None:
        # The dictionary of columns names those of all tables, also of tables that are not written.
        self._dictionary += [[name, column.name, column.kind, column.about] for column in columns]
        return self._opened(Table(name, ABOUT[name], tuple(columns))) if name in self._wanted else None

    # Tables that are written while the documents pass by

    def _streamed(self) -> list[tuple[Sink, Callable[[DocumentData], Iterator[Row]]]]:
        tables: tuple[tuple[str, Sequence[Column], Callable[[DocumentData], Iterator[Row]]], ...] = (
            ("annotations", self._annotation_columns(), self._annotation_rows),
            ("attributions", self._attribution_columns(), self._attribution_rows),
            ("mentions", lists.MENTION, self._mention_rows),
            ("fragments", lists.FRAGMENT, self._fragment_rows),
            ("links", self._link_columns(), self._link_rows),
            ("members", lists.MEMBER, self._member_rows),
            ("texts", lists.TEXT, self._text_rows),
        )
        opened = [(self._open(name, columns), rows) for name, columns, rows in tables]
        return [(sink, rows) for sink, rows in opened if sink is not None]

    def _annotation_columns(self) -> list[Column]:
        names = Names(column.name for column in [*lists.ANNOTATION, *lists.END])
        self._annotation_fields = FieldColumns(of_layers(self._codebook.layers), names)
        return [*lists.ANNOTATION, *self._annotation_fields.columns, *lists.END]

    def _annotation_rows(self, data: DocumentData) -> Iterator[Row]:
        for a in data.annotations:
            yield [
                *(a.id, a.document_id, a.coder_id, self._coder(a.coder_id)),
                *(self._layer_names.get(a.layer_id, a.layer_id), a.start, a.end, len(a.fragments)),
                *(_quote(data, a), list(a.entries), self._names(a.entries)),
                *self._annotation_fields.cells(a.layer_id, a.fields),
                *(a.note, a.origin, a.created, a.modified),
            ]

    def _attribution_columns(self) -> list[Column]:
        names = Names(column.name for column in [*lists.ATTRIBUTION, *lists.END])
        codebook, kind = self._codebook, self._codebook.attribution
        self._claim_fields = FieldColumns(of_layers(codebook.layers_in_role("claim")), names, "claim")
        self._source_fields = FieldColumns(of_layers(codebook.layers_in_role("source")), names, "source")
        self._attribution_fields = FieldColumns(of_types([kind] if kind else []), names, "attribution")
        fields = (self._claim_fields, self._source_fields, self._attribution_fields)
        return [*lists.ATTRIBUTION, *(column for group in fields for column in group.columns), *lists.END]

    def _attribution_rows(self, data: DocumentData) -> Iterator[Row]:
        document = data.document
        claims_about = about(self._codebook, data)
        by_id = {annotation.id: annotation for annotation in data.annotations}
        date, outlet = (plain(document.metadata.get(key, "")) for key in ("date", "outlet"))
        for item in attributions(self._codebook, data):
            link = item.link
            start: Row = [link.id, document.id, document.title, date, outlet, link.coder_id, self._coder(link.coder_id)]
            beside: Row = []
            for group in (item.cues, item.addressees):
                beside += [[a.id for a in group], _quotes(data, group)]
            end: Row = [*self._attribution_fields.cells(link.type_id, link.fields)]
            end += [link.note, link.origin, link.created, link.modified]
            claims: list[tuple[str, int | None]] = [*item.claims.items()] or [("", None)]
            for claim_id, depth in claims:
                claim = by_id.get(claim_id)
                actors = claims_about.get(claim_id, [])
                place: Row = [claim.start, claim.end] if claim else [None, None]
                sources: list[Annotation | None] = [*item.sources] or [None]
                for said_by in sources:
                    yield [
                        *(*start, depth, list(item.via)),
                        *(*self._words(claim, data), *place, *self._words(said_by, data), *beside),
                        *(entry_ids(actors), self._actors(actors, data)),
                        *(self._claim_fields.cells(claim.layer_id, claim.fields) if claim else self._claim_fields.none),
                        *(
                            self._source_fields.cells(said_by.layer_id, said_by.fields)
                            if said_by
                            else self._source_fields.none
                        ),
                        *end,
                    ]

    def _words(self, annotation: Annotation | None, data: DocumentData) -> Row:
        if annotation is None:
            return [None, None, None, None]
        entries = annotation.entries
        return [annotation.id, _quote(data, annotation), list(entries), self._names(entries)]

    def _actors(self, actors: Iterable[Annotation], data: DocumentData) -> list[str]:
        found: list[str] = []
        for actor in actors:
            found += self._names(actor.entries) or _quotes(data, [actor])
        return list(dict.fromkeys(found))

    def _mention_rows(self, data: DocumentData) -> Iterator[Row]:
        for annotation in data.annotations:
            for position, entry in enumerate(annotation.entries, 1):
                yield [annotation.id, annotation.document_id, position, entry]

    def _fragment_rows(self, data: DocumentData) -> Iterator[Row]:
        for annotation in data.annotations:
            for position, (start, end) in enumerate(annotation.fragments, 1):
                yield [annotation.id, annotation.document_id, position, start, end, data.text[start:end] or None]

    def _link_columns(self) -> list[Column]:
        names = Names(column.name for column in [*lists.LINK, *lists.END])
        self._link_fields = FieldColumns(of_types(self._codebook.link_types), names)
        return [*lists.LINK, *self._link_fields.columns, *lists.END]

    def _link_rows(self, data: DocumentData) -> Iterator[Row]:
        for link in data.links:
            yield [
                *(link.id, link.document_id, link.coder_id, self._coder(link.coder_id)),
                *(
                    self._type_names.get(link.type_id, link.type_id),
                    *self._link_fields.cells(link.type_id, link.fields),
                ),
                *(link.note, link.origin, link.created, link.modified),
            ]

    def _member_rows(self, data: DocumentData) -> Iterator[Row]:
        links = {link.id for link in data.links}
        for link in data.links:
            for role, members in link.roles.items():
                for position, member in enumerate(members, 1):
                    kind = "link" if member in links else "annotation"
                    yield [link.id, link.document_id, role, position, member, kind]

    def _text_rows(self, data: DocumentData) -> Iterator[Row]:
        if data.length is None:
            yield [data.document.id, data.text]

    # Tables that need the whole project to be known

    def _count(self, data: DocumentData) -> None:
        self._metadata.see(data.document)
        if "documents" in self._wanted:
            self._documents.append((data.document, data.characters, len(data.annotations), len(data.links)))
        here: set[str] = set()
        for annotation in data.annotations:
            self._mentions.update(annotation.entries)
            here.update(annotation.entries)
            self._by_coder.setdefault(annotation.coder_id, Counter())["annotations"] += 1
        for link in data.links:
            self._by_coder.setdefault(link.coder_id, Counter())["links"] += 1
        self._mentioned_in.update(here)

    def _gathered(self) -> None:
        keys = self._metadata.columns(Names(column.name for column in lists.DOCUMENT))
        self._write("documents", [*lists.DOCUMENT, *(column for _, column in keys)], self._document_rows(keys))
        names = Names(column.name for column in [*lists.ENTRY, *lists.ENTRY_END])
        fields = FieldColumns([(r.id, r.name, r.fields) for r in self._codebook.registries], names)
        self._write("entries", [*lists.ENTRY, *fields.columns, *lists.ENTRY_END], self._entry_rows(fields))
        self._write("coders", lists.CODER, self._coder_rows())
        self._write("codebook", lists.CODEBOOK, codebook_rows(self._codebook))
        self._write("project", lists.PROJECT, self._project_rows())
        self._write("columns", lists.COLUMNS, self._dictionary)

    def _write(self, name: str, columns: Sequence[Column], rows: Iterable[Row]) -> None:
        sink = self._open(name, columns)
        if sink is not None:
            for row in rows:
                sink(row)

    def _document_rows(self, keys: Sequence[tuple[str, Column]]) -> Iterator[Row]:
        for position, (document, length, tagged, linked) in enumerate(self._documents, 1):
            yield [
                *(document.id, position, document.title, document.status, length, tagged, linked),
                *(document.sha256, document.created),
                *(as_cell(column.kind, document.metadata.get(key)) for key, column in keys),
            ]

    def _entry_rows(self, fields: FieldColumns) -> Iterator[Row]:
        registries = {registry.id: registry.name for registry in self._codebook.registries}
        for entry in self._entries.values():
            parent = self._entries.get(entry.parent_id) if entry.parent_id else None
            yield [
                *(entry.id, registries.get(entry.registry_id, entry.registry_id), entry.name, list(entry.aliases)),
                *(entry.parent_id, parent.name if parent else None),
                *(self._mentions[entry.id], self._mentioned_in[entry.id]),
                *fields.cells(entry.registry_id, entry.fields),
                *(entry.note, entry.origin),
            ]

    def _coder_rows(self) -> Iterator[Row]:
        for id_, counts in self._by_coder.items():
            yield [id_, self._coder(id_), counts["annotations"], counts["links"]]

    def _project_rows(self) -> Iterator[Row]:
        info = self._source.info
        yield ["id", info.id]
        yield ["name", info.name]
        yield ["created", info.created]
        yield ["guidelines", info.guidelines]
        yield ["codebook_version", str(self._codebook.version)]
        yield ["generator", f"annotator {__version__}"]
        yield ["offset_unit", "unicode-code-point"]

    def _coder(self, id_: str) -> str:
        coder = self._coders.get(id_)
        return coder.name if coder else id_

    def _names(self, entries: Iterable[str]) -> list[str]:
        return [self._entries[id_].name if id_ in self._entries else id_ for id_ in entries]


def _quote(data: DocumentData, annotation: Annotation) -> str | None:
    """What an annotation covers; nothing where the texts were left out."""
    return covered(data.text, annotation.fragments) if data.length is None else None


def _quotes(data: DocumentData, annotations: Iterable[Annotation]) -> list[str]:
    return [covered(data.text, annotation.fragments) for annotation in annotations] if data.length is None else []
