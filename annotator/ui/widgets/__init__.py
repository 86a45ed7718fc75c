"""Small widgets that all panels share. They paint themselves from the theme, mirror, and work by keyboard."""

from annotator.ui.widgets.button import IconButton, button, set_role
from annotator.ui.widgets.card import Card, Hairline
from annotator.ui.widgets.chip import Chip
from annotator.ui.widgets.choice import ChoiceField, MultiChoice
from annotator.ui.widgets.flow import FlowLayout
from annotator.ui.widgets.focus import install_focus_ring, paint_focus
from annotator.ui.widgets.keycap import KeyCap, paint_key
from annotator.ui.widgets.labels import ElidedLabel, PlainLabel, SectionHead
from annotator.ui.widgets.marks import LayerSample, mark_rect, paint_mark, paint_sample, sample_size
from annotator.ui.widgets.progress import ProgressLine
from annotator.ui.widgets.segmented import Segmented
from annotator.ui.widgets.toast import Toast

__all__ = [
    "Card",
    "Chip",
    "ChoiceField",
    "ElidedLabel",
    "FlowLayout",
    "Hairline",
    "IconButton",
    "KeyCap",
    "LayerSample",
    "MultiChoice",
    "PlainLabel",
    "ProgressLine",
    "SectionHead",
    "Segmented",
    "Toast",
    "button",
    "install_focus_ring",
    "mark_rect",
    "paint_focus",
    "paint_key",
    "paint_mark",
    "paint_sample",
    "sample_size",
    "set_role",
]
