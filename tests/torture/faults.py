"""Ways in which a disk, a folder or another program fails a project that is open."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from annotator.domain.errors import AnnotatorError, NotSaved
from annotator.domain.model import Fragment
from annotator.services.checking import check_file
from annotator.services.project import Project
from tests.torture.work import digest_of


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


@contextmanager
def limited(project: Project, room: int) -> Iterator[None]:
    """No file can grow beyond so many bytes: a quota, or a disk that fills up in the middle of a step."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class Faulter:
    """Project after project with faults around random steps: each is done or refused, and nothing is lost."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.counts: Counter[str] = Counter()
        self.losses: list[str] = []
        self._random = random.Random(seed)
        self._folder = folder
        self._number = 0

    def one(self, steps: int = 25) -> None:
        """One project, with so many steps, most of them while something fails."""
        self._number += 1
        folder = self._folder / f"faults {self._number}"
        folder.mkdir(parents=True)
        path = folder / "study.annot"
        project = Project.create(path, coder="Ann")
        try:
            for number in range(4):
                project.documents.add(f"Article {number}", f"{number} Syria said that Israel agreed. " * 40)
            for _ in range(steps):
                self._step(project)
            last = digest_of(project.store.connection)
            project.close()
            found = check_file(path)
            if found:
                raise AssertionError(f"the file is not sound: {found[0]}")
            again = Project.open(path, coder="Ann")
            if digest_of(again.store.connection) != last:
                raise AssertionError("another state is in the file than was there at the end")
            while again.undo_label is not None:
                again.undo()
            again.close()
            left = [each.name for each in folder.iterdir() if each != path]
            if left:
                raise AssertionError(f"something is left beside the project: {left[0]}")
        except Exception as error:
            project.close()
            kept = folder.with_name(f"lost {self._number}")
            folder.rename(kept)
            self.losses.append(f"faults: {type(error).__name__}: {error} (kept in {kept})")
            return
        shutil.rmtree(folder)

    def _step(self, project: Project) -> None:
        chance = self._random
        before = digest_of(project.store.connection)
        size = project.path.stat().st_size
        names = [*FAULTS, "limited", "limited", ""]
        name = chance.choice(names if hasattr(os, "getuid") else [each for each in names if each != "limited"])
        what, act = chance.choice(self._acts(project))
        room = chance.choice((0, 512, 4096, size, size + chance.randrange(200_000)))
        around = limited(project, room) if name == "limited" else FAULTS[name](project) if name else nullcontext()
        refused = None
        try:
            with around:
                try:
                    act()
                except AnnotatorError as error:
                    refused = error
        except OSError as error:
            raise AssertionError(f"{what} with {name}: {error}") from error
        self.counts["faults"] += bool(name)
        self.counts["steps done"] += refused is None
        if refused is None:
            return
        self.counts["steps refused"] += 1
        told = str(refused)
        if "\n" in told or not told.endswith("."):
            raise AssertionError(f"{what} with {name} is told as: {told}")
        if digest_of(project.store.connection) != before:
            raise AssertionError(f"{what} with {name} was refused, and changed something")
        if isinstance(refused, NotSaved) and chance.random() < 0.3:
            copy = project.path.with_name("copy.annot")
            project.save_copy(copy)
            if check_file(copy):
                raise AssertionError(f"the copy saved after {what} with {name} is not sound")
            copy.unlink()
            self.counts["copies saved"] += 1

    def _acts(self, project: Project) -> list[tuple[str, Callable[[], object]]]:
        chance = self._random
        rows = project.documents.rows()
        document = chance.choice(rows).id if rows else ""
        start = chance.randrange(600)
        long = f"{chance.random()} " + "word " * chance.choice((100, 60_000))
        acts: list[tuple[str, Callable[[], object]]] = [
            ("add", lambda: project.documents.add(f"Long {start}", long)),
            ("undo", lambda: self._undo(project)),
            ("redo", project.redo),
            ("index", project.index_texts),
            ("back up", project.back_up),
            ("rename", lambda: project.set_details(f"Name {start}")),
            ("try writing", project.try_writing),
        ]
        if document:
            tag = lambda: project.tagging.tag(document, "layer-cue", [Fragment(start, start + 4)])  # noqa: E731
            acts += [("tag", tag), ("tag", tag), ("remove", lambda: project.documents.remove([document]))]
        return acts

    @staticmethod
    def _undo(project: Project) -> None:
        step = project.undo_label
        if step is not None and step.number > 4:
            project.undo()
