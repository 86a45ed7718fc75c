"""The quotations as python-docx reads them."""

from __future__ import annotations

import re
from typing import Any

import docx
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.exchange import Exporter
from annotator.domain.model import covered
from annotator.interchange.analysis.docx_quotations import DocxExporter

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def parts(source: Any, lab: Any) -> tuple[list[Any], list[Any]]:
    """The paragraphs by claim and those by actor."""
    paragraphs = docx.Document(lab.written(DocxExporter(), source)).paragraphs
    heads = [i for i, p in enumerate(paragraphs) if p.style.name == "Heading 1"]
    assert [paragraphs[i].text for i in heads] == ["Quotations by claim", "Quotations by actor"]
    assert paragraphs[0].style.name == "Title"
    return paragraphs[heads[0] + 1 : heads[1]], paragraphs[heads[1] + 1 :]


def quotes(paragraphs: list[Any]) -> list[str]:
    return [p.text for p in paragraphs if p.style.name == "Quote"]


def test_it_is_an_exporter() -> None:
    assert isinstance(DocxExporter(), Exporter)


def test_the_sample(lab: Any) -> None:
    by_claim, by_actor = parts(lab.sample(), lab)
    heads = [p.text for p in by_claim if p.style.name == "Heading 2"]
    assert "Syria and Israel agree on a joint security mechanism (2)" in heads
    assert len(quotes(by_claim)) == 11
    relayed = [p.text for p in by_claim if "reported by Western media" in p.text]
    assert len(relayed) == 2
    assert all(text.startswith("said by a Syrian official (Syrian official (anonymous));") for text in relayed)
    actors = [p.text for p in by_actor if p.style.name == "Heading 2"]
    assert "Axios (1)" in actors
    assert not any(actor.startswith("Western media") for actor in actors)


@given(data=st.data())
@settings(max_examples=20)
def test_every_claim_is_quoted(data: st.DataObject, lab: Any) -> None:
    study = data.draw(lab.studies())
    by_claim, by_actor = parts(study, lab)
    expected, by_source = [], 0
    for item in study.of_documents:
        by_id = {annotation.id: annotation for annotation in item.annotations}
        for claim in item.annotations:
            if claim.layer_id != "layer-claim":
                continue
            words = CONTROL.sub("\ufffd", f"“{covered(item.text, claim.fragments)}”")
            expected += [re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", words)] * max(1, len(claim.entries))
            links = [k for k in item.links if k.type_id == "link-attribution" and claim.id in k.roles["claim"]]
            sources = [by_id[id_] for link in links for id_ in link.roles.get("source", ())]
            keys = {key for s in sources for key in s.entries or [folded(item.text, s)]}
            by_source += len(keys)
    assert sorted(quotes(by_claim)) == sorted(expected)
    assert len(quotes(by_actor)) == by_source


def folded(text: str, annotation: Any) -> str:
    return "words " + " ".join(covered(text, annotation.fragments).split()).casefold()


def test_right_to_left(lab: Any) -> None:
    study = lab.Study(info=lab.replace(lab.Study().info, name="دراسة"))
    title = docx.Document(lab.written(DocxExporter(), study)).paragraphs[0]
    assert title._p.pPr.find(qn("w:bidi")) is not None
    assert title.runs[0].font.rtl
