"""All that is particular to one database engine. SQLite is the project file; a server would be a second such module."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Engine,
    ExceptionContext,
    NullPool,
    Select,
    Table,
    create_engine,
    event,
    func,
    insert,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError

from annotator.domain.errors import AnnotatorError, Damaged, FileRefused, NotSaved

APPLICATION_ID = 0x416E6E6F  # "Anno"
PATIENCE = 5.0
"""Seconds to wait while another program writes."""

SEARCH_TABLE = """
CREATE VIRTUAL TABLE IF NOT EXISTS text_search
USING fts5(content, content='text', content_rowid='id', tokenize="unicode61 remove_diacritics 2")
"""
SEARCH_BEHIND = """
INSERT INTO text_search (rowid, content)
SELECT id, content FROM text WHERE id > (SELECT coalesce(max(id), 0) FROM text_search_docsize)
"""
IS_BEHIND = "SELECT coalesce(max(id), 0) > (SELECT coalesce(max(id), 0) FROM text_search_docsize) FROM text"
LARGEST = 1 << 28
"""Bytes in one value: no article comes near, and a value that claims to be larger is not read."""


def engine_for(path: Path, *, writable: bool, create: bool = False) -> Engine:
    """An engine on a project file; every connection of it is set up alike. Does not touch the file yet."""
    mode = "rwc" if create else "rw" if writable else "ro"
    uri = f"file:{quote(str(path.absolute()))}?mode={mode}"

    def connect() -> sqlite3.Connection:
        # Explicit transactions only: the driver's own BEGINs break savepoints.
        made = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=PATIENCE, check_same_thread=False)
        made.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST)
        made.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        made.setlimit(sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1)
        return made

    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=NullPool)

    @event.listens_for(engine, "handle_error")
    def _tell(context: ExceptionContext) -> AnnotatorError | None:
        # Reads too: whatever touches the file, a person gets the one sentence.
        plain = plain_error(context.original_exception, path)
        return plain if isinstance(plain, AnnotatorError) else None

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        for pragma in (
            "foreign_keys=ON",
            "synchronous=FULL",
            "trusted_schema=OFF",
            "cell_size_check=ON",
            "cache_size=-4096",
            "temp_store=MEMORY",
        ):
            try:
                connection.execute(f"PRAGMA {pragma}")
            except sqlite3.Error:
                connection.close()  # SQLAlchemy never gets it, so nobody else would
                raise

    return engine


def begin_write(connection: Connection) -> None:
    """Start a transaction that holds the write lock from its first moment."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def roll_back(connection: Connection) -> None:
    """End the transaction that is open, also one whose commit failed: SQLAlchemy thinks that one over, SQLite does not."""
    connection.rollback()
    raw = connection.connection.driver_connection
    if raw is not None and raw.in_transaction:
        raw.rollback()


@contextmanager
def one_view(connection: Connection) -> Iterator[None]:
    """All reads inside see the project as it was at the first of them."""
    raw = connection.connection.driver_connection
    if raw is None or raw.in_transaction:
        yield
        return
    connection.exec_driver_sql("BEGIN")
    try:
        yield
    finally:
        connection.rollback()


def plain_rows(
    connection: Connection, statement: Select[Any] | str, values: tuple[object, ...] = ()
) -> list[tuple[Any, ...]]:
    """All rows just as the driver gives them: wrapping each would double what reading a large project costs.

    A statement that never changes may be plain SQL, which need not be compiled each time a project is opened.
    """

    def asked() -> CursorResult[Any]:
        if isinstance(statement, str):
            return connection.exec_driver_sql(statement, values)
        return connection.execute(statement)

    with asked() as result:
        if result.cursor is not None:
            try:
                return list(result.cursor.fetchall())
            except sqlite3.Error:
                pass  # asked again below, where SQLAlchemy tells of it as it does of all errors
    return [tuple(row) for row in asked()]


def day_of(values: ColumnElement[str], key: str) -> ColumnElement[str]:
    """The first ten characters (a day, where it is a date) of what a column of JSON holds under a key; NULL for nothing."""
    return func.substr(func.json_extract(values, f'$."{key}"'), 1, 10)


def insert_plain(connection: Connection, table: Table, rows: list[tuple[Any, ...]]) -> None:
    """Add rows of every column in the order of the table, straight to the driver: for a large import SQLAlchemy would
    take as long to prepare each row's parameters as SQLite takes to write it."""
    connection.exec_driver_sql(_insert_into(table), rows)


def update_plain(connection: Connection, table: Table, names: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Set these columns of rows: the columns' values, then those of the key. Straight to the driver, as above."""
    values = ", ".join(f"{name} = ?" for name in names)
    condition = " AND ".join(f"{column.name} = ?" for column in table.primary_key)
    connection.exec_driver_sql(f"UPDATE {table.name} SET {values} WHERE {condition}", rows)


@lru_cache(maxsize=64)
def _insert_into(table: Table) -> str:
    return str(insert(table).compile(dialect=sqlite.dialect()))


def keep_texts(connection: Connection, rows: list[tuple[str, str]]) -> None:
    """Add texts under their hashes, except those that are there already."""
    connection.exec_driver_sql("INSERT INTO text (sha256, content) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING", rows)


def stamp(connection: Connection, version: int) -> None:
    """Mark the file as ours, at this version of the tables."""
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version={version}")


def stamps(connection: Connection) -> tuple[int, int]:
    """The file's application id and the version of its tables."""
    application = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    return int(application), int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def use_rollback_journal(connection: Connection, *, closing: bool = False) -> None:
    """TRUNCATE with FULL survives power loss (DELETE would need EXTRA); DELETE at the end leaves no file beside ours."""
    connection.exec_driver_sql(f"PRAGMA journal_mode={'DELETE' if closing else 'TRUNCATE'}")


def integrity_problems(connection: Connection) -> list[str]:
    """What SQLite itself finds wrong with the file; empty where it is sound."""
    told = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
    lines = [" ".join(line.split()) for part in told for line in part.splitlines()]
    found = [line for line in lines if line and line != "ok" and not line.startswith("*** in database")]
    path = next((str(row[2]) for row in connection.exec_driver_sql("PRAGMA database_list") if row[1] == "main"), "")
    pages, size = (int(connection.exec_driver_sql(f"PRAGMA page_{of}").scalar_one()) for of in ("count", "size"))
    if path and os.path.getsize(path) != pages * size:
        found.append(f"it has {os.path.getsize(path)} bytes where it should have {pages * size}")
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(20)
    return found + [f"a row of {row[0]} refers to something missing in {row[2]}" for row in broken]


def search_problems(connection: Connection, *, on_a_copy: bool = True) -> list[str]:
    """Whether the search index says what the texts say.

    SQLite looks only with the right to write, though it writes nothing: without that right a copy is looked at.
    """
    raw = connection.connection.driver_connection
    assert raw is not None
    if not raw.execute("SELECT 1 FROM sqlite_schema WHERE name = 'text_search'").fetchone():
        return ["The search index is gone."]
    copy = sqlite3.connect("", isolation_level=None) if on_a_copy else None  # no name: SQLite keeps it to itself
    try:
        if copy is not None:
            raw.backup(copy)
        looked = copy or raw
        looked.execute("BEGIN")
        try:
            behind = looked.execute(IS_BEHIND).fetchone()[0]
            if behind and copy is not None:
                copy.execute(SEARCH_BEHIND)
            # Compared with the texts (1) only where it has all of them.
            compared = int(not behind or copy is not None)
            looked.execute("INSERT INTO text_search (text_search, rank) VALUES ('integrity-check', ?)", (compared,))
        finally:
            looked.rollback()
    except sqlite3.DatabaseError as error:
        if not _tells_damage(error):
            raise
        return ["The search index is damaged."]
    finally:
        if copy is not None:
            copy.close()
    return []


@contextmanager
def told_plainly(path: Path | str) -> Iterator[None]:
    """Turns what the database reports into one sentence for a person."""
    try:
        yield
    except UnicodeDecodeError as error:  # SQLite's own message quotes the damage
        raise Damaged(f"{path} is damaged. Restore a backup, or run annotator check on it.") from error
    except (DBAPIError, sqlite3.Error) as error:
        plain = plain_error(getattr(error, "orig", None) or error, path)
        if isinstance(plain, AnnotatorError):
            raise plain from error
        raise


def _tells_damage(error: BaseException) -> bool:
    # Some that SQLite tells only by their words; the last is a search index whose first rows are gone.
    told = str(error) if isinstance(error, sqlite3.OperationalError) else ""
    by_words = told.startswith(("Could not decode to UTF-8", "unsupported file format", "invalid fts5 file format"))
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return by_words or code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


def damage_told(error: BaseException) -> str:
    """What SQLite found damaged, in a sentence for the check; the error's own sentence where it is another."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, sqlite3.Error) and _tells_damage(cause):
            return f"The file is damaged: {' '.join(str(cause).split())}."
        cause = cause.__cause__
    told = " ".join(str(getattr(error, "orig", None) or error).split())
    return told if isinstance(error, AnnotatorError) else f"The file cannot be read: {told.rstrip('.')}."


def plain_error(error: BaseException, path: Path | str) -> Exception:
    """The sentence for a database error; what no user can cause comes back unchanged."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if _tells_damage(error):
        return Damaged(
            f"{path} is damaged or is not an Annotator project. Restore a backup, or run annotator check on it."
        )
    if code == sqlite3.SQLITE_TOOBIG or isinstance(error, OverflowError):
        return FileRefused(f"{path} would hold more in one place than a project can. Nothing was changed.")
    if code == sqlite3.SQLITE_FULL:
        return NotSaved(f"{path} cannot grow: the disk is full. Nothing was changed; make room and try again.")
    if code == sqlite3.SQLITE_READONLY:
        return NotSaved(f"{path} cannot be written: the file or its folder is read-only. Nothing was changed.")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return NotSaved(f"{path} is in use by another program. Nothing was changed; try again in a moment.")
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM):
        return NotSaved(f"{path} cannot be read or written: {error}. Nothing was changed.")
    return error if isinstance(error, Exception) else RuntimeError(str(error))
