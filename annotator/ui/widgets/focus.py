"""The focus ring: 2 px wide, 1 px outside the control, shown when something other than the mouse brought the focus."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFocusFrame,
    QLineEdit,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QWidget,
)
from shiboken6 import isValid

from annotator.ui import theme

RADIUS_PROPERTY = "focusRadius"
_RINGED = (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox)
_OUTSIDE = 3  # 1 px of air and 2 px of ring


def paint_focus(painter: QPainter, rect: QRectF, radius: float = 6.0) -> None:
    """Paint a focus ring just inside `rect`; for delegates and for widgets without room around them."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.current().focus, 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()


class _RingStyle(QProxyStyle):
    """Tells the frame how far outside it reaches, and that it lies above everything."""

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        """The reach of the ring."""
        if metric in (QStyle.PixelMetric.PM_FocusFrameHMargin, QStyle.PixelMetric.PM_FocusFrameVMargin):
            return _OUTSIDE
        return super().pixelMetric(metric, option, widget)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,
    ) -> int:
        """Above the widget, and without a mask that would cut the round corners."""
        if hint == QStyle.StyleHint.SH_FocusFrame_AboveWidget:
            return 1
        if hint == QStyle.StyleHint.SH_FocusFrame_Mask:
            return 0
        return super().styleHint(hint, option, widget, returnData)


class _Ring(QFocusFrame):
    """One ring that follows the focus, drawn outside the widget's own rectangle."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        ring_style = _RingStyle("Fusion")
        ring_style.setParent(QApplication.instance())  # it must outlive the ring, also at exit
        self.setStyle(ring_style)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ring around the widget."""
        widget = cast("QWidget | None", self.widget())
        if widget is None:
            return
        radius = widget.property(RADIUS_PROPERTY)
        painter = QPainter(self)
        paint_focus(painter, QRectF(self.rect()), float(radius if radius is not None else 6.0) + 2.0)
        painter.end()


class _Watch:
    ring: _Ring | None = None
    installed = False


def install_focus_ring(app: QApplication) -> None:
    """Show the ring in the whole application. Called when the first screen is painted: until then there is no keyboard."""
    if not _Watch.installed:
        _Watch.installed = True
        app.focusChanged.connect(_focus_changed)
        _focus_changed(None, app.focusWidget())


def _focus_changed(_old: QWidget | None, new: QWidget | None) -> None:
    by_mouse = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
    ring = _Watch.ring if _Watch.ring is not None and isValid(_Watch.ring) else None  # it goes with its window
    if not isinstance(new, _RINGED) or by_mouse:
        if ring is not None:
            ring.setWidget(None)  # type: ignore[arg-type]
        return
    if ring is None:
        ring = _Watch.ring = _Ring(new)
    ring.setWidget(new)
