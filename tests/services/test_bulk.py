"""Many hits at once: tagged, assigned, and saved as a search."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.domain.errors import Cancelled, Conflict, InvalidValue, NotFound
from annotator.domain.model import Fragment
from annotator.services.exporting import export_file
from annotator.services.importing import import_files
from annotator.services.project import Project

from .conftest import Desk


def test_hits_are_tagged_in_one_step_without_those_that_are(desk: Desk, project: Project) -> None:
    other = project.documents.add("Second", "A deal, the deal, and no deal.")
    desk.tag("claim", "deal")
    hits = project.search.find("deal")
    plan = project.bulk.plan_tags([*hits, hits[1], *project.search.find("status:new")], "layer-claim")
    assert (len(plan.hits), plan.tagged, plan.empty, plan.documents) == (4, 1, 1, 2)
    lines = len(project.history())
    assert project.bulk.tag(plan) == len(plan.hits)
    assert len(project.history()) == lines + 1
    assert project.documents.get(other.id).status == "in progress"
    assert {a.origin for a in project.documents.annotations(other.id)} == {"search"}
    assert project.bulk.tag(plan) == 0
    assert len(project.history()) == lines + 1
    project.undo()
    assert project.documents.annotations(other.id) == []
    assert project.documents.get(other.id).status == "new"


def test_the_names_of_tagged_hits_become_entries_once(project: Project) -> None:
    project.documents.add("T", "Paris and PARIS and Rome")
    rome = project.entries.create("registry-actors", "Rome")
    plan = project.bulk.plan_tags(project.search.find("paris OR rome"), "layer-actor")
    assert plan.new_names == 2, "as they are written: which of them are one entry is seen when they are made"
    project.bulk.tag(plan)
    assert len(project.entries.all()) == 2
    assert project.entries.mentions(rome.id) == 1
    with pytest.raises(NotFound, match="layer"):
        project.bulk.plan_tags([], "gone")


def test_annotations_at_hits_refer_to_another_entry(desk: Desk, project: Project) -> None:
    syria = desk.tag("actor", "Syria")
    official = desk.into(desk.tag("claim", "the deal stands"), "source", "a Syrian official")
    target = project.entries.create("registry-actors", "Syrian Arab Republic")
    plan = project.bulk.plan_entry(project.search.find("Syria OR Syrian OR deal"), target.id)
    assert [a.id for a in plan.annotations] == [syria.id]
    assert (plan.untagged, plan.others, plan.assigned) == (3, 1, 0)
    plan = project.bulk.plan_entry(project.search.find("layer:source syrian"), target.id)
    assert [a.id for a in plan.annotations] == [official.id]
    plan = project.bulk.plan_entry(project.search.find("layer:actor"), target.id)
    assert project.bulk.assign(plan) == 1
    assert desk.entry_names(syria.id) == ["Syrian Arab Republic"]
    assert "Syria" not in [entry.name for entry in project.entries.all()], "nobody refers to it any more"
    assert project.bulk.assign(plan) == 0
    assert project.bulk.plan_entry(project.search.find("layer:actor"), target.id).assigned == 1
    project.undo()
    assert desk.entry_names(syria.id) == ["Syria"]


def test_nothing_is_kept_of_what_was_stopped(desk: Desk, project: Project) -> None:
    plan = project.bulk.plan_tags(project.search.find("deal"), "layer-actor")

    def stop(_done: int, _total: int) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        project.bulk.tag(plan, stop)
    assert project.documents.annotations(desk.document_id) == []
    assert project.entries.all() == []


def test_hits_in_a_text_that_went_are_refused(desk: Desk, project: Project) -> None:
    hits = project.search.find("deal")
    plan = project.bulk.plan_tags(hits, "layer-actor")
    project.documents.remove([desk.document_id])
    with pytest.raises(NotFound):
        project.bulk.tag(plan)


# Saved searches


def test_searches_are_kept_renamed_and_removed(project: Project) -> None:
    saved = project.searches.save(" My  search ", "claim by:x", "words", exact=True)
    assert (saved.name, saved.exact) == ("My search", True)
    again = project.searches.save("my search", "/x/", "regex", whole=True)
    assert again.id == saved.id
    other = project.searches.save("Another", "x")
    assert [each.name for each in project.searches.all()] == ["Another", "my search"]
    with pytest.raises(Conflict, match="my search"):
        project.searches.rename(other.id, "MY SEARCH")
    project.searches.rename(other.id, "Zebra")
    project.searches.remove(saved.id)
    assert [each.name for each in project.searches.all()] == ["Zebra"]
    for _ in range(3):
        project.undo()
    assert project.searches.all() == [again]
    project.undo()
    assert project.searches.all() == [saved]
    for wrong in (("", "x"), ("x", " ")):
        with pytest.raises(InvalidValue):
            project.searches.save(*wrong)
    for act in (lambda: project.searches.rename("gone", "x"), lambda: project.searches.remove("gone")):
        with pytest.raises(NotFound):
            act()
    path = project.path
    project.close()
    reopened = Project.open(path)
    assert reopened.searches.all() == [saved]
    reopened.close()


def test_a_fragment_is_where_it_says(project: Project) -> None:
    document = project.documents.add("T", "𝐀 word, سوريا")
    project.bulk.tag(project.bulk.plan_tags(project.search.find("سوريا", mode="text"), "layer-actor"))
    (made,) = project.documents.annotations(document.id)
    assert made.fragments == (Fragment(8, 13),)


def test_saved_searches_go_out_and_come_in(project: Project, tmp_path: Path) -> None:
    project.documents.add("T", "words")
    saved = [
        project.searches.save("First", "claim by:x"),
        project.searches.save("Second", "[a-z]+", "regex", exact=True, whole=True),
    ]
    export_file(project, tmp_path / "out.json")
    import_files(project, [tmp_path / "out.json"])
    assert sorted(project.searches.all(), key=lambda each: each.name) == saved, "there already"
    other = Project.create(tmp_path / "other.annot")
    import_files(other, [tmp_path / "out.json"])
    assert other.searches.all() == saved
    export_file(other, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "out.json").read_bytes()
    other.searches.rename(saved[0].id, "Mine")
    other.searches.remove(saved[1].id)
    other.searches.save("first", "another")
    report = import_files(other, [tmp_path / "out.json"])
    assert report.summary().startswith("1 saved search added")
    assert [each.name for each in other.searches.all()] == ["first", "Mine", "Second"]
    other.close()
