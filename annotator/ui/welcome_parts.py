"""What the welcome screen is made of: the painted specimen, the large buttons, the drop zone."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.ui import fonts, icons, painting, theme
from annotator.ui.widgets import KeyButton
from annotator.ui.widgets.keycap import key_width, paint_key

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

# Colours and marks of the built-in layers actor, claim, source and cue: the codebook itself is loaded with a project.
BUILT_IN = (("#1B54B4", "underline"), ("#925500", "tint"), ("#6E1E63", "outline"), ("#10705D", "dots"))
_AIR = 4  # the specimen's outline reaches a little beyond its text


class Specimen(QWidget):
    """One tagged sentence, painted as the article is, so that the first screen explains the tool."""

    _BASE = 20.5

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        source, cue = self.tr("A Syrian official"), self.tr("stated that")
        claim, actor = (
            self.tr("the American initiative ensures the cessation of all Israeli military activities in"),
            self.tr("Syria"),
        )
        self._parts = (source, cue, claim, actor)
        self.setAccessibleName(self.tr("Example: a source, a cue, and a claim that names an actor"))

    def sizeHint(self) -> QSize:
        """High enough for the labels above and below the sentence."""
        return QSize(600, 114)

    def minimumSizeHint(self) -> QSize:
        """The sentence shrinks with the width."""
        return QSize(300, 114)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint marks first, then the text on top, then the names of the layers."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.current()
        first, last = float(_AIR), float(self.width() - _AIR)
        hairline = painting.pen(colours.line)
        painting.line(painter, QPointF(first, 0.5), QPointF(last, 0.5), hairline)
        painting.line(painter, QPointF(first, self.height() - 0.5), QPointF(last, self.height() - 0.5), hairline)
        source, cue, claim, actor = self._parts
        sentence = f"{source} {cue} {claim} {actor}."
        font = fonts.serif(self._BASE)
        wide = QFontMetricsF(font).horizontalAdvance(sentence)
        scale = min(1.0, (last - first) / wide)
        if scale < 1.0:
            font = fonts.serif(self._BASE * scale)
        metrics = QFontMetricsF(font)

        def reach(text: str) -> float:
            return metrics.horizontalAdvance(text)

        left = last - reach(sentence) if self.isRightToLeft() else first
        # A translation may itself run from right to left: then places are counted from the sentence's other end.
        backwards = unicodedata.bidirectional(sentence[0]) in ("R", "AL")
        base = 66.0

        def span(before: str, text: str) -> tuple[float, float]:
            start, wide = left + reach(before), reach(text)
            if backwards:
                start = 2 * left + reach(sentence) - start - wide
            return start, start + wide

        spans = [
            span("", source),
            span(f"{source} ", cue),
            span(f"{source} {cue} ", f"{claim} {actor}"),
            span(f"{source} {cue} {claim} ", actor),
        ]
        starts = [start for start, _end in spans]
        ends = [end for _start, end in spans]
        actor_look, claim_look, source_look, cue_look = (theme.style_for(*layer, colours) for layer in BUILT_IN)

        claim_box = QRectF(starts[2] - 2, base - 19, ends[2] - starts[2] + 2.4, 27)
        painting.fill(painter, claim_box, claim_look.tint, 4)
        source_box = QRectF(starts[0] - 1.4, base - 19, ends[0] - starts[0] + 3.8, 26.5)
        painting.frame(painter, source_box, painting.pen(source_look.stroke, 1.15), 4.5)
        for start, end in ((starts[0], ends[0]), (starts[3], ends[3])):
            painting.fill(painter, QRectF(start, base + 3.2, end - start, 1.6), actor_look.stroke)
        place = starts[1] + 1
        while place < ends[1]:
            painting.fill(painter, QRectF(place - 0.875, base + 3.425, 1.75, 1.75), cue_look.stroke, 0.875)
            place += 3.6

        painting.words_at(painter, QPointF(left, base), sentence, font, colours.ink)
        label_font = fonts.ui(fonts.META, fonts.MEDIUM)
        names = (self.tr("Source"), self.tr("Cue"), self.tr("Claim"), self.tr("Actor"))
        for number, (style, name) in enumerate(
            zip((source_look, cue_look, claim_look, actor_look), names, strict=True)
        ):
            start, end = spans[number]
            at = end - fonts.text_width(label_font, name) if backwards else start
            label = QPointF(at, 35 if number < 3 else base + 25)
            painting.words_at(painter, label, name, label_font, style.stroke)
        painter.end()


class BigButton(KeyButton):
    """A large button: icon, text, perhaps a second line, and its key."""

    def __init__(
        self, icon: str, text: str, kind: str = "plain", note: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._icon, self._kind, self._note = icon, kind, note
        self.setProperty("focusRadius", 9.0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription(note)

    def sizeHint(self) -> QSize:
        """As in the design."""
        return QSize(280, 50)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.current()
        rtl = self.isRightToLeft()
        hot = self.underMouse() or self.isDown()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        ink = colours.ink
        if self._kind == "primary":
            fill = theme.mix(colours.accent, colours.on_accent, 0.12) if hot else colours.accent
            painting.fill(painter, box, fill, 9)
            ink = colours.on_accent
        elif self._kind == "second":
            painting.fill(painter, box, colours.hover if hot else colours.field, 9)
            painting.frame(painter, box, painting.pen(colours.border), 9)
        elif hot:
            painting.fill(painter, box, colours.hover, 9)

        def mirrored(left: float, top: float, width: float, height: float) -> QRectF:
            return QRectF(self.width() - left - width if rtl else left, top, width, height)

        icons.paint(painter, self._icon, mirrored(13, 17, 16, 16), ink, mirrored=rtl)
        place = painting.END if rtl else painting.START
        words = mirrored(41, 8 if self._note else 0, self.width() - 120, 18 if self._note else 50)
        painting.words(painter, words, self.text(), fonts.ui(fonts.HEAD, fonts.MEDIUM), ink, place)
        if self._note:
            note = mirrored(41, 25, self.width() - 70, 16)
            painting.words(painter, note, self._note, fonts.ui(12), colours.text3, place)
            icons.paint(painter, "chevron-right", mirrored(self.width() - 28, 17, 16, 16), colours.text2, mirrored=rtl)
        elif self.key:
            wide = key_width(self.key)
            box = mirrored(self.width() - 13 - wide, 15.5, wide, 19)
            if self._kind == "primary":
                edge = painting.pen(theme.with_alpha(colours.on_accent, 0.35))
                painting.frame(painter, box.adjusted(0.5, 0.5, -0.5, -0.5), edge, 4.5)
                painting.words(painter, box, self.key, fonts.key(), ink, painting.CENTRE)
            else:
                paint_key(painter, box, self.key)
        painter.end()


class DropZone(QWidget):
    """Where files may be dropped; the whole screen takes them, this says so."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hot = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumHeight(64)
        self.setMaximumHeight(96)

    def sizeHint(self) -> QSize:
        """As in the design."""
        return QSize(600, 96)

    def set_hot(self, hot: bool) -> None:
        """Show that what is held over the window can be dropped."""
        self.hot = hot
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on it is taken as the wish to choose files."""
        from PySide6.QtCore import Qt

        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dashed box and its two lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.current()
        edge = painting.pen(colours.accent if self.hot else colours.text3, 1.5 if self.hot else 1, (3, 2.5))
        box = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        if self.hot:
            painting.fill(painter, box, colours.hover, 9)
        painting.frame(painter, box, edge, 9)
        first = self.tr("Drop articles or a project file here")
        second = self.tr("Texts, tables and exports of other tools. Files stay on this computer.")
        big, small = fonts.ui(fonts.HEAD, fonts.MEDIUM), fonts.ui(12)
        wide = 38 + max(fonts.text_width(big, first), fonts.text_width(small, second))
        rtl = self.isRightToLeft()
        left = (self.width() - wide) / 2
        middle = self.height() / 2
        icons.paint(painter, "drop", QRectF(left + wide - 20 if rtl else left, middle - 10, 20, 20), colours.text2)
        place = painting.END if rtl else painting.START
        at = left if rtl else left + 38
        painting.words(painter, QRectF(at, middle - 18, wide - 38, 18), first, big, colours.ink, place)
        painting.words(painter, QRectF(at, middle + 1, wide - 38, 16), second, small, colours.text3, place)
        painter.end()
