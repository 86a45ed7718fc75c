"""Verified copies of a project in the user's data folder, made while it is open, the oldest thinned out."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_data_path

from annotator.domain.errors import FileRefused

KEEP = 12


def folder_for(path: Path) -> Path:
    """Where the backups of this project file are."""
    mark = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:8]
    return user_data_path("annotator", appauthor=False) / "backups" / f"{path.stem}-{mark}"


def backups(path: Path) -> list[Path]:
    """The backups of this project file, newest first."""
    return sorted(folder_for(path).glob("*.annot"), reverse=True)


def back_up(path: Path) -> Path:
    """Copy the project, check the copy, and only then give it its name. Raises FileRefused where that cannot be done."""
    folder = folder_for(path)
    target = folder / f"{datetime.now(UTC):%Y-%m-%d %H.%M.%S.%f}.annot"
    part = target.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            if copy.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise FileRefused(f"{path} could not be backed up: the copy is not sound.")
        os.replace(part, target)
    except (OSError, sqlite3.Error) as error:
        raise FileRefused(f"{path} could not be backed up to {folder}: {error}.") from error
    finally:
        part.unlink(missing_ok=True)
    for old in backups(path)[KEEP:]:
        old.unlink(missing_ok=True)
    return target
