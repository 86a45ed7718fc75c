"""A real project in a real workspace, settings in a file of the test's own, fonts and theme as in the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from shiboken6 import isValid

from annotator.ui import fonts, settings, theme


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, qapp: QApplication) -> Iterator[settings.Settings]:
    fonts.load()
    theme.apply(qapp, "light")
    own = settings.Settings(tmp_path / "settings.ini")
    settings.use(own)
    yield own
    settings.use(None)


@pytest.fixture
def opened(qtbot) -> Iterator[Callable[[QDialog], QDialog]]:
    """Shows a dialog with the keys in it. Dialogs delete themselves when they close, so qtbot cannot own them."""
    shown: list[QDialog] = []

    def show(dialog: QDialog) -> QDialog:
        shown.append(dialog)
        dialog.show()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        return dialog

    yield show
    for dialog in shown:
        if isValid(dialog):
            dialog.close()
