"""Going somewhere: to a document, a place in it, an annotation, or where an entry is mentioned."""

from __future__ import annotations

from PySide6.QtCore import QObject

from annotator.ui.article.pane import ArticlePane
from annotator.ui.workspace import Workspace


class Go(QObject):
    """Opens documents and puts the caret where it is wanted, with the focus in the text."""

    def __init__(self, workspace: Workspace, pane: ArticlePane) -> None:
        super().__init__(pane)
        self._workspace = workspace
        self._pane = pane

    def to_document(self, id_: str) -> None:
        """Open a document."""
        self._workspace.open_document(id_)
        self._pane.reader.setFocus()

    def to_place(self, document_id: str, start: int, end: int) -> None:
        """Open a document and select a stretch of it (code points)."""
        self._workspace.open_document(document_id)
        self._pane.reader.select(start, end)
        self._pane.reader.scroll_to(start, end)
        self._pane.reader.setFocus()

    def to_annotation(self, id_: str) -> None:
        """Open the document of an annotation and make it active."""
        project = self._workspace.project
        if project is None:
            return
        for annotation in project.documents.annotations_by_id([id_]):
            self._workspace.open_document(annotation.document_id)
            self._pane.reader.set_caret(annotation.start)
            self._workspace.set_active(id_, reveal=True)
            self._pane.reader.setFocus()

    def to_entry(self, id_: str) -> None:
        """Go to a mention of an entry: the next in this article, else the first in the project."""
        project = self._workspace.project
        if project is None:
            return
        mentions = project.entries.mentioned_in(id_)
        known = self._workspace.annotations
        here = [m for m in mentions if m in known]
        if not mentions:
            self._workspace.hint.emit(self.tr("“{name}” is not tagged anywhere.").replace(
                "{name}", self._workspace.entry_name(id_)
            ))  # fmt: skip
            return
        if here:
            places = sorted(here, key=lambda m: known[m].start)
            caret = self._pane.reader.caret()
            after = [m for m in places if known[m].start > caret]
            self.to_annotation((after or places)[0])
        else:
            self.to_annotation(mentions[0])

    def to_neighbour(self, direction: int) -> None:
        """Open the next (1) or previous (-1) article of the project."""
        project, document = self._workspace.project, self._workspace.document
        if project is None or document is None:
            return
        ids = [row.id for row in project.documents.rows()]
        at = ids.index(document.id) + direction
        if 0 <= at < len(ids):
            self.to_document(ids[at])
        else:
            last, first = self.tr("This is the last article."), self.tr("This is the first article.")
            self._workspace.hint.emit(last if direction > 0 else first)
