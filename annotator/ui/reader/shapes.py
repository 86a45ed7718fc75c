"""Outlines as painter paths: boxes that may be open at an end, shapes joined over lines, waves, brackets, arrows."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from math import hypot

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def filled(box: Box, radius: float, left: bool, right: bool) -> QPainterPath:
    """A box to be filled, rounded at its closed ends."""
    x0, y0, x1, y1 = box
    path = QPainterPath()
    if left and right:
        path.addRoundedRect(QRectF(x0, y0, x1 - x0, y1 - y0), radius, radius)
        return path
    a, b = (radius if left else 0.0), (radius if right else 0.0)
    a, b = min(a, (x1 - x0) / 2), min(b, (x1 - x0) / 2)
    path.moveTo(x0 + a, y0)
    path.lineTo(x1 - b, y0)
    if b:
        path.quadTo(x1, y0, x1, y0 + b)
        path.lineTo(x1, y1 - b)
        path.quadTo(x1, y1, x1 - b, y1)
    else:
        path.lineTo(x1, y1)
    path.lineTo(x0 + a, y1)
    if a:
        path.quadTo(x0, y1, x0, y1 - a)
        path.lineTo(x0, y0 + a)
        path.quadTo(x0, y0, x0 + a, y0)
    else:
        path.lineTo(x0, y0)
    path.closeSubpath()
    return path


def stroked(path: QPainterPath, box: Box, radius: float, left: bool, right: bool) -> None:
    """Add a box to be stroked: rounded where closed, without a side where open."""
    x0, y0, x1, y1 = box
    if left and right:
        path.addRoundedRect(QRectF(x0, y0, x1 - x0, y1 - y0), radius, radius)
    elif left or right:
        near, far = (x0, x1) if left else (x1, x0)
        r = min(radius, x1 - x0)
        inward = r if left else -r
        path.moveTo(far, y0)
        path.lineTo(near + inward, y0)
        path.quadTo(near, y0, near, y0 + r)
        path.lineTo(near, y1 - r)
        path.quadTo(near, y1, near + inward, y1)
        path.lineTo(far, y1)
    else:
        path.moveTo(x0, y0)
        path.lineTo(x1, y0)
        path.moveTo(x0, y1)
        path.lineTo(x1, y1)


def joined(rows: Sequence[Sequence[Box]], radius: float, reach: float) -> QPainterPath:
    """The boxes of following lines as one shape, where each line has one box and they lie above one another.

    `reach`: rows further apart than this stay apart (a paragraph ends between them).
    """
    path = QPainterPath()
    run: list[Box] = []
    for row in rows:
        alone = len(row) == 1
        if run and not (alone and _touches(run[-1], row[0], radius, reach)):
            _add_run(path, run, radius)
            run = []
        if alone:
            run.append(row[0])
            continue
        for box in row:
            _add_run(path, [box], radius)
    if run:
        _add_run(path, run, radius)
    return path


def _touches(upper: Box, lower: Box, radius: float, reach: float) -> bool:
    overlap = min(upper[2], lower[2]) - max(upper[0], lower[0])
    return overlap > radius and lower[1] - upper[3] < reach


def _add_run(path: QPainterPath, run: list[Box], radius: float) -> None:
    boxes = [list(box) for box in run]
    for upper, lower in itertools.pairwise(boxes):
        upper[3] = lower[1] = (upper[3] + lower[1]) / 2
    right: list[tuple[float, float]] = []
    left: list[tuple[float, float]] = []
    for x0, y0, x1, y1 in boxes:
        right += [(x1, y0), (x1, y1)]
        left += [(x0, y0), (x0, y1)]
    add_rounded(path, right + left[::-1], radius)


def add_rounded(path: QPainterPath, points: list[tuple[float, float]], radius: float, *, closed: bool = True) -> None:
    """A polygon, or a line where not closed, with its corners rounded."""
    points = _without_repeats(points, closed)
    if len(points) < 2:
        return
    count = len(points)
    corners = range(count) if closed else range(1, count - 1)
    if not closed:
        path.moveTo(*points[0])
    for number, i in enumerate(corners):
        (px, py), (x, y), (nx, ny) = points[i - 1], points[i], points[(i + 1) % count]
        before, after = hypot(px - x, py - y), hypot(nx - x, ny - y)
        # Half of a side, but the whole of one that ends in no other corner.
        room_before = before if not closed and i == 1 else before / 2
        room_after = after if not closed and i == count - 2 else after / 2
        r = min(radius, room_before, room_after)
        a = QPointF(x + (px - x) / before * r, y + (py - y) / before * r)
        b = QPointF(x + (nx - x) / after * r, y + (ny - y) / after * r)
        if closed and number == 0:
            path.moveTo(a)
        else:
            path.lineTo(a)
        path.quadTo(QPointF(x, y), b)
    if closed:
        path.closeSubpath()
    else:
        path.lineTo(*points[-1])


def _without_repeats(points: list[tuple[float, float]], closed: bool) -> list[tuple[float, float]]:
    """Without points that repeat or that lie in the middle of a straight side."""
    kept: list[tuple[float, float]] = []
    for x, y in points:
        if kept and abs(kept[-1][0] - x) < 0.05 and abs(kept[-1][1] - y) < 0.05:
            continue
        while len(kept) > 1 and _straight(kept[-2], kept[-1], (x, y)):
            kept.pop()
        kept.append((x, y))
    while closed and len(kept) > 2 and _straight(kept[-2], kept[-1], kept[0]):
        kept.pop()
    while closed and len(kept) > 2 and _straight(kept[-1], kept[0], kept[1]):
        kept.pop(0)
    return kept


def _straight(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    same_x = abs(a[0] - b[0]) < 0.05 and abs(b[0] - c[0]) < 0.05
    return same_x or (abs(a[1] - b[1]) < 0.05 and abs(b[1] - c[1]) < 0.05)


def wave(path: QPainterPath, x0: float, x1: float, y: float, scale: float) -> None:
    """Add a wavy line."""
    half, high = 2.6 * scale, 1.5 * scale
    path.moveTo(x0, y)
    x, up = x0, True
    while x < x1 - 0.3:
        step = min(half, x1 - x)
        path.quadTo(x + step / 2, y + (-high if up else high), x + step, y)
        x, up = x + step, not up


def bracket(path: QPainterPath, x: float, tick: float, top: float, bottom: float, radius: float) -> None:
    """Add a bracket whose ticks point by `tick` (negative: to the left)."""
    add_rounded(path, [(x + tick, top), (x, top), (x, bottom), (x + tick, bottom)], radius, closed=False)


def arrow(path: QPainterPath, x: float, y: float, size: float, down: bool) -> None:
    """Add an arrow head whose tip is at (x, y)."""
    back = -size * 1.15 if down else size * 1.15
    path.moveTo(x - size, y + back)
    path.lineTo(x, y)
    path.lineTo(x + size, y + back)
