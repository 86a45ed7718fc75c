"""What a person said is not to be proposed again goes out with the project, and comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.errors import FileRefused
from annotator.domain.extract import Extract
from annotator.services.exporting import export_file
from annotator.services.importing import import_files
from annotator.services.project import Project

TEXT = "Syria and Lebanon. Syria again, and Lebanon."


@pytest.fixture
def study(tmp_path: Path) -> Any:
    """One name that is dismissed in one place, and one that is never to be proposed."""
    project = Project.create(tmp_path / "study.annot")
    document = project.documents.add("T", TEXT)
    for name in ("Syria", "Lebanon"):
        project.entries.create("registry-actors", name)
    first, lebanon, *_ = project.suggesting.suggest(document.id)
    project.suggesting.dismiss(first)
    project.suggesting.never(lebanon)
    yield project
    project.close()


def _proposed(project: Project) -> list[int]:
    (row,) = project.documents.rows()
    return [suggestion.fragment.start for suggestion in project.suggesting.suggest(row.id)]


@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_it_goes_out_and_comes_in(study: Project, tmp_path: Path, ending: str, tools: Any) -> None:
    out = tmp_path / f"out.{ending}"
    assert _proposed(study) == [19]
    export_file(study, out)
    if ending == "json":
        tools.validate(json.loads(out.read_bytes()))
    other = Project.create(tmp_path / "other.annot")
    import_files(other, [out])
    assert _proposed(other) == [19]
    export_file(other, tmp_path / f"again.{ending}")
    assert (tmp_path / f"again.{ending}").read_bytes() == out.read_bytes()
    import_files(other, [out])
    assert _proposed(other) == [19], "what is there is there once"
    assert other.undo_label is not None
    assert other.undo_label.what == out.name
    other.undo()
    assert other.documents.rows() == []
    other.redo()
    assert _proposed(other) == [19]
    other.close()


def test_it_comes_to_an_article_that_is_there(study: Project, tmp_path: Path) -> None:
    out, bare = tmp_path / "out.json", tmp_path / "bare.json"
    export_file(study, out)
    plain = json.loads(out.read_bytes())
    del plain["unwanted_names"], plain["documents"][0]["dismissed"]
    bare.write_text(json.dumps(plain), "utf-8")
    other = Project.create(tmp_path / "other.annot")
    import_files(other, [bare])
    assert _proposed(other) == [0, 10, 19, 36]
    import_files(other, [out])
    assert _proposed(other) == [19]
    other.undo()
    assert _proposed(other) == [0, 10, 19, 36]
    other.close()


def test_without_the_texts_no_name_of_them_goes_out(study: Project, tmp_path: Path, tools: Any) -> None:
    out = tmp_path / "out.json"
    export_file(study, out, extract=Extract(without_texts=True))
    plain = json.loads(out.read_bytes())
    tools.validate(plain)
    assert "unwanted_names" not in plain
    other = Project.create(tmp_path / "other.annot")
    other.documents.add("Mine", TEXT)
    import_files(other, [out])
    assert _proposed(other) == [10, 19, 36]
    other.close()


def test_offsets_follow_the_line_ends(study: Project, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    export_file(study, out)
    plain = json.loads(out.read_bytes())
    (document,) = plain["documents"]
    document["text"] = f"\r\n\r\n{TEXT}"
    document["dismissed"] = [{"layer": "Actor", "start": 4, "end": 9}, {"layer": "Actor", "start": 1, "end": 2}]
    del document["sha256"]
    out.write_text(json.dumps(plain), "utf-8")
    other = Project.create(tmp_path / "other.annot")
    import_files(other, [out])
    assert _proposed(other) == [21]
    other.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"layer": "Mood", "start": 0, "end": 5},
        {"layer": "Actor", "start": 5, "end": 5},
        {"layer": "Actor", "start": 0, "end": 500},
        {"layer": "Actor", "start": True, "end": 5},
        {"layer": "Actor", "end": 5},
        ["Actor", 0, 5],
    ],
)
def test_a_wrong_stretch_is_refused(study: Project, tmp_path: Path, wrong: Any) -> None:
    out = tmp_path / "out.json"
    export_file(study, out)
    plain = json.loads(out.read_bytes())
    plain["documents"][0]["dismissed"] = [wrong]
    out.write_text(json.dumps(plain), "utf-8")
    with pytest.raises(FileRefused, match="dismissed"):
        import_files(study, [out])


@pytest.mark.parametrize("wrong", [["nobody", "syria"], ["only one"], [1, "syria"], "syria", ["", ""]])
def test_a_wrong_name_is_refused(study: Project, tmp_path: Path, wrong: Any) -> None:
    out = tmp_path / "out.json"
    export_file(study, out)
    plain = json.loads(out.read_bytes())
    out.write_text(json.dumps(plain | {"unwanted_names": [wrong]}), "utf-8")
    with pytest.raises(FileRefused, match="unwanted_names"):
        import_files(study, [out])
