"""Spans of the view and an index that finds those in a stretch of text, whatever their number."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_BUCKET = 256


class Span(NamedTuple):
    """A stretch that is drawn: positions in the view (end-exclusive), and what it belongs to."""

    start: int
    end: int
    id: str
    layer: str
    part: int = 0

    @property
    def length(self) -> int:
        """How many units it covers."""
        return self.end - self.start


def by_length(span: Span) -> tuple[int, int, str, int]:
    """Sorts shorter spans first; ties by place, then by id, so that older ones stay where they are."""
    return span.end - span.start, span.start, span.id, span.part


class SpanIndex:
    """Spans sorted by start, in buckets that know their greatest end: a query reads the buckets that may match."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        ordered = sorted(spans)
        self._buckets = [ordered[i : i + _BUCKET] for i in range(0, len(ordered), _BUCKET)]
        self._ends = [max(span[1] for span in bucket) for bucket in self._buckets]
        self._starts = [bucket[0][0] for bucket in self._buckets]
        self._count = len(ordered)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Span]:
        for bucket in self._buckets:
            yield from bucket

    def overlapping(self, start: int, end: int) -> list[Span]:
        """The spans that share at least one unit with this stretch, by start."""
        found: list[Span] = []
        if end <= start:
            return found
        last = bisect_right(self._starts, end - 1)
        ends, buckets = self._ends, self._buckets
        for number in range(last):
            if ends[number] > start:
                found += [span for span in buckets[number] if span[1] > start and span[0] < end]
        return found

    def add(self, span: Span) -> None:
        """Put one span in."""
        self._count += 1
        if not self._buckets:
            self._buckets, self._ends, self._starts = [[span]], [span.end], [span.start]
            return
        number = max(0, bisect_right(self._starts, span.start) - 1)
        # Spans with one start may fill several buckets: the order by whole tuple decides.
        while number > 0 and self._buckets[number][0] > span:
            number -= 1
        bucket = self._buckets[number]
        insort(bucket, span)
        if len(bucket) > 2 * _BUCKET:
            self._buckets[number : number + 1] = [bucket[:_BUCKET], bucket[_BUCKET:]]
            self._ends[number : number + 1] = [0, 0]
            self._starts[number : number + 1] = [0, 0]
            self._measure(number + 1)
        self._measure(number)

    def discard(self, span: Span) -> None:
        """Take one span out, if it is there."""
        number = max(0, bisect_right(self._starts, span.start) - 1)
        while number >= 0 and self._ends[number : number + 1]:
            bucket = self._buckets[number]
            if span in bucket:
                bucket.remove(span)
                self._count -= 1
                if bucket:
                    self._measure(number)
                else:
                    del self._buckets[number], self._ends[number], self._starts[number]
                return
            if bucket[0].start < span.start:
                return
            number -= 1

    def _measure(self, number: int) -> None:
        bucket = self._buckets[number]
        self._ends[number] = max(span[1] for span in bucket)
        self._starts[number] = bucket[0][0]
