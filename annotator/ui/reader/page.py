"""Puts a text into a QTextDocument, and says how its lines stand: heights of lines, gaps between paragraphs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextCursor, QTextDocument, QTextOption

from annotator.ui.reader.metrics import Metrics
from annotator.ui.reader.places import Places

_AT_ONCE, _PIECE = 1_500_000, 300_000


def fill(document: QTextDocument, places: Places) -> None:
    """Set the text anew."""
    for _ in fill_in_steps(document, places.shown, len(places.shown)):
        pass


def fill_in_steps(document: QTextDocument, shown: str, at_once: int = _AT_ONCE) -> Iterator[None]:
    """Set the text anew; of one that is longer than that the rest comes with further steps."""
    document.setUndoRedoEnabled(False)
    at = len(shown)
    if at > at_once:
        # At the end of a paragraph: there are some, long ones were broken.
        at = max(shown.rfind("\n", 0, _PIECE), 0)
    document.setPlainText(shown[:at])
    while at < len(shown):
        yield
        end = shown.rfind("\n", at + 1, at + _PIECE)
        if end < 0 or at + _PIECE >= len(shown):
            end = shown.find("\n", at + _PIECE) if end < 0 else len(shown)
            end = len(shown) if end < 0 else end
        cursor = QTextCursor(document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(shown[at:end])
        at = end


def set_font(document: QTextDocument, measures: Metrics, font: QFont) -> None:
    """Font, direction and tab width of the whole document."""
    document.setDocumentMargin(0)
    document.setDefaultFont(font)
    rtl = measures.rtl
    option = QTextOption()
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    option.setAlignment(Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTabStopDistance(measures.px * 2)
    document.setDefaultTextOption(option)


@dataclass(frozen=True)
class Shape:
    """The paragraphs of a text by number, before anything is laid out.

    `blank` gives the shares of a gap that lines with nothing in them take: a run of them is one gap, however many
    there are, and none at the very top. `joined` are those that go on after a break that was put in.
    """

    lengths: list[int]
    blank: Mapping[int, float]
    joined: frozenset[int]
    parted: bool
    """Whether blank lines part the paragraphs; where none do, each line of the text has a gap of its own."""

    def gap(self, number: int) -> float:
        """The gap above a paragraph, as a share of the design's."""
        return 0.0 if self.parted or number == 0 or number in self.joined or number in self.blank else 1.0


def shape(places: Places) -> Shape:
    """The paragraphs of a text."""
    rows = places.shown.split("\n")
    empty = [n for n, row in enumerate(rows) if not row or row.isspace()]
    if empty and empty[-1] == len(rows) - 1:
        empty.pop()  # the last line of the text holds the caret, also where nothing is in it
    blank = dict.fromkeys(empty, 1.0)
    for first in [n for n in empty if n + 1 in blank and n - 1 not in blank]:
        last = first
        while last + 1 in blank:
            last += 1
        blank.update(dict.fromkeys(range(first, last + 1), 1.0 / (last - first + 1)))
    lead = 0
    while lead in blank:  # no gap above the first line
        blank[lead] = 0.0
        lead += 1
    # Breaks that were put in are line ends as any other to Qt.
    lengths = [len(row) for row in rows]
    joined: frozenset[int] = frozenset()
    if places.breaks:
        ends = list(accumulate(1 + places.units(row) for row in rows))
        joined = frozenset(bisect_right(ends, end + 1) for end in places.breaks)
    return Shape(lengths, blank, joined, len(blank) > lead)
