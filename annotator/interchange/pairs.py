"""Links as pairs, for formats that know nothing else, and annotations with their fragments as single spans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from annotator.domain.codebook import Codebook
from annotator.domain.model import Annotation, DocumentData, Link

FROM, TO = "from", "to"
GOES_ON = "goes on"
"""The pair of a fragment and the one after it, where a format has no place for fragments."""


def pairs(data: DocumentData, codebook: Codebook) -> Iterator[tuple[Link, str, str, str]]:
    """The link, the two annotations and what their pair is called.

    A link with the roles from and to, one member each, is a pair of its own name. Of any other the first member goes
    with each of the others, and the other's role stands behind the name. A link among the members counts as its first
    annotation.
    """
    annotations = {annotation.id: annotation for annotation in data.annotations}
    links = {link.id: link for link in data.links}
    for link in data.links:
        name = codebook.link_types_by_id[link.type_id].name
        held = {role: members for role, members in link.roles.items() if members}
        ends = [(role, end) for role, members in held.items() for m in members if (end := _end(m, annotations, links))]
        if set(held) == {FROM, TO} and len(ends) == 2:
            yield link, held_end(ends, FROM), held_end(ends, TO), name
            continue
        for role, end in ends[1:]:
            yield link, ends[0][1], end, f"{name}: {role}"


def held_end(ends: list[tuple[str, str]], role: str) -> str:
    """The first end in a role."""
    return next(end for of, end in ends if of == role)


def _end(member: str, annotations: Mapping[str, Annotation], links: Mapping[str, Link]) -> str:
    for _ in range(len(links) + 1):
        if member in annotations or member not in links:
            break
        member = next(iter(links[member].members()), "")
    return member if member in annotations else ""
