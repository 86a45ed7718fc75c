"""The composition root of the window: the application object, its theme and fonts, and what happens to bugs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from annotator.ui.main_window import MainWindow


def run(project: Path | None = None) -> int:
    """Show the window, on a project if one is named (else the last one, if the settings say so). Returns the exit code."""
    app = _application()
    window = _window(app)
    window.restore()
    window.show()
    # Where no window manager gives the focus to a new window, it has to be asked for.
    window.activateWindow()
    from PySide6.QtCore import QTimer

    from annotator.ui.settings import settings

    if project is None and settings().reopen_last:
        project = next((Path(line.path) for line in settings().recent() if line.exists), None)
    if project is not None:
        wanted = project
        # After the first paint: the storage library takes its time to load.
        QTimer.singleShot(0, lambda: window.commands.open_path(wanted))
    code = app.exec()
    window.deleteLater()
    return code


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
    from PySide6.QtWidgets import QApplication

    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Annotator")
    app.setOrganizationName("annotator")
    app.setDesktopFileName("annotator")
    return app


def _window(app: QApplication) -> MainWindow:
    from PySide6.QtGui import QIcon

    from annotator import resources
    from annotator.ui import fonts, look
    from annotator.ui.main_window import MainWindow
    from annotator.ui.widgets import install_focus_ring

    fonts.load()
    look.apply()
    app.setWindowIcon(QIcon(str(resources.path("icons", "annotator.png"))))
    install_focus_ring(app)
    window = MainWindow()
    from annotator.ui.crash import catch_bugs

    catch_bugs(window)
    return window
