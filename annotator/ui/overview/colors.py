"""The colours of bars, in the theme in force. Parts of a stack differ by how dark they are, not by hue."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPen

from annotator.ui import theme
from annotator.ui.overview.figures import Tone

# How strong the parts of a stack are, from the ground up. One hue: those of the layers mean something else.
_SERIES = (1.0, 0.42, 0.12, 0.72, 0.26, 0.56)


def color(tone: Tone) -> QColor:
    """The colour of a tone."""
    now = theme.current()
    match tone.kind:
        case "quiet":
            return now.text3 if now.strong else now.thumb
        case "layer":
            return theme.style_for(tone.color, tone.mark).stroke
        case "pale":
            return theme.style_for(tone.color, tone.mark).ghost
        case "series":
            return theme.mix(now.paper, now.focus, _SERIES[tone.number % len(_SERIES)])
        case _:
            return now.focus


def edge() -> QPen:
    """The edge of a part of a stack: pale ones need one, and neighbours are told apart by it."""
    pen = QPen(theme.current().focus, 1.0)
    pen.setCosmetic(True)
    return pen
