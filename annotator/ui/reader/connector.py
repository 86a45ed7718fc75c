"""A quiet line between the fragments of an annotation: it runs in the gaps between lines and in the end margin only."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from annotator.ui.reader import shapes
from annotator.ui.reader.layout import LazyLayout
from annotator.ui.reader.lines import Line, Lines, edge
from annotator.ui.reader.places import Places
from annotator.ui.reader.scene import Scene
from annotator.ui.reader.spans import Span

_OUT = 4.0  # how far out in the end margin it runs down
_TICK = 3.0
_RADIUS = 3.0


def route(layout: LazyLayout, places: Places, scene: Scene, spans: list[Span]) -> QPainterPath:
    """From the end of each fragment to the beginning of the next in the text."""
    path = QPainterPath()
    for before, after in pairwise(sorted(spans)):
        start = Lines.around(layout, places, max(before.start, before.end - 1)).at(max(before.start, before.end - 1))
        end = Lines.around(layout, places, after.start).at(after.start)
        if start is None or end is None or after.start <= before.end:
            continue
        x0, x1 = edge(start, before.end, leading=False), edge(end, after.start, leading=True)
        if x0 is not None and x1 is not None:
            points = _points(scene, start, end, x0, x1)
            shapes.add_rounded(path, points, _RADIUS * scene.measures.scale, closed=False)
    return path


def _points(scene: Scene, start: Line, end: Line, x0: float, x1: float) -> list[tuple[float, float]]:
    measures, scale = scene.measures, scene.measures.scale
    under = start.base + measures.tint_down + 1.2 * scale
    over = end.base - measures.tint_up - 1.2 * scale
    tick = _TICK * scale
    if abs(end.base - start.base) < 1:
        return [(x0, under - tick), (x0, under), (x1, under), (x1, under - tick)]
    if over - under < measures.gap + 2 * scale:  # the very next line: one gap holds all of it
        return [(x0, under - tick), (x0, under), (x1, under), (x1, over + tick)]
    out = scene.end_x + scene.outward * _OUT
    return [(x0, under - tick), (x0, under), (out, under), (out, over), (x1, over), (x1, over + tick)]


def paint(painter: QPainter, scene: Scene, layout: LazyLayout, places: Places) -> None:
    """Draw it for every annotation of several fragments that is not at rest."""
    shown = {scene.active, scene.hover, *scene.selected, *scene.chained}
    for id_ in sorted(id_ for id_ in shown if id_):
        annotation = scene.store.annotations.get(id_)
        if annotation is None:
            continue
        spans = scene.store.spans(annotation)
        if len(spans) < 2:
            continue
        color = scene.soft(scene.styles.layer(annotation.layer_id).stroke, 0.75)
        pen = QPen(color, 1.1 * scene.measures.scale, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([2.6, 2.2])
        painter.strokePath(route(layout, places, scene, spans), pen)
