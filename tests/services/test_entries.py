"""Registries: names, aliases, parents, and merging without losing anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.domain.errors import Conflict, InvalidValue, NotFound
from annotator.domain.ids import new_id
from annotator.domain.model import Entry
from annotator.services.project import Project

from .conftest import Desk

ACTORS, CLAIMS = "registry-actors", "registry-claims"


def test_names_are_found_without_case_article_and_possessive(project: Project) -> None:
    usa = project.entries.create(ACTORS, " United   States ", ["Washington", "US", "US", " ", "United States"])
    assert (usa.name, usa.aliases) == ("United States", ("Washington", "US"))
    for name in ("the United States", "UNITED STATES", "washington's", "“US”", "united\nstates"):
        assert project.entries.resolve(ACTORS, name) == usa
    assert project.entries.resolve(CLAIMS, "US") is None
    assert project.entries.resolve(ACTORS, "United") is None


def test_a_name_goes_before_an_alias_and_the_older_before_the_newer(project: Project) -> None:
    alias = project.entries.create(ACTORS, "United States", ["Washington"])
    assert project.entries.resolve(ACTORS, "Washington") == alias
    city = project.entries.create(ACTORS, "Washington")
    assert project.entries.resolve(ACTORS, "Washington") == city
    later = project.entries.create(ACTORS, "America", ["United States"])
    assert project.entries.resolve(ACTORS, "United States") == alias
    project.entries.edit(city.id, name="Washington, D.C.")
    assert project.entries.resolve(ACTORS, "Washington") == alias
    project.entries.remove(alias.id)
    assert project.entries.resolve(ACTORS, "United States") == later
    project.undo()
    assert project.entries.resolve(ACTORS, "United States") == alias


def test_arabic_names_are_folded(project: Project) -> None:
    entry = project.entries.create(ACTORS, "سُوريا")
    assert project.entries.resolve(ACTORS, "سوريا") == entry
    assert project.entries.resolve(ACTORS, "ســوريا،") == entry


def test_what_an_entry_may_be(project: Project) -> None:
    entries = project.entries
    syria = entries.create(ACTORS, "Syria")
    claim = entries.create(CLAIMS, "Syria")
    with pytest.raises(Conflict, match="“Syria” is in this list already; merge"):
        entries.create(ACTORS, " Syria ")
    with pytest.raises(Conflict):
        entries.edit(entries.create(ACTORS, "Israel").id, name="Syria")
    with pytest.raises(InvalidValue, match="needs a name"):
        entries.create(ACTORS, " \n")
    with pytest.raises(InvalidValue, match="same list"):
        entries.edit(syria.id, parent_id=claim.id)
    with pytest.raises(InvalidValue, match="not among the choices"):
        entries.edit(syria.id, fields={"kind": "planet"})
    with pytest.raises(NotFound, match="registry"):
        entries.create("x", "Syria")
    with pytest.raises(NotFound, match="entry"):
        entries.edit(syria.id, parent_id="x")
    assert entries.get(syria.id) == syria


def test_no_entry_is_its_own_ancestor(project: Project) -> None:
    entries = project.entries
    top = entries.create(ACTORS, "Top")
    middle = entries.create(ACTORS, "Middle", parent_id=top.id)
    low = entries.create(ACTORS, "Low", parent_id=middle.id)
    for wrong in (low.id, middle.id, top.id):
        with pytest.raises(InvalidValue, match="itself"):
            entries.edit(top.id, parent_id=wrong)
    entries.edit(low.id, parent_id=None)
    entries.edit(top.id, parent_id=low.id)


# Merging


def test_merging_takes_names_mentions_members_fields_and_notes_along(desk: Desk, project: Project) -> None:
    entries = project.entries
    keep = entries.create(ACTORS, "United States", ["US"], fields={"kind": "state"}, note="keep")
    other = entries.create(ACTORS, "America", ["Uncle Sam"], fields={"kind": "other", "wikidata": "Q30"}, note="other")
    member = entries.create(ACTORS, "Senate", parent_id=other.id)
    actor = desk.tag("actor", "Washington")
    project.tagging.set_entries(actor.id, [other.id, member.id, keep.id])
    entries.merge(keep.id, [other.id, keep.id, other.id])
    merged = entries.get(keep.id)
    assert merged == replace(
        keep,
        aliases=("US", "America", "Uncle Sam"),
        fields={"kind": "state", "wikidata": "Q30"},
        note="keep\n\nother",
    )
    assert entries.get(member.id).parent_id == keep.id
    assert desk.entry_names(actor.id) == ["United States", "Senate"]
    assert entries.resolve(ACTORS, "uncle sam") == merged
    with pytest.raises(NotFound):
        entries.get(other.id)
    project.undo()
    assert entries.get(other.id) == other
    assert entries.get(keep.id) == keep
    assert desk.entry_names(actor.id) == ["America", "Senate", "United States"]


def test_merging_an_ancestor_makes_no_circle(project: Project) -> None:
    entries = project.entries
    top = entries.create(ACTORS, "Top")
    gone = entries.create(ACTORS, "Gone", parent_id=top.id)
    between = entries.create(ACTORS, "Between", parent_id=gone.id)
    keep = entries.create(ACTORS, "Keep", parent_id=between.id)
    entries.merge(keep.id, [gone.id])
    assert entries.get(keep.id).parent_id == top.id
    assert entries.get(between.id).parent_id == keep.id


def test_merging_into_an_ancestor_keeps_its_place(project: Project) -> None:
    entries = project.entries
    top = entries.create(ACTORS, "Top")
    low = entries.create(ACTORS, "Low", parent_id=top.id)
    lowest = entries.create(ACTORS, "Lowest", parent_id=low.id)
    entries.merge(top.id, [low.id])
    assert entries.get(top.id).parent_id is None
    assert entries.get(lowest.id).parent_id == top.id


def test_two_of_the_same_name_can_be_edited_and_merged(project: Project) -> None:
    """As an import may bring them."""
    twins = [Entry(new_id(), ACTORS, "Syria"), Entry(new_id(), ACTORS, "Syria")]
    with project.step("Import") as step:
        step.add(twins)
    project.entries.edit(twins[0].id, note="first")
    project.entries.merge(twins[0].id, [twins[1].id])
    (left,) = project.entries.all()
    assert (left.name, left.aliases, left.note) == ("Syria", (), "first")


def test_entries_of_two_lists_do_not_merge(project: Project) -> None:
    first, second = project.entries.create(ACTORS, "A"), project.entries.create(CLAIMS, "B")
    with pytest.raises(InvalidValue, match="same registry"):
        project.entries.merge(first.id, [second.id])
    lines = project.history()
    project.entries.merge(first.id, [first.id])
    project.entries.merge(first.id, [])
    assert project.history() == lines


def test_removing_leaves_mentions_and_members(desk: Desk, project: Project) -> None:
    entries = project.entries
    top = entries.create(ACTORS, "Top")
    low = entries.create(ACTORS, "Low", parent_id=top.id)
    actor = desk.tag("actor", "Washington")
    project.tagging.set_entries(actor.id, [top.id, low.id])
    entries.remove(top.id)
    assert entries.get(low.id).parent_id is None
    assert desk.entry_names(actor.id) == ["Low"]


# Several changes in one step


def test_a_later_part_of_a_step_sees_the_earlier(desk: Desk, project: Project) -> None:
    actor = desk.tag("actor", "Washington")
    (guess,) = project.entries.all()
    with project.step("All at once"):
        project.entries.edit(guess.id, name="United States")
        assert project.entries.resolve(ACTORS, "Washington") is None
        other = desk.tag("source", "Washington")
        project.entries.merge(guess.id, other.entries)
        assert project.entries.resolve(ACTORS, "Washington") == project.entries.get(guess.id)
        project.entries.remove(guess.id)
        again = desk.tag("actor", "Reuters")
        project.tagging.remove([again.id, actor.id])
        assert project.entries.all() == []
    assert project.entries.all() == []
    project.undo()
    assert [entry.name for entry in project.entries.all()] == ["Washington"]


# For a picker


def test_candidates_are_the_likeliest_first(desk: Desk, project: Project) -> None:
    entries = project.entries
    for name in ("United States", "United Kingdom", "Syria", "Syrian Arab News Agency"):
        entries.create(ACTORS, name)
    assert entries.candidates(ACTORS, "united st")[0].name == "United States"
    assert entries.candidates(ACTORS, "Syria")[0].name == "Syria"
    assert entries.candidates(ACTORS, "zzzzqqq") == []
    desk.tag("actor", "Syria")
    assert [entry.name for entry in entries.candidates(ACTORS, " ", limit=1)] == ["Syria"]
    assert entries.mentions(entries.candidates(ACTORS, "")[0].id) == 1
