"""Entries of a file that knows no ids of this project: which of them are there already, by their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from annotator.domain.model import Entry
from annotator.services.likeness import contradicts


class EntryMatcher:
    """Finds entries by registry and name or alias. Each is found once: of two of one name, the second is another."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_name: dict[tuple[str, str], list[Entry]] = {}
        for entry in entries:
            for name in dict.fromkeys(map(folded, (entry.name, *entry.aliases))):
                self._by_name.setdefault((entry.registry_id, name), []).append(entry)
        self._taken: set[str] = set()

    def match(self, given: Entry) -> Entry | None:
        """The project's entry of this name. What contradicts the file in parent or fields is another one."""
        for name in dict.fromkeys((given.name, *given.aliases)):
            fits = [
                known
                for known in self._by_name.get((given.registry_id, folded(name)), ())
                if known.id not in self._taken and not contradicts(given, known)
            ]
            if fits:
                # The very same name goes before another writing of it, and that before an alias.
                best = min(fits, key=lambda known: (known.name != name, folded(known.name) != folded(name)))
                self._taken.add(best.id)
                return best
        return None

    def take(self, id_: str) -> None:
        """This one was found by its id."""
        self._taken.add(id_)


def folded(name: str) -> str:
    """The form in which names are compared."""
    return " ".join(name.split()).casefold()


def parents_first(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Such that an entry comes after the one above it."""
    by_id = {entry.id: entry for entry in entries}
    done: set[str] = set()
    for entry in by_id.values():
        chain: list[Entry] = []
        at: Entry | None = entry
        while at is not None and at.id not in done:
            done.add(at.id)
            chain.append(at)
            at = by_id.get(at.parent_id) if at.parent_id is not None else None
        yield from reversed(chain)


def under_ours(entry: Entry, ids: Mapping[str, str]) -> Entry:
    """The entry under the parent that the project has for the file's."""
    if entry.parent_id is None or ids.get(entry.parent_id, entry.parent_id) == entry.parent_id:
        return entry
    return replace(entry, parent_id=ids[entry.parent_id])
