"""A search under way: hits come from a worker in pages and are handed out little by little, so that nothing stutters."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from annotator.domain.errors import AnnotatorError, Cancelled
from annotator.ui.worker import Control, Task, run

if TYPE_CHECKING:
    from annotator.domain.query import Mode
    from annotator.services.project import Project
    from annotator.services.search import Hit

MOST = 50_000
"""More hits than this are not listed."""
_TAKE = 1500  # at a time: a few milliseconds for the list
_EVERY = 30  # milliseconds


class Finder(QObject):
    """One search at a time; a new one ends the one before."""

    arrived = Signal(list)
    """Hits, in their order."""
    ended = Signal(str)
    """All have arrived, or what went wrong."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._task: Task[None] | None = None
        self._inbox: deque[list[Hit]] = deque()
        self._through = False
        self._wrong = ""
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self._hand_out)

    @property
    def running(self) -> bool:
        """Whether more may come."""
        return self._timer.isActive()

    def start(self, project: Project, line: str, mode: Mode, exact: bool, whole: bool) -> None:
        """Search for this line."""
        self.stop()
        inbox: deque[list[Hit]] = deque()
        self._inbox, self._through, self._wrong = inbox, False, ""

        def work(control: Control) -> None:
            with project.elsewhere() as other:
                query = other.search.read(line, mode, exact=exact, whole=whole)
                for page in other.search.pages(query, lambda: control.cancelled, MOST):
                    inbox.append(page)
                    control.check()

        self._task = run(work, lambda _none: self._finish(""), self._fail)
        self._timer.start()

    def stop(self) -> None:
        """End it; nothing more arrives."""
        self._timer.stop()
        if self._task is not None:
            self._task.drop()
            self._task = None
        self._inbox = deque()

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, AnnotatorError):
            self.stop()
            raise error
        self._finish("" if isinstance(error, Cancelled) else str(error))

    def _finish(self, wrong: str) -> None:
        self._task = None
        self._through, self._wrong = True, wrong
        self._hand_out()

    def _hand_out(self) -> None:
        taken: list[Hit] = []
        while self._inbox and len(taken) < _TAKE:
            taken += self._inbox.popleft()
        if taken:
            self.arrived.emit(taken)
        if self._through and not self._inbox:
            self._timer.stop()
            self._through = False
            self.ended.emit(self._wrong)
