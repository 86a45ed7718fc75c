"""Reads what can still be read of a damaged project file, row by row, from a copy of it."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert

from annotator.domain.codebook import Codebook
from annotator.domain.errors import FileRefused
from annotator.domain.model import ProjectInfo
from annotator.domain.text import digest
from annotator.storage import dialect, schema
from annotator.storage.project_file import ProjectFile
from annotator.storage.text_scan import scan

Row = dict[str, Any]
_PAGE = 4096
_MOST_STEPS = 2**50
_BROKEN = (sqlite3.Error, UnicodeDecodeError)
"""The second where SQLite's own message quotes the damage."""
_PROBES = 1_000_000
"""How many rows are asked for one by one, at most, where a stretch of a table cannot be read."""


@contextmanager
def wreck(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a copy of a damaged file. Raises FileRefused where there is no file that can be copied."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.annot"
        try:
            shutil.copyfile(path, copy)
            journal = path.resolve().with_name(f"{path.resolve().name}-journal")
            if journal.exists():
                shutil.copyfile(journal, copy.with_name(f"{copy.name}-journal"))
        except OSError as error:
            raise FileRefused(f"{path} cannot be read: {error.strerror or error}.") from error
        if not _has_tables(copy):
            _give_first_page(copy)
        with closing(_connect(copy)) as connection:
            yield connection


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    connection.execute("PRAGMA trusted_schema=OFF")
    return connection


def _has_tables(path: Path) -> bool:
    try:
        with closing(_connect(path)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            return {"document", "text"} <= _tables(connection)
    except _BROKEN:
        return False


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def _was_never_there(connection: sqlite3.Connection, table: Table) -> bool:
    try:
        return table.name not in _tables(connection)
    except _BROKEN:
        return False


def _give_first_page(path: Path) -> None:
    """The list of tables stands on the first page. In a project that was never migrated it is as in a new one."""
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / "new.annot"
        ProjectFile.create(new, ProjectInfo("new", "new"), Codebook()).close()
        page = bytearray(new.read_bytes()[:_PAGE])
    content = path.read_bytes()
    count = -(-len(content) // _PAGE)
    # The size in pages, and no list of free pages; the two counters agree, so that the size is believed.
    page[28:32] = count.to_bytes(4, "big")
    page[32:40] = bytes(8)
    page[92:96] = page[24:28]
    path.write_bytes((bytes(page) + content[_PAGE:]).ljust(count * _PAGE, b"\0"))


def rows(connection: sqlite3.Connection, table: Table, owners: Iterable[str] = ()) -> tuple[list[Row], bool]:
    """The rows of a table that can be read, and whether those are all.

    `owners`: ids to ask for one by one in a table whose rows belong to others, where a part of it cannot be read.
    """
    has_rowid = bool(table.dialect_options["sqlite"]["with_rowid"])
    keys = [column.name for column in table.primary_key]
    found: dict[tuple[Any, ...], Row] = {}
    try:
        names = [r[1] for r in connection.execute(f"PRAGMA table_info({table.name})")]
    except _BROKEN:
        return [], False
    columns = ", ".join(column.name for column in table.columns if column.name in names)
    if not columns:
        return [], False
    first = "rowid" if has_rowid else keys[0]
    select = f"SELECT {first} AS place_, {columns} FROM {table.name}"

    def take(rest: str, *values: object) -> tuple[bool, Any]:
        """Read on until the end or the damage; whether it was the end, and where it stopped."""
        last = None
        try:
            for row in connection.execute(f"{select} {rest}", values):
                last = row["place_"]
                kept = {name: row[name] for name in row.keys() if name != "place_"}  # noqa: SIM118
                found[tuple(kept.get(key) for key in keys)] = kept
        except (sqlite3.Error, ValueError, OverflowError):
            return False, last
        return True, last

    # NOT INDEXED: what an index says of a damaged table need not be so.
    order = ", ".join(["rowid"] if has_rowid else keys)
    back = ", ".join(f"{key} DESC" for key in (["rowid"] if has_rowid else keys))
    whole, low = take(f"NOT INDEXED ORDER BY {order}" if has_rowid else f"ORDER BY {order}")
    if whole:
        return list(found.values()), True
    _, high = take(f"ORDER BY {back}")
    if has_rowid:
        start = low if isinstance(low, int) else 0
        # Beyond the last that could be read from either end there may be more: some hundred pages' worth.
        end = high if isinstance(high, int) and high > start else start + 20_000
        for place in range(start + 1, min(end, start + _PROBES)):
            take("WHERE rowid = ?", place)
    else:
        for owner in owners:
            take(f"WHERE {keys[0]} = ?", owner)
    return list(found.values()), False


TABLES = (
    schema.text,
    schema.document,
    schema.project,
    schema.layer,
    schema.link_type,
    schema.registry,
    schema.coder,
    schema.entry,
    schema.annotation,
    schema.link,
)

JUDGED = (
    (schema.dismissal, "document"),
    (schema.apart, "entry"),
    (schema.unwanted_name, "entry"),
    (schema.saved_search, ""),
)
"""What people decided besides, with the owners of the rows. Files of earlier versions lack some of these tables."""


def everything(connection: sqlite3.Connection) -> tuple[dict[str, list[Row]], list[str]]:
    """All rows that can be read by table, documents first, and the tables of which a part could not be read."""
    found: dict[str, list[Row]] = {}
    torn: list[str] = []

    def read(table: Table, owners: Iterable[str] = ()) -> None:
        there, whole = rows(connection, table, owners)
        # A page of another table in the place of this one's can be read well, and says something else.
        found[table.name] = [row for row in there if _fits(table, row)]
        if not whole or len(found[table.name]) < len(there):
            torn.append(table.name)

    for table in TABLES:
        read(table)
    # Also where the table can be read to its end: what its pages hold may have been written over.
    path = next(row[2] for row in connection.execute("PRAGMA database_list") if row[1] == "main")
    known = {row["sha256"] for row in found["text"] if digest(str(row.get("content") or "")) == row["sha256"]}
    scanned = {s: t for s, t in scan(Path(path)) if s not in known}
    found["text"] += [{"sha256": s, "content": t} for s, t in scanned.items()]
    for table, owner in ((schema.mention, "annotation"), (schema.member, "link")):
        read(table, [str(row["id"]) for row in found[owner]])
    for table, owner in JUDGED:
        found[table.name] = []
        if not _was_never_there(connection, table):
            read(table, [str(row["id"]) for row in found.get(owner, ())])
    found["step"], _ = rows(connection, schema.step)
    return found, torn


def _fits(table: Table, row: Row) -> bool:
    """Whether its values are of the kind that the columns hold."""
    for name, value in row.items():
        column = table.c[name]
        if value is None:
            if not column.nullable:
                return False
        elif not isinstance(value, column.type.python_type):
            return False
    return True


def keep_history(project: ProjectFile, steps: Iterable[Row]) -> int:
    """Put the lines of an older history before all that is done in a new project. They can be read, and not undone."""
    kept: dict[int, Row] = {}
    for row in steps:
        texts = all(isinstance(row.get(name), str) for name in ("action", "what", "coder", "at"))
        number = row.get("number")
        if texts and isinstance(number, int) and 0 < number < _MOST_STEPS and row.get("kind") == "do":
            names = ("number", "action", "what", "coder", "at", "kind")
            kept[number] = {**{name: row[name] for name in names}, "state": "dropped", "refers": None}
    if kept:
        with dialect.told_plainly(project.path):
            dialect.begin_write(project.connection)
            project.connection.execute(insert(schema.step), list(kept.values()))
            project.connection.commit()
    return len(kept)
