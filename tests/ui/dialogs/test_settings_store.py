"""Typed options, the recent list and places, over one ini file."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.ui.settings import RECENT_LIMIT, Place, Settings


def test_values_come_back_in_their_types(tmp_path: Path, qtbot):
    file = tmp_path / "a" / "s.ini"
    first = Settings(file)
    with qtbot.waitSignal(first.changed) as told:
        first.reading_size = 21
    assert told.args == ["reading_size"]
    first.reopen_last = True
    first.coder = "Amin, R."
    first.keys = {"edit.find": ["Ctrl+G", ","], "edit.undo": []}
    first.splitter = [252, 800, 372]
    first.sync()
    again = Settings(file)
    assert again.reading_size == 21
    assert again.reopen_last is True
    assert again.coder == "Amin, R."
    assert again.keys == {"edit.find": ["Ctrl+G", ","], "edit.undo": []}
    assert again.splitter == [252, 800, 372]


def test_nonsense_in_the_file_is_the_default(tmp_path: Path):
    file = tmp_path / "s.ini"
    file.write_text('[reading]\nsize=huge\n[appearance]\ntheme=pink\n[keys]\nbound={\n[recent]\nprojects=[{"x": 1}]\n')
    found = Settings(file)
    assert (found.reading_size, found.theme, found.keys, found.recent()) == (17, "system", {}, [])


def test_a_value_that_is_not_allowed_is_refused(own_settings):
    with pytest.raises(ValueError, match="appearance/theme"):
        own_settings.theme = "pink"


def test_the_same_value_tells_nobody(own_settings, qtbot):
    own_settings.theme = "dark"
    with qtbot.assertNotEmitted(own_settings.changed):
        own_settings.theme = "dark"
    with qtbot.waitSignal(own_settings.changed):
        own_settings.reset(Settings.theme)
    assert own_settings.theme == "system"


def test_recent_projects(own_settings, tmp_path: Path):
    for number in range(RECENT_LIMIT + 3):
        own_settings.remember(tmp_path / f"{number}.annot", str(number))
    own_settings.remember(tmp_path / "5.annot", "five", articles=7, coders=2, done=50)
    recent = own_settings.recent()
    assert len(recent) == RECENT_LIMIT
    assert (recent[0].name, recent[0].articles, recent[0].done) == ("five", 7, 50)
    own_settings.forget(recent[0].path)
    assert own_settings.recent()[0].name == str(RECENT_LIMIT + 2)


def test_places(own_settings):
    own_settings.set_place("p1", Place("d1", 120, 30))
    assert own_settings.place("p1") == Place("d1", 120, 30)
    assert own_settings.place("p2") == Place()
