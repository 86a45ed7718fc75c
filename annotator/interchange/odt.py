"""OpenDocument texts (.odt, and the flat .fodt), read with a parser that follows no entities and opens nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotator.domain.errors import FileRefused
from annotator.domain.exchange import Header, Item, Reading, Remark
from annotator.interchange.articles import OPTIONS, Article, document, joined, sound
from annotator.interchange.files import read_bytes
from annotator.interchange.packages import package, part_of, xml
from annotator.interchange.word_text import Block, Paragraph, Table, flattened, title_of

KIND = "an OpenDocument text"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PARAGRAPHS = {_TEXT + "p", _TEXT + "h"}
_GONE = {
    _TEXT + "tracked-changes",
    _TEXT + "note",
    _TEXT + "sequence-decls",
    _TEXT + "table-of-content",
    _TEXT + "bibliography",
    _OFFICE + "annotation",
    _OFFICE + "forms",
}
_SPACES = re.compile(r"[ \t\r\n]+")
_BREAKS = {_TEXT + "tab": "\t", _TEXT + "line-break": "\n", _TEXT + "s": " "}


class OdtImporter:
    """Reads the text of OpenDocument files."""

    name = "odt"
    title = "OpenDocument text"
    extensions = (".odt", ".fodt", ".ott")
    loses = (
        "Type, colours, pictures, list numbers and the layout of tables; a table's row becomes a line.",
        "Headers, footers, footnotes and comments; tracked changes are taken as accepted.",
        "The file's author and dates: they tell who typed it, not who wrote the article.",
    )
    options: tuple[str, ...] = OPTIONS

    def sniff(self, path: Path, head: bytes) -> bool:
        """The media type stands at the beginning of the file."""
        return b"application/vnd.oasis.opendocument.text" in head[:4096] and head[:1] in (b"P", b"<", b"\xef")

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """One document."""
        content, meta, styles = _parts(path)
        with sound(path, KIND):
            body = content.find(f".//{_OFFICE}body/{_OFFICE}text")
            if body is None:
                raise FileRefused(f"{path} was not read: it is damaged, or not {KIND}.")
            ranks = _ranks(content) | (_ranks(styles) if styles is not None else {})
            paragraphs = flattened(_blocks(body, ranks))
            notes = sum(1 for _ in body.iter(_TEXT + "note"))
            changed = body.find(f".//{_TEXT}tracked-changes") is not None
            named = meta.find(f".//{_DC}title") if meta is not None else None
            stated = "".join(named.itertext()) if named is not None else ""
        text = joined([paragraph.text for paragraph in paragraphs])
        if not text:
            raise FileRefused(f"{path} has no text in it.")
        yield Header()
        made, more = document(path, Article(text, title_of(paragraphs, stated)), reading.options)
        if notes:
            yield Remark("lost", str(path), f"{notes} footnotes" if notes > 1 else "a footnote")
        if changed:
            yield Remark("mended", str(path), "its tracked changes were taken as accepted")
        yield from more
        yield made
        reading.tick(1, 1)


def _parts(path: Path) -> tuple[Any, Any, Any]:
    """Content, properties and styles; a flat file holds all of them in one."""
    data = b""
    with_zip = path.suffix.lower() != ".fodt"
    if not with_zip:
        data = read_bytes(path)
        with_zip = data.startswith(b"PK\x03\x04")
    if not with_zip:
        root = xml(path, data, KIND)
        return root, root, None
    with package(path, KIND) as opened:
        content = part_of(path, opened, "content.xml", KIND)
        if b"encryption-data" in part_of(path, opened, "META-INF/manifest.xml", KIND):
            raise FileRefused(f"{path} was not read: it is protected by a password.")
        if not content:
            raise FileRefused(f"{path} was not read: it is damaged, or not {KIND}.")
        meta = part_of(path, opened, "meta.xml", KIND)
        styles = part_of(path, opened, "styles.xml", KIND)
    return (
        xml(path, content, KIND),
        xml(path, meta, KIND) if meta else None,
        xml(path, styles, KIND) if styles else None,
    )


def _ranks(root: Any) -> dict[str, int]:
    """Which styles are a title's: by their own name, or by the one that they come from."""
    ranks: dict[str, int] = {}
    for style in root.iter(_STYLE + "style"):
        names = [str(style.get(_STYLE + key) or "") for key in ("name", "parent-style-name")]
        if "Title" in names:
            ranks[names[0]] = 1
        elif "Heading_20_1" in names:
            ranks[names[0]] = 2
    return ranks


def _blocks(element: Any, ranks: dict[str, int]) -> list[Block]:
    found: list[Block] = []
    for child in element:
        if child.tag in _PARAGRAPHS:
            style = child.get(_TEXT + "style-name") or ""
            rank = ranks.get(style, 2 if child.get(_TEXT + "outline-level") == "1" else 0)
            found.append(Paragraph(_text(child), rank))
            for box in child.iter(_DRAW + "text-box"):
                found += _blocks(box, ranks)
        elif child.tag == _TABLE + "table":
            rows = [row for row in child.iter(_TABLE + "table-row") if _owner(row) is child]
            cells = [[cell for cell in row if cell.tag == _TABLE + "table-cell"] for row in rows]
            found.append(Table([[_blocks(cell, ranks) for cell in row] for row in cells]))
        elif child.tag not in _GONE and isinstance(child.tag, str):
            found += _blocks(child, ranks)
    return found


def _owner(row: Any) -> Any:
    return next(parent for parent in row.iterancestors() if parent.tag == _TABLE + "table")


def _text(paragraph: Any) -> str:
    """A paragraph's own text; several spaces are an element of their own with a count."""
    pieces: list[str] = [_flow(paragraph.text)]
    waiting = list(reversed(paragraph))
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            pieces.append(_flow(node))
            continue
        if node.tail:
            waiting.append(node.tail)
        if node.tag == _TEXT + "s":
            count = node.get(_TEXT + "c") or "1"
            pieces.append(" " * min(int(count), 100) if count.isdigit() else " ")
        elif node.tag in _BREAKS:
            pieces.append(_BREAKS[node.tag])
        elif isinstance(node.tag, str) and node.tag not in _GONE and node.tag != _DRAW + "text-box":
            waiting.extend(reversed(node))
            pieces.append(_flow(node.text))
    return "".join(pieces)


def _flow(text: str | None) -> str:
    """Line ends in the file are spaces in the text."""
    return _SPACES.sub(" ", text or "")
