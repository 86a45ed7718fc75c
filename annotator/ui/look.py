"""Theme and direction of the whole program, as the settings say."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication

from annotator.ui import theme
from annotator.ui.settings import settings


def apply() -> None:
    """Make the application look as the settings say; at start, and when one of them changes."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    if theme.choice() != settings().theme or not app.styleSheet():
        theme.apply(app, settings().theme)
    wanted = {
        "ltr": Qt.LayoutDirection.LeftToRight,
        "rtl": Qt.LayoutDirection.RightToLeft,
        "auto": QLocale(settings().language).textDirection(),
    }[settings().direction]
    if app.layoutDirection() != wanted:
        app.setLayoutDirection(wanted)
