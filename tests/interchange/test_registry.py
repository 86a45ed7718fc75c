"""Formats by entry point: what is there, who reads what, and that a broken plugin harms nobody."""

from __future__ import annotations

import json
import sys
import types
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.errors import AnnotatorError, FileRefused, NotFound
from annotator.interchange import registry
from annotator.interchange.registry import EXPORTERS, IMPORTERS, Formats

OWN = {
    IMPORTERS: {
        "json": "annotator.interchange.json_format:JsonImporter",
        "jsonl": "annotator.interchange.jsonl_format:JsonlImporter",
        "text": "annotator.interchange.text:TextImporter",
    },
    EXPORTERS: {
        "json": "annotator.interchange.json_format:JsonExporter",
        "jsonl": "annotator.interchange.jsonl_format:JsonlExporter",
    },
}


@pytest.fixture
def plugins(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Formats]:
    """Formats with further entry points: name -> object, for a group."""

    def load(group: str = IMPORTERS, **others: Any) -> Formats:
        module = types.ModuleType("some_plugin")
        for name, value in others.items():
            setattr(module, name, value)
        monkeypatch.setitem(sys.modules, "some_plugin", module)

        def points(*, group: str) -> list[EntryPoint]:
            own = [EntryPoint(name, value, group) for name, value in OWN[group].items()]
            return own + [EntryPoint(name, f"some_plugin:{name}", group) for name in extra.get(group, ())]

        extra = {group: list(others)}
        monkeypatch.setattr(registry, "entry_points", points)
        return Formats()

    return load


class Shouting:
    name = "shouting"
    title = "Shouting"
    extensions = (".shout",)
    loses = ("The quiet.",)

    def sniff(self, path: Path, head: bytes) -> bool:
        return head.startswith(b"!!!")

    def read(self, path: Path, reading: Any) -> Any:
        return iter(())


def test_the_installed_formats() -> None:
    formats = Formats()
    assert formats.problems == []
    infos = {info.name: info for info in formats.infos()}
    assert {"json", "jsonl", "text"} <= infos.keys()
    assert (infos["json"].reads, infos["json"].writes, infos["json"].loses) == (True, True, ())
    assert (infos["text"].reads, infos["text"].writes) == (True, False)
    assert infos["text"].loses


def test_a_plugin_registers_like_our_own(plugins: Any, tmp_path: Path) -> None:
    formats = plugins(Shouting=Shouting)
    assert formats.problems == []
    (tmp_path / "a.shout").write_bytes(b"anything")
    (tmp_path / "b.dat").write_bytes(b"!!! hey")
    assert formats.importer(tmp_path / "a.shout").name == "shouting"
    assert formats.importer(tmp_path / "b.dat").name == "shouting"
    assert formats.importer(tmp_path / "a.shout", "text").name == "text"


def test_broken_plugins_are_reported_and_skipped(plugins: Any) -> None:
    def explode() -> None:
        raise RuntimeError("no\nluck")

    class Nameless(Shouting):
        name = None  # type: ignore[assignment]

    class Lazy:
        name, title, extensions, loses = "lazy", "Lazy", (".lazy",), ()

    class Angry(Shouting):
        def __init__(self) -> None:
            explode()

    class Again(Shouting):
        name = "json"

    formats = plugins(Nameless=Nameless, Lazy=Lazy, Angry=Angry, Again=Again, missing=None)
    assert set(formats.importers) == {"json", "jsonl", "text"}
    assert type(formats.importers["json"]).__module__ == "annotator.interchange.json_format"
    assert len(formats.problems) == 5
    assert all("\n" not in problem for problem in formats.problems)
    assert any("no luck" in problem for problem in formats.problems)


def test_a_plugin_that_fails_to_sniff_is_passed_over(plugins: Any, tmp_path: Path) -> None:
    class Clumsy(Shouting):
        def sniff(self, path: Path, head: bytes) -> bool:
            raise KeyError("oops")

    path = tmp_path / "a.txt"
    path.write_text("Text")
    assert plugins(Clumsy=Clumsy).importer(path).name == "text"


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.json", b'{"format": "annotator-project"}', "json"),
        ("a.JSON", b'{"format": "annotator-project"}', "json"),
        ("a.jsonl", b'{"format": "annotator-project"}\n{}', "jsonl"),
        ("a.json", b'{"format": "annotator-project"}\n{"id": 1}\n', "jsonl"),
        ("a.jsonl", b'{\n"format": "annotator-project"}', "json"),
        ("a.dat", b'{"format": "annotator-project"}', "json"),
        ("a.json", b"hello", "json"),
        ("a.jsonl", b"", "jsonl"),
        ("a.txt", b"hello", "text"),
        ("a.txt", b"\x00\x01", "text"),
        ("README", b"hello", "text"),
    ],
)
def test_who_reads_what(name: str, data: bytes, expected: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert Formats().importer(path).name == expected


@pytest.mark.parametrize("name", ["a.doc", "a.xls", "study.annot", "a.png"])
def test_what_nobody_reads(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"hello")
    with pytest.raises(FileRefused, match=name):
        Formats().importer(path)


def test_format_names() -> None:
    with pytest.raises(FileRefused, match=r"no format “nonsense” to read; there are .*json, jsonl, .* and zip"):
        Formats().importer(Path("x.txt"), "nonsense")
    with pytest.raises(FileRefused, match=r"no format “text” to write; there are .*json, jsonl, "):
        Formats().exporter(Path("x.txt"), "text")
    with pytest.raises(FileRefused, match="x.txt was not written"):
        Formats().exporter(Path("x.txt"))
    assert Formats().exporter(Path("x.JSONL")).name == "jsonl"
    assert Formats().exporter(None, "json").name == "json"


def test_a_folder_is_its_files_at_any_depth_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/B.JSON", ".hidden/x.txt", "a/.x.txt", "pic.png", "c.txt.d/inner.text"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    (tmp_path / "around").symlink_to(tmp_path)
    found = [str(path.relative_to(tmp_path)) for path in Formats().expand([tmp_path])]
    assert found == ["a/B.JSON", "a/z.txt", "b.txt", "c.txt.d/inner.text"]
    assert [path.name for path in Formats().expand([tmp_path], "json")] == ["B.JSON"]


def test_folders_and_files_that_are_no_good(tmp_path: Path) -> None:
    (tmp_path / "pic.png").write_bytes(b"x")
    with pytest.raises(FileRefused, match="no documents in it"):
        Formats().expand([tmp_path])
    with pytest.raises(NotFound, match=r"gone\.txt is not there"):
        Formats().expand([tmp_path / "gone.txt"])


def test_a_format_of_folders(plugins: Any, tmp_path: Path) -> None:
    class Standoff(Shouting):
        name = "standoff"
        folders = True

        def sniff(self, path: Path, head: bytes) -> bool:
            return path.is_dir() and (path / "annotation.conf").exists()

    formats = plugins(Standoff=Standoff)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "annotation.conf").write_text("")
    (corpus / "a.txt").write_text("x")
    assert formats.expand([corpus]) == [corpus]
    assert formats.importer(corpus).name == "standoff"
    assert [path.name for path in formats.expand([corpus], "text")] == ["a.txt"]


def test_infos_are_plain(plugins: Any) -> None:
    from dataclasses import asdict

    infos = json.loads(json.dumps([asdict(info) for info in plugins(Shouting=Shouting).infos()]))
    assert infos[-2] == {
        "name": "shouting",
        "title": "Shouting",
        "extensions": [".shout"],
        "reads": True,
        "writes": False,
        "loses": ["The quiet."],
        "options": [],
        "textless": False,
    }


def test_the_error_of_a_folder_given_as_a_file(tmp_path: Path) -> None:
    with pytest.raises(AnnotatorError):
        Formats().importer(tmp_path / "gone")
