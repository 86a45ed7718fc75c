"""Near duplicates: the same story in several outlets, found by the runs of four words that texts share.

A copy is marked by its metadata key `copy_of`, which holds the id of the article that stands for it, so the mark goes
wherever metadata goes. A syndicated story is then coded once and counted as often as it ran: once for itself, once for
each article that is its copy, once for each line in its `also ran` (the very same text, which an import leaves out).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING

from annotator.domain.errors import Cancelled, InvalidValue, NotFound
from annotator.domain.model import Document, FieldValue
from annotator.services.copies import ALSO_RAN
from annotator.services.pace import uninterrupted

if TYPE_CHECKING:
    from annotator.services.project import Project

COPY_OF = "copy_of"
ALIKE = 0.5
"""The share of runs of four words that two texts have in common. Half of them is nine words in ten the same."""
_INSIDE = 0.8  # of a shorter text that stands in a longer one
_RUN = 4
_LEAST = 12  # runs: shorter texts are all alike
_LEAST_INSIDE = 40
_SAMPLED = 3  # two bits: every fourth run, by its hash, so that two texts keep the same ones
_MOST_PER_RUN = 16  # articles remembered with a run; more have it in common with a notice, not with a story
_MOST_COMPARED = 12

# Words; in scripts without spaces each sign is one.
_WORDS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+")
_MARKS = re.compile("[\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200c-\u200f\u202a-\u202e]")

Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a group; `alike` is how much of it (0 to 1) the article that stands for the group has too."""

    id: str
    title: str
    outlet: str
    date: str
    annotations: int
    length: int
    alike: float
    marked: bool = False
    """Whether it is marked as a copy already."""


@dataclass(frozen=True, slots=True)
class Group:
    """Articles that are versions of one story. The first stands for the others."""

    members: tuple[Member, ...]

    @property
    def kept(self) -> Member:
        """The one that is coded."""
        return self.members[0]

    @property
    def settled(self) -> bool:
        """Whether all others are marked as copies."""
        return all(member.marked for member in self.members[1:])


class Runs:
    """Turns texts into sets of numbers, one for each run of four words."""

    def __init__(self) -> None:
        # Each new word gets the next number. (Python's own hashes of words differ from one start to the next.)
        self._number = defaultdict[str, int](count().__next__).__getitem__

    def __call__(self, text: str) -> set[int]:
        """The runs of a text. Letters' case, punctuation and vowel marks do not count."""
        plain = text if text.isascii() else _MARKS.sub("", text)
        words = list(map(self._number, _WORDS.findall(plain.lower())))
        if len(words) < _RUN:
            return set()
        return set(map(hash, zip(words, words[1:], words[2:], words[3:], strict=False)))


def alike(first: set[int], second: set[int]) -> float:
    """How much two texts have in common: of both together, or of the shorter one where it stands in the longer."""
    shared = len(first & second)
    if not shared:
        return 0.0
    smaller = min(len(first), len(second))
    both = shared / (len(first) + len(second) - shared)
    inside = shared / smaller
    return max(both, inside) if inside >= _INSIDE and smaller >= _LEAST_INSIDE else both


def find_groups(
    project: Project,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
    *,
    at_least: float = ALIKE,
) -> list[Group]:
    """All groups of near duplicates, the largest first. Raises Cancelled."""
    ids = project.store.document_ids()
    runs = Runs()

    @lru_cache(maxsize=512)
    def of(at: int) -> set[int]:
        return runs(project.store.text(ids[at]))

    def tick(done: int) -> None:
        if cancel is not None and cancel():
            raise Cancelled("Stopped.")
        if progress is not None:
            progress(done, len(ids))

    with uninterrupted():
        joined = _Joined(len(ids))
        samples: list[int] = []
        index: defaultdict[int, list[int]] = defaultdict(list)
        for at in range(len(ids)):
            tick(at)
            whole = of(at)
            sample = [run for run in whole if not run & _SAMPLED] if len(whole) >= _LEAST else []
            samples.append(len(sample))
            shared = Counter(other for run in sample for other in index.get(run, ()))
            for other, times in shared.most_common(_MOST_COMPARED):
                if times < max(2, 0.3 * min(len(sample), samples[other])):
                    break
                if not joined.are(at, other) and alike(whole, of(other)) >= at_least:
                    joined.join(at, other)
            for run in sample:
                if len(index[run]) < _MOST_PER_RUN:
                    index[run].append(at)
    groups = [_group(project, [ids[at] for at in members], runs) for members in joined.groups()]
    return sorted(groups, key=lambda group: (group.settled, -len(group.members)))


class _Joined:
    """Which articles belong together (a forest of sets)."""

    def __init__(self, count: int) -> None:
        self._root = list(range(count))

    def root(self, at: int) -> int:
        while self._root[at] != at:
            self._root[at] = self._root[self._root[at]]
            at = self._root[at]
        return at

    def are(self, first: int, second: int) -> bool:
        return self.root(first) == self.root(second)

    def join(self, first: int, second: int) -> None:
        roots = sorted((self.root(first), self.root(second)))
        self._root[roots[1]] = roots[0]

    def groups(self) -> list[list[int]]:
        found: defaultdict[int, list[int]] = defaultdict(list)
        for at in range(len(self._root)):
            found[self.root(at)].append(at)
        return [members for members in found.values() if len(members) > 1]


def _group(project: Project, ids: Sequence[str], runs: Runs) -> Group:
    """The group with the article first that is to be coded: the most annotated, then the earliest, then the longest."""
    documents = [project.store.document(id_) for id_ in ids]
    counts = project.store.annotation_counts(ids)
    texts = {id_: project.store.text(id_) for id_ in ids}
    named = Counter(str(document.metadata.get(COPY_OF, "")) for document in documents)
    documents.sort(
        key=lambda document: (
            COPY_OF in document.metadata,
            -named[document.id],
            -counts.get(document.id, 0),
            str(document.metadata.get("date", "9999")),
            -len(texts[document.id]),
            document.position,
        )
    )
    kept = runs(texts[documents[0].id])
    return Group(
        tuple(
            Member(
                document.id,
                document.title,
                str(document.metadata.get("outlet", "")),
                str(document.metadata.get("date", "")),
                counts.get(document.id, 0),
                len(texts[document.id]),
                alike(kept, runs(texts[document.id])),
                str(document.metadata.get(COPY_OF, "")) in texts,
            )
            for document in documents
        )
    )


# Marks


def mark_copies(project: Project, kept_id: str, copy_ids: Iterable[str]) -> None:
    """Say that these articles are copies of one that is coded for them. One step. Raises InvalidValue and NotFound."""
    copies = [id_ for id_ in dict.fromkeys(copy_ids) if id_ != kept_id]
    if not copies:
        raise InvalidValue("Choose at least one article that is a copy.")
    kept = project.store.document(kept_id)
    doomed = set(copies)
    # Copies of what becomes a copy are copies of the same article; a copy of a copy would be counted nowhere.
    further = [id_ for of, ids in copies_of(project).items() if of in doomed for id_ in ids if id_ not in doomed]
    changed = [_with(project.store.document(id_), kept_id) for id_ in [*copies, *further] if id_ != kept_id]
    if COPY_OF in kept.metadata:
        changed.append(_with(kept, None))
    what = f"{len(copies)} articles" if len(copies) > 1 else f"“{project.store.document(copies[0]).title}”"
    with project.step("Mark {what} as copy", what) as step:
        step.replace(changed)


def unmark_copies(project: Project, ids: Iterable[str]) -> None:
    """Take the marks back. One step."""
    documents = [project.store.document(id_) for id_ in dict.fromkeys(ids)]
    marked = [document for document in documents if COPY_OF in document.metadata]
    if not marked:
        raise InvalidValue("None of these articles is marked as a copy.")
    what = f"{len(marked)} articles" if len(marked) > 1 else f"“{marked[0].title}”"
    with project.step("Take back the copy mark of {what}", what) as step:
        step.replace([_with(document, None) for document in marked])


def _with(document: Document, kept_id: str | None) -> Document:
    metadata: dict[str, FieldValue] = {key: value for key, value in document.metadata.items() if key != COPY_OF}
    if kept_id is not None:
        metadata[COPY_OF] = kept_id
    return replace(document, metadata=metadata)


def copies_of(project: Project) -> dict[str, list[str]]:
    """The copies of each article that has some."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in project.store.document_rows():
        of = project.store.document(row.id).metadata.get(COPY_OF) if COPY_OF in row.metadata else None
        if isinstance(of, str) and of:
            found[of].append(row.id)
    return dict(found)


def times_ran(project: Project, id_: str) -> int:
    """How often an article's story ran: itself, its copies, and where else the very same text appeared."""
    try:
        also = project.store.document(id_).metadata.get(ALSO_RAN, [])
    except NotFound:
        return 0
    return 1 + len(copies_of(project).get(id_, [])) + (len(also) if isinstance(also, list) else 0)
