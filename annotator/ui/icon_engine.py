"""The line icons as QIcon shows them, where Qt's own widgets take one. Imported when the first is asked for."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QImage, QPainter, QPixmap

from annotator.ui import icons

_copies: list[QIconEngine] = []


@lru_cache(maxsize=256)
def _painted(name: str, size: tuple[int, int], scale: float, rgba: int, mirrored: bool) -> QImage:
    """Kept, as an image that may outlive the application: a tool button asks for it each time it is painted."""
    result = QImage(QSize(*size) * scale, QImage.Format.Format_ARGB32_Premultiplied)
    result.setDevicePixelRatio(scale)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    icons.paint(painter, name, QRectF(0, 0, *size), QColor.fromRgba(rgba), mirrored=mirrored)
    painter.end()
    return result


class Engine(QIconEngine):
    """Paints an icon of the table in the colours of the moment."""

    def __init__(self, name: str, color: str) -> None:
        super().__init__()
        icons.paths(name)  # an unknown name fails here, not while painting
        self._name = name
        self._color = color

    def _tint(self, mode: QIcon.Mode) -> QColor:
        return icons.tint(self._color, enabled=mode != QIcon.Mode.Disabled)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Paint into the rectangle."""
        icons.paint(painter, self._name, QRectF(rect), self._tint(mode), mirrored=icons.is_mirrored())

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Painted at one device pixel a pixel."""
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        """Painted for a screen of this scale; `size` is logical."""
        return QPixmap.fromImage(
            _painted(self._name, size.toTuple(), scale, self._tint(mode).rgba(), icons.is_mirrored())
        )

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:
        """Any size will do."""
        return size

    def isNull(self) -> bool:
        """An icon of the table always shows something."""
        return False

    def key(self) -> str:
        """The engine's name, as Qt asks for one."""
        return "annotator-line"

    def clone(self) -> QIconEngine:
        """A copy, when Qt detaches an icon."""
        copy = Engine(self._name, self._color)
        _copies.append(copy)  # Qt owns it from here, but the binding would delete it on return
        return copy
