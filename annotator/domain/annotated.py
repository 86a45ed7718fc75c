"""One document's annotations and links in the order of the text, kept so as they change.

Whatever is asked of them (the number of a claim, its card, what comes next) costs no pass over all of them: an article
may hold a hundred thousand.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from annotator.domain.attribution import Card, Place, build_card, place
from annotator.domain.codebook import Codebook
from annotator.domain.model import Annotation, Link, Stretch

_NO_PLACES: Sequence[Place] = ()


class Annotated:
    """What is tagged and linked in one document. Read its dictionaries; change them only by `put` and `drop`."""

    def __init__(self, codebook: Codebook, annotations: Iterable[Annotation] = (), links: Iterable[Link] = ()) -> None:
        self.annotations: dict[str, Annotation] = {}
        self.links: dict[str, Link] = {}
        self._holders: dict[str, dict[str, Link]] = {}  # by member
        self._places: dict[str, list[Place]] = {}  # by layer
        self._loose: dict[str, list[Place]] = {}  # by layer
        self._mentions: dict[str, dict[str, list[Place]]] = {}  # by layer and entry
        self._cards: dict[str, Card] = {}
        self.set_codebook(codebook)
        for _ in self.fill(annotations, links):
            pass

    def set_codebook(self, codebook: Codebook) -> None:
        """Other layers or link types; what is in no attribution is told anew only by `fill`."""
        self._codebook = codebook
        self._claims = frozenset(layer.id for layer in codebook.layers_in_role("claim"))
        self._letters = {layer.id: (layer.shortcut or layer.name[:1]).upper() for layer in codebook.layers}
        self._cards.clear()

    # All at once, and one by one

    def fill(self, annotations: Iterable[Annotation], links: Iterable[Link], every: int = 4000) -> Iterator[None]:
        """Put in all that there is, in steps; for an empty one."""
        for link in links:
            self.links[link.id] = link
            for member in link.members():
                self._holders.setdefault(member, {})[link.id] = link
        yield
        for number, annotation in enumerate(annotations, 1):
            self.annotations[annotation.id] = annotation
            at = place(annotation)
            self._places.setdefault(annotation.layer_id, []).append(at)
            mentions = self._mentions.setdefault(annotation.layer_id, {})
            for entry in dict.fromkeys(annotation.entries) or ("",):
                mentions.setdefault(entry, []).append(at)
            if number % every == 0:
                yield
        yield
        for places in self._places.values():
            places.sort()
            yield
        for layer_id, mentions in self._mentions.items():
            for places in mentions.values():
                places.sort()
            yield
            if layer_id not in self._claims:
                self._loose[layer_id] = [at for at in self._places[layer_id] if not self._attributed(at[2])]
                yield

    def put(self, annotation: Annotation) -> None:
        """Add an annotation, or one that changed."""
        self._take_out(annotation.id)
        self._cards.clear()
        self.annotations[annotation.id] = annotation
        at, layer_id = place(annotation), annotation.layer_id
        insort(self._places.setdefault(layer_id, []), at)
        mentions = self._mentions.setdefault(layer_id, {})
        for entry in dict.fromkeys(annotation.entries) or ("",):
            insort(mentions.setdefault(entry, []), at)
        if layer_id in self._claims:
            self._look_again(self._below_and_above([annotation.id]))
        elif not self._attributed(annotation.id):
            insort(self._loose.setdefault(layer_id, []), at)

    def drop(self, id_: str) -> None:
        """An annotation is gone."""
        self._take_out(id_)
        self._cards.clear()
        self._look_again(self._below_and_above([id_]))

    def put_link(self, link: Link) -> None:
        """Add a link, or one that changed."""
        near = self._unlink(link.id)
        self.links[link.id] = link
        for member in link.members():
            self._holders.setdefault(member, {})[link.id] = link
        self._look_again(near | self._below_and_above([link.id, *link.members()]))

    def drop_link(self, id_: str) -> None:
        """A link is gone."""
        self._look_again(self._unlink(id_))

    def _take_out(self, id_: str) -> None:
        old = self.annotations.pop(id_, None)
        if old is None:
            return
        at, layer_id = place(old), old.layer_id
        _discard(self._places.get(layer_id), at)
        _discard(self._loose.get(layer_id), at)
        mentions = self._mentions.get(layer_id, {})
        for entry in old.entries or ("",):
            if entry in mentions and _discard(mentions[entry], at) and not mentions[entry]:
                del mentions[entry]

    def _unlink(self, id_: str) -> set[str]:
        """Take a link out; says whose being in an attribution it may bear on."""
        self._cards.clear()
        near = self._below_and_above([id_])
        old = self.links.pop(id_, None)
        if old is not None:
            for member in old.members():
                held = self._holders.get(member)
                if held is not None and held.pop(id_, None) is not None and not held:
                    del self._holders[member]
        return near

    # Attributions

    def _below_and_above(self, ids: Iterable[str]) -> set[str]:
        """All members of the links that hold any of these, of those that hold these in turn, and so on."""
        near, seen = set(ids), set(ids)
        pending = list(near)
        while pending:
            id_ = pending.pop()
            if id_ in self.links:
                near.update(self.links[id_].members())
            for link_id in self._holders.get(id_, ()):
                if link_id not in seen:
                    seen.add(link_id)
                    pending.append(link_id)
        return near

    def _look_again(self, ids: Iterable[str]) -> None:
        for id_ in ids:
            annotation = self.annotations.get(id_)
            if annotation is None or annotation.layer_id in self._claims:
                continue
            loose, at = self._loose.setdefault(annotation.layer_id, []), place(annotation)
            _discard(loose, at)
            if not self._attributed(id_):
                insort(loose, at)

    def _attributed(self, id_: str) -> bool:
        """Whether it takes part in what is said around a claim."""
        return any(self._claims_of(link) for link in self._holders.get(id_, {}).values())

    def _claims_of(self, link: Link) -> list[str]:
        """The claims that an attribution, or what a claim is about, speaks of: through those that it passes on."""
        attribution, about = self._codebook.attribution, self._codebook.about
        passes_on = attribution is not None and link.type_id == attribution.id
        if not passes_on and (about is None or link.type_id != about.id):
            return []
        found: list[str] = []
        seen = {link.id}
        pending = [link]
        while pending:
            for member in pending.pop().roles.get("claim", ()):
                annotation = self.annotations.get(member)
                if annotation is not None and annotation.layer_id in self._claims:
                    found.append(member)
                elif passes_on and member not in seen and member in self.links:
                    seen.add(member)
                    if self.links[member].type_id == link.type_id:
                        pending.append(self.links[member])
        return found

    def is_claim(self, id_: str) -> bool:
        """Whether it is an annotation of a layer whose annotations have cards."""
        annotation = self.annotations.get(id_)
        return annotation is not None and annotation.layer_id in self._claims

    def card(self, claim_id: str) -> Card | None:
        """The card of a claim."""
        card = self._cards.get(claim_id)
        claim = self.annotations.get(claim_id)
        if card is None and claim is not None and claim.layer_id in self._claims:
            card = build_card(self._codebook, claim, self.rank(claim) + 1, self._held, self.annotations)
            self._cards[claim_id] = card
        return card

    def _held(self, id_: str) -> list[Link]:
        """The links that hold it as their claim."""
        return [link for link in self._holders.get(id_, {}).values() if id_ in link.roles.get("claim", ())]

    def cards(self) -> list[Card]:
        """The cards of all claims in the order of the text."""
        found = (self.card(at[2]) for at in self.merged(self._claims))
        return [card for card in found if card is not None]

    def cards_of(self, id_: str) -> list[Card]:
        """The cards that an annotation takes part in, in the order of the text."""
        claims = {claim for link in self._holders.get(id_, {}).values() for claim in self._claims_of(link)} | {id_}
        found = [card for card in map(self.card, claims) if card is not None]
        found = [card for card in found if any(member.id == id_ for member in card.members())]
        return sorted(found, key=lambda card: place(card.claim))

    def card_of(self, id_: str) -> Card | None:
        """The card of this claim, else the first that this annotation takes part in, else None."""
        return self.card(id_) or next(iter(self.cards_of(id_)), None)

    def links_of(self, id_: str) -> list[Link]:
        """The links that an annotation takes part in."""
        return list(self._holders.get(id_, {}).values())

    # In the order of the text

    def places(self, layer_id: str) -> Sequence[Place]:
        """Where the annotations of a layer stand, in order; the list is kept up to date."""
        return self._places.get(layer_id, _NO_PLACES)

    def loose(self, layer_id: str) -> Sequence[Place]:
        """The same for those that take part in no attribution; none for claims."""
        return self._loose.get(layer_id, _NO_PLACES)

    def merged(self, layers: Iterable[str], *, loose: bool = False) -> list[Place]:
        """A new list of the places of several layers in order."""
        found: list[Place] = []
        for layer_id in layers:
            found += self.loose(layer_id) if loose else self.places(layer_id)
        found.sort()  # runs that are in order: quick
        return found

    def mentions(self, layers: Iterable[str]) -> dict[str, list[Place]]:
        """The places of several layers by entry; under "" those without."""
        found: dict[str, list[Place]] = {}
        several: set[str] = set()
        for layer_id in layers:
            for entry, places in self._mentions.get(layer_id, {}).items():
                if entry in found:
                    several.add(entry)
                    found[entry] = found[entry] + places
                else:
                    found[entry] = places
        for entry in several:
            found[entry].sort()
        return found

    def rank(self, annotation: Annotation) -> int:
        """How many of its layer stand before it."""
        return bisect_left(self.places(annotation.layer_id), place(annotation))

    def number(self, id_: str) -> str:
        """What an annotation is called in its article: its layer's letter and its place, as C8; "" for none."""
        annotation = self.annotations.get(id_)
        if annotation is None:
            return ""
        return f"{self._letters.get(annotation.layer_id, '?')}{self.rank(annotation) + 1}"

    def counts(self) -> dict[str, int]:
        """How many annotations each layer has."""
        return {layer_id: len(places) for layer_id, places in self._places.items() if places}

    def sisters(self, annotation: Annotation) -> tuple[str | None, str | None]:
        """The annotations of its layer before and after it."""
        places, at = self.places(annotation.layer_id), self.rank(annotation)
        before = places[at - 1][2] if at > 0 else None
        return before, places[at + 1][2] if at + 1 < len(places) else None

    def after(self, at: Place) -> Annotation | None:
        """The first annotation of any layer behind a place."""
        found = [places[n] for places in self._places.values() if (n := bisect_right(places, at)) < len(places)]
        return self.annotations[min(found)[2]] if found else None

    def before(self, at: Place) -> Annotation | None:
        """The last annotation of any layer before a place."""
        found = [places[n - 1] for places in self._places.values() if (n := bisect_left(places, at)) > 0]
        return self.annotations[max(found)[2]] if found else None

    def beginning_in(self, layers: Iterable[str], start: int, end: int) -> list[Annotation]:
        """The annotations of these layers that begin in a stretch, in order."""
        found: list[Place] = []
        for layer_id in layers:
            places = self.places(layer_id)
            found += places[bisect_left(places, (start,)) : bisect_left(places, (end,))]
        return [self.annotations[at[2]] for at in sorted(found)]


def numbers_of(codebook: Codebook, stretches: Iterable[Stretch]) -> dict[str, str]:
    """The numbers of all claims among these, by id, as `Annotated.number` tells them."""
    claims = {layer.id: (layer.shortcut or layer.name[:1]).upper() for layer in codebook.layers_in_role("claim")}
    counts = dict.fromkeys(claims, 0)
    numbers: dict[str, str] = {}
    for stretch in sorted((s for s in stretches if s.layer_id in claims), key=attrgetter("place")):
        counts[stretch.layer_id] += 1
        numbers[stretch.id] = f"{claims[stretch.layer_id]}{counts[stretch.layer_id]}"
    return numbers


def _discard(places: list[Place] | None, at: Place) -> bool:
    if places is None:
        return False
    n = bisect_left(places, at)
    if n < len(places) and places[n] == at:
        del places[n]
        return True
    return False
