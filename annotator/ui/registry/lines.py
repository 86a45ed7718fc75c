"""The entries of a registry as the list shows them: filtered, sorted and grouped over strings that were lowered before."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from annotator.domain.model import Entry, Use

SORTS = ("name", "mentions", "documents", "last")
_UNUSED = Use()


class Line(NamedTuple):
    """What the list shows of one entry."""

    id: str
    name: str
    aliases: str
    group: str
    """What it is grouped by: the issue of a claim, the kind of an actor."""
    use: Use


class Head(NamedTuple):
    """A line above the entries of a group."""

    group: str
    size: int


def plain(text: str) -> str:
    """Lower-case, and without the marks that people leave out as they type."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in folded if unicodedata.category(c) not in ("Mn", "Cf") and c != "ـ")


class Lines:
    """All entries of one registry. `shown` is what the filter lets through, in order, with heads where it is grouped."""

    def __init__(self) -> None:
        self.by_id: dict[str, Line] = {}
        self.sort = "name"
        self.grouped = False
        self.needle = ""
        self.shown: list[Line | Head] = []
        self.count = 0
        """How many entries are shown, without heads."""
        self._ordered: list[Line] = []
        self._texts: list[str] = []
        self._dirty = True

    def set(self, entries: Iterable[Entry], uses: Mapping[str, Use], group_by: str) -> None:
        """All entries anew."""
        self.by_id = {entry.id: line_of(entry, uses.get(entry.id, _UNUSED), group_by) for entry in entries}
        self._dirty = True

    def take(self, other: Lines) -> None:
        """What was loaded elsewhere."""
        self.by_id, self._ordered, self._texts = other.by_id, other._ordered, other._texts
        self._dirty = (other.sort, other.grouped) != (self.sort, self.grouped)

    def patch(self, lines: Iterable[Line], gone: Iterable[str]) -> None:
        """Other lines for some entries."""
        for id_ in gone:
            self.by_id.pop(id_, None)
        for line in lines:
            self.by_id[line.id] = line
        self._dirty = True

    def set_uses(self, uses: Mapping[str, Use]) -> bool:
        """Other counts; whether any is another one."""
        changed = False
        for id_, line in self.by_id.items():
            use = uses.get(id_, _UNUSED)
            if use != line.use:
                self.by_id[id_] = line._replace(use=use)
                changed = True
        self._dirty = self._dirty or changed
        return changed

    def arrange(self, sort: str, grouped: bool) -> None:
        """Another order."""
        if (sort, grouped) != (self.sort, self.grouped):
            self.sort, self.grouped = sort, grouped
            self._dirty = True

    def filter(self, needle: str) -> None:
        """Show the entries whose names hold every word of this."""
        if self._dirty:
            self._order()
        self.needle = needle
        words = plain(needle).split()
        ordered = self._ordered
        found: list[Line]
        if not words:
            found = ordered
        elif len(words) == 1:
            word = words[0]
            found = [line for line, text in zip(ordered, self._texts, strict=True) if word in text]
        else:
            found = [ordered[at] for at, text in enumerate(self._texts) if all(word in text for word in words)]
        self.count = len(found)
        self.shown = _with_heads(found) if self.grouped else list(found)

    def _order(self) -> None:
        ordered = sorted(self.by_id.values(), key=lambda line: (line.name.casefold(), line.id))
        if self.sort != "name":
            place = ("mentions", "documents", "last").index(self.sort)
            ordered = sorted(ordered, key=lambda line: line.use[place], reverse=True)
        if self.grouped:
            ordered = sorted(ordered, key=lambda line: (not line.group, line.group.casefold()))
        self._ordered = ordered
        # Made anew in this order, so that they lie in memory as they are read.
        texts = [plain(f"{line.name}\n{line.aliases}\n{line.group}").replace("\0", " ") for line in ordered]
        self._texts = "\0".join(texts).split("\0") if texts else []
        self._dirty = False


def line_of(entry: Entry, use: Use, group_by: str) -> Line:
    """The line of one entry."""
    value = entry.fields.get(group_by) if group_by else None
    group = ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return Line(entry.id, entry.name, ", ".join(entry.aliases), group, use)


def _with_heads(lines: list[Line]) -> list[Line | Head]:
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.group] = counts.get(line.group, 0) + 1
    result: list[Line | Head] = []
    group: str | None = None
    for line in lines:
        if line.group != group:
            group = line.group
            result.append(Head(group, counts[group]))
        result.append(line)
    return result
