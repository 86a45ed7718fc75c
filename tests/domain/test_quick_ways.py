"""What is done in a quicker way than the plain one says the same as the plain one."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.attribution import place
from annotator.domain.model import Annotation, Fragment, Stretch, made_annotation
from annotator.domain.text import Units, word_count

SPANS = st.lists(
    st.tuples(st.integers(0, 500), st.integers(1, 60)).map(lambda pair: Fragment(pair[0], pair[0] + pair[1])),
    min_size=1,
    max_size=4,
)


@given(st.text(st.characters() | st.sampled_from(" \t\n\r\x0b\x1c\x85\xa0\u2003\u2028\u3000")))
def test_words_are_counted_as_split_counts_them(text: str) -> None:
    assert word_count(text) == len(text.split())


@given(st.text(st.sampled_from("ab é語😀\U0001f468\u200d")))
def test_units_know_texts_with_and_without_wide_characters(text: str) -> None:
    units = Units(text)
    for point in range(len(text) + 1):
        unit = len(text[:point].encode("utf-16-le")) // 2
        assert (units.to_units(point), units.to_points(unit)) == (unit, point)


@given(SPANS)
def test_a_stretch_stands_where_its_annotation_stands(fragments: list[Fragment]) -> None:
    annotation = Annotation("a", "d", "l", "c", tuple(fragments))
    stretch = Stretch.of("a", "l", fragments)
    assert stretch.fragments == annotation.fragments
    assert stretch.place == place(annotation) == (annotation.start, -annotation.end, "a")


def test_an_annotation_made_quickly_is_an_annotation() -> None:
    values = ("a", "d", "l", "c", (Fragment(1, 2),), ("e",), {"type": "fact"}, "note", "manual", "t1", "t2")
    made = made_annotation(*values)
    assert type(made) is Annotation
    assert made == Annotation(*values)
    with pytest.raises(FrozenInstanceError):
        made.note = "other"  # type: ignore[misc]
