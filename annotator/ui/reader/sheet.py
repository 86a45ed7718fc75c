"""A text in a pane: its columns, size and width, and what stays where it is while these change."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from annotator.ui import fonts
from annotator.ui.reader import page
from annotator.ui.reader.layout import LazyLayout
from annotator.ui.reader.lines import Lines
from annotator.ui.reader.metrics import WIDTHS, Columns, Metrics, columns, metrics
from annotator.ui.reader.places import Places, first_strong_is_rtl
from annotator.ui.reader.scrollbar import WIDTH

ZOOM_LEAST, ZOOM_MOST = 0.6, 3.0

_AT_ONCE = 15_000
"""Texts up to this long are laid out as a whole when they are shown."""
_IN_TIME = 400_000
"""Texts up to this long are laid out as a whole when nothing else is to be done; of longer ones only what is read."""
_SLICE = 0.006  # seconds
_DONE = object()
_WANTS_ALL = frozenset(
    {QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.ContextMenu}
)


class Sheet(QTextEdit):
    """Shows one text. It keeps its own copy of it; nothing is read back from the widget."""

    zoom_changed = Signal(float)
    completed = Signal()
    """All of a very long text is there, which came bit by bit."""
    columns_changed = Signal()
    """The text moved sideways: a header above it may want to follow (`text_edges`)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.places = Places("")
        self.measures: Metrics = metrics(False)
        self.lazy = LazyLayout(self.document(), self.measures)
        self.lazy.on_drift = self._drifted
        self.document().setDocumentLayout(self.lazy)
        self._columns: Columns = columns(788)
        self._zoom = 1.0
        self._family = ""
        self._width = "normal"
        self._filling: Iterator[None] | None = None
        self._fill_timer = QTimer(self)
        self._fill_timer.setInterval(0)
        self._fill_timer.timeout.connect(self._fill_on)
        self._rest = QTimer(self)
        self._rest.setInterval(0)
        self._rest.timeout.connect(self._refine)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(150)
        self._later.timeout.connect(self._rest.start)

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
        self.setMinimumWidth(240)

    # The text

    def set_text(self, text: str, rtl: bool | None = None) -> None:
        """Show another text. `rtl`: its direction; by its first letter if not given."""
        self._rest.stop()
        self._later.stop()
        self._filling = None
        self._fill_timer.stop()
        self.verticalScrollBar().setValue(0)
        self.places = Places(text)
        self.measures = metrics(first_strong_is_rtl(text) if rtl is None else rtl, self._zoom)
        page.set_font(self.document(), self.measures, self._font())
        self._filling = page.fill_in_steps(self.document(), self.places.shown)
        self._fill_on()
        if self._filling is not None:
            self._fill_timer.start()
        self.lazy.show(page.shape(self.places), self.measures)
        self.setTextCursor(QTextCursor(self.document()))
        self._place_columns(force=True)

    @property
    def filling(self) -> bool:
        """Whether the end of a very long text is still to come."""
        return self._filling is not None

    def complete(self) -> None:
        """Have all of the text at once: somebody wants to go further than there is of it."""
        while self._filling is not None:
            self._fill_on()

    def _fill_on(self) -> None:
        if self._filling is not None and next(self._filling, _DONE) is _DONE:
            self._filling = None
            if self._fill_timer.isActive():
                self._fill_timer.stop()
                self.completed.emit()

    def text(self) -> str:
        """The stored text that is shown."""
        return self.places.text

    @property
    def rtl(self) -> bool:
        """Whether the text is read from right to left."""
        return self.measures.rtl

    # Size and width

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
        """Another font for the text, "" for the design's own."""
        if family != self._family:
            self._family = family
            self._reformat()

    def set_width(self, width: str) -> None:
        """How wide the text is set: "narrow", "normal" or "wide"."""
        if width != self._width:
            self._width = width
            self._reformat()

    def text_edges(self) -> tuple[float, float]:
        """Where the text begins and ends in this widget, from left to right."""
        left, right = self._text_columns()
        return self.viewport().x() + left, self.viewport().x() + right

    def scrolled(self) -> int:
        """How far down the text is scrolled."""
        return self.verticalScrollBar().value()

    def _font(self) -> QFont:
        font = fonts.article(self.rtl, self._zoom)
        if self._family:
            font.setFamilies([self._family, *font.families()])
        return font

    def _text_columns(self) -> tuple[float, float]:
        """Where lines may begin and end in the viewport, from left to right."""
        width, before = float(self.viewport().width()), self._columns.before
        after = width - before - self._columns.measure
        return (after, width - before) if self.rtl else (before, width - after)

    # Layout

    def _reformat(self) -> None:
        self.complete()
        place = self._place()
        self.measures = metrics(self.rtl, self._zoom)
        page.set_font(self.document(), self.measures, self._font())
        self.lazy.show(page.shape(self.places), self.measures)
        self._place_columns(force=True)
        self._return_to(place)

    def _place_columns(self, *, force: bool = False) -> None:
        wanted = columns(float(self.viewport().width()), self._zoom, WIDTH, WIDTHS[self._width])
        moved = wanted != self._columns
        self._columns = wanted
        left, right = self._text_columns()
        if self.lazy.set_column(left, right - left) or force:
            if self.places.length <= _AT_ONCE:
                self.lazy.refine(1.0)
            elif self.places.length <= _IN_TIME:
                self._later.start()
            self._ensure_view()
            self._laid_out()
        if moved or force:
            self.lazy.tell_size()
            self._moved()
            self.columns_changed.emit()

    def _place(self) -> tuple[int, float] | None:
        """What is at the top: a view position and how far its line is below the edge; None at the very top."""
        scrolled = self.scrolled()
        lines = Lines.between(self.lazy, self.places, scrolled, scrolled + 4 * self.measures.line).lines
        return (lines[0].start, lines[0].base - scrolled) if scrolled > 0 and lines else None

    def _return_to(self, place: tuple[int, float] | None) -> None:
        if place is None:
            return
        self.lazy.anchor = 0
        self.lazy.ensure_around(place[0], self.viewport().height() + 0.0)
        line = Lines.around(self.lazy, self.places, place[0]).at(place[0])
        if line is not None:
            self.lazy.tell_size()
            self.verticalScrollBar().setValue(round(line.base - place[1]))
            self._ensure_view()

    def top(self) -> int:
        """What is at the top of the screen, in code points; 0 at the very top."""
        place = self._place()
        return 0 if place is None else self.places.point(place[0])

    def show_from(self, point: int) -> None:
        """Scroll so that the line that holds a place (code points) is at the top."""
        if point:
            self.complete()
            self._return_to((self.places.view(point), self.measures.tint_up + 2))
        else:
            self.verticalScrollBar().setValue(0)

    def _ensure_view(self) -> None:
        """Lay out what is seen and a page on both sides, so that small steps find it done."""
        self.lazy.anchor = self.lazy.number_at(self.scrolled())
        self._ensure_pages()

    def _ensure_pages(self) -> None:
        height = float(self.viewport().height())
        for _ in range(3):  # what is found above may move the view, and with it what must be known
            top = float(self.scrolled())
            self.lazy.ensure(top - height, top + 2 * height)
            if self.scrolled() == top:
                break
        self.lazy.anchor = self.lazy.number_at(self.scrolled())
        self.lazy.tell_size()

    def _drifted(self, by: float) -> None:
        """What is above the screen turned out to be higher or lower than guessed: what is seen stays where it is."""
        bar = self.verticalScrollBar()
        blocked = bar.blockSignals(True)
        bar.setValue(round(bar.value() + by))
        bar.blockSignals(blocked)
        self._moved()

    def _refine(self) -> None:
        """Lay out a little more of what is only guessed."""
        left = self.lazy.refine(_SLICE)
        if not left:
            self._rest.stop()
        self.lazy.tell_size()
        self._moved()

    def _laid_out(self) -> None:
        """Lines broke anew."""

    def _moved(self) -> None:
        """Heights changed; lines are as they were."""

    def setTextCursor(self, cursor: QTextCursor) -> None:
        """Put the caret there and show it: where it goes must be known before the view goes there."""
        self.lazy.ensure_around(cursor.position(), float(self.viewport().height()))
        super().setTextCursor(cursor)

    def show_caret(self) -> None:
        """Bring the caret back into sight where laying out its surroundings has moved it."""
        self.lazy.ensure_around(self.textCursor().position(), float(self.viewport().height()))
        self.ensureCursorVisible()
        if self.scrolled() + self.cursorRect().top() < self.measures.line:
            self.verticalScrollBar().setValue(0)  # with the margin above the first line

    def event(self, event: QEvent) -> bool:
        """Keys mean all of the text."""
        if event.type() in _WANTS_ALL:
            self.complete()
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """So does the mouse."""
        if event.type() in _WANTS_ALL:
            self.complete()
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the pane anew; what is at the top stays there."""
        place = self._place()
        super().resizeEvent(event)
        self._place_columns()
        self._return_to(place)
        self._ensure_view()
        self._moved()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Lay out what comes into sight before it is painted."""
        if dy:
            self.complete()
        if abs(dy) >= self.viewport().height():
            self.lazy.anchor = self.lazy.number_at(self.scrolled())
        self._ensure_pages()
        super().scrollContentsBy(dx, dy)
