"""The tables for analysis as one Excel workbook, a sheet a table, streamed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from annotator.domain.exchange import Source
from annotator.interchange.analysis.bundles import SteadyZip
from annotator.interchange.analysis.columns import NAMES, Cell, Kind, Row, Table
from annotator.interchange.analysis.safe_text import joined, looks_like_formula, office_text
from annotator.interchange.analysis.tables import write_tables

if TYPE_CHECKING:
    from openpyxl import Workbook

MOST_CHARACTERS = 32_767
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
# Excel believes that 1900 was a leap year; before March of it, its dates are wrong.
_FIRST_DATE = date(1900, 3, 1)
_EXACT = 10**15


class XlsxExporter:
    """Writes an Excel workbook."""

    name = "xlsx"
    title = "Excel tables"
    extensions = (".xlsx",)
    options: tuple[str, ...] = ()
    textless = True
    loses = (
        "The tables for analysis are for reading elsewhere: no import makes a project of them again.",
        "Texts of more than 32,767 characters are cut, which is all that a cell of a workbook holds.",
        "Control characters become � and numbers are kept to 15 digits.",
        "Several values in one cell are apart by “; ” (their ids are apart in the sheets mentions and members).",
        "An empty text and an empty list look like no value.",
        "A sheet that is full goes on in another (“annotations 2”); columns beyond 16,384 are left out.",
    )

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """A sheet for each table. Texts are declared as texts, so nothing in them is ever calculated."""
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        sheets: dict[str, list[Any]] = {}
        try:
            self._write(source, book, sheets, out)
        except BaseException:
            _throw_away(sheets)
            raise

    def _write(self, source: Source, book: Workbook, sheets: dict[str, list[Any]], out: BinaryIO) -> None:
        from openpyxl.writer.excel import ExcelWriter

        write_tables(source, lambda table: _Sheet(book, table, sheets.setdefault(table.name, [])))
        book._sheets = [sheet for name in NAMES for sheet in sheets.get(name, ())]
        created = moment(source.info.created)
        book.properties.creator, book.properties.title = "Annotator", office_text(source.info.name)[:250]
        book.properties.created = book.properties.modified = created
        with SteadyZip(out) as archive:
            ExcelWriter(book, archive).save()


def _throw_away(sheets: dict[str, list[Any]]) -> None:
    """Each sheet stands in a temporary file, which the library would keep until the program ends."""
    for sheet in (sheet for parts in sheets.values() for sheet in parts):
        with suppress(Exception):
            sheet.close()
        with suppress(Exception):
            sheet._writer.cleanup()


class _Sheet:
    """The sink of one table."""

    def __init__(self, book: Workbook, table: Table, sheets: list[Any]) -> None:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font

        self._book = book
        self._table = table
        self._sheets = sheets
        self._kinds = [column.kind for column in table.columns[:MOST_COLUMNS]]
        self._cell = WriteOnlyCell
        self._bold = Font(bold=True)
        self._rows = MOST_ROWS
        self._append = self._next_sheet()

    def __call__(self, row: Row) -> None:
        if self._rows >= MOST_ROWS:
            self._append = self._next_sheet()
        self._rows += 1
        self._append([self._made(kind, value) for kind, value in zip(self._kinds, row, strict=False)])

    def _next_sheet(self) -> Any:
        number = len(self._sheets) + 1
        sheet = self._book.create_sheet(self._table.name if number == 1 else f"{self._table.name} {number}")
        self._sheets.append(sheet)
        sheet.freeze_panes = "A2"
        head = []
        for place, column in enumerate(self._table.columns[:MOST_COLUMNS]):
            cell = self._cell(self._sheets[-1], office_text(column.name))
            cell.data_type = "s"
            cell.font = self._bold
            head.append(cell)
            long = column.name in ("text", "claim", "source", "name", "title", "note", "description", "value")
            sheet.column_dimensions[_letters(place)].width = 48 if long else 16
        sheet.append(head)
        self._rows = 1
        return sheet.append

    def _made(self, kind: Kind, value: Cell) -> Any:
        if value is None or value == "":
            return None
        if isinstance(value, list):
            return self._text(joined(value)) if value else None
        if isinstance(value, str):
            if kind == "date" and (day := _date(value)) is not None:
                cell = self._cell(self._sheets[-1], day)
                cell.number_format = "yyyy-mm-dd"
                return cell
            return self._text(value)
        if isinstance(value, int) and abs(value) >= _EXACT:
            return float(value)
        return value

    def _text(self, value: str) -> Any:
        """What makes a cell with this text, whatever it looks like."""
        text = office_text(value)[:MOST_CHARACTERS]
        if not looks_like_formula(text) and not text.startswith("#"):
            return text
        # Set from within: the setter would take "=…" for a formula and "#N/A" for an error. The prefix, which is not
        # seen, keeps Excel from doing so when somebody edits the cell.
        cell = self._cell(self._sheets[-1], "")
        cell._value = text
        cell.data_type = "s"
        cell.quotePrefix = True
        return cell


def moment(text: str) -> datetime:
    """When the project was made: what a file says of its age must not change from one export to the next."""
    try:
        made = datetime.fromisoformat(text)
    except ValueError:
        made = datetime(2000, 1, 1)
    return made.astimezone(UTC).replace(tzinfo=None, microsecond=0) if made.tzinfo else made.replace(microsecond=0)


def _date(value: str) -> date | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if day >= _FIRST_DATE else None


def _letters(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(place + 1))
