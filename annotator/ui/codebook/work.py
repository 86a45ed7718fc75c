"""Counting and changing beside the window: what a codebook change touches may be a hundred thousand annotations."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from annotator.domain.errors import AnnotatorError, Cancelled
from annotator.ui.large_step import run_large
from annotator.ui.worker import Control, Task, run

if TYPE_CHECKING:
    from annotator.services.codebook_change import Change
    from annotator.services.project import Project
    from annotator.services.recoding import Touch

T = TypeVar("T")
Failed = Callable[[AnnotatorError], object]


class Work(QObject):
    """For one asker. What is asked last counts: an earlier question is dropped. Small things are answered at once."""

    def __init__(self, project: Project, parent: QObject) -> None:
        super().__init__(parent)
        self._project = project
        self._task: Task[Any] | None = None

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._task is not None

    def drop(self) -> None:
        """Nobody wants to hear of it any more."""
        if self._task is not None:
            self._task.drop()
            self._task = None

    def ask(self, count: Callable[[Project], T], then: Callable[[T], object], failed: Failed) -> None:
        """Read something, in this thread or in another."""
        self.drop()
        project = self._project
        if not project.coding.is_large():
            try:
                answer = count(project)
            except AnnotatorError as error:
                failed(error)
            else:
                then(answer)
            return

        def beside(control: Control) -> T:
            with project.elsewhere() as other, project.coding.through(other):
                control.check()
                return count(other)

        def told(answer: T) -> None:
            self._task = None
            then(answer)

        def wrong(error: Exception) -> None:
            self._task = None
            if not isinstance(error, AnnotatorError):
                raise error
            if not isinstance(error, Cancelled):
                failed(error)

        self._task = run(beside, told, wrong)

    def weigh(self, make: Callable[[], Change], then: Callable[[Change, list[Touch]], object], failed: Failed) -> None:
        """Make a change and count what it touches."""

        def count(project: Project) -> tuple[Change, list[Touch]]:
            change = make()
            counted = change if project is self._project else change.through(project)
            return change, counted.touches()

        self.ask(count, lambda found: then(*found), failed)

    def apply(
        self, window: QWidget, change: Change, touches: list[Touch], then: Callable[[], object], failed: Failed
    ) -> None:
        """Do a change: in this thread where it rewrites little."""
        rows = sum(touch.count for touch in touches)
        if not change.recodes or not rows or not self._project.coding.is_large():
            try:
                change.apply()
            except AnnotatorError as error:
                failed(error)
            else:
                then()
            return
        text = QCoreApplication.translate("CodebookWork", "Changing the codebook, and what uses it…")
        run_large(
            window, self._project, text, lambda other, tell: change.through(other).apply(tell), then, failed, rows
        )
