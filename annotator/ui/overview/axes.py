"""The axes of the charts: pyqtgraph's, with labels drawn as the rest of the window draws text.

So names are shaped and ordered as their script wants, cut with an ellipsis, and mirrored. Import after `library.load`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import Any

import pyqtgraph
from PySide6.QtCore import QDate, QLocale, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from annotator.ui import fonts, theme
from annotator.ui.overview.figures import number

START = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
END = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter


class Label:
    """One label: its text, where it stands along the axis (in the view's units), and how it looks."""

    def __init__(
        self, text: str, start: float, stop: float, *, role: str = "ink", strong: bool = False, inset: float = 0
    ):
        self.text, self.start, self.stop = text, start, stop
        self.role, self.strong, self.inset = role, strong, inset

    @property
    def font(self) -> QFont:
        """The font it is drawn in."""
        return fonts.ui(fonts.META, fonts.SEMIBOLD if self.strong else fonts.REGULAR, tabular=True)


class _Axis(pyqtgraph.AxisItem):  # type: ignore[misc]
    """An axis that only has labels."""

    def __init__(self, side: str, view: Any, *, rtl: bool) -> None:
        super().__init__(side)
        self.rtl = rtl
        self.linkToView(view)

    def paint(self, painter: QPainter, _option: object, _widget: object) -> None:
        """The labels."""
        painter.save()
        painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if self.rtl else Qt.LayoutDirection.LeftToRight)
        self.paint_labels(painter, QRectF(QPointF(), self.size()))
        painter.restore()

    def paint_labels(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the labels into the axis's room."""

    def generateDrawSpecs(self, _painter: object) -> None:
        """There is nothing of the library's own to draw."""
        return None

    def draw(self, painter: QPainter, box: QRectF, label: Label, align: Qt.AlignmentFlag) -> None:
        """One label, cut where its room ends."""
        painter.setFont(label.font)
        painter.setPen(theme.current().color(label.role))
        text = QFontMetricsF(label.font).elidedText(label.text, Qt.TextElideMode.ElideRight, box.width())
        fonts.draw(painter, box, text, align)


class RowLabels(_Axis):
    """Labels beside rows; the view counts in pixels from the top."""

    def __init__(self, side: str, view: Any, labels: Sequence[Label], align: Qt.AlignmentFlag, *, rtl: bool) -> None:
        super().__init__(side, view, rtl=rtl)
        self._labels, self._align = labels, align

    def paint_labels(self, painter: QPainter, rect: QRectF) -> None:
        """Each at its row."""
        for label in self._labels:
            box = QRectF(rect.left(), rect.top() + label.start, rect.width(), label.stop - label.start)
            box.adjust(0 if self.rtl else label.inset, 0, -label.inset if self.rtl else 0, 0)
            self.draw(painter, box, label, self._align)


class Scale(_Axis):
    """The counts beside columns."""

    def __init__(self, side: str, view: Any, ticks: Sequence[int], top: float, *, rtl: bool) -> None:
        super().__init__(side, view, rtl=rtl)
        self._ticks, self._top = ticks, top

    def paint_labels(self, painter: QPainter, rect: QRectF) -> None:
        """Each at its line, at the side of the columns."""
        room = self.linkedView().boundingRect().height()
        for tick in self._ticks:
            y = rect.top() + room * (1 - tick / self._top)
            box = QRectF(rect.left(), y - 8, rect.width() - 8, 16)
            if self.rtl:
                box.translate(8, 0)
            self.draw(painter, box, Label(number(tick), 0, 0, role="text3"), END)


class Days(_Axis):
    """The days, weeks, months or years under columns; as many as have room."""

    def __init__(self, view: Any, starts: Sequence[date], span: str, *, rtl: bool) -> None:
        super().__init__("bottom", view, rtl=rtl)
        self._starts, self._span = starts, span

    def paint_labels(self, painter: QPainter, rect: QRectF) -> None:
        """Every so many, none cut at the ends."""
        texts = [self._text(at) for at in range(len(self._starts))]
        widest = max(QFontMetricsF(fonts.ui(fonts.META, tabular=True)).horizontalAdvance(text) for text in texts)
        slot = rect.width() / len(texts)
        every = max(1, ceil((widest + 16) / slot))
        slack = 6
        for at in range(0, len(texts), every):
            centre = rect.left() + ((len(texts) - at if self.rtl else at) + (-0.5 if self.rtl else 0.5)) * slot
            box = QRectF(centre - widest / 2 - 2, rect.top() + 4, widest + 4, 16)
            if len(texts) > every and (box.left() < rect.left() - slack or box.right() > rect.right() + slack):
                continue  # it would be cut
            self.draw(painter, box, Label(texts[at], 0, 0, role="text3"), CENTRE)

    def _text(self, at: int) -> str:
        day = self._starts[at]
        if self._span == "year":
            return str(day.year)
        when = QDate(day.year, day.month, day.day)
        years = self._starts[0].year != self._starts[-1].year
        form = ("MMM yy" if years else "MMM") if self._span == "month" else ("d MMM yy" if years else "d MMM")
        return QLocale().toString(when, form)
