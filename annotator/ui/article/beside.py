"""Finds room for a small panel beside a stretch of text, so that it hides nothing of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize

_GAP = 6


def place_beside(size: QSize, area: QRect, boxes: Sequence[QRectF], near: QPoint, rtl: bool = False) -> QPoint | None:
    """Where a panel of this size goes in an area: below the boxes, else above them; None where neither has room."""
    left = near.x() - size.width() + 24 if rtl else near.x() - 24
    left = max(area.left() + 4, min(left, area.right() - size.width() - 4))
    top = min((box.top() for box in boxes), default=float(near.y()))
    bottom = max((box.bottom() for box in boxes), default=float(near.y()))
    below, above = round(bottom) + _GAP, round(top) - _GAP - size.height()
    if below + size.height() <= area.bottom():
        return QPoint(left, below)
    return QPoint(left, above) if above >= area.top() else None
