"""Articles, suggestions, and the project itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from annotator.domain.errors import Conflict, InvalidValue, NotFound
from annotator.domain.model import Document, DocumentData, Fragment, Suggestion
from annotator.domain.text import digest
from annotator.services.project import Project
from annotator.services.suggesting import Context, known_names

from .conftest import TEXT, Desk


def test_an_article_is_added_as_it_is(project: Project) -> None:
    document = project.documents.add("T", "one\r\ntwo\rthree\n", {"date": "2026-01-06", "outlet": "SANA", "n": 3})
    assert project.documents.text(document.id) == "one\ntwo\nthree\n"
    assert document.sha256 == digest("one\ntwo\nthree\n")
    assert project.documents.get(document.id) == document
    (row,) = project.documents.rows()
    assert (row.title, row.outlet, row.date, row.status) == ("T", "SANA", "2026-01-06", "new")
    assert project.documents.annotation_counts([row.id]) == {}
    assert project.documents.row("x") is None


def test_the_same_text_is_refused_until_it_is_gone(project: Project) -> None:
    document = project.documents.add("First", "words")
    with pytest.raises(Conflict, match="has this text already, as “First”") as caught:
        project.documents.add("Second", "words")
    assert caught.value.ids == (document.id,)
    project.documents.remove([document.id])
    again = project.documents.add("Second", "words")
    assert project.documents.text(again.id) == "words"
    with pytest.raises(InvalidValue, match="no text"):
        project.documents.add("Empty", " \r\n")


def test_articles_keep_their_order(project: Project) -> None:
    ids = [project.documents.add(f"T{number}", f"{number}").id for number in range(4)]
    project.documents.remove([ids[1]])
    ids.append(project.documents.add("New", "new").id)
    del ids[1]
    assert [row.id for row in project.documents.rows()] == ids
    assert [data.document.id for data in project.store.whole_documents()] == ids
    project.undo()
    project.undo()
    assert [row.title for row in project.documents.rows()] == ["T0", "T1", "T2", "T3"]


def test_details_are_checked(project: Project) -> None:
    document = project.documents.add("T", "words")
    edit: Any = project.documents.edit
    for wrong in ({"title": " "}, {"status": "lost"}, {"metadata": {"a": {}}}, {"metadata": {"a": float("nan")}}):
        with pytest.raises(InvalidValue):
            edit(document.id, **wrong)
    with pytest.raises(NotFound):
        edit("x", title="T")
    edit(document.id, title=" New ", status="done", metadata={"tags": ["a", "b"], "n": 1.5, "yes": True})
    changed = project.documents.get(document.id)
    assert (changed.title, changed.status) == ("New", "done")
    assert changed.metadata == {"tags": ["a", "b"], "n": 1.5, "yes": True}


def test_an_article_goes_with_all_that_is_in_it(desk: Desk, project: Project) -> None:
    claim = desk.tag("claim", "the deal stands")
    desk.into(claim, "source", "a Syrian official")
    suggestion = Suggestion(desk.document_id, "layer-actor", Fragment(0, 5))
    project.suggesting.dismiss(suggestion)
    project.documents.remove([desk.document_id])
    counts = project.counts()
    assert [counts[name] for name in ("documents", "annotations", "links", "entries")] == [0, 0, 0, 0]
    project.undo()
    assert desk.attributions(claim) == [{"source": ["a Syrian official"]}]
    assert len(project.store.dismissals(desk.document_id)) == 1


def test_another_text_under_the_same_id_is_read(project: Project) -> None:
    """As when an import is undone, and its file imported again after a correction."""

    def bring(text: str) -> None:
        with project.step("Import") as step:
            step.add(Document("the-id", "T", step.add_text(text)))

    bring("first")
    assert project.documents.text("the-id") == "first"
    project.undo()
    bring("second")
    assert project.documents.text("the-id") == "second"

    def fail() -> None:
        with project.step("Fail"):
            project.documents.remove(["the-id"])
            bring("third")
            project.documents.text("the-id")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert project.documents.text("the-id") == "second"


def test_whole_documents_are_what_the_parts_say(desk: Desk, project: Project) -> None:
    claim = desk.tag("claim", "Syria … agreed")
    desk.into(claim, "source", "Washington", relay=True)
    second = project.documents.add("Second", "more")
    documents = project.documents
    assert list(project.store.whole_documents()) == [
        DocumentData(
            documents.get(id_), documents.text(id_), tuple(documents.annotations(id_)), tuple(documents.links(id_))
        )
        for id_ in (desk.document_id, second.id)
    ]


# Suggestions


def test_known_names_are_proposed_once_and_never_where_tagged(desk: Desk, project: Project) -> None:
    first = desk.tag("actor", "Syria")
    project.entries.create("registry-actors", "Reuters")
    project.entries.create("registry-actors", "The deal")
    proposed = project.suggesting.suggest(desk.document_id)
    assert [TEXT[slice(*s.fragment)] for s in proposed] == ["Reuters", "The deal"]
    accepted = project.suggesting.accept(proposed[0])
    assert accepted.origin == "known name"
    assert accepted.entries == proposed[0].entries
    project.suggesting.dismiss(proposed[1])
    lines = project.history()
    project.suggesting.dismiss(proposed[1])
    assert project.history() == lines, "once is enough"
    assert project.suggesting.suggest(desk.document_id) == []
    project.undo()
    assert len(project.suggesting.suggest(desk.document_id)) == 1
    project.tagging.remove([first.id])


def test_a_proposal_that_is_out_of_date_is_refused(desk: Desk, project: Project) -> None:
    entry = project.entries.create("registry-actors", "Reuters")
    (proposed,) = project.suggesting.suggest(desk.document_id)
    project.entries.remove(entry.id)
    with pytest.raises(NotFound, match="entry"):
        project.suggesting.accept(proposed)
    project.documents.remove([desk.document_id])
    for act in (project.suggesting.accept, project.suggesting.dismiss):
        with pytest.raises(NotFound):
            act(proposed)


def test_a_broken_suggester_is_reported_and_skipped(desk: Desk, project: Project) -> None:
    def broken(_: Context) -> list[Suggestion]:
        raise ValueError("no model")

    project.suggesting._suggesters = [broken, known_names]
    project.entries.create("registry-actors", "Reuters")
    assert len(project.suggesting.suggest(desk.document_id)) == 1
    assert project.suggesting.broken == ["broken: no model"]


# The project


def test_the_project_counts_and_names_itself(desk: Desk, project: Project, tmp_path: Path) -> None:
    desk.into(desk.tag("claim", "the deal stands"), "source", "Reuters")
    assert project.counts() == {
        "documents": 1,
        "annotations": 2,
        "links": 1,
        "entries": 2,
        "coders": 1,
        "layers": {"Actor": 0, "Claim": 1, "Source": 1, "Cue": 0},
    }
    assert project.info.name == "study"
    project.set_details(" New ")
    assert project.info.name == "New"
    project.set_details(guidelines="# Rules")
    project.undo()
    assert (project.info.name, project.info.guidelines) == ("New", "")
    other = Project.create(tmp_path / "named.annot", name="Named")
    assert (other.info.name, other.coder) == ("Named", "Me")
    other.close()


def test_every_listener_is_told_also_where_another_fails(desk: Desk, project: Project) -> None:
    told: list[str] = []

    def bad(_change: object) -> None:
        told.append("bad")
        raise ZeroDivisionError("mine")

    def worse(_change: object) -> None:
        raise KeyError("mine too")

    ends = [project.subscribe(listener) for listener in (bad, worse, lambda _change: told.append("good"))]
    with pytest.raises(ZeroDivisionError) as caught:
        desk.tag("actor", "Syria")
    assert told == ["bad", "good"]
    assert "KeyError" in caught.value.__notes__[0]
    assert len(project.documents.annotations(desk.document_id)) == 1, "the step is saved"
    for end in ends:
        end()
    assert project.undo().origin == "undo"


def test_coders_are_made_by_their_first_step(desk: Desk, project: Project) -> None:
    assert project.store.coders() == []
    first = desk.tag("claim", "the deal stands")
    project.coder = "Bob"
    second = desk.tag("claim", "The deal is good")
    project.coder = "Ann"
    third = desk.tag("claim", "Syria")
    assert first.coder_id == third.coder_id != second.coder_id
    assert [project.coder_named(a.coder_id) for a in (first, second)] == ["Ann", "Bob"]
    assert project.coder_named("x") == ""
