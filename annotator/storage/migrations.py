"""Versions of the tables, and the way from each to the next.

A migration is a function from version N to N + 1, run in one transaction after a verified backup. A program reads files of
its own version and older ones; a newer file that says it may be read by this version opens for reading only.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from annotator.domain.errors import FileRefused
from annotator.storage.dialect import begin_write, stamp

VERSION = 1
MIN_READER = 1

MIGRATIONS: dict[int, Callable[[Connection], None]] = {}
"""Keyed by the version that a migration starts from."""


def migrate(connection: Connection, path: Path, found: int, to: int = VERSION) -> None:
    """Bring a file from version `found` to `to`, step by step. Raises FileRefused where no way leads there."""
    for version in range(found, to):
        if version not in MIGRATIONS:
            raise FileRefused(f"{path} has the unknown version {version}; it cannot be opened.")
        begin_write(connection)
        try:
            MIGRATIONS[version](connection)
            stamp(connection, version + 1)
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
