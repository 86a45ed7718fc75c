"""The rows of the tables against the project they come from, and each file format against the rows."""

from __future__ import annotations

import csv
import io
import math
import re
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pyarrow.parquet
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.codebook import Field, Layer
from annotator.domain.errors import FileRefused
from annotator.domain.exchange import Exporter
from annotator.domain.model import Annotation, Document, DocumentData, Fragment, Link, covered
from annotator.interchange.analysis.columns import NAMES
from annotator.interchange.analysis.csv_tables import CsvExporter, TsvExporter
from annotator.interchange.analysis.parquet_tables import ParquetExporter
from annotator.interchange.analysis.sav_tables import NAMES as SAV_NAMES
from annotator.interchange.analysis.sav_tables import SavExporter
from annotator.interchange.analysis.xlsx_tables import XlsxExporter

FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
ALL = (CsvExporter, TsvExporter, XlsxExporter, ParquetExporter, SavExporter)


def records(table: tuple[list[str], list[list[Any]]]) -> list[dict[str, Any]]:
    return [dict(zip(table[0], row, strict=True)) for row in table[1]]


def test_they_are_exporters_that_say_what_they_lose() -> None:
    for exporter in ALL:
        assert isinstance(exporter(), Exporter)
        assert all(sentence.endswith(".") for sentence in exporter.loses)
        assert exporter.loses


# The rows


def reached(links: dict[str, Link], annotations: dict[str, Annotation], link: Link) -> dict[str, int]:
    """The claims of an attribution with their depth, the plain way."""
    found: dict[str, int] = {}
    for member in link.roles["claim"]:
        inner = {member: 0} if member in annotations else reached(links, annotations, links[member])
        for claim, depth in inner.items():
            depth += member in links
            found[claim] = min(depth, found.get(claim, depth))
    return found


@given(data=st.data())
@settings(max_examples=400)
def test_the_rows_hold_the_project(data: st.DataObject, lab: Any) -> None:
    study = data.draw(lab.studies())
    tables = lab.rows(study)
    assert set(tables) == set(NAMES)
    for columns, rows in tables.values():
        assert len({column.casefold() for column in columns}) == len(columns)
        assert all(len(row) == len(columns) for row in rows)
    documents = {d.document.id: d for d in study.of_documents}
    annotations = {a.id: a for d in study.of_documents for a in d.annotations}
    links = {k.id: k for d in study.of_documents for k in d.links}

    got = records(tables["annotations"])
    assert [row["annotation_id"] for row in got] == list(annotations)
    for row in got:
        annotation = annotations[row["annotation_id"]]
        text = documents[row["document_id"]].text
        layer = lab.CODEBOOK.layers_by_id[annotation.layer_id]
        assert (row["layer"], row["start"], row["end"]) == (layer.name, annotation.start, annotation.end)
        assert row["text"] == covered(text, annotation.fragments)
        assert row["entry_ids"] == list(annotation.entries)
        for field in layer.fields:
            assert row[f"{layer.name}.{field.name}"] == annotation.fields.get(field.name)
        others = [key for key in row if "." in key and not key.startswith(f"{layer.name}.")]
        assert all(row[key] is None for key in others)

    fragments: dict[str, list[Fragment]] = {}
    for row in records(tables["fragments"]):
        fragments.setdefault(row["annotation_id"], []).append(Fragment(row["start"], row["end"]))
        assert row["position"] == len(fragments[row["annotation_id"]])
        assert row["text"] == documents[row["document_id"]].text[row["start"] : row["end"]]
    assert fragments == {id_: list(annotation.fragments) for id_, annotation in annotations.items()}

    mentions: dict[str, list[str]] = {}
    for row in records(tables["mentions"]):
        mentions.setdefault(row["annotation_id"], []).append(row["entry_id"])
    assert mentions == {id_: list(a.entries) for id_, a in annotations.items() if a.entries}

    members: dict[str, dict[str, list[str]]] = {}
    for row in records(tables["members"]):
        members.setdefault(row["link_id"], {}).setdefault(row["role"], []).append(row["member_id"])
        assert row["member"] == ("link" if row["member_id"] in links else "annotation")
    assert members == {id_: {role: list(m) for role, m in link.roles.items()} for id_, link in links.items()}
    assert [row["link_id"] for row in records(tables["links"])] == list(links)

    expected = []
    for link in links.values():
        if link.type_id == "link-attribution":
            for claim, depth in reached(links, annotations, link).items():
                expected += [(link.id, claim, depth, source) for source in link.roles.get("source", (None,))]
    got = records(tables["attributions"])
    assert sorted((r["attribution_id"], r["claim_id"], r["depth"], r["source_id"] or "") for r in got) == sorted(
        (link, claim, depth, source or "") for link, claim, depth, source in expected
    )
    for row in got:
        claim = annotations[row["claim_id"]]
        assert row["claim"] == covered(documents[claim.document_id].text, claim.fragments)
        assert (row["claim_start"], row["claim_end"]) == (claim.start, claim.end)
        assert row["claim.polarity"] == claim.fields.get("polarity")
        source = annotations.get(row["source_id"])
        assert row["source.kind"] == (source.fields.get("kind") if source else None)
        assert row["via_ids"] == [m for m in links[row["attribution_id"]].roles["claim"] if m in links]

    for row in records(tables["entries"]):
        using = [a for a in annotations.values() if row["entry_id"] in a.entries]
        assert (row["mentions"], row["documents"]) == (len(using), len({a.document_id for a in using}))
    assert [row["entry_id"] for row in records(tables["entries"])] == [entry.id for entry in study.of_entries]
    assert sum(row["annotations"] for row in records(tables["coders"])) == len(annotations)
    got = records(tables["documents"])
    assert [row["metadata.title"] for row in got] == [d.document.metadata["title"] for d in study.of_documents]
    assert [row["metadata.status"] for row in got] == [d.document.metadata.get("status") for d in study.of_documents]
    assert [row["characters"] for row in got] == [len(d.text) for d in study.of_documents]
    dictionary = {(row["table"], row["column"]) for row in records(tables["columns"])}
    assert dictionary == {(name, column) for name, (columns, _) in tables.items() for column in columns}


def test_the_sample(lab: Any) -> None:
    tables = lab.rows(lab.sample())
    assert {
        name: len(rows) for name, (_, rows) in tables.items() if name not in ("codebook", "columns", "mentions")
    } == {
        "documents": 1,
        "annotations": 71,
        "links": 27,
        "entries": 21,
        "coders": 1,
        "texts": 1,
        "project": 7,
        "attributions": 13,
        "fragments": 72,
        "members": len(tables["members"][1]),
    }
    relays = [row for row in records(tables["attributions"]) if row["depth"] == 1]
    assert [row["source"] for row in relays] == ["Western media", "Western media"]
    direct = {row["claim_id"]: row for row in records(tables["attributions"]) if row["depth"] == 0}
    assert {direct[row["claim_id"]]["source"] for row in relays} == {"a Syrian official"}
    first = records(tables["attributions"])[0]
    assert first["source_entries"] == ["United States", "Syria", "Israel"]
    assert first["date"] == "2026-01-06"
    codebook = records(tables["codebook"])
    assert [row["name"] for row in codebook if row["of"] == "Claim.polarity"] == ["asserted", "denied"]


def test_the_codebook_with_what_it_says(lab: Any) -> None:
    field = Field("stance", "choice", ("for", "against"), guidelines="Ask twice.", choice_help=(("for", "In favour"),))
    layer = Layer(
        "l", "Claim", "#123", "C", None, (field,), "tint", "What is said", "Leave out the cue.", ("One.", "Two.")
    )
    study = lab.Study(codebook=lab.replace(lab.CODEBOOK, layers=(layer,), link_types=(), registries=(), version=7))
    tables = lab.rows(study)
    got = [tuple(row[:3]) + tuple(row[5:]) for row in tables["codebook"][1]][:4]
    assert got == [
        ("layer", None, "Claim", "#123, key C, tint", "What is said", "Leave out the cue.", ["One.", "Two."]),
        ("field", "Claim", "stance", None, "", "Ask twice.", []),
        ("choice", "Claim.stance", "for", "1", "In favour", None, None),
        ("choice", "Claim.stance", "against", "2", "", None, None),
    ]
    assert ["codebook_version", "7"] in tables["project"][1]


def test_a_damaged_files_cycle_ends(lab: Any) -> None:
    claim = Annotation("a", "d", "layer-claim", "c", (Fragment(0, 1),))
    links = (
        Link("k1", "d", "link-attribution", "c", {"claim": ("k2", "a")}),
        Link("k2", "d", "link-attribution", "c", {"claim": ("k1",)}),
        Link("k3", "d", "link-attribution", "c", {"claim": ("gone",), "source": ("gone",)}),
    )
    study = lab.Study(of_documents=[DocumentData(Document("d", "T", ""), "x", (claim,), links)])
    got = [(r["attribution_id"], r["claim_id"], r["depth"]) for r in records(lab.rows(study)["attributions"])]
    assert ("k1", "a", 0) in got
    assert ("k3", None, None) in got


# The files


def unguarded(cell: str) -> str:
    """What a cell was before the apostrophe that keeps it from being a formula."""
    return cell[1:] if re.match(r"'[\s']*[=+\-@＝＋－＠]|''*[\t\r\n]", cell) else cell


def as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "; ".join(item.replace("\\", "\\\\").replace(";", "\\;") for item in value)
    return str(value)


def read_delimited(data: bytes, exporter: Any) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf") == (exporter is CsvExporter)
    text = data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), "excel" if exporter is CsvExporter else "excel-tab"))


@pytest.mark.parametrize("exporter", [CsvExporter, TsvExporter])
@given(data=st.data())
@settings(max_examples=400)
def test_delimited_text(exporter: Any, data: st.DataObject, lab: Any) -> None:
    study = data.draw(lab.studies())
    tables = lab.rows(study)
    with zipfile.ZipFile(lab.written(exporter(), study)) as archive:
        assert archive.namelist() == [name + exporter.ending for name in NAMES]
        for name, (columns, rows) in tables.items():
            head, *body = read_delimited(archive.read(name + exporter.ending), exporter)
            assert [unguarded(cell) for cell in head] == columns
            assert [[unguarded(cell) for cell in row] for row in body] == [[as_text(v) for v in row] for row in rows]
            for row, values in zip(body, rows, strict=True):
                for cell, value in zip(row, values, strict=True):
                    assert isinstance(value, (int, float)) or not FORMULA.match(cell)


def as_cell(value: Any) -> Any:
    """What a workbook can hold of a value. Excel reads "_x005F_" as "_"; openpyxl does not."""
    if isinstance(value, (list, str)):
        text = as_text(value) if not isinstance(value, str) else value
        text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", text)
        return text or None
    return value


@given(data=st.data())
@settings(max_examples=400)
def test_a_workbook(data: st.DataObject, lab: Any) -> None:
    study = data.draw(lab.studies())
    tables = lab.rows(study)
    book = openpyxl.load_workbook(lab.written(XlsxExporter(), study))
    assert book.sheetnames == list(NAMES)
    for name, (columns, rows) in tables.items():
        sheet = book[name]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "b", "d"}
        head, *body = sheet.iter_rows(values_only=True)
        assert list(head)[: len(columns)] == columns
        assert len(body) == len(rows)
        for got_row, row in zip(body, rows, strict=True):
            for got, value in zip(got_row, row, strict=True):
                if isinstance(got, datetime):
                    got = got.date().isoformat()
                if isinstance(got, str):
                    got = got.replace("_x005F_", "_")
                expected = as_cell(value)
                if isinstance(expected, float):
                    assert math.isclose(got, expected, rel_tol=1e-14)
                else:
                    assert (got, type(got)) == (expected, type(expected))


def test_what_a_workbook_cannot_hold(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "é" * 40_000
    whole = Annotation("a", "d", "layer-claim", "c", (Fragment(0, len(text)),), note="=1+1")
    study = lab.Study(of_documents=[DocumentData(Document("d", "T", "", metadata={"n": 2**60}), text, (whole,) * 25)])
    monkeypatch.setattr("annotator.interchange.analysis.xlsx_tables.MOST_ROWS", 11)
    book = openpyxl.load_workbook(lab.written(XlsxExporter(), study))
    sheets = [name for name in book.sheetnames if name.startswith("annotations")]
    assert sheets == ["annotations", "annotations 2", "annotations 3"]
    assert [book[name].max_row for name in sheets] == [11, 11, 6]
    head, first, *_ = book["annotations"].iter_rows()
    cell = dict(zip([cell.value for cell in head], first, strict=True))["note"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)
    assert len(book["texts"]["B2"].value) == 32_767
    assert book["documents"].cell(2, book["documents"].max_column).value == 2.0**60


@given(data=st.data())
@settings(max_examples=400)
def test_parquet(data: st.DataObject, lab: Any) -> None:
    study = data.draw(lab.studies())
    tables = lab.rows(study)
    with zipfile.ZipFile(lab.written(ParquetExporter(), study)) as archive:
        assert archive.namelist() == [f"{name}.parquet" for name in NAMES]
        for name, (columns, rows) in tables.items():
            table = pyarrow.parquet.read_table(io.BytesIO(archive.read(f"{name}.parquet")))
            assert table.column_names == columns
            got = [[as_day(value) for value in row.values()] for row in table.to_pylist()]
            assert got == rows


def as_day(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def test_parquet_in_batches(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.interchange.analysis.parquet_tables._BATCH_ROWS", 10)
    out = lab.written(ParquetExporter(), lab.sample(), name="annotations.parquet")
    file = pyarrow.parquet.ParquetFile(out)
    assert (file.metadata.num_rows, file.metadata.num_row_groups) == (71, 8)
    assert str(file.schema_arrow.field("entry_ids").type).startswith("list<")
    assert str(file.schema_arrow.field("Cue.hedged").type) == "bool"


@given(data=st.data())
@settings(max_examples=400)
def test_spss(data: st.DataObject, lab: Any, tmp_path_factory: Any) -> None:
    study = data.draw(lab.studies())
    tables = lab.rows(study)
    path = tmp_path_factory.getbasetemp() / "read.sav"
    with zipfile.ZipFile(lab.written(SavExporter(), study)) as archive:
        assert archive.namelist() == [f"{name}.sav" for name in SAV_NAMES]
        for name in SAV_NAMES:
            path.write_bytes(archive.read(f"{name}.sav"))
            check_spss(path, *tables[name])


def check_spss(path: Any, columns: list[str], rows: list[list[Any]]) -> None:
    values, meta = pyreadstat.read_sav(path, output_format="dict")
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_.]{0,63}", name) for name in meta.column_names)
    labels = {name: label or "" for name, label in meta.column_names_to_labels.items()}
    for place, column in enumerate(columns):
        wanted = column.replace("\0", "\ufffd")
        named = [n for n in labels if labels[n] == wanted or labels[n].startswith((f"{wanted} (", f"{wanted}: "))]
        assert named, column
        if len(named) > 1 or ": " in labels[named[0]].removeprefix(wanted)[:2]:
            # A variable for each choice of several.
            for row_number, row in enumerate(rows):
                chosen = [values[name][row_number] for name in named]
                assert sum(filter(None, chosen)) == len(row[place] or ())
            continue
        [variable] = named
        codes = meta.variable_value_labels.get(variable, {})
        for got, row in zip(values[variable], rows, strict=True):
            check_spss_value(got, row[place], codes)


def check_spss_value(got: Any, value: Any, codes: dict[float, str]) -> None:
    if isinstance(value, bool):
        assert codes[got] == ("yes" if value else "no")
    elif isinstance(value, (int, float)):
        assert math.isclose(got, value, rel_tol=1e-15)
    elif value is None or as_text(value) == "":
        assert got in (None, "")
    elif codes:
        assert codes[got] == value
    elif isinstance(got, date):
        assert got.isoformat() == value
    else:
        assert got == as_text(value).replace("\0", "\ufffd").rstrip(" ")


def test_spss_variables(lab: Any, tmp_path: Any) -> None:
    path = tmp_path / "a.sav"
    path.write_bytes(lab.written(SavExporter(), lab.sample(), name="attributions.sav").read())
    values, meta = pyreadstat.read_sav(path, output_format="dict")
    assert meta.number_rows == 13
    assert meta.variable_value_labels["claim.polarity"] == {1.0: "asserted", 2.0: "denied"}
    assert meta.variable_measure["claim.polarity"] == "nominal"
    assert sorted(values["depth"]) == [0.0] * 11 + [1.0] * 2
    long = Annotation("a", "d", "layer-claim", "c", (Fragment(0, 3_000),))
    study = lab.Study(of_documents=[DocumentData(Document("d", "T", ""), "é" * 3_000, (long,))])
    path.write_bytes(lab.written(SavExporter(), study, name="annotations.sav").read())
    values, _ = pyreadstat.read_sav(path, output_format="dict")
    assert values["text"] == ["é" * 1_000]


# One table, or all


@pytest.mark.parametrize("exporter", [CsvExporter, TsvExporter, ParquetExporter, SavExporter])
def test_the_files_name_says_the_table(exporter: Any, lab: Any) -> None:
    study, ending = lab.sample(), exporter.ending
    everything = zipfile.ZipFile(lab.written(exporter(), study))

    def asked(**options: str) -> bytes:
        return bytes(lab.written(exporter(), study, **options).read())

    with everything:
        for name in ("annotations", "attributions", "entries", "members"):
            alone = everything.read(name + ending)
            if exporter is not SavExporter:  # it holds the time
                assert asked(name=f"my-{name}{ending}") == alone
                assert asked(name=f"x.zip{ending}", table=name) == alone
            assert len(asked(name=f"{name.upper()}{ending.upper()}")) == len(alone)
        default = everything.read("annotations" + ending)
        assert len(asked(name="-")) == len(asked(name=f"study{ending}")) == len(default)
        assert zipfile.is_zipfile(io.BytesIO(asked(name=f"annotations{ending}.zip")))
    with pytest.raises(FileRefused, match="no table “nope”"):
        asked(table="nope")


def test_the_same_project_gives_the_same_bytes(lab: Any) -> None:
    for exporter in (CsvExporter, TsvExporter, ParquetExporter):
        assert lab.written(exporter(), lab.sample()).read() == lab.written(exporter(), lab.sample()).read()
