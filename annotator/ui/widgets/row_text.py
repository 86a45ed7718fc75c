"""Text in a painted row, placed from the side where the interface begins."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter


def write(
    painter: QPainter,
    row: QRectF,
    text: str,
    font: QFont,
    color: QColor,
    start: float,
    end: float,
    rtl: bool,
    *,
    at_end: bool = False,
) -> float:
    """Write from `start`, or up to `end`, both counted from the side where the interface begins; how wide it is."""
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, end - start))
    width = metrics.horizontalAdvance(shown)
    left = end - width if at_end else start
    x = row.right() - left - width if rtl else row.left() + left
    painter.setFont(font)
    painter.setPen(color)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip
    painter.drawText(QRectF(x, row.top(), width, row.height()), int(flags), shown)
    return width
