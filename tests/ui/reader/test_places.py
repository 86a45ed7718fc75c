from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.ui.reader.places import Places, first_strong_is_rtl


@given(st.text(max_size=60))
def test_every_character_keeps_its_width_and_place(text: str) -> None:
    places = Places(text)
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    assert len(places.shown.encode("utf-16-le")) // 2 == units == places.length
    for point in range(len(text) + 1):
        assert places.point(places.view(point)) == point
        assert places.point(places.view_end(point)) == point


def test_what_qt_would_swallow_is_shown_as_something_else() -> None:
    text = "a\x00b\rc\ufdd0d\ufdd1e\ufffcf\u2028g\u2029h\ud800i"
    shown = Places(text).shown
    assert len(shown) == len(text)
    assert not {"\x00", "\r", "\ufdd0", "\ufdd1", "\ufffc", "\ud800"} & set(shown)
    assert [c for c in shown if c.isalpha()] == list("abcdefghi")


def test_long_paragraphs_are_broken_in_the_view_alone() -> None:
    sentence = "All of it stands in one paragraph 👍 and no line ends. "
    text = "Head.\n" + sentence * 2000 + "\nTail."
    places = Places(text)
    assert len(places.breaks) > 3
    assert max(len(line) for line in places.shown.split("\n")) <= 20_100
    assert places.length == len(places.shown.encode("utf-16-le")) // 2
    for point in [0, 7, *range(19_000, 24_000, 37), len(text) - 1, len(text)]:
        assert places.point(places.view(point)) == point
        assert places.point(places.view_end(point)) == point
    unit = places.view(text.index("Tail"))
    assert places.shown.encode("utf-16-le")[2 * unit :].decode("utf-16-le") == "Tail."


def test_a_megabyte_without_any_space_is_broken_too() -> None:
    places = Places("字" * 300_000)
    assert len(places.breaks) >= 14
    assert places.point(places.length) == 300_000


def test_direction_comes_from_the_first_letter() -> None:
    assert first_strong_is_rtl("2024: «وقال» Reuters")
    assert first_strong_is_rtl("  שלום")
    assert not first_strong_is_rtl("12 Reuters وقال")
    assert not first_strong_is_rtl("")
