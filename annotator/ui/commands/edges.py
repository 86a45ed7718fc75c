"""Where the edge of an annotation goes when it moves by a word."""

from __future__ import annotations

from annotator.ui.reader import words

_REACH = 300


def word_step(text: str, point: int, direction: int, *, starts: bool) -> int:
    """The nearest start (or, with `starts` false, end) of a word before or after a point; the point itself at the text's end.

    All in code points. Direction is 1 or -1.
    """
    low, high = max(0, point - _REACH), min(len(text), point + _REACH)
    edges = [start if starts else end for start, end in words.words(text, low, high) if text[start:end].strip()]
    if direction > 0:
        return min((edge for edge in edges if edge > point), default=point)
    return max((edge for edge in edges if edge < point), default=point)
