"""Codebooks alone, and the templates that ship."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from annotator import resources
from annotator.domain.codebook import Codebook
from annotator.domain.codebook_edit import key_from
from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.errors import FileRefused
from annotator.domain.invariants import check_codebook
from annotator.interchange.codebook_json import CodebookFile, read_codebook, write_codebook
from annotator.services.exporting import export_file
from annotator.services.importing import import_files
from annotator.services.project import Project
from annotator.services.templates import DEFAULT, template, templates


def put(path: Path, value: object) -> Path:
    path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
    return path


def test_a_codebook_comes_back_as_it_went(tmp_path: Path) -> None:
    path = put(tmp_path / "c.json", write_codebook(replace(DEFAULT_CODEBOOK, version=7), "Mine", "What it is for"))
    assert read_codebook(path) == CodebookFile("Mine", "What it is for", DEFAULT_CODEBOOK)
    assert b'"version": 7' not in path.read_bytes(), "versions belong to a project"


def test_the_export_of_a_project_is_a_codebook_too() -> None:
    (sample,) = resources.path("sample").glob("*.json")
    assert "Claim" in read_codebook(sample).codebook.layers_by_name


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (b"", "is empty"),
        (b"[]", "is not a codebook"),
        ({"format": "other"}, "is not a codebook"),
        ({"format": "annotator-codebook", "version": 2, "codebook": {}}, "newer Annotator"),
        ({"format": "annotator-codebook", "version": "1", "codebook": {}}, "its version is"),
        ({"format": "annotator-codebook", "version": 1}, "has no codebook"),
        ({"format": "annotator-codebook", "version": 1, "codebook": {"layers": [{"name": "A"}]}}, "has no color"),
        (
            {"format": "annotator-codebook", "version": 1, "codebook": {"layers": [{"name": "A", "color": "red"}]}},
            "colour",
        ),
    ],
)
def test_what_is_no_codebook_is_refused_in_a_sentence(tmp_path: Path, value: object, sentence: str) -> None:
    path = put(tmp_path / "c.json", value)
    with pytest.raises(FileRefused, match=sentence) as told:
        read_codebook(path)
    assert str(path) in str(told.value)
    assert "\n" not in str(told.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="cannot be read"):
        read_codebook(tmp_path / "none.json")


def test_the_templates() -> None:
    found = templates()
    assert [*found] == [
        "attribution", "polnear", "political-claims", "discourse-network", "quotation", "blank"
    ]  # fmt: skip
    assert template(DEFAULT).codebook == DEFAULT_CODEBOOK, "make resources/templates/1-attribution.json anew"
    assert found["blank"].codebook == Codebook()
    for key, file in found.items():
        check_codebook(file.codebook)
        assert file.name
        assert file.description
        keys = [layer.shortcut for layer in file.codebook.layers]
        assert len(set(keys)) == len(keys)
        assert len({layer.mark for layer in file.codebook.layers}) == len(keys), "every layer has its own mark"
        assert all(key_from(k) == k and k for k in keys)
        if key != "blank":
            assert file.codebook.attribution is not None
            assert file.codebook.layers_in_role("claim")
            assert file.codebook.layers_in_role("source")
            assert all(layer.description for layer in file.codebook.layers)


@pytest.mark.parametrize("key", list(templates()))
@pytest.mark.parametrize("suffix", ["json", "jsonl"])
def test_a_project_with_any_template_comes_back_as_it_was(tmp_path: Path, key: str, suffix: str) -> None:
    """A blank codebook too: it is not the same as none."""
    out = [tmp_path / f"first.{suffix}", tmp_path / f"second.{suffix}"]
    project = Project.create(tmp_path / "first.annot", codebook=template(key).codebook)
    export_file(project, out[0])
    project.close()
    again = Project.create(tmp_path / "second.annot")
    import_files(again, out[:1])
    export_file(again, out[1])
    again.close()
    assert out[0].read_bytes() == out[1].read_bytes()


def test_a_project_that_tells_no_codebook_leaves_the_one_that_is_there(tmp_path: Path) -> None:
    plain = {"format": "annotator-project", "version": 1, "offset_unit": "unicode-code-point", "project": {"name": "A"}}
    plain["documents"] = []
    project = Project.create(tmp_path / "p.annot")
    import_files(project, [put(tmp_path / "p.json", plain)])
    assert project.info.name == "A"
    assert project.codebook.layers == DEFAULT_CODEBOOK.layers
    project.close()
