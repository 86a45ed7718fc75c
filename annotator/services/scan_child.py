"""The process that puts a regular expression to texts. It stands alone: nothing but the standard library is loaded.

`re` can take for ever and keeps all other threads of its process waiting. Here it may: whoever started this process
ends it, and it ends itself where one batch takes too long, or its memory grows too large.
"""

from __future__ import annotations

import contextlib
import faulthandler
import marshal
import os
import re
import sys
import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PATIENCE = 5.0
"""Seconds for a batch, and so many more for each million characters."""
MEMORY = 2 << 30


def main() -> None:
    """Read a pattern, then batches of texts; answer each with the places that match."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with open(os.devnull, "w") as nowhere:
        faulthandler.dump_traceback_later(PATIENCE, exit=True, file=nowhere)
        try:
            pattern, ascii_pattern, flags, whole = _read()
            compiled = re.compile(pattern, flags)
            for_ascii = re.compile(ascii_pattern, flags) if ascii_pattern else compiled
        except Exception as error:
            return _write((str(error) or type(error).__name__, None))
        _write(("", None))
        while True:
            faulthandler.cancel_dump_traceback_later()
            try:
                limit, texts = _read()
            except EOFError:
                return None
            size = sum(map(len, texts))
            faulthandler.dump_traceback_later(PATIENCE * (1 + size / 1e6), exit=True, file=nowhere)
            try:
                _write(("", _scan(compiled, for_ascii, whole, limit, texts)))
            except (MemoryError, RecursionError):
                os._exit(1)


def _scan(
    compiled: re.Pattern[str], for_ascii: re.Pattern[str], whole: bool, limit: int, texts: list[str]
) -> list[list[tuple[int, int]]]:
    found = []
    for text in texts:
        places = []
        for match in (for_ascii if text.isascii() else compiled).finditer(text):
            start, end = match.span()
            if start == end or (whole and _cuts_a_word(text, start, end)):
                continue
            places.append((start, end))
            limit -= 1
            if limit <= 0:
                break
        found.append(places)
        if limit <= 0:
            break
    return found


def _cuts_a_word(text: str, start: int, end: int) -> bool:
    return (start > 0 and _in_word(text[start]) and _in_word(text[start - 1])) or (
        end < len(text) and _in_word(text[end - 1]) and _in_word(text[end])
    )


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_" or unicodedata.category(char) in ("Mn", "Mc")


def _read() -> tuple[Any, ...]:
    size = sys.stdin.buffer.read(8)
    if len(size) < 8:
        raise EOFError
    message: tuple[Any, ...] = marshal.loads(sys.stdin.buffer.read(int.from_bytes(size, "little")))
    return message


def _write(answer: tuple[Any, ...]) -> None:
    packed = marshal.dumps(answer)
    sys.stdout.buffer.write(len(packed).to_bytes(8, "little") + packed)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
