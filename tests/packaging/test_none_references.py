"""PySide6 6.12.0 on Python 3.11 gives away a reference to None on nearly every call, and painting makes very many:
after some seconds None is freed and the program aborts. pyproject.toml keeps that release out; this notices another
like it. (From Python 3.12 on None is immortal, and the count does not move.)
"""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QTextLayout
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

FRAMES = 200
NOISE = 20  # what the interpreter itself may gain or lose meanwhile


class Marked(QWidget):
    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(QFont("Inter", 11))
        for line in range(5):
            painter.setPen(QPen(QColor("#1b6ca8"), 1.5))
            painter.setBrush(QColor("#eeeeee"))
            painter.drawRoundedRect(QRectF(4, line * 20, 80, 16), 3, 3)
            painter.drawText(QPointF(6, line * 20 + 12), "according to")
            painter.drawLine(QPointF(4, line * 20), QPointF(84, line * 20))
        painter.fillRect(self.rect(), Qt.BrushStyle.NoBrush)
        self.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, QStyleOptionViewItem(), painter, self)
        layout = QTextLayout("Syria and Israel agreed today")
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        layout.draw(painter, QPointF(0, 0))
        painter.end()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_painting_does_not_give_away_references_to_none(qtbot: QtBot) -> None:
    widget = Marked()
    qtbot.addWidget(widget)
    widget.resize(200, 120)
    image = QImage(200, 120, QImage.Format.Format_ARGB32_Premultiplied)
    widget.render(image)
    before = sys.getrefcount(None)
    for _ in range(FRAMES):
        widget.render(image)
    assert before - sys.getrefcount(None) < NOISE
