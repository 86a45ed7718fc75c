"""The article and its marks, laid out and painted; what keys and mouse do is added in `view`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from PySide6.QtCore import QRectF, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from annotator.domain.codebook import Layer
from annotator.domain.model import Marked
from annotator.ui import theme
from annotator.ui.reader import connector
from annotator.ui.reader.chain import Route, Router, paint_chain
from annotator.ui.reader.finds import Finds
from annotator.ui.reader.gutter import Gutter, paint_accept_hint
from annotator.ui.reader.lines import Lines, caret_x, line_of
from annotator.ui.reader.marks import MarkPainter
from annotator.ui.reader.overlay import (
    Rubber,
    caret_box,
    paint_handles,
    paint_hints,
    paint_link_dot,
    paint_rubber,
)
from annotator.ui.reader.scene import Chain, Scene, Styles
from annotator.ui.reader.scrollbar import LaneMark, LaneScrollBar, lane_marks
from annotator.ui.reader.sheet import Sheet
from annotator.ui.reader.store import SpanStore

_MANY = 25_000
_DONE = object()


class Canvas(Sheet):
    """Shows one article and its annotations. All offsets it takes and gives are code points of the stored text.

    Annotations are painted, never stored as formats, so putting one in or taking one out lays nothing out anew.
    """

    marked = Signal()
    """All of very many annotations are drawn now, which came bit by bit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.store = SpanStore(self._line_of)
        self.ghost_store = SpanStore(self._line_of)
        self._layers: Sequence[Layer] = ()
        self._styles = Styles.of(())
        self._numbers: Mapping[str, str] = {}
        self._active: str | None = None
        self._chain: Chain | None = None
        self._route: Route | None = None
        self._hover: str | None = None
        self._current_ghost: str | None = None
        self._hints: Mapping[str, str] = {}
        self.finds = Finds()
        self._lane: Sequence[LaneMark] | None = None
        self._handles_shown = False
        self._rubber: Rubber | None = None
        self._marking: Iterator[None] | None = None
        self._mark_timer = QTimer(self)
        self._mark_timer.setInterval(0)
        self._mark_timer.timeout.connect(self._mark_on)

        self.setVerticalScrollBar(LaneScrollBar(self._lane_marks, self))
        theme.notifier.changed.connect(self.refresh_style)
        self.refresh_style()

    # What is shown

    def set_text(self, text: str, rtl: bool | None = None) -> None:
        """Show another article. `rtl`: its direction; by its first letter if not given."""
        self._stop_marking()
        for store in (self.store, self.ghost_store):
            store.clear()
        self._active = self._chain = self._hover = self._current_ghost = None
        self._hints, self._numbers = {}, {}
        super().set_text(text, rtl)
        self.finds.set((), self.places.view)
        for store in (self.store, self.ghost_store):
            store.set_text(self.places.view, len(text))
        self._changed()

    def set_layers(self, layers: Sequence[Layer]) -> None:
        """The layers of the codebook, with their colours and marks."""
        while self._marking is not None:
            self._mark_on()
        self._layers = tuple(layers)
        self._styles = Styles.of(self._layers)
        self.store.set_layers(self._layers)
        self.ghost_store.set_layers(self._layers)
        self._changed()

    def set_annotations(self, annotations: Sequence[Marked]) -> None:
        """Draw these, and no others. Of very many those near the screen are drawn at once, the others soon."""
        self._stop_marking()
        if len(annotations) > _MANY:
            lines = self.scene().lines
            start, end = self.places.point(lines.start), self.places.point(lines.end)
            self._marking = self.store.set_in_steps(annotations, start - 2000, end + 2000)
            self._mark_timer.start()
        else:
            self.store.set_annotations(annotations)
        self._changed()

    def add_annotations(self, annotations: Sequence[Marked]) -> None:
        """Draw these and no others, soon; until then those that are drawn now."""
        self._stop_marking()
        self._marking = self.store.fill_in_steps(annotations)
        self._mark_timer.start()

    @property
    def marking(self) -> bool:
        """Whether marks of very many annotations are still to come."""
        return self._marking is not None

    def _mark_on(self) -> None:
        if self._marking is not None and next(self._marking, _DONE) is _DONE:
            self._stop_marking()
            self._changed()
            self.marked.emit()

    def _stop_marking(self) -> None:
        self._marking = None
        self._mark_timer.stop()

    def patch(self, changed: Iterable[Marked], removed: Iterable[str] = ()) -> None:
        """Draw a few anew, take a few away; nothing is laid out."""
        self.store.patch(changed, removed)
        self._changed()

    def set_numbers(self, numbers: Mapping[str, str]) -> None:
        """The numbers beside claims, by annotation id ("C8"); ids of suggestions may be among them."""
        self._numbers = numbers
        self.viewport().update()

    def set_active(self, annotation_id: str | None, chain: Chain | None = None) -> None:
        """Mark one annotation, and the attribution it takes part in."""
        if (annotation_id, chain) != (self._active, self._chain):
            self._active, self._chain = annotation_id, chain
            self._redraw()

    @property
    def active(self) -> str | None:
        """The id of the active annotation."""
        return self._active

    def set_ghosts(self, ghosts: Sequence[Marked]) -> None:
        """Suggestions: drawn dashed, never counted."""
        self.ghost_store.set_annotations(ghosts)
        if self._current_ghost not in self.ghost_store.annotations:
            self._current_ghost = None
        self._changed()

    def set_current_ghost(self, annotation_id: str | None) -> None:
        """The suggestion that Enter accepts."""
        self._current_ghost = annotation_id
        self.viewport().update()

    def set_finds(self, hits: Sequence[tuple[int, int]]) -> None:
        """Frame all hits of what is looked for in the article (code points, in order); none is the current one."""
        self.finds.set(hits, self.places.view)
        self.viewport().update()

    def set_current_find(self, number: int) -> None:
        """The hit that is gone to, -1 for none."""
        self.finds.set_current(number)
        self.viewport().update()

    def show_hints(self, hints: Mapping[str, str]) -> None:
        """Paint letters over annotations, by id."""
        self._hints = dict(hints)
        self.viewport().update()

    def hide_hints(self) -> None:
        """Take the letters away."""
        self.show_hints({})

    def visible_ids(self) -> list[str]:
        """The annotations on the screen, in the order of the text."""
        lines = self.scene().lines
        spans = self.store.overlapping(lines.start, lines.end)
        return list(dict.fromkeys(span.id for span in sorted(spans)))

    def refresh_style(self) -> None:
        """Take colours from the theme in force."""
        self._styles = Styles.of(self._layers)
        colors = self._styles.theme
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, colors.paper)
        palette.setColor(QPalette.ColorRole.Text, colors.ink)
        self.setPalette(palette)
        self._changed()

    # For the parts of the reader

    def scene(self, top: float | None = None, bottom: float | None = None) -> Scene:
        """What is to be painted between two heights of the viewport (all of it if not given)."""
        scrolled, pad = self.scrolled(), 2.2 * self.measures.line
        top = 0.0 if top is None else top
        bottom = float(self.viewport().height()) if bottom is None else bottom
        lines = Lines.between(self.lazy, self.places, scrolled + top - pad, scrolled + bottom + pad)
        left, right = self._text_columns()
        cursor = self.textCursor()
        return Scene(
            lines=lines,
            measures=self.measures,
            styles=self._styles,
            store=self.store,
            ghosts=self.ghost_store,
            text_left=left,
            text_right=right,
            gutter=self._columns.gutter,
            margin=float(self.viewport().width()) - self._columns.before - self._columns.measure,
            active=self._active,
            chain=self._chain,
            hover=self._hover,
            current_ghost=self._current_ghost,
            numbers=self._numbers,
            selection=(cursor.selectionStart(), cursor.selectionEnd()),
        )

    def set_hover(self, annotation_id: str | None) -> None:
        """The annotation under the pointer."""
        if annotation_id != self._hover:
            self._hover = annotation_id
            self.viewport().update()

    def set_rubber(self, rubber: Rubber | None) -> None:
        """The line of a link that is being dragged."""
        if rubber != self._rubber:
            self._rubber = rubber
            self.viewport().update()

    # Layout

    def _laid_out(self) -> None:
        self.store.relayout()
        self.ghost_store.relayout()
        self._changed()

    def _moved(self) -> None:
        self._changed()

    def _changed(self) -> None:
        """Something is drawn otherwise now."""
        self._lane = None
        self._redraw()

    def _redraw(self) -> None:
        """The same annotations, in other states."""
        self._route = None
        self.viewport().update()
        self.verticalScrollBar().update()

    def _line_of(self, position: int) -> tuple[int, int]:
        return line_of(self.lazy, position)

    def _lane_marks(self) -> Sequence[LaneMark]:
        about = self.lazy, self.store, self._styles, self.places.length, self.measures
        if self._lane is None:
            self._lane = lane_marks(*about, None)
        return [*self._lane, *lane_marks(*about, self._active)] if self._active else self._lane

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paper and marks, then the glyphs, then what lies over them."""
        area = event.rect()
        scrolled = self.scrolled()
        scene = self.scene(area.top(), area.bottom() + 1)
        painter = QPainter(self.viewport())
        painter.fillRect(area, scene.styles.theme.paper)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(0, -scrolled)
        MarkPainter(painter, scene).paint()
        Gutter(scene).paint(painter)
        connector.paint(painter, scene, self.lazy, self.places)
        self._paint_chain(painter, scene)
        self._paint_ghost_hint(painter, scene)
        self.finds.paint(painter, scene)
        # Not by QTextEdit's own painting: it would lay its selection over the marks and add a caret of its own.
        painter.setPen(scene.styles.theme.ink)
        scene.lines.draw(painter, QRectF(area.translated(0, scrolled)))
        self._paint_over(painter, scene)
        painter.end()

    def _paint_chain(self, painter: QPainter, scene: Scene) -> None:
        if self._chain is None:
            return
        if self._route is None:
            router = Router(self.lazy, self.places, self.store, self.measures, scene.end_x, scene.margin)
            self._route = router.route(self._chain)
        source = next(
            (self.store.annotations[i] for i in self._chain.all_sources() if i in self.store.annotations), None
        )
        if source is not None:
            paint_chain(painter, scene, self._route, scene.styles.layer(source.layer_id).stroke)

    def _paint_ghost_hint(self, painter: QPainter, scene: Scene) -> None:
        ghost = self.ghost_store.annotations.get(self._current_ghost or "")
        extent = self.ghost_store.extent(ghost) if ghost is not None else None
        line = scene.lines.at(extent.start) if extent is not None else None
        if line is not None:
            paint_accept_hint(painter, scene, line)

    def _paint_over(self, painter: QPainter, scene: Scene) -> None:
        active = self.store.annotations.get(self._active or "")
        if active is not None and self._handles_shown:
            paint_handles(painter, scene, self.store.spans(active))
            paint_link_dot(painter, scene)
        if self._rubber is not None:
            paint_rubber(painter, scene, self._rubber)
        if self._hints:
            paint_hints(painter, scene, self._hints)
        if self.hasFocus():
            box = self.caret_area(scene)
            if box is not None:
                painter.fillRect(box, scene.styles.theme.ink)

    def caret_area(self, scene: Scene) -> QRectF | None:
        """Where the caret is painted, in document coordinates; None where it is off the screen."""
        position = self.textCursor().position()
        line = scene.lines.at(position)
        if line is not None:
            return caret_box(scene, caret_x(line, position), line.base)
        rect = QRectF(self.cursorRect()).translated(0, self.scrolled())
        if not self.places.text.strip():
            rect.moveLeft(scene.start_x)
        return QRectF(rect.left(), rect.top(), 2, max(rect.height(), 4)) if rect.top() >= 0 else None
