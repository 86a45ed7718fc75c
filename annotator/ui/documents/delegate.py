"""Paints a row of the documents list: title on two lines, a shape for the status, outlet, date and count."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from annotator.ui import fonts, icons, theme
from annotator.ui.documents.model import DocumentsModel

if TYPE_CHECKING:
    from annotator.services.documents import DocumentRow
    from annotator.ui.theme import Theme

_SIDE = 6  # from the pane's edge to the row's box
_TEXT = 16  # from the pane's edge to the text
_MARK = 13  # from the pane's edge to the status icon's box
_META = 33  # from the pane's edge to the outlet
_TOP = 9
_LINE = 18
_META_LINE = 15
_META_GAP = 2
_BOTTOM = 10
_MEASURED = 300  # longer lists get one height for all rows, so that opening them costs nothing
_CACHE = 600


def short_date(value: str, with_year: bool, locale: QLocale) -> str:
    """An ISO date as a list shows it ("6 Jan"); anything else as it stands."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    month = locale.monthName(day.month, QLocale.FormatType.ShortFormat)
    return f"{day.day} {month} {day.year}" if with_year else f"{day.day} {month}"


_STATUS_ICON = {"new": "status-new", "in progress": "status-progress", "done": "status-done"}


class DocumentDelegate(QStyledItemDelegate):
    """Paints from the model's row, not through `data`, and keeps the broken lines of the rows in view."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self.open_id = ""
        self._lines: dict[tuple[str, int, bool, bool], QTextLayout] = {}
        self._dates: dict[tuple[str, bool], str] = {}
        self.retheme()

    def retheme(self) -> None:
        """Take fonts and colours anew."""
        self._theme: Theme = theme.current()
        self._regular = fonts.ui(fonts.HEAD)
        self._bold = fonts.ui(fonts.HEAD, fonts.SEMIBOLD)
        self._small = fonts.ui(fonts.META, tabular=True)
        self._small_metrics = QFontMetricsF(self._small)
        self._lines.clear()

    def _room(self, width: float) -> int:
        """How wide a title may be: the scroll bar stands in the margin at the end, not in the text."""
        return int(width) - _TEXT - self._end_text()

    def _slack(self) -> int:
        bar = self._view.verticalScrollBar()
        return bar.width() if bar.isVisible() else 0

    def _end_text(self) -> int:
        return max(8, _TEXT - self._slack())

    def _end_box(self) -> int:
        return max(1, _SIDE - self._slack())

    # Heights

    def fit(self) -> None:
        """Choose one height for all rows, or a measured height for each where they are few."""
        model = self._view.model()
        if hasattr(self._view, "setUniformItemSizes"):
            self._view.setUniformItemSizes(model is not None and model.rowCount() > _MEASURED)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As wide as the view, as high as the title needs."""
        model = index.model()
        count = 2
        width = self._view.viewport().width()
        if isinstance(model, DocumentsModel) and model.rowCount() <= _MEASURED:
            row = model.row_at(index.row())
            if row is not None:
                count = self._layout(row.title, self._room(width), row.id == self.open_id).lineCount()
        return QSize(60, _TOP + _LINE * max(1, count) + _META_GAP + _META_LINE + _BOTTOM)

    # Painting

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        model = index.model()
        if not isinstance(model, DocumentsModel):
            return
        row = model.row_at(index.row())
        if row is None:
            return
        painter.save()
        rect = QRectF(option.rect)
        state = option.state
        rtl = option.direction == Qt.LayoutDirection.RightToLeft
        is_open = row.id == self.open_id
        self._paint_box(painter, rect, state, is_open, rtl)
        self._paint_title(painter, rect, row.title, is_open, rtl)
        self._paint_meta(painter, rect, row, is_open, rtl, model)
        painter.restore()

    def _paint_box(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag, is_open: bool, rtl: bool) -> None:
        colours = self._theme
        focused = self._view.hasFocus()
        start, end = (self._end_box(), _SIDE) if rtl else (_SIDE, self._end_box())
        box = rect.adjusted(start, 1, -end, -1)
        fill = None
        if is_open or (focused and state & QStyle.StateFlag.State_Selected):
            fill = colours.rowsel
        elif state & QStyle.StateFlag.State_MouseOver:
            fill = colours.hover
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if fill is not None:
            painter.setBrush(fill)
            painter.drawRoundedRect(box, 7, 7)
        if is_open:
            left = box.right() - 2.6 if rtl else box.left()
            painter.setBrush(colours.accent)
            painter.drawRoundedRect(QRectF(left, box.top() + 8, 2.6, box.height() - 16), 1.3, 1.3)
        if focused and state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(colours.focus, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)

    def _paint_title(self, painter: QPainter, rect: QRectF, title: str, is_open: bool, rtl: bool) -> None:
        layout = self._layout(title, self._room(rect.width()), is_open, rtl)
        used = _LINE * layout.lineCount() + _META_GAP + _META_LINE
        top = rect.top() + (rect.height() - used - _TOP - _BOTTOM) / 2 + _TOP
        painter.setPen(self._theme.ink)
        layout.draw(painter, QPointF(rect.left() + (self._end_text() if rtl else _TEXT), top))

    def _paint_meta(
        self,
        painter: QPainter,
        rect: QRectF,
        row: DocumentRow,
        is_open: bool,
        rtl: bool,
        model: DocumentsModel,
    ) -> None:
        colours = self._theme
        used = self._layout(row.title, self._room(rect.width()), is_open, rtl).lineCount() * _LINE
        total = used + _META_GAP + _META_LINE
        top = rect.top() + (rect.height() - total - _TOP - _BOTTOM) / 2 + _TOP + used + _META_GAP
        line = QRectF(rect.left(), top, rect.width(), _META_LINE)
        mark = QRectF(rect.left() + _MARK, line.center().y() - 8, 16, 16)
        painter.setFont(self._small)
        annotations = model.annotations_of(row.id)
        count = QLocale().toString(annotations) if annotations else ""
        day = self._day(row.date, model.several_years())
        tail = (" · " if row.outlet else "") + _isolated(day) if day else ""
        metrics = self._small_metrics
        wide = line.width() - _META - self._end_text() - (metrics.horizontalAdvance(count) + 8 if count else 0)
        head = metrics.elidedText(row.outlet, Qt.TextElideMode.ElideRight, wide - metrics.horizontalAdvance(tail))
        room = QRectF(line.left() + _META, line.top(), wide, line.height())
        ends = line.adjusted(0, 0, -self._end_text(), 0)
        if rtl:
            for box in (mark, room, ends):
                box.moveLeft(rect.left() + rect.right() - box.right())
        shape = _STATUS_ICON.get(row.status, "status-new")
        icons.paint(painter, shape, mark, colours.ink if row.status == "in progress" else colours.text3)
        painter.setPen(colours.text2 if is_open else colours.text3)
        flags = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextSingleLine)
        painter.drawText(room, flags, (_isolated(head) if head else "") + tail)
        if count:
            flags = int(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(ends, flags | int(Qt.TextFlag.TextSingleLine), count)

    def _day(self, value: str, with_year: bool) -> str:
        key = (value, with_year)
        day = self._dates.get(key)
        if day is None:
            day = short_date(value, with_year, QLocale())
            self._dates[key] = day
        return day

    def _layout(self, title: str, width: int, bold: bool, rtl: bool | None = None) -> QTextLayout:
        if rtl is None:
            rtl = self._view.layoutDirection() == Qt.LayoutDirection.RightToLeft
        key = (title, width, bold, rtl)
        known = self._lines.get(key)
        if known is None:
            if len(self._lines) >= _CACHE:
                self._lines.clear()
            known = _broken(" ".join(title.split()), self._bold if bold else self._regular, max(40, width), rtl)
            self._lines[key] = known
        return known


def _isolated(text: str) -> str:
    """The text so that its direction does not disturb what stands beside it."""
    return f"\u2068{text}\u2069"


def _broken(text: str, font: QFont, width: int, rtl: bool) -> QTextLayout:
    """The text on at most two lines, the second cut with an ellipsis where there is more."""
    layout = _lay(text, font, width, rtl)
    if layout.lineCount() < 2:
        return layout
    start = layout.lineAt(1).textStart()
    units = text.encode("utf-16-le")
    rest = units[2 * start :].decode("utf-16-le")
    cut = QFontMetricsF(font).elidedText(rest, Qt.TextElideMode.ElideRight, width)
    return layout if cut == rest else _lay(units[: 2 * start].decode("utf-16-le") + cut, font, width, rtl)


def _lay(text: str, font: QFont, width: int, rtl: bool) -> QTextLayout:
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
    option.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    layout.beginLayout()
    for place in range(2):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, place * _LINE + (_LINE - line.height()) / 2))
    layout.endLayout()
    return layout
