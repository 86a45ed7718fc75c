"""The rows of the outline as plain objects, without Qt: what stands under what in each mode.

The top rows are made at once, what stands under a claim or a group only when it is looked at, so that an article
with ten thousand annotations costs one short pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from annotator.domain.attribution import Card, Level
from annotator.domain.model import Annotation

Kind = Literal["claim", "source", "cue", "addressee", "about", "plain", "group"]
Mode = Literal["claim", "text", "layer", "entry"]
Key = tuple[str, ...]


@dataclass(eq=False, slots=True)
class Node:
    """A row. `key` tells it from its sisters; `children` is None until somebody asks."""

    key: Key
    kind: Kind
    annotation: Annotation | None = None
    card: Card | None = None
    label: str = ""
    via: bool = False
    cues: tuple[Annotation, ...] = ()
    members: list[Annotation] = field(default_factory=list)
    children: list[Node] | None = None
    parent: Node | None = None
    row: int = 0
    uid: int = 0
    count: int = 0

    def take(self, other: Node) -> None:
        """What `other`, a newer image of the same row, says of it. Place and children stay."""
        self.kind, self.annotation, self.card = other.kind, other.annotation, other.card
        self.label, self.via, self.cues = other.label, other.via, other.cues
        self.members, self.count = other.members, other.count

    def walk(self) -> Iterator[Node]:
        """This row and all that were made below it."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            pending.extend(node.children or ())


def place(annotation: Annotation) -> tuple[int, int, str]:
    """The order of the text, quick for the common case of one fragment."""
    fragments = annotation.fragments
    if len(fragments) == 1:
        return fragments[0].start, -fragments[0].end, annotation.id
    return annotation.start, -annotation.end, annotation.id


def relayed_by(card: Card) -> dict[str, list[Level]]:
    """Levels keyed by the attribution that they pass on, "" for those that attribute the claim itself."""
    own = {level.link.id for level in card.levels}
    found: dict[str, list[Level]] = {}
    for level in card.levels:
        inner = next((m for m in level.link.roles.get("claim", ()) if m in own), "")
        found.setdefault(inner, []).append(level)
    return found


class Builder:
    """Makes rows from a document's cards and annotations, for one mode and one choice of layers."""

    def __init__(
        self,
        mode: Mode,
        cards: list[Card],
        annotations: Mapping[str, Annotation],
        shown: frozenset[str],
        *,
        layers: Iterable[tuple[str, str]] = (),
        entry_name: Callable[[str], str] = str,
        unlinked: str = "",
        no_entry: str = "",
    ) -> None:
        self.mode: Mode = mode
        self.cards = cards
        self.annotations = annotations
        self.shown = shown
        self.layers = list(layers)
        self.entry_name = entry_name
        self.unlinked = unlinked
        self.no_entry = no_entry

    def top(self) -> list[Node]:
        """The rows at the left edge."""
        if self.mode == "layer":
            return self._by_layer()
        if self.mode == "entry":
            return self._by_entry()
        claims = [card for card in self.cards if card.claim.layer_id in self.shown]
        if self.mode == "text" or not claims:
            return self._plain(a for a in self.annotations.values() if a.layer_id in self.shown)
        nodes = [Node((card.claim.id,), "claim", card.claim, card) for card in claims]
        linked = {member.id for card in claims for member in card.members()}
        loose = [a for a in self.annotations.values() if a.layer_id in self.shown and a.id not in linked]
        if loose:
            nodes.append(Node(("", "unlinked"), "group", label=self.unlinked, members=loose, count=len(loose)))
        return nodes

    def below(self, node: Node) -> list[Node]:
        """The rows under this one, each with all of its own already made."""
        if node.kind == "group":
            return self._plain(node.members)
        if node.kind == "claim" and node.card is not None:
            return self._below_claim(node.card)
        return []

    def has_below(self, node: Node) -> bool:
        """Whether anything stands under this row, without making it."""
        if node.children is not None:
            return bool(node.children)
        if node.kind == "group":
            return bool(node.members)
        if node.kind != "claim" or node.card is None:
            return False
        shown = self.shown
        return any(a.layer_id in shown for level in node.card.levels for a in level.annotations()) or any(
            a.layer_id in shown for a in node.card.about
        )

    def _plain(self, annotations: Iterable[Annotation]) -> list[Node]:
        return [Node((a.id,), "plain", a) for a in sorted(annotations, key=place)]

    def _by_layer(self) -> list[Node]:
        members: dict[str, list[Annotation]] = {}
        for annotation in self.annotations.values():
            members.setdefault(annotation.layer_id, []).append(annotation)
        return [
            Node(("layer", layer_id), "group", label=name, members=members[layer_id], count=len(members[layer_id]))
            for layer_id, name in self.layers
            if layer_id in self.shown and layer_id in members
        ]

    def _by_entry(self) -> list[Node]:
        members: dict[str, list[Annotation]] = {}
        for annotation in self.annotations.values():
            if annotation.layer_id in self.shown:
                for entry_id in annotation.entries or ("",):
                    members.setdefault(entry_id, []).append(annotation)
        loose = members.pop("", [])
        named = sorted((self.entry_name(entry_id).casefold(), entry_id) for entry_id in members)
        nodes = [
            Node(("entry", e), "group", label=self.entry_name(e), members=members[e], count=len(members[e]))
            for _, e in named
        ]
        if loose:
            nodes.append(Node(("entry", ""), "group", label=self.no_entry, members=loose, count=len(loose)))
        return nodes

    def _below_claim(self, card: Card) -> list[Node]:
        relays = relayed_by(card)
        result = self._levels(relays.get("", []), relays, set())
        result += [Node(("about", a.id), "about", a) for a in card.about if a.layer_id in self.shown]
        return result

    def _levels(self, levels: list[Level], relays: dict[str, list[Level]], seen: set[str]) -> list[Node]:
        result: list[Node] = []
        for level in levels:
            if level.link.id in seen:
                continue
            seen.add(level.link.id)
            nodes = self._level(level, via=not seen.isdisjoint(level.link.roles.get("claim", ())))
            outer = self._levels(relays.get(level.link.id, []), relays, seen)
            sources = [node for node in nodes if node.kind == "source"]
            if outer and sources:
                sources[-1].children = [*(sources[-1].children or []), *outer]
                _adopt(sources[-1])
            else:
                nodes += outer
            result += nodes
        return result

    def _level(self, level: Level, via: bool) -> list[Node]:
        link_id = level.link.id
        nodes = [
            Node((link_id, "source", a.id), "source", a, via=via, children=[])
            for a in level.sources
            if a.layer_id in self.shown
        ]
        cues = [a for a in level.cues if a.layer_id in self.shown]
        if nodes and not cues:
            nodes[-1].cues = tuple(level.cues)
        parts = [Node((link_id, "cue", a.id), "cue", a, via=via and not nodes, children=[]) for a in cues]
        parts += [
            Node((link_id, "addressee", a.id), "addressee", a, children=[])
            for a in level.addressees
            if a.layer_id in self.shown
        ]
        if not nodes:
            return parts
        nodes[-1].children = parts
        _adopt(nodes[-1])
        return nodes


def _adopt(node: Node) -> None:
    for row, child in enumerate(node.children or ()):
        child.parent, child.row = node, row
