"""EPUB books and magazines: the chapters in the order of the spine, as one document, or one document a chapter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

from annotator.domain.errors import FileRefused
from annotator.domain.exchange import Header, Item, Reading, Remark
from annotator.domain.model import FieldValue
from annotator.interchange.articles import OPTIONS, Article, clean_value, document, is_yes, joined
from annotator.interchange.heads import iso_date
from annotator.interchange.markup import block_text, html_text, parsed
from annotator.interchange.packages import package, part_of, xml

KIND = "an EPUB file"
_DC = "{http://purl.org/dc/elements/1.1/}"
_OPF = "{http://www.idpf.org/2007/opf}"
_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"


class EpubImporter:
    """Reads EPUB 2 and 3. The option `chapters` ("yes") makes a document of each chapter."""

    name = "epub"
    title = "EPUB"
    extensions = (".epub",)
    loses = ("Type, pictures and the layout of tables; the table of contents.",)
    options: tuple[str, ...] = (*OPTIONS, "chapters")

    def sniff(self, path: Path, head: bytes) -> bool:
        """The media type stands at the beginning of the file."""
        return head.startswith(b"PK") and b"application/epub+zip" in head[:200]

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """One document, or as many as there are chapters."""
        with package(path, KIND) as opened:
            place = _package_place(path, opened)
            data = part_of(path, opened, place, KIND)
            if not data:
                raise FileRefused(f"{path} was not read: it is damaged, or not {KIND}.")
            root = xml(path, data, KIND)
            if part_of(path, opened, "META-INF/encryption.xml", KIND) and _locked(path, opened, root, place):
                raise FileRefused(f"{path} was not read: it is protected against copying.")
            metadata = _metadata(root)
            title = str(metadata.pop("title", ""))
            chapters: list[tuple[str, str]] = []
            spine = _spine(root, place)
            for number, name in enumerate(spine, 1):
                text, head = _chapter(path, part_of(path, opened, name, KIND))
                if text:
                    chapters.append((head, text))
                reading.tick(number, len(spine) + 1)
        if not chapters:
            raise FileRefused(f"{path} has no text in it.")
        yield Header()
        if is_yes(reading.options.get("chapters", "")) and len(chapters) > 1:
            for head, text in chapters:
                article = Article(text, head, {"outlet": title, **metadata}, head=not head)
                made, remarks = document(path, article, reading.options, many=True)
                yield from remarks
                yield made
            return
        if len(chapters) < len(spine):
            yield Remark("lost", str(path), f"{len(spine) - len(chapters)} of {len(spine)} parts hold no text")
        made, remarks = document(
            path, Article(joined([text for _, text in chapters]), title, metadata, head=not title), reading.options
        )
        yield from remarks
        yield made


def _package_place(path: Path, opened: ZipFile) -> str:
    data = part_of(path, opened, "META-INF/container.xml", KIND)
    if data:
        file = xml(path, data, KIND).find(f".//{_CONTAINER}rootfile")
        if file is not None and file.get("full-path"):
            return str(file.get("full-path"))
    return next((info.filename for info in opened.infolist() if info.filename.endswith(".opf")), "")


def _locked(path: Path, opened: ZipFile, root: Any, place: str) -> bool:
    """Fonts are often scrambled, which harms nothing; chapters are not."""
    listed = part_of(path, opened, "META-INF/encryption.xml", KIND)
    return any(name.encode() in listed for name in _spine(root, place))


def _metadata(root: Any) -> dict[str, FieldValue]:
    metadata: dict[str, FieldValue] = {}
    for key, tag in (
        ("title", "title"),
        ("author", "creator"),
        ("outlet", "publisher"),
        ("date", "date"),
        ("language", "language"),
    ):
        found = [clean_value("".join(node.itertext())) for node in root.iter(_DC + tag)]
        found = [value for value in found if value]
        if found:
            metadata[key] = ", ".join(found) if key == "author" else found[0]
    when = iso_date(str(metadata.get("date", "")))
    if when:
        metadata["date"] = when
    return metadata


def _spine(root: Any, place: str) -> list[str]:
    hrefs = {item.get("id"): item.get("href") or "" for item in root.iter(_OPF + "item")}
    pages = {
        item.get("id")
        for item in root.iter(_OPF + "item")
        if "html" in (item.get("media-type") or "") and "nav" not in (item.get("properties") or "").split()
    }
    ids = [ref.get("idref") for ref in root.iter(_OPF + "itemref")]
    names = (unquote(hrefs[id_]) for id_ in ids if id_ in pages)
    return [normpath(join(dirname(place), name.partition("#")[0])) for name in names]


def _chapter(path: Path, data: bytes) -> tuple[str, str]:
    """Text and heading of a chapter."""
    root = parsed(path, html_text(path, data), KIND) if data.strip() else None
    if root is None:
        return "", ""
    body = root.find(".//body")
    text = block_text(body if body is not None else root)
    heading = next((node for node in root.iter("h1", "h2", "h3")), None)
    return text, clean_value("".join(heading.itertext())) if heading is not None else ""
