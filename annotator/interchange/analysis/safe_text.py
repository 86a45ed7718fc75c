"""Text is data: what keeps a spreadsheet from running it and an XML file from breaking over it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

REPLACEMENT = "\ufffd"

# What XML 1.0 cannot hold, not even as a reference.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Spreadsheets take a cell that begins so for a formula; some look past white space, and full-width signs count too.
_FORMULA = re.compile(r"[\s']*[=+\-@＝＋－＠]|'*[\t\r\n]")
# What office programs read as one character by its number, in a file's XML.
_NUMBERED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def xml_safe(text: str) -> str:
    """The text as XML can hold it: forbidden control characters become U+FFFD, carriage returns line feeds."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ILLEGAL.sub(REPLACEMENT, text)


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet might calculate a cell with this text."""
    return _FORMULA.match(text) is not None


def no_formula(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula.

    Reversible: where a text begins with apostrophes and then such a sign, the first of them was added here.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def office_text(text: str) -> str:
    """The text as a cell of an office file holds it; a literal "_x0041_" must not turn into "A"."""
    return _NUMBERED.sub("_x005F_", xml_safe(text))


def joined(items: Iterable[str]) -> str:
    """A list in one cell: items apart by "; ", where an item's own ; is written \\; and its own \\ is doubled."""
    return "; ".join(item.replace("\\", "\\\\").replace(";", "\\;") for item in items)


def cut_bytes(text: str, limit: int) -> str:
    """The beginning of the text that fits into so many bytes of UTF-8."""
    if len(text) * 4 <= limit:
        return text
    return text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")


def runs_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction runs to the left."""
    for character in text[:10_000]:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False
