"""Charts as pictures: PNG and SVG files, and the clipboard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QIODevice, QRect, QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPicture

from annotator.ui import theme

SCALE = 2.0
"""Pixels of a picture to one of the window: sharp in print too."""
_LARGEST = 30_000
Paint = Callable[[QPainter], None]


def image(size: QSize, paint: Paint, ground: QColor | None = None) -> QImage:
    """A picture in pixels."""
    scale = min(SCALE, _LARGEST / max(1, size.height(), size.width()))
    made = QImage(size * scale, QImage.Format.Format_ARGB32_Premultiplied)
    made.setDevicePixelRatio(scale)
    made.fill(ground or theme.current().paper)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter)
    painter.end()
    return made


def svg(size: QSize, paint: Paint, title: str, ground: QColor | None = None) -> bytes:
    """A picture in lines and letters."""
    from PySide6.QtSvg import QSvgGenerator

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(QPicture().logicalDpiX())  # the plots replay pictures, which are scaled by this
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    painter = QPainter(generator)
    painter.fillRect(0, 0, size.width(), size.height(), ground or theme.current().paper)
    paint(painter)
    painter.end()
    return bytes(buffer.data().data())


def png(size: QSize, paint: Paint, ground: QColor | None = None) -> bytes:
    """The bytes of a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image(size, paint, ground).save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def copy(size: QSize, paint: Paint, ground: QColor | None = None) -> None:
    """Put the picture on the clipboard."""
    QGuiApplication.clipboard().setImage(image(size, paint, ground))
