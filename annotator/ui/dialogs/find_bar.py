"""Find in the article: every hit counted, next and previous, Escape returns to the text.

It works on the text string it is given, never on a widget's, so its places are code points of the stored text.
"""

from __future__ import annotations

from bisect import bisect_left

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from annotator.domain.folding import Plain, plain
from annotator.ui import fonts, icons, theme
from annotator.ui.widgets import IconButton, PlainLabel

MOST = 10_000
"""More hits than this are not counted."""


class Folded:
    """A text folded for comparison without case, accents and vowel signs, with the way back to its own places."""

    def __init__(self, text: str) -> None:
        self._plain = Plain(text)
        text = self._plain.text
        self.text = text.casefold()
        self._starts: list[int] | None = None
        if len(self.text) != len(text) or not _each_folds_to_one(text):
            # “ß” folds to “ss”: remember at which place of the folded text each letter begins.
            starts, place = [], 0
            for char in text:
                starts.append(place)
                place += len(char.casefold())
            starts.append(place)
            self._starts = starts

    def find_all(self, needle: str, most: int = MOST) -> list[tuple[int, int]]:
        """Where the needle stands, as (start, end) in the text itself; hits do not overlap."""
        wanted = plain(needle).casefold()
        if not wanted:
            return []
        found: list[tuple[int, int]] = []
        place = self.text.find(wanted)
        while place >= 0 and len(found) < most:
            found.append((place, place + len(wanted)))
            place = self.text.find(wanted, place + len(wanted))
        if self._starts is None:
            return [self._plain.original(start, end) for start, end in found]
        starts = self._starts
        whole = []
        for start, end in found:
            first, last = bisect_left(starts, start), bisect_left(starts, end)
            if starts[first] != start:
                first -= 1  # a hit that begins inside “ß” takes the whole letter
            whole.append(self._plain.original(first, last))
        return whole


def _each_folds_to_one(text: str) -> bool:
    # The lengths can agree only if no letter grows, since none vanishes; ASCII needs no look.
    return text.isascii() or all(len(char.casefold()) == 1 for char in set(text))


class FindBar(QWidget):
    """A strip with a line, a count, and two arrows."""

    found = Signal(int, int)
    """The hit to show: start and end in code points."""
    hits_changed = Signal(list)
    """All hits, as (start, end); an empty list when the bar closes."""
    current_changed = Signal(int)
    """The number of the hit that is gone to; -1 for none."""
    closed = Signal()
    """The keys should go back to the text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(44)
        self.setAccessibleName(self.tr("Find in article"))
        self._folded = Folded("")
        self._hits: list[tuple[int, int]] = []
        self._at = -1
        self._there = False  # whether `_at` is gone to, or only where the next step leads
        self._from = 0
        self.line = QLineEdit()
        self.line.setFont(fonts.ui(fonts.HEAD))
        self.line.setPlaceholderText(self.tr("Find in article"))
        self.line.setAccessibleName(self.tr("Find in article"))
        self.line.addAction(icons.icon("search", "text2"), QLineEdit.ActionPosition.LeadingPosition)
        self.line.setMinimumWidth(220)
        self.line.setMaximumWidth(420)
        self.count = PlainLabel("", role="text2", font=fonts.ui(fonts.CONTROL, tabular=True))
        self.count.setMinimumWidth(90)
        self.previous_button = IconButton("chevron-up", self.tr("Previous hit"))
        self.next_button = IconButton("chevron-down", self.tr("Next hit"))
        self.close_button = IconButton("close", self.tr("Close"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 12, 6)
        row.setSpacing(6)
        row.addWidget(self.line, 1)
        row.addSpacing(6)
        row.addWidget(self.count)
        row.addWidget(self.previous_button)
        row.addWidget(self.next_button)
        row.addStretch(1)
        row.addWidget(self.close_button)
        self.line.textChanged.connect(lambda _text: self._search())
        self.next_button.clicked.connect(lambda: self.go(1))
        self.previous_button.clicked.connect(lambda: self.go(-1))
        self.close_button.clicked.connect(self.close_bar)

    def sizeHint(self) -> QSize:
        """A strip."""
        return QSize(500, 44)

    @property
    def hits(self) -> list[tuple[int, int]]:
        """All hits, as (start, end) in code points."""
        return list(self._hits)

    def set_text(self, text: str) -> None:
        """Search in this text from now on."""
        self._folded = Folded("")
        self._text = text
        self._stale = True
        self._from = 0
        if self.isVisible():
            self._search(move=False)

    _text = ""
    _stale = False

    def open_bar(self, wanted: str = "", start: int = 0) -> None:
        """Show the bar with the keys in it. `wanted`, else what was looked for last, is marked; nothing moves until it is
        asked to. The first hit is the one from `start` on.
        """
        self._from = start
        self.show()
        if wanted:
            self.line.blockSignals(True)
            self.line.setText(wanted)
            self.line.blockSignals(False)
        self.line.selectAll()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search(move=False)
        if wanted and self._hits and self._hits[self._at][0] == start:
            self._arrive()  # the words that are selected are the hit

    def close_bar(self) -> None:
        """Hide the bar and give the keys back."""
        self.hide()
        self._hits, self._at, self._there = [], -1, False
        self.hits_changed.emit([])
        self.closed.emit()

    def go(self, step: int) -> None:
        """Go to the next (1) or the previous (-1) hit, around the end."""
        if self._hits:
            if self._there or step < 0:
                self._at = (self._at + step) % len(self._hits)
            self._from = self._hits[self._at][0]
            self._arrive()
            self.found.emit(*self._hits[self._at])

    def _arrive(self) -> None:
        self._there = True
        self._tell()
        self.current_changed.emit(self._at)

    def _search(self, *, move: bool = True) -> None:
        if self._stale:
            self._stale = False
            self._folded = Folded(self._text)
        self._hits = self._folded.find_all(self.line.text())
        self.hits_changed.emit(self._hits)
        if self._hits:
            # Typing on stays at the hit it has found, as long as it fits.
            self._at = bisect_left(self._hits, (self._from, 0)) % len(self._hits)
            self._there = False
            if move:
                self._arrive()
                self.found.emit(*self._hits[self._at])
            else:
                self._tell()
        else:
            was_there = self._there
            self._at, self._there = -1, False
            self._tell()
            if move and was_there:  # what the first letters found is not left selected, to be tagged unawares
                self.found.emit(self._from, self._from)

    def _tell(self) -> None:
        some = bool(self._hits)
        locale = QLocale()
        if some:
            number = locale.toString(len(self._hits)) + ("+" if len(self._hits) >= MOST else "")
            if self._there:
                text = self.tr("{n} of {m}").replace("{n}", locale.toString(self._at + 1)).replace("{m}", number)
            else:
                text = self.tr("1 hit") if len(self._hits) == 1 else self.tr("{n} hits").replace("{n}", number)
        else:
            text = self.tr("Not found") if self.line.text() else ""
        self.count.setText(text)
        self.count.setRole("text2" if some or not self.line.text() else "conflict")
        self.line.setAccessibleDescription(text)
        self.next_button.setEnabled(some)
        self.previous_button.setEnabled(some)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and the arrows go on, with Shift back; Escape closes."""
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Escape:
                self.close_bar()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_F3:
                self.go(-1 if back else 1)
            case Qt.Key.Key_Down:
                self.go(1)
            case Qt.Key.Key_Up:
                self.go(-1)
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of a bar, and a hairline under it."""
        painter = QPainter(self)
        colours = theme.current()
        painter.fillRect(self.rect(), colours.window)
        painter.setPen(colours.line)
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()
