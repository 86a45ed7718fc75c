"""A list of entries from a file meets a registry: what it would add and change, then all of it as one step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.domain.codebook import Field, Registry
from annotator.domain.errors import AnnotatorError, InvalidValue
from annotator.domain.ids import new_id
from annotator.domain.invariants import check_acyclic, check_value, storable
from annotator.domain.model import Entry, FieldValue
from annotator.domain.names import WIKIDATA, fold, wikidata_id
from annotator.interchange.columns import fold as fold_column
from annotator.interchange.entry_lists import EntryList, ListedEntry, parted, read_list, write_list
from annotator.services.files import write_file

if TYPE_CHECKING:
    from annotator.services.project import Project


_LONGEST = 4000  # letters: a proposition may be long
_YES_OR_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(slots=True)
class ListPlan:
    """What an import would do. `remarks` are sentences on what does not come along, with their rows."""

    file: str
    registry_id: str
    added: list[Entry] = field(default_factory=list)
    changed: list[tuple[Entry, Entry]] = field(default_factory=list)
    """As it is and as it would be."""
    unchanged: int = 0
    remarks: list[tuple[int, str]] = field(default_factory=list)


def plan_list(
    project: Project, registry_id: str, path: Path, tick: Callable[[int, int], object] | None = None
) -> ListPlan:
    """What the entries in a CSV file would do. Raises FileRefused. Nothing is changed."""
    registry = project.codebook.registries_by_id[registry_id]
    return _Planning(project, registry, path.name, read_list(path, tick)).plan


def apply_list(project: Project, plan: ListPlan) -> None:
    """Do it, as one step."""
    if plan.added or plan.changed:
        with project.step("Import {what}", plan.file) as step:
            project.entries.add_all(step, plan.added)
            project.entries.put_all(step, [new for _, new in plan.changed])


def write_to(project: Project, registry_id: str, path: Path) -> int:
    """Write all entries of a registry as CSV; how many there are. Raises FileRefused."""
    entries = project.entries.all(registry_id)
    fields = [field.name for field in project.codebook.registries_by_id[registry_id].fields]
    written = write_list(entries, fields, {entry.id: entry.name for entry in entries})
    write_file(path, lambda out: out.write(written))
    return len(entries)


class _Planning:
    def __init__(self, project: Project, registry: Registry, file: str, found: EntryList) -> None:
        self._registry = registry
        self.plan = ListPlan(file, registry.id)
        self._known = {entry.id: entry for entry in project.entries.all(registry.id)}
        self._now = dict(self._known)
        """As all would be."""
        self._by_name: dict[str, str] = {}
        for entry in self._known.values():
            for alias in entry.aliases:
                self._by_name.setdefault(fold(alias), entry.id)
        for entry in self._known.values():
            self._by_name[fold(entry.name)] = entry.id
        self._rows: dict[str, int] = {}
        self._fields = self._match_fields(found.columns)
        for listed in found.entries:
            self._take(listed)
        for listed in found.entries:
            self._put_under(listed)
        for row in found.nameless:
            self._remark(row, "has no name")
        self._finish()

    def _match_fields(self, columns: Iterable[str]) -> dict[str, Field]:
        known = {fold_column(field.name): field for field in self._registry.fields}
        known |= {f"{name}field": field for name, field in known.items()}
        matched: dict[str, Field] = {}
        for column in columns:
            wanted = known.get(fold_column(column)) or known.get(fold_column(column).removesuffix("id"))
            if wanted is None:
                self._remark(1, f"column “{column[:40]}” is no field of this registry and is left out")
            else:
                matched[column] = wanted
        return matched

    def _remark(self, row: int, text: str) -> None:
        self.plan.remarks.append((row, text))

    def _take(self, listed: ListedEntry) -> None:
        """One row: a new entry, or more about one that is there."""
        if not all(storable(text) for text in (listed.name, *listed.aliases, listed.note)):
            self._remark(listed.row, "holds characters that are no proper Unicode, and is left out")
            return
        if max(map(len, (listed.name, *listed.aliases))) > _LONGEST:
            self._remark(listed.row, "holds a name that is far too long for one, and is left out")
            return
        id_ = listed.id if listed.id in self._known else self._by_name.get(fold(listed.name), "")
        if id_ and id_ in self._rows and not listed.id:
            self._remark(
                listed.row, f"“{listed.name[:40]}” stands in row {self._rows[id_]} too; both are taken together"
            )
        old = self._now.get(id_) or Entry(new_id(), self._registry.id, listed.name)
        name = listed.name if listed.id == old.id else old.name
        if name != old.name and self._by_name.get(fold(name), old.id) != old.id:
            self._remark(listed.row, f"another entry is called “{name[:40]}”; this one keeps its name")
            name = old.name
        spoken = (*old.aliases, *([listed.name] if fold(listed.name) != fold(name) else []), *listed.aliases)
        aliases = tuple(alias for alias in dict.fromkeys(spoken) if alias != name)
        fields = {**old.fields, **self._values(listed)}
        note = listed.note or old.note
        new = replace(old, name=name, aliases=aliases, fields=fields, note=note)
        self._now[new.id] = new
        self._rows.setdefault(new.id, listed.row)
        self._by_name.setdefault(fold(name), new.id)

    def _values(self, listed: ListedEntry) -> dict[str, FieldValue]:
        values: dict[str, FieldValue] = {}
        for column, text in listed.fields.items():
            wanted = self._fields.get(column)
            if wanted is None:
                continue
            try:
                values[wanted.name] = _value(wanted, text)
            except InvalidValue as error:
                self._remark(listed.row, str(error))
        return values

    def _put_under(self, listed: ListedEntry) -> None:
        """The parent, by its name; one that is nowhere is added."""
        if not listed.parent:
            return
        id_ = listed.id if listed.id in self._known else self._by_name.get(fold(listed.name), "")
        child = self._now.get(id_)
        if child is None or not storable(listed.parent):
            return
        parent_id = self._by_name.get(fold(listed.parent))
        above = self._now.get(child.parent_id or "")
        if above is not None and parent_id != above.id and fold(above.name) == fold(listed.parent):
            return  # several are called so, and it stands under one of them
        if parent_id is None:
            parent = Entry(new_id(), self._registry.id, listed.parent)
            self._now[parent.id] = parent
            self._by_name[fold(listed.parent)] = parent_id = parent.id
            self._remark(listed.row, f"its parent “{listed.parent[:40]}” is not there yet, and is added")
        line, at = {child.id: [parent_id]}, self._now[parent_id]
        while at.parent_id is not None and at.id not in line:
            line[at.id] = [at.parent_id]
            at = self._now.get(at.parent_id, at)
        try:
            check_acyclic(line, "entry")
        except AnnotatorError:
            self._remark(listed.row, f"“{listed.parent[:40]}” cannot be its parent: that would go in a circle")
            return
        self._now[child.id] = replace(child, parent_id=parent_id)

    def _finish(self) -> None:
        for id_, entry in self._now.items():
            old = self._known.get(id_)
            if old is None:
                self.plan.added.append(entry)
            elif old != entry:
                self.plan.changed.append((old, replace(entry, origin="manual")))
            elif id_ in self._rows:
                self.plan.unchanged += 1
        self.plan.remarks.sort()


def _value(wanted: Field, text: str) -> FieldValue:
    """A cell as a value of a field. Raises InvalidValue."""
    if wanted.name == WIKIDATA:
        return wikidata_id(text)
    if wanted.type == "choice":
        return check_value(wanted, _choice(wanted, text))
    if wanted.type == "multi-choice":
        return check_value(wanted, [_choice(wanted, item) for item in parted(text)])
    if wanted.type == "boolean":
        return check_value(wanted, _YES_OR_NO.get(text.casefold(), text))
    if wanted.type == "number":
        try:
            return check_value(wanted, float(text) if "." in text else int(text))
        except ValueError:
            return check_value(wanted, text)
    return check_value(wanted, text)


def _choice(wanted: Field, text: str) -> str:
    return next((choice for choice in wanted.choices if choice.casefold() == text.casefold()), text)
