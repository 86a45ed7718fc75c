"""Does something to a project: at once where it is small, else beside the window, so that this never stands still."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from annotator.domain.errors import AnnotatorError
from annotator.ui.large_step import run_large

if TYPE_CHECKING:
    from annotator.services.project import Project
    from annotator.ui.workspace import Workspace

SMALL = 1500
"""Mentions that are moved before an eye sees it."""


def perform(
    workspace: Workspace,
    window: QWidget,
    work: Callable[[Project], object],
    size: int,
    done: Callable[[], object] | None = None,
) -> None:
    """Run `work` on the open project. `size`: how many rows it may touch. What a user can cause becomes a hint."""
    project = workspace.project
    if project is None:
        return

    def finish() -> None:
        if done is not None:
            done()

    def failed(error: AnnotatorError) -> None:
        workspace.hint.emit(str(error))

    if size <= SMALL:
        try:
            work(project)
        except AnnotatorError as error:
            failed(error)
        else:
            finish()
        return
    text = QCoreApplication.translate("Registry", "Changing the registry…")
    run_large(window, project, text, lambda other, _tell: work(other), finish, failed)
