"""Short forms of what `torture` does for half an hour, and whether these harnesses notice what they are there to notice."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from annotator.domain.model import Fragment
from annotator.services.project import Project
from annotator.storage import soundness
from annotator.storage.project_file import ProjectFile
from tests.torture import damage, session
from tests.torture.damage import Damager
from tests.torture.faults import Faulter


def test_each_promise_names_tests_that_are_there() -> None:
    root = Path(__file__).parent.parent.parent
    told = (root / "README.md").read_text("utf-8").partition("## What it promises")[2].partition("\n## ")[0]
    rows = [line for line in told.splitlines() if line.startswith("| **")]
    assert len(rows) > 8
    for row in rows:
        named = re.findall(r"`([\w/]+\.py)`", row)
        assert named, row
        assert all((root / "tests" / name).is_file() for name in named), row


def test_damaged_and_hostile_projects(tmp_path: Path) -> None:
    damager = Damager(tmp_path / "damage", 11)
    for _ in range(16):
        damager.one()
    assert damager.losses == []
    assert damager.counts["damaged"] > 8
    assert damager.counts["hostile"] > 0
    assert damager.counts["salvaged"] > 8


def test_faults_in_turn(tmp_path: Path) -> None:
    faulter = Faulter(tmp_path / "faults", 11)
    for _ in range(3):
        faulter.one()
    assert faulter.losses == []
    assert faulter.counts["faults"] > 40
    assert faulter.counts["steps refused"] > 20
    assert faulter.counts["copies saved"] > 2


def test_the_harness_notices_what_is_opened_though_it_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damager = Damager(tmp_path / "damage", 11)
    monkeypatch.setattr(soundness, "refuse_unfit", lambda *_, **__: None)
    while not damager.losses:
        damager.one()
    assert "opens, though the check says" in damager.losses[0] or "is damaged" in damager.losses[0]


def test_the_harness_notices_texts_that_are_not_salvaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.storage.salvage.scan", lambda _path: [])
    damager = Damager(tmp_path / "damage", 11)
    monkeypatch.setattr(damage, "RUBBISH", (lambda _chance: bytes(damage.PAGE),))
    for _ in range(400):
        damager.one()
        if damager.losses:
            break
    assert "were not salvaged" in damager.losses[0]


def test_the_harness_notices_a_refusal_that_changed_something(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A program that goes on where the file was replaced or the project taken over, and says so afterwards.
    def careless(self: ProjectFile) -> object:
        def writing() -> Iterator[None]:
            self.connection.exec_driver_sql("UPDATE document SET title = title || '!'")
            self.connection.commit()
            with whole(self):
                yield

        return contextmanager(writing)()

    whole = ProjectFile._writing
    faulter = Faulter(tmp_path / "faults", 11)
    monkeypatch.setattr(ProjectFile, "_writing", careless)
    faulter.one()
    assert "was refused, and changed something" in faulter.losses[0]


@pytest.mark.skipif(not session.handles(), reason="only where the system tells of memory and open files")
def test_memory_and_open_files_stay_flat(tmp_path: Path, user_folders: Path, qapp: object) -> None:
    result = session.run(60, 40, tmp_path)
    # In a short session caches still fill, of SQLite and of the system; the long form bounds the bytes.
    assert result["open files per cycle"] <= 0.01
    assert result["open files per document"] <= 0.01
    assert result["objects per cycle"] < 12
    assert result["objects per document"] < 25
    assert result["bytes per document"] < 40_000


@pytest.mark.skipif(not session.handles(), reason="only where the system tells of memory and open files")
def test_projects_that_are_opened_and_closed_leave_no_file_open(tmp_path: Path) -> None:
    path = tmp_path / "study.annot"
    project = Project.create(path)
    document = project.documents.add("T", "Syria said so.")
    project.close()
    before = session.handles()
    for number in range(12):
        project = Project.open(path)
        with project.elsewhere() as other:
            other.tagging.tag(document.id, "layer-cue", [Fragment(0, 1 + number % 9)])
            other.undo()
        project.close()
    assert session.handles() == before
    assert os.listdir(tmp_path) == ["study.annot"]
