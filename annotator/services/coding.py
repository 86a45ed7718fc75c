"""The codebook editor: every edit comes as a Change, which first says what it touches and then is one step.

    change = project.coding.remove_choice(owner, "type", "policy", move_to="evaluation")
    change.touches()    # 47 annotations, in 12 documents: follows
    change.apply()

The codebook's version rises with each such step and is kept in the project. The version under which somebody made or
last changed an annotation is `version_at` of its times: no codebook step touches them, and undo is linear, so a step that
was undone has left no annotation behind.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from annotator.domain import codebook_edit as edit
from annotator.domain.changes import StepInfo
from annotator.domain.codebook import Codebook, Field, Layer, LinkType, Registry, Role
from annotator.domain.codebook_edit import Kind, Owner
from annotator.domain.errors import Conflict, InvalidValue
from annotator.domain.ids import new_id
from annotator.domain.invariants import check_codebook, shown
from annotator.services import codebook_merge
from annotator.services.codebook_change import Change
from annotator.services.coding_fields import FieldEdits
from annotator.services.recoding import (
    DropMentions,
    MoveAnnotations,
    MoveEntries,
    MoveRole,
    Recode,
    ReleaseMembers,
    RemoveAnnotations,
    RemoveEntries,
    RemoveHeadless,
    RemoveLinks,
)
from annotator.services.todo import TodoItem, TodoList, count_versions, find_todo, find_version
from annotator.services.values import fitting, taken_over
from annotator.storage.queries import Queries
from annotator.storage.recoding import Uses

if TYPE_CHECKING:
    from annotator.services.project import Project

ADD, CHANGE, RENAME = "Add to codebook: {what}", "Change codebook: {what}", "Rename in codebook: {what}"
REMOVE, MOVE, MERGE = "Remove from codebook: {what}", "Reorder codebook: {what}", "Take over codebook {what}"


LARGE = 4000
"""So many things may be counted and rewritten while a window waits."""


class CodebookEditor(FieldEdits):
    """What can be done with a project's codebook. Each edit returns a Change; nothing is done before its `apply`."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._thread = threading.local()
        self._versions: tuple[Codebook, list[tuple[int, StepInfo]]] | None = None
        """Those of a codebook: another one, also by undo, has others."""

    # What there is

    @property
    def version(self) -> int:
        """The version of the codebook: it rises with each step that changes it."""
        return self._codebook.version

    def versions(self) -> list[tuple[int, StepInfo]]:
        """Every version since the project was made, with the step that brought it, the oldest first."""
        if self._versions is None or self._versions[0] is not self._codebook:
            self._versions = self._codebook, self._project.store.codebook_steps()
        return self._versions[1]

    def version_at(self, time: str) -> int:
        """The version that was in force at a time, as `created` and `modified` say it; the first for "" and before."""
        steps = self.versions()
        before = [number for number, step in steps if step.at <= time]
        return before[-1] if before else (steps[0][0] - 1 if steps else self.version)

    def uses(self, owner: Owner) -> tuple[int, int]:
        """How many annotations, links, entries or documents an owner has, and in how many documents."""
        return self._uses.held(owner.kind, owner.id)

    def is_used(self, owner: Owner) -> bool:
        """Whether an owner has anything."""
        return self._uses.any(owner.kind, owner.id)

    def made_under(self) -> dict[int, int]:
        """How many annotations were made, or changed last, under each version that has any."""
        return count_versions(self._project)

    def of_version(self, version: int, document_id: str | None = None, limit: int = 1000) -> TodoList:
        """The annotations that were made, or changed last, under a version."""
        return find_version(self._project, version, document_id, limit)

    def todo(self, document_id: str | None = None, limit: int = 1000) -> TodoList:
        """What the codebook asks for and is not there yet: in one document, or in the whole project."""
        return find_todo(self._project, document_id, limit)

    # Layers, link types, registries

    def add_layer(self, layer: Layer) -> Change:
        """A new layer; one without an id gets one. Raises InvalidValue or Conflict."""
        layer = replace(layer, id=layer.id or new_id(), name=edit.name_from(layer.name))
        layer = replace(layer, shortcut=self._free_key(layer.shortcut, layer.id))
        return self._with(layer, ADD)

    def add_link_type(self, link_type: LinkType) -> Change:
        """A new link type; one without an id gets one."""
        return self._with(replace(link_type, id=link_type.id or new_id(), name=edit.name_from(link_type.name)), ADD)

    def add_registry(self, registry: Registry) -> Change:
        """A new registry; one without an id gets one."""
        return self._with(replace(registry, id=registry.id or new_id(), name=edit.name_from(registry.name)), ADD)

    def edit_layer(self, id_: str, *, take_key: bool = False, **changes: Any) -> Change:
        """Change a layer's name, colour, mark, shortcut, registry or texts.

        A shortcut that another layer has is refused, unless it is to be taken from there (`take_key`).
        """
        old = edit.layer_of(self._codebook, id_)
        codebook, recodes = self._codebook, []
        if "shortcut" in changes:
            key = edit.key_from(changes["shortcut"])
            other = edit.warn_key(codebook, key, id_)
            if other is not None and take_key:
                codebook = edit.with_item(codebook, replace(other, shortcut=""))
            changes["shortcut"] = key if other is not None and take_key else self._free_key(key, id_)
        new = replace(old, **self._named(changes))
        if new.registry != old.registry:
            recodes.append(DropMentions(id_))
        return self._change(
            CHANGE if new.name == old.name else RENAME, old.name, edit.with_item(codebook, new), recodes
        )

    def edit_link_type(self, id_: str, **changes: Any) -> Change:
        """Change a link type's name or texts."""
        old = edit.link_type_of(self._codebook, id_)
        new = replace(old, **self._named(changes))
        return self._with(new, CHANGE if new.name == old.name else RENAME, old.name)

    def edit_registry(self, id_: str, **changes: Any) -> Change:
        """Change a registry's name or texts."""
        old = edit.registry_of(self._codebook, id_)
        new = replace(old, **self._named(changes))
        return self._with(new, CHANGE if new.name == old.name else RENAME, old.name)

    def remove_layer(self, id_: str, move_to: str | None = None) -> Change:
        """Remove a layer: its annotations go, or become those of the layer with the id `move_to`."""
        codebook = self._codebook
        old = edit.layer_of(codebook, id_)
        recode: Recode = RemoveAnnotations(id_)
        into = ""
        if move_to is not None:
            target = edit.layer_of(codebook, move_to)
            if target.id == id_:
                raise InvalidValue("Annotations cannot move to the layer that is removed.")
            recode = MoveAnnotations(id_, move_to, fitting(target.fields), old.registry == target.registry)
            into = target.name
        new = edit.without_layer(codebook, id_, into)
        return self._change(REMOVE, old.name, new, [recode])

    def remove_link_type(self, id_: str) -> Change:
        """Remove a link type with its links."""
        old = edit.link_type_of(self._codebook, id_)
        return self._change(REMOVE, old.name, edit.without_link_type(self._codebook, id_), [RemoveLinks(id_)])

    def remove_registry(self, id_: str, move_to: str | None = None) -> Change:
        """Remove a registry: its entries go, or become those of the registry with the id `move_to`."""
        old = edit.registry_of(self._codebook, id_)
        recode: Recode = RemoveEntries(id_)
        into = ""
        if move_to is not None:
            target = edit.registry_of(self._codebook, move_to)
            if target.id == id_:
                raise InvalidValue("Entries cannot move to the registry that is removed.")
            recode = MoveEntries(id_, move_to, fitting(target.fields))
            into = target.name
        return self._change(REMOVE, old.name, edit.without_registry(self._codebook, id_, into), [recode])

    def move(self, kind: Kind, id_: str, place: int) -> Change:
        """Put a layer, link type or registry at another place among its like."""
        find: dict[Kind, Callable[[Codebook, str], Layer | LinkType | Registry]] = {
            "layer": edit.layer_of,
            "link_type": edit.link_type_of,
            "registry": edit.registry_of,
        }
        name = find[kind](self._codebook, id_).name
        return self._change(MOVE, name, edit.reordered(self._codebook, kind, id_, place))

    # Roles

    def add_role(self, type_id: str, role: Role) -> Change:
        """A new role, at the end."""
        link_type = edit.link_type_of(self._codebook, type_id)
        role = replace(role, name=edit.name_from(role.name))
        return self._change_roles(ADD, role.name, type_id, [*link_type.roles, role])

    def edit_role(self, type_id: str, name: str, /, **changes: Any) -> Change:
        """Change what a role is called, what it takes, how many it needs, or its texts."""
        link_type, old = edit.link_type_of(self._codebook, type_id), edit.role_of(self._codebook, type_id, name)
        new = replace(old, **self._named(changes))
        recodes: list[Recode] = [MoveRole(type_id, name, new.name)] if new.name != name else []
        roles = [new if role is old else role for role in link_type.roles]
        if (new.layers, new.links) != (old.layers, old.links):
            check_codebook(edit.with_roles(self._codebook, type_id, roles))
            recodes.append(ReleaseMembers(type_id, new.name, *edit.role_takes(self._codebook, new)))
        return self._change_roles(CHANGE if new.name == name else RENAME, name, type_id, roles, recodes, new.name)

    def remove_role(self, type_id: str, name: str, move_to: str | None = None) -> Change:
        """Remove a role: its members leave their links, or stand in the role `move_to` if that takes them."""
        link_type, old = edit.link_type_of(self._codebook, type_id), edit.role_of(self._codebook, type_id, name)
        roles = [role for role in link_type.roles if role is not old]
        recodes: list[Recode] = []
        if move_to is None:
            recodes.append(ReleaseMembers(type_id, name, (), ()))
        else:
            if move_to == name:
                raise InvalidValue("Members cannot move to the role that is removed.")
            target = edit.role_of(self._codebook, type_id, move_to)
            takes = edit.role_takes(self._codebook, target)
            recodes += [ReleaseMembers(type_id, name, *takes), MoveRole(type_id, name, move_to, renamed=False)]
        return self._change_roles(REMOVE, name, type_id, roles, recodes)

    def move_role(self, type_id: str, name: str, place: int) -> Change:
        """Put a role at another place in its link type."""
        link_type, role = edit.link_type_of(self._codebook, type_id), edit.role_of(self._codebook, type_id, name)
        return self._change_roles(MOVE, name, type_id, edit.moved(link_type.roles, role, place))

    def _change_roles(
        self,
        action: str,
        what: str,
        type_id: str,
        roles: Sequence[Role],
        recodes: Sequence[Recode] = (),
        renamed: str = "",
    ) -> Change:
        codebook = edit.with_roles(self._codebook, type_id, roles)
        found = list(recodes)
        before = edit.link_type_of(self._codebook, type_id).roles
        head, was = (roles[0] if roles else None), (before[0] if before else None)
        called = what if head is not None and head.name == renamed else head.name if head is not None else ""
        if head is not None and head.min and (was is None or not was.min or called != was.name):
            found.append(RemoveHeadless(type_id, head.name, called))
        return self._change(action, what, codebook, found)

    # Whole codebooks

    def take_over(self, codebook: Codebook, name: str) -> Change:
        """Add what another codebook has and this one lacks. Things match by name. Raises Conflict."""
        merged = codebook_merge.merge(self._codebook, codebook)
        return self._change(
            MERGE, name, merged.codebook, taken_over(self._codebook, merged.codebook), notes=merged.notes
        )

    def replace_all(self, codebook: Codebook, name: str) -> Change:
        """Another codebook in place of this one. Raises Conflict where anything is coded already."""
        counts = Queries(self._uses.connection).counts()
        if counts["annotations"] or counts["links"] or counts["entries"]:
            raise Conflict("The project holds annotations already; a codebook can only be added to its own.")
        # Ids may be the same as here, with other things behind them: what stays is changed, the rest comes and goes.
        new = replace(codebook, version=self._codebook.version)
        return self._change(MERGE, name, new, taken_over(self._codebook, new))

    # How

    @property
    def _codebook(self) -> Codebook:
        return self._project.codebook

    @property
    def _uses(self) -> Uses:
        other: Project | None = getattr(self._thread, "reads", None)
        return Uses((other or self._project).store.connection)

    @contextmanager
    def through(self, project: Project) -> Iterator[None]:
        """In this thread, count through another connection to the project: Changes can be made beside the window."""
        self._thread.reads = project
        try:
            yield
        finally:
            self._thread.reads = None

    def is_large(self) -> bool:
        """Whether there is so much in the project that to count or rewrite it may take longer than a blink."""
        return sum(self._project.store.counts().values()) > LARGE

    def _named(self, changes: dict[str, Any]) -> dict[str, Any]:
        return {**changes, "name": edit.name_from(changes["name"])} if "name" in changes else changes

    def _free_key(self, text: str, layer_id: str) -> str:
        key = edit.key_from(text)
        other = edit.warn_key(self._codebook, key, layer_id)
        if other is not None:
            raise Conflict(f"The key {key} belongs to the layer {shown(other.name)} already.", (other.id,))
        return key

    def _with(self, item: Layer | LinkType | Registry, action: str, what: str = "") -> Change:
        return self._change(action, what or item.name, edit.with_item(self._codebook, item))

    def _change(
        self, action: str, what: str, codebook: Codebook, recodes: Sequence[Recode] = (), notes: Sequence[str] = ()
    ) -> Change:
        check_codebook(codebook)
        told = [*notes, *_consequences(self._codebook, codebook)]
        return Change(self._project, action, what, codebook, tuple(recodes), tuple(told), self._codebook)


def _consequences(old: Codebook, new: Codebook) -> list[str]:
    """What the window will not be able to do any more."""
    found = []
    if old.attribution is not None and new.attribution is None:
        found.append("Attributions are known by a link type with the roles claim and source; there will be none.")
    if old.about is not None and new.about is None:
        found.append("What claims are about is known by the link type About with the roles claim and actor.")
    for link_type in old.link_types:
        after = new.link_types_by_id.get(link_type.id)
        gone = [role.name for role in link_type.roles if after is not None and after.role(role.name) is None]
        if len(new.layers) + len(new.link_types) < len(old.layers) + len(old.link_types):
            found += [f"The role {shown(name)} of {shown(link_type.name)} goes: it took nothing else." for name in gone]
    return found


__all__ = ["Change", "CodebookEditor", "Field", "Owner", "TodoItem", "TodoList"]
