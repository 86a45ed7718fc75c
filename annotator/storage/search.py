"""Full-text search over the stored texts, by SQLite's FTS5. The index follows the texts, which are only ever added."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from annotator.domain.errors import InvalidValue

# What no text holds.
_OPEN, _CLOSE = f"\x02{uuid4().hex}", f"\x03{uuid4().hex}"


class Place(NamedTuple):
    """Where a document's text matches, in code points, with its surroundings."""

    document_id: str
    title: str
    start: int
    end: int
    before: str
    match: str
    after: str


class SearchIndex:
    """The index inside one project file."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def behind(self) -> bool:
        """Whether texts are not in the index yet."""
        return self._last("text") > self._last("text_search_docsize")

    def catch_up(self) -> None:
        """Index the texts that came since; inside the caller's transaction."""
        last = self._last("text_search_docsize")
        self.connection.exec_driver_sql(
            "INSERT INTO text_search (rowid, content) SELECT id, content FROM text WHERE id > ?", (last,)
        )

    def _last(self, table: str) -> int:
        return int(self.connection.exec_driver_sql(f"SELECT coalesce(max(rowid), 0) FROM {table}").scalar_one())

    def find(self, query: str, limit: int, context: int = 60) -> Iterator[Place]:
        """Places that match an FTS5 query (words, "phrases", pre*, AND, OR, NOT, NEAR), document by document.

        A query that is no valid expression is searched for as the words it holds. Raises InvalidValue where it holds none.
        """
        try:
            yield from self._find(query, limit, context)
        except OperationalError:
            words = " ".join(f'"{word}"' for word in query.replace('"', " ").split())
            if not words:
                raise InvalidValue("Type a word to search for.") from None
            try:
                yield from self._find(words, limit, context)
            except OperationalError:
                raise InvalidValue(f"“{query}” cannot be searched for; try plain words.") from None

    def _find(self, query: str, limit: int, context: int) -> Iterator[Place]:
        found = self.connection.exec_driver_sql(
            "SELECT d.id, d.title, highlight(text_search, 0, ?, ?) FROM text_search"
            " JOIN text t ON t.id = text_search.rowid JOIN document d ON d.sha256 = t.sha256"
            # In the order of the index, which is that of import: any other would need all hits before the first.
            " WHERE text_search MATCH ?",
            (_OPEN, _CLOSE, query),
        )
        left = limit
        for document_id, title, marked in found:
            for place in _places(document_id, title, marked, context):
                yield place
                left -= 1
                if not left:
                    return


def _places(document_id: str, title: str, marked: str, context: int) -> Iterator[Place]:
    """The stretches between the marks, counted in the text without them."""
    pieces = marked.split(_OPEN)
    plain = marked.replace(_OPEN, "").replace(_CLOSE, "")
    at = len(pieces[0])
    for piece in pieces[1:]:
        match, _, rest = piece.partition(_CLOSE)
        end = at + len(match)
        yield Place(document_id, title, at, end, plain[max(0, at - context) : at], match, plain[end : end + context])
        at = end + len(rest)
