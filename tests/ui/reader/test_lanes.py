from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.ui.reader.lanes import LineLanes, NestingLanes
from annotator.ui.reader.spans import Span, SpanIndex, by_length


def span(start: int, end: int, name: str = "a") -> Span:
    return Span(start, end, name, "layer")


def lanes_of(*spans: Span, most: int = 3) -> list[int]:
    lanes = NestingLanes(SpanIndex(spans), most)
    return [lanes.lane(s) for s in spans]


def test_the_innermost_takes_the_first_lane() -> None:
    assert lanes_of(span(0, 40), span(0, 30), span(0, 10)) == [3, 2, 1]


def test_crossing_spans_take_different_lanes() -> None:
    assert lanes_of(span(0, 10), span(5, 20)) == [1, 2]


def test_spans_side_by_side_share_a_lane() -> None:
    assert lanes_of(span(0, 10), span(10, 20), span(20, 25)) == [1, 1, 1]


def test_identical_spans_are_both_seen_and_the_older_one_stays() -> None:
    first, second = span(0, 10, "1"), span(0, 10, "2")
    assert lanes_of(first) == [1]
    assert lanes_of(second, first) == [2, 1]


def test_a_fourth_overlap_shares_the_last_lane_and_is_counted() -> None:
    spans = [span(0, 10 + n, str(n)) for n in range(5)]
    lanes = NestingLanes(SpanIndex(spans), 3)
    assert [lanes.lane(s) for s in spans] == [1, 2, 3, 3, 3]
    assert [lanes.hidden(s) for s in spans] == [0, 0, 0, 1, 2]


def test_the_deepest_lane_of_a_stretch() -> None:
    lanes = NestingLanes(SpanIndex([span(0, 40), span(0, 10)]), 3)
    assert lanes.deepest(0, 5) == 2
    assert lanes.deepest(50, 60) == 0


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), min_size=1, max_size=25), st.integers(0, 24))
def test_lanes_follow_the_rule_and_a_change_lets_go_of_no_more_than_it_must(
    items: list[tuple[int, int]], which: int
) -> None:
    spans = [span(start, start + length, f"{n:02}") for n, (start, length) in enumerate(items)]
    late = spans[which % len(spans)]
    index = SpanIndex(s for s in spans if s is not late)
    lanes = NestingLanes(index, 99)
    for s in index:
        lanes.depth(s)
    index.add(late)
    lanes.forget([late])
    placed: dict[Span, int] = {}
    for s in sorted(spans, key=by_length):
        placed[s] = 1 + max((d for o, d in placed.items() if o.start < s.end and o.end > s.start), default=0)
    assert {s: lanes.depth(s) for s in spans} == placed
    index.discard(late)
    lanes.forget([late])
    fresh = NestingLanes(index, 99)
    assert all(lanes.depth(s) == fresh.depth(s) for s in index)


def test_a_long_chain_of_crossings_needs_no_deep_recursion() -> None:
    spans = [span(n * 5, n * 5 + 8 + n, f"{n:05}") for n in range(3000)]
    assert NestingLanes(SpanIndex(spans), 3).depth(spans[-1]) > 1000


def ten_a_line(position: int) -> tuple[int, int]:
    return position // 10 * 10, position // 10 * 10 + 10


def test_brackets_take_the_first_lane_free_on_all_their_lines() -> None:
    first, second, third = span(0, 15), span(18, 35, "b"), span(40, 45, "c")
    lanes = LineLanes(SpanIndex([first, second, third]), ten_a_line)
    # The second begins on the line on which the first ends; the third stands alone.
    assert [lanes.lane(s) for s in (third, second, first)] == [1, 2, 1]


def test_a_bracket_lane_is_free_again_after_the_claim() -> None:
    spans = [span(0, 15, "a"), span(18, 25, "b"), span(27, 33, "c")]
    lanes = LineLanes(SpanIndex(spans), ten_a_line)
    assert [lanes.lane(s) for s in spans] == [1, 2, 1]


def test_a_suggestion_gives_way_to_every_bracket() -> None:
    lanes = LineLanes(SpanIndex([span(0, 15), span(22, 30, "b")]), ten_a_line)
    assert lanes.guest_lane(span(16, 21, "ghost")) == 2
    assert lanes.guest_lane(span(16, 21, "ghost"), [2]) == 3
