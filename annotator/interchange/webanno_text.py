"""The text of a WebAnno TSV file, put together again from its sentences and tokens, whose offsets are UTF-16 units."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from annotator.domain.invariants import shown
from annotator.domain.text import Units
from annotator.interchange.raw import Report

_ESCAPED = re.compile(r"\\(->|.)", re.DOTALL)
_LETTERS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b"}
_LARGEST_GAP = 100_000


@dataclass(slots=True)
class Token:
    """A token or a part of one, with its columns."""

    id: str
    start: int
    end: int
    text: str
    columns: list[str]
    line: int


@dataclass(slots=True)
class Sentence:
    """What `#Text=` says, and the tokens of it."""

    text: str | None
    tokens: list[Token] = field(default_factory=list)


def unescape(value: str) -> str:
    """Without the backslashes of the format."""
    if "\\" not in value:
        return value
    return _ESCAPED.sub(lambda match: _LETTERS.get(match.group(1), match.group(1)), value)


def units(text: str) -> int:
    """How many UTF-16 units a text has."""
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)


def assemble(sentences: list[Sentence], where: str, report: Report) -> str:
    """The text, such that every token stands at its offsets where that is possible."""
    parts: list[str] = []
    at = 0
    for sentence in sentences:
        tokens = [token for token in sentence.tokens if "." not in token.id.partition("-")[2]]
        if not tokens:
            continue
        first, text = tokens[0], sentence.text
        lead = text.find(first.text) if text is not None else -1
        if text is None or lead < 0 or not _fits(text, lead, tokens):
            if text is not None:
                report.add(
                    "mended", f"{where}, line {first.line}", f"{shown(text)} does not fit its tokens, which count"
                )
            text, lead = _of_tokens(tokens), 0
        start = first.start - units(text[:lead])
        if start < at:
            report.add("mended", f"{where}, line {first.line}", "this sentence begins before the one above it ends")
            text, start = text[lead:], max(first.start, at)
        gap = min(start - at, _LARGEST_GAP)
        # What stood between two sentences is not in the file; most of the time it is a line break.
        parts.append("\n" * gap if gap < 3 else "\n" + " " * (gap - 2) + "\n")
        parts.append(text)
        at = start + units(text) if gap == start - at else at + gap + units(text)
    return "".join(parts)


def _fits(text: str, lead: int, tokens: list[Token]) -> bool:
    base = tokens[0].start - units(text[:lead])
    whole = Units(text)
    return all(
        text[whole.to_points(token.start - base) : whole.to_points(token.end - base)] == token.text for token in tokens
    )


def _of_tokens(tokens: list[Token]) -> str:
    text, at = "", tokens[0].start
    for token in tokens:
        text += " " * min(max(token.start - at, 0), _LARGEST_GAP)
        text += token.text
        at = token.start + units(token.text)
    return text
