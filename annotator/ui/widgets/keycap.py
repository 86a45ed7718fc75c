"""A key drawn as a key."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.ui import fonts, painting, theme

HEIGHT = 19.0


def key_width(text: str, height: float = HEIGHT) -> float:
    """How wide the cap of this key is."""
    return max(height, fonts.text_width(fonts.key(), text) + 11.0)


def paint_key(
    painter: QPainter,
    rect: QRectF,
    text: str,
    *,
    color: QColor | None = None,
    filled: bool = False,
    radius: float = 4.5,
) -> None:
    """Paint a key cap. With a colour its edge and letter take it; `filled` is a key that is armed."""
    now = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = rect.adjusted(0.5, 0.5, -0.5, -0.5)
    if filled:
        painting.fill(painter, box, color or now.accent, radius)
        letter = now.on_accent
    else:
        painting.fill(painter, box, now.field, radius)
        painting.frame(painter, box, painting.pen(color or now.line, 1.2 if color else 1.0), radius)
        letter = color or now.text2
    font = fonts.key()
    if color is not None:
        font.setWeight(font.Weight(fonts.SEMIBOLD))
    painting.words(painter, rect, text, font, letter, painting.CENTRE)
    painter.restore()


class KeyCap(QWidget):
    """A label that shows a key. `color` is a token name, "#rrggbb" or a QColor; `filled` shows it armed."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        color: QColor | str | None = None,
        filled: bool = False,
    ) -> None:
        super().__init__(parent)
        self._text, self._color, self._filled = text, color, filled
        self.setFont(fonts.key())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def text(self) -> str:
        """The key's name."""
        return self._text

    def setText(self, text: str) -> None:
        """Show another key."""
        if text == self._text:
            return
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def setColor(self, color: QColor | str | None) -> None:
        """Colour of edge and letter; None is neutral."""
        self._color = color
        self.update()

    def setFilled(self, filled: bool) -> None:
        """Show the key armed."""
        if filled != self._filled:
            self._filled = filled
            self.update()

    def sizeHint(self) -> QSize:
        """The size of the cap."""
        metrics = QFontMetricsF(fonts.key())
        return QSize(round(max(HEIGHT, metrics.horizontalAdvance(self._text) + 11.0)), round(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """A key is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cap."""
        color = theme.current().color(self._color) if isinstance(self._color, str) else self._color
        painter = QPainter(self)
        paint_key(painter, QRectF(self.rect()), self._text, color=color, filled=self._filled)
        painter.end()
