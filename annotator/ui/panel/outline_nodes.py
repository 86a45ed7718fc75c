"""The rows of the outline as plain objects, without Qt: what stands under what in each mode.

At the left edge stand places of the text, straight from what is known of the article; a row is made of one, and what
stands under a claim or a group, only when it is looked at. So an article with a hundred thousand annotations costs no
pass over them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from annotator.domain.annotated import Annotated
from annotator.domain.attribution import Card, Level, Place, place
from annotator.domain.model import Annotation

Kind = Literal["claim", "source", "cue", "addressee", "about", "plain", "group"]
Mode = Literal["claim", "text", "layer", "entry"]
Key = str | tuple[str, ...]
"""An annotation's id where it stands at the left edge; a tuple for groups and for what stands under a claim."""


@dataclass(eq=False, slots=True)
class Node:
    """A row. `key` tells it from its sisters; `children` is None until it is opened for the first time.

    A group has `members` instead of children: where they stand in the text.
    """

    key: Key
    kind: Kind
    annotation: Annotation | None = None
    card: Card | None = None
    label: str = ""
    via: bool = False
    cues: tuple[Annotation, ...] = ()
    members: Sequence[Place] = ()
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


@dataclass
class Top:
    """What stands at the left edge: annotations in the order of the text, all of one kind, then groups."""

    kind: Literal["claim", "plain"] = "plain"
    places: Sequence[Place] = ()
    groups: list[Node] = field(default_factory=list)


def found_at(places: Sequence[Place], annotation: Annotation | None) -> int | None:
    """Which of these places an annotation has; None where it is not among them."""
    if annotation is None:
        return None
    at = place(annotation)
    n = bisect_left(places, at)
    return n if n < len(places) and places[n] == at else None


def relayed_by(card: Card) -> dict[str, list[Level]]:
    """Levels keyed by the attribution that they pass on, "" for those that attribute the claim itself."""
    own = {level.link.id for level in card.levels}
    found: dict[str, list[Level]] = {}
    for level in card.levels:
        inner = next((m for m in level.link.roles.get("claim", ()) if m in own), "")
        found.setdefault(inner, []).append(level)
    return found


class Builder:
    """Makes rows from what is known of a document, for one mode and one choice of layers."""

    def __init__(
        self,
        mode: Mode,
        annotated: Annotated,
        shown: frozenset[str],
        *,
        claims: Iterable[str] = (),
        layers: Iterable[tuple[str, str]] = (),
        entry_name: Callable[[str], str] = str,
        unlinked: str = "",
        no_entry: str = "",
    ) -> None:
        self.mode: Mode = mode
        self.annotated = annotated
        self.shown = shown
        self._claims = [layer_id for layer_id in claims if layer_id in shown]
        self._layers = list(layers)
        self._entry_name = entry_name
        self._unlinked = unlinked
        self._no_entry = no_entry

    def top(self) -> Top:
        """The rows at the left edge."""
        annotated = self.annotated
        if self.mode == "layer":
            return Top(groups=[
                Node(("layer", layer_id), "group", label=name, members=list(annotated.places(layer_id)))
                for layer_id, name in self._layers
                if layer_id in self.shown and annotated.places(layer_id)
            ])  # fmt: skip
        if self.mode == "entry":
            return Top(groups=self._entries())
        claims = annotated.merged(self._claims) if self.mode == "claim" else []
        if not claims:
            return Top(places=annotated.merged(self.shown))
        loose = annotated.merged(self.shown.difference(self._claims), loose=True)
        groups = [Node(("", "unlinked"), "group", label=self._unlinked, members=loose)] if loose else []
        return Top("claim", claims, groups)

    def below(self, node: Node) -> list[Node]:
        """The rows under a claim as they should be, each with all of its own already made."""
        return self._below_claim(node.card) if node.kind == "claim" and node.card is not None else node.children or []

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

    def _entries(self) -> list[Node]:
        mentions = self.annotated.mentions(self.shown)
        loose = mentions.pop("", [])
        names = {entry_id: self._entry_name(entry_id) for entry_id in mentions}
        order = sorted(mentions, key=lambda entry_id: (names[entry_id].casefold(), entry_id))
        nodes = [Node(("entry", e), "group", label=names[e], members=list(mentions[e])) for e in order]
        if loose:
            nodes.append(Node(("entry", ""), "group", label=self._no_entry, members=list(loose)))
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
