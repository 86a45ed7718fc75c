"""Links: what may stand in them, and what becomes of them when something goes."""

from __future__ import annotations

import pytest

from annotator.domain.errors import AlreadyTagged, InvalidValue, NotFound
from annotator.domain.model import Annotation, Link
from annotator.services.project import Project

from .conftest import Desk

ATTRIBUTION, ABOUT, RELATION = "link-attribution", "link-about", "link-relation"


@pytest.fixture
def claim(desk: Desk) -> Annotation:
    """Said by an official, passed on by Reuters."""
    made = desk.tag("claim", "the deal stands")
    desk.into(made, "source", "a Syrian official")
    desk.into(made, "cue", "stated that")
    desk.into(made, "source", "Reuters", relay=True)
    return made


def links(project: Project, type_id: str = "") -> list[Link]:
    (row,) = project.documents.rows()
    return [link for link in project.documents.links(row.id) if type_id in ("", link.type_id)]


# When something goes


def test_without_its_claim_an_attribution_goes_and_so_outwards(desk: Desk, project: Project, claim: Annotation) -> None:
    desk.into(claim, "actor", "Israel", about=True)
    project.tagging.remove([claim.id])
    assert links(project) == []
    assert project.counts()["annotations"] == 4
    project.undo()
    assert [len(links(project, kind)) for kind in (ATTRIBUTION, ABOUT)] == [2, 1]


def test_a_claim_that_shares_its_attribution_goes_alone(desk: Desk, project: Project, claim: Annotation) -> None:
    inner, _ = project.linking.levels(claim.id)
    other = desk.tag("claim", "The deal is good")
    project.linking.add_member(inner.id, "claim", other.id)
    project.tagging.remove([claim.id])
    assert project.documents.links_by_id([inner.id])[0].roles["claim"] == (other.id,)
    assert desk.attributions(other) == [
        {"source": ["a Syrian official"], "cue": ["stated that"]},
        {"source": ["Reuters"]},
    ]


def test_what_says_neither_who_nor_how_goes_however_many_claims(desk: Desk, project: Project) -> None:
    first, second = desk.tag("claim", "the deal stands"), desk.tag("claim", "The deal is good")
    source = desk.into(first, "source", "Washington")
    (link,) = links(project)
    project.linking.add_member(link.id, "claim", second.id)
    project.linking.remove_member(link.id, "source", source.id)
    assert links(project) == []


def test_an_inner_attribution_stands_while_it_is_passed_on(desk: Desk, project: Project, claim: Annotation) -> None:
    inner, relay = project.linking.levels(claim.id)
    project.linking.remove_member(inner.id, "cue", inner.roles["cue"][0])
    project.linking.remove_member(inner.id, "source", inner.roles["source"][0])
    assert desk.attributions(claim) == [{}, {"source": ["Reuters"]}]
    project.linking.remove_member(relay.id, "source", relay.roles["source"][0])
    assert links(project) == [], "nothing is said of the claim any more"


def test_taking_the_inner_one_out_of_a_relay_of_two(desk: Desk, project: Project, claim: Annotation) -> None:
    """The one that stood for the relay's sake alone goes with it; the other stays in the relay."""
    inner, relay = project.linking.levels(claim.id)
    other = desk.tag("claim", "The deal is good")
    bare = project.linking.link(desk.document_id, ATTRIBUTION, {"claim": [other.id]})
    project.linking.add_member(relay.id, "claim", bare.id)
    project.linking.remove_member(relay.id, "claim", bare.id)
    assert {link.id for link in links(project)} == {inner.id, relay.id}


def test_unlinking_the_inner_attribution_takes_its_relays(desk: Desk, project: Project, claim: Annotation) -> None:
    inner, relay = project.linking.levels(claim.id)
    project.linking.unlink(relay.id)
    assert [link.id for link in links(project)] == [inner.id]
    project.undo()
    project.linking.unlink(inner.id)
    assert links(project) == []
    assert project.counts()["annotations"] == 4, "the annotations stay"


def test_a_source_that_several_share_leaves_all(desk: Desk, project: Project, claim: Annotation) -> None:
    other = desk.tag("claim", "The deal is good")
    source = desk.into(other, "source", "a Syrian official")
    assert len(links(project)) == 3
    project.tagging.remove([source.id])
    assert desk.attributions(claim) == [{"cue": ["stated that"]}, {"source": ["Reuters"]}]
    assert desk.attributions(other) == []
    project.undo()
    assert len(links(project)) == 3


def test_about_and_relation_need_both_ends(desk: Desk, project: Project, claim: Annotation) -> None:
    actor = desk.into(claim, "actor", "Israel", about=True)
    other = desk.tag("claim", "The deal is good")
    relation = project.linking.connect(claim.id, other.id)
    assert relation.roles == {"from": (claim.id,), "to": (other.id,)}
    project.tagging.remove([actor.id, other.id])
    assert [len(links(project, kind)) for kind in (ATTRIBUTION, ABOUT, RELATION)] == [2, 0, 0]


def test_taking_out_what_is_not_in_is_told(project: Project, claim: Annotation) -> None:
    inner, _ = project.linking.levels(claim.id)
    lines = project.history()
    for role, member in (("source", claim.id), ("odd", claim.id), ("claim", "x")):
        with pytest.raises(NotFound, match="not linked"):
            project.linking.remove_member(inner.id, role, member)
    assert project.history() == lines


# What may stand in a link


def test_no_attribution_holds_itself(project: Project, claim: Annotation) -> None:
    inner, relay = project.linking.levels(claim.id)
    with pytest.raises(InvalidValue, match="leads back to itself"):
        project.linking.add_member(inner.id, "claim", relay.id)
    with pytest.raises(InvalidValue, match="refers to itself"):
        project.linking.add_member(inner.id, "claim", inner.id)


def test_wrong_links_are_refused(desk: Desk, project: Project, claim: Annotation) -> None:
    inner, _ = project.linking.levels(claim.id)
    other_document = project.documents.add("Other", "Other words.")
    elsewhere = project.tagging.tag(other_document.id, "layer-source", [(0, 5)])
    linking = project.linking
    count = len(project.history())
    for act in (
        lambda: linking.add_member(inner.id, "source", elsewhere.id),
        lambda: linking.add_member(inner.id, "source", claim.id),
        lambda: linking.add_member(inner.id, "odd", claim.id),
        lambda: linking.add_member(inner.id, "source", "nothing"),
        lambda: linking.link(desk.document_id, ATTRIBUTION, {"source": inner.roles["source"]}),
        lambda: linking.link(desk.document_id, ATTRIBUTION, {}),
        lambda: linking.link(desk.document_id, ATTRIBUTION, {"claim": iter(())}),
        lambda: linking.link(other_document.id, ATTRIBUTION, {"claim": [claim.id]}),
        lambda: linking.link(desk.document_id, RELATION, {"from": [claim.id], "to": [claim.id]}, {"relation": "odd"}),
        lambda: linking.set_fields(inner.id, {"relation": "supports"}),
        lambda: linking.connect(claim.id, elsewhere.id),
        lambda: linking.connect(claim.id, claim.id),
        lambda: linking.connect(claim.id, inner.roles["source"][0], "About"),
    ):
        with pytest.raises(InvalidValue):
            act()
    for act in (
        lambda: linking.link(desk.document_id, "x", {}),
        lambda: linking.connect(claim.id, inner.roles["source"][0], "Odd"),
        lambda: linking.unlink("x"),
        lambda: linking.add_member("x", "source", claim.id),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(AlreadyTagged):
        linking.add_member(inner.id, "claim", claim.id)
    assert len(project.history()) == count


# The natural link between two


@pytest.mark.parametrize(
    ("layer", "words", "names"),
    [
        ("source", "Washington", ["Attribution"]),
        ("cue", "said", ["Attribution"]),
        ("actor", "Israel", ["About", "Attribution"]),
        ("claim", "The deal is good", ["Claim relation"]),
    ],
)
def test_what_two_annotations_may_have_between_them(
    desk: Desk, project: Project, claim: Annotation, layer: str, words: str, names: list[str]
) -> None:
    other = desk.tag(layer, words)
    assert project.linking.possible(claim.id, other.id) == names
    assert sorted(project.linking.possible(other.id, claim.id)) == sorted(names)
    link = project.linking.connect(other.id, claim.id)
    assert project.codebook.link_types_by_id[link.type_id].name == names[0]
    assert {claim.id, other.id} <= set(link.members())


def test_an_actor_may_be_the_addressee_where_that_is_asked_for(desk: Desk, project: Project, claim: Annotation) -> None:
    actor = desk.tag("actor", "Israel")
    link = project.linking.connect(actor.id, claim.id, "Attribution")
    assert link.roles["addressee"] == (actor.id,)
    about = project.linking.connect(actor.id, claim.id)
    assert about.type_id == ABOUT
    assert about.roles["actor"] == (actor.id,)


def test_two_sources_have_nothing_between_them(desk: Desk, project: Project) -> None:
    first, second = desk.tag("source", "Washington"), desk.tag("source", "Reuters")
    assert project.linking.possible(first.id, second.id) == []
    with pytest.raises(InvalidValue, match="no link between these two"):
        project.linking.connect(first.id, second.id)
