"""An extract of a project: which documents it has, how much goes out, and the source that exporters read it from."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from annotator.domain.dates import day, within
from annotator.domain.errors import NotFound
from annotator.domain.exchange import Source
from annotator.domain.extract import Extract, Extracted, coder_ids, layer_ids
from annotator.storage.extracting import AnnotationsOf, texts

if TYPE_CHECKING:
    from annotator.services.project import Project
    from annotator.storage.queries import DocumentRow, Queries

_RUN, _LETTERS = 6, 24
"""So many words in a row, or letters where there are no words, are not alike by chance."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much goes out."""

    documents: int
    annotations: int


def amount(project: Project, extract: Extract) -> Amount:
    """How much of a project an extract has. Raises InvalidValue for names that nothing has."""
    found = matches(project, extract)
    with project.reading() as store:
        documents = chosen(store, extract, found)
        count = store.counts()["documents"] if documents is None else len(documents)
        return Amount(count, _annotations(store, extract, documents).count())


def matches(project: Project, extract: Extract) -> Collection[str] | None:
    """The documents whose texts the query finds; None where there is no query. Before `reading`: it may write the index."""
    return set(project.search.documents(extract.query)) if extract.query else None


def chosen(store: Queries, extract: Extract, found: Collection[str] | None) -> list[str] | None:
    """The ids of the documents that go out, in the project's order; None where all do."""
    if not extract.picks_documents:
        return None
    rows = store.document_rows()
    if extract.documents is not None:
        missing = set(extract.documents) - {row.id for row in rows}
        if missing:
            raise NotFound("An article that was chosen is not in the project any more.")
    wanted = set(extract.documents) if extract.documents is not None else None
    where: dict[str, set[str]] = {}
    for key, value in extract.where:
        where.setdefault(key, set()).add(value.strip().casefold())
    return [
        row.id
        for row in rows
        if (wanted is None or row.id in wanted)
        and (found is None or row.id in found)
        and (not extract.status or row.status in extract.status)
        and _told(row, where, extract)
    ]


def _told(row: DocumentRow, where: Mapping[str, set[str]], extract: Extract) -> bool:
    """Whether its metadata is as wished."""
    if not where and not extract.since and not extract.until:
        return True
    metadata = json.loads(row.metadata)
    if not within(day(metadata.get("date")), extract.since, extract.until):
        return False
    return all(not values.isdisjoint(_values(metadata.get(key))) for key, values in where.items())


def _values(value: object) -> set[str]:
    """What a value reads like, each of a list; nothing reads like the empty text."""
    if isinstance(value, list):
        return {str(item).strip().casefold() for item in value} or {""}
    if isinstance(value, bool):
        return {"true", "yes"} if value else {"false", "no"}
    return {"" if value is None else str(value).strip().casefold()}


def _annotations(store: Queries, extract: Extract, documents: list[str] | None) -> AnnotationsOf:
    return AnnotationsOf(
        store.connection,
        documents,
        layer_ids(store.codebook(), extract),
        coder_ids(store.coders(), extract),
        extract.tagged_since,
        extract.tagged_until,
    )


def extracted(source: Source, store: Queries, extract: Extract, documents: list[str] | None) -> Source:
    """What exporters read. `source` has the chosen documents."""
    if extract == Extract():
        return source
    mentioned: Callable[[], Collection[str]] | None = None
    if documents is not None or extract.picks_marks:
        mentioned = partial(AnnotationsOf.entries, _annotations(store, extract, documents))
    return Extracted(source, extract, mentioned, partial(quoted, store))


def quoted(store: Queries, names: Collection[str]) -> set[str]:
    """Those of some names that repeat a run of words from any text of the project."""
    import ahocorasick

    automaton = ahocorasick.Automaton()
    of_run: dict[str, set[str]] = {}
    for name in names:
        for run in _runs(name):
            of_run.setdefault(run, set()).add(name)
            automaton.add_word(run, run)
    automaton.make_automaton()
    found: set[str] = set()
    for text in texts(store.connection):
        for _, run in automaton.iter(" ".join(text.lower().split())):
            found |= of_run[run]
        if len(found) == len(names):
            break
    return found


def _runs(name: str) -> set[str]:
    words = name.lower().split()
    if len(words) >= _RUN:
        return {" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
    # Few words, and yet long: there are languages that do not write spaces.
    plain = " ".join(words)
    return {plain[at : at + _LETTERS] for at in range(max(1, len(plain) - _LETTERS + 1))}
