"""The composition root of the window: the application object, its theme and fonts, and what happens to bugs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from annotator import collector, pyside

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from annotator.ui.main_window import MainWindow


def run(project: Path | None = None) -> int:
    """Show the window, on a project if one is named (else the last one, if the settings say so). Returns the exit code."""
    collector.hold()
    app = _application()
    window = _window(app, at_once=False)
    window.restore()
    # The rest after the first paint: fonts of other scripts, and the storage library, take their time to load.
    window.welcome.painted.connect(lambda: _go_on(app, window, project))
    window.show()
    # Where no window manager gives the focus to a new window, it has to be asked for.
    window.activateWindow()
    code = app.exec()
    window.deleteLater()
    return code


def _end_in_order(window: MainWindow) -> None:
    """When the system asks the program to end (logging out, Ctrl+C), close the window as the user would."""
    import signal
    import socket

    from PySide6.QtCore import QSocketNotifier

    # Python looks at signals only between its own instructions; the socket wakes Qt's loop so that it gets there.
    listener, waker = socket.socketpair()
    waker.setblocking(False)
    signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
    notifier = QSocketNotifier(listener.fileno(), QSocketNotifier.Type.Read, window)
    notifier.activated.connect(lambda: listener.recv(64))

    def end() -> None:
        # Holds both sockets for as long as the window is there: a signal keeps no object whose method it calls, and
        # a socket whose other end is closed wakes the loop again and again.
        signal.set_wakeup_fd(-1)
        listener.close()
        waker.close()

    window.destroyed.connect(end)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: window.close())


def _go_on(app: QApplication, window: MainWindow, project: Path | None) -> None:
    from annotator.ui.settings import settings

    _end_in_order(window)
    _complete(app, window)
    collector.go_on()
    if project is None and settings().reopen_last:
        project = next((Path(line.path) for line in settings().recent() if line.exists), None)
    if project is not None:
        window.commands.open_path(project)


def demo(project: Path, png: Path | None = None) -> int:
    """Show the window on the sample project at this path; with `png` paint it there instead, without a display."""
    return run(project) if png is None else render(project, png)


def render(
    project: Path,
    out: Path,
    document: int | None = None,
    size: tuple[int, int] = (1440, 900),
    theme: str = "light",
    rtl: bool = False,
) -> int:
    """Paint the window on a project, as a person would see it, into a PNG file.

    `document` counts from 1. Raises FileRefused where the project cannot be opened or the picture not be written.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import Qt

    from annotator.domain.errors import FileRefused, InvalidValue
    from annotator.services.project import Project
    from annotator.ui import settings as settings_module

    opened = Project.open(project)
    rows = opened.documents.rows()
    if document is not None and not 1 <= document <= len(rows):
        opened.close()
        raise InvalidValue(f"{project} has no document {document}; it has {len(rows)}.")
    app = _application()
    wanted = settings_module.throw_away()
    wanted.theme, wanted.direction = theme, "rtl" if rtl else "ltr"
    settings_module.use(wanted)
    window = _window(app)
    window.resize(*size)
    window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    window.show()
    try:
        window.show_project(opened)
        if document is not None:
            window.workspace.open_document(rows[document - 1].id)
        _choose_something(window)
        _settle(app)
        picture = window.grab()
        if not picture.save(str(out), "PNG"):
            raise FileRefused(f"{out} cannot be written.")
    finally:
        window.close()
        window.deleteLater()
        _settle(app)
        settings_module.use(None)
    return 0


def _choose_something(window: MainWindow) -> None:
    """Make the claim with the longest chain active, so that the picture shows what the window is for."""
    card = max(window.workspace.cards, key=lambda card: len(card.levels), default=None)
    if card is not None:
        window.workspace.set_active(card.claim.id, reveal=True)


def _settle(app: QApplication) -> None:
    for _ in range(3):
        app.processEvents()


def _application() -> QApplication:
    with pyside.loading():
        from PySide6.QtWidgets import QApplication

    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    # The style is named here: to ask for it later costs more than all else that the look needs.
    app = QApplication([*sys.argv[:1], "-style", "Fusion"])
    app.setProperty("fusion", True)
    app.setApplicationName("Annotator")
    app.setOrganizationName("annotator")
    app.setDesktopFileName("annotator")
    return app


def _window(app: QApplication, *, at_once: bool = True) -> MainWindow:
    """The window; complete, or so far that it can be painted (then `_complete` has to follow)."""
    from annotator.ui import font_files

    first = font_files.register_first()
    from annotator.ui import look
    from annotator.ui.main_window import MainWindow

    first.join()
    font_files.register(font_files.FIRST)
    look.apply(at_once=at_once)
    window = MainWindow()
    if at_once:
        _complete(app, window)
    return window


def _complete(app: QApplication, window: MainWindow) -> None:
    from PySide6.QtGui import QIcon

    from annotator import resources
    from annotator.ui import fonts, theme
    from annotator.ui.crash import catch_bugs
    from annotator.ui.widgets import install_focus_ring

    catch_bugs(window)
    theme.follow(app)
    fonts.load()
    app.setWindowIcon(QIcon(str(resources.path("icons", "annotator.png"))))
    install_focus_ring(app)
