"""Ways in which a disk, a folder or another program fails a project that is open."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from annotator.services.project import Project


@contextmanager
def failing(path: Path, how: str) -> Iterator[None]:
    """Reading or writing fails for whoever has this file open in this process, as with a bad sector or a pulled stick."""
    if path.name.endswith("-journal"):
        # It is opened anew for every step.
        path.unlink(missing_ok=True)
        path.mkdir()
        yield
        path.rmdir()
        return
    held = [
        int(name)
        for name in os.listdir("/proc/self/fd")
        if os.path.exists(f"/proc/self/fd/{name}") and os.path.realpath(f"/proc/self/fd/{name}") == str(path)
    ]
    assert held
    kept = [os.dup(number) for number in held]
    broken = os.open(path if how == "write" else path.parent, os.O_RDONLY)
    try:
        for number in held:
            os.dup2(broken, number)
        yield
    finally:
        for number, good in zip(held, kept, strict=True):
            os.dup2(good, number)
            os.close(good)
        os.close(broken)


@contextmanager
def no_journal(project: Project) -> Iterator[None]:
    """The folder takes no new file: read-only, or full of files."""
    path = project.path.resolve()
    with failing(path.with_name(f"{path.name}-journal"), "write"):
        yield


@contextmanager
def no_writing(project: Project) -> Iterator[None]:
    """The disk gives an error on writing."""
    with failing(project.path.resolve(), "write"):
        yield


@contextmanager
def no_reading(project: Project) -> Iterator[None]:
    """The disk gives an error on reading, and on writing."""
    with failing(project.path.resolve(), "read"):
        yield


@contextmanager
def no_room(project: Project) -> Iterator[None]:
    """The disk is full: the file cannot grow by a page."""
    connection = project.store.connection
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    # Whatever is free inside the file is used up first.
    connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    try:
        yield
    finally:
        connection.exec_driver_sql("PRAGMA max_page_count=1073741823")


@contextmanager
def folder_gone(project: Project) -> Iterator[None]:
    """The stick was pulled, the network drive is away."""
    folder = project.path.parent
    away = folder.with_name(f"{folder.name} away")
    folder.rename(away)
    try:
        yield
    finally:
        away.rename(folder)


@contextmanager
def replaced(project: Project) -> Iterator[None]:
    """A synchronising program put another file in its place; then the old one comes back."""
    path, mine = project.path, project.path.with_name("mine.annot")
    path.rename(mine)
    path.write_bytes(mine.read_bytes())
    try:
        yield
    finally:
        path.unlink()
        mine.rename(path)


@contextmanager
def taken_over(project: Project) -> Iterator[None]:
    """Somebody at another computer took the project over, and gives it back."""
    note = project.path.with_name(f".{project.path.name}.writer")
    mine = note.read_text("utf-8")
    note.write_text(json.dumps({**json.loads(mine), "user": "Bob", "host": "office", "machine": "m", "mark": "x"}))
    try:
        yield
    finally:
        note.write_text(mine, "utf-8")


HAS_PROC = Path("/proc/self/fd").is_dir()
FAULTS: dict[str, Callable[[Project], AbstractContextManager[None]]] = {
    "no journal": no_journal,
    "folder gone": folder_gone,
    "replaced": replaced,
    "taken over": taken_over,
    "no room": no_room,
    **({"no writing": no_writing, "no reading": no_reading} if HAS_PROC else {}),
}
