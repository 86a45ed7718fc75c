"""The report as a parser reads it: whole, escaped, with every mark in its place."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.codebook import MARKS, Layer
from annotator.domain.exchange import Exporter
from annotator.domain.model import Annotation, Coder, Document, DocumentData, Fragment
from annotator.interchange.analysis.html_report import HtmlExporter

TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "footer", "nav", "article", "div", "h1", "h2", "h3"),
    *("p", "span", "a", "bdi", "q", "ul", "ol", "li", "dl", "dt", "dd"),
}
VOID = {"meta", "link", "br", "hr", "img", "input"}
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Page(HTMLParser):
    """Checks that tags close in order, and notes what the tests ask for."""

    def __init__(self, data: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str]]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.marks: list[set[tuple[int, str]]] = []
        self.numbers: list[dict[str, int]] = []
        self.directions: list[str] = []
        self.words: list[str] = []
        self.feed(data.decode())
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.attributes |= values.keys()
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a":
            self.links.append(values["href"])
        if tag == "article":
            self.directions.append(values["dir"])
        if values.get("class") == "text":
            self.texts.append("")
            self.marks.append(set())
            self.numbers.append({})
        if "data-n" in values:
            assert self.inside("text")
            self.numbers[-1][values["data-n"]] = len(self.texts[-1])
        if tag not in VOID:
            self.open.append((tag, values))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def inside(self, css: str) -> bool:
        return any(values.get("class") == css for _, values in self.open)

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.inside("text"):
            at = len(self.texts[-1])
            classes = [
                values["class"].split()[1] for tag, values in self.open if values.get("class", "").startswith("a ")
            ]
            self.marks[-1] |= {(at + i, css) for i in range(len(data)) for css in classes}
            self.texts[-1] += data


def test_it_is_an_exporter() -> None:
    assert isinstance(HtmlExporter(), Exporter)


@given(data=st.data())
@settings(max_examples=60)
def test_text_and_marks(data: st.DataObject, lab: Any) -> None:
    study = data.draw(lab.studies())
    page = Page(lab.written(HtmlExporter(), study).read())
    assert page.tags <= TAGS
    assert not any(name.startswith("on") or name in ("src", "style") for name in page.attributes)
    assert len(set(page.ids)) == len(page.ids)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert len(page.texts) == len(study.of_documents)
    css = {layer.id: f"l{index}" for index, layer in enumerate(lab.CODEBOOK.layers)}
    for item, text, marks, numbers in zip(study.of_documents, page.texts, page.marks, page.numbers, strict=True):
        assert text == CONTROL.sub("\ufffd", item.text)
        visible = {at + i for at, line in lines(item.text) if line.strip() for i in range(len(line))}
        expected = {
            (at, css[a.layer_id]) for a in item.annotations for start, end in a.fragments for at in range(start, end)
        }
        assert marks == {(at, name) for at, name in expected if at in visible}
        claims = sorted(
            (a for a in item.annotations if a.layer_id == "layer-claim"), key=lambda a: (a.start, -a.end, a.id)
        )
        for number, claim in enumerate(claims, 1):
            seen = sorted(at for start, end in claim.fragments for at in range(start, end) if at in visible)
            assert numbers.get(f"C{number}") == (seen[0] if seen else None)


def lines(text: str) -> list[tuple[int, str]]:
    at, found = 0, []
    for line in text.split("\n"):
        found.append((at, line))
        at += len(line) + 1
    return found


def test_the_sample(lab: Any) -> None:
    study = lab.sample()
    data = lab.written(HtmlExporter(), study).read()
    page = Page(data)
    words = " ".join("".join(page.words).split())
    assert list(page.numbers[0]) == [f"C{number}" for number in range(1, 12)]
    assert "1 article71 annotations27 links" in words
    assert words.count("Reported by") == 2
    assert words.count("Said by") == 11
    assert b"Content-Security-Policy" in data
    for needed in (b"@media print", b"print-color-adjust: exact", b"text-decoration-style: dotted"):
        assert needed in data
    assert not re.search(rb"<script|src=|url\(|@import|<link", data)


def test_nothing_in_a_project_becomes_markup(lab: Any) -> None:
    evil = "</style></title>\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
    metadata = {"url": "javascript:alert(1)", "language": '"><b>', "outlet": evil, "author": evil, "date": evil}
    document = Document("d", evil, "", metadata=metadata)
    layers = [*lab.CODEBOOK.layers, Layer("l", evil, "red;}</style>", shortcut="<", fields=())]
    annotations = tuple(
        Annotation(f"a{i}", "d", layer.id, evil, (Fragment(0, len(evil)),), fields={evil: evil}, note=evil)
        for i, layer in enumerate(layers)
    )
    study = lab.Study(
        lab.replace(lab.Study().info, name=evil),
        lab.replace(lab.CODEBOOK, layers=tuple(layers)),
        [Coder(evil, evil), Coder("c", "C")],
        [],
        [DocumentData(document, evil, annotations), DocumentData(lab.replace(document, id="e"), evil)],
    )
    data = lab.written(HtmlExporter(), study).read()
    page = Page(data)
    assert not {"script", "img", "b"} & page.tags
    assert page.texts == [evil, evil]
    assert data.count(b"</style>") == 1
    assert all(link.startswith("#") for link in page.links)
    study.of_documents[0].document.metadata["url"] = 'https://example.org/?a=1&b="2'
    assert 'https://example.org/?a=1&b="2' in Page(lab.written(HtmlExporter(), study).read()).links


def test_direction_and_depth(lab: Any) -> None:
    arabic, english = "قال مسؤول سوري إن Axios", "He said \u202eso"
    deep = tuple(Annotation(f"a{i:02}", "d", "layer-actor", "c", (Fragment(0, 20 - i),)) for i in range(12))
    study = lab.Study(
        of_documents=[
            DocumentData(Document("d", "T", ""), arabic, deep),
            DocumentData(Document("e", "عنوان", ""), english),
            DocumentData(Document("f", "عنوان", ""), ""),
        ]
    )
    page = Page(lab.written(HtmlExporter(), study).read())
    assert page.directions == ["rtl", "ltr", "rtl"]
    assert page.texts[0] == arabic
    assert {at for at, _ in page.marks[0]} == set(range(20))


def test_claims_that_are_not_drawn_have_no_link_into_the_text(lab: Any) -> None:
    text = "word " * 5 + "\n \n"
    deep = [Annotation(f"a{i:02}", "d", "layer-claim", "c", (Fragment(0, 20),)) for i in range(12)]
    blank = Annotation("b", "d", "layer-claim", "c", (Fragment(26, 27),))
    study = lab.Study(of_documents=[DocumentData(Document("d", "T", ""), text, (*deep, blank))])
    data = lab.written(HtmlExporter(), study).read()
    page = Page(data)
    targets = [link[1:] for link in page.links]
    assert len(targets) == len(set(targets)) == len(page.numbers[0]) == 8
    assert set(targets) <= set(page.ids)
    assert len(re.findall(rb'class="number', data)) == 13


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_has_its_own_look(mark: Any, lab: Any) -> None:
    layer = Layer("l", "L", "#123", mark=mark)
    study = lab.Study(codebook=lab.replace(lab.CODEBOOK, layers=(layer,), link_types=()))
    css = lab.written(HtmlExporter(), study).read().decode()
    look = {
        "underline": "text-decoration-style: solid",
        "tint": "background: #1122331F",
        "outline": "border: solid #112233",
        "dots": "style: dotted",
        "dashes": "style: dashed",
        "double": "style: double",
        "wave": "style: wavy",
    }
    assert look[mark] in css


def test_it_reads_in_qt_too(lab: Any, qapp: Any) -> None:
    from PySide6.QtGui import QTextDocument

    document = QTextDocument()
    document.setHtml(lab.written(HtmlExporter(), lab.sample()).read().decode())
    text = document.toPlainText()
    assert "Who says what" in text
    assert "according to what Western media reported" in " ".join(text.split())
