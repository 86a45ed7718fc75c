"""HTML to text for what is no web page with an article in it: chapters of a book, mails, the remains of a page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from annotator.domain.errors import FileRefused, InvalidValue
from annotator.interchange.articles import joined, sound
from annotator.interchange.encodings import decode

LARGEST = 50_000_000
_CHARSET = re.compile(rb"""<(?:meta[^>]{0,200}charset\s*=|\?xml[^>]{0,200}encoding\s*=)\s*["']?([\w.:-]{1,40})""", re.I)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form "
        "h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul",
    )
)
_GONE = frozenset(("script", "style", "head", "noscript", "template", "svg", "math", "iframe", "object", "textarea"))


def html_text(path: Path, data: bytes) -> str:
    """The markup as text, by the encoding that it names, else by what its bytes look like."""
    if len(data) > LARGEST:
        raise FileRefused(f"{path} was not read: it is larger than {LARGEST // 1_000_000} MB, far more than any page.")
    named = _CHARSET.search(data[:4096])
    if named and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        encoding = named[1].decode("ascii").lower()
        # As browsers do: Western pages that say Latin-1 mean Windows-1252.
        encoding = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252"}.get(encoding, encoding)
        try:
            if "utf-16" not in encoding and "utf-32" not in encoding:
                return _DECLARATION.sub("", data.decode(encoding), count=1)
        except (LookupError, UnicodeDecodeError):
            pass
    try:
        return _DECLARATION.sub("", decode(data)[0], count=1)
    except InvalidValue as error:
        raise FileRefused(f"{path} was not read: {error}.") from None


def parsed(path: Path, markup: str, kind: str) -> Any:
    """The root element, or None where there is nothing in it."""
    from lxml import etree

    if not markup.strip():
        return None
    with sound(path, kind):
        # The parser takes bytes; text that names an encoding of its own would confuse it.
        parser = etree.HTMLParser(
            encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
        )
        return etree.fromstring(markup.encode("utf-8", "replace"), parser)


def block_text(root: Any) -> str:
    """All text that a reader would see, paragraph by paragraph."""
    from lxml import etree

    paragraphs: list[str] = []
    pieces: list[str] = []
    skipping = 0

    def flush() -> None:
        lines = (_SPACES.sub(" ", line).strip() for line in "".join(pieces).split("\x00"))
        paragraphs.append("\n".join(lines).strip())
        pieces.clear()

    for event, node in etree.iterwalk(root, events=("start", "end")):
        name = node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""
        if event == "start":
            if name in _GONE:
                skipping += 1
            if name in _BLOCKS:
                flush()
            elif name == "br":
                pieces.append("\x00")
            elif name in ("td", "th") and pieces:
                pieces.append(" ")
            if not skipping and node.text:
                pieces.append(node.text)
        else:
            if name in _GONE:
                skipping -= 1
            if name in _BLOCKS:
                flush()
            if not skipping and node.tail and node is not root:
                pieces.append(node.tail)
    flush()
    return joined(paragraphs)
