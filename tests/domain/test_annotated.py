"""What is kept up to date step by step is what reading everything again would tell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from annotator.domain.annotated import Annotated
from annotator.domain.attribution import Card, cards, place
from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.model import Annotation, Fragment, Link

LAYERS = [layer.id for layer in DEFAULT_CODEBOOK.layers]
NAMES = [f"a{n}" for n in range(7)]
LINKS = [f"k{n}" for n in range(5)]
KINDS = {
    "link-attribution": ("claim", "source", "cue", "addressee"),
    "link-about": ("claim", "actor"),
    "link-relation": ("from", "to"),
}

annotations = st.builds(
    lambda id_, layer, parts, entries: Annotation(
        id_, "d", layer, "c", tuple(Fragment(start, start + length) for start, length in parts), tuple(entries)
    ),
    st.sampled_from(NAMES),
    st.sampled_from(LAYERS),
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), min_size=1, max_size=2),
    st.lists(st.sampled_from(["e1", "e2"]), max_size=2),
)


@st.composite
def links(draw: st.DrawFn) -> Link:
    kind = draw(st.sampled_from(sorted(KINDS)))
    members = st.lists(st.sampled_from(NAMES + LINKS), max_size=2, unique=True).map(tuple)
    roles = {role: draw(members) for role in KINDS[kind]}
    return Link(draw(st.sampled_from(LINKS)), "d", kind, "c", roles, created=draw(st.sampled_from(["1", "2"])))


steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), annotations),
        st.tuples(st.just("drop"), st.sampled_from(NAMES)),
        st.tuples(st.just("put_link"), links()),
        st.tuples(st.just("drop_link"), st.sampled_from(LINKS)),
    ),
    max_size=25,
)


def told(card: Card) -> object:
    return (
        card.claim,
        card.number,
        [(level.link, level.sources, level.cues, level.addressees) for level in card.levels],
        card.about,
        card.about_links,
    )


@examples(max_examples=300)
@given(steps)
def test_step_by_step_is_the_same_as_all_at_once(steps: list[tuple[str, object]]) -> None:
    kept = Annotated(DEFAULT_CODEBOOK)
    for what, value in steps:
        getattr(kept, what)(value)
        kept.cards()  # what was made before must not be told after
    every = list(kept.annotations.values())
    fresh = Annotated(DEFAULT_CODEBOOK, every, kept.links.values())
    expected = cards(DEFAULT_CODEBOOK, every, kept.links.values())
    for index in (kept, fresh):
        assert [told(card) for card in index.cards()] == [told(card) for card in expected]
        shown = [link for card in expected for link in (*(level.link for level in card.levels), *card.about_links)]
        linked = {member for link in shown for member in link.members()}
        for layer_id in LAYERS:
            mine = sorted(place(a) for a in every if a.layer_id == layer_id)
            assert list(index.places(layer_id)) == mine
            if layer_id != "layer-claim":
                assert list(index.loose(layer_id)) == [at for at in mine if at[2] not in linked]
        for annotation in every:
            taking_part = [card for card in expected if annotation in card.members()]
            assert [told(card) for card in index.cards_of(annotation.id)] == [told(card) for card in taking_part]
            own = next((card for card in expected if card.claim.id == annotation.id), None)
            first = own or next(iter(taking_part), None)
            found = index.card_of(annotation.id)
            assert (found and told(found)) == (first and told(first))
        entries = {e for a in every for e in (a.entries or ("",))}
        assert index.mentions(LAYERS) == {
            e: sorted(place(a) for a in every if e in (a.entries or ("",))) for e in entries
        }


@given(st.lists(annotations, unique_by=lambda a: a.id), st.integers(0, 40), st.integers(0, 12))
def test_what_comes_next_and_what_begins_in_a_stretch(every: list[Annotation], start: int, length: int) -> None:
    index = Annotated(DEFAULT_CODEBOOK, every)
    order = sorted(every, key=place)
    at = (start, -start, "a3")
    assert index.after(at) == next((a for a in order if place(a) > at), None)
    assert index.before(at) == next((a for a in reversed(order) if place(a) < at), None)
    inside = [a for a in order if a.layer_id != LAYERS[0] and start <= a.start < start + length]
    assert index.beginning_in(LAYERS[1:], start, start + length) == inside
    for annotation in order:
        sisters = [a.id for a in order if a.layer_id == annotation.layer_id]
        n = sisters.index(annotation.id)
        assert index.sisters(annotation) == (sisters[n - 1] if n else None, (*sisters, None)[n + 1])
        letter = DEFAULT_CODEBOOK.layers_by_id[annotation.layer_id].shortcut
        assert index.number(annotation.id) == f"{letter}{n + 1}"
    assert index.number("gone") == ""
