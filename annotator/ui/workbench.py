"""A project at work: documents, article and annotations side by side, and the commands that act on them.

Made when the first project opens, so that the welcome screen is there before any of this is imported.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from annotator.ui.actions import Actions
from annotator.ui.article.pane import ArticlePane
from annotator.ui.codebook.sheet import Sheet
from annotator.ui.commands.article import ArticleCommands
from annotator.ui.commands.context_menu import ContextMenu
from annotator.ui.commands.edit import EditCommands
from annotator.ui.commands.go import Go
from annotator.ui.commands.review import ReviewCommands
from annotator.ui.commands.tag import TagCommands
from annotator.ui.commands.view import ViewCommands
from annotator.ui.dialogs.banner import ReadOnlyBanner
from annotator.ui.documents.panel import DocumentsPanel
from annotator.ui.pages.stack import Pages
from annotator.ui.panel.panel import Panel
from annotator.ui.settings import settings
from annotator.ui.workspace import Workspace

DOCUMENTS_WIDTH, PANEL_WIDTH = 252, 372


class Workbench(QWidget):
    """Places the three parts, of which pages may take the place of two; what they do is in the commands."""

    def __init__(self, workspace: Workspace, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.documents = DocumentsPanel(workspace)
        self.pane = ArticlePane(workspace)
        self.panel = Panel(workspace)
        self.sheet = Sheet(workspace)
        middle = QWidget()
        beside = QHBoxLayout(middle)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(0)
        beside.addWidget(self.pane, 1)
        beside.addWidget(self.sheet)
        self.banner = ReadOnlyBanner(self)
        self.go = Go(workspace, self.pane)
        self.pages = Pages(workspace, middle, self.pane, self.panel)
        self.pages.bind(self.go)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        for part, stretch in ((self.documents, 0), (self.pages, 1), (self.panel, 0)):
            self.splitter.addWidget(part)
            self.splitter.setStretchFactor(self.splitter.count() - 1, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.splitter, 1)
        self._bind(actions)

    def _bind(self, actions: Actions) -> None:
        actions.attach(self.pane.reader)
        tag = TagCommands(self._workspace, self.pane)
        article = ArticleCommands(self._workspace, self.pane, self.go)
        view = ViewCommands(self.pane, self.documents, self.panel, actions, self.sheet, self.pages)
        for menu, commands in (
            ("tag", tag),
            ("article", article),
            ("view", view),
            ("edit", EditCommands(self._workspace, self.pane, self.go, actions, self.pages)),
            ("review", ReviewCommands(self._workspace, self.pane, self.panel)),
        ):
            actions.bind(
                {
                    id_: getattr(commands, id_.split(".", 1)[1])
                    for id_ in actions.by_id
                    if id_.startswith(f"{menu}.") and not id_.startswith("tag.layer.") and id_ != "view.theme"
                }
            )
        self.menu = ContextMenu(self._workspace, self.pane.reader, actions)
        self.tag = tag
        self.view = view
        self.article = article
        self.pane.tag_bar.tag_requested.connect(tag.layer)
        self.pane.header.done_requested.connect(article.toggle_done)
        self.pane.reader.boundary_dragged.connect(tag.set_fragments)
        self.pane.find_bar.found.connect(self.pane.reader.select)
        self.documents.edit_requested.connect(article.edit_details)
        self.documents.collapse_requested.connect(view.toggle_documents)

    def arrange(self) -> None:
        """Sizes as they were left, else as the design says; narrow windows give the text the room."""
        remembered = settings()
        self.documents.setVisible(remembered.documents_shown)
        self.panel.setVisible(remembered.panel_shown)
        sizes = remembered.splitter
        if len(sizes) != 3 or abs(sum(sizes) - self.width()) > 4:
            narrow = self.width() < 1200
            documents, panel = (200, 300) if narrow else (DOCUMENTS_WIDTH, PANEL_WIDTH)
            sizes = [documents, max(300, self.width() - documents - panel - 2), panel]
        self.splitter.setSizes(sizes)
        if len(remembered.panel_splitter) == 2:
            self.panel.splitter.setSizes(remembered.panel_splitter)
        self.panel.outline.restore(remembered.outline)

    def leave(self) -> None:
        """Before the project closes: save what is half typed, and remember how all was left."""
        self.panel.flush()
        self.pages.flush()
        self.pane.keep_place()
        remembered = settings()
        remembered.splitter = self.splitter.sizes()
        remembered.panel_splitter = self.panel.splitter.sizes()
        remembered.outline = self.panel.outline.state()

    def show_keys(self, actions: Actions) -> None:
        """Show the keys as they are bound now."""
        self.documents.set_keys({"add": actions.key_text("project.add"), "search": actions.key_text("view.documents")})
        told = {
            "edit.widen": self.tr("widens the selection"),
            "edit.find": self.tr("finds in the article"),
            "tag.reporter": self.tr("tags who reports the claim"),
            "help.keys": self.tr("shows every key"),
        }
        self.panel.inspector.empty.set_keys([(actions.key_text(id_), text) for id_, text in told.items()])
