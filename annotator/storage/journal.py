"""The history: steps in order, undo and redo, all from the journal in the file, so that they survive a restart."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, func, insert, select, update

from annotator.domain.changes import ChangeSet, Origin, StepInfo
from annotator.domain.errors import Conflict, NothingToUndo
from annotator.domain.ids import now
from annotator.storage.gate import Gate, rows_of
from annotator.storage.schema import JOURNALLED, annotation, change, document, step, text

Tell = Callable[[int], object]
_LINES, _LETTERS = 6, 200_000
_SMALL = 4000


def is_large(connection: Connection, number: int) -> bool:
    """Whether a step wrote so much that to take it back takes longer than a blink."""
    sizes = select(func.count(), func.max(func.length(func.coalesce(change.c.after, change.c.before))))
    lines, letters = connection.execute(sizes.where(change.c.step == number)).one()
    return bool(lines > _LINES or (letters or 0) > _LETTERS)


def words_of(connection: Connection, number: int) -> str:
    """The words of the one annotation that a step wrote; "" where it wrote none or several."""
    image = func.coalesce(change.c.after, change.c.before)
    written = select(func.substr(image, 1, _SMALL + 1), change.c.before, change.c.after)
    written = written.where(change.c.step == number, change.c.table_name == annotation.name).limit(2)
    lines = connection.execute(written).all()
    if len(lines) != 1 or len(lines[0][0]) > _SMALL:
        return ""
    rows = rows_of(annotation, lines[0].after) or rows_of(annotation, lines[0].before) or []
    if len(rows) != 1:
        return ""
    start, stop = int(rows[0]["start"]), int(rows[0]["stop"])
    words = select(func.substr(text.c.content, start + 1, stop - start)).join(
        document, document.c.sha256 == text.c.sha256
    )
    found = connection.execute(words.where(document.c.id == rows[0]["document_id"])).scalar()
    return " ".join(str(found or "").split())


def begin(connection: Connection, action: str, what: str, coder: str) -> int:
    """Write the step's line and return its number. Steps that were undone are dropped: there is a new future."""
    connection.execute(update(step).where(step.c.kind == "do", step.c.state == "undone").values(state="dropped"))
    return _line(connection, action, what, coder, "do", None)


def _line(connection: Connection, action: str, what: str, coder: str, kind: Origin, refers: int | None) -> int:
    values = {"action": action, "what": what, "coder": coder, "at": now(), "kind": kind, "refers": refers}
    key = connection.execute(insert(step), values).inserted_primary_key
    assert key is not None
    return int(key[0])


def next_undo(connection: Connection) -> StepInfo | None:
    """The step that undo would take back."""
    return _first(connection, state="done", newest=True)


def next_redo(connection: Connection) -> StepInfo | None:
    """The step that redo would do again."""
    return _first(connection, state="undone", newest=False)


def _first(connection: Connection, *, state: str, newest: bool) -> StepInfo | None:
    order = step.c.number.desc() if newest else step.c.number
    found = select(step).where(step.c.kind == "do", step.c.state == state).order_by(order).limit(1)
    row = connection.execute(found).first()
    return StepInfo(row.number, row.action, row.what, row.coder, row.at, row.kind, row.state) if row else None


def undo(connection: Connection, coder: str, tell: Tell | None = None) -> ChangeSet:
    """Take back the newest step that is done, inside the caller's transaction."""
    info = next_undo(connection)
    if info is None:
        raise NothingToUndo("There is nothing to undo.")
    return _flip(connection, info, coder, "undo", tell)


def redo(connection: Connection, coder: str, tell: Tell | None = None) -> ChangeSet:
    """Do the oldest undone step again, inside the caller's transaction."""
    info = next_redo(connection)
    if info is None:
        raise NothingToUndo("There is nothing to redo.")
    return _flip(connection, info, coder, "redo", tell)


def _flip(connection: Connection, info: StepInfo, coder: str, direction: Origin, tell: Tell | None) -> ChangeSet:
    number = _line(connection, info.action, info.what, coder, direction, info.number)
    gate = Gate(connection, number, journal=False)
    gate.tell = tell
    sequence = change.c.sequence.desc() if direction == "undo" else change.c.sequence
    for line in connection.execute(select(change).where(change.c.step == info.number).order_by(sequence)):
        table = JOURNALLED[line.table_name]
        before, after = rows_of(table, line.before), rows_of(table, line.after)
        try:
            gate.swap_back(table, *((before, after) if direction == "undo" else (after, before)))
        except Conflict as conflict:
            raise Conflict(
                f"“{info.label}” cannot be {direction}ne: what it changed has been changed again since."
            ) from conflict
    state = "undone" if direction == "undo" else "done"
    connection.execute(update(step).where(step.c.number == info.number).values(state=state))
    return gate.change_set(info.action, info.what, direction)


def history(connection: Connection, limit: int) -> list[StepInfo]:
    """The newest lines of the history first."""
    rows = connection.execute(select(step).order_by(step.c.number.desc()).limit(limit))
    return [StepInfo(row.number, row.action, row.what, row.coder, row.at, row.kind, row.state) for row in rows]
