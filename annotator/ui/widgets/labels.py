"""Labels: plain text in a token's colour, text that elides, the head of a section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from annotator.ui import fonts, theme

if TYPE_CHECKING:
    from PySide6.QtCore import Qt


class PlainLabel(QLabel):
    """A label that never reads its text as markup, in the colour of a token.

    One line stands at the start side of the interface whatever it says; wrapped text stands as it runs itself.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        role: str = "ink",
        font: QFont | None = None,
        wrap: bool = False,
    ) -> None:
        super().__init__(parent)
        self._role, self._placed = role, False
        self.setFont(font or fonts.ui())
        self.setWordWrap(wrap)
        if wrap:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        else:
            self._align()
        self.setText(text)
        self._recolor()
        theme.notifier.changed.connect(self._recolor)

    def setText(self, text: str) -> None:
        """Show another text, as it is."""
        if "<" in text or "&" in text:  # Qt takes no other for markup, and the first screen does without Qt.TextFormat
            from PySide6.QtCore import Qt

            self.setTextFormat(Qt.TextFormat.PlainText)
        super().setText(text)

    def setRole(self, role: str) -> None:
        """Take another token's colour."""
        self._role = role
        self._recolor()

    def changeEvent(self, event: QEvent) -> None:
        """Mirror with the interface."""
        if event.type() == QEvent.Type.LayoutDirectionChange and not self.wordWrap():
            self._align()
        super().changeEvent(event)

    def _align(self) -> None:
        rtl = self.isRightToLeft()
        if not rtl and not self._placed:
            return  # labels stand so by themselves
        from PySide6.QtCore import Qt

        self._placed = True
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        self.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)

    def _recolor(self) -> None:
        palette = QPalette()
        palette.setColor(QPalette.ColorGroup.All, QPalette.ColorRole.WindowText, theme.current().color(self._role))
        self.setPalette(palette)


class ElidedLabel(QWidget):
    """One line of text that ends in an ellipsis where the room ends; the whole text is its tool tip."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        role: str = "ink",
        font: QFont | None = None,
        mode: Qt.TextElideMode | None = None,
    ) -> None:
        super().__init__(parent)
        self._text, self._role, self._mode = "", role, mode
        self.setFont(font or fonts.ui())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def text(self) -> str:
        """The whole text."""
        return self._text

    def setText(self, text: str) -> None:
        """Show another text; line breaks are shown as spaces."""
        self._text = " ".join(text.split())
        self.setAccessibleName(self._text)
        self.updateGeometry()
        self.update()

    def setRole(self, role: str) -> None:
        """Take another token's colour."""
        self._role = role
        self.update()

    def elided(self) -> str:
        """What is shown at this width."""
        from PySide6.QtCore import Qt

        mode = Qt.TextElideMode.ElideRight if self._mode is None else self._mode
        return QFontMetricsF(self.font()).elidedText(self._text, mode, self.width())

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        metrics = QFontMetricsF(self.font())
        return QSize(int(metrics.horizontalAdvance(self._text)) + 2, int(metrics.height() + 1))

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters."""
        return QSize(min(self.sizeHint().width(), 24), self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Give the whole text as tool tip only where it is cut."""
        if event.type() == QEvent.Type.ToolTip:
            self.setToolTip(self._text if self.elided() != self._text else "")
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what fits."""
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(theme.current().color(self._role))
        fonts.draw(painter, QRectF(self.rect()), self.elided())
        painter.end()


class SectionHead(QWidget):
    """The head of a section: its title at the start, small tools at the end."""

    def __init__(self, title: str = "", parent: QWidget | None = None, *, height: int = 34) -> None:
        super().__init__(parent)
        self.title = ElidedLabel(title, self, font=fonts.ui(fonts.HEAD, fonts.SEMIBOLD))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 10, 0)
        self._row.setSpacing(4)
        self._row.addWidget(self.title, 1)
        self.setFixedHeight(height)
        self.setAccessibleName(title)

    def setTitle(self, title: str) -> None:
        """Show another title."""
        self.title.setText(title)
        self.setAccessibleName(title)

    def add(self, widget: QWidget) -> None:
        """Put a tool at the end."""
        from PySide6.QtCore import Qt

        self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
