"""The Review menu: suggestions, and going from annotation to annotation."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.domain.attribution import place
from annotator.ui.article.pane import ArticlePane
from annotator.ui.commands.go import Go
from annotator.ui.panel.panel import Panel
from annotator.ui.workspace import Workspace

if TYPE_CHECKING:
    from annotator.services.todo import TodoItem

_BEGIN, _END = (-1, 0, ""), (sys.maxsize, 0, "")


class ReviewCommands(QObject):
    """Moves through the open article."""

    def __init__(self, workspace: Workspace, pane: ArticlePane, panel: Panel) -> None:
        super().__init__(pane)
        self._workspace = workspace
        self._pane = pane
        self._panel = panel

    def accept(self) -> None:
        """Accept the suggestion at the caret; where there is none, make the annotation there active and go to it."""
        if not self._workspace.read_only and self._pane.suggestions.accept():
            return
        if self._workspace.active_id is None:
            at_caret = self._at_caret()
            self._workspace.set_active(at_caret[0] if at_caret else None)
        if self._workspace.active_id is None:
            self._workspace.hint.emit(self.tr("There is no annotation at the caret."))
            return
        self._panel.setVisible(True)
        self._panel.focus_inspector()

    def accept_all(self) -> None:
        """Accept all suggestions in the article that mean what the one at the caret means."""
        self._told(self._pane.suggestions.accept_all())

    def dismiss(self) -> None:
        """Dismiss the suggestion at the caret for good."""
        self._told(self._pane.suggestions.dismiss(at_caret=True))

    def never(self) -> None:
        """Never suggest the name at the caret for its entry again."""
        self._told(self._pane.suggestions.never())

    def _told(self, done: bool) -> None:
        if not done:
            self._workspace.hint.emit(self.tr("There is no suggestion at the caret."))

    def todo(self) -> None:
        """What the codebook asks for and is not there yet."""
        from annotator.ui.codebook.todo import TodoDialog

        dialog = TodoDialog(self._workspace, self._pane.window())
        dialog.go.connect(self._go_to_todo)
        dialog.open()

    def _go_to_todo(self, item: TodoItem) -> None:
        go = Go(self._workspace, self._pane)
        if item.annotation_id:
            go.to_annotation(item.annotation_id)
            self._panel.setVisible(True)
        elif item.thing == "entry":
            go.to_entry(item.id)
        else:
            go.to_document(item.document_id)

    def duplicates(self) -> None:
        """Show articles that are versions of one story."""
        from annotator.ui.dialogs.duplicates import DuplicatesDialog

        dialog = DuplicatesDialog(self._workspace, self._pane.window())
        dialog.open_requested.connect(lambda id_: self._workspace.open_document(id_))
        dialog.open()

    def next_suggestion(self) -> None:
        """Go to the next suggestion."""
        self._pane.suggestions.move(1)

    def previous_suggestion(self) -> None:
        """Go to the suggestion before."""
        self._pane.suggestions.move(-1)

    def next(self) -> None:
        """Make the next annotation active and go to it."""
        self._step(1)

    def previous(self) -> None:
        """Make the annotation before active and go to it."""
        self._step(-1)

    def _step(self, direction: int) -> None:
        workspace, caret = self._workspace, self._pane.reader.caret()
        if workspace.loading:
            workspace.hint.emit(self.tr("The annotations are still being read; try again in a moment."))
            return
        annotated, active = workspace.annotated, workspace.active
        if active is not None and active.start <= caret <= active.end:
            at = place(active)
        else:
            at = caret, -len(workspace.text) - 1, ""  # before all that begin at the caret
        if direction > 0:
            chosen = annotated.after(at) or annotated.after(_BEGIN)
        else:
            chosen = annotated.before(at) or annotated.before(_END)
        if chosen is None:
            workspace.hint.emit(self.tr("No annotations in this article yet."))
            return
        self._pane.reader.set_caret(chosen.start)
        self._workspace.set_active(chosen.id, reveal=True)

    def overlap(self) -> None:
        """Make the next of the annotations that lie over each other at the caret the active one."""
        at_caret = self._at_caret()
        if not at_caret:
            self._workspace.hint.emit(self.tr("There is no annotation at the caret."))
            return
        active = self._workspace.active_id
        at = at_caret.index(active) + 1 if active in at_caret else 0
        self._workspace.set_active(at_caret[at % len(at_caret)])
        shown = self._workspace.annotated.annotations[self._workspace.active_id or ""]
        told = self.tr("{layer}: {text}").replace("{layer}", self._workspace.layer(shown).name)
        self._workspace.hint.emit(told.replace("{text}", self._workspace.annotation_text(shown)[:80]))

    def overlaps(self) -> None:
        """List the annotations that lie over each other at the caret."""
        if not self._pane.pointing.list_here():
            self._workspace.hint.emit(self.tr("There is no annotation at the caret."))

    def _at_caret(self) -> list[str]:
        return self._workspace.known(self._pane.reader.at_caret())
