"""From the lines of a PDF's pages to running text: paragraphs joined, hyphens mended, page furniture left out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from annotator.interchange.articles import joined

_HYPHENS = "\x02\u00ad-\u2010"
_SENTENCE_END = re.compile(r"[.!?…:؟۔。！？][\"'”’»)\]]*$")
_NUMBER = re.compile(
    r"[\W_]*(?:(?:page|pg|p|seite|s|pagina|página|pág|strana|صفحة|ص|עמוד)\.?\s*)?\d{1,4}\s*"
    r"(?:(?:of|/|von|de|di|sur|من|מתוך)\s*\d{1,4})?[\W_]*",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_FORMS = re.compile("[\ufb00-\ufb4f\ufb50-\ufdff\ufe70-\ufefc]+")
_EDGE = 3  # lines at the top and the bottom of a page that may be furniture
_SHORT = 0.88  # of the width of the text: a line that ends before is the last of its paragraph
_WORD_BEFORE = re.compile(r"([^\W\d_]+)$")
_WORD_AFTER = re.compile(r"^([^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, its box in points from the page's bottom left corner, and the size of its type."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float = 0.0


@dataclass(frozen=True, slots=True)
class Page:
    """A page's lines in the order of reading. `pictures`: there are some where no text is."""

    width: float
    height: float
    lines: tuple[Line, ...]
    pictures: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The text, the line in the largest type at its beginning, and how many lines were left out."""

    text: str
    title: str
    dropped: int


def put_together(pages: Sequence[Page]) -> Found:
    """The running text of all pages."""
    kept, dropped = _without_furniture([_in_rows(page) for page in pages])
    words = Counter(
        word.lower() for page in kept for line in page for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line.text)
    )
    paragraphs: list[str] = []
    open_ = False
    for page in kept:
        page_paragraphs = _paragraphs(page)
        for number, lines in enumerate(page_paragraphs):
            text = _joined_lines(lines, words)
            if number == 0 and open_ and paragraphs and _goes_on(paragraphs[-1], text):
                paragraphs[-1] = _join(paragraphs[-1], text, words)
            else:
                paragraphs.append(text)
        if page_paragraphs:
            open_ = _full(page_paragraphs[-1], page)
    return Found(joined([_plain(paragraph) for paragraph in paragraphs]), _title(kept), dropped)


def _in_rows(page: Page) -> list[Line]:
    """Pieces that stand side by side on one line, such as words that were set one by one, are one line."""
    rows: list[Line] = []
    for line in page.lines:
        last = rows[-1] if rows else None
        if (
            last is not None
            and min(last.top, line.top) - max(last.bottom, line.bottom) > 0.6 * min(_height(last), _height(line))
            and 0 <= max(line.left - last.right, last.left - line.right) < 2 * max(_height(last), _height(line))
        ):
            rows[-1] = Line(
                f"{last.text.rstrip()} {line.text.lstrip()}",
                min(last.left, line.left),
                min(last.bottom, line.bottom),
                max(last.right, line.right),
                max(last.top, line.top),
                last.size or line.size,
            )
        else:
            rows.append(line)
    return rows


def _height(line: Line) -> float:
    return max(line.top - line.bottom, 1.0)


def _without_furniture(pages: list[list[Line]]) -> tuple[list[list[Line]], int]:
    """Without page numbers, and without lines that stand at the edges of many pages."""
    seen: Counter[tuple[str, str, float]] = Counter()
    for page in pages:
        seen.update({key for edge, at in _edges(page) for key in _places(edge, page[at])})
    with_text = sum(1 for page in pages if page)
    often = max(2, with_text // 3)
    kept: list[list[Line]] = []
    dropped = 0
    for page in pages:
        gone: set[int] = set()
        for edge, at in _edges(page):
            text = page[at].text.strip()
            # From the edge inwards: what stands behind a line that is kept is text.
            behind = at == 0 or at - 1 in gone if edge == "top" else at == len(page) - 1 or at + 1 in gone
            times = max(seen[key] for key in _places(edge, page[at]))
            furniture = times >= often and with_text >= 2 and len(text) <= 120
            if behind and (furniture or (_NUMBER.fullmatch(text) and _apart(page, at))):
                gone.add(at)
        if len(gone) == len(page):
            gone = {at for at in gone if _NUMBER.fullmatch(page[at].text.strip())}
        dropped += len(gone)
        kept.append([line for at, line in enumerate(page) if at not in gone])
    return kept, dropped


def _edges(page: list[Line]) -> list[tuple[str, int]]:
    count = min(_EDGE, len(page))
    return [("top", at) for at in range(count)] + [("bottom", len(page) - 1 - at) for at in range(count)]


def _places(edge: str, line: Line) -> list[tuple[str, str, float]]:
    """What a line looks like without its numbers (“Page 3 of 12” is the same on every page), and at which height.

    Two heights, so that lines on both sides of a border between two meet in one of them.
    """
    shape = _DIGITS.sub("#", " ".join(line.text.lower().split()))
    return [(edge, shape, line.bottom // 10), (edge, shape, (line.bottom + 5) // 10 + 0.5)]


def _apart(page: list[Line], at: int) -> bool:
    """Whether a line that is a number stands by itself, not as the last line of a paragraph."""
    if len(page) < 3:
        return len(page) > 1
    gaps = sorted(abs(before.bottom - after.bottom) for before, after in pairwise(page))
    usual = gaps[len(gaps) // 2]
    near = page[1] if at == 0 else page[at - 1]
    return abs(near.bottom - page[at].bottom) > 1.3 * max(usual, 1.0)


def _paragraphs(page: list[Line]) -> list[list[Line]]:
    """Lines that belong together: by the space between them, by indents, and by lines that end early."""
    if not page:
        return []
    right_to_left = is_right_to_left(" ".join(line.text for line in page))
    gaps = [
        before.bottom - after.bottom
        for before, after in pairwise(page)
        if 0 < before.bottom - after.bottom < 6 * _height(before)
    ]
    # The space between the lines of a paragraph is the most frequent one, and of two as frequent the smaller.
    rounded = Counter(round(gap) for gap in gaps)
    usual = min((gap for gap, n in rounded.items() if n == max(rounded.values())), default=0)
    columns = _columns(page)
    found = [[page[0]]]
    for before, after in pairwise(page):
        left, right = columns[round(before.left / 20)]
        gap = before.bottom - after.bottom
        same_column = gap > 0
        apart = same_column and usual and gap > 1.35 * usual + 1
        other_size = before.size and after.size and abs(before.size - after.size) > 0.12 * max(before.size, after.size)
        indent = (right - after.right) if right_to_left else (after.left - left)
        before_indent = (right - before.right) if right_to_left else (before.left - left)
        indented = same_column and 6 < indent < 60 and abs(before_indent) < 3 and len(found[-1]) > 0
        reach = (before.right - left) if not right_to_left else (right - before.left)
        short = reach < _SHORT * max(right - left, 1) and bool(_SENTENCE_END.search(before.text.strip()))
        if apart or other_size or indented or short:
            found.append([after])
        else:
            found[-1].append(after)
    return found


def _columns(page: list[Line]) -> dict[int, tuple[float, float]]:
    """Left and right edge of the column that a line stands in, by where lines begin."""
    edges: dict[int, tuple[float, float]] = {}
    widest: list[tuple[float, float]] = []
    for line in sorted(page, key=lambda each: each.left - each.right):
        home = next(
            (at for at, (left, right) in enumerate(widest) if line.left >= left - 8 and line.right <= right + 8), -1
        )
        if home < 0:
            widest.append((line.left, line.right))
            home = len(widest) - 1
        edges.setdefault(round(line.left / 20), widest[home])
    return edges


def _full(lines: list[Line], page: list[Line]) -> bool:
    """Whether a page's last paragraph runs up to the end of its last line, and so may go on."""
    last = lines[-1]
    return not _SENTENCE_END.search(last.text.strip()) or last.right - last.left > 0.97 * max(
        line.right - line.left for line in page
    )


def _goes_on(before: str, after: str) -> bool:
    """Whether a paragraph goes on after the page's end."""
    if before.rstrip()[-1:] in _HYPHENS:
        return True
    if _SENTENCE_END.search(before.rstrip()):
        return after[:1].islower()
    return not after[:1].isupper() or before.rstrip()[-1:] in ",;–—" or before.rstrip()[-1:].isalpha()


def _joined_lines(lines: list[Line], words: Counter[str]) -> str:
    text = lines[0].text.strip(" \t\r\n")
    for line in lines[1:]:
        text = _join(text, line.text.strip(" \t\r\n"), words)
    return text


def _join(before: str, after: str, words: Counter[str]) -> str:
    """Two lines of a paragraph. A hyphen goes where it only broke the word, and stays where the word has one."""
    if not before or not after:
        return before or after
    mark = before[-1]
    if mark not in _HYPHENS or len(before) < 2 or not before[-2].isalpha():
        return f"{before} {after}"
    start, end = _WORD_BEFORE.search(before[:-1]), _WORD_AFTER.match(after)
    if mark in "\x02\u00ad":
        # PDFium's own mark for a hyphen at a line's end, which may be a real one all the same.
        mark = "-"
    if start is None or end is None:
        return f"{before[:-1]}{mark}{after}"
    whole, with_hyphen = (start[1] + end[1]).lower(), f"{start[1]}-{end[1]}".lower()
    if words[with_hyphen] > words[whole] or (not after[:1].islower() and words[whole] == 0):
        return f"{before[:-1]}{mark}{after}"
    return before[:-1] + after


def _plain(text: str) -> str:
    """Without letters that are only shapes: ligatures, and the forms that Arabic letters take in a word."""
    text = _FORMS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return " ".join(text.replace("\x02", "-").split())


def is_right_to_left(text: str) -> bool:
    """Whether most letters run that way."""
    kinds = Counter(unicodedata.bidirectional(c) for c in text[:5000])
    return kinds["R"] + kinds["AL"] > kinds["L"]


def _title(pages: list[list[Line]]) -> str:
    """What stands in the largest type at the beginning, where that is larger than the text."""
    first = next((page for page in pages if page), [])
    sizes = Counter[float]()
    for page in pages[:5]:
        for line in page:
            sizes[line.size] += len(line.text)
    if not sizes:
        return ""
    body = max(sizes, key=lambda each: sizes[each])
    largest = max((line.size for line in first[:15]), default=0.0)
    if largest < 1.15 * max(body, 1.0):
        return ""
    at = next(at for at, line in enumerate(first[:15]) if line.size == largest)
    lines = []
    for line in first[at : at + 5]:
        if line.size != largest:
            break
        lines.append(line)
    title = _plain(_joined_lines(lines, Counter()))
    return title if 3 < len(title) <= 300 else ""
