"""A chip: a checkable pill with a layer's dot and a count."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from annotator.ui import fonts, theme
from annotator.ui.theme import LayerLike
from annotator.ui.widgets.marks import layer_dot

HEIGHT = 23


class Chip(QAbstractButton):
    """A checkable pill. Give it a layer for the dot's colour (it follows the theme), or any colour, or none."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        layer: LayerLike | None = None,
        color: QColor | str | None = None,
        count: int | None = None,
        checkable: bool = True,
    ) -> None:
        super().__init__(parent)
        self._layer, self._color, self._count = layer, color, count
        self.setFont(fonts.ui(fonts.META, tabular=True))
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setProperty("focusRadius", HEIGHT / 2)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show another text."""
        super().setText(text)
        self._rename()

    def setCount(self, count: int | None) -> None:
        """Show a count after the text; None shows none."""
        if count != self._count:
            self._count = count
            self._rename()

    def count(self) -> int | None:
        """The count shown."""
        return self._count

    def setColor(self, color: QColor | str | None) -> None:
        """The dot's colour (a token name, "#rrggbb" or QColor); None shows no dot."""
        self._color = color
        self.updateGeometry()
        self.update()

    def setLayer(self, layer: LayerLike | None) -> None:
        """Take the dot's colour from a layer."""
        self._layer = layer
        self.updateGeometry()
        self.update()

    def _rename(self) -> None:
        self.setAccessibleName(self.text() if self._count is None else f"{self.text()}, {self._count}")
        self.updateGeometry()
        self.update()

    def _dot(self) -> QColor | None:
        if self._layer is not None:
            return theme.layer_style(self._layer).stroke
        return theme.current().color(self._color) if isinstance(self._color, str) else self._color

    def _widths(self) -> tuple[float, float, float]:
        metrics = QFontMetricsF(self.font())
        dot = 12.0 if self._layer is not None or self._color is not None else 0.0
        count = "" if self._count is None else f"{self._count:,}"
        return dot, metrics.horizontalAdvance(self.text()), metrics.horizontalAdvance(count) + 6.0 if count else 0.0

    def sizeHint(self) -> QSize:
        """Room for dot, text and count."""
        return QSize(ceil(sum(self._widths())) + 21, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """A long chip may be cut, with an ellipsis."""
        return QSize(min(self.sizeHint().width(), 60), HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pill."""
        now = theme.current()
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        on = self.isChecked() or self.isDown()
        if on or self.underMouse():
            painter.fillPath(path, now.rowsel if on else now.hover)
        painter.strokePath(path, QPen(now.border if on and now.text3 == now.ink else now.rowsel if on else now.line, 1))
        dot, wanted, count = self._widths()
        x = rect.left() + 9.5
        if dot:
            place = x + 3.0
            color = self._dot() or now.text3
            layer_dot(painter, QPointF(self.width() - place if rtl else place, rect.center().y()), color)
        x += dot
        width = min(wanted, rect.width() - 19.0 - dot - count)
        metrics = QFontMetricsF(self.font())
        shown = self.text() if width >= wanted else metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, width)
        faint = theme.palette(now).color(self.palette().ColorGroup.Disabled, self.palette().ColorRole.Text)
        self._draw(painter, x, width, shown, rtl, (now.ink if on else now.text2) if self.isEnabled() else faint)
        if count:
            self._draw(painter, x + width + 6.0, count - 6.0, f"{self._count:,}", rtl, now.text2)
        painter.end()

    def _draw(self, painter: QPainter, x: float, width: float, text: str, rtl: bool, color: QColor) -> None:
        painter.setPen(Qt.PenStyle.SolidLine)
        painter.setPen(color)
        painter.setFont(QFont(self.font()))
        left = self.width() - x - width if rtl else x
        box = QRectF(left - 1, 0, width + 2, self.height())
        fonts.draw(painter, box, text, Qt.AlignmentFlag.AlignCenter)
