"""The scroll bar of the article, with a mark for each claim beside the thumb."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollBar, QStyle, QStyleOptionSlider, QWidget

from annotator.ui import theme
from annotator.ui.reader.layout import LazyLayout
from annotator.ui.reader.lines import baseline
from annotator.ui.reader.metrics import Metrics
from annotator.ui.reader.scene import Styles, faded
from annotator.ui.reader.spans import Span
from annotator.ui.reader.store import TINT, SpanStore

WIDTH = 14
_THUMB, _EDGE, _GAP = 5.0, 3.0, 2.0
_SHEET = f"""
QScrollBar:vertical {{ width: {WIDTH}px; border: none; margin: 0; background: transparent; }}
QScrollBar::handle:vertical {{ min-height: 32px; margin: 0; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
"""

_CELLS = 500  # where there are more claims than that, not each has a mark of its own

LaneMark = tuple[float, float, QColor, bool]
"""Top and bottom as shares of the whole article, colour, and whether it is the active one."""


class LaneScrollBar(QScrollBar):
    """Painted by itself: a thin thumb at the outer edge, claim marks between it and the text."""

    def __init__(self, marks: Callable[[], Iterable[LaneMark]], parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._marks = marks
        # A style sheet of its own keeps the application's from drawing this bar and from changing its width.
        self.setStyleSheet(_SHEET)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paper, marks, thumb."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme.current()
        painter.fillRect(self.rect(), colors.paper)
        thumb = self._thumb()
        if thumb is None:
            return
        outer_right = self.layoutDirection() == Qt.LayoutDirection.LeftToRight
        width, height = float(self.width()), float(self.height())
        thumb_x = width - _EDGE - _THUMB if outer_right else _EDGE
        inner = thumb_x - _GAP if outer_right else thumb_x + _THUMB + _GAP
        rests: list[tuple[QRectF, QColor]] = []
        actives: list[tuple[QRectF, QColor]] = []
        soft: dict[int, QColor] = {}
        for top, bottom, color, active in self._marks():
            wide = 4.0 if active else 2.0
            y = top * height
            box = QRectF(inner - wide if outer_right else inner, y, wide, max(2.0, (bottom - top) * height - 1))
            if active:
                actives.append((box, color))
                continue
            key = color.rgb()
            if key not in soft:
                soft[key] = faded(color, 0.5)
            rests.append((box, soft[key]))
        for box, color in rests + actives:
            painter.fillRect(box, color)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.border if self.isSliderDown() or self.underMouse() else colors.thumb)
        painter.drawRoundedRect(QRectF(thumb_x, thumb.top(), _THUMB, thumb.height()), 2.5, 2.5)

    def _thumb(self) -> QRectF | None:
        if self.maximum() <= self.minimum():
            return None
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control, part = QStyle.ComplexControl.CC_ScrollBar, QStyle.SubControl.SC_ScrollBarSlider
        return QRectF(self.style().subControlRect(control, option, part, self)).adjusted(0, 2, 0, -2)


def lane_marks(
    layout: LazyLayout, store: SpanStore, styles: Styles, length: int, measures: Metrics, active: str | None
) -> Sequence[LaneMark]:
    """A mark for every claim of a text of this length (in the view), in order; with `active` for that claim alone."""
    spans: Iterable[Span] = store.brackets
    if active is not None:
        annotation = store.annotations.get(active)
        extent = store.extent(annotation) if annotation is not None else None
        if extent is None or store.kind(extent.layer) != TINT:
            return ()
        spans = (extent,)
    # By the text's length where it is long: its lines are not all laid out, and not all marks can be told apart.
    if length <= 15_000 and len(store.brackets) <= 300:
        height = max(1.0, layout.height)
        up, down = measures.tint_up / height, measures.tint_down / height
        found = [
            (baseline(layout, s.start) / height - up, baseline(layout, s.end) / height + down, s.layer) for s in spans
        ]
    elif active is None and len(store.brackets) > 2 * _CELLS:
        cells = {span.start * _CELLS // length: span.layer for span in spans}
        found = [(cell / _CELLS, (cell + 1) / _CELLS, layer) for cell, layer in cells.items()]
    else:
        found = [(s.start / length, s.end / length, s.layer) for s in spans]
    marks: list[LaneMark] = []
    for top, bottom, layer in found:
        color = styles.layer(layer).stroke
        if marks and bottom - marks[-1][0] < 0.002:  # neighbours too close to tell apart become one
            marks[-1] = marks[-1][0], max(bottom, marks[-1][1]), color, False
        else:
            marks.append((top, bottom, color, active is not None))
    return marks
