"""The search index of the open project is brought up to date while nothing else is to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.domain.errors import AnnotatorError
from annotator.ui.later import Later
from annotator.ui.worker import Control, Task, run

if TYPE_CHECKING:
    from annotator.domain.changes import ChangeSet
    from annotator.ui.workspace import Workspace

_WAIT = 2000  # milliseconds


class Indexing(QObject):
    """Begins some time after the project opened or articles came; a search that comes before does the same by itself."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._task: Task[None] | None = None
        self._later = Later(self)
        self._later.due.connect(self.begin)
        workspace.project_opened.connect(lambda: self._later.start(_WAIT))
        workspace.project_closed.connect(self._later.stop)
        workspace.changed.connect(self._follow)

    @property
    def going_on(self) -> bool:
        """Whether texts are being put into the index."""
        return self._task is not None

    def begin(self) -> None:
        """Begin now."""
        project = self._workspace.project
        if project is None or project.read_only or self._task is not None:
            return

        def work(control: Control) -> None:
            with project.elsewhere() as other:
                other.index_texts(control.check)

        def failed(error: Exception) -> None:
            self._task = None
            if not isinstance(error, AnnotatorError):
                raise error  # what the disk refuses is told to who searches

        self._task = run(work, lambda _: self._ended(), failed)

    def _ended(self) -> None:
        self._task = None

    def _follow(self, change: ChangeSet) -> None:
        if change.added.get("document"):
            self._later.start(_WAIT)
