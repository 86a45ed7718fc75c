"""The card of the active annotation: a claim with all that is attributed around it, or an actor, a source, a cue."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, cast

from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.domain.attribution import Card as ClaimCard
from annotator.domain.attribution import Level
from annotator.domain.codebook import Field
from annotator.domain.model import Annotation, Link
from annotator.ui.panel import words
from annotator.ui.panel.bits import SIDE, Quote
from annotator.ui.panel.desk import Desk
from annotator.ui.panel.entry_button import EntryRow
from annotator.ui.panel.fields import FieldRow
from annotator.ui.panel.level import AboutPart, LevelPart, NobodyPart, PlacesPart, RelationPart
from annotator.ui.panel.made import MadeRow
from annotator.ui.panel.note import NoteRow
from annotator.ui.panel.outline_nodes import relayed_by
from annotator.ui.panel.parts import Patchwork
from annotator.ui.panel.same_claim import SameClaim
from annotator.ui.widgets import Card, Hairline

_GAP = 4  # between fields


class AnnotationCard(Card):
    """Patched when its annotation changes, and bound anew, part by part, when another becomes active."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 12)
        column.setSpacing(0)
        self._parts = Patchwork(column)

    def show_annotation(self, annotation: Annotation, card: ClaimCard | None) -> None:
        """Show an annotation; with `card` where it is the claim of that card."""
        wanted: list[tuple[Hashable, Callable[[], QWidget]]] = []
        binds: list[Callable[[Any], None]] = []

        def add(key: Hashable, make: Callable[[], QWidget], bind: Callable[[Any], None]) -> None:
            wanted.append((key, make))
            binds.append(bind)

        desk = self._desk
        workspace = desk.workspace
        layer = workspace.layer(annotation)
        target = desk.annotation(annotation.id)
        add("quote", lambda: _Inset(Quote(), 0, 12), _quote(workspace.annotation_text(annotation), layer))
        if layer.registry:
            badge = desk.badge(annotation)
            add("entry", self._entry_row, lambda row: row.inner.bind(workspace, annotation, badge))
            if card is not None:
                add("same", lambda: _Inset(SameClaim(desk)), lambda part: part.inner.bind(annotation))
        for field in layer.fields:
            add(("field", field), _field_row(field), lambda row: row.inner.bind(target))
        if card is not None:
            self._add_claim(add, card)
        else:
            self._add_places(add, annotation)
        for link in self._relations(annotation, card):
            add(("link", link.id), lambda: _Inset(RelationPart(desk)), _relation(link, annotation.id))
        add("note rule", lambda: _Inset(Hairline(), 5, 11, side=0), lambda _: None)
        add("note", lambda: _Inset(NoteRow()), lambda row: row.inner.bind(target))
        add("made", lambda: _Inset(MadeRow(), 8), lambda row: row.inner.bind(desk, annotation))
        for widget, bind in zip(self._parts.show(wanted), binds, strict=True):
            bind(widget)

    def flush(self) -> None:
        """Store what is half-typed anywhere in it."""
        for part in self._parts:
            inner = cast(_Inset, part).inner
            if isinstance(inner, (FieldRow, NoteRow)):
                inner.flush()

    def take_same(self) -> None:
        """Take the claim that is proposed, if one is."""
        part = self._parts.get("same")
        if part is not None:
            cast(SameClaim, cast(_Inset, part).inner).button.click()

    def _entry_row(self) -> QWidget:
        row = EntryRow()
        row.button.pick_asked.connect(self._desk.pick_asked)
        return _Inset(row, 0, _GAP + 2)

    def _add_claim(self, add: Callable[..., None], card: ClaimCard) -> None:
        desk = self._desk
        codebook = desk.workspace.project.codebook if desk.workspace.project is not None else None
        if codebook is None:
            return
        add("rule", lambda: _Inset(Hairline(), 6, 6, side=0), lambda _: None)
        if codebook.attribution is not None and codebook.layers_in_role("source"):
            relays = relayed_by(card)
            own = {level.link.id for level in card.levels}
            for place, level in enumerate(_outwards(card.levels, relays)):
                relay = not own.isdisjoint(level.link.roles.get("claim", ()))
                lead = level.link.id in relays
                add(("level", place), lambda: _Inset(LevelPart(desk)), _level(level, relay, lead))
            if not card.levels:
                add("nobody", lambda: _Inset(NobodyPart(desk)), lambda part: part.inner.bind())
        if codebook.about is not None:
            add("about", lambda: _Inset(AboutPart(desk)), lambda part: part.inner.bind(card))

    def _add_places(self, add: Callable[..., None], annotation: Annotation) -> None:
        desk = self._desk
        places = [
            place
            for card in desk.workspace.annotated.cards_of(annotation.id)
            for place in _places(desk, card, annotation.id)
        ]
        if places:
            add("rule", lambda: _Inset(Hairline(), 6, 6, side=0), lambda _: None)
            add("places", lambda: _Inset(PlacesPart(desk)), lambda part: part.inner.bind(places, annotation.id))

    def _relations(self, annotation: Annotation, card: ClaimCard | None) -> list[Link]:
        """Links that the card does not show in another way."""
        workspace = self._desk.workspace
        codebook = workspace.project.codebook if workspace.project is not None else None
        shown = {t.id for t in (codebook.attribution, codebook.about) if t is not None} if codebook else set()
        links = workspace.annotated.links_of(annotation.id)
        return sorted((link for link in links if link.type_id not in shown), key=lambda link: (link.created, link.id))


class _Inset(QWidget):
    """A part of the card with the card's margins around it."""

    def __init__(self, inner: QWidget, above: int = 0, below: int = 0, *, side: int = SIDE) -> None:
        super().__init__()
        self.inner = inner
        box = QVBoxLayout(self)
        edge = side or 1
        box.setContentsMargins(edge, above, edge, below)
        box.setSpacing(0)
        box.addWidget(inner)


def _field_row(field: Field) -> Callable[[], QWidget]:
    return lambda: _Inset(FieldRow(field), 0, _GAP)


def _quote(text: str, layer: Any) -> Callable[[Any], None]:
    return lambda part: part.inner.set_quote(text, layer)


def _level(level: Level, relay: bool, lead: bool) -> Callable[[Any], None]:
    return lambda part: part.inner.bind(level, relay, lead)


def _relation(link: Link, own: str) -> Callable[[Any], None]:
    return lambda part: part.inner.bind(link, own)


def _outwards(levels: list[Level], relays: dict[str, list[Level]]) -> list[Level]:
    """Each attribution followed by those that pass it on, so that the line between them is true."""
    result: list[Level] = []
    pending = list(reversed(relays.get("", [])))
    while pending:
        level = pending.pop()
        if level not in result:
            result.append(level)
            pending.extend(reversed(relays.get(level.link.id, [])))
    return result + [level for level in levels if level not in result]


def _places(desk: Desk, card: ClaimCard, own: str) -> list[tuple[ClaimCard, Link, str, str]]:
    found = []
    attributions = {level.link.id for level in card.levels}
    for level in card.levels:
        for role, members in level.link.roles.items():
            if own in members:
                relay = role == "source" and not attributions.isdisjoint(level.link.roles.get("claim", ()))
                found.append((card, level.link, role, desk.tr("reporter") if relay else words.choice(role)))
    for link in card.about_links:
        if own in link.roles.get("actor", ()):
            found.append((card, link, "actor", desk.tr("topic")))
    return found
