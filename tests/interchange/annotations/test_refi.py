"""REFI-QDA: the committee's own project, what other programs write, and the schemas."""

# ruff: noqa: E501 - files of other programs are as they are

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.codebook import Field
from annotator.domain.errors import FileRefused
from annotator.domain.model import Annotation, Coder, Document, DocumentData, Entry, Fragment
from annotator.domain.text import digest
from annotator.interchange.refi_format import QdcExporter, QdcImporter, QdpxExporter, QdpxImporter
from annotator.interchange.registry import Formats
from annotator.services.checking import problems
from annotator.services.exporting import export_file
from annotator.services.importing import import_files
from annotator.services.project import Project

TEXT = "Ministers met.\nThe 😀 deal is off, said one.\nThe end of it.\n"
U1, U2, C1, C2, C3, S1, S2, Q1, Q2, Q3, N1 = (f"{n:08d}-0000-4000-8000-000000000000" for n in range(1, 12))


def qde(
    origin: str, selections: str, rest: str = "", source: str = f'plainTextPath="internal://{S1}.txt"', inline: str = ""
) -> bytes:
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="urn:QDA-XML:project:1.0" name="P" origin="{origin}">
<Users><User guid="{U1}" name="Ana"/><User guid="{U2}" name="Ben"/></Users>
<CodeBook><Codes>
 <Code guid="{C1}" name="Claims" isCodable="true" color="#FF0000"><Description>what is said</Description><NoteRef targetGUID="{N1}"/>
  <Code guid="{C2}" name="Refusal" isCodable="true"/></Code>
 <Code guid="{C3}" name="Actors" isCodable="true"/>
</Codes></CodeBook>
<Variables><Variable guid="{S2}" name="Outlet" typeOfVariable="Text"/></Variables>
<Cases><Case guid="{Q3}" name="Axios"><VariableValue><VariableRef targetGUID="{S2}"/><TextValue>web</TextValue></VariableValue><SourceRef targetGUID="{S1}"/></Case></Cases>
<Sources><TextSource guid="{S1}" name="One" {source}>{inline}{selections}</TextSource></Sources>
<Notes><Note guid="{N1}" name="Memo"><PlainTextContent>think again</PlainTextContent></Note></Notes>
{rest}
<Sets><Set guid="{U1}" name="Best"><MemberCode targetGUID="{C2}"/><MemberSource targetGUID="{S1}"/></Set></Sets>
</Project>""".encode()


def selection(id_: str, start: int, end: int, *codes: tuple[str, str], name: str = "") -> str:
    inner = "".join(
        f'<Coding guid="{id_[:-1]}{n}" creatingUser="{user}"><CodeRef targetGUID="{code}"/></Coding>'
        for n, (code, user) in enumerate(codes, 1)
    )
    return f'<PlainTextSelection guid="{id_}" name="{name}" startPosition="{start}" endPosition="{end}" creatingUser="{U1}">{inner}</PlainTextSelection>'


@pytest.fixture
def qdpx(tmp_path: Path) -> Any:
    def write(project: bytes, files: dict[str, bytes], name: str = "p.qdpx", entry: str = "project.qde") -> Path:
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(entry, project)
            for file, data in files.items():
                archive.writestr(file, data)
        return tmp_path / name

    return write


def covered(memory: Any) -> list[tuple[str, tuple[str, ...], str]]:
    names = {entry.id: entry.name for entry in memory.of_entries}
    coders = {coder.id: coder.name for coder in memory.of_coders}
    data = memory.of_documents[0]
    return [
        (
            " … ".join(data.text[s:e] for s, e in a.fragments),
            tuple(names[e] for e in a.entries),
            coders.get(a.coder_id, ""),
        )
        for a in data.annotations
    ]


def schema(tools: Any, name: str) -> Any:
    from lxml import etree

    return etree.XMLSchema(etree.parse(str(tools.shared("refi", name))))


def validate(tools: Any, data: bytes, name: str) -> None:
    from lxml import etree

    made = schema(tools, name)
    assert made.validate(etree.fromstring(data)), made.error_log.filter_from_errors()


def test_the_standard_project(tools: Any, tmp_path: Path) -> None:
    path = tools.shared("refi", "TestProject.qdpx")
    assert Formats().importer(path).name == "qdpx"
    memory = tools.read(QdpxImporter(), path)
    assert len(memory.of_entries) == 14
    names = {entry.name: entry for entry in memory.of_entries}
    assert names["Coke::diet Coke"].note == "non sucré"
    assert names["cornflakes"].fields == {"color": "#DC0000", "sets": ["Breakfast food"]}
    kinds = Counter(remark.text.partition(",")[0].partition(":")[0] for remark in memory.remarks)
    assert kinds["its text is absent"] == 11
    # Eight selections of texts, and two of a PDF that say what they read.
    assert sum(len(data.annotations) for data in memory.of_documents) == 10
    quotes = [data.text[a.start : a.end] for data in memory.of_documents for a in data.annotations]
    assert "Oh, that was great. See you tomorrow? Eleven thirty. Mm." in quotes
    assert all(data.document.metadata["text"] == "absent" for data in memory.of_documents)
    project = Project.create(tmp_path / "x.annot", coder="Ana")
    import_files(project, [path])
    assert problems(project) == []
    assert len(project.entries.all()) == 14
    export_file(project, tmp_path / "again.qdpx")
    again = tools.read(QdpxImporter(), tmp_path / "again.qdpx")
    assert tools.picture(again) == tools.picture(memory)
    with zipfile.ZipFile(tmp_path / "again.qdpx") as archive:
        validate(tools, archive.read("project.qde"), "Project-mrt2019.xsd")
    report = import_files(project, [tmp_path / "again.qdpx"])
    assert not report.added
    project.close()


def test_codes_users_cases_sets_and_memos(tools: Any, qdpx: Any) -> None:
    at = TEXT.index("The 😀")
    path = qdpx(
        qde("QualCoder", selection(Q1, at, at + 17, (C2, U1), (C3, U1), (C2, U2)) + selection(Q2, 0, 9)),
        {f"Sources/{S1}.txt": TEXT.encode()},
    )
    memory = tools.read(QdpxImporter(), path)
    assert covered(memory) == [
        ("The 😀 deal is off", ("Refusal", "Actors"), "Ana"),
        ("The 😀 deal is off", ("Refusal",), "Ben"),
        ("Ministers", (), "Ana"),
    ]
    assert memory.remarks == []
    assert memory.of_documents[0].document.metadata == {"Outlet": "web", "cases": ["Axios"], "sets": ["Best"]}
    entries = {entry.name: entry for entry in memory.of_entries}
    assert entries["Refusal"].parent_id == entries["Claims"].id == C1
    assert entries["Claims"].note == "what is said\n\nMemo\nthink again"
    assert entries["Claims"].fields == {"color": "#FF0000"}
    assert entries["Refusal"].fields == {"sets": ["Best"]}
    again = tools.through(QdpxExporter(), QdpxImporter(), memory, path.with_name("again.qdpx"))
    assert tools.picture(again) == tools.picture(memory)
    assert again.of_documents[0].document.metadata == memory.of_documents[0].document.metadata
    assert {e.id: (e.name, e.parent_id, e.fields, e.note) for e in again.of_entries} == {
        e.id: (e.name, e.parent_id, e.fields, e.note) for e in memory.of_entries
    }


def test_nvivo_counts_utf16_units_and_line_ends_twice(tools: Any, qdpx: Any) -> None:
    windows = TEXT.replace("\n", "\r\n")

    def unit(quote: str) -> int:
        return len(windows[: windows.index(quote)].encode("utf-16-le")) // 2

    quotes = ("Ministers met", "deal is off", "The end of it")
    marks = "".join(
        selection(f"{n:08d}-1111-4000-8000-000000000000", unit(q), unit(q) + len(q), (C1, U1))
        for n, q in enumerate(quotes)
    )
    for stored in (windows.encode(), TEXT.encode(), b"\xef\xbb\xbf" + windows.encode(), windows.encode("utf-16")):
        memory = tools.read(QdpxImporter(), qdpx(qde("NVivo 12", marks), {f"Sources/{S1}.txt": stored}))
        assert [quote for quote, _, _ in covered(memory)] == list(quotes)
        assert memory.remarks == []
    # The same positions, but nothing says that it was NVivo.
    memory = tools.read(QdpxImporter(), qdpx(qde("Unknown", marks), {f"Sources/{S1}.txt": windows.encode()}))
    assert [quote for quote, _, _ in covered(memory)] == list(quotes)
    assert "UTF-16 units" in memory.remarks[0].text


def test_sources_that_are_renamed_or_within(tools: Any, qdpx: Any) -> None:
    mark = selection(Q1, 0, 9, (C1, U1))
    for entry, file in (
        ("Project.qde", f"sources/{S1.upper()}.TXT"),
        ("PROJECT.QDE", "Sources/One.txt"),
        ("a/project.qde", f"a/Sources/{S1}.txt"),
    ):
        memory = tools.read(QdpxImporter(), qdpx(qde("x", mark), {file: TEXT.encode()}, entry=entry))
        assert [quote for quote, _, _ in covered(memory)] == ["Ministers"]
    inline = f"<PlainTextContent>{TEXT}</PlainTextContent>"
    memory = tools.read(QdpxImporter(), qdpx(qde("x", mark, source="", inline=inline), {}))
    assert [quote for quote, _, _ in covered(memory)] == ["Ministers"]


def test_links_between_selections_and_from_memos(tools: Any, qdpx: Any) -> None:
    links = f"""<Links><Link guid="{C1}" name="answers" originGUID="{Q1}" targetGUID="{Q2}"/>
<Link guid="{C2}" name="Memo" originGUID="{N1}" targetGUID="{Q2}"/><Link guid="{C3}" name="lost" originGUID="{Q1}" targetGUID="{U1}"/></Links>"""
    path = qdpx(qde("x", selection(Q1, 0, 9) + selection(Q2, 10, 13), links), {f"Sources/{S1}.txt": TEXT.encode()})
    memory = tools.read(QdpxImporter(), path)
    (link,) = memory.of_documents[0].links
    assert link.roles == {"from": (Q1,), "to": (Q2,)}
    assert memory.codebook.link_types_by_id[link.type_id].name == "answers"
    assert memory.of_documents[0].annotations[1].note == "Memo\nthink again"
    assert [remark.kind for remark in memory.remarks] == ["lost"]
    again = tools.through(QdpxExporter(), QdpxImporter(), memory, path.with_name("again.qdpx"))
    assert tools.picture(again) == tools.picture(memory)


@given(data=st.data())
@settings(max_examples=15)
def test_what_we_write_validates(data: st.DataObject, tools: Any) -> None:
    source = data.draw(tools.projects())
    with zipfile.ZipFile(io.BytesIO(tools.write(QdpxExporter(), source))) as archive:
        validate(tools, archive.read("project.qde"), "Project-mrt2019.xsd")
    validate(tools, tools.write(QdcExporter(), source), "Codebook.xsd")


def test_a_codebook_alone(tools: Any, tmp_path: Path) -> None:
    source = tools.memory(of_entries=[])
    back = tools.through(QdcExporter(), QdcImporter(), source, tmp_path / "x.qdc")
    given_ = {layer.name: layer for layer in source.codebook.layers}
    for layer in back.codebook.layers:
        own = given_[layer.name]
        assert (layer.color, layer.registry) == (own.color, own.registry)
        assert own.description in ("", layer.description)
        assert [(f.name, f.type, f.choices) for f in layer.fields] == [(f.name, f.type, f.choices) for f in own.fields]
    codes = b"""<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="MAXQDA"><Codes>
<Code guid="00000001-0000-4000-8000-000000000000" name="A" isCodable="true"><Code guid="00000002-0000-4000-8000-000000000000" name="B" isCodable="true"/></Code>
</Codes></CodeBook>"""
    (tmp_path / "m.qdc").write_bytes(codes)
    memory = tools.read(QdcImporter(), tmp_path / "m.qdc")
    assert [(entry.name, entry.parent_id) for entry in memory.of_entries] == [
        ("A", None),
        ("B", "00000001-0000-4000-8000-000000000000"),
    ]
    project = Project.create(tmp_path / "x.annot", coder="Ana")
    import_files(project, [tmp_path / "m.qdc"])
    assert problems(project) == []
    assert len(project.entries.all()) == 2
    project.close()


@pytest.mark.parametrize(
    ("project", "told"),
    [
        (b"<Project", "no proper XML"),
        (b"<Other/>", "no REFI-QDA project"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><Project name="&a;"/>', "defines entities"),
        (
            b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Project xmlns="urn:QDA-XML:project:1.0"><Users>&a;</Users></Project>',
            "defines entities",
        ),
    ],
)
def test_bad_projects(project: bytes, told: str, tools: Any, qdpx: Any) -> None:
    with pytest.raises(FileRefused, match=told):
        tools.read(QdpxImporter(), qdpx(project, {}))


def test_an_entity_bomb_is_refused_at_once(tools: Any, qdpx: Any) -> None:
    lines = ['<!ENTITY a0 "ha">', *(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))]
    bomb = f"<!DOCTYPE x [{''.join(lines)}]><Project name='&a11;'>&a11;</Project>".encode()
    with pytest.raises(FileRefused):
        tools.read(QdpxImporter(), qdpx(bomb, {}))


def test_positions_outside_the_text(tools: Any, qdpx: Any) -> None:
    marks = selection(Q1, 0, 9) + selection(Q2, 50_000, 50_010) + selection(Q3, 9, 3)
    memory = tools.read(QdpxImporter(), qdpx(qde("x", marks), {f"Sources/{S1}.txt": TEXT.encode()}))
    assert [quote for quote, _, _ in covered(memory)] == ["Ministers"]
    assert [remark.kind for remark in memory.remarks] == ["skipped", "skipped"]


def test_a_name_stands_once_in_the_code_tree_and_comes_back_as_it_was(tools: Any, tmp_path: Path) -> None:
    from dataclasses import replace

    source = tools.memory()
    actor, claim, *rest = source.codebook.layers
    twice = (
        *claim.fields,
        Field("form", "choice", ("name", "Actor")),
        Field("sure", "boolean"),
        Field("seen", "boolean"),
    )
    source.codebook = replace(source.codebook, layers=(actor, replace(claim, fields=twice), *rest))
    source.of_entries = [
        Entry("e1", "registry-actors", "Claim"),
        Entry("e2", "registry-claims", "claim"),
        Entry("e3", "registry-claims", "claim", parent_id="e2"),
    ]
    text = "One word."
    annotation = Annotation(
        "a", "d", claim.id, "c", (Fragment(0, 3),), ("e3",), {"form": "Actor", "sure": True, "seen": False}
    )
    document = Document("d", "T", digest(text))
    source.of_coders = [Coder("c", "Ana")]
    source.of_documents = [DocumentData(document, text, (annotation,))]
    path = tmp_path / "x.qdpx"
    path.write_bytes(tools.write(QdpxExporter(), source))
    with zipfile.ZipFile(path) as archive:
        names = re.findall(r'<Code guid="[^"]*" name="([^"]*)"', archive.read("project.qde").decode())
    assert len(names) == len({name.casefold() for name in names}), names
    assert {"form", "form (Claim)", "Actor (Claim: form)", "yes", "yes (Claim: sure)", "claim (claims 2)"} <= {*names}
    back = tools.read(QdpxImporter(), path)
    assert tools.picture(back) == tools.picture(source)
    assert sorted(entry.name for entry in back.of_entries) == ["Claim", "claim", "claim"]
    fields = {layer.name: [(f.name, f.choices) for f in layer.fields] for layer in back.codebook.layers}
    assert ("form", ("name", "Actor")) in fields["Claim"]
