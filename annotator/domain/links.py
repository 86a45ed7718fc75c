"""When a link stands, and which links stand when some of their members are gone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from annotator.domain.codebook import LinkType
from annotator.domain.model import Link


def stands(link: Link, before: Link, link_type: LinkType | None, *, held: bool) -> bool:
    """Whether a link that lost members still says something. `held`: another link holds it.

    A role that was under its minimum all along is for the to-do list, not a reason to fall. However many claims it holds,
    an attribution without source, cue and addressee attributes nothing, unless another passes it on.
    """
    if link_type is None:
        return bool(link.members())
    filled = all(
        len(link.roles.get(role.name, ())) >= min(role.min, len(before.roles.get(role.name, ())))
        for role in link_type.roles
    )
    bare = len(link_type.roles) > 1 and sum(1 for members in link.roles.values() if members) < 2
    return filled and bool(link.members()) and (held or not bare)


def links_that_stand(
    links: Sequence[Link],
    annotations: Collection[str],
    wanted: Callable[[Link], bool],
    types: Mapping[str, LinkType],
) -> tuple[Link, ...]:
    """The wanted links of a document with those of their members that are there; what falls by that is gone, outwards.

    A link that lost nothing stands as it is, whatever it holds.
    """
    left = {link.id: link for link in links if wanted(link)}
    holders: dict[str, list[str]] = {}
    alone: set[str] = set()
    """Links that lost one that held them: they may have been standing for its sake."""
    for link in links:
        for member in link.members():
            if link.id in left:
                holders.setdefault(member, []).append(link.id)
            else:
                alone.add(member)
    before = dict(left)
    pending = list(left)
    while pending:
        id_ = pending.pop()
        if id_ not in left:
            continue
        whole = before[id_]
        roles = {
            role: kept
            for role, members in whole.roles.items()
            if (kept := tuple(m for m in members if m in annotations or m in left))
        }
        lost = sum(map(len, roles.values())) < len(whole.members())
        if not lost and id_ not in alone:
            continue
        if lost:
            left[id_] = replace(whole, roles=roles)
        held = any(holder in left for holder in holders.get(id_, ()))
        if not stands(left[id_], whole, types.get(whole.type_id), held=held):
            del left[id_]
            alone.update(whole.members())
            pending += holders.get(id_, ())
            pending += whole.members()
    return tuple(left[link.id] for link in links if link.id in left)
