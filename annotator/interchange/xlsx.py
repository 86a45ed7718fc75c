"""Excel workbooks (.xlsx), by openpyxl, row after row. The option `sheet` names the sheet."""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from annotator.domain.errors import FileRefused
from annotator.interchange import columns
from annotator.interchange.articles import sound
from annotator.interchange.packages import package, refuse_entities
from annotator.interchange.tables import SAMPLE, Row, TableImporter, named

KIND = "an Excel workbook"
_LAST_ROW = 1_048_576  # of Excel; a row that says it stands further down would take for ever to reach


class XlsxImporter(TableImporter):
    """Reads the sheet that has a column of texts."""

    name = "xlsx"
    title = "Excel workbook"
    extensions = (".xlsx", ".xlsm")
    options = (*TableImporter.options, "sheet")

    def sniff(self, path: Path, head: bytes) -> bool:
        """A zip with Excel's parts in it."""
        return head.startswith(b"PK\x03\x04") and (b"xl/" in head or path.suffix.lower() in self.extensions)

    @contextmanager
    def _open(self, path: Path, options: Mapping[str, str]) -> Iterator[tuple[list[str], Iterator[Row]]]:
        with package(path, KIND) as opened:
            refuse_entities(path, opened, KIND)
        with sound(path, KIND):
            import openpyxl

            with warnings.catch_warnings():
                # Of what is missing that no reader of texts misses.
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            totals = {sheet.title: int(sheet.max_row or 1) for sheet in book.worksheets}
            sheet = _sheet(path, book, options)
            rows = _rows(path, sheet, totals[sheet.title])
            first = next(rows, None)
            if first is None:
                raise FileRefused(f"{path} has no text in it.")
            yield named(path, first[1]), rows
        finally:
            book.close()


def _sheet(path: Path, book: Any, options: Mapping[str, str]) -> Any:
    """The one that is named, else the first with a column of texts, else the first."""
    sheets = list(book.worksheets)
    wanted = options.get("sheet", "").strip()
    if wanted:
        for sheet in sheets:
            if sheet.title.lower() == wanted.lower():
                return sheet
        names = columns.listed([sheet.title for sheet in sheets])
        raise FileRefused(f"{path} was not read: it has no sheet “{wanted}”; there are {names}.")
    if not sheets:
        raise FileRefused(f"{path} has no text in it.")
    for sheet in sheets[:20]:
        rows = _rows(path, sheet)
        first = next(rows, None)
        if first is None:
            continue
        sample = [cells for _, (_, cells, _) in zip(range(SAMPLE), rows, strict=False)]
        if "text" in columns.guess(named(path, first[1]), sample):
            return sheet
    return sheets[0]


def _rows(path: Path, sheet: Any, total: int = 1) -> Iterator[Row]:
    # What the file says of its own size may be a million times too large.
    with sound(path, KIND):
        sheet.reset_dimensions()
        cells = iter(sheet.iter_rows(values_only=True))
    number = 0
    while number < _LAST_ROW:
        with sound(path, KIND):
            row = next(cells, None)
        if row is None:
            return
        number += 1
        if all(cell is None for cell in row):
            continue
        yield number, [_plain(cell) for cell in row], min(1.0, number / total)


def _plain(cell: object) -> object:
    """A cell's value without Excel's types."""
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    if isinstance(cell, datetime.timedelta):
        return str(cell)
    return int(cell) if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53 else cell
