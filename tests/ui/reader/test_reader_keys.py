"""Real keys in the reader."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from annotator.domain.model import Fragment
from annotator.ui.reader.view import Reader

KEY = Qt.Key
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def test_arrows_move_the_caret_and_shift_selects(reader: Reader, qtbot: QtBot) -> None:
    reader.set_text("Syria and Israel agreed.")
    qtbot.keyClick(reader, KEY.Key_Right)
    assert reader.caret() == 1
    qtbot.keyClick(reader, KEY.Key_Right, SHIFT | CTRL)
    assert reader.selection() == (1, 6)
    assert reader.fragments() == (Fragment(1, 5),)
    qtbot.keyClick(reader, KEY.Key_Left)
    assert reader.fragments() == ()
    qtbot.keyClick(reader, KEY.Key_End)
    assert reader.caret() == len(reader.text())


def test_one_key_passes_over_all_blank_lines(reader: Reader, qtbot: QtBot) -> None:
    text = "Line one.\n\n\n\nLine two.\n \n\nLine three."
    reader.set_text(text)
    second, third = text.index("Line two"), text.index("Line three")
    reader.set_caret(4)
    qtbot.keyClick(reader, KEY.Key_Down)
    assert reader.caret() == second + 4
    qtbot.keyClick(reader, KEY.Key_Down)
    assert reader.caret() == third + 4
    qtbot.keyClick(reader, KEY.Key_Up)
    qtbot.keyClick(reader, KEY.Key_Up)
    assert reader.caret() == 4
    qtbot.keyClick(reader, KEY.Key_End)
    qtbot.keyClick(reader, KEY.Key_Right)
    assert reader.caret() == second
    qtbot.keyClick(reader, KEY.Key_Left)
    assert reader.caret() == len("Line one.")
    qtbot.keyClick(reader, KEY.Key_Right, SHIFT)
    assert reader.selection() == (len("Line one."), second)
    assert reader.fragments() == ()


def test_trailing_blank_lines_hold_no_caret(reader: Reader, qtbot: QtBot) -> None:
    reader.set_text("Only line.\n\n\n")
    reader.set_caret(10)
    qtbot.keyClick(reader, KEY.Key_Right)
    assert reader.caret() == 10


def test_arrows_go_by_whole_clusters_and_in_reading_order(reader: Reader, qtbot: QtBot) -> None:
    reader.set_text("a👩🏽‍💻b")
    qtbot.keyClick(reader, KEY.Key_Right)
    qtbot.keyClick(reader, KEY.Key_Right)
    assert reader.caret() == 5
    reader.set_text("وقال مسؤول")
    qtbot.keyClick(reader, KEY.Key_Left)
    assert reader.caret() == 1


def test_widen_and_narrow_go_and_come_back_exactly(reader: Reader) -> None:
    reader.set_text("One. For his part, a Syrian official said it. Three.\n\nNext.")
    reader.set_caret(reader.text().index("Syrian") + 2)
    steps = [reader.selection()]
    for _ in range(5):
        reader.widen()
        steps.append(reader.selection())
    assert len(set(steps)) == 5  # caret, word, phrase, sentence, paragraph; then no more
    words = [reader.text()[a:b] for a, b in steps[1:5]]
    assert words == [
        "Syrian",
        "a Syrian official said it",
        "For his part, a Syrian official said it.",
        "One. For his part, a Syrian official said it. Three.",
    ]
    for step in reversed(steps[:4]):
        reader.narrow()
        assert reader.selection() == step
    reader.narrow()
    assert reader.selection() == steps[0]


def test_narrow_after_another_selection_does_nothing(reader: Reader) -> None:
    reader.set_text("One two three.")
    reader.widen()
    reader.select(4, 7)
    reader.narrow()
    assert reader.selection() == (4, 7)


@pytest.mark.parametrize("text", ["One.\n", "One.\n\n\nTwo.\n\n", "👍🏽 end", "\n\nOne.\n"])
def test_all_of_it_is_selected_and_copied_also_where_blank_lines_end_it(
    reader: Reader, qtbot: QtBot, text: str
) -> None:
    reader.set_text(text)
    qtbot.keyClick(reader, KEY.Key_A, CTRL)
    assert reader.selection() == (0, len(text))
    qtbot.keyClick(reader, KEY.Key_C, CTRL)
    assert QApplication.clipboard().text() == text
    reader.set_text("Line of a long text.\n\n" * 300)
    reader.verticalScrollBar().setValue(900)
    qtbot.keyClick(reader, KEY.Key_A, CTRL)
    assert reader.verticalScrollBar().value() == 900


def test_the_word_at_the_caret_is_offered(reader: Reader) -> None:
    reader.set_text("Syria's office said")
    reader.set_caret(3)
    assert reader.word_at_caret() == (Fragment(0, 7),)
    reader.set_caret(7)
    assert reader.word_at_caret() == (Fragment(0, 7),)


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        ("It is the end.", "", "end"),
        ("It is “the end.”", "", "end"),
        ("It is the end. ", "\n\nNext", "end"),
        ("It is the end.", " Next", "end"),
        ("It is the end. ", "Next", "Next"),
        ("The end.\n", "\nNext", ""),
        ("وهذه هي النهاية.", "", "النهاية"),
        ("It is – ", "– so", ""),
        ("...", "", ""),
    ],
)
def test_behind_a_full_stop_the_word_before_is_offered(reader: Reader, before: str, after: str, word: str) -> None:
    reader.set_text(before + after)
    reader.set_caret(len(before))
    assert "".join(reader.text()[start:end] for start, end in reader.word_at_caret()) == word


@pytest.mark.parametrize(
    ("key", "modifiers", "own"),
    [
        (KEY.Key_Left, Qt.KeyboardModifier.NoModifier, True),
        (KEY.Key_PageDown, SHIFT, True),
        (KEY.Key_Right, CTRL | SHIFT, True),
        (KEY.Key_C, CTRL, True),
        (KEY.Key_Z, CTRL, False),
        (KEY.Key_A, Qt.KeyboardModifier.NoModifier, False),
        (KEY.Key_Backspace, Qt.KeyboardModifier.NoModifier, False),
        (KEY.Key_Return, CTRL, False),
        (KEY.Key_Tab, Qt.KeyboardModifier.NoModifier, False),
        (KEY.Key_Escape, Qt.KeyboardModifier.NoModifier, False),
    ],
)
def test_only_caret_keys_are_kept_from_actions(
    reader: Reader, key: Qt.Key, modifiers: Qt.KeyboardModifier, own: bool
) -> None:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
    event.ignore()
    QApplication.sendEvent(reader, event)
    assert event.isAccepted() is own


def test_letters_and_undo_reach_the_windows_actions(qtbot: QtBot, qapp: QApplication) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(text := Reader())
    pressed: list[str] = []
    for keys in ("A", "Shift+S", ".", "Ctrl+Z", "Backspace", "Return", "Tab"):
        action = QAction(keys, window)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _=False, keys=keys: pressed.append(keys))
        window.addAction(action)
    text.set_text("Syria and Israel")
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    text.setFocus()
    qtbot.waitUntil(text.hasFocus)
    for key, modifiers in (
        (KEY.Key_A, Qt.KeyboardModifier.NoModifier),
        (KEY.Key_S, SHIFT),
        (KEY.Key_Period, Qt.KeyboardModifier.NoModifier),
        (KEY.Key_Z, CTRL),
        (KEY.Key_Backspace, Qt.KeyboardModifier.NoModifier),
        (KEY.Key_Return, Qt.KeyboardModifier.NoModifier),
        (KEY.Key_Tab, Qt.KeyboardModifier.NoModifier),
    ):
        qtbot.keyClick(text, key, modifiers)
    assert pressed == ["A", "Shift+S", ".", "Ctrl+Z", "Backspace", "Return", "Tab"]
    assert text.text() == "Syria and Israel"


def test_signals_tell_of_caret_and_selection(reader: Reader, qtbot: QtBot) -> None:
    reader.set_text("Syria 👍 Israel")
    with qtbot.waitSignal(reader.caret_moved) as moved:
        reader.set_caret(7)
    assert moved.args == [7]
    with qtbot.waitSignal(reader.selection_changed):
        reader.select(0, 5)


def test_a_word_larger_than_the_view_scrolls_to_its_start(reader: Reader) -> None:
    reader.set_text("\n\n".join(f"Paragraph {n}." for n in range(200)))
    at = reader.text().index("Paragraph 150")
    reader.scroll_to(at, at + 9)
    lines = reader.scene(0, reader.viewport().height()).lines
    line = lines.at(at)
    assert line is not None
    assert 0 < line.base - reader.scrolled() < reader.viewport().height()
    before = reader.scrolled()
    reader.scroll_to(at, at + 9)
    assert reader.scrolled() == before
