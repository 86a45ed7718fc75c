"""The Article menu: details, done, next, previous, remove."""

from __future__ import annotations

from PySide6.QtCore import QObject

from annotator.ui.article.pane import ArticlePane
from annotator.ui.commands.go import Go
from annotator.ui.workspace import Workspace


class ArticleCommands(QObject):
    """Works on the open article."""

    def __init__(self, workspace: Workspace, pane: ArticlePane, go: Go) -> None:
        super().__init__(pane)
        self._workspace = workspace
        self._pane = pane
        self._go = go

    def details(self) -> None:
        """Edit the details of the open article."""
        if self._workspace.document is not None:
            self.edit_details(self._workspace.document.id)

    def edit_details(self, id_: str) -> None:
        """Edit the details of an article."""
        from annotator.ui.dialogs.metadata import MetadataDialog

        with self._workspace.guard():
            MetadataDialog(self._workspace, id_, self._pane.window()).open()

    def done(self) -> None:
        """Mark the article done and go to the next that is not."""
        project, document = self._workspace.project, self._workspace.document
        if project is None or document is None:
            return
        with self._workspace.guard():
            if document.status != "done":
                project.documents.edit(document.id, status="done")
            rows = project.documents.rows()
            at = next(i for i, row in enumerate(rows) if row.id == document.id)
            open_ones = [row for row in (*rows[at + 1 :], *rows[:at]) if row.status != "done"]
            if open_ones:
                self._go.to_document(open_ones[0].id)
            else:
                self._workspace.hint.emit(self.tr("Done. Every article is done."))

    def toggle_done(self) -> None:
        """The button: mark done and go on, or set a done article back."""
        project, document = self._workspace.project, self._workspace.document
        if project is not None and document is not None and document.status == "done":
            with self._workspace.guard():
                project.documents.edit(document.id, status="in progress")
        else:
            self.done()

    def next(self) -> None:
        """Open the next article."""
        self._go.to_neighbour(1)

    def previous(self) -> None:
        """Open the article before."""
        self._go.to_neighbour(-1)

    def print(self) -> None:
        """Print the open article with its annotations."""
        from annotator.ui.printing.commands import print_article

        print_article(self._workspace, self._pane.window())

    def pdf(self) -> None:
        """Save the open article with its annotations as a PDF file."""
        from annotator.ui.printing.commands import save_pdf

        save_pdf(self._workspace, self._pane.window())

    def remove(self) -> None:
        """Remove the open article; undo brings it back."""
        project, document = self._workspace.project, self._workspace.document
        if project is None or document is None:
            return
        with self._workspace.guard():
            rows = [row.id for row in project.documents.rows()]
            at = rows.index(document.id)
            project.documents.remove([document.id])
            self._workspace.hint.emit(self.tr("Article removed. Undo brings it back."))
            left = rows[at + 1 : at + 2] or rows[max(0, at - 1) : at]
            if left:
                self._go.to_document(left[0])
