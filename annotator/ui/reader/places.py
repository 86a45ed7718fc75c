"""From the stored text to what the widget shows, and between their offsets.

The view shows a copy of the text in which a few characters that Qt would swallow stand as others of the same width,
and in which paragraphs too long to paint quickly are broken. Nothing is ever read back from it.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right

from annotator.domain.text import Units

# A paragraph is painted as a whole, even where a page of it shows: 1 MB of it would cost 55 ms a frame.
_LONGEST = 20_000

# Same width in UTF-16 units, so that no offset moves: a lone CR ends a line, as it did where it was written; U+FDD0
# and U+FDD1 are Qt's own frame marks; U+FFFC would be taken for a picture; half a surrogate pair cannot be shown.
_SHOWN: dict[int, str] = {
    0x0D: "\u2028",
    0x00: "\u2400",
    0x2029: "\n",
    0xFDD0: "\ufffd",
    0xFDD1: "\ufffd",
    0xFFFC: "\ufffd",
}
_ODD = re.compile("[\r\x00\u2029\ufdd0\ufdd1\ufffc\ud800-\udfff]")
_RTL = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_STRONG = re.compile(
    "(?P<rtl>[\u05be\u05c0\u05c3\u05c6\u05d0-\u05f4\u0608\u060b\u060d\u061b-\u064a\u066d-\u066f\u0671-\u06d5\u06e5\u06e6\u06ee\u06ef"
    "\u06fa-\u0710\u0712-\u072f\u074d-\u07a5\u07b1-\u07ea\u0800-\u0815\u0840-\u0858\u0860-\u08c9\u200f\ufb1d\ufb1f-\ufdcf\ufdf0-\ufdff"
    "\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff])|(?P<ltr>[^\\W\\d_])"
)


def first_strong_is_rtl(text: str) -> bool:
    """Whether the first letter of the text is one that is read from right to left."""
    found = _STRONG.search(text)
    return found is not None and found.lastgroup == "rtl"


class Places:
    """One text: what of it is shown, and its offsets in both measures."""

    def __init__(self, text: str) -> None:
        self.text = text
        # One pass in C tells whether units and code points differ at all; only then is the table of Units needed.
        self._wide = not text.isascii() and len(text.encode("utf-16-le", "surrogatepass")) != 2 * len(text)
        self._units = Units(text if self._wide else "")
        letters = "\r\x00" if text.isascii() else "".join(set(text))
        odd = any(c in text for c in letters) if text.isascii() else _ODD.search(letters) is not None
        self.shown = _ODD.sub(_replacement, text) if odd else text
        # Code point offsets before which a break was put in, and the view positions of those breaks.
        self._breaks = _breaks(text) if len(text) > _LONGEST else []
        self._view_breaks = [self._units.to_units(point) + n for n, point in enumerate(self._breaks)]
        if self._breaks:
            edges = [0, *self._breaks, len(text)]
            self.shown = "\n".join(self.shown[a:b] for a, b in itertools.pairwise(edges))
        self.any_rtl = _RTL.search(letters) is not None
        self._plain = not self._breaks and not self._wide

    def view(self, point: int) -> int:
        """The view's position of a code point offset (behind a break, where one stands there)."""
        if self._plain:
            return point
        return self._units.to_units(point) + bisect_right(self._breaks, point)

    def view_end(self, point: int) -> int:
        """The same for the end of a span: before the break."""
        if self._plain:
            return point
        return self._units.to_units(point) + bisect_left(self._breaks, point)

    def point(self, position: int) -> int:
        """The code point offset of a view position."""
        if self._plain:
            return max(0, min(position, len(self.text)))
        unit = position - bisect_left(self._view_breaks, position)
        return max(0, min(self._units.to_points(unit), len(self.text)))

    def char(self, position: int) -> str:
        """The character at a view position, "" outside the text."""
        point = self.point(position)
        return self.text[point] if position >= 0 and point < len(self.text) else ""

    @property
    def length(self) -> int:
        """The view's length in UTF-16 units."""
        return self._units.to_units(len(self.text)) + len(self._breaks)

    def units(self, piece: str) -> int:
        """The length in the view of a piece of what is shown."""
        return len(piece.encode("utf-16-le", "surrogatepass")) // 2 if self._wide else len(piece)

    @property
    def breaks(self) -> list[int]:
        """View positions of the breaks that were put in: what follows is the same paragraph."""
        return self._view_breaks


def has_rtl(text: str) -> bool:
    """Whether anything in it is laid out from right to left."""
    return _RTL.search(text) is not None


def _replacement(found: re.Match[str]) -> str:
    return _SHOWN.get(ord(found.group()), "\ufffd")


def _breaks(text: str) -> list[int]:
    """Where to break paragraphs over the limit: after a sentence, else after a space, else at the limit."""
    breaks: list[int] = []
    if max(map(len, text.split("\n"))) <= _LONGEST:
        return breaks
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        while end - start > _LONGEST:
            near = start + _LONGEST
            at = max(text.rfind(mark, near - 2000, near) for mark in (". ", "。", "؟ ", "? ", "! "))
            at = at + 2 if at >= 0 else text.rfind(" ", near - 2000, near) + 1
            if at <= start:
                at = _between_letters(text, near)
            breaks.append(at)
            start = at
        start = end + 1
    return breaks


def _between_letters(text: str, near: int) -> int:
    """A place where no cluster is cut: before a letter that is not joined to what stands before it."""
    for at in range(near, near - 1000, -1):
        if text[at].isalnum() and text[at] < "\U0001f000" and text[at - 1] != "\u200d":
            return at
    return near
