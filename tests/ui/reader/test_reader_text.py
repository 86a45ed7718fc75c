"""Whatever the text: nothing moves, selections are exact, and boxes cover the glyphs of a span and no others."""

from __future__ import annotations

import itertools
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QTextBoundaryFinder
from PySide6.QtGui import QTextCursor

from annotator.domain.model import Fragment
from annotator.domain.text import Units
from annotator.ui.reader.lines import Line, Lines
from annotator.ui.reader.view import Reader

PIECES = [
    *("word ", "a", ". ", ", ", "office ", "fi", "“quoted” ", "\n", "\n\n\n\n", "\n \n", "\t", "\u00a0", "\u2028", " "),
    *("👩🏽‍💻", "🇸🇾🇮🇱", "👍", "e\u0301", "a\u0300\u0323", "字 ", "日本語", "ไทยภาษา ", "กำ", "한국"),
    *(
        "وقال ",
        "مسؤول ",
        "لا",
        "سُورِيَّة ",
        "، ",
        "שלום ",
        "(2024) ",
        "\u200f",
        "\u200d",
        "\x00",
        "\f",
        "\u2029",
        "\ufdd0",
    ),
]
texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map("".join)


def clusters(text: str) -> list[int]:
    """Cluster boundaries of the whole text, in code points. Emoji apart: beside Thai letters Qt cuts them up."""
    found = [0]
    for run in re.finditer("[\U0001f000-\U0001faff][\U0001f000-\U0001faff\u200d]*|[^\U0001f000-\U0001faff]+", text):
        units = Units(run.group())
        finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, run.group())
        while (at := finder.toNextBoundary()) != -1:
            found.append(run.start() + units.to_points(at))
    return found


def snapped(text: str, start: int, end: int) -> tuple[int, int]:
    edges = clusters(text)
    return max(e for e in edges if e <= start), min(e for e in edges if e >= end)


@settings(max_examples=150)
@given(text=texts, data=st.data())
def test_selecting_gives_exactly_the_clusters_and_boxes_cover_their_glyphs(
    reader: Reader, text: str, data: st.DataObject
) -> None:
    reader.resize(data.draw(st.sampled_from([300, 816])), 600)
    reader.set_text(text)
    assert reader.document().characterCount() - 1 == reader.places.length
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    reader.select(start, end)
    a, b = snapped(text, start, end) if start < end else (start, start)
    inner = text[a:b]
    a, b = a + len(inner) - len(inner.lstrip()), b - (len(inner) - len(inner.rstrip()))
    if a >= b or not inner.strip():
        assert reader.fragments() == ()
        return
    a, b = snapped(text, a, b)
    assert reader.fragments() == (Fragment(a, b),)
    assert reader.textCursor().anchor() == reader.places.view(snapped(text, start, end)[0])
    check_boxes(reader, a, b)


def check_boxes(reader: Reader, start: int, end: int) -> None:
    """Against the layout's own glyph runs, cluster by cluster."""
    places = reader.places
    lines = Lines.between(reader.lazy, places, -1e6, 1e6)
    pieces = lines.pieces(places.view(start), places.view_end(end))
    edges = clusters(places.text)
    for a, b in itertools.pairwise(edges):
        if all(c.isspace() or unicodedata.category(c) in ("Cf", "Cc") for c in places.text[a:b]):
            continue
        line = lines.at(places.view(a))
        if line is None:  # blank lines are not laid out to be seen
            continue
        boxes = [(p.x0, p.x1) for p in pieces if p.line is line]
        for left, right in glyph_boxes(line, places.view(a), places.view_end(b)):
            middle = (left + right) / 2
            if right - left < 0.5:
                continue
            if start <= a and b <= end:
                assert any(x0 - 1 <= left and right <= x1 + 1 for x0, x1 in boxes), (
                    places.text[a:b],
                    left,
                    right,
                    boxes,
                )
            else:
                assert not any(x0 + 0.5 < middle < x1 - 0.5 for x0, x1 in boxes), (places.text[a:b], left, right, boxes)


def glyph_boxes(line: Line, a: int, b: int) -> list[tuple[float, float]]:
    runs = line.qt.glyphRuns(a - line.origin, b - a)
    boxes = [run.boundingRect() for run in runs]
    return [(line.x + box.left(), line.x + min(box.right(), line.right - line.x + 1)) for box in boxes]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "\n\n\n",
        " ",
        "\u2028",
        "a\n",
        "\n\na",
        "e\u0301",
        "👍",
        "a\x00b\ufdd0\ufdd1\ufffc\u2029c\fd\u2028e\t\u00a0f",
    ],
)
def test_odd_texts_keep_every_offset(reader: Reader, text: str) -> None:
    reader.set_text(text)
    assert reader.document().characterCount() - 1 == len(text.encode("utf-16-le")) // 2
    for point in range(len(text) + 1):
        reader.set_caret(point)
        assert reader.caret() == snapped(text, point, point)[0]
    reader.widen()
    reader.grab()


def test_half_a_surrogate_pair_is_never_shown(reader: Reader) -> None:
    reader.set_text("a\ud83db")
    assert reader.document().toPlainText() == "a\ufffdb"
    reader.set_caret(2)
    assert reader.caret() == 2


def test_blank_lines_are_one_gap(reader: Reader) -> None:
    heights = []
    for gap in ("\n\n", "\n\n\n\n", "\n \n\u00a0\n\n"):
        reader.set_text(f"first{gap}second{gap}third")
        lines = Lines.between(reader.lazy, reader.places, -1e6, 1e6).lines
        heights.append([round(b.base - a.base, 1) for a, b in itertools.pairwise(lines)])
    assert heights == [[42.0, 42.0]] * 3  # a line of 29 and a gap of 13


def test_lines_have_a_gap_where_no_blank_lines_part_them(reader: Reader) -> None:
    reader.set_text("first\nsecond")
    first, second = Lines.between(reader.lazy, reader.places, -1e6, 1e6).lines
    assert (first.base, second.base - first.base) == (pytest.approx(18 + 23.2, abs=0.1), 42)
    reader.set_text("first\nsecond\n\nthird")
    first, second, _ = Lines.between(reader.lazy, reader.places, -1e6, 1e6).lines
    assert second.base - first.base == 29


def test_the_direction_is_the_articles_and_mirrors_the_gutter(reader: Reader) -> None:
    reader.set_text("Syria agreed.")
    left = reader.scene()
    assert (left.text_left, left.text_right) == (104, 674)
    reader.set_text("وقال مسؤول سوري إن Reuters نقلت")
    assert reader.rtl
    right = reader.scene()
    width = reader.viewport().width()
    assert (right.text_left, right.text_right) == (width - 674, width - 104)
    line = right.lines.lines[0]
    assert line.right == pytest.approx(right.text_right, abs=1.5)
    reader.set_text("Reuters: وقال", rtl=True)
    assert reader.rtl


@pytest.mark.parametrize("width", [320, 452, 700, 816, 1200])
def test_a_narrow_pane_clips_nothing(reader: Reader, width: int) -> None:
    reader.set_text(
        "The statement clarified that both parties agreed to pursue arrangements for permanent security. " * 5
    )
    reader.resize(width, 600)
    scene = reader.scene()
    assert scene.text_left >= scene.gutter >= 60
    assert scene.text_right <= reader.viewport().width() - 32
    assert all(line.right <= scene.text_right + 0.5 for line in scene.lines.lines)
    assert reader.horizontalScrollBar().maximum() == 0


def test_resizing_and_zooming_keep_what_is_at_the_top(reader: Reader) -> None:
    article = "\n\n".join(
        f"Paragraph {n} says what was said by those who said it on that day in Paris." * 3 for n in range(60)
    )
    reader.set_text(article)
    reader.verticalScrollBar().setValue(2400)
    before = reader.scene(0, 1).lines
    top = next(line for line in before.lines if line.base > reader.scrolled()).start
    for change in (lambda: reader.resize(500, 600), lambda: reader.set_zoom(1.5), lambda: reader.zoom_by(-2)):
        change()
        line = next(line for line in reader.scene().lines.lines if line.start <= top <= line.stop)
        assert -10 < line.base - reader.scrolled() < 120


def test_a_long_paragraph_paints_its_middle(reader: Reader) -> None:
    reader.set_text("one two three four " * 6000)
    reader.set_caret(60_000)
    assert reader.caret() == 60_000
    lines = reader.scene().lines
    assert lines.start <= reader.places.view(60_000) <= lines.end
    assert len(lines.lines) < 60


def test_copying_gives_the_stored_text(reader: Reader) -> None:
    reader.set_text("a\u00a0b\u2028c\n\n\nd\x00e")
    reader.selectAll()
    assert reader.createMimeDataFromSelection().text() == reader.text()
    assert not reader.createMimeDataFromSelection().hasHtml()


def test_the_real_article_is_not_touched(reader: Reader) -> None:
    for path in Path(__file__).parents[3].joinpath("resources", "sample").glob("*.txt"):
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        reader.set_text(text)
        assert reader.text() == text
        assert reader.document().characterCount() - 1 == len(text)


def test_the_caret_may_stand_anywhere(reader: Reader) -> None:
    reader.set_text("One 👍 two.")
    cursor = reader.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.End)
    reader.setTextCursor(cursor)
    assert reader.caret() == len(reader.text())
