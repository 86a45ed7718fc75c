"""A card over the window that dims what is behind it. A child of the window, so that it opens at once and needs no
window manager; Escape or a click beside it closes it and gives the focus back to where it was.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from annotator.ui import theme
from annotator.ui.widgets import Card


class Overlay(QWidget):
    """Covers its window; subclasses fill `column`."""

    closed = Signal()

    def __init__(self, window: QWidget, *, width: int, height: int, top: float = 0.5) -> None:
        super().__init__(window)
        self._over = window
        self._wanted = QSize(width, height)
        self._top = top
        self._before: QWidget | None = None
        self.card = Card(self)
        self.column = QVBoxLayout(self.card)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.hide()
        window.installEventFilter(self)
        theme.notifier.changed.connect(self.update)

    def open(self) -> None:
        """Show it over the whole window."""
        for other in self._over.findChildren(Overlay, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if other is not self and other.isVisible():
                other.close_overlay()
        self._before = QApplication.focusWidget()
        self._place()
        self.show()
        self.raise_()
        self.first_focus().setFocus(Qt.FocusReason.PopupFocusReason)

    def first_focus(self) -> QWidget:
        """Who gets the keys first."""
        return self.card

    def close_overlay(self) -> None:
        """Hide it, give the focus back, and go."""
        if self.isHidden():
            return
        before, self._before = self._before, None
        self.hide()
        try:
            if before is not None and before.isVisible() and before.window() is self.window():
                before.setFocus(Qt.FocusReason.PopupFocusReason)
        except RuntimeError:
            pass  # what had the focus is gone
        self.closed.emit()
        self.deleteLater()

    def event(self, event: QEvent) -> bool:
        """No key of the window works underneath: what nobody inside wants ends here."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the window."""
        if watched is self.parent() and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        area = self._over.rect()
        self.setGeometry(area)
        width = min(self._wanted.width(), area.width() - 48)
        height = min(self._wanted.height(), area.height() - 64)
        top = round((area.height() - height) * self._top)
        self.card.setGeometry(QRect((area.width() - width) // 2, top, width, height))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep Tab inside."""
        inside = [
            w for w in self.card.findChildren(QWidget) if w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        if not inside:
            return True
        focus = QApplication.focusWidget()
        order = _in_tab_order(inside)
        place = order.index(focus) if focus in order else -1
        target = order[(place + (1 if forward else -1)) % len(order)]
        target.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes; no other key reaches what is behind."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_overlay()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the card closes."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_overlay()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim what is behind."""
        painter = QPainter(self)
        shade = QColor(0, 0, 0, 140) if theme.current().dark else QColor(29, 33, 38, 70)
        painter.fillRect(self.rect(), shade)
        painter.end()


def _in_tab_order(widgets: list[QWidget]) -> list[QWidget]:
    """The widgets in the order of Qt's focus chain."""
    wanted, order = set(widgets), []
    current = first = widgets[0]
    while True:
        if current in wanted:
            order.append(current)
        following = current.nextInFocusChain()
        if following is None or following is first:
            return order
        current = following
