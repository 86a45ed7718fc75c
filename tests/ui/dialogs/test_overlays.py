"""Keyboard map, palette and find bar, by keyboard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction

from annotator.domain.folding import plain
from annotator.domain.model import Fragment
from annotator.ui.dialogs.action_lines import pretty
from annotator.ui.dialogs.find_bar import FindBar, Folded
from annotator.ui.dialogs.keys_overlay import KeysOverlay
from annotator.ui.dialogs.palette import Goal, Palette, rank

Key, Shift = Qt.Key, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def actions(window):
    made = []
    for id_, text, keys in (
        ("project.export", "Export…", ["Ctrl+E"]),
        ("edit.find", "Find in article…", ["Ctrl+F"]),
        ("view.larger", "Larger text", ["Ctrl++", "Ctrl+="]),
        ("help.about", "About Annotator", []),
    ):
        action = QAction(text, window)
        action.setObjectName(id_)
        action.setShortcuts(keys)
        window.addAction(action)
        made.append(action)
    return made


def test_key_names():
    assert [pretty(key) for key in ("Ctrl+K", "Ctrl++", "+", "Ctrl+Shift+Return", "Backspace")] == [
        "Ctrl K",
        "Ctrl +",
        "+",
        "Ctrl Shift Enter",
        "⌫",
    ]


def test_keyboard_map_narrows_and_escape_gives_the_focus_back(window, actions, qtbot):
    overlay = KeysOverlay(window, actions)
    overlay.open()
    assert overlay.search.hasFocus()
    assert "About Annotator" not in [line.text for line in overlay.table.shown()]  # it has no key
    qtbot.keyClicks(overlay.search, "ctrl exp")
    assert [line.text for line in overlay.table.shown()] == ["Export"]
    assert not window.grab().isNull()
    qtbot.keyClick(overlay.search, Key.Key_Tab)
    assert window.focusWidget() in (overlay.table, overlay.search)
    overlay.search.setFocus()
    qtbot.keyClick(overlay.search, Key.Key_Escape)  # clears
    with qtbot.waitSignal(overlay.closed):
        qtbot.keyClick(overlay.search, Key.Key_Escape)
    assert window.centralWidget().hasFocus()


def test_a_click_beside_the_card_closes(window, actions, qtbot):
    overlay = KeysOverlay(window, actions)
    overlay.open()
    with qtbot.waitSignal(overlay.closed):
        qtbot.mouseClick(overlay, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))


def test_opening_one_overlay_closes_the_other(window, actions, workspace, qtbot):
    first = KeysOverlay(window, actions)
    first.open()
    second = Palette(workspace, actions, window)
    with qtbot.waitSignal(first.closed):
        second.open()
    assert second.line.hasFocus()
    second.close_overlay()
    assert window.centralWidget().hasFocus()


@pytest.fixture
def palette(window, actions, workspace, ids):
    workspace.project.tagging.tag(ids[0], "layer-actor", (Fragment(15, 20),))
    workspace.project.tagging.tag(ids[0], "layer-claim", (Fragment(15, 27),))
    workspace.open_document(ids[0])
    made = Palette(workspace, actions, window)
    made.open()
    return made


def test_palette_goes_to_a_document(palette, ids, qtbot):
    qtbot.keyClicks(palette.line, "opposition")
    with qtbot.waitSignal(palette.document_chosen) as told:
        qtbot.keyClick(palette.line, Key.Key_Return)
    assert told.args == [ids[1]]


def test_palette_goes_to_an_actor_and_a_claim(palette, workspace, qtbot):
    qtbot.keyClicks(palette.line, "syria")
    kinds = [goal.kind for goal in palette.model.shown]
    assert {"entry", "claim"} <= set(kinds)
    for _ in range(kinds.index("claim")):
        qtbot.keyClick(palette.line, Key.Key_Down)
    with qtbot.waitSignal(palette.annotation_chosen) as told:
        qtbot.keyClick(palette.line, Key.Key_Return)
    assert workspace.annotations[told.args[0]].layer_id == "layer-claim"


def test_palette_runs_a_command_after_it_closed(palette, actions, window, qtbot):
    qtbot.keyClicks(palette.line, "exprt")  # a near miss
    with qtbot.waitSignal(actions[0].triggered):
        qtbot.keyClick(palette.line, Key.Key_Return)
    assert window.centralWidget().hasFocus()


def test_palette_up_goes_around_and_escape_leaves(palette, qtbot):
    qtbot.keyClick(palette.line, Key.Key_Up)
    assert palette.list.currentIndex().row() == palette.model.rowCount() - 1
    qtbot.keyClicks(palette.line, "zzzzqqqq")
    assert palette.model.rowCount() == 0
    qtbot.keyClick(palette.line, Key.Key_Return)
    qtbot.keyClick(palette.line, Key.Key_Escape)
    with qtbot.waitSignal(palette.closed):
        qtbot.keyClick(palette.line, Key.Key_Escape)


def test_ranking_prefers_beginnings_then_words_then_parts():
    goals = [Goal("x", text, "", "file", None, text) for text in ("asyria", "about syria", "syria talks", "other")]
    assert [goal.text for goal in rank(goals, "syria")] == ["syria talks", "about syria", "asyria"]
    assert [goal.text for goal in rank(goals, "syira")][:1]  # near misses are found


def test_find_folds_case_and_counts_code_points():
    text = "Ünïcode \U0001f600 STRASSE Straße strasse"
    hits = Folded(text).find_all("strasse")
    assert [text[a:b] for a, b in hits] == ["STRASSE", "Straße", "strasse"]
    assert Folded("abc").find_all("") == []


@given(st.text(), st.text(min_size=1, max_size=3))
def test_find_is_right_for_any_text(text, needle):
    for start, end in Folded(text).find_all(needle):
        assert 0 <= start < end <= len(text)
        assert plain(needle).casefold() in plain(text[start:end]).casefold()


def test_find_passes_over_accents_and_vowel_signs():
    text = "قال إنّ سُوريا. Mu\u0308ller, Müller"
    assert [text[slice(*hit)] for hit in Folded(text).find_all("سوريا")] == ["سُوريا"]
    assert [text[slice(*hit)] for hit in Folded(text).find_all("muller")] == ["Mu\u0308ller", "Müller"]
    assert Folded(text).find_all("\u0308") == []


def test_find_bar_by_keyboard(qtbot, own_settings):
    bar = FindBar()
    qtbot.addWidget(bar)
    bar.resize(700, 44)
    bar.set_text("Syria, Israel, SYRIA and syria")
    places = []
    bar.found.connect(lambda start, end: places.append((start, end)))
    bar.open_bar()
    qtbot.keyClicks(bar.line, "syria")
    assert bar.count.text() == "1 of 3"
    qtbot.keyClick(bar.line, Key.Key_Return)
    assert (bar.count.text(), places[-1]) == ("2 of 3", (15, 20))
    qtbot.keyClick(bar.line, Key.Key_Return, Shift)
    assert (bar.count.text(), places[-1]) == ("1 of 3", (0, 5))
    qtbot.keyClick(bar.line, Key.Key_Up)
    assert (bar.count.text(), places[-1]) == ("3 of 3", (25, 30))
    qtbot.keyClicks(bar.line, "x")
    assert bar.count.text() == "Not found"
    assert bar.hits == []
    with qtbot.waitSignal(bar.closed):
        qtbot.keyClick(bar.line, Key.Key_Escape)
    assert not bar.isVisible()


def test_find_bar_takes_another_text(qtbot, own_settings):
    bar = FindBar()
    qtbot.addWidget(bar)
    bar.set_text("one one")
    bar.open_bar("one")
    with qtbot.waitSignal(bar.hits_changed) as told:
        bar.set_text("one")
    assert told.args == [[(0, 3)]]


def test_find_bar_opened_again_marks_but_does_not_move(qtbot, own_settings):
    bar = FindBar()
    qtbot.addWidget(bar)
    bar.set_text("Syria, Israel, SYRIA and syria")
    bar.open_bar()
    qtbot.keyClicks(bar.line, "syria")
    bar.close_bar()
    places, marked, current = [], [], []
    bar.found.connect(lambda start, end: places.append((start, end)))
    bar.hits_changed.connect(marked.append)
    bar.current_changed.connect(current.append)
    bar.open_bar(start=16)
    assert (places, marked, current) == ([], [[(0, 5), (15, 20), (25, 30)]], [])
    assert bar.count.text() == "3 hits"
    qtbot.keyClick(bar.line, Key.Key_Return)
    assert (places, current, bar.count.text()) == ([(25, 30)], [2], "3 of 3")
    bar.close_bar()
    assert marked[-1] == []
    bar.open_bar("SYRIA", 15)  # the selected words are the hit
    assert (bar.count.text(), current[-1], places) == ("2 of 3", 1, [(25, 30)])
    qtbot.keyClick(bar.line, Key.Key_Return, Shift)
    assert places[-1] == (0, 5)
    bar.close_bar()
    bar.open_bar(start=16)
    qtbot.keyClick(bar.line, Key.Key_Up)
    assert places[-1] == (15, 20)


def test_what_the_first_letters_found_is_let_go_where_all_of_them_find_nothing(qtbot, own_settings):
    bar = FindBar()
    qtbot.addWidget(bar)
    bar.set_text("Greek court rules")
    bar.open_bar(start=2)
    places = []
    bar.found.connect(lambda start, end: places.append((start, end)))
    qtbot.keyClicks(bar.line, "sy")
    assert places == [(16, 17), (2, 2)]
    qtbot.keyClicks(bar.line, "ria")
    assert len(places) == 2
