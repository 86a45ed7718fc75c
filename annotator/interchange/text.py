"""Plain text: one article a file. Nothing of the text changes but its line ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from annotator.domain.errors import FileRefused, InvalidValue
from annotator.domain.exchange import Header, Item, Reading, Remark
from annotator.domain.text import canonical
from annotator.interchange.articles import OPTIONS, Article, document
from annotator.interchange.encodings import TITLES, decode
from annotator.interchange.files import read_bytes


class TextImporter:
    """Reads plain text in UTF-8, UTF-16, Windows-1252 and Windows-1256, and what else can be told."""

    name = "text"
    title = "Plain text"
    extensions = (".txt", ".text")
    loses: tuple[str, ...] = ("Line ends become LF; nothing else of the text changes.",)
    options: tuple[str, ...] = (*OPTIONS, "encoding")

    def sniff(self, path: Path, head: bytes) -> bool:
        """Files named as text, or with no extension at all."""
        return path.suffix.lower() in (*self.extensions, "") and b"\x00" not in head[4:].replace(b"\x00", b"", 1)

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """One document."""
        data = read_bytes(path)
        try:
            text, encoding = decode(data, reading.options.get("encoding", ""))
        except InvalidValue as error:
            raise FileRefused(f"{path} was not read: {error}.") from None
        text = canonical(text)
        if not text.strip():
            raise FileRefused(f"{path} has no text in it.")
        yield Header()
        if not encoding.startswith("utf"):
            yield Remark("mended", str(path), f"read as {TITLES.get(encoding, encoding)}")
        made, remarks = document(path, Article(text), reading.options)
        yield from remarks
        yield made
        reading.tick(1, 1)
