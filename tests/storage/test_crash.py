"""A program that ends in the middle, and a disk that is full: what was saved is there, and nothing is half done."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.domain.errors import AnnotatorError, FileRefused
from annotator.domain.model import Document, Fragment
from annotator.services.checking import check_file
from annotator.services.project import Project
from annotator.storage import dialect

from .conftest import Child, Dump

Start = Callable[..., Child]
Take = Callable[[Project], Dump]

# Writes more than it keeps in memory, so that the file itself is changed when the end comes.
HALF_DONE = """
project = Project.open(Path(sys.argv[1]), coder='Other')
project.store.connection.exec_driver_sql('PRAGMA cache_size=5')
with project.step('Import {what}', 'much'):
    for number in range(40):
        document = project.documents.add(f'Article {number}', f'{number} ' * 5000)
        project.tagging.tag(document.id, 'layer-actor', [(0, 3)])
    ready()
"""


def journal_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


@pytest.fixture
def killed(closed: Path, child: Start) -> Path:
    """A project whose writer was killed in the middle of a step that had reached the file."""
    before = closed.read_bytes()
    writer = child(HALF_DONE, closed)
    writer.wait_ready()
    assert journal_of(closed).stat().st_size
    assert closed.read_bytes()[: len(before)] != before
    writer.kill()
    return closed


@pytest.mark.parametrize("read_only", [False, True])
def test_the_next_to_open_it_finds_what_was_saved(killed: Path, read_only: bool) -> None:
    project = Project.open(killed, read_only=read_only)
    assert project.read_only == read_only
    assert project.counts()["documents"] == 1
    assert [line.label for line in project.history()] == ["Tag and link source", "Tag claim", "Add “An article”"]
    project.close()
    assert check_file(killed) == []
    writer = Project.open(killed)
    writer.undo()
    writer.redo()
    writer.close()
    assert list(killed.parent.iterdir()) == [killed]


def test_a_half_written_file_is_in_use_until_its_writer_is_gone(
    closed: Path, child: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialect, "PATIENCE", 0.1)
    writer = child(HALF_DONE, closed)
    writer.wait_ready()
    # The file is half written, so that nobody can look at it now.
    with pytest.raises(FileRefused, match="in use by another program"):
        Project.open(closed)
    writer.kill()
    reader = Project.open(closed, read_only=True)
    assert reader.counts()["documents"] == 1
    reader.close()


def test_checking_a_killed_project_does_not_touch_it(killed: Path) -> None:
    before = {path.name: path.read_bytes() for path in killed.parent.iterdir()}
    assert check_file(killed) == []
    assert {path.name: path.read_bytes() for path in killed.parent.iterdir()} == before


def test_every_step_that_returned_is_there_after_a_kill(closed: Path, child: Start) -> None:
    script = """
project = Project.open(Path(sys.argv[1]))
document = project.documents.rows()[0].id
ready()
for start in range(0, 60):
    project.tagging.tag(document, 'layer-cue', [(start, start + 5)])
    print(start, flush=True)
"""
    writer = child(script, closed)
    writer.wait_ready()
    assert writer.process.stdin is not None
    assert writer.process.stdout is not None
    writer.process.stdin.write("\n")
    writer.process.stdin.flush()
    said = [int(writer.process.stdout.readline()) for _ in range(15)]
    writer.process.kill()
    said += [int(line) for line in writer.process.stdout.read().splitlines()]
    assert check_file(closed) == []
    project = Project.open(closed)
    document = project.documents.rows()[0].id
    starts = [a.start for a in project.documents.annotations(document) if a.layer_id == "layer-cue"]
    assert starts[: len(said)] == said
    assert len(starts) <= len(said) + 1
    for _ in starts:
        project.undo()
    assert len(project.documents.annotations(document)) == 2
    project.close()


def test_a_full_disk_is_one_sentence_and_the_next_step_works(project: Project, document: Document, dump: Take) -> None:
    connection = project.store.connection
    before = dump(project)
    heard: list[object] = []
    project.subscribe(heard.append)
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(FileRefused, match=r"cannot grow: the disk is full\. Nothing was changed; make room") as caught:
        project.documents.add("Long", "word " * 50_000)
    assert str(project.path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert dump(project) == before
    assert heard == []
    project.undo()
    project.redo()
    assert dump(project) == before
    connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    project.documents.add("Long", "word " * 50_000)
    assert project.counts()["documents"] == 2


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
def test_the_system_refuses_to_write(closed: Path, child: Start) -> None:
    script = """
import resource
project = Project.open(Path(sys.argv[1]))
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
size = Path(sys.argv[1]).stat().st_size
for room in (size + 20_000, 2_000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    for act in (lambda: project.documents.add('Long', 'word ' * 100_000), lambda: project.back_up()):
        try:
            act()
        except Exception as error:
            print(type(error).__name__, error)
    try:
        Project.create(Path(sys.argv[1]).with_name('new.annot')).close()
    except Exception as error:
        print(type(error).__name__, error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert project.counts()['documents'] == 1
    assert len(project.entries.all()) == 2
project.documents.add('Long', 'word ' * 100_000)
project.close()
"""
    lines = child(script, closed).finish().splitlines()
    assert lines
    assert all(line.startswith(("FileRefused", "NotSaved")) for line in lines), lines
    assert check_file(closed) == []
    project = Project.open(closed)
    assert project.counts()["documents"] == 2
    project.close()
    assert {path.name for path in closed.parent.iterdir()} <= {closed.name, "new.annot"}


def test_a_commit_that_others_block_is_rolled_back(project: Project, document: Document, dump: Take) -> None:
    before = dump(project)
    project.store.connection.exec_driver_sql("PRAGMA busy_timeout=10")
    reader = sqlite3.connect(project.path)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM document").fetchall()
    with pytest.raises(FileRefused, match="in use by another program. Nothing was changed"):
        project.tagging.tag(document.id, "layer-actor", [Fragment(31, 41)])
    assert dump(project) == before
    assert project.entries.resolve("registry-actors", "Washington") is None
    reader.close()
    project.tagging.tag(document.id, "layer-actor", [Fragment(31, 41)])
    project.undo()
    assert dump(project) == before


def test_reading_a_damaged_file_is_a_sentence_too(closed: Path, tmp_path: Path) -> None:
    copy = tmp_path / "damaged.annot"
    shutil.copy(closed, copy)
    raw = sqlite3.connect(closed)
    root = raw.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'document_by_position'").fetchone()[0]
    raw.close()
    content = bytearray(copy.read_bytes())
    content[(root - 1) * 4096 : root * 4096] = b"\x55" * 4096
    copy.write_bytes(content)
    project = Project.open(copy, read_only=True)
    for read in (project.documents.rows, lambda: list(project.store.whole_documents())):
        with pytest.raises(AnnotatorError, match="is damaged"):
            read()
    project.close()
