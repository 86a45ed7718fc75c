"""Paints the marks of annotations under the text: tints, joined shapes, outlines, underlines in their lanes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from annotator.ui import fonts
from annotator.ui.reader import shapes
from annotator.ui.reader.lines import Line, Piece
from annotator.ui.reader.scene import Scene, State, faded
from annotator.ui.reader.spans import Span, by_length
from annotator.ui.reader.store import LINE, OUTLINE, TINT, SpanStore
from annotator.ui.reader.strokes import Run, dashed, draw_ghost_underline, draw_underlines, pen
from annotator.ui.theme import mix

MOST_PIECES = 500
"""Boxes painted in one frame; what is deeper becomes a number at the end of its line."""

_TINT_RADIUS, _UNDER_RADIUS, _OUTLINE_RADIUS = 4.0, 3.0, 4.5
_BROKEN_AIR = 2.5  # how far a joined shape goes beyond a line's text


@dataclass(slots=True)
class Count:
    """A small number that stands for annotations that are not drawn, or drawn over each other."""

    text: str
    box: QRectF
    px: float
    ids: list[str]


class MarkPainter:
    """Paints one frame. The order of calls is the order of the design: tints, shapes, outlines, underlines."""

    def __init__(self, painter: QPainter, scene: Scene) -> None:
        self._painter = painter
        self._scene = scene
        self._scale = scene.measures.scale
        self._pieces: dict[Span, list[Piece]] = {}
        self.hidden: dict[Line, list[str]] = {}
        lines = scene.lines
        spans = scene.store.overlapping(lines.start, lines.end)
        self._kinds: tuple[list[Span], list[Span], list[Span]] = ([], [], [])
        self._choose(spans)
        self._ghosts = scene.ghosts.overlapping(lines.start, lines.end)[:MOST_PIECES]

    def _choose(self, spans: list[Span]) -> None:
        """Keep what fits in a frame: what is active first, then the innermost."""
        state = self._scene.state
        if len(spans) > MOST_PIECES // 4:
            spans.sort(key=lambda s: (state(s.id) == "rest", s.end - s.start))
        budget = MOST_PIECES
        for span in spans:
            if budget <= 0:
                for line in self._scene.lines.over(span.start, span.end):
                    self.hidden.setdefault(line, []).append(span.id)
                continue
            pieces = self._pieces[span] = self._scene.lines.pieces(span.start, span.end)
            budget -= len(pieces)
            self._kinds[self._scene.store.kind(span.layer)].append(span)

    def paint(self) -> None:
        """Everything, in order."""
        self._paint_tints()
        self._paint_shapes()
        self._paint_selection()
        self._paint_outlines()
        self._paint_underlines()
        self._paint_counts()

    def _pieces_of(self, span: Span) -> list[Piece]:
        pieces = self._pieces.get(span)
        if pieces is None:
            pieces = self._pieces[span] = self._scene.lines.pieces(span.start, span.end)
        return pieces

    def _tint_box(self, piece: Piece) -> shapes.Box:
        measures = self._scene.measures
        base = piece.line.base
        return piece.x0 - piece.left_air, base - measures.tint_up, piece.x1 + piece.right_air, base + measures.tint_down

    # Tints

    def _paint_tints(self) -> None:
        scene = self._scene
        for span in sorted(self._kinds[TINT], key=lambda s: s.start - s.end):
            state = scene.state(span.id)
            if state != "selected":
                self._fill(span, self._tint(span, state), _TINT_RADIUS)
            if scene.styles.theme.strong:
                self._paint_corners(span)
        for kind in (LINE, OUTLINE):
            for span in self._kinds[kind]:
                state = scene.state(span.id)
                style = scene.styles.layer(span.layer)
                if state == "hover":
                    self._fill(span, style.hover if style.hover.alphaF() < 1 else faded(style.tint, 0.6), _UNDER_RADIUS)
                elif state == "selected" and (kind == OUTLINE or span.id == scene.active):
                    self._fill(span, style.tint, _UNDER_RADIUS if kind == LINE else _OUTLINE_RADIUS)

    def _paint_corners(self, span: Span) -> None:
        """In high contrast a tint alone is too faint: strokes at its beginning and its end say where it is."""
        path, arm = QPainterPath(), 7 * self._scale
        for piece in self._pieces_of(span):
            x0, y0, x1, y1 = self._tint_box(piece)
            for at_end, x, inward in ((piece.left_end, x0, arm), (piece.right_end, x1, -arm)):
                if not at_end:
                    continue
                starts = (
                    (x == x0) != self._scene.rtl
                    if piece.start_side == 0
                    else piece.start_side == (-1 if x == x0 else 1)
                )
                edge = y0 if starts else y1
                path.moveTo(x + inward, edge)
                path.lineTo(x, edge)
                path.lineTo(x, y0 + y1 - edge)
        stroke = self._scene.styles.layer(span.layer).stroke
        self._painter.strokePath(path, pen(stroke, 1.6 * self._scale))

    def _tint(self, span: Span, state: State) -> QColor:
        style = self._scene.styles.layer(span.layer)
        if state != "rest":
            return style.hover
        around = self._scene.store.by_kind[TINT].overlapping(span.start, span.end)
        if len(around) == 1:
            return style.tint
        # On a longer one of the same colour it would vanish: it lies on it a shade stronger.
        length = span.end - span.start
        level = sum(1 for s in around if s.end - s.start > length or (s.end - s.start == length and s.id < span.id))
        return mix(style.tint, style.hover, min(1.0, 0.6 * level)) if level else style.tint

    def _fill(self, span: Span, color: QColor, radius: float) -> None:
        painter, outline = self._painter, self._scene.store.kind(span.layer) == OUTLINE
        radius *= self._scale
        for piece in self._pieces_of(span):
            box = self._outline_box(span, piece) if outline else self._tint_box(piece)
            if piece.left_end or piece.right_end:
                painter.fillPath(shapes.filled(box, radius, piece.left_end, piece.right_end), color)
            else:
                painter.fillRect(QRectF(box[0], box[1], box[2] - box[0], box[3] - box[1]), color)

    # Selected claims and suggestions of claims: one shape over all lines

    def _paint_shapes(self) -> None:
        scene, painter = self._scene, self._painter
        for span in self._kinds[TINT]:
            if scene.state(span.id) == "selected":
                style = scene.styles.layer(span.layer)
                painter.setPen(pen(scene.soft(style.stroke, 0.75), self._scale))
                painter.setBrush(style.selected)
                painter.drawPath(self._joined(span))
        for span in self._ghosts:
            if scene.ghosts.kind(span.layer) == TINT:
                style = scene.styles.layer(span.layer)
                hovered = span.id == scene.hover
                painter.setPen(dashed(style.stroke if hovered else style.ghost, self._scale))
                painter.setBrush(faded(style.tint, 0.6 if hovered else 0.3))
                painter.drawPath(self._joined(span))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _joined(self, span: Span) -> QPainterPath:
        rows: list[list[shapes.Box]] = []
        line: Line | None = None
        air = _BROKEN_AIR
        for piece in self._pieces_of(span):
            x0, y0, x1, y1 = self._tint_box(piece)
            x0 -= air - piece.left_air if not piece.left_end or piece.left_air > 1 else 0.0
            x1 += air - piece.right_air if not piece.right_end or piece.right_air > 1 else 0.0
            if piece.line is not line:
                rows.append([])
                line = piece.line
            rows[-1].append((x0, y0, x1, y1))
        return shapes.joined(rows, _TINT_RADIUS * self._scale, self._scene.measures.gap * 0.8)

    def _paint_selection(self) -> None:
        start, end = self._scene.selection
        if start >= end:
            return
        measures, color = self._scene.measures, self._scene.styles.theme.textsel
        up = measures.tint_up + 1.5 * self._scale
        for piece in self._scene.lines.pieces(start, end):
            height = max(measures.line, up + measures.tint_down) - 0.5
            self._painter.fillRect(QRectF(piece.x0, piece.line.base - up, piece.x1 - piece.x0, height), color)

    # Outlines

    def _outline_box(self, span: Span, piece: Piece) -> shapes.Box:
        scene, measures = self._scene, self._scene.measures
        store = scene.store if span.id in scene.store.annotations else scene.ghosts
        grown = (store.outlines.lane(span) - 1) * 2.2 * self._scale
        down = measures.outline_down(scene.store.lines.deepest(span.start, span.end)) + grown
        base = piece.line.base
        left = piece.x0 - (piece.left_air + grown if piece.left_end else 0)
        right = piece.x1 + (piece.right_air + grown if piece.right_end else 0)
        return left, base - measures.box_up - grown, right, base + down

    def _paint_outlines(self) -> None:
        scene, painter = self._scene, self._painter
        resting: dict[str, QPainterPath] = {}  # stroked at once, layer by layer: half the time of one by one
        for span in self._kinds[OUTLINE]:
            state = scene.state(span.id)
            if state == "rest":
                self._add_outline(resting.setdefault(span.layer, QPainterPath()), span)
        for layer, path in resting.items():
            stroke = scene.soft(scene.styles.layer(layer).stroke, 0.82)
            painter.strokePath(path, pen(stroke, 1.15 * self._scale))
        for span in self._kinds[OUTLINE]:
            state = scene.state(span.id)
            if state != "rest":
                width = 1.75 if state == "selected" else 1.15
                self._stroke_outline(span, pen(scene.styles.layer(span.layer).stroke, width * self._scale))
        for span in self._ghosts:
            if scene.ghosts.kind(span.layer) == OUTLINE:
                style = scene.styles.layer(span.layer)
                hovered = span.id == scene.hover
                self._stroke_outline(span, dashed(style.stroke if hovered else style.ghost, self._scale))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _stroke_outline(self, span: Span, pen: QPen) -> None:
        path = QPainterPath()
        self._add_outline(path, span)
        self._painter.strokePath(path, pen)

    def _add_outline(self, path: QPainterPath, span: Span) -> None:
        for piece in self._pieces_of(span):
            box = self._outline_box(span, piece)
            shapes.stroked(path, box, _OUTLINE_RADIUS * self._scale, piece.left_end, piece.right_end)

    # Underlines

    def _paint_underlines(self) -> None:
        scene, lanes = self._scene, self._scene.store.lines
        alike: dict[tuple[str, State], list[Run]] = {}
        for span in self._kinds[LINE]:
            below = scene.measures.lane(lanes.lane(span))
            runs = alike.setdefault((span.layer, scene.state(span.id)), [])
            runs += [(piece.x0, piece.x1, piece.line.base + below) for piece in self._pieces_of(span)]
        for (layer, state), runs in sorted(alike.items(), key=lambda item: item[0][1] != "rest"):
            draw_underlines(
                self._painter, scene.styles.layer(layer), state, runs, self._scale, as_images=not scene.printed
            )
        for span in self._ghosts:
            if scene.ghosts.kind(span.layer) == LINE:
                below = scene.measures.lane(_ghost_lane(scene.store, scene.ghosts, span))
                style = scene.styles.layer(span.layer)
                hovered = span.id == scene.hover
                draw_ghost_underline(self._painter, style, hovered, self._pieces_of(span), below, self._scale)

    def counts(self) -> list[Count]:
        """`+1` at the end of what shares the last lane; `+n` at the end of lines where a frame is full."""
        scene, scale, size = self._scene, self._scale, 30 * self._scale
        found: list[Count] = []
        deep: dict[tuple[Line, int], tuple[int, Piece, Span]] = {}
        for span in self._kinds[LINE]:
            hidden, pieces = scene.store.lines.hidden(span), self._pieces_of(span)
            if hidden and pieces:
                piece = pieces[-1]
                key = piece.line, round(piece.x0 if scene.rtl else piece.x1)
                if key not in deep or deep[key][0] < hidden:
                    deep[key] = hidden, piece, span
        free: dict[Line, float] = {}
        for hidden, piece, span in sorted(deep.values(), key=lambda more: -more[0]):
            # Where many end close together, the greatest number stands for all.
            x = piece.x0 if scene.rtl else piece.x1
            if abs(free.get(piece.line, -1e9) - x) > 3 * size / 4:
                free[piece.line] = x
                under = sorted(scene.store.by_kind[LINE].overlapping(span.start, span.end), key=by_length)
                ids = list(dict.fromkeys(s.id for s in under))
                found.append(self._count(f"+{hidden}", x, piece.line.base + scene.measures.lane(3) + 1, 8.0, ids))
        for line, ids in self.hidden.items():
            unique = list(dict.fromkeys(ids))
            x = (line.left if scene.rtl else line.right) + scene.outward * 5 * scale
            found.append(self._count(f"+{len(unique)}", x, line.base - 5 * scale, fonts.SMALL, unique))
        return found

    def _count(self, text: str, x: float, middle: float, px: float, ids: list[str]) -> Count:
        height, width = 1.5 * px * self._scale, (0.75 * len(text)) * px * self._scale
        left = x - width - 1 if self._scene.rtl else x + 1
        return Count(text, QRectF(left, middle - height / 2, width, height), px, ids)

    def _paint_counts(self) -> None:
        painter, rtl = self._painter, self._scene.rtl
        flags = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        flags |= Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        for count in self.counts():
            painter.setFont(fonts.key(count.px * self._scale))
            painter.setPen(self._scene.styles.theme.text2)
            painter.drawText(count.box, int(flags.value) | Qt.TextFlag.TextDontClip.value, count.text)


def counted_at(scene: Scene, place: QPointF) -> list[str]:
    """Ids of the annotations that a count at this place (in the document) stands for."""
    for count in MarkPainter(QPainter(), scene).counts():
        if count.box.adjusted(-3, -2, 3, 2).contains(place):
            return count.ids
    return []


def _ghost_lane(store: SpanStore, ghosts: SpanStore, span: Span) -> int:
    return min(3, 1 + max(store.lines.deepest(span.start, span.end), ghosts.lines.lane(span) - 1))


def hidden_on(scene: Scene, line: Line) -> list[str]:
    """Ids of the annotations that a full frame shows on this line only as a number."""
    nothing = QPainter()
    for other, ids in MarkPainter(nothing, scene).hidden.items():
        if other.start == line.start:
            return list(dict.fromkeys(ids))
    return []
