"""A folder or a zip as a set of named files, read without unpacking anything."""

from __future__ import annotations

import lzma
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol

from annotator.domain.errors import FileRefused
from annotator.interchange.files import told_plainly

MOST_FILES = 200_000
LARGEST_FILE = 256 * 1024 * 1024
LARGEST_WHOLE = 4 * 1024 * 1024 * 1024
STEEPEST = 400
"""How many times larger than its packed form a file may be. Running text is packed to a third or a tenth."""


class Container(Protocol):
    """Named files."""

    path: Path
    names: list[str]
    """Relative, with slashes, in order; none of a hidden file."""

    def read(self, name: str) -> bytes:
        """All of one of them. Raises FileRefused."""
        ...

    def size(self, name: str) -> int:
        """How many bytes that is."""
        ...


class Folder:
    """The files below a folder. Links to folders are not followed, so there are no circles."""

    def __init__(self, path: Path, *, deep: bool = True) -> None:
        self.path = path
        self.names: list[str] = []
        with told_plainly(path):
            for where, folders, files in os.walk(path):
                folders[:] = sorted(name for name in folders if not name.startswith(".")) if deep else []
                base = Path(where).relative_to(path)
                self.names += [(base / name).as_posix() for name in sorted(files) if not name.startswith(".")]
                if len(self.names) > MOST_FILES:
                    raise FileRefused(f"{path} was not read: there are more than {MOST_FILES:,} files in it.")
        self.names.sort()

    def read(self, name: str) -> bytes:
        path = self.path / name
        if self.size(name) > LARGEST_FILE:
            raise FileRefused(f"{path} was not read: it is larger than {LARGEST_FILE >> 20} MB.")
        with told_plainly(path):
            return path.read_bytes()

    def size(self, name: str) -> int:
        try:
            return (self.path / name).stat().st_size
        except OSError:
            return 0


class Zip:
    """The files in a zip. Nothing is unpacked to disk, so a name is a name and leads nowhere."""

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        self.path = path
        self._file = file
        # Not `is_dir`, which a file without a name breaks.
        infos = [info for info in file.infolist() if not info.filename.endswith("/")]
        if len(infos) > MOST_FILES:
            raise FileRefused(f"{path} was not read: there are more than {MOST_FILES:,} files in it.")
        if sum(info.file_size for info in infos) > LARGEST_WHOLE:
            raise FileRefused(f"{path} was not read: unpacked it is larger than {LARGEST_WHOLE >> 30} GB.")
        # What leads up or to the root is only a part of a name here; without it, the rest is told apart as well.
        self._infos = {
            "/".join(part for part in info.filename.replace("\\", "/").split("/") if part not in ("", ".", "..")): info
            for info in infos
        }
        self.names = sorted(name for name in self._infos if not any(p.startswith(".") for p in name.split("/")))
        self.names = [name for name in self.names if not name.startswith("__MACOSX/")]

    def read(self, name: str) -> bytes:
        info = self._infos[name]
        where = f"{self.path} was not read: {name} in it"
        if info.file_size > LARGEST_FILE:
            raise FileRefused(f"{where} is larger than {LARGEST_FILE >> 20} MB.")
        if info.file_size > 1 << 20 and info.file_size > STEEPEST * max(info.compress_size, 1):
            raise FileRefused(f"{where} unpacks to {STEEPEST} times its size and more, as only a trap does.")
        try:
            with self._file.open(info) as file:
                # One byte more than it says it holds, so that a file that lies is found out.
                data = file.read(info.file_size + 1)
        except RuntimeError:
            raise FileRefused(f"{where} is encrypted.") from None
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError, ValueError):
            raise FileRefused(f"{where} is damaged.") from None
        if len(data) > info.file_size:
            raise FileRefused(f"{where} is damaged.")
        return data

    def size(self, name: str) -> int:
        return self._infos[name].file_size


@contextmanager
def opened(path: Path) -> Iterator[Container]:
    """A folder or a zip, to be read. Raises FileRefused."""
    with told_plainly(path):
        folder = path.is_dir()
    if folder:
        yield Folder(path)
        return
    with told_plainly(path):
        try:
            file = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError):
            raise FileRefused(f"{path} was not read: it is not a zip file, or a damaged one.") from None
    with file:
        yield Zip(path, file)


def is_zip(head: bytes) -> bool:
    """Whether a file that begins like this is a zip."""
    return head[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def zip_names(path: Path, head: bytes) -> list[str]:
    """The names in a zip; none for anything else. Never raises."""
    if not is_zip(head):
        return []
    try:
        with zipfile.ZipFile(path) as file:
            return [info.filename for info in file.infolist()[:MOST_FILES] if not info.filename.endswith("/")]
    except Exception:  # whatever is wrong with it is told when it is read
        return []


class ZipWriter:
    """Writes a zip to a stream, file by file, always with the same bytes for the same content."""

    def __init__(self, out: BinaryIO) -> None:
        self._file = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)

    def __enter__(self) -> ZipWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            # Half a zip is thrown away; without this it would be finished, into a closed file, when Python tidies up.
            self._file.fp = None
        self._file.close()

    def add(self, name: str, data: bytes) -> None:
        """A file."""
        self._file.writestr(_info(name), data)

    def add_stream(self, name: str, parts: Iterable[bytes]) -> None:
        """A file, piece by piece."""
        with self._file.open(_info(name), "w", force_zip64=True) as file:
            for part in parts:
                file.write(part)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info
