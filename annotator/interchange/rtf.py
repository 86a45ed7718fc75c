"""Rich text (.rtf), by striprtf."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from annotator.domain.errors import FileRefused
from annotator.domain.exchange import Header, Item, Reading
from annotator.interchange.articles import OPTIONS, Article, document, sound, tidy
from annotator.interchange.files import read_bytes

KIND = "an RTF file"
LARGEST = 100_000_000
_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")
_PICTURE = re.compile(r"[0-9A-Fa-f\r\n]{400,}")
_PARAGRAPH_END = re.compile(r"\n\s*")


class RtfImporter:
    """Reads the text of RTF files."""

    name = "rtf"
    title = "Rich text"
    extensions = (".rtf",)
    loses = (
        "Type, colours, pictures, list numbers and the layout of tables.",
        "Headers, footers, footnotes and comments.",
    )
    options: tuple[str, ...] = OPTIONS

    def sniff(self, path: Path, head: bytes) -> bool:
        """What every RTF file begins with; exports of news databases are another format."""
        from annotator.interchange.factiva import is_factiva

        return head.lstrip().startswith(b"{\\rtf") and not is_factiva(head)

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """One document."""
        text = rtf_text(path)
        if not text:
            raise FileRefused(f"{path} has no text in it.")
        yield Header()
        made, remarks = document(path, Article(text), reading.options)
        yield from remarks
        yield made
        reading.tick(1, 1)


def rtf_text(path: Path) -> str:
    """The text, an empty line between paragraphs."""
    data = read_bytes(path)
    if not data.lstrip().startswith(b"{\\rtf"):
        raise FileRefused(f"{path} was not read: it is damaged, or not {KIND}.")
    if len(data) > LARGEST:
        raise FileRefused(f"{path} was not read: it is larger than {LARGEST // 1_000_000} MB.")
    page = _PAGE.search(data[:4096])
    encoding = f"cp{page[1].decode()}" if page else "cp1252"
    encoding = {"cp65001": "utf-8", "cp10000": "mac_roman"}.get(encoding, encoding)
    with sound(path, KIND):
        from striprtf.striprtf import rtf_to_text

        try:
            "".encode(encoding)
        except LookupError:
            encoding = "cp1252"
        # Pictures are long runs of digits; without them the reader is a hundred times faster.
        markup = _PICTURE.sub("", data.decode(encoding, "replace"))
        text = str(rtf_to_text(markup, encoding=encoding, errors="replace"))  # type: ignore[no-untyped-call]
        # Signs above U+FFFF stand there as two halves.
        text = tidy(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
    return _PARAGRAPH_END.sub("\n\n", text)
