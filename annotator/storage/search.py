"""Search over the stored texts: SQLite's FTS5, whose index follows the texts, and texts by the page for a scan.

Every read is short and is through when it returns: one that stays open would keep the project from being written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from annotator.domain.errors import InvalidValue
from annotator.domain.model import Stretch
from annotator.storage.dialect import SEARCH_BEHIND, plain_rows
from annotator.storage.gate import batches
from annotator.storage.narrowing import Condition, teach, together

# What no text holds.
_OPEN, _CLOSE = f"\x02{uuid4().hex}", f"\x03{uuid4().hex}"
CONTEXT = 60
"""Characters on either side of a hit."""
_FEW = 5000


class Place(NamedTuple):
    """Where a document's text matches, in code points, with its surroundings."""

    document_id: str
    title: str
    start: int
    end: int
    before: str
    match: str
    after: str
    annotation_id: str = ""
    """The annotation that it stands in, where the search was for what stands in annotations."""


class Span(NamedTuple):
    """A fragment of an annotation."""

    start: int
    end: int
    annotation_id: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What hits must fit: conditions on their documents and on an annotation around them; none of `outside` around them."""

    conditions: tuple[Condition, ...] = ()
    outside: tuple[Condition, ...] = ()

    @property
    def inside(self) -> bool:
        """Whether hits must stand in annotations."""
        return any(condition.on == "annotation" for condition in self.conditions)


class SearchIndex:
    """The index inside one project file."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._taught = False

    def behind(self) -> bool:
        """Whether texts are not in the index yet."""
        return self._last("text") > self._last("text_search_docsize")

    def catch_up(self, some: int) -> None:
        """Index some of the texts that came since; inside the caller's transaction."""
        self.connection.exec_driver_sql(f"{SEARCH_BEHIND} ORDER BY id LIMIT {some}")

    def _last(self, table: str) -> int:
        return int(self.connection.exec_driver_sql(f"SELECT coalesce(max(rowid), 0) FROM {table}").scalar_one())

    # What a narrowing leaves

    def documents(self, narrowing: Narrowing) -> list[str]:
        """The documents in which there may be hits, in the project's order."""
        sql, values = self._documents(narrowing)
        return [
            row[0] for row in self._ask(f"SELECT d.id FROM document d WHERE {sql} ORDER BY d.position, d.id", values)
        ]

    def texts(self, narrowing: Narrowing) -> set[int] | None:
        """The texts in which there may be hits, by number; None for all."""
        if not narrowing.conditions:
            return None
        sql, values = self._documents(narrowing)
        found = self._ask(f"SELECT t.id FROM document d JOIN text t ON t.sha256 = d.sha256 WHERE {sql}", values)
        return {row[0] for row in found}

    def _documents(self, narrowing: Narrowing) -> tuple[str, tuple[object, ...]]:
        sql, values = together(narrowing.conditions, "document")
        if narrowing.inside:
            inner, more = together(narrowing.conditions, "annotation")
            sql += f" AND d.id IN (SELECT a.document_id FROM annotation a WHERE {inner})"
            values += more
        return sql, values

    def spans(self, conditions: Sequence[Condition], documents: Iterable[str]) -> dict[str, list[Span]]:
        """The fragments of the annotations that fit, by document."""
        inner, values = together(conditions, "annotation")
        found: dict[str, list[Span]] = {}
        for batch in batches(documents):
            sql = (
                "SELECT a.document_id, a.id, a.layer_id, a.start, a.stop, a.more FROM annotation a"
                f" WHERE a.document_id IN (SELECT value FROM json_each(?)) AND {inner}"
            )
            for document_id, *rest in self._ask(sql, (json.dumps(batch), *values)):
                stretch = Stretch(*rest)
                kept = found.setdefault(document_id, [])
                kept.extend(Span(*fragment, stretch.id) for fragment in stretch.fragments)
        return found

    def annotations(self, narrowing: Narrowing) -> list[tuple[str, Stretch]]:
        """The annotations that fit, each with its document, in the order of the project and of the texts."""
        documents, values = together(narrowing.conditions, "document")
        inner, more = together(narrowing.conditions, "annotation")
        found = self._ask(
            "SELECT a.document_id, a.id, a.layer_id, a.start, a.stop, a.more"
            f" FROM annotation a JOIN document d ON d.id = a.document_id WHERE {documents} AND {inner}"
            " ORDER BY d.position, d.id, a.start, a.stop DESC, a.id",
            (*values, *more),
        )
        return [(row[0], Stretch(*row[1:])) for row in found]

    def contents(self, documents: Iterable[str]) -> list[tuple[str, str, str]]:
        """Id, title and text of these documents, in their order."""
        ids = list(documents)
        found = self._ask(
            "SELECT d.id, d.title, t.content FROM document d JOIN text t ON t.sha256 = d.sha256"
            " WHERE d.id IN (SELECT value FROM json_each(?))",
            (json.dumps(ids),),
        )
        by_id = {row[0]: row for row in found}
        return [(row[0], row[1], row[2]) for id_ in ids if (row := by_id.get(id_)) is not None]

    # The index

    def matches(
        self, expression: str, after: int, size: int, texts: set[int] | None
    ) -> tuple[list[tuple[str, str, str]], int | None]:
        """Up to `size` texts after this number that match an FTS5 expression, as document, title and marked text.

        In the order of the index, which is that of import: any other would need all hits before the first. Also the
        number after which the next page begins, None for no more. Raises InvalidValue for what is no expression.
        """
        few = "" if texts is None or len(texts) > _FEW else " AND rowid IN (SELECT value FROM json_each(?))"
        values: tuple[object, ...] = (_OPEN, _CLOSE, expression, after)
        if few:
            values += (json.dumps([number for number in texts or () if number > after]),)
        sql = (
            "SELECT s.number, d.id, d.title, s.marked FROM (SELECT rowid AS number, highlight(text_search, 0, ?, ?) AS"
            f" marked FROM text_search WHERE text_search MATCH ? AND rowid > ?{few} ORDER BY rowid LIMIT ?) s"
            " LEFT JOIN text t ON t.id = s.number LEFT JOIN document d ON d.sha256 = t.sha256 ORDER BY s.number"
        )
        try:
            rows = self._ask(sql, (*values, size))
        except OperationalError:
            raise InvalidValue(f"“{expression}” cannot be searched for; try plain words.") from None
        numbers = {row[0] for row in rows}
        kept = [
            (document_id, title, marked)
            for number, document_id, title, marked in rows
            if document_id is not None and (texts is None or number in texts)
        ]
        return kept, max(numbers) if len(numbers) >= size else None

    def _ask(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        if not self._taught:
            teach(self.connection)
            self._taught = True
        return plain_rows(self.connection, sql, values)


def places(document_id: str, title: str, marked: str, context: int = CONTEXT) -> Iterator[Place]:
    """The stretches between the marks, counted in the text without them."""
    pieces = marked.split(_OPEN)
    plain = marked.replace(_OPEN, "").replace(_CLOSE, "")
    at = len(pieces[0])
    for piece in pieces[1:]:
        match, _, rest = piece.partition(_CLOSE)
        end = at + len(match)
        yield Place(document_id, title, at, end, plain[max(0, at - context) : at], match, plain[end : end + context])
        at = end + len(rest)


def place_in(document_id: str, title: str, text: str, start: int, end: int, annotation_id: str = "") -> Place:
    """A stretch of a text with its surroundings."""
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return Place(document_id, title, start, end, before, text[start:end], after, annotation_id)
