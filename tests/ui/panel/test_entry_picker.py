"""The picker of entries, by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from annotator.ui.panel.entry_button import EntryButton, InlineEntry
from annotator.ui.panel.entry_picker import EntryPicker, pick_entries
from annotator.ui.panel.level import LevelPart

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def names(bench, annotation) -> list[str]:
    return [bench.workspace.entry_name(entry) for entry in bench.now(annotation).entries]


def closed(picker: EntryPicker) -> bool:
    return not isValid(picker) or not picker.isVisible()


@pytest.fixture
def pick(bench):
    """Make an annotation active and open its picker by Enter on its entry."""

    def open_(number: str) -> EntryPicker:
        bench.activate(number)
        button = bench.parts(EntryButton)[0]
        button.setFocus()
        bench.qtbot.keyClick(button, Key.Key_Return)
        picker = QApplication.activePopupWidget()
        assert isinstance(picker, EntryPicker)
        picker.line.setFocus()
        return picker

    return open_


def keys(bench, picker, text: str = "", *then) -> None:
    if text:
        bench.qtbot.keyClicks(picker.line, text)
    for key in then:
        key, modifier = key if isinstance(key, tuple) else (key, Qt.KeyboardModifier.NoModifier)
        bench.qtbot.keyClick(picker.line, key, modifier)
    bench.settle()


def test_it_opens_on_what_is_chosen_with_all_of_it_selected(bench, pick):
    picker = pick("A1")
    assert picker.line.selectedText() == "Syria"
    choice = picker._current()
    assert choice.name == "Syria"
    assert choice.chosen
    assert choice.kind == "state"
    assert choice.count > 1
    keys(bench, picker, "", Key.Key_Escape)
    assert closed(picker)
    assert QApplication.focusWidget() is bench.parts(EntryButton)[0]


def test_typing_and_enter_choose_in_one_step(bench, pick):
    actor = bench.named("A1")
    picker = pick("A1")
    before = bench.steps()
    keys(bench, picker, "isra", Key.Key_Return)
    assert names(bench, actor) == ["Israel"]
    assert bench.steps() == before + 1
    bench.project.undo()
    bench.settle()
    assert names(bench, actor) == ["Syria"]


def test_an_alias_finds_its_entry(bench, pick):
    picker = pick("A1")
    keys(bench, picker, "Washington")
    assert picker._current().name == "United States"
    keys(bench, picker, "", Key.Key_Escape)


def test_a_name_that_nobody_has_makes_a_new_entry_in_one_step(bench, pick):
    actor = bench.named("A1")
    picker = pick("A1")
    before = bench.steps()
    keys(bench, picker, "Zaporizhzhia")
    assert picker._current().entry is None
    keys(bench, picker, "", Key.Key_Return)
    assert names(bench, actor) == ["Zaporizhzhia"]
    assert bench.steps() == before + 1
    bench.project.undo()
    bench.settle()
    assert names(bench, actor) == ["Syria"]
    assert bench.project.entries.resolve("registry-actors", "Zaporizhzhia") is None


def test_the_last_row_creates_also_where_others_fit(bench, pick):
    actor = bench.named("A1")
    picker = pick("A1")
    keys(bench, picker, "Syri", Key.Key_Up, Key.Key_Return)
    assert names(bench, actor) == ["Syri"]


def test_ctrl_enter_adds_and_takes_away(bench, pick):
    actor = bench.named("A1")
    picker = pick("A1")
    keys(bench, picker, "israel", (Key.Key_Return, CTRL))
    assert names(bench, actor) == ["Syria", "Israel"]
    assert picker.isVisible()
    keys(bench, picker, "united", (Key.Key_Return, CTRL))
    assert names(bench, actor) == ["Syria", "Israel", "United States"]
    keys(bench, picker, "syria", (Key.Key_Return, CTRL), Key.Key_Escape)
    assert names(bench, actor) == ["Israel", "United States"]
    assert bench.parts(EntryButton)[0].names == "Israel, United States"


def test_f2_renames_everywhere(bench, pick):
    actor = bench.named("A1")
    picker = pick("A1")
    before = bench.steps()
    keys(bench, picker, "", Key.Key_F2)
    assert picker.line.selectedText() == "Syria"
    keys(bench, picker, "Syrian Arab Republic", Key.Key_Return)
    assert names(bench, actor) == ["Syrian Arab Republic"]
    assert closed(picker)
    assert bench.steps() == before + 1
    assert bench.parts(EntryButton)[0].names == "Syrian Arab Republic"


def test_a_name_that_is_taken_is_refused_in_a_sentence(bench, pick):
    actor = bench.named("A1")
    picker = pick("A1")
    keys(bench, picker, "", Key.Key_F2)
    keys(bench, picker, "Israel", Key.Key_Return)
    assert picker.isVisible()
    assert picker._error.isVisible()
    assert "Israel" in picker._error.text()
    keys(bench, picker, "", Key.Key_Escape)
    assert picker.isVisible()
    keys(bench, picker, "", Key.Key_Escape)
    assert closed(picker)
    assert names(bench, actor) == ["Syria"]


def test_a_source_in_the_card_has_its_entry_chosen_in_place(bench):
    bench.activate("C8")
    source = bench.card("C8").levels[0].sources[0]
    entry = bench.parts(InlineEntry, bench.parts(LevelPart)[0])[0]
    entry.setFocus()
    bench.qtbot.keyClick(entry, Key.Key_E)
    picker = QApplication.activePopupWidget()
    assert isinstance(picker, EntryPicker)
    keys(bench, picker, "axios", Key.Key_Return)
    assert names(bench, source)[0].casefold().find("axios") >= 0
    assert entry.names == names(bench, source)[0]
    assert bench.workspace.active_id == bench.named("C8").id


def test_pick_entries_waits_for_the_choice(bench):
    actor = bench.activate("A1")

    def answer() -> None:
        picker = QApplication.activePopupWidget()
        assert isinstance(picker, EntryPicker)
        bench.qtbot.keyClicks(picker.line, "isra")
        bench.qtbot.keyClick(picker.line, Key.Key_Return)

    QTimer.singleShot(0, answer)
    assert pick_entries(bench.workspace, actor.id, bench.panel)
    assert names(bench, actor) == ["Israel"]


def test_rows_speak(bench, pick):
    picker = pick("A1")
    model = picker.model
    spoken = [model.data(model.index(r), Qt.ItemDataRole.AccessibleTextRole) for r in range(model.rowCount())]
    assert "chosen" in spoken[0]
    assert "state" in spoken[0]
    keys(bench, picker, "", Key.Key_Escape)


def test_it_stays_inside_its_window(bench, pick):
    picker = pick("A1")
    frame = picker.frameGeometry()
    assert frame.width() <= 400
    assert frame.bottom() <= bench.panel.mapToGlobal(bench.panel.rect().bottomRight()).y()
    keys(bench, picker, "", Key.Key_Escape)


def test_shift_enter_remembers_the_tagged_words_as_a_name(bench, pick):
    project, words = bench.workspace.project, bench.workspace.annotation_text
    actors = project.codebook.registries_by_name["actors"].id
    assert project.entries.resolve(actors, "both parties") is None
    workspace = bench.workspace
    picker = pick(next(workspace.number(a) for a in workspace.annotations.values() if words(a) == "both parties"))
    keys(bench, picker, "United States", (Key.Key_Return, Qt.KeyboardModifier.ShiftModifier))
    assert closed(picker)
    known = project.entries.resolve(actors, "both parties")
    assert known is not None
    assert known.name == "United States"
    project.undo()
    assert project.entries.resolve(actors, "both parties") is None
