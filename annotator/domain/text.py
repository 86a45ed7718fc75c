"""The stored text and its measures: canonical form, hash, and the one boundary to UTF-16 units."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from functools import lru_cache


def canonical(text: str) -> str:
    """Line ends as LF. Nothing else changes; done once, at import."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def digest(text: str) -> str:
    """SHA-256 of the text's UTF-8, in lower-case hex. Raises UnicodeEncodeError for lone surrogates."""
    return hashlib.sha256(text.encode()).hexdigest()


# What str.split takes for space, apart from the space itself.
_SPACES = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_TO_SPACE = bytes(32 if chr(byte).isspace() and byte < 128 else 120 if byte != 32 else 32 for byte in range(256))


@lru_cache(maxsize=4)
def word_count(text: str) -> int:
    """How many words stand between white space: what len(text.split()) tells, without making them."""
    for space in _SPACES:
        if space > "\x7f" and space in text:
            text = text.replace(space, " ")
    plain = text.encode("utf-8", "surrogatepass").translate(_TO_SPACE)
    return plain.count(b" x") + plain.startswith(b"x")


def _narrow(text: str) -> bool:
    """Whether no character is above U+FFFF; in C, because most texts have none."""
    return text.isascii() or len(text.encode("utf-16-le", "surrogatepass")) == 2 * len(text)


class Units:
    """Converts between code points (ours) and UTF-16 units (Qt's, Java's), for one text.

    The identity where the text has no character above U+FFFF; else a bisection in the sorted list of such characters.
    """

    __slots__ = ("_points", "_units")

    def __init__(self, text: str) -> None:
        self._points: list[int] = [] if _narrow(text) else [i for i, c in enumerate(text) if c > "\uffff"]
        # The unit at which the second half of each such character stands.
        self._units: list[int] = [point + index + 1 for index, point in enumerate(self._points)]

    def to_units(self, point: int) -> int:
        """The UTF-16 offset of a code point offset."""
        return point + bisect_left(self._points, point) if self._points else point

    def to_points(self, unit: int) -> int:
        """The code point offset of a UTF-16 offset; inside a surrogate pair, the offset of its character."""
        return unit - bisect_right(self._units, unit) if self._units else unit
