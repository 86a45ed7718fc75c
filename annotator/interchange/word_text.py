"""Paragraphs of word processors: blocks and tables in their order, for Word and OpenDocument alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LONG_CELL = 200


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and whether it is a title (1), a heading (2) or neither (0)."""

    text: str
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells of blocks."""

    rows: Sequence[Sequence[Sequence[Paragraph | Table]]]


Block = Paragraph | Table


def flattened(blocks: Iterable[Block]) -> list[Paragraph]:
    """All paragraphs. A row of short cells is one line; a table that only places text on the page is no table."""
    found: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            if block.text.strip():
                found.append(block)
            continue
        lines: list[str] = []
        for row in block.rows:
            cells = [flattened(cell) for cell in row]
            if all(len(cell) <= 1 and (not cell or len(cell[0].text) <= _LONG_CELL) for cell in cells):
                lines.append("\t".join(cell[0].text.strip() if cell else "" for cell in cells).rstrip())
                continue
            if lines:
                found.append(Paragraph("\n".join(lines)))
                lines = []
            for cell in cells:
                found += cell
        if any(lines):
            found.append(Paragraph("\n".join(line for line in lines if line)))
    return found


def title_of(paragraphs: Sequence[Paragraph], stated: str = "") -> str:
    """The title: the first paragraph in a title's style near the beginning, else what the file's properties say.

    A file's properties often keep the title of an older text that was written over, so they must meet the text.
    """
    start = paragraphs[:12]
    for rank in (1, 2):
        for paragraph in start:
            if paragraph.rank == rank:
                return paragraph.text
    stated = " ".join(stated.split())
    beginning = " ".join(" ".join(paragraph.text for paragraph in start).split()).lower()
    return stated if len(stated) > 3 and stated.lower() in beginning else ""
