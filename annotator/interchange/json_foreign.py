"""JSON of other tools: whole files and lines, with one sentence where it is broken, and loose values taken with care."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from annotator.domain.errors import FileRefused
from annotator.domain.text import Units
from annotator.interchange.files import read_bytes, told_plainly
from annotator.interchange.json_values import parse
from annotator.interchange.raw import RawDocument, Report

LARGEST_LINE = 256 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_TITLES = ("title", "name", "filename", "file_name", "headline", "doc_id", "id")
_LARGEST = 10**12


def whole(path: Path) -> Any:
    """The value of a JSON file."""
    return parse(read_bytes(path).removeprefix(_BOM), path)


def lines(path: Path, at: list[int] | None = None) -> Iterator[tuple[int, int, int, dict[str, Any]]]:
    """Line number, where the line begins, where the next one does, and the object in it. Empty lines are left out."""
    with told_plainly(path):
        file = path.open("rb")
    with file:
        number = 0
        while True:
            begin = file.tell()
            with told_plainly(path):
                line = file.readline(LARGEST_LINE + 1)
            if not line:
                return
            if len(line) > LARGEST_LINE:
                raise FileRefused(f"{path} was not read: line {number + 1} is longer than {LARGEST_LINE >> 20} MB.")
            number += 1
            if number == 1:
                line = line.removeprefix(_BOM)
            if not line.strip():
                continue
            value = parse(line, path, f"line {number}")
            if not isinstance(value, dict):
                raise FileRefused(f"{path} was not read: line {number} is no JSON object.")
            yield number, begin, file.tell(), value


def first_line(head: bytes) -> bytes:
    """The first line of a file that has something in it, as far as it is in the head."""
    return head.removeprefix(_BOM).lstrip().partition(b"\n")[0]


def has_keys(start: bytes, *keys: str) -> bool:
    """Whether all of these stand in it as keys."""
    return all(re.search(rb'"' + key.encode() + rb'"\s*:', start) is not None for key in keys)


def number_of(value: object) -> int:
    """A whole number that may be an offset. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -_LARGEST < value < _LARGEST:
        raise ValueError
    return int(value)


def title_of(values: Mapping[str, object], fallback: str) -> tuple[str, str]:
    """What a record is called, and by which key."""
    for key in _TITLES:
        value = values.get(key)
        if isinstance(value, str) and value.strip():
            return (PurePosixPath(value).stem if key.startswith("file") else value), key
    return fallback, ""


def fit_units(document: RawDocument, report: Report) -> None:
    """Older exports of some tools count UTF-16 units; what the spans are said to read tells."""
    quoted = [mark for mark in document.marks if mark.quote]
    units = Units(document.text)
    if not quoted or units.to_units(len(document.text)) == len(document.text):
        return
    text = document.text
    as_points = sum(text[m.spans[0][0] : m.spans[-1][1]] == m.quote for m in quoted)
    as_units = sum(text[units.to_points(m.spans[0][0]) : units.to_points(m.spans[-1][1])] == m.quote for m in quoted)
    if as_units > as_points:
        for mark in document.marks:
            mark.spans = [(units.to_points(start), units.to_points(end)) for start, end in mark.spans]
        report.add("mended", document.where, "its offsets count UTF-16 units; they were converted")
