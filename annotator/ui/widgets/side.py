"""What stands beside the article or a page: the ground of the panels, with a hairline at the side of what it belongs to."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from annotator.ui import theme


class Side(QWidget):
    """A column at the end of the window; give it any layout."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and hairline."""
        painter = QPainter(self)
        now = theme.current()
        painter.fillRect(self.rect(), now.window)
        painter.fillRect(self.width() - 1 if self.isRightToLeft() else 0, 0, 1, self.height(), now.line)
        painter.end()
