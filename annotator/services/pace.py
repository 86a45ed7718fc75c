"""Long work at full speed."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_going_on = 0
_was_on = True


@contextmanager
def uninterrupted() -> Iterator[None]:
    """No search for reference cycles meanwhile, in any thread.

    An import or export makes millions of small objects and hardly a cycle; looking for some again and again among all
    that is alive took half of the time, and held up every other thread.
    """
    pause()
    try:
        yield
    finally:
        go_on()


def pause() -> None:
    """Begin such work; `go_on` ends it."""
    global _going_on, _was_on
    with _lock:
        if not _going_on:
            _was_on = gc.isenabled()
            gc.disable()
        _going_on += 1


def go_on() -> None:
    """The work is over: when all is, cycles are looked for again."""
    global _going_on
    with _lock:
        _going_on -= 1
        if not _going_on and _was_on:
            gc.enable()
