"""What is dragged in the article: an end of the active annotation, or a line from a claim to what it is linked with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, QTimer

from annotator.domain.model import Fragment, Marked, Stretch
from annotator.ui.reader import words

if TYPE_CHECKING:
    from annotator.ui.reader.view import Reader

_NEAR, _FASTEST = 28, 40  # how near to an edge scrolling begins; pixels a step


class AutoScroll(QObject):
    """Scrolls while something is dragged near the upper or lower edge, or beyond it."""

    def __init__(self, reader: Reader, moved: Callable[[QPoint], None]) -> None:
        super().__init__(reader)
        self._reader = reader
        self._moved = moved
        self._at = QPoint()
        self._timer = QTimer(self)
        self._timer.setInterval(30)
        self._timer.timeout.connect(self._step)

    def follow(self, at: QPoint) -> None:
        """The pointer is there now."""
        self._at = at
        if self._speed():
            if not self._timer.isActive():
                self._timer.start()
        else:
            self._timer.stop()

    def stop(self) -> None:
        """Nothing is dragged any more."""
        self._timer.stop()

    def _speed(self) -> int:
        height = self._reader.viewport().height()
        if self._at.y() < _NEAR:
            return max(-_FASTEST, (self._at.y() - _NEAR) // 2)
        return min(_FASTEST, (self._at.y() - height + _NEAR) // 2) if self._at.y() > height - _NEAR else 0

    def _step(self) -> None:
        bar = self._reader.verticalScrollBar()
        before = bar.value()
        bar.setValue(before + self._speed())
        if bar.value() == before:
            self._timer.stop()
        else:
            self._moved(self._at)


class EdgeDrag:
    """An end of a fragment of the active annotation follows the pointer."""

    def __init__(self, reader: Reader, annotation: Marked, part: int, start: bool) -> None:
        self._reader = reader
        self._annotation = annotation
        self._part, self._start = part, start
        self._moved: tuple[Fragment, ...] | None = None

    def move(self, at: QPoint) -> None:
        """Draw the annotation as it would be."""
        reader, annotation = self._reader, self._annotation
        text = reader.places.text
        point = words.cluster_start(text, reader.places.point(reader.cursorForPosition(at).position()))
        old = annotation.fragments[self._part]
        others = [f for i, f in enumerate(annotation.fragments) if i != self._part]
        if self._start:
            low = max((f.end for f in others if f.end <= old.start), default=0)
            new = Fragment(max(low, min(point, words.cluster_start(text, old.end - 1))), old.end)
        else:
            high = min((f.start for f in others if f.start >= old.end), default=len(text))
            new = Fragment(old.start, min(high, max(point, words.cluster_end(text, old.start + 1))))
        self._moved = tuple(new if i == self._part else f for i, f in enumerate(annotation.fragments))
        reader.preview(Stretch.of(annotation.id, annotation.layer_id, self._moved))

    def drop(self, at: QPoint) -> None:
        """Let go: the project changes the annotation, or refuses to."""
        self.cancel()
        if self._moved is not None and self._moved != self._annotation.fragments:
            self._reader.boundary_dragged.emit(self._annotation.id, self._moved)

    def cancel(self) -> None:
        """Leave it as it was."""
        self._reader.preview(self._annotation)


class LinkDrag:
    """A line from a claim to the pointer; what it can be linked with lights up under it."""

    def __init__(self, reader: Reader, id_: str, origin: QPointF) -> None:
        self._reader = reader
        self._id = id_
        self._origin = origin

    def move(self, at: QPoint) -> None:
        """Draw the line, and light up what it would be linked with."""
        reader = self._reader
        targets = self.targets(at)
        reader.set_hover(targets[0] if targets else None)
        end = QPointF(at) + QPointF(0, reader.scrolled())
        reader.set_rubber((self._id, self._origin, end, bool(targets)))

    def targets(self, at: QPoint) -> list[str]:
        """What lies there and can be linked, innermost first."""
        reader = self._reader
        return [id_ for id_ in reader.annotations_at(QPointF(at)) if reader.can_link(self._id, id_)]

    def drop(self, at: QPoint) -> None:
        """Let go: over something that can be linked, it is."""
        targets = self.targets(at)
        self.cancel()
        if targets:
            self._reader.link_dragged.emit(self._id, targets, at)

    def cancel(self) -> None:
        """Take the line away."""
        self._reader.set_rubber(None)
        self._reader.set_hover(None)
