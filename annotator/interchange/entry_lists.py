"""Lists of entries as CSV: one entry a row, with name, aliases, parent, note, id, and a column for each further field.

Written so that a spreadsheet runs nothing in it; read with whatever signs, encodings and names of columns it comes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from annotator.domain.errors import FileRefused
from annotator.domain.model import Entry
from annotator.interchange.analysis.safe_text import joined, looks_like_formula, no_formula
from annotator.interchange.columns import fold, listed
from annotator.interchange.tables import CsvImporter

NAME, ALIASES, PARENT, NOTE, ID = "name", "aliases", "parent", "note", "id"

# What the columns are called elsewhere. Folded: lower case, letters and digits alone.
_NAMES = {
    NAME: "name label entry actor claim proposition concept person organisation organization title",
    ALIASES: "aliases alias alsoknownas aka othernames synonyms variants",
    PARENT: "parent parentname partof memberof broader",
    NOTE: "note notes comment comments description",
    ID: "id entryid uuid",
}
_LARGEST_ALIASES = 1000


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """A row. `fields` holds the cells of all other columns, by the column's name."""

    row: int
    name: str
    aliases: tuple[str, ...] = ()
    parent: str = ""
    note: str = ""
    id: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EntryList:
    """What a file holds."""

    entries: tuple[ListedEntry, ...]
    columns: tuple[str, ...]
    """The names of the columns that are fields."""
    nameless: tuple[int, ...] = ()
    """Rows that have something, but no name."""


def read_list(path: Path, tick: Callable[[int, int], object] | None = None) -> EntryList:
    """Read a CSV or TSV file. Raises FileRefused. `tick` may raise, to stop."""
    with CsvImporter().rows(path, {}) as (names, rows):
        roles = _roles(names)
        if NAME not in roles.values():
            raise FileRefused(f"{path} was not read: it has no column “name”; there are {listed(names)}.")
        fields = tuple(name for name in names if name not in roles)
        found: list[ListedEntry] = []
        nameless: list[int] = []
        for number, cells, done in rows:
            if tick is not None:
                tick(int(done * 1000), 1000)
            texts = {name: _plain(str(cell or "")) for name, cell in zip(names, cells, strict=False)}
            of_role = {role: texts.get(name, "") for name, role in roles.items()}
            values = {name: texts[name] for name in fields if texts.get(name)}
            if not of_role[NAME]:
                if any(texts.values()):
                    nameless.append(number)
                continue
            found.append(
                ListedEntry(
                    number,
                    " ".join(of_role[NAME].split()),
                    tuple(parted(of_role.get(ALIASES, ""))[:_LARGEST_ALIASES]),
                    " ".join(of_role.get(PARENT, "").split()),
                    of_role.get(NOTE, ""),
                    of_role.get(ID, ""),
                    values,
                )
            )
    return EntryList(tuple(found), fields, tuple(nameless))


def write_list(entries: Iterable[Entry], fields: Sequence[str], parents: Mapping[str, str]) -> bytes:
    """Entries as CSV, with these fields; `parents` gives the names of parents by id."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    # A field that has the name of one of ours gets another, so that it can be read again.
    titles = [name if fold(name) not in _known() else f"{name} (field)" for name in fields]
    writer.writerow([no_formula(title) for title in (NAME, ALIASES, *titles, PARENT, NOTE, ID)])
    for entry in entries:
        values = [_cell(entry.fields.get(name)) for name in fields]
        parent = parents.get(entry.parent_id or "", "")
        row = [entry.name, joined(entry.aliases), *values, parent, entry.note, entry.id]
        writer.writerow([no_formula(cell) for cell in row])
    # Excel needs the mark to see that it is UTF-8.
    return ("\ufeff" + out.getvalue()).encode("utf-8", "replace")


def parted(cell: str) -> list[str]:
    """The items of a cell: apart by ; (an own ; is written \\;), or by | where there is no ;."""
    if ";" not in cell and "|" in cell:
        items = cell.split("|")
    else:
        items = [re.sub(r"\\(.)", r"\1", item) for item in re.findall(r"(?:\\.|[^;\\]|\\$)+", cell, re.DOTALL)]
    return list(dict.fromkeys(text for item in items if (text := " ".join(item.split()))))


def _known() -> set[str]:
    return {name for names in _NAMES.values() for name in names.split()}


def _roles(names: Sequence[str]) -> dict[str, str]:
    """What each column is that is no field; the usual name goes before others."""
    found: dict[str, str] = {}
    for role, known in _NAMES.items():
        order = known.split()
        fitting = [(order.index(fold(name)), at) for at, name in enumerate(names) if fold(name) in order]
        if fitting:
            found[names[min(fitting)[1]]] = role
    return found


def _plain(cell: str) -> str:
    """The cell without the apostrophe that keeps a spreadsheet from calculating it, and what cannot be stored."""
    text = cell[1:] if cell.startswith("'") and looks_like_formula(cell[1:]) else cell
    return re.sub("[\x00\ud800-\udfff]", "", text).strip()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return joined(value) if isinstance(value, list) else str(value)
