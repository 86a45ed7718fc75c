"""A strip over the project that says why nothing can be changed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from annotator.ui import fonts, icons, theme
from annotator.ui.widgets import ElidedLabel, button


class ReadOnlyBanner(QWidget):
    """Shows who has the project, with a way to write in it after all; hidden where it may be written."""

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(34)
        self._mark = QLabel()
        self._mark.setFixedSize(16, 16)
        self.text = ElidedLabel("", font=fonts.ui(fonts.CONTROL))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(self._mark)
        row.addWidget(self.text, 1)
        self.button = button("")
        self.button.setFixedHeight(24)
        self.button.clicked.connect(self.asked)
        row.addWidget(self.button)
        theme.notifier.changed.connect(self._retheme)
        self._retheme()
        self.hide()

    def show_reason(self, reason: str, can_be_taken_over: bool = False) -> None:
        """Say why the project is open for reading only; "" hides the strip."""
        self.text.setText(reason)
        self.button.setText(self.tr("Take over…") if can_be_taken_over else self.tr("Try again"))
        self.setAccessibleName(reason)
        self.setVisible(bool(reason))

    def _retheme(self) -> None:
        self._mark.setPixmap(icons.pixmap("lock", 16, "ink"))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, told apart from both the paper and the panels, and a hairline."""
        painter = QPainter(self)
        colours = theme.current()
        painter.fillRect(self.rect(), colours.rowsel)
        painter.setPen(colours.border)
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()
