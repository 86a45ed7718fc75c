"""What the painted lists of the registry share: their manners, and keys that ask the page for something."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView


class ActingList(QListView):
    """Keys act on what is chosen: whoever shows the list says what they do. Esc is not for the list."""

    wanted = Signal(str)
    """What a key asks for: see `keys`."""
    menu_wanted = Signal(QPoint)

    def __init__(self, model: QAbstractItemModel, name: str) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName(name)
        self.setProperty("role", "plain")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.keys: dict[Qt.Key, str] = {}
        """What a key, alone, asks for."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that ask for something, then those of a list."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        asked = self.keys.get(Qt.Key(event.key()), "") if plain else ""
        if asked:
            self.wanted.emit(asked)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of the page, at the pointer or at the row."""
        at = event.pos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = self.visualRect(self.currentIndex()).center()
        self.menu_wanted.emit(self.viewport().mapToGlobal(at))
