"""What the program loads before its window is painted for the first time: every module there costs each start."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import enum, os, sys
from annotator import app

def enums(kind):
    for each in kind.__subclasses__():
        yield each.__qualname__
        yield from enums(each)

made = app._window

def watched(*args, **kwargs):
    window = made(*args, **kwargs)
    def painted():
        print(*sys.modules, *enums(enum.Enum))
        sys.stdout.flush()
        os._exit(0)
    window.welcome._on_screen = painted
    return window

app._window = watched
app.run()
"""

EXPECTED = {
    "annotator", "annotator.app", "annotator.collector", "annotator.pyside", "annotator.resources", "annotator.ui",
    "annotator.ui.actions", "annotator.ui.dialogs", "annotator.ui.dialogs.action_lines", "annotator.ui.font_files",
    "annotator.ui.fonts", "annotator.ui.icons", "annotator.ui.look", "annotator.ui.main_window", "annotator.ui.menus",
    "annotator.ui.painting", "annotator.ui.settings", "annotator.ui.style", "annotator.ui.theme",
    "annotator.ui.translate", "annotator.ui.welcome", "annotator.ui.welcome_parts", "annotator.ui.widgets",
    "annotator.ui.widgets.button", "annotator.ui.widgets.keycap", "annotator.ui.widgets.labels",
}  # fmt: skip


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules, and the enums, at the first paint of a real start."""
    run = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_only_the_first_screen_is_loaded(loaded: set[str]) -> None:
    """A new module here makes every start slower: import it where it is used, or after the first paint."""
    assert {name for name in loaded if name.split(".")[0] == "annotator"} == EXPECTED


@pytest.mark.parametrize(
    "heavy",
    ["sqlalchemy", "sqlite3", "json", "datetime", "dataclasses", "numpy", "pyqtgraph", "ahocorasick", "rapidfuzz",
     "orjson", "uuid", "PySide6.QtSvg", "PySide6.QtPrintSupport"],
)  # fmt: skip
def test_nothing_heavy_is_loaded(loaded: set[str], heavy: str) -> None:
    assert heavy not in loaded


def test_nobody_asks_for_qts_enums(loaded: set[str]) -> None:
    """The first name out of `Qt` makes all of them: see annotator/ui/painting.py."""
    assert "QPainter.RenderHint" in loaded
    assert not [name for name in loaded if name.startswith("Qt.")]
