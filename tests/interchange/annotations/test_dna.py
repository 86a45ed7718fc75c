"""DNA projects of version 2 and 3, made as DNA makes them."""

# ruff: noqa: E501 - files of other programs are as they are

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.errors import FileRefused
from annotator.interchange.dna import DnaImporter
from annotator.interchange.registry import Formats
from annotator.services.checking import problems
from annotator.services.importing import import_files
from annotator.services.project import Project

TEXT = "😊 Smith said: \r\n“We agree.” Jones denied it."

COMMON = """
CREATE TABLE CODERS(ID INTEGER NOT NULL PRIMARY KEY, Name TEXT, Red INTEGER, Green INTEGER, Blue INTEGER, Password TEXT);
INSERT INTO CODERS VALUES (1, 'Admin', 255, 255, 0, 'secret'), (2, 'Ana', 0, 0, 255, 'secret');
CREATE TABLE DOCUMENTS(ID INTEGER NOT NULL PRIMARY KEY, Title TEXT, Text TEXT, Coder INTEGER, Author TEXT, Source TEXT, Section TEXT, Notes TEXT, Type TEXT, Date INTEGER);
CREATE TABLE STATEMENTTYPES(ID INTEGER NOT NULL PRIMARY KEY, Label TEXT, Red INTEGER, Green INTEGER, Blue INTEGER);
INSERT INTO STATEMENTTYPES VALUES (1, 'DNA Statement', 239, 208, 51), (2, 'Annotation', 211, 211, 211);
CREATE TABLE VARIABLES(ID INTEGER NOT NULL PRIMARY KEY, Variable TEXT, DataType TEXT, StatementTypeId INTEGER);
INSERT INTO VARIABLES VALUES (1, 'person', 'short text', 1), (2, 'concept', 'short text', 1), (3, 'agreement', 'boolean', 1), (4, 'intensity', 'integer', 1), (5, 'note', 'long text', 2);
CREATE TABLE REGEXES(Label TEXT PRIMARY KEY, Red INTEGER, Green INTEGER, Blue INTEGER);
INSERT INTO REGEXES VALUES ('climate', 1, 2, 3);
CREATE TABLE STATEMENTS(ID INTEGER NOT NULL PRIMARY KEY, StatementTypeId INTEGER, DocumentId INTEGER, Start INTEGER, Stop INTEGER, Coder INTEGER);
CREATE TABLE STATEMENTLINKS(ID INTEGER PRIMARY KEY NOT NULL, SourceId INTEGER, TargetId INTEGER);
INSERT INTO STATEMENTLINKS VALUES (1, 10, 11);
CREATE TABLE DATABOOLEAN(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER, VariableId INTEGER, Value INTEGER);
INSERT INTO DATABOOLEAN VALUES (1, 10, 3, 1), (2, 11, 3, 0);
CREATE TABLE DATAINTEGER(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER, VariableId INTEGER, Value INTEGER);
INSERT INTO DATAINTEGER VALUES (1, 10, 4, 7);
CREATE TABLE DATALONGTEXT(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER, VariableId INTEGER, Value TEXT);
INSERT INTO DATALONGTEXT VALUES (1, 12, 5, 'look
again');
"""
TWO = """
CREATE TABLE ATTRIBUTES(ID INTEGER PRIMARY KEY NOT NULL, VariableId INTEGER, Value TEXT, Red INTEGER, Green INTEGER, Blue INTEGER, Type TEXT, Alias TEXT, Notes TEXT, ChildOf TEXT);
INSERT INTO ATTRIBUTES VALUES (1, 1, '', 0, 0, 0, '', '', '', ''), (2, 1, 'J. Smith', 255, 0, 0, 'politician', 'Smith', 'the first', ''), (3, 1, 'Jones', 0, 0, 0, '', '', '', '2'), (4, 2, 'A deal', 0, 0, 0, '', '', '', '');
CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER, VariableId INTEGER, Value {type});
"""
THREE = """
CREATE TABLE ENTITIES(ID INTEGER PRIMARY KEY NOT NULL, VariableId INTEGER, Value TEXT, Red INTEGER, Green INTEGER, Blue INTEGER, ChildOf INTEGER);
INSERT INTO ENTITIES VALUES (1, 1, '', 0, 0, 0, NULL), (2, 1, 'J. Smith', 255, 0, 0, NULL), (3, 1, 'Jones', 0, 0, 0, 2), (4, 2, 'A deal', 0, 0, 0, NULL);
CREATE TABLE ATTRIBUTEVARIABLES(ID INTEGER PRIMARY KEY, VariableId INTEGER, AttributeVariable TEXT);
INSERT INTO ATTRIBUTEVARIABLES VALUES (1, 1, 'Type'), (2, 1, 'Notes');
CREATE TABLE ATTRIBUTEVALUES(ID INTEGER PRIMARY KEY, EntityId INTEGER, AttributeVariableId INTEGER, AttributeValue TEXT);
INSERT INTO ATTRIBUTEVALUES VALUES (1, 2, 1, 'politician'), (2, 2, 2, ''), (3, 3, 1, '');
"""


def unit(quote: str) -> int:
    return len(TEXT[: TEXT.index(quote)].encode("utf-16-le")) // 2


def make(path: Path, version: str) -> Path:
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript(COMMON)
    if version.startswith("2"):
        connection.executescript(TWO.format(type="TEXT" if version == "2 old" else "INTEGER"))
        values: list[Any] = (
            [(10, 1, "J. Smith"), (11, 1, "Jones"), (10, 2, "A deal")]
            if version == "2 old"
            else [(10, 1, 2), (11, 1, 3), (10, 2, 4), (11, 2, 1)]
        )
    else:
        connection.executescript(THREE)
        name = "RoleVariableLinkId" if version == "3 roles" else "VariableId"
        connection.execute(
            f"CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER, {name} INTEGER, Entity INTEGER)"
        )
        values = [(10, 1, 2), (11, 1, 3), (10, 2, 4), (11, 2, 1)]
        if version == "3 roles":
            connection.execute(
                "CREATE TABLE ROLEVARIABLELINKS(ID INTEGER PRIMARY KEY, RoleId INTEGER, VariableId INTEGER)"
            )
            connection.execute("INSERT INTO ROLEVARIABLELINKS VALUES (101, 1, 1), (102, 2, 2)")
            values = [(statement, 100 + variable, value) for statement, variable, value in values]
    for number, row in enumerate(values, 1):
        connection.execute("INSERT INTO DATASHORTTEXT VALUES (?, ?, ?, ?)", (number, *row))
    stamp = 1136073600 * (1000 if version.startswith("2") else 1) + (3600 * (1000 if version.startswith("2") else 1))
    connection.execute(
        "INSERT INTO DOCUMENTS VALUES (1, 'One', ?, 2, 'A. Uthor', 'The Post', '', 'n', 'news', ?)", (TEXT, stamp)
    )
    connection.execute("INSERT INTO DOCUMENTS VALUES (2, 'Two', 'Nothing in it', 1, '', '', '', '', '', 0)")
    for id_, type_, quote, coder in ((10, 1, "“We agree.”", 2), (11, 1, "Jones denied it", 1), (12, 2, "Smith", 2)):
        connection.execute(
            "INSERT INTO STATEMENTS VALUES (?, ?, 1, ?, ?, ?)",
            (id_, type_, unit(quote), unit(quote) + len(quote), coder),
        )
    connection.execute("INSERT INTO STATEMENTS VALUES (13, 1, 1, 5000, 5001, 1)")
    connection.execute("INSERT INTO STATEMENTS VALUES (14, 9, 1, 0, 1, 1)")
    connection.commit()
    connection.close()
    return path


@pytest.mark.parametrize("version", ["2", "2 old", "3", "3 roles"])
def test_every_version(version: str, tools: Any, tmp_path: Path) -> None:
    path = make(tmp_path / "x.dna", version)
    before = path.read_bytes()
    assert Formats().importer(path).name == "dna"
    memory = tools.read(DnaImporter(), path)
    assert [(d.document.title, d.document.metadata["date"]) for d in memory.of_documents] == [
        ("One", "2006-01-01"),
        ("Two", "1970-01-01"),
    ]
    assert memory.of_documents[0].document.metadata == {
        "date": "2006-01-01",
        "time": "01:00:00",
        "author": "A. Uthor",
        "outlet": "The Post",
        "note": "n",
        "type": "news",
        "added by": "Ana",
    }
    layers = {layer.id: layer for layer in memory.codebook.layers}
    coders = {coder.id: coder.name for coder in memory.of_coders}
    entries = {entry.id: entry for entry in memory.of_entries}
    data = memory.of_documents[0]
    told = [
        (
            layers[a.layer_id].name,
            data.text[a.start : a.end],
            dict(a.fields),
            [entries[e].name for e in a.entries],
            coders[a.coder_id],
        )
        for a in data.annotations
    ]
    assert told == [
        ("Annotation", "Smith", {"note": "look\nagain"}, [], "Ana"),
        (
            "DNA Statement",
            "“We agree.”",
            {"person": "J. Smith", "concept": "A deal", "agreement": True, "intensity": 7},
            ["J. Smith", "A deal"],
            "Ana",
        ),
        ("DNA Statement", "Jones denied it", {"person": "Jones", "agreement": False}, ["Jones"], "Admin"),
    ]
    assert {layer.name: layer.color for layer in memory.codebook.layers} == {
        "DNA Statement": "#EFD033",
        "Annotation": "#D3D3D3",
    }
    by_name = {entry.name: entry for entry in memory.of_entries}
    assert set(by_name) == {"J. Smith", "Jones", "A deal"}
    smith = by_name["J. Smith"]
    assert smith.fields["variable"] == "person"
    assert smith.fields["color"] == "#FF0000"
    assert smith.fields["type" if version.startswith("2") else "Type"] == "politician"
    assert (smith.aliases, smith.note) == ((("Smith",), "the first") if version.startswith("2") else ((), ""))
    assert by_name["Jones"].parent_id == smith.id
    (link,) = data.links
    assert [data.text[a.start : a.end] for r in ("from", "to") for a in data.annotations if a.id in link.roles[r]] == [
        "“We agree.”",
        "Jones denied it",
    ]
    assert [(remark.kind, remark.text.partition(" ")[0]) for remark in memory.remarks] == [
        ("lost", "1"),
        ("skipped", "statement"),
        ("skipped", "“DNA"),
    ]
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["x.dna"]


def test_into_a_project(tools: Any, tmp_path: Path) -> None:
    project = Project.create(tmp_path / "x.annot", coder="Ana")
    report = import_files(project, [make(tmp_path / "x.dna", "3")], options={"map": "DNA Statement=Claim"})
    assert problems(project) == []
    assert (report.added["document"], report.added["annotation"], report.added["entry"]) == (2, 3, 3)
    assert project.counts()["layers"]["Claim"] == 2
    project.close()


def test_what_is_no_dna(tools: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.dna"
    for content, told in (
        (b"", "no DNA project"),
        (b"<?xml version='1.0'?>", "version 1"),
        (b"SQLite format 3\x00" + b"x" * 200, "damaged|no DNA"),
    ):
        path.write_bytes(content)
        with pytest.raises(FileRefused, match=told):
            tools.read(DnaImporter(), path)
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE DOCUMENTS(x); CREATE VIEW STATEMENTS AS SELECT 1")
    with pytest.raises(FileRefused, match="no table STATEMENTS"):
        tools.read(DnaImporter(), path)


def test_a_view_in_place_of_a_table_is_not_followed(tools: Any, tmp_path: Path) -> None:
    path = make(tmp_path / "x.dna", "3")
    connection = sqlite3.connect(path)
    connection.executescript(
        "DROP TABLE REGEXES; CREATE VIEW REGEXES AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS Label FROM n"
    )
    connection.close()
    assert len(tools.read(DnaImporter(), path).of_documents) == 2


def test_parents_in_a_circle(tools: Any, tmp_path: Path) -> None:
    path = make(tmp_path / "x.dna", "3")
    connection = sqlite3.connect(path)
    connection.execute("UPDATE ENTITIES SET ChildOf = 3 WHERE ID = 2")
    connection.commit()
    connection.close()
    assert all(entry.parent_id is None for entry in tools.read(DnaImporter(), path).of_entries)
