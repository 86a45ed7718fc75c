"""The article pane: caret, selection, mouse and what a screen reader is told, on top of the canvas."""

from __future__ import annotations

import operator
from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from annotator.domain.model import Fragment, Marked, covered
from annotator.ui.reader import keys, words
from annotator.ui.reader.canvas import Canvas
from annotator.ui.reader.pointer import Pointer
from annotator.ui.reader.scene import Chain

__all__ = ["Chain", "Reader"]


class Reader(Canvas):
    """A read-only article with a visible caret. Keys other than those that move the caret belong to actions."""

    selection_changed = Signal()
    caret_moved = Signal(int)
    clicked = Signal(list)
    """Ids of the annotations under a click, innermost first (empty beside all of them)."""
    context_requested = Signal(list, QPoint)
    several_clicked = Signal(list, QPoint)
    """More than one annotation lies under a click there (in the viewport): those of `clicked`."""
    boundary_dragged = Signal(str, object)
    link_dragged = Signal(str, list, QPoint)
    """A line was dragged from an annotation onto others that it can be linked with, innermost first."""
    selected_by_mouse = Signal(QPoint)
    """A stretch was selected by mouse, and the button is up again, there in the viewport."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fixed = False
        """Whether ends of annotations cannot be dragged (a read-only project)."""
        self.describe: Callable[[Marked], str] = self._describe
        """Says what an annotation is, for screen readers; the window may put in a fuller text."""
        self.can_link: Callable[[str, str], bool] = operator.ne
        """Whether two annotations, by id, could be linked."""
        self._narrowing: list[tuple[int, int]] = []
        self._widening = False
        self._pointer = Pointer(self)
        self._told = ""
        # When the article is painted: what is said takes more reading than what is shown.
        self._saying = QTimer(self)
        self._saying.setSingleShot(True)
        self._saying.setInterval(0)
        self._saying.timeout.connect(self._say)
        self._caret_area = QRect()
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(self.tr("Article text"))
        self.cursorPositionChanged.connect(self._caret_changed)
        self.selectionChanged.connect(self._selection_changed)

    def set_text(self, text: str, rtl: bool | None = None) -> None:
        """Show another article. `rtl`: its direction; by its first letter if not given."""
        self._narrowing = []
        super().set_text(text, rtl)

    # Caret and selection, in code points

    def caret(self) -> int:
        """Where the caret stands."""
        return self.places.point(self.textCursor().position())

    def set_caret(self, point: int) -> None:
        """Put the caret there, and nothing is selected."""
        self.select(point, point)

    def select(self, start: int, end: int) -> None:
        """Select a stretch, widened to whole characters as people see them; the caret is at its end."""
        start, end = words.snap(self.places.text, min(start, end), max(start, end))
        if end:
            self.complete()
        cursor = self.textCursor()
        cursor.setPosition(self.places.view(start))
        if end > start:
            cursor.setPosition(self.places.view_end(end), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def clear_selection(self) -> None:
        """Let the selection go; the caret stays."""
        cursor = self.textCursor()
        cursor.clearSelection()
        self.setTextCursor(cursor)

    def selection(self) -> tuple[int, int]:
        """Start and end of what is selected; the same where nothing is."""
        cursor = self.textCursor()
        return self.places.point(cursor.selectionStart()), self.places.point(cursor.selectionEnd())

    def fragments(self) -> tuple[Fragment, ...]:
        """The selection as it would be tagged; empty when nothing is selected."""
        start, end = self.selection()
        return words.as_fragment(self.places.text, start, end) if start < end else ()

    def word_at_caret(self) -> tuple[Fragment, ...]:
        """The word around or just before the caret; empty where there is none."""
        start, end = words.word_at(self.places.text, self.caret())
        return words.as_fragment(self.places.text, start, end) if start < end else ()

    def widen(self) -> None:
        """Select more: the word, the phrase or quotation, the sentence, the paragraph."""
        before = self.selection()
        wider = words.wider(self.places.text, *before)
        if wider != before:
            self._select_keeping(*wider, [*self._narrowing, before])

    def narrow(self) -> None:
        """Go back one step of widening."""
        if self._narrowing:
            before = self._narrowing[-1]
            self._select_keeping(*before, self._narrowing[:-1])

    def _select_keeping(self, start: int, end: int, steps: list[tuple[int, int]]) -> None:
        self._widening = True
        self.select(start, end)
        self._widening = False
        self._narrowing = steps

    def at_caret(self) -> list[str]:
        """Ids of the annotations at the caret (at the selection's start), innermost first; suggestions last."""
        position = self.textCursor().selectionStart()
        return [*self.store.at(position, touching=True), *self.ghost_store.at(position, touching=True)]

    def scroll_to(self, start: int, end: int) -> None:
        """Bring a stretch on the screen, if it is not; as little as needed moves."""
        self.complete()
        cursor = QTextCursor(self.document())
        cursor.setPosition(self.places.view(start))
        top = self.cursorRect(cursor).top() - self.measures.line
        cursor.setPosition(self.places.view_end(end))
        bottom = self.cursorRect(cursor).bottom() + self.measures.line
        height, bar = self.viewport().height(), self.verticalScrollBar()
        if top < 0 or bottom > height:
            fits = bottom - top < height * 2 / 3
            bar.setValue(round(bar.value() + top - (height / 3 if fits else self.measures.line)))

    # Events

    def event(self, event: QEvent) -> bool:
        """Leave every key to actions but those that move the caret, select and copy."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            self.complete()
            leaves_drag = event.key() == Qt.Key.Key_Escape and self._pointer.dragging
            event.setAccepted(keys.is_own(event) or leaves_drag)
            return event.isAccepted()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the caret; blank lines between paragraphs are one step."""
        if event.key() == Qt.Key.Key_Escape and self._pointer.dragging:
            self._pointer.cancel()
            return
        if not keys.is_own(event) and event.key() != Qt.Key.Key_Space:
            event.ignore()
            return
        if event.matches(QKeySequence.StandardKey.SelectAll):
            top = self.verticalScrollBar().value()
            self.select(0, len(self.places.text))  # all of it, also where blank lines end it
            self.verticalScrollBar().setValue(top)
            return
        before = self.textCursor()
        super().keyPressEvent(event)
        self.show_caret()
        cursor = self.textCursor()
        moved = keys.pass_blanks(cursor, before, event)
        point = self.places.point(cursor.position())
        whole = words.cluster_start(self.places.text, point)
        if whole != point:  # Qt knows fewer clusters than there are
            forward = cursor.position() > before.position()
            point = words.cluster_end(self.places.text, point) if forward else whole
            keep = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            mode = QTextCursor.MoveMode.KeepAnchor if keep else QTextCursor.MoveMode.MoveAnchor
            cursor.setPosition(self.places.view(point), mode)
            moved = True
        if moved:
            self.setTextCursor(cursor)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl, zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(event.angleDelta().y() / 120)
            event.accept()
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection, or take hold of an end of the active annotation."""
        if not self._pointer.press(event):
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover, select, or drag an end."""
        if not self._pointer.move(event):
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what was begun."""
        if not self._pointer.release(event):
            super().mouseReleaseEvent(event)
            self._leave_blank()
            if event.button() == Qt.MouseButton.LeftButton and self.fragments():
                self.selected_by_mouse.emit(event.position().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select a word."""
        if not self._pointer.double_click(event):
            super().mouseDoubleClickEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self._pointer.leave()
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu: at the pointer, or at the caret where a key asked."""
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            ids, at = self._pointer.at(event.pos().toPointF()), event.globalPos()
            point = self.places.point(self.cursorForPosition(event.pos()).position())
            start, end = self.selection()
            if not start <= point <= end or start == end:
                self.set_caret(point)  # what the menu's actions mean is what lies at the caret
        else:
            ids, at = self.at_caret(), self.viewport().mapToGlobal(self.cursorRect().bottomLeft())
        self.context_requested.emit(ids, at)
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the caret."""
        super().focusInEvent(event)
        self._tell()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the caret."""
        super().focusOutEvent(event)
        self.viewport().update()

    def createMimeDataFromSelection(self) -> QMimeData:
        """What is copied: the stored text, plain."""
        start, end = self.selection()
        data = QMimeData()
        data.setText(self.places.text[start:end])
        return data

    def show_handles(self, shown: bool) -> None:
        """Whether the ends of the active annotation show grips (the pointer is near)."""
        if shown != self._handles_shown:
            self._handles_shown = shown
            self.viewport().update()

    def boxes(self, start: int, end: int) -> list[QRectF]:
        """The boxes that a stretch (code points) fills on the screen, in the viewport."""
        scene, measures = self.scene(), self.measures
        pieces = scene.lines.pieces(self.places.view(start), self.places.view_end(end))
        up, height = measures.tint_up, measures.tint_up + measures.tint_down
        boxes = [QRectF(p.x0, p.line.base - up - self.scrolled(), p.x1 - p.x0, height) for p in pieces]
        screen = QRectF(self.viewport().rect())
        return [box for box in boxes if box.intersects(screen)]

    def annotations_at(self, where: QPointF) -> list[str]:
        """Ids of the annotations under a place of the viewport, innermost first; no suggestions."""
        return [id_ for id_ in self._pointer.at(where) if id_ in self.store.annotations]

    def preview(self, annotation: Marked) -> None:
        """Draw an annotation with other ends while they are dragged."""
        self.patch([annotation])

    def _leave_blank(self) -> None:
        """A click between two paragraphs is a click at the beginning of the next one."""
        cursor = self.textCursor()
        if cursor.hasSelection() or not keys.is_blank(cursor.block()):
            return
        block = keys.neighbour(cursor.block(), forward=True) or keys.neighbour(cursor.block(), forward=False)
        if block is not None:
            cursor.setPosition(block.position())
            self.setTextCursor(cursor)

    def _caret_changed(self) -> None:
        self._repaint_caret()
        if self.hasFocus():
            self._tell()
        self.caret_moved.emit(self.caret())

    def _repaint_caret(self) -> None:
        """Only the lines where the caret was and is; the selection repaints itself."""
        height, width = round(self.measures.line * 1.4), self.viewport().width()
        here = QRect(0, self.cursorRect().center().y() - height, width, 2 * height)
        self.viewport().update(self._caret_area)
        self.viewport().update(here)
        self._caret_area = here

    def _selection_changed(self) -> None:
        if not self._widening:
            self._narrowing = []
        self.viewport().update()
        self.selection_changed.emit()

    def _tell(self) -> None:
        """Say to a screen reader what the caret is in, soon."""
        self._saying.start()

    def _say(self) -> None:
        found = [self.store.annotations[id_] for id_ in self.at_caret() if id_ in self.store.annotations]
        told = "; ".join(self.describe(annotation) for annotation in found[:4])
        if told != self._told:
            self._told = told
            self.setAccessibleDescription(told)
            if told and QAccessible.isActive():
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, told))

    def _describe(self, annotation: Marked) -> str:
        layer = next((layer.name for layer in self._layers if layer.id == annotation.layer_id), self.tr("Annotation"))
        number = self._numbers.get(annotation.id, "")
        return " ".join(filter(None, (layer, number))) + ": " + covered(self.places.text, annotation.fragments)
