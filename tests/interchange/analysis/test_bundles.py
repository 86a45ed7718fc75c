"""Several files in one zip or one folder, through the service and the command line."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx
import pytest

from annotator import cli
from annotator.domain.errors import Cancelled, FileRefused
from annotator.interchange.analysis.columns import NAMES
from annotator.interchange.analysis.safe_text import cut_bytes, joined, no_formula, office_text, xml_safe
from annotator.interchange.registry import Formats
from annotator.services.exporting import export_file
from annotator.services.project import Project
from annotator.services.sample import build_sample

OWN = ("csv", "tsv", "xlsx", "parquet", "sav", "graphml", "gexf", "html", "docx")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    build_sample(tmp_path / "s.annot")
    made = Project.open(tmp_path / "s.annot", read_only=True)
    yield made
    made.close()


def test_they_are_installed() -> None:
    formats = Formats()
    assert set(OWN) <= set(formats.exporters)
    for name in OWN:
        exporter = formats.exporters[name]
        for ending in exporter.extensions:
            assert formats.exporter(Path(f"My.study{ending}")) is exporter
            assert formats.exporter(Path(f"MY.STUDY{ending.upper()}")) is exporter
    infos = {info.name: info for info in formats.infos()}
    assert infos["parquet"].writes
    assert infos["parquet"].loses


def test_a_folder(project: Project, tmp_path: Path) -> None:
    files = sorted(f"{name}.csv" for name in NAMES)
    export_file(project, tmp_path / "tables", "csv")
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == files
    # Again: what is ours is replaced, what is not stays.
    (tmp_path / "tables" / "mine.txt").write_text("mine")
    (tmp_path / "tables" / "texts.csv").write_text("old")
    export_file(project, tmp_path / "tables", "csv")
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == sorted([*files, "mine.txt"])
    assert (tmp_path / "tables" / "texts.csv").read_bytes().startswith(b"\xef\xbb\xbfdocument_id")
    export_file(project, tmp_path / "nets.of.2026", "gexf", folder=True)
    assert networkx.read_gexf(tmp_path / "nets.of.2026" / "relay.gexf").number_of_edges() == 1
    assert {path.name for path in tmp_path.iterdir() if path.name.startswith(".")} <= {".s.annot.lock"}


def test_what_fails_leaves_no_folder(project: Project, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    with pytest.raises(Cancelled):
        export_file(project, tmp_path / "tables", "csv", cancel=lambda: True)
    with pytest.raises(FileRefused, match="the folder .*gone does not exist"):
        export_file(project, tmp_path / "gone" / "tables", "csv")
    with pytest.raises(FileRefused, match="it is a folder"):
        export_file(project, tmp_path / "tables", "html", folder=True)
    assert sorted(tmp_path.iterdir()) == before
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileRefused, match="needs a folder"):
        export_file(project, tmp_path / "file", "csv")


def test_the_command_line(project: Project, tmp_path: Path, capfdbinary: Any) -> None:
    path = str(tmp_path / "s.annot")

    def export(out: str, *more: str) -> int:
        return cli.main(["export", path, out if out == "-" else str(tmp_path) + "/" + out, *more])

    assert export("all.csv.zip") == export("any.zip", "--format", "parquet") == export("one-entries.csv") == 0
    with zipfile.ZipFile(tmp_path / "all.csv.zip") as archive:
        assert archive.namelist() == [f"{name}.csv" for name in NAMES]
        assert archive.testzip() is None
        assert archive.read("entries.csv") == (tmp_path / "one-entries.csv").read_bytes()
    with zipfile.ZipFile(tmp_path / "any.zip") as archive:
        assert "attributions.parquet" in archive.namelist()
    assert export("a.folder/", "--format", "graphml") == 0
    assert (tmp_path / "a.folder" / "relay.graphml").is_file()
    capfdbinary.readouterr()
    assert export("-", "--format", "tsv") == 0
    assert capfdbinary.readouterr().out.startswith(b"annotation_id\tdocument_id\t")
    assert export("json/", "--format", "json") == 1


def test_text_helpers() -> None:
    assert no_formula("=1") == "'=1"
    assert no_formula("'=1") == "''=1"
    assert no_formula("'tis") == "'tis"
    assert xml_safe("a\r\nb\rc\x00\ud800\ufffe\x85") == "a\nb\nc\ufffd\ufffd\ufffd\x85"
    assert office_text("_x0041_ _x004_") == "_x005F_x0041_ _x004_"
    assert joined(["a; b", "c\\"]) == "a\\; b; c\\\\"
    assert cut_bytes("éé", 3) == "é"
    assert cut_bytes("ab", 100) == "ab"
