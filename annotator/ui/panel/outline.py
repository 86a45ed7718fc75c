"""The lower half of the panel: all annotations of the article, by attribution, in text order, by layer or by entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.domain.annotated import Annotated
from annotator.domain.codebook import Codebook, Layer
from annotator.domain.model import Annotation
from annotator.ui import fonts, theme
from annotator.ui.documents.search_field import SearchField
from annotator.ui.later import Later
from annotator.ui.panel import words
from annotator.ui.panel.outline_delegate import OutlineDelegate
from annotator.ui.panel.outline_filter import OutlineFilter
from annotator.ui.panel.outline_model import NOTHING, OutlineModel, short
from annotator.ui.panel.outline_nodes import Builder, Key, Mode, Node
from annotator.ui.panel.outline_view import FilterChip, ModeButton, OutlineView
from annotator.ui.widgets import FlowLayout, IconButton, PlainLabel, SectionHead
from annotator.ui.workspace import MANY

if TYPE_CHECKING:
    from annotator.ui.workspace import Workspace

_AT_ONCE = 300  # annotations of an article whose rows come with it
_AFTER_PAINTING = 40  # milliseconds
_OPEN_AT_MOST = 200  # rows of a group that opens by itself
_DONE = object()


class Outline(QWidget):
    """Head, filter chips and tree. The current row and the active annotation follow each other."""

    refreshed = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._mode: Mode = "claim"
        self._hidden: set[str] | None = None  # ids of layers; None: what the codebook suggests
        self._chips: dict[str, FilterChip] = {}
        self._chip_layers: tuple[Layer, ...] = ()
        self._document = ""
        self._opened_here: set[Key] = set()
        self._closed_here: set[Key] = set()
        self._auto: Key | None = None
        self._busy = False
        self._touched: set[str] = set()  # annotations that the filter line does not know yet as they are now
        self._reading: Iterator[None] | None = None  # the words of all annotations, for the filter line
        self._reader = QTimer(self)
        self._reader.setInterval(0)
        self._reader.timeout.connect(self._read_on)
        self.setAccessibleName(self.tr("Outline"))
        self.head = SectionHead(self.tr("Outline"), height=38)
        self.mode_button = ModeButton()
        self.mode_button.picked.connect(self.set_mode)
        self.filter_button = IconButton("search", self.tr("Filter (/)"), size=24)
        self.filter_button.clicked.connect(self.show_filter)
        self.head.add(self.filter_button)
        self.head.add(self.mode_button)
        self.filter_field = SearchField(self.tr("Filter by words or entry"))
        self.filter_field.setFont(fonts.ui())
        self._filter_line = QWidget()
        line = QVBoxLayout(self._filter_line)
        line.setContentsMargins(11, 0, 11, 8)
        line.addWidget(self.filter_field)
        self._filter_line.hide()
        self._filters = QWidget()
        self._flow = FlowLayout(self._filters, spacing=4)
        self._flow.setContentsMargins(11, 0, 11, 8)
        self.model = OutlineModel(workspace.annotation_text, self._say, self)
        self.view = OutlineView(self.model)
        self._delegate = OutlineDelegate(self.view, self.model, workspace)
        self.view.setItemDelegate(self._delegate)
        self._finder = OutlineFilter(workspace.annotation_text, workspace.entry_name)
        self.view.setAccessibleName(self.tr("Outline of the article"))
        self._nothing = PlainLabel(role="text3", font=fonts.ui(12), wrap=True)
        self._nothing.setContentsMargins(16, 2, 16, 0)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        for widget in (self.head, self._filter_line, self._filters, self._nothing):
            box.addWidget(widget)
        box.addWidget(self.view, 1)
        self.view.chosen.connect(self._choose)
        self.view.delete_asked.connect(self._delete)
        self.view.leave_asked.connect(workspace.focus_reader)
        self.view.toggled.connect(self._toggle)
        self.view.filter_asked.connect(self.show_filter)
        self.filter_field.textChanged.connect(self._narrow)
        self.filter_field.down.connect(self.focus_tree)
        self.filter_field.entered.connect(self.focus_tree)
        self.filter_field.left.connect(self.hide_filter)
        self.view.selectionModel().currentChanged.connect(self._moved)
        self._timer = Later(self)
        self._timer.due.connect(self.refresh)
        for signal in (workspace.project_opened, workspace.project_closed, workspace.document_changed):
            signal.connect(self._later)
        workspace.document_read.connect(self._later)
        workspace.document_opened.connect(self._opened)
        workspace.active_changed.connect(self._follow_active)
        theme.notifier.changed.connect(self._retheme)
        self.refresh()

    # What others ask

    @property
    def mode(self) -> Mode:
        """What the rows are grouped by."""
        return self._mode

    def set_mode(self, mode: str) -> None:
        """Group by "claim", "text", "layer" or "entry"."""
        if mode in ("claim", "text", "layer", "entry"):
            self._mode = mode  # type: ignore[assignment]
            self.refresh()

    def state(self) -> dict[str, object]:
        """How it is set, to be kept over a restart."""
        return {"mode": self._mode, "hidden": None if self._hidden is None else sorted(self._hidden)}

    def restore(self, state: dict[str, object]) -> None:
        """Set it as `state` told before; what makes no sense is passed over."""
        hidden = state.get("hidden")
        self._hidden = {str(id_) for id_ in hidden} if isinstance(hidden, list) else None
        self.set_mode(str(state.get("mode") or "claim"))
        self.refresh()

    def focus_tree(self) -> None:
        """Give the keyboard to the tree."""
        if self._timer.isActive():
            self.refresh()
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.view.currentIndex().isValid():
            self._busy = True
            self.view.setCurrentIndex(self.model.index(0, 0))
            self._busy = False

    def refresh(self) -> None:
        """Show what the workspace says now, patching the rows."""
        self._timer.stop()
        workspace = self._workspace
        codebook = workspace.project.codebook if workspace.project is not None else Codebook()
        document = workspace.document.id if workspace.document is not None else ""
        fresh = document != self._document
        if fresh:
            self._document = document
            self._opened_here, self._closed_here, self._auto = set(), set(), None
            self.hide_filter(leave=False)
        if fresh:
            self._forget_words()
        self._show_head(codebook, bool(document))
        self._delegate.retheme()
        builder = Builder(
            self._mode,
            Annotated(codebook) if workspace.loading else workspace.annotated,
            self._shown(codebook),
            claims=[layer.id for layer in codebook.layers_in_role("claim")],
            layers=[(layer.id, words.plural(layer)) for layer in codebook.layers],
            entry_name=workspace.entry_name,
            unlinked=self.tr("Not in an attribution"),
            no_entry=self.tr("Without an entry"),
        )
        self._busy = True
        try:
            self.model.show(builder, fresh=fresh)
            if self._needle:
                self._show_found()
            else:
                self._reopen()
        finally:
            self._busy = False
        self._show_whether_empty()
        self._follow_active()
        self.refreshed.emit()

    # The filter line

    def show_filter(self) -> None:
        """Offer a line to filter by; it opens with "/" in the tree, too."""
        self._filter_line.show()
        self._begin_reading()
        self.filter_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_field.selectAll()

    def hide_filter(self, leave: bool = True) -> None:
        """Show all rows again; the keyboard goes to the tree."""
        self.filter_field.clear()
        if leave and not self._filter_line.isHidden():
            self.focus_tree()
        self._filter_line.hide()

    @property
    def _needle(self) -> str:
        return self.filter_field.text().strip()

    def _narrow(self) -> None:
        self._busy = True
        try:
            # Thousands may be found at each letter: the rows in sight first. All of them are there to be scrolled to.
            self.view.lay_out_in_batches(bool(self._needle))
            if self._needle:
                self._show_found()
            else:
                self.model.show_found(None)
                self._reopen()
        finally:
            self._busy = False
        self._show_whether_empty()
        self._follow_active()

    def _show_found(self) -> None:
        project = self._workspace.project
        codebook = project.codebook if project is not None else Codebook()
        if not self._finder.ready:
            self._begin_reading()  # and then this again
            return
        self._finder.patch(self._touched, self._workspace.annotated)
        self._touched = set()
        self.model.show_found(self._finder.find(self._needle, self._shown(codebook)))

    @property
    def filter_ready(self) -> bool:
        """Whether what is typed into the filter line is looked for at once."""
        return self._finder.ready

    def _begin_reading(self) -> None:
        if self._workspace.loading or self._finder.ready or self._reading is not None:
            return
        self._touched = set()
        self._reading = self._finder.read(self._workspace.annotated)
        if len(self._workspace.annotated.annotations) <= MANY:
            while self._reading is not None:
                self._read_on()
        else:
            self._reader.start()

    def _read_on(self) -> None:
        """A little more of the words of very many annotations."""
        if self._reading is None or next(self._reading, _DONE) is not _DONE:
            return
        self._reading = None
        self._reader.stop()
        if self._needle and not self._busy:
            self._narrow()

    def _forget_words(self) -> None:
        self._reader.stop()
        self._reading = None
        self._finder.forget()

    def _show_whether_empty(self) -> None:
        empty = not self.model.rowCount()
        self._nothing.setVisible(empty)
        self.view.setVisible(not empty)
        if empty:
            self._nothing.setText(self._empty_text(self._workspace.document is not None))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc gives the keyboard back to the article."""
        if event.key() == Qt.Key.Key_Escape:
            self._workspace.focus_reader.emit()
        else:
            super().keyPressEvent(event)

    # Head and chips

    def _show_head(self, codebook: Codebook, has_document: bool) -> None:
        options = {
            "claim": self.tr("By claim"),
            "text": self.tr("In text order"),
            "layer": self.tr("By layer"),
            "entry": self.tr("By entry"),
        }
        self.mode_button.set_options(options, self._mode)
        self.mode_button.setEnabled(has_document)
        self._filters.setVisible(has_document)
        if codebook.layers != self._chip_layers:
            self._chip_layers = codebook.layers
            self._flow.clear()
            self._chips = {}
            for layer in codebook.layers:
                chip = FilterChip(words.plural(layer), layer)
                chip.setToolTip(self.tr("Show or hide {layer}").format(layer=words.plural(layer)))
                chip.clicked.connect(self._filter)
                self._flow.addWidget(chip)
                self._chips[layer.id] = chip
        counts = {} if self._workspace.loading else self._workspace.annotated.counts()
        shown = self._shown(codebook)
        for layer_id, chip in self._chips.items():
            chip.setCount(counts.get(layer_id, 0))
            chip.setChecked(layer_id in shown)

    def _shown(self, codebook: Codebook) -> frozenset[str]:
        """Layers whose rows are shown; at first claims and sources, or all where there are no claims."""
        every = {layer.id for layer in codebook.layers}
        if self._hidden is not None:
            return frozenset(every - self._hidden)
        main = {layer.id for role in ("claim", "source") for layer in codebook.layers_in_role(role)}
        return frozenset(main or every)

    def _filter(self) -> None:
        self._hidden = {layer_id for layer_id, chip in self._chips.items() if not chip.isChecked()}
        self.refresh()

    def _empty_text(self, has_document: bool) -> str:
        if not has_document:
            return ""
        if self._needle:
            return self.tr("Nothing matches.")
        if self._workspace.loading:
            return self.tr("The annotations are being read…")
        if self._workspace.annotated.annotations:
            return self.tr("Nothing to show: turn on a layer above.")
        return self.tr("Nothing tagged in this article yet.")

    # Following the workspace

    def _opened(self, _id: str) -> None:
        """Rows of the article before go at once; a long article's own come when its text has been painted."""
        many = len(self._workspace.stretches) > _AT_ONCE
        if many:
            self._busy = True
            self.model.show(NOTHING, fresh=True)
            self._busy = False
        self._timer.start(_AFTER_PAINTING if many else 0)

    def _later(self, *_: object) -> None:
        """Once for all signals of one step."""
        change = self._workspace.last_change
        if change is not None and (change.changed.get("entry") or change.touches_codebook()):
            self._forget_words()
        elif change is not None and (self._finder.ready or self._reading is not None):
            self._touched |= change.touched("annotation")
        self._timer.start()

    def _retheme(self) -> None:
        self._delegate.retheme()
        self.view.viewport().update()

    def _follow_active(self) -> None:
        """Put the current row where the active annotation is, with its claim open."""
        if self._busy or self._timer.isActive():
            return
        workspace = self._workspace
        self._busy = True
        try:
            card = workspace.active_card
            claim_id = card.claim.id if card is not None else None
            self._open_active(claim_id if self._mode == "claim" else None)
            node = self._node_of(workspace.active_id, claim_id)
            if node is not None and node.top is not node:
                self.model.open_to(node)
            if node is not None and node is not self.view.current():
                self.view.go_to(node)
            elif node is None and not self.view.hasFocus():
                self.view.setCurrentIndex(QModelIndex())
            self.view.viewport().update()
        finally:
            self._busy = False

    def _node_of(self, annotation_id: str | None, claim_id: str | None) -> Node | None:
        if annotation_id is None:
            return None
        here = self.view.current()
        if here is not None and here.annotation is not None and here.annotation.id == annotation_id:
            return here  # it may stand in several places: stay in this one
        return self.model.find(annotation_id, claim_id)

    def _open_active(self, key: Key | None) -> None:
        """Open the active claim; close the one before, if it had opened by itself."""
        here = self.view.current()
        if self._auto is not None and self._auto != key:
            before = self.model.top(self._auto)
            inside = here is not None and here.parent is not None and here.top is before and self.view.hasFocus()
            if before is not None and before.key not in self._opened_here and not inside:
                self.model.set_open(before, False)
            self._auto = None
        node = self.model.top(key) if key is not None and key not in self._closed_here else None
        if node is not None and self.model.has_below(node):
            self._auto = key
            self.model.set_open(node, True)

    def _reopen(self) -> None:
        """Open what was open, and small groups that nobody has closed."""
        for node in self.model.groups:
            by_itself = self._mode != "entry" and len(node.members) <= _OPEN_AT_MOST
            if node.key in self._opened_here or (by_itself and node.key not in self._closed_here):
                self.model.set_open(node, True)
        for key in self._opened_here:
            claim = self.model.top(key) if isinstance(key, str) else None
            if claim is not None:
                self.model.set_open(claim, True)

    def _toggle(self, node: Node, opened: bool) -> None:
        (self._opened_here if opened else self._closed_here).add(node.key)
        (self._closed_here if opened else self._opened_here).discard(node.key)
        self._busy = True
        self.model.set_open(node, opened)
        self._busy = False

    # What a person does

    def _moved(self, current: QModelIndex, _previous: QModelIndex) -> None:
        """Moving with the keyboard makes the row's annotation active."""
        node = self.model.node(current)
        if not self._busy and self.view.hasFocus() and node is not None:
            self._choose(node)

    def _choose(self, node: Node) -> None:
        if node.annotation is not None:
            self._workspace.set_active(node.annotation.id, reveal=True)

    def _delete(self, node: Node) -> None:
        """Delete the annotation of a row; the row that takes its place becomes the active one."""
        workspace = self._workspace
        project, annotation = workspace.project, node.annotation
        if annotation is None or project is None:
            return
        if workspace.read_only:
            workspace.hint.emit(self.tr("This project is open for reading only."))
            return
        row = self.model.index_of(node).row()
        with workspace.guard():
            project.tagging.remove([annotation.id])
        self.refresh()
        near = self.model.node(self.model.index(min(row, self.model.rowCount() - 1), 0))
        if near is not None:
            self._busy = True
            self.view.go_to(near)
            self._busy = False
            self._choose(near)

    # Words

    def _say(self, node: Node) -> str:
        """A row in one sentence, for tooltips and screen readers."""
        annotation = node.annotation
        if annotation is None:
            return self.tr("{group}, {count}").format(group=node.label, count=self.locale().toString(len(node.members)))
        role = {
            "source": self.tr("Reported by") if node.via else self.tr("Said by"),
            "about": self.tr("About"),
            "addressee": self.tr("To"),
        }.get(node.kind, words.label(self._workspace.layer(annotation).name))
        parts = [f"{role} {words.isolated(self._workspace.number(annotation))}: {self._words(annotation)}"]
        names = ", ".join(filter(None, (self._workspace.entry_name(id_) for id_ in annotation.entries)))
        if names:
            parts.append(names)
        if node.card is not None:
            said = [self._words(source) for level in node.card.levels for source in level.sources]
            if said:
                parts.append(self.tr("said by {sources}").format(sources=", ".join(said)))
            if self.model.has_below(node):
                parts.append(self.tr("open") if node.open else self.tr("closed"))
        return "\n".join(parts)

    def _words(self, annotation: Annotation) -> str:
        return short(self._workspace.annotation_text(annotation))
