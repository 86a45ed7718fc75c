"""Bugs: the project is closed in order first, then a dialog shows what to send. What users can cause never comes here."""

from __future__ import annotations

import sys
import threading
import traceback
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

_handling = False


def catch_bugs(window: MainWindow) -> None:
    """From now on unexpected errors, of threads too, come to the crash dialog of this window."""

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _caught(window, kind, error, trace)

    def caught_in_thread(args: threading.ExceptHookArgs) -> None:
        # Only the window's own thread may show a dialog: the worker passes its errors on, this is what is left.
        traceback.print_exception(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = caught
    threading.excepthook = caught_in_thread


def _caught(window: MainWindow, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    global _handling
    details = "".join(traceback.format_exception(kind, error, trace))
    sys.stderr.write(details)
    if issubclass(kind, KeyboardInterrupt):
        window.close()
        return
    if _handling:  # a bug while a bug is told: the text above must do
        return
    _handling = True
    try:
        path = window.workspace.project.path if window.workspace.project else None
        window.close_project()
        from annotator.ui.dialogs.crash import CrashDialog

        CrashDialog(details, window).exec()
        if path is not None:
            window.commands.open_path(path)
    finally:
        _handling = False
