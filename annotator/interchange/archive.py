"""A zip of documents: unpacked within limits into a temporary folder, and read as a folder is.

Names that lead out of the folder, links, and zips within zips are left out, each with a word.
"""

from __future__ import annotations

import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath

from annotator.domain.errors import AnnotatorError, Cancelled, FileRefused
from annotator.domain.exchange import Header, Item, Reading, Remark
from annotator.domain.model import DocumentData
from annotator.interchange.articles import sound
from annotator.interchange.files import told_plainly

KIND = "a zip file"
MOST_FILES = 100_000
LARGEST = 2_000_000_000
LARGEST_FILE = 500_000_000
HIGHEST_RATIO = 1000
"""Of the whole archive: texts that are much alike shrink to a hundredth, no more."""
_SMALL = 50_000_000
_PIECE = 1 << 20
_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}
_BAD = str.maketrans(dict.fromkeys('<>:"|?*', "_") | {chr(code): "_" for code in range(32)})


class ZipImporter:
    """Reads all files of a zip that some format can read."""

    name = "zip"
    title = "Zip of documents"
    extensions = (".zip",)
    loses = ("Files that no format reads, and zips within the zip; the report lists what was left out.",)
    collection = True

    def sniff(self, path: Path, head: bytes) -> bool:
        """A zip that is no document of its own."""
        # The name of the first file stands at a fixed place.
        office = head[30:].startswith((b"[Content_Types].xml", b"_rels/", b"word/", b"xl/", b"mimetype"))
        return head.startswith((b"PK\x03\x04", b"PK\x05\x06")) and path.suffix.lower() == ".zip" and not office

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """What the files hold, in the order of their names."""
        with told_plainly(path), sound(path, KIND):
            opened = zipfile.ZipFile(path)
        with opened, tempfile.TemporaryDirectory(prefix="annotator-", ignore_cleanup_errors=True) as folder:
            root = Path(folder) / "zip"
            root.mkdir()
            parts = [info for info in opened.infolist() if not info.filename.endswith("/")]
            _check(path, parts)
            remarks = list(_unpack(path, opened, parts, root, reading))
            yield Header()
            yield from remarks
            yield from _read_all(path, root, reading, remarks)


def _check(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    total, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if len(parts) > MOST_FILES:
        raise FileRefused(f"{path} was not read: it has {len(parts):,} files; more than {MOST_FILES:,} are not taken.")
    if total > LARGEST or (total > _SMALL and total > HIGHEST_RATIO * max(packed, 1)):
        raise FileRefused(f"{path} was not read: unpacked it would take {total / 1e6:,.0f} MB; it may be a zip bomb.")
    if not parts:
        raise FileRefused(f"{path} has no documents in it that can be read.")


def _unpack(
    path: Path, opened: zipfile.ZipFile, parts: list[zipfile.ZipInfo], root: Path, reading: Reading
) -> Iterator[Remark]:
    """Write the files that may be written, and say which may not."""
    taken: set[str] = set()
    for number, part in enumerate(parts):
        reading.tick(number, 2 * len(parts))
        where = f"{path}/{_shown(part.filename)}"
        name, reason = _place(part)
        if not reason and str(name).lower() in taken:
            reason = "the archive has two files of this name"
        if not reason:
            taken.add(str(name).lower())
            reason = _write(opened, part, root / name)
        if reason and name.name[:1] != "." and name.name.lower() not in ("thumbs.db", "desktop.ini"):
            yield Remark("skipped", where, reason)


def _place(part: zipfile.ZipInfo) -> tuple[PurePosixPath, str]:
    """Where a file goes below the folder, or why it goes nowhere."""
    raw = part.filename.replace("\\", "/")
    pieces = [piece.translate(_BAD).rstrip(". ") or "_" for piece in raw.split("/") if piece not in ("", ".")]
    name = PurePosixPath(*[_safe(piece) for piece in pieces][-20:]) if pieces else PurePosixPath("_")
    if "__MACOSX" in pieces:
        return PurePosixPath(".macosx"), "it is no document"
    if raw.startswith("/") or ".." in raw.split("/") or raw[1:2] == ":":
        return name, "its name leads out of the archive"
    if stat.S_ISLNK(part.external_attr >> 16):
        return name, "it is a link to another file"
    if part.flag_bits & 0x1:
        return name, "it is protected by a password"
    if part.file_size > LARGEST_FILE:
        return name, f"unpacked it would take {part.file_size / 1e6:,.0f} MB"
    if name.suffix.lower() == ".zip":
        return name, "it is a zip within the zip; unpack it first"
    return name, ""


def _safe(piece: str) -> str:
    """A name that every system can write. The middle of a long one goes, its ending stays."""
    piece = piece.encode("utf-8", "replace").decode("utf-8")
    if piece.partition(".")[0].lower() in _RESERVED:
        piece = f"_{piece}"
    while len(piece.encode()) > 200:
        stem, dot, ending = piece.rpartition(".")
        piece = f"{stem[:-10]}{dot}{ending}" if dot and len(ending) < 10 and len(stem) > 10 else piece[:-10]
    return piece


def _write(opened: zipfile.ZipFile, part: zipfile.ZipInfo, place: Path) -> str:
    """Unpack one file piece by piece; the reason where that fails."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with opened.open(part) as source, place.open("wb") as target:
            left = part.file_size
            while piece := source.read(min(_PIECE, left + 1)):
                left -= len(piece)
                if left < 0:
                    break
                target.write(piece)
            if left:
                raise zipfile.BadZipFile
    except Exception as error:
        with suppress(OSError):  # it may be a folder by now
            place.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.strerror:
            return f"it could not be unpacked: {error.strerror}"
        # A damaged file raises what its compression raises; the others are kept.
        return "it is damaged"
    return ""


def _read_all(path: Path, root: Path, reading: Reading, before: list[Remark]) -> Iterator[Item]:
    from annotator.interchange.registry import Formats

    formats = Formats()
    try:
        files = formats.expand([root])
    except FileRefused:
        first = f" ({before[0].text})" if before else ""
        raise FileRefused(f"{path} has no documents in it that can be read{first}.") from None
    good = 0
    reason = ""
    for number, file in enumerate(files):
        reading.tick(len(files) + number, 2 * len(files))
        try:
            for item in formats.importer(file).read(file, replace(reading, progress=_quiet)):
                if isinstance(item, Remark):
                    item = replace(item, where=_told(item.where, root, path), text=_told(item.text, root, path))
                elif isinstance(item, DocumentData):
                    good += 1
                yield item
        except Cancelled:
            raise
        except AnnotatorError as error:
            reason = _told(str(error), root, path)
            yield Remark("skipped", _told(str(file), root, path), reason)
    if not good:
        raise FileRefused(f"{path} has no documents in it that can be read: {reason.removeprefix(f'{path}/')}" if reason
                          else f"{path} has no documents in it that can be read.")  # fmt: skip


def _quiet(done: int, total: int) -> None:
    """The archive tells how far it is, not the files in it."""


def _told(text: str, root: Path, path: Path) -> str:
    """Names of files as they stand in the archive."""
    return text.replace(str(root), str(path))


def _shown(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")[:200]
