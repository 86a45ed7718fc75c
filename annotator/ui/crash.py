"""Bugs: the project is closed in order first, then a dialog shows what to send. What users can cause never comes here."""

from __future__ import annotations

import platform
import sys
import threading
import traceback
from types import TracebackType
from typing import TYPE_CHECKING

from annotator import __version__

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

_handling = False


def catch_bugs(window: MainWindow) -> None:
    """From now on unexpected errors, of threads too, come to the crash dialog of this window."""

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _caught(window, kind, error, trace)

    sys.excepthook = caught
    threading.excepthook = lambda args: (
        caught(args.exc_type, args.exc_value, args.exc_traceback) if args.exc_value else None
    )


def details(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> str:
    """What somebody who mends it needs; nothing of the articles."""
    from PySide6 import __version__ as qt_version

    head = f"Annotator {__version__}, Python {platform.python_version()}, PySide6 {qt_version}, {platform.platform()}"
    return head + "\n\n" + "".join(traceback.format_exception(kind, error, trace))


def _caught(
    window: MainWindow, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    global _handling
    text = details(kind, error, trace)
    sys.stderr.write(text)
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

        dialog = CrashDialog(text, window)
        if path is not None:
            dialog.reopen_requested.connect(lambda: window.commands.open_path(path))
        dialog.exec()
    finally:
        _handling = False
