"""What part of a project leaves it: some documents, layers, coders and times, with or without names and texts.

An exporter sees none of this: it reads from a source that has only what goes out. What holds of it:

- The codebook goes out whole, for it is the scheme and not the data.
- A link loses the members that stay behind. It stays behind itself where one of its roles falls below its minimum
  by that, or where it then says nothing (`links_that_stand`); what holds it loses it in turn, outwards to the last relay.
- Of the entries those go out that an annotation refers to which goes out, and the entries above them. Of a project
  from which nothing stays behind all entries go out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from annotator.domain.anonymous import Anonymous
from annotator.domain.codebook import Codebook
from annotator.domain.dates import is_bound, within
from annotator.domain.errors import InvalidValue
from annotator.domain.exchange import Source
from annotator.domain.invariants import shown
from annotator.domain.links import links_that_stand
from annotator.domain.model import (
    STATUSES,
    Annotation,
    Apart,
    Coder,
    DocumentData,
    Entry,
    Link,
    ProjectInfo,
    UnwantedName,
)

SHORTENED = " …"
_MOST_WORDS, _MOST_LETTERS = 8, 60
_WORDS, _LETTERS = 4, 30


@dataclass(frozen=True, slots=True)
class Extract:
    """The wishes. Empty means: all."""

    status: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    """Metadata: the same key twice means either value, two keys mean both."""
    since: str = ""
    until: str = ""
    """The article's date: a year, a month or a day, both ends included. An article without a date stays behind."""
    query: str = ""
    """What the text says, as it is searched for."""
    documents: tuple[str, ...] | None = None
    """Ids."""
    layers: tuple[str, ...] = ()
    """Names."""
    coders: tuple[str, ...] = ()
    """Names."""
    tagged_since: str = ""
    tagged_until: str = ""
    """When annotations and links were made, in UTC, both ends included."""
    anonymous: bool = False
    without_texts: bool = False

    def __post_init__(self) -> None:
        """Dates are dates, statuses are statuses. Raises InvalidValue."""
        for told in (self.since, self.until, self.tagged_since, self.tagged_until):
            if told and not is_bound(told):
                raise InvalidValue(f"{shown(told)} is no date such as 2026-01-31.")
        for status in self.status:
            if status not in STATUSES:
                raise InvalidValue(f"There is no status {shown(status)}; there are {', '.join(STATUSES)}.")

    @property
    def picks_documents(self) -> bool:
        """Whether documents may stay behind."""
        return bool(self.status or self.where or self.since or self.until or self.query or self.documents is not None)

    @property
    def picks_marks(self) -> bool:
        """Whether annotations of a document may stay behind."""
        return bool(self.layers or self.coders or self.tagged_since or self.tagged_until)


def shortened(name: str) -> str:
    """A name that is a whole passage, cut to its first words: it must not bring the text along after all."""
    words = name.split()
    if len(words) <= _MOST_WORDS and len(name) <= _MOST_LETTERS:
        return name
    return " ".join(words[:_WORDS])[:_LETTERS].rstrip() + SHORTENED


def named(items: Iterable[tuple[str, str]], names: Collection[str], what: str) -> frozenset[str]:
    """The ids of what is called so. `items` are (id, name). Raises InvalidValue where there is no such thing."""
    items = list(items)
    by_name: dict[str, set[str]] = {}
    for id_, name in items:
        # As it is written, and in other cases; two may differ by nothing else.
        for form in (name, f"\0{name.casefold()}"):
            by_name.setdefault(form, set()).add(id_)
    found: set[str] = set()
    for name in names:
        ids = by_name.get(name) or by_name.get(f"\0{name.casefold()}")
        if ids is None:
            known = ", ".join(name for _, name in items) or "none"
            raise InvalidValue(f"There is no {what} {shown(name)}; there are {known}.")
        found |= ids
    return frozenset(found)


class Extracted:
    """A source with less in it. Its documents are already those that are wished for."""

    def __init__(
        self,
        source: Source,
        extract: Extract,
        mentioned: Callable[[], Collection[str]] | None,
        quoted: Callable[[Collection[str]], Collection[str]] = frozenset,
    ) -> None:
        """`mentioned` tells the entries that what goes out refers to; None where nothing stays behind.

        `quoted` tells which of some long names are words of a text.
        """
        self._quoted = quoted
        self._source = source
        self._extract = extract
        self._mentioned = mentioned
        self._layers = layer_ids(source.codebook, extract)
        everybody = list(source.coders())
        self._coders = coder_ids(everybody, extract)
        self._anonymous = Anonymous(everybody) if extract.anonymous else None
        self._everybody = everybody
        self.without_texts = extract.without_texts
        self.info: ProjectInfo = self._anonymous.info(source.info) if self._anonymous else source.info
        self.codebook: Codebook = self._anonymous.codebook(source.codebook) if self._anonymous else source.codebook

    def coders(self) -> Iterable[Coder]:
        """Those who are wished for."""
        for coder in self._everybody:
            if not self._coders or coder.id in self._coders:
                yield self._anonymous.coder(coder) if self._anonymous else coder

    def entries(self) -> Iterable[Entry]:
        """Those that are referred to, and what stands above them."""
        entries = list(self._source.entries())
        if self._mentioned is not None:
            entries = _with_ancestors(entries, self._mentioned())
        passages = self._passages(entries) if self.without_texts else frozenset()
        for entry in entries:
            if self._anonymous is not None:
                entry = self._anonymous.entry(entry)
            if passages and not passages.isdisjoint((entry.name, *entry.aliases)):
                name, *aliases = (shortened(n) if n in passages else n for n in (entry.name, *entry.aliases))
                entry = replace(entry, name=name, aliases=tuple(aliases))
            yield entry

    def _passages(self, entries: Iterable[Entry]) -> frozenset[str]:
        """Names that would bring the text along: those that a tag made, and what has been merged or edited since."""
        tagged: set[str] = set()
        others: set[str] = set()
        for entry in entries:
            names = {name for name in (entry.name, *entry.aliases) if shortened(name) != name}
            (tagged if entry.origin == "tag" else others).update(names)
        others -= tagged
        return frozenset(tagged | set(self._quoted(others))) if others else frozenset(tagged)

    def apart(self) -> Iterable[Apart]:
        """Pairs of entries that were judged to be different, also of some that stay behind."""
        judged: Callable[[], Iterable[Apart]] = getattr(self._source, "apart", tuple)
        return judged()

    def unwanted(self) -> Iterable[UnwantedName]:
        """Names that are never to be proposed: words of the texts, which stay where these do."""
        names: Callable[[], Iterable[UnwantedName]] = getattr(self._source, "unwanted", tuple)
        return () if self.without_texts else names()

    def documents(self) -> Iterator[DocumentData]:
        """Each with what of it goes out."""
        for data in self._source.documents():
            if self._extract.picks_marks:
                data = self._picked(data)
            if self._anonymous is not None:
                data = self._anonymous.document(data)
            if self.without_texts:
                data = replace(data, text="", length=len(data.text))
            yield data

    def _picked(self, data: DocumentData) -> DocumentData:
        annotations = tuple(
            a for a in data.annotations if (not self._layers or a.layer_id in self._layers) and self._wanted(a)
        )
        kept = {annotation.id for annotation in annotations}
        links = links_that_stand(data.links, kept, self._wanted, self._source.codebook.link_types_by_id)
        return replace(data, annotations=annotations, links=links)

    def _wanted(self, mark: Annotation | Link) -> bool:
        wish = self._extract
        if self._coders and mark.coder_id not in self._coders:
            return False
        return within(mark.created or mark.modified, wish.tagged_since, wish.tagged_until)


def layer_ids(codebook: Codebook, extract: Extract) -> frozenset[str]:
    """The layers that are wished for; none means all."""
    return named([(layer.id, layer.name) for layer in codebook.layers], extract.layers, "layer")


def coder_ids(coders: Iterable[Coder], extract: Extract) -> frozenset[str]:
    """The coders who are wished for; none means all."""
    return named([(coder.id, coder.name) for coder in coders], extract.coders, "coder")


def _with_ancestors(entries: list[Entry], mentioned: Collection[str]) -> list[Entry]:
    by_id = {entry.id: entry for entry in entries}
    wanted: set[str] = set()
    for id_ in mentioned:
        at: str | None = id_
        while at is not None and at in by_id and at not in wanted:
            wanted.add(at)
            at = by_id[at].parent_id
    return [entry for entry in entries if entry.id in wanted]
