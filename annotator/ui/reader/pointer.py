"""The mouse in the article: hovering, clicking, selecting words and sentences, dragging."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QTextLine
from PySide6.QtWidgets import QApplication

from annotator.domain.model import Marked
from annotator.ui.reader import words
from annotator.ui.reader.drags import AutoScroll, EdgeDrag, LinkDrag
from annotator.ui.reader.gutter import Gutter
from annotator.ui.reader.lines import Line, Lines
from annotator.ui.reader.marks import counted_at, hidden_on
from annotator.ui.reader.overlay import handles, link_dot

if TYPE_CHECKING:
    from annotator.ui.reader.view import Reader

_GRAB = 5.0
_DOT_GRAB = 6.5


class Pointer:
    """Takes the reader's mouse events and says whether it used them up."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._pressed: QPoint | None = None
        self._held: EdgeDrag | LinkDrag | None = None
        self._begun: LinkDrag | None = None  # pressed, not moved far enough yet
        self._scroll = AutoScroll(reader, self._drag_to)
        self._double = QElapsedTimer()
        self._double_at = QPoint()

    @property
    def dragging(self) -> bool:
        """Whether an end of an annotation or a link is being dragged."""
        return self._held is not None

    def press(self, event: QMouseEvent) -> bool:
        """A button went down."""
        reader, at = self._reader, event.position().toPoint()
        if event.button() != Qt.MouseButton.LeftButton:
            return event.button() == Qt.MouseButton.RightButton  # the context menu keeps the selection
        self._begun = self._link_at(event.position())
        if self._begun is None and (end := self._end_at(event.position())) is not None:
            self._held = EdgeDrag(reader, *end)
            return True
        if self._is_third_click(at):
            point = reader.places.point(reader.cursorForPosition(at).position())
            reader.select(*words.sentence(reader.places.text, point, point))
            return True
        self._pressed = at
        if self._begun is not None or self.gutter_at(event.position()):
            return True
        cursor = reader.textCursor()
        if cursor.hasSelection() and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            cursor.clearSelection()  # else a press inside the selection would drag the text away
            reader.setTextCursor(cursor)
        return False

    def move(self, event: QMouseEvent) -> bool:
        """The pointer moved."""
        at = event.position().toPoint()
        if self._begun is not None and self._pressed is not None and self._far(at, self._pressed):
            self._held, self._begun, self._pressed = self._begun, None, None
            self._reader.viewport().setCursor(Qt.CursorShape.CrossCursor)
        if self._held is not None:
            self._drag_to(at)
            self._scroll.follow(at)
            return True
        if not event.buttons():
            self._hover(event.position())
        return self._begun is not None

    def release(self, event: QMouseEvent) -> bool:
        """A button went up."""
        reader, at = self._reader, event.position().toPoint()
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        self._begun = None
        if self._held is not None:
            held, self._held = self._held, None
            self._scroll.stop()
            held.drop(at)
            return True
        pressed, self._pressed = self._pressed, None
        if pressed is not None and not self._far(at, pressed):
            gutter = self.gutter_at(event.position())
            if not reader.textCursor().hasSelection() or gutter:
                counted = counted_at(reader.scene(), event.position() + QPointF(0, reader.scrolled()))
                ids = counted or self.at(event.position())
                reader.clicked.emit(ids)
                if len(ids) > 1:
                    reader.several_clicked.emit(ids, at)
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
        if self._held is None:
            self._reader.set_hover(None)
            self._reader.show_handles(False)

    def cancel(self) -> None:
        """Leave what is dragged as it was."""
        if self._held is not None:
            self._held.cancel()
        self._held = self._begun = self._pressed = None
        self._scroll.stop()

    def at(self, where: QPointF) -> list[str]:
        """Ids of the annotations under a place of the viewport, innermost first; in the margins those of a bracket or count."""
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
        near = Lines.between(reader.lazy, reader.places, y - measures.line, y + measures.line)
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

    def _end_at(self, where: QPointF) -> tuple[Marked, int, bool] | None:
        """The end of the active annotation that can be taken hold of there: the fragment, and whether it is its start."""
        reader = self._reader
        annotation = reader.store.annotations.get(reader.active or "")
        if annotation is None or reader.fixed:
            return None
        y = where.y() + reader.scrolled()
        for handle in handles(reader.scene().lines, reader.store.spans(annotation), reader.measures):
            if abs(handle.x - where.x()) <= _GRAB and handle.top - 4 <= y <= handle.bottom + 4:
                return annotation, handle.span.part, handle.start
        return None

    def _link_at(self, where: QPointF) -> LinkDrag | None:
        """The claim whose number, or dot on the active one, is there: a link can be dragged from it."""
        reader = self._reader
        if reader.fixed:
            return None
        scene, place = reader.scene(), where + QPointF(0, reader.scrolled())
        dot = link_dot(scene)
        if dot is not None and (dot - place).manhattanLength() <= _DOT_GRAB:
            return LinkDrag(reader, reader.active or "", dot)
        outside = where.x() > scene.text_right if scene.rtl else where.x() < scene.text_left
        number = Gutter(scene).number_at(place.x(), place.y()) if outside else None
        return LinkDrag(reader, number.id, number.box.center()) if number and not number.ghost else None

    def _drag_to(self, at: QPoint) -> None:
        if self._held is not None:
            self._held.move(at)

    def _hover(self, where: QPointF) -> None:
        reader = self._reader
        end, link = self._end_at(where), self._link_at(where)
        found = self.at(where)
        near = end is not None or link is not None or reader.active in found
        reader.show_handles(reader.active is not None and not reader.fixed and near)
        reader.set_hover(found[0] if found else (end[0].id if end else None))
        if link is not None:
            shape = Qt.CursorShape.PointingHandCursor
        elif end is not None:
            shape = Qt.CursorShape.SizeHorCursor
        elif found and self._position_at(where) is None:
            shape = Qt.CursorShape.PointingHandCursor
        else:
            shape = Qt.CursorShape.IBeamCursor
        view = reader.viewport()
        if view.cursor().shape() != shape:
            view.setCursor(shape)
        tip = QCoreApplication.translate("Reader", "Drag onto a source, an actor or a claim to link it")
        if view.toolTip() != (tip if link is not None else ""):
            view.setToolTip(tip if link is not None else "")

    def _far(self, at: QPoint, pressed: QPoint) -> bool:
        return (at - pressed).manhattanLength() >= QApplication.startDragDistance()

    def _is_third_click(self, at: QPoint) -> bool:
        soon = self._double.isValid() and self._double.elapsed() < QApplication.doubleClickInterval()
        self._double.invalidate()
        return soon and (at - self._double_at).manhattanLength() < QApplication.startDragDistance()
