"""What is looked for in the article: every hit framed quietly, the current one strongly."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from annotator.ui.reader.scene import Scene


class Finds:
    """The hits of one text, in positions of the view."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._current = -1

    def __len__(self) -> int:
        return len(self._starts)

    def set(self, hits: Sequence[tuple[int, int]], to_view: Callable[[int], int]) -> None:
        """Mark these stretches (code points, in order, apart from each other)."""
        self._starts = [to_view(start) for start, _ in hits]
        self._ends = [to_view(end) for _, end in hits]
        self._current = -1

    def set_current(self, number: int) -> None:
        """The one that is gone to; -1 for none."""
        self._current = number

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Frames around those on the screen, over the marks of annotations and under the glyphs."""
        if not self._starts:
            return
        colors, measures = scene.styles.theme, scene.measures
        up, down, scale = 0.84 * measures.tint_up, 0.74 * measures.tint_down, measures.scale
        quiet, strong = QPainterPath(), QPainterPath()
        at = bisect_left(self._ends, scene.lines.start)
        while at < len(self._starts) and self._starts[at] <= scene.lines.end:
            for piece in scene.lines.pieces(self._starts[at], self._ends[at]):
                top = piece.line.base - up
                box = QRectF(piece.x0, top, piece.x1 - piece.x0, up + down)
                (strong if at == self._current else quiet).addRoundedRect(box, 3 * scale, 3 * scale)
            at += 1
        painter.save()
        painter.fillPath(quiet, scene.soft(colors.textsel, 0.55))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(scene.soft(colors.focus, 0.4), scale))
        painter.drawPath(quiet)
        painter.fillPath(strong, colors.textsel)
        painter.setPen(QPen(colors.focus, 2 * scale))
        painter.drawPath(strong)
        painter.restore()
