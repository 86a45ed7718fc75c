"""What each format says that it loses is lost, and nothing beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from annotator.domain.model import Annotation, Coder, Document, DocumentData, Entry, Fragment, Link, ProjectInfo
from annotator.domain.text import digest
from annotator.interchange.registry import Formats

TEXT = "Smith said no to it. Jones did not."
NAMES = {
    "brat": "x.brat.zip",
    "qdpx": "x.qdpx",
    "cas-xmi": "x.xmi.zip",
    "cas-json": "x.cas.json",
    "web-annotation": "x.jsonld",
    "doccano": "x.jsonl",
    "label-studio": "x.json",
    "prodigy": "x.jsonl",
}


@pytest.fixture(scope="module")
def formats() -> Formats:
    found = Formats()
    assert found.problems == []
    return found


def _source(tools: Any) -> Any:
    annotations = (
        Annotation(
            "a1",
            "d",
            "layer-claim",
            "c",
            (Fragment(11, 13), Fragment(31, 34)),
            ("e3",),
            {"why": "so", "weight": 2},
            "a note",
            "suggestion",
            "2026-01-06T09:12:00.000Z",
        ),
        Annotation("a2", "d", "layer-source", "c", (Fragment(0, 5),), ("e2",)),
        Annotation("a3", "d", "layer-cue", "c", (Fragment(6, 10),)),
    )
    link = Link(
        "k",
        "d",
        "link-attribution",
        "c",
        {"claim": ("a1",), "source": ("a2",), "cue": ("a3",)},
        {"sure": True},
        "of the link",
    )
    document = Document("d", "One", digest(TEXT), "done", {"date": "2026-01-06", "tags": ["x", "y"]})
    entries = [
        Entry("e1", "registry-actors", "A party", ("The party",), None, {"kind": "state"}, "who"),
        Entry("e2", "registry-actors", "J. Smith", ("Smith",), "e1"),
        Entry("e3", "registry-claims", "No"),
    ]
    return tools.memory(
        ProjectInfo("p", "P", "", "Guidelines"),
        of_coders=[Coder("c", "Ana")],
        of_entries=entries,
        of_documents=[DocumentData(document, TEXT, annotations, (link,))],
    )


def _kept(memory: Any) -> set[str]:
    """What of the source is there after all."""
    data = memory.of_documents[0]
    layers = {layer.id: layer.name for layer in memory.codebook.layers}
    by_layer = {layers[a.layer_id]: a for a in data.annotations}
    entries = {entry.name: entry for entry in memory.of_entries}
    claim = by_layer["Claim"]
    checks = {
        "fragments": len(claim.fragments) == 2,
        "fields": claim.fields.get("why") == "so" and claim.fields.get("weight") == 2,
        "note": claim.note == "a note",
        "origin": claim.origin == "suggestion",
        "times": claim.created == "2026-01-06T09:12:00.000Z",
        "coder": [coder.name for coder in memory.of_coders] == ["Ana"],
        "entries": bool(claim.entries) and "No" in entries,
        "aliases": "J. Smith" in entries and entries["J. Smith"].aliases == ("Smith",),
        "parents": "J. Smith" in entries and entries["J. Smith"].parent_id is not None,
        "links": [len(link.members()) for link in data.links] == [3],
        "link fields": any(link.fields for link in data.links) and any(link.note for link in data.links),
        "status": data.document.status == "done",
        "metadata": data.document.metadata.get("date") == "2026-01-06",
        "lists": data.document.metadata.get("tags") == ["x", "y"],
        "ids": claim.id == "a1",
    }
    return {name for name, kept in checks.items() if kept}


ALL = {
    "fragments",
    "fields",
    "note",
    "origin",
    "times",
    "coder",
    "entries",
    "aliases",
    "parents",
    "links",
    "link fields",
    "status",
    "metadata",
    "lists",
    "ids",
}
LOST = {
    "brat": {"origin", "times", "ids"},
    "qdpx": {"origin", "aliases", "status", "lists", "ids"},
    "cas-xmi": set(),
    "cas-json": set(),
    "web-annotation": set(),
    "doccano": {
        "fields",
        "note",
        "origin",
        "times",
        "coder",
        "entries",
        "aliases",
        "parents",
        "links",
        "link fields",
        "status",
        "ids",
    },
    "label-studio": {"origin", "times", "aliases", "parents", "links", "link fields", "status", "ids"},
    "prodigy": {"origin", "times", "aliases", "parents", "links", "link fields", "status", "ids"},
}


@pytest.mark.parametrize("name", LOST)
def test_just_what_is_said(name: str, tools: Any, formats: Formats, tmp_path: Path) -> None:
    back = tools.through(formats.exporters[name], formats.importers[name], _source(tools), tmp_path / NAMES[name])
    assert ALL - _kept(back) == LOST[name]
    assert formats.exporters[name].loses
    assert back.remarks == [] or name == "qdpx"


def test_every_one_of_ours_says_what_it_loses(formats: Formats) -> None:
    for name in (*NAMES, "qdc", "conllu", "webanno-tsv", "dna", "rst"):
        info = next(info for info in formats.infos() if info.name == name)
        assert info.loses
        assert all(sentence.endswith(".") for sentence in info.loses)
