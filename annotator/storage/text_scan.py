"""Finds stored texts in the raw pages of a project file, where the table that leads to them is damaged.

Each text stands beside its SHA-256, so that what is found this way is known to be whole, or is left out.
The layout is that of https://sqlite.org/fileformat2.html: leaf pages of tables, their cells, and overflow pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from annotator.domain.text import digest

_PAGE = 4096
_LEAF = 0x0D
_MOST_LOCAL = _PAGE - 35
_LEAST_LOCAL = (_PAGE - 12) * 32 // 255 - 23
_SHA256 = 13 + 2 * 64  # the type of a text of 64 bytes


def scan(path: Path) -> Iterator[tuple[str, str]]:
    """SHA-256 and text of every whole text in the file."""
    content = path.read_bytes()
    for start in range(0, len(content) - _PAGE + 1, _PAGE):
        page = content[start : start + _PAGE]
        if start and page[0] == _LEAF:
            for place in range(8, 8 + 2 * int.from_bytes(page[3:5], "big"), 2):
                try:
                    found = _text(content, page, int.from_bytes(page[place : place + 2], "big"))
                except (IndexError, ValueError):
                    continue
                if found is not None:
                    yield found


def _text(content: bytes, page: bytes, at: int) -> tuple[str, str] | None:
    """The text of one cell; None where the cell holds something else, or not all of it is there."""
    size, at = _varint(page, at)
    _, at = _varint(page, at)  # the row's number
    if size > len(content):
        return None
    kept = size
    if size > _MOST_LOCAL:
        kept = _LEAST_LOCAL + (size - _LEAST_LOCAL) % (_PAGE - 4)
        kept = kept if kept <= _MOST_LOCAL else _LEAST_LOCAL
    head, at_types = _varint(page, at)
    types: list[int] = []
    end = at + head
    while at_types < end and len(types) < 4:
        type_, at_types = _varint(page, at_types)
        types.append(type_)
    # id (NULL in the record: it is the row's number), sha256, content.
    if len(types) != 3 or types[:2] != [0, _SHA256] or types[2] < 13 or types[2] % 2 == 0:
        return None
    parts = [page[at : at + kept]]
    following = int.from_bytes(page[at + kept : at + kept + 4], "big") if kept < size else 0
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
