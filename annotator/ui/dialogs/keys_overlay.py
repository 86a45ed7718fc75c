"""Every key, over the window, grouped by menu. Typing narrows the list; Escape closes it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from annotator.ui import fonts, theme
from annotator.ui.dialogs.action_lines import ActionLine, grouped, key_text, lines
from annotator.ui.dialogs.overlay import Overlay
from annotator.ui.documents.search_field import SearchField
from annotator.ui.widgets import Hairline, PlainLabel, paint_key
from annotator.ui.widgets.keycap import key_width

_ROW, _HEAD, _GAP = 24, 26, 12
_AIR = 28  # between two columns
_COLUMN = 286


class KeyTable(QWidget):
    """All lines in as many columns as fit, painted."""

    def __init__(self, found: Sequence[ActionLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all = list(found)
        self._shown = self._all
        self._places: list[tuple[QPoint, str | ActionLine]] = []
        self.setAccessibleName(self.tr("Keys"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def narrow(self, text: str) -> int:
        """Show only lines that hold the text, in words, menu or keys; returns how many."""
        words = text.casefold().split()
        self._shown = [line for line in self._all if all(word in _haystack(line) for word in words)]
        self._arrange()
        return len(self._shown)

    def shown(self) -> list[ActionLine]:
        """The lines that are shown."""
        return list(self._shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the columns anew."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = max(1, (self.width() + _AIR) // _COLUMN)
        groups = grouped(self._shown)
        total = sum(_HEAD + _ROW * len(group) + _GAP for _, group in groups)
        limit = max(total / columns * 1.06, 1)
        self._places = []
        wide = (self.width() + _AIR) // columns
        column, y, lowest = 0, 0, 0
        for menu, group in groups:
            height = _HEAD + _ROW * len(group) + _GAP
            # A group stays whole unless it is higher than a column.
            if y and y + height * 0.5 > limit and column < columns - 1:
                column, y = column + 1, 0
            self._places.append((QPoint(column * wide, y), menu))
            y += _HEAD
            for line in group:
                if y + _ROW > limit * 1.25 and column < columns - 1:
                    column, y = column + 1, 0
                self._places.append((QPoint(column * wide, y), line))
                y += _ROW
            y += _GAP
            lowest = max(lowest, y)
        self.setMinimumHeight(lowest)
        self.setAccessibleDescription(". ".join(f"{line.text}: {', '.join(line.keys)}" for line in self._shown))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint heads, texts and key caps."""
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        colours = theme.current()
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        columns = max(1, (self.width() + _AIR) // _COLUMN)
        wide = (self.width() + _AIR) // columns - _AIR
        head_font, text_font = fonts.ui(fonts.META, fonts.SEMIBOLD), fonts.ui(fonts.CONTROL)
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        flags = int(side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute)
        for place, item in self._places:
            left = self.width() - place.x() - wide if rtl else place.x()
            if isinstance(item, str):
                painter.setFont(head_font)
                painter.setPen(colours.text3)
                painter.drawText(QRectF(left, place.y(), wide, _HEAD - 4), flags, item)
                continue
            used = 0.0
            for key in reversed(item.keys):
                cap = key_width(key)
                at = left + used if rtl else left + wide - used - cap
                paint_key(painter, QRectF(at, place.y() + 2.5, cap, 19), key)
                used += cap + 4
            painter.setFont(text_font)
            painter.setPen(colours.ink)
            box = QRectF(left + (used + 6 if rtl else 0), place.y(), wide - used - 6, _ROW)
            text = painter.fontMetrics().elidedText(item.text, Qt.TextElideMode.ElideRight, int(box.width()))
            painter.drawText(box, flags, text)
        painter.end()


class KeysOverlay(Overlay):
    """The keyboard map."""

    def __init__(self, window: QWidget, actions: Sequence[QAction]) -> None:
        super().__init__(window, width=940, height=720)
        self.setAccessibleName(self.tr("Keyboard map"))
        found = [line for line in lines(actions) if line.keys]
        self.search = SearchField(self.tr("Search keys"))
        self.search.setMaximumWidth(300)
        self.table = KeyTable([*self._reading(), *found, *self._on_pages()])
        self.nothing = PlainLabel(self.tr("Nothing matches."), role="text3")
        self.nothing.hide()
        head = QHBoxLayout()
        head.setContentsMargins(24, 16, 24, 14)
        head.addWidget(PlainLabel(self.tr("Keyboard map"), font=fonts.ui(16, fonts.SEMIBOLD)))
        head.addStretch(1)
        head.addWidget(self.search, 1)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(24, 14, 24, 8)
        column.addWidget(self.nothing)
        column.addWidget(self.table)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inside)
        self.area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self.column.addLayout(head)
        self.column.addWidget(Hairline())
        self.column.addWidget(self.area, 1)
        self.search.textChanged.connect(self._narrow)
        self.search.left.connect(self.close_overlay)

    def first_focus(self) -> QWidget:
        """The search line."""
        return self.search

    def sizeHint(self) -> QSize:
        """As large as its card."""
        return QSize(940, 720)

    def _reading(self) -> list[ActionLine]:
        """Keys that belong to the caret and not to an action."""
        rows = (
            (self.tr("Select by character"), "Shift ← →"),
            (self.tr("Select by word"), "Ctrl Shift ← →"),
            (self.tr("Move by word"), "Ctrl ← →"),
        )
        return _plain("caret", self.tr("Selecting"), rows)

    def _on_pages(self) -> list[ActionLine]:
        """Keys that mean something in the lists of a page only."""
        registry = (
            (self.tr("Rename everywhere"), "F2"),
            (self.tr("New entry"), "Ins"),
            (self.tr("Merge entries"), "M"),
            (self.tr("Delete entries"), "Del"),
            (self.tr("Split mentions off"), "S"),
            (self.tr("Move mentions"), "V"),
        )
        pairs = (
            (self.tr("Merge the two"), "M"),
            (self.tr("Not the same"), "D"),
            (self.tr("Keep the other name"), "X"),
        )
        hits = (
            (self.tr("Choose a hit"), "Space"),
            (self.tr("Choose up to here"), "Shift ↑ ↓"),
            (self.tr("Choose all hits"), "Ctrl A"),
        )
        return [
            *_plain("registry", self.tr("In the registry"), registry),
            *_plain("pairs", self.tr("In likely duplicates"), pairs),
            *_plain("hits", self.tr("In search results"), hits),
        ]

    def _narrow(self, text: str) -> None:
        self.nothing.setVisible(not self.table.narrow(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows and pages scroll; Escape closes."""
        bar = self.area.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_Down:
                bar.setValue(bar.value() + 60)
            case Qt.Key.Key_Up:
                bar.setValue(bar.value() - 60)
            case Qt.Key.Key_PageDown:
                bar.setValue(bar.value() + bar.pageStep())
            case Qt.Key.Key_PageUp:
                bar.setValue(bar.value() - bar.pageStep())
            case _:
                super().keyPressEvent(event)


def _plain(place: str, menu: str, rows: Sequence[tuple[str, str]]) -> list[ActionLine]:
    return [ActionLine(f"{place}.{at}", text, menu, (key,), QAction()) for at, (text, key) in enumerate(rows)]


def _haystack(line: ActionLine) -> str:
    return f"{line.text} {line.menu} {' '.join(line.keys)}".casefold()


__all__ = ["KeyTable", "KeysOverlay", "key_text"]
