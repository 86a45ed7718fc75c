"""Line icons: a 16 px box, strokes of 1.35 with round caps, drawn from the small table below.

`icon(name)` gives a QIcon that takes its colour from the theme in force each time it is painted, so nothing has to be
replaced when the theme changes. A colour is a token name ("text2") or "#rrggbb". Icons that point somewhere are
mirrored in a right-to-left interface.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPainterPath

from annotator.ui import theme
from annotator.ui.painting import brush, round_pen

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon, QPixmap

BOX = 16.0
STROKE = 1.35

# Each icon is SVG path data: what is stroked, and what is filled. "O cx cy r" is a circle, "R x y w h r" a rounded
# rectangle (ours, to keep the table short).
_STROKED: dict[str, str] = {
    "search": "O 7 7 4.5 M 10.4 10.4 L 13.8 13.8",
    "filter": "M 2.5 4.5 H 13.5 M 4.5 8 H 11.5 M 6.5 11.5 H 9.5",
    "panel-left": "R 2 2.75 12 10.5 2 M 6.25 2.75 V 13.25",
    "panel-right": "R 2 2.75 12 10.5 2 M 9.75 2.75 V 13.25",
    "sun": "O 8 8 2.6 M 8 1.6 V 2.8 M 8 13.2 V 14.4 M 1.6 8 H 2.8 M 13.2 8 H 14.4 M 3.5 3.5 L 4.3 4.3"
    " M 11.7 11.7 L 12.5 12.5 M 3.5 12.5 L 4.3 11.7 M 11.7 4.3 L 12.5 3.5",
    "moon": "M 13.2 9.6 A 5.6 5.6 0 1 1 6.4 2.8 A 4.5 4.5 0 0 0 13.2 9.6 Z",
    "check": "M 3 8.4 L 6.4 11.8 L 13 4.8",
    "undo": "M 5.6 3 L 2.8 5.8 L 5.6 8.6 M 2.8 5.8 H 9.6 A 3.5 3.5 0 0 1 9.6 12.8 H 6.4",
    "redo": "M 10.4 3 L 13.2 5.8 L 10.4 8.6 M 13.2 5.8 H 6.4 A 3.5 3.5 0 0 0 6.4 12.8 H 9.6",
    "plus": "M 8 3 V 13 M 3 8 H 13",
    "minus": "M 3 8 H 13",
    "chevron-right": "M 6.2 3.8 L 10.4 8 L 6.2 12.2",
    "chevron-left": "M 9.8 3.8 L 5.6 8 L 9.8 12.2",
    "chevron-down": "M 3.8 6 L 8 10.2 L 12.2 6",
    "chevron-up": "M 3.8 10 L 8 5.8 L 12.2 10",
    "link": "M 6.6 9.4 A 2.7 2.7 0 0 0 10.4 9.4 L 12.6 7.2 A 2.7 2.7 0 0 0 8.8 3.4 L 7.9 4.3"
    " M 9.4 6.6 A 2.7 2.7 0 0 0 5.6 6.6 L 3.4 8.8 A 2.7 2.7 0 0 0 7.2 12.6 L 8.1 11.7",
    "unlink": "M 10.9 8.9 L 12.6 7.2 A 2.7 2.7 0 0 0 8.8 3.4 L 7.1 5.1"
    " M 5.1 7.1 L 3.4 8.8 A 2.7 2.7 0 0 0 7.2 12.6 L 8.9 10.9 M 4.6 2.2 V 3.8 M 2.2 4.6 H 3.8 M 11.4 13.8 V 12.2"
    " M 13.8 11.4 H 12.2",
    "file-plus": "M 9.2 1.9 H 4.6 A 1.3 1.3 0 0 0 3.3 3.2 V 12.8 A 1.3 1.3 0 0 0 4.6 14.1 H 11.4"
    " A 1.3 1.3 0 0 0 12.7 12.8 V 5.4 Z M 8 6.8 V 11.2 M 5.8 9 H 10.2",
    "file": "M 9.2 1.9 H 4.6 A 1.3 1.3 0 0 0 3.3 3.2 V 12.8 A 1.3 1.3 0 0 0 4.6 14.1 H 11.4"
    " A 1.3 1.3 0 0 0 12.7 12.8 V 5.4 Z M 9.2 1.9 V 5.4 H 12.7",
    "folder": "M 1.9 4.4 A 1.3 1.3 0 0 1 3.2 3.1 H 5.9 L 7.6 4.9 H 12.8 A 1.3 1.3 0 0 1 14.1 6.2 V 11.7"
    " A 1.3 1.3 0 0 1 12.8 13 H 3.2 A 1.3 1.3 0 0 1 1.9 11.7 Z",
    "book": "M 8 4.3 C 6.9 3.3 5.2 2.9 2.2 3 V 12.3 C 5.2 12.2 6.9 12.6 8 13.5 C 9.1 12.6 10.8 12.2 13.8 12.3 V 3"
    " C 10.8 2.9 9.1 3.3 8 4.3 Z M 8 4.3 V 13.5",
    "download": "M 8 2.2 V 9.8 M 4.9 6.8 L 8 9.9 L 11.1 6.8 M 2.4 10.4 V 12.2 A 1.4 1.4 0 0 0 3.8 13.6 H 12.2"
    " A 1.4 1.4 0 0 0 13.6 12.2 V 10.4",
    "drop": "M 8 2.2 V 9.8 M 4.9 6.8 L 8 9.9 L 11.1 6.8 M 2.4 10.4 V 12.2 A 1.4 1.4 0 0 0 3.8 13.6 H 12.2"
    " A 1.4 1.4 0 0 0 13.6 12.2 V 10.4",
    "export": "M 8 9.9 V 2.3 M 4.9 5.3 L 8 2.2 L 11.1 5.3 M 2.4 10.4 V 12.2 A 1.4 1.4 0 0 0 3.8 13.6 H 12.2"
    " A 1.4 1.4 0 0 0 13.6 12.2 V 10.4",
    "close": "M 3.8 3.8 L 12.2 12.2 M 12.2 3.8 L 3.8 12.2",
    "edit": "M 10.6 2.9 L 13.1 5.4 L 5.6 12.9 L 2.6 13.4 L 3.1 10.4 Z M 9 4.5 L 11.5 7",
    "trash": "M 2.6 4.3 H 13.4 M 6 4.3 V 2.6 H 10 V 4.3 M 4 4.3 L 4.6 13.4 H 11.4 L 12 4.3 M 6.7 7 V 10.8 M 9.3 7 V 10.8",
    "note": "M 3.9 2.5 H 12.1 A 1.4 1.4 0 0 1 13.5 3.9 V 9.6 L 9.6 13.5 H 3.9 A 1.4 1.4 0 0 1 2.5 12.1 V 3.9"
    " A 1.4 1.4 0 0 1 3.9 2.5 Z M 13.5 9.6 H 9.6 V 13.5",
    "status-new": "O 8 8 4.6",
    "status-progress": "O 8 8 4.6",
    "status-conflict": "M 8 2.3 L 13.7 8 L 8 13.7 L 2.3 8 Z M 8 5.6 V 8.4",
    "keyboard": "R 1.6 3.9 12.8 8.2 1.8 M 5.4 9.7 H 10.6",
    "settings": "M 2.4 4.6 H 8.2 M 12 4.6 H 13.6 O 10.1 4.6 1.8 M 2.4 11.4 H 4 M 7.8 11.4 H 13.6 O 5.9 11.4 1.8",
    "person": "O 8 5.2 2.7 M 2.9 13.6 C 3.3 10.8 5.2 9.5 8 9.5 C 10.8 9.5 12.7 10.8 13.1 13.6",
    "quote": "M 6.8 4.1 C 4.3 4.8 3 6.6 3 9.4 A 1.9 1.9 0 1 0 4.9 7.9 C 4 7.9 3.3 8.4 3 9.4"
    " M 13 4.1 C 10.5 4.8 9.2 6.6 9.2 9.4 A 1.9 1.9 0 1 0 11.1 7.9 C 10.2 7.9 9.5 8.4 9.2 9.4",
    "warning": "M 8 2.4 L 14.2 13.2 H 1.8 Z M 8 6.4 V 9.2",
    "info": "O 8 8 5.9 M 8 7.4 V 11",
    "lock": "R 3.2 7 9.6 6.6 1.5 M 5.2 7 V 5 A 2.8 2.8 0 0 1 10.8 5 V 7",
    "tag": "M 2.4 3.6 A 1.2 1.2 0 0 1 3.6 2.4 H 7.8 L 13.6 8.2 L 8.2 13.6 L 2.4 7.8 Z",
    "merge": "M 3 3.2 C 3 7 5.4 8 8 8 H 13 M 3 12.8 C 3 9 5.4 8 8 8 M 10.4 5.4 L 13 8 L 10.4 10.6",
    "help": "O 8 8 5.9 M 6.2 6.4 A 1.85 1.85 0 1 1 8 8.7 V 9.3",
}
_FILLED: dict[str, str] = {
    "more": "O 3.4 8 1.1 O 8 8 1.1 O 12.6 8 1.1",
    "status-progress": "M 8 3.4 A 4.6 4.6 0 0 1 8 12.6 Z",
    "status-conflict": "O 8 10.5 0.8",
    "status-done": "O 8 8 5.2",
    "dot": "O 8 8 3",
    "keyboard": "O 4.3 6.9 0.75 O 6.8 6.9 0.75 O 9.2 6.9 0.75 O 11.7 6.9 0.75",
    "warning": "O 8 11.2 0.8",
    "info": "O 8 5.1 0.85",
    "tag": "O 5.2 5.2 0.9",
    "help": "O 8 11.5 0.85",
}
# Drawn over the filled shape in the colour of the ground.
_CUT: dict[str, str] = {"status-done": "M 5.7 8.2 L 7.3 9.8 L 10.4 6.5"}

_MIRRORED = frozenset(
    ["panel-left", "panel-right", "undo", "redo", "chevron-right", "chevron-left", "merge", "quote", "help", "tag"]
)
NAMES: tuple[str, ...] = tuple(sorted({*_STROKED, *_FILLED}))

_TOKEN = re.compile(r"[A-Za-z]|-?\d*\.?\d+")


def icon(name: str, color: str | None = None) -> QIcon:
    """The icon of this name; `color` is a token name or "#rrggbb" (ink if not given)."""
    from PySide6.QtGui import QIcon

    from annotator.ui.icon_engine import Engine

    return QIcon(Engine(name, color or "ink"))


def pixmap(name: str, size: float = 16, color: QColor | str | None = None, dpr: float | None = None) -> QPixmap:
    """The icon painted in a square of this logical size."""
    from PySide6.QtGui import QPixmap

    ratio = dpr if dpr is not None else max(1.0, QGuiApplication.primaryScreen().devicePixelRatio())
    side = max(1, round(size * ratio))
    result = QPixmap(side, side)
    result.setDevicePixelRatio(ratio)
    result.fill(QColor(0, 0, 0, 0))
    painter = QPainter(result)
    paint(painter, name, QRectF(0, 0, side / ratio, side / ratio), color, mirrored=is_mirrored())
    painter.end()
    return result


def paint(
    painter: QPainter, name: str, rect: QRectF, color: QColor | str | None = None, *, mirrored: bool | None = None
) -> None:
    """Paint an icon into a rectangle. It is mirrored, where it points somewhere, when the painter runs right to left."""
    tint = color if isinstance(color, QColor) else theme.current().color(color or "ink")
    if mirrored is None and name in _MIRRORED:
        from PySide6.QtCore import Qt

        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
    side = min(rect.width(), rect.height())
    scale = side / BOX
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.center().x() - side / 2, rect.center().y() - side / 2)
    painter.scale(scale, scale)
    if mirrored and name in _MIRRORED:
        painter.translate(BOX, 0)
        painter.scale(-1, 1)
    stroked, filled, cut = paths(name)
    if filled is not None:
        painter.fillPath(filled if cut is None else filled.subtracted(cut), brush(tint))
    if stroked is not None:
        painter.strokePath(stroked, round_pen(tint, STROKE))
    painter.restore()


@cache
def paths(name: str) -> tuple[QPainterPath | None, QPainterPath | None, QPainterPath | None]:
    """What is stroked, filled and cut out of an icon."""
    if name not in _STROKED and name not in _FILLED:
        raise KeyError(f"no icon named {name}")
    stroked, filled, cut = (parse_path(table[name]) if name in table else None for table in (_STROKED, _FILLED, _CUT))
    if cut is not None:
        from PySide6.QtGui import QPainterPathStroker

        stroker = QPainterPathStroker(round_pen(QColor("black"), STROKE))
        cut = stroker.createStroke(cut)
    return stroked, filled, cut


def is_mirrored() -> bool:
    """Whether the interface runs right to left."""
    return QGuiApplication.isRightToLeft()


def tint(color: str, enabled: bool = True) -> QColor:
    """The colour of a token for an icon; paler where what it stands on is disabled."""
    now = theme.current()
    return now.color(color) if enabled else theme.mix(now.window, now.text3, 0.62)


def parse_path(data: str) -> QPainterPath:
    """A painter path from absolute SVG path data (M L H V C A Z) and our circles (O) and rounded boxes (R)."""
    path, command = QPainterPath(), ""
    numbers: list[float] = []
    tokens = _TOKEN.findall(data)
    need = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "A": 7, "Z": 0, "O": 3, "R": 5}
    for token in tokens:
        if token.isalpha():
            command, numbers = token, []
        else:
            numbers.append(float(token))
        if len(numbers) == need[command]:
            _add(path, command, numbers)
            numbers = []
    return path


def _add(path: QPainterPath, command: str, n: list[float]) -> None:
    here = path.currentPosition()
    match command:
        case "M":
            path.moveTo(n[0], n[1])
        case "L":
            path.lineTo(n[0], n[1])
        case "H":
            path.lineTo(n[0], here.y())
        case "V":
            path.lineTo(here.x(), n[0])
        case "C":
            path.cubicTo(*n)
        case "A":
            _arc(path, here, n[0], bool(n[3]), bool(n[4]), QPointF(n[5], n[6]))
        case "O":
            path.addEllipse(QPointF(n[0], n[1]), n[2], n[2])
        case "R":
            path.addRoundedRect(QRectF(n[0], n[1], n[2], n[3]), n[4], n[4])
        case _:
            path.closeSubpath()


def _arc(path: QPainterPath, start: QPointF, radius: float, large: bool, sweep: bool, end: QPointF) -> None:
    """A circular arc as SVG means it, by the centre that the two flags pick."""
    import math

    dx, dy = end.x() - start.x(), end.y() - start.y()
    chord = math.hypot(dx, dy)
    radius = max(radius, chord / 2)
    height = math.sqrt(max(radius * radius - chord * chord / 4, 0.0))
    side = -1.0 if large == sweep else 1.0
    cx = (start.x() + end.x()) / 2 - side * height * dy / chord
    cy = (start.y() + end.y()) / 2 + side * height * dx / chord
    first = math.degrees(math.atan2(-(start.y() - cy), start.x() - cx))
    last = math.degrees(math.atan2(-(end.y() - cy), end.x() - cx))
    turn = (last - first) % 360.0  # counter-clockwise, as Qt counts
    if sweep:
        turn -= 360.0
    path.arcTo(QRectF(cx - radius, cy - radius, 2 * radius, 2 * radius), first, turn)
