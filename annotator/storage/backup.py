"""Verified copies of a project in the user's data folder, made while it is open, the oldest thinned out."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from platformdirs import user_data_path

from annotator.domain.errors import FileRefused

_NAME = "%Y-%m-%d %H.%M.%S.%f"
KEEP = 12
"""The newest are all kept; of those before, the last of each hour, day and week, so many of each."""
OLDER = {"%Y-%m-%d %H": 12, "%Y-%m-%d": 7, "%G-%V": 8}
ABANDONED = 600
"""Seconds after which a copy that nobody goes on with is the left-over of a program that was ended."""


def folder_for(path: Path) -> Path:
    """Where the backups of this project file are."""
    mark = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:8]
    return user_data_path("annotator", appauthor=False) / "backups" / f"{path.stem}-{mark}"


def backups(path: Path) -> list[Path]:
    """The backups of this project file, newest first."""
    return sorted((found for found in folder_for(path).glob("*.annot") if _is_ours(found)), reverse=True)


def _is_ours(found: Path) -> bool:
    """Whether it is named as a backup is: what else somebody puts there is left alone."""
    try:
        made(found)
    except ValueError:
        return False
    return True


def back_up(path: Path) -> Path:
    """Copy the project, check the copy, and only then give it its name. Raises FileRefused where that cannot be done."""
    folder = folder_for(path)
    target = folder / f"{_next_moment(path):{_NAME}}.annot"
    part = target.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _clear(folder)
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as source:
            if not _copied(source, part):
                raise FileRefused(f"{path} could not be backed up: the copy is not sound.")
        os.replace(part, target)
        sync_folder(folder)
    except (OSError, sqlite3.Error) as error:
        raise FileRefused(f"{path} could not be backed up to {folder}: {error}.") from error
    finally:
        part.unlink(missing_ok=True)
    for old in _superfluous(backups(path)):
        with suppress(OSError):
            old.unlink()
    return target


def copy_to(source: sqlite3.Connection, to: Path) -> None:
    """Copy an open project to a place where nothing is yet, and check the copy. Raises FileRefused."""
    try:
        part = to.with_name(f".{to.name[:40]}.{os.getpid()}.part")
        part.unlink(missing_ok=True)
        try:
            if not _copied(source, part):
                raise FileRefused(f"{to} was not made: the copy is not sound. Restore a backup.")
            put_in_place(part, to)
        finally:
            part.unlink(missing_ok=True)
    except (OSError, ValueError, sqlite3.Error) as error:
        raise FileRefused(f"{to} cannot be made: {getattr(error, 'strerror', None) or error}.") from error


def _copied(source: sqlite3.Connection, to: Path) -> bool:
    """Copy all of it; whether the copy is sound."""
    with closing(sqlite3.connect(to)) as copy:
        source.backup(copy)
        return bool(copy.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")


def put_in_place(part: Path, to: Path) -> None:
    """Give a file that is whole its name, unless there is one. Raises FileRefused or OSError."""
    try:
        os.link(part, to)  # fails where somebody made the file meanwhile
    except FileExistsError:
        raise FileRefused(f"{to} exists already; choose another name.") from None
    except OSError:
        if to.exists():
            raise FileRefused(f"{to} exists already; choose another name.") from None
        os.rename(part, to)
    sync_folder(to.parent)


def sync_folder(folder: Path) -> None:
    """Make sure that a new name in a folder is still there after the power went. Not every system can say so."""
    if os.name != "posix":
        return
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def made(backup: Path) -> datetime:
    """When a backup was made, told by its name."""
    return datetime.strptime(backup.stem, _NAME).replace(tzinfo=UTC)


def _next_moment(path: Path) -> datetime:
    """Now; or just after the newest backup, if that is later: a clock that was set back must not make the new one the oldest."""
    now = datetime.now(UTC)
    newest = next(iter(backups(path)), None)
    return now if newest is None else max(now, made(newest) + timedelta(microseconds=1))


def _superfluous(found: list[Path]) -> list[Path]:
    """Those of the backups, newest first, that need not be kept."""
    kept = set(found[:KEEP])
    for bucket, most in OLDER.items():
        last: dict[str, Path] = {}
        for backup in found:
            last.setdefault(f"{made(backup):{bucket}}", backup)
        kept.update(list(last.values())[:most])
    return [backup for backup in found if backup not in kept]


def _clear(folder: Path) -> None:
    """Remove what a program left that was ended while it made a copy."""
    for part in folder.glob("*.part*"):
        with suppress(OSError):
            # Not by age alone: with a clock that was set back they would seem to come from the future.
            if abs(time.time() - part.stat().st_mtime) > ABANDONED:
                part.unlink()
