"""Paints a row of the outline: number, words and who said them; below, each part in the form of its layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from annotator.ui import fonts, theme
from annotator.ui.panel.outline_model import OutlineModel, short
from annotator.ui.panel.outline_nodes import Node
from annotator.ui.widgets import paint_focus, paint_sample, sample_size

if TYPE_CHECKING:
    from annotator.domain.model import Annotation
    from annotator.ui.theme import LayerStyle
    from annotator.ui.workspace import Workspace

ROW = 25
_SIDE = 9  # from the edge to the row's box
_CHEVRON = 22  # its middle
_NUMBER = 33
_TEXT = 62
_END = 16
_ELBOW = 50  # the tree line of the first level
_STEP = 18.5


class OutlineDelegate(QStyledItemDelegate):
    """Reads the node itself, not `data`, and lays every row out from its start, mirrored where the window is."""

    def __init__(self, view: QListView, model: OutlineModel, workspace: Workspace) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._workspace = workspace
        self.retheme()

    def retheme(self) -> None:
        """Take fonts and colours anew."""
        self._theme = theme.current()
        self._serif = fonts.serif(14)
        self._small = fonts.ui(12)
        self._number = fonts.ui(12.5, QFont.Weight.Medium)
        self._styles: dict[str, LayerStyle] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """One height for all, so that the view need not ask ten thousand times."""
        return QSize(_TEXT, ROW)

    def chevron_hit(self, x: int, width: int) -> bool:
        """Whether this place is over the chevron of a top row."""
        return (width - x if self._view.isRightToLeft() else x) < _NUMBER - 2

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """One row."""
        node = self._model.node(index)
        if node is None:
            return
        row = _Row(painter, QRectF(option.rect), self._view.isRightToLeft())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # each text by its own first letter
        current = self._view.currentIndex() == index
        if current:
            self._box(row, self._theme.rowsel)
            if self._view.hasFocus():
                self._ring(row)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            self._box(row, self._theme.hover)
        if node.kind == "group":
            self._group(row, node)
        elif node.kind == "claim":
            self._claim(row, node)
        elif node.kind == "plain":
            self._plain(row, node)
        else:
            self._part(row, node)
        painter.restore()

    # The kinds of row

    def _group(self, row: _Row, node: Node) -> None:
        self._chevron(row, node)
        count = self._view.locale().toString(len(node.members))
        end = row.width - _END
        end -= row.text(count, self._small, self._theme.text2, end, end_at=end) + 10
        row.text(node.label, self._number, self._theme.text2, end - _NUMBER, start=_NUMBER)

    def _claim(self, row: _Row, node: Node) -> None:
        assert node.annotation is not None
        if self._model.has_below(node):
            self._chevron(row, node)
        style = self._style(node.annotation)
        number = self._workspace.number(node.annotation)
        start = max(_TEXT, _NUMBER + row.text(number, self._number, style.stroke, 80, start=_NUMBER) + 7)
        end = row.width - _END
        if not node.open and node.card is not None:
            said = next((source for level in node.card.levels for source in level.sources), None)
            if said is not None:
                most = (end - start) * 0.37
                end -= row.text(self._words(said), self._small, self._theme.text2, most, end_at=end) + 9
        row.text(self._words(node.annotation), self._serif, self._theme.ink, end - start, start=start)

    def _plain(self, row: _Row, node: Node) -> None:
        assert node.annotation is not None
        style = self._style(node.annotation)
        number = self._workspace.number(node.annotation)
        start: float = _NUMBER
        if number and style.mark == "tint":
            start = max(_TEXT, start + row.text(number, self._number, style.stroke, 80, start=start) + 7)
        end = row.width - _END
        words = self._words(node.annotation)
        names = ", ".join(self._workspace.entry_name(e) for e in node.annotation.entries)
        grouped = node.parent is not None and node.parent.key[0] == "entry"
        if names and not grouped and names.casefold() != words.casefold() and style.mark != "tint":
            most = (end - start) * 0.45
            end -= row.text(names, self._small, self._theme.text2, most, end_at=end) + 9
        if style.mark == "tint":
            row.text(words, self._serif, self._theme.ink, end - start, start=start)
        else:
            row.marked(words, self._serif, style, self._theme.ink, start, end - start)

    def _part(self, row: _Row, node: Node) -> None:
        assert node.annotation is not None
        elbow = self._lines(row, node)
        start = elbow + 10.5
        lead = self._lead(node)
        if lead:
            start += row.text(lead, self._small, self._theme.text2, 90, start=start) + 6
        end = row.width - _END
        style = self._style(node.annotation)
        start += row.marked(self._words(node.annotation), self._serif, style, self._theme.ink, start, end - start) + 7
        if node.cues and end - start > 24:
            cues = ", ".join(self._words(cue) for cue in node.cues)
            row.text(cues, self._small, self._theme.text2, end - start, start=start)

    def _lead(self, node: Node) -> str:
        if node.via:
            return self.tr("via")
        if node.kind == "addressee":
            return self.tr("to")
        if node.kind == "about":
            sisters = node.parent.children if node.parent is not None and node.parent.children else []
            first = node.row == 0 or sisters[node.row - 1].kind != "about"
            return self.tr("about") if first else ""
        return ""

    # Small parts

    def _words(self, annotation: Annotation) -> str:
        return short(self._workspace.annotation_text(annotation))

    def _style(self, annotation: Annotation) -> LayerStyle:
        style = self._styles.get(annotation.layer_id)
        if style is None:
            style = theme.layer_style(self._workspace.layer(annotation), self._theme)
            self._styles[annotation.layer_id] = style
        return style

    def _box(self, row: _Row, color: QColor) -> None:
        row.painter.setPen(Qt.PenStyle.NoPen)
        row.painter.setBrush(color)
        row.painter.drawRoundedRect(row.box.adjusted(_SIDE, 0, -_SIDE, -0.5), 5, 5)

    def _ring(self, row: _Row) -> None:
        paint_focus(row.painter, row.box.adjusted(_SIDE, 0, -_SIDE, -0.5), 5.0)

    def _chevron(self, row: _Row, node: Node) -> None:
        x, y = row.x(_CHEVRON), row.box.center().y()
        if node.open:
            points = [QPointF(x - 4, y - 2), QPointF(x, y + 2), QPointF(x + 4, y - 2)]
        else:
            side = -2 if row.rtl else 2
            points = [QPointF(x - side, y - 4), QPointF(x + side, y), QPointF(x - side, y + 4)]
        row.painter.setPen(_line(self._theme.text2, 1.35))
        row.painter.drawPolyline(points)

    def _lines(self, row: _Row, node: Node) -> float:
        """The tree lines of a row; where its own stands, from the start."""
        chain = []
        at = node
        while at.parent is not None:
            chain.append(at)
            at = at.parent
        row.painter.setPen(_line(self._theme.border, 1.1))
        row.painter.setBrush(Qt.BrushStyle.NoBrush)
        top, bottom, middle = row.box.top(), row.box.bottom(), row.box.center().y()
        for depth, part in enumerate(reversed(chain)):
            x = row.x(_ELBOW + depth * _STEP)
            if not part.last_sister():
                row.painter.drawLine(QPointF(x, top), QPointF(x, bottom))
            if part is node:
                way = -1 if row.rtl else 1
                path = QPainterPath(QPointF(x, top))
                path.lineTo(x, middle - 4)
                path.quadTo(x, middle, x + 4 * way, middle)
                path.lineTo(x + 7 * way, middle)
                row.painter.drawPath(path)
        return _ELBOW + (len(chain) - 1) * _STEP


class _Row:
    """A row's box with places counted from its start, whichever side that is."""

    def __init__(self, painter: QPainter, box: QRectF, rtl: bool) -> None:
        self.painter, self.box, self.rtl, self.width = painter, box, rtl, box.width()

    def x(self, start: float) -> float:
        return self.box.right() - start if self.rtl else self.box.left() + start

    def text(
        self, words: str, font: QFont, color: QColor, most: float, *, start: float = 0.0, end_at: float | None = None
    ) -> float:
        """Draw words from `start`, or up to `end_at`, elided at `most`; how wide they are."""
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, most)
        width = metrics.horizontalAdvance(shown)
        left = start if end_at is None else end_at - width
        x = self.x(left + width) if self.rtl else self.x(left)
        self.painter.setFont(font)
        self.painter.setPen(color)
        baseline = self.box.center().y() + (metrics.ascent() - metrics.descent()) / 2
        self.painter.drawText(QPointF(x, round(baseline)), shown)
        return width

    def marked(self, words: str, font: QFont, style: LayerStyle, ink: QColor, start: float, most: float) -> float:
        """Draw words in the form of their layer from `start`, elided at `most`; how wide that is."""
        metrics = QFontMetricsF(font)
        around = sample_size("", font, style.mark).width()
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0.0, most - around))
        width = sample_size(shown, font, style.mark).width()
        x = self.x(start + width) if self.rtl else self.x(start)
        box = QRectF(x, self.box.top(), width + 0.5, self.box.height())
        paint_sample(self.painter, box, shown, font, style, color=ink)
        return width


def _line(color: QColor, width: float) -> QPen:
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen
