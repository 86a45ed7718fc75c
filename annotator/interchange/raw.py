"""What a foreign file claims, before anything of it is believed: documents, tagged stretches, links, and a report.

A format fills these with what the file says; `assembly` makes of them what holds together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from annotator.domain.exchange import Remark, RemarkKind
from annotator.interchange.spans import Spans

_MOST_REMARKS = 500
_LONGEST = 500


@dataclass(slots=True)
class RawMark:
    """A tagged stretch as the file has it: code points into the document's text as given, end-exclusive."""

    key: str
    layer: str
    spans: Spans
    quote: str | None = None
    """What the file says that the spans read, fragments joined by a space; compared with the text."""
    fields: dict[str, object] = field(default_factory=dict)
    entries: list[str] = field(default_factory=list)
    """Ids of entries, from `Scheme.entry`."""
    note: str = ""
    coder: str = ""
    id: str = ""
    where: str = ""
    origin: str = "manual"
    created: str = ""
    modified: str = ""


@dataclass(slots=True)
class RawLink:
    """A link as the file has it. Members are keys of marks or of other links."""

    key: str
    type: str
    roles: list[tuple[str, list[str]]]
    fields: dict[str, object] = field(default_factory=dict)
    note: str = ""
    coder: str = ""
    id: str = ""
    where: str = ""
    origin: str = "manual"
    created: str = ""
    modified: str = ""


@dataclass(slots=True)
class RawDocument:
    """An article as the file has it."""

    title: str
    text: str
    marks: list[RawMark] = field(default_factory=list)
    links: list[RawLink] = field(default_factory=list)
    metadata: Mapping[str, object] = field(default_factory=dict)
    id: str = ""
    status: str = "new"
    where: str = ""
    closed: bool = False
    """Whether field values are choices from a list."""
    remarks: list[Remark] = field(default_factory=list)
    created: str = ""
    """When it was added to a project, where the file says so; else it is added now."""


class Report:
    """The lines of one file's report; after some hundreds it only counts."""

    def __init__(self, where: str) -> None:
        self.where = where
        self._waiting: list[Remark] = []
        self._told = 0
        self._more = 0

    def add(self, kind: RemarkKind, where: str, text: str) -> None:
        """A line."""
        self._told += 1
        if self._told <= _MOST_REMARKS:
            told = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
            self._waiting.append(Remark(kind, where or self.where, told))
        else:
            self._more += 1

    def take(self) -> Iterator[Remark]:
        """What has come up since the last time."""
        waiting, self._waiting = self._waiting, []
        yield from waiting

    def mark(self) -> tuple[int, int, int]:
        """Where the report stands, for `back_to`."""
        return len(self._waiting), self._told, self._more

    def back_to(self, mark: tuple[int, int, int]) -> None:
        """Forget what came since: it will be read, and remarked, once more."""
        length, self._told, self._more = mark
        del self._waiting[length:]

    def end(self) -> Iterator[Remark]:
        """The rest."""
        yield from self.take()
        if self._more:
            yield Remark("skipped", self.where, f"and {self._more:,} more remarks like these")
