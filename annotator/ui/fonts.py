"""The bundled fonts, by the sizes of the design (in pixels).

`load()` registers them all once (some 5 ms). Latin, Greek and Cyrillic come from Inter and Source Serif, Arabic and
Hebrew from Noto; Chinese, Japanese, Korean and the rest come from the system's own fallback.
"""

from __future__ import annotations

import unicodedata
from math import floor
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QPainter

from annotator.ui import font_files

if TYPE_CHECKING:
    from PySide6.QtCore import Qt

UI_FAMILY = "Inter"
SERIF_FAMILY = "Source Serif Pro"
ARABIC_UI_FAMILY = "Noto Sans Arabic"
ARABIC_SERIF_FAMILY = "Noto Naskh Arabic"
HEBREW_UI_FAMILY = "Noto Sans Hebrew"
HEBREW_SERIF_FAMILY = "Noto Serif Hebrew"

REGULAR, MEDIUM, SEMIBOLD = 400, 500, 600

# The sizes of the design, in pixels (see `whole`).
TITLE, ARTICLE, COMPARE, ARABIC = 20.0, 17.0, 15.0, 21.0
QUOTE, QUOTED_NAME, OUTLINE = 15.5, 15.0, 14.0
HEAD, CONTROL, META, SMALL = 13.0, 12.5, 11.5, 11.0

_UI_FAMILIES = [UI_FAMILY, ARABIC_UI_FAMILY, HEBREW_UI_FAMILY]
_SERIF_FAMILIES = [SERIF_FAMILY, ARABIC_SERIF_FAMILY, HEBREW_SERIF_FAMILY]
_made: dict[tuple[str, float, int, bool], QFont] = {}


def load() -> None:
    """Register all bundled fonts, when the application object exists."""
    font_files.register(font_files.ALL)


def is_rtl(text: str) -> bool:
    """Whether a text runs right to left, by its first letter; without letters (numbers, keys) it does not."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL", "L"):
            return kind != "L"
    return False


def draw(
    painter: QPainter,
    rect: QRectF,
    text: str,
    align: Qt.AlignmentFlag | None = None,
) -> None:
    """Draw one line in the painter's font and pen: placed as the interface runs, ordered as the text itself runs.

    So an English title in an Arabic interface stands at the right and still ends in its own full stop or ellipsis.
    """
    from PySide6.QtCore import Qt

    if align is None:
        align = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
    place = align & ~(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTrailing)
    mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
    if align & (Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTrailing):
        to_right = bool(align & Qt.AlignmentFlag.AlignTrailing) != mirrored
        place |= Qt.AlignmentFlag.AlignRight if to_right else Qt.AlignmentFlag.AlignLeft
    order = Qt.TextFlag.TextForceRightToLeft if is_rtl(text) else Qt.TextFlag.TextForceLeftToRight
    flags = place | Qt.AlignmentFlag.AlignAbsolute
    painter.drawText(rect, flags.value | order.value | Qt.TextFlag.TextSingleLine.value, text)


def ui(px: float = CONTROL, weight: int = REGULAR, *, tabular: bool = False) -> QFont:
    """The interface's font. `tabular`: figures of one width, for counts and offsets."""
    return _font(_UI_FAMILIES, px, weight, QFont.StyleHint.SansSerif, tabular)


def serif(px: float = QUOTED_NAME, weight: int = REGULAR, *, italic: bool = False) -> QFont:
    """The font of anything quoted from an article."""
    font = _font(_SERIF_FAMILIES, px, weight, QFont.StyleHint.Serif, False)
    font.setItalic(italic)
    return font


def article(rtl: bool = False, zoom: float = 1.0, *, compare: bool = False) -> QFont:
    """The font of the article's text, with its word spacing."""
    families = [ARABIC_SERIF_FAMILY, HEBREW_SERIF_FAMILY, SERIF_FAMILY] if rtl else _SERIF_FAMILIES
    font = _font(families, article_px(rtl, zoom, compare=compare), REGULAR, QFont.StyleHint.Serif, False)
    font.setWordSpacing((1.0 if rtl else 0.8) * zoom)
    return font


def whole(px: float) -> int:
    """Qt draws whole pixel sizes only: the design's half pixels go up."""
    return max(1, floor(px + 0.5))


def article_px(rtl: bool = False, zoom: float = 1.0, *, compare: bool = False) -> float:
    """The article's font size in pixels."""
    size = (18.5 if compare else ARABIC) if rtl else (COMPARE if compare else ARTICLE)
    return float(whole(size * zoom))


def article_line(rtl: bool = False, zoom: float = 1.0, *, compare: bool = False) -> float:
    """The article's fixed line height in pixels."""
    return ((35.0 if compare else 40.0) if rtl else (26.0 if compare else 29.0)) * zoom


def article_gap(rtl: bool = False, zoom: float = 1.0) -> float:
    """The space between two paragraphs of the article, in pixels."""
    return (20.0 if rtl else 13.0) * zoom


def key(px: float = SMALL) -> QFont:
    """The font of key caps, claim numbers and margin notes."""
    return ui(px, MEDIUM, tabular=True)


def pixel_size(font: QFont) -> float:
    """A font's size in pixels, however it was set."""
    return float(font.pixelSize()) if font.pixelSize() > 0 else QFontInfo(font).pixelSize()


def text_width(font: QFont, text: str) -> float:
    """How wide a line of text is in this font, in pixels."""
    return QFontMetricsF(font).horizontalAdvance(text)


def _font(families: list[str], px: float, weight: int, hint: QFont.StyleHint, tabular: bool) -> QFont:
    key = (families[0], px, weight, tabular)
    font = _made.get(key)
    if font is None:
        font = _made[key] = _make(families, px, weight, hint, tabular)
    return QFont(font)


def _make(families: list[str], px: float, weight: int, hint: QFont.StyleHint, tabular: bool) -> QFont:
    font = QFont()
    font.setFamilies(families)
    font.setStyleHint(hint)
    font.setPixelSize(whole(px))
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font
