"""The View menu: where the focus goes, what is shown, how large the text is."""

from __future__ import annotations

from PySide6.QtCore import QObject

from annotator.ui.actions import Actions
from annotator.ui.article.pane import ArticlePane
from annotator.ui.codebook.sheet import Sheet
from annotator.ui.documents.panel import DocumentsPanel
from annotator.ui.pages.stack import Pages
from annotator.ui.panel.panel import Panel
from annotator.ui.settings import Settings, settings

SMALLEST, LARGEST, NORMAL = 12, 32, 17


class ViewCommands(QObject):
    """Works on the window's parts."""

    def __init__(
        self,
        pane: ArticlePane,
        documents: DocumentsPanel,
        panel: Panel,
        actions: Actions,
        sheet: Sheet,
        pages: Pages,
    ) -> None:
        super().__init__(pane)
        self._actions = actions
        self._pane = pane
        self._documents = documents
        self._panel = panel
        self._sheet = sheet
        self._pages = pages
        sheet.closed.connect(self.codebook)
        settings().changed.connect(self._setting_changed)
        self._show_width()

    def documents(self) -> None:
        """Go to the list of documents."""
        self._show_documents(True)
        self._documents.focus_search()

    def text(self) -> None:
        """Go to the article's text."""
        self._pages.focus_article()

    def inspector(self) -> None:
        """Go to the inspector."""
        self._show_panel(True)
        self._panel.focus_inspector()

    def outline(self) -> None:
        """Go to the outline."""
        self._show_panel(True)
        self._panel.focus_outline()

    def entry(self) -> None:
        """Show what the active annotation means in the registry."""
        workspace = self._pages.workspace
        active = workspace.active
        if active is None or not active.entries:
            workspace.hint.emit(self.tr("Choose an annotation that has an entry."))
            return
        self._pages.show_page("registry", active.entries[0])

    def registry(self) -> None:
        """Go to the registry."""
        self._pages.show_page("registry")

    def toggle_documents(self) -> None:
        """Show or hide the list of documents."""
        self._show_documents(not self._documents.isVisible())

    def toggle_panel(self) -> None:
        """Show or hide inspector and outline. A page has no room for them: they come with the article."""
        self._show_panel(bool(self._pages.shown) or not self._panel.isVisible())

    def codebook(self) -> None:
        """Show what the codebook says beside the text, or hide it."""
        if self._pages.shown:
            self._pages.show_article()
            self._sheet.open()
        elif self._sheet.isVisible():
            self._sheet.hide()
            self._pane.reader.setFocus()
        else:
            self._sheet.open()

    def overview(self) -> None:
        """Show how the project stands, in charts."""
        self._pages.show_page("overview")

    def larger(self) -> None:
        """Larger text in the article."""
        self._resize(settings().reading_size + 1)

    def smaller(self) -> None:
        """Smaller text in the article."""
        self._resize(settings().reading_size - 1)

    def normal_size(self) -> None:
        """The size that the design gives."""
        self._resize(NORMAL)

    def narrow(self) -> None:
        """Short lines."""
        settings().reading_width = "narrow"

    def normal(self) -> None:
        """Lines as long as the design gives."""
        settings().reading_width = "normal"

    def wide(self) -> None:
        """Long lines."""
        settings().reading_width = "wide"

    def _setting_changed(self, name: str) -> None:
        if name == "reading_width":
            self._show_width()

    def _show_width(self) -> None:
        """Let the menu say how wide the text is now."""
        for width in Settings.reading_width.choices:
            action = self._actions.by_id[f"view.{width}"]
            action.setCheckable(True)
            action.setChecked(settings().reading_width == width)

    def _resize(self, size: int) -> None:
        settings().reading_size = max(SMALLEST, min(LARGEST, size))

    def _show_documents(self, shown: bool) -> None:
        self._documents.setVisible(shown)
        settings().documents_shown = shown
        if not shown:
            self._pages.focus_shown()

    def _show_panel(self, shown: bool) -> None:
        self._pages.show_article()
        self._panel.setVisible(shown)
        settings().panel_shown = shown
        if not shown:
            self._pane.reader.setFocus()
