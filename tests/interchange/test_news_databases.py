"""Exports of Nexis Uni, LexisNexis and Factiva: split into articles, with what their heads say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.errors import FileRefused
from annotator.domain.exchange import Reading, Remark
from annotator.domain.model import DocumentData
from annotator.interchange.registry import Formats

FIRST = "The envoy said on Tuesday that Syria had agreed to the plan, according to two officials."
SECOND = "Israel denied the report. Note: nothing had been agreed, a spokesman said."
ARABIC = "قال مسؤول سوري إن المبادرة فرصة تاريخية، وفق ما نقلته وسائل إعلام غربية."


@pytest.fixture
def read() -> Callable[..., tuple[str, list[DocumentData], list[Remark]]]:
    formats = Formats()

    def go(path: Path) -> tuple[str, list[DocumentData], list[Remark]]:
        importer = formats.importer(path)
        items = list(importer.read(path, Reading()))
        return (
            importer.name,
            [i for i in items if isinstance(i, DocumentData)],
            [i for i in items if isinstance(i, Remark)],
        )

    return go


NEXIS = [
    "User Name: A. Researcher",
    "Date and Time: Wednesday, 7 January 2026 10:12 AM GMT",
    "Job Number: 123456789",
    "Documents (3)",
    "1. Envoy returns to Paris",
    "Client/Matter: -None-",
    "Search Terms: syria w/5 israel",
    "2. بيان مشترك",
    "",
    "Envoy returns to Paris",
    "The Meridian Post",
    "January 6, 2026 Tuesday 10:30 AM GMT",
    "Late Edition - Final",
    "Copyright 2026 The Meridian Post Company All Rights Reserved",
    "Section: Section A; Column 0; Foreign Desk; Pg. 1",
    "Length: 1,234 words",
    "Byline: By JANE DOE and R. AMIN",
    "Highlight: A plan, and a denial",
    "Body",
    FIRST,
    SECOND,
    "Graphic",
    "PHOTO: The envoy in Paris",
    "Classification",
    "Language: ENGLISH",
    "Publication-Type: Newspaper",
    "Subject: PEACE PROCESS (90%); TALKS & MEETINGS (78%)",
    "Load-Date: January 7, 2026",
    "End of Document",
    "بيان مشترك",
    "برقية المشرق",
    "6 يناير 2026",
    "Copyright 2026 Mashriq",
    "Length: 88 words",
    "Body",
    ARABIC,
    "Load-Date: January 8, 2026",
    "End of Document",
    "A headline alone",
    "Coastal Herald",
    "January 9, 2026 Friday",
    "Length: 3 words",
    "Body",
    "Load-Date: January 9, 2026",
    "End of Document",
]


def _check_nexis(documents: list[DocumentData], remarks: list[Remark]) -> None:
    first, second = documents
    assert first.document.title == "Envoy returns to Paris"
    assert first.text == f"{FIRST}\n\n{SECOND}"
    told = dict(first.document.metadata)
    assert {key: told.pop(key) for key in ("outlet", "date", "author", "section", "length", "language")} == {
        "outlet": "The Meridian Post",
        "date": "2026-01-06",
        "author": "JANE DOE and R. AMIN",
        "section": "Section A; Column 0; Foreign Desk; Pg. 1",
        "length": 1234,
        "language": "ENGLISH",
    }
    assert told["load date"] == "2026-01-07"
    assert told["highlight"] == "A plan, and a denial"
    assert told["edition"] == "Late Edition - Final"
    assert second.document.title == "بيان مشترك"
    assert second.text == ARABIC
    assert second.document.metadata["outlet"] == "برقية المشرق"
    assert second.document.metadata["date"] == "2026-01-06"
    assert [(remark.kind, remark.text) for remark in remarks] == [
        ("skipped", "“A headline alone” has no text, only a head")
    ]


def test_nexis_uni_as_word(read: Any, tmp_path: Path) -> None:
    import docx

    made = docx.Document()
    for line in NEXIS:
        made.add_paragraph(line)
    made.save(str(tmp_path / "a.docx"))
    name, documents, remarks = read(tmp_path / "a.docx")
    assert name == "nexis"
    _check_nexis(documents, remarks)


def test_nexis_uni_as_text(read: Any, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\r\n\r\n".join(NEXIS), encoding="utf-8-sig")
    name, documents, remarks = read(tmp_path / "a.txt")
    assert name == "nexis"
    _check_nexis(documents, remarks)


def test_an_ordinary_word_document_is_none(read: Any, tmp_path: Path) -> None:
    import docx

    made = docx.Document()
    made.add_paragraph("The length of the talks was 3 hours. Section: none. Body language told more.")
    made.save(str(tmp_path / "a.docx"))
    assert read(tmp_path / "a.docx")[0] == "docx"


LEXIS = """Download Request: All Documents: 1-2
Time Of Request: Saturday, January 10, 2026  22:32:52 EST

                               1 of 2 DOCUMENTS


     Copyright 2026 The Meridian Post Company, LLC d/b/a
                            The Meridian Post Digital
                              All Rights Reserved

                              The Meridian Post

                             January 6, 2026 Tuesday
                                 Met 2 Edition

SECTION: A-SECTION; Pg. A01

LENGTH: 3362 words

HEADLINE: Envoy RETURNS; a plan that
is denied

BYLINE: Jane Doe;R. Amin

BODY:

The envoy said on Tuesday that Syria had agreed to the plan, according to two
officials familiar with the talks, who asked not to be named because nobody may
speak of it before Friday.

Israel denied the report and said that nothing had been agreed so far, and that
nothing would be.

LOAD-DATE: January 7, 2026

LANGUAGE: ENGLISH

PUBLICATION-TYPE: Web Publication


                               2 of 2 DOCUMENTS

                                Coastal Herald

                             6 January 2026

LENGTH: 12 words

HEADLINE: In brief

BODY: Talks go on in Paris this week.

LOAD-DATE: January 8, 2026
"""


def test_lexisnexis_as_text(read: Any, tmp_path: Path) -> None:
    (tmp_path / "a.TXT").write_text(LEXIS)
    name, (first, second), _ = read(tmp_path / "a.TXT")
    assert name == "nexis"
    assert first.document.title == "Envoy RETURNS; a plan that is denied"
    assert first.text.split("\n\n") == [
        "The envoy said on Tuesday that Syria had agreed to the plan, according to two officials familiar with the talks, "
        "who asked not to be named because nobody may speak of it before Friday.",
        "Israel denied the report and said that nothing had been agreed so far, and that nothing would be.",
    ]
    told = first.document.metadata
    assert (told["outlet"], told["date"], told["author"]) == ("The Meridian Post", "2026-01-06", "Jane Doe;R. Amin")
    assert (told["section"], told["length"], told["edition"]) == ("A-SECTION; Pg. A01", 3362, "Met 2 Edition")
    assert second.text == "Talks go on in Paris this week."
    assert second.document.metadata["outlet"] == "Coastal Herald"


# Factiva

FIELDS = """SE   World
HD   Envoy returns to Paris
BY   By Jane Doe
WC   1,234 words
PD   6 January 2026
ET   10:30
SN   Meridian Post
SC   MPOST
PG   3
LA   English
CY   (c) 2026 Meridian Post
LP
The envoy said on Tuesday that Syria had agreed to the plan.

TD
Israel denied the report.

HD was mentioned, TD was not.
NS   gdip : International Relations | gpir : Politics
AN   Document MPOST00020260106em160001x


HD   In brief
WC   5 words
PD   7 January 2026
SN   Coastal Herald
LA   English
LP   Talks go on.
AN   Document COAST00020260107em170001x
"""


def test_factiva_with_fields(read: Any, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FIELDS)
    name, (first, second), _ = read(tmp_path / "a.txt")
    assert name == "factiva"
    assert first.document.title == "Envoy returns to Paris"
    assert first.text == (
        "The envoy said on Tuesday that Syria had agreed to the plan.\n\nIsrael denied the report.\n\n"
        "HD was mentioned, TD was not."
    )
    told = first.document.metadata
    assert (told["outlet"], told["date"], told["author"], told["length"]) == (
        "Meridian Post",
        "2026-01-06",
        "Jane Doe",
        1234,
    )
    assert (told["section"], told["page"], told["language"]) == ("World", "3", "English")
    assert told["accession number"] == "MPOST00020260106em160001x"
    assert second.text == "Talks go on."


PLAIN = """Envoy returns to Paris

By Jane Doe
512 words
6 January 2026
10:30
Meridian Post
MPOST
3
English
(c) 2026 Meridian Post

The envoy said on Tuesday that Syria had agreed to the plan.

Israel denied the report.

Document MPOST00020260106em160001x

In brief
12 words
7 January 2026
Coastal Herald
COAST
English
Copyright 2026 Coastal Herald

Talks go on.

Document COAST00020260107em170001x
"""


def test_factiva_without_fields(read: Any, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PLAIN)
    name, (first, second), _ = read(tmp_path / "a.txt")
    assert name == "factiva"
    assert first.document.title == "Envoy returns to Paris"
    assert first.text == "The envoy said on Tuesday that Syria had agreed to the plan.\n\nIsrael denied the report."
    assert first.document.metadata == {
        "accession number": "MPOST00020260106em160001x",
        "length": 512,
        "date": "2026-01-06",
        "time": "10:30",
        "outlet": "Meridian Post",
        "source code": "MPOST",
        "page": "3",
        "language": "English",
        "author": "Jane Doe",
    }
    assert (second.document.title, second.text) == ("In brief", "Talks go on.")


def _box(title: str, head: str, *paragraphs: str, number: str) -> str:
    said = "".join(f'<p class="articleParagraph enarticleParagraph">{text}</p>' for text in paragraphs)
    return (
        f'<div id="article-{number}" class="article enArticle"><p>&nbsp;</p><div id="hd"><span class="enHeadline">{title}'
        f"</span></div>{head}<div>Copyright 2026.</div>{said}<p>Document {number}</p></div>"
    )


def test_factiva_as_a_page(read: Any, tmp_path: Path) -> None:
    page = (
        "<html><head><title>Factiva</title></head><body>"
        + _box(
            "Envoy  returns",
            '<div class="author">By Jane Doe</div><div>512 words</div><div>6 January 2026</div><div>Meridian Post</div>'
            "<div>MPOST</div><div>English</div>",
            FIRST,
            "Israel <b>denied</b> it.",
            number="MPOST00020260106em160001x",
        )
        + _box(
            "بيان",
            "<div>80 words</div><div>7 January 2026</div><div>برقية المشرق</div><div>Arabic</div>",
            ARABIC,
            number="MASHR00020260107em170001x",
        )
        + "</body></html>"
    )
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    name, (first, second), _ = read(tmp_path / "a.html")
    assert name == "factiva"
    assert first.document.title == "Envoy returns"
    assert first.text == f"{FIRST}\n\nIsrael denied it."
    told = first.document.metadata
    assert (told["outlet"], told["date"], told["author"]) == ("Meridian Post", "2026-01-06", "Jane Doe")
    assert (told["length"], told["language"]) == (512, "English")
    assert told["accession number"] == "MPOST00020260106em160001x"
    assert (second.document.title, second.text) == ("بيان", ARABIC)
    assert second.document.metadata["outlet"] == "برقية المشرق"


def test_factiva_as_a_page_with_fields(read: Any, tmp_path: Path) -> None:
    rows = "".join(
        f"<tr><td><b>{code}</b>&nbsp;</td><td>{value}</td></tr>"
        for code, value in {
            "HD": "<b>Envoy returns</b>",
            "WC": "512 words",
            "PD": "6 January 2026",
            "SN": "Meridian Post",
            "LA": "English",
            "LP": f"<p>{FIRST}</p><p>More.</p>",
            "TD": "<p>The rest.</p>",
            "AN": "Document MPOST00020260106em160001x",
        }.items()
    )
    (tmp_path / "a.html").write_text(f'<html><body><div class="article"><table>{rows}</table></div></body></html>')
    name, (found,), _ = read(tmp_path / "a.html")
    assert name == "factiva"
    assert (found.document.title, found.text) == ("Envoy returns", f"{FIRST}\n\nMore.\n\nThe rest.")
    assert found.document.metadata["date"] == "2026-01-06"


def test_what_is_no_export(tmp_path: Path) -> None:
    formats = Formats()
    (tmp_path / "a.txt").write_text("Just a text.\nHD television is here.\n")
    assert formats.importer(tmp_path / "a.txt").name == "text"
    for name in ("nexis", "factiva"):
        with pytest.raises(FileRefused, match="no article"):
            list(formats.importers[name].read(tmp_path / "a.txt", Reading()))
