"""Search the texts and the annotations of a project; the window and the command line ask here."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING

from annotator.domain.errors import Cancelled, InvalidValue, NotFound
from annotator.domain.query import Mode, Query, parse, terms
from annotator.services.narrowing import Resolver
from annotator.services.scanning import Scanner
from annotator.storage.project_file import ProjectFile
from annotator.storage.search import CONTEXT, Narrowing, Place, Span, place_in, places

if TYPE_CHECKING:
    from annotator.services.project import Project

Hit = Place
"""Where a text matches: document_id, title, start, end (code points), before, match, after."""

__all__ = ["Hit", "Query", "Search"]

_FEW = 50
_FIRST_PAGE, _LARGEST_PAGE = 24, 400
_FIRST_BATCH, _LARGEST_BATCH = 60_000, 600_000  # characters


class Search:
    """Search in one project."""

    def __init__(self, project: Project, file: ProjectFile) -> None:
        self._project = project
        self._file = file

    def read(self, line: str, mode: Mode = "words", *, exact: bool = False, whole: bool = False) -> Query:
        """What a line asks for. Raises InvalidValue where it asks for something that is not known here."""
        resolver = Resolver(self._project)
        query = parse(line, mode, exact=exact, whole=whole, is_key=resolver.is_key, is_thing=resolver.is_thing)
        if not query.words and not query.filters:
            raise InvalidValue("Type a word to search for.")
        resolver.narrowing(query)
        return query

    def names(self) -> tuple[Callable[[str], bool], Callable[[str], bool]]:
        """Which words name a filter here, and which something to look for: for `parse`."""
        resolver = Resolver(self._project)
        return resolver.is_key, resolver.is_thing

    def find(
        self, line: str, limit: int = 50, *, mode: Mode = "words", exact: bool = False, whole: bool = False
    ) -> list[Hit]:
        """The first hits of a line. Raises InvalidValue."""
        query = self.read(line, mode, exact=exact, whole=whole)
        with closing(self.pages(query)) as pages:
            return list(islice((hit for page in pages for hit in page), limit))

    def documents(self, line: str) -> set[str]:
        """The ids of all documents in which a line has hits. Raises InvalidValue."""
        with closing(self.pages(self.read(line))) as pages:
            return {hit.document_id for page in pages for hit in page}

    def pages(
        self, query: Query, stop: Callable[[], bool] = lambda: False, most: int = 1 << 40
    ) -> Generator[list[Hit], None, None]:
        """All hits, in pages that come as they are found, the first ones soon. Raises InvalidValue and Cancelled."""
        narrowing = Resolver(self._project).narrowing(query)
        if not query.words:
            found = self._annotations(narrowing) if narrowing.inside else self._documents(narrowing)
        elif query.mode == "words":
            found = self._words(query, narrowing)
        else:
            found = self._scan(query, narrowing, stop, most)
        left = most
        with closing(found):
            for page in found:
                if stop():
                    raise Cancelled("Stopped.")
                if page:
                    yield page[:left]
                left -= len(page)
                if left <= 0:
                    return

    def texts(self, ids: Iterable[str]) -> Callable[[str], str]:
        """The texts of documents that are asked for in the order of their ids; some dozens are in memory at a time."""
        left = sorted(ids)
        known: dict[str, str] = {}

        def text(id_: str) -> str:
            if id_ not in known:
                known.clear()
                del left[: bisect_left(left, id_)]
                known.update((row[0], row[2]) for row in self._file.search_index.contents(left[:_FEW]))
                del left[:_FEW]
            if id_ not in known:
                raise NotFound("This document is not in the project any more.")
            return known[id_]

        return text

    # Words

    def _words(self, query: Query, narrowing: Narrowing) -> Generator[list[Hit], None, None]:
        index = self._file.search_index
        self._file.index_texts()
        with self._file.reading():
            texts = index.texts(narrowing)
        expression, after, size = query.words, 0, _FIRST_PAGE
        wanted = terms(query.words) if query.exact else None
        while True:
            with self._file.reading():
                try:
                    rows, following = index.matches(expression, after, size, texts)
                except InvalidValue:
                    plain = " ".join(f'"{word}"' for word in query.words.replace('"', " ").split())
                    if after or expression == plain or not plain:
                        raise
                    expression = plain
                    continue
                hits = [hit for row in rows for hit in places(*row)]
                if wanted is not None:
                    hits = [hit for hit in hits if _exactly(hit.match, wanted)]
                hits = self._kept(hits, narrowing)
            yield hits
            if following is None:
                return
            after, size = following, min(size * 2, _LARGEST_PAGE)

    def _kept(self, hits: list[Hit], narrowing: Narrowing) -> list[Hit]:
        """Those that stand in annotations as the narrowing asks, each with the shortest such annotation."""
        index = self._file.search_index
        if hits and narrowing.inside:
            spans = index.spans(narrowing.conditions, dict.fromkeys(hit.document_id for hit in hits))
            around = [(hit, _around(hit, spans.get(hit.document_id, ()))) for hit in hits]
            hits = [hit._replace(annotation_id=span.annotation_id) for hit, span in around if span is not None]
        if hits and narrowing.outside:
            for condition in narrowing.outside:
                spans = index.spans([condition], dict.fromkeys(hit.document_id for hit in hits))
                hits = [hit for hit in hits if _around(hit, spans.get(hit.document_id, ())) is None]
        return hits

    # Expressions, and characters as they stand

    def _scan(
        self, query: Query, narrowing: Narrowing, stop: Callable[[], bool], most: int
    ) -> Generator[list[Hit], None, None]:
        with Scanner(query, stop) as scanner:
            with self._file.reading():
                ids = self._file.search_index.documents(narrowing)
            scanner.check()
            # What is left out for its annotations does not count, so the process cannot know when it is enough.
            limit = 1 << 40 if narrowing.inside or narrowing.outside else most
            for batch, found in scanner.scan(self._batches(ids), limit):
                hits = [
                    place_in(document_id, title, text, start, end)
                    for (document_id, title, text), spots in zip(batch, found, strict=False)
                    for start, end in spots
                ]
                with self._file.reading():
                    hits = self._kept(hits, narrowing)
                yield hits

    def _batches(self, ids: Sequence[str]) -> Generator[tuple[list[tuple[str, str, str]], list[str]], None, None]:
        count, size, at = 16, _FIRST_BATCH, 0
        while at < len(ids):
            with self._file.reading():
                rows = self._file.search_index.contents(ids[at : at + count])
            at += count
            texts = [row[2] for row in rows]
            length = sum(map(len, texts)) or 1
            count = max(1, min(2000, count * size // length))
            size = min(size * 2, _LARGEST_BATCH)
            if rows:
                yield rows, texts

    # Nothing but filters

    def _annotations(self, narrowing: Narrowing) -> Generator[list[Hit], None, None]:
        with self._file.reading():
            found = self._file.search_index.annotations(narrowing)
        at, size = 0, _FIRST_PAGE
        while at < len(found):
            batch = found[at : at + size]
            with self._file.reading():
                rows = self._file.search_index.contents(dict.fromkeys(document_id for document_id, _ in batch))
            texts = {document_id: (title, text) for document_id, title, text in rows}
            hits = []
            for document_id, stretch in batch:
                if document_id in texts:
                    fragments = stretch.fragments
                    start, end = min(f.start for f in fragments), max(f.end for f in fragments)
                    hits.append(place_in(document_id, *texts[document_id], start, end, stretch.id))
            yield hits
            at, size = at + size, min(size * 2, _LARGEST_PAGE)

    def _documents(self, narrowing: Narrowing) -> Generator[list[Hit], None, None]:
        with self._file.reading():
            ids = self._file.search_index.documents(narrowing)
        for rows, _texts in self._batches(ids):
            yield [Hit(id_, title, 0, 0, "", "", text[: 2 * CONTEXT]) for id_, title, text in rows]


def _around(hit: Hit, spans: Iterable[Span]) -> Span | None:
    """The shortest fragment that holds all of a hit."""
    holding = [span for span in spans if span.start <= hit.start and hit.end <= span.end]
    return min(holding, key=lambda span: span.end - span.start, default=None)


def _exactly(match: str, wanted: list[tuple[str, bool]]) -> bool:
    """Whether the words of a hit are written as in the query."""
    return all(
        any(word == term or (prefix and word.startswith(term)) for term, prefix in wanted) for word, _ in terms(match)
    )
