"""Pens, and underlines in the forms of layers: solid, dotted, dashed, double, wavy."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from annotator.ui.reader import shapes
from annotator.ui.reader.lines import Piece
from annotator.ui.reader.scene import State
from annotator.ui.theme import LayerStyle

_STRIP = 720.0
_PHASES = 4  # strips are painted for places in quarters of a pixel
_strips: dict[tuple[int, float, float, float, int, int], QPixmap] = {}

Run = tuple[float, float, float]
"""A stretch to be underlined: from x to x, at this height."""


def draw_underlines(
    painter: QPainter, style: LayerStyle, state: State, runs: Sequence[Run], scale: float, *, as_images: bool = False
) -> None:
    """Underlines of one layer that are in the same state, in the layer's form.

    `as_images`: dots may be copied from a strip of them, which takes a sixth of the time; not on paper.
    """
    strong = state == "selected"
    mark = style.mark
    if mark == "dots":
        width = (2.3 if strong or state == "chain" else 1.75) * scale
        if as_images:
            _draw_dots(painter, style.stroke, width, 3.6 * scale, runs)
            return
        painter.setPen(_dots(style.stroke, width, 3.6 * scale))
        inset = width / 2  # a round dot begins before its place
        for x0, x1, y in runs:
            painter.drawLine(QLineF(x0 + inset, y, max(x0 + inset, x1 - inset), y))
        return
    width = (2.4 if strong else 1.6) * scale
    if mark == "double":
        apart = 1.35 * scale
        painter.setPen(pen(style.stroke, 0.65 * width))
        painter.drawLines([QLineF(x0, y + side, x1, y + side) for x0, x1, y in runs for side in (-apart, apart)])
        return
    if mark == "wave":
        path = QPainterPath()
        for x0, x1, y in runs:
            shapes.wave(path, x0, x1, y, scale)
        painter.strokePath(path, pen(style.stroke, (1.9 if strong else 1.25) * scale))
        return
    if mark == "dashes":
        painter.setPen(dashed(style.stroke, width, 7 * scale, 2.5 * scale))
        for x0, x1, y in runs:  # dashes of many lines in one stroke cost twice as much
            painter.drawLine(QLineF(x0, y, x1, y))
        return
    painter.setPen(pen(style.stroke, width))
    painter.drawLines([QLineF(x0, y, x1, y) for x0, x1, y in runs])


def draw_ghost_underline(
    painter: QPainter, style: LayerStyle, hovered: bool, pieces: Sequence[Piece], below: float, scale: float
) -> None:
    """A proposed underline: dashed, or its dots twice as far apart."""
    color = style.stroke if hovered else style.ghost
    width = 1.25 * scale
    if style.mark == "dots":
        painter.setPen(_dots(color, 1.75 * scale, 6.4 * scale))
    elif style.mark == "wave":
        path = QPainterPath()
        for piece in pieces:
            shapes.wave(path, piece.x0, piece.x1, piece.line.base + below, scale)
        painter.strokePath(path, dashed(color, width, 4 * scale, 3 * scale))
        return
    else:
        gap = 5 if style.mark == "dashes" else 3
        painter.setPen(dashed(color, width, 4 * scale, gap * scale))
    lines = [QLineF(p.x0, p.line.base + below, p.x1, p.line.base + below) for p in pieces]
    if style.mark == "double":
        lines += [line.translated(QPointF(0, 2.4 * scale)) for line in lines]
    painter.drawLines(lines)


def _draw_dots(painter: QPainter, color: QColor, width: float, step: float, runs: Sequence[Run]) -> None:
    """Dots copied from a strip; only whole ones."""
    ratio = painter.device().devicePixelRatio()
    whole = floor(_STRIP / step) * step
    for x0, x1, y in runs:
        length = (floor(max(0.0, x1 - x0 - width) / step + 0.25) + 1) * step
        left, top = x0 - 1.0, y - width / 2 - 1.0
        while length > 0.1:
            x, fx = _phase(left)
            at, fy = _phase(top)
            part = min(length, whole)
            strip = _strip(color, width, step, ratio, fx, fy)
            # With what stands over at both ends, but short of the next dot.
            box = QRectF(0.0, 0.0, (part - (step - width) + 2.5) * ratio, strip.height())
            painter.drawPixmap(QPointF(x, at), strip, box)
            left, length = left + part, length - part


def _phase(place: float) -> tuple[float, int]:
    """The whole pixel before a place, and in which quarter of it the place is."""
    quarters = floor(place * _PHASES + 0.5)
    return float(quarters // _PHASES), quarters % _PHASES


def _strip(color: QColor, width: float, step: float, ratio: float, fx: int, fy: int) -> QPixmap:
    key = color.rgba(), round(width, 2), round(step, 2), ratio, fx, fy
    strip = _strips.get(key)
    if strip is None:
        if len(_strips) > 400:
            _strips.clear()
        strip = QPixmap(round((_STRIP + 4) * ratio), round((width + 4) * ratio))
        strip.setDevicePixelRatio(ratio)
        strip.fill(Qt.GlobalColor.transparent)
        painter = QPainter(strip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(_dots(color, width, step))
        y = 1.0 + fy / _PHASES + width / 2
        x = 1.0 + fx / _PHASES + width / 2
        painter.drawLine(QLineF(x, y, x + _STRIP, y))
        painter.end()
        _strips[key] = strip
    return strip


def pen(color: QColor, width: float) -> QPen:
    """A solid pen with blunt ends."""
    return QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)


def dashed(color: QColor, width: float, dash: float = 0.0, gap: float = 0.0) -> QPen:
    """A dashed pen: 4 to 3 where not said otherwise."""
    made = pen(color, width)
    made.setDashPattern([(dash or 4 * width) / width, (gap or 3 * width) / width])
    return made


def _dots(color: QColor, width: float, step: float) -> QPen:
    made = QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    made.setDashPattern([0.001, step / width])
    return made
