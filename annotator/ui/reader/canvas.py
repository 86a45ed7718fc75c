"""The article and its marks, laid out and painted; what keys and mouse do is added in `view`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from annotator.domain.codebook import Layer
from annotator.domain.model import Annotation
from annotator.ui import fonts, theme
from annotator.ui.reader import page
from annotator.ui.reader.chain import Route, Router, paint_chain
from annotator.ui.reader.gutter import Gutter, paint_accept_hint
from annotator.ui.reader.lines import Lines, caret_x, line_of
from annotator.ui.reader.marks import MarkPainter
from annotator.ui.reader.metrics import Columns, Metrics, columns, metrics
from annotator.ui.reader.overlay import caret_box, paint_handles, paint_hints
from annotator.ui.reader.places import Places, first_strong_is_rtl
from annotator.ui.reader.scene import Chain, Scene, Styles
from annotator.ui.reader.scrollbar import WIDTH, LaneMark, LaneScrollBar, lane_marks
from annotator.ui.reader.store import SpanStore

ZOOM_LEAST, ZOOM_MOST = 0.6, 3.0


class Canvas(QTextEdit):
    """Shows one article and its annotations. All offsets it takes and gives are code points of the stored text.

    It keeps its own copy of the text; nothing is read back from the widget. Annotations are painted, never stored
    as formats, so putting one in or taking one out lays nothing out anew.
    """

    zoom_changed = Signal(float)
    columns_changed = Signal()
    """The text moved sideways: a header above it may want to follow (`text_edges`)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.places = Places("")
        self.measures: Metrics = metrics(False)
        self.store = SpanStore(self._line_of)
        self.ghost_store = SpanStore(self._line_of)
        self._layers: Sequence[Layer] = ()
        self._styles = Styles.of(())
        self._columns: Columns = columns(788)
        self._zoom = 1.0
        self._family = ""
        self._numbers: Mapping[str, str] = {}
        self._active: str | None = None
        self._chain: Chain | None = None
        self._route: Route | None = None
        self._hover: str | None = None
        self._current_ghost: str | None = None
        self._hints: Mapping[str, str] = {}
        self._lane: list[LaneMark] | None = None
        self._handles_shown = False

        self.setReadOnly(True)
        by_key, by_mouse = Qt.TextInteractionFlag.TextSelectableByKeyboard, Qt.TextInteractionFlag.TextSelectableByMouse
        self.setTextInteractionFlags(by_key | by_mouse)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAcceptRichText(False)
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.setUndoRedoEnabled(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always there, painted only where it has something to say: the text does not jump as it comes and goes.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setVerticalScrollBar(LaneScrollBar(self._lane_marks, self))
        self.setMinimumWidth(240)
        self.document().documentLayout().documentSizeChanged.connect(self._laid_out)
        theme.notifier.changed.connect(self.refresh_style)
        self.refresh_style()

    # What is shown

    def set_text(self, text: str, rtl: bool | None = None) -> None:
        """Show another article. `rtl`: its direction; by its first letter if not given."""
        self.places = Places(text)
        self.measures = metrics(first_strong_is_rtl(text) if rtl is None else rtl, self._zoom)
        for store in (self.store, self.ghost_store):
            store.set_text(self.places.view, len(text))
        self._active = self._chain = self._hover = self._current_ghost = None
        self._hints, self._numbers = {}, {}
        with page.without_layout(self.document()):
            page.fill(self.document(), self.places, self.measures, self._font())
            self._place_columns(force=True)
            # Before the layout: Qt would lay out the whole text to find where the caret was, at its end.
            self.setTextCursor(QTextCursor(self.document()))
        page.lay_out(self.document(), self.viewport().width())
        self.verticalScrollBar().setValue(0)
        self._changed()

    def text(self) -> str:
        """The stored text that is shown."""
        return self.places.text

    @property
    def rtl(self) -> bool:
        """Whether the article is read from right to left."""
        return self.measures.rtl

    def set_layers(self, layers: Sequence[Layer]) -> None:
        """The layers of the codebook, with their colours and marks."""
        self._layers = tuple(layers)
        self._styles = Styles.of(self._layers)
        self.store.set_layers(self._layers)
        self.ghost_store.set_layers(self._layers)
        self._changed()

    def set_annotations(self, annotations: Sequence[Annotation]) -> None:
        """Draw these, and no others."""
        self.store.set_annotations(annotations)
        self._changed()

    def patch(self, changed: Iterable[Annotation], removed: Iterable[str] = ()) -> None:
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
            self._changed()

    @property
    def active(self) -> str | None:
        """The id of the active annotation."""
        return self._active

    def set_ghosts(self, ghosts: Sequence[Annotation]) -> None:
        """Suggestions: drawn dashed, never counted."""
        self.ghost_store.set_annotations(ghosts)
        if self._current_ghost not in self.ghost_store.annotations:
            self._current_ghost = None
        self._changed()

    def set_current_ghost(self, annotation_id: str | None) -> None:
        """The suggestion that Enter accepts."""
        self._current_ghost = annotation_id
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

    # Zoom and place

    @property
    def zoom(self) -> float:
        """How large the text is; 1 is the design's size."""
        return self._zoom

    def set_zoom(self, zoom: float) -> None:
        """Change the size of the text; what is at the top stays there."""
        zoom = round(max(ZOOM_LEAST, min(ZOOM_MOST, zoom)), 2)
        if zoom != self._zoom:
            self._zoom = zoom
            self._reformat()
            self.zoom_changed.emit(zoom)

    def zoom_by(self, steps: float) -> None:
        """Larger (positive) or smaller."""
        self.set_zoom(self._zoom * 1.1**steps)

    def set_family(self, family: str) -> None:
        """Another font for the article, "" for the design's own."""
        if family != self._family:
            self._family = family
            self._reformat()

    def text_edges(self) -> tuple[float, float]:
        """Where the text begins and ends in this widget, from left to right."""
        scene = self.scene()
        left = float(self.viewport().x())
        return left + scene.text_left, left + scene.text_right

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
        lines = Lines.between(self.document(), self.places, scrolled + top - pad, scrolled + bottom + pad)
        width, before = float(self.viewport().width()), self._columns.before
        after = width - before - self._columns.measure
        left, right = (after, width - before) if self.rtl else (before, width - after)
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
            margin=after,
            active=self._active,
            chain=self._chain,
            hover=self._hover,
            current_ghost=self._current_ghost,
            numbers=self._numbers,
            selection=(cursor.selectionStart(), cursor.selectionEnd()),
        )

    def scrolled(self) -> int:
        """How far down the article is scrolled."""
        return self.verticalScrollBar().value()

    def set_hover(self, annotation_id: str | None) -> None:
        """The annotation under the pointer."""
        if annotation_id != self._hover:
            self._hover = annotation_id
            self.viewport().update()

    # Layout

    def _font(self) -> QFont:
        font = fonts.article(self.rtl, self._zoom)
        if self._family:
            font.setFamilies([self._family, *font.families()])
        return font

    def _reformat(self) -> None:
        place = self._place()
        self.measures = metrics(self.rtl, self._zoom)
        with page.without_layout(self.document()):
            page.reformat(self.document(), self.places, self.measures, self._font())
            self._place_columns(force=True)
        page.lay_out(self.document(), self.viewport().width())
        self._return_to(place)
        self._laid_out()

    def _place_columns(self, *, force: bool = False) -> None:
        width = float(self.viewport().width())
        wanted = columns(width, self._zoom, WIDTH)
        if force or wanted != self._columns:
            self._columns = wanted
            page.set_margins(self.document(), wanted, self.measures, width)
            self._laid_out()
            self.columns_changed.emit()

    def _place(self) -> tuple[int, float] | None:
        """What is at the top: a view position and how far its line is below the edge; None at the very top."""
        scrolled = self.scrolled()
        lines = Lines.between(self.document(), self.places, scrolled, scrolled + 4 * self.measures.line).lines
        return (lines[0].start, lines[0].base - scrolled) if scrolled > 0 and lines else None

    def _return_to(self, place: tuple[int, float] | None) -> None:
        if place is None:
            return
        line = Lines.around(self.document(), self.places, place[0]).at(place[0])
        if line is not None:
            self.verticalScrollBar().setValue(round(line.base - place[1]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the pane anew; what is at the top stays there."""
        other_width = event.size().width() != event.oldSize().width()
        place = self._place() if other_width else None
        if other_width:
            with page.without_layout(self.document()):
                self._place_columns(force=True)
        super().resizeEvent(event)
        if other_width:
            self._return_to(place)
        self._route = None

    def _laid_out(self) -> None:
        self.store.relayout()
        self.ghost_store.relayout()
        self._changed()

    def _changed(self) -> None:
        """Something is drawn otherwise now."""
        self._route = self._lane = None
        self.viewport().update()
        self.verticalScrollBar().update()

    def _line_of(self, position: int) -> tuple[int, int]:
        return line_of(self.document(), position)

    def _lane_marks(self) -> list[LaneMark]:
        if self._lane is None:
            self._lane = lane_marks(
                self.document(), self.store, self._styles, self._active, self.places.length, self.measures
            )
        return self._lane

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
        self._paint_chain(painter, scene)
        self._paint_ghost_hint(painter, scene)
        # Not by QTextEdit's own painting: it would lay its selection over the marks and add a caret of its own.
        glyphs = QAbstractTextDocumentLayout.PaintContext()
        glyphs.cursorPosition = -1
        glyphs.palette = self.palette()
        glyphs.clip = QRectF(area.translated(0, scrolled))
        self.document().documentLayout().draw(painter, glyphs)
        self._paint_over(painter, scene)
        painter.end()

    def _paint_chain(self, painter: QPainter, scene: Scene) -> None:
        if self._chain is None:
            return
        if self._route is None:
            router = Router(self.document(), self.places, self.store, self.measures, scene.end_x, scene.margin)
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
