"""Formats of several files: all of them as one zip, or the one that the file's name asks for."""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from typing import Any, BinaryIO

from annotator.domain.errors import FileRefused

_MEMORY = 4 << 20
_LIKE_NEVER_BEFORE = (1980, 1, 1, 0, 0, 0)  # no clock in the file: the same project gives the same bytes


def part_asked_for(
    options: Mapping[str, str], parts: Iterable[str], default: str, ending: str, key: str = "table"
) -> str | None:
    """Which part to write alone; None for all of them as a zip.

    The option `key` names it, or `options["name"]`, the name of the file to be written: "study-attributions.csv" asks
    for the attributions. A file that ends so and names no part, and standard output ("-"), get the default.
    """
    name = options.get("name", "").lower()
    parts = list(parts)
    wish = options.get(key, "").strip().lower()
    if wish and wish not in parts:
        raise FileRefused(f"There is no {key} “{wish}” to write; there are {', '.join(parts)}.")
    if wish:
        return wish
    if name != "-" and not name.endswith(ending):
        return None
    stem = name.removesuffix(ending)
    found = [part for part in parts if re.search(rf"(?<![a-z]){re.escape(part)}(?![a-z])", stem)]
    return max(found, key=lambda part: (stem.rfind(part), len(part))) if found else default


def steady_info(name: str) -> zipfile.ZipInfo:
    """A file in a zip that does not tell when it was made."""
    info = zipfile.ZipInfo(name, _LIKE_NEVER_BEFORE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


class SteadyZip(zipfile.ZipFile):
    """A zip for libraries that write into one: no clock gets in."""

    def __init__(self, out: BinaryIO) -> None:
        super().__init__(out, "w", zipfile.ZIP_DEFLATED)

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: object, **__: object) -> None:
        """A file from memory."""
        super().writestr(steady_info(getattr(zinfo_or_arcname, "filename", zinfo_or_arcname)), data)

    def write(self, filename: Any, arcname: Any = None, *_: object, **__: object) -> None:
        """A file from the disk."""
        with open(filename, "rb") as file, self.open(steady_info(str(arcname)), "w", force_zip64=True) as member:
            shutil.copyfileobj(file, member, 1 << 20)


def settled(whole: BinaryIO, out: BinaryIO) -> None:
    """The same zip without the times at which its files were made."""
    with zipfile.ZipFile(whole) as given, SteadyZip(out) as made:
        for name in given.namelist():
            made.writestr(name, given.read(name))


class Bundle:
    """Files that are written side by side and end up in one zip, one after the other."""

    def __init__(self) -> None:
        self._files: dict[str, BinaryIO] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Bundle:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def file(self, name: str) -> BinaryIO:
        """A new file. Small ones stay in memory."""
        spool: BinaryIO = tempfile.SpooledTemporaryFile(_MEMORY)  # type: ignore[assignment]  # noqa: SIM115
        self._stack.callback(spool.close)
        self._files[name] = spool
        return spool

    def pack(self, out: BinaryIO, order: Callable[[str], int] | None = None) -> None:
        """Everything into a zip."""
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(self._files, key=order) if order else self._files:
                file = self._files[name]
                size = file.seek(0, 2)
                file.seek(0)
                info = steady_info(name)
                info.file_size = size
                with archive.open(info, "w") as member:
                    shutil.copyfileobj(file, member, 1 << 20)
