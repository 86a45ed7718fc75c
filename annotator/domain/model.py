"""Project, document, annotation, link, entry, coder: frozen records that refer to each other by id.

Offsets are Unicode code points into the document's stored text, end-exclusive.
Times are ISO 8601 in UTC, to the millisecond ("2026-01-06T09:12:00.000Z"); "" where not known.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, cast, get_args

FieldValue = str | int | float | bool | list[str]
Fields = Mapping[str, FieldValue]
"""Values keyed by the name of the field. A field without a value is absent, never None."""

Status = Literal["new", "in progress", "done"]
STATUSES: tuple[str, ...] = get_args(Status)

NO_FIELDS: Fields = {}


class Fragment(NamedTuple):
    """One unbroken stretch of text, in code points, end-exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ProjectInfo:
    """What a project says of itself."""

    id: str
    name: str
    created: str = ""
    guidelines: str = ""


@dataclass(frozen=True, slots=True)
class Coder:
    """A person who annotates."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A canonical thing in a registry. `origin` is "tag" where a tag made it and nobody has touched it since."""

    id: str
    registry_id: str
    name: str
    aliases: tuple[str, ...] = ()
    parent_id: str | None = None
    fields: Fields = field(default_factory=dict)
    note: str = ""
    origin: str = "manual"


@dataclass(frozen=True, slots=True)
class Document:
    """One article without its text: the text is immutable and kept apart under its SHA-256.

    `metadata` holds outlet, author, date, url, language and any other key; values are strings, numbers, booleans
    or lists of strings.
    """

    id: str
    title: str
    sha256: str
    status: Status = "new"
    metadata: Fields = field(default_factory=dict)
    position: int = 0
    created: str = ""


@dataclass(frozen=True, slots=True)
class Annotation:
    """One tagged stretch of a document in a layer, by one coder. `fragments` are in the coder's order."""

    id: str
    document_id: str
    layer_id: str
    coder_id: str
    fragments: tuple[Fragment, ...]
    entries: tuple[str, ...] = ()
    fields: Fields = field(default_factory=dict)
    note: str = ""
    origin: str = "manual"
    created: str = ""
    modified: str = ""

    @property
    def start(self) -> int:
        """Where its first character stands."""
        return min(fragment.start for fragment in self.fragments)

    @property
    def end(self) -> int:
        """Where its last character ends."""
        return max(fragment.end for fragment in self.fragments)


class _Draft:
    """An annotation that can still be written, until all is: a frozen dataclass sets each value by a call."""

    __slots__ = Annotation.__slots__

    def __init__(
        self,
        id_: str,
        document_id: str,
        layer_id: str,
        coder_id: str,
        fragments: tuple[Fragment, ...],
        entries: tuple[str, ...],
        fields: Fields,
        note: str,
        origin: str,
        created: str,
        modified: str,
    ) -> None:
        self.id = id_
        self.document_id = document_id
        self.layer_id = layer_id
        self.coder_id = coder_id
        self.fragments = fragments
        self.entries = entries
        self.fields = fields
        self.note = note
        self.origin = origin
        self.created = created
        self.modified = modified
        self.__class__ = Annotation  # type: ignore[assignment]


made_annotation = cast("Callable[..., Annotation]", _Draft)
"""The same as Annotation(…) with every value given, in half the time: for rows that are read by the thousand."""


class Stretch(NamedTuple):
    """What painting needs of an annotation: thousands are read for each hundred that somebody looks into."""

    id: str
    layer_id: str
    first: int
    stop: int
    """Of its first fragment."""
    more: str | None = None
    """Its further fragments, as JSON: [[start, stop], …]."""

    @classmethod
    def of(cls, id_: str, layer_id: str, fragments: Sequence[Fragment]) -> Stretch:
        """A stretch of these fragments."""
        (first, stop), *more = fragments
        return cls(id_, layer_id, first, stop, json.dumps(more) if more else None)

    @property
    def fragments(self) -> tuple[Fragment, ...]:
        """All its fragments, in the coder's order."""
        more = json.loads(self.more) if self.more else ()
        return (Fragment(self.first, self.stop), *(Fragment(*pair) for pair in more))

    @property
    def place(self) -> tuple[int, int, str]:
        """Sorts by where it stands, as `attribution.place` does."""
        if self.more is None:
            return self.first, -self.stop, self.id
        fragments = self.fragments
        return min(f.start for f in fragments), -max(f.end for f in fragments), self.id


Marked = Annotation | Stretch
"""What can be painted."""


@dataclass(frozen=True, slots=True)
class Link:
    """A typed relation. `roles` maps a role's name to the ids of annotations or links in it, in order."""

    id: str
    document_id: str
    type_id: str
    coder_id: str
    roles: Mapping[str, tuple[str, ...]]
    fields: Fields = field(default_factory=dict)
    note: str = ""
    origin: str = "manual"
    created: str = ""
    modified: str = ""

    def members(self) -> list[str]:
        """All ids in all roles, in the order of the roles."""
        return [member for members in self.roles.values() for member in members]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A machine proposal for an annotation. Never data until a person accepts it; `origin` then says whence it came."""

    document_id: str
    layer_id: str
    fragment: Fragment
    entries: tuple[str, ...] = ()
    origin: str = "suggestion"


@dataclass(frozen=True, slots=True)
class Dismissal:
    """A stretch that a person said is not to be proposed in a layer again."""

    document_id: str
    layer_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Apart:
    """Two entries that a person judged to be different, whatever their names say. `first` is the lesser id."""

    first: str
    second: str

    @classmethod
    def of(cls, one: str, other: str) -> Apart:
        """The pair in its one order."""
        return cls(min(one, other), max(one, other))


class Use(NamedTuple):
    """How an entry is used: annotations, documents, and when an annotation of it was last worked on."""

    mentions: int = 0
    documents: int = 0
    last: str = ""


class Mention(NamedTuple):
    """A place where an entry is mentioned. A list of them says which document and words these are when it is looked at."""

    annotation_id: str
    document_id: str
    layer_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class UnwantedName:
    """A name of an entry, in its plain form, that is never to be proposed for it."""

    entry_id: str
    name: str


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search that was given a name: the line, and how it is read."""

    id: str
    name: str
    line: str
    mode: str = "words"
    exact: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class DocumentData:
    """A whole document as an import brings it and an export takes it."""

    document: Document
    text: str
    annotations: tuple[Annotation, ...] = ()
    links: tuple[Link, ...] = ()
    length: int | None = None
    """Set where the text was left out: how many characters it has. `text` is then empty, and its hash stands for it."""
    dismissals: tuple[Dismissal, ...] = ()

    @property
    def characters(self) -> int:
        """How long the text is, here or left out."""
        return len(self.text) if self.length is None else self.length


def covered(text: str, fragments: tuple[Fragment, ...], gap: str = " … ") -> str:
    """The text of the fragments, joined by `gap`."""
    return gap.join(text[fragment.start : fragment.end] for fragment in fragments)
