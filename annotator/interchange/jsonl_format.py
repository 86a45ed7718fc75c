"""The same contract by lines: a header, then one document a line, so that any corpus goes through little memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from annotator.domain.exchange import Item, Reading, Source
from annotator.interchange.files import read_head, told_plainly
from annotator.interchange.json_read import JsonReader
from annotator.interchange.json_values import parse, says_left_out
from annotator.interchange.json_write import FORMAT, DocumentWriter, dump, header

_BOM = b"\xef\xbb\xbf"


class JsonlImporter:
    """Reads `annotator-project`, version 1, line by line."""

    name = "jsonl"
    title = "Annotator JSON Lines"
    extensions = (".jsonl", ".ndjson")
    loses: tuple[str, ...] = ()

    def sniff(self, path: Path, head: bytes) -> bool:
        """A first line that is a whole object and names the format."""
        first, newline, rest = head.removeprefix(_BOM).lstrip().partition(b"\n")
        return (
            first.startswith(b"{")
            and f'"{FORMAT}"'.encode() in first
            and (not newline or (first.rstrip().endswith(b"}") and rest.lstrip()[:1] in (b"{", b"")))
        )

    def texts_left_out(self, path: Path) -> bool:
        """Whether the file says that it comes without the texts."""
        return says_left_out(read_head(path))

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """Line after line, each let go before the next."""
        with told_plainly(path):
            file = path.open("rb")
        with file:
            total = max(path.stat().st_size, 1)
            reader = JsonReader(path)
            done = number = documents = 0
            started = False
            while True:
                with told_plainly(path):
                    line = file.readline()
                if not line:
                    break
                done += len(line)
                number += 1
                if number == 1:
                    line = line.removeprefix(_BOM)
                if not line.strip():
                    continue
                value = parse(line, path, f"line {number}")
                del line
                if not started:
                    yield reader.header(value)
                    started = True
                    if "documents" in value:
                        reader.refuse("it is one JSON object and not a line for each document; name it .json")
                else:
                    documents += 1
                    yield reader.document(value, documents)
                reading.tick(min(done, total), total)
            if not started:
                reader.refuse("it is empty")
            yield from reader.remarks()


class JsonlExporter:
    """Writes `annotator-project`, version 1, line by line."""

    name = "jsonl"
    title = "Annotator JSON Lines"
    extensions = (".jsonl", ".ndjson")
    options: tuple[str, ...] = ()
    textless = True
    loses: tuple[str, ...] = ()

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """A line for the header, a line for each document."""
        out.write(dump(header(source)) + b"\n")
        writer = DocumentWriter(source.codebook)
        for data in source.documents():
            out.write(dump(writer.plain(data)) + b"\n")
