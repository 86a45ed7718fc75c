"""A thin line that fills."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.ui import theme


class ProgressLine(QWidget):
    """A share between 0 and 1 as a line 3 px high. Name what it measures with `setAccessibleName`."""

    def __init__(self, parent: QWidget | None = None, *, value: float = 0.0) -> None:
        super().__init__(parent)
        self._value = value
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setValue(value)

    def value(self) -> float:
        """The share shown."""
        return self._value

    def setValue(self, value: float) -> None:
        """Show this share."""
        self._value = min(1.0, max(0.0, value))
        self.setAccessibleDescription(f"{round(self._value * 100)}%")
        self.update()

    def sizeHint(self) -> QSize:
        """3 px high."""
        return QSize(80, 3)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint track and share."""
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        full = QRectF(self.rect())
        self._bar(painter, full, full, now.line)
        part = QRectF(full)
        part.setWidth(full.width() * self._value)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            part.moveRight(full.right())
        if self._value > 0:
            self._bar(painter, full, part, theme.mix(now.window, now.accent, 0.75))
        painter.end()

    @staticmethod
    def _bar(painter: QPainter, full: QRectF, part: QRectF, color: QColor) -> None:
        path = QPainterPath()
        path.addRoundedRect(full, full.height() / 2, full.height() / 2)
        painter.setClipRect(part)
        painter.fillPath(path, color)
        painter.setClipping(False)
