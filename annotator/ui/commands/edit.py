"""The Edit menu: undo, redo, selection, find, search, go to anything."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from annotator.domain.changes import StepInfo
from annotator.ui.actions import Actions
from annotator.ui.article.pane import ArticlePane
from annotator.ui.commands.go import Go
from annotator.ui.large_step import flip
from annotator.ui.pages.stack import Pages
from annotator.ui.steps import step_text
from annotator.ui.workspace import Workspace


class EditCommands(QObject):
    """Works on the history, on the text, and on the project's texts."""

    def __init__(self, workspace: Workspace, pane: ArticlePane, go: Go, actions: Actions, pages: Pages) -> None:
        super().__init__(pane)
        self._workspace = workspace
        self._pane = pane
        self._go = go
        self._actions = actions
        self._pages = pages

    def undo(self) -> None:
        """Take back the newest step."""
        self._flip("undo", self.tr("Undone: {step}."))

    def redo(self) -> None:
        """Do the step undone last again."""
        self._flip("redo", self.tr("Done again: {step}."))

    def _flip(self, direction: str, told: str) -> None:
        project = self._workspace.project
        if project is None:
            return

        def done(step: StepInfo) -> None:
            self._workspace.hint.emit(told.replace("{step}", step_text(step)))
            self._show_some_article()

        flip(self._pane.window(), project, direction, done, lambda error: self._workspace.hint.emit(str(error)))

    def _show_some_article(self) -> None:
        """Where the step took the open article with it, or brought the first ones back."""
        project = self._workspace.project
        if project is not None and self._workspace.document is None:
            for row in project.documents.rows()[-1:]:
                self._go.to_document(row.id)

    def copy(self) -> None:
        """Copy the selected text as it stands in the article."""
        fragments = self._pane.reader.fragments()
        text = "\n".join(self._workspace.text[start:end] for start, end in fragments)
        if text:
            QApplication.clipboard().setText(text)

    def widen(self) -> None:
        """Select more: word, phrase or quotation, sentence, paragraph."""
        self._pane.reader.widen()

    def narrow(self) -> None:
        """Go back to what was selected before widening."""
        self._pane.reader.narrow()

    def release(self) -> None:
        """Let go of what was chosen last: a suggestion, the selection, then the active annotation."""
        if self._pane.suggestions.release():
            return
        if self._pane.find_bar.isVisible():
            self._pane.find_bar.close_bar()
        elif self._pane.reader.fragments():
            self._pane.reader.clear_selection()
        else:
            self._workspace.set_active(None)

    def find(self) -> None:
        """Find in the open article."""
        fragments = self._pane.reader.fragments()
        chosen = self._workspace.text[fragments[0].start : fragments[0].end] if fragments else ""
        start = fragments[0].start if fragments else self._pane.reader.caret()
        self._pane.find_bar.open_bar(chosen if len(chosen) < 80 else "", start)

    def search(self) -> None:
        """The search page as it was left; where it is shown already, its line."""
        page = self._pages.page("search")
        if page is not None and self._pages.shown == "search":
            page.narrow()
        else:
            self._pages.show_page("search")

    def next_hit(self) -> None:
        """The next hit: of what is looked for in the article, else of the search."""
        self._step(1)

    def previous_hit(self) -> None:
        """The hit before."""
        self._step(-1)

    def _step(self, direction: int) -> None:
        from annotator.ui.search.page import SearchPage

        if self._pane.find_bar.isVisible():
            self._pane.find_bar.go(direction)
            return
        page = self._pages.page("search")
        if isinstance(page, SearchPage) and page.step(direction):
            return
        if self._pane.find_bar.line.text() and self._workspace.document is not None and not self._pages.shown:
            self._pane.find_bar.open_bar(start=self._pane.reader.caret())
            self._pane.find_bar.go(direction)
        else:
            self._workspace.hint.emit(self.tr("Nothing is searched for. Search the article or the project first."))

    def go(self) -> None:
        """Go to a document, an entry, a claim or a command by typing a part of it."""
        from annotator.ui.dialogs.palette import Palette

        palette = Palette(self._workspace, self._actions.all(), self._pane.window())
        palette.document_chosen.connect(self._go.to_document)
        palette.annotation_chosen.connect(self._go.to_annotation)
        palette.entry_chosen.connect(self._go.to_entry)
        palette.open()
