"""What an import would bring, before it is done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.errors import Cancelled, FileRefused
from annotator.services.previewing import preview_files
from annotator.services.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project.create(tmp_path / "p.annot", coder="Ana")
    made.documents.add("There", "A text that is there.")
    yield made
    made.close()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "2026-01-06_Axios.txt").write_text("First text.")
    (folder / "b.csv").write_text("title,text,date\nT,Second text.,2026-01-07\nU,A text that is there.,\n")
    (folder / "c.docx").write_bytes(b"broken")
    (folder / "d.txt").write_text("First text.")
    return folder


def test_a_preview(project: Project, corpus: Path) -> None:
    before = project.history()
    found = preview_files(project, [corpus])
    assert (found.files, found.read, found.documents, found.known, found.whole) == (4, 4, 4, 2, True)
    assert [(line.title, line.date, line.known) for line in found.coming] == [
        ("First text.", "", ""),
        ("T", "2026-01-07", ""),
        ("U", "", "There"),
        ("First text.", "", "First text."),
    ]
    assert found.coming[1].start == "Second text."
    assert [Path(remark.where).name for remark in found.remarks] == ["c.docx"]
    (table,) = found.tables.values()
    assert table.columns == ("title", "text", "date")
    assert found.takes_pattern
    assert project.history() == before
    assert project.counts()["documents"] == 1


def test_a_preview_with_options(project: Project, corpus: Path) -> None:
    found = preview_files(project, [corpus], {"names": "{date}_{outlet}", "text": "title", "title": "text"})
    assert (found.coming[0].date, found.coming[0].outlet) == ("2026-01-06", "Axios")
    assert (found.coming[1].title, found.coming[1].start) == ("Second text.", "T")


def test_a_preview_ends_in_time_and_when_told(project: Project, corpus: Path) -> None:
    found = preview_files(project, [corpus], seconds=0)
    assert not found.whole
    assert found.documents == 1
    with pytest.raises(Cancelled):
        preview_files(project, [corpus], cancel=lambda: True)


def test_a_preview_of_nothing(project: Project, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileRefused, match="no documents"):
        preview_files(project, [tmp_path / "empty"])


def test_an_export_of_the_same_articles_may_bring_more(project: Project, tmp_path: Path) -> None:
    from annotator.services.exporting import export_file

    export_file(project, tmp_path / "out.json")
    found = preview_files(project, [tmp_path / "out.json"])
    assert (found.documents, found.known, found.further) == (1, 0, True)
