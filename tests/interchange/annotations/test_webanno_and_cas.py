"""WebAnno TSV and UIMA CAS: GUM, what INCEpTION writes, and that cassis reads ours."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.errors import FileRefused
from annotator.domain.model import Annotation, Coder, Document, DocumentData, Fragment, Link
from annotator.domain.text import digest
from annotator.interchange.cas_format import JsonCasExporter, JsonCasImporter, XmiExporter, XmiImporter
from annotator.interchange.registry import Formats
from annotator.interchange.scheme import PALETTE
from annotator.interchange.webanno_tsv import WebannoImporter
from annotator.services.checking import problems
from annotator.services.importing import import_files
from annotator.services.project import Project


def tsv(*lines: str) -> bytes:
    return "\n".join(["#FORMAT=WebAnno TSV 3.3", *lines, ""]).encode()


def marks(memory: Any) -> list[tuple[str, str, dict[str, Any]]]:
    layers = {layer.id: layer.name for layer in memory.codebook.layers}
    data = memory.of_documents[0]
    return [
        (layers[a.layer_id], " … ".join(data.text[s:e] for s, e in a.fragments), dict(a.fields))
        for a in data.annotations
    ]


def links(memory: Any) -> list[tuple[str, dict[str, list[str]], dict[str, Any]]]:
    data = memory.of_documents[0]
    told = {a.id: data.text[a.start : a.end] for a in data.annotations}
    types = {t.id: t.name for t in memory.codebook.link_types}
    return [
        (types[k.type_id], {r: [told[m] for m in ms] for r, ms in k.roles.items()}, dict(k.fields)) for k in data.links
    ]


@pytest.fixture
def read(tools: Any, tmp_path: Path) -> Any:
    def go(data: bytes, name: str = "a.tsv") -> Any:
        (tmp_path / name).write_bytes(data)
        assert Formats().importer(tmp_path / name).name == "webanno-tsv"
        return tools.read(WebannoImporter(), tmp_path / name)

    return go


def test_all_of_gum(tools: Any, tmp_path: Path) -> None:
    folder = tools.shared("gum-news", "webanno-tsv")
    paths = sorted(folder.glob("*.tsv"))
    assert len(paths) == 24
    spans = relations = 0
    for path in paths:
        wanted: dict[str, list[str]] = {}
        tied = 0
        for line in path.read_text("utf-8").splitlines():
            if re.match(r"\d+-\d+\t", line):
                cells = line.split("\t")
                for part in cells[3].split("|") if cells[3] != "_" else ():
                    id_ = re.search(r"\[(\d+)\]$", part)
                    wanted.setdefault(id_.group(1) if id_ else cells[0], []).append(cells[2])
                tied += len(cells[9].split("|")) if cells[9] != "_" else 0
        memory = tools.read(WebannoImporter(), path)
        assert memory.remarks == []
        assert sorted(quote.split() for _, quote, _ in marks(memory)) == sorted(
            " ".join(words).split() for words in wanted.values()
        )
        assert len(links(memory)) == tied
        spans, relations = spans + len(wanted), relations + tied
    assert (spans, relations) == (5018, 2535)
    project = Project.create(tmp_path / "x.annot", coder="Ana")
    report = import_files(project, [folder])
    assert (report.added["document"], report.added["annotation"], report.added["link"]) == (24, 5018, 2535)
    assert problems(project) == []
    project.close()


def test_spans_over_several_tokens(read: Any) -> None:
    memory = read(
        tsv(
            "#T_SP=webanno.custom.Referent|entity",
            "#T_SP=webanno.custom.Mood|",
            "#T_RL=webanno.custom.Coref|type|BT_webanno.custom.Referent",
            "",
            "",
            "#Text=The US said no .",
            "1-1\t0-3\tThe\tstate[1]\t_\t_\t_\t",
            "1-2\t4-6\tUS\tstate[1]\t*\t_\t_\t",
            "1-3\t7-11\tsaid\t_\t*[2]\t_\t_\t",
            "1-4\t12-14\tno\tthing\t*[2]|*[3]\tcoref\t1-1[1_0]\t",
            "1-5\t15-16\t.\t_\t_\t_\t_\t",
        )
    )
    assert marks(memory) == [
        ("Referent", "The US", {"entity": "state"}),
        ("Mood", "US", {}),
        ("Mood", "said no", {}),
        ("Referent", "no", {"entity": "thing"}),
        ("Mood", "no", {}),
    ]
    assert links(memory) == [("Coref", {"from": ["The US"], "to": ["no"]}, {"type": "coref"})]


def test_relations_slots_and_stacks(read: Any) -> None:
    memory = read(
        tsv(
            "#T_SP=webanno.custom.Span|value",
            "#T_SP=webanno.custom.Host|ROLE_webanno.custom.Host:links_webanno.custom.LinkType|uima.tcas.Annotation",
            "#T_RL=webanno.custom.Rel|kind|BT_webanno.custom.Span",
            "",
            "",
            "#Text=He loves her .",
            "1-1\t0-2\tHe\ta\tagent;patient\t1-2;1-3[2]\t_\t_\t",
            "1-2\t3-8\tloves\tb\t_\t_\tx|y\t1-1|1-3[2_0]\t",
            "1-3\t9-12\ther\tc[2]|d[3]\t_\t_\t_\t_\t",
            "1-4\t13-14\t.\t_\t_\t_\t_\t_\t",
        )
    )
    assert memory.remarks == []
    assert links(memory) == [
        ("Host links", {"host": ["He"], "agent": ["loves"], "patient": ["her"]}, {}),
        ("Rel", {"from": ["He"], "to": ["loves"]}, {"kind": "x"}),
        ("Rel", {"from": ["her"], "to": ["loves"]}, {"kind": "y"}),
    ]
    assert [m for m in marks(memory) if m[1] == "her"] == [
        ("Span", "her", {"value": "c"}),
        ("Span", "her", {"value": "d"}),
    ]


def test_chains(read: Any) -> None:
    memory = read(
        tsv(
            "#T_CH=de.tudarmstadt.ukp.dkpro.core.api.coref.type.CoreferenceLink|referenceRelation|referenceType",
            "",
            "",
            "#Text=He shot himself with his revolver .",
            "1-1\t0-2\tHe\tcoref->1-1\tpr[1]\t",
            "1-2\t3-7\tshot\t_\t_\t",
            "1-3\t8-15\thimself\t*->1-2\tpr[1]\t",
            "1-4\t16-20\twith\t_\t_\t",
            "1-5\t21-24\this\t*->1-3|*->2-1\t*[1]|np[2]\t",
            "1-6\t25-33\trevolver\t*->2-1\tnp[2]\t",
            "1-7\t34-35\t.\t_\t_\t",
        )
    )
    assert links(memory) == [
        ("CoreferenceLink", {"member": ["He", "himself", "his"]}, {}),
        ("CoreferenceLink", {"member": ["his revolver"]}, {}),
    ]
    assert marks(memory)[0] == ("CoreferenceLink", "He", {"referenceRelation": "coref", "referenceType": "pr"})


def test_the_text_between_and_within(read: Any) -> None:
    memory = read(
        tsv(
            "#T_SP=webanno.custom.Span|value",
            "",
            "",
            "#Text=I like 😊\\tit",
            "1-1\t0-1\tI\t_\t",
            "1-2\t2-6\tlike\t_\t",
            "1-3\t7-9\t😊\t*\t",
            "1-4\t10-12\tit\ta\\|b\\[1\\][4]\t",
            "",
            "#Text= Two",
            "#Text=lines \\\\o/",
            "2-1\t14-17\tTwo\t*[7]\t",
            "2-2\t18-23\tlines\t*[7]\t",
            "2-2.1\t20-23\tnes\tsub\t",
            "2-3\t24-27\t\\\\o/\t_\t",
        )
    )
    assert memory.of_documents[0].text == "I like 😊\tit\n Two\nlines \\o/"
    assert marks(memory) == [
        ("Span", "😊", {}),
        ("Span", "it", {"value": "a|b[1]"}),
        ("Span", "Two\nlines", {}),
        ("Span", "nes", {"value": "sub"}),
    ]
    assert memory.remarks == []


def test_tsv_that_does_not_fit(read: Any, tools: Any, tmp_path: Path) -> None:
    memory = read(
        tsv(
            "#T_SP=x.Span|",
            "#Text=Other words",
            "1-1\t0-3\tOne\t*\t",
            "1-2\t4-4\t\t*\t",
            "1-3\t5-8\ttwo\t*\t",
            "x\ty\tz",
            "1-4\t9-6\tq\t*\t",
        )
    )
    assert [quote for _, quote, _ in marks(memory)] == ["One", "two"]
    assert {remark.kind for remark in memory.remarks} == {"mended", "skipped"}
    (tmp_path / "b.tsv").write_bytes(b"a\tb\n")
    with pytest.raises(FileRefused, match="no WebAnno TSV"):
        tools.read(WebannoImporter(), tmp_path / "b.tsv")
    assert Formats().importer(tmp_path / "b.tsv").name == "csv"


def test_cassis_reads_ours(tools: Any) -> None:
    from cassis import load_cas_from_json, load_cas_from_xmi, load_typesystem

    text = "😊 said it was gone."
    spans = {"layer-source": (0, 1), "layer-cue": (2, 6), "layer-claim": (7, 18)}
    annotations = tuple(Annotation(layer, "d", layer, "c", (Fragment(*span),)) for layer, span in spans.items())
    roles = {"claim": ("layer-claim",), "source": ("layer-source",), "cue": ("layer-cue",)}
    inner = Link("k", "d", "link-attribution", "c", roles)
    relay = Link("r", "d", "link-attribution", "c", {"claim": ("k",), "source": ("layer-source",)})
    data = DocumentData(Document("d", "One", digest(text)), text, annotations, (relay, inner))
    source = tools.memory(of_coders=[Coder("c", "Ana")], of_documents=[data])
    with zipfile.ZipFile(io.BytesIO(tools.write(XmiExporter(), source))) as archive:
        assert sorted(archive.namelist()) == ["One.xmi", "TypeSystem.xml"]
        system = load_typesystem(io.BytesIO(archive.read("TypeSystem.xml")))
        xmi = archive.read("One.xmi")
        cas = load_cas_from_xmi(io.BytesIO(xmi), typesystem=system)
    # UTF-16 units in the file, code points in cassis.
    assert b'begin="8" end="19"' in xmi
    other = load_cas_from_json(io.BytesIO(tools.write(JsonCasExporter(), source)))
    for each in (cas, other):
        assert [fs.get_covered_text() for fs in each.select("webanno.custom.Claim")] == ["it was gone"]
        first, second = each.select("webanno.custom.Attribution")
        if first.id == "r":
            first, second = second, first
        assert [(slot.role, slot.target.get_covered_text()) for slot in first.claim.elements] == [
            ("claim", "it was gone")
        ]
        assert [slot.target.type.name for slot in first.source.elements] == ["webanno.custom.Source"]
        # A relay's claim is the attribution that it passes on; both stand where the claim does.
        assert [slot.target.id for slot in second.claim.elements] == ["k"]
        assert {(fs.begin, fs.end) for fs in (first, second)} == {(7, 18)}


SYSTEM = """<?xml version="1.0" encoding="UTF-8"?><typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier"><types>
<typeDescription><name>custom.Span</name><supertypeName>uima.tcas.Annotation</supertypeName><features>
<featureDescription><name>value</name><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>
<featureDescription><name>sure</name><rangeTypeName>uima.cas.Boolean</rangeTypeName></featureDescription>
<featureDescription><name>links</name><rangeTypeName>uima.cas.FSArray</rangeTypeName><elementType>custom.SpanLinksLink</elementType></featureDescription></features></typeDescription>
<typeDescription><name>custom.SpanLinksLink</name><supertypeName>uima.cas.TOP</supertypeName><features>
<featureDescription><name>role</name><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>
<featureDescription><name>target</name><rangeTypeName>custom.Span</rangeTypeName></featureDescription></features></typeDescription>
<typeDescription><name>custom.Rel</name><supertypeName>uima.tcas.Annotation</supertypeName><features>
<featureDescription><name>Governor</name><rangeTypeName>custom.Span</rangeTypeName></featureDescription>
<featureDescription><name>Dependent</name><rangeTypeName>custom.Span</rangeTypeName></featureDescription>
<featureDescription><name>kind</name><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription></features></typeDescription>
<typeDescription><name>custom.CorefLink</name><supertypeName>uima.tcas.Annotation</supertypeName><features>
<featureDescription><name>next</name><rangeTypeName>custom.CorefLink</rangeTypeName></featureDescription></features></typeDescription>
<typeDescription><name>de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token</name><supertypeName>uima.tcas.Annotation</supertypeName></typeDescription>
</types></typeSystemDescription>"""
XMI = """<?xml version="1.0" encoding="UTF-8"?>
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:custom="http:///custom.ecore"
 xmlns:t="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore" xmi:version="2.0">
<cas:NULL xmi:id="0"/>
<t:Token xmi:id="9" sofa="1" begin="0" end="2"/>
<custom:Span xmi:id="2" sofa="1" begin="0" end="2" value="A" sure="true" links="20"/>
<custom:Span xmi:id="3" sofa="1" begin="3" end="7" value="B"/>
<custom:SpanLinksLink xmi:id="20" role="says" target="3"/>
<custom:Rel xmi:id="4" sofa="1" begin="3" end="7" Governor="2" Dependent="3" kind="k"/>
<custom:CorefLink xmi:id="5" sofa="1" begin="0" end="2" next="6"/><custom:CorefLink xmi:id="6" sofa="1" begin="8" end="10"/>
<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="&#128522; said it"/>
<cas:View sofa="1" members="9 2 3 4 5 6"/>
</xmi:XMI>"""


def test_a_cas_of_inception(tools: Any, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("doc.xmi", XMI)
        archive.writestr("TypeSystem.xml", SYSTEM)
    assert Formats().importer(tmp_path / "a.zip").name == "cas-xmi"
    memory = tools.read(XmiImporter(), tmp_path / "a.zip")
    assert marks(memory) == [
        ("Span", "😊", {"value": "A", "sure": True}),
        ("Span", "said", {"value": "B"}),
        ("CorefLink", "😊", {}),
        ("CorefLink", "it", {}),
    ]
    assert sorted(links(memory), key=repr) == sorted(
        [
            ("Span links", {"host": ["😊"], "says": ["said"]}, {}),
            ("Rel", {"from": ["😊"], "to": ["said"]}, {"kind": "k"}),
            ("CorefLink", {"member": ["😊", "it"]}, {}),
        ],
        key=repr,
    )
    assert [remark.text for remark in memory.remarks] == ["1 Token, which the program does not keep"]
    for exporter, importer, name in (
        (XmiExporter(), XmiImporter(), "b.zip"),
        (JsonCasExporter(), JsonCasImporter(), "b.json"),
    ):
        again = tools.through(exporter, importer, memory, tmp_path / name)
        assert tools.picture(again) == tools.picture(memory)


def test_a_cas_beside_its_type_system_and_without(tools: Any, tmp_path: Path) -> None:
    (tmp_path / "doc.xmi").write_text(XMI, "utf-8")
    with pytest.raises(FileRefused, match="its type system"):
        tools.read(XmiImporter(), tmp_path / "doc.xmi")
    (tmp_path / "TypeSystem.xml").write_text(SYSTEM, "utf-8")
    assert len(tools.read(XmiImporter(), tmp_path / "doc.xmi").of_documents[0].annotations) == 4
    (tmp_path / "doc.xmi").write_text(XMI.replace('target="3"', 'target="77"'), "utf-8")
    with pytest.raises(FileRefused, match="no proper UIMA CAS"):
        tools.read(XmiImporter(), tmp_path / "doc.xmi")
    (tmp_path / "doc.xmi").write_text(
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + XMI.partition("?>")[2], "utf-8"
    )
    with pytest.raises(FileRefused, match="entities"):
        tools.read(XmiImporter(), tmp_path / "doc.xmi")
    (tmp_path / "x.json").write_text(json.dumps({"%TYPES": {}, "%FEATURE_STRUCTURES": 5}))
    assert Formats().importer(tmp_path / "x.json").name == "cas-json"
    with pytest.raises(FileRefused, match="no proper UIMA CAS"):
        tools.read(JsonCasImporter(), tmp_path / "x.json")


def test_an_exported_project(tmp_path: Path) -> None:
    """A folder for each document, a file for each coder, the texts beside them, all in a zip."""
    text = "One  said it .\n\n \nThe end ."
    body = (
        "#FORMAT=WebAnno TSV 3.2\n#T_SP=webanno.custom.Quote|role\n\n\n#Text=One  said it .\n1-1\t0-3\tOne\t{}\t\n"
        "1-2\t5-9\tsaid\t_\t\n1-3\t10-12\tit\t_\t\n1-4\t13-14\t.\t_\t\n\n#Text=The end .\n2-1\t18-21\tThe\t_\t\n"
        "2-2\t22-25\tend\t{}\t\n2-3\t26-27\t.\t_\t\n"
    )
    with zipfile.ZipFile(tmp_path / "project.zip", "w") as archive:
        archive.writestr("exportedproject1.json", '{"name": "P", "source_documents": []}')
        archive.writestr("source/a.txt", text)
        archive.writestr("annotation/a.txt/ana.tsv", body.format("who", "_"))
        archive.writestr("annotation/a.txt/ben.tsv", body.format("who", "what"))
        archive.writestr("annotation_ser/a.txt/ana.ser", b"\xac\xed")
        archive.writestr("log/a.log", "x")
    project = Project.create(tmp_path / "p.annot", coder="Me")
    report = import_files(project, [tmp_path / "project.zip"])
    (row,) = project.store.document_rows()
    assert (row.title, project.store.text(row.id)) == ("a", text)
    coders = {coder.id: coder.name for coder in project.store.coders()}
    marks = sorted((coders[a.coder_id], text[a.start : a.end]) for a in project.store.annotations(row.id))
    assert marks == [("ana", "One"), ("ben", "One"), ("ben", "end")]
    assert report.added["document"] == 1
    assert import_files(project, [tmp_path / "project.zip"]).added == {}
    assert problems(project) == []
    project.close()


def test_a_layer_of_another_tool_does_not_look_like_a_built_in_one() -> None:
    assert not {layer.color for layer in DEFAULT_CODEBOOK.layers} & set(PALETTE[:6])
