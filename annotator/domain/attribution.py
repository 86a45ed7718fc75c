"""Attributions as a reader sees them: each claim with who said it, through whom it came, and whom it is about.

Links are stored flat; here they are read as cards, one a claim, in the order of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from annotator.domain.codebook import Codebook
from annotator.domain.model import Annotation, Link

Place = tuple[int, int, str]
"""Where an annotation stands: earlier first, longer before shorter, then by id."""


@dataclass(slots=True)
class Level:
    """One attribution of a card: the first says who said it, each further one who passed that on."""

    link: Link
    sources: list[Annotation] = field(default_factory=list)
    cues: list[Annotation] = field(default_factory=list)
    addressees: list[Annotation] = field(default_factory=list)

    def annotations(self) -> list[Annotation]:
        """Its annotations apart from the claim."""
        return [*self.sources, *self.cues, *self.addressees]


@dataclass(slots=True)
class Card:
    """A claim and all that is attributed around it. `number` counts the claims of its layer from 1, in text order."""

    claim: Annotation
    number: int
    levels: list[Level] = field(default_factory=list)
    about: list[Annotation] = field(default_factory=list)
    about_links: list[Link] = field(default_factory=list)

    def members(self) -> list[Annotation]:
        """Every annotation that takes part, the claim first."""
        return [self.claim, *(a for level in self.levels for a in level.annotations()), *self.about]


def place(annotation: Annotation) -> Place:
    """Sorts annotations by where they stand: earlier first, longer before shorter, then by id."""
    fragments = annotation.fragments
    if len(fragments) == 1:
        start, end = fragments[0]
        return start, -end, annotation.id
    return annotation.start, -annotation.end, annotation.id


def build_card(
    codebook: Codebook,
    claim: Annotation,
    number: int,
    held: Callable[[str], Iterable[Link]],
    by_id: Mapping[str, Annotation],
) -> Card:
    """The card of a claim. `held` gives the links that hold an annotation or a link as their claim."""
    card = Card(claim, number)
    _climb(card, codebook, held, by_id)
    _look_about(card, codebook, held, by_id)
    return card


def cards(codebook: Codebook, annotations: Iterable[Annotation], links: Iterable[Link]) -> list[Card]:
    """A card for every annotation of a claim layer, in text order, with or without links."""
    by_id = {annotation.id: annotation for annotation in annotations}
    claim_layers = {layer.id for layer in codebook.layers_in_role("claim")}
    holders: dict[str, list[Link]] = {}
    for link in links:
        for member in link.roles.get("claim", ()):
            holders.setdefault(member, []).append(link)
    counts: dict[str, int] = {}
    result = []
    for claim in sorted((a for a in by_id.values() if a.layer_id in claim_layers), key=place):
        counts[claim.layer_id] = counts.get(claim.layer_id, 0) + 1
        result.append(build_card(codebook, claim, counts[claim.layer_id], lambda id_: holders.get(id_, ()), by_id))
    return result


def _climb(
    card: Card, codebook: Codebook, held: Callable[[str], Iterable[Link]], by_id: Mapping[str, Annotation]
) -> None:
    """Follow the attributions outwards, breadth first; the seen set guards against a damaged file's cycles."""
    if codebook.attribution is None:
        return
    seen: set[str] = set()
    ring = [card.claim.id]
    while ring:
        links = [link for member in ring for link in held(member) if link.type_id == codebook.attribution.id]
        ring = []
        for link in sorted(links, key=_age):
            if link.id in seen:
                continue
            seen.add(link.id)
            ring.append(link.id)
            level = Level(link)
            for role, members in (("source", level.sources), ("cue", level.cues), ("addressee", level.addressees)):
                members.extend(by_id[m] for m in link.roles.get(role, ()) if m in by_id)
            card.levels.append(level)


def _look_about(
    card: Card, codebook: Codebook, held: Callable[[str], Iterable[Link]], by_id: Mapping[str, Annotation]
) -> None:
    if codebook.about is None:
        return
    for link in sorted(held(card.claim.id), key=_age):
        if link.type_id == codebook.about.id:
            card.about_links.append(link)
            card.about.extend(
                by_id[m] for m in link.roles.get("actor", ()) if m in by_id and by_id[m] not in card.about
            )


def _age(link: Link) -> tuple[str, str]:
    return link.created, link.id
