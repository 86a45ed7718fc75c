"""Bugs: the project is closed in order first, then a dialog shows what to send. What users can cause never comes here."""

from __future__ import annotations

import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QTimer

from annotator.domain.errors import AnnotatorError, NotSaved

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

LOG_SIZE, LOGS = 200_000, 3

_handling = False
_told: set[str] = set()
"""The faults that were shown. One that comes again and again, as in a painting, is only logged."""


def log_path() -> Path:
    """Where faults are written down."""
    from platformdirs import user_data_path

    return user_data_path("annotator", appauthor=False) / "faults.log"


def catch_bugs(window: MainWindow) -> None:
    """From now on unexpected errors, of threads too, come to the crash dialog of this window."""
    global _handling
    _handling = False
    _told.clear()

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _caught(window, kind, error, trace)

    def caught_in_thread(args: threading.ExceptHookArgs) -> None:
        # Only the window's own thread may show a dialog: the worker passes its errors on, this is what is left.
        log("".join(traceback.format_exception(args.exc_type, args.exc_value, args.exc_traceback)))

    sys.excepthook = caught
    threading.excepthook = caught_in_thread


def _caught(window: MainWindow, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    global _handling
    if issubclass(kind, KeyboardInterrupt):
        window.close()
        return
    details = "".join(traceback.format_exception(kind, error, trace))
    log(details)
    if isinstance(error, AnnotatorError):  # somebody forgot to guard it, but what it says is for the user
        window.trouble.tell(error) if isinstance(error, NotSaved) else window.commands.tell(error)
        return
    if _handling:  # a bug while a bug is told: the log must do
        return
    where = _where(trace, kind)
    if where in _told:
        told = QCoreApplication.translate("Crash", "The same fault once more. Its details are in {path}.")
        window.workspace.hint.emit(told.replace("{path}", str(log_path())))
        return
    _told.add(where)
    _handling = True
    # Not here and now: it may have come out of a painting, in which nothing can be shown.
    QTimer.singleShot(0, window, lambda: _show(window, details))


def _show(window: MainWindow, details: str) -> None:
    global _handling
    try:
        path = window.workspace.project.path if window.workspace.project else None
        _close_project(window)
        from annotator.ui.dialogs.crash import CrashDialog

        CrashDialog(details, window).exec()
        if path is not None:
            try:
                window.commands.open_path(path)
            except Exception:  # it cannot be shown at all: better the welcome screen than half a project
                log(traceback.format_exc())
                _close_project(window)
    finally:
        _handling = False


def _close_project(window: MainWindow) -> None:
    """In order where that can be done; what is broken in the window must not keep the file open."""
    try:
        window.close_project()
    except Exception:
        log(traceback.format_exc())
        with suppress(Exception):
            window.workspace.close_project()


def _where(trace: TracebackType | None, kind: type[BaseException]) -> str:
    """The place in the program, by which a fault is known again."""
    frames = traceback.extract_tb(trace)
    return f"{kind.__name__} {[(frame.filename, frame.lineno) for frame in frames]}"


def log(details: str) -> None:
    """Write a fault down, also where there is no terminal; old ones go."""
    with suppress(OSError, AttributeError):  # without a terminal there is no standard error either
        sys.stderr.write(details)
    from logging import Formatter, LogRecord
    from logging.handlers import RotatingFileHandler

    with suppress(OSError):
        log_path().parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(log_path(), maxBytes=LOG_SIZE, backupCount=LOGS - 1, encoding="utf-8")
        handler.setFormatter(Formatter("%(asctime)s %(message)s"))
        try:
            handler.emit(LogRecord("annotator", 40, "", 0, "%s", (details,), None))
        finally:
            handler.close()
