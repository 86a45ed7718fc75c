"""Projects of every version so far open, are brought up to date, and hold what they held."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest

from annotator.domain.errors import NothingToUndo
from annotator.interchange.registry import Formats
from annotator.services.checking import check_file
from annotator.services.exporting import export_file
from annotator.services.importing import import_files
from annotator.services.project import Project
from annotator.storage.backup import backups
from annotator.storage.migrations import VERSION

HERE = Path(__file__).parent
GOLDEN = sorted(HERE.glob("version-*.annot"))
PASSING = {"format", "version", "generator"}
"""What an export says of the program that wrote it."""


@pytest.fixture(params=GOLDEN, ids=lambda path: path.stem)
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a golden file, by its own name."""
    return Path(shutil.copy(request.param, tmp_path))


def export_of(project: Project) -> dict[str, Any]:
    out = project.path.with_suffix(".out.json")
    export_file(project, out, None, formats=Formats())
    return dict(orjson.loads(out.read_bytes()))


def missing(old: Any, new: Any, where: str = "") -> list[str]:
    """What the old export says and the new one does not; what a later version adds to it is no matter."""
    if isinstance(old, dict) and isinstance(new, dict):
        return [
            told
            for key, value in old.items()
            for told in (missing(value, new[key], f"{where}/{key}") if key in new else [f"{where}/{key} is gone"])
        ]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [told for n, pair in enumerate(zip(old, new, strict=True)) for told in missing(*pair, f"{where}/{n}")]
    return [] if old == new else [f"{where}: {old!r} became {new!r}"]


def told_by(path: Path) -> dict[str, Any]:
    whole = dict(orjson.loads((HERE / f"{path.stem}.json").read_bytes()))
    return {key: value for key, value in whole.items() if key not in PASSING}


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as raw:
        return list(raw.iterdump())


def test_every_version_before_this_one_has_its_golden_file() -> None:
    assert {f"version-{number}" for number in range(1, VERSION)} <= {path.stem for path in GOLDEN}
    assert all(path.with_suffix(".json").exists() for path in GOLDEN)
    assert all(path.stat().st_size < 300_000 for path in GOLDEN)


def test_who_only_reads_it_finds_all_of_it(golden: Path) -> None:
    before = golden.read_bytes()
    project = Project.open(golden, read_only=True)
    assert missing(told_by(golden), export_of(project)) == []
    project.close()
    assert golden.read_bytes() == before


def test_it_opens_and_holds_what_it_held(golden: Path) -> None:
    before = golden.read_bytes()
    assert check_file(golden) == []
    assert golden.read_bytes() == before
    project = Project.open(golden, coder="Ann")
    assert not project.read_only
    assert missing(told_by(golden), export_of(project)) == []
    migrated = int(golden.stem.rpartition("-")[2]) < VERSION
    project.close()
    (original := golden.with_name("original.annot")).write_bytes(before)
    assert [content(path) for path in backups(golden)] == ([content(original)] if migrated else [])
    assert check_file(golden) == []


def test_its_history_goes_all_the_way_back_and_forth(golden: Path) -> None:
    project = Project.open(golden, coder="Ann")
    told = export_of(project)
    project.redo()
    project.redo()
    notes = [each.note for row in project.documents.rows() for each in project.documents.annotations(row.id)]
    assert "three" in notes
    steps = 0
    while project.undo_label is not None:
        project.undo()
        steps += 1
    assert steps > 20
    with pytest.raises(NothingToUndo):
        project.undo()
    assert project.documents.rows() == []
    for _ in range(steps - 2):
        project.redo()
    assert export_of(project) == told
    project.close()
    assert check_file(golden) == []


def test_work_goes_on_in_it(golden: Path) -> None:
    project = Project.open(golden, coder="Ann")
    row = project.documents.rows()[0]
    project.documents.edit(row.id, title="Another title", status="done", metadata={})
    project.index_texts()
    assert [place.title for place in project.search.find("Syria", 1)] == ["Another title"]
    project.close()
    assert check_file(golden) == []


def test_its_export_can_be_imported(golden: Path) -> None:
    export = Path(shutil.copy(HERE / f"{golden.stem}.json", golden.parent))
    project = Project.create(golden.with_name("new.annot"), coder="Ann")
    import_files(project, [export])
    there = export_of(project)
    for part in ("entries", "documents"):
        assert missing(told_by(golden)[part], there[part]) == []
    project.close()
