"""What the parts of a stack are, each with its shade."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from annotator.ui import fonts, theme
from annotator.ui.overview import colors
from annotator.ui.overview.figures import Tone

ROW, _BOX, _GAP, _BETWEEN = 18, 10, 6, 14


def places(series: Sequence[str], width: float) -> list[QRectF]:
    """Where each name stands, in as many lines as it takes, from the start side."""
    found, x, y = [], 0.0, 0.0
    for name in series:
        wide = min(width, _BOX + _GAP + fonts.text_width(fonts.ui(fonts.META), name) + 2)
        if x and x + wide > width:
            x, y = 0.0, y + ROW
        found.append(QRectF(x, y, wide, ROW))
        x += wide + _BETWEEN
    return found


def height(series: Sequence[str], width: float) -> int:
    """How high the legend is at a width."""
    found = places(series, width)
    return int(found[-1].bottom()) if found else 0


def paint(painter: QPainter, series: Sequence[str], area: QRectF, *, rtl: bool) -> None:
    """Draw it."""
    painter.save()
    painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    painter.setFont(fonts.ui(fonts.META))
    for at, (name, place) in enumerate(zip(series, places(series, area.width()), strict=True)):
        x = area.right() - place.right() if rtl else area.left() + place.left()
        rect = QRectF(x, area.top() + place.top(), place.width(), ROW)
        box = QRectF(rect.right() - _BOX if rtl else rect.left(), rect.center().y() - _BOX / 2, _BOX, _BOX)
        tone = Tone("series", number=at)
        painter.setPen(colors.edge())
        painter.setBrush(colors.color(tone))
        painter.drawRect(box)
        painter.setPen(theme.current().text2)
        text = rect.adjusted(0, 0, -_BOX - _GAP, 0) if rtl else rect.adjusted(_BOX + _GAP, 0, 0, 0)
        fonts.draw(painter, text, name)
    painter.restore()


class Legend(QWidget):
    """The legend of one chart."""

    def __init__(self, series: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.series = tuple(series)

    def paintEvent(self, event: QPaintEvent) -> None:
        """All names."""
        painter = QPainter(self)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        paint(painter, self.series, QRectF(self.rect()), rtl=rtl)
        painter.end()
