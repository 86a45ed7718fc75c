"""Stretches of text as files claim them: whether they read what they are said to, and where else that stands."""

from __future__ import annotations

import re
from itertools import pairwise

Spans = list[tuple[int, int]]
NEARBY = 400
"""How far from its offsets, in characters, a quote is looked for."""

_SPACE = re.compile(r"\s+")


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in white space at most."""
    return one == other or _SPACE.sub("", one) == _SPACE.sub("", other)


def nearby(text: str, spans: Spans, quote: str) -> Spans:
    """The spans moved together to where they read the quote, if that is in one place only."""
    if not spans or not quote or len(quote) > len(text):
        return []
    ends = [end for _, end in spans]
    starts = [start for start, _ in spans]
    low = min(max(0, min(starts) - NEARBY), max(0, len(text) - len(quote) - NEARBY))
    high = max(ends) + NEARBY + len(quote)
    if len(spans) == 1:
        for begin, end in ((max(0, low), min(len(text), high)), (0, len(text))):
            at = text.find(quote, begin, end)
            if at >= 0:
                again = text.find(quote, at + 1, end)
                return [(at, at + len(quote))] if again < 0 else []
        return []
    first = quote[: max(1, spans[0][1] - spans[0][0])]
    found: Spans = []
    at = text.find(first, max(0, low), high)
    tries = 0
    while at >= 0 and tries < 50:
        tries += 1
        shift = at - spans[0][0]
        moved = [(start + shift, end + shift) for start, end in spans]
        if len(inside(moved, len(text))) == len(spans) and same_words(
            quote, " ".join(text[start:end] for start, end in moved)
        ):
            if found:
                return []
            found = moved
        at = text.find(first, at + 1, high)
    return found


def inside(spans: Spans, length: int) -> Spans:
    """Those that stand in a text of this length and are not empty."""
    return [(start, end) for start, end in spans if 0 <= start < end <= length]


def apart(spans: Spans) -> Spans:
    """The same stretch without overlaps, in the given order where there are none."""
    in_order = sorted(spans)
    if all(before[1] <= after[0] for before, after in pairwise(in_order)):
        return spans
    joined = [in_order[0]]
    for start, end in in_order[1:]:
        if start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def places_of(spans: Spans) -> str:
    """As a remark tells them."""
    return ", ".join(f"{start}–{end}" for start, end in spans[:5]) + (" …" if len(spans) > 5 else "")
