"""Faults of the file system: each step is done or refused with one sentence, and works when the fault is gone."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from annotator.domain import ids
from annotator.domain.errors import AnnotatorError, FileRefused
from annotator.domain.model import Fragment
from annotator.services.checking import check_file
from annotator.services.project import Project
from annotator.storage import backup, dialect
from tests.torture.faults import failing
from tests.torture.work import digest_of

ROOT = Path(__file__).parent.parent.parent
TEXT = "Syria said that Israel agreed. Washington confirmed it, Reuters reported. " * 40


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    folder = tmp_path / "study"
    folder.mkdir()
    made = Project.create(folder / "study.annot", coder="Ann")
    made.documents.add("An article", TEXT)
    yield made
    made.close()


def tag(project: Project, start: int) -> None:
    project.tagging.tag(project.documents.rows()[0].id, "layer-cue", [Fragment(start, start + 4)])


def long(project: Project, number: int) -> None:
    project.documents.add(f"Long {number}", f"{number} word " * 30_000)


def state(project: Project) -> str:
    return digest_of(project.store.connection)


STEPS: dict[str, Callable[[Project], object]] = {
    "tag": lambda project: tag(project, 30),
    "add": lambda project: long(project, 7),
    "undo": lambda project: project.undo(),
    "redo": lambda project: project.redo(),
    "index": lambda project: project.index_texts(),
    "details": lambda project: project.set_details("Another name"),
}


def ready_for(project: Project, name: str) -> None:
    """Something to undo, or to redo, or to index."""
    tag(project, 50)
    if name == "redo":
        project.undo()


def refused(step: Callable[[Project], object], project: Project) -> str:
    with pytest.raises(AnnotatorError) as caught:
        step(project)
    told = str(caught.value)
    assert "\n" not in told
    assert told.endswith(".")
    assert str(project.path) in told or "Nothing" in told
    return told


def said_by(step: Callable[[Project], object], project: Project) -> str:
    """The sentence with which a step is refused; "" where it is done."""
    try:
        step(project)
    except AnnotatorError as error:
        told = str(error)
        if "\n" in told:
            raise
        return told
    return ""


# What the file descriptors lead to fails: as a bad sector, a pulled stick or a lost network drive would


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc to find the open file")
@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize(("what", "how"), [("project", "read"), ("project", "write"), ("journal", "write")])
def test_an_input_or_output_error_loses_nothing(project: Project, name: str, what: str, how: str) -> None:
    ready_for(project, name)
    before = state(project)
    heard: list[object] = []
    project.subscribe(heard.append)
    path = project.path.resolve()
    if what == "journal":
        path = path.with_name(f"{path.name}-journal")
    with failing(path, how):
        # What SQLite has in memory it need not read, and then the step may well be done.
        done = not said_by(STEPS[name], project)
        assert bool(heard) == (done and name != "index")
        assert not (done and how == "write")
    if not done:
        assert state(project) == before
        STEPS[name](project)
    after = state(project)
    project.close()
    assert check_file(project.path) == []
    again = Project.open(project.path)
    assert state(again) == after
    again.undo()
    again.close()


# The folder, the file, the rights


@pytest.mark.parametrize("name", STEPS)
def test_a_folder_that_goes_and_comes_back(project: Project, name: str) -> None:
    ready_for(project, name)
    before = state(project)
    folder = project.path.parent
    away = folder.with_name("away")
    folder.rename(away)
    assert "is not there any more" in refused(STEPS[name], project)
    away.rename(folder)
    assert state(project) == before
    STEPS[name](project)
    assert check_file(project.path) == []


def test_a_file_that_was_removed_is_not_written_but_can_still_be_saved(project: Project) -> None:
    tag(project, 0)
    before = state(project)
    made = project.back_up()
    project.path.unlink()
    for step in STEPS.values():
        assert "is not there any more" in refused(step, project)
    # What is open can still be read, and what was backed up is all that there was.
    assert state(project) == before
    copy = Project.open(made)
    assert state(copy) == before
    copy.close()


@pytest.mark.parametrize("name", STEPS)
def test_a_file_that_takes_the_place_of_the_open_one_is_never_written(project: Project, name: str) -> None:
    ready_for(project, name)
    other = project.path.with_name("other.annot")
    Project.create(other, name="Somebody else's").close()
    theirs = other.read_bytes()
    mine = project.path.with_name("mine.annot")
    project.path.rename(mine)
    other.rename(project.path)
    assert "is another file now" in refused(STEPS[name], project)
    assert project.path.read_bytes() == theirs
    # Put back, all goes on.
    project.path.unlink()
    mine.rename(project.path)
    STEPS[name](project)
    assert check_file(project.path) == []


def test_a_copy_laid_over_the_open_file_is_noticed(project: Project, tmp_path: Path) -> None:
    # As a synchronising program does it: another file by the same name, moved into place.
    older = tmp_path / "older.annot"
    shutil.copy(project.path, older)
    tag(project, 0)
    os.replace(older, project.path)
    there = project.path.read_bytes()
    assert "is another file now" in refused(STEPS["tag"], project)
    assert project.path.read_bytes() == there


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_rights_that_are_taken_away_while_it_is_open(project: Project) -> None:
    # The file is open already, so that its own rights no longer matter; those of a folder that cannot be entered do.
    if os.getuid() == 0:
        pytest.skip("the superuser may write everywhere")
    tag(project, 0)
    before = state(project)
    project.path.parent.chmod(0o000)
    try:
        refused(STEPS["tag"], project)
        assert state(project) == before
    finally:
        project.path.parent.chmod(0o755)
    STEPS["tag"](project)


# No room

LIMITED = """
import random, resource, sys
from pathlib import Path
from annotator.domain.errors import AnnotatorError
from tests.torture.test_faults import STEPS, Project, long, state, tag
path = Path(sys.argv[1])
chance = random.Random(int(sys.argv[2]))
project = Project.open(path, coder="Ann")
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
done = refusals = 0
for number in range(60):
    before = state(project)
    room = chance.choice([0, 512, 4096, path.stat().st_size, path.stat().st_size + chance.randrange(100_000)])
    name, step = chance.choice([
        ("tag", lambda: tag(project, chance.randrange(2000))),
        ("add", lambda: long(project, number)),
        ("undo", lambda: project.undo_label.number > 2 and project.undo()),
        ("redo", lambda: project.redo()),
        ("back up", lambda: project.back_up()),
        ("index", lambda: project.index_texts()),
    ])
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        step()
        done += 1
    except AnnotatorError as error:
        refusals += 1
        assert chr(10) not in str(error), error
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert state(project) == before, (name, room)
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    tag(project, number * 7 % 2500) if number % 10 == 0 else None
last = state(project)
project.close()
project = Project.open(path, coder="Ann")
assert state(project) == last
project.close()
print(done, refusals)
"""


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
@pytest.mark.parametrize("seed", [1, 2])
def test_no_room_at_any_moment(project: Project, seed: int) -> None:
    project.close()
    command = [sys.executable, "-c", LIMITED, str(project.path), str(seed)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    done, refusals = map(int, ran.stdout.split())
    assert done > 5
    assert refusals > 5
    assert check_file(project.path) == []
    assert not [left for left in backup.folder_for(project.path).glob("*") if ".part" in left.name]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.name != "posix" or mount is None or umount is None or os.getuid() != 0:
        pytest.skip("only the superuser can make a small disk")
    made = subprocess.run([mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"no small disk can be made here: {made.stderr.strip()}")
    yield folder
    subprocess.run([umount, folder], check=True)


def test_a_full_disk(small_disk: Path) -> None:
    project = Project.create(small_disk / "study.annot", coder="Ann")
    project.documents.add("An article", TEXT)
    ballast = small_disk / "ballast"
    try:
        said = ""
        for number in range(100):
            before = state(project)
            said = said_by(lambda project: long(project, number), project)  # noqa: B023
            if said:
                break
        assert "disk is full" in said or "cannot be read or written" in said
        assert state(project) == before
        room = shutil.disk_usage(small_disk).free
        ballast.write_bytes(bytes(max(0, room - 4096)))
        for name in ("add", "tag"):
            before = state(project)
            if said_by(STEPS[name], project):
                assert state(project) == before
        ballast.unlink()
        project.undo()
        tag(project, 90)
        before = state(project)
    finally:
        project.close()
    assert check_file(project.path) == []
    again = Project.open(project.path)
    assert state(again) == before
    again.close()


# The clock


def test_a_clock_that_is_set_back(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    class Earlier(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime(2001, 1, 1, 12, tzinfo=UTC)

    for start in range(0, 50, 5):
        tag(project, start)
    made = [project.back_up() for _ in range(3)]
    monkeypatch.setattr(backup, "KEEP", 3)
    monkeypatch.setattr(backup, "OLDER", {})
    real = time.time_ns
    monkeypatch.setattr(ids.time, "time_ns", lambda: real() - 20 * 365 * 86_400 * 10**9)
    monkeypatch.setattr(ids, "datetime", Earlier)
    monkeypatch.setattr(backup, "datetime", Earlier)
    states = [state(project)]
    for start in range(50, 100, 5):
        tag(project, start)
        states.append(state(project))
    newest = project.back_up()
    assert newest.exists(), "the one just made is not the oldest"
    assert backup.backups(project.path) == [newest, *made[:0:-1]]
    assert project.history()[0].at.startswith("2001-01-01")
    assert [line.number for line in project.history()] == sorted((s.number for s in project.history()), reverse=True)
    for earlier in states[-2::-1]:
        project.undo()
        assert state(project) == earlier
    for later in states[1:]:
        project.redo()
        assert state(project) == later
    found = project.documents.annotations(project.documents.rows()[0].id)
    assert len({annotation.id for annotation in found}) == 20
    project.close()
    assert check_file(project.path) == []


# An unclean end


@pytest.fixture
def unclean(project: Project) -> Project:
    """As a program leaves it that was ended."""
    writer = project.path.with_name(f".{project.path.name}.writer")
    told = writer.read_text("utf-8")
    project.close()
    writer.write_text(told, "utf-8")
    return project


def test_opening_after_an_unclean_end_keeps_a_copy(unclean: Project) -> None:
    assert backup.backups(unclean.path) == []
    project = Project.open(unclean.path)
    (kept,) = backup.backups(unclean.path)
    assert check_file(kept) == []
    project.close()
    Project.open(unclean.path).close()
    assert backup.backups(unclean.path) == [kept]


def test_opening_after_an_unclean_end_looks_for_damage(unclean: Project) -> None:
    content = bytearray(unclean.path.read_bytes())
    content[-4096:] = random.Random(1).randbytes(4096)
    unclean.path.write_bytes(content)
    with pytest.raises(FileRefused, match="is damaged"):
        Project.open(unclean.path)
    assert unclean.path.read_bytes() == content


def test_a_copy_that_cannot_be_made_does_not_keep_anybody_out(
    unclean: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup.os, "replace", fail)
    project = Project.open(unclean.path)
    assert not project.read_only
    project.close()


# Backups


def test_a_bulk_import_into_a_project_with_something_in_it_is_preceded_by_a_backup(
    project: Project, tmp_path: Path
) -> None:
    from annotator.services.importing import import_files

    files = [tmp_path / f"{number}.txt" for number in range(25)]
    for number, path in enumerate(files):
        path.write_text(f"Article {number}. Syria said so.", "utf-8")
    before = state(project)
    import_files(project, files[:2])
    assert backup.backups(project.path) == []
    project.undo()
    import_files(project, files)
    (kept,) = backup.backups(project.path)
    copy = Project.open(kept)
    assert state(copy) == before
    copy.close()


def test_every_bulk_change_is_preceded_by_a_backup(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    from annotator.services import project as services

    monkeypatch.setattr(services, "BULK", 3)
    for start in range(0, 60, 5):
        tag(project, start)
    assert backup.backups(project.path) == [], "a single tag is none"
    project.coding.edit_layer("layer-cue", description="Words that attribute").apply()
    assert backup.backups(project.path) == [], "nothing was touched"
    before = state(project)
    project.coding.remove_layer("layer-cue").apply()
    (kept,) = backup.backups(project.path)
    copy = Project.open(kept)
    assert state(copy) == before
    copy.close()
    before = state(project)
    project.documents.remove([row.id for row in project.documents.rows()])
    newest, older = backup.backups(project.path)
    assert older == kept
    copy = Project.open(newest)
    assert state(copy) == before
    copy.close()
    monkeypatch.setattr(backup, "_copied", lambda *_: False)
    project.undo()
    project.documents.remove([row.id for row in project.documents.rows()])
    assert len(backup.backups(project.path)) == 2, "a backup that cannot be made is no reason not to go on"


def test_backups_are_kept_by_the_hour_day_and_week(project: Project) -> None:
    from datetime import timedelta

    now = datetime(2026, 1, 20, 12, 30, tzinfo=UTC)
    every = [now - timedelta(minutes=20 * number) for number in range(3 * 24 * 90)]
    folder = Path("nowhere")
    found = [folder / f"{moment:{backup._NAME}}.annot" for moment in every]
    gone = set(backup._superfluous(found))
    left = [each for each in found if each not in gone]
    assert left[:12] == found[:12]
    ages = [(now - backup.made(each)).total_seconds() / 3600 for each in left]
    assert len(left) < 40
    assert sum(age < 24 for age in ages) >= 12 + 7
    assert sum(24 <= age < 24 * 8 for age in ages) >= 5
    assert max(ages) > 24 * 7 * 6
    # Thinned out again and again, as they come, as many are kept, and as old ones.
    kept: list[Path] = []
    for each in reversed(found[::9]):
        kept.insert(0, each)
        superfluous = set(backup._superfluous(kept))
        kept = [one for one in kept if one not in superfluous]
    assert 20 < len(kept) < 40
    assert (now - backup.made(kept[-1])).days >= 7 * 6


def test_what_a_killed_program_left_among_the_backups_goes(project: Project) -> None:
    kept = project.back_up()
    old, young = kept.with_name("x.part"), kept.with_name("y.part")
    for each in (old, young):
        each.write_bytes(b"half")
    os.utime(old, (time.time() - 3600, time.time() - 3600))
    project.back_up()
    assert not old.exists()
    assert young.exists(), "perhaps another program is just making it"


def test_another_program_that_writes_for_long(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlite3

    tag(project, 0)
    before = state(project)
    project.store.connection.exec_driver_sql("PRAGMA busy_timeout=20")
    monkeypatch.setattr(dialect, "PATIENCE", 0.02)
    other = sqlite3.connect(project.path)
    other.execute("BEGIN EXCLUSIVE")
    assert "in use by another program" in refused(STEPS["tag"], project)
    other.rollback()
    other.close()
    assert state(project) == before
    STEPS["tag"](project)
