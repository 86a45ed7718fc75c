"""A hit with the words around it on one line, the match in the middle, so that lines can be compared."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from annotator.ui import fonts

SIZE = 14.0


def paint_kwic(
    painter: QPainter, room: QRectF, parts: tuple[str, str, str], surroundings: QColor, match: QColor
) -> None:
    """Paint what stands before, the match, and what stands after. The text's own direction decides the sides."""
    plain, strong = fonts.serif(SIZE), fonts.serif(SIZE, fonts.SEMIBOLD)
    metrics = QFontMetricsF(plain)
    before, words, after = (" ".join(f"|{part}|".split())[1:-1] for part in parts)
    rtl = runs_rtl("".join(parts))
    wide = min(QFontMetricsF(strong).horizontalAdvance(words), room.width() * 0.6)
    side = (room.width() - wide) / 2
    # Surroundings are cut on the side away from the match.
    first = metrics.elidedText(before, Qt.TextElideMode.ElideLeft, side - 4)
    second = metrics.elidedText(after, Qt.TextElideMode.ElideRight, side - 4)
    middle = QRectF(room.left() + side, room.top(), wide, room.height())
    left = QRectF(room.left(), room.top(), side - 3, room.height())
    right = QRectF(middle.right() + 3, room.top(), side - 3, room.height())
    painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    absolute = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
    single = int(Qt.TextFlag.TextSingleLine)
    painter.setFont(plain)
    painter.setPen(surroundings)
    painter.drawText(left, int(absolute | Qt.AlignmentFlag.AlignRight) | single, second if rtl else first)
    painter.drawText(right, int(absolute | Qt.AlignmentFlag.AlignLeft) | single, first if rtl else second)
    painter.setFont(strong)
    painter.setPen(match)
    text = QFontMetricsF(strong).elidedText(words, Qt.TextElideMode.ElideMiddle, wide + 1)
    painter.drawText(middle.adjusted(-1, 0, 1, 0), int(absolute | Qt.AlignmentFlag.AlignHCenter) | single, text)


def runs_rtl(text: str) -> bool:
    """Whether its first letter with a direction runs from right to left."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return False
