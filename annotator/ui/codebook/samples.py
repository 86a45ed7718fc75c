"""Rows of small pictures to choose from (colours, marks), and the live sample of a layer in both themes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from annotator.ui import fonts, theme
from annotator.ui.widgets import paint_sample

Painter = Callable[[QPainter, QRectF, str], None]


_ROW_KEYS = (
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
)


class _Option(QAbstractButton):
    def __init__(self, value: str, name: str, width: int, paint: Painter, parent: QWidget) -> None:
        super().__init__(parent)
        self.value = value
        self._paint = paint
        self.setCheckable(True)
        self.setFixedSize(width, 28)
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setProperty("focusRadius", 7.0)

    def nextCheckState(self) -> None:
        """The row decides."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and Enter are the row's."""
        if event.key() in _ROW_KEYS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A ground where it is chosen or hovered, then the picture."""
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.isChecked() or self.underMouse():
            path = QPainterPath()
            path.addRoundedRect(box, 7, 7)
            painter.fillPath(path, now.rowsel if self.isChecked() else now.hover)
            if self.isChecked():
                painter.strokePath(path, QPen(now.accent, 1.2))
        self._paint(painter, QRectF(self.rect()), self.value)
        painter.end()


class PickRow(QWidget):
    """Exclusive pictures in a row. Arrow keys move, Space or Enter choose. `picked` carries the value."""

    picked = Signal(str)

    def __init__(
        self, options: Sequence[tuple[str, str]], name: str, width: int, paint: Painter, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._options: list[_Option] = []
        for value, label in options:
            option = _Option(value, label, width, paint, self)
            option.setAccessibleDescription(name)
            option.clicked.connect(self._clicked)
            row.addWidget(option)
            self._options.append(option)
        row.addStretch(1)
        self.setFixedHeight(28)
        self.set_value("")

    def value(self) -> str:
        """What is chosen; "" where it is none of these."""
        return next((option.value for option in self._options if option.isChecked()), "")

    def set_value(self, value: str) -> None:
        """Show this choice, without a signal. Tab stops once: at it, else at the first."""
        for option in self._options:
            option.setChecked(option.value.casefold() == value.casefold())
        at = next((o for o in self._options if o.isChecked()), self._options[0])
        for option in self._options:
            option.setFocusPolicy(Qt.FocusPolicy.StrongFocus if option is at else Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(at)

    def _clicked(self) -> None:
        option = self.sender()
        if isinstance(option, _Option):
            self.set_value(option.value)
            self.picked.emit(option.value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move between the pictures, Enter chooses."""
        at = next((i for i, option in enumerate(self._options) if option.hasFocus()), None)
        key, keys = event.key(), Qt.Key
        forward = -1 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 1
        steps = {keys.Key_Right: forward, keys.Key_Left: -forward, keys.Key_Down: 1, keys.Key_Up: -1}
        if at is not None and key in steps:
            self._options[(at + steps[keys(key)]) % len(self._options)].setFocus(Qt.FocusReason.TabFocusReason)
        elif at is not None and key in (keys.Key_Return, keys.Key_Enter):
            self._options[at].click()
        else:
            super().keyPressEvent(event)


def paint_swatch(painter: QPainter, rect: QRectF, color: str) -> None:
    """A disc in the shade that is drawn for this colour now."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.style_for(color, "underline").stroke)
    painter.drawEllipse(rect.center(), 7.5, 7.5)


class Sample(QWidget):
    """A few words with a layer's mark, as an article shows them: on light paper and on dark."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color, self._mark, self._words = "#555B63", "underline", ""
        self._before, self._after = self.tr("Here stands"), self.tr("in an article.")
        self.setFixedHeight(52)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_layer(self, color: str, mark: str, words: str) -> None:
        """The mark in this colour, under these words."""
        self._color, self._mark, self._words = color, mark, words
        self.setAccessibleName(self.tr("Sample: {words}").replace("{words}", words))
        self.update()

    def sizeHint(self) -> QSize:
        """Two papers side by side."""
        return QSize(440, 52)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Both papers."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = (self.width() - 8) / 2
        for number, now in enumerate((theme.LIGHT, theme.DARK)):
            self._paper(painter, QRectF(number * (half + 8), 0, half, self.height()), now)
        painter.end()

    def _paper(self, painter: QPainter, rect: QRectF, now: theme.Theme) -> None:
        path = QPainterPath()
        path.addRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 9, 9)
        painter.fillPath(path, now.paper)
        painter.strokePath(path, QPen(theme.current().line, 1.0))
        font = fonts.serif(15)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        inner = rect.adjusted(12, 0, -12, 0)
        x = inner.left()
        space = fonts.text_width(font, " ") + 3
        room = inner.width() - fonts.text_width(font, self._before) - space * 2
        words = QFontMetricsF(font).elidedText(self._words, Qt.TextElideMode.ElideRight, max(40.0, room))
        style = theme.style_for(self._color, self._mark, now)
        for text, marked in ((self._before, False), (words, True), (self._after, False)):
            width = fonts.text_width(font, text)
            if not marked and x + width > inner.right():
                break
            box = QRectF(x, rect.top(), width + 12, rect.height())
            if marked:
                paint_sample(painter, box.adjusted(-4, 0, 0, 0), text, font, style, color=QColor(now.ink))
            else:
                painter.setFont(font)
                painter.setPen(now.ink)
                fonts.draw(painter, box, text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
            x += width + space


__all__ = ["PickRow", "Sample", "paint_swatch"]
