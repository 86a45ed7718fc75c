"""The welcome screen, by keyboard."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from annotator.ui import settings, theme
from annotator.ui.welcome import Welcome

Key = Qt.Key


@pytest.fixture
def projects(tmp_path: Path) -> list[Path]:
    there, gone = tmp_path / "there.annot", tmp_path / "gone.annot"
    there.write_text("")
    settings.settings().remember(gone, "Gone", articles=1, coders=1)
    settings.settings().remember(there, "There", articles=128, coders=2, done=32)
    return [there, gone]


@pytest.fixture
def welcome(projects, qtbot):
    made = Welcome()
    qtbot.addWidget(made)
    made.resize(1024, 640)
    made.show()
    qtbot.waitExposed(made)
    qtbot.waitUntil(lambda: made.recent._missing == {str(projects[1])})
    return made


def test_enter_opens_a_recent_project_but_not_a_missing_one(welcome, projects, qtbot):
    welcome.focus_first()
    with qtbot.waitSignal(welcome.recent_requested) as told:
        qtbot.keyClick(welcome.recent, Key.Key_Return)
    assert told.args == [projects[0]]
    qtbot.keyClick(welcome.recent, Key.Key_Down)
    with qtbot.assertNotEmitted(welcome.recent_requested):
        qtbot.keyClick(welcome.recent, Key.Key_Return)


def test_delete_takes_a_project_off_the_list(welcome, projects, qtbot):
    welcome.focus_first()
    qtbot.keyClick(welcome.recent, Key.Key_Down)
    qtbot.keyClick(welcome.recent, Key.Key_Delete)
    assert [line.name for line in settings.settings().recent()] == ["There"]
    assert welcome.recent.count() == 1
    assert projects[0].exists()


def test_tab_comes_upon_the_projects_before_what_clears_them(welcome, qtbot):
    welcome.sample_button.setFocus()
    order = []
    for _ in range(2):
        qtbot.keyClick(welcome.focusWidget(), Key.Key_Tab)
        order.append(welcome.focusWidget())
    assert order == [welcome.recent, welcome.clear_button]


def test_clear_list_and_buttons_by_key(welcome, qtbot):
    for button, signal in (
        (welcome.new_button, welcome.new_requested),
        (welcome.open_button, welcome.open_requested),
        (welcome.sample_button, welcome.sample_requested),
        (welcome.keys_button, welcome.keyboard_map_requested),
        (welcome.start_button, welcome.getting_started_requested),
        (welcome.clear_button, welcome.clear_recent),
    ):
        button.setFocus()
        with qtbot.waitSignal(signal):
            qtbot.keyClick(button, Key.Key_Return)
    assert settings.settings().recent() == []
    assert not welcome.recent.isVisible()


def test_when_is_told_as_people_say_it(welcome):
    now = datetime(2026, 1, 8, 12, tzinfo=UTC).astimezone()
    assert welcome.recent.when(now.isoformat(), now).startswith("Today, ")
    assert welcome.recent.when((now - timedelta(days=1)).isoformat(), now) == "Yesterday"
    assert welcome.recent.when("2026-01-02T12:00:00Z", now) == "2 January"
    assert welcome.recent.when("2025-12-14T12:00:00Z", now) == "14 December 2025"
    assert welcome.recent.when("nonsense", now) == ""


def test_nothing_is_cut_at_the_smallest_window(welcome, qtbot):
    welcome.resize(1024, 628)
    qtbot.waitUntil(lambda: welcome.width() == 1024)
    for part in (welcome.new_button, welcome.sample_button, welcome.drop_zone, welcome.recent):
        top = part.mapTo(welcome, part.rect().topLeft())
        assert top.y() >= 0
        assert top.y() + part.height() <= welcome.height() - 40
    for name in ("dark", "light"):
        theme.apply(__import__("PySide6.QtWidgets").QtWidgets.QApplication.instance(), name)
        assert not welcome.grab().isNull()


def test_it_imports_neither_services_nor_storage():
    code = (
        "import sys, annotator.ui.welcome\n"
        "bad = [m for m in sys.modules if m.startswith(('sqlalchemy', 'annotator.services', 'annotator.storage'))]\n"
        "assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_specimen_has_the_colours_of_the_built_in_layers():
    from annotator.domain.defaults import DEFAULT_CODEBOOK
    from annotator.ui.welcome_parts import BUILT_IN

    assert tuple((layer.color, layer.mark) for layer in DEFAULT_CODEBOOK.layers) == BUILT_IN
