"""The codebook by id and name, change sets, and attributions read as cards."""

from __future__ import annotations

from dataclasses import replace

from annotator.domain.attribution import cards
from annotator.domain.changes import ChangeSet, StepInfo
from annotator.domain.codebook import Codebook, Layer
from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.invariants import check_codebook
from annotator.domain.model import Annotation, Fragment, Link


def annotation(id_: str, layer: str, start: int, stop: int | None = None) -> Annotation:
    return Annotation(id_, "d", f"layer-{layer}", "c", (Fragment(start, stop or start + 5),))


def link(id_: str, kind: str = "attribution", **roles: str) -> Link:
    return Link(id_, "d", f"link-{kind}", "c", {role: tuple(ids.split()) for role, ids in roles.items()}, created=id_)


def test_the_default_codebook_is_sound_and_complete() -> None:
    check_codebook(DEFAULT_CODEBOOK)
    assert [(layer.name, layer.shortcut) for layer in DEFAULT_CODEBOOK.layers] == [
        ("Actor", "A"),
        ("Claim", "C"),
        ("Source", "S"),
        ("Cue", "Q"),
    ]
    assert len({layer.mark for layer in DEFAULT_CODEBOOK.layers}) == 4
    assert DEFAULT_CODEBOOK.attribution is DEFAULT_CODEBOOK.link_types_by_id["link-attribution"]
    assert DEFAULT_CODEBOOK.about is DEFAULT_CODEBOOK.link_types_by_name["About"]
    roles = ("claim", "source", "cue", "addressee", "x")
    assert [[layer.name for layer in DEFAULT_CODEBOOK.layers_in_role(role)] for role in roles] == [
        ["Claim"],
        ["Source"],
        ["Cue"],
        ["Actor"],
        [],
    ]
    actor, cue = (DEFAULT_CODEBOOK.layers_by_name[name] for name in ("Actor", "Cue"))
    assert DEFAULT_CODEBOOK.registry_of(actor) is DEFAULT_CODEBOOK.registries_by_name["actors"]
    assert DEFAULT_CODEBOOK.registry_of(cue) is None


def test_another_codebook_may_have_no_attribution() -> None:
    bare = Codebook(layers=(Layer("l", "Tag", "#123456"),))
    check_codebook(bare)
    assert bare.attribution is None
    assert bare.about is None
    assert bare.layers_in_role("claim") == ()
    assert cards(bare, [Annotation("a", "d", "l", "c", (Fragment(0, 1),))], []) == []
    attribution = DEFAULT_CODEBOOK.attribution
    assert attribution is not None
    renamed = replace(DEFAULT_CODEBOOK, link_types=(replace(attribution, name="Says"),))
    assert renamed.attribution == renamed.link_types[0], "known by its roles"


def test_every_claim_has_a_card_in_the_order_of_the_text() -> None:
    claims = [annotation("c1", "claim", 20), annotation("c2", "claim", 5), annotation("c3", "claim", 5, 30)]
    made = cards(DEFAULT_CODEBOOK, [*claims, annotation("s", "source", 0)], [])
    assert [(card.claim.id, card.number) for card in made] == [("c3", 1), ("c2", 2), ("c1", 3)]
    assert all(card.levels == [] and card.members() == [card.claim] for card in made)


def test_a_card_climbs_to_whoever_passes_it_on() -> None:
    annotations = [
        annotation("c", "claim", 0),
        annotation("s", "source", 10),
        annotation("q", "cue", 20),
        annotation("r", "source", 30),
        annotation("a", "actor", 40),
    ]
    links = [
        link("k2", claim="k1", source="r"),
        link("k1", claim="c", source="s gone", cue="q", addressee="a"),
        link("k3", "about", claim="c", actor="a gone"),
        link("k4", "relation", **{"from": "c", "to": "c"}),
    ]
    (card,) = cards(DEFAULT_CODEBOOK, annotations, links)
    assert [level.link.id for level in card.levels] == ["k1", "k2"]
    assert [[a.id for a in level.annotations()] for level in card.levels] == [["s", "q", "a"], ["r"]]
    assert [a.id for a in card.about] == ["a"]


def test_a_shared_relay_stands_on_both_cards_and_a_circle_ends() -> None:
    annotations = [annotation("c1", "claim", 0), annotation("c2", "claim", 10), annotation("r", "source", 20)]
    links = [link("k1", claim="c1 k3"), link("k2", claim="c2"), link("k3", claim="k1 k2", source="r")]
    first, second = cards(DEFAULT_CODEBOOK, annotations, links)
    assert [level.link.id for level in first.levels] == ["k1", "k3"]
    assert [level.link.id for level in second.levels] == ["k2", "k3", "k1"]


def test_changes_tell_what_they_touch() -> None:
    change = ChangeSet(
        "Edit", "", "do", {"layer": frozenset("a")}, {"entry": frozenset("b")}, {"entry": frozenset("c")}
    )
    assert change.touched("entry") == {"b", "c"}
    assert change.touched("link") == frozenset()
    assert change.touches_codebook()
    assert not ChangeSet("Edit", "", "do", {"entry": frozenset("a")}).touches_codebook()
    assert StepInfo(1, "Add “{what}”", "a {what} b", "", "", "do", "done").label == "Add “a {what} b”"
