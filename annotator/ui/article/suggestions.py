"""The suggestions of the open article: shown as ghosts in the text, accepted or dismissed one by one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from annotator.domain.model import Annotation, Suggestion
from annotator.ui.later import Later
from annotator.ui.reader.view import Reader
from annotator.ui.workspace import Workspace

_WAIT = 120  # milliseconds


class Suggestions(QObject):
    """Asks the services for suggestions when the article changes, and keeps track of the current one."""

    changed = Signal()
    accepted = Signal(object)
    """The annotation that a suggestion became."""

    def __init__(self, workspace: Workspace, reader: Reader) -> None:
        super().__init__(reader)
        self._workspace = workspace
        self._reader = reader
        self._found: dict[str, Suggestion] = {}
        self._current: str | None = None
        # Looked for when the hands rest, so that a tag is on the screen first.
        self._later = Later(self)
        self._later.due.connect(self._look)
        reader.caret_moved.connect(self._caret_moved)

    def refresh(self) -> None:
        """Look again soon."""
        self._later.start(_WAIT)

    def count(self) -> int:
        """How many wait."""
        return len(self._found)

    def current(self) -> Suggestion | None:
        """The one that Enter accepts: chosen with Tab, else the one at the caret."""
        self._look_if_due()
        if self._current in self._found:
            return self._found[self._current or ""]
        caret = self._reader.caret()
        at = (s for s in self._found.values() if s.fragment.start <= caret <= s.fragment.end)
        return next(at, None)

    def move(self, direction: int) -> None:
        """Make the next (1) or previous (-1) suggestion the current one."""
        self._look_if_due()
        order = list(self._found)
        if not order:
            self._workspace.hint.emit(self.tr("No suggestions in this article."))
            return
        if self._current in order:
            at = (order.index(self._current or "") + direction) % len(order)
        else:
            caret = self._reader.caret()
            after = [i for i, id_ in enumerate(order) if self._found[id_].fragment.start >= caret]
            at = (after[0] if after else 0) if direction > 0 else ((after[0] if after else 0) - 1) % len(order)
        self._choose(order[at])
        fragment = self._found[order[at]].fragment
        self._reader.set_caret(fragment.start)
        self._reader.scroll_to(fragment.start, fragment.end)

    def accept(self) -> bool:
        """Accept the current one; whether there was one."""
        suggestion = self.current()
        if suggestion is None or self._workspace.project is None:
            return False
        with self._workspace.guard():
            annotation = self._workspace.project.suggesting.accept(suggestion)
            self._reader.set_caret(suggestion.fragment.end)
            if self._workspace.active_claim is None:
                self._workspace.set_active(annotation.id)
            self.accepted.emit(annotation)
        self._choose(None)
        return True

    def dismiss(self) -> bool:
        """Dismiss the one chosen with Tab; whether there was one."""
        if self._current not in self._found or self._workspace.project is None:
            return False
        with self._workspace.guard():
            self._workspace.project.suggesting.dismiss(self._found[self._current or ""])
        self._choose(None)
        return True

    def release(self) -> bool:
        """Let go of the chosen one; whether there was one."""
        chosen = self._current is not None
        self._choose(None)
        return chosen

    def _caret_moved(self, point: int) -> None:
        """Whoever walks away from the one chosen with Tab has let go of it."""
        chosen = self._found.get(self._current or "")
        if chosen is not None and not chosen.fragment.start <= point <= chosen.fragment.end:
            self._choose(None)

    def _choose(self, id_: str | None) -> None:
        self._current = id_
        self._reader.set_current_ghost(id_)

    def _look_if_due(self) -> None:
        """A key that means a suggestion must not meet those of before the last tag, however fast it follows."""
        if self._later.isActive():
            self._later.stop()
            self._look()

    def _look(self) -> None:
        workspace = self._workspace
        self._found = {}
        if workspace.project is not None and workspace.document is not None and not workspace.read_only:
            with workspace.guard():
                known = tuple(workspace.annotations.values())
                found = workspace.project.suggesting.suggest(workspace.document.id, known)
                self._found = {f"{s.layer_id}:{s.fragment.start}:{s.fragment.end}": s for s in found}
        ghosts = [
            Annotation(id_, s.document_id, s.layer_id, "", (s.fragment,), s.entries, origin=s.origin)
            for id_, s in self._found.items()
        ]
        self._reader.set_ghosts(ghosts)
        if self._current not in self._found:
            self._choose(None)
        self.changed.emit()
