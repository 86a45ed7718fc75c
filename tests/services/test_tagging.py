"""Tagging: what becomes of the words, the entry, the article and the attribution."""

from __future__ import annotations

import pytest

from annotator.domain.errors import AlreadyTagged, InvalidValue, NotFound
from annotator.domain.model import Fragment
from annotator.services.project import Project

from .conftest import TEXT, Desk


def test_a_tag_makes_its_entry_and_opens_the_article(desk: Desk, project: Project) -> None:
    assert project.documents.get(desk.document_id).status == "new"
    actor = desk.tag("actor", "Syria")
    assert desk.entry_names(actor.id) == ["Syria"]
    assert project.documents.get(desk.document_id).status == "in progress"
    assert project.entries.get(actor.entries[0]).origin == "tag"
    assert project.history()[0].label == "Tag actor"
    project.undo()
    assert project.documents.get(desk.document_id).status == "new"
    assert project.entries.all() == []


def test_a_name_that_is_known_gets_its_entry(desk: Desk, project: Project) -> None:
    usa = project.entries.create("registry-actors", "United States", ["the Washington"])
    assert desk.tag("source", "Washington").entries == (usa.id,)
    assert desk.tag("actor", "Washington").entries == (usa.id,), "one registry for both layers"
    assert project.entries.mentions(usa.id) == 2
    assert desk.tag("cue", "said").entries == (), "a cue has no registry"


def test_twins_are_refused_for_the_same_coder_only(desk: Desk, project: Project) -> None:
    first = desk.tag("claim", "Syria … agreed")
    with pytest.raises(AlreadyTagged, match=r"^This is tagged as claim already\.$") as caught:
        desk.tag("claim", "agreed … Syria")
    assert caught.value.annotation_id == first.id
    desk.tag("claim", "Syria")
    project.coder = "Bob"
    second = desk.tag("claim", "Syria … agreed")
    assert second.coder_id != first.coder_id
    with pytest.raises(AlreadyTagged):
        desk.tag("claim", "Syria … agreed")
    # Whoever moves it, it must not become a twin of another by its own coder.
    third = desk.tag("claim", "Israel")
    project.coder = "Ann"
    with pytest.raises(AlreadyTagged):
        project.tagging.set_fragments(third.id, desk.place("Syria … agreed"))
    mine = desk.tag("claim", "today")
    project.tagging.set_fragments(mine.id, desk.place("Israel"))


@pytest.mark.parametrize(
    "fragments",
    [
        [],
        [Fragment(3, 3)],
        [Fragment(-1, 3)],
        [Fragment(0, len(TEXT) + 1)],
        [Fragment(0, 5), Fragment(4, 6)],
        [Fragment(5, 6)],
    ],
)
def test_a_wrong_place_is_refused(desk: Desk, project: Project, fragments: list[Fragment]) -> None:
    lines = project.history()
    with pytest.raises(InvalidValue):
        project.tagging.tag(desk.document_id, "layer-actor", fragments)
    assert project.history() == lines


def test_what_is_gone_is_told(desk: Desk, project: Project) -> None:
    with pytest.raises(NotFound, match="layer"):
        project.tagging.tag(desk.document_id, "layer-x", [Fragment(0, 1)])
    with pytest.raises(NotFound, match="document"):
        project.tagging.tag("x", "layer-actor", [Fragment(0, 1)])
    with pytest.raises(NotFound, match="entry"):
        project.tagging.tag(desk.document_id, "layer-actor", [Fragment(0, 1)], entries=("x",))
    claim = desk.tag("claim", "Syria and Israel agreed today")
    with pytest.raises(InvalidValue, match="A source cannot refer to this entry"):
        project.tagging.tag(desk.document_id, "layer-source", [Fragment(0, 1)], entries=claim.entries)
    project.undo()
    for act in (
        lambda: project.tagging.set_note(claim.id, "x"),
        lambda: project.tagging.set_fields(claim.id, {"type": "fact"}),
        lambda: project.tagging.set_fragments(claim.id, [Fragment(0, 1)]),
        lambda: desk.into(claim, "source", "Washington"),
    ):
        with pytest.raises(NotFound, match="annotation is not there any more"):
            act()
    assert project.counts()["annotations"] == 0, "tag and link is all or nothing"
    project.documents.text(desk.document_id)
    project.documents.remove([desk.document_id])
    with pytest.raises(NotFound, match="document"):
        project.documents.text(desk.document_id)


def test_the_boundary_takes_an_untouched_guess_along(desk: Desk, project: Project) -> None:
    actor = desk.tag("actor", "a Syrian")
    project.tagging.set_fragments(actor.id, desk.place("a Syrian official"))
    assert desk.entry_names(actor.id) == ["Syrian official"]
    assert [entry.name for entry in project.entries.all()] == ["Syrian official"]
    project.undo()
    assert [entry.name for entry in project.entries.all()] == ["Syrian"]
    project.redo()
    # What a person has touched stays.
    project.entries.edit(project.entries.all()[0].id, name="Official in Damascus")
    project.tagging.set_fragments(actor.id, desk.place("Syrian official stated"))
    assert desk.entry_names(actor.id) == ["Official in Damascus"]


def test_a_guess_that_nothing_mentions_goes(desk: Desk, project: Project) -> None:
    actor, source = desk.tag("actor", "Washington"), desk.tag("source", "Washington")
    project.tagging.remove([actor.id])
    assert len(project.entries.all()) == 1, "the source still means it"
    project.tagging.set_entries(source.id, [])
    assert project.entries.all() == []
    kept = project.entries.create("registry-actors", "Kept")
    project.tagging.set_entries(source.id, [kept.id, kept.id])
    assert project.documents.annotations_by_id([source.id])[0].entries == (kept.id,)
    project.tagging.remove([source.id])
    assert project.entries.all() == [kept], "an entry that a person made stays"


def test_fields_are_checked_set_and_cleared(desk: Desk, project: Project) -> None:
    claim = desk.tag("claim", "The deal is good")

    def fields() -> object:
        return project.documents.annotations_by_id([claim.id])[0].fields

    project.tagging.set_fields(claim.id, {"type": "evaluation", "polarity": "asserted"})
    project.tagging.set_fields(claim.id, {"type": None, "certainty": "certain"})
    assert fields() == {"polarity": "asserted", "certainty": "certain"}
    for wrong in ({"type": "odd"}, {"odd": "x"}, {"type": 1}):
        with pytest.raises(InvalidValue):
            project.tagging.set_fields(claim.id, wrong)
    assert fields() == {"polarity": "asserted", "certainty": "certain"}


def test_an_old_value_does_not_stand_in_the_way(desk: Desk, project: Project) -> None:
    claim = desk.tag("claim", "The deal is good")
    project.store.connection.exec_driver_sql("UPDATE annotation SET fields = ?", ('{"gone": 1, "type": "old"}',))
    project.tagging.set_fields(claim.id, {"polarity": "denied"})
    project.tagging.set_fields(claim.id, {"type": "fact", "gone": None})
    assert project.documents.annotations_by_id([claim.id])[0].fields == {"type": "fact", "polarity": "denied"}


# Tag and link in one key


def test_one_attribution_in_three_keys(desk: Desk, project: Project) -> None:
    claim = desk.tag("claim", "Syria and Israel agreed today")
    desk.into(claim, "source", "Washington")
    desk.into(claim, "cue", "said")
    assert desk.attributions(claim) == [{"source": ["Washington"], "cue": ["said"]}]
    assert [line.label for line in project.history(3)] == ["Tag and link cue", "Tag and link source", "Tag claim"]


def test_what_is_tagged_already_is_only_linked(desk: Desk, project: Project) -> None:
    source = desk.tag("source", "Washington")
    claim = desk.tag("claim", "Syria and Israel agreed today")
    assert desk.into(claim, "source", "Washington").id == source.id
    assert desk.attributions(claim) == [{"source": ["Washington"]}]
    lines = project.history()
    with pytest.raises(AlreadyTagged):
        desk.into(claim, "source", "Washington")
    desk.into(claim, "actor", "Israel", about=True)
    with pytest.raises(AlreadyTagged):
        desk.into(claim, "actor", "Israel", about=True)
    assert project.history()[1:] == lines
    assert project.counts()["annotations"] == 3


def test_who_passes_it_on(desk: Desk, project: Project) -> None:
    claim = desk.tag("claim", "the deal stands")
    desk.into(claim, "source", "a Syrian official")
    desk.into(claim, "cue", "According to", relay=True)
    desk.into(claim, "source", "Reuters", relay=True)
    official, reuters = desk.attributions(claim)
    assert official == {"source": ["a Syrian official"]}
    assert reuters == {"cue": ["According to"], "source": ["Reuters"]}
    desk.into(claim, "source", "Washington", relay=True)
    assert desk.attributions(claim)[2] == {"source": ["Washington"]}
    with pytest.raises(AlreadyTagged):
        desk.into(claim, "source", "Reuters", relay=True)


def test_who_passes_on_what_nobody_said_yet(desk: Desk) -> None:
    claim = desk.tag("claim", "the deal stands")
    desk.into(claim, "source", "Reuters", relay=True)
    assert desk.attributions(claim) == [{}, {"source": ["Reuters"]}]
    desk.into(claim, "source", "a Syrian official")
    assert desk.attributions(claim) == [{"source": ["a Syrian official"]}, {"source": ["Reuters"]}]


def test_a_reporter_goes_around_the_first_of_two_attributions(desk: Desk, project: Project) -> None:
    """Two people make the same claim; the second has only a cue. The reporter is not the second one's source."""
    claim = desk.tag("claim", "the deal stands")
    desk.into(claim, "source", "a Syrian official")
    cue = desk.tag("cue", "stated that")
    second = project.linking.link(desk.document_id, "link-attribution", {"claim": [claim.id], "cue": [cue.id]})
    desk.into(claim, "source", "Reuters", relay=True)
    first, _, relay = project.linking.levels(claim.id)
    assert relay.roles["claim"] == (first.id,)
    assert desk.words(relay.roles["source"]) == ["Reuters"]
    assert project.documents.links_by_id([second.id])[0].roles == second.roles


def test_a_layer_without_a_place_in_the_attribution_is_refused_whole(desk: Desk, project: Project) -> None:
    claim = desk.tag("claim", "the deal stands")
    with pytest.raises(InvalidValue, match="no place for a claim"):
        desk.into(claim, "claim", "The deal is good")
    assert project.counts()["annotations"] == 1
