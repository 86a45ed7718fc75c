"""All that is particular to one database engine. SQLite is the project file; a server would be a second such module."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, ExceptionContext, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from annotator.domain.errors import AnnotatorError, FileRefused, ReadOnly

APPLICATION_ID = 0x416E6E6F  # "Anno"

SEARCH_TABLE = """
CREATE VIRTUAL TABLE IF NOT EXISTS text_search
USING fts5(content, content='text', content_rowid='id', tokenize="unicode61 remove_diacritics 2")
"""


def engine_for(path: Path, *, writable: bool, create: bool = False) -> Engine:
    """An engine on a project file; every connection of it is set up alike. Does not touch the file yet."""
    mode = "rwc" if create else "rw" if writable else "ro"
    uri = f"file:{quote(str(path.absolute()))}?mode={mode}"

    def connect() -> sqlite3.Connection:
        # Explicit transactions only: the driver's own BEGINs break savepoints.
        return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=5.0, check_same_thread=False)

    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=NullPool)

    @event.listens_for(engine, "handle_error")
    def _tell(context: ExceptionContext) -> None:
        # Reads too: whatever touches the file, a person gets the one sentence.
        plain = plain_error(context.original_exception, path)
        if isinstance(plain, AnnotatorError):
            context.chained_exception = plain

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        for pragma in (
            "foreign_keys=ON",
            "synchronous=FULL",
            "trusted_schema=OFF",
            "cache_size=-16384",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def begin_write(connection: Connection) -> None:
    """Start a transaction that holds the write lock from its first moment."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


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
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)") if row[0] != "ok"]
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return found + [f"a row of {row[0]} refers to something missing in {row[2]}" for row in broken[:20]]


@contextmanager
def told_plainly(path: Path | str) -> Iterator[None]:
    """Turns what the database reports into one sentence for a person."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        plain = plain_error(getattr(error, "orig", None) or error, path)
        if isinstance(plain, AnnotatorError):
            raise plain from error
        raise


def plain_error(error: BaseException, path: Path | str) -> Exception:
    """The sentence for a database error; what no user can cause comes back unchanged."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    undecodable = isinstance(error, sqlite3.OperationalError) and str(error).startswith("Could not decode to UTF-8")
    if undecodable or code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return FileRefused(
            f"{path} is damaged or is not an Annotator project. Restore a backup, or run annotator check on it."
        )
    if code == sqlite3.SQLITE_FULL:
        return FileRefused(f"{path} cannot grow: the disk is full. Nothing was changed; make room and try again.")
    if code == sqlite3.SQLITE_READONLY:
        return ReadOnly(f"{path} cannot be written: the file or its folder is read-only. Nothing was changed.")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return FileRefused(f"{path} is in use by another program. Nothing was changed; try again in a moment.")
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM):
        return FileRefused(f"{path} cannot be read or written: {error}. Nothing was changed.")
    return error if isinstance(error, Exception) else RuntimeError(str(error))
