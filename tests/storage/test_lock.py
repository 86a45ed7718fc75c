"""Who may write: on one computer, after a crash, after a restart, and in a shared folder with another computer."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.errors import FileRefused, NotSaved, ReadOnly
from annotator.services.project import Project
from annotator.storage import identity, lock
from annotator.storage.identity import Identity

from .conftest import Child, Dump

ME = identity.mine()
THERE = replace(ME, user="Bob", host="office", machine="another", boot="other", pid=4711, started="99")


def note_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.writer")


def leave_note(path: Path, who: Identity, **more: object) -> None:
    note_of(path).write_text(json.dumps({**who.told(), "since": "", "mark": "theirs", **more}), "utf-8")


@pytest.fixture
def another(monkeypatch: pytest.MonkeyPatch) -> Callable[[Identity], None]:
    """From now on this process says that it is another one, whose locks of the system nobody here sees."""

    class Blind:
        def __init__(self, path: Path, **_: object) -> None:
            self.lock_file, self.is_locked = str(path), False

        def acquire(self) -> None:
            self.is_locked = True
            Path(self.lock_file).touch()

        def release(self) -> None:
            self.is_locked = False

    def become(who: Identity) -> None:
        monkeypatch.setattr(lock, "FileLock", Blind)
        monkeypatch.setattr(identity, "mine", lambda: who)

    return become


def test_the_note_says_who_it_is(project: Project) -> None:
    told = json.loads(note_of(project.path).read_text("utf-8"))
    assert (told["pid"], told["host"], told["machine"]) == (os.getpid(), ME.host, ME.machine)
    if Path("/proc/self/stat").exists():
        assert told["started"]
        assert told["boot"]


# Left behind on this computer: taken over without a question


@pytest.mark.parametrize(
    "who",
    [
        replace(ME, boot="before the restart"),
        replace(ME, pid=2**22 - 3, started="1"),
        replace(ME, pid=os.getppid(), started="1"),  # the number was given to another process since
    ],
    ids=["restart", "no such process", "another process"],
)
def test_what_a_crash_or_a_restart_left_is_taken_over(closed: Path, who: Identity) -> None:
    leave_note(closed, who)
    project = Project.open(closed)
    assert not project.read_only
    project.set_details("Mine")
    project.close()
    assert list(closed.parent.iterdir()) == [closed]


def test_the_note_of_an_older_program_says_no_more_than_the_lock(closed: Path) -> None:
    # It named a process and not when it began: by now the number may be another's.
    note_of(closed).write_text(json.dumps({"user": "Ann", "host": ME.host, "pid": os.getppid(), "since": ""}))
    project = Project.open(closed)
    assert not project.read_only
    project.close()


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"user": 3}', "\x00" * 40])
def test_a_note_that_says_nothing_keeps_nobody_out(closed: Path, content: str) -> None:
    note_of(closed).write_text(content)
    project = Project.open(closed)
    assert not project.read_only
    project.close()
    assert list(closed.parent.iterdir()) == [closed]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only where the system tells of processes")
def test_a_living_process_whose_lock_nobody_sees_is_left_alone(
    closed: Path, child: Callable[..., Child], another: Callable[[Identity], None]
) -> None:
    holder = child("project = Project.open(Path(sys.argv[1]), coder='Other')\nready()\nproject.close()\n", closed)
    holder.wait_ready()
    another(ME)
    reader = Project.open(closed)
    assert f"(process {holder.process.pid}) has it open" in reader.read_only_reason
    assert not reader.can_be_taken_over
    reader.close()
    assert note_of(closed).exists()
    holder.kill()
    writer = Project.open(closed)
    assert not writer.read_only
    writer.close()


# Another computer in a shared folder


def test_what_another_computer_has_open_is_read_and_can_be_taken_over(closed: Path) -> None:
    leave_note(closed, THERE)
    before = closed.read_bytes()
    reader = Project.open(closed)
    assert reader.read_only_reason == "Bob on office (process 4711) has it open"
    assert reader.can_be_taken_over
    with pytest.raises(ReadOnly, match="Bob on office"):
        reader.set_details("Mine")
    reader.close()
    assert closed.read_bytes() == before
    assert json.loads(note_of(closed).read_text())["mark"] == "theirs"
    writer = Project.open(closed, take_over=True)
    assert not writer.read_only
    writer.set_details("Mine")
    writer.close()
    assert list(closed.parent.iterdir()) == [closed]


def test_for_how_long_nothing_was_heard_of_it(closed: Path) -> None:
    leave_note(closed, THERE)
    for ago, said in ((10, ""), (600, "for 10 minutes"), (7 * 3600, "for 7 hours")):
        at = note_of(closed).stat().st_mtime
        # By the clock of the folder: the one of this computer may go otherwise.
        os.utime(note_of(closed), (at - ago, at - ago))
        reader = Project.open(closed)
        assert reader.read_only_reason.endswith(said or "has it open")
        reader.close()
        os.utime(note_of(closed))


def test_a_sign_of_life_is_given(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.close()
    monkeypatch.setattr(lock, "BEAT", 0.01)
    again = Project.open(project.path)
    note = note_of(project.path)
    os.utime(note, (1, 1))
    while note.stat().st_mtime < 100:
        pass
    again.close()


def test_two_computers_that_see_no_lock_of_each_other(
    closed: Path, another: Callable[[Identity], None], dump: Callable[[Project], Dump]
) -> None:
    another(ME)
    first = Project.open(closed, coder="Ann")
    first.set_details("By Ann")
    another(THERE)
    second = Project.open(closed, coder="Bob")
    assert second.read_only
    assert second.info.name == "By Ann"
    second.close()
    # Bob is told that Ann's computer is gone, and takes over, though it is not.
    taking = Project.open(closed, coder="Bob", take_over=True)
    taking.set_details("By Bob")
    before = dump(taking)
    for act in (lambda: first.set_details("Ann again"), first.undo, first.index_texts):
        with pytest.raises(NotSaved, match="Bob on office .* has taken it over"):
            act()
    with first.elsewhere() as other, pytest.raises(NotSaved, match="has taken it over"):
        other.set_details("Ann again")
    assert dump(taking) == before
    copy = closed.with_name("copy.annot")
    first.save_copy(copy)
    first.close()
    assert note_of(closed).exists(), "what is another's is not removed"
    taking.set_details("Still Bob")
    taking.close()
    assert sorted(closed.parent.iterdir()) == [copy, closed]


def test_a_note_that_was_swept_away_is_made_again(project: Project) -> None:
    note_of(project.path).unlink()
    project.set_details("Another name")
    assert json.loads(note_of(project.path).read_text())["pid"] == os.getpid()
    leave_note(project.path, THERE)
    with pytest.raises(NotSaved, match="Bob on office"):
        project.set_details("And again")


def test_a_folder_that_takes_no_note_can_still_be_worked_in(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(lock.WriterLock, "_write", fail)
    project = Project.open(closed)
    assert not project.read_only
    project.set_details("Another name")
    project.close()


# Copies, and whether writing works again


def test_a_copy_of_what_is_open(project: Project, tmp_path: Path, dump: Callable[[Project], Dump]) -> None:
    before = dump(project)
    shutil.move(project.path, tmp_path / "away")
    to = tmp_path / "copies" / "copy.annot"
    with pytest.raises(NotSaved):
        project.try_writing()
    with pytest.raises(FileRefused, match="cannot be made"):
        project.save_copy(to)
    to.parent.mkdir()
    project.save_copy(to)
    with pytest.raises(FileRefused, match="exists already"):
        project.save_copy(to)
    assert [path.name for path in to.parent.iterdir()] == ["copy.annot"]
    copy = Project.open(to, coder="Ann")
    assert dump(copy) == before
    copy.undo()
    copy.close()
    shutil.move(tmp_path / "away", project.path)
    project.try_writing()
    assert dump(project) == before
