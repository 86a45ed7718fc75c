"""A small way to paint without a name out of `Qt`.

The first use of any such name builds all of Qt's 93 enums, a tenth of the time until the window is there; and every
`setPen` and `setBrush` asks whether it was given one. So the first screen is painted with these, and nothing that is
imported or run before it is on the screen imports `Qt`, unless the interface is mirrored. Elsewhere use what you like.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QByteArray, QDataStream, QPointF, QRectF
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPainterPath, QPen, QTextCharFormat, QTextLayout, QTextLine

START, CENTRE, END = 0.0, 0.5, 1.0


def pen(color: QColor, width: float = 1.0, dashes: Sequence[float] = ()) -> QPen:
    """A pen for straight lines and boxes."""
    made = QPen()
    made.setColor(color)
    made.setWidthF(width)
    if dashes:
        made.setDashPattern(dashes)
    return made


def round_pen(color: QColor, width: float) -> QPen:
    """A pen whose lines end and meet round. Several get the same one."""
    return _round_pen(color.rgba(), width)


@lru_cache(maxsize=64)
def _round_pen(rgba: int, width: float) -> QPen:
    # As Qt 1 wrote it, which every Qt reads: solid with round caps and joins, 1 wide, black.
    made, stream = QPen(), QDataStream(QByteArray(b"\xa1\x01\0\0\0\0"))
    stream.setVersion(QDataStream.Version.Qt_1_0)
    stream >> made
    made.setColor(QColor.fromRgba(rgba))
    made.setWidthF(width)
    return made


def brush(color: QColor) -> QBrush:
    """A brush of one colour."""
    return pen(color).brush()


def fill(painter: QPainter, box: QRectF, color: QColor, radius: float = 0.0) -> None:
    """Fill a box, perhaps with round corners."""
    painter.fillPath(_path(box, radius), brush(color))


def frame(painter: QPainter, box: QRectF, line: QPen, radius: float = 0.0) -> None:
    """Draw a line around a box."""
    painter.strokePath(_path(box, radius), line)


def line(painter: QPainter, start: QPointF, end: QPointF, stroke: QPen) -> None:
    """Draw a line."""
    path = QPainterPath(start)
    path.lineTo(end)
    painter.strokePath(path, stroke)


def _path(box: QRectF, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(box, radius, radius)
    return path


def words(painter: QPainter, box: QRectF, text: str, font: QFont, color: QColor, place: float = START) -> None:
    """Write a line into a box, half-way down: at its START, CENTRE or END as one reads from left to right.

    Words of any language keep their own order, also in a mirrored interface.
    """
    laid, only = _laid_out(text, font, color)
    left = box.left() + (box.width() - only.horizontalAdvance()) * place
    laid.draw(painter, QPointF(left, box.top() + (box.height() - only.ascent() - only.descent()) / 2))


def words_at(painter: QPainter, at: QPointF, text: str, font: QFont, color: QColor) -> None:
    """Write a line from a point on its base line."""
    laid, only = _laid_out(text, font, color)
    laid.draw(painter, QPointF(at.x(), at.y() - only.ascent()))


def _laid_out(text: str, font: QFont, color: QColor) -> tuple[QTextLayout, QTextLine]:
    looks = QTextCharFormat()
    looks.setForeground(brush(color))
    stretch = QTextLayout.FormatRange()
    stretch.start, stretch.length, stretch.format = 0, 2 * len(text), looks
    laid = QTextLayout(text, font)
    laid.setFormats([stretch])
    laid.beginLayout()
    only = laid.createLine()
    laid.endLayout()
    return laid, only
