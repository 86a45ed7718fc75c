"""A good file of each format, broken in bytes and in structure: one clear sentence or report lines, never a crash."""

# ruff: noqa: E501 - files of other programs are as they are

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from annotator.domain.errors import AnnotatorError
from annotator.domain.exchange import Reading
from annotator.domain.model import Annotation, Coder, Document, DocumentData, Entry, Fragment, Link
from annotator.domain.text import digest
from annotator.interchange.registry import Formats

TEXT = "😊 “We agree,” Smith said.\r\nقال مسؤول: no. Jones denied it.\n".replace("\r\n", "\n")


def _source(tools: Any) -> Any:
    def mark(id_: str, layer: str, *quotes: str, **more: Any) -> Annotation:
        spans = tuple(Fragment(TEXT.index(quote), TEXT.index(quote) + len(quote)) for quote in quotes)
        return Annotation(id_, "d", layer, "c", spans, **more)

    annotations = (
        mark(
            "a1",
            "layer-claim",
            "We agree",
            "no",
            fields={"type": "fact", "topics": ["war"], "why": "so", "weight": 2.5},
            note="hm",
        ),
        mark("a2", "layer-source", "Smith", entries=("e1",)),
        mark("a3", "layer-cue", "said"),
        mark("a4", "layer-source", "مسؤول"),
    )
    links = (
        Link(
            "k1",
            "d",
            "link-attribution",
            "c",
            {"claim": ("a1",), "source": ("a2",), "cue": ("a3",)},
            {"sure": True},
            "note",
        ),
        Link("k2", "d", "link-attribution", "c", {"claim": ("k1",), "source": ("a4",)}),
    )
    data = DocumentData(Document("d", "One", digest(TEXT), metadata={"date": "2026-01-06"}), TEXT, annotations, links)
    entries = [
        Entry("e1", "registry-actors", "J. Smith", fields={"kind": "person"}),
        Entry("e2", "registry-actors", "x", parent_id="e1"),
    ]
    return tools.memory(of_coders=[Coder("c", "Ana")], of_entries=entries, of_documents=[data])


NAMES = {
    "brat": "x.brat.zip",
    "qdpx": "x.qdpx",
    "qdc": "x.qdc",
    "cas-xmi": "x.xmi.zip",
    "cas-json": "x.cas.json",
    "web-annotation": "x.jsonld",
    "doccano": "x.jsonl",
    "label-studio": "x.json",
    "prodigy": "x.jsonl",
}
READ_ONLY = {"webanno-tsv": "x.tsv", "dna": "x.dna", "rst": "x.rs4"}


@pytest.fixture(scope="module")
def formats() -> Formats:
    return Formats()


@pytest.fixture(scope="module")
def good(tools: Any, formats: Formats, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    cache: dict[str, bytes] = {}

    def make(name: str) -> bytes:
        if name not in cache:
            if name == "webanno-tsv":
                cache[name] = (
                    "#FORMAT=WebAnno TSV 3.3\n#T_SP=x.Span|value|ROLE_x.Span:s_x.L|x.Span\n#T_CH=x.Link|referenceType|referenceRelation\n"
                    "#T_RL=x.Rel|kind|BT_x.Span\n\n\n#Text=😊 said it .\n1-1\t0-2\t😊\ta[1]|b[2]\tr[1]\t1-2[1]\t_\t_\t_\t_\n"
                    "1-2\t3-7\tsaid\ta[1]\t_\t_\tpr\t*->1-1\tk\t1-1[2_1]\n1-3\t8-10\tit\t*\t_\t_\tpr\tx->1-2\t_\t_\n"
                ).encode()
            elif name == "rst":
                cache[name] = RST
            elif name == "dna":
                path = tmp_path_factory.mktemp("dna") / "x.dna"
                _dna(path)
                cache[name] = path.read_bytes()
            else:
                cache[name] = tools.write(formats.exporters[name], _source(tools))
        return cache[name]

    return make


RST = b"""<rst><header><relations><rel name="attribution-positive" type="rst"/><rel name="joint" type="multinuc"/></relations></header><body>
<segment id="1" parent="2" relname="attribution-positive">He said</segment><segment id="2" parent="4" relname="span">no ,</segment>
<segment id="3" parent="5" relname="joint">and left</segment><group id="4" type="span" parent="5" relname="joint"/><group id="5" type="multinuc"/>
</body></rst>"""


def _dna(path: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(path)
    connection.executescript(
        """CREATE TABLE CODERS(ID INTEGER, Name TEXT); INSERT INTO CODERS VALUES (1, 'A');
        CREATE TABLE DOCUMENTS(ID INTEGER, Title TEXT, Text TEXT, Coder INTEGER, Date INTEGER); INSERT INTO DOCUMENTS VALUES (1, 'T', 'some text', 1, 5);
        CREATE TABLE STATEMENTTYPES(ID INTEGER, Label TEXT, Red INTEGER, Green INTEGER, Blue INTEGER); INSERT INTO STATEMENTTYPES VALUES (1, 'S', 1, 2, 3);
        CREATE TABLE VARIABLES(ID INTEGER, Variable TEXT, DataType TEXT, StatementTypeId INTEGER); INSERT INTO VARIABLES VALUES (1, 'v', 'short text', 1);
        CREATE TABLE STATEMENTS(ID INTEGER, StatementTypeId INTEGER, DocumentId INTEGER, Start INTEGER, Stop INTEGER, Coder INTEGER); INSERT INTO STATEMENTS VALUES (1, 1, 1, 0, 4, 1);
        CREATE TABLE ENTITIES(ID INTEGER, VariableId INTEGER, Value TEXT, ChildOf INTEGER); INSERT INTO ENTITIES VALUES (1, 1, 'E', 1);
        CREATE TABLE DATASHORTTEXT(ID INTEGER, StatementId INTEGER, VariableId INTEGER, Entity INTEGER); INSERT INTO DATASHORTTEXT VALUES (1, 1, 1, 1);"""
    )
    connection.close()


def _read(tools: Any, formats: Formats, name: str, path: Path) -> None:
    begun = time.monotonic()
    told = "."
    try:
        tools.memory.of(formats.importers[name].read(path, Reading()))
    except AnnotatorError as error:
        told = str(error)
    assert told.endswith(".")
    assert "\n" not in told
    assert time.monotonic() - begun < 10


TOKENS = [
    b"",
    b"\x00",
    b"\xff",
    b"-1",
    b"99999999999999999999",
    b"0",
    b"null",
    b"{}",
    b"[]",
    b'""',
    b"true",
    b"\t",
    b"\n",
    b"<",
    b">",
    b'"',
    b"&x;",
    b"1e999",
    b"NaN",
    b"\xed\xa0\x80",
    b"\xf0\x9f\x98\x80",
    b"T1",
    b"E1",
    b"k1",
    b"a1",
    b";",
    b":",
    b"[1]",
    b"->",
    b"|",
    b"\\",
    b"e2",
]


def _mutated(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5))):
        if not out:
            break
        at = rng.randrange(len(out))
        match rng.randrange(6):
            case 0:
                out[at] = rng.randrange(256)
            case 1:
                del out[at : at + rng.choice((1, 3, 40))]
            case 2:
                out[at:at] = rng.choice(TOKENS)
            case 3:
                end = at + rng.choice((1, 4, 12))
                out[at:end] = rng.choice(TOKENS)
            case 4:
                other = rng.randrange(len(out))
                out[at:at] = out[other : other + rng.choice((5, 60))]
            case _:
                out = out[:at]
    return bytes(out)


def _in_zip(data: bytes, rng: random.Random) -> bytes:
    """One of the files within broken, the zip itself whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        broken = rng.choice(names)
        for name in names:
            content = old.read(name)
            new.writestr(name, _mutated(content, rng) if name == broken else content)
    return out.getvalue()


@pytest.mark.parametrize("name", [*NAMES, *READ_ONLY])
@given(seed=st.integers(0, 2**32))
@settings(
    max_examples=60, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck), deadline=None
)
def test_no_file_breaks_it(name: str, seed: int, tools: Any, formats: Formats, good: Any, out_path: Any) -> None:
    rng = random.Random(seed)
    data = good(name)
    inner = data[:2] == b"PK" and rng.random() < 0.85
    path = out_path(f"fuzz-{name}-{(NAMES | READ_ONLY)[name]}")
    path.write_bytes(_in_zip(data, rng) if inner else _mutated(data, rng))
    _read(tools, formats, name, path)


@pytest.mark.parametrize("name", [*NAMES, *READ_ONLY])
def test_an_empty_file_and_noise(name: str, tools: Any, formats: Formats, tmp_path: Path) -> None:
    path = tmp_path / NAMES.get(name, "x.dat")
    for content in (
        b"",
        b"\x00" * 100,
        b"\xff\xfe\x00",
        b"PK\x03\x04",
        b"{}",
        b"[]",
        b"\n" * 1000,
        bytes(range(256)) * 40,
    ):
        path.write_bytes(content)
        _read(tools, formats, name, path)


@pytest.mark.parametrize("name", ["brat", "doccano", "prodigy", "webanno-tsv", "label-studio"])
def test_a_line_of_many_megabytes(name: str, tools: Any, formats: Formats, tmp_path: Path) -> None:
    path = tmp_path / NAMES.get(name, "x.tsv").replace(".brat.zip", ".ann")
    line = b"T1\tX 0 1\t" + b"a" * 20_000_000
    if name == "brat":
        path.with_suffix(".txt").write_bytes(b"abc")
    elif name == "webanno-tsv":
        line = b"#FORMAT=WebAnno TSV 3.3\n#T_SP=x.S|\n#Text=" + b"a" * 20_000_000
    else:
        line = b'{"text": "' + b"a" * 20_000_000 + b'", "label": [], "spans": [], "data": {}}'
    path.write_bytes(line)
    _read(tools, formats, name, path)


def test_deep_and_wide(tools: Any, formats: Formats, tmp_path: Path) -> None:
    deep = b"<Code guid='1' name='a' isCodable='true'>" * 5000
    (tmp_path / "x.qdc").write_bytes(b'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>' + deep)
    _read(tools, formats, "qdc", tmp_path / "x.qdc")
    chain = "".join(f"E{n}\tL:T1 a:E{n + 1}\n" for n in range(5000)) + "E5000\tL:T1\nT1\tX 0 1\ta\n"
    (tmp_path / "a.ann").write_text(chain)
    (tmp_path / "a.txt").write_text("abc")
    memory = tools.memory.of(formats.importers["brat"].read(tmp_path / "a.ann", Reading()))
    assert len(memory.of_documents[0].links) == 5001
    ring = "".join(f"E{n}\tL a:E{(n + 1) % 2000}\n" for n in range(2000))
    (tmp_path / "a.ann").write_text(ring)
    _read(tools, formats, "brat", tmp_path / "a.ann")
    (tmp_path / "a.ann").write_text("".join(f"T{n}\tX {n} {n + 5}\tzz\n" for n in range(50_000)))
    _read(tools, formats, "brat", tmp_path / "a.ann")
