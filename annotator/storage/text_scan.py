"""Finds stored texts in the raw pages of a project file, where the table that leads to them is damaged.

Each text stands beside its SHA-256, so that what is found this way is known to be whole, or is left out.
The layout is that of https://sqlite.org/fileformat2.html: records in the cells of pages, and overflow pages. The pages
themselves are not believed: a record of a text is known by the types of its columns wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from annotator.domain.text import digest

_PAGE = 4096
_MOST_LOCAL = _PAGE - 35
_LEAST_LOCAL = (_PAGE - 12) * 32 // 255 - 23
_HEAD = b"\x00\x81\x0d"
"""The types of id (NULL in the record: it is the row's number) and sha256 (a text of 64 bytes)."""


def scan(path: Path) -> Iterator[tuple[str, str]]:
    """SHA-256 and text of every whole text in the file."""
    content = path.read_bytes()
    at = content.find(_HEAD)
    while at > 0:
        try:
            found = _text(content, at)
        except (IndexError, ValueError):
            found = None
        if found is not None:
            yield found
        at = content.find(_HEAD, at + 1)


def _text(content: bytes, at: int) -> tuple[str, str] | None:
    """The text of the record with these types; None where there is something else, or not all of it is there."""
    begins = at - 1
    head = content[begins]
    type_, end = _varint(content, at + len(_HEAD))
    if end != begins + head or type_ < 13 or type_ % 2 == 0 or (type_ - 13) // 2 > len(content):
        return None
    size = head + 64 + (type_ - 13) // 2
    kept = size
    if size > _MOST_LOCAL:
        kept = _LEAST_LOCAL + (size - _LEAST_LOCAL) % (_PAGE - 4)
        kept = kept if kept <= _MOST_LOCAL else _LEAST_LOCAL
    parts = [content[begins : begins + kept]]
    following = int.from_bytes(content[begins + kept : begins + kept + 4], "big") if kept < size else 0
    left = size - kept
    while left > 0:
        if not 0 < following <= len(content) // _PAGE:
            return None
        start = (following - 1) * _PAGE
        parts.append(content[start + 4 : start + 4 + min(left, _PAGE - 4)])
        left -= _PAGE - 4
        following = int.from_bytes(content[start : start + 4], "big")
    record = b"".join(parts)[head:]
    try:
        sha256, text = record[:64].decode(), record[64:].decode()
    except UnicodeDecodeError:
        return None
    return (sha256, text) if digest(text) == sha256 else None


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    """SQLite's integers of variable length, and where the next thing begins."""
    value = 0
    for place in range(at, at + 8):
        value = value << 7 | raw[place] & 0x7F
        if raw[place] < 0x80:
            return value, place + 1
    return value << 8 | raw[at + 8], at + 9
