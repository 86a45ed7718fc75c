"""Search as the window and the command line ask for it: words, characters, expressions, and filters of all kinds."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.domain.errors import Cancelled, InvalidValue
from annotator.domain.model import Annotation, Fragment
from annotator.services import scan_child
from annotator.services.project import Project

from .conftest import TEXT, Desk


def _matches(project: Project, line: str, **options: object) -> list[str]:
    return [hit.match for hit in project.search.find(line, 1000, **options)]  # type: ignore[arg-type]


@pytest.fixture
def studied(desk: Desk) -> tuple[Desk, dict[str, Annotation]]:
    """Two claims: one by a Syrian official, passed on by Reuters; one by nobody."""
    deal = desk.tag("claim", "the deal stands")
    official = desk.into(deal, "source", "a Syrian official")
    reuters = desk.into(deal, "source", "Reuters", relay=True)
    good = desk.tag("claim", "The deal is good")
    syria = desk.into(good, "actor", "Syria", about=True)
    project = desk.project
    project.linking.attribute(good.id, desk.tag("cue", "he said"))
    project.tagging.set_fields(official.id, {"identity": "anonymous"})
    project.tagging.set_fields(good.id, {"type": "evaluation", "certainty": "certain"})
    project.tagging.set_note(good.id, "Look again at Größe")
    project.documents.edit(desk.document_id, metadata={"outlet": "The Wire", "date": "2026-01-06", "tags": ["a", "b"]})
    project.documents.add("Zweiter Artikel", "Der deal stands. Größe, سُوريا وسوريا.", {"date": "2025-12-31"})
    return desk, {"deal": deal, "official": official, "reuters": reuters, "good": good, "syria": syria}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("layer:claim", ["the deal stands", "The deal is good"]),
        ("layer:claim deal", ["deal", "deal"]),
        ("-layer:claim deal", ["deal"]),
        ("deal status:in-progress", ["deal", "deal"]),
        ("deal -status:new", ["deal", "deal"]),
        ("deal from:2026", ["deal", "deal"]),
        ("deal to:2025-12", ["deal"]),
        ("deal date:2026-01", ["deal", "deal"]),
        ("deal title:zweiter", ["deal"]),
        ("deal outlet:wire", ["deal", "deal"]),
        ("deal outlet:wir", []),
        ("deal meta.tags=b", ["deal", "deal"]),
        ('claim by:"Syrian official"', ["the deal stands"]),
        ("claim by:syr* stand*", ["stands"]),
        ("claim by:Reuters", []),
        ("claim through:Reuters", ["the deal stands"]),
        ('claim through:"Syrian official"', []),
        ("claims about:Syria", ["The deal is good"]),
        ("source identity:anonymous", ["a Syrian official"]),
        ("attribution without:source", ["The deal is good"]),
        ("attributions with:source", ["the deal stands"]),
        ("attribution by:Reuters", ["the deal stands"]),
        ("claim without:source", ["The deal is good"]),
        ("claim with:cue", ["The deal is good"]),
        ("claim without:About", ["the deal stands"]),
        ("claim with:type", ["The deal is good"]),
        ("type:evaluation certainty:cert*", ["The deal is good"]),
        ("-type:evaluation", ["Syria", "Reuters", "a Syrian official", "the deal stands", "he said"]),
        ("claim -type:evaluation", ["the deal stands"]),
        ("note:größe", ["The deal is good"]),
        ("note:grosse", []),
        ("note:grö*", ["The deal is good"]),
        ("with:note", ["The deal is good"]),
        ("entry:syria", ["Syria"]),
        ("coder:ann layer:actor", ["Syria"]),
        ("actor without:entry", []),
        ("/d\\w+l/ layer:claim", ["deal", "deal"]),
        ("status:new", [""]),
    ],
)
def test_filters(studied: tuple[Desk, dict[str, Annotation]], line: str, found: list[str]) -> None:
    assert _matches(studied[0].project, line) == found


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("status:lost", "there are new, in progress, done"),
        ("from:yesterday", "write it as 2026-01-31"),
        ("layer:nowhere", "there are Actor, Claim"),
        ("coder:Zoe", "there are Ann"),
        ("by:Nobody", "no entry “Nobody”"),
        ("source identity:anon", "there are named, anonymous"),
        ("without:anything", "there are entry, note, claim, source"),
        ("nosuch:thing", "put “nosuch:thing” in quotation marks"),
        ("layer:x y:", "no layer"),
        ("   ", "Type a word"),
    ],
)
def test_what_is_not_known_is_told(studied: tuple[Desk, dict[str, Annotation]], line: str, told: str) -> None:
    with pytest.raises(InvalidValue, match=told):
        studied[0].project.search.find(line)


def test_hits_in_annotations_name_the_closest_one(studied: tuple[Desk, dict[str, Annotation]]) -> None:
    desk, known = studied
    wide = desk.project.tagging.tag(desk.document_id, "layer-claim", [Fragment(0, len(TEXT))])
    ids = [hit.annotation_id for hit in desk.project.search.find("layer:claim deal")]
    assert ids == [known["deal"].id, known["good"].id]
    assert desk.project.search.find("layer:claim Washington")[0].annotation_id == wide.id
    assert desk.project.search.find("Washington")[0].annotation_id == ""


def test_characters_and_expressions(studied: tuple[Desk, dict[str, Annotation]]) -> None:
    project = studied[0].project
    assert _matches(project, "DEAL") == ["deal"] * 3
    assert _matches(project, "DEAL", exact=True) == []
    assert _matches(project, "gröss*", exact=True) == []
    assert _matches(project, "grö*", exact=True) == []
    assert _matches(project, "Größe", exact=True) == ["Größe"]
    assert _matches(project, "eal st", mode="text") == ["eal st", "eal st"]
    assert _matches(project, "eal st", mode="text", whole=True) == []
    assert _matches(project, "grosse", mode="text") == []
    assert _matches(project, "GROße", mode="text") == ["Größe"]
    assert _matches(project, "سوريا", mode="text") == ["سُوريا", "سوريا"]
    assert _matches(project, "سوريا", mode="text", whole=True) == ["سُوريا"]
    assert _matches(project, "سوريا", mode="text", exact=True) == ["سوريا"]
    assert _matches(project, "st[a-z]+", mode="regex", whole=True) == ["stated", "stands", "stands"]
    assert _matches(project, "^the", mode="regex", exact=True) == []
    assert _matches(project, "x*", mode="regex") == []
    assert len(project.search.find(".", 7, mode="regex")) == 7
    with pytest.raises(InvalidValue, match="no regular expression: unterminated"):
        project.search.find("[", mode="regex")


def test_an_expression_that_never_ends_is_given_up(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time that the process gives itself is in its own file; here it is told by whoever started it."""
    project.documents.add("Long", "a" * 60)
    query = project.search.read("(a+)+b", "regex")
    looked: list[int] = []

    def enough() -> bool:
        looked.append(1)
        return len(looked) > 4

    with pytest.raises(Cancelled):
        list(project.search.pages(query, enough))
    quick = project.path.with_name("quick_child.py")
    source = Path(scan_child.__file__).read_text("utf-8")
    quick.write_text(source.replace("PATIENCE = 5.0", "PATIENCE = 0.2"), "utf-8")
    monkeypatch.setattr("annotator.services.scanning._CHILD", quick)
    with pytest.raises(InvalidValue, match="takes too long"):
        list(project.search.pages(query))


def test_pages_come_as_they_are_found_and_leave_the_file_free(project: Project) -> None:
    with project.step("Add {what}", "many"):
        for number in range(120):
            project.documents.add(f"T{number}", f"word {number}")
    for mode in ("words", "regex"):
        pages = project.search.pages(project.search.read("word", mode))  # type: ignore[arg-type]
        first = next(pages)
        assert 0 < len(first) < 120
        project.documents.edit(first[0].document_id, status="done")  # while the search goes on
        assert len(first) + sum(map(len, pages)) == 120


def test_what_has_no_date_is_not_of_a_day(project: Project) -> None:
    project.documents.add("With", "deal", {"date": "2026-01-06"})
    project.documents.add("Without", "a deal")

    def titles(line: str) -> list[str]:
        return [hit.title for hit in project.search.find(line)]

    assert titles("deal -date:2026") == ["Without"]
    assert titles("deal -from:2026") == ["Without"]
    assert titles("deal -to:2026-02") == ["Without"]
    assert titles("deal to:2026-02") == ["With"]
    assert titles("deal -date:2025") == ["With", "Without"]
