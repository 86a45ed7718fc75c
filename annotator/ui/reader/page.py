"""Puts a text into a QTextDocument: fixed lines, paragraph gaps, margins. The text itself is not touched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextBlockFormat, QTextCursor, QTextDocument, QTextOption

from annotator.domain.text import Units
from annotator.ui.reader.metrics import BOTTOM, TOP, Columns, Metrics
from annotator.ui.reader.places import Places

# Lines with nothing in them between two lines with something.
_BLANK_RUN = re.compile(r"\n(?:[^\S\n]*\n)+")
_LEADING_RUN = re.compile(r"(?:[^\S\n]*\n)+")
_FIXED = QTextBlockFormat.LineHeightTypes.FixedHeight.value


@contextmanager
def without_layout(document: QTextDocument) -> Iterator[None]:
    """Change a document in several ways, then lay it out once. Qt lays out step by step only what is new as a whole;
    each change of a format would lay out a long text to its end at once."""
    document.setLayoutEnabled(False)
    try:
        yield
    finally:
        document.setLayoutEnabled(True)


def lay_out(document: QTextDocument, width: float) -> None:
    """Lay it out from the beginning: what is seen now, the rest in the background."""
    document.setTextWidth(width)


def fill(document: QTextDocument, places: Places, measures: Metrics, font: QFont) -> None:
    """Set the text and its formats anew."""
    document.setUndoRedoEnabled(False)
    document.clear()
    set_font(document, measures, font)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    blanks = blank_runs(places.shown)
    parted = any(start > 0 for start, _ in blanks)
    cursor.setBlockFormat(_line_format(measures, 0.0 if parted else measures.gap))
    cursor.insertText(places.shown)
    _format_special(cursor, places, measures, blanks)
    cursor.endEditBlock()


def reformat(document: QTextDocument, places: Places, measures: Metrics, font: QFont) -> None:
    """The same text at another size."""
    set_font(document, measures, font)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    blanks = blank_runs(places.shown)
    parted = any(start > 0 for start, _ in blanks)
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.setBlockFormat(_line_format(measures, 0.0 if parted else measures.gap))
    _format_special(cursor, places, measures, blanks)
    cursor.endEditBlock()


def set_font(document: QTextDocument, measures: Metrics, font: QFont) -> None:
    """Font, direction and tab width of the whole document."""
    document.setDocumentMargin(0)
    document.setDefaultFont(font)
    option = QTextOption()
    option.setTextDirection(_direction(measures))
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTabStopDistance(measures.px * 2)
    document.setDefaultTextOption(option)


def set_margins(document: QTextDocument, columns: Columns, measures: Metrics, width: float) -> None:
    """Place the text between gutter and end margin; the gutter is at the side where lines begin."""
    before = columns.before
    after = max(0.0, width - before - columns.measure)
    left, right = (after, before) if measures.rtl else (before, after)
    frame = document.rootFrame()
    form = frame.frameFormat()
    if (form.leftMargin(), form.rightMargin()) == (left, right):
        return
    form.setLeftMargin(left)
    form.setRightMargin(right)
    form.setTopMargin(TOP)
    form.setBottomMargin(BOTTOM)
    frame.setFrameFormat(form)


def blank_runs(shown: str) -> list[tuple[int, int]]:
    """The runs of blank lines, in characters of the shown text: from the first one's start to behind the last one."""
    leading = _LEADING_RUN.match(shown)
    runs = [leading.span()] if leading else []
    # Each match begins with the line feed that ends the line before, which is not blank.
    runs += [(found.start() + 1, found.end()) for found in _BLANK_RUN.finditer(shown, leading.end() if leading else 0)]
    return runs


def _direction(measures: Metrics) -> Qt.LayoutDirection:
    return Qt.LayoutDirection.RightToLeft if measures.rtl else Qt.LayoutDirection.LeftToRight


def _line_format(measures: Metrics, gap: float) -> QTextBlockFormat:
    form = QTextBlockFormat()
    form.setLineHeight(measures.line, _FIXED)
    form.setLayoutDirection(_direction(measures))
    if gap:
        form.setTopMargin(gap)
    return form


def _format_special(cursor: QTextCursor, places: Places, measures: Metrics, blanks: list[tuple[int, int]]) -> None:
    """Runs of blank lines share the height of one gap; what goes on after a break put in has no gap before it."""
    shown, wide = places.shown, len(places.shown) != places.length
    unit: Callable[[int], int] = Units(shown).to_units if wide else int
    keep = QTextCursor.MoveMode.KeepAnchor
    heights: dict[tuple[int, bool], QTextBlockFormat] = {}
    for start, end in blanks:
        lines = shown.count("\n", start, end)
        key = lines, start == 0
        form = heights.get(key)
        if form is None:
            form = _line_format(measures, 0.0)
            form.setLineHeight(0.0 if start == 0 else measures.gap / lines, _FIXED)
            heights[key] = form
        cursor.setPosition(unit(start))
        cursor.setPosition(unit(end) - 1, keep)
        cursor.setBlockFormat(form)
    if not (blanks and blanks[0][0] == 0):
        cursor.setPosition(0)
        cursor.setBlockFormat(_line_format(measures, 0.0))
    if places.breaks:
        going_on = _line_format(measures, 0.0)
        for position in places.breaks:
            cursor.setPosition(position + 1)
            cursor.setBlockFormat(going_on)
