"""Where the lines of the text lie, and which boxes a stretch of it fills: the one place that asks Qt's layout."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QGlyphRun, QPainter, QTextBlock, QTextLayout, QTextLine

from annotator.ui.reader.layout import LazyLayout
from annotator.ui.reader.places import Places, has_rtl

AIR_AT_SPACE, AIR_AT_LETTER = 2.0, 0.4


@dataclass(slots=True, eq=False)
class Line:
    """A line of the laid out text, in document coordinates. `end` leaves out white space at its end, `stop` does not."""

    start: int
    end: int
    stop: int
    base: float
    left: float
    right: float
    x: float
    origin: int
    qt: QTextLine
    bidi: bool
    above: bool  # there is room above it: the first line of a paragraph
    below: bool  # there is room below it: the last line of a paragraph


@dataclass(slots=True, eq=False)
class Piece:
    """A box that a span fills on one line. An end that is not the span's own (a broken line) is open."""

    line: Line
    x0: float
    x1: float
    left_end: bool
    right_end: bool
    left_air: float
    right_air: float
    start_side: int = 0  # -1 where the span's start is at the left, 1 where it is at the right, 0 where not on this box


class Lines:
    """The lines between two heights of a document, by position. Valid until the layout changes."""

    def __init__(self, places: Places, lines: list[Line], blocks: Sequence[tuple[QTextLayout, QPointF]] = ()) -> None:
        self._places = places
        self.lines = lines
        self._blocks = blocks
        self._starts = [line.start for line in lines]

    @classmethod
    def between(cls, layout: LazyLayout, places: Places, top: float, bottom: float) -> Lines:
        """The lines whose baselines lie between these heights."""
        lines: list[Line] = []
        blocks = []
        for block, text_layout, place in layout.blocks(top, bottom):
            blocks.append((text_layout, place))
            _read(layout, places, block, text_layout, place, top, bottom, lines)
        return cls(places, lines, blocks)

    @classmethod
    def around(cls, layout: LazyLayout, places: Places, position: int) -> Lines:
        """The line that holds a position, and its neighbours in the paragraph."""
        lines: list[Line] = []
        block = layout.document().findBlock(position)
        text_layout, place = layout.placed(block)
        line = text_layout.lineForTextPosition(position - block.position())
        if line.isValid():
            middle = place.y() + line.y() + line.ascent()
            _read(layout, places, block, text_layout, place, middle - 1, middle + 1, lines)
        return cls(places, lines)

    def draw(self, painter: QPainter, clip: QRectF) -> None:
        """The glyphs of these lines, where they were when they were read."""
        for layout, place in self._blocks:
            layout.draw(painter, place - layout.position(), [], clip)

    @property
    def start(self) -> int:
        """The first position of the view in these lines."""
        return self.lines[0].start if self.lines else 0

    @property
    def end(self) -> int:
        """The last position of the view in these lines."""
        return self.lines[-1].stop if self.lines else 0

    def at(self, position: int) -> Line | None:
        """The line that holds a position, if it is among these."""
        number = bisect_right(self._starts, position) - 1
        if number < 0:
            return None
        line = self.lines[number]
        return line if position <= line.stop else None

    def over(self, start: int, end: int) -> list[Line]:
        """The lines that a stretch touches."""
        first = max(0, bisect_right(self._starts, start) - 1)
        last = bisect_left(self._starts, end)
        return [line for line in self.lines[first:last] if line.end > start]

    def pieces(self, start: int, end: int) -> list[Piece]:
        """The boxes of a stretch, line by line, in visual order on each."""
        found: list[Piece] = []
        for line in self.over(start, end):
            a, b = max(start, line.start), min(end, line.end)
            if a >= b:
                continue
            if line.bidi:
                self._bidi_pieces(line, a, b, start, end, found)
                continue
            left = line.x + _cursor_x(line, a)
            right = min(line.x + _cursor_x(line, b), max(line.right, left))
            head, tail = a == start, b == end
            airs = self._air(a - 1) if head else 0.0, self._air(b) if tail else 0.0
            found.append(Piece(line, left, right, head, tail, *airs, -1 if head else 0))
        return found

    def _bidi_pieces(self, line: Line, a: int, b: int, start: int, end: int, found: list[Piece]) -> None:
        boxes = run_boxes(line, a, b)
        if not boxes:
            return
        head = edge(line, a, leading=True) if a == start else None
        tail = edge(line, b, leading=False) if b == end else None
        for x0, x1 in boxes:
            piece = Piece(line, x0, x1, False, False, 0.0, 0.0)
            for x, outside, start in ((head, a - 1, True), (tail, b, False)):
                if x is None:
                    continue
                if abs(x - x0) < 0.6:
                    piece.left_end, piece.left_air = True, self._air(outside)
                    piece.start_side = -1 if start else piece.start_side
                elif abs(x - x1) < 0.6:
                    piece.right_end, piece.right_air = True, self._air(outside)
                    piece.start_side = 1 if start else piece.start_side
            found.append(piece)

    def _air(self, outside: int) -> float:
        """How much room a mark takes beyond its text: more beside a space than beside a letter or a full stop."""
        char = self._places.char(outside)
        return AIR_AT_SPACE if not char or char.isspace() else AIR_AT_LETTER


def _read(
    layout: LazyLayout,
    places: Places,
    block: QTextBlock,
    text_layout: QTextLayout,
    place: QPointF,
    top: float,
    bottom: float,
    lines: list[Line],
) -> None:
    """Add the lines of a block that lie near these heights."""
    count = text_layout.lineCount()
    shown = block.text()
    if count == 0 or not shown.strip():
        return
    x, y, origin = place.x(), place.y(), block.position()
    number = 0
    if count > 40 and y < top - 200:  # skip most of a long paragraph that begins far above
        pitch = text_layout.lineAt(1).y() - text_layout.lineAt(0).y()
        number = max(0, min(count - 1, int((top - y) / pitch) - 3)) if pitch > 0 else 0
    # Also Latin letters alone, in a paragraph that is set from right to left.
    bidi = block.textDirection() == Qt.LayoutDirection.RightToLeft or (places.any_rtl and has_rtl(shown))
    last = block.length() - 1
    wide = len(shown) != last
    above = layout.parted(block.blockNumber())
    below = not block.next().isValid() or layout.parted(block.blockNumber() + 1)
    for i in range(number, count):
        qt = text_layout.lineAt(i)
        base = y + qt.y() + qt.ascent()
        if base < top:
            continue
        if base > bottom:
            break
        start, length = qt.textStart(), qt.textLength()
        stop = min(start + length, last)
        end = stop
        if not wide:
            end = start + len(shown[start:stop].rstrip())
        else:
            while end > start and places.char(origin + end - 1).isspace():
                end -= 1
        rect = qt.naturalTextRect()
        lines.append(
            Line(
                origin + start,
                origin + end,
                origin + stop,
                base,
                x + rect.left(),
                x + rect.right(),
                x,
                origin,
                qt,
                bidi,
                above and i == 0,
                below and i == count - 1,
            )
        )


def run_boxes(line: Line, a: int, b: int) -> list[tuple[float, float]]:
    """The stretches along a line that the glyphs of [a, b) fill, joined where they touch, from left to right."""
    spans = sorted(
        (box.left(), box.right()) for box in (run.boundingRect() for run in line.qt.glyphRuns(a - line.origin, b - a))
    )
    joined: list[tuple[float, float]] = []
    for x0, x1 in spans:
        if joined and x0 <= joined[-1][1] + 0.6:
            joined[-1] = (joined[-1][0], max(x1, joined[-1][1]))
        else:
            joined.append((x0, x1))
    low, high = line.left - line.x, line.right - line.x
    clipped = ((max(x0, low) + line.x, min(x1, high) + line.x) for x0, x1 in joined)
    return [(x0, x1) for x0, x1 in clipped if x1 - x0 > 0.01]


def edge(line: Line, position: int, *, leading: bool) -> float | None:
    """Where on the line a stretch that begins (`leading`) or ends at this position has that end."""
    at = position - line.origin - (0 if leading else 1)
    runs: Sequence[QGlyphRun] = line.qt.glyphRuns(at, 1)
    if not runs:
        return None
    box, rtl = runs[0].boundingRect(), runs[0].isRightToLeft()
    return line.x + (box.right() if leading == rtl else box.left())


def line_of(layout: LazyLayout, position: int) -> tuple[int, int]:
    """Where the line that holds a view position begins and ends."""
    block = layout.document().findBlock(position)
    line = layout.placed(block)[0].lineForTextPosition(position - block.position())
    if not line.isValid():
        return block.position(), block.position() + block.length()
    start = block.position() + line.textStart()
    return start, start + line.textLength()


def baseline(layout: LazyLayout, position: int) -> float:
    """The height of the baseline of the line that holds a view position."""
    block = layout.document().findBlock(position)
    text_layout, place = layout.placed(block)
    line = text_layout.lineForTextPosition(position - block.position())
    return place.y() + (line.y() + line.ascent() if line.isValid() else 0.0)


def caret_x(line: Line, position: int) -> float:
    """Where the caret stands before this position."""
    return line.x + _cursor_x(line, position)


def _cursor_x(line: Line, position: int) -> float:
    x: Any = line.qt.cursorToX(position - line.origin)
    return float(x[0])  # the position comes back with it
