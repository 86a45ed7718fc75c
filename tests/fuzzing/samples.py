"""A good file of each format that is read. A format without one fails the tests, so that none goes unbroken."""

# ruff: noqa: E501 - files of other programs are as they are

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

TEXT = "😊 “We agree,” Smith said.\nقال مسؤول: no. Jones denied it.\n"


def _mark(id_: str, layer: str, *quotes: str, **more: Any) -> dict[str, Any]:
    places = [(TEXT.index(quote), quote) for quote in quotes]
    fragments = [{"start": at, "end": at + len(quote), "text": quote} for at, quote in places]
    plain = {"id": id_, "layer": layer, "coder": "c", "fragments": fragments, "entries": [], "fields": {}, "note": ""}
    return plain | {"origin": "manual"} | more


def _link(id_: str, roles: dict[str, list[str]], **more: Any) -> dict[str, Any]:
    return {"id": id_, "type": "Attribution", "coder": "c", "roles": roles, "fields": {}, "note": ""} | more


PROJECT: dict[str, Any] = {
    "format": "annotator-project",
    "version": 1,
    "generator": "test",
    "offset_unit": "unicode-code-point",
    "project": {"id": "p", "name": "P", "created": "", "guidelines": "Tag."},
    "codebook": {
        "layers": [
            {
                "id": "l-c",
                "name": "Claim",
                "color": "#925500",
                "shortcut": "C",
                "registry": None,
                "fields": [
                    {"name": "type", "type": "choice", "choices": ["fact", "plan"]},
                    {"name": "topics", "type": "multi-choice", "choices": ["war", "peace"]},
                    {"name": "weight", "type": "number"},
                    {"name": "sure", "type": "boolean"},
                    {"name": "on", "type": "date"},
                    {"name": "why", "type": "text"},
                ],
            },
            {"id": "l-s", "name": "Source", "color": "#6E1E63", "shortcut": "S", "registry": "actors", "fields": []},
            {"id": "l-q", "name": "Cue", "color": "#10705D", "shortcut": "Q", "registry": None, "fields": []},
        ],
        "link_types": [
            {
                "id": "t",
                "name": "Attribution",
                "fields": [{"name": "sure", "type": "boolean"}],
                "roles": [
                    {"name": "claim", "layers": ["Claim"], "links": ["Attribution"], "min": 1},
                    {"name": "source", "layers": ["Source"], "min": 0},
                    {"name": "cue", "layers": ["Cue"], "min": 0},
                ],
            }
        ],
        "registries": [
            {
                "id": "r",
                "name": "actors",
                "fields": [{"name": "kind", "type": "choice", "choices": ["state", "person"]}],
            }
        ],
        "document_fields": [{"name": "genre", "type": "choice", "choices": ["news", "opinion"]}],
    },
    "coders": [{"id": "c", "name": "Ana"}],
    "entries": [
        {"id": "e1", "registry": "actors", "name": "J. Smith", "aliases": ["Smith"], "parent": None,
         "fields": {"kind": "person"}, "note": "x"},
        {"id": "e2", "registry": "actors", "name": "an official", "aliases": [], "parent": "e1", "fields": {}, "note": ""},
    ],
    "documents": [
        {
            "id": "d",
            "title": "One",
            "text": TEXT,
            "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
            "status": "done",
            "metadata": {"date": "2026-01-06", "genre": "news", "words": 9, "tags": ["a", "b"]},
            "annotations": [
                _mark("a1", "Claim", "We agree", "no", note="hm", fields={"type": "fact", "topics": ["war"], "weight": 2.5,
                      "sure": True, "on": "2026-01-06", "why": "so"}),
                _mark("a2", "Source", "Smith", entries=["e1"]),
                _mark("a3", "Cue", "said"),
                _mark("a4", "Source", "مسؤول", entries=["e2"]),
            ],
            "links": [
                _link("k1", {"claim": ["a1"], "source": ["a2"], "cue": ["a3"]}, fields={"sure": True}, note="clear"),
                _link("k2", {"claim": ["k1"], "source": ["a4"]}),
            ],
        }
    ],
}  # fmt: skip


@cache
def _exported(suffix: str) -> bytes:
    """What our own export writes of the project above."""
    from annotator.services.exporting import export_file
    from annotator.services.importing import import_files
    from annotator.services.project import Project

    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "given.json", Path(folder) / f"out{suffix}"
        given.write_bytes(_json())
        project = Project.create(Path(folder) / "p.annot", coder="Ana")
        try:
            import_files(project, [given])
            name = {".cas.json": "cas-json", ".doccano.jsonl": "doccano", ".ls.json": "label-studio"}.get(suffix)
            export_file(project, out, name or {".prodigy.jsonl": "prodigy"}.get(suffix))
        finally:
            project.close()
        return out.read_bytes()


def _json() -> bytes:
    return json.dumps(PROJECT, ensure_ascii=False, indent=1).encode()


def zipped(files: dict[str, bytes | str]) -> bytes:
    """A zip of these."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def word(*paragraphs: str) -> bytes:
    """A Word document."""
    import docx

    made = docx.Document()
    made.core_properties.title = "In Word"
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def excel() -> bytes:
    """A sheet with a text in each row."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["title", "text", "date"])
    book.active.append(["T", "A text in a cell. " * 9, "2026-01-06"])
    book.active.append(["U", "Another text in a cell. " * 9, "7 January 2026"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _odt() -> bytes:
    content = (
        '<o:d xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><o:body><o:text><t:h>Head</t:h><t:p>Hello<t:s t:c="3"/>'
        "there<t:note><t:p>aside</t:p></t:note></t:p><t:list><t:list-item><t:p>x</t:p></t:list-item></t:list></o:text>"
        "</o:body></o:d>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def _epub() -> bytes:
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="c.opf"/></rootfiles></container>',
            "c.opf": '<package xmlns="http://www.idpf.org/2007/opf"><metadata><title>B</title></metadata><manifest>'
            '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
            '<spine><itemref idref="a"/></spine></package>',
            "a.xhtml": "<html><body><h1>One</h1><p>Chapter one, and what it says.</p></body></html>",
        }
    )


PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 41>>stream\nBT /F 12 Tf 20 100 Td (Hello world.) Tj ET\nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)


def _webanno() -> bytes:
    return (
        "#FORMAT=WebAnno TSV 3.3\n#T_SP=x.Span|value|ROLE_x.Span:s_x.L|x.Span\n"
        "#T_CH=x.Link|referenceType|referenceRelation\n#T_RL=x.Rel|kind|BT_x.Span\n\n\n#Text=😊 said it .\n"
        "1-1\t0-2\t😊\ta[1]|b[2]\tr[1]\t1-2[1]\t_\t_\t_\t_\n"
        "1-2\t3-7\tsaid\ta[1]\t_\t_\tpr\t*->1-1\tk\t1-1[2_1]\n1-3\t8-10\tit\t*\t_\t_\tpr\tx->1-2\t_\t_\n"
        "1-3.1\t8-9\ti\tc\t_\t_\t_\t_\t_\t_\n"
    ).encode()


def _dna() -> bytes:
    script = """CREATE TABLE CODERS(ID INTEGER, Name TEXT); INSERT INTO CODERS VALUES (1, 'A');
        CREATE TABLE DOCUMENTS(ID INTEGER, Title TEXT, Text TEXT, Coder INTEGER, Date INTEGER);
        INSERT INTO DOCUMENTS VALUES (1, 'T', 'some text 😊 here', 1, 5);
        CREATE TABLE STATEMENTTYPES(ID INTEGER, Label TEXT, Red INTEGER, Green INTEGER, Blue INTEGER);
        INSERT INTO STATEMENTTYPES VALUES (1, 'S', 1, 2, 3);
        CREATE TABLE VARIABLES(ID INTEGER, Variable TEXT, DataType TEXT, StatementTypeId INTEGER);
        INSERT INTO VARIABLES VALUES (1, 'v', 'short text', 1), (2, 'agreement', 'boolean', 1), (3, 'n', 'integer', 1);
        CREATE TABLE STATEMENTS(ID INTEGER, StatementTypeId INTEGER, DocumentId INTEGER, Start INTEGER, Stop INTEGER, Coder INTEGER);
        INSERT INTO STATEMENTS VALUES (1, 1, 1, 0, 4, 1), (2, 1, 1, 10, 17, 1);
        CREATE TABLE ENTITIES(ID INTEGER, VariableId INTEGER, Value TEXT, ChildOf INTEGER);
        INSERT INTO ENTITIES VALUES (1, 1, 'E', 1), (2, 1, '', NULL);
        CREATE TABLE ATTRIBUTEVARIABLES(ID INTEGER, VariableId INTEGER, AttributeVariable TEXT);
        INSERT INTO ATTRIBUTEVARIABLES VALUES (1, 1, 'Type');
        CREATE TABLE ATTRIBUTEVALUES(EntityId INTEGER, AttributeVariableId INTEGER, AttributeValue TEXT);
        INSERT INTO ATTRIBUTEVALUES VALUES (1, 1, 'NGO');
        CREATE TABLE DATASHORTTEXT(ID INTEGER, StatementId INTEGER, VariableId INTEGER, Entity INTEGER);
        INSERT INTO DATASHORTTEXT VALUES (1, 1, 1, 1), (2, 2, 1, 2);
        CREATE TABLE DATABOOLEAN(ID INTEGER, StatementId INTEGER, VariableId INTEGER, Value INTEGER);
        INSERT INTO DATABOOLEAN VALUES (1, 1, 2, 1);
        CREATE TABLE DATAINTEGER(ID INTEGER, StatementId INTEGER, VariableId INTEGER, Value INTEGER);
        INSERT INTO DATAINTEGER VALUES (1, 1, 3, 7);
        CREATE TABLE STATEMENTLINKS(ID INTEGER, SourceId INTEGER, TargetId INTEGER);
        INSERT INTO STATEMENTLINKS VALUES (1, 1, 2);"""
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(script)
        return connection.serialize()
    finally:
        connection.close()


RST = b"""<rst><header><relations><rel name="attribution-positive" type="rst"/><rel name="joint" type="multinuc"/></relations></header><body>
<segment id="1" parent="2" relname="attribution-positive">He said</segment><segment id="2" parent="4" relname="span">no ,</segment>
<segment id="3" parent="5" relname="joint">and left</segment><group id="4" type="span" parent="5" relname="joint"/><group id="5" type="multinuc"/>
</body></rst>"""

SAMPLES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "text": ("x.txt", lambda: TEXT.encode()),
    "json": ("x.json", _json),
    "jsonl": ("x.jsonl", lambda: _exported(".jsonl")),
    "markdown": (
        "x.md",
        lambda: b"---\ntitle: T\ndate: 2026-01-06\n---\n# A\n\nSome *text* [a](b).\n\n| a |\n|---|\n| b |\n",
    ),
    "docx": ("x.docx", lambda: word("A text in Word.", "قال مسؤول.")),
    "odt": ("x.odt", _odt),
    "rtf": ("x.rtf", lambda: b"{\\rtf1\\ansi\\ansicpg1252{\\fonttbl\\f0 X;}Text \\'e9 \\u1587? more.\\par}"),
    "pdf": ("x.pdf", lambda: PDF),
    "html": (
        "x.html",
        lambda: b"<html lang=en><head><title>T</title></head><body><p>One <b>two</b></p><table><tr><td>x</table>",
    ),
    "epub": ("x.epub", _epub),
    "eml": (
        "x.eml",
        lambda: (
            b"From: A <a@b.c>\r\nSubject: =?utf-8?q?T?=\r\nDate: Tue, 6 Jan 2026 09:12:00 +0000\r\n"
            b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
            b"Content-Type: text/plain; charset=utf-8; format=flowed\r\n\r\nHello \r\nworld\r\n--x--\r\n"
        ),
    ),
    "csv": ("x.csv", lambda: b'title,text,date\nT,"A text, in a cell",2026-01-06\nU,Another text,"7 Jan 2026"\n'),
    "xlsx": ("x.xlsx", excel),
    "texts-json": (
        "x.jsonl",
        lambda: b'{"title": "T", "text": "A text in a line", "x": {"y": [1, {"z": 2}]}}\n{"text": "B"}\n',
    ),
    "nexis": (
        "nexis.txt",
        lambda: b"A title\nOutlet\nJanuary 6, 2026\nLength: 5 words\nBody\nText here.\nLoad-Date: x\nEnd of Document\n",
    ),
    "factiva": (
        "factiva.txt",
        lambda: b"HD   T\nWC   5 words\nPD   6 January 2026\nSN   O\nLP\nText.\nAN   Document X\n",
    ),
    "zip": (
        "x.zip",
        lambda: zipped({"a.txt": "Text.", "b/c.csv": "title,text\nT,Text in a cell.\n", "d.docx": word("In Word.")}),
    ),
    "brat": ("x.brat.zip", lambda: _exported(".brat.zip")),
    "qdpx": ("x.qdpx", lambda: _exported(".qdpx")),
    "qdc": ("x.qdc", lambda: _exported(".qdc")),
    "webanno-tsv": ("x.tsv", _webanno),
    "dna": ("x.dna", _dna),
    "rst": ("x.rs4", lambda: RST),
    "cas-xmi": ("x.xmi.zip", lambda: _exported(".xmi.zip")),
    "cas-json": ("x.cas.json", lambda: _exported(".cas.json")),
    "web-annotation": ("x.jsonld", lambda: _exported(".jsonld")),
    "doccano": ("x.jsonl", lambda: _exported(".doccano.jsonl")),
    "label-studio": ("x.json", lambda: _exported(".ls.json")),
    "prodigy": ("x.jsonl", lambda: _exported(".prodigy.jsonl")),
}
"""By the importer's name: what such a file is called, and how one is made."""


@cache
def good(name: str) -> bytes:
    """A good file of this format."""
    return SAMPLES[name][1]()
