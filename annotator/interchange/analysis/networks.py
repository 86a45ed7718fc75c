"""Networks of who says what: counted in one pass over the documents, written as GraphML and GEXF.

Four of them:
- actor-claim: an actor says a claim. `sign` is above 0 where it asserts it more often than it denies it, below where less.
- actor-actor: two actors take the same stand on a claim (congruence), or opposite ones (conflict).
- relay: what an actor says is passed on by another.
- co-occurrence: two entries are annotated in the same article.

An actor is the entry of a source, a claim the entry of a claim. What has no entry is taken by its words; `entry` is
then "". A link with several sources, or a source with several entries, counts for each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

from annotator.domain.exchange import Source
from annotator.domain.model import Annotation, DocumentData, Entry, covered
from annotator.interchange.analysis.columns import plain
from annotator.interchange.analysis.statements import Attribution, attributions, day, sign

Name = Literal["actor-claim", "actor-actor", "relay", "co-occurrence"]
NAMES: tuple[Name, ...] = ("actor-claim", "actor-actor", "relay", "co-occurrence")
DIRECTED: tuple[Name, ...] = ("actor-claim", "relay")
DEFAULT: Name = "actor-claim"

Values = dict[str, str | int | float]


@dataclass(slots=True)
class Network:
    """Nodes by id, and edges by the ids of their two ends; each with plain values."""

    name: Name
    about: str
    directed: bool
    nodes: dict[str, Values] = field(default_factory=dict)
    edges: dict[tuple[str, str], Values] = field(default_factory=dict)


@dataclass(slots=True)
class _Days:
    """How often, and when."""

    count: int = 0
    days: Counter[str] = field(default_factory=Counter)

    def add(self, when: str) -> None:
        self.count += 1
        if when:
            self.days[when] += 1

    def first(self) -> str:
        return min(self.days, default="")

    def last(self) -> str:
        return max(self.days, default="")


@dataclass(slots=True)
class _Said:
    """What an actor says of a claim: asserted (+1) and denied (-1)."""

    by_sign: dict[int, _Days] = field(default_factory=lambda: {1: _Days(), -1: _Days()})
    documents: set[str] = field(default_factory=set)


def networks(source: Source, wanted: Iterable[Name] = NAMES) -> Iterator[Network]:
    """The networks that are wanted, counted together."""
    counting = _Counting(source, frozenset(wanted))
    for data in source.documents():
        counting.document(data)
    made = {
        "actor-claim": counting.actor_claim,
        "actor-actor": counting.actor_actor,
        "relay": counting.relay,
        "co-occurrence": counting.co_occurrence,
    }
    for name in NAMES:
        if name in counting.wanted:
            yield made[name]()


class _Counting:
    def __init__(self, source: Source, wanted: frozenset[Name]) -> None:
        self.wanted = wanted
        self._codebook = source.codebook
        self._entries: Mapping[str, Entry] = {entry.id: entry for entry in source.entries()}
        self._registries = {registry.id: registry for registry in source.codebook.registries}
        self._words: dict[str, str] = {}
        """Node ids of what has no entry, and the words it has."""
        self._said: dict[tuple[str, str], _Said] = {}
        self._relayed: dict[tuple[str, str], _Days] = {}
        self._together: dict[tuple[str, str], _Days] = {}
        self._mentioned: dict[str, _Days] = {}

    # Counting

    def document(self, data: DocumentData) -> None:
        """Count what a document adds."""
        when = day(data.document.metadata)
        if self.wanted != {"co-occurrence"}:
            self._attributions(data, when)
        if "co-occurrence" in self.wanted:
            here = sorted({e for a in data.annotations for e in a.entries if e in self._entries})
            for entry in here:
                self._mentioned.setdefault(entry, _Days()).add(when)
            for pair in combinations(here, 2):
                self._together.setdefault(pair, _Days()).add(when)

    def _attributions(self, data: DocumentData, when: str) -> None:
        by_id = {annotation.id: annotation for annotation in data.annotations}
        found = attributions(self._codebook, data)
        by_link = {item.link.id: item for item in found}
        for item in found:
            actors = self._nodes("actor", item.sources, data)
            for claim_id, depth in item.claims.items():
                # Whoever passes a claim on does not thereby say it.
                if depth:
                    continue
                claim = by_id[claim_id]
                against = sign(claim.fields, item.link.fields)
                for actor in actors:
                    for said in self._nodes("claim", [claim], data):
                        counts = self._said.setdefault((actor, said), _Said())
                        counts.by_sign[against].add(when)
                        counts.documents.add(data.document.id)
            for inner in item.via:
                self._relay(by_link[inner], actors, data, when)

    def _relay(self, inner: Attribution, relayers: list[str], data: DocumentData, when: str) -> None:
        for actor in self._nodes("actor", inner.sources, data):
            for relayer in relayers:
                self._relayed.setdefault((actor, relayer), _Days()).add(when)

    def _nodes(self, kind: str, annotations: Iterable[Annotation], data: DocumentData) -> list[str]:
        """The nodes that annotations stand for."""
        found: list[str] = []
        for annotation in annotations:
            known = [entry for entry in annotation.entries if entry in self._entries]
            if known:
                found += known
                continue
            if data.length is not None:
                # Without the texts there are no words to tell it by.
                continue
            words = " ".join(covered(data.text, annotation.fragments).split())
            node = f"{kind}:{words.casefold()}"
            self._words.setdefault(node, words)
            found.append(node)
        return list(dict.fromkeys(found))

    # The networks

    def actor_claim(self) -> Network:
        """Who says what, signed."""
        made = Network("actor-claim", "An actor says a claim; sign is -1 to 1 (denied to asserted).", True)
        for (actor, claim), said in self._said.items():
            plus, minus = said.by_sign[1], said.by_sign[-1]
            count = plus.count + minus.count
            # An entry of one registry may stand for both; the two sides of the network are kept apart.
            ends = f"a:{actor}", f"c:{claim}"
            made.edges[ends] = {
                "weight": count,
                "asserted": plus.count,
                "denied": minus.count,
                "sign": (plus.count - minus.count) / count,
                "documents": len(said.documents),
                **_dates(plus, minus),
            }
            for end, node, kind in zip(ends, (actor, claim), ("actor", "claim"), strict=True):
                made.nodes.setdefault(end, self._node(node, kind))
        return _with_dates(made)

    def actor_actor(self) -> Network:
        """Who agrees with whom."""
        made = Network(
            "actor-actor", "Two actors say the same of a claim (congruence) or the opposite (conflict).", False
        )
        by_claim: dict[str, list[tuple[str, _Said]]] = {}
        for (actor, claim), said in sorted(self._said.items()):
            by_claim.setdefault(claim, []).append((actor, said))
            made.nodes.setdefault(actor, self._node(actor, "actor"))
        for together in by_claim.values():
            for (one, said_one), (other, said_other) in combinations(together, 2):
                self._pair(made, (one, other), said_one, said_other)
        return _with_dates(made)

    def _pair(self, made: Network, ends: tuple[str, str], one: _Said, other: _Said) -> None:
        for sign_one, days_one in one.by_sign.items():
            for sign_other, days_other in other.by_sign.items():
                if not (days_one.count and days_other.count):
                    continue
                edge = made.edges.setdefault(
                    ends, {"weight": 0, "congruence": 0, "conflict": 0, "net": 0, "first_date": "", "last_date": ""}
                )
                agree = sign_one == sign_other
                _add(edge, "weight", 1)
                _add(edge, "congruence" if agree else "conflict", 1)
                _add(edge, "net", 1 if agree else -1)
                # They meet when the second of them has spoken.
                if days_one.days and days_other.days:
                    met, last = max(days_one.first(), days_other.first()), max(days_one.last(), days_other.last())
                    edge["first_date"] = min(filter(None, (str(edge["first_date"]), met)))
                    edge["last_date"] = max(str(edge["last_date"]), last)

    def relay(self) -> Network:
        """Who passes on what whom says."""
        made = Network("relay", "What the first actor says is passed on by the second.", True)
        for ends, counts in self._relayed.items():
            made.edges[ends] = {"weight": counts.count, **_dates(counts)}
            for end in ends:
                made.nodes.setdefault(end, self._node(end, "actor"))
        return _with_dates(made)

    def co_occurrence(self) -> Network:
        """What is annotated in the same articles."""
        made = Network("co-occurrence", "Two entries are annotated in the same article.", False)
        for entry, counts in self._mentioned.items():
            made.nodes[entry] = {**self._node(entry, "entry"), "documents": counts.count, **_dates(counts)}
        for ends, counts in self._together.items():
            made.edges[ends] = {"weight": counts.count, **_dates(counts)}
        return made

    def _node(self, node: str, kind: str) -> Values:
        entry = self._entries.get(node)
        values: Values = {
            "label": entry.name if entry else self._words[node],
            "kind": kind,
            "entry": entry.id if entry else "",
            "registry": "",
            "parent": "",
        }
        if entry is not None:
            registry = self._registries.get(entry.registry_id)
            parent = self._entries.get(entry.parent_id) if entry.parent_id else None
            values["registry"] = registry.name if registry else ""
            values["parent"] = parent.name if parent else ""
            for field_ in registry.fields if registry else ():
                if registry and field_.name in entry.fields:
                    values[f"{registry.name}.{field_.name}"] = plain(entry.fields[field_.name])
        return values


def _add(values: Values, key: str, amount: int) -> None:
    values[key] = int(values[key]) + amount


def _dates(*counts: _Days) -> Values:
    """The first and the last day, and every day as often as it counts, so that windows of time can be cut."""
    days: Counter[str] = sum((item.days for item in counts), Counter())
    return {
        "first_date": min(days, default=""),
        "last_date": max(days, default=""),
        "dates": " ".join(sorted(days.elements())),
    }


def _with_dates(made: Network) -> Network:
    """Each node from the first day of its edges to the last."""
    for ends, values in made.edges.items():
        for end in ends:
            node = made.nodes[end]
            first = [str(item) for item in (node.get("first_date", ""), values["first_date"]) if item]
            node["first_date"] = min(first, default="")
            node["last_date"] = max(str(node.get("last_date", "")), str(values["last_date"]))
    for node in made.nodes.values():
        node.setdefault("first_date", "")
        node.setdefault("last_date", "")
    return made
