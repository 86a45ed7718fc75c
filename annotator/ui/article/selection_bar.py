"""The bar beside a stretch that was selected by mouse: a button for each layer. Who uses keys never sees it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QFrame, QHBoxLayout, QWidget

from annotator.domain.codebook import Layer
from annotator.ui import fonts, theme
from annotator.ui.article.beside import place_beside
from annotator.ui.article.pick_list import paint_card
from annotator.ui.widgets import paint_key, paint_sample, sample_size
from annotator.ui.widgets.keycap import key_width

_HEIGHT, _GAP, _EDGE = 28, 7, 8


class LayerKey(QAbstractButton):
    """A layer's key and its name in its form; the key alone where there is little room."""

    def __init__(self, layer: Layer, parent: QWidget) -> None:
        super().__init__(parent)
        self.layer = layer
        self._short = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(layer.name)
        self.setAccessibleName(layer.name)

    def set_short(self, short: bool) -> None:
        """Show the key alone."""
        self._short = short
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Key and sample, side by side."""
        key = key_width(self._key())
        sample = 0.0 if self._short else _GAP + sample_size(self.layer.name, fonts.ui(13), self.layer.mark).width()
        return QSize(round(2 * _EDGE + key + sample) + 4, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Key cap, then the name as it is marked in the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect, now = QRectF(self.rect()), theme.current()
        if self.underMouse() or self.isDown():
            path = QPainterPath()
            path.addRoundedRect(rect, 6, 6)
            painter.fillPath(path, now.hover)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        style, width = theme.layer_style(self.layer), key_width(self._key())
        left = rect.right() - _EDGE - width if rtl else rect.left() + _EDGE
        paint_key(painter, QRectF(left, rect.center().y() - 9.5, width, 19), self._key(), color=style.stroke)
        if not self._short:
            start, end = (rect.left() + _EDGE, left - _GAP) if rtl else (left + width + _GAP, rect.right() - _EDGE)
            place = QRectF(start, rect.top(), end - start, rect.height())
            paint_sample(painter, place, self.layer.name, fonts.ui(13), style)
        painter.end()

    def _key(self) -> str:
        return self.layer.shortcut.upper() or "·"


class SelectionBar(QFrame):
    """Comes when the mouse button is up, goes with the next key, click, scroll or Esc. It hides nothing of the selection."""

    tag_requested = Signal(str)

    def __init__(self, reader: QAbstractScrollArea) -> None:
        super().__init__(reader)
        self._reader = reader
        self.keys: list[LayerKey] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4, 4, 4, 4)
        self._row.setSpacing(2)
        self.setAccessibleName(self.tr("Tag the selection"))
        reader.installEventFilter(self)
        self.hide()

    def set_layers(self, layers: Sequence[Layer]) -> None:
        """Offer these layers."""
        for old in self.keys:
            self._row.removeWidget(old)
            old.setParent(None)
            old.deleteLater()
        self.keys = [LayerKey(layer, self) for layer in layers]
        for key in self.keys:
            key.clicked.connect(lambda _checked=False, id_=key.layer.id: self._tag(id_))
            self._row.addWidget(key)
        self.hide()

    def show_beside(self, boxes: Sequence[QRectF], near: QPoint) -> None:
        """Show it where it hides none of these boxes; not at all where there is no such place."""
        area = self._reader.viewport().geometry()
        room = area.width() - 24
        shown = list(self.keys)
        for short in (False, True):
            for key in self.keys:
                key.set_short(short)
            if self._width(shown) <= room:
                break
        while self._width(shown) > room and shown:
            shown.pop()
        for key in self.keys:
            key.setVisible(key in shown)
            key.setFixedSize(key.sizeHint())
        size = QSize(self._width(shown), _HEIGHT + 8)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        place = place_beside(size, area, boxes, near, rtl) if self.keys else None
        if place is None:
            self.hide()
            return
        self.setGeometry(QRect(place, size))
        self.show()
        self.raise_()

    def _width(self, keys: Sequence[LayerKey]) -> int:
        return sum(key.sizeHint().width() + self._row.spacing() for key in keys) - self._row.spacing() + 8

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whatever happens next in the text takes it away."""
        gone = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride, QEvent.Type.FocusOut, QEvent.Type.Resize)
        if self.isVisible() and event.type() in gone:
            self.hide()
        return False

    def _tag(self, layer_id: str) -> None:
        self.hide()
        self.tag_requested.emit(layer_id)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A card."""
        painter = QPainter(self)
        paint_card(painter, QRectF(self.rect()))
        painter.end()
