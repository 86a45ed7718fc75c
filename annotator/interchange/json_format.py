"""The whole project as one JSON file: the contract that everything else may rely on. Nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from annotator.domain.exchange import Item, Reading, Source
from annotator.interchange.files import read_bytes, read_head
from annotator.interchange.json_read import JsonReader
from annotator.interchange.json_values import parse_documents, says_left_out
from annotator.interchange.json_write import FORMAT, DocumentWriter, dump, header

_BOM = b"\xef\xbb\xbf"


class JsonImporter:
    """Reads `annotator-project`, version 1."""

    name = "json"
    title = "Annotator JSON"
    extensions = (".json",)
    loses: tuple[str, ...] = ()

    def sniff(self, path: Path, head: bytes) -> bool:
        """An object that names the format, on more than one line or as one whole."""
        start = head.removeprefix(_BOM).lstrip()
        if not start.startswith(b"{") or f'"{FORMAT}"'.encode() not in start:
            return False
        # A whole object in the first line with another one below is the line-by-line form.
        first, newline, rest = start.partition(b"\n")
        return not (newline and first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{"))

    def texts_left_out(self, path: Path) -> bool:
        """Whether the file says that it comes without the texts."""
        return says_left_out(read_head(path))

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """The header, then the documents."""
        value = parse_documents(read_bytes(path).removeprefix(_BOM), path)
        reader = JsonReader(path)
        yield reader.header(value)
        documents = value.get("documents")
        if not isinstance(documents, list):
            reader.refuse("it has no list of documents")
        total = len(documents)
        documents.reverse()
        for number in range(1, total + 1):
            # What has been read is let go at once.
            yield reader.document(documents.pop(), number)
            reading.tick(number, total)
        yield from reader.remarks()


class JsonExporter:
    """Writes `annotator-project`, version 1."""

    name = "json"
    title = "Annotator JSON"
    extensions = (".json",)
    options: tuple[str, ...] = ()
    textless = True
    loses: tuple[str, ...] = ()

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """One line of header, then a line for each document; together one JSON object."""
        out.write(dump(header(source))[:-1] + b',"documents":[')
        writer = DocumentWriter(source.codebook)
        separator = b"\n"
        for data in source.documents():
            out.write(separator + dump(writer.plain(data)))
            separator = b",\n"
        out.write(b"\n]}\n")
