"""Small widgets that all panels share. They paint themselves from the theme, mirror, and work by keyboard.

Each is imported when it is first asked for, because the first window needs few of them; buttons it does need.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from annotator.ui.widgets.button import IconButton, KeyButton, button, set_role

if TYPE_CHECKING:
    from annotator.ui.widgets.card import Card, Hairline
    from annotator.ui.widgets.chip import Chip
    from annotator.ui.widgets.choice import ChoiceField, MultiChoice
    from annotator.ui.widgets.flow import FlowLayout
    from annotator.ui.widgets.focus import install_focus_ring, paint_focus
    from annotator.ui.widgets.keycap import KeyCap, paint_key
    from annotator.ui.widgets.labels import ElidedLabel, PlainLabel, SectionHead
    from annotator.ui.widgets.marks import LayerSample, mark_rect, paint_mark, paint_sample, sample_size
    from annotator.ui.widgets.progress import ProgressLine
    from annotator.ui.widgets.row import paint_row
    from annotator.ui.widgets.segmented import Segmented
    from annotator.ui.widgets.side import Side
    from annotator.ui.widgets.toast import Toast

_MODULES = {
    "Card": "card",
    "Chip": "chip",
    "ChoiceField": "choice",
    "ElidedLabel": "labels",
    "FlowLayout": "flow",
    "Hairline": "card",
    "KeyCap": "keycap",
    "LayerSample": "marks",
    "MultiChoice": "choice",
    "PlainLabel": "labels",
    "ProgressLine": "progress",
    "SectionHead": "labels",
    "Segmented": "segmented",
    "Side": "side",
    "Toast": "toast",
    "install_focus_ring": "focus",
    "mark_rect": "marks",
    "paint_focus": "focus",
    "paint_key": "keycap",
    "paint_mark": "marks",
    "paint_row": "row",
    "paint_sample": "marks",
    "sample_size": "marks",
}


def __getattr__(name: str) -> object:
    """Import a widget's module when the widget is first asked for."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    return found


__all__ = [
    "Card",
    "Chip",
    "ChoiceField",
    "ElidedLabel",
    "FlowLayout",
    "Hairline",
    "IconButton",
    "KeyButton",
    "KeyCap",
    "LayerSample",
    "MultiChoice",
    "PlainLabel",
    "ProgressLine",
    "SectionHead",
    "Segmented",
    "Side",
    "Toast",
    "button",
    "install_focus_ring",
    "mark_rect",
    "paint_focus",
    "paint_key",
    "paint_mark",
    "paint_row",
    "paint_sample",
    "sample_size",
    "set_role",
]
