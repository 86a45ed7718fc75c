"""What goes out comes in again, and every export is as the schema says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from annotator import resources
from annotator.domain.codebook import Codebook, Field, Layer, LinkType, Registry, Role
from annotator.domain.exchange import Exporter, Importer
from annotator.domain.model import Annotation, Coder, Document, DocumentData, Entry, Fragment, Link, ProjectInfo
from annotator.domain.text import canonical, digest
from annotator.interchange.json_format import JsonExporter, JsonImporter
from annotator.interchange.jsonl_format import JsonlExporter, JsonlImporter

Plain = dict[str, Any]


def test_the_schema_is_a_schema(tools: Any) -> None:
    Draft202012Validator.check_schema(
        json.loads(resources.path("schema", "annotator-project-1.schema.json").read_text())
    )


def test_they_are_importers_and_exporters() -> None:
    assert isinstance(JsonImporter(), Importer)
    assert isinstance(JsonlImporter(), Importer)
    assert isinstance(JsonExporter(), Exporter)
    assert isinstance(JsonlExporter(), Exporter)


def test_everything_comes_back_as_it_was(hard: Plain, put: Any, tools: Any) -> None:
    tools.validate(hard)
    memory = tools.read_json(put(hard))
    assert memory.remarks == []
    out = json.loads(tools.write_json(memory))
    tools.validate(out)
    hard["generator"] = out["generator"]
    assert out["documents"] == hard["documents"]
    assert out["entries"] == hard["entries"]
    assert out["coders"] == hard["coders"]
    assert out["project"] == hard["project"]
    for given_, got in zip(hard["codebook"]["layers"], out["codebook"]["layers"], strict=True):
        assert got == {"mark": "underline", **given_}
    assert {k: out["codebook"][k] for k in ("link_types", "registries", "document_fields")} == {
        k: hard["codebook"][k] for k in ("link_types", "registries", "document_fields")
    }


def test_the_lines_hold_the_same(hard: Plain, put: Any, tools: Any) -> None:
    memory = tools.read_json(put(hard))
    lines = tools.write_jsonl(memory).splitlines()
    head, *documents = [json.loads(line) for line in lines]
    tools.validate(head, "header")
    for document in documents:
        tools.validate(document, "document")
    assert {**head, "documents": documents} == json.loads(tools.write_json(memory))
    again = tools.read_json(put(b"\n".join(lines), "again.jsonl"))
    assert tools.write_json(again) == tools.write_json(memory)


def test_a_byte_order_mark_and_blank_lines_do_no_harm(hard: Plain, put: Any, tools: Any) -> None:
    memory = tools.read_json(put(b"\xef\xbb\xbf" + json.dumps(hard).encode()))
    lines = tools.write_jsonl(memory)
    again = tools.read_json(put(b"\xef\xbb\xbf" + lines.replace(b"\n", b"\r\n\r\n"), "x.jsonl"))
    assert tools.write_json(again) == tools.write_json(memory)


def test_what_may_be_absent(put: Any, tools: Any) -> None:
    value = {
        "format": "annotator-project",
        "version": 1,
        "offset_unit": "unicode-code-point",
        "documents": [{"id": "d", "title": "T", "text": "Syria"}],
    }
    memory = tools.read_json(put(value))
    assert memory.of_documents[0].document.status == "new"
    assert memory.of_documents[0].document.sha256 == digest("Syria")


def test_an_unknown_key_is_reported(hard: Plain, put: Any, tools: Any) -> None:
    hard["documents"][0]["annotations"][0]["mood"] = "grim"
    hard["documents"][0]["annotations"][1]["mood"] = "grim"
    hard["documents"][0]["annotations"][1]["fragments"][0]["page"] = 1
    hard["codebook"]["layers"][0]["icon"] = "x"
    remarks = tools.read_json(put(hard)).remarks
    assert [(r.kind, r.where, r.text.split()[0]) for r in remarks] == [
        ("lost", "annotations (2 times)", "“mood”"),
        ("lost", "fragments", "“page”"),
        ("lost", "layers", "“icon”"),
    ]


def test_carriage_returns_go_and_the_offsets_with_them(hard: Plain, put: Any, tools: Any) -> None:
    text = "One\r\ntwo\rthree\r\n\r\nfour \U0001f600 five"
    words = ["One", "two", "three", "four", "\U0001f600", "five", "three\r\n\r\nfour"]
    annotations = []
    for number, word in enumerate(words):
        at = text.index(word)
        annotations.append(
            {
                "id": f"x-{number}",
                "layer": "Cue",
                "coder": "c-1",
                "fragments": [{"start": at, "end": at + len(word), "text": word}],
            }
        )
    hard["documents"] = [
        {"id": "d", "title": "T", "text": text, "sha256": digest(text), "annotations": annotations, "links": []}
    ]
    memory = tools.read_json(put(hard))
    data = memory.of_documents[0]
    assert data.text == canonical(text)
    assert data.document.sha256 == digest(canonical(text))
    assert [data.text[a.start : a.end] for a in data.annotations] == [canonical(word) for word in words]
    assert [remark.kind for remark in memory.remarks] == ["mended"]


# Any project

_text = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r"), max_size=40)
_name = st.text(st.characters(categories=("L", "N", "Zs")), min_size=1, max_size=8).filter(str.strip)
_ids = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=6)


def _names(minimum: int, maximum: int) -> st.SearchStrategy[list[str]]:
    return st.lists(_name, min_size=minimum, max_size=maximum, unique=True)


@st.composite
def _fields(draw: st.DrawFn) -> tuple[Field, ...]:
    fields = []
    for name in draw(_names(0, 3)):
        type_ = draw(st.sampled_from(("choice", "multi-choice", "text", "number", "boolean", "date")))
        choices = tuple(draw(_names(1, 3))) if "choice" in type_ else ()
        fields.append(Field(name, type_, choices, draw(_text), draw(st.booleans())))
    return tuple(fields)


@st.composite
def _values(draw: st.DrawFn, fields: tuple[Field, ...]) -> Plain:
    values: Plain = {}
    for field in fields:
        if not draw(st.booleans()):
            continue
        match field.type:
            case "choice":
                values[field.name] = draw(st.sampled_from(field.choices))
            case "multi-choice":
                values[field.name] = draw(st.lists(st.sampled_from(field.choices), unique=True))
            case "text":
                values[field.name] = draw(_text)
            case "number":
                values[field.name] = draw(
                    st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
                )
            case "boolean":
                values[field.name] = draw(st.booleans())
            case "date":
                values[field.name] = draw(st.dates()).isoformat()
    return values


@st.composite
def _codebook(draw: st.DrawFn) -> Codebook:
    registries = tuple(Registry(f"r{i}", name, draw(_fields())) for i, name in enumerate(draw(_names(1, 2))))
    layers = tuple(
        Layer(
            f"l{i}",
            name,
            draw(st.sampled_from(("#1B54B4", "#abc"))),
            "ACSQX"[i],
            draw(st.none() | st.sampled_from([r.name for r in registries])),
            draw(_fields()),
            draw(st.sampled_from(("underline", "tint", "wave"))),
            draw(_text),
        )
        for i, name in enumerate(draw(_names(1, 4)))
    )
    layer_names = tuple(layer.name for layer in layers)
    types = []
    for i, name in enumerate(draw(_names(0, 2))):
        roles = tuple(Role(role, layer_names, (name,), 1 if n == 0 else 0) for n, role in enumerate(draw(_names(1, 3))))
        types.append(LinkType(f"t{i}", name, roles, draw(_fields()), draw(_text)))
    return Codebook(layers, tuple(types), registries, draw(_fields()))


@st.composite
def _fragments(draw: st.DrawFn, length: int) -> tuple[Fragment, ...]:
    count = draw(st.integers(1, 3))
    cuts = sorted(draw(st.lists(st.integers(0, length), min_size=2 * count, max_size=2 * count)))
    found = [Fragment(cuts[2 * i], cuts[2 * i + 1]) for i in range(count) if cuts[2 * i] < cuts[2 * i + 1]]
    return tuple(draw(st.permutations(found))) or (Fragment(0, length),)


@st.composite
def _project(draw: st.DrawFn, memory: Any) -> Any:
    codebook = draw(_codebook())
    coders = [Coder(f"c{i}", name) for i, name in enumerate(draw(_names(1, 2)))]
    entries: list[Entry] = []
    for i in range(draw(st.integers(0, 4))):
        registry = draw(st.sampled_from(codebook.registries))
        parent = draw(st.none() | st.sampled_from([e.id for e in entries])) if entries else None
        aliases = tuple(draw(st.lists(_name, max_size=2)))
        values = draw(_values(registry.fields))
        entries.append(Entry(f"e{i}", registry.id, draw(_name), aliases, parent, values, draw(_text)))
    documents = []
    mark = 0
    for number in range(draw(st.integers(0, 3))):
        text = draw(_text)
        document = Document(
            f"d{number}",
            draw(_name),
            digest(text),
            draw(st.sampled_from(("new", "in progress", "done"))),
            {"any key": draw(_text), **draw(_values(codebook.document_fields))},
            number,
        )
        annotations: list[Annotation] = []
        links: list[Link] = []
        for _ in range(draw(st.integers(0, 4)) if text else 0):
            mark += 1
            layer = draw(st.sampled_from(codebook.layers))
            annotations.append(
                Annotation(
                    f"m{mark:03}",
                    document.id,
                    layer.id,
                    draw(st.sampled_from(coders)).id,
                    draw(_fragments(len(text))),
                    tuple(draw(st.lists(st.sampled_from([e.id for e in entries]), unique=True))) if entries else (),
                    draw(_values(layer.fields)),
                    draw(_text),
                    created="2026-01-06T09:12:00.000Z",
                )
            )
        for _ in range(draw(st.integers(0, 3)) if annotations and codebook.link_types else 0):
            mark += 1
            link_type = draw(st.sampled_from(codebook.link_types))
            inner = [link.id for link in links if link.type_id == link_type.id]
            members = st.sampled_from([a.id for a in annotations] + inner)
            roles = {}
            for role in link_type.roles:
                held = tuple(draw(st.lists(members, min_size=role.min, max_size=3, unique=True)))
                if held:
                    roles[role.name] = held
            coder = draw(st.sampled_from(coders)).id
            links.append(Link(f"m{mark:03}", document.id, link_type.id, coder, roles, draw(_values(link_type.fields))))
        documents.append(DocumentData(document, text, tuple(annotations), tuple(links)))
    info = ProjectInfo(draw(_ids), draw(_name), "2026-01-06T09:12:00.000Z", draw(_text))
    return memory(info, codebook, coders, entries, documents)


@given(data=st.data())
@settings(max_examples=120)
def test_any_project_round_trips(data: st.DataObject, put: Any, tools: Any) -> None:
    source = data.draw(_project(tools.Memory))
    once = tools.write_json(source)
    tools.validate(json.loads(once))
    memory = tools.read_json(put(once))
    assert memory == source
    assert tools.write_json(memory) == once
    through_lines = tools.read_json(put(tools.write_jsonl(source), "x.jsonl"))
    assert through_lines == source


@given(data=st.data())
@settings(max_examples=25)
def test_any_project_round_trips_through_a_project_file(
    data: st.DataObject, tmp_path_factory: Any, put: Any, tools: Any
) -> None:
    from annotator.services.checking import problems
    from annotator.services.exporting import export_file
    from annotator.services.importing import import_files
    from annotator.services.project import Project

    folder: Path = tmp_path_factory.mktemp("round")
    once = tools.write_json(data.draw(_project(tools.Memory)))
    project = Project.create(folder / "x.annot")
    try:
        before = project.counts()
        codebook, info = project.codebook, project.info
        import_files(project, [put(once)])
        assert problems(project) == []
        export_file(project, folder / "out.json")
        assert json.loads((folder / "out.json").read_bytes()) == json.loads(once)
        import_files(project, [put(once)])
        export_file(project, folder / "again.json")
        assert (folder / "again.json").read_bytes() == (folder / "out.json").read_bytes()
        project.undo()
        assert (project.counts(), project.codebook, project.info) == (before, codebook, info)
    finally:
        project.close()
