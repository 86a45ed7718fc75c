"""What is painted without Qt's names looks as with them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen
from pytestqt.qtbot import QtBot

from annotator.ui import fonts, painting

INK = QColor("#1E5B3A")


@pytest.fixture(autouse=True)
def _app(qtbot: QtBot) -> None:
    """Fonts need the application."""
    fonts.load()


class Pair:
    """Two pictures to paint the same on."""

    def __init__(self) -> None:
        self.pictures = [QImage(320, 80, QImage.Format.Format_ARGB32_Premultiplied) for _ in range(2)]
        self.painters = []
        for picture in self.pictures:
            picture.fill(Qt.GlobalColor.white)
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.painters.append(painter)

    def same(self) -> bool:
        for painter in self.painters:
            painter.end()
        blank = QImage(self.pictures[0])
        blank.fill(Qt.GlobalColor.white)
        assert self.pictures[0] != blank
        return self.pictures[0] == self.pictures[1]


def test_pens_and_brushes_are_qts_own() -> None:
    flag = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    assert painting.round_pen(INK, 1.35) == QPen(INK, 1.35, *flag)
    assert painting.round_pen(INK, 2.0) == QPen(INK, 2.0, *flag)
    assert painting.pen(INK, 1.15) == QPen(INK, 1.15)
    dashed = QPen(INK, 1.5)
    dashed.setDashPattern([3, 2.5])
    assert painting.pen(INK, 1.5, (3, 2.5)) == dashed
    assert painting.brush(INK) == QBrush(INK)


@pytest.mark.parametrize(
    "text", ["Try the sample", "Öffnen: ἄνθρωπος, 42 %", "قالت الوزارة إن…", "שלום, world.", "👩🏽‍💻 + 🇫🇷", ""]
)
@pytest.mark.parametrize(
    ("place", "flag"),
    [
        (painting.START, Qt.AlignmentFlag.AlignLeft),
        (painting.CENTRE, Qt.AlignmentFlag.AlignHCenter),
        (painting.END, Qt.AlignmentFlag.AlignRight),
    ],
)
def test_words_stand_where_qt_writes_them(text: str, place: float, flag: Qt.AlignmentFlag) -> None:
    pair, box, font = Pair(), QRectF(10.5, 7, 290, 50), fonts.ui(17)
    ours, qts = pair.painters
    painting.fill(ours, QRectF(1, 1, 4, 4), INK)
    painting.fill(qts, QRectF(1, 1, 4, 4), INK)
    painting.words(ours, box, text, font, INK, place)
    qts.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    qts.setFont(font)
    qts.setPen(INK)
    qts.drawText(box, int(flag | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute), text)
    assert pair.same()


def test_words_stand_on_their_line() -> None:
    pair, font = Pair(), fonts.serif(20.5)
    ours, qts = pair.painters
    painting.words_at(ours, QPointF(12.25, 40), "A Syrian official", font, INK)
    qts.setFont(font)
    qts.setPen(INK)
    qts.drawText(QPointF(12.25, 40), "A Syrian official")
    assert pair.same()


def test_boxes_are_filled_and_framed_as_by_qt() -> None:
    pair, box = Pair(), QRectF(5.5, 6.5, 300, 60)
    ours, qts = pair.painters
    painting.fill(ours, box, QColor("#F0E8EC"), 9)
    painting.frame(ours, box, painting.pen(INK, 1.15), 9)
    qts.setBrush(QColor("#F0E8EC"))
    qts.setPen(Qt.PenStyle.NoPen)
    qts.drawRoundedRect(box, 9, 9)
    qts.setBrush(Qt.BrushStyle.NoBrush)
    qts.setPen(QPen(INK, 1.15))
    qts.drawRoundedRect(box, 9, 9)
    assert pair.same()
