"""Does something to a project: at once where it is small, else in another thread, so that the window never stands still."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from annotator.domain.errors import AnnotatorError
from annotator.ui import worker

if TYPE_CHECKING:
    from annotator.domain.changes import ChangeSet
    from annotator.services.project import Project
    from annotator.ui.workspace import Workspace

SMALL = 1500
"""Mentions that are moved before an eye sees it."""


def perform(
    workspace: Workspace,
    work: Callable[[Project], object],
    size: int,
    done: Callable[[], object] | None = None,
    failed: Callable[[str], object] | None = None,
) -> None:
    """Run `work` on the open project. `size`: how many rows it may touch. User errors become a hint, or go to `failed`."""
    project = workspace.project
    if project is None:
        return
    tell = failed or workspace.hint.emit
    if size <= SMALL:
        try:
            work(project)
        except AnnotatorError as error:
            tell(str(error))
            return
        if done is not None:
            done()
        return

    def elsewhere(_control: worker.Control) -> list[ChangeSet]:
        changes: list[ChangeSet] = []
        with project.elsewhere() as other:
            other.subscribe(changes.append)
            work(other)
        return changes

    def finish(changes: list[ChangeSet]) -> None:
        if workspace.project is not project:
            return
        for change in changes:
            project.announce(change)
        if done is not None:
            done()

    def give_up(error: Exception) -> None:
        if not isinstance(error, AnnotatorError):
            raise error
        tell(str(error))

    worker.run(elsewhere, finish, give_up)
