"""Attributions laid flat: which claims each one attributes, and through how many others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from annotator.domain import dates
from annotator.domain.codebook import Codebook
from annotator.domain.model import Annotation, DocumentData, FieldValue, Link


@dataclass(slots=True)
class Attribution:
    """One attribution link with the annotations in its roles, and the claims it reaches.

    `claims` maps a claim's id to the relay depth: 0 where the link holds the claim itself, 1 where it passes on an
    attribution that does, and so on; the smallest where there are several ways. `via` are the attributions that it
    passes on.
    """

    link: Link
    claims: dict[str, int] = field(default_factory=dict)
    via: tuple[str, ...] = ()
    sources: list[Annotation] = field(default_factory=list)
    cues: list[Annotation] = field(default_factory=list)
    addressees: list[Annotation] = field(default_factory=list)


def attributions(codebook: Codebook, data: DocumentData) -> list[Attribution]:
    """Every attribution of a document, in the document's order."""
    kind = codebook.attribution
    if kind is None:
        return []
    by_id = {annotation.id: annotation for annotation in data.annotations}
    found = {link.id: Attribution(link) for link in data.links if link.type_id == kind.id}
    for item in found.values():
        members = item.link.roles.get("claim", ())
        item.claims = {member: 0 for member in members if member in by_id}
        item.via = tuple(member for member in members if member in found)
        for role, into in (("source", item.sources), ("cue", item.cues), ("addressee", item.addressees)):
            into += [by_id[member] for member in item.link.roles.get(role, ()) if member in by_id]
    for item in _inner_first(found):
        for inner in item.via:
            for claim, depth in found[inner].claims.items():
                item.claims[claim] = min(depth + 1, item.claims.get(claim, depth + 1))
    return list(found.values())


def _inner_first(found: Mapping[str, Attribution]) -> list[Attribution]:
    """Those that others pass on come before them. A damaged file's cycle is cut where it closes."""
    order: list[Attribution] = []
    seen: set[str] = set()
    for root in found:
        if root in seen:
            continue
        seen.add(root)
        path = [(root, iter(found[root].via))]
        while path:
            current, rest = path[-1]
            for inner in rest:
                if inner not in seen:
                    seen.add(inner)
                    path.append((inner, iter(found[inner].via)))
                    break
            else:
                path.pop()
                order.append(found[current])
    return order


def about(codebook: Codebook, data: DocumentData) -> dict[str, list[Annotation]]:
    """The annotations that each claim is about, keyed by the claim's id."""
    kind = codebook.about
    if kind is None:
        return {}
    by_id = {annotation.id: annotation for annotation in data.annotations}
    result: dict[str, list[Annotation]] = {}
    for link in data.links:
        if link.type_id == kind.id:
            for claim in link.roles.get("claim", ()):
                actors = result.setdefault(claim, [])
                actors += [by_id[m] for m in link.roles.get("actor", ()) if m in by_id and by_id[m] not in actors]
    return result


_AGAINST = ("denied", "negative", "disagree", "disagrees", "disagreement", "rejected", "against", "no", "false", "-1")


def sign(*all_fields: Mapping[str, FieldValue]) -> int:
    """+1 or, where a field named polarity or agreement says that the claim is denied, -1."""
    for fields in all_fields:
        for name, value in fields.items():
            if name.strip().casefold() not in ("polarity", "agreement"):
                continue
            if isinstance(value, str):
                against = value.strip().casefold() in _AGAINST
            elif isinstance(value, (bool, int, float)):
                against = value <= 0
            else:
                continue
            return -1 if against else 1
    return 1


def entry_ids(annotations: Iterable[Annotation]) -> list[str]:
    """The entries of several annotations, each once, in order."""
    return list(dict.fromkeys(entry for annotation in annotations for entry in annotation.entries))


def day(metadata: Mapping[str, FieldValue]) -> str:
    """The date of a document as YYYY-MM-DD, or ""."""
    return dates.day(metadata.get("date"))
