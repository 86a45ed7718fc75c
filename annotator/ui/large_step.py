"""A step that takes longer than a blink: written in a worker, behind a dialog that shows how far it is and can stop it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QProgressDialog, QWidget

from annotator.domain.changes import ChangeSet
from annotator.domain.errors import AnnotatorError
from annotator.ui.steps import step_text
from annotator.ui.worker import Control, Task, run

if TYPE_CHECKING:
    from annotator.domain.changes import StepInfo
    from annotator.services.project import Project

Tell = Callable[[int], object]
Failed = Callable[[AnnotatorError], object]


def _tr(text: str) -> str:
    return QCoreApplication.translate("LargeStep", text)


def run_large(
    window: QWidget,
    project: Project,
    text: str,
    work: Callable[[Project, Tell], object],
    done: Callable[[], object],
    failed: Failed,
    total: int = 0,
) -> Task[None]:
    """Let `work` write to the project through a connection of its own; nobody uses the window meanwhile.

    `total`: about how many rows it writes, if that is known. Stopped, it fails with Cancelled and nothing was done.
    """
    progress = QProgressDialog(text, _tr("Stop"), 0, total, window)
    progress.setWindowTitle("Annotator")
    progress.setWindowModality(Qt.WindowModality.WindowModal)
    progress.setMinimumDuration(0)  # at once: it is what keeps hands off the project
    progress.setAutoClose(False)
    progress.setAutoReset(False)

    changes: list[ChangeSet] = []
    busy = _tr("A large step is being written. Wait until it is through, or stop it.")

    def beside(control: Control) -> None:
        with project.elsewhere(busy) as other:
            other.subscribe(changes.append)
            work(other, lambda rows: control.report(min(rows, total), total))

    def end() -> None:
        progress.reset()
        progress.close()
        progress.deleteLater()
        for change in changes:  # also where it failed: of several steps some may be written
            project.announce(change)

    def succeeded(_: None) -> None:
        end()
        done()

    def went_wrong(error: Exception) -> None:
        end()
        if not isinstance(error, AnnotatorError):
            raise error
        failed(error)

    def advance(rows: int, of: int, _what: str) -> None:
        if of and not progress.wasCanceled():
            progress.setValue(min(rows, of - 1))

    task = run(beside, succeeded, went_wrong, advance)
    progress.canceled.connect(task.cancel)
    progress.show()
    return task


def flip(
    window: QWidget,
    project: Project,
    direction: str,
    done: Callable[[StepInfo], object],
    failed: Failed,
) -> None:
    """Undo ("undo") or redo ("redo") the next step; beside the window where it is large."""
    step = project.undo_label if direction == "undo" else project.redo_label
    act = type(project).undo if direction == "undo" else type(project).redo
    if step is None or project.read_only or not project.is_large(step):
        try:
            act(project)
        except AnnotatorError as error:
            failed(error)
        else:
            if step is not None:
                done(step)
        return
    text = _tr("Undoing: {step}") if direction == "undo" else _tr("Doing again: {step}")
    text = text.replace("{step}", step_text(step))
    run_large(window, project, text, lambda other, tell: act(other, tell), lambda: done(step), failed)
