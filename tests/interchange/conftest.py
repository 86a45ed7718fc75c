"""Projects that hold what breaks tools of this kind, and ways to read and write them without a store."""

from __future__ import annotations

import copy
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from annotator import resources
from annotator.domain.codebook import Codebook
from annotator.domain.exchange import Header, Item, Reading, Remark
from annotator.domain.model import Coder, DocumentData, Entry, ProjectInfo
from annotator.interchange.json_format import JsonExporter, JsonImporter
from annotator.interchange.jsonl_format import JsonlExporter, JsonlImporter

Plain = dict[str, Any]

TEXT = (
    'Ministers \U0001f1f8\U0001f1fe met on Tuesday. \U0001f600 "We agree," one official said, "to nothing."\n\n'
    "قال مسؤول سوري إن المبادرة فرصة تاريخية، وفق ما نقلته وسائل إعلام غربية.\n"
    "étude \u2028 naïve\u00a0end, according to Axios."
)


def _fragment(quote: str) -> Plain:
    at = TEXT.index(quote)
    return {"start": at, "end": at + len(quote), "text": quote}


def _annotation(id_: str, layer: str, *quotes: str, **more: Any) -> Plain:
    return {
        "id": id_,
        "layer": layer,
        "coder": "c-1",
        "fragments": [_fragment(quote) for quote in quotes],
        "entries": [],
        "fields": {},
        "note": "",
        "origin": "manual",
        **more,
    }


def _link(id_: str, roles: Plain, **more: Any) -> Plain:
    return {"id": id_, "type": "Attribution", "coder": "c-1", "roles": roles, "fields": {}, "note": "", **more}


_HARD: Plain = {
    "format": "annotator-project",
    "version": 1,
    "generator": "test",
    "offset_unit": "unicode-code-point",
    "project": {"id": "p-1", "name": "Hard cases", "created": "", "guidelines": "Tag *every* claim.\n\nسطر"},
    "codebook": {
        "layers": [
            {
                "id": "l-a",
                "name": "Actor",
                "color": "#1b6ca8",
                "shortcut": "A",
                "registry": "actors",
                "fields": [{"name": "form", "type": "choice", "choices": ["name", "pronoun"]}],
                "mark": "outline",
                "description": "Who acts",
            },
            {
                "id": "l-c",
                "name": "Claim",
                "color": "#8a5a00",
                "shortcut": "C",
                "registry": "claims",
                "fields": [
                    {"name": "type", "type": "choice", "choices": ["fact", "policy"], "required": True},
                    {"name": "weight", "type": "number"},
                    {"name": "checked", "type": "boolean"},
                    {"name": "on", "type": "date", "description": "When"},
                    {"name": "why", "type": "text"},
                    {"name": "topics", "type": "multi-choice", "choices": ["war", "peace", "trade"]},
                ],
            },
            {"id": "l-s", "name": "Source", "color": "#5b2a86", "shortcut": "S", "registry": "actors", "fields": []},
            {"id": "l-q", "name": "Cue", "color": "#0a7a5c", "shortcut": "Q", "registry": None, "fields": []},
            {
                "id": "l-x",
                "name": "Irony ≠ sarcasm",
                "color": "#a61b4b",
                "shortcut": "I",
                "registry": None,
                "fields": [],
            },
        ],
        "link_types": [
            {
                "id": "t-1",
                "name": "Attribution",
                "fields": [],
                "roles": [
                    {"name": "claim", "layers": ["Claim"], "links": ["Attribution"], "min": 1},
                    {"name": "source", "layers": ["Source"], "min": 0},
                    {"name": "cue", "layers": ["Cue"], "min": 0},
                    {"name": "addressee", "layers": ["Actor"], "min": 0},
                ],
            }
        ],
        "registries": [
            {
                "id": "r-a",
                "name": "actors",
                "fields": [{"name": "kind", "type": "choice", "choices": ["state", "person"]}],
            },
            {"id": "r-c", "name": "claims", "fields": []},
        ],
        "document_fields": [{"name": "genre", "type": "choice", "choices": ["news", "opinion"]}],
    },
    "coders": [{"id": "c-1", "name": "Ana"}, {"id": "c-2", "name": "Ben"}],
    "entries": [
        {
            "id": "e-1",
            "registry": "actors",
            "name": "Syrian government",
            "aliases": ["Damascus", "دمشق"],
            "parent": None,
            "fields": {"kind": "state"},
            "note": "x",
        },
        {
            "id": "e-2",
            "registry": "actors",
            "name": "a Syrian official",
            "aliases": [],
            "parent": "e-1",
            "fields": {},
            "note": "",
            "origin": "tag",
        },
        {
            "id": "e-3",
            "registry": "claims",
            "name": "A chance",
            "aliases": [],
            "parent": None,
            "fields": {},
            "note": "",
        },
    ],
    "documents": [
        {
            "id": "d-1",
            "title": "Hard \U0001f1f8\U0001f1fe",
            "text": TEXT,
            "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
            "status": "in progress",
            "metadata": {"date": "2026-01-06", "genre": "news", "words": 31, "tags": ["a", "b"], "checked": True},
            "created": "2026-01-06T09:12:00.000Z",
            "annotations": [
                _annotation(
                    "a-1",
                    "Claim",
                    '"We agree,"',
                    '"to nothing."',
                    entries=["e-3"],
                    fields={
                        "type": "policy",
                        "weight": 0.5,
                        "checked": True,
                        "on": "2026-01-06",
                        "why": "two\nlines",
                        "topics": ["war", "peace"],
                    },
                    created="2026-01-06T09:12:00.000Z",
                    modified="2026-01-06T09:13:00.000Z",
                ),
                _annotation("a-2", "Source", "one official", entries=["e-2", "e-1"]),
                _annotation("a-3", "Cue", "said"),
                _annotation("a-4", "Claim", "المبادرة فرصة تاريخية", entries=["e-3"], note="repeated"),
                _annotation("a-5", "Source", "مسؤول سوري", entries=["e-2"], coder="c-2"),
                _annotation("a-6", "Source", "وسائل إعلام غربية", origin="suggested"),
                _annotation("a-7", "Actor", "\U0001f1f8\U0001f1fe", entries=["e-1"], fields={"form": "name"}),
                _annotation("a-8", "Irony ≠ sarcasm", "one official said"),
                _annotation("a-9", "Claim", "We agree"),
                # The coder's order is not the text's.
                _annotation("b-1", "Claim", "to nothing", "Ministers"),
            ],
            "links": [
                _link("k-1", {"claim": ["a-1"], "source": ["a-2"], "cue": ["a-3"], "addressee": []}),
                _link("k-2", {"claim": ["a-4"], "source": ["a-5"], "cue": [], "addressee": []}, origin="suggested"),
                _link("k-3", {"claim": ["k-2"], "source": ["a-6"], "cue": [], "addressee": []}, note="relay"),
            ],
        },
        {
            "id": "d-2",
            "title": "Empty",
            "text": "",
            "sha256": hashlib.sha256(b"").hexdigest(),
            "status": "new",
            "metadata": {},
            "annotations": [],
            "links": [],
        },
    ],
}


@pytest.fixture
def hard() -> Plain:
    """A project that a test may change as it likes."""
    return copy.deepcopy(_HARD)


@dataclass
class Memory:
    """A whole import in memory, which is a source for exporters too."""

    info: ProjectInfo = field(default_factory=lambda: ProjectInfo("p", "P"))
    codebook: Codebook = field(default_factory=Codebook)
    of_coders: list[Coder] = field(default_factory=list)
    of_entries: list[Entry] = field(default_factory=list)
    of_documents: list[DocumentData] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def coders(self) -> Iterable[Coder]:
        return self.of_coders

    def entries(self) -> Iterable[Entry]:
        return self.of_entries

    def documents(self) -> Iterator[DocumentData]:
        return iter(self.of_documents)

    @classmethod
    def of(cls, items: Iterable[Item]) -> Memory:
        memory = cls()
        for item in items:
            if isinstance(item, Header):
                memory.info = item.info or memory.info
                memory.codebook = item.codebook
                memory.of_coders += item.coders
                memory.of_entries += item.entries
            elif isinstance(item, DocumentData):
                memory.of_documents.append(item)
            else:
                memory.remarks.append(item)
        return memory


@pytest.fixture
def put(tmp_path: Path) -> Callable[[Any], Path]:
    """Writes a value as JSON to a file of this name, bytes as they are."""

    def write(value: Any, name: str = "file.json") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode())
        return path

    return write


def read_json(path: Path) -> Memory:
    return Memory.of((JsonlImporter() if path.suffix == ".jsonl" else JsonImporter()).read(path, Reading()))


def write_json(source: Any) -> bytes:
    out = io.BytesIO()
    JsonExporter().write(source, out, {})
    return out.getvalue()


def write_jsonl(source: Any) -> bytes:
    out = io.BytesIO()
    JsonlExporter().write(source, out, {})
    return out.getvalue()


def schema() -> Plain:
    value: Plain = json.loads(resources.path("schema", "annotator-project-1.schema.json").read_text("utf-8"))
    return value


_validator = Draft202012Validator(schema())


def validate(value: Any, part: str = "") -> None:
    """Raises where the value is not as the schema says."""
    validator = _validator
    if part:
        validator = Draft202012Validator(
            {"$schema": schema()["$schema"], "$ref": f"#/$defs/{part}", "$defs": schema()["$defs"]}
        )
    errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
    assert errors == []


@pytest.fixture
def tools() -> Any:
    """The helpers above, for tests, which cannot import from here."""
    import types

    return types.SimpleNamespace(
        read_json=read_json, write_json=write_json, write_jsonl=write_jsonl, validate=validate, Memory=Memory
    )
