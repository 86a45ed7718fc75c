"""A figure on its card: title, note, legend, and the chart or the table. Import after `library.load`."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from annotator.ui import fonts, theme
from annotator.ui.overview import legend
from annotator.ui.overview.chart import AIR, Chart
from annotator.ui.overview.figures import Figure, tr
from annotator.ui.overview.table import Table
from annotator.ui.widgets import Card, ElidedLabel, IconButton

SIDE, TOP, BOTTOM, TITLE, NOTE, GAP = 16, 12, 14, 22, 18, 8


class FigureCard(Card):
    """Places its parts by hand, so that the board knows its height for a width beforehand."""

    picked = Signal(object, object)
    """The figure and the mark whose list is wanted."""
    picture_wanted = Signal(object, str)
    """Itself, and what to make: "png", "svg" or "copy"."""

    def __init__(self, figure: Figure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figure = figure
        self._title = ElidedLabel(figure.title, self, font=fonts.ui(fonts.HEAD, fonts.SEMIBOLD))
        self._note = ElidedLabel(figure.note, self, role="text2", font=fonts.ui(fonts.META, tabular=True))
        self._legend = legend.Legend(figure.series, self)
        self.chart = Chart(figure, self)
        self.table: Table | None = None
        self.menu_button = IconButton("more", tr("Save or copy {chart}").replace("{chart}", figure.title), self)
        self.menu_button.clicked.connect(lambda: self.open_menu())
        self.chart.picked.connect(lambda mark: self.picked.emit(self.figure, mark))
        self.chart.copy_wanted.connect(lambda: self.picture_wanted.emit(self, "copy"))
        self.show_figure(figure)

    def show_figure(self, figure: Figure) -> None:
        """Show other numbers."""
        self.figure = figure
        self._title.setText(figure.title)
        self._note.setText(figure.note)
        self._note.setVisible(bool(figure.note))
        self._legend.series = figure.series
        self._legend.setVisible(self._has_legend())
        self._legend.update()
        if self.chart.figure != figure:
            self.chart.show_figure(figure)
        if self.table is not None:
            self.table.show_figure(figure)
        self._place()

    def show_as(self, *, table: bool) -> None:
        """The table in the place of the chart, or the chart again."""
        if table and self.table is None:
            self.table = Table(self.figure)
            self.table.setParent(self)
            self.table.picked.connect(lambda mark: self.picked.emit(self.figure, mark))
        focused = self.chart.hasFocus() or (self.table is not None and self.table.hasFocus())
        if self.table is not None:
            self.table.setVisible(table)
        self.chart.setVisible(not table)
        self._legend.setVisible(self._has_legend())
        self.menu_button.setVisible(not table)  # pictures are of the charts
        if focused:
            self.focus_in()
        self._place()

    @property
    def as_table(self) -> bool:
        """Whether the table is shown."""
        return self.table is not None and not self.table.isHidden()

    def focus_in(self) -> None:
        """Give the keys to what is shown."""
        shown: QWidget = self.table if self.as_table and self.table is not None else self.chart
        shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def _has_legend(self) -> bool:
        return len(self.figure.series) > 1 and not self.as_table

    def _head_height(self, width: int) -> int:
        named = legend.height(self.figure.series, width - 2 * SIDE) + 4 if self._has_legend() else 0
        return TOP + TITLE + (NOTE if self.figure.note else 0) + named + GAP

    def height_for(self, width: int) -> int:
        """How high it wants to be."""
        inner = self.table.wanted_height() if self.as_table and self.table is not None else self.chart.height()
        return self._head_height(width) + inner + BOTTOM

    def _place(self) -> None:
        width, rtl = self.width(), self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        inner = width - 2 * SIDE
        self._title.setGeometry(SIDE + (28 if rtl else 0), TOP, inner - 28, TITLE)
        self.menu_button.move(SIDE - 6 if rtl else width - SIDE - 20, TOP - 2)
        y = TOP + TITLE
        self._note.setGeometry(SIDE, y, inner, NOTE)
        y += NOTE if self.figure.note else 0
        self._legend.setGeometry(SIDE, y + 4, inner, legend.height(self.figure.series, inner))
        y = self._head_height(width)
        self.chart.setGeometry(SIDE - AIR, y, inner + 2 * AIR, self.chart.height())
        if self.table is not None:
            self.table.setGeometry(SIDE - 8, y, inner + 16, self.table.wanted_height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """All parts anew."""
        self._place()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What the button opens."""
        if not self.as_table:
            self.open_menu()

    def open_menu(self) -> QMenu:
        """Save or copy the picture."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind, text in (
            ("png", tr("Save as PNG…")),
            ("svg", tr("Save as SVG…")),
            ("copy", tr("Copy as picture")),
        ):
            menu.addAction(text).triggered.connect(lambda _on=False, kind=kind: self.picture_wanted.emit(self, kind))
        menu.popup(self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft()))
        return menu

    def paint_picture(self, painter: QPainter) -> None:
        """Draw title, note, legend and chart at the places that they have here."""
        now, rtl = theme.current(), self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter.save()
        painter.setLayoutDirection(self.layoutDirection())
        width, y = self.width(), float(TOP)
        inner = width - 2 * SIDE
        painter.setFont(fonts.ui(fonts.HEAD, fonts.SEMIBOLD))
        painter.setPen(now.ink)
        fonts.draw(painter, QRectF(SIDE, y, inner, TITLE), self.figure.title)
        y += TITLE
        if self.figure.note:
            painter.setFont(fonts.ui(fonts.META, tabular=True))
            painter.setPen(now.text2)
            fonts.draw(painter, QRectF(SIDE, y, inner, NOTE), self.figure.note)
            y += NOTE
        if self._has_legend():
            legend.paint(painter, self.figure.series, QRectF(SIDE, y + 4, inner, 400), rtl=rtl)
        self.chart.draw()
        if self.chart.plot is not None:
            target = QRectF(SIDE, self._head_height(width), inner, self.chart.height())
            self.chart.plot.view.render(painter, target, self.chart.plot.view.viewport().rect())
        painter.restore()
