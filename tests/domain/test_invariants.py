"""What must always hold is checked, and each refusal is one plain sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.codebook import Codebook, Field, Layer, LinkType, Role
from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.errors import InvalidValue
from annotator.domain.invariants import (
    check_acyclic,
    check_codebook,
    check_fields,
    check_fragments,
    check_link,
    check_metadata,
    check_value,
    find_cycle,
    shown,
)
from annotator.domain.model import Annotation, Fragment, Link

ANYTHING: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
FIELDS = [
    Field("choice", "choice", ("a", "b")),
    Field("multi", "multi-choice", ("a", "b")),
    Field("text"),
    Field("number", "number"),
    Field("boolean", "boolean"),
    Field("date", "date"),
]


@given(st.sampled_from(FIELDS), ANYTHING)
def test_a_value_fits_or_is_refused_in_a_sentence(field: Field, value: Any) -> None:
    try:
        kept = check_value(field, value)
    except InvalidValue as error:
        sentence = str(error)
    else:
        assert check_value(field, kept) == kept
        assert kept == value
        assert (type(kept) is bool) == (field.type == "boolean")
        return
    assert sentence.endswith(".")
    assert "\n" not in sentence


@given(ANYTHING)
def test_anything_can_be_shown(value: Any) -> None:
    assert len(shown(value)) <= 70
    assert shown(value).isprintable()


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        (FIELDS[0], ["a"], ["c", "A", ["a"], None]),
        (FIELDS[1], [[], ["b", "a"], ("a",)], ["a", ["a", "a"], ["c"], None]),
        (FIELDS[2], ["", "x\ny"], [1, None, "\ud800"]),
        (FIELDS[3], [0, -1.5, 2**63 - 1], [True, "1", float("nan"), float("inf"), 2**63, None]),
        (FIELDS[4], [True, False], [0, 1, "yes", None]),
        (FIELDS[5], ["2026-01-06", "2024-02-29"], ["2026-1-6", "2026-02-30", "06.01.2026", "2026-01-06\n", "", None]),
    ],
)
def test_values_by_type(field: Field, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        assert check_value(field, value) in (value, list(value) if isinstance(value, tuple) else value)
    for value in bad:
        with pytest.raises(InvalidValue):
            check_value(field, value)


def test_fields_and_metadata() -> None:
    assert check_fields(FIELDS, {"choice": "a"}, "the annotation") == {"choice": "a"}
    assert check_fields(FIELDS, {}, "it") == {}
    with pytest.raises(InvalidValue, match="^The annotation has a value for “x”, which is not a field of its kind"):
        check_fields(FIELDS, {"x": 1}, "the annotation")
    assert check_metadata(FIELDS, {"choice": "b", "free": ["x"]}, "it") == {"choice": "b", "free": ["x"]}
    for wrong in ({"choice": "c"}, {"free": {}}, {"free": [1]}, {"free": None}, {"\ud800": "x"}):
        with pytest.raises(InvalidValue):
            check_metadata(FIELDS, wrong, "the document")


@given(st.lists(st.tuples(st.integers(-2, 12), st.integers(-2, 12)), max_size=4))
def test_fragments_stand_inside_and_apart(pairs: list[tuple[int, int]]) -> None:
    fragments = [Fragment(*pair) for pair in pairs]
    cells = [place for start, end in pairs for place in range(start, end)]
    good = bool(pairs) and all(0 <= start < end <= 10 for start, end in pairs) and len(cells) == len(set(cells))
    try:
        check_fragments(fragments, 10)
    except InvalidValue:
        assert not good
    else:
        assert good


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdefg"), max_size=3)))
def test_cycles_are_found(edges: dict[str, list[str]]) -> None:
    def reaches(start: str) -> set[str]:
        seen: set[str] = set()
        ring = list(edges.get(start, ()))
        while ring:
            at = ring.pop()
            if at not in seen:
                seen.add(at)
                ring += edges.get(at, ())
        return seen

    cycle = find_cycle(edges)
    assert bool(cycle) == any(name in reaches(name) for name in edges)
    for name, following in zip(cycle, [*cycle[1:], *cycle[:1]], strict=True):
        assert following in edges[name]


def test_depth_is_no_limit() -> None:
    chain = {str(n): [str(n + 1)] for n in range(50_000)}
    check_acyclic(chain)
    with pytest.raises(InvalidValue, match="leads back to itself"):
        check_acyclic({**chain, "50000": ["0"]})


def test_links_hold_what_they_may() -> None:
    annotations = {
        id_: Annotation(id_, document, f"layer-{layer}", "c", (Fragment(0, 1),))
        for id_, document, layer in (("c", "d", "claim"), ("s", "d", "source"), ("x", "e", "source"))
    }
    inner = Link("k", "d", "link-attribution", "c", {"claim": ("c",), "source": ("s",)})
    far = replace(inner, id="far", document_id="e")
    about = replace(inner, id="about", type_id="link-about")
    links = {link.id: link for link in (inner, far, about)}
    attribution = DEFAULT_CODEBOOK.attribution
    assert attribution is not None

    def check(**roles: str) -> None:
        made = Link("new", "d", attribution.id, "c", {role: tuple(ids.split()) for role, ids in roles.items()})
        check_link(made, attribution, DEFAULT_CODEBOOK, annotations, links)

    check(claim="c", source="s")
    check(claim="c k")
    for wrong in (
        {"source": "s"},
        {"claim": "c c"},
        {"claim": "s"},
        {"claim": "nobody"},
        {"claim": "c", "source": "x"},
        {"claim": "far"},
        {"claim": "about"},
        {"claim": "c", "odd": "s"},
        {"claim": "c", "source": "k"},
    ):
        with pytest.raises(InvalidValue):
            check(**wrong)


def test_a_role_without_layers_takes_any_annotation() -> None:
    anything = LinkType("t", "Any", (Role("one"),))
    note = Annotation("a", "d", "layer-cue", "c", (Fragment(0, 1),))
    check_link(Link("k", "d", "t", "c", {"one": ("a",)}), anything, DEFAULT_CODEBOOK, {"a": note}, {})


@pytest.mark.parametrize(
    "codebook",
    [
        Codebook(layers=(Layer("a", "A", "#123456"), Layer("b", "A", "#123456"))),
        Codebook(layers=(Layer("a", "A", "#123456"), Layer("a", "B", "#123456"))),
        Codebook(layers=(Layer("a", " ", "#123456"),)),
        Codebook(layers=(Layer("a", "A", "red"),)),
        Codebook(layers=(Layer("a", "A", "#123456", mark="blink"),)),  # type: ignore[arg-type]
        Codebook(layers=(Layer("a", "A", "#123456", registry="none"),)),
        Codebook(layers=(Layer("a", "A", "#123456", fields=(Field("f"), Field("f"))),)),
        Codebook(layers=(Layer("a", "A", "#123456", fields=(Field("f", "odd"),)),)),  # type: ignore[arg-type]
        Codebook(layers=(Layer("a", "A", "#123456", fields=(Field("f", "choice", ("x", "x")),)),)),
        Codebook(link_types=(LinkType("t", "T", (Role("r"), Role("r"))),)),
        Codebook(link_types=(LinkType("t", "T", (Role(" "),)),)),
        Codebook(link_types=(LinkType("t", "T", (Role("r", min=-1),)),)),
        Codebook(link_types=(LinkType("t", "T", (Role("r", layers=("none",)),)),)),
        Codebook(link_types=(LinkType("t", "T", (Role("r", links=("none",)),)),)),
        Codebook(document_fields=(Field(""),)),
    ],
)
def test_a_codebook_that_contradicts_itself_is_refused(codebook: Codebook) -> None:
    with pytest.raises(InvalidValue):
        check_codebook(codebook)
