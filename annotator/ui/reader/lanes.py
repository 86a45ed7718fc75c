"""Lanes: how far out a mark is drawn where several share a stretch of text.

Both rules look only at what overlaps, never at what happens to be on the screen, so lanes stay while one scrolls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from annotator.ui.reader.spans import Span, SpanIndex, by_length


class NestingLanes:
    """Lane 1 for the innermost span; a span that contains or crosses shorter ones lies one lane outside them.

    Used for underlines (they stack downwards) and for outlines (they grow outwards). Lanes are worked out when asked
    for and kept until a change touches the neighbourhood. `most`: deeper ones share the last lane.
    """

    def __init__(self, index: SpanIndex, most: int) -> None:
        self._index = index
        self._most = most
        self._depth: dict[Span, int] = {}

    def lane(self, span: Span) -> int:
        """Its lane, from 1 to `most`."""
        return min(self.depth(span), self._most)

    def hidden(self, span: Span) -> int:
        """How many lanes too deep it lies: what a small `+1` beside it says."""
        return max(0, self.depth(span) - self._most)

    def depth(self, span: Span) -> int:
        """Its true lane, without the limit."""
        known = self._depth
        if span in known:
            return known[span]
        # Everything that can bear on it, innermost first; the stack is explicit because chains of crossings are long.
        stack = [span]
        while stack:
            current = stack[-1]
            if current in known:
                stack.pop()
                continue
            key = by_length(current)
            inner = [s for s in self._index.overlapping(current.start, current.end) if by_length(s) < key]
            waiting = [s for s in inner if s not in known]
            if waiting:
                waiting.sort(key=by_length, reverse=True)
                stack += waiting
            else:
                known[current] = 1 + max((known[s] for s in inner), default=0)
                stack.pop()
        return known[span]

    def deepest(self, start: int, end: int) -> int:
        """The outermost lane in this stretch, 0 where there is none."""
        deepest = 0
        for span in self._index.overlapping(start, end):
            deepest = max(deepest, self.lane(span))
            if deepest >= self._most:
                break
        return deepest

    def forget(self, spans: Iterable[Span]) -> None:
        """After these came or went: let go of every lane that may rest on them."""
        wave = list(spans)
        for span in wave:
            self._depth.pop(span, None)
        while wave and self._depth:
            span = wave.pop()
            for near in self._index.overlapping(span.start, span.end):
                if self._depth.pop(near, None) is not None:
                    wave.append(near)

    def clear(self) -> None:
        """Let go of all lanes."""
        self._depth.clear()


class LineLanes:
    """Lanes of margin brackets: in the order of the text, each takes the first lane free over all its lines.

    `line_of(position)` gives where the line of the text that holds a position begins and ends.
    """

    _CHAIN = 400  # brackets followed back at most; beyond that a bracket counts as the first of its cluster

    def __init__(self, index: SpanIndex, line_of: Callable[[int], tuple[int, int]]) -> None:
        self._index = index
        self._line_of = line_of
        self._lanes: dict[Span, int] = {}

    def _before(self, span: Span) -> list[Span]:
        """Those that come earlier in the text and still run on this span's first line."""
        key = _by_place(span)
        first = self._line_of(span.start)[0]
        return [s for s in self._index.overlapping(first, span.start + 1) if _by_place(s) < key]

    def lane(self, span: Span) -> int:
        """Its lane, from 1."""
        if span in self._lanes:
            return self._lanes[span]
        near: dict[Span, list[Span]] = {}
        todo = [span]
        while todo and len(near) < self._CHAIN:
            current = todo.pop()
            if current in near or current in self._lanes:
                continue
            near[current] = self._before(current)
            todo += near[current]
        for current in sorted(near, key=_by_place):
            # A lane is taken by whatever reaches this span's first line, and by nothing later: later ones give way.
            taken = {self._lanes[s] for s in near[current] if s in self._lanes}
            self._lanes[current] = _first_free(taken)
        return self._lanes[span]

    def guest_lane(self, span: Span, others: Iterable[int] = ()) -> int:
        """A lane for a bracket that is not in the index and that nothing must give way to (a suggestion)."""
        first, last = self._line_of(span.start)[0], self._line_of(max(span.start, span.end - 1))[1]
        return _first_free({self.lane(s) for s in self._index.overlapping(first, last)} | set(others))

    def clear(self) -> None:
        """Let go of all lanes (the text was laid out anew, or claims changed)."""
        self._lanes.clear()


def _by_place(span: Span) -> tuple[int, int, str, int]:
    return span.start, -span.end, span.id, span.part


def _first_free(taken: set[int]) -> int:
    lane = 1
    while lane in taken:
        lane += 1
    return lane
