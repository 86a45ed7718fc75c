"""The active attribution as a line from the claim to its source, and from the source to who reported it.

The line runs only in the gaps between lines and in the end margin, never across glyphs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from annotator.domain.model import Marked
from annotator.ui import fonts
from annotator.ui.reader import shapes
from annotator.ui.reader.layout import LazyLayout
from annotator.ui.reader.lines import Line, Lines, Piece
from annotator.ui.reader.metrics import Metrics
from annotator.ui.reader.places import Places
from annotator.ui.reader.scene import Chain, Scene
from annotator.ui.reader.spans import Span
from annotator.ui.reader.store import SpanStore

_OUT = 16.0  # how far out in the end margin the line runs down
_NEXT_OUT = 6.0
_RADIUS = 6.0
_ARROW = 2.8
_DOT = 2.2


@dataclass(slots=True)
class _Anchor:
    """A box that the line leaves or reaches."""

    piece: Piece
    top: float
    bottom: float

    @property
    def line(self) -> Line:
        return self.piece.line


@dataclass
class Route:
    """The whole chain, laid out once and painted with every frame until something moves."""

    path: QPainterPath = field(default_factory=QPainterPath)
    heads: QPainterPath = field(default_factory=QPainterPath)
    dots: list[QPointF] = field(default_factory=list)
    labels: list[tuple[float, float, float]] = field(default_factory=list)  # x of the run, its top and bottom

    @property
    def area(self) -> QRectF:
        """Where it is painted, labels aside."""
        return self.path.boundingRect().adjusted(-4, -4, 4, 4)


class Router:
    """Lays out a chain in the article's lines."""

    def __init__(
        self, layout: LazyLayout, places: Places, store: SpanStore, measures: Metrics, end_x: float, margin: float
    ) -> None:
        self._layout, self._places, self._store = layout, places, store
        self._measures = measures
        self._end_x, self._margin = end_x, margin
        self._side = -1 if measures.rtl else 1
        self._outs = 0
        self._route = Route()

    def route(self, chain: Chain) -> Route:
        """The line of this chain; empty where an end of it is missing."""
        claims = self._anchors([chain.claim] if chain.claim else [], tint=True)
        sources = self._anchors(chain.sources)
        for claim in claims:
            for source in sources:
                self._claim_to_source(claim, source)
        holders = sources or claims
        for level, (relays, _) in enumerate(chain.relays):
            reached = self._anchors(relays)
            for via in reached:
                if holders:
                    self._to_via(holders[0], via, level)
            holders = reached or holders
        return self._route

    def _anchors(self, ids: Iterable[str], *, tint: bool = False) -> list[_Anchor]:
        found = []
        for id_ in ids:
            annotation = self._store.annotations.get(id_)
            anchor = self._anchor(annotation, tint) if annotation is not None else None
            if anchor is not None:
                found.append(anchor)
        return found

    def _anchor(self, annotation: Marked, tint: bool) -> _Anchor | None:
        spans = self._store.spans(annotation)
        if not spans:
            return None
        span: Span = min(spans)
        lines = Lines.around(self._layout, self._places, span.start)
        pieces = lines.pieces(span.start, span.end)
        if not pieces:
            return None
        measures = self._measures
        # On a line of both directions the piece where the span begins stands for it.
        piece = next((p for p in pieces if (p.right_end if measures.rtl else p.left_end)), pieces[0])
        up = measures.tint_up if tint else measures.box_up
        down = measures.tint_down if tint else measures.outline_down(self._store.lines.deepest(span.start, span.end))
        return _Anchor(piece, piece.line.base - up, piece.line.base + down)

    def _above(self, line: Line, far: bool) -> float:
        """The height of a run above a line: in the paragraph's gap, else in the narrow one between two lines."""
        base, scale = line.base, self._measures.scale
        if line.above:
            return base - self._measures.box_up - (13 if far else 8) * scale
        return base - self._measures.tint_up - (3.6 if far else 1.2) * scale

    def _below(self, anchor: _Anchor) -> float:
        scale = self._measures.scale
        return anchor.bottom + (6.7 if anchor.line.below else 3.0) * scale

    def _near(self, piece: Piece, *, start: bool, inset: float) -> float:
        """A place on top of a box, near the side where it starts or ends in reading order."""
        inset = min(inset * self._measures.scale, (piece.x1 - piece.x0) / 3)
        return piece.x0 + inset if start != self._measures.rtl else piece.x1 - inset

    def _next_out(self) -> float:
        out = min(_OUT + _NEXT_OUT * self._outs, max(6.0, self._margin - 8))
        self._outs += 1
        return self._end_x + self._side * out

    def _claim_to_source(self, claim: _Anchor, source: _Anchor) -> None:
        after = (source.piece.x0 > claim.piece.x0) != self._measures.rtl and source.line is claim.line
        same = abs(source.line.base - claim.line.base) < 1
        x_claim = self._near(claim.piece, start=not (same and after), inset=14)
        x_source = self._near(source.piece, start=same and after, inset=16)
        run = self._above(claim.line, far=False)
        points = [(x_claim, claim.top), (x_claim, run)]
        if same:
            points += [(x_source, run)]
        else:
            out = self._end_x + self._side * 8.0
            back = self._above(source.line, far=False)
            points += [(out, run), (out, back), (x_source, back)]
        self._add([*points, (x_source, source.top)], down=True)

    def _to_via(self, source: _Anchor, via: _Anchor, level: int) -> None:
        x_source = self._near(source.piece, start=True, inset=17.5)
        run = self._above(source.line, far=True)
        x_via = self._near(via.piece, start=False, inset=16)
        out = self._next_out()
        under = self._below(via)
        points = [
            (x_source, source.top),
            (x_source, run),
            (out, run),
            (out, under),
            (x_via, under),
            (x_via, via.bottom),
        ]
        self._add(points, down=False)
        self._route.labels.append((out, min(run, under), max(run, under)))

    def _add(self, points: list[tuple[float, float]], *, down: bool) -> None:
        shapes.add_rounded(self._route.path, points, _RADIUS * self._measures.scale, closed=False)
        x, tip = points[-1]
        shapes.arrow(self._route.heads, x, tip - (1.2 if down else -1.2), _ARROW * self._measures.scale, down)
        self._route.dots.append(QPointF(*points[0]))


def paint_chain(painter: QPainter, scene: Scene, route: Route, color: QColor) -> None:
    """Draw it, in the source's colour."""
    scale = scene.measures.scale
    line = scene.soft(color, 0.85)
    pen = QPen(line, 1.1 * scale, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(route.path, pen)
    pen.setWidthF(1.3 * scale)
    painter.strokePath(route.heads, pen)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    for dot in route.dots:
        painter.drawEllipse(dot, _DOT * scale, _DOT * scale)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(color)
    for x, top, bottom in route.labels:
        _label(painter, scene, x, (top + bottom) / 2)


def _label(painter: QPainter, scene: Scene, x: float, middle: float) -> None:
    """`reported by` beside the run; along it where the margin is too narrow."""
    text = QCoreApplication.translate("Reader", "reported by")
    font = fonts.ui(fonts.SMALL * scene.measures.scale)
    painter.setFont(font)
    width = QFontMetricsF(font).horizontalAdvance(text) + 2
    room = scene.margin - abs(x - scene.end_x) - 8
    height = 16.0 * scene.measures.scale
    flags = int(Qt.AlignmentFlag.AlignCenter.value)
    if width <= room:
        left = x + 8 if scene.outward > 0 else x - 8 - width
        painter.drawText(QRectF(left, middle - height / 2, width, height), flags, text)
        return
    painter.save()
    painter.translate(x + scene.outward * (height / 2 + 1), middle)
    painter.rotate(90 * scene.outward)
    painter.drawText(QRectF(-width / 2, -height / 2, width, height), flags, text)
    painter.restore()
