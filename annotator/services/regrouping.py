"""What becomes of mentions when entries turn out to be one, several, another or none: merge, split, move, remove.

Each is one step. Mentions pass from entry to entry in whole sets (`storage/mentions.py`), so ten thousand of them are no
more than a blink.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from annotator.domain.errors import InvalidValue, NotFound
from annotator.domain.ids import new_id
from annotator.domain.invariants import shown
from annotator.domain.model import Apart, Entry, FieldValue
from annotator.domain.names import fold
from annotator.services.known_names import key_of
from annotator.storage import mentions as stored

if TYPE_CHECKING:
    from annotator.services.project import Project

Fate = Literal["leave", "move", "delete"]
"""What becomes of the mentions of an entry that goes: left without it, moved to another one, or deleted."""


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What a merge would do, for a person to look at first."""

    kept: Entry
    """As it would be."""
    aliases: tuple[str, ...]
    """The names that it gains."""
    mentions: int
    documents: int
    members: tuple[str, ...]
    """Names of the entries that get it as their parent."""
    overruled: tuple[tuple[str, str, str], ...]
    """Values that are given up: field, the value that stays, the value that goes."""


def plan_merge(project: Project, keep_id: str, other_ids: Iterable[str]) -> MergePlan:
    """What `merge` with the same entries would do. Raises InvalidValue, NotFound or Conflict."""
    keep, others = _to_merge(project, keep_id, other_ids)
    merged = _merged(project, keep, others)
    gone = {other.id for other in others}
    count, documents = stored.mentioning(project.store.connection, gone)
    overruled = [
        (name, _said(merged.fields[name]), _said(value))
        for other in others
        for name, value in other.fields.items()
        if merged.fields.get(name) != value
    ]
    members = tuple(e.name for e in project.entries.all(keep.registry_id) if _follows(e, gone, keep_id))
    gained = tuple(alias for alias in merged.aliases if alias not in keep.aliases)
    return MergePlan(merged, gained, count, documents, members, tuple(dict.fromkeys(overruled)))


def merge(project: Project, keep_id: str, other_ids: Iterable[str]) -> None:
    """Make several entries one: names become aliases, mentions and members follow."""
    keep, others = _to_merge(project, keep_id, other_ids)
    if not others:
        return
    merged = _merged(project, keep, others)
    gone = {other.id for other in others}
    what = f"{others[0].name} → {keep.name}" if len(others) == 1 else f"{len(others)} → {keep.name}"
    with project.step("Merge {what}", what) as step:
        for entry in project.entries.all(keep.registry_id):
            if _follows(entry, gone, keep_id):
                project.entries.put(step, replace(entry, parent_id=keep_id))
        project.entries.put(step, project.entries.checked(merged, but=gone))
        stored.move(step.gate, gone, keep_id)
        stored.pass_on_apart(step.gate, gone, keep_id)
        stored.pass_on_unwanted(step.gate, gone, keep_id, set(map(key_of, (keep.name, *keep.aliases))))
        project.entries.drop(step, gone)


def split(project: Project, id_: str, annotation_ids: Iterable[str], name: str) -> Entry:
    """Let some of an entry's mentions mean a new one, which takes kind and parent over. A name of the old one may be used."""
    old = project.entries.get(id_)
    chosen = _mentions(project, id_, annotation_ids)
    registry = project.codebook.registries_by_id.get(old.registry_id)
    kinds = {field.name for field in registry.fields if field.type == "choice"} if registry is not None else set()
    fields = {field: value for field, value in old.fields.items() if field in kinds}
    new = project.entries.checked(Entry(new_id(), old.registry_id, name, (), old.parent_id, fields))
    with project.step("Split “{what}”", old.name) as step:
        project.entries.add(step, new)
        kept = tuple(alias for alias in old.aliases if fold(alias) != fold(new.name))
        project.entries.put(step, replace(old, aliases=kept, origin="manual"))
        stored.move(step.gate, {id_}, new.id, chosen)
        # Whoever splits them has judged them different.
        step.add(Apart.of(id_, new.id))
    return new


def reassign(project: Project, id_: str, annotation_ids: Iterable[str], to_id: str) -> None:
    """Let some of an entry's mentions mean another entry."""
    old, new = project.entries.get(id_), project.entries.get(to_id)
    chosen = _mentions(project, id_, annotation_ids)
    if old.registry_id != new.registry_id:
        raise InvalidValue("Mentions can only be moved to an entry of the same list.")
    if old.id == new.id:
        return
    what = f"{len(chosen)} × {old.name} → {new.name}" if len(chosen) > 1 else f"{old.name} → {new.name}"
    with project.step("Move {what}", what) as step:
        stored.move(step.gate, {id_}, to_id, chosen)


def remove(project: Project, ids: Iterable[str], fate: Fate = "leave", to_id: str | None = None) -> None:
    """Remove entries; their members have no parent any more."""
    doomed = [project.entries.get(id_) for id_ in dict.fromkeys(ids)]
    gone = {entry.id for entry in doomed}
    if not doomed:
        return
    if fate == "move":
        if to_id is None or to_id in gone:
            raise InvalidValue("Choose the entry that the mentions should move to.")
        target = project.entries.get(to_id)
        if any(entry.registry_id != target.registry_id for entry in doomed):
            raise InvalidValue("Mentions can only be moved to an entry of the same list.")
    action, what = (
        ("Remove “{what}”", doomed[0].name) if len(doomed) == 1 else ("Remove {what}", f"{len(doomed)} entries")
    )
    with project.step(action, what) as step:
        if fate == "delete":
            project.tagging.remove(_all_mentions(project, gone))
        else:
            stored.move(step.gate, gone, to_id if fate == "move" else None)
        for member in project.entries.all():
            if member.parent_id in gone and member.id not in gone:
                project.entries.put(step, replace(member, parent_id=None))
        # Those that a tag made may have gone with their last mention.
        project.entries.drop(step, project.entries.get_many(gone))


def judge_apart(project: Project, one: str, other: str) -> None:
    """These two are different: not to be proposed as duplicates again."""
    first, second = project.entries.get(one), project.entries.get(other)
    pair = Apart.of(one, other)
    if one == other or pair in stored.apart(project.store.connection):
        return
    with project.step("Keep apart: {what}", f"{first.name} / {second.name}") as step:
        step.add(pair)


def judge_open(project: Project, one: str, other: str) -> None:
    """Take back that these two are different."""
    pair = Apart.of(one, other)
    if pair in stored.apart(project.store.connection):
        names = [entry.name for entry in project.entries.get_many((one, other)).values()]
        with project.step("Propose again: {what}", " / ".join(names)) as step:
            stored.forget_apart(step.gate, pair)


def _to_merge(project: Project, keep_id: str, other_ids: Iterable[str]) -> tuple[Entry, list[Entry]]:
    keep = project.entries.get(keep_id)
    others = [project.entries.get(id_) for id_ in dict.fromkeys(other_ids) if id_ != keep_id]
    if any(other.registry_id != keep.registry_id for other in others):
        raise InvalidValue("Only entries of the same registry can be merged.")
    return keep, others


def _merged(project: Project, keep: Entry, others: Sequence[Entry]) -> Entry:
    """What the entry becomes; what it says itself goes before what the others say."""
    gone = {other.id for other in others}
    fields: dict[str, FieldValue] = {}
    for entry in (*reversed(others), keep):
        fields |= entry.fields
    note = "\n\n".join(dict.fromkeys(entry.note for entry in (keep, *others) if entry.note))
    names = (*keep.aliases, *(name for other in others for name in (other.name, *other.aliases)))
    aliases = tuple(alias for alias in dict.fromkeys(names) if alias != keep.name)
    parent = _parent_without(project, keep, gone)
    return replace(keep, aliases=aliases, parent_id=parent, fields=fields, note=note, origin="manual")


def _parent_without(project: Project, keep: Entry, gone: Collection[str]) -> str | None:
    """Its parent once these are one with it: what stood above the topmost of them, where they are its ancestors."""
    parent, above, seen = keep.parent_id, keep.parent_id, {keep.id}
    while above is not None and above not in seen:
        seen.add(above)
        entry = project.entries.get(above)
        if above in gone:
            parent = entry.parent_id
        above = entry.parent_id
    return parent


def _follows(entry: Entry, gone: Collection[str], keep_id: str) -> bool:
    """Whether it is a member of one that goes, and so gets another parent."""
    return entry.parent_id in gone and entry.id not in gone and entry.id != keep_id


def _mentions(project: Project, id_: str, annotation_ids: Iterable[str]) -> set[str]:
    chosen = set(annotation_ids) & set(project.store.annotations_with_entry(id_))
    if not chosen:
        raise NotFound("None of these mentions refers to this entry any more.")
    return chosen


def _all_mentions(project: Project, ids: Collection[str]) -> list[str]:
    return sorted({a for id_ in ids for a in project.store.annotations_with_entry(id_)})


def _said(value: FieldValue) -> str:
    return ", ".join(value) if isinstance(value, list) else shown(value) if not isinstance(value, str) else value
