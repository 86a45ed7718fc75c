"""Figures as plots of pyqtgraph. Import after `library.load`."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import Any, NamedTuple

import pyqtgraph
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QFrame

from annotator.ui import fonts, theme
from annotator.ui.overview import colors
from annotator.ui.overview.axes import END, START, Days, Label, RowLabels, Scale
from annotator.ui.overview.figures import Figure, Mark, Tone, number

ROW, HEAD_ROW, BAR, THIN_BAR = 23.0, 30.0, 12.0, 7.0
COLUMNS_HEIGHT, DAYS_HEIGHT = 190, 24
_NAMES_SHARE, _NAMES_LEAST, _NAMES_MOST = 0.36, 90.0, 210.0


class Plot(NamedTuple):
    """A plot, and where each mark can be hit, in the units of its view."""

    view: Any
    box: Any
    rects: list[QRectF]


def height_of(figure: Figure) -> int:
    """How high a figure is drawn."""
    if figure.kind != "rows":
        return COLUMNS_HEIGHT + DAYS_HEIGHT
    return round(sum(_row_height(mark) for mark in figure.marks if mark.charted))


def _row_height(mark: Mark) -> float:
    return ROW if mark.pick is not None else HEAD_ROW


def build(figure: Figure, width: float, *, rtl: bool) -> Plot:
    """Draw a figure in the theme in force, for about this width."""
    view = pyqtgraph.GraphicsView(useOpenGL=False, background=None)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    # All that the pointer does is the chart's own business: nothing pans, zooms or opens a menu by itself.
    view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    view.setEnabled(False)
    clear = view.palette()
    for role in (clear.ColorRole.Base, clear.ColorRole.Window):
        clear.setColor(role, Qt.GlobalColor.transparent)
    view.setPalette(clear)
    layout = pyqtgraph.GraphicsLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    view.setCentralItem(layout)
    box = pyqtgraph.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0)
    box.invertX(rtl)
    layout.addItem(box, 0, 1)
    rects = _rows(figure, layout, box, width, rtl) if figure.kind == "rows" else _columns(figure, layout, box, rtl)
    return Plot(view, box, rects)


def _rows(figure: Figure, layout: Any, box: Any, width: float, rtl: bool) -> list[QRectF]:
    shown = [mark for mark in figure.marks if mark.charted]
    most = max((mark.count for mark in shown), default=0) or 1
    names, counts, rects = [], [], []
    opts: dict[str, list[Any]] = {"x0": [], "x1": [], "y0": [], "y1": [], "brushes": []}
    y = 0.0
    for mark in shown:
        height = _row_height(mark)
        if mark.pick is None:
            names.append(Label(mark.name, y + 6, y + height, role="text2", strong=True))
        else:
            names.append(Label(mark.name, y, y + height, role="text2" if mark.level else "ink", inset=14 * mark.level))
            counts.append(Label(number(mark.count), y, y + height, role="text2" if mark.level else "ink"))
            half = (THIN_BAR if mark.level else BAR) / 2
            middle = y + height / 2
            for name, value in zip(
                opts, (0, mark.count, middle - half, middle + half, colors.color(mark.tone)), strict=True
            ):
                opts[name].append(value)
        rects.append(QRectF(0, y, most, height))
        y += height
    if opts["x0"]:
        box.addItem(pyqtgraph.BarGraphItem(**opts, pen=QPen(Qt.PenStyle.NoPen)))
    box.invertY(True)
    box.setRange(xRange=(0, most), yRange=(0, y), padding=0)
    wide = max((fonts.text_width(label.font, label.text) + label.inset for label in names), default=0) + 14
    name_width = min(wide, max(_NAMES_LEAST, min(_NAMES_MOST, width * _NAMES_SHARE)))
    count_width = max((fonts.text_width(label.font, label.text) for label in counts), default=0) + 12
    start, end = ("right", "left") if rtl else ("left", "right")
    named = RowLabels(start, box, names, START, rtl=rtl)
    counted = RowLabels(end, box, counts, END, rtl=rtl)
    named.setWidth(name_width)
    counted.setWidth(count_width)
    layout.addItem(named, 0, 0)  # the layout mirrors with the interface
    layout.addItem(counted, 0, 2)
    return rects


def _columns(figure: Figure, layout: Any, box: Any, rtl: bool) -> list[QRectF]:
    totals = [0] * len(figure.starts)
    for mark in figure.marks:
        totals[mark.place] += mark.count
    ticks, top = scale(max(totals, default=1))
    now = theme.current()
    for chosen, color in ((ticks[1:], now.line), (ticks[:1], now.border)):
        ends = [end for _ in chosen for end in (0, len(totals))]
        heights = [tick for tick in chosen for _ in (0, 1)]
        box.addItem(pyqtgraph.PlotCurveItem(ends, heights, connect="pairs", antialias=False, pen=QPen(color, 0)))
    rects = _line(figure, box, totals, top) if figure.kind == "line" else _stacks(figure, box)
    box.setRange(xRange=(0, len(totals)), yRange=(0, top), padding=0)
    side = Scale("right" if rtl else "left", box, ticks, top, rtl=rtl)
    side.setWidth(max(fonts.text_width(fonts.ui(fonts.META, tabular=True), number(tick)) for tick in ticks) + 10)
    days = Days(box, figure.starts, figure.span, rtl=rtl)
    days.setHeight(DAYS_HEIGHT)
    layout.addItem(side, 0, 0)
    layout.addItem(days, 1, 1)
    return rects


def _stacks(figure: Figure, box: Any) -> list[QRectF]:
    tops: dict[int, int] = {}
    rects = []
    for mark in figure.marks:
        ground = tops.get(mark.place, 0)
        tops[mark.place] = ground + mark.count
        rects.append(QRectF(mark.place + 0.14, ground, 0.72, mark.count))
    for at in range(len(figure.series)):
        tone = Tone("series", number=at)
        mine = [rect for rect, mark in zip(rects, figure.marks, strict=True) if mark.tone == tone]
        if mine:
            box.addItem(
                pyqtgraph.BarGraphItem(
                    x0=[rect.left() for rect in mine],
                    x1=[rect.right() for rect in mine],
                    y0=[rect.top() for rect in mine],
                    y1=[rect.bottom() for rect in mine],
                    brush=colors.color(tone),
                    pen=colors.edge(),
                )
            )
    return rects


def _line(figure: Figure, box: Any, totals: list[int], top: float) -> list[QRectF]:
    color = colors.color(figure.tone)
    places = [at + 0.5 for at in range(len(totals))]
    curve = pyqtgraph.PlotCurveItem(places, totals, antialias=True, pen=pyqtgraph.mkPen(color, width=1.6))
    box.addItem(curve)
    points = pyqtgraph.ScatterPlotItem(
        [mark.place + 0.5 for mark in figure.marks],
        [mark.count for mark in figure.marks],
        size=7 if len(totals) < 90 else 4,
        pen=pyqtgraph.mkPen(theme.current().paper, width=1),
        brush=color,
    )
    box.addItem(points)
    return [QRectF(mark.place, 0, 1, top) for mark in figure.marks]


def scale(most: int) -> tuple[list[int], float]:
    """Round numbers from 0 to at least `most`, at most five, and where the plot ends above them."""
    rough = max(1, most) / 4
    ten = 10 ** floor(log10(rough)) if rough >= 1 else 1
    step = next(ten * factor for factor in (1, 2, 5, 10) if ten * factor >= rough)
    ticks = list(range(0, step * ceil(max(1, most) / step) + 1, step))
    return ticks, ticks[-1] * 1.04
