"""One writer at a time: a lock of the operating system beside the project file, and a note of who holds it.

The system frees its lock when the holder ends, however that happens: on one computer that is all that is needed, and a
note left behind is told by process, start of the process and start of the computer. In a shared folder the locks of
another computer may not be seen. There the note decides: it is made only where there is none, shows a sign of life every
few seconds, and its holder looks whether it still is its own before each step. So a note of another computer is never
taken away without a question, and where it is, the other program notices and writes no more.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import uuid
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from annotator.domain.ids import now
from annotator.storage import identity

BEAT = 20.0
"""Seconds between signs of life."""


class WriterLock:
    """The right to write one project. Held from `take` to `free`."""

    def __init__(self, path: Path) -> None:
        # Beside the file that a symbolic link leads to: under all its names a project has one lock.
        path = path.resolve()
        # A project may be opened in one thread and closed in another.
        self._lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=0, thread_local=False)
        self._who = path.with_name(f".{path.name}.writer")
        self._mark = uuid.uuid4().hex
        self._stop = threading.Event()
        self._life: threading.Thread | None = None
        self.left_behind = False
        """Whether the writer before was ended before it could tidy up. Known once the lock is held."""
        self.can_be_taken_over = False
        """Whether only a note from another computer keeps us out, so that a person may decide."""

    def take(self, *, over: bool = False) -> str:
        """Hold it from now on. Returns why that cannot be, in words; "" where it is so.

        `over`: though another computer may hold it.
        """
        try:
            self._lock.acquire()
        except Timeout:
            return f"{self.holder()} has it open"
        except (OSError, NotImplementedError) as error:
            return f"its folder holds no lock: {getattr(error, 'strerror', None) or error}"
        reason = self._claim(over)
        if reason:
            self._lock.release()  # its file stays: whose it is, is not known
            return reason
        self._life = threading.Thread(target=self._live, daemon=True, name="sign of life")
        self._life.start()
        return ""

    def _claim(self, over: bool) -> str:
        me = identity.mine()
        note = json.dumps({**me.told(), "since": now(), "mark": self._mark})
        try:
            self._write(note, "x")
            return ""
        except FileExistsError:
            pass
        except OSError:
            return ""  # no note can be made here; the lock of the system holds all the same
        told = self._told()
        here = told.get("machine", told.get("host")) in (me.machine, me.host)
        if told and not over and not (here and identity.is_gone(told, me)):
            self.can_be_taken_over = not here
            return f"{self.holder()} has it open{'' if here else self._silence()}"
        self.left_behind = True
        with contextlib.suppress(OSError):
            self._write(note, "w")
        return ""

    def _write(self, note: str, mode: str) -> None:
        with self._who.open(mode, encoding="utf-8") as file:
            file.write(note)

    def still_held(self) -> str:
        """ "" while nobody else has taken it over; else who has. A note that is gone is made again."""
        told = self._told()
        if told.get("mark") == self._mark:
            return ""
        if not told:
            return self._claim(False)
        return f"{self.holder()} has taken it over"

    def free(self) -> None:
        """Let others write. Leaves nothing behind."""
        if not self._lock.is_locked:
            return
        self._stop.set()
        if self._life is not None:
            self._life.join()
        mine = self._told().get("mark") in (self._mark, None)
        for leftover in (self._who, Path(self._lock.lock_file)) if mine else ():
            # Removed while it is held, so that no other holder's file can be the one that goes.
            with contextlib.suppress(OSError):
                leftover.unlink()
        self._lock.release()

    def _live(self) -> None:
        while not self._stop.wait(BEAT):
            with contextlib.suppress(OSError):
                if self._told().get("mark") == self._mark:
                    os.utime(self._who)

    def _silence(self) -> str:
        """For how long nothing was heard of the holder, by the clock of the folder: ours may go otherwise."""
        try:
            os.utime(self._lock.lock_file)
            seconds = os.stat(self._lock.lock_file).st_mtime - self._who.stat().st_mtime
        except OSError:
            return ""
        if seconds < 5 * BEAT:
            return ""
        minutes = round(seconds / 60)
        spoken = f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
        return f", though nothing was heard of it for {spoken}"

    def holder(self) -> str:
        """Who writes now, in words."""
        told = self._told()
        try:
            return f"{told['user']} on {told['host']} (process {told['pid']})"
        except KeyError:
            return "another program"

    def _told(self) -> dict[str, Any]:
        """What the note says; empty where there is none that can be read."""
        try:
            told = json.loads(self._who.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) and "host" in told else {}
