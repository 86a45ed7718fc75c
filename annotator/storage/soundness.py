"""Whether a project file is fit for use: looked at each time that one is opened, before anything is written to it.

A file that is just as this program left it within the last day is known, and need not be read through again.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection

from annotator.domain.errors import Damaged
from annotator.domain.text import digest
from annotator.storage import dialect, schema, shape
from annotator.storage.backup import folder_for
from annotator.storage.check import journal_problems

_WAY_OUT = "Restore a backup, or save what can be read as a new project."
FORGET_AFTER = 86_400
"""Seconds after which a file is looked at again though nobody has written to it: disks go bad too."""
READ_HISTORY = 4_000_000
"""Characters of history that are compared with the rows each time: about a second's worth. `check` compares all."""


def refuse_unfit(connection: Connection, path: Path, *, known: bool, newest: bool, thorough: bool = False) -> None:
    """Raises Damaged where the file is damaged, or holds what could act by itself.

    A `known` file is not read through, unless `thorough`; `newest`: it has the tables of this program.
    """
    _refuse_strange(path, shape.strange(connection, schema.metadata))
    if newest:
        _refuse(path, shape.lost(connection, schema.metadata))
    if known and not thorough:
        return
    _refuse(path, dialect.integrity_problems(connection))
    _refuse(path, altered_texts(connection))
    if newest and _history_size(connection) <= READ_HISTORY:
        _refuse(path, journal_problems(connection))
    connection.rollback()
    _refuse(path, dialect.search_problems(connection, on_a_copy=False))


def refuse_strange(connection: Connection, path: Path) -> None:
    """Raises Damaged where something strange stands in the place of our tables, in a file of a newer version."""
    _refuse_strange(path, shape.strange(connection, schema.metadata, newer=True))


def _refuse(path: Path, problems: list[str]) -> None:
    if problems:
        raise Damaged(f"{path} is damaged ({problems[0].rstrip('.')}). {_WAY_OUT}")


def _refuse_strange(path: Path, problems: list[str]) -> None:
    if problems:
        raise Damaged(f"{path} was not opened: {problems[0][0].lower()}{problems[0][1:].rstrip('.')}. {_WAY_OUT}")


def altered_texts(connection: Connection) -> list[str]:
    """Texts that are not what their hash says."""
    for sha256, content in connection.exec_driver_sql("SELECT sha256, content FROM text"):
        if digest(content) != sha256:
            return ["A text is not the one that was stored."]
    return []


def _history_size(connection: Connection) -> int:
    size = connection.exec_driver_sql(
        "SELECT sum(coalesce(length(before), 0) + coalesce(length(after), 0)) FROM change"
    )
    return int(size.scalar_one() or 0)


# Files that are known


def _note(path: Path) -> Path:
    folder = folder_for(path)
    return folder.with_name(f"{folder.name}.known")


def _mark(path: Path) -> str:
    found = path.stat()
    return f"{found.st_size} {found.st_mtime_ns} {found.st_dev} {found.st_ino}"


def is_known(path: Path) -> bool:
    """Whether the file is as this program left it, not long ago."""
    try:
        at, _, mark = _note(path).read_text("utf-8").partition(" ")
        return mark == _mark(path) and abs(time.time() - float(at)) < FORGET_AFTER
    except (OSError, ValueError):
        return False


def remember(path: Path) -> None:
    """The file was closed in order: from now on it is known. `at` is when it was last read through."""
    with suppress(OSError, ValueError):
        note = _note(path)
        at = note.read_text("utf-8").partition(" ")[0] if note.exists() else ""
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(f"{at or time.time()} {_mark(path)}", "utf-8")


def forget(path: Path) -> None:
    """From now on it is not known, until it is closed in order. Called once it was looked at, for the time starts anew."""
    with suppress(OSError):
        _note(path).unlink(missing_ok=True)
