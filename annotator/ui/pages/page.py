"""What all pages share: a head line with the page's name and a way out, and a body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from annotator.ui import fonts, theme
from annotator.ui.panel.parts import focus_into, in_order
from annotator.ui.widgets import IconButton, PlainLabel

if TYPE_CHECKING:
    from annotator.ui.workspace import Workspace

HEAD = 46


class Page(QWidget):
    """A page over the whole width that the article and its annotations have.

    Put widgets into `body`, and what belongs beside the name into `head`. It lives until the project closes, so it is
    found as it was left. It may jump with the signals; the stack of pages sees to the rest.
    """

    left = Signal()
    """Back to the article."""
    document_wanted = Signal(str)
    place_wanted = Signal(str, int, int)
    """A document, and a stretch of it to select (code points)."""
    annotation_wanted = Signal(str)
    page_wanted = Signal(str, object)
    """Another page by its id, and what it should show; None for nothing in particular."""

    def __init__(self, workspace: Workspace, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.setAccessibleName(title)
        self._title = PlainLabel(title, font=fonts.ui(16, fonts.SEMIBOLD))
        self._title.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.close_button = IconButton("close", self.tr("Back to the article (Esc)"))
        self.close_button.clicked.connect(self.left)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        line = QWidget()
        line.setFixedHeight(HEAD)
        row = QHBoxLayout(line)
        row.setContentsMargins(20, 0, 10, 1)
        row.setSpacing(16)
        row.addWidget(self._title)
        row.addLayout(self.head, 1)
        row.addWidget(self.close_button)
        self._inside = QWidget()
        self.body = QVBoxLayout(self._inside)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(line)
        column.addWidget(self._inside, 1)
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.narrow)

    @property
    def title(self) -> str:
        """The name of the page, as it stands in its head."""
        return self._title.text()

    # What pages override

    def open(self) -> None:
        """Called each time the page comes into sight: load what is not loaded, catch up with what changed meanwhile."""

    def show_thing(self, thing: object) -> None:
        """Show what another part of the window asked for, after `open`."""

    def narrow(self) -> None:
        """Ctrl+F: give the keys to the field that narrows what is shown."""

    def flush(self) -> None:
        """Save what is half typed: the page goes out of sight, or the project closes."""

    def drop(self) -> None:
        """The project closes: stop what runs for this page."""

    def focus_first(self) -> None:
        """Where the keys go when the page is opened for the first time."""
        if not focus_into(self._inside):
            self.close_button.setFocus()

    # The page itself

    def showEvent(self, event: QShowEvent) -> None:
        """Tab comes upon the way out last, after what the page is for."""
        super().showEvent(event)
        others = [widget for widget in in_order(self) if widget is not self.close_button]
        if others:
            QWidget.setTabOrder(others[-1], self.close_button)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc, where nothing inside wanted it, goes back to the article."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of the panels, with a hairline under the head."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().window)
        painter.fillRect(0, HEAD - 1, self.width(), 1, theme.current().line)
        painter.end()
