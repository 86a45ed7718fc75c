"""Whether a project file is sound as a file: SQLite's own check, the tables, references, and the journal.

Nothing here writes to the file, and a damaged one gives sentences, not errors.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.exc import SQLAlchemyError

from annotator.domain.errors import AnnotatorError, FileRefused
from annotator.domain.invariants import shown
from annotator.storage import dialect, schema, shape
from annotator.storage.gate import Key, key_of, rows_of
from annotator.storage.migrations import VERSION, migrate
from annotator.storage.queries import Queries

UNREADABLE = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, SQLAlchemyError, AnnotatorError)
"""What reading the content of a damaged file may raise."""

_KINDS = {"do": ("done", "undone", "dropped"), "undo": ("done",), "redo": ("done",)}


def refuse_if_no_file(path: Path) -> None:
    """Raises FileRefused where nothing can be read."""
    try:
        with path.open("rb"):
            return
    except (OSError, ValueError) as error:
        reason = (
            "it is not there" if isinstance(error, FileNotFoundError) else getattr(error, "strerror", None) or error
        )
        raise FileRefused(f"{path} cannot be read: {reason}.") from error


@contextmanager
def opened(path: Path) -> Iterator[Queries]:
    """A project file, however damaged, for looking at it. Raises FileRefused where it cannot even be opened."""
    with (
        _settled(path) as settled,
        dialect.told_plainly(path),
        _brought_up_to_date(settled, settled != path) as current,
    ):
        connection = dialect.engine_for(current, writable=current != path).connect()
        try:
            with dialect.one_view(connection):
                yield Queries(connection)
        finally:
            connection.close()


@contextmanager
def _settled(path: Path) -> Iterator[Path]:
    """The file, or a copy in which the step that a crash left half done is rolled back as opening would do it."""
    real = path.resolve()
    unfinished = real.with_name(f"{real.name}-journal")
    try:
        if not unfinished.exists() or not unfinished.stat().st_size:
            yield path
            return
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy.annot"
            shutil.copyfile(real, copy)
            shutil.copyfile(unfinished, copy.with_name(f"{copy.name}-journal"))
            yield copy
    except OSError as error:
        raise FileRefused(f"{path} cannot be read: {error.strerror or error}.") from error


@contextmanager
def _brought_up_to_date(path: Path, is_copy: bool) -> Iterator[Path]:
    """The file; of an older version, a copy that was migrated as opening would do it, unless it is damaged."""
    connection = dialect.engine_for(path, writable=is_copy).connect()
    try:
        application, version = dialect.stamps(connection)
        older = application == dialect.APPLICATION_ID and 0 < version < VERSION
        if not older or dialect.integrity_problems(connection):
            older = False
    except (AnnotatorError, SQLAlchemyError):
        older = False
    finally:
        connection.close()
    if not older:
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.annot"
        try:
            shutil.copyfile(path, copy)
            connection = dialect.engine_for(copy, writable=True).connect()
            try:
                migrate(connection, copy, version)
            finally:
                connection.close()
        except (OSError, AnnotatorError):
            copy = path
        yield copy


def file_problems(connection: Connection) -> list[str]:
    """What is wrong with the file, a sentence each. Where it finds anything, its content is not worth looking at."""
    try:
        application, version = dialect.stamps(connection)
        if application != dialect.APPLICATION_ID or version < 1:
            return ["The file is not an Annotator project, or its first page is damaged."]
        damage = [f"The file is damaged: {found.rstrip('.')}." for found in dialect.integrity_problems(connection)]
        if damage or version > VERSION:
            return damage
        return shape.problems(connection, schema.metadata)
    except (AnnotatorError, SQLAlchemyError) as error:
        return [dialect.damage_told(error)]


def journal_problems(connection: Connection) -> list[str]:
    """Whether the history hangs together, so that undo and redo find what they need."""
    found: list[str] = []
    step, change = schema.step, schema.change
    kinds = {
        row.number: row for row in connection.execute(select(step.c.number, step.c.kind, step.c.state, step.c.refers))
    }
    done = max((n for n, row in kinds.items() if (row.kind, row.state) == ("do", "done")), default=0)
    for number, row in kinds.items():
        if row.state not in _KINDS.get(row.kind, ()):
            found.append(f"Line {number} of the history is neither done nor undone.")
        elif row.kind == "do" and row.state == "undone" and number < done:
            found.append(f"Step {number} of the history is undone, though a later one is not.")
        elif row.kind != "do" and (row.refers not in kinds or kinds[row.refers].kind != "do"):
            found.append(f"Line {number} of the history takes back or repeats a step that is not there.")
    counted = select(change.c.step, func.count(), func.min(change.c.sequence), func.max(change.c.sequence))
    for number, count, first, last in connection.execute(counted.group_by(change.c.step)):
        if first != 1 or last != count:
            found.append(f"Step {number} of the history has lost a part of what it changed.")
    if found:
        return found
    at = "A step"
    try:
        for line in connection.execute(select(change.c.step, change.c.table_name, change.c.before, change.c.after)):
            at = f"Step {line.step}"
            table = schema.JOURNALLED[line.table_name]
            for kept in (line.before, line.after):
                if any(set(row) != set(table.c.keys()) for row in rows_of(table, kept) or ()):
                    raise ValueError("other columns")
    except UNREADABLE:
        return [f"{at} of the history cannot be read."]
    return _stale(connection)


def _stale(connection: Connection) -> list[str]:
    """Whether all rows are as the steps that hold left them: if not, something wrote past the program, or damaged them."""
    step, change = schema.step, schema.change
    left: dict[str, dict[Key, tuple[int, int]]] = {}
    lines = select(change).join(step, step.c.number == change.c.step).where(step.c.kind == "do", step.c.state == "done")
    for line in connection.execute(lines.order_by(change.c.step, change.c.sequence)):
        table = schema.JOURNALLED[line.table_name]
        rows = left.setdefault(table.name, {})
        for row in rows_of(table, line.before) or ():
            rows[key_of(table, row)] = (line.step, 0)
        for row in rows_of(table, line.after) or ():
            rows[key_of(table, row)] = (line.step, _mark(table, row))
    for name, rows in left.items():
        table = schema.JOURNALLED[name]
        for there in connection.execute(select(table)).mappings():
            number, mark = rows.pop(key_of(table, there), (0, 0))
            if number and mark != _mark(table, there):
                return [_stale_since(connection, number)]
        gone = next((number for number, mark in rows.values() if mark), 0)
        if gone:
            return [_stale_since(connection, gone)]
    return []


def _mark(table: Table, row: Mapping[Any, Any]) -> int:
    """A number for all that a row says, never 0: rows by the hundred thousand are remembered by it."""
    return hash(tuple([row[column.name] for column in table.columns])) or 1


def _stale_since(connection: Connection, number: int) -> str:
    label = connection.execute(select(schema.step.c.action, schema.step.c.what).where(schema.step.c.number == number))
    action, what = label.one()
    told = shown(action.replace("{what}", what))
    return f"The project is not as the step {told} left it: something else wrote to the file, or damaged it."
