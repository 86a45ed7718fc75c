"""Offsets, hashes, ids and names."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain import ids
from annotator.domain.model import Annotation, Fragment, covered
from annotator.domain.names import fold, name_of, tidy
from annotator.domain.text import Units, canonical, digest

TEXTS = st.text(alphabet=st.sampled_from("ab é\nعم🤝𝒳\u200f\u0301"), max_size=40)


@given(TEXTS)
def test_units_are_those_of_utf_16(text: str) -> None:
    units = Units(text)
    for point in range(len(text) + 1):
        unit = len(text[:point].encode("utf-16-le")) // 2
        assert units.to_units(point) == unit
        assert units.to_points(unit) == point
        if point < len(text) and text[point] > "\uffff":
            assert units.to_points(unit + 1) == point, "inside a pair: its character"


@given(st.text(alphabet="a\r\n", max_size=20))
def test_canonical_text_has_line_feeds_only(text: str) -> None:
    assert canonical(text) == "\n".join(text.replace("\r\n", "\n").split("\r"))
    assert canonical(canonical(text)) == canonical(text)


def test_the_digest_is_of_the_utf_8() -> None:
    assert digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest("é") != digest("e\u0301"), "nothing is normalised"
    with pytest.raises(UnicodeEncodeError):
        digest("\ud800")


def test_covered_text_follows_the_coder_s_order() -> None:
    fragments = (Fragment(6, 11), Fragment(0, 5))
    assert covered("hello world", fragments) == "world … hello"
    annotation = Annotation("a", "d", "l", "c", fragments)
    assert (annotation.start, annotation.end) == (0, 11)


def test_ids_are_uuids_that_sort_by_time(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for milliseconds in range(0, 2 * 10**14, 10**12):
        monkeypatch.setattr(ids.time, "time_ns", lambda: milliseconds * 10**6)  # noqa: B023
        made.append(ids.new_id())
    assert made == sorted(made)
    assert len({ids.new_id() for _ in range(1000)}) == 1000
    for value in map(uuid.UUID, made):
        assert (value.version, value.variant) == (7, uuid.RFC_4122)
    assert len(ids.now()) == 24
    assert ids.now().endswith("Z")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the United States", "United States"),
        ("Syria's", "Syria"),
        ("the countries'", "countries"),
        ("“Axios”,", "Axios"),
        ("  the\n three  countries ", "three countries"),
        ("The", "The"),
        ("a", "a"),
        ("…", "…"),
        ("s's", "s"),
        ("«رويترز»", "رويترز"),
        ("anarchy", "anarchy"),
    ],
)
def test_what_an_entry_is_called(text: str, name: str) -> None:
    assert name_of(text) == name


@given(st.text(max_size=30))
def test_names_are_stable(text: str) -> None:
    for change in (tidy, name_of):
        assert change(text) == "" or change(text).strip()
    assert fold(text) == fold(text.strip())
    if text.strip():
        assert name_of(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [("The US", "us"), ("Syria’s", "SYRIA"), ("سُوريا", "سوريا"), ("ＵＳ", "us"), ("Straße", "STRASSE")],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_names_that_are_not_the_same() -> None:
    folded = {fold(name) for name in ("Syria", "Syrian", "Syria and Israel", "عمان", "عمّان الكبرى", "São", "Sao")}
    assert len(folded) >= 6
