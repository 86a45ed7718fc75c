"""What the parts of the inspector share: the workspace, fresh guesses, and what a press asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from annotator.domain.model import Annotation
from annotator.ui.panel.target import Target, editable

if TYPE_CHECKING:
    from annotator.domain.changes import ChangeSet
    from annotator.services.project import Project
    from annotator.ui.workspace import Workspace


class Desk(QObject):
    """One for each inspector."""

    pick_asked = Signal(str, bool)
    """The annotation whose entry is to be chosen, and whether it is to be renamed."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self._guesses: dict[str, bool] = {}  # annotation id -> whether the tag made the entry

    @property
    def editable(self) -> bool:
        """Whether the open project may be changed."""
        return editable(self.workspace)

    def annotation(self, id_: str) -> Target:
        """An annotation as something to edit."""
        return Target(self.workspace, "annotation", id_)

    def link(self, id_: str) -> Target:
        """A link as something to edit."""
        return Target(self.workspace, "link", id_)

    def go(self, id_: str) -> None:
        """Make an annotation the active one and show it in the article."""
        self.workspace.set_active(id_, reveal=True)

    def write(self, change: Callable[[Project], object]) -> None:
        """Ask the services for a change; what is refused becomes a hint."""
        project = self.workspace.project
        if project is not None and self.editable:
            with self.workspace.guard():
                change(project)

    # Guesses that the last tag made

    def follow(self, change: ChangeSet) -> None:
        """Remember what a tag resolved its words to, until the next step."""
        nothing: frozenset[str] = frozenset()
        added = change.added.get("annotation", nothing) if change.origin == "do" else nothing
        fresh = change.added.get("entry", nothing)
        self._guesses = {}
        if len(added) == 1:  # one tag by a person; an import guesses nothing
            for id_ in added:
                annotation = self.workspace.annotated.annotations.get(id_)
                if annotation is not None and annotation.entries:
                    self._guesses[id_] = bool(fresh & set(annotation.entries))

    def badge(self, annotation: Annotation) -> str:
        """How the entry of an annotation came about, if that was a guess just now."""
        made = self._guesses.get(annotation.id)
        if made is None:
            return ""
        return self.tr("new") if made else self.tr("by name")

    def guessed(self) -> str | None:
        """The annotation whose entry was guessed by the last step."""
        return next(iter(self._guesses), None)
