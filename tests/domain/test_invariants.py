"""The checks that services, importers and the integrity check share."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.codebook import Codebook, Field, Layer, LinkType, Registry, Role
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
    storable,
)
from annotator.domain.model import Annotation, Fragment, Link


def test_the_default_codebook_is_sound() -> None:
    check_codebook(DEFAULT_CODEBOOK)


@pytest.mark.parametrize(
    "fragments", [[(0, 1)], [(0, 10)], [(9, 10)], [(0, 3), (3, 5)], [(5, 6), (0, 3)], [(0, 1), (4, 5), (2, 3)]]
)
def test_fragments_that_are_right(fragments: list[tuple[int, int]]) -> None:
    check_fragments([Fragment(*fragment) for fragment in fragments], 10)


@pytest.mark.parametrize(
    ("fragments", "reason"),
    [
        ([], "at least one"),
        ([(0, 0)], "empty"),
        ([(5, 3)], "ends before it starts"),
        ([(-1, 3)], "before the text"),
        ([(0, 11)], "which has 10 characters"),
        ([(10, 11)], "after the text"),
        ([(0, 5), (4, 6)], "overlap"),
        ([(4, 6), (0, 5)], "overlap"),
        ([(0, 5), (0, 5)], "overlap"),
        ([(0, 9), (3, 4)], "overlap"),
        ([(False, True)], "whole number, not false"),
        ([(0, 1.0)], "whole number, not 1.0"),
        ([(None, 1)], "whole number, not null"),
    ],
)
def test_fragments_that_are_wrong(fragments: list[Any], reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        check_fragments([Fragment(*fragment) for fragment in fragments], 10)


@given(st.lists(st.tuples(st.integers(-2, 12), st.integers(-2, 12)), max_size=4))
def test_fragments_are_right_if_and_only_if_each_character_is_covered_once(pairs: list[tuple[int, int]]) -> None:
    covered = [point for start, end in pairs for point in range(start, end)]
    right = bool(pairs) and all(0 <= start < end <= 10 for start, end in pairs) and len(covered) == len(set(covered))
    try:
        check_fragments([Fragment(*pair) for pair in pairs], 10)
    except InvalidValue:
        assert not right
    else:
        assert right


CHOICE = Field("form", "choice", ("name", "pronoun"))
MANY = Field("topics", "multi-choice", ("war", "peace"))


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        (CHOICE, "name", "name"),
        (MANY, ("peace", "war"), ["peace", "war"]),
        (MANY, [], []),
        (Field("t", "text"), "", ""),
        (Field("n", "number"), 2**63 - 1, 2**63 - 1),
        (Field("n", "number"), -0.5, -0.5),
        (Field("b", "boolean"), False, False),
        (Field("d", "date"), "2024-02-29", "2024-02-29"),
    ],
)
def test_values_that_are_right(field: Field, value: object, stored: object) -> None:
    assert check_value(field, value) == stored
    assert type(check_value(field, value)) is type(stored)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (CHOICE, "noun"),
        (CHOICE, None),
        (CHOICE, ["name"]),
        (CHOICE, {}),
        (MANY, "war"),
        (MANY, ["war", "war"]),
        (MANY, [["war"]]),
        (Field("t", "text"), "\ud800"),
        (Field("t", "text"), 1),
        (Field("n", "number"), True),
        (Field("n", "number"), float("nan")),
        (Field("n", "number"), float("inf")),
        (Field("n", "number"), 2**63),
        (Field("n", "number"), 10**50),
        (Field("n", "number"), "1"),
        (Field("b", "boolean"), 0),
        (Field("d", "date"), "2026-02-29"),
        (Field("d", "date"), "2026-1-6"),
        (Field("d", "date"), "20260106"),
        (Field("d", "date"), "٢٠٢٦-٠١-٠٦"),
        (Field("d", "date"), "2026-01-06\n"),
        (Field("x", "colour"), "x"),  # type: ignore[arg-type]
    ],
)
def test_values_that_are_wrong(field: Field, value: object) -> None:
    with pytest.raises(InvalidValue) as caught:
        check_value(field, value)
    assert len(str(caught.value)) < 300


def test_fields_name_whose_they_are() -> None:
    assert check_fields([CHOICE], {"form": "name"}, "annotation a-1") == {"form": "name"}
    with pytest.raises(InvalidValue, match=r"^Annotation a-1: “noun” is not among the choices"):
        check_fields([CHOICE], {"form": "noun"}, "annotation a-1")
    with pytest.raises(InvalidValue, match=r"^Annotation a-1 has a value for “mood”, which is not a field"):
        check_fields([CHOICE], {"mood": "x"}, "annotation a-1")


def test_metadata_is_free_but_plain() -> None:
    plain = {"date": "someday", "n": 1, "f": 0.5, "b": True, "l": ["a"], "": ""}
    assert check_metadata([], plain, "document d") == plain
    for wrong in (None, {"a": 1}, [1], float("nan"), 2**63, "\ud800", ["\ud800"], b"x"):
        with pytest.raises(InvalidValue):
            check_metadata([], {"key": wrong}, "document d")
    with pytest.raises(InvalidValue):
        check_metadata([], {"\ud800": "x"}, "document d")
    with pytest.raises(InvalidValue, match="takes a date"):
        check_metadata([Field("date", "date")], {"date": "someday"}, "document d")


def _annotation(id_: str, layer: str, document: str = "d") -> Annotation:
    return Annotation(id_, document, f"layer-{layer}", "c", (Fragment(0, 1),))


ANNOTATIONS = {a.id: a for a in (_annotation("a", "claim"), _annotation("b", "source"), _annotation("x", "claim", "e"))}
INNER = Link("k", "d", "link-attribution", "c", {"claim": ("a",)})
FAR = Link("f", "e", "link-attribution", "c", {"claim": ("x",)})
ABOUT = Link("m", "d", "link-about", "c", {"claim": ("a",)})


def _check(roles: dict[str, tuple[str, ...]]) -> None:
    link_type = DEFAULT_CODEBOOK.link_types_by_name["Attribution"]
    link = Link("l", "d", link_type.id, "c", roles)
    check_link(link, link_type, DEFAULT_CODEBOOK, ANNOTATIONS, {"k": INNER, "f": FAR, "m": ABOUT, "l": link})


def test_links_that_are_right() -> None:
    _check({"claim": ("a",), "source": ("b",)})
    _check({"claim": ("k",), "source": ()})
    _check({"claim": ("a", "k")})


@pytest.mark.parametrize(
    ("roles", "reason"),
    [
        ({}, "needs a member in its role “claim”"),
        ({"claim": ()}, "needs a member"),
        ({"claim": ("b",)}, "“b” of the layer “Source”"),
        ({"claim": ("m",)}, "of the type “About”"),
        ({"claim": ("a",), "source": ("k",)}, "does not take that type"),
        ({"claim": ("nobody",)}, "refers to “nobody”"),
        ({"claim": ("x",)}, "another document"),
        ({"claim": ("f",)}, "another document"),
        ({"claim": ("a", "a")}, "twice"),
        ({"claim": ("a",), "who": ("b",)}, "the role “who”"),
    ],
)
def test_links_that_are_wrong(roles: dict[str, tuple[str, ...]], reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        _check(roles)


def test_a_role_that_names_nothing_takes_any_annotation() -> None:
    link_type = LinkType("t", "T", (Role("member"),))
    codebook = Codebook(link_types=(link_type,))
    check_link(Link("l", "d", "t", "c", {"member": ("a", "b")}), link_type, codebook, ANNOTATIONS, {})


@pytest.mark.parametrize(
    ("edges", "cycle"),
    [
        ({}, []),
        ({"a": ["b", "c"], "b": ["c"], "c": []}, []),
        ({"a": ["a"]}, ["a"]),
        ({"a": ["b"], "b": ["c"], "c": ["b"]}, ["b", "c"]),
        ({"a": ["nowhere"]}, []),
    ],
)
def test_cycles(edges: dict[str, list[str]], cycle: list[str]) -> None:
    assert find_cycle(edges) == cycle
    if cycle:
        with pytest.raises(InvalidValue):
            check_acyclic(edges)
    else:
        check_acyclic(edges)


def test_long_chains_need_no_recursion() -> None:
    chain = {str(number): [str(number + 1)] for number in range(50_000)}
    assert find_cycle(chain) == []
    chain["50000"] = ["49998"]
    assert find_cycle(chain) == ["49998", "49999", "50000"]


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=3)))
def test_cycles_are_found_if_and_only_if_there_are_any(edges: dict[str, list[str]]) -> None:
    cycle = find_cycle(edges)
    reach = {a: set(b) for a, b in edges.items()}
    for _ in edges:
        reach = {a: b.union(*(reach.get(c, set()) for c in b)) for a, b in reach.items()}
    assert bool(cycle) == any(a in b for a, b in reach.items())
    for here, there in zip(cycle, [*cycle[1:], *cycle[:1]], strict=True):
        assert there in edges[here]


LAYER = Layer("l", "L", "#123456")


@pytest.mark.parametrize(
    ("codebook", "reason"),
    [
        (Codebook(layers=(LAYER, Layer("m", "L", "#123"))), "two of the layer “L”"),
        (Codebook(layers=(LAYER, Layer("l", "M", "#123"))), "id “l” twice"),
        (Codebook(layers=(Layer("l", " ", "#123"),)), "without a name"),
        (Codebook(layers=(Layer("l", "L", "blue"),)), "the colour “blue”"),
        (Codebook(layers=(Layer("l", "L", "#12345"),)), "the colour"),
        (Codebook(layers=(Layer("l", "L", "#123", mark="blink"),)), "unknown mark"),  # type: ignore[arg-type]
        (Codebook(layers=(Layer("l", "L", "#123", registry="r"),)), "unknown registry “r”"),
        (Codebook(layers=(Layer("l", "L", "#123", fields=(Field("f"), Field("f"))),)), "two fields named “f”"),
        (Codebook(layers=(Layer("l", "L", "#123", fields=(Field(""),)),)), "a field without a name"),
        (Codebook(registries=(Registry("r", "R", (Field("f", "x"),)),)), "unknown type “x”"),  # type: ignore[arg-type]
        (Codebook(document_fields=(Field("f", "choice", ("a", "a")),)), "the same choice twice"),
        (Codebook(link_types=(LinkType("t", "T", (Role("r", ("L",)),)),)), "unknown layer “L”"),
        (Codebook(link_types=(LinkType("t", "T", (Role("r", (), ("U",)),)),)), "unknown link type “U”"),
        (Codebook(link_types=(LinkType("t", "T", (Role("r"), Role("r"))),)), "two roles named “r”"),
        (Codebook(link_types=(LinkType("t", "T", (Role(" "),)),)), "a role without a name"),
        (Codebook(link_types=(LinkType("t", "T", (Role("r", min=-1),)),)), "below zero"),
    ],
)
def test_codebooks_that_are_wrong(codebook: Codebook, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        check_codebook(codebook)


def test_values_are_shown_short_and_on_one_line() -> None:
    assert shown("a\nb\u202e\ud800") == "“a b??”"
    assert len(shown("x" * 10**6)) == 60
    assert shown([[[]]]) == "a list"
    assert shown({}) == "an object"
    assert shown(10**10000) == "a huge number"
    assert [shown(value) for value in (None, True, 1.5, object())] == ["null", "true", "1.5", "something else"]
    assert storable("é\U0001f600")
    assert not storable("\udc00")
