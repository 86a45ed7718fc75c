"""Writing a project to a file: whole or not at all."""

from __future__ import annotations

import io
import json
import os
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.errors import Cancelled, FileRefused
from annotator.domain.ids import now
from annotator.interchange.json_format import JsonExporter
from annotator.interchange.registry import Formats
from annotator.services.exporting import export_file, export_to
from annotator.services.importing import import_files
from annotator.services.project import Project


@pytest.fixture
def project(tmp_path: Path, hard: Any, put: Any) -> Iterator[Project]:
    made = Project.create(tmp_path / "study.annot")
    import_files(made, [put(hard)])
    yield made
    made.close()


def test_the_ending_says_the_format(project: Project, tmp_path: Path, tools: Any) -> None:
    export_file(project, tmp_path / "a.json")
    export_file(project, tmp_path / "a.jsonl")
    export_file(project, tmp_path / "plain", "json")
    tools.validate(json.loads((tmp_path / "a.json").read_bytes()))
    assert (tmp_path / "plain").read_bytes() == (tmp_path / "a.json").read_bytes()
    assert len((tmp_path / "a.jsonl").read_bytes().splitlines()) == 3


def test_an_existing_file_is_replaced_with_its_permissions(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("old")
    out.chmod(0o640)
    link = tmp_path / "link.json"
    link.symlink_to(out)
    export_file(project, link)
    assert link.is_symlink()
    assert json.loads(out.read_bytes())["format"] == "annotator-project"
    assert stat.S_IMODE(out.stat().st_mode) == 0o640
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.endswith(".part")) == []


def test_what_fails_leaves_the_old_file_and_no_other(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("old")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(Cancelled):
        export_file(project, out, cancel=lambda: True)

    class Broken(JsonExporter):
        def write(self, source: Any, out: Any, options: Any) -> None:
            out.write(b"half")
            raise OSError(28, "No space left on device")

    class OnlyBroken:
        def exporter(self, path: Path, name: str | None) -> Broken:
            return Broken()

    with pytest.raises(FileRefused, match=r"out\.json was not written: No space left on device"):
        export_file(project, out, formats=OnlyBroken())  # type: ignore[arg-type]
    assert out.read_text() == "old"
    assert sorted(tmp_path.iterdir()) == before


def test_places_where_nothing_can_be_written(project: Project, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="the folder .*gone does not exist"):
        export_file(project, tmp_path / "gone" / "out.json")
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(FileRefused, match="it is a folder"):
        export_file(project, tmp_path / "folder.json")
    with pytest.raises(FileRefused, match="it is the project itself"):
        export_file(project, project.path, "json")
    assert project.counts()["documents"] == 2
    if os.name == "posix" and os.geteuid() != 0:
        (tmp_path / "closed").mkdir(mode=0o500)
        with pytest.raises(FileRefused, match="may not write there"):
            export_file(project, tmp_path / "closed" / "out.json")


def test_progress(project: Project) -> None:
    seen: list[tuple[int, int]] = []
    export_to(project, io.BytesIO(), JsonExporter(), lambda *at: seen.append(at))
    assert seen == [(1, 2), (2, 2)]


def test_a_folder_is_replaced_as_a_whole_or_not_at_all(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    export_file(project, folder, "csv")
    (folder / "notes.txt").write_text("mine")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    project.documents.add("More", "Another text.")
    real, moved = os.replace, []

    def fails(one: Any, other: Any) -> None:
        moved.append(other)
        if len(moved) == 8:
            raise OSError(28, "No space left on device")
        real(one, other)

    monkeypatch.setattr("annotator.services.files.os.replace", fails)
    with pytest.raises(FileRefused, match="No space left"):
        export_file(project, folder, "csv")
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    export_file(project, folder, "csv")
    assert (folder / "documents.csv").read_bytes() != before["documents.csv"]
    assert (folder / "notes.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []


EXPORTERS = Formats().exporters


@pytest.mark.parametrize("name", EXPORTERS)
def test_stopped_or_without_room_nothing_is_left_of_it(
    name: str, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither beside the file, nor among the temporary ones that libraries make."""
    exporter = EXPORTERS[name]
    temporary, place = tmp_path / "temporary", tmp_path / "place"
    temporary.mkdir()
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    out = place / f"out{exporter.extensions[0]}"
    out.write_text("old")
    asked: list[bool] = []

    def second() -> bool:
        asked.append(True)
        return len(asked) > 1

    if name != "qdc":  # it has no documents
        with pytest.raises(Cancelled):
            export_file(project, out, name, cancel=second)
    real = os.fsync

    def full(handle: int) -> None:
        real(handle)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("annotator.services.files.os.fsync", full)
    with pytest.raises(FileRefused, match="No space left on device"):
        export_file(project, out, name)
    monkeypatch.undo()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    class Full(io.BytesIO):
        def write(self, data: Any) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left on device"):
        export_to(project, Full(), exporter, options={"name": out.name})
    assert [path.name for path in place.iterdir()] == [out.name]
    assert out.read_text() == "old"
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("name", EXPORTERS)
def test_no_clock_gets_into_a_file(name: str, tmp_path: Path, hard: Any, put: Any) -> None:
    """The same project gives the same bytes on any day."""
    hard["project"]["created"] = hard["documents"][1]["created"] = "2026-01-06T09:12:00.000Z"
    project = Project.create(tmp_path / "study.annot")
    try:
        import_files(project, [put(hard)])
        _check_clocks(name, project)
    finally:
        project.close()


def _check_clocks(name: str, project: Project) -> None:
    out, again = io.BytesIO(), io.BytesIO()
    export_to(project, out, EXPORTERS[name])
    export_to(project, again, EXPORTERS[name])
    assert out.getvalue() == again.getvalue()
    content = out.getvalue()
    if zipfile.is_zipfile(out):
        with zipfile.ZipFile(out) as archive:
            assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            content = b"".join(archive.read(member) for member in archive.namelist())
    assert now()[:10].encode() not in content
    if name == "sav":
        assert b"01 Jan 0000:00:00" in content
