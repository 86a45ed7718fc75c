"""doccano, Label Studio, Prodigy, Web Annotations and CoNLL-U: what real files look like, and who reads which."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.errors import FileRefused
from annotator.interchange.conllu import ConlluExporter
from annotator.interchange.doccano import DoccanoImporter
from annotator.interchange.label_studio import LabelStudioImporter
from annotator.interchange.prodigy import ProdigyImporter
from annotator.interchange.registry import Formats
from annotator.interchange.web_annotation import WebAnnotationExporter, WebAnnotationImporter

TEXT = "😊 Smith said it. Jones did not."


def at(quote: str) -> int:
    return TEXT.index(quote)


def unit(quote: str) -> int:
    return len(TEXT[: at(quote)].encode("utf-16-le")) // 2


@pytest.fixture
def read(tools: Any, tmp_path: Path) -> Any:
    def go(importer: Any, name: str, *values: Any) -> Any:
        path = tmp_path / name
        lines = [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in values]
        path.write_text("\n".join(lines) + "\n", "utf-8")
        assert Formats().importer(path).name == importer.name
        return tools.read(importer, path)

    return go


def marks(memory: Any, document: int = 0) -> list[tuple[str, str]]:
    layers = {layer.id: layer.name for layer in memory.codebook.layers}
    data = memory.of_documents[document]
    return [(layers[a.layer_id], " … ".join(data.text[s:e] for s, e in a.fragments)) for a in data.annotations]


def links(memory: Any, document: int = 0) -> list[tuple[str, dict[str, list[str]]]]:
    data = memory.of_documents[document]
    told = {a.id: data.text[a.start : a.end] for a in data.annotations}
    types = {t.id: t.name for t in memory.codebook.link_types}
    return [(types[k.type_id], {r: [told.get(m, "link") for m in ms] for r, ms in k.roles.items()}) for k in data.links]


def test_doccano(read: Any) -> None:
    memory = read(
        DoccanoImporter(),
        "all.jsonl",
        {"id": 7, "text": TEXT, "label": [[at("Smith"), at("Smith") + 5, "PER"]], "outlet": "Post", "Comments": ["hm"]},
        {
            "id": 8,
            "text": TEXT + "!",
            "title": "Two",
            "entities": [
                {"id": 4, "label": "PER", "start_offset": at("Smith"), "end_offset": at("Smith") + 5},
                {"id": 5, "label": "CUE", "start_offset": at("said"), "end_offset": at("said") + 4},
                {"id": 6, "label": "CUE", "start_offset": 0, "end_offset": 5000},
                {"id": 7, "label": "X"},
            ],
            "relations": [{"id": 1, "from_id": 4, "to_id": 5, "type": "says"}, {"from_id": 4, "to_id": 99}],
        },
        {"text": "Only labels", "labels": ["good", "news"]},
    )
    assert [data.document.title for data in memory.of_documents] == ["all 1", "Two", "all 3"]
    assert memory.of_documents[0].document.metadata == {"id": 7, "outlet": "Post", "comments": ["hm"]}
    assert memory.of_documents[2].document.metadata == {"labels": ["good", "news"]}
    assert (marks(memory), marks(memory, 1)) == ([("PER", "Smith")], [("PER", "Smith"), ("CUE", "said")])
    assert links(memory, 1) == [("says", {"from": ["Smith"], "to": ["said"]})]
    assert [remark.kind for remark in memory.remarks] == ["skipped"] * 3


def test_label_studio(read: Any) -> None:
    def region(id_: str, quote: str, label: str, **more: Any) -> dict[str, Any]:
        place = {"start": unit(quote), "end": unit(quote) + len(quote), "text": quote}
        return {
            "id": id_,
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {**place, "labels": [label]},
            **more,
        }

    result = [
        region("a", "Smith", "PER"),
        region("b", "said", "CUE"),
        {"id": "a", "from_name": "mood", "type": "choices", "value": {"start": 0, "end": 1, "choices": ["good"]}},
        {"id": "a", "from_name": "topics", "type": "choices", "value": {"choices": ["x", "y"]}},
        {"id": "b", "from_name": "why", "type": "textarea", "value": {"text": ["because"]}},
        {"id": "b", "from_name": "stars", "type": "rating", "value": {"rating": 4}},
        {"id": "z", "from_name": "genre", "type": "choices", "value": {"choices": ["news"]}},
        {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right", "labels": ["says"]},
        {"type": "relation", "from_id": "a", "to_id": "nobody"},
        {"id": "c", "from_name": "box", "type": "rectanglelabels", "value": {"x": 1}},
    ]
    task = {
        "id": 1,
        "data": {"article": TEXT, "url": "u"},
        "predictions": [{"result": []}],
        "annotations": [
            {"completed_by": {"email": "ana@x"}, "result": result},
            {"completed_by": 2, "result": [region("a", "Jones", "PER")]},
            {"was_cancelled": True, "result": result},
        ],
    }
    memory = read(LabelStudioImporter(), "p.json", json.dumps([task], indent=1))
    assert marks(memory) == [("PER", "Smith"), ("CUE", "said"), ("PER", "Jones")]
    first, second, _ = memory.of_documents[0].annotations
    assert (dict(first.fields), dict(second.fields)) == (
        {"mood": "good", "topics": ["x", "y"]},
        {"why": "because", "stars": 4},
    )
    assert [coder.name for coder in memory.of_coders] == ["ana@x", "2"]
    assert links(memory) == [("says", {"from": ["Smith"], "to": ["said"]})]
    assert memory.of_documents[0].document.metadata == {"url": "u", "genre": "news"}
    assert {remark.kind for remark in memory.remarks} == {"skipped", "lost", "mended"}
    assert any("UTF-16" in remark.text for remark in memory.remarks)


def test_prodigy(read: Any) -> None:
    def span(quote: str, label: str, **more: Any) -> dict[str, Any]:
        return {"start": at(quote), "end": at(quote) + len(quote), "label": label, **more}

    says = {
        "head_span": span("Smith", "PER"),
        "child_span": span("said", "CUE"),
        "label": "says",
        "head": 1,
        "child": 2,
    }
    memory = read(
        ProdigyImporter(),
        "x.jsonl",
        {
            "text": TEXT,
            "spans": [span("Smith", "PER", id="Q1"), span("said", "CUE", text="wrong")],
            "relations": [says, {"label": "x"}],
            "_annotator_id": "ana",
            "answer": "accept",
            "meta": {"title": "One", "n": 1},
            "tokens": [],
        },
        {"text": TEXT, "spans": [span("Jones", "PER")], "_annotator_id": "ben", "answer": "accept"},
        {"text": "Rejected", "spans": [{"start": 0, "end": 3, "label": "X"}], "answer": "reject"},
        {"text": "spaCy of old", "entities": [[0, 5, "LIB"], ["a", 1, "X"]]},
    )
    assert [data.document.title for data in memory.of_documents] == ["One", "x 3", "x 4"]
    assert marks(memory) == [("PER", "Smith"), ("CUE", "said"), ("PER", "Jones")]
    assert [coder.name for coder in memory.of_coders] == ["ana", "ben"]
    assert (marks(memory, 1), marks(memory, 2)) == ([], [("LIB", "spaCy")])
    assert links(memory) == [("says", {"from": ["Smith"], "to": ["said"]})]
    assert memory.of_entries[0].name == "Q1"
    assert len(memory.remarks) == 4


def test_web_annotations_of_others(read: Any, tools: Any, tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text(TEXT, "utf-8")

    def note(
        id_: str, *selectors: Any, body: Any, source: str = "https://x.org/a/article.html", **more: Any
    ) -> dict[str, Any]:
        return {
            "@context": "http://www.w3.org/ns/anno.jsonld",
            "id": id_,
            "type": "Annotation",
            "body": body,
            "target": {"source": source, "selector": list(selectors)},
            **more,
        }

    quote = {"type": "TextQuoteSelector", "exact": "said it", "prefix": "Smith ", "suffix": "."}
    position = {"type": "TextPositionSelector", "start": at("Jones"), "end": at("Jones") + 5}
    items = [
        note(
            "urn:1",
            quote,
            body={"type": "TextualBody", "purpose": "tagging", "value": "Claim"},
            creator={"name": "Ana"},
        ),
        note(
            "urn:2",
            position,
            {"type": "TextQuoteSelector", "exact": "Jones"},
            body=[
                {"value": "who?", "purpose": "commenting"},
                {"value": "a", "purpose": "tagging"},
                {"value": "b", "purpose": "tagging"},
            ],
        ),
        note("urn:3", {"type": "FragmentSelector", "value": "char=0,1"}, body="smile"),
        note("urn:4", {"type": "TextQuoteSelector", "exact": "nowhere"}, body="x"),
        note("urn:5", position, body="x", source="https://x.org/absent"),
        note("urn:6", {"type": "CssSelector", "value": "p"}, body="x"),
        {"id": "urn:7", "type": "Annotation", "motivation": "linking", "target": "urn:1", "body": "urn:2"},
    ]
    page = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "AnnotationCollection",
        "first": {"type": "AnnotationPage", "items": items},
    }
    memory = read(WebAnnotationImporter(), "notes.json", page)
    assert marks(memory) == [("Claim", "said it"), ("Annotation", "Jones"), ("Annotation", "😊")]
    annotations = memory.of_documents[0].annotations
    assert (annotations[1].note, annotations[1].fields, annotations[2].note) == ("who?", {"tags": ["a", "b"]}, "smile")
    assert links(memory) == [("Link", {"from": ["Jones"], "to": ["said it"]})]
    assert [remark.kind for remark in memory.remarks] == ["skipped"] * 3
    again = tools.through(WebAnnotationExporter(), WebAnnotationImporter(), memory, tmp_path / "again.jsonld")
    assert tools.picture(again) == tools.picture(memory)
    alone = read(WebAnnotationImporter(), "one.jsonld", items[0])
    assert marks(alone) == [("Claim", "said it")]


def test_attributions_in_prov_and_schema_org(tools: Any) -> None:
    from annotator.domain.model import Annotation, Coder, Document, DocumentData, Entry, Fragment, Link
    from annotator.domain.text import digest

    claim = Annotation("c", "d", "layer-claim", "x", (Fragment(at("it"), at("it") + 2),))
    source = Annotation("s", "d", "layer-source", "x", (Fragment(2, 7),), ("e",))
    link = Link("k", "d", "link-attribution", "x", {"claim": ("c",), "source": ("s",)})
    data = DocumentData(
        Document("d", "One", digest(TEXT), metadata={"date": "2026-01-06"}), TEXT, (claim, source), (link,)
    )
    memory = tools.memory(
        of_coders=[Coder("x", "Ana")], of_entries=[Entry("e", "registry-actors", "J. Smith")], of_documents=[data]
    )
    graph = json.loads(tools.write(WebAnnotationExporter(), memory))["@graph"]
    article = next(item for item in graph if item["type"] == "schema:NewsArticle")
    assert (article["schema:headline"], article["schema:datePublished"]) == ("One", "2026-01-06")
    body = next(item for item in graph if item.get("motivation") == "linking")["body"][0]
    assert body["type"] == ["schema:Claim", "prov:Entity"]
    assert body["schema:text"] == "it"
    assert body["prov:wasAttributedTo"] == [{"id": "urn:annotator:e", "type": "prov:Agent", "schema:name": "J. Smith"}]
    (selected,) = [item for item in graph if item.get("annotator:layer") == "Claim"]
    place, quote = selected["target"]["selector"]
    assert (place["start"], place["end"], quote["exact"]) == (at("it"), at("it") + 2, "it")
    assert quote["prefix"] + quote["exact"] + quote["suffix"] == TEXT[: at("it") + 34]


def test_conllu(tools: Any, tmp_path: Path) -> None:
    (tmp_path / "x.doccano.jsonl").write_text(
        json.dumps(
            {
                "title": "T",
                "text": TEXT,
                "entities": [
                    {"id": 1, "label": "PER", "start_offset": 2, "end_offset": 12},
                    {"id": 2, "label": "Big cue", "start_offset": 8, "end_offset": 10},
                ],
                "relations": [{"from_id": 1, "to_id": 2, "type": "says"}],
            }
        )
    )
    memory = tools.read(DoccanoImporter(), tmp_path / "x.doccano.jsonl")
    out = tools.write(ConlluExporter(), memory).decode()
    rows = [line.split("\t") for line in out.splitlines() if line and not line.startswith("#")]
    assert all(len(row) == 10 for row in rows)
    assert [row[1] for row in rows] == ["😊", "Smith", "said", "it", ".", "Jones", "did", "not", "."]
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5", "1", "2", "3", "4"]
    assert rows[1][9] == "Tags=B-PER:1|TokenRange=2:7"
    assert rows[2][9] == "Tags=I-PER:1,B-Big_cue:2|TokenRange=8:12"
    assert rows[3][9] == "SpaceAfter=No|TokenRange=13:15"
    assert out.count("# sent_id") == 2
    assert "# link = 3 says from:1 to:2" in out


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.json", '{"format": "annotator-project"}', "json"),
        ("a.jsonl", '{"format": "annotator-project"}\n{}', "jsonl"),
        ("a.jsonl", '{"text": "x", "label": []}', "doccano"),
        ("a.json", '{"text": "x", "entities": [{"start_offset": 1}], "relations": []}', "doccano"),
        ("a.jsonl", '{"text": "x", "spans": [], "meta": {}}', "prodigy"),
        ("a.json", '[{"data": {"text": "x"}, "annotations": []}]', "label-studio"),
        ("a.json", '{"%TYPES": {}, "%VIEWS": {}}', "cas-json"),
        ("a.json", '{"@context": "http://www.w3.org/ns/anno.jsonld", "type": "Annotation"}', "web-annotation"),
        (
            "a.jsonld",
            '[{"type": "Annotation", "target": {"selector": {"type": "TextQuoteSelector"}}}]',
            "web-annotation",
        ),
        ("a.json", "hello", "json"),
        ("a.jsonl", "", "jsonl"),
    ],
)
def test_who_reads_which_json(name: str, content: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content)
    assert Formats().importer(tmp_path / name).name == expected


@pytest.mark.parametrize(
    "importer", [DoccanoImporter(), ProdigyImporter(), LabelStudioImporter(), WebAnnotationImporter()]
)
@pytest.mark.parametrize(
    "content", [b"", b"[", b"5", b'"x"', b"[1, 2]", b'{"a": 1', b"\xff\xfe", b'{"text": "\\ud800"}', b"[" * 3000]
)
def test_broken_json(importer: Any, content: bytes, tools: Any, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(content)
    found, told = [], ""
    try:
        found = tools.read(importer, tmp_path / "x.json").of_documents
    except FileRefused as error:
        told = str(error)
    assert found == []
    assert "x.json" in told or told == ""


def test_labels_that_are_empty(tools: Any, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(json.dumps({"text": "One two.", "label": [[0, 3, ""], [4, 7, " "], [0, 7, "A"]]}))
    memory = tools.read(DoccanoImporter(), tmp_path / "x.jsonl")
    assert sorted(layer.name for layer in memory.codebook.layers) == ["(no name)", "A", "Label"]
    assert len(memory.of_documents[0].annotations) == 3
