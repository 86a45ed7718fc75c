"""Web pages and saved pages (.html, .mhtml): the article without what is around it, by trafilatura, from the file alone.

Nothing is fetched, whatever the page asks for.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from annotator.domain.errors import FileRefused
from annotator.domain.exchange import Header, Item, Reading, Remark
from annotator.domain.model import FieldValue
from annotator.interchange.articles import OPTIONS, Article, clean_value, document, joined, sound, tidy
from annotator.interchange.eml import is_web_archive, payload, read_message
from annotator.interchange.files import read_bytes
from annotator.interchange.heads import iso_date
from annotator.interchange.markup import block_text, html_text, parsed

KIND = "a web page"
_TAG = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|title|article|div|p|h1)\b", re.IGNORECASE)
_SAVED_FROM = re.compile(r"<!--\s*(?:saved from url=\(\d+\)|.{0,200}?\burl:\s*)(https?://[^\s>]+)", re.I | re.S)
_BESIDE = re.compile(r"(.+?)(?:_files|-filer|_archivos|_fichiers|_file|-Dateien|_arquivos|_bestanden|_pliki|\.files)$")
_SHORT = 250
_DEEPEST = 200  # elements in each other; pages of today have thirty


class HtmlImporter:
    """Reads one page a file."""

    name = "html"
    title = "Web page"
    extensions = (".html", ".htm", ".xhtml", ".mhtml", ".mht")
    loses = (
        "Everything around the article: menus, advertisements, comments, related stories.",
        "Pictures, links and type; tables become lines.",
    )
    options: tuple[str, ...] = OPTIONS

    def sniff(self, path: Path, head: bytes) -> bool:
        """Tags at the beginning, and no export of a news database."""
        from annotator.interchange.factiva import is_factiva

        start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
        page = start.startswith(b"<") and _TAG.search(start[:4096]) is not None
        return (page or is_web_archive(head)) and not is_factiva(head)

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """One document."""
        markup, address = _markup(path)
        article, whole = _article(path, markup, address)
        if not article.text:
            raise FileRefused(f"{path} has no text in it.")
        yield Header()
        if whole:
            yield Remark(
                "mended", str(path), "no article could be told from the rest, so all text of the page was taken"
            )
        made, remarks = document(path, article, reading.options)
        yield from remarks
        yield made
        reading.tick(1, 1)


def _markup(path: Path) -> tuple[str, str]:
    """The page, and the address under which a browser saved it."""
    beside = _BESIDE.fullmatch(path.parent.name)
    if beside and any((path.parent.parent / f"{beside[1]}{suffix}").is_file() for suffix in (".html", ".htm")):
        raise FileRefused(f"{path} was not read: it is a part of the saved page {beside[1]}.html.")
    data = read_bytes(path)
    if not data.strip():
        raise FileRefused(f"{path} has no text in it.")
    if not is_web_archive(data[:65_536]):
        return html_text(path, data), ""
    message = read_message(path, KIND)
    with sound(path, KIND):
        address = str(message.get("Snapshot-Content-Location") or message.get("Content-Location") or "")
        for part in message.walk():
            if part.get_content_type() in ("text/html", "application/xhtml+xml"):
                return html_text(path, payload(part)), address or str(part.get("Content-Location") or "")
    raise FileRefused(f"{path} was not read: there is no page in this web archive.")


def _article(path: Path, markup: str, address: str) -> tuple[Article, bool]:
    """The article; and whether all of the page had to be taken."""
    root = parsed(path, markup, KIND)
    if root is None:
        return Article(""), False
    saved = _SAVED_FROM.search(markup[:4000])
    address = address or (saved[1] if saved else "")
    # The article is searched for by functions that call themselves, and by a parser that stops at 256.
    found = _extracted(markup, address) if _depth(root) <= _DEEPEST else None
    text = tidy(found.text) if found is not None and found.text else ""
    text = joined(text.split("\n"))
    metadata = _metadata(found, root, address)
    title = clean_value(str(found.title or "")) if found is not None else ""
    named = root.find(".//title")
    if not title and named is not None:
        title = clean_value("".join(named.itertext()))
    whole = not text
    if len(text) < _SHORT:
        # Of a page that is hardly more than a note nothing need be left out, and little could be told from the rest.
        body = root.find(".//body")
        all_text = block_text(body if body is not None else root)
        if whole or len(all_text) < 3 * _SHORT:
            text, whole = all_text, True
    return Article(text, title, metadata), whole


def _depth(root: Any) -> int:
    from lxml import etree

    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _extracted(markup: str, address: str) -> Any:
    """What trafilatura finds; None where it finds nothing, or fails."""
    for name in ("trafilatura", "htmldate", "courlan", "justext"):
        # They tell of each page that they find poor; the report does that here.
        logging.getLogger(name).setLevel(logging.CRITICAL)
    import trafilatura

    try:
        return trafilatura.bare_extraction(
            markup,
            url=address or None,
            with_metadata=True,
            include_comments=False,
            include_tables=True,
            include_images=False,
            include_links=False,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception:  # a page that it cannot cope with is taken as a whole
        return None


def _as_written(root: Any, author: str) -> dict[str, FieldValue]:
    """The author as the page writes it: trafilatura takes points out of initials."""
    for node in root.iter("meta"):
        content = clean_value(str(node.get("content") or ""))
        if author and node.get("name") == "author" and re.sub(r"\W", "", content) == re.sub(r"\W", "", author):
            return {"author": content}
    return {}


def _metadata(found: Any, root: Any, address: str) -> dict[str, FieldValue]:
    metadata: dict[str, FieldValue] = {}
    if found is not None:
        when = iso_date(str(found.date or ""))
        url = str(found.url or address or "")
        host = str(found.hostname or urlsplit(url).hostname or "")
        outlet = str(found.sitename or "") or host.removeprefix("www.")
        for key, value in (("date", when), ("outlet", outlet), ("author", found.author), ("url", url)):
            if value:
                metadata[key] = clean_value(str(value))
        metadata |= _as_written(root, str(metadata.get("author", "")))
    elif address:
        metadata["url"] = clean_value(address)
    language = clean_value(str(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""))
    if language:
        metadata["language"] = language
    return metadata
