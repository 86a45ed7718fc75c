"""Reads an article with very many annotations beside the window: first what painting needs, then all of it."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from annotator.ui.later import Later
from annotator.ui.worker import Control, Task, run

if TYPE_CHECKING:
    from annotator.domain.annotated import Annotated
    from annotator.domain.changes import ChangeSet
    from annotator.domain.model import Stretch
    from annotator.services.project import Project


class Reading(QObject):
    """One article at a time. Changes that are told meanwhile are kept, for what was read before them."""

    stretches = Signal(list)
    """What painting needs of all annotations."""
    annotated = Signal(object)
    """All annotations and links."""
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._document, self._length, self._count = "", 0, 0
        self._task: Task[list[Stretch]] | Task[Annotated] | None = None
        self._changes: list[ChangeSet] = []
        self._begin = Later(self)  # once the article is on the screen
        self._begin.due.connect(self._read_stretches)
        self._frozen = self._paused = False
        self._left = Later(self)  # once nothing refers to the article that was left
        self._left.due.connect(_thaw)

    def start(self, project: Project, document_id: str, length: int, count: int) -> None:
        """Read the `count` annotations of a document whose text has this length."""
        self.stop()
        self._project, self._document, self._length, self._count = project, document_id, length, count
        self._begin.start()
        self._pause()

    def stop(self) -> None:
        """Leave the article, or read no further: nothing is told any more."""
        self._begin.stop()
        if self._task is not None:
            self._task.drop()
            self._task = None
        self._changes = []
        self._go_on()
        if self._frozen:
            self._frozen = False
            self._left.start()

    def follow(self, change_set: ChangeSet) -> None:
        """A step was written while this reads."""
        self._changes.append(change_set)

    def take_changes(self) -> list[ChangeSet]:
        """What was written since it began."""
        changes, self._changes = self._changes, []
        return changes

    def _read_stretches(self) -> None:
        project, document, length, count = self._project, self._document, self._length, self._count
        assert project is not None

        def work(control: Control) -> list[Stretch]:
            from annotator.services.reading import read_stretches

            with project.elsewhere() as other:
                return read_stretches(other, document, length, count, control.check)

        self._task = run(work, self._stretches_read, self._failed)

    def _stretches_read(self, found: list[Stretch]) -> None:
        project, document, length, count = self._project, self._document, self._length, self._count
        assert project is not None
        self.stretches.emit(found)

        def work(control: Control) -> Annotated:
            from annotator.services.reading import read_annotated

            with project.elsewhere() as other:
                return read_annotated(other, document, length, count, control.check)

        self._task = run(work, self._all_read, self._failed)

    def _all_read(self, annotated: Annotated) -> None:
        self._task = None
        # A million objects that stay until the article is left: to look through them for cycles again and again, as
        # each tag makes a few new ones, would hold the window up every time.
        self._left.stop()
        gc.freeze()
        self._frozen = True
        self._go_on()
        self.annotated.emit(annotated)

    def _failed(self, error: Exception) -> None:
        self._task = None
        self._go_on()
        self.failed.emit(error)

    def _pause(self) -> None:
        from annotator.services import pace

        if not self._paused:
            self._paused = True
            pace.pause()

    def _go_on(self) -> None:
        from annotator.services import pace

        if self._paused:
            self._paused = False
            pace.go_on()


def _thaw() -> None:
    """What stays for the whole session is kept apart again, without what has gone."""
    gc.unfreeze()
    gc.freeze()
