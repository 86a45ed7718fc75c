"""Where the edge of an annotation goes when it moves by a word."""

from __future__ import annotations

from typing import Protocol

from annotator.ui.reader import words

_REACH = 300


class Step(Protocol):
    """Says where an edge goes in one step."""

    def __call__(self, text: str, point: int, direction: int, /, *, starts: bool) -> int: ...


def character_step(text: str, point: int, direction: int, *, starts: bool) -> int:
    """The nearest place for an edge one character before or after a point: past white space, which no edge touches."""
    step = words.cluster_end if direction > 0 else words.cluster_start
    moved = point
    while 0 <= moved + direction <= len(text):
        moved = step(text, moved + direction)
        inside = text[moved : moved + 1] if starts else text[moved - 1 : moved] if moved else ""
        if inside and not inside.isspace():
            return moved
    return point


def word_step(text: str, point: int, direction: int, *, starts: bool) -> int:
    """The nearest start (or, with `starts` false, end) of a word before or after a point; the point itself at the text's end.

    All in code points. Direction is 1 or -1.
    """
    low, high = max(0, point - _REACH), min(len(text), point + _REACH)
    edges = [start if starts else end for start, end in words.words(text, low, high) if text[start:end].strip()]
    if direction > 0:
        return min((edge for edge in edges if edge > point), default=point)
    return max((edge for edge in edges if edge < point), default=point)
