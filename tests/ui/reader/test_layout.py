"""The lazy layout: what is guessed never shows, however one gets to a place."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.model import Fragment
from annotator.ui.reader import canvas
from annotator.ui.reader.view import Reader
from tests.benchmarks.text import annotations, article

CTRL = Qt.KeyboardModifier.ControlModifier


def long_text(characters: int = 900_000) -> str:
    rng = random.Random(7)
    words = article(characters, 3).split("\n\n")
    # Of very different lengths, so that guesses are wrong.
    return "\n\n".join(word * rng.choice((1, 1, 1, 8)) if n % 7 else "Short." for n, word in enumerate(words))


def shown_at_top(reader: Reader) -> tuple[int, float]:
    line = next(x for x in reader.scene().lines.lines if x.base > reader.scrolled())
    return line.start, line.base - reader.scrolled()


@pytest.fixture
def far(reader: Reader) -> Reader:
    reader.set_text(long_text())
    return reader


def test_only_what_is_seen_is_laid_out(far: Reader) -> None:
    assert not far.lazy.whole
    assert far.lazy._real.count(1) < 60
    far.verticalScrollBar().setValue(far.verticalScrollBar().maximum() // 2)
    assert far.lazy._real.count(1) < 120


def test_the_end_is_reached_at_once_and_the_caret_is_in_sight(far: Reader, qtbot: QtBot) -> None:
    qtbot.keyClick(far, Qt.Key.Key_End, CTRL)
    assert far.caret() == len(far.text())
    assert far.viewport().rect().contains(far.cursorRect())
    assert far.scene().lines.end == far.places.length
    qtbot.keyClick(far, Qt.Key.Key_Home, CTRL)
    assert far.scrolled() == 0


@pytest.mark.parametrize("share", [0.11, 0.5, 0.93])
def test_what_is_selected_is_in_sight(far: Reader, share: float) -> None:
    at = far.text().index(" ", int(len(far.text()) * share)) + 1
    far.select(at, at + 3)
    assert far.boxes(at, at + 3)
    far.scroll_to(at // 2, at // 2 + 5)
    assert far.boxes(at // 2, at // 2 + 5)


def test_small_steps_upwards_do_not_jump(far: Reader) -> None:
    far.verticalScrollBar().setValue(far.verticalScrollBar().maximum() // 2)
    for _ in range(120):
        start, below = shown_at_top(far)
        before = far.scrolled()
        far.verticalScrollBar().triggerAction(far.verticalScrollBar().SliderAction.SliderSingleStepSub)
        line = far.scene().lines.at(start)
        assert line is not None
        moved = line.base - far.scrolled() - below
        assert abs(moved - far.verticalScrollBar().singleStep()) < 1.5, (before, far.scrolled(), moved)


def test_other_widths_and_sizes_keep_the_place(far: Reader) -> None:
    far.verticalScrollBar().setValue(far.verticalScrollBar().maximum() // 2)
    start, _ = shown_at_top(far)
    for change in (
        lambda: far.resize(560, 600),
        lambda: far.set_zoom(1.4),
        lambda: far.set_width("wide"),
        lambda: far.resize(1100, 600),
        lambda: far.set_width("narrow"),
        lambda: far.set_zoom(1.0),
    ):
        change()
        QApplication.processEvents()
        lines = far.scene().lines
        assert lines.at(start) is not None
        line = lines.at(start)
        assert line is not None
        assert -40 < line.base - far.scrolled() < 160  # the line on top may hold other words each time


def test_a_wider_pane_breaks_no_line_anew(far: Reader) -> None:
    far.verticalScrollBar().setValue(5000)
    laid_out = far.lazy._real.count(1)
    far.resize(1400, 600)
    assert far.lazy._real.count(1) >= laid_out
    assert far.text_edges()[0] > 104


def test_what_is_not_looked_at_is_laid_out_in_time(reader: Reader, qtbot: QtBot) -> None:
    reader.set_text(article(60_000, 2))
    assert not reader.lazy.whole
    reader.verticalScrollBar().setValue(reader.verticalScrollBar().maximum() // 2)
    start, below = shown_at_top(reader)
    qtbot.waitUntil(lambda: reader.lazy.whole)
    assert shown_at_top(reader) == (start, pytest.approx(below, abs=1))
    reader.set_text("Short.")
    assert reader.lazy.whole


@settings(max_examples=25)
@given(data=st.data())
def test_heights_add_up(reader: Reader, data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.sampled_from(["", "word ", "many words " * 40, " ", "字" * 300]), max_size=60))
    reader.set_text("\n".join(rows))
    lazy = reader.lazy
    for number in data.draw(st.lists(st.integers(0, max(0, len(rows) - 1)), max_size=8)):
        lazy.placed(reader.document().findBlockByNumber(number))
    tops = [lazy.start(number) for number in range(reader.document().blockCount())]
    assert tops == sorted(tops)
    assert lazy.height == pytest.approx(tops[-1] + lazy._heights[-1] + 40)
    for number, top in enumerate(tops):
        if lazy._heights[number] > 1:
            assert lazy.number_at(top + 0.5) == number


def test_hits_are_where_the_caret_is_painted(reader: Reader) -> None:
    reader.set_text("One وقال مسؤول two 👍🏽 three.\n\nSecond paragraph.")
    for point in (0, 3, 20, 22, 27, 30, 40):
        reader.set_caret(point)
        scene = reader.scene()
        box = reader.caret_area(scene)
        assert box is not None
        hit = reader.lazy.hitTest(QPointF(box.center()), Qt.HitTestAccuracy.FuzzyHit)
        reader.set_caret(reader.places.point(hit))
        again = reader.caret_area(reader.scene())
        assert again is not None
        assert abs(again.center().x() - box.center().x()) < 1.5


def test_ten_megabytes_open_scroll_and_resize_without_a_gap(reader: Reader, qtbot: QtBot) -> None:
    """A heartbeat of 5 ms counts: no single step may keep it waiting as long as laying the text out would."""
    text = article(10_000_000)
    spans = annotations("d", text, 2_000)
    beats: list[float] = []
    heart = QTimer()
    heart.setInterval(5)
    heart.timeout.connect(lambda: beats.append(time.perf_counter()))
    heart.start()
    reader.set_text(text)
    reader.set_annotations(spans)
    counted = []
    for step in (
        lambda: reader.verticalScrollBar().setValue(reader.verticalScrollBar().maximum() // 2),
        lambda: reader.resize(560, 600),
        lambda: reader.set_zoom(1.3),
        lambda: QTest.keyClick(reader, Qt.Key.Key_End, CTRL),
        lambda: reader.resize(816, 600),
    ):
        reader._rest.stop()
        laid_out = reader.lazy._real.count(1)
        step()
        reader.viewport().repaint()
        counted.append(abs(reader.lazy._real.count(1) - laid_out))
        beats.clear()
        qtbot.waitUntil(lambda: len(beats) > 0)
    assert max(counted) < 200  # of 32,000 paragraphs
    assert not reader._rest.isActive()  # nothing goes on in the background


def test_very_many_annotations_come_in_steps_and_end_as_if_at_once(
    reader: Reader, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canvas, "_MANY", 12_000)
    text = article(400_000)
    reader.set_layers(DEFAULT_CODEBOOK.layers)
    reader.set_text(text)
    spans = annotations("d", text, 13_000)
    reader.set_annotations(spans)
    seen = [a for a in spans if a.start < 500]
    assert len(seen) > 5
    assert all(a.id in reader.store.at(a.start) for a in seen)  # what is on the screen is there at once
    qtbot.waitUntil(lambda: reader._marking is None)
    at_once = Reader()
    qtbot.addWidget(at_once)
    at_once.set_layers(DEFAULT_CODEBOOK.layers)
    at_once.set_text(text)
    at_once.store.set_annotations(spans)
    assert [list(index) for index in reader.store.by_kind] == [list(index) for index in at_once.store.by_kind]
    assert list(reader.store.brackets) == list(at_once.store.brackets)


def test_a_change_in_the_middle_of_the_steps_is_not_lost(
    reader: Reader, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canvas, "_MANY", 12_000)
    text = article(400_000)
    reader.set_text(text)
    spans = annotations("d", text, 13_000)
    reader.set_annotations(spans)
    assert reader._marking is not None
    fresh = replace(spans[0], id="fresh", fragments=(Fragment(0, 9),))
    moved = replace(spans[1], fragments=(Fragment(20, 29),))
    reader.patch([fresh, moved], [spans[-1].id])
    assert {"fresh"} <= set(reader.store.at(3))  # at once
    qtbot.waitUntil(lambda: reader._marking is None)
    assert spans[-1].id not in reader.store.at(spans[-1].start)
    assert spans[-2].id in reader.store.at(spans[-2].start)
    assert {"fresh"} <= set(reader.store.at(3))
    assert moved.id in reader.store.at(25)
    assert moved.id not in reader.store.at(spans[1].start)
    reader.set_annotations(spans)
    reader.set_text("Another.")
    assert reader._marking is None
    assert reader.store.at(0) == []
