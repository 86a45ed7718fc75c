"""A line to search with: a magnifier, what was typed, and the key that leads here."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from annotator.ui import fonts, icons
from annotator.ui.widgets import IconButton, KeyCap


class SearchField(QLineEdit):
    """Down and Enter go on, Escape clears and then leaves."""

    down = Signal()
    entered = Signal()
    left = Signal()
    _made = False

    def __init__(self, placeholder: str, parent: QWidget | None = None, *, key: str = "") -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self.setFont(fonts.ui(fonts.HEAD))
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setProperty("role", "search")
        self.setProperty("focusRadius", 7.0)
        self.addAction(icons.icon("search", "text2"), QLineEdit.ActionPosition.LeadingPosition)
        self._key = KeyCap(key, self)
        self._clear = IconButton("close", self.tr("Clear"), self, size=20)
        self._clear.setIconSize(QSize(12, 12))
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear.clicked.connect(self.clear)
        self._made = True
        self.textChanged.connect(self._show_end)
        self._show_end()

    def set_key(self, text: str) -> None:
        """Show this key at the end."""
        self._key.setText(text)
        self._show_end()

    def _show_end(self) -> None:
        self._clear.setVisible(bool(self.text()))
        self._key.setVisible(bool(self._key.text()) and not self.text())
        self._key.adjustSize()
        end = 26 if self.text() else (self._key.width() + 8 if self._key.text() else 4)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.setTextMargins(end if rtl else 0, 0, 0 if rtl else end, 0)
        self._place()

    def _place(self) -> None:
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        for widget, gap in ((self._key, 7), (self._clear, 5)):
            at = gap if rtl else self.width() - gap - widget.width()
            widget.move(at, (self.height() - widget.height()) // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep key and clear button at the end."""
        super().resizeEvent(event)
        self._show_end()

    def changeEvent(self, event: QEvent) -> None:
        """The end is elsewhere once the window runs the other way."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange and self._made:
            self._show_end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand the keys on that are not for the text."""
        match event.key():
            case Qt.Key.Key_Down:
                self.down.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.entered.emit()
            case Qt.Key.Key_Escape if self.text():
                self.clear()
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                super().keyPressEvent(event)
