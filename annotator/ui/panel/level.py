"""The parts of an attribution in the card: who said it, who reported that, whom it is about, what else it is tied to."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from annotator.domain.attribution import Card, Level
from annotator.domain.model import Annotation, Link
from annotator.ui import fonts, theme
from annotator.ui.panel import words
from annotator.ui.panel.bits import LABEL_GAP, LABEL_WIDTH
from annotator.ui.panel.chips import TextButton
from annotator.ui.panel.desk import Desk
from annotator.ui.panel.line import Bind, CuePart, FieldsPart, Line, MembersPart, Part, SourcePart, member_chip
from annotator.ui.panel.parts import Patchwork, focus_into
from annotator.ui.widgets import ElidedLabel, PlainLabel

if TYPE_CHECKING:
    from annotator.services.project import Project

_DOT = 4.0  # its radius
_OWN_ROLES = ("claim", "source", "cue", "addressee")
_INDENT = 14
_TOP = 13  # the middle of a part's first line

Wanted = list[tuple[Hashable, Callable[[], QWidget]]]


class Section(QWidget):
    """A dot, a name, and a body beside them; a line leads from the dot to the next part where they belong together."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.label = ElidedLabel(role="text2")
        self.label.setFixedSize(LABEL_WIDTH - _INDENT, 2 * _TOP)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(1)
        self.parts = Patchwork(self.body)
        self._dot: QColor | None = None
        self._full = False
        self._lead = False
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 7)
        row.setSpacing(0)
        self._indent = QSpacerItem(_INDENT, 1, QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        row.addItem(self._indent)
        row.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        row.addSpacing(LABEL_GAP)
        row.addLayout(self.body, 1)

    def set_head(self, name: str, dot: QColor | None, *, full: bool = False, lead: bool = False) -> None:
        """The name, the colour of the dot (none: no dot), whether it is filled and a line leads on from it."""
        self.label.setText(name)
        self.setAccessibleName(name)
        self._dot, self._full, self._lead = dot, full, lead
        indent = _INDENT if dot is not None else 0
        if self._indent.sizeHint().width() != indent:
            self._indent.changeSize(indent, 1, QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
            self.label.setFixedWidth(LABEL_WIDTH - indent)
            self._row.invalidate()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The dot and the line."""
        if self._dot is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = self.width() - _DOT - 0.5 if self.isRightToLeft() else _DOT + 0.5
        painter.setPen(QPen(self._dot, 1.3))
        if self._full:
            painter.setBrush(self._dot)
        radius = _DOT - 0.4
        painter.drawEllipse(QPointF(x, _TOP), radius, radius)
        if self._lead:
            painter.setPen(QPen(theme.with_alpha(self._dot, 0.85), 1.1))
            painter.drawLine(QPointF(x, _TOP + _DOT + 2), QPointF(x, self.height() + 4))


class LevelPart(Section):
    """One attribution: sources, cues, addressees, its own fields."""

    def bind(self, level: Level, relay: bool, lead: bool) -> None:
        """Show this level; `relay` where it passes another on, `lead` where another passes it on."""
        color = _stroke(self.desk, "source")
        self.set_head(self.tr("Reported by") if relay else self.tr("Said by"), color, full=not relay, lead=lead)
        wanted: Wanted = []
        binds: list[Bind] = []
        target = self.desk.link(level.link.id)
        for place, source in enumerate(level.sources):
            wanted.append((("source", place), lambda: SourcePart(self.desk)))
            binds.append(_binder(source, level.link))
        if not level.sources:
            wanted.append(("no source", _hint))
            text = self.tr("No source yet") if relay else _how_to(self.desk)
            binds.append(lambda widget: _say(widget, text))
        for place, cue in enumerate(level.cues):
            wanted.append((("cue", place), lambda: CuePart(self.desk, 5)))
            binds.append(_binder(cue, level.link))
        if level.addressees:
            wanted.append(("to", lambda: MembersPart(self.desk)))
            binds.append(_binder(self.tr("To"), level.addressees, level.link, "addressee"))
        for role, members in level.link.roles.items():
            if role not in _OWN_ROLES:  # the codebook gave the attribution another role
                others = [self.desk.workspace.annotations[m] for m in members if m in self.desk.workspace.annotations]
                wanted.append((("role", role), lambda: MembersPart(self.desk, 6)))
                binds.append(_binder(words.choice(role), others, level.link, role))
        if target.fields:
            wanted.append(("fields", lambda: FieldsPart(self.desk, 9)))
            binds.append(_binder(target))
        _show(self.parts, wanted, binds)


class NobodyPart(Section):
    """In place of attributions where a claim has none."""

    def bind(self) -> None:
        """Say how to add one."""
        self.set_head(self.tr("Said by"), _stroke(self.desk, "source"))
        _show(self.parts, [("hint", _hint)], [lambda widget: _say(widget, _how_to(self.desk))])


class AboutPart(Section):
    """The actors that a claim is about, and a button for those that stand inside it."""

    def bind(self, card: Card) -> None:
        """Show whom this claim is about."""
        desk = self.desk
        self.set_head(self.tr("About"), _stroke(desk, "actor"))
        inside = actors_inside(desk, card)
        wanted: Wanted = []
        binds: list[Bind] = []
        if card.about:
            wanted.append(("actors", lambda: Line(desk, 11)))
            binds.append(lambda widget: self._bind_actors(widget, card))
        if inside and desk.editable:
            text = self.tr("Add the actors inside the claim ({count})").format(count=len(inside))
            add: Part = ("add", lambda: TextButton(icon="plus"), lambda w: self._bind_button(w, card, inside, text))
            wanted.append(("add", lambda: Line(desk)))
            binds.append(lambda line: cast(Line, line).show_parts([add]))
        elif not card.about:
            wanted.append(("hint", _hint))
            binds.append(lambda widget: _say(widget, self.tr("No actors yet")))
        for link in card.about_links:
            target = desk.link(link.id)
            if target.fields:
                wanted.append((("fields", link.id), lambda: FieldsPart(desk, 9)))
                binds.append(_binder(target))
        _show(self.parts, wanted, binds)

    def _bind_actors(self, widget: QWidget, card: Card) -> None:
        assert isinstance(widget, Line)
        owners = {member: link for link in card.about_links for member in link.roles.get("actor", ())}
        widget.show_parts(
            [
                member_chip(widget, owners[actor.id], "actor", actor, self.tr("About"), by_entry=True)
                for actor in card.about
                if actor.id in owners
            ]
        )

    def _bind_button(self, widget: QWidget, card: Card, inside: list[Annotation], text: str) -> None:
        assert isinstance(widget, TextButton)
        names = ", ".join(self.desk.workspace.annotation_text(actor) for actor in inside)
        widget.show_text(text, names)
        widget.set_actions(lambda: add_about(self.desk, card, inside))


class PlacesPart(Section):
    """Where an annotation takes part: "C8 as source". A press goes there, Del takes it out."""

    def bind(self, places: list[tuple[Card, Link, str, str]], own: str) -> None:
        """Show these places: card, link, role, and what the annotation is there."""
        self.set_head(self.tr("Used in"), None)
        buttons: list[Part] = []
        for card, link, role, what in places:
            key = (link.id, role, card.claim.id)
            buttons.append((key, lambda: TextButton(px=12.5, token="ink"), self._button(card, link, role, what, own)))
        _show(
            self.parts, [("places", lambda: Line(self.desk, 10))], [lambda line: cast(Line, line).show_parts(buttons)]
        )

    def _button(self, card: Card, link: Link, role: str, what: str, own: str) -> Bind:
        desk = self.desk
        number = words.isolated(desk.workspace.number(card.claim))

        def remove() -> None:
            desk.write(lambda project: project.linking.remove_member(link.id, role, own))

        def bind(widget: QWidget) -> None:
            assert isinstance(widget, TextButton)
            text = self.tr("{number} as {role}").format(number=number, role=what)
            widget.show_text(text, desk.workspace.annotation_text(card.claim))
            widget.set_actions(lambda: desk.go(card.claim.id), remove if desk.editable else None)

        return bind


class RelationPart(Section):
    """Another link that the annotation takes part in: its other members and its fields."""

    def bind(self, link: Link, own: str) -> None:
        """Show this link as it looks from the annotation `own`."""
        workspace = self.desk.workspace
        project = workspace.project
        link_type = project.codebook.link_types_by_id.get(link.type_id) if project is not None else None
        self.set_head(words.label(link_type.name) if link_type is not None else "", None)
        wanted: Wanted = []
        binds: list[Bind] = []
        for role, members in link.roles.items():
            others = [workspace.annotated.annotations[m] for m in workspace.known(m for m in members if m != own)]
            if others:
                wanted.append((("role", role), lambda: MembersPart(self.desk, 6)))
                binds.append(_binder(words.choice(role), others, link, role))
        target = self.desk.link(link.id)
        if target.fields:
            wanted.append(("fields", lambda: FieldsPart(self.desk, 9)))
            binds.append(_binder(target))
        _show(self.parts, wanted, binds)


def actors_inside(desk: Desk, card: Card) -> list[Annotation]:
    """Annotations that may stand in About, lie inside the claim's words, and are not there yet."""
    workspace = desk.workspace
    project = workspace.project
    about = project.codebook.about if project is not None else None
    role = about.role("actor") if about is not None else None
    if project is None or role is None:
        return []
    layers = {layer.id for layer in project.codebook.layers if layer.name in role.layers}
    known = {actor.id for actor in card.about}
    claim = card.claim.fragments
    inside = [
        a
        for a in workspace.annotated.beginning_in(layers, card.claim.start, card.claim.end)
        if a.id not in known
        and a.id != card.claim.id
        and all(any(own.start <= f.start and f.end <= own.end for own in claim) for f in a.fragments)
    ]
    return sorted(inside, key=lambda a: (a.start, a.end))


def add_about(desk: Desk, card: Card, actors: list[Annotation]) -> None:
    """Say that a claim is about these actors, in one step."""

    def change(project: Project) -> None:
        with project.step("Link {what}", "about"):
            for actor in actors:
                project.linking.make_about(card.claim.id, actor)

    desk.write(change)


def _stroke(desk: Desk, role: str) -> QColor | None:
    project = desk.workspace.project
    if project is None:
        return None
    layers = project.codebook.layers_in_role(role)
    if not layers and project.codebook.about is not None:
        place = project.codebook.about.role(role)
        names = place.layers if place is not None else ()
        layers = tuple(layer for layer in project.codebook.layers if layer.name in names)
    return theme.layer_style(layers[0]).stroke if layers else theme.current().text3


def _how_to(desk: Desk) -> str:
    project = desk.workspace.project
    layers = project.codebook.layers_in_role("source") if project is not None else ()
    if not layers or not layers[0].shortcut or not desk.editable:
        return desk.tr("Nobody yet")
    return desk.tr("Nobody yet: select who says it, press {key}").format(key=words.isolated(layers[0].shortcut))


def _hint() -> QWidget:
    label = PlainLabel(role="text3", font=fonts.ui(12), wrap=True)
    label.setMinimumHeight(2 * _TOP)
    return label


def _say(widget: QWidget, text: str) -> None:
    assert isinstance(widget, PlainLabel)
    widget.setText(text)


def _binder(*values: object) -> Bind:
    return lambda widget: cast(Any, widget).bind(*values)


def _show(parts: Patchwork, wanted: Wanted, binds: list[Bind]) -> None:
    held = parts.holds_focus()
    for widget, bind in zip(parts.show(wanted), binds, strict=True):
        bind(widget)
    if held and not parts.holds_focus():
        # As when “Add the actors” becomes their chips, which are there only now.
        any(focus_into(part) for part in parts)
