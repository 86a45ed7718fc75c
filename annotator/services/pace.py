"""Long work at full speed."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uninterrupted() -> Iterator[None]:
    """No search for reference cycles meanwhile.

    An import or export makes millions of small objects and hardly a cycle; looking for some again and again among all
    that is alive took half of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
