"""PySide, loaded without two things that it does for programs unlike this one.

It carries its support modules as source text and has Python compile them at every start, a sixth of the time until a
window can be there. Here the compiled code is kept as Python keeps that of every module: in `__pycache__` (or where
PYTHONPYCACHEPREFIX says), never with PYTHONDONTWRITEBYTECODE, and only as long as the source is the same.

And from then on it reads the source of every module that is imported, and keeps it, to see whether the module chose
other names for Qt's methods (`from __feature__ import snake_case`). No module here does, so that look is left out.
"""

from __future__ import annotations

import builtins
import marshal
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from types import CodeType
from typing import Any

Held = dict[tuple[str, bytes], CodeType]


@contextmanager
def loading() -> Iterator[None]:
    """Import PySide within this, and nothing else."""
    with _compiled_once():
        yield
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


@contextmanager
def _compiled_once() -> Iterator[None]:
    compile_now = builtins.compile
    held, used = _read(), Held()

    def compile_once(source: Any, filename: Any, mode: str, *args: Any, **kwargs: Any) -> Any:
        if mode != "exec" or args or kwargs or not isinstance(source, (str, bytes)):
            return compile_now(source, filename, mode, *args, **kwargs)
        text = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
        key = (str(filename), source_hash(text))
        used[key] = held[key] if key in held else compile_now(source, filename, mode)
        return used[key]

    builtins.compile = compile_once
    try:
        yield
    finally:
        builtins.compile = compile_now
    if not used.keys() <= held.keys() and not sys.dont_write_bytecode:
        _write(used)


def _place() -> str:
    return cache_from_source(os.path.join(os.path.dirname(__file__), "pyside_support.py"))


def _read() -> Held:
    with suppress(OSError, ValueError, EOFError, TypeError), open(_place(), "rb") as file:
        if file.read(len(MAGIC_NUMBER)) == MAGIC_NUMBER:
            held = marshal.load(file)
            if isinstance(held, dict):
                return held
    return {}


def _write(held: Held) -> None:
    """Whole or not at all; where the folder is not ours the next start compiles again."""
    with suppress(OSError):
        place = _place()
        os.makedirs(os.path.dirname(place), exist_ok=True)
        half = f"{place}.{os.getpid()}"
        with open(half, "wb") as file:
            file.write(MAGIC_NUMBER + marshal.dumps(held))
        os.replace(half, place)


if __name__ == "__main__":  # when the program is set up
    with loading():
        import PySide6.QtWidgets  # noqa: F401
