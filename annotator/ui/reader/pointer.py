"""The mouse in the article: hovering, clicking, selecting words and sentences, dragging the ends of an annotation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QTextLine
from PySide6.QtWidgets import QApplication

from annotator.domain.model import Annotation, Fragment
from annotator.ui.reader import words
from annotator.ui.reader.gutter import Gutter
from annotator.ui.reader.lines import Line, Lines
from annotator.ui.reader.marks import hidden_on
from annotator.ui.reader.overlay import handles

if TYPE_CHECKING:
    from annotator.ui.reader.view import Reader

_GRAB = 5.0


class Pointer:
    """Takes the reader's mouse events and says whether it used them up."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._pressed: QPoint | None = None
        self._held: tuple[Annotation, int, bool] | None = None  # annotation, fragment, whether its start is dragged
        self._moved: tuple[Fragment, ...] | None = None
        self._double = QElapsedTimer()
        self._double_at = QPoint()

    @property
    def dragging(self) -> bool:
        """Whether an end of an annotation is being dragged."""
        return self._held is not None

    def press(self, event: QMouseEvent) -> bool:
        """A button went down."""
        reader, at = self._reader, event.position().toPoint()
        if event.button() != Qt.MouseButton.LeftButton:
            return event.button() == Qt.MouseButton.RightButton  # the context menu keeps the selection
        self._held = self._handle_at(event.position())
        if self._held is not None:
            return True
        if self._is_third_click(at):
            point = reader.places.point(reader.cursorForPosition(at).position())
            reader.select(*words.sentence(reader.places.text, point, point))
            return True
        self._pressed = at
        if self.gutter_at(event.position()):
            return True
        cursor = reader.textCursor()
        if cursor.hasSelection() and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            cursor.clearSelection()  # else a press inside the selection would drag the text away
            reader.setTextCursor(cursor)
        return False

    def move(self, event: QMouseEvent) -> bool:
        """The pointer moved."""
        if self._held is not None:
            self._drag_to(event.position().toPoint())
            return True
        if not event.buttons():
            self._hover(event.position())
        return False

    def release(self, event: QMouseEvent) -> bool:
        """A button went up."""
        reader = self._reader
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        if self._held is not None:
            annotation, moved = self._held[0], self._moved
            self.cancel()
            if moved is not None and moved != annotation.fragments:
                reader.boundary_dragged.emit(annotation.id, moved)
            return True
        at, pressed = event.position().toPoint(), self._pressed
        self._pressed = None
        if pressed is not None and (at - pressed).manhattanLength() < QApplication.startDragDistance():
            ids = self.at(event.position())
            if not reader.textCursor().hasSelection() or self.gutter_at(event.position()):
                reader.clicked.emit(ids)
        return False

    def double_click(self, event: QMouseEvent) -> bool:
        """Select the word under the pointer."""
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        self._pressed = None
        at = event.position().toPoint()
        self._double.restart()
        self._double_at = at
        position = self._position_at(event.position())
        if position is not None:
            start, end = words.word(self._reader.places.text, self._reader.places.point(position))
            if start < end:
                self._reader.select(start, end)
        return True

    def leave(self) -> None:
        """The pointer left the text."""
        self._reader.set_hover(None)
        self._reader.show_handles(False)

    def cancel(self) -> None:
        """Give a dragged end back."""
        if self._held is not None:
            self._reader.preview(self._held[0])
        self._held = self._moved = None

    def at(self, where: QPointF) -> list[str]:
        """Ids of the annotations under a place of the viewport, innermost first; also those of a bracket or count."""
        reader = self._reader
        found = self.gutter_at(where)
        if found:
            return found
        position = self._position_at(where)
        if position is not None:
            return [*reader.store.at(position), *reader.ghost_store.at(position)]
        line = self._line_at(where)
        return hidden_on(reader.scene(), line) if line is not None else []

    def gutter_at(self, where: QPointF) -> list[str]:
        """Ids of the claims whose bracket or number is there."""
        reader = self._reader
        scene = reader.scene()
        outside = where.x() > scene.text_right if scene.rtl else where.x() < scene.text_left
        return Gutter(scene).at(where.x(), where.y() + reader.scrolled()) if outside else []

    def _line_at(self, where: QPointF) -> Line | None:
        reader = self._reader
        y = where.y() + reader.scrolled()
        measures = reader.measures
        near = Lines.between(reader.document(), reader.places, y - measures.line, y + measures.line)
        for line in near.lines:
            if line.base - measures.ascent <= y < line.base - measures.ascent + measures.line:
                return line
        return None

    def _position_at(self, where: QPointF) -> int | None:
        """The view position of the character under a place."""
        line = self._line_at(where)
        if line is None or not line.left - 2 <= where.x() <= line.right + 2:
            return None
        on_character = QTextLine.CursorPosition.CursorOnCharacter
        return min(line.qt.xToCursor(where.x() - line.x, on_character) + line.origin, max(line.start, line.end - 1))

    def _handle_at(self, where: QPointF) -> tuple[Annotation, int, bool] | None:
        reader = self._reader
        annotation = reader.store.annotations.get(reader.active or "")
        if annotation is None or reader.fixed:
            return None
        y = where.y() + reader.scrolled()
        for handle in handles(reader.scene().lines, reader.store.spans(annotation), reader.measures):
            if abs(handle.x - where.x()) <= _GRAB and handle.top - 4 <= y <= handle.bottom + 4:
                return annotation, handle.span.part, handle.start
        return None

    def _drag_to(self, at: QPoint) -> None:
        assert self._held is not None
        reader, (annotation, part, start) = self._reader, self._held
        text = reader.places.text
        point = words.cluster_start(text, reader.places.point(reader.cursorForPosition(at).position()))
        old = annotation.fragments[part]
        others = [f for i, f in enumerate(annotation.fragments) if i != part]
        if start:
            low = max((f.end for f in others if f.end <= old.start), default=0)
            new = Fragment(max(low, min(point, words.cluster_start(text, old.end - 1))), old.end)
        else:
            high = min((f.start for f in others if f.start >= old.end), default=len(text))
            new = Fragment(old.start, min(high, max(point, words.cluster_end(text, old.start + 1))))
        self._moved = tuple(new if i == part else f for i, f in enumerate(annotation.fragments))
        reader.preview(replace(annotation, fragments=self._moved))

    def _hover(self, where: QPointF) -> None:
        reader = self._reader
        handle = self._handle_at(where)
        found = self.at(where)
        reader.show_handles(
            reader.active is not None and not reader.fixed and (handle is not None or reader.active in found)
        )
        reader.set_hover(found[0] if found else (handle[0].id if handle else None))
        if handle is not None:
            shape = Qt.CursorShape.SizeHorCursor
        elif found and self._position_at(where) is None:
            shape = Qt.CursorShape.PointingHandCursor
        else:
            shape = Qt.CursorShape.IBeamCursor
        if reader.viewport().cursor().shape() != shape:
            reader.viewport().setCursor(shape)

    def _is_third_click(self, at: QPoint) -> bool:
        soon = self._double.isValid() and self._double.elapsed() < QApplication.doubleClickInterval()
        self._double.invalidate()
        return soon and (at - self._double_at).manhattanLength() < QApplication.startDragDistance()
