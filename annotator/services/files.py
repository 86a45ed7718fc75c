"""Files and folders that are written whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from annotator.domain.errors import FileRefused

_BUFFER = 1 << 20

Write = Callable[[BinaryIO], object]


def write_file(path: Path, write: Write) -> None:
    """Write beside the file and put it in place at the end. What was there stays until then, and after any fault."""
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        # /dev/stdout, a pipe: nothing to put in place afterwards.
        with _told(path), path.open("wb", buffering=_BUFFER) as out:
            write(out)
        return
    # Beside the file that a link leads to, so that the link stays one.
    target = path.resolve()
    _check_parent(path, target)
    with _told(path):
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent)
    part = Path(name)
    try:
        with _told(path):
            with open(handle, "wb", buffering=_BUFFER) as out:
                write(out)
                out.flush()
                os.fsync(out.fileno())
            _keep_mode(target, part)
            os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def write_folder(path: Path, format_name: str, write: Write) -> None:
    """Unpack what is written, a zip, into a folder: made beside it, and put in place when all files are whole.

    Files in a folder that is there are replaced together: where one cannot be, the others are as they were.
    """
    target = path.resolve()
    if target.exists() and not target.is_dir():
        raise FileRefused(f"{path} was not written: it is a file, and the format {format_name} needs a folder.")
    _check_parent(path, target)
    with _told(path), tempfile.TemporaryDirectory(prefix=f".{target.name[:100]}.", dir=target.parent) as made:
        files, old = Path(made) / "files", Path(made) / "old"
        files.mkdir()
        with tempfile.TemporaryFile(dir=made) as out:
            write(out)
            with zipfile.ZipFile(out) as archive:
                archive.extractall(files)
        if target.exists():
            _replace_all(files, target, old)
        else:
            os.replace(files, target)


def _replace_all(files: Path, target: Path, old: Path) -> None:
    done: list[tuple[Path, Path]] = []
    try:
        for file in sorted(file for file in files.rglob("*") if file.is_file()):
            place, kept = target / file.relative_to(files), old / file.relative_to(files)
            place.parent.mkdir(parents=True, exist_ok=True)
            kept.parent.mkdir(parents=True, exist_ok=True)
            if place.exists():
                os.replace(place, kept)
            done.append((place, kept))
            os.replace(file, place)
    except BaseException:
        for place, kept in reversed(done):
            with suppress(OSError):
                if kept.exists():
                    os.replace(kept, place)
                else:
                    place.unlink(missing_ok=True)
        raise


def _check_parent(path: Path, target: Path) -> None:
    if not target.parent.is_dir():
        raise FileRefused(f"{path} was not written: the folder {path.parent} does not exist.")


class _told:
    """Turns what the operating system reports into one sentence."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, BrokenPipeError):
            return
        if isinstance(error, PermissionError):
            raise FileRefused(f"{self._path} was not written: you may not write there.") from None
        if isinstance(error, OSError):
            raise FileRefused(f"{self._path} was not written: {error.strerror or error}.") from None


def _keep_mode(target: Path, part: Path) -> None:
    """A replaced file keeps its permissions; a new one gets the usual ones, which mkstemp does not give."""
    if target.exists():
        mode = stat.S_IMODE(target.stat().st_mode)
    else:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    with suppress(OSError):
        os.chmod(part, mode)
