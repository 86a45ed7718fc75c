"""Kills a worker at a random instant, then opens what it left and compares that with what it had said."""

from __future__ import annotations

import os
import random
import select
import shutil
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from annotator.domain.errors import NothingToUndo
from annotator.domain.model import Fragment
from annotator.interchange.registry import Formats
from annotator.services.checking import check_file
from annotator.services.exporting import export_file
from annotator.services.importing import import_files
from annotator.services.project import Project
from annotator.storage import backup
from annotator.storage.migrations import VERSION
from tests.torture.work import Worker, digest_of

LIVES = 8
"""How often the same project is killed and goes on before a fresh one takes its place."""
BULK = 150
"""Articles in a file that the worker imports; in the long form one file has 1,000."""
OLD = Path(__file__).parent.parent / "golden" / "version-1.annot"
"""As the first Annotator made it."""


class Loss(AssertionError):
    """Something that was promised did not hold."""


def fill(project: Project, articles: int, name: str) -> None:
    """Articles with an attribution in every third."""
    with project.step("Fill"):
        for number in range(articles):
            text = f"{name} {number}: Syria said that Israel agreed. Washington confirmed it, Reuters reported.\n" * 3
            document = project.documents.add(f"{name} {number}", text)
            if number % 3 == 0:
                claim = project.tagging.tag(document.id, "layer-claim", [Fragment(20, 40)])
                project.tagging.tag_into(document.id, "layer-source", [Fragment(0, 8)], claim.id)


class Story:
    """What a project must hold, as the worker told it: a digest for every state that undo and redo can reach."""

    def __init__(self, start: str) -> None:
        self.states = [start]
        self.at = 0
        self.coming: tuple[str, str] | None = None

    def ready(self, kind: str, digest: str) -> None:
        """A transaction is about to be committed."""
        self.coming = (kind, digest)

    def settle(self) -> None:
        """It was committed."""
        if self.coming is None:
            return
        kind, digest = self.coming
        self.coming = None
        if kind in ("undo", "redo"):
            self.at += 1 if kind == "redo" else -1
            if not 0 <= self.at < len(self.states) or self.states[self.at] != digest:
                raise Loss(f"{kind} did not lead to the state that it should")
        elif kind == "do":
            self.states[self.at + 1 :] = [digest]
            self.at += 1
        elif digest != self.states[self.at]:
            raise Loss(f"{kind} changed what it should not")

    def drop(self) -> None:
        """It was not."""
        self.coming = None

    @property
    def now(self) -> str:
        """The digest of the state saved last."""
        return self.states[self.at]


class Killer:
    """Many kills, one after the other, in a folder of its own."""

    def __init__(self, folder: Path, seed: int, largest: int = BULK) -> None:
        self._largest = largest
        self.counts: Counter[str] = Counter()
        self.losses: list[str] = []
        self.seed = seed
        self._random = random.Random(seed)
        self._folder = folder
        self._home = folder / "home"
        self._home.mkdir()
        self._path = self._home / "study.annot"
        self._lives = 0
        self._kept: tuple[Path, str] | None = None
        self._warm_up()

    def _warm_up(self) -> None:
        """The files to start from; also loads all that a worker needs, for it is forked from this process."""
        self._fresh, self._old = self._folder / "fresh.annot", self._folder / "old.annot"
        project = Project.create(self._fresh, coder="Ann")
        fill(project, 12, "Article")
        project.index_texts()
        project.close()
        shutil.copy(OLD, self._old)
        with closing(sqlite3.connect(self._old, isolation_level=None)) as raw:
            # What could be redone in it is no part of the story that begins here.
            raw.execute("UPDATE step SET state = 'dropped' WHERE state = 'undone'")
        self._bulk = []
        for number in range(3):
            project = Project.create(self._folder / f"bulk{number}.annot", coder="Bob")
            fill(project, self._largest if number == 0 else BULK, f"Bulk {number}")
            self._bulk.append(self._folder / f"bulk{number}.json")
            export_file(project, self._bulk[-1], None, formats=Formats())
            project.close()
        copy = self._folder / "migrated.annot"
        self._digests: dict[Path, str] = {}
        self._floors: dict[Path, int] = {}
        for source in (self._fresh, self._old):
            shutil.copy(source, copy)
            project = Project.open(copy)
            self._digests[source] = digest_of(project.store.connection)
            assert project.undo_label is not None
            self._floors[source] = project.undo_label.number
            import_files(project, self._bulk[:1])
            project.close()

    def kill(self) -> None:
        """One kill and all that is looked at after it; what does not hold is noted and the project kept."""
        number = self.counts["kills"] + 1
        if self._lives == 0:
            source = self._random.choices([self._fresh, self._old], [4, 1])[0]
            shutil.copy(source, self._path)
            self._story = Story(self._digests[source])
            self._floor = self._floors[source]
        self._kept = None
        self._lives = (self._lives + 1) % LIVES
        try:
            self._run()
            self._look()
        except Exception as error:
            kept = self._folder / f"loss-{number}"
            shutil.copytree(self._home, kept, dirs_exist_ok=True)
            self.losses.append(f"kill {number}: {type(error).__name__}: {error} (kept in {kept})")
            self._lives = 0
            for left in self._home.iterdir():
                left.unlink()

    # The worker's life

    def _run(self) -> None:
        """Fork a worker, hear what it says, and end it."""
        seed = self._random.getrandbits(32)
        reading, writing = os.pipe()
        worker = os.fork()
        if worker == 0:
            try:
                os.close(reading)
                Worker(self._path, seed, writing, self._bulk, self._floor).run()
            finally:
                os._exit(1)
        os.close(writing)
        try:
            said = self._listen(worker, reading)
        finally:
            os.kill(worker, signal.SIGKILL)
            os.waitpid(worker, 0)
        with open(reading, "rb") as rest:
            said += rest.read()
        self.counts["kills"] += 1
        self._hear(said.decode().splitlines())

    def _listen(self, worker: int, reading: int) -> bytes:
        """What it says until the end comes: after some time, or soon after some step began."""
        said = b""
        started = time.monotonic()
        deadline, mark = started + 60, self._random.randint(1, 12)
        word = self._random.choice((b"begin ", b"ready ", b""))
        if not word:
            deadline, mark = started + self._random.random() * 0.3, 0
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([reading], [], [], left)[0]:
                break
            more = os.read(reading, 65536)
            if not more:
                break
            said += more
            if mark and said.count(word) >= mark:
                mark = 0
                # From some microseconds to some hundredths of a second (a third in an import), each magnitude as often.
                longest = -3 if word == b"ready " else -0.5 if b"import" in more else -1.5
                deadline = time.monotonic() + 10 ** self._random.uniform(-5, longest)
        return said

    def _hear(self, lines: list[str]) -> None:
        """Follow the story up to the last word."""
        last = ""
        for line in lines:
            word, _, rest = line.partition(" ")
            if word == "open":
                if rest != self._story.now:
                    raise Loss("the worker found another state than was there before it")
            elif word == "begin":
                last = rest.partition(" ")[2]
            elif word == "ready":
                self._story.settle()
                self._story.ready(*rest.split(" "))
            elif word == "saved":
                self._story.settle()
                self.counts["saved"] += 1
                told = rest.partition(" ")[2]
                if told:
                    self._kept = (backup.folder_for(self._path) / told, self._story.now)
                last = ""
            elif word == "refused":
                self._story.drop()
                self.counts["refused"] += 1
                last = ""
            elif word == "mistake":
                raise Loss(f"the worker made a mistake: {rest}")
        if not lines or lines[-1] == "opening":
            self.counts["killed while opening"] += 1
        elif self._story.coming:
            self.counts["killed at a commit"] += 1
        elif last:
            self.counts["killed in a step"] += 1
        else:
            self.counts["killed between steps"] += 1
        if last == "import":
            self.counts["killed in an import"] += 1

    # What it left

    def _look(self) -> None:
        # First of all: opening the project makes another backup, for which an older one may go.
        self._look_at_backup()
        unfinished = self._path.with_name(f"{self._path.name}-journal")
        if unfinished.exists() and unfinished.stat().st_size:
            self.counts["half written files"] += 1
        found = check_file(self._path)
        if found:
            raise Loss(f"the file is not sound: {found[0]}")
        project = Project.open(self._path, coder="Ann")
        try:
            if project.read_only:
                raise Loss(f"the project opens for reading only: {project.read_only_reason}")
            self._compare(digest_of(project.store.connection))
            self._undo_and_redo(project)
            if self._random.random() < 0.2:
                self._kept = (project.back_up(), self._story.now)
                self._look_at_backup()
                strange = [left.name for left in backup.folder_for(self._path).iterdir() if not _expected(left)]
                if strange:
                    raise Loss(f"something is left among the backups: {strange[0]}")
        finally:
            project.close()
        left = [path.name for path in self._home.iterdir() if path != self._path]
        if left:
            raise Loss(f"something is left beside the project: {left[0]}")

    def _compare(self, digest: str) -> None:
        story = self._story
        if story.coming and story.coming[1] == digest and (digest != story.now or story.coming[0] == "index"):
            story.settle()
            self.counts["found: the step in flight too"] += 1
        elif digest == story.now:
            story.drop()
            self.counts["found: all that was saved"] += 1
        else:
            raise Loss("the file holds neither what was saved last nor exactly one step more")

    def _undo_and_redo(self, project: Project) -> None:
        story, connection = self._story, project.store.connection
        if (project.redo_label is not None) != (story.at < len(story.states) - 1):
            raise Loss("there is something else to redo than there should be")
        deep = story.at if self._random.random() < 0.1 else min(story.at, self._random.randint(0, 2))
        for back in range(1, deep + 1):
            project.undo()
            if digest_of(connection) != story.states[story.at - back]:
                raise Loss(f"undoing {back} of {deep} steps does not lead back")
        if deep == story.at:
            self._undo_the_start(project, deep)
        for back in range(deep - 1, -1, -1):
            project.redo()
            if digest_of(connection) != story.states[story.at - back]:
                raise Loss(f"redoing up to {back} of {deep} steps does not lead forth")
        self.counts["undone and redone"] += deep

    def _undo_the_start(self, project: Project, deep: int) -> None:
        """Before the story lie the steps that made the project: they too go back and forth."""
        there = digest_of(project.store.connection)
        step = project.undo_label
        if step is None or step.number != self._floor:
            raise Loss("something else would be undone than what was done before")
        project.undo()
        project.redo()
        if digest_of(project.store.connection) != there:
            raise Loss("undoing what was there from the start does not lead back and forth")
        if step.action == "Fill":
            project.undo()
            try:
                project.undo()
            except NothingToUndo:
                project.redo()
            else:
                raise Loss("there is more to undo than was ever done")

    def _look_at_backup(self) -> None:
        if self._kept is None:
            return
        path, digest = self._kept
        self._kept = None
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as raw:
            if raw.execute("PRAGMA user_version").fetchone()[0] == VERSION and digest_of(raw) != digest:
                raise Loss("a backup does not hold what was saved when it was made")
        self.counts["backups looked at"] += 1


def _expected(left: Path) -> bool:
    """A backup, or what a program was making when it was killed not long ago."""
    return left.suffix == ".annot" or (".part" in left.name and time.time() - left.stat().st_mtime < 900)
