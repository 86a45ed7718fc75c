"""Buttons: primary and secondary by a property, and small flat buttons with a line icon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton, QWidget

from annotator.ui import fonts, icons

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QEnterEvent, QKeyEvent, QPaintEvent


def set_role(widget: QWidget, role: str) -> None:
    """Make a button "primary", "secondary" or "flat"; the style sheet does the rest."""
    widget.setProperty("role", role)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


def button(
    text: str, parent: QWidget | None = None, *, role: str = "secondary", icon: str = "", default: bool = False
) -> QPushButton:
    """A push button in a role, with a line icon if named."""
    result = QPushButton(text, parent)
    result.setFont(fonts.ui(fonts.CONTROL, fonts.MEDIUM))
    result.setProperty("role", role)
    result.setProperty("focusRadius", 7.0)
    if icon:
        result.setIcon(icons.icon(icon, "on_accent" if role == "primary" else "ink"))
        result.setIconSize(QSize(22, 16))  # air between icon and text
    result.setAutoDefault(False)
    result.setDefault(default)
    return result


class KeyButton(QAbstractButton):
    """A button that paints itself, and the key that does the same. Enter presses it too."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.key = ""

    def set_key(self, text: str) -> None:
        """Show this key at the end."""
        self.key = text
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the hover."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Take the hover away."""
        super().leaveEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it."""
        from PySide6.QtCore import Qt

        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class IconButton(QToolButton):
    """A flat square button with a line icon. Its name is tool tip and accessible name. Tab reaches it."""

    def __init__(
        self,
        icon: str,
        name: str,
        parent: QWidget | None = None,
        *,
        color: str = "text2",
        size: int = 26,
        checkable: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setIconName(icon, color)
        self.setIconSize(QSize(16, 16))
        self.setFixedSize(size, size)
        self.setAutoRaise(True)
        self.setCheckable(checkable)
        self.setName(name)

    def setIconName(self, icon: str, color: str = "text2") -> None:
        """Show another icon."""
        icons.paths(icon)  # an unknown name fails here, not while painting
        self._shown = (icon, color)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button as the style does, and the icon in its middle."""
        super().paintEvent(event)
        icon, color = self._shown
        box = QRectF(0, 0, self.iconSize().width(), self.iconSize().height())
        box.moveCenter(QRectF(self.rect()).center())
        painter = QPainter(self)
        icons.paint(painter, icon, box, icons.tint(color, self.isEnabled()), mirrored=self.isRightToLeft())
        painter.end()

    def setName(self, name: str) -> None:
        """What the button does, for people who point and for those who listen."""
        self.setToolTip(name)
        self.setAccessibleName(name)
