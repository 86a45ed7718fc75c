"""A short message that floats over a window's lower edge and leaves by itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from annotator.ui import fonts, theme
from annotator.ui.widgets.labels import PlainLabel


class Toast(QWidget):
    """A hint bubble over its parent. It takes no focus and lets clicks through."""

    def __init__(self, parent: QWidget, *, bottom: int = 40) -> None:
        super().__init__(parent)
        self._over = parent
        self._bottom = bottom
        self._label = PlainLabel("", self, role="on_accent", font=fonts.ui())
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 8)
        row.addWidget(self._label)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        parent.installEventFilter(self)
        self.hide()

    def show_message(self, text: str, milliseconds: int = 3500) -> None:
        """Show a message for a while."""
        self._label.setText(text)
        self.setAccessibleName(text)
        self._move()
        self.show()
        self.raise_()
        self._timer.start(milliseconds)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def text(self) -> str:
        """The message."""
        return self._label.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place when the parent changes its size."""
        if watched is self._over and event.type() == QEvent.Type.Resize and self.isVisible():
            self._move()
        return False

    def _move(self) -> None:
        self.adjustSize()
        parent = self._over
        self.move(QPoint((parent.width() - self.width()) // 2, parent.height() - self.height() - self._bottom))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bubble."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), 8.0, 8.0)
        painter.fillPath(path, theme.current().accent)
        painter.end()
