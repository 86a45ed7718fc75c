"""Any project through every format that gives it back, up to what the format says it loses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.interchange.brat_format import BratExporter, BratImporter
from annotator.interchange.cas_format import JsonCasExporter, JsonCasImporter, XmiExporter, XmiImporter
from annotator.interchange.doccano import DoccanoExporter, DoccanoImporter
from annotator.interchange.label_studio import LabelStudioExporter, LabelStudioImporter
from annotator.interchange.prodigy import ProdigyExporter, ProdigyImporter
from annotator.interchange.refi_format import QdpxExporter, QdpxImporter
from annotator.interchange.web_annotation import WebAnnotationExporter, WebAnnotationImporter


def _brat(told: dict[str, Any], text: str) -> dict[str, Any] | None:
    """As brat's format can say it."""
    spans: list[list[int]] = []
    for start, end in told["fragments"]:
        piece = text[start:end]
        start, end = start + len(piece) - len(piece.lstrip("\n")), end - len(piece) + len(piece.rstrip("\n"))
        if start >= end:
            continue
        gap = text[spans[-1][1] : start] if spans and spans[-1][1] < start else ""
        if gap and not gap.strip("\n"):
            spans[-1][1] = end
        else:
            spans.append([start, end])
    if not spans:
        return None
    told["fragments"] = tuple(tuple(span) for span in spans)
    return told


@given(data=st.data())
@settings(max_examples=40)
def test_brat(data: st.DataObject, tools: Any, out_path: Any) -> None:
    source = data.draw(tools.projects(coders=1))
    back = tools.through(BratExporter(), BratImporter(), source, out_path("x.zip"))
    assert tools.picture(back) == tools.picture(source, _brat)
    again = tools.through(BratExporter(), BratImporter(), back, out_path("y.zip"))
    assert tools.picture(again) == tools.picture(back)
    assert (again.codebook, again.of_entries) == (back.codebook, back.of_entries)


@pytest.mark.parametrize(
    ("exporter", "importer", "name"),
    [
        (XmiExporter(), XmiImporter(), "x.zip"),
        (JsonCasExporter(), JsonCasImporter(), "x.json"),
    ],
)
@given(data=st.data())
@settings(max_examples=15)
def test_cas(exporter: Any, importer: Any, name: str, data: st.DataObject, tools: Any, out_path: Any) -> None:
    source = data.draw(tools.projects())
    content = tools.write(exporter, source)
    path = out_path(name if len(source.of_documents) == 1 else "x.zip")
    path.write_bytes(content)
    if not source.of_documents:
        return
    back = tools.read(importer, path)
    assert tools.picture(back) == tools.picture(source)
    assert [d.document.id for d in sorted(back.of_documents, key=lambda d: d.document.id)] == [
        d.document.id for d in source.of_documents
    ]


@given(data=st.data())
@settings(max_examples=30)
def test_qdpx(data: st.DataObject, tools: Any, out_path: Any) -> None:
    source = data.draw(tools.projects())
    back = tools.through(QdpxExporter(), QdpxImporter(), source, out_path("x.qdpx"))
    assert tools.picture(back) == tools.picture(source)
    again = tools.through(QdpxExporter(), QdpxImporter(), back, out_path("y.qdpx"))
    assert tools.picture(again) == tools.picture(back)


@given(data=st.data())
@settings(max_examples=30)
def test_web_annotation(data: st.DataObject, tools: Any, out_path: Any) -> None:
    source = data.draw(tools.projects())
    back = tools.through(WebAnnotationExporter(), WebAnnotationImporter(), source, out_path("x.jsonld"))
    assert tools.picture(back) == tools.picture(source)
    assert {entry.id for entry in back.of_entries} == {entry.id for entry in source.of_entries}
    assert back.remarks == []


def _no_links(documents: list[Any]) -> list[Any]:
    return [document[:3] for document in documents]


@given(data=st.data())
@settings(max_examples=30)
def test_prodigy(data: st.DataObject, tools: Any, out_path: Any) -> None:
    source = data.draw(tools.projects())
    back = tools.through(ProdigyExporter(), ProdigyImporter(), source, out_path("x.spans.jsonl"))
    assert _no_links(tools.picture(back)) == _no_links(tools.picture(source))
    again = tools.through(ProdigyExporter(), ProdigyImporter(), back, out_path("y.spans.jsonl"))
    assert tools.picture(again) == tools.picture(back)


@given(data=st.data())
@settings(max_examples=30)
def test_label_studio(data: st.DataObject, tools: Any, out_path: Any) -> None:
    source = data.draw(tools.projects())
    back = tools.through(LabelStudioExporter(), LabelStudioImporter(), source, out_path("x.label-studio.json"))
    assert _no_links(tools.picture(back)) == _no_links(tools.picture(source))
    again = tools.through(LabelStudioExporter(), LabelStudioImporter(), back, out_path("y.label-studio.json"))
    assert tools.picture(again) == tools.picture(back)


def _doccano(told: dict[str, Any], text: str) -> dict[str, Any]:
    return {"layer": told["layer"], "fragments": told["fragments"]}


@given(data=st.data())
@settings(max_examples=30)
def test_doccano(data: st.DataObject, tools: Any, out_path: Any) -> None:
    source = data.draw(tools.projects())
    back = tools.through(DoccanoExporter(), DoccanoImporter(), source, out_path("x.doccano.jsonl"))
    assert _no_links(tools.picture(back, _doccano)) == _no_links(tools.picture(source, _doccano))
    again = tools.through(DoccanoExporter(), DoccanoImporter(), back, out_path("y.doccano.jsonl"))
    assert tools.picture(again) == tools.picture(back)


@given(data=st.data())
@settings(max_examples=25)
def test_brat_with_several_coders(data: st.DataObject, tools: Any, out_path: Any) -> None:
    source = data.draw(tools.projects(coders=3))
    back = tools.through(BratExporter(), BratImporter(), source, out_path("x.brat.zip"))
    assert _no_links(tools.picture(back)) == _no_links(tools.picture(source, _brat))
    again = tools.through(BratExporter(), BratImporter(), back, out_path("y.brat.zip"))
    assert tools.picture(again) == tools.picture(back)
