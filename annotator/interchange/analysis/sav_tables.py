"""The tables for analysis for SPSS: choices as numbers with labels; a file a table, all of them in one zip."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from annotator.domain.errors import FileRefused
from annotator.domain.exchange import Source
from annotator.interchange.analysis.bundles import Bundle, part_asked_for
from annotator.interchange.analysis.columns import DEFAULT, Cell, Column, Row, Table
from annotator.interchange.analysis.safe_text import REPLACEMENT, cut_bytes, joined
from annotator.interchange.analysis.tables import write_tables

NAMES = ("documents", "annotations", "attributions", "entries", "coders", "mentions", "fragments", "links", "members")
MOST_BYTES = 2_000
_LABEL = 120
_VARIABLE_LABEL = 250
_NAME = 60
_CLOCK, _HEAD = 92, 109
"""Where an SPSS file says on what day and at what time it was written; the same project gives the same file."""
_RESERVED = {"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}


class SavExporter:
    """Writes SPSS system files."""

    name = "sav"
    title = "SPSS tables"
    ending = ".sav"
    extensions = (".sav.zip", ".sav")
    options: tuple[str, ...] = ("table",)
    textless = True
    folders = True
    loses = (
        "The tables for analysis are for reading elsewhere: no import makes a project of them again.",
        "The articles' texts, the guidelines and the descriptions in the codebook are left out.",
        "Texts of more than 2,000 bytes are cut; blanks at their ends and NUL characters are lost.",
        "Numbers are kept as 64-bit floating point, and an empty text looks like no value.",
        "Variables have names of Latin letters and digits; their labels say what they were.",
        "A file that is no zip or folder holds one table: the one in its name (study-attributions.sav), "
        "else annotations.",
    )

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """Every table into a zip, or one as it is."""
        alone = part_asked_for(options, NAMES, DEFAULT, self.ending)
        tables: dict[str, tuple[Table, list[Row]]] = {}

        def opened(table: Table) -> Any:
            # The library wants a whole table at once.
            rows: list[Row] = []
            tables[table.name] = (table, rows)
            return rows.append

        write_tables(source, opened, NAMES if alone is None else (alone,))
        if alone is not None:
            self._write_one(*tables[alone], out)
            return
        with Bundle() as bundle:
            for name in NAMES:
                self._write_one(*tables.pop(name), bundle.file(name + self.ending))
            bundle.pack(out)

    def _write_one(self, table: Table, rows: list[Row], out: BinaryIO) -> None:
        import pandas
        import pyreadstat

        variables = _variables(table.columns)
        columns: dict[str, Any] = {}
        for variable in variables:
            kind = "float64" if variable.numeric else "object"
            columns[variable.name] = pandas.Series([variable.value(row) for row in rows], dtype=kind)
        frame = pandas.DataFrame(columns)
        with tempfile.TemporaryDirectory(prefix="annotator-") as folder:
            path = Path(folder) / "table.sav"
            with _told():
                pyreadstat.write_sav(
                    frame,
                    path,
                    file_label=cut_bytes(table.name, 60),
                    column_labels={variable.name: variable.label for variable in variables},
                    variable_value_labels={v.name: v.value_labels for v in variables if v.value_labels},
                    variable_measure={v.name: v.measure for v in variables},
                    variable_format={v.name: "F8.0" for v in variables if v.whole},
                    row_compress=True,
                )
            with path.open("rb") as file:
                head = bytearray(file.read(_HEAD))
                head[_CLOCK:_HEAD] = b"01 Jan 0000:00:00"
                out.write(head)
                while block := file.read(1 << 20):
                    out.write(block)


@contextmanager
def _told() -> Iterator[None]:
    import pyreadstat

    try:
        yield
    except pyreadstat.ReadstatError as error:
        raise FileRefused(f"The SPSS file was not written: {error}.") from None


class _Variable:
    """A variable of SPSS: a column, or one choice of a column that may hold several."""

    def __init__(self, place: int, column: Column, name: str, choice: str | None = None) -> None:
        self.name = name
        self._place = place
        self._kind = column.kind
        self._choice = choice
        label = column.name if choice is None else f"{column.name}: {choice}"
        if column.about and column.about != "Metadata":
            label += f" ({column.about})"
        self.label = cut_bytes(_whole(label), _VARIABLE_LABEL)
        self._codes: dict[str, float] = {}
        self.value_labels: dict[float, str] = {}
        if choice is not None or column.kind == "boolean":
            self.value_labels = {0.0: "no", 1.0: "yes"}
        elif column.choices and column.kind == "text":
            self._codes = {text: float(number) for number, text in enumerate(column.choices, 1)}
            self.value_labels = {code: cut_bytes(_whole(text), _LABEL) or " " for text, code in self._codes.items()}
        self.numeric = bool(self.value_labels) or column.kind in ("integer", "number")
        self.whole = bool(self.value_labels) or column.kind == "integer"
        self.measure = "scale" if column.kind in ("integer", "number", "date") else "nominal"

    def value(self, row: Sequence[Cell]) -> Any:
        """The cell of this variable."""
        value = row[self._place]
        if value is None:
            return None
        if self._choice is not None:
            return float(self._choice in value)  # type: ignore[operator]
        if self._codes:
            return self._codes.get(str(value))
        if self.numeric:
            return float(value)  # type: ignore[arg-type]
        if self._kind == "date":
            try:
                return date.fromisoformat(str(value))
            except ValueError:
                return None
        text = joined(value) if isinstance(value, list) else str(value)
        return cut_bytes(_whole(text), MOST_BYTES) or None


def _variables(columns: Sequence[Column]) -> list[_Variable]:
    taken: set[str] = set()
    variables = []
    for place, column in enumerate(columns):
        if column.kind == "texts" and column.choices:
            for choice in column.choices:
                name = _name(f"{column.name}.{choice}", taken, place)
                variables.append(_Variable(place, column, name, choice))
        else:
            variables.append(_Variable(place, column, _name(column.name, taken, place)))
    return variables


def _name(wish: str, taken: set[str], place: int) -> str:
    """A name as SPSS allows it: Latin letters, digits, dots and low lines, a letter first; upper case counts for nought."""
    name = re.sub(r"[^A-Za-z0-9.]+", "_", wish).strip("_.")[:_NAME].rstrip("_.")
    if not name or not name[0].isalpha() or name.lower() in _RESERVED:
        name = f"v{place + 1}_{name}".rstrip("_.")
    base, number = name, 2
    while name.lower() in taken:
        name, number = f"{base[: _NAME - 5]}_{number}", number + 1
    taken.add(name.lower())
    return name


def _whole(text: str) -> str:
    """The text without what would end it early."""
    return text.replace("\0", REPLACEMENT).encode("utf-8", "replace").decode()
