"""The stored text and its measures: canonical form, hash, and the one boundary to UTF-16 units."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right


def canonical(text: str) -> str:
    """Line ends as LF. Nothing else changes; done once, at import."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def digest(text: str) -> str:
    """SHA-256 of the text's UTF-8, in lower-case hex. Raises UnicodeEncodeError for lone surrogates."""
    return hashlib.sha256(text.encode()).hexdigest()


class Units:
    """Converts between code points (ours) and UTF-16 units (Qt's, Java's), for one text.

    The identity where the text has no character above U+FFFF; else a bisection in the sorted list of such characters.
    """

    __slots__ = ("_points", "_units")

    def __init__(self, text: str) -> None:
        self._points: list[int] = [] if text.isascii() else [i for i, c in enumerate(text) if c > "\uffff"]
        # The unit at which the second half of each such character stands.
        self._units: list[int] = [point + index + 1 for index, point in enumerate(self._points)]

    def to_units(self, point: int) -> int:
        """The UTF-16 offset of a code point offset."""
        return point + bisect_left(self._points, point) if self._points else point

    def to_points(self, unit: int) -> int:
        """The code point offset of a UTF-16 offset; inside a surrogate pair, the offset of its character."""
        return unit - bisect_right(self._units, unit) if self._units else unit
