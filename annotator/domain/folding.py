"""Texts as they are compared letter by letter: without what writers add or leave out, with the way back to each place.

Vowel signs and accents, tatweel, soft hyphens and direction marks vanish; kinds of apostrophe, hyphen and space become
one; letters that are written in more than one way (أ إ آ ٱ and ا, ى and ي) become the plainest. Case is left as it is.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

_MARKS = (
    "\u0300-\u036f"  # accents
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # Hebrew points
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"  # Arabic vowel signs
    "\u0640\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"  # tatweel, and what nobody sees
)
_IS_MARK = re.compile(f"[{_MARKS}]")
_ONE = {
    **dict.fromkeys("’‘ʼʻ＇´`", "'"),
    **dict.fromkeys("‐‑–־", "-"),
    **dict.fromkeys("\u00a0\u2007\u2009\u202f\n\t", " "),
    "ٱ": "ا",
    "ى": "ي",
    "ی": "ي",
    "ک": "ك",
    "ı": "i",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
}


_PIECE = 200_000


def _pieces(text: str) -> Iterator[str]:
    """A long text bit by bit: each is one call into C, and no other thread gets on meanwhile."""
    return (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))


class _Table(dict[int, str | None]):
    """What each character becomes, found out when it is first met."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        plain: str | None = _ONE.get(char)
        if plain is None:
            base = unicodedata.normalize("NFD", char)
            # A letter with its accents: the letter. Not where more than marks would go, as in Korean.
            plain = base[0] if len(base) > 1 and not _IS_MARK.sub("", base[1:]) else char
            plain = _ONE.get(plain, plain)
            plain = None if _IS_MARK.match(plain) else plain
        self[code] = plain
        return plain


_TABLE = _Table()


def plain(text: str) -> str:
    """A text without accents and the like, its case kept."""
    if text.isascii():
        for char in "\n\t`":
            text = text.replace(char, _ONE[char])
        return text
    if len(text) <= _PIECE:
        return text.translate(_TABLE)
    return "".join(piece.translate(_TABLE) for piece in _pieces(text))


class Plain:
    """The plain form of a text, and where each of its characters stands in the text itself."""

    __slots__ = ("_places", "length", "text")

    def __init__(self, text: str) -> None:
        self.length = len(text)
        self.text = plain(text)
        self._places: list[int] | None = None
        if len(self.text) != len(text):
            self._places = [place for place, char in enumerate(text) if _TABLE[ord(char)] is not None]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of the plain form, at least one character, as a stretch of the text; its last letter keeps its marks."""
        places = self._places
        if places is None:
            return start, end
        return places[start], places[end] if end < len(places) else self.length

    def place(self, point: int) -> int:
        """The place in the plain form of a place in the text."""
        return point if self._places is None else bisect_left(self._places, point)


def lower(text: str) -> str:
    """Lower case, letter by letter, so that no place moves."""
    lowered = text.lower() if len(text) <= _PIECE else "".join(piece.lower() for piece in _pieces(text))
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


@lru_cache(maxsize=256)
def _ways_of(letter: str) -> str:
    """A class of all characters whose plain form is this letter."""
    ways = [letter, *(char for char, to in _ONE.items() if to == letter)]
    ways += _composed().get(letter, ())
    return f"[{''.join(re.escape(way) for way in dict.fromkeys(ways))}]" if len(ways) > 1 else re.escape(letter)


@lru_cache(maxsize=1)
def _composed() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for first, last in ((0xC0, 0x250), (0x386, 0x3CF), (0x400, 0x45F), (0x622, 0x627), (0x1E00, 0x1F00)):
        for code in range(first, last):
            base = _TABLE[code]
            if base is not None and base != chr(code):
                found.setdefault(base, []).append(chr(code))
    return found


def pattern_for(words: str, *, exact: bool = False) -> str:
    """A regular expression that finds these very characters: any white space for a space; accents and vowel signs only
    as they are where `exact`, else whether they are there or not."""
    pieces = []
    for char in " ".join(words.split()) if exact else " ".join(plain(words).split()):
        if char == " ":
            pieces.append(rf"\s[\s{_MARKS}]*")
        elif exact:
            pieces.append(re.escape(char))
        else:
            pieces.append(f"{_ways_of(char)}[{_MARKS}]*")
    return "".join(pieces)
