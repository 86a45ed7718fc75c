"""What the parts of the inspector share: measures, and the quotation at the head of a card."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.ui import fonts, theme
from annotator.ui.theme import LayerLike

LABEL_WIDTH = 91
LABEL_GAP = 4
SIDE = 13
"""From the card's edge to what stands in it."""

_QUOTED = 1200  # characters of a long claim that the card may show
_TALL = 29.0  # a line of Arabic
_LINE = 22.0


class Quote(QWidget):
    """Words quoted from the article beside a bar in their layer's colour."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._layer: LayerLike | None = None
        self._layout = QTextLayout()
        self._laid: tuple[int, str] = (0, "")
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_quote(self, text: str, layer: LayerLike) -> None:
        """The words, and the layer that gives the bar its colour."""
        shown = " ".join(text.split())
        if len(shown) > _QUOTED:
            shown = shown[:_QUOTED].rsplit(" ", 1)[0] + " …"
        self._layer = layer
        self.update()
        if shown != self._text:
            self._text = shown
            self.setAccessibleName(shown)
            self.updateGeometry()

    def text(self) -> str:
        """The words as they are shown."""
        return self._text

    def hasHeightForWidth(self) -> bool:
        """Its height follows from its width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as its lines at this width."""
        self._lay(width)
        return round(max(1, self._layout.lineCount()) * self._line())

    def sizeHint(self) -> QSize:
        """One line; its height follows from its width."""
        return QSize(160, round(self._line()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bar and the lines."""
        self._lay(self.width())
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rtl = fonts.is_rtl(self._text)  # the bar stands where the words begin, whatever way the interface runs
        x = self.width() - 2 if rtl else 0
        bar = theme.layer_style(self._layer, colors).stroke if self._layer is not None else colors.line
        painter.fillRect(QRectF(x, 0, 2, self.height()), bar)
        painter.setPen(colors.ink)
        left = 0.0 if rtl else 13.0
        for number in range(self._layout.lineCount()):
            line = self._layout.lineAt(number)
            line.draw(painter, QPointF(left, number * self._line() + (self._line() - line.height()) / 2))

    def _line(self) -> float:
        return _TALL if fonts.is_rtl(self._text) else _LINE

    def _lay(self, width: int) -> None:
        if self._laid == (width, self._text):
            return
        self._laid = (width, self._text)
        rtl = fonts.is_rtl(self._text)
        layout = QTextLayout(self._text, fonts.serif(17 if rtl else fonts.QUOTE))
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
        option.setAlignment(Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(40.0, width - 13.0))
        layout.endLayout()
        self._layout = layout
