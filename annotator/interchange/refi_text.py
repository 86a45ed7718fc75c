"""What the positions of a REFI-QDA source count, and what its text is.

The specification says Unicode code points; NVivo counts UTF-16 units and a line end as two whatever the file holds.
So the positions are tried in every way, the usual one of the program that wrote them first, and the way in which most
selections begin and end between two words, or read what they are called, is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from annotator.domain.text import Units, canonical
from annotator.interchange.spans import same_words

FILLER = "·"
_DOUBT = 0.75
"""How much better than the usual way of a program another one must be."""


@dataclass(frozen=True, slots=True)
class Selection:
    """A stretch as the file counts it, with what it is said to read, if that is said."""

    start: int
    end: int
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """The text to keep, and the selections in its code points."""

    text: str
    spans: list[tuple[int, int]]
    way: str
    usual: bool


def place(text: str, selections: list[Selection], origin: str) -> Placed:
    """Find out how the selections count."""
    if not selections:
        return Placed(text, [], "", True)
    if origin.startswith("Annotator"):
        return Placed(text, [(item.start, item.end) for item in selections], "characters", True)
    units_first = "nvivo" in origin.casefold()
    best: Placed | None = None
    most = 0.0
    seen: set[tuple[str, tuple[tuple[int, int], ...]]] = set()
    for number, (way, base, convert) in enumerate(_ways(text, units_first)):
        for inclusive in (0, 1):
            spans = [(convert(item.start), convert(item.end) + inclusive) for item in selections]
            key = (base, tuple(spans))
            if key in seen:
                continue
            seen.add(key)
            points = sum(score(base, span, item.quote) for span, item in zip(spans, selections, strict=True))
            if inclusive:
                # A way that no program was seen to take must be much better, not a little.
                points -= 1 + 0.3 * len(selections)
            elif number:
                points -= _DOUBT
            if best is None or points > most:
                told = f"{way}, with the last character included" if inclusive else way
                best, most = Placed(base, spans, told, number == 0 and not inclusive), points
    assert best is not None
    return best


def _ways(text: str, units_first: bool) -> list[tuple[str, str, Callable[[int], int]]]:
    plain = canonical(text)
    doubled = plain.replace("\n", "\r\n")
    points = [
        ("characters", text, _same),
        ("characters, a line end as one", plain, _same),
        ("characters, a line end as two", doubled, _same),
    ]
    units = [
        ("UTF-16 units, a line end as two", doubled, Units(doubled).to_points),
        ("UTF-16 units", text, Units(text).to_points),
        ("UTF-16 units, a line end as one", plain, Units(plain).to_points),
    ]
    return [*units, *points] if units_first else [*points, *units]


def _same(at: int) -> int:
    return at


def score(text: str, span: tuple[int, int], quote: str | None = None) -> float:
    """How much a stretch looks like one that a person marked: from one word's edge to another's, reading its quote."""
    start, end = span
    if not 0 <= start < end <= len(text):
        return -2
    points = 0.0
    if quote:
        there = text[start:end]
        points += 3 * (
            same_words(there, quote) or (quote.endswith("…") and same_words(there[: len(quote) - 1], quote[:-1]))
        )
    points += start == 0 or not (text[start - 1].isalnum() and text[start].isalnum())
    points += end == len(text) or not (text[end - 1].isalnum() and text[end].isalnum())
    return points + 0.5 * (not text[start].isspace())


def quote_of(name: str, length: int) -> str | None:
    """What a selection reads, where its name says so: ATLAS.ti names it by its text, cut off at a hundred characters."""
    if len(name) == length or (name.endswith("…") and 20 < len(name) - 1 < length):
        return name
    return None


def stand_in(selections: list[Selection]) -> str:
    """A text for a source that is absent: what the selections quote, each in its place, and dots between."""
    length = max((item.end for item in selections), default=0)
    text = [FILLER] * length
    for item in selections:
        quote = (item.quote or "").removesuffix("…") if item.quote and item.quote.endswith("…") else item.quote or ""
        if 0 <= item.start < item.end <= length:
            for at, char in enumerate(quote[: item.end - item.start], item.start):
                if text[at] == FILLER:
                    text[at] = " " if char in "\r\n" else char
    return "".join(text)
