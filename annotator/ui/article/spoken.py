"""What a screen reader says of an annotation: its layer, what it is, and its part in an attribution."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QObject

from annotator.domain.attribution import Card, Level
from annotator.domain.model import Annotation, Marked
from annotator.ui.workspace import Workspace

_MOST = 120


def _tr(text: str) -> str:
    return QCoreApplication.translate("Spoken", text)


class Spoken(QObject):
    """Says it in words: "Source, a Syrian official, said claim C8"."""

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace

    def say(self, marked: Marked) -> str:
        """The sentence for an annotation; "" where it is gone."""
        workspace = self._workspace
        if not workspace.known([marked.id]) or workspace.project is None:
            return ""
        annotation = workspace.annotated.annotations[marked.id]
        layer = workspace.project.codebook.layers_by_id.get(annotation.layer_id)
        name = layer.name if layer else _tr("Annotation")
        is_claim = any(annotation.layer_id == x.id for x in workspace.project.codebook.layers_in_role("claim"))
        head = f"{name} {workspace.number(annotation)}" if is_claim else name
        entries = [workspace.entry_name(id_) for id_ in annotation.entries]
        known = _tr("entry {name}").replace("{name}", ", ".join(filter(None, entries)))
        text = self._short(annotation)
        # An entry is often the words themselves, perhaps without their article: nothing new to hear.
        same = len(entries) == 1 and entries[0] != "" and text.casefold().endswith(entries[0].casefold())
        same = same and len(text) - len(entries[0]) <= 4
        parts = [head, text, *([known] if any(entries) and not same else []), *self._parts(annotation)]
        return ", ".join(parts)

    def _short(self, annotation: Annotation) -> str:
        text = self._workspace.annotation_text(annotation)
        return text if len(text) <= _MOST else text[: _MOST - 1] + "…"

    def _parts(self, annotation: Annotation) -> list[str]:
        """Its parts in the attributions that it stands in: mostly one or two of hundreds."""
        found: dict[str, list[str]] = {}
        for card in self._workspace.annotated.cards_of(annotation.id):
            self._card(card, found)
        return found.get(annotation.id, [])

    def _card(self, card: Card, found: dict[str, list[str]]) -> None:
        claim = _tr("claim {number}").replace("{number}", self._workspace.number(card.claim))
        for level, (first, later) in (
            ("sources", (_tr("said {claim}"), _tr("reported {claim}"))),
            ("cues", (_tr("cue of {claim}"), _tr("cue of who reported {claim}"))),
            ("addressees", (_tr("was told {claim}"), _tr("was told {claim}"))),
        ):
            for number, held in enumerate(card.levels):
                for member in _members(held, level):
                    part = (later if number else first).replace("{claim}", claim)
                    found.setdefault(member.id, []).append(part)
        for actor in card.about:
            found.setdefault(actor.id, []).append(_tr("{claim} is about it").replace("{claim}", claim))
        said = []
        for number, held in enumerate(card.levels):
            who = ", ".join(self._short(source) for source in held.sources)
            if who:
                said.append((_tr("reported by {who}") if number else _tr("said by {who}")).replace("{who}", who))
        if said:
            found.setdefault(card.claim.id, []).extend(said)


def _members(level: Level, role: str) -> Sequence[Annotation]:
    members: Sequence[Annotation] = getattr(level, role)
    return members
