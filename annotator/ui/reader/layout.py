"""Lays out the paragraphs that are looked at, and reckons with a guess for all others.

Qt's own layout goes through a text from its beginning: it needs seconds to the end of a long one, again with every
other width and size. Here a paragraph is laid out when somebody asks where it is, so that the end of 10 MB costs as
much as its beginning. When a guess turns out wrong above what is on the screen, `on_drift` says by how much all moved.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate
from time import perf_counter

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFontMetricsF,
    QPainter,
    QTextBlock,
    QTextDocument,
    QTextFrame,
    QTextLayout,
    QTextLine,
)

from annotator.ui.reader.metrics import BOTTOM, TOP, Metrics
from annotator.ui.reader.page import Shape

_CHUNK = 128
_SAMPLES = 12  # paragraphs by which lines are guessed
_ASCENT = 0.8  # from the top of a line to its baseline


class LazyLayout(QAbstractTextDocumentLayout):
    """The layout of an article. Heights are the document's; x is the pane's, with the text's column placed in it."""

    def __init__(self, document: QTextDocument, metrics: Metrics) -> None:
        super().__init__(document)
        self.on_drift: Callable[[float], None] = _nothing
        """Called when what is at `anchor` moved down by so much because paragraphs above it were laid out."""
        self.anchor = 0
        """The number of the paragraph at the top of the screen."""
        self._metrics = metrics
        self._shape = Shape([0], {}, frozenset(), False)
        self._left, self._measure = 0.0, 100.0
        self._per_line = 60.0
        self._heights = array("d", [metrics.line])
        self._real = bytearray(1)
        self._chunks = array("d", [metrics.line])
        self._ends: list[float] = []
        self._todo = 0
        self._told = -1.0

    # What is laid out

    def show(self, shape: Shape, metrics: Metrics) -> None:
        """Another text is in the document, or the same at another size."""
        self._shape, self._metrics = shape, metrics
        self.anchor = 0
        self._guess()

    def set_column(self, left: float, measure: float) -> bool:
        """Place the text. Returns whether its lines break anew."""
        self._left = left
        if measure == self._measure:
            return False
        self._measure = measure
        self._guess()
        return True

    def _guess(self) -> None:
        """Forget all lines, and guess how many each paragraph has by a few that are laid out now."""
        lengths, line = self._shape.lengths, self._metrics.line
        count = len(lengths)
        self._real = bytearray(count)
        self._todo = 0
        fit = QFontMetricsF(self.document().defaultFont()).averageCharWidth()
        self._per_line = max(1.0, self._measure / max(fit, 1.0))
        some = [number for number in range(0, count, max(1, count // _SAMPLES)) if 0 < lengths[number] < 5000]
        letters = lines = 0.0
        there = self.document().blockCount()
        for number in [n for n in some if n < there][: 2 * _SAMPLES]:
            found = self._break(self.document().findBlockByNumber(number), line)
            if found > 1:
                letters += lengths[number]
                lines += found - 0.5
        if lines:
            self._per_line = letters / lines
        per_line, blank, gap = self._per_line, self._shape.blank, self._metrics.gap
        margin = 0.0 if self._shape.parted else gap
        self._heights = heights = array("d", [margin + line * int(length / per_line + 1) for length in lengths])
        for number, share in blank.items():
            heights[number] = share * gap
        if margin:
            for number in {0, *self._shape.joined} - blank.keys():
                heights[number] -= margin
        sums = range(0, count, _CHUNK)
        self._chunks = array("d", [sum(heights[at : at + _CHUNK]) for at in sums])
        self._ends = []

    def _pitch(self, number: int) -> float:
        share = self._shape.blank.get(number)
        return self._metrics.line if share is None else share * self._metrics.gap

    def _margin(self, number: int) -> float:
        return self._shape.gap(number) * self._metrics.gap

    def parted(self, number: int) -> bool:
        """Whether there is a gap above this paragraph."""
        blank = self._shape.blank
        return number == 0 or self._margin(number) > 0 or number - 1 in blank or number in blank

    def _break(self, block: QTextBlock, pitch: float) -> int:
        """Break a paragraph into lines; says how many."""
        layout, width = block.layout(), self._measure
        layout.setTextOption(self.document().defaultTextOption())
        layout.beginLayout()
        y, count = pitch * _ASCENT, 0
        line = layout.createLine()
        while line.isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0.0, y - line.ascent()))
            y += pitch
            count += 1
            line = layout.createLine()
        layout.endLayout()
        return count

    def _ensure(self, number: int, block: QTextBlock) -> None:
        if self._real[number]:
            return
        pitch = self._pitch(number)
        height = self._margin(number) + pitch * max(1, self._break(block, pitch))
        self._real[number] = 1
        moved = height - self._heights[number]
        if abs(moved) < 0.01:
            return
        self._heights[number] = height
        self._chunks[number // _CHUNK] += moved
        self._ends = []
        if number < self.anchor:
            self.tell_size()
            self.on_drift(moved)

    def ensure(self, top: float, bottom: float) -> None:
        """Lay out what lies between two heights."""
        for _ in self.blocks(top, bottom):
            pass

    def ensure_around(self, position: int, reach: float) -> None:
        """Lay out the paragraph that holds a position, and its neighbours as far as they reach."""
        middle = self.document().findBlock(position)
        self._ensure(middle.blockNumber(), middle)
        for forward in (True, False):
            block, left = (middle.next() if forward else middle.previous()), reach
            while block.isValid() and left > 0:
                number = block.blockNumber()
                self._ensure(number, block)
                left -= self._heights[number]
                block = block.next() if forward else block.previous()

    def refine(self, seconds: float) -> bool:
        """Lay out paragraphs not looked at yet, for so long; whether some are left."""
        end = perf_counter() + seconds
        self._todo = number = self._real.find(0, self._todo)
        block = self.document().findBlockByNumber(number) if number >= 0 else QTextBlock()
        while block.isValid():
            self._ensure(number, block)
            if perf_counter() > end:
                self._todo = number
                return True
            number, block = number + 1, block.next()
        self._todo = len(self._real)
        return False

    @property
    def whole(self) -> bool:
        """Whether nothing is guessed any more."""
        return 0 not in self._real

    # Where things are

    def _before(self) -> list[float]:
        """The heights at which the chunks end."""
        if not self._ends:
            self._ends = list(accumulate(self._chunks, initial=TOP))[1:]
        return self._ends

    def start(self, number: int) -> float:
        """Where a paragraph begins, with the gap above it."""
        chunk = number // _CHUNK
        above = self._before()[chunk - 1] if chunk else TOP
        return above + sum(self._heights[chunk * _CHUNK : number])

    def number_at(self, y: float) -> int:
        """The number of the paragraph at this height; the first or last where it is outside."""
        ends = self._before()
        chunk = min(bisect_right(ends, y), len(ends) - 1)
        bottom = ends[chunk - 1] if chunk else TOP
        first = chunk * _CHUNK
        last = min(first + _CHUNK, len(self._heights)) - 1
        for number in range(first, last):
            bottom += self._heights[number]
            if y < bottom:
                return number
        return last

    def blocks(self, top: float, bottom: float) -> Iterator[tuple[QTextBlock, QTextLayout, QPointF]]:
        """The paragraphs between two heights, laid out, and where the text of each begins."""
        number = self.number_at(top)
        block, y = self.document().findBlockByNumber(number), self.start(number)
        while block.isValid() and y <= bottom:
            self._ensure(number, block)
            layout, place = block.layout(), QPointF(self._left, y + self._margin(number))
            layout.setPosition(place)
            yield block, layout, place
            y += self._heights[number]
            number, block = number + 1, block.next()

    def placed(self, block: QTextBlock) -> tuple[QTextLayout, QPointF]:
        """A paragraph, laid out, and where its text begins."""
        number = block.blockNumber()
        self._ensure(number, block)
        layout = block.layout()
        place = QPointF(self._left, self.start(number) + self._margin(number))
        layout.setPosition(place)
        return layout, place

    @property
    def height(self) -> float:
        """The height of the whole article, as far as is known."""
        return self._before()[-1] + BOTTOM

    def tell_size(self) -> None:
        """Let the scroll bar follow."""
        if self.height != self._told:
            self._told = self.height
            self.documentSizeChanged.emit(self.documentSize())

    # What Qt asks for

    def documentSize(self) -> QSizeF:
        """As wide as the text reaches, as high as the article."""
        return QSizeF(self._left + self._measure, self.height)

    def pageCount(self) -> int:
        """On a screen there is one."""
        return 1

    def frameBoundingRect(self, frame: QTextFrame) -> QRectF:
        """There is one frame: all of it."""
        return QRectF(QPointF(), self.documentSize())

    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        """The lines of a paragraph; laid out if they are not yet."""
        if not block.isValid() or block.blockNumber() >= len(self._real):
            return QRectF()
        layout, place = self.placed(block)
        return QRectF(place.x(), place.y(), self._measure, self._pitch(block.blockNumber()) * layout.lineCount())

    def hitTest(self, point: QPointF, accuracy: Qt.HitTestAccuracy) -> int:  # type: ignore[override]
        """The position nearest to a place."""
        block = self.document().findBlockByNumber(self.number_at(point.y()))
        layout, place = self.placed(block)
        pitch, count = self._pitch(block.blockNumber()), layout.lineCount()
        if count == 0:
            return block.position()
        row = int((point.y() - place.y()) / pitch) if pitch > 0 else 0
        line = layout.lineAt(max(0, min(row, count - 1)))
        between = QTextLine.CursorPosition.CursorBetweenCharacters
        position = block.position() + line.xToCursor(point.x() - place.x(), between)
        if accuracy == Qt.HitTestAccuracy.ExactHit:
            within = line.naturalTextRect().translated(place).adjusted(0, -pitch, 0, pitch)
            return position if within.contains(point) and 0 <= row < count else -1
        return position

    def draw(self, painter: QPainter, context: QAbstractTextDocumentLayout.PaintContext) -> None:
        """The glyphs."""
        clip = context.clip
        for _, layout, _ in self.blocks(clip.top(), clip.bottom()):
            layout.draw(painter, QPointF(), [], clip)

    def documentChanged(self, position: int, removed: int, added: int) -> None:
        """The text never changes under a reader; another one is told by `show`."""


def _nothing(_: float) -> None:
    pass
