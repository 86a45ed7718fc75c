"""The bar under the article: a key for each layer, drawn as the layer is drawn in the text, so it is the legend too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from annotator.domain.codebook import Layer
from annotator.ui import fonts, theme
from annotator.ui.codebook.help import tool_tip
from annotator.ui.widgets import KeyCap, LayerSample, PlainLabel


class LayerButton(QAbstractButton):
    """One layer: its key, its name in its form, and how often it is in the article."""

    def __init__(self, layer: Layer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.layer = layer
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(tool_tip(layer))
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(7, 0, 8, 0)
        row.setSpacing(8)
        self._key = KeyCap(layer.shortcut.upper() or "·")
        self._sample = LayerSample(layer, layer.name, font=fonts.ui(13))
        self._count = PlainLabel("0", role="text3", font=fonts.ui(12, tabular=True))
        for part in (self._key, self._sample, self._count):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(part)
        self._armed = False
        self._recolor()
        theme.notifier.changed.connect(self._recolor)

    def set_count(self, count: int) -> None:
        """Say how many there are."""
        if self._count.text() == str(count):
            return
        self._count.setText(str(count))
        self.setAccessibleName(f"{self.layer.name}, {count}")

    def set_armed(self, armed: bool) -> None:
        """Show that this is the layer of the active annotation."""
        if armed != self._armed:
            self._armed = armed
            self._key.setFilled(armed)
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as its parts."""
        return QSize(self._row.sizeHint().width(), 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The row behind an armed or hovered layer."""
        if self._armed or self.underMouse() or self.isDown():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            now = theme.current()
            painter.setBrush(now.rowsel if self._armed else now.hover)
            painter.drawRoundedRect(QRectF(self.rect()), 7, 7)
            painter.end()

    def _recolor(self) -> None:
        self._key.setColor(theme.layer_style(self.layer).stroke)


class TagBar(QWidget):
    """All layers of the codebook, and at the end the keys that select."""

    tag_requested = Signal(str)

    HEIGHT = 40

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(self.HEIGHT)
        self._buttons: list[LayerButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 16, 0)
        self._row.setSpacing(4)
        self._hints = QWidget()
        hints = QHBoxLayout(self._hints)
        hints.setContentsMargins(0, 0, 0, 0)
        hints.setSpacing(5)
        self._suggestions = PlainLabel(role="text3", font=fonts.ui(12, tabular=True))
        self._tab = KeyCap("Tab")
        for widget in (
            KeyCap("Shift"),
            KeyCap("← →"),
            PlainLabel(self.tr("select"), role="text3", font=fonts.ui(12)),
            KeyCap("."),
            PlainLabel(self.tr("widen"), role="text3", font=fonts.ui(12)),
            self._tab,
            self._suggestions,
        ):
            hints.addWidget(widget)
        self._row.addStretch()
        self._row.addWidget(self._hints)
        self.set_suggestions(0)

    def set_layers(self, layers: Sequence[Layer]) -> None:
        """Show these layers."""
        for old in self._buttons:
            self._row.removeWidget(old)
            old.setParent(None)
            old.deleteLater()
        self._buttons = []
        for index, layer in enumerate(layers):
            layer_button = LayerButton(layer)
            layer_button.clicked.connect(lambda _checked=False, id_=layer.id: self.tag_requested.emit(id_))
            self._row.insertWidget(index, layer_button)
            self._buttons.append(layer_button)
        self._fit()

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Say how often each layer (by id) is in the article."""
        for layer_button in self._buttons:
            layer_button.set_count(counts.get(layer_button.layer.id, 0))
        self._fit()

    def set_armed(self, layer_id: str | None) -> None:
        """Show which layer the active annotation has."""
        for layer_button in self._buttons:
            layer_button.set_armed(layer_button.layer.id == layer_id)

    def set_suggestions(self, count: int) -> None:
        """Say how many suggestions wait in this article."""
        self._tab.setVisible(count > 0)
        self._suggestions.setVisible(count > 0)
        one, many = self.tr("1 suggestion"), self.tr("{n} suggestions")
        self._suggestions.setText(one if count == 1 else many.replace("{n}", str(count)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hints give way to layers."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Narrow windows cut the hints, not the layers."""
        return QSize(200, self.HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paper, with a hairline above."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().paper)
        painter.fillRect(0, 0, self.width(), 1, theme.current().line)
        painter.end()

    def _fit(self) -> None:
        layers = sum(b.sizeHint().width() + 4 for b in self._buttons)
        self._hints.setVisible(layers + self._hints.sizeHint().width() + 48 <= self.width())
