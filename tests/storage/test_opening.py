"""Who may write, what is refused, and that nothing is left beside the file."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import Connection

from annotator.domain.errors import AnnotatorError, FileRefused, ReadOnly
from annotator.services.checking import check_file
from annotator.services.project import Project
from annotator.storage import migrations, project_file
from annotator.storage.backup import backups

from .conftest import TEXT, Child, Dump

Start = Callable[..., Child]
HOLDER = (
    "project = Project.open(Path(sys.argv[1]), coder='Other')\nassert not project.read_only\nready()\nproject.close()\n"
)


def beside(path: Path) -> list[str]:
    return sorted(other.name for other in path.parent.iterdir() if other != path)


def set_version(path: Path, user_version: int, min_reader: int = 1) -> bytes:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA user_version={user_version}")
        raw.execute("UPDATE file_format SET min_reader=?", (min_reader,))
        raw.commit()
    return path.read_bytes()


def assert_refused(path: Path, match: str) -> str:
    """Refused in one sentence that names the file; nothing is left beside it, and nobody holds it."""
    there = set(beside(path))
    before = path.read_bytes() if os.path.isfile(path) else None
    for read_only in (False, True):
        with pytest.raises(AnnotatorError, match=match) as caught:
            Project.open(path, read_only=read_only)
        assert str(path) in str(caught.value)
    assert set(beside(path)) == there
    assert before is None or path.read_bytes() == before
    return str(caught.value)


# One writer at a time


def test_a_second_window_reads_and_says_who_writes(project: Project) -> None:
    second = Project.open(project.path, coder="Bob")
    assert second.read_only
    assert f"(process {os.getpid()}) has it open" in second.read_only_reason
    assert second.documents.rows() == project.documents.rows()
    with pytest.raises(ReadOnly, match="Nothing can be changed here: .+ has it open"):
        second.set_details("Mine")
    with pytest.raises(ReadOnly):
        second.undo()
    project.set_details("Theirs")
    assert second.store.info().name == "Theirs", "a reader sees what the writer saves"
    second.close()
    project.set_details("Still mine")
    project.close()
    assert beside(project.path) == []


def test_another_process_holds_it(closed: Path, child: Start) -> None:
    holder = child(HOLDER, closed)
    holder.wait_ready()
    reader = Project.open(closed)
    assert f"(process {holder.process.pid}) has it open" in reader.read_only_reason
    reader.close()
    holder.finish()
    assert beside(closed) == []
    writer = Project.open(closed)
    assert not writer.read_only
    writer.close()


def test_the_lock_is_free_after_a_kill(closed: Path, child: Start) -> None:
    holder = child(HOLDER, closed)
    holder.wait_ready()
    reader = Project.open(closed)
    holder.kill()
    writer = Project.open(closed)
    assert not writer.read_only
    writer.set_details("Mine now")
    told = json.loads((closed.parent / f".{closed.name}.writer").read_text())
    assert told["pid"] == os.getpid()
    reader.close()
    writer.close()
    assert beside(closed) == []


def test_the_lock_is_given_back_in_whichever_thread(closed: Path) -> None:
    opened: list[Project] = []
    thread = threading.Thread(target=lambda: opened.append(Project.open(closed)))
    thread.start()
    thread.join()
    opened[0].close()
    again = Project.open(closed)
    assert not again.read_only
    again.close()


def test_under_another_name_it_is_the_same_project(closed: Path, tmp_path: Path) -> None:
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "link.annot"
    link.symlink_to(closed)
    first = Project.open(link)
    first.set_details("By the link")
    second = Project.open(closed)
    assert second.read_only
    assert second.info.name == "By the link"
    second.close()
    first.close()
    assert beside(link) == []
    assert beside(closed) == ["links"]


def test_nothing_is_left_beside_the_file(project: Project) -> None:
    project.index_texts()
    with project.elsewhere() as other:
        other.set_details("Other")
    project.undo()
    project.close()
    project.close()
    assert beside(project.path) == []


def test_a_second_connection_writes_as_safely_as_the_first(project: Project) -> None:
    with project.elsewhere() as other:
        for connection in (project.store.connection, other.store.connection):
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "truncate"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


# What is no project


@pytest.mark.parametrize(
    "content", [b"", b"S", b"SQLite format 3", b"hello" * 100, b"SQLite format 3\0" + b"\1" * 4080]
)
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.annot"
    path.write_bytes(content)
    assert_refused(path, r"not an Annotator project")


def test_another_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.annot"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE document (id)")
    assert_refused(path, r"not an Annotator project")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert_refused(tmp_path / "none.annot", "is not there")
    (tmp_path / "folder.annot").mkdir()
    assert_refused(tmp_path / "folder.annot", "is not a file")
    (tmp_path / "broken.annot").symlink_to(tmp_path / "nowhere")
    assert_refused(tmp_path / "broken.annot", "is not there")
    (tmp_path / "loop.annot").symlink_to(tmp_path / "loop.annot")
    assert_refused(tmp_path / "loop.annot", "cannot be read|is not there")
    assert_refused(tmp_path / ("n" * 300), "cannot be read")
    assert_refused(tmp_path / "nul\0.annot", "cannot be read|is not there")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.annot")
    assert_refused(tmp_path / "pipe.annot", "is not a file")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_truncated_project_is_never_written_to(closed: Path, share: float) -> None:
    content = closed.read_bytes()
    closed.write_bytes(content[: int(len(content) * share)])
    before = closed.read_bytes()
    with suppress(FileRefused):
        Project.open(closed).close()
    assert closed.read_bytes() == before
    assert beside(closed) == []


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM project",
        "UPDATE layer SET fields = '{'",
        "UPDATE link_type SET roles = '[1]'",
        "UPDATE project SET document_fields = '7'",
        "DROP TABLE layer",
        "INSERT INTO project (id) VALUES ('second')",
    ],
)
def test_a_codebook_that_makes_no_sense_is_refused(closed: Path, sql: str) -> None:
    with closing(sqlite3.connect(closed)) as raw:
        raw.execute(sql)
        raw.commit()
    with pytest.raises(FileRefused, match="is damaged"):
        Project.open(closed)
    assert beside(closed) == []
    with pytest.raises(FileRefused, match="is damaged"):
        Project.open(closed, read_only=True)


# Other versions


def test_a_newer_project_that_may_be_read_opens_for_reading(closed: Path) -> None:
    before = set_version(closed, 99)
    project = Project.open(closed)
    assert project.read_only_reason == "it was made by a newer Annotator"
    assert project.counts()["documents"] == 1
    with pytest.raises(ReadOnly, match="newer"):
        project.set_details("x")
    project.close()
    assert closed.read_bytes() == before
    assert beside(closed) == []


def test_a_newer_project_that_may_not_be_read_is_refused(closed: Path) -> None:
    set_version(closed, 99, min_reader=99)
    assert_refused(closed, "made by a newer Annotator. Install that version")


def test_a_newer_project_without_a_word_on_readers_is_refused(closed: Path) -> None:
    set_version(closed, 99)
    with closing(sqlite3.connect(closed)) as raw:
        raw.execute("DROP TABLE file_format")
    assert_refused(closed, "made by a newer Annotator")


NOW = migrations.VERSION


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch) -> dict[int, Callable[[Connection], None]]:
    """The program is two versions further on."""
    steps: dict[int, Callable[[Connection], None]] = {}
    monkeypatch.setattr(migrations, "MIGRATIONS", steps)
    monkeypatch.setattr(project_file, "VERSION", NOW + 2)
    monkeypatch.setattr(migrations.migrate, "__defaults__", (NOW + 2,))
    return steps


def add_column(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE project ADD COLUMN motto TEXT NOT NULL DEFAULT ''")


def test_an_older_project_is_brought_up_to_date_after_a_backup(
    closed: Path, next_version: dict[int, Callable[[Connection], None]]
) -> None:
    next_version.update({NOW: add_column, NOW + 1: lambda connection: None})
    project = Project.open(closed)
    assert project.counts()["documents"] == 1
    assert project.store.connection.exec_driver_sql("PRAGMA user_version").scalar_one() == NOW + 2
    project.close()
    (backup,) = backups(closed)
    with closing(sqlite3.connect(backup)) as raw:
        assert raw.execute("PRAGMA user_version").fetchone() == (NOW,)
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    closed: Path, next_version: dict[int, Callable[[Connection], None]]
) -> None:
    def fail(connection: Connection) -> None:
        connection.exec_driver_sql("UPDATE document SET title = 'half done'")
        raise RuntimeError("it broke")

    next_version.update({NOW: add_column, NOW + 1: fail})
    before = closed.read_bytes()
    with pytest.raises(FileRefused, match=r"could not be brought up to date \(it broke\). It is as it was"):
        Project.open(closed)
    assert closed.read_bytes() == before
    assert beside(closed) == []
    assert len(backups(closed)) == 1


def test_a_project_of_an_unknown_version_is_refused(closed: Path, next_version: object) -> None:
    before = closed.read_bytes()
    with pytest.raises(FileRefused, match=f"unknown version {NOW}"):
        Project.open(closed)
    with pytest.raises(FileRefused, match=f"unknown version {NOW}"):
        Project.open(closed, read_only=True)
    assert closed.read_bytes() == before


def test_who_only_reads_an_older_project_reads_a_copy_brought_up_to_date(
    closed: Path, next_version: dict[int, Callable[[Connection], None]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(place := tmp_path.parent / f"{tmp_path.name}-temporary"))
    place.mkdir()
    next_version.update({NOW: add_column, NOW + 1: lambda connection: None})
    before = closed.read_bytes()
    project = Project.open(closed, read_only=True)
    assert project.read_only_reason == "it was opened for reading only"
    assert project.path == closed
    assert project.counts()["documents"] == 1
    with project.elsewhere() as other:
        assert other.store.connection.exec_driver_sql("SELECT motto FROM project").scalar_one() == ""
        assert list(place.iterdir())
    with pytest.raises(ReadOnly):
        project.set_details("x")
    assert project.counts()["documents"] == 1
    project.close()
    assert closed.read_bytes() == before
    assert beside(closed) == []
    assert list(place.iterdir()) == []


NEW_IN_3 = ("apart", "unwanted_name", "saved_search")


def test_a_project_of_the_second_version_gets_the_tables_of_the_third(closed: Path) -> None:
    def shape() -> list[list[tuple[object, ...]]]:
        asked = [f"{told}({table})" for table in NEW_IN_3 for told in ("table_info", "foreign_key_list")]
        indexes = "SELECT tbl_name, name FROM sqlite_schema WHERE type = 'index' ORDER BY name"
        with closing(sqlite3.connect(closed)) as raw:
            return [list(raw.execute(f"PRAGMA {what}")) for what in asked] + [list(raw.execute(indexes))]

    wanted = shape()
    with closing(sqlite3.connect(closed)) as raw:
        for table in NEW_IN_3:
            raw.execute(f"DROP TABLE {table}")
    set_version(closed, 2)
    project = Project.open(closed)
    one, other = (project.entries.create("registry-actors", name).id for name in ("A", "B"))
    project.entries.judge_apart(one, other)
    project.close()
    assert shape() == wanted
    assert check_file(closed) == []


# Making one


def test_create_refuses_what_is_there(closed: Path, tmp_path: Path) -> None:
    before = closed.read_bytes()
    (tmp_path / "broken.annot").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder.annot").mkdir()
    for there in (closed, tmp_path / "broken.annot", tmp_path / "folder.annot"):
        with pytest.raises(FileRefused, match="exists already"):
            Project.create(there)
    for wrong in (tmp_path / "no" / "a.annot", tmp_path / ("n" * 300), closed / "a.annot", tmp_path / "nul\0"):
        with pytest.raises(FileRefused, match="cannot be made") as caught:
            Project.create(wrong)
        assert "\n" not in str(caught.value)
    assert closed.read_bytes() == before
    assert beside(closed) == ["broken.annot", "folder.annot"]


def test_create_leaves_no_part_where_it_fails(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(project_file, "_fill", fail)
    with pytest.raises(FileRefused, match="cannot be made: No space left on device"):
        Project.create(path)
    assert list(path.parent.iterdir()) == []


def test_create_never_overwrites_what_came_meanwhile(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill = project_file._fill

    def slowly(*arguments: object) -> None:
        fill(*arguments)  # type: ignore[arg-type]
        path.write_text("somebody was faster")

    monkeypatch.setattr(project_file, "_fill", slowly)
    with pytest.raises(FileRefused, match="exists already"):
        Project.create(path)
    assert path.read_text() == "somebody was faster"
    assert beside(path) == []


@pytest.mark.parametrize(
    "name", ["a b", "100%", "a#b", "what?", "a&b=c", "%41", "دراسة", "'quoted'", "é🤝", "-x", ".hid"]
)
def test_any_name_will_do(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    path = folder / f"{name}.annot"
    project = Project.create(path)
    project.documents.add("T", TEXT)
    project.back_up()
    with project.elsewhere() as other:
        assert other.counts()["documents"] == 1
    project.close()
    assert [other.name for other in folder.iterdir()] == [path.name]
    again = Project.open(path)
    assert not again.read_only
    assert again.counts()["documents"] == 1
    again.close()
    assert len(backups(path)) == 1


# A folder or file that may not be written

UNPRIVILEGED = """
import os
Project.open(Path(sys.argv[1]), read_only=True).close()
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
project = Project.open(Path(sys.argv[1]))
print(project.read_only_reason, project.counts()["documents"])
try:
    project.set_details("x")
except Exception as error:
    print(type(error).__name__)
project.close()
try:
    Project.create(Path(sys.argv[1]).parent / "new.annot")
except Exception as error:
    print(type(error).__name__, error)
"""


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize(
    ("file_mode", "folder_mode", "reason"), [(0o444, 0o777, "the file is"), (0o666, 0o555, "its folder is")]
)
def test_where_it_may_not_write_it_reads(
    closed: Path, child: Start, file_mode: int, folder_mode: int, reason: str
) -> None:
    import tempfile

    # Where an unprivileged user may look, unlike pytest's folders.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "study.annot"
        shutil.copy(closed, path)
        path.chmod(file_mode)
        folder.chmod(folder_mode)
        try:
            lines = child(UNPRIVILEGED, path).finish().splitlines()
        finally:
            folder.chmod(0o700)
        assert lines[:2] == [f"{reason} read-only 1", "ReadOnly"]
        if folder_mode == 0o555:
            assert lines[2].startswith(("FileRefused", "ReadOnly"))
        assert path.read_bytes() == closed.read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_what_may_not_be_read_is_refused(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FileRefused, match="cannot be read: Permission denied"):
        Project.open(closed)


# The file goes or changes while it is open


def test_the_file_vanishes_and_comes_back(project: Project, dump: Callable[[Project], Dump]) -> None:
    away = project.path.with_name("away.annot")
    project.path.rename(away)
    before = dump(project)
    for act in (lambda: project.set_details("x"), project.undo, project.redo):
        with pytest.raises(FileRefused, match="is not there any more"):
            act()
    away.rename(project.path)
    assert dump(project) == before
    project.set_details("Back")
    project.close()
    again = Project.open(project.path)
    assert again.info.name == "Back"
    again.close()


def test_the_whole_folder_goes(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    project = Project.create(folder / "a.annot")
    shutil.rmtree(folder)
    with pytest.raises(FileRefused, match="is not there any more"):
        project.set_details("x")
    project.close()


def test_another_file_takes_its_place(project: Project, tmp_path: Path) -> None:
    other = tmp_path / "other.annot"
    Project.create(other).close()
    content = other.read_bytes()
    os.replace(other, project.path)
    with pytest.raises(FileRefused, match="another file now"):
        project.set_details("x")
    project.close()
    assert project.path.read_bytes() == content
