"""Word documents (.docx), opened by python-docx; the paragraphs are then taken as a reader with all changes accepted
would see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotator.domain.errors import FileRefused
from annotator.domain.exchange import Header, Item, Reading, Remark
from annotator.interchange.articles import OPTIONS, Article, document, joined, sound
from annotator.interchange.packages import package, refuse_entities
from annotator.interchange.word_text import Block, Paragraph, Table, flattened, title_of

KIND = "a Word document"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_P, _TBL, _TR, _TC = _W + "p", _W + "tbl", _W + "tr", _W + "tc"
_GONE = {_W + "del", _W + "moveFrom", _MC + "Fallback", _W + "pPr", _W + "rPr", _W + "instrText", _W + "delText"}
_BREAKS = {_W + "br": "\n", _W + "cr": "\n", _W + "tab": "\t", _W + "noBreakHyphen": "\u2011", _W + "ptab": "\t"}
_TITLE = re.compile(r"title|titre|titel|título|titolo|العنوان", re.IGNORECASE)
_HEADING = re.compile(r"heading ?1|überschrift ?1|titre ?1|berschrift1|título ?1|titolo ?1", re.IGNORECASE)


class DocxImporter:
    """Reads the text of Word documents."""

    name = "docx"
    title = "Word document"
    extensions = (".docx",)
    loses = (
        "Type, colours, pictures, list numbers and the layout of tables; a table's row becomes a line.",
        "Headers, footers, footnotes and comments; tracked changes are taken as accepted.",
        "The file's author and dates: they tell who typed it, not who wrote the article.",
    )
    options: tuple[str, ...] = OPTIONS

    def sniff(self, path: Path, head: bytes) -> bool:
        """A zip with Word's parts in it that is no export of a news database."""
        from annotator.interchange.nexis import is_nexis_docx

        return is_docx(path, head) and not is_nexis_docx(path)

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """One document."""
        paragraphs, stated, remarks = read_docx(path)
        text = joined([paragraph.text for paragraph in paragraphs])
        if not text:
            raise FileRefused(f"{path} has no text in it.")
        yield Header()
        made, more = document(path, Article(text, title_of(paragraphs, stated)), reading.options)
        yield from (*remarks, *more)
        yield made
        reading.tick(1, 1)


def is_docx(path: Path, head: bytes) -> bool:
    """Whether a file is a Word document, whatever its name."""
    return head.startswith(b"PK\x03\x04") and (b"word/" in head or path.suffix.lower() == ".docx")


def read_docx(path: Path) -> tuple[list[Paragraph], str, list[Remark]]:
    """The paragraphs, the title that the properties state, and what was left out."""
    with package(path, KIND) as opened:
        refuse_entities(path, opened, KIND)
    with sound(path, KIND):
        import docx

        word = docx.Document(str(path))
        styles = {style.style_id: style.name or "" for style in word.styles}
        body = word.element.body
        paragraphs = flattened(_blocks(body, styles))
        notes = sum(1 for _ in body.iter(_W + "footnoteReference", _W + "endnoteReference"))
        deletions = sum(1 for _ in body.iter(_W + "del"))
        stated = word.core_properties.title or ""
    remarks = []
    if notes:
        remarks.append(Remark("lost", str(path), f"{notes} footnotes" if notes > 1 else "a footnote"))
    if deletions:
        remarks.append(Remark("mended", str(path), "its tracked changes were taken as accepted"))
    return paragraphs, stated, remarks


def _blocks(element: Any, styles: dict[str, str]) -> list[Block]:
    """What stands in an element, in order. Nesting is as deep as the XML parser allows, no deeper."""
    found: list[Block] = []
    for child in element:
        if child.tag == _P:
            found.append(Paragraph(_text(child), _rank(child, styles)))
            for box in child.iter(_W + "txbxContent"):
                if not any(parent.tag == _MC + "Fallback" for parent in box.iterancestors()):
                    found += _blocks(box, styles)
        elif child.tag == _TBL:
            rows = [row for row in child.iter(_TR) if _owner(row) is child]
            found.append(
                Table([[_blocks(cell, styles) for cell in row.iter(_TC) if _owner(cell) is child] for row in rows])
            )
        elif child.tag not in _GONE and isinstance(child.tag, str):
            found += _blocks(child, styles)
    return found


def _owner(part: Any) -> Any:
    """The table that a row or a cell belongs to: tables stand in tables."""
    return next(parent for parent in part.iterancestors() if parent.tag == _TBL)


def _text(paragraph: Any) -> str:
    """A paragraph's own text: without what was deleted, and without the boxes that float over it."""
    pieces: list[str] = []
    waiting = list(reversed(paragraph))
    while waiting:
        node = waiting.pop()
        if node.tag == _W + "t":
            pieces.append(node.text or "")
        elif node.tag in _BREAKS:
            pieces.append("" if node.get(_W + "type") in ("page", "column") else _BREAKS[node.tag])
        elif node.tag not in _GONE and node.tag != _W + "txbxContent" and isinstance(node.tag, str):
            waiting.extend(reversed(node))
    return "".join(pieces)


def _rank(paragraph: Any, styles: dict[str, str]) -> int:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    if style is None:
        return 0
    name = styles.get(style.get(_W + "val") or "", "")
    if _HEADING.fullmatch(name):
        return 2
    return 1 if _TITLE.fullmatch(name) else 0
