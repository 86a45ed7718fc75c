"""The suggestions of the open article: shown as ghosts in the text, accepted or dismissed one by one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from annotator.domain.errors import AnnotatorError
from annotator.domain.model import Annotation, Suggestion
from annotator.ui.later import Later
from annotator.ui.reader.view import Reader
from annotator.ui.worker import Control, Task, run
from annotator.ui.workspace import MANY, Workspace

_WAIT = 120  # milliseconds
_LONG_WAIT = 1500
_REACH = 2000
"""Characters before a suggestion in which an annotation that covers it may begin."""
_LONG = 300_000
"""Characters; in a longer text, or in one with very many annotations, it is looked beside the window."""


_Found = tuple[dict[str, Suggestion], list[Annotation]]
"""Suggestions by an id that stays while they do, and the annotations that they would become."""


def _prepared(found: list[Suggestion]) -> _Found:
    by_id = {f"{s.layer_id}:{s.fragment.start}:{s.fragment.end}": s for s in found}
    ghosts = [
        Annotation(id_, s.document_id, s.layer_id, "", (s.fragment,), s.entries, origin=s.origin)
        for id_, s in by_id.items()
    ]
    return by_id, ghosts


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
        self._for = ""
        # Looked for when the hands rest, so that a tag is on the screen first.
        self._later = Later(self)
        self._later.due.connect(lambda: self._look())
        self._task: Task[_Found] | None = None
        reader.caret_moved.connect(self._caret_moved)

    def refresh(self) -> None:
        """Look again soon."""
        self._drop()
        document = self._workspace.document
        again = document is not None and self._for == document.id
        if not again:
            self._forget()
        self._later.start(_LONG_WAIT if again and self._long else _WAIT)

    def count(self) -> int:
        """How many wait."""
        return len(self._found)

    @property
    def looking(self) -> bool:
        """Whether they are being looked for beside the window."""
        return self._task is not None

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
            looking = self._task is not None or self._later.isActive()
            told = self.tr("Suggestions are still being looked for."), self.tr("No suggestions in this article.")
            self._workspace.hint.emit(told[0] if looking else told[1])
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

    def accept_all(self) -> bool:
        """Accept all of the entry that the current one means, in the whole article; whether there was one."""
        suggestion = self.current()
        if suggestion is None or self._workspace.project is None:
            return False
        alike = [
            s for s in self._found.values() if (s.layer_id, s.entries) == (suggestion.layer_id, suggestion.entries)
        ]
        if not suggestion.entries:
            alike = [suggestion]
        with self._workspace.guard():
            made = self._workspace.project.suggesting.accept_all(alike)
            told = self.tr("{n} × “{name}” accepted. Undo takes all back.").replace("{n}", str(len(made)))
            self._workspace.hint.emit(told.replace("{name}", self._name(suggestion)))
        self._choose(None)
        return True

    def dismiss(self, *, at_caret: bool = False) -> bool:
        """Dismiss the one chosen with Tab, or with `at_caret` the one there; whether there was one."""
        suggestion = self.current() if at_caret else self._found.get(self._current or "")
        if suggestion is None or self._workspace.project is None:
            return False
        with self._workspace.guard():
            self._workspace.project.suggesting.dismiss(suggestion)
        self._choose(None)
        return True

    def never(self) -> bool:
        """Never propose these words for this entry again, in any article; whether there was a suggestion."""
        suggestion = self.current()
        if suggestion is None or self._workspace.project is None:
            return False
        with self._workspace.guard():
            words = self._workspace.project.suggesting.never(suggestion)
            told = self.tr("“{words}” will not be suggested for “{name}” any more. Undo takes it back.")
            self._workspace.hint.emit(told.replace("{words}", words).replace("{name}", self._name(suggestion)))
        self._choose(None)
        return True

    def _name(self, suggestion: Suggestion) -> str:
        return ", ".join(self._workspace.entry_name(id_) for id_ in suggestion.entries)

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
        if not self._later.isActive() and self._task is None:
            return
        if not self._long:
            self._later.stop()
            self._look(at_once=True)
            return
        # It takes too long to be waited for: what is tagged by now is told apart at least.
        project, document = self._workspace.project, self._workspace.document
        if project is not None and document is not None and self._found:
            self._show(_prepared([s for s in self._found.values() if not self._tagged(s)]))

    @property
    def _long(self) -> bool:
        workspace = self._workspace
        return workspace.loading or len(workspace.text) > _LONG or len(workspace.annotated.annotations) > MANY

    def _tagged(self, suggestion: Suggestion) -> bool:
        start, end = suggestion.fragment
        near = self._workspace.annotated.beginning_in([suggestion.layer_id], max(0, start - _REACH), end)
        return any(f.start < end and f.end > start for annotation in near for f in annotation.fragments)

    def _look(self, *, at_once: bool = False) -> None:
        """Look again; beside the window where it may take long. `at_once`: somebody waits for it."""
        workspace = self._workspace
        project, document = workspace.project, workspace.document
        self._drop()
        self._for = document.id if document is not None else ""
        if project is None or document is None or workspace.read_only:
            self._forget()
        elif workspace.loading:
            self._for = ""  # again when all is read
        elif self._long or not (at_once or project.suggesting.ready):
            with workspace.guard():
                look = project.suggesting.prepare(document.id, tuple(workspace.annotated.annotations.values()))

            def work(_control: Control) -> _Found:
                return _prepared(look.run())

            self._task = run(work, self._show, self._failed)
        else:
            with workspace.guard():
                self._show(_prepared(project.suggesting.suggest(document.id, tuple(workspace.annotations.values()))))

    def _drop(self) -> None:
        if self._task is not None:
            self._task.drop()
            self._task = None

    def _failed(self, error: Exception) -> None:
        self._task = None
        if not isinstance(error, AnnotatorError):
            raise error
        self._workspace.hint.emit(str(error))

    def _forget(self) -> None:
        if self._found:
            self._show(_prepared([]))

    def _show(self, found: _Found) -> None:
        self._task = None
        self._found, ghosts = found
        self._reader.set_ghosts(ghosts)
        if self._current not in self._found:
            self._choose(None)
        self.changed.emit()
