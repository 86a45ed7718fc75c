from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from annotator.ui.reader.spans import Span, SpanIndex

spans = st.builds(
    lambda start, length, n: Span(start, start + length, f"{n:03}", "a"),
    st.integers(0, 400),
    st.integers(1, 120),
    st.integers(0, 999),
)


@given(st.lists(spans, max_size=60, unique=True), st.integers(0, 520), st.integers(0, 80))
def test_a_query_finds_exactly_what_overlaps(items: list[Span], start: int, length: int) -> None:
    index = SpanIndex(items)
    wanted = sorted(s for s in items if s.start < start + length and s.end > start) if length else []
    assert sorted(index.overlapping(start, start + length)) == wanted


def test_adding_and_taking_out_keeps_the_index_whole() -> None:
    chance = random.Random(7)
    index, held = SpanIndex(), set[Span]()
    for n in range(3000):
        if held and chance.random() < 0.4:
            gone = chance.choice(sorted(held))
            index.discard(gone)
            held.discard(gone)
        else:
            start = chance.randrange(40) * 100  # many share a start
            new = Span(start, start + chance.randrange(1, 900), f"{n:05}", "a")
            index.add(new)
            held.add(new)
    assert len(index) == len(held)
    assert list(index) == sorted(held)
    for start in range(0, 5000, 130):
        wanted = {s for s in held if s.start < start + 50 and s.end > start}
        assert set(index.overlapping(start, start + 50)) == wanted


def test_taking_out_what_is_not_there_changes_nothing() -> None:
    index = SpanIndex([Span(1, 2, "a", "l")])
    index.discard(Span(1, 2, "b", "l"))
    index.discard(Span(0, 9, "a", "l"))
    assert len(index) == 1
    empty = SpanIndex()
    empty.discard(Span(1, 2, "a", "l"))
    assert empty.overlapping(0, 10) == []


def test_a_hundred_thousand_spans_cost_little_to_ask() -> None:
    index = SpanIndex(Span(n * 10, n * 10 + 15, str(n), "a") for n in range(100_000))
    index.add(Span(0, 1_000_000, "all", "a"))
    found = index.overlapping(500_000, 500_100)
    assert len(found) == 12
    assert "all" in {span.id for span in found}
