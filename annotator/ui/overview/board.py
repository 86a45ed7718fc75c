"""The cards of the overview, in one or two columns. Import after `library.load`."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from annotator.ui.later import Later
from annotator.ui.overview.card import FigureCard
from annotator.ui.overview.figures import Figure

MARGIN, GAP, TWO_FROM = 20, 16, 720


class Board(QWidget):
    """Each card goes where there is most room left; Tab goes in the order of the figures."""

    picked = Signal(object, object)
    picture_wanted = Signal(object, str)
    went = Signal(QPoint)
    """The keys are at a bar that stands there on the board."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, FigureCard] = {}
        self._tables = False
        self._later = Later(self)
        self._later.due.connect(self._draw_next)

    def show_figures(self, figures: list[Figure]) -> None:
        """Show these. Cards that stay keep their place in the keyboard's way."""
        wanted = {figure.key: figure for figure in figures}
        for key in [key for key in self.cards if key not in wanted]:
            card = self.cards.pop(key)
            card.hide()
            card.deleteLater()
        before: QWidget | None = None
        for key, figure in wanted.items():
            card = self.cards.get(key) or self._make(figure)
            if card.figure != figure:
                card.show_figure(figure)
            if before is not None:
                QWidget.setTabOrder(before, card.chart)
            QWidget.setTabOrder(card.chart, card.menu_button)
            if card.table is not None:
                QWidget.setTabOrder(card.chart, card.table)
                QWidget.setTabOrder(card.table, card.menu_button)
            before = card.menu_button
        self.cards = {key: self.cards[key] for key in wanted}
        self.place()

    def _make(self, figure: Figure) -> FigureCard:
        card = self.cards[figure.key] = FigureCard(figure, self)
        card.picked.connect(self.picked)
        card.picture_wanted.connect(self.picture_wanted)
        card.chart.due.connect(self._later.start)
        card.chart.went.connect(lambda at: self.went.emit(card.chart.mapTo(self, at)))
        card.show_as(table=self._tables)
        card.show()
        return card

    def show_tables(self, tables: bool) -> None:
        """All as tables, or all as charts."""
        self._tables = tables
        for card in self.cards.values():
            card.show_as(table=tables)
        self.show_figures([card.figure for card in self.cards.values()])

    def _draw_next(self) -> None:
        """One chart a turn, those in sight first: together they take longer than a blink."""
        waiting = [card for card in self.cards.values() if card.chart.is_due and not card.as_table]
        if waiting:
            min(waiting, key=lambda card: (card.visibleRegion().isEmpty(), card.y())).chart.draw()
        if len(waiting) > 1:
            self._later.start()

    def place(self) -> None:
        """Lay the cards out for this width."""
        width = self.width() - 2 * MARGIN
        if width < 100:
            return
        columns = 2 if width >= TWO_FROM else 1
        wide = (width - GAP * (columns - 1)) // columns
        bottoms = [4] * columns
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        for card in self.cards.values():
            at = bottoms.index(min(bottoms))
            height = card.height_for(wide)
            x = MARGIN + at * (wide + GAP)
            card.setGeometry(self.width() - x - wide if rtl else x, bottoms[at], wide, height)
            bottoms[at] += height + GAP
        self.setFixedHeight(max(bottoms) + 8)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The columns take the new width."""
        if event.size().width() != event.oldSize().width():
            self.place()

    def changeEvent(self, event: QEvent) -> None:
        """Mirror with the interface."""
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self.place()
        super().changeEvent(event)
