"""Link annotations: attributions with relays, what claims are about, how claims relate, and any other link type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from annotator.domain.codebook import LinkType, Role
from annotator.domain.errors import AlreadyTagged, InvalidValue, NotFound
from annotator.domain.ids import new_id, now
from annotator.domain.invariants import check_acyclic, check_fields, check_link
from annotator.domain.links import stands
from annotator.domain.model import Annotation, Fields, FieldValue, Link
from annotator.services.tagging import changed_fields
from annotator.storage.writer import Writer

if TYPE_CHECKING:
    from annotator.services.project import Project


class Linking:
    """What can be done with links."""

    def __init__(self, project: Project) -> None:
        self._project = project

    # Any link

    def link(
        self,
        document_id: str,
        type_id: str,
        roles: Mapping[str, Iterable[str]],
        fields: Fields | None = None,
        origin: str = "manual",
    ) -> Link:
        """Make a link. `roles` maps role names to ids of annotations or links of the document. Raises InvalidValue."""
        link_type = self._type(type_id)
        checked = check_fields(link_type.fields, fields or {}, f"the {link_type.name.lower()}")
        filled = {role: chosen for role, members in roles.items() if (chosen := tuple(members))}
        if not filled:
            raise InvalidValue("A link needs something to hold.")
        with self._project.step("Link {what}", link_type.name.lower()) as step:
            coder = self._project.coder_id(step)
            link = Link(new_id(), document_id, type_id, coder, filled, checked, "", origin, now(), now())
            self._check(link, link_type, whole=True)
            step.add(link)
        return link

    def add_member(self, link_id: str, role: str, member_id: str) -> None:
        """Put an annotation or a link into a role, at its end. Raises InvalidValue, also for a cycle."""
        old = self._one(link_id)
        link_type = self._type(old.type_id)
        members = old.roles.get(role, ())
        if member_id in members:
            raise AlreadyTagged("This is linked already.", member_id)
        self._replace_roles(old, link_type, {**old.roles, role: (*members, member_id)}, "Link {what}")

    def remove_member(self, link_id: str, role: str, member_id: str) -> None:
        """Take something out of a role; a link that cannot stand without it goes."""
        old = self._one(link_id)
        if member_id not in old.roles.get(role, ()):
            raise NotFound("This is not linked any more.")
        with self._project.step("Unlink {what}", role) as step:
            roles = {**old.roles, role: tuple(m for m in old.roles[role] if m != member_id)}
            changed: dict[str, Link | None] = {
                inner.id: inner for inner in self._project.store.links_by_id([member_id])
            }
            changed[old.id] = replace(old, roles={r: ids for r, ids in roles.items() if ids}, modified=now())
            self._settle(step, changed)

    def unlink(self, link_id: str) -> None:
        """Remove a link; its annotations stay. What held the link loses it."""
        link = self._one(link_id)
        with self._project.step("Unlink {what}", self._type(link.type_id).name.lower()) as step:
            self._settle(step, {link_id: None})

    def set_fields(self, link_id: str, values: Mapping[str, FieldValue | None]) -> None:
        """Set fields by name; None clears one. Raises InvalidValue."""
        old = self._one(link_id)
        link_type = self._type(old.type_id)
        fields = changed_fields(link_type.fields, old.fields, values, f"the {link_type.name.lower()}")
        if fields != dict(old.fields):
            with self._project.step("Set {what}", ", ".join(values)) as step:
                step.replace(replace(old, fields=fields, modified=now()))

    def set_note(self, link_id: str, note: str) -> None:
        """Replace the note."""
        old = self._one(link_id)
        if note != old.note:
            with self._project.step("Edit note") as step:
                step.replace(replace(old, note=note, modified=now()))

    def release(self, step: Writer, ids: Iterable[str]) -> None:
        """Take annotations out of every link, before they are removed."""
        gone = set(ids)
        changed: dict[str, Link | None] = {}
        for link in self._project.store.links_with(gone):
            changed[link.id] = _without(link, gone)
        self._settle(step, changed)

    def settle(self, step: Writer, links: Iterable[Link]) -> None:
        """Write links that lost members; those that cannot stand any more go, and so on outwards."""
        self._settle(step, {link.id: link for link in links})

    def remove_all(self, step: Writer, ids: Iterable[str]) -> None:
        """Remove links; what held them loses them."""
        self._settle(step, dict.fromkeys(ids))

    # Attributions

    def levels(self, claim_id: str) -> list[Link]:
        """The attributions of a claim, the innermost first, then those that pass it on.

        Of an attribution's id: those that pass that one on.
        """
        attribution = self._attribution()
        result: list[Link] = []
        ring = [claim_id]
        while ring:
            found = self._project.store.links_with(ring)
            holders = [
                link
                for link in sorted(found, key=lambda link: (link.created, link.id))
                if link.type_id == attribution.id and set(ring) & set(link.roles.get("claim", ()))
            ]
            ring = [link.id for link in holders if link not in result]
            result += [link for link in holders if link not in result]
        return result

    def attribute(self, claim_id: str, annotation: Annotation, *, relay: bool = False) -> None:
        """Put a source, cue or addressee into the attribution of a claim, or into the one that passes it on.

        A reporter fills the outermost attribution while that has no source, else it opens a further one around it.
        """
        attribution = self._attribution()
        claim = self._annotation(claim_id)
        role = self._role_for(attribution, annotation)
        with self._project.step("Link {what}", role.name):
            levels = self.levels(claim_id)
            if not levels:
                start = {"claim": (claim_id,)} if relay else {"claim": (claim_id,), role.name: (annotation.id,)}
                levels = [self.link(claim.document_id, attribution.id, start)]
                if not relay:
                    return
            if not relay:
                self.add_member(levels[0].id, role.name, annotation.id)
                return
            # A claim that two people make has two innermost attributions; what passes on the first is meant.
            relays = self.levels(levels[0].id)
            if any(annotation.id in relay_.roles.get(role.name, ()) for relay_ in relays):
                raise AlreadyTagged("This is linked as the reporter already.", annotation.id)
            outermost = relays[-1] if relays else None
            if outermost is not None and not (role.name == "source" and outermost.roles.get("source")):
                self.add_member(outermost.id, role.name, annotation.id)
            else:
                passed_on = outermost or levels[0]
                self.link(claim.document_id, attribution.id, {"claim": (passed_on.id,), role.name: (annotation.id,)})

    def make_about(self, claim_id: str, actor: Annotation) -> Link:
        """Say that a claim is about an actor."""
        about = self._project.codebook.about
        if about is None:
            raise InvalidValue("The codebook has no link type About.")
        held = [
            link
            for link in self._project.store.links_with([claim_id])
            if link.type_id == about.id and claim_id in link.roles.get("claim", ())
        ]
        if not held:
            return self.link(actor.document_id, about.id, {"claim": (claim_id,), "actor": (actor.id,)})
        self.add_member(held[0].id, "actor", actor.id)
        return self._one(held[0].id)

    # Two annotations, and what could stand between them

    def possible(self, first_id: str, second_id: str) -> list[str]:
        """Names of the link types that could join these two, the natural one first."""
        first, second = self._annotation(first_id), self._annotation(second_id)
        codebook = self._project.codebook
        ends = {link_type: self._ends(link_type, first, second) for link_type in codebook.link_types}
        found = {link_type.name: end[2] for link_type, end in ends.items() if end is not None}
        names = list(found)
        if codebook.attribution and codebook.about and found.get(codebook.attribution.name) == "addressee":
            # An actor and a claim: what the claim is about, long before whom it was said to.
            about = codebook.about.name
            names.sort(key=lambda name: name != about)
        return names

    def connect(self, first_id: str, second_id: str, type_name: str = "") -> Link:
        """Join two annotations by the natural link between them, or by the one named. Raises InvalidValue."""
        first, second = self._annotation(first_id), self._annotation(second_id)
        if first.document_id != second.document_id or first.id == second.id:
            raise InvalidValue("A link joins two annotations of the same article.")
        names = [type_name] if type_name else self.possible(first_id, second_id)
        if not names:
            raise InvalidValue("The codebook has no link between these two.")
        link_type = self._project.codebook.link_types_by_name.get(names[0])
        if link_type is None:
            raise NotFound("This link type is not in the codebook any more.")
        ends = self._ends(link_type, first, second)
        if ends is None:
            raise InvalidValue(f"A {link_type.name.lower()} cannot join these two.")
        claim, other, role = ends
        if link_type == self._project.codebook.attribution:
            self.attribute(claim.id, other)
            return self.levels(claim.id)[0]
        if link_type == self._project.codebook.about:
            return self.make_about(claim.id, other)
        first_role = next(r.name for r in link_type.roles if r.name != role)
        return self.link(first.document_id, link_type.id, {first_role: (claim.id,), role: (other.id,)})

    def _ends(
        self, link_type: LinkType, first: Annotation, second: Annotation
    ) -> tuple[Annotation, Annotation, str] | None:
        """Which of two annotations stands first in a link type, which second, and in what role; None where neither can."""
        if len(link_type.roles) < 2:
            return None
        head, *others = link_type.roles
        for one, two in ((first, second), (second, first)):
            for role in others:
                if self._layer_name(one) in head.layers and self._layer_name(two) in role.layers:
                    return one, two, role.name
        return None

    def _layer_name(self, annotation: Annotation) -> str:
        layer = self._project.codebook.layers_by_id.get(annotation.layer_id)
        return layer.name if layer else ""

    def _role_for(self, link_type: LinkType, annotation: Annotation) -> Role:
        name = self._layer_name(annotation)
        role = next((role for role in link_type.roles if role.name != "claim" and name in role.layers), None)
        if role is None:
            raise InvalidValue(f"An attribution has no place for a {name.lower()}.")
        return role

    def _replace_roles(self, old: Link, link_type: LinkType, roles: Mapping[str, tuple[str, ...]], action: str) -> None:
        new = replace(old, roles=roles, modified=now())
        self._check(new, link_type)
        with self._project.step(action, link_type.name.lower()) as step:
            step.replace(new)

    def _settle(self, step: Writer, changed: dict[str, Link | None]) -> None:
        """Write changed links (None: remove). A link that lost a needed role goes, and so on outwards.

        An attribution that says neither who nor how goes too, unless another passes it on.
        """
        store = self._project.store
        pending = set(changed)
        gone: set[str] = set()
        while pending:
            ids, pending = pending, set()
            around = {holder.id: changed.get(holder.id, holder) for holder in store.links_with(ids)}
            held = {member for holder in around.values() if holder is not None for member in holder.members()}
            before = {link.id: link for link in store.links_by_id(ids - gone)}
            falls = {
                id_
                for id_ in ids - gone
                if (k := changed[id_]) is None or not self._stands(k, before.get(id_, k), id_ in held)
            }
            gone |= falls
            changed.update(dict.fromkeys(falls))
            for holder_id, holder in around.items():
                if holder is not None and holder_id not in gone and falls.intersection(holder.members()):
                    changed[holder_id] = _without(holder, falls)
                    pending.add(holder_id)
            # What a link that goes was passing on may have been standing for its sake alone.
            for inner in store.links_by_id(m for k in store.links_by_id(falls) for m in k.members()):
                changed.setdefault(inner.id, inner)
                pending.add(inner.id)
        step.replace([link for link in changed.values() if link is not None])
        step.remove("link", [link_id for link_id, link in changed.items() if link is None])

    def _stands(self, link: Link, before: Link, held: bool) -> bool:
        return stands(link, before, self._project.codebook.link_types_by_id.get(link.type_id), held=held)

    def _check(self, link: Link, link_type: LinkType, *, whole: bool = False) -> None:
        store = self._project.store
        annotations = {a.id: a for a in store.annotations_by_id(link.members())}
        links = {k.id: k for k in store.links_by_id(m for m in link.members() if m not in annotations)}
        check_link(link, link_type, self._project.codebook, annotations, links, whole=whole)
        # Only what it holds, and what that holds, can lead back to it.
        edges = {link.id: link.members()}
        ring = list(links.values())
        while ring:
            edges.update({k.id: k.members() for k in ring if k.id not in edges})
            ring = [k for k in store.links_by_id(m for k in ring for m in k.members()) if k.id not in edges]
        check_acyclic(edges)

    def _attribution(self) -> LinkType:
        if self._project.codebook.attribution is None:
            raise InvalidValue("The codebook has no link type with a claim and a source.")
        return self._project.codebook.attribution

    def _type(self, type_id: str) -> LinkType:
        link_type = self._project.codebook.link_types_by_id.get(type_id)
        if link_type is None:
            raise NotFound("This link type is not in the codebook any more.")
        return link_type

    def _one(self, link_id: str) -> Link:
        found = self._project.store.links_by_id([link_id])
        if not found:
            raise NotFound("This link is not there any more.")
        return found[0]

    def _annotation(self, id_: str) -> Annotation:
        found = self._project.store.annotations_by_id([id_])
        if not found:
            raise NotFound("This annotation is not there any more.")
        return found[0]


def _without(link: Link, gone: set[str]) -> Link:
    roles = {role: tuple(m for m in members if m not in gone) for role, members in link.roles.items()}
    return replace(link, roles={role: members for role, members in roles.items() if members}, modified=now())
