"""The ground of a row in a list."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle

from annotator.ui import theme
from annotator.ui.widgets.focus import paint_focus


def paint_row(
    painter: QPainter,
    rect: QRectF,
    state: QStyle.StateFlag,
    *,
    selected: bool | None = None,
    radius: float = 6.0,
    ring: bool = False,
) -> None:
    """Paint the ground of a chosen or hovered row; with `ring` the focus too. `selected` where the state does not tell."""
    if selected is None:
        selected = bool(state & QStyle.StateFlag.State_Selected)
    if selected or state & QStyle.StateFlag.State_MouseOver:
        now = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.rowsel if selected else now.hover)
        painter.drawRoundedRect(rect, radius, radius)
    if ring and state & QStyle.StateFlag.State_HasFocus:
        paint_focus(painter, rect, radius)
