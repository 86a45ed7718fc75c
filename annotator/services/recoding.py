"""What becomes of the data when the codebook changes: each part can be counted beforehand and done inside a step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

from annotator.storage.recoding import OwnerKind, Recoder, Uses, Values, strangers

if TYPE_CHECKING:
    from annotator.services.project import Project
    from annotator.storage.writer import Writer

Thing = Literal["annotation", "link", "entry", "document"]
Fate = Literal["follows", "moves", "is lost", "is removed", "loses members", "loses entries", "is released"]
THINGS: dict[OwnerKind, Thing] = {
    "layer": "annotation",
    "link_type": "link",
    "registry": "entry",
    "documents": "document",
}


@dataclass(frozen=True, slots=True)
class Touch:
    """How many things a change touches, in how many documents (0: not told), and what becomes of them.

    follows: a value is called otherwise. moves: it goes elsewhere. is lost: a value goes. is removed: the thing itself
    goes. loses members, loses entries: a link or an annotation refers to less. is released: it stays, as free metadata.
    """

    thing: Thing
    count: int
    documents: int
    fate: Fate


class Recode(Protocol):
    """A part of a change. `under_old`: it runs while the old codebook still holds."""

    @property
    def under_old(self) -> bool: ...

    def touches(self, uses: Uses) -> list[Touch]:
        """What it would do. Empty where nothing is there to do."""
        ...

    def apply(self, project: Project, step: Writer, recoder: Recoder) -> None:
        """Do it."""
        ...


@dataclass(frozen=True)
class ChangeValues:
    """Rewrites the values of an owner's fields. `old` and `new` name the fields that are read and written."""

    owner: OwnerKind
    owner_id: str
    change: Callable[[Values], Values]
    fields: frozenset[str]
    released: bool = False
    """The values stay, though no field defines them any more."""
    under_old = False

    def touches(self, uses: Uses) -> list[Touch]:
        """Those whose value is called otherwise, and those that lose one."""
        counts: dict[Fate, list[str]] = {}
        fates: dict[int, Fate | None] = {}
        held: list[Values] = []  # those that are alike are one mapping; kept, so that no other gets its identity
        for document, values in uses.values(self.owner, self.owner_id):
            if id(values) not in fates:
                held.append(values)
                fates[id(values)] = self._fate(values)
            if (fate := fates[id(values)]) is not None:
                counts.setdefault(fate, []).append(document)
        thing = THINGS[self.owner]
        return [
            Touch(thing, len(found), len(set(found)) if thing in ("annotation", "link") else 0, fate)
            for fate, found in counts.items()
        ]

    def _fate(self, values: Values) -> Fate | None:
        if not any(name in values for name in self.fields):
            return None
        if self.released:
            return "is released"
        new = self.change(dict(values))
        if new == values:
            return None
        return "is lost" if _said(new) < _said(values) else "follows"

    def apply(self, project: Project, step: Writer, recoder: Recoder) -> None:
        """One pass over what the owner has."""
        if not self.released:
            recoder.rewrite(self.owner, self.owner_id, self.change)


def _said(values: Values) -> int:
    """How many single values there are."""
    return sum(len(value) if isinstance(value, list) else 1 for value in values.values())


@dataclass(frozen=True)
class MoveAnnotations:
    """The annotations of a layer become another layer's; values that its fields do not take are lost."""

    layer_id: str
    to_id: str
    change: Callable[[Values], Values]
    keep_entries: bool
    under_old = False

    def touches(self, uses: Uses) -> list[Touch]:
        """How many move, and what they lose on the way."""
        count, documents = uses.held("layer", self.layer_id)
        if not count:
            return []
        found = [Touch("annotation", count, documents, "moves")]
        lost = [
            d for d, values in uses.values("layer", self.layer_id) if _said(self.change(dict(values))) < _said(values)
        ]
        if lost:
            found.append(Touch("annotation", len(lost), len(set(lost)), "is lost"))
        if not self.keep_entries and (mentions := uses.mentions(layer_id=self.layer_id)):
            found.append(Touch("annotation", mentions, 0, "loses entries"))
        return found

    def apply(self, project: Project, step: Writer, recoder: Recoder) -> None:
        """Entries first: afterwards nobody knows any more which annotations came."""
        meant = set() if self.keep_entries else recoder.drop_mentions(layer_id=self.layer_id)
        recoder.rewrite("layer", self.layer_id, self.change, to_owner=self.to_id)
        recoder.forget_dismissals(self.layer_id)
        project.entries.drop_orphans(step, sorted(meant))


@dataclass(frozen=True)
class RemoveAnnotations:
    """The annotations of a layer go, and the links that cannot stand without them."""

    layer_id: str
    under_old = True

    def touches(self, uses: Uses) -> list[Touch]:
        """How many go, and how many links lose something."""
        count, documents = uses.held("layer", self.layer_id)
        found = [Touch("annotation", count, documents, "is removed")] if count else []
        if links := uses.links_of(self.layer_id):
            found.append(Touch("link", links, 0, "loses members"))
        return found

    def apply(self, project: Project, step: Writer, recoder: Recoder) -> None:
        """As if somebody had deleted each."""
        doomed = recoder.ids("layer", self.layer_id)
        project.linking.release(step, doomed)
        meant = recoder.drop_mentions(layer_id=self.layer_id)
        step.remove("annotation", doomed)
        recoder.forget_dismissals(self.layer_id)
        project.entries.drop_orphans(step, sorted(meant))


@dataclass(frozen=True)
class RemoveLinks:
    """The links of a type go; links that held them lose them."""

    type_id: str
    under_old = True

    def touches(self, uses: Uses) -> list[Touch]:
        """How many go."""
        count, documents = uses.held("link_type", self.type_id)
        return [Touch("link", count, documents, "is removed")] if count else []

    def apply(self, project: Project, step: Writer, recoder: Recoder) -> None:
        """As if somebody had removed each."""
        project.linking.remove_all(step, recoder.ids("link_type", self.type_id))


@dataclass(frozen=True)
class RemoveHeadless:
    """A link must hold something in its first role where that role needs a member: those that do not, go."""

    type_id: str
    role: str
    called: str
    """What the role is called beforehand."""
    under_old = False

    def touches(self, uses: Uses) -> list[Touch]:
        """How many go."""
        count = len(uses.headless(self.type_id, self.called))
        return [Touch("link", count, 0, "is removed")] if count else []

    def apply(self, project: Project, step: Writer, recoder: Recoder) -> None:
        """As if somebody had removed each."""
        project.linking.remove_all(step, Uses(recoder.connection).headless(self.type_id, self.role))


@dataclass(frozen=True)
class MoveRole:
    """The members of a role stand in another one: it was renamed, or goes."""

    type_id: str
    old: str
    new: str
    renamed: bool = True
    under_old = False

    def touches(self, uses: Uses) -> list[Touch]:
        """How many members; told as links."""
        count = uses.members(self.type_id, self.old)
        return [Touch("link", count, 0, "follows" if self.renamed else "moves")] if count else []

    def apply(self, project: Project, step: Writer, recoder: Recoder) -> None:
        """All at once."""
        recoder.move_role(self.type_id, self.old, self.new)


@dataclass(frozen=True)
class ReleaseMembers:
    """A role lets go of what it does not take (any more): other layers than these (None: takes any), other types."""

    type_id: str
    role: str
    layer_ids: tuple[str, ...] | None
    type_ids: tuple[str, ...]
    under_old = False

    def touches(self, uses: Uses) -> list[Touch]:
        """How many members."""
        count = uses.strangers(self.type_id, self.role, self.layer_ids, self.type_ids)
        return [Touch("link", count, 0, "loses members")] if count else []

    def apply(self, project: Project, step: Writer, recoder: Recoder) -> None:
        """Links that cannot stand without go too."""
        gone: dict[str, set[str]] = {}
        for row in recoder.connection.execute(strangers(self.type_id, self.role, self.layer_ids, self.type_ids)):
            gone.setdefault(row.link_id, set()).add(row.annotation_id or row.inner_id)
        links = [
            replace(
                link,
                roles={
                    role: kept
                    for role, members in link.roles.items()
                    if (kept := members if role != self.role else tuple(m for m in members if m not in gone[link.id]))
                },
            )
            for link in project.store.links_by_id(gone)
        ]
        project.linking.settle(step, links)


@dataclass(frozen=True)
class DropMentions:
    """The annotations of a layer refer to nothing any more: it has another registry now."""

    layer_id: str
    under_old = False

    def touches(self, uses: Uses) -> list[Touch]:
        """How many annotations."""
        count = uses.mentions(layer_id=self.layer_id)
        return [Touch("annotation", count, 0, "loses entries")] if count else []

    def apply(self, project: Project, step: Writer, recoder: Recoder) -> None:
        """Entries that only a tag made go with it."""
        project.entries.drop_orphans(step, sorted(recoder.drop_mentions(layer_id=self.layer_id)))


@dataclass(frozen=True)
class RemoveEntries:
    """The entries of a registry go; annotations refer to them no more."""

    registry_id: str
    under_old = True

    def touches(self, uses: Uses) -> list[Touch]:
        """How many entries, and how many annotations refer to them."""
        count, _ = uses.held("registry", self.registry_id)
        found = [Touch("entry", count, 0, "is removed")] if count else []
        if mentions := uses.mentions(registry_id=self.registry_id):
            found.append(Touch("annotation", mentions, 0, "loses entries"))
        return found

    def apply(self, project: Project, step: Writer, recoder: Recoder) -> None:
        """Mentions first."""
        recoder.drop_mentions(registry_id=self.registry_id)
        doomed = set(recoder.ids("registry", self.registry_id))
        # An import may have put a member of an entry into another registry.
        strays = [e for e in project.store.entries() if e.parent_id in doomed and e.id not in doomed]
        step.replace([replace(entry, parent_id=None) for entry in strays])
        step.remove("entry", sorted(doomed))


@dataclass(frozen=True)
class MoveEntries:
    """The entries of a registry go into another one."""

    registry_id: str
    to_id: str
    change: Callable[[Values], Values]
    under_old = False

    def touches(self, uses: Uses) -> list[Touch]:
        """How many entries, and how many lose a value that is not known there."""
        count, _ = uses.held("registry", self.registry_id)
        lost = sum(
            _said(self.change(dict(values))) < _said(values) for _, values in uses.values("registry", self.registry_id)
        )
        found = [Touch("entry", count, 0, "moves")] if count else []
        return [*found, Touch("entry", lost, 0, "is lost")] if lost else found

    def apply(self, project: Project, step: Writer, recoder: Recoder) -> None:
        """All at once."""
        recoder.rewrite("registry", self.registry_id, self.change, to_owner=self.to_id)


def touches(recodes: Iterable[Recode], uses: Uses) -> list[Touch]:
    """What all of them would do, in order."""
    return [touch for recode in recodes for touch in recode.touches(uses)]
