"""Settings in a file of the test's own, fonts and theme as in the program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from annotator.ui import fonts, settings, theme


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, qapp: QApplication) -> Iterator[settings.Settings]:
    fonts.load()
    theme.apply(qapp, "light")
    own = settings.Settings(tmp_path / "settings.ini")
    settings.use(own)
    yield own
    settings.use(None)
