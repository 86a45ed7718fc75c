"""The article: head, reader, tag bar and find bar, kept in step with what is open in the workspace."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.domain.model import Annotation
from annotator.domain.text import word_count
from annotator.ui.article.header import Header
from annotator.ui.article.pointing import Pointing
from annotator.ui.article.suggestions import Suggestions
from annotator.ui.article.tag_bar import TagBar
from annotator.ui.dialogs.find_bar import FindBar
from annotator.ui.later import Later
from annotator.ui.reader.view import Chain, Reader
from annotator.ui.settings import Place, settings
from annotator.ui.workspace import MANY, Workspace

NORMAL_SIZE = 17
_LONG = 1_000_000


class ArticlePane(QWidget):
    """Shows the open document and tells the reader what became of it."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.header = Header(self)
        self.reader = Reader(self)
        self.tag_bar = TagBar(self)
        self.find_bar = FindBar(self)
        self.find_bar.hide()
        self.suggestions = Suggestions(workspace, self.reader)
        self.pointing = Pointing(workspace, self.reader)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.header, self.find_bar, self.reader, self.tag_bar):
            column.addWidget(part, 1 if part is self.reader else 0)
        self.setFocusProxy(self.reader)
        self._remember = QTimer(self)
        self._remember.setSingleShot(True)
        self._remember.setInterval(400)
        self._remember.timeout.connect(self.keep_place)
        self.reader.caret_moved.connect(lambda _point: self._remember.start())
        self.reader.columns_changed.connect(self._align)
        self.reader.zoom_changed.connect(self._zoomed)
        settings().changed.connect(self._setting_changed)
        self.reader.clicked.connect(self._click)
        self.find_bar.closed.connect(self.reader.setFocus)
        self.find_bar.hits_changed.connect(self.reader.set_finds)
        self.find_bar.current_changed.connect(self.reader.set_current_find)
        self.suggestions.changed.connect(lambda: self.tag_bar.set_suggestions(self.suggestions.count()))
        workspace.project_opened.connect(self._show_layers)
        workspace.document_opened.connect(self._open)
        workspace.document_changed.connect(self._patch)
        workspace.stretches_read.connect(self._fill)
        workspace.document_read.connect(self._read)
        workspace.active_changed.connect(self._show_active)
        workspace.changed.connect(self._changed)
        workspace.reveal.connect(self._reveal)
        self._shown = ""
        self._touched: set[str] = set()
        """Annotations that changed while others were being read."""
        self._carets: dict[str, tuple[int, int]] = {}
        """The caret and the top of the screen in each article that was open."""
        self._returning: tuple[int, int] | None = None
        """The same for an article whose text is still being put in."""
        self._counted = ""
        self._count = Later(self)  # the words of a long text, once it is on the screen
        self._count.due.connect(self._count_words)
        self.reader.completed.connect(self._completed)
        self.reader.verticalScrollBar().valueChanged.connect(lambda _value: self._remember.start())
        self._setting_changed("reading_size")
        self._setting_changed("reading_family")
        self._setting_changed("reading_width")
        self.pointing.tag_requested.connect(self.tag_bar.tag_requested)

    def keep_place(self) -> None:
        """Remember which document is open and where its caret stands."""
        project, document = self._workspace.project, self._workspace.document
        if project is not None and document is not None:
            caret, top = self._returning or (self.reader.caret(), self.reader.top())
            settings().set_place(project.info.id, Place(document.id, caret, top))

    def return_to(self, caret: int, top: int) -> None:
        """Put the caret there, with the line that holds `top` at the top; soon, where the text is still being put in."""
        self._returning = None
        if self.reader.filling and max(caret, top):
            self._returning = caret, top
            return
        length = len(self._workspace.text)
        self.reader.set_caret(min(caret, length))
        self.reader.show_from(min(top, length))

    def _completed(self) -> None:
        if self._returning is not None:
            self.return_to(*self._returning)

    def _align(self) -> None:
        """The head begins where the text begins."""
        start, end = self.reader.text_edges()
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.header.set_gutter(round(self.reader.viewport().width() - end if rtl else start))

    def _zoomed(self, zoom: float) -> None:
        settings().reading_size = max(12, min(32, round(zoom * NORMAL_SIZE)))

    def _setting_changed(self, name: str) -> None:
        if name == "reading_size":
            self.reader.set_zoom(settings().reading_size / NORMAL_SIZE)
        elif name == "reading_family":
            self.reader.set_family(settings().reading_family)
        elif name == "reading_width":
            self.reader.set_width(settings().reading_width)

    def _show_layers(self) -> None:
        project = self._workspace.project
        layers = project.codebook.layers if project else ()
        self.tag_bar.set_layers(layers)
        self.reader.set_layers(layers)
        self.pointing.set_layers()

    def _open(self, id_: str) -> None:
        workspace = self._workspace
        document = workspace.document
        self._show_head()
        opened = id_ != self._shown or document is None
        if opened:
            self._carets[self._shown] = self._returning or (self.reader.caret(), self.reader.top())
            self._returning = None
            self._shown, self._touched = id_, set()
            self.reader.set_text(workspace.text)
            self.find_bar.set_text(workspace.text)
            self.reader.set_annotations(workspace.stretches)
            self._show_numbers()
            self._show_active()
            self.suggestions.refresh()
        if document is not None:
            # Where it is wanted, else where this document was left since the program started.
            if workspace.caret_wanted is None:
                if opened and id_ in self._carets:
                    self.return_to(*self._carets[id_])
            elif self.reader.filling:
                self._returning = workspace.caret_wanted, 0
            else:
                self.reader.set_caret(min(workspace.caret_wanted, len(workspace.text)))
            self.keep_place()

    def _show_head(self) -> None:
        text = self._workspace.text
        long = len(text) > _LONG and text is not self._counted
        self.header.show_document(self._workspace.document, None if long else word_count(text))
        if long:
            self._count.start()

    def _count_words(self) -> None:
        self._counted = self._workspace.text
        self._show_head()

    def _fill(self) -> None:
        """Very many annotations come after the text."""
        self.reader.add_annotations(self._workspace.stretches)
        self._patch_reader(self._touched)

    def _read(self) -> None:
        self._touched = set()
        self._show_numbers()
        self._show_active()
        self.suggestions.refresh()

    def _patch(self) -> None:
        workspace, change = self._workspace, self._workspace.last_change
        if workspace.document is None or change is None:
            return
        self._show_head()
        touched = change.touched("annotation")
        if workspace.loading:
            self._touched |= touched
        if len(touched) <= MANY:
            self._patch_reader(touched)
        elif not workspace.loading:
            self.reader.set_annotations(list(workspace.annotations.values()))
        self._show_numbers()
        self._show_active()
        self.suggestions.refresh()

    def _patch_reader(self, touched: Iterable[str]) -> None:
        known = set(self._workspace.known(touched))
        annotations = self._workspace.annotated.annotations
        self.reader.patch([annotations[id_] for id_ in known], [id_ for id_ in touched if id_ not in known])

    def _changed(self, change: object) -> None:
        if getattr(change, "touches_codebook", lambda: False)():
            self._show_layers()
            self._show_numbers()

    def _show_numbers(self) -> None:
        workspace = self._workspace
        self.reader.set_numbers(workspace.claim_numbers())
        self.tag_bar.set_counts(workspace.counts())

    def _show_active(self) -> None:
        workspace = self._workspace
        active, card = workspace.active, workspace.active_card
        self.tag_bar.set_armed(active.layer_id if active else None)
        if active is None:
            self.reader.set_active(None, None)
            return
        chain = None
        if card is not None and card.claim.id == active.id:
            levels = [(_ids(level.sources), _ids(level.cues)) for level in card.levels]
            sources, cues = levels[0] if levels else ((), ())
            chain = Chain(card.claim.id, sources, cues, tuple(levels[1:]))
        self.reader.set_active(active.id, chain)

    def _reveal(self, id_: str) -> None:
        annotation = self._workspace.annotated.annotations.get(id_)
        if annotation is not None:
            self.reader.scroll_to(annotation.start, annotation.end)

    def _click(self, ids: list[str]) -> None:
        if ids:
            # A click on what is active already goes one deeper, so that everything under the pointer can be reached.
            active = self._workspace.active_id
            at = ids.index(active) + 1 if active in ids else 0
            self._workspace.set_active(ids[at % len(ids)])


def _ids(annotations: list[Annotation]) -> tuple[str, ...]:
    return tuple(annotation.id for annotation in annotations)
