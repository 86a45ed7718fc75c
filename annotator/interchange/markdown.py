"""Markdown (.md): the text without its marks, and the head of the file (between lines of ---) as metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotator.domain.errors import FileRefused, InvalidValue
from annotator.domain.exchange import Header, Item, Reading, Remark
from annotator.domain.model import FieldValue
from annotator.domain.text import canonical
from annotator.interchange.articles import OPTIONS, Article, clean_value, document, joined, sound, tidy
from annotator.interchange.columns import role_of
from annotator.interchange.encodings import TITLES, decode
from annotator.interchange.files import read_bytes
from annotator.interchange.heads import iso_date

KIND = "a Markdown file"
LARGEST = 20_000_000
_LONGEST = 1_000_000  # characters: a text that is all marks takes seconds from there on
_HEAD = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_LINE = re.compile(r"([^\s:#-][^:\n]{0,80}?)\s*:(?:\s+(.*))?$")
_ITEM = re.compile(r"\s*-\s+(.*)$")
_TAGS = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]{0,500}>", re.DOTALL)


class MarkdownImporter:
    """Reads CommonMark with tables."""

    name = "markdown"
    title = "Markdown"
    extensions = (".md", ".markdown")
    loses = ("The marks of headings, emphasis and lists; of links the address, of pictures all but their description.",)
    options: tuple[str, ...] = (*OPTIONS, "encoding")

    def sniff(self, path: Path, head: bytes) -> bool:
        """Text named as Markdown."""
        return path.suffix.lower() in self.extensions and b"\x00" not in head

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """One document."""
        data = read_bytes(path)
        if len(data) > LARGEST:
            raise FileRefused(f"{path} was not read: it is larger than {LARGEST // 1_000_000} MB.")
        try:
            text, encoding = decode(data, reading.options.get("encoding", ""))
        except InvalidValue as error:
            raise FileRefused(f"{path} was not read: {error}.") from None
        article = _article(path, canonical(text))
        if not article.text:
            raise FileRefused(f"{path} has no text in it.")
        yield Header()
        if not encoding.startswith("utf"):
            yield Remark("mended", str(path), f"read as {TITLES.get(encoding, encoding)}")
        if len(text) > _LONGEST:
            yield Remark("mended", str(path), "it is very long, so its marks stay in the text")
        made, remarks = document(path, article, reading.options)
        yield from remarks
        yield made
        reading.tick(1, 1)


def _article(path: Path, text: str) -> Article:
    head = _HEAD.match(text)
    metadata = _front_matter(head[1]) if head else {}
    body = text[head.end() :] if head else text
    if len(body) > _LONGEST:
        return Article(tidy(body), str(metadata.pop("title", "")), metadata)
    with sound(path, KIND):
        from markdown_it import MarkdownIt

        tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(body)
    paragraphs, heading = _paragraphs(tokens)
    title = str(metadata.pop("title", "")) or heading
    return Article(joined(paragraphs), title, metadata)


def _paragraphs(tokens: list[Any]) -> tuple[list[str], str]:
    """The blocks of text, and the first heading of the first rank."""
    paragraphs: list[str] = []
    cells: list[str] = []
    heading = ""
    inside = ""
    for token in tokens:
        if token.type == "heading_open":
            inside = token.tag
        elif token.type == "heading_close":
            inside = ""
        elif token.type in ("th_open", "td_open"):
            inside = "cell"
        elif token.type == "tr_close":
            paragraphs.append("\t".join(cells))
            cells, inside = [], ""
        elif token.type == "inline":
            text = _inline(token.children or [])
            if inside == "cell":
                cells.append(text)
                continue
            if inside == "h1" and not heading:
                heading = text
            paragraphs.append(text)
        elif token.type in ("fence", "code_block"):
            paragraphs.append(token.content.rstrip("\n"))
        elif token.type == "html_block":
            paragraphs.append(_TAGS.sub("", token.content))
    return paragraphs, heading


def _inline(tokens: list[Any]) -> str:
    pieces = []
    for token in tokens:
        if token.type in ("text", "code_inline", "image"):
            pieces.append(token.content)
        elif token.type == "softbreak":
            pieces.append(" ")
        elif token.type == "hardbreak":
            pieces.append("\n")
    return "".join(pieces)


def _front_matter(head: str) -> dict[str, FieldValue]:
    """The simple lines of YAML: keys with a value, or with a list."""
    found: dict[str, FieldValue] = {}
    key = ""
    for line in head.split("\n")[:200]:
        item = _ITEM.match(line)
        if item and key:
            held = found.get(key)
            found[key] = [*(held if isinstance(held, list) else []), _unquoted(item[1])]
            continue
        match = _LINE.match(line)
        if match is None:
            continue
        key = clean_value(_unquoted(match[1]))
        value = (match[2] or "").strip()
        if value.startswith("[") and value.endswith("]"):
            found[key] = [_unquoted(part) for part in value[1:-1].split(",") if part.strip()]
        elif value and value not in ("|", ">"):
            found[key] = _unquoted(value)
    return _by_role(found)


def _by_role(found: dict[str, FieldValue]) -> dict[str, FieldValue]:
    metadata: dict[str, FieldValue] = {}
    for key, value in found.items():
        role = role_of(key)
        if role in ("", "text") or role in metadata:
            metadata[key] = value
        else:
            metadata[role] = ", ".join(value) if isinstance(value, list) else value
    when = iso_date(str(metadata.get("date", "")))
    if when:
        metadata["date"] = when
    return metadata


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return clean_value(value)
