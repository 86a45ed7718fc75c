"""How the codebook's words read on screen. They are data; those of the default codebook have translations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from annotator.domain.model import FieldValue
from annotator.ui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from annotator.domain.codebook import Field, Layer

_N = QT_TRANSLATE_NOOP
# fmt: off
DEFAULT_WORDS = (
    _N("Codebook", "Actor"), _N("Codebook", "Claim"), _N("Codebook", "Source"), _N("Codebook", "Cue"),
    _N("Codebook", "Attribution"), _N("Codebook", "About"), _N("Codebook", "Claim relation"),
    _N("Codebook", "claim"), _N("Codebook", "source"), _N("Codebook", "cue"), _N("Codebook", "addressee"),
    _N("Codebook", "actor"), _N("Codebook", "from"), _N("Codebook", "to"), _N("Codebook", "actors"),
    _N("Codebook", "claims"), _N("Codebook", "issue"), _N("Codebook", "wikidata"),
    _N("Codebook", "form"), _N("Codebook", "name"), _N("Codebook", "description"), _N("Codebook", "pronoun"),
    _N("Codebook", "metonym"), _N("Codebook", "type"), _N("Codebook", "fact"), _N("Codebook", "evaluation"),
    _N("Codebook", "policy"), _N("Codebook", "commitment"), _N("Codebook", "prediction"), _N("Codebook", "direct"),
    _N("Codebook", "indirect"), _N("Codebook", "mixed"), _N("Codebook", "polarity"), _N("Codebook", "asserted"),
    _N("Codebook", "denied"), _N("Codebook", "certainty"), _N("Codebook", "certain"), _N("Codebook", "probable"),
    _N("Codebook", "possible"), _N("Codebook", "unknown"), _N("Codebook", "identity"), _N("Codebook", "named"),
    _N("Codebook", "anonymous"), _N("Codebook", "collective"), _N("Codebook", "unspecified"), _N("Codebook", "author"),
    _N("Codebook", "kind"), _N("Codebook", "official"), _N("Codebook", "expert"), _N("Codebook", "media"),
    _N("Codebook", "document"), _N("Codebook", "witness"), _N("Codebook", "organisation"), _N("Codebook", "citizen"),
    _N("Codebook", "other"), _N("Codebook", "access"), _N("Codebook", "first-hand"), _N("Codebook", "relayed"),
    _N("Codebook", "stance"), _N("Codebook", "neutral"), _N("Codebook", "supportive"), _N("Codebook", "distancing"),
    _N("Codebook", "hedged"), _N("Codebook", "person"), _N("Codebook", "state"), _N("Codebook", "group"),
    _N("Codebook", "role"), _N("Codebook", "relation"), _N("Codebook", "supports"), _N("Codebook", "contradicts"),
    _N("Codebook", "elaborates"), _N("Codebook", "conditional on"), _N("Codebook", "yes"), _N("Codebook", "no"),
)
# fmt: on
"""The words of the default codebook, for translators. Those that a project adds are shown as they are."""

_ISOLATE, _END = "\u2066", "\u2069"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Codebook", text)


def label(name: str) -> str:
    """A field's, a layer's or a choice's name as a label: its translation, with a capital."""
    text = _tr(name)
    return text[:1].upper() + text[1:]


def choice(name: str) -> str:
    """A choice inside a line of text."""
    return _tr(name)


def plural(layer: Layer) -> str:
    """A layer's name for a count of its annotations; a layer that a project adds keeps its name."""
    known = {
        "Actor": QCoreApplication.translate("Codebook", "Actors"),
        "Claim": QCoreApplication.translate("Codebook", "Claims"),
        "Source": QCoreApplication.translate("Codebook", "Sources"),
        "Cue": QCoreApplication.translate("Codebook", "Cues"),
    }
    return known.get(layer.name, label(layer.name))


def entry_label(layer: Layer) -> str:
    """What the registry's row is called for annotations of this layer."""
    if layer.registry == "claims":
        return QCoreApplication.translate("Codebook", "Proposition")
    if layer.registry == "actors":
        return QCoreApplication.translate("Codebook", "Actor")
    return label(layer.registry or "")


def isolated(text: str) -> str:
    """Text that keeps its own left-to-right order inside a right-to-left line: ids, offsets, keys."""
    return f"{_ISOLATE}{text}{_END}"


def value(field: Field, stored: FieldValue | None) -> str:
    """A stored value as a line of text shows it; "" where there is none."""
    if stored is None or stored == "":
        return ""
    if isinstance(stored, bool):
        yes, no = QCoreApplication.translate("Codebook", "yes"), QCoreApplication.translate("Codebook", "no")
        return yes if stored else no
    if isinstance(stored, (list, tuple)):
        return ", ".join(choice(item) for item in stored)
    if isinstance(stored, (int, float)):
        return number(stored)
    return choice(stored) if field.type == "choice" else stored


def number(stored: int | float) -> str:
    """A number without grouping, whole where it is."""
    return QLocale.c().toString(stored, "g", 15) if isinstance(stored, float) else str(stored)
