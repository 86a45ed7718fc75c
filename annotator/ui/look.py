"""Theme and direction of the whole program, as the settings say."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from annotator.ui import theme
from annotator.ui.settings import settings

# Languages written from right to left. QLocale knows them all, but answers with one of Qt's own enums (see painting.py).
RIGHT_TO_LEFT = frozenset(("ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"))


def apply(*, at_once: bool = True) -> None:
    """Make the application look as the settings say; at start, and when one of them changes.

    Not `at_once` is before the first paint: `theme.follow` has to come after it.
    """
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    if theme.choice() != settings().theme or not app.styleSheet():
        theme.apply(app, settings().theme, at_once=at_once)
    direction = settings().direction
    mirrored = direction == "rtl" or (direction == "auto" and settings().language.partition("_")[0] in RIGHT_TO_LEFT)
    if app.isRightToLeft() != mirrored:
        from PySide6.QtCore import Qt

        app.setLayoutDirection(Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight)
