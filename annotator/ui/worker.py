"""Long work off the window's thread: plain data in, plain data out, with progress and a way to stop it.

    task = run(lambda control: export(rows, path, control), on_done=..., on_error=..., on_progress=...)
    task.cancel()

The function gets a `Control`: it reports how far it is and, at the same moment, learns whether it was cancelled.
The call-backs run in the window's thread, and none of them runs once `task.drop()` was called.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot
from shiboken6 import isValid

from annotator.domain.errors import Cancelled

R = TypeVar("R")

_REPORT_EVERY = 0.04  # seconds: more often than the eye follows would only load the window


class Control:
    """What the work sees of its task: call `report` or `check` often."""

    def __init__(self, tell: Callable[[int, int, str], None]) -> None:
        self._tell = tell
        self._stop = False
        self._last = 0.0

    @property
    def cancelled(self) -> bool:
        """Whether the user asked to stop."""
        return self._stop

    def stop(self) -> None:
        """Ask the work to stop at its next report."""
        self._stop = True

    def check(self) -> None:
        """Raise Cancelled if the user asked to stop."""
        if self._stop:
            raise Cancelled("Stopped. Nothing was kept.")

    def report(self, done: int, total: int = 0, what: str = "") -> None:
        """Tell how far the work is (`total` 0: not known) and stop if asked to."""
        self.check()
        now = time.monotonic()
        if now - self._last >= _REPORT_EVERY or (total and done >= total):
            self._last = now
            self._tell(done, total, what)


class _Bridge(QObject):
    """Carries what happens in the worker's thread to the window's."""

    done = Signal(object)
    failed = Signal(object)
    progress = Signal(object, object, str)  # counts may be larger than an int of C


class Task(QObject, Generic[R]):
    """One piece of work under way."""

    finished = Signal()

    def __init__(
        self,
        fn: Callable[[Control], R],
        on_done: Callable[[R], object] | None,
        on_error: Callable[[Exception], object] | None,
        on_progress: Callable[[int, int, str], object] | None,
    ) -> None:
        super().__init__()
        self._fn = fn
        self._on_done, self._on_error, self._on_progress = on_done, on_error, on_progress
        self._bridge = _Bridge()
        self._bridge.done.connect(self._finish)
        self._bridge.failed.connect(self._fail)
        self._bridge.progress.connect(self._advance)
        self.control = Control(self._bridge.progress.emit)
        self.thread_of_work = threading.Thread(target=self._work, daemon=True)
        self.running = True
        self._dropped = False

    def cancel(self) -> None:
        """Ask the work to stop; `on_error` then gets Cancelled."""
        self.control.stop()

    def drop(self) -> None:
        """Stop the work and hear no more of it (the asker is going away)."""
        self._dropped = True
        self.control.stop()

    def _work(self) -> None:
        from annotator.services.pace import uninterrupted

        try:
            # Also until what it made is gone: a search for cycles among all of that would hold up the window.
            with uninterrupted():
                result = self._fn(self.control)
        except Exception as error:
            self._send(self._bridge.failed, error)
        else:
            self._send(self._bridge.done, result)

    def _send(self, signal: SignalInstance, what: object) -> None:
        """Tell the window's thread; once the program has ended nobody is there to be told."""
        try:
            signal.emit(what)
        except RuntimeError:
            if isValid(self._bridge):
                raise

    @Slot(object)
    def _finish(self, result: R) -> None:
        self._end()
        if self._on_done and not self._dropped:
            self._on_done(result)
        self.finished.emit()

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        self._end()
        if not self._dropped:
            if self._on_error:
                self._on_error(error)
            elif not isinstance(error, Cancelled):
                raise error
        self.finished.emit()

    @Slot(object, object, str)
    def _advance(self, done: int, total: int, what: str) -> None:
        if self._on_progress and self.running and not self._dropped:
            self._on_progress(done, total, what)

    def _end(self) -> None:
        # The signal was the thread's last word; joining it makes sure that no Qt object dies over there.
        self.thread_of_work.join()
        self.running = False
        _live.discard(self)
        if not _live:
            sys.setswitchinterval(_usual)


_live: set[Task[Any]] = set()
_usual = sys.getswitchinterval()


_SWITCH = 0.001
"""Seconds that a thread keeps the interpreter while the window wants it; Python's own 0.005 are felt where the window
asks again and again, as it does while it paints."""


def run(
    fn: Callable[[Control], R],
    on_done: Callable[[R], object] | None = None,
    on_error: Callable[[Exception], object] | None = None,
    on_progress: Callable[[int, int, str], object] | None = None,
) -> Task[R]:
    """Start `fn` in a worker thread and return its task."""
    task = Task(fn, on_done, on_error, on_progress)
    _live.add(task)
    sys.setswitchinterval(_SWITCH)
    task.thread_of_work.start()
    return task


def stop_all(wait_seconds: float = 3.0) -> None:
    """Stop every task and wait a little; called when the program closes."""
    for task in list(_live):
        task.drop()
    for task in list(_live):
        task.thread_of_work.join(wait_seconds)
