"""One writer at a time: a lock beside the project file, held by the operating system, that says who holds it.

The system frees it when its holder ends, however that happens, so a crash leaves no stale lock behind.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import socket
from pathlib import Path

from filelock import FileLock, Timeout

from annotator.domain.ids import now


class WriterLock:
    """The right to write one project. Held from `take` to `free`."""

    def __init__(self, path: Path) -> None:
        # Beside the file that a symbolic link leads to: under all its names a project has one lock.
        path = path.resolve()
        # A project may be opened in one thread and closed in another.
        self._lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=0, thread_local=False)
        self._who = path.with_name(f".{path.name}.writer")
        self.left_behind = False
        """Whether the writer before was ended before it could tidy up. Known once the lock is held."""

    def take(self) -> str:
        """Hold it from now on. Returns why that cannot be, in words; "" where it is so."""
        try:
            self._lock.acquire()
        except Timeout:
            return f"{self.holder()} has it open"
        except (OSError, NotImplementedError) as error:
            return f"its folder holds no lock: {getattr(error, 'strerror', None) or error}"
        self.left_behind = self._who.exists()
        with contextlib.suppress(OSError):
            told = {"user": _user(), "host": socket.gethostname(), "pid": os.getpid(), "since": now()}
            self._who.write_text(json.dumps(told), "utf-8")
        return ""

    def free(self) -> None:
        """Let others write. Leaves nothing behind."""
        if self._lock.is_locked:
            for leftover in (self._who, Path(self._lock.lock_file)):
                # Removed while it is held, so that no other holder's file can be the one that goes.
                with contextlib.suppress(OSError):
                    leftover.unlink()
            self._lock.release()

    def holder(self) -> str:
        """Who writes now, in words."""
        try:
            told = json.loads(self._who.read_text("utf-8"))
            return f"{told['user']} on {told['host']} (process {told['pid']})"
        except (OSError, ValueError, KeyError, TypeError):
            return "another program"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "somebody"
