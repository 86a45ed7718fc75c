"""What is painted over the text: the caret, handles at the ends of the active annotation, hint letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from annotator.ui import fonts
from annotator.ui.reader.lines import Lines
from annotator.ui.reader.metrics import Metrics
from annotator.ui.reader.scene import Scene
from annotator.ui.reader.spans import Span
from annotator.ui.reader.store import TINT

CARET_WIDTH = 2.0
_GRIP = 3.2


def caret_box(scene: Scene, x: float, base: float) -> QRectF:
    """The caret at this place of a baseline."""
    measures = scene.measures
    up, down = measures.tint_up - measures.scale, measures.tint_down - 2 * measures.scale
    return QRectF(x - CARET_WIDTH / 2, base - up, CARET_WIDTH, up + down)


@dataclass(slots=True)
class Handle:
    """One end of a fragment of the active annotation."""

    span: Span
    start: bool
    x: float
    top: float
    bottom: float


def handles(lines: Lines, spans: list[Span], measures: Metrics) -> list[Handle]:
    """The ends of an annotation's fragments that lie on these lines."""
    found = []
    for span in spans:
        for piece in lines.pieces(span.start, span.end):
            top, bottom = piece.line.base - measures.tint_up, piece.line.base + measures.tint_down
            if piece.left_end:
                found.append(Handle(span, piece.start_side == -1, piece.x0, top, bottom))
            if piece.right_end:
                found.append(Handle(span, piece.start_side == 1, piece.x1, top, bottom))
    return found


def paint_handles(painter: QPainter, scene: Scene, spans: list[Span]) -> None:
    """A grip at each end of the active annotation: a knob above its start, below its end."""
    scale = scene.measures.scale
    for handle in handles(scene.lines, spans, scene.measures):
        style = scene.styles.layer(handle.span.layer)
        painter.setPen(QPen(style.stroke, 1.6 * scale))
        painter.drawLine(QPointF(handle.x, handle.top), QPointF(handle.x, handle.bottom))
        painter.setPen(QPen(scene.styles.theme.paper, 1))
        painter.setBrush(style.stroke)
        knob = QPointF(handle.x, handle.top if handle.start else handle.bottom)
        painter.drawEllipse(knob, _GRIP * scale, _GRIP * scale)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def link_dot(scene: Scene) -> QPointF | None:
    """Where the active claim has the dot from which a link is dragged: on its upper edge, near its beginning."""
    active = scene.store.annotations.get(scene.active or "")
    if active is None or scene.store.kind(active.layer_id) != TINT:
        return None
    spans = scene.store.spans(active)
    first = min(spans) if spans else None
    if first is None or scene.lines.at(first.start) is None:
        return None
    pieces = scene.lines.pieces(first.start, first.end)
    piece = next((p for p in pieces if (p.right_end if scene.rtl else p.left_end)), None)
    if piece is None:
        return None
    inset = min(14 * scene.measures.scale, (piece.x1 - piece.x0) / 3)
    return QPointF(piece.x1 - inset if scene.rtl else piece.x0 + inset, piece.line.base - scene.measures.tint_up)


def paint_link_dot(painter: QPainter, scene: Scene) -> None:
    """The dot, a little larger than the one from which the chain begins."""
    dot = link_dot(scene)
    if dot is not None:
        style = scene.styles.layer(scene.store.annotations[scene.active or ""].layer_id)
        painter.setPen(QPen(scene.styles.theme.paper, 1.2))
        painter.setBrush(style.stroke)
        painter.drawEllipse(dot, 3.8 * scene.measures.scale, 3.8 * scene.measures.scale)
        painter.setBrush(Qt.BrushStyle.NoBrush)


Rubber = tuple[str, QPointF, QPointF, bool]
"""The claim, where the line begins and ends, and whether it ends on something that can be linked."""


def paint_rubber(painter: QPainter, scene: Scene, rubber: Rubber) -> None:
    """The line of a link that is being dragged: dashed until it ends on something."""
    id_, start, end, reached = rubber
    annotation = scene.store.annotations.get(id_)
    color = scene.styles.layer(annotation.layer_id if annotation else "").stroke
    scale = scene.measures.scale
    pen = QPen(color, 1.6 * scale, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    if not reached:
        pen.setDashPattern([3, 3])
    painter.setPen(pen)
    painter.drawLine(start, end)
    painter.setPen(QPen(color, 1.6 * scale))
    painter.setBrush(color if reached else scene.styles.theme.paper)
    painter.drawEllipse(end, 4 * scale, 4 * scale)
    painter.setBrush(color)
    painter.drawEllipse(start, 2.4 * scale, 2.4 * scale)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_hints(painter: QPainter, scene: Scene, hints: Mapping[str, str]) -> None:
    """The letters that choose an annotation, as key caps over where each begins."""
    scale, colors = scene.measures.scale, scene.styles.theme
    font = fonts.ui(fonts.META * scale, fonts.SEMIBOLD)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    taken: list[QRectF] = []
    spans = [s for s in scene.store.overlapping(scene.lines.start, scene.lines.end) if s.id in hints]
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        pieces = scene.lines.pieces(span.start, span.end)
        if span.part or not pieces:
            continue
        piece = pieces[0]
        width = max(15.0 * scale, metrics.horizontalAdvance(hints[span.id]) + 8 * scale)
        left = piece.x1 - width + 4 if scene.rtl else piece.x0 - 4
        box = QRectF(left, piece.line.base - scene.measures.tint_up - 4 * scale, width, 16 * scale)
        while any(box.intersects(other) for other in taken):
            box.translate(scene.outward * (width + 2), 0)
        taken.append(box)
        style = scene.styles.layer(span.layer)
        painter.setPen(QPen(colors.paper, 1))
        painter.setBrush(style.stroke)
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(colors.paper)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter.value), hints[span.id])
    painter.setBrush(Qt.BrushStyle.NoBrush)
