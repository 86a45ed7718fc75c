"""Real keys in the real window on a real project: what is stored is exactly what was selected, whatever the text."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.domain.model import Fragment
from annotator.ui.reader import words
from tests.ui.reader.window import Desk

pytestmark = pytest.mark.usefixtures("own_settings")

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier

PIECES = [
    *("word ", "a", ". ", ", ", "office ", "“quoted” ", "\n", "\n\n\n", "\t", "\u00a0", "\u2028", " "),
    *("👩🏽‍💻", "👍🏿 ", "🇸🇾🇮🇱", "👨‍👩‍👧 ", "e\u0301", "a\u0300\u0323 ", "字 ", "日本語。", "ไทยภาษา ", "กำ", "한국 "),
    *("وقال ", "مسؤول ", "لا", "سُورِيَّة ", "، ", "שלום ", "(2024) ", "Axios ", "𝔘 ", "\r\n", "\u2029"),
]
texts = st.lists(st.sampled_from(PIECES), min_size=2, max_size=30).map("".join).filter(lambda text: text.strip() != "")


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    return Desk(qtbot, tmp_path)


@examples(max_examples=40, suppress_health_check=list(HealthCheck))
@given(text=texts, data=st.data())
def test_tagging_by_keys_stores_the_selected_code_points(desk: Desk, text: str, data: st.DataObject) -> None:
    number = len(desk.project.documents.rows())
    text = f"{number:06} {text}"  # no two articles of a project may hold the same text
    document = desk.project.documents.add(f"Article {number}", text)
    desk.workspace.open_document(document.id)
    reader, stored = desk.reader, desk.workspace.text
    assert reader.text() == stored
    assert stored == text.replace("\r\n", "\n").replace("\r", "\n")
    reader.setFocus()
    start = data.draw(st.integers(0, len(stored)))
    reader.set_caret(start)
    anchor = reader.caret()
    moves = st.sampled_from(
        [(KEY.Key_Right, SHIFT), (KEY.Key_Left, SHIFT), (KEY.Key_Right, SHIFT | CTRL), (KEY.Key_End, SHIFT)]
    )
    for key, modifiers in data.draw(st.lists(moves, min_size=1, max_size=8)):
        QTest.keyClick(reader, key, modifiers)
    low, high = sorted((anchor, reader.caret()))
    assert reader.selection() == (low, high)
    assert all(words.cluster_start(stored, edge) == edge for edge in (low, high))
    before = set(desk.workspace.annotations)
    QTest.keyClick(reader, KEY.Key_A)
    made = [a for id_, a in desk.workspace.annotations.items() if id_ not in before]
    covered = stored[low:high]
    if low == high or not covered.strip():
        return  # the word at the caret, or nothing, was meant
    ((begin, end),) = [fragment for annotation in made for fragment in annotation.fragments]
    inner = stored[begin:end]
    assert low <= begin < end <= high
    # Only white space was left out, and no cluster was cut.
    assert stored[low:begin].strip() == stored[end:high].strip() == ""
    assert inner.strip() != ""
    assert not unicodedata.combining(inner[0]) or begin == low or words.cluster_start(stored, begin) == begin
    (kept,) = desk.project.documents.annotations_by_id([made[0].id])
    assert kept.fragments == (Fragment(begin, end),)
    reader.grab()


def test_the_same_in_a_line_of_a_million_characters(desk: Desk) -> None:
    text = "0 " + "one two 👍🏽 three وقال four " * 40_000
    document = desk.project.documents.add("Long", text)
    desk.workspace.open_document(document.id)
    reader = desk.reader
    reader.setFocus()
    for share in (0.0, 0.37, 0.999):
        at = text.index("two", int(len(text) * share))
        reader.set_caret(at)
        QTest.keyClick(reader, KEY.Key_Right, SHIFT | CTRL)
        QTest.keyClick(reader, KEY.Key_A)
        made = desk.workspace.annotations
        assert any(a.fragments == (Fragment(at, at + 3),) for a in made.values())
        reader.grab()
    QTest.keyClick(reader, KEY.Key_End, CTRL)
    assert reader.caret() == len(desk.workspace.text)
    assert reader.viewport().rect().intersects(reader.cursorRect())


def test_keys_of_the_reader_are_bound_once(desk: Desk) -> None:
    bound: dict[str, str] = {}
    for id_, action in desk.window.actions_.by_id.items():
        for key in action.shortcuts():
            name = key.toString(QKeySequence.SequenceFormat.PortableText)
            assert name not in bound, (name, id_, bound[name])
            bound[name] = id_
