"""An annotated article on pages: as it looks in the window, on white, with a head, and a number on each page.

The lines of an attribution are not drawn: in the window they belong to the claim that is active, and those of all claims
together would hide the text. On paper claims have their numbers, sources and cues their marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QPageSize, QPainter, QTextDocument

from annotator.domain.codebook import Layer
from annotator.domain.model import Marked
from annotator.ui import fonts, theme
from annotator.ui.reader import page
from annotator.ui.reader.gutter import Gutter
from annotator.ui.reader.layout import LazyLayout
from annotator.ui.reader.lines import Line, Lines, line_of
from annotator.ui.reader.marks import MarkPainter
from annotator.ui.reader.metrics import MEASURE, TOP, metrics
from annotator.ui.reader.places import Places, first_strong_is_rtl
from annotator.ui.reader.scene import Scene, Styles
from annotator.ui.reader.store import SpanStore

_GUTTER, _MARGIN = 76.0, 20.0
WIDTH = _GUTTER + MEASURE + _MARGIN
"""How many of the design's pixels the printed width of a page holds."""

_FOOT, _AFTER_HEAD, _RUNNING_HEAD = 34.0, 20.0, 30.0
_OVERHANG = 9.0  # how far marks reach below a line
_BATCH = 400  # lines between two chances to stop


@dataclass(frozen=True)
class Article:
    """What is printed."""

    title: str
    details: str
    text: str
    layers: Sequence[Layer]
    annotations: Sequence[Marked]
    numbers: Mapping[str, str]


class Pages:
    """Breaks an article into pages of one size, then paints them one by one."""

    def __init__(self, article: Article, size: QSizeF) -> None:
        """`size`: what can be printed on of a page, in any unit."""
        self._article = article
        self._height = WIDTH * size.height() / size.width()
        self._places = Places(article.text)
        self.rtl = first_strong_is_rtl(article.text)
        self._metrics = metrics(self.rtl)
        font = fonts.article(self.rtl)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        self._document = QTextDocument()
        self._layout = LazyLayout(self._document, self._metrics)
        self._document.setDocumentLayout(self._layout)
        page.set_font(self._document, self._metrics, font)
        page.fill(self._document, self._places)
        self._layout.show(page.shape(self._places), self._metrics)
        self._left = _MARGIN if self.rtl else _GUTTER
        self._layout.set_column(self._left, MEASURE)
        self._styles = Styles(theme.LIGHT, {x.id: theme.layer_style(x, theme.LIGHT) for x in article.layers})
        self._store, self._ghosts = SpanStore(self._line_of), SpanStore(self._line_of)
        self._store.set_text(self._places.view, len(article.text))
        self._store.set_layers(article.layers)
        self._store.set_annotations(article.annotations)
        self._tops: list[tuple[float, float]] = []

    def _line_of(self, position: int) -> tuple[int, int]:
        return line_of(self._layout, position)

    @property
    def count(self) -> int:
        """How many pages there are, once they are broken."""
        return len(self._tops)

    def break_up(self) -> Iterator[float]:
        """Break the article into pages; tells now and then how much of it is done."""
        line, bottom = self._metrics.line, 0.0
        top, room = TOP, self._height - _FOOT - self._head_height() - _AFTER_HEAD
        done = 0
        for block, layout, place in self._layout.blocks(0.0, float("inf")):
            if not block.text().strip():
                continue
            for number in range(layout.lineCount()):
                y = place.y() + number * line
                if y + line - top > room and bottom > top:
                    self._tops.append((top, bottom))
                    top, room = y, self._height - _FOOT - _RUNNING_HEAD
                bottom = y + line
                done += 1
                if done % _BATCH == 0:
                    yield block.position() / max(1, self._places.length)
        self._tops.append((top, max(bottom, top + line)))

    def paint(self, painter: QPainter, number: int) -> None:
        """Paint a page (from 0), `WIDTH` wide, from the origin."""
        head = self._paint_head(painter) + _AFTER_HEAD if number == 0 else self._paint_running_head(painter)
        self._paint_foot(painter, number)
        top, bottom = self._tops[number]
        painter.save()
        painter.translate(0, head - top)
        painter.setClipRect(QRectF(-2, top - 4, WIDTH + 4, bottom - top + _OVERHANG + 4))
        lines = [x for x in self._lines(top, bottom) if top < x.base < bottom]
        scene = self._scene(Lines(self._places, lines))
        MarkPainter(painter, scene).paint()
        Gutter(scene).paint(painter)
        painter.setPen(theme.LIGHT.ink)
        for line in lines:
            line.qt.draw(painter, QPointF(line.x, line.base - line.qt.y() - line.qt.ascent()))
        painter.restore()

    def _lines(self, top: float, bottom: float) -> Iterable[Line]:
        return Lines.between(self._layout, self._places, top - self._metrics.line, bottom).lines

    def _scene(self, lines: Lines) -> Scene:
        return Scene(
            lines=lines,
            measures=self._metrics,
            styles=self._styles,
            store=self._store,
            ghosts=self._ghosts,
            text_left=self._left,
            text_right=self._left + MEASURE,
            gutter=_GUTTER,
            margin=_MARGIN,
            numbers=self._article.numbers,
            printed=True,
        )

    # Head and foot

    def _title(self, painter: QPainter, *, paint: bool) -> float:
        """The title over as many lines as it takes; says how high it is."""
        painter.setFont(fonts.serif(fonts.TITLE, fonts.SEMIBOLD))
        rtl = fonts.is_rtl(self._article.title) if self._article.title else self.rtl
        flags = (Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignAbsolute
        wrapped = int(flags.value) | Qt.TextFlag.TextWordWrap.value
        box = painter.boundingRect(QRectF(self._left, 0, MEASURE, 400), wrapped, self._article.title)
        if paint:
            painter.setPen(theme.LIGHT.ink)
            painter.drawText(QRectF(self._left, 0, MEASURE, box.height()), wrapped, self._article.title)
        return box.height()

    def _head_height(self) -> float:
        from PySide6.QtGui import QPixmap

        pixmap = QPixmap(8, 8)
        painter = QPainter(pixmap)
        height = self._title(painter, paint=False)
        painter.end()
        return height + 30.0

    def _paint_head(self, painter: QPainter) -> float:
        height = self._title(painter, paint=True)
        painter.setFont(fonts.ui(fonts.META))
        painter.setPen(theme.LIGHT.text2)
        self._small(painter, QRectF(self._left, height + 4, MEASURE, 18), self._article.details, end=False)
        painter.fillRect(QRectF(self._left, height + 29, MEASURE, 0.75), theme.LIGHT.line)
        return height + 30.0

    def _paint_running_head(self, painter: QPainter) -> float:
        painter.setFont(fonts.ui(fonts.SMALL))
        painter.setPen(theme.LIGHT.text3)
        title = painter.fontMetrics().elidedText(self._article.title, Qt.TextElideMode.ElideRight, int(MEASURE))
        self._small(painter, QRectF(self._left, 0, MEASURE, 18), title, end=False)
        return _RUNNING_HEAD

    def _paint_foot(self, painter: QPainter, number: int) -> None:
        painter.setFont(fonts.ui(fonts.SMALL))
        painter.setPen(theme.LIGHT.text3)
        told = QCoreApplication.translate("Printing", "Page {n} of {m}")
        told = told.replace("{n}", str(number + 1)).replace("{m}", str(self.count))
        self._small(painter, QRectF(self._left, self._height - 18, MEASURE, 18), told, end=True)

    def _small(self, painter: QPainter, box: QRectF, text: str, *, end: bool) -> None:
        right = self.rtl != end
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        fonts.draw(painter, box, text, side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)


def usual_paper(imperial: bool) -> QPageSize:
    """The paper that is in the printer where nobody says otherwise."""
    return QPageSize(QPageSize.PageSizeId.Letter if imperial else QPageSize.PageSizeId.A4)
