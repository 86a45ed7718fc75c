"""The rows of the outline as plain objects, without Qt: what stands under what in each mode.

The top rows are made at once, what stands under a claim or a group only when it is looked at, so that an article
with ten thousand annotations costs one short pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from annotator.domain.attribution import Card, Level
from annotator.domain.model import Annotation

Kind = Literal["claim", "source", "cue", "addressee", "about", "plain", "group"]
Mode = Literal["claim", "text", "layer", "entry"]
Key = str | tuple[str, ...]
"""An annotation's id where it stands at the left edge; a tuple for groups and for what stands under a claim."""


@dataclass(eq=False, slots=True)
class Node:
    """A row. `key` tells it from its sisters; `children` is None until it is opened for the first time."""

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
    open: bool = False

    @property
    def top(self) -> Node:
        """The row at the left edge that this one stands under."""
        node = self
        while node.parent is not None:
            node = node.parent
        return node

    def take(self, other: Node) -> None:
        """What `other`, a newer image of the same row, says of it. Place, children and whether it is open stay."""
        self.kind, self.annotation, self.card = other.kind, other.annotation, other.card
        self.label, self.via, self.cues, self.members = other.label, other.via, other.cues, other.members

    def last_sister(self) -> bool:
        """Whether nothing stands after it under the same row."""
        return self.parent is None or self.parent.children is None or self.row == len(self.parent.children) - 1


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

    def top(self, known: dict[Key, Node]) -> list[Node]:
        """The rows at the left edge; those in `known` are kept and brought up to date."""
        if self.mode == "layer":
            return self._by_layer(known)
        if self.mode == "entry":
            return self._by_entry(known)
        shown = self.shown
        claims = [card for card in self.cards if card.claim.layer_id in shown]
        if self.mode == "text" or not claims:
            return self._plain((a for a in self.annotations.values() if a.layer_id in shown), known)
        nodes = []
        for card in claims:
            node = known.get(card.claim.id)
            if node is None or node.kind != "claim":
                node = Node(card.claim.id, "claim")
            node.annotation, node.card = card.claim, card
            nodes.append(node)
        loose = self._loose(claims)
        if loose:
            nodes.append(self._group(("", "unlinked"), self.unlinked, loose, known))
        return nodes

    def below(self, node: Node) -> list[Node]:
        """The rows under this one as they should be, each with all of its own already made."""
        if node.kind == "group":
            return self._plain(node.members, {child.key: child for child in node.children or ()})
        if node.kind == "claim" and node.card is not None:
            return self._below_claim(node.card)
        return node.children or []

    def has_below(self, node: Node) -> bool:
        """Whether anything stands under this row, without making it."""
        if node.kind == "group":
            return bool(node.members)
        if node.kind != "claim" or node.card is None:
            return bool(node.children)
        shown = self.shown
        return any(a.layer_id in shown for level in node.card.levels for a in level.annotations()) or any(
            a.layer_id in shown for a in node.card.about
        )

    def _loose(self, claims: list[Card]) -> list[Annotation]:
        """Annotations to be shown that no card shows."""
        own = {card.claim.layer_id for card in claims}
        others = [a for a in self.annotations.values() if a.layer_id in self.shown and a.layer_id not in own]
        if not others:
            return []
        linked: set[str] = set()
        for card in claims:
            for level in card.levels:
                for members in level.link.roles.values():
                    linked.update(members)
            for link in card.about_links:
                for members in link.roles.values():
                    linked.update(members)
        return [a for a in others if a.id not in linked]

    def _plain(self, annotations: Iterable[Annotation], known: dict[Key, Node]) -> list[Node]:
        nodes = []
        for annotation in sorted(annotations, key=place):
            node = known.get(annotation.id)
            if node is None or node.kind != "plain":
                node = Node(annotation.id, "plain")
            node.annotation = annotation
            nodes.append(node)
        return nodes

    def _group(self, key: Key, label: str, members: list[Annotation], known: dict[Key, Node]) -> Node:
        node = known.get(key) or Node(key, "group")
        node.label, node.members = label, members
        return node

    def _by_layer(self, known: dict[Key, Node]) -> list[Node]:
        members: dict[str, list[Annotation]] = {}
        for annotation in self.annotations.values():
            members.setdefault(annotation.layer_id, []).append(annotation)
        return [
            self._group(("layer", layer_id), name, members[layer_id], known)
            for layer_id, name in self.layers
            if layer_id in self.shown and layer_id in members
        ]

    def _by_entry(self, known: dict[Key, Node]) -> list[Node]:
        members: dict[str, list[Annotation]] = {}
        for annotation in self.annotations.values():
            if annotation.layer_id in self.shown:
                for entry_id in annotation.entries or ("",):
                    members.setdefault(entry_id, []).append(annotation)
        loose = members.pop("", [])
        names = {entry_id: self.entry_name(entry_id) for entry_id in members}
        order = sorted(members, key=lambda entry_id: (names[entry_id].casefold(), entry_id))
        nodes = [self._group(("entry", e), names[e], members[e], known) for e in order]
        if loose:
            nodes.append(self._group(("entry", ""), self.no_entry, loose, known))
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
                adopt(sources[-1], [*(sources[-1].children or []), *outer])
            else:
                nodes += outer
            result += nodes
        return result

    def _level(self, level: Level, via: bool) -> list[Node]:
        link_id = level.link.id
        nodes = [
            Node((link_id, "source", a.id), "source", a, via=via, children=[], open=True)
            for a in level.sources
            if a.layer_id in self.shown
        ]
        cues = [a for a in level.cues if a.layer_id in self.shown]
        if nodes and not cues:
            nodes[-1].cues = tuple(level.cues)
        parts = [Node((link_id, "cue", a.id), "cue", a, via=via and not nodes, children=[], open=True) for a in cues]
        parts += [
            Node((link_id, "addressee", a.id), "addressee", a, children=[])
            for a in level.addressees
            if a.layer_id in self.shown
        ]
        if not nodes:
            return parts
        adopt(nodes[-1], parts)
        return nodes


def adopt(node: Node, children: list[Node]) -> None:
    """Put these under a node."""
    node.children = children
    for row, child in enumerate(children):
        child.parent, child.row = node, row


def merged(old: list[Node], new: list[Node]) -> list[Node]:
    """The new rows, but each that was there before as the same object, brought up to date."""
    known = {node.key: node for node in old}
    result = []
    for fresh in new:
        mine = known.get(fresh.key)
        if mine is None or mine is fresh:
            result.append(fresh)
            continue
        mine.take(fresh)
        adopt(mine, merged(mine.children or [], fresh.children or []))
        result.append(mine)
    return result
