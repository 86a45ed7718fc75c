"""Tables with a text in each row: CSV, TSV, Excel, and JSON or JSON Lines of plain objects."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO

from annotator.domain.errors import FileRefused, InvalidValue
from annotator.domain.exchange import Header, Item, Reading, Remark
from annotator.interchange import columns
from annotator.interchange.articles import OPTIONS, clean_value, document, sound
from annotator.interchange.encodings import decode
from annotator.interchange.files import read_head, told_plainly

SAMPLE = 200
LARGEST_CELL = 50_000_000
_MOST_COLUMNS = 5000
_LOSSES = (
    "Type, colours, formulas and further sheets; empty cells.",
    "Rows without a text, which the report lists.",
)


@dataclass(frozen=True, slots=True)
class TableHead:
    """What a table looks like: its columns and its first rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


Row = tuple[int, Sequence[object], float]
"""The row's number in the file, its cells, and how much of the file (0 to 1) is read."""


class TableImporter:
    """What all tables share. `collection` says that a row that is no good is left out, and the others are kept."""

    name = ""
    title = ""
    extensions: tuple[str, ...] = ()
    loses: tuple[str, ...] = _LOSSES
    options: tuple[str, ...] = (*OPTIONS, *columns.OPTIONS)
    collection = True
    mapped = True

    def sniff(self, path: Path, head: bytes) -> bool:
        """By the ending."""
        return path.suffix.lower() in self.extensions and bool(head.strip())

    def head(self, path: Path, options: Mapping[str, str]) -> TableHead:
        """Columns and first rows, for a dialog that asks what is what."""
        with self._open(path, options) as (names, rows):
            sample = tuple(tuple(cells) for _, cells, _ in islice(rows, SAMPLE))
        return TableHead(tuple(names), sample)

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """One document a row."""
        yield Header()
        with self._open(path, reading.options) as (names, rows):
            first = list(islice(rows, SAMPLE))
            mapping = columns.chosen(path, names, [cells for _, cells, _ in first], reading.options)
            yield from _documents(path, names, chain(first, rows), mapping, reading)

    def rows(self, path: Path, options: Mapping[str, str]) -> AbstractContextManager[tuple[list[str], Iterator[Row]]]:
        """The names of the columns and all rows as they stand, for tables that hold no articles."""
        return self._open(path, options)

    def _open(self, path: Path, options: Mapping[str, str]) -> AbstractContextManager[tuple[list[str], Iterator[Row]]]:
        raise NotImplementedError


def _documents(
    path: Path, names: Sequence[str], rows: Iterable[Row], mapping: columns.ColumnRoles, reading: Reading
) -> Iterator[Item]:
    taken = odd_dates = 0
    example = ""
    empty: list[int] = []
    for number, cells, done in rows:
        reading.tick(int(done * 1000), 1000)
        row = dict(zip(names, cells, strict=False))
        more = {f"column {at}": cell for at, cell in enumerate(cells[len(names) :], len(names) + 1)}
        article, odd = columns.article(row | more, mapping)
        where = f"{path}, row {number}"
        if not article.text.strip():
            if any(cell not in (None, "") for cell in cells):
                empty.append(number)
            continue
        article.text = _storable(article.text)
        article.head = not article.title.strip()
        made, remarks = document(path, article, reading.options, many=True)
        taken += 1
        if odd:
            odd_dates += 1
            example = example or odd
        if taken == 1:
            yield from remarks
        if any(cell not in (None, "") for cell in more.values()):
            yield Remark(
                "mended", where, f"it has more cells than the first row; they are kept as “{next(iter(more))}”"
            )
        yield made
    if empty:
        shown = ", ".join(map(str, empty[:10])) + (f" and {len(empty) - 10} more" if len(empty) > 10 else "")
        yield Remark("skipped", str(path), f"no text in row{'s' if len(empty) > 1 else ''} {shown}")
    if odd_dates:
        yield Remark(
            "mended",
            str(path),
            f"{odd_dates} dates, such as “{example[:40]}”, could not be told and stay as they are"
            if odd_dates > 1
            else f"the date “{example[:40]}” could not be told and stays as it is",
        )
    if not taken:
        raise FileRefused(f"{path} has no row with a text in its column “{mapping.columns['text'][:40]}”.")


_SURROGATES = re.compile("[\x00\ud800-\udfff]")


def _storable(text: str) -> str:
    """A cell's text stays as it is: other tools' offsets may refer to it. Only what cannot be stored goes."""
    return _SURROGATES.sub("", text)


class CsvImporter(TableImporter):
    """Reads comma-separated values with commas, semicolons, tabs or bars.

    Options besides those of `columns`: `encoding`, `delimiter`, and `header` ("no": the columns are called 1, 2, 3).
    """

    name = "csv"
    title = "Table (CSV, TSV)"
    extensions = (".csv", ".tsv", ".tab")
    options = (*TableImporter.options, "encoding", "delimiter", "header")

    def sniff(self, path: Path, head: bytes) -> bool:
        """By the ending, unless it is plainly something else."""
        return super().sniff(path, head) and not head.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0"))

    @contextmanager
    def _open(self, path: Path, options: Mapping[str, str]) -> Iterator[tuple[list[str], Iterator[Row]]]:
        encoding = options.get("encoding", "") or _encoding(path)
        with told_plainly(path):
            size = max(path.stat().st_size, 1)
            raw = path.open("rb")
        with ExitStack() as stack:
            stack.enter_context(raw)
            try:
                start = codecs.getreader(encoding)(raw).read(200_000)
                raw.seek(0)
                wrapped = io.TextIOWrapper(raw, encoding=encoding, newline="")
            except (LookupError, UnicodeDecodeError):
                raise FileRefused(f"{path} was not read: it cannot be read as {encoding}.") from None
            stack.enter_context(wrapped)
            if not start.strip():
                raise FileRefused(f"{path} has no text in it.")
            delimiter = _delimiter(start, options.get("delimiter", ""), path)
            # The limit holds for all of the program, and is far too low for articles.
            csv.field_size_limit(LARGEST_CELL)
            cells = csv.reader(_lines(wrapped), delimiter=delimiter)
            with _told_of_csv(path, encoding):
                first = next(cells, [])
            if options.get("header", "").lower() in ("no", "false", "0"):
                names = [str(number + 1) for number in range(len(first))]
                rows = _numbered(path, chain([first], cells), raw, size, encoding, 1)
            else:
                names = named(path, first)
                rows = _numbered(path, cells, raw, size, encoding, 2)
            yield names, rows


@contextmanager
def _told_of_csv(path: Path, encoding: str) -> Iterator[None]:
    try:
        yield
    except csv.Error as error:
        reason = "a cell is far larger than any article" if "field larger" in str(error) else str(error)
        raise FileRefused(f"{path} was not read: {reason}.") from None
    except UnicodeDecodeError:
        raise FileRefused(f"{path} was not read: it cannot be read as {encoding}.") from None


def _numbered(
    path: Path, cells: Iterable[list[str]], raw: IO[bytes], size: int, encoding: str, start: int
) -> Iterator[Row]:
    found = iter(cells)
    number = start
    while True:
        with _told_of_csv(path, encoding):
            row = next(found, None)
        if row is None:
            return
        if row:
            yield number, row, min(1.0, raw.tell() / size)
        number += 1


def _lines(file: IO[str]) -> Iterator[str]:
    """Lines with their ends, in pieces where a line is endless: the csv reader then refuses the cell, not the memory."""
    while line := file.readline(LARGEST_CELL + 1):
        yield line


def _encoding(path: Path) -> str:
    """UTF-8 where all of the file is, found without holding it; else what its head looks like."""
    bad = -1
    with told_plainly(path), path.open("rb") as file:
        head = file.read(4)
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        at = 0
        plain = not head.startswith((b"\xff\xfe", b"\xfe\xff"))
        while plain and bad < 0 and (piece := file.read(1 << 20)):
            try:
                decoder.decode(piece)
                if b"\x00" in piece:
                    bad = at
            except UnicodeDecodeError as error:
                bad = max(0, at + error.start - 4)
            at += len(piece)
        if plain and bad < 0:
            return "utf-8-sig"
        file.seek(max(0, bad - 100_000) // 4 * 4 if bad > 0 else 0)
        sample = file.read(2_000_000)
    try:
        found = decode(sample)[1]
    except InvalidValue as error:
        raise FileRefused(f"{path} was not read: {error}.") from None
    return "utf-16" if found.startswith("utf-16") and head.startswith((b"\xff\xfe", b"\xfe\xff")) else found


def _delimiter(start: str, wanted: str, path: Path) -> str:
    """The sign that parts the first rows into the same number of cells, more than one."""
    if wanted:
        sign = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "bar": "|"}.get(wanted.lower(), wanted)
        if len(sign) != 1 or sign in '"\r\n':
            raise FileRefused(f"{path} was not read: “{wanted}” cannot part columns; use , ; | or tab.")
        return sign
    best, found = (0.0, 0), "\t" if path.suffix.lower() in (".tsv", ".tab") else ","
    for sign in (found, ",", ";", "\t", "|"):
        try:
            rows = [row for row in islice(csv.reader(start.splitlines(keepends=True), delimiter=sign), 40) if row]
        except csv.Error:
            continue
        # The end of the sample may be in the middle of a row.
        widths = [len(row) for row in (rows[:-1] if len(rows) > 2 else rows)]
        if not widths or widths[0] < 2:
            continue
        score = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
        if score > best:
            best, found = score, sign
    return found


def named(path: Path, first: Sequence[object]) -> list[str]:
    """Columns by the first row: every one gets a name, and each its own."""
    if len(first) > _MOST_COLUMNS:
        raise FileRefused(f"{path} was not read: it has {len(first):,} columns.")
    names: list[str] = []
    for number, cell in enumerate(first, 1):
        name = clean_value(str(cell))[:200] if cell is not None else ""
        name = name or f"column {number}"
        while name in names:
            name += f" ({number})"
        names.append(name)
    if not names:
        raise FileRefused(f"{path} has no text in it.")
    return names


class JsonTableImporter(TableImporter):
    """Reads objects with a text each, one a line or as a list. Objects within are spread out: `source.name`."""

    name = "texts-json"
    title = "JSON texts (one object an article)"
    extensions = (".jsonl", ".ndjson", ".json")
    loses = ("Lists of objects within an object become text.", "Objects without a text, which the report lists.")

    def sniff(self, path: Path, head: bytes) -> bool:
        """Plain objects with a long text among their values, and no annotations."""
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if not start.startswith((b"{", b"[")) or b'"annotator-project"' in start:
            return False
        first = _first_object(start)
        if first is None or any(key in first for key in _ANNOTATED):
            return False
        flat = flattened(first)
        return "text" in columns.guess(list(flat), [list(flat.values())])

    @contextmanager
    def _open(self, path: Path, options: Mapping[str, str]) -> Iterator[tuple[list[str], Iterator[Row]]]:
        lines = _objects(path)
        first = list(islice(lines, SAMPLE))
        names = list(dict.fromkeys(key for _, value, _ in first for key in value))[:_MOST_COLUMNS]
        if not names:
            raise FileRefused(f"{path} has no text in it.")

        def rows() -> Iterator[Row]:
            for number, value, done in chain(first, lines):
                # Later objects may have keys of their own; they join behind, under their own names.
                for key in value:
                    if key not in known and len(names) < _MOST_COLUMNS:
                        known.add(key)
                        names.append(key)
                yield number, [value.get(name) for name in names], done

        known = set(names)
        yield names, rows()


_ANNOTATED = (
    "label",
    "labels",
    "entities",
    "spans",
    "annotations",
    "predictions",
    "completions",
    "relations",
    "tokens",
)


def _first_object(start: bytes) -> dict[str, object] | None:
    """The first object in the head of a file; of a long one as much as there is."""
    import json

    text = start.decode("utf-8", "ignore")
    text = text[1:].lstrip() if text.startswith("[") else text
    try:
        value, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        # Cut off in the middle of its text: what stands before is enough to know it by.
        keys = re.findall(r'"([^"\\]{1,60})"\s*:\s*"((?:[^"\\]|\\.)*)', text)
        return dict(keys) if keys and text.startswith("{") else None
    return value if isinstance(value, dict) else None


def _objects(path: Path) -> Iterator[tuple[int, dict[str, object], float]]:
    """The objects of a list, or of the lines, each with its number."""
    import orjson

    head = read_head(path).removeprefix(b"\xef\xbb\xbf").lstrip()
    with told_plainly(path):
        size = max(path.stat().st_size, 1)
    if head.startswith(b"["):
        with told_plainly(path), sound(path, "a JSON file"):
            values = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
        for number, value in enumerate(values, 1):
            yield number, _checked(path, value, f"object {number}"), number / len(values)
        return
    with told_plainly(path), path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(2 * LARGEST_CELL), b""), 1):
            line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if not line.strip():
                continue
            try:
                value = orjson.loads(line)
            except orjson.JSONDecodeError:
                raise FileRefused(f"{path} was not read: line {number} is no JSON object.") from None
            yield number, _checked(path, value, f"line {number}"), file.tell() / size


def _checked(path: Path, value: object, where: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise FileRefused(f"{path} was not read: {where} is no JSON object.")
    return flattened(value)


def flattened(value: Mapping[str, object], prefix: str = "", depth: int = 0) -> dict[str, object]:
    """Objects within as keys with dots; lists of objects as JSON."""
    import orjson

    flat: dict[str, object] = {}
    for key, inner in value.items():
        name = f"{prefix}{key}"
        if isinstance(inner, dict) and depth < 5:
            flat.update(flattened(inner, f"{name}.", depth + 1))
        elif isinstance(inner, dict) or (isinstance(inner, list) and any(isinstance(i, (dict, list)) for i in inner)):
            flat[name] = orjson.dumps(inner).decode()
        else:
            flat[name] = inner
    return flat
