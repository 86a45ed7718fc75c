"""What every test gets: Qt without a display, user folders of its own, one locale, and no widgets left behind."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Before anything imports Qt. A desktop session may well name its own platform, so this does not ask; the
# end-to-end tests start the program as a process of its own and give it a display and the platform "xcb".
os.environ["QT_QPA_PLATFORM"] = os.environ.get("ANNOTATOR_TEST_PLATFORM", "offscreen")
# What would make Qt look, or the programs that tests start behave, otherwise than on another machine.
_DISTURBING = ("QT_STYLE_OVERRIDE", "QT_SCALE_FACTOR", "QT_FONT_DPI", "QT_QPA_PLATFORMTHEME", "QT_LOGGING_RULES")
for _name in (*_DISTURBING, "LANGUAGE", "LC_ALL", "PYTHONUNBUFFERED", "PYTHONOPTIMIZE"):
    os.environ.pop(_name, None)
os.environ["LANG"] = "C.UTF-8"

E2E_TOOLS = ("Xvfb", "xdotool")

# The same examples every time: a red run means that the change is at fault. “thorough” looks for new ones.
settings.register_profile(
    "default",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("ci", settings.get_profile("default"), print_blob=True)
settings.register_profile("thorough", settings.get_profile("default"), derandomize=False, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "default"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = [tool for tool in E2E_TOOLS if shutil.which(tool) is None]
    if not missing:
        return
    skip = pytest.mark.skip(reason=f"real key presses need {' and '.join(missing)}")
    for item in items:
        if item.get_closest_marker("e2e"):
            item.add_marker(skip)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[_failed] = report.failed
    return report


_failed = pytest.StashKey[bool]()


@pytest.fixture(autouse=True)
def user_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Home, settings, data and caches in a new folder for each test, for it and the processes it starts."""
    home = tmp_path_factory.mktemp("home", numbered=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    for variable, name in {
        "XDG_CONFIG_HOME": "config",
        "XDG_DATA_HOME": "data",
        "XDG_CACHE_HOME": "cache",
        "XDG_STATE_HOME": "state",
        "XDG_RUNTIME_DIR": "runtime",
        "APPDATA": "config",
        "LOCALAPPDATA": "data",
    }.items():
        folder = home / name
        folder.mkdir(mode=0o700, exist_ok=True)
        monkeypatch.setenv(variable, str(folder))
    _point_qt_settings_at(home / "config")
    if "annotator.ui.settings" in sys.modules:
        sys.modules["annotator.ui.settings"].use(None)
    return home


@pytest.fixture(scope="session")
def qapp_args(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Asked for just before the QApplication is made, so this is the place for what must precede it."""
    from PySide6.QtCore import QLocale

    _point_qt_settings_at(tmp_path_factory.mktemp("settings"))
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    return ["annotator"]


@pytest.fixture(autouse=True)
def no_leaked_widgets(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a window, dialog or menu behind; ``qtbot.addWidget`` closes what it is given."""
    before = _top_level_widgets()
    yield
    if request.node.stash.get(_failed, False):  # its traceback holds whatever it made
        return
    if _top_level_widgets().keys() - before.keys():
        gc.collect()
    left = {address: name for address, name in _top_level_widgets().items() if address not in before}
    if left:
        _delete_top_level_widgets(set(left))
        pytest.fail(f"left-over top-level widgets: {', '.join(sorted(left.values()))}")


@pytest.fixture(scope="session")
def annotator_bin() -> Path:
    """The command line program beside the Python that runs the tests."""
    program = Path(sys.executable).parent / ("annotator.exe" if os.name == "nt" else "annotator")
    if not program.exists():
        pytest.fail(f"{program} is missing: install the checkout into this environment (packaging/bootstrap.py setup)")
    return program


def _point_qt_settings_at(folder: Path) -> None:
    """QSettings reads the environment once, so a test that comes later has to tell it."""
    if "PySide6.QtCore" not in sys.modules:
        return
    from PySide6.QtCore import QSettings

    for form in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(form, QSettings.Scope.UserScope, str(folder))


def _top_level_widgets() -> dict[int, str]:
    """The top-level widgets that a test answers for, by address: a reference would keep them alive."""
    if "PySide6.QtWidgets" not in sys.modules:
        return {}
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication
    from shiboken6 import getCppPointer

    if QApplication.instance() is None:
        return {}
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return {
        getCppPointer(widget)[0]: f"{type(widget).__name__} {widget.objectName()!r}"
        for widget in QApplication.topLevelWidgets()
        # Menus and the lists of combo boxes belong to a parent, and the one tool tip to Qt.
        if widget.parent() is None and type(widget).__name__ != "QTipLabel"
    }


def _delete_top_level_widgets(addresses: set[int]) -> None:
    """So that one test's left-overs do not get in the way of the next."""
    from PySide6.QtWidgets import QApplication
    from shiboken6 import getCppPointer

    for widget in QApplication.topLevelWidgets():
        if getCppPointer(widget)[0] in addresses:
            widget.hide()
            widget.deleteLater()
