"""A rounded frame of paper, and the hairline that divides it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from annotator.ui import theme


class Card(QFrame):
    """A frame in the colour of paper with a hairline edge and round corners; give it any layout."""

    def __init__(self, parent: QWidget | None = None, *, radius: float = 9.0) -> None:
        super().__init__(parent)
        self._radius = radius
        self.setFrameShape(QFrame.Shape.NoFrame)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground and edge."""
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), self._radius, self._radius)
        painter.fillPath(path, now.paper)
        painter.strokePath(path, QPen(now.line, 1.0))
        painter.end()


class Hairline(QWidget):
    """A line one pixel thick in the hairline colour."""

    def __init__(self, parent: QWidget | None = None, *, vertical: bool = False) -> None:
        super().__init__(parent)
        self._vertical = vertical
        fixed, grow = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding
        self.setSizePolicy(fixed if vertical else grow, grow if vertical else fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        """One pixel thick."""
        return QSize(1, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().line)
        painter.end()
