"""Stretches of the text: grapheme clusters, words, phrases, quotations, sentences, paragraphs. All in code points."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QTextBoundaryFinder

from annotator.domain.model import Fragment
from annotator.domain.text import Units

_CONTEXT = 400  # how far around a place Qt is asked about clusters and words
_SENTENCE_CONTEXT = 4000

_QUOTES = {"“": "”", "«": "»", "‹": "›", "「": "」", "『": "』", "(": ")", "[": "]", "‘": "’", "„": "“”"}
_CLOSING = "\"'”’»›」』)]"
_CLAUSE = re.compile(r"[,;:،؛、，；：]\s*|\s[–—-]+\s|[—]")
_EDGE = " \t\n\u00a0,;:.!?،؛؟。！？…–—-"
# A full stop after these ends no sentence.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[“\"'])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Capt|Sen|Rep|Gov|Rev|Hon|St|No|vs|cf|e\.g|i\.e|etc|Jan|Feb|Mar"
    r"|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|(?:[A-Z]\.)+[A-Z])\.[\"'”’)\]]*\s*$"
)


def snap(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch widened to whole grapheme clusters."""
    start, end = max(0, min(start, len(text))), max(0, min(end, len(text)))
    return cluster_start(text, start), cluster_end(text, end) if end > start else cluster_start(text, start)


def cluster_start(text: str, point: int) -> int:
    """The point itself where a cluster begins there, else where the cluster around it begins."""
    return _boundary(text, point, after=False)


def cluster_end(text: str, point: int) -> int:
    """The point itself where a cluster ends there, else where the cluster around it ends."""
    return _boundary(text, point, after=True)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without white space at its ends; empty at `start` where nothing else is in it."""
    inner = text[start:end]
    left = len(inner) - len(inner.lstrip())
    if left == len(inner):
        return start, start
    return start + left, end - (len(inner) - len(inner.rstrip()))


def word(text: str, point: int) -> tuple[int, int]:
    """The word around or beside this point: the one that holds the next character, else the one that ends here."""
    low, high = _window(text, point, _CONTEXT)
    best: tuple[int, int] | None = None
    for start, end in _items(text, low, high):
        if start <= point < end:
            return start, end
        if end == point:
            best = (start, end)
    return best if best is not None else (point, point)


def word_at(text: str, point: int) -> tuple[int, int]:
    """The same; where only marks stand between this point and the word before, as behind a full stop, that word."""
    start, end = word(text, point)
    while start == end and point > 0 and text[point - 1] not in "\n\u2028\u2029":
        if text[point - 1].isspace() and text[point:].split("\n", 1)[0].strip():
            break  # between two words of a line: neither is meant
        point -= 1
        start, end = word(text, point)
    return start, end


def words(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The words that lie in a stretch, in order."""
    low, high = _window(text, start, _CONTEXT)[0], _window(text, end, _CONTEXT)[1]
    return [item for item in _items(text, low, high) if item[0] < end and item[1] > start]


def paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    """The lines of the text that hold this stretch, without white space around."""
    low = text.rfind("\n", 0, start) + 1
    high = text.find("\n", max(start, end))
    return trim(text, low, len(text) if high < 0 else high)


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence or sentences that hold this stretch."""
    low, high = paragraph(text, start, end)
    low, high = max(low, start - _SENTENCE_CONTEXT), min(high, end + _SENTENCE_CONTEXT)
    first, last = low, high
    for a, b in _sentences(text, low, high):
        if a <= start:
            first = a
        if b >= end:
            last = b
            break
    return trim(text, first, last)


def phrase(text: str, start: int, end: int) -> tuple[int, int]:
    """What stands between two clause marks (commas, colons, dashes) around this stretch, without marks at its ends."""
    low, high = sentence(text, start, end)
    first, last = low, high
    for found in _CLAUSE.finditer(text, low, high):
        if found.end() <= start:
            first = found.end()
        elif found.start() >= end:
            last = found.start()
            break
    return _bare(text, first, last)


def quotations(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The quotations and brackets around this stretch, from the inside out: the words in them, then marks and all."""
    low, high = paragraph(text, start, end)
    low, high = max(low, start - _SENTENCE_CONTEXT), min(high, end + _SENTENCE_CONTEXT)
    pairs = []
    for opening, closings in _QUOTES.items():
        left = _open_before(text, low, start, opening, closings)
        right = min((at for c in closings if (at := text.find(c, end, high)) >= 0), default=-1)
        if left >= 0 and right >= 0:
            pairs.append((left, right))
    # Straight quotation marks do not say which way they face: an odd number before means that one is open.
    marks = [m.start() for m in re.finditer('"', text[low:start])]
    right = text.find('"', end, high)
    if len(marks) % 2 and right >= 0:
        pairs.append((low + marks[-1], right))
    for left, right in sorted(pairs, key=lambda pair: pair[1] - pair[0]):
        yield trim(text, left + 1, right)
        yield left, right + 1


def wider(text: str, start: int, end: int) -> tuple[int, int]:
    """The next stretch that holds this one and more: word, phrase or quotation, sentence, paragraph; else itself."""
    if start == end:
        found = word(text, start)
        if found[0] < found[1] and text[found[0] : found[1]].strip():
            return found
    candidates = [_to_words(text, start, end), phrase(text, start, end), *quotations(text, start, end)]
    candidates += [sentence(text, start, end), paragraph(text, start, end)]
    held = [(a, b) for a, b in candidates if a <= start and b >= end and b - a > end - start]
    return min(held, key=lambda pair: pair[1] - pair[0], default=(start, end))


def as_fragment(text: str, start: int, end: int) -> tuple[Fragment, ...]:
    """A selection as it is tagged: whole clusters, no white space around; nothing where nothing is left."""
    start, end = trim(text, *snap(text, start, end))
    # White space with a combining mark on it is one cluster: trimming must not cut it.
    start, end = snap(text, start, end)
    return (Fragment(start, end),) if start < end else ()


def _to_words(text: str, start: int, end: int) -> tuple[int, int]:
    if start == end:
        return start, end
    found = words(text, start, end)
    return (min(start, found[0][0]), max(end, found[-1][1])) if found else (start, end)


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip(_EDGE)), end - (len(inner) - len(inner.rstrip(_EDGE)))


def _open_before(text: str, low: int, start: int, opening: str, closings: str) -> int:
    """Where the innermost mark that is still open before `start` stands, else -1."""
    depth = 0
    for at in range(start - 1, low - 1, -1):
        if text[at] in closings and text[at] != opening:
            # An apostrophe looks like a closing single quotation mark: inside a word it is none.
            if not (text[at] == "’" and at + 1 < len(text) and text[at + 1].isalnum()):
                depth += 1
        elif text[at] == opening:
            if depth == 0:
                return at
            depth -= 1
    return -1


def _window(text: str, point: int, reach: int) -> tuple[int, int]:
    """A stretch around a point whose ends cut no cluster: line ends, or between two plain ASCII characters."""
    low, high = max(0, point - reach), min(len(text), point + reach)
    floor, ceiling = max(0, low - 4 * reach), min(len(text), high + 4 * reach)
    while low > floor and not _safe(text, low):
        low -= 1
    while high < ceiling and not _safe(text, high):
        high += 1
    return low, high


def _safe(text: str, at: int) -> bool:
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    return before == "\n" or after == "\n" or (before.isascii() and after.isascii() and before != "\r")


def _boundary(text: str, point: int, *, after: bool) -> int:
    if _safe(text, point):
        return point
    low, high = _window(text, point, _CONTEXT // 8)
    if _pictorial(text[point - 1]) and _pictorial(text[point]):
        # Qt takes emoji beside Thai letters for Thai and cuts them up: show it the emoji alone.
        low, high = _pictorial_run(text, point, low, high)
    piece = text[low:high]
    units = Units(piece)
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, piece)
    finder.setPosition(units.to_units(point - low))
    if finder.isAtBoundary():
        return point
    at = finder.toNextBoundary() if after else finder.toPreviousBoundary()
    return low + units.to_points(at) if at >= 0 else (high if after else low)


def _pictorial(char: str) -> bool:
    return char >= "\U0001f000" or char in "\u200d\ufe0f\ufe0e\u20e3" or "\u2190" <= char <= "\u2bff"


def _pictorial_run(text: str, point: int, low: int, high: int) -> tuple[int, int]:
    first, last = point, point
    while first > low and _pictorial(text[first - 1]):
        first -= 1
    while last < high and _pictorial(text[last]):
        last += 1
    return first, last


def _items(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """The words in a stretch whose ends are safe."""
    piece = text[low:high]
    units = Units(piece)
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Word, piece)
    start = -1
    at = 0
    while at != -1:
        reasons = finder.boundaryReasons()
        if start >= 0 and reasons & QTextBoundaryFinder.BoundaryReason.EndOfItem:
            yield low + units.to_points(start), low + units.to_points(at)
            start = -1
        if reasons & QTextBoundaryFinder.BoundaryReason.StartOfItem:
            start = at
        at = finder.toNextBoundary()


def _sentences(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    piece = text[low:high]
    units = Units(piece)
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Sentence, piece)
    start = 0
    while (at := finder.toNextBoundary()) != -1:
        point = units.to_points(at)
        if point < len(piece) and _ABBREVIATION.search(piece, max(0, start - 1, point - 40), point):
            continue
        yield low + start, low + point
        start = point
