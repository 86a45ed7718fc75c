"""The middle of the window: the article, or one of the pages in its place.

To add a page: a class made from `Page`, a line in PAGES, and an action whose method calls `show` with the id.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from annotator.ui import theme
from annotator.ui.settings import settings

if TYPE_CHECKING:
    from annotator.ui.article.pane import ArticlePane
    from annotator.ui.commands.go import Go
    from annotator.ui.pages.page import Page
    from annotator.ui.workspace import Workspace

PAGES: dict[str, str] = {
    "overview": "annotator.ui.overview.page:OverviewPage",
    "registry": "annotator.ui.registry.page:RegistryPage",
    "search": "annotator.ui.search.page:SearchPage",
}
"""Page id to "module:Class". The class is called with the workspace, when the page is first shown."""


class Pages(QStackedWidget):
    """Shows one of them at a time. What shows something of an article brings the article back."""

    changed = Signal()
    """Another one is shown."""

    def __init__(self, workspace: Workspace, article: QWidget, pane: ArticlePane, panel: QWidget) -> None:
        super().__init__()
        self.workspace = workspace
        self._article = article
        self._pane = pane
        self._panel = panel
        self._made: dict[str, Page] = {}
        self._shown = ""
        self.addWidget(article)
        workspace.article_wanted.connect(self.show_article)
        workspace.reveal.connect(lambda _id: self.show_article())
        workspace.focus_reader.connect(self.focus_article)
        workspace.focus_middle.connect(self.focus_shown)
        workspace.project_closed.connect(self._forget)
        theme.notifier.changed.connect(self._retheme)

    @property
    def shown(self) -> str:
        """The id of the page that is shown; "" for the article."""
        return self._shown

    def page(self, id_: str) -> Page | None:
        """A page that has been made."""
        return self._made.get(id_)

    def bind(self, go: Go) -> None:
        """How pages reach places in articles."""
        self._go = go

    def show_page(self, id_: str, thing: object = None) -> None:
        """Show a page, and in it `thing`, if it is told one. It is as it was left; its first field where it is new."""
        if self.workspace.project is None:
            return
        page = self._made.get(id_)
        new, again = page is None, id_ == self._shown
        if page is None:
            page = self._make(id_)
        if not again:
            self._leave()
            self._shown = id_
            self._panel.hide()
            self.setCurrentWidget(page)
            self.changed.emit()
        with self.workspace.guard():
            page.open()
            if thing is not None:
                page.show_thing(thing)
        if new or page.focusWidget() is None:
            page.focus_first()
        elif again and thing is None:
            page.narrow()  # asked for once more, it is to look for something else
        elif not page.isAncestorOf(self.window().focusWidget() or self):
            self.focus_shown()

    def show_article(self) -> None:
        """Show the article, with its annotations where they are wanted."""
        if not self._shown:
            return
        self._leave()
        self._shown = ""
        self.setCurrentWidget(self._article)
        self._panel.setVisible(settings().panel_shown)
        self.changed.emit()

    def focus_article(self) -> None:
        """Show the article with the keys in its text."""
        self.show_article()
        self._pane.reader.setFocus()

    def focus_shown(self) -> None:
        """Give the keys back to what is shown: the article's text, or where they were in the page."""
        page = self._made.get(self._shown)
        if page is None:
            self._pane.reader.setFocus()
        else:
            inside = page.focusWidget()
            if inside is not None and inside.isVisible():
                inside.setFocus()
            else:
                page.focus_first()

    def _make(self, id_: str) -> Page:
        module, name = PAGES[id_].split(":")
        page: Page = getattr(import_module(module), name)(self.workspace)
        page.left.connect(self.focus_article)
        page.document_wanted.connect(self._go.to_document)
        page.place_wanted.connect(self._go.to_place)
        page.annotation_wanted.connect(self._go.to_annotation)
        page.page_wanted.connect(self.show_page)
        self._made[id_] = page
        self.addWidget(page)
        return page

    def _leave(self) -> None:
        page = self._made.get(self._shown)
        if page is not None:
            with self.workspace.guard():
                page.flush()

    def flush(self) -> None:
        """Before the project closes: save what is half typed, and show the article, as it is found again."""
        self.show_article()
        for page in self._made.values():
            page.drop()

    def _forget(self) -> None:
        for page in self._made.values():
            self.removeWidget(page)
            page.deleteLater()
        self._made = {}

    def _retheme(self) -> None:
        for page in self._made.values():
            page.update()
