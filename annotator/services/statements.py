"""A claim across articles: each time it was made, by whom, through whom, and whether it was denied."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.domain.model import Annotation, Fields, Link, covered

if TYPE_CHECKING:
    from annotator.services.project import Project

# What says in the codebooks that come along that a claim is denied: by the claim, its attribution or its cue.
_DENIALS: Mapping[str, object] = {"polarity": "denied", "position": "against", "agreement": False, "negated": True}
_LONGEST = 80  # characters of a source's own words


@dataclass(frozen=True, slots=True)
class Statement:
    """One time that a claim was made. Names are those of entries, else the words of the text."""

    annotation_id: str
    sources: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    """Who passed it on, the nearest to the source first."""
    denied: bool = False


def is_claim_registry(project: Project, registry_id: str) -> bool:
    """Whether annotations of this registry are claims, so that somebody makes them."""
    codebook = project.codebook
    registries = [codebook.registry_of(layer) for layer in codebook.layers_in_role("claim")]
    return any(registry is not None and registry.id == registry_id for registry in registries)


def statements(project: Project, claim_ids: Collection[str]) -> dict[str, Statement]:
    """The statement of each of these claims that exists, read in whole sets."""
    attribution = project.codebook.attribution
    claims = {claim.id: claim for claim in project.store.annotations_by_id(sorted(claim_ids))}
    chains: dict[str, list[Link]] = {id_: [] for id_ in claims}
    # The claims that each link of the ring around them leads to.
    ring: dict[str, set[str]] = {id_: {id_} for id_ in claims}
    seen: set[tuple[str, str]] = set()
    while ring and attribution is not None:
        outer: dict[str, set[str]] = {}
        for link in sorted(project.store.links_with(sorted(ring)), key=lambda link: (link.created, link.id)):
            held = [member for member in link.roles.get("claim", ()) if member in ring]
            if link.type_id != attribution.id or not held:
                continue
            for claim_id in {claim_id for member in held for claim_id in ring[member]}:
                if (link.id, claim_id) not in seen:
                    seen.add((link.id, claim_id))
                    chains[claim_id].append(link)
                    outer.setdefault(link.id, set()).add(claim_id)
        ring = outer
    members = {m for chain in chains.values() for link in chain for m in _said_by(link) + link.roles.get("cue", ())}
    known = {a.id: a for a in project.store.annotations_by_id(sorted(members))}
    names = _names(project, known.values())
    return {id_: _statement(claim, chains[id_], known, names) for id_, claim in claims.items()}


def _said_by(link: Link) -> tuple[str, ...]:
    """The members of an attribution that speak."""
    return link.roles.get("source", ())


def _statement(
    claim: Annotation, chain: list[Link], known: Mapping[str, Annotation], names: Mapping[str, str]
) -> Statement:
    levels = [tuple(names[m] for m in _said_by(link) if m in names) for link in chain]
    denied = _denies(claim.fields)
    if chain:
        inner = chain[0]
        cues = [known[m] for m in inner.roles.get("cue", ()) if m in known]
        denied = denied or _denies(inner.fields) or any(_denies(cue.fields) for cue in cues)
    via = tuple(dict.fromkeys(name for level in levels[1:] for name in level))
    return Statement(claim.id, levels[0] if levels else (), via, denied)


def _denies(fields: Fields) -> bool:
    return any(name in fields and fields[name] == value for name, value in _DENIALS.items())


def _names(project: Project, annotations: Iterable[Annotation]) -> dict[str, str]:
    """What each is called: its entries, else its words."""
    named = list(annotations)
    entries = project.entries.get_many({e for annotation in named for e in annotation.entries})
    found: dict[str, str] = {}
    wordless: list[Annotation] = []
    for annotation in named:
        names = [entries[e].name for e in annotation.entries if e in entries]
        if names:
            found[annotation.id] = ", ".join(names)
        else:
            wordless.append(annotation)
    for annotation in sorted(wordless, key=lambda a: a.document_id):
        words = " ".join(covered(project.documents.text(annotation.document_id), annotation.fragments).split())
        found[annotation.id] = f"“{words[:_LONGEST]}{'…' if len(words) > _LONGEST else ''}”"
    return found
