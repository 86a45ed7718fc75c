"""Brackets and numbers of claims in the start gutter, and the words beside the current suggestion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from annotator.ui import fonts
from annotator.ui.reader import shapes
from annotator.ui.reader.lines import Line
from annotator.ui.reader.scene import Scene
from annotator.ui.reader.spans import Span

FIRST, STEP, NUMBER = 13.0, 9.0, 33.0
_TICK, _CORNER = 5.0, 2.5
_PILL_AIR = 5.0


@dataclass(slots=True)
class Mark:
    """A bracket in the gutter: its lane, and how high it reaches."""

    span: Span
    lane: int
    top: float
    bottom: float
    first: Line | None
    ghost: bool = False


@dataclass(slots=True)
class Number:
    """A number beside a claim's first line."""

    id: str
    text: str
    box: QRectF
    base: float
    ghost: bool = False


class Gutter:
    """The brackets and numbers of one frame; also asked for what lies under the pointer."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._scale = scene.measures.scale
        self.marks = list(self._marks())
        self.numbers = list(self._numbers())

    @property
    def _most(self) -> int:
        """How many lanes the gutter has room for beside the numbers."""
        return max(2, int((self._scene.gutter - 28 * self._scale - FIRST - 2) / STEP))

    def _font(self) -> QFont:
        px = fonts.SMALL * self._scale
        # Figures of one width have no letters that a PDF file could name.
        return fonts.ui(px, fonts.MEDIUM) if self._scene.printed else fonts.key(px)

    def _marks(self) -> Iterator[Mark]:
        scene = self._scene
        lines = scene.lines
        if not lines.lines:
            return
        measures = scene.measures
        guests: list[tuple[Span, int]] = []
        ghosts = scene.ghosts.brackets.overlapping(lines.start, lines.end) if len(scene.ghosts.annotations) else []
        for span in [*scene.store.brackets.overlapping(lines.start, lines.end), *ghosts]:
            ghost = span.id not in scene.store.annotations
            if ghost:
                taken = [lane for other, lane in guests if other.end > span.start]
                lane = scene.store.bracket_lanes.guest_lane(span, taken)
                guests.append((span, lane))
            else:
                lane = scene.store.bracket_lanes.lane(span)
            rows = lines.over(span.start, span.end)
            if not rows:
                continue
            first = rows[0] if rows[0].start <= span.start else None
            top = rows[0].base - measures.box_up if first else rows[0].base - 3 * measures.line
            ended = rows[-1].stop >= span.end
            bottom = rows[-1].base + (measures.box_down + 0.3 if ended else 3 * measures.line)
            yield Mark(span, min(lane, self._most), top, bottom, first, ghost)

    def _x(self, lane: int) -> float:
        """Where the bracket of a lane stands."""
        return self._scene.start_x - self._scene.outward * (FIRST + STEP * (lane - 1))

    def _numbers(self) -> Iterator[Number]:
        scene, scale = self._scene, self._scale
        rows: dict[Line, list[Mark]] = {}
        for mark in self.marks:
            if mark.first is not None and mark.span.id in scene.numbers:
                rows.setdefault(mark.first, []).append(mark)
        metrics = QFontMetricsF(self._font())
        for line, marks in rows.items():
            lanes = max(m.lane for m in self.marks if m.top - 1 <= line.base <= m.bottom + 1)
            out = max(NUMBER, FIRST + STEP * (lanes - 1) + 11)
            room = scene.gutter - out - 2
            texts = [(m.span.id, scene.numbers[m.span.id], m.ghost) for m in marks]
            # Where several claims begin on one line, their numbers stand side by side as far as there is room.
            while len(texts) > 1 and sum(metrics.horizontalAdvance(t) + 7 for _, t, _ in texts) - 7 > room:
                kept = next((t for t in texts if t[0] == scene.active), texts[0])
                rest = len(marks) - 1
                short = (kept[0], f"{kept[1]}+{rest}", kept[2])
                texts = [short]
            for id_, text, ghost in reversed(texts) if not scene.rtl else texts:
                width = metrics.horizontalAdvance(text)
                edge = scene.start_x - scene.outward * out
                left = edge - width if scene.outward > 0 else edge
                base = line.base - 6 * scale
                yield Number(id_, text, QRectF(left, base - 11.2 * scale, width, 15 * scale), base, ghost)
                out += width + 7

    def paint(self, painter: QPainter) -> None:
        """Brackets first, numbers over them."""
        scene, scale = self._scene, self._scale
        resting: dict[str, QPainterPath] = {}
        tick = scene.outward * _TICK
        for mark in self.marks:
            if not mark.ghost and scene.state(mark.span.id) in ("rest", "chain"):
                path = resting.setdefault(mark.span.layer, QPainterPath())
                shapes.bracket(path, self._x(mark.lane), tick, mark.top, mark.bottom, _CORNER * scale)
        for layer, path in resting.items():
            pen = QPen(scene.soft(scene.styles.layer(layer).stroke, 0.72), 1.1 * scale)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.strokePath(path, pen)
        for mark in self.marks:
            style = scene.styles.layer(mark.span.layer)
            active = scene.state(mark.span.id) == "selected"
            hover = mark.span.id == scene.hover
            if mark.ghost:
                pen = QPen(style.stroke if hover else style.ghost, 1.1 * scale)
                pen.setDashPattern([3.2, 2.6])
            elif active:
                pen = QPen(style.stroke, 2 * scale)
            elif hover:
                pen = QPen(style.stroke, 1.1 * scale)
            else:
                continue
            path = QPainterPath()
            shapes.bracket(path, self._x(mark.lane), tick, mark.top, mark.bottom, _CORNER * scale)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.strokePath(path, pen)
        painter.setFont(self._font())
        for number in self.numbers:
            annotation = scene.store.annotations.get(number.id) or scene.ghosts.annotations.get(number.id)
            style = scene.styles.layer(annotation.layer_id if annotation else "")
            box = number.box
            if scene.state(number.id) == "selected":
                pill = box.adjusted(-_PILL_AIR, 0, _PILL_AIR, 0)
                path = QPainterPath()
                path.addRoundedRect(pill, 4 * scale, 4 * scale)
                painter.fillPath(path, style.stroke)
                painter.setPen(scene.styles.theme.paper)
            else:
                painter.setPen(style.stroke)
            painter.drawText(QPointF(box.left(), number.base), number.text)

    def number_at(self, x: float, y: float) -> Number | None:
        """The number at this place."""
        return next((n for n in self.numbers if n.box.adjusted(-6, -2, 6, 4).contains(x, y)), None)

    def at(self, x: float, y: float) -> list[str]:
        """Ids of the claims whose number or bracket lies at this place, nearest first."""
        number = self.number_at(x, y)
        if number is not None:
            # One that stands for several ("C8+2") means all that begin on its line.
            begun = [m.span.id for m in self.marks if m.first and abs(m.first.base - 6 * self._scale - number.base) < 2]
            return list(dict.fromkeys([number.id, *begun])) if "+" in number.text else [number.id]
        near = [m for m in self.marks if m.top <= y <= m.bottom and abs(self._x(m.lane) - x) <= STEP / 2]
        return [m.span.id for m in sorted(near, key=lambda m: abs(self._x(m.lane) - x))]


def paint_accept_hint(painter: QPainter, scene: Scene, line: Line) -> None:
    """`Enter to accept`, beside the first line of the current suggestion; the key alone where the margin is narrow."""
    scale = scene.measures.scale
    key = QCoreApplication.translate("Reader", "Enter")
    words = QCoreApplication.translate("Reader", "to accept")
    colors = scene.styles.theme
    key_font, font = fonts.key(10.5 * scale), fonts.ui(fonts.SMALL * scale)
    key_width = QFontMetricsF(key_font).horizontalAdvance(key) + 9 * scale
    words_width = QFontMetricsF(font).horizontalAdvance(words)
    gap, room = 6 * scale, scene.margin - 16
    if key_width > room:
        key, key_width = "↵", 20 * scale
    out = 16.0 if key_width + gap <= room else max(2.0, scene.margin - key_width - 2)
    middle = line.base - 9.5 * scale
    box = _beside(scene, out, key_width, middle, 15.5 * scale)
    painter.setPen(QPen(colors.line if not colors.dark else colors.border, 1))
    painter.setBrush(colors.field)
    painter.drawRoundedRect(box, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(colors.text2)
    painter.setFont(key_font)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter.value), key)
    if out + key_width + gap + words_width <= scene.margin:
        painter.setPen(colors.text3)
        painter.setFont(font)
        place = _beside(scene, out + key_width + gap, words_width + 2, middle, 17 * scale)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter.value), words)


def _beside(scene: Scene, out: float, width: float, middle: float, height: float) -> QRectF:
    """A box in the end margin, `out` from the text."""
    left = scene.end_x + out if scene.outward > 0 else scene.end_x - out - width
    return QRectF(left, middle - height / 2, width, height)
