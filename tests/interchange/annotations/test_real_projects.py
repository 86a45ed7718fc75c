"""Projects of brat, NVivo, ATLAS.ti, DNA and WebAnno: imported, exported and imported again, compared span by span."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotator.services.checking import problems
from annotator.services.exporting import export_file
from annotator.services.importing import import_files
from annotator.services.project import Project
from tests.interchange.annotations import corpora
from tests.interchange.annotations.corpora import Counted, counted, picture

KINDS: dict[str, tuple[str, Callable[[Path], Counted]]] = {
    "brat": ("corpus", lambda path: corpora.attribution_corpus(path, 11)),
    "nvivo": ("nvivo.qdpx", lambda path: corpora.refi_project(path, 6, True)),
    "atlas": ("atlas.qdpx", lambda path: corpora.refi_project(path, 6, False)),
    "dna 2": ("two.dna", lambda path: corpora.dna_project(path, 13, 2)),
    "dna 3": ("three.dna", lambda path: corpora.dna_project(path, 13, 3)),
    "webanno": ("webanno", lambda path: corpora.webanno_project(path, 6)),
}
OUT = {
    "json": "x.json", "jsonl": "x.jsonl", "brat": "x.brat.zip", "qdpx": "x.qdpx", "cas-xmi": "x.xmi.zip",
    "cas-json": "x.cas.zip", "web-annotation": "x.jsonld",
}  # fmt: skip


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def given(kind: str, tmp_path: Path) -> Iterator[tuple[Project, Path, Counted]]:
    name, make = KINDS[kind]
    source = tmp_path / name
    expected = make(source)
    project = Project.create(tmp_path / "study.annot", coder="Me")
    import_files(project, [source])
    yield project, source, expected
    project.close()


def test_count_by_count_and_span_by_span(kind: str, given: tuple[Project, Path, Counted], tmp_path: Path) -> None:
    project, source, expected = given
    found = counted(project)
    for what in ("texts", "spans", "links"):
        wanted, there = getattr(expected, what), getattr(found, what)
        assert (wanted - there, there - wanted) == ({}, {}), what
    assert problems(project) == []
    before = picture(project)
    assert import_files(project, [source]).added == {}
    assert picture(project) == before
    for name, file in OUT.items():
        out = tmp_path / file
        export_file(project, out, name)
        other = Project.create(tmp_path / f"{name}.annot", coder="Somebody else")
        try:
            import_files(other, [out], name)
            assert picture(other) == before, name
            assert problems(other) == [], name
        finally:
            other.close()
        assert import_files(project, [out], name).added == {}, name
    assert picture(project) == before
