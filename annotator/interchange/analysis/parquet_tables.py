"""The tables for analysis as Parquet: typed columns, lists as lists; a file a table, all of them in one zip."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING, Any, BinaryIO

from annotator.domain.exchange import Source
from annotator.interchange.analysis.bundles import Bundle, part_asked_for
from annotator.interchange.analysis.columns import DEFAULT, NAMES, Cell, Kind, Row, Table
from annotator.interchange.analysis.tables import write_tables

if TYPE_CHECKING:
    import pyarrow

_BATCH_ROWS = 20_000
_BATCH_CHARACTERS = 8_000_000


class ParquetExporter:
    """Writes Parquet."""

    name = "parquet"
    title = "Parquet tables"
    ending = ".parquet"
    extensions = (".parquet.zip", ".parquet")
    options: tuple[str, ...] = ("table",)
    textless = True
    folders = True
    loses = (
        "The tables for analysis are for reading elsewhere: no import makes a project of them again.",
        "Numbers are kept as 64-bit floating point: whole ones beyond 2^53 are rounded.",
        "A file that is no zip or folder holds one table: the one in its name (study-attributions.parquet), "
        "else annotations.",
    )

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """Every table into a zip, or one as it is."""
        alone = part_asked_for(options, NAMES, DEFAULT, self.ending)
        with ExitStack() as stack:
            if alone is not None:
                write_tables(source, lambda table: stack.enter_context(_File(table, out)), (alone,))
                return
            bundle = stack.enter_context(Bundle())
            with ExitStack() as files:
                write_tables(
                    source, lambda table: files.enter_context(_File(table, bundle.file(table.name + self.ending)))
                )
            bundle.pack(out, lambda file: NAMES.index(file.removesuffix(self.ending)))


class _File:
    """The sink of one table, which writes a batch of rows at a time."""

    def __init__(self, table: Table, out: BinaryIO) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        types: dict[Kind, pyarrow.DataType] = {
            "text": pa.string(),
            "texts": pa.list_(pa.string()),
            "integer": pa.int64(),
            "number": pa.float64(),
            "boolean": pa.bool_(),
            "date": pa.date32(),
        }
        self._kinds = [column.kind for column in table.columns]
        self._schema = pa.schema(
            [pa.field(c.name, types[c.kind], metadata={"description": c.about}) for c in table.columns],
            metadata={"description": table.about},
        )
        self._batch = pa.record_batch
        self._array = pa.array
        # pyarrow asks a Python file for what only some have; standard output, for one, cannot tell where it is.
        self._sink = pa.PythonFile(_Forward(out), mode="w")
        self._writer = parquet.ParquetWriter(self._sink, self._schema, compression="snappy")
        self._columns: list[list[Any]] = [[] for _ in self._kinds]
        self._rows = self._characters = 0

    def __enter__(self) -> _File:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._flush()
        self._writer.close()

    def __call__(self, row: Row) -> None:
        for kind, column, value in zip(self._kinds, self._columns, row, strict=True):
            if isinstance(value, str):
                self._characters += len(value)
            column.append(_value(kind, value))
        self._rows += 1
        if self._rows >= _BATCH_ROWS or self._characters >= _BATCH_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        if not self._rows:
            return
        arrays = [self._array(column, field.type) for column, field in zip(self._columns, self._schema, strict=True)]
        self._writer.write_batch(self._batch(arrays, schema=self._schema))
        self._columns = [[] for _ in self._kinds]
        self._rows = self._characters = 0


class _Forward:
    """A file that can only be written to, and is never closed from here."""

    closed = False

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._place = 0

    def write(self, data: Any) -> int:
        """The bytes, and how many."""
        data = bytes(data)
        self._out.write(data)
        self._place += len(data)
        return len(data)

    def tell(self) -> int:
        """How much was written."""
        return self._place

    def writable(self) -> bool:
        """It is."""
        return True

    def flush(self) -> None:
        """Whoever opened the file does that."""

    def close(self) -> None:
        """Whoever opened the file does that."""


def _value(kind: Kind, value: Cell) -> Any:
    if value is None:
        return None
    match kind:
        case "number":
            return float(value)  # type: ignore[arg-type]
        case "date":
            try:
                return date.fromisoformat(str(value))
            except ValueError:
                return None
        case "text":
            return str(value)
        case _:
            return value
