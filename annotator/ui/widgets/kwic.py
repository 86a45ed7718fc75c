"""A hit with the words around it on one line, the match in the middle, so that lines can be compared."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from annotator.ui import fonts

SIZE = 14.0


def paint_kwic(
    painter: QPainter,
    room: QRectF,
    parts: tuple[str, str, str],
    surroundings: QColor,
    match: QColor,
    *,
    cut_at: int = 10**9,
) -> None:
    """Paint what stands before, the match, and what stands after. The text's own direction decides the sides.

    `cut_at`: surroundings of this length were cut, perhaps within a word, which is then left out.
    """
    plain, strong = fonts.serif(SIZE), fonts.serif(SIZE, fonts.SEMIBOLD)
    metrics = QFontMetricsF(plain)
    before, words, after = (" ".join(f"|{part}|".split())[1:-1] for part in parts)
    if len(parts[0]) >= cut_at and " " in before:
        before = "… " + before.split(" ", 1)[1]
    if len(parts[2]) >= cut_at and " " in after:
        after = after.rsplit(" ", 1)[0] + " …"
    rtl = runs_rtl("".join(parts))
    wide = min(QFontMetricsF(strong).horizontalAdvance(words), room.width() * 0.6)
    # A long match, such as a claim, begins a little before the middle; what is left of the line follows it.
    lead = (room.width() - wide) / 2 if wide < room.width() * 0.3 else min(room.width() * 0.35, room.width() - wide)
    if not words:
        lead = 0.0
    # Surroundings are cut on the side away from the match.
    first = metrics.elidedText(before, Qt.TextElideMode.ElideLeft, max(0.0, lead - 4))
    second = metrics.elidedText(after, Qt.TextElideMode.ElideRight, max(0.0, room.width() - lead - wide - 4))
    start = room.right() - lead - wide if rtl else room.left() + lead
    middle = QRectF(start, room.top(), wide, room.height())
    # A space where the text has one, none before what closes a word or a bracket.
    gaps = [metrics.horizontalAdvance(" ") if parts[0][-1:].isspace() else 0.5]
    gaps.append(metrics.horizontalAdvance(" ") if parts[2][:1].isspace() else 0.5)
    near, far = reversed(gaps) if rtl else gaps
    left = QRectF(room.left(), room.top(), max(0.0, middle.left() - room.left() - near), room.height())
    right = QRectF(middle.right() + far, room.top(), max(0.0, room.right() - middle.right() - far), room.height())
    painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    absolute = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
    single = int(Qt.TextFlag.TextSingleLine)
    painter.setFont(plain)
    painter.setPen(surroundings)
    painter.drawText(left, int(absolute | Qt.AlignmentFlag.AlignRight) | single, second if rtl else first)
    painter.drawText(right, int(absolute | Qt.AlignmentFlag.AlignLeft) | single, first if rtl else second)
    painter.setFont(strong)
    painter.setPen(match)
    text = QFontMetricsF(strong).elidedText(words, Qt.TextElideMode.ElideMiddle, wide + 1)
    painter.drawText(middle.adjusted(-1, 0, 1, 0), int(absolute | Qt.AlignmentFlag.AlignHCenter) | single, text)


def runs_rtl(text: str) -> bool:
    """Whether its first letter with a direction runs from right to left."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return False
