"""Reading files, with one sentence where that fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotator.domain.errors import FileRefused, NotFound

HEAD = 65_536


@contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Turns what the operating system reports into one sentence for a person."""
    try:
        yield
    except FileNotFoundError:
        raise NotFound(f"{path} is not there.") from None
    except IsADirectoryError:
        raise FileRefused(f"{path} is a folder, not a file.") from None
    except PermissionError:
        raise FileRefused(f"{path} may not be read by you.") from None
    except MemoryError:
        raise FileRefused(f"{path} is too large for this computer's memory.") from None
    except OSError as error:
        raise FileRefused(f"{path} cannot be read: {error.strerror or error}.") from None


def read_bytes(path: Path) -> bytes:
    """All of a file."""
    with told_plainly(path):
        return path.read_bytes()


def read_head(path: Path) -> bytes:
    """The first 64 KB of a file; nothing for a folder."""
    with told_plainly(path):
        if path.is_dir():
            return b""
        with path.open("rb") as file:
            return file.read(HEAD)
