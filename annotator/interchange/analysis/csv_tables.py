"""The tables for analysis as CSV and TSV: a file a table, all of them in one zip."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import BinaryIO

from annotator.domain.exchange import Source
from annotator.interchange.analysis.bundles import Bundle, part_asked_for
from annotator.interchange.analysis.columns import DEFAULT, NAMES, Cell, Row, Table
from annotator.interchange.analysis.safe_text import joined, no_formula
from annotator.interchange.analysis.tables import Sink, write_tables

_LOSES = (
    "The tables for analysis are for reading elsewhere: no import makes a project of them again.",
    "Several values in one cell are apart by “; ” (their ids are apart in the tables mentions and members).",
    "An empty text and an empty list look like no value.",
    "Text that a spreadsheet would take for a formula gets an apostrophe before it.",
    "A file that is no zip or folder holds one table: the one in its name (study-attributions{0}), else annotations.",
)


class _DelimitedExporter:
    name = ""
    title = ""
    ending = ""
    extensions: tuple[str, ...] = ()
    options: tuple[str, ...] = ("table",)
    textless = True
    loses: tuple[str, ...] = ()
    folders = True
    dialect = "excel"
    encoding = "utf-8"

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """Every table into a zip, or one as it is."""
        alone = part_asked_for(options, NAMES, DEFAULT, self.ending)
        if alone is not None:
            write_tables(source, lambda table: self._sink(table, out), (alone,))
            return
        with Bundle() as bundle:
            write_tables(source, lambda table: self._sink(table, bundle.file(table.name + self.ending)))
            bundle.pack(out, lambda file: NAMES.index(file.removesuffix(self.ending)))

    def _sink(self, table: Table, out: BinaryIO) -> Sink:
        # The rows are gathered in a small buffer, so that `out` is neither closed nor flushed by a text layer.
        buffer = io.StringIO()
        writer = csv.writer(buffer, self.dialect, lineterminator="\r\n" if self.dialect == "excel" else "\n")
        out.write("".encode(self.encoding))

        def sink(row: Row) -> None:
            writer.writerow([_cell(value) for value in row])
            out.write(buffer.getvalue().encode("utf-8", "replace"))
            buffer.seek(0)
            buffer.truncate()

        sink([column.name for column in table.columns])
        return sink


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return no_formula(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return no_formula(joined(value))
    return repr(value)


class CsvExporter(_DelimitedExporter):
    """Writes CSV: commas, UTF-8 with a byte order mark, which Excel needs."""

    name = "csv"
    title = "CSV tables"
    ending = ".csv"
    extensions = (".csv.zip", ".csv")
    loses = tuple(sentence.format(".csv") for sentence in _LOSES)
    encoding = "utf-8-sig"


class TsvExporter(_DelimitedExporter):
    """Writes TSV: tabs, UTF-8; a cell with a tab, a line break or a quotation mark in it stands in quotation marks."""

    name = "tsv"
    title = "TSV tables"
    ending = ".tsv"
    extensions = (".tsv.zip", ".tsv")
    loses = tuple(sentence.format(".tsv") for sentence in _LOSES)
    dialect = "excel-tab"
