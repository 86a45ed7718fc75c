"""Regular expressions over texts, in a process of their own that can be stopped at any moment."""

from __future__ import annotations

import marshal
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from annotator.domain.errors import Cancelled, InvalidValue
from annotator.domain.folding import pattern_for
from annotator.domain.query import Query

_CHILD = Path(__file__).with_name("scan_child.py")
_LOOK_EVERY = 0.05
Found = list[list[tuple[int, int]]]


class Scanner:
    """One expression, put to texts batch by batch. Use it in a `with` statement."""

    def __init__(self, query: Query, stop: Callable[[], bool] = lambda: False) -> None:
        self._stop = stop
        pattern, ascii_pattern = query.words, ""
        if query.mode == "text":
            pattern = pattern_for(query.words, exact=query.exact)
            ascii_pattern = r"\s+".join(map(re.escape, query.words.split()))
        flags = re.MULTILINE | (0 if query.exact else re.IGNORECASE)
        self._answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._child = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._send((pattern, ascii_pattern, int(flags), query.whole))
        self._told = False

    def __enter__(self) -> Scanner:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is self._child.stdout:
                self._listener.join()
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                pass  # what was not sent is not wanted any more
        self._child.wait()

    def scan(self, batches: Iterable[tuple[list[Any], list[str]]], limit: int) -> Iterator[tuple[list[Any], Found]]:
        """For each batch (what stands for each text, and the texts) the places that match in them, up to a limit.

        The next batch is made while the process works on one. Raises InvalidValue for an expression that is wrong or
        takes too long, Cancelled when `stop` says so.
        """
        under_way: list[Any] | None = None
        for keys, texts in batches:
            if under_way is not None:
                found = self._answer()
                yield under_way, found
                limit -= sum(map(len, found))
                if limit <= 0:
                    return
            if not self._told:
                self._answer()
                self._told = True
            self._send((min(limit, 1 << 40), texts))
            under_way = keys
        if under_way is not None:
            yield under_way, self._answer()

    def check(self) -> None:
        """Raises InvalidValue where the expression is wrong."""
        if not self._told:
            self._answer()
            self._told = True

    def _send(self, message: tuple[Any, ...]) -> None:
        packed = marshal.dumps(message)
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(len(packed).to_bytes(8, "little") + packed)
            self._child.stdin.flush()
        except OSError:
            raise _too_long() from None

    def _answer(self) -> Any:
        while True:
            if self._stop():
                raise Cancelled("Stopped.")
            try:
                answer = self._answers.get(timeout=_LOOK_EVERY)
            except queue.Empty:
                continue
            if answer is None:
                raise _too_long()
            wrong, found = answer
            if wrong:
                raise InvalidValue(f"This is no regular expression: {wrong}.")
            return found

    def _listen(self) -> None:
        """In a thread: what the process answers, and None when it has ended."""
        pipe = self._child.stdout
        assert pipe is not None
        while len(size := pipe.read(8)) == 8:
            packed = pipe.read(int.from_bytes(size, "little"))
            try:
                self._answers.put(marshal.loads(packed))
            except (EOFError, ValueError):
                break
        self._answers.put(None)


def _too_long() -> InvalidValue:
    return InvalidValue("This expression takes too long; make it simpler, without repetitions inside repetitions.")
