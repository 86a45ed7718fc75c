"""One project file: create, open, write in steps, undo, close."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError, InvalidRequestError, OperationalError

from annotator.domain.changes import ChangeSet, StepInfo
from annotator.domain.codebook import Codebook
from annotator.domain.errors import (
    AnnotatorError,
    Busy,
    Conflict,
    Damaged,
    FileRefused,
    InvalidValue,
    NotSaved,
    ReadOnly,
)
from annotator.domain.model import ProjectInfo
from annotator.storage import dialect, journal, schema, soundness
from annotator.storage.backup import back_up, backups, copy_to, put_in_place
from annotator.storage.gate import Gate
from annotator.storage.lock import WriterLock
from annotator.storage.migrations import MIN_READER, VERSION, migrate
from annotator.storage.queries import Queries
from annotator.storage.search import SearchIndex
from annotator.storage.writer import Writer

_AT_FIRST, _AT_MOST = 16, 4096
"""Texts that are indexed in one transaction."""
_SLICE, _BREATH = 0.02, 0.002
"""Seconds that it may take, for a step that is made meanwhile waits as long; and that others have to get their turn."""


class OpenStep:
    """A step that is being written: `add`, `replace` and `remove` by way of `writer`."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.change_set: ChangeSet | None = None


class _Turn:
    """Whose turn it is to write, among the connections of one window: SQLite's own waiting is in sleeps, and unfair."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.waiting = 0
        self.reason = ""
        """Why only one of them may write for longer than anybody should wait."""
        self.closed = False
        """Whether the project was closed: what another thread still wants to write comes too late."""
        self.at_end: Callable[[], object] | None = None
        """Lets go of the project. Done by who has the turn when it is closed: the lock must outlast the last write."""

    def end(self) -> None:
        """Let go of the project, once. For who has the turn."""
        at_end, self.at_end = self.at_end, None
        if at_end is not None:
            at_end()


class _ModernCopy:
    """A project of an older version as this version would have it, for who may only read: the file stays as it is."""

    def __init__(self, connection: Connection, path: Path) -> None:
        """Raises FileRefused where there is no room for it."""
        self._folder = tempfile.TemporaryDirectory(prefix="annotator-", ignore_cleanup_errors=True)
        self._place = Path(self._folder.name) / "copy.annot"
        raw = connection.connection.driver_connection
        assert raw is not None
        try:
            copy_to(raw, self._place)
            with dialect.engine_for(self._place, writable=True).connect() as copy:
                migrate(copy, path, dialect.stamps(copy)[1])
        except BaseException:
            self.remove()
            raise

    def connect(self) -> Connection:
        """A connection to it."""
        return dialect.engine_for(self._place, writable=False).connect()

    def remove(self) -> None:
        """Nobody reads it any more."""
        self._folder.cleanup()


class ProjectFile:
    """An open project. Use `create` or `open`."""

    def __init__(
        self,
        path: Path,
        connection: Connection,
        lock: WriterLock | None,
        reason: str = "",
        *,
        owns_lock: bool = True,
        turn: _Turn | None = None,
        copy: _ModernCopy | None = None,
    ) -> None:
        self.path = path
        self.connection = connection
        self.queries = Queries(connection)
        self.search_index = SearchIndex(connection)
        self.read_only_reason = reason
        self.can_be_taken_over = False
        self._lock = lock
        self._owns_lock = owns_lock
        self._copy = copy
        self._file_id = _file_id(path)
        self._busy = False
        self._turn = turn or _Turn()
        self._long = False

    @property
    def read_only(self) -> bool:
        """Whether nothing may be written."""
        return bool(self.read_only_reason)

    @classmethod
    def create(cls, path: Path, info: ProjectInfo, codebook: Codebook) -> ProjectFile:
        """Make a new project file. Raises FileRefused where there is a file already or the folder does not allow it."""
        try:
            if path.exists() or path.is_symlink():
                raise FileRefused(f"{path} exists already; choose another name.")
            if not path.parent.is_dir():
                raise FileRefused(f"{path} cannot be made: the folder {path.parent} does not exist.")
            # Built under another name and put in place whole, so that no half-made project can be met.
            part = path.with_name(f".{path.name[:40]}.{os.getpid()}.part")
            part.unlink(missing_ok=True)
        except (OSError, ValueError) as error:  # a name that is too long, or that no file can have
            raise FileRefused(f"{path} cannot be made: {_reason(error)}.") from error
        try:
            with dialect.told_plainly(path):
                engine = dialect.engine_for(part, writable=True, create=True)
                with engine.connect() as connection:
                    _fill(connection, info, codebook)
            put_in_place(part, path)
        except NotSaved as error:
            raise FileRefused(str(error).replace(str(part), str(path))) from error
        except OSError as error:
            raise FileRefused(f"{path} cannot be made: {_reason(error)}.") from error
        finally:
            part.unlink(missing_ok=True)
        return cls.open(path)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, take_over: bool = False) -> ProjectFile:
        """Open a project file; for reading only where asked, or where another program writes it (the reason says who).

        `take_over`: write it though a program on another computer may have it open, of which nothing can be known.
        """
        _check_kind(path)
        lock, reason, held = None, "it was opened for reading only" if read_only else "", None
        if not read_only:
            lock, reason, held = _right_to_write(path, take_over)
        try:
            opened = cls._open(path, lock, reason)
            opened.can_be_taken_over = held is not None and held.can_be_taken_over
            return opened
        except BaseException:
            if lock:
                lock.free()
            raise

    @classmethod
    def _open(cls, path: Path, lock: WriterLock | None, reason: str) -> ProjectFile:
        copy = None
        with dialect.told_plainly(path):
            # A reader too opens for writing where it may: only so can SQLite roll back what a crash left half done.
            writable = os.access(path, os.W_OK) and os.access(path.resolve().parent, os.W_OK)
            connection = dialect.engine_for(path, writable=writable).connect()
            try:
                reason = _made_ready(connection, path, lock, reason)
                if reason and dialect.stamps(connection)[1] < VERSION:
                    copy = _ModernCopy(connection, path)
                    connection.close()
                    connection = copy.connect()
                if not reason:
                    dialect.use_rollback_journal(connection)
            except BaseException:
                connection.close()
                raise
        if reason:
            connection.exec_driver_sql("PRAGMA query_only=ON")
            if lock:
                lock.free()
        return cls(path, connection, None if reason else lock, reason, copy=copy)

    def sibling(self) -> ProjectFile:
        """A further connection with the same rights, for work in another thread. Close it before this one."""
        if self._copy is not None:
            connection = self._copy.connect()
        else:
            connection = dialect.engine_for(self.path, writable=not self.read_only).connect()
        if not self.read_only:
            dialect.use_rollback_journal(connection)
        # Readers go on while it writes: nothing reaches the file before the commit.
        connection.exec_driver_sql("PRAGMA cache_spill=OFF")
        return ProjectFile(
            self.path, connection, self._lock, self.read_only_reason, owns_lock=False, turn=self._turn, copy=self._copy
        )

    @contextmanager
    def writing_long(self, reason: str) -> Iterator[None]:
        """What this connection writes takes long: to who wants to write meanwhile, `reason` is said at once."""
        self._turn.reason, self._long = reason, True
        try:
            yield
        finally:
            self._turn.reason, self._long = "", False

    def close(self) -> None:
        """End the use of the file. Leaves no other file beside it."""
        if self.connection.closed:
            return
        mine = self._lock is not None and self._owns_lock and self._last_turn()
        try:
            if mine:
                with suppress(AnnotatorError):  # all is saved; only the empty journal may stay
                    dialect.use_rollback_journal(self.connection, closing=True)
        finally:
            engine = self.connection.engine
            self.connection.close()
            engine.dispose()
            if mine:
                self._turn.end()
                self._turn.lock.release()
            if self._copy is not None and self._owns_lock:
                self._copy.remove()

    def _last_turn(self) -> bool:
        """Nobody writes from now on. False where somebody does just now, who then lets go of the project."""

        def let_go() -> None:
            soundness.remember(self.path)
            if self._lock is not None:
                self._lock.free()

        self._turn.closed, self._turn.at_end = True, let_go
        return self._turn.lock.acquire(timeout=0 if self._busy else dialect.PATIENCE)

    @contextmanager
    def step(self, action: str, what: str, coder: str) -> Iterator[OpenStep]:
        """One user action in one transaction. On any error nothing of it stays. A step that changes nothing leaves no line."""
        with self._writing():
            number = journal.begin(self.connection, action, what, coder)
            gate = Gate(self.connection, number)
            opened = OpenStep(Writer(gate))
            yield opened
            opened.writer.finish()
            opened.change_set = gate.change_set(action, what, "do")
            if not gate.writes:
                self.connection.rollback()

    def undo(self, coder: str, tell: journal.Tell | None = None) -> ChangeSet:
        """Take back the newest step. Raises NothingToUndo or Conflict."""
        with self._flipping("undo"):
            return journal.undo(self.connection, coder, tell)

    def redo(self, coder: str, tell: journal.Tell | None = None) -> ChangeSet:
        """Do the step undone last again. Raises NothingToUndo or Conflict."""
        with self._flipping("redo"):
            return journal.redo(self.connection, coder, tell)

    def next_undo(self) -> StepInfo | None:
        """The step that undo would take back."""
        with dialect.told_plainly(self.path):
            return journal.next_undo(self.connection)

    def next_redo(self) -> StepInfo | None:
        """The step that redo would do again."""
        with dialect.told_plainly(self.path):
            return journal.next_redo(self.connection)

    def history(self, limit: int) -> list[StepInfo]:
        """The newest lines of the history first."""
        with dialect.told_plainly(self.path):
            return journal.history(self.connection, limit)

    def index_texts(self, check: Callable[[], object] | None = None) -> None:
        """Bring the search index up to the texts that are there, some at a time. `check` may raise to end it in between."""
        some = _AT_FIRST
        while not self.read_only and self.search_index.behind():
            with self._writing():
                begun = monotonic()
                self.search_index.catch_up(some)
                took = monotonic() - begun
            some = min(_AT_MOST, 2 * some) if took < _SLICE / 2 else max(1, some // 2) if took > _SLICE else some
            sleep(_BREATH)
            while self._turn.waiting:  # a lock is had by who asks at the right moment, not by who asked first
                sleep(_BREATH)
            if check is not None:
                check()

    def save_copy(self, to: Path) -> None:
        """Copy what is open to a place where nothing is yet, from this connection: the file may be gone. Raises FileRefused."""
        if not self._busy:
            dialect.roll_back(self.connection)
        raw = self.connection.connection.driver_connection
        assert raw is not None
        copy_to(raw, to)

    def try_writing(self) -> None:
        """Write to the file, and take it back. Raises what a step would."""
        with self._writing():
            self.connection.execute(schema.file_format.update().values(min_reader=schema.file_format.c.min_reader))

    def back_up(self) -> Path:
        """Make a verified copy in the user's data folder."""
        return back_up(self.path)

    @contextmanager
    def reading(self) -> Iterator[Queries]:
        """All reads inside see one state of the project."""
        with dialect.told_plainly(self.path), dialect.one_view(self.connection):
            yield self.queries

    def head(self) -> tuple[ProjectInfo, Codebook]:
        """What the project says of itself, and its codebook. Raises FileRefused where they make no sense."""
        with self.reading() as store:
            try:
                return store.info(), store.codebook()
            except (LookupError, ValueError, TypeError, InvalidRequestError, OperationalError) as error:
                raise Damaged(f"{self.path} is damaged: its codebook cannot be read. Restore a backup.") from error

    @contextmanager
    def _flipping(self, direction: str) -> Iterator[None]:
        """A write whose rows must still fit to the rest: where they do not, something else was changed since."""
        try:
            with self._writing():
                yield
        except IntegrityError as error:
            raise Conflict(f"This step cannot be {direction}ne: other things have been changed since.") from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if self.read_only:
            raise ReadOnly(f"Nothing can be changed here: {self.read_only_reason}.")
        if self._busy:
            # It would end the transaction of the step that is open, half done.
            raise RuntimeError("A step is open: end it before undo, redo or indexing.")
        if not self.path.exists():
            raise NotSaved(f"{self.path} is not there any more. Put it back, or save a copy elsewhere.")
        if _file_id(self.path) != self._file_id:
            raise NotSaved(f"{self.path} is another file now than the one that was opened. Open it again.")
        if self._turn.reason and not self._long:
            raise Busy(self._turn.reason)
        dialect.roll_back(self.connection)  # who waits for the turn must not keep the one who has it from committing
        self._turn.waiting += 1
        got = self._turn.lock.acquire(timeout=dialect.PATIENCE)
        self._turn.waiting -= 1
        if not got:
            raise NotSaved(f"{self.path} is being written just now. Nothing was changed; try again in a moment.")
        self._busy = True
        try:
            taken = "it was closed meanwhile" if self._turn.closed else self._lock.still_held() if self._lock else ""
            if taken:
                raise NotSaved(f"{self.path} was not changed: {taken}. Open it again.")
            with dialect.told_plainly(self.path):
                dialect.roll_back(self.connection)
                dialect.begin_write(self.connection)
                try:
                    yield
                    self.connection.commit()
                except BaseException:
                    dialect.roll_back(self.connection)
                    raise
        except UnicodeEncodeError as error:
            raise InvalidValue(
                "The text holds characters that are no proper Unicode; type or copy it again."
            ) from error
        finally:
            self._busy = False
            try:
                if self._turn.at_end is not None:
                    with suppress(AnnotatorError):
                        dialect.use_rollback_journal(self.connection, closing=True)
                    self._turn.end()
            finally:
                self._turn.lock.release()


def _fill(connection: Connection, info: ProjectInfo, codebook: Codebook) -> None:
    dialect.begin_write(connection)
    schema.metadata.create_all(connection)
    connection.exec_driver_sql(dialect.SEARCH_TABLE)
    connection.execute(insert(schema.file_format), {"min_reader": MIN_READER})
    writer = Writer(Gate(connection, 0, journal=False))
    writer.add([info, *codebook.layers, *codebook.link_types, *codebook.registries])
    writer.set_document_fields(codebook.document_fields)
    writer.set_codebook_version(codebook.version)
    dialect.stamp(connection, VERSION)
    connection.commit()


def _check_kind(path: Path) -> None:
    """Refuse what cannot be a project, before anything is made beside it."""
    try:
        if not path.exists():
            raise FileRefused(f"{path} is not there.")
        if not path.is_file():
            raise FileRefused(f"{path} is not a file.")
        with path.open("rb") as file:
            head = file.read(16)
    except (OSError, ValueError) as error:
        raise FileRefused(f"{path} cannot be read: {_reason(error)}.") from error
    if head != b"SQLite format 3\0":
        raise _no_project(path)


def _no_project(path: Path) -> FileRefused:
    """It never was one, or it was and its first page is gone: then there are backups of it."""
    if backups(path):
        return Damaged(f"{path} is damaged: its beginning is not that of a project. Restore a backup.")
    return FileRefused(f"{path} is not an Annotator project.")


def _file_id(path: Path) -> tuple[int, int] | None:
    """Which file stands under this name; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _reason(error: OSError | ValueError) -> str:
    return str(getattr(error, "strerror", None) or error)


def _right_to_write(path: Path, take_over: bool) -> tuple[WriterLock | None, str, WriterLock | None]:
    """The lock, or why there is none, and then the lock that could not be had."""
    if not os.access(path, os.W_OK):
        return None, "the file is read-only", None
    if not os.access(path.resolve().parent, os.W_OK):
        return None, "its folder is read-only", None
    lock = WriterLock(path)
    reason = lock.take(over=take_over)
    return (None, reason, lock) if reason else (lock, "", None)


def _made_ready(connection: Connection, path: Path, lock: WriterLock | None, reason: str) -> str:
    """Whether this program may read and write the file; brings an older one up to date. Returns why it may not write.

    Raises Damaged where it is not sound, before anything is written to it.
    """
    application, version = dialect.stamps(connection)
    if application != dialect.APPLICATION_ID or version < 1:
        raise _no_project(path)
    if version > VERSION:
        if _min_reader(connection) > VERSION:
            raise FileRefused(f"{path} was made by a newer Annotator. Install that version to open it.")
        soundness.refuse_strange(connection, path)
        return "it was made by a newer Annotator"
    # Whoever writes to it has looked at it, and who only reads cannot harm it.
    unclean = lock is not None and lock.left_behind
    known = lock is None or soundness.is_known(path)
    soundness.refuse_unfit(connection, path, known=known, newest=version == VERSION, thorough=unclean)
    connection.rollback()
    if version < VERSION:
        if reason:
            return reason  # who only reads looks at a copy that is brought up to date
        back_up(path)
        connection.rollback()
        migrate(connection, path, version)
    elif unclean:
        # The program, or the computer, was ended while it had the project. That no copy can be made keeps nobody out.
        with suppress(FileRefused):
            back_up(path)
    if lock is not None and not known:
        soundness.forget(path)
    return reason


def _min_reader(connection: Connection) -> int:
    """The oldest program that may read the file; one that does not say so asks for its own."""
    try:
        told = connection.execute(select(schema.file_format.c.min_reader)).scalar()
    except OperationalError:
        told = None
    return VERSION + 1 if told is None else int(told)
