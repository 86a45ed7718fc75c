"""Versions of the tables, and the way from each to the next.

A migration is a function from version N to N + 1. All that a file needs run in one transaction, after a verified
backup: the file comes out at the newest version or as it was. A program reads files of its own version and older ones;
a newer file that says it may be read by this version opens for reading only.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, update

from annotator.domain.errors import AnnotatorError, FileRefused
from annotator.storage.dialect import begin_write, roll_back, stamp
from annotator.storage.schema import file_format

VERSION = 3
MIN_READER = 1


def _help_and_version(connection: Connection) -> None:
    """Guidelines and examples for the parts of a codebook, and the number of its version."""
    text, list_ = "TEXT NOT NULL DEFAULT ''", "TEXT NOT NULL DEFAULT '[]'"
    for table in ("layer", "link_type", "registry"):
        if table == "registry":
            connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN description {text}")
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN guidelines {text}")
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN examples {list_}")
    connection.exec_driver_sql("ALTER TABLE project ADD COLUMN codebook_version INTEGER NOT NULL DEFAULT '1'")


def _version_3(connection: Connection) -> None:
    """What the third version adds."""
    _apart(connection)
    _searching(connection)


def _apart(connection: Connection) -> None:
    """Pairs of entries that are not duplicates."""
    refers = "TEXT NOT NULL REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED"
    connection.exec_driver_sql(
        f"CREATE TABLE apart (first {refers}, second {refers}, PRIMARY KEY (first, second)) STRICT, WITHOUT ROWID"
    )
    connection.exec_driver_sql("CREATE INDEX apart_by_second ON apart (second)")


def _searching(connection: Connection) -> None:
    """Names that are not to be proposed, and searches with a name."""
    connection.exec_driver_sql(
        "CREATE TABLE unwanted_name (entry_id TEXT NOT NULL REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,"
        " name TEXT NOT NULL, PRIMARY KEY (entry_id, name)) STRICT, WITHOUT ROWID"
    )
    text, flag = "TEXT NOT NULL DEFAULT", "INTEGER NOT NULL DEFAULT '0'"
    connection.exec_driver_sql(
        f"CREATE TABLE saved_search (id TEXT NOT NULL PRIMARY KEY, name {text} '', line {text} '',"
        f" mode {text} 'words', exact {flag}, whole {flag}) STRICT"
    )


MIGRATIONS: dict[int, Callable[[Connection], None]] = {1: _help_and_version, 2: _version_3}
"""Keyed by the version that a migration starts from."""


def migrate(connection: Connection, path: Path, found: int, to: int = VERSION) -> None:
    """Bring a file from version `found` to `to`, step by step. Raises FileRefused where no way leads there."""
    versions = range(found, to)
    for version in versions:
        if version not in MIGRATIONS:
            raise FileRefused(f"{path} has the unknown version {version}; it cannot be opened.")
    begin_write(connection)
    try:
        for version in versions:
            MIGRATIONS[version](connection)
        stamp(connection, to)
        connection.execute(update(file_format).values(min_reader=MIN_READER))
        connection.commit()
    except AnnotatorError:
        roll_back(connection)
        raise
    except Exception as error:
        roll_back(connection)
        raise FileRefused(f"{path} could not be brought up to date ({error}). It is as it was before.") from error
