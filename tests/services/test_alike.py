"""Which entries are proposed as duplicates, and which are not."""

from __future__ import annotations

import pytest

from annotator.domain.model import Apart, Entry
from annotator.services.alike import Pair, likely
from annotator.services.project import Project

ACTORS, CLAIMS = "registry-actors", "registry-claims"


def found(*names: str | tuple[str, ...], claims: bool = False, **more: object) -> list[Pair]:
    entries = []
    for number, name in enumerate(names):
        first, *aliases = (name,) if isinstance(name, str) else name
        values = {key: value[number] for key, value in more.items()}  # type: ignore[index]
        entries.append(Entry(str(number), ACTORS, first, tuple(aliases), **values))
    return likely(entries, claims=claims)


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("United States", "the united states", "same name"),
        ("Roy, Ada", "Ada Roy", "same name"),
        ("Türkiye", "Turkiye", "same name"),
        ("أحمد الشرع", "احمد الشرع", "same name"),
        ("سورية", "سوريه", "same name"),
        ("ירושלים", "ירושלימ", "same name"),
        (("Government", "the cabinet"), "Cabinet", "same name"),
        ("UN", "United Nations", "initials"),
        ("U.S.", "United States", "initials"),
        ("A. Roy", "Ada Roy", "initials"),
        ("Netanyahu", "Benjamin Netanyahu", "part of the name"),
        ("Benjamin Netanyahu", "Benjamin Netanyaho", "similar names"),
        ("Zelenskyy", "Zelensky", "similar names"),
        ("Donald J. Trump", "Donald Trump", "similar names"),
        ("Volodymyr Zelenskyy", "Volodimir Zelensky", "similar names"),
    ],
)
def test_variants_of_a_name_are_found(one, other, reason) -> None:
    assert [pair.reason for pair in found(one, other)] == [reason]


@pytest.mark.parametrize(
    "names",
    [
        ("North Ossetia", "South Ossetia"),
        ("Resolution 242", "Resolution 338"),
        ("Iran", "Iraq"),
        ("Ada Roy", "Eva Roy"),
        ("Ministry of Defence", "Ministry of Culture"),
        ("Roy", "Ada Roy", "Eva Roy"),
        ("Sheffield", "University of Sheffield"),
        ("Florida", "Clearwater, Florida"),
        ("Kowloon West", "Kowloon East"),
        ("PlayStation VR", "PlayStation"),
        ("John Kerry", "John Key"),
        ("", "—", "…"),
    ],
)
def test_different_things_are_not(names) -> None:
    assert found(*names) == []


def test_kin_kind_and_ids_count() -> None:
    both = {"fields": [{"kind": "person"}, {"kind": "state"}]}
    assert [p.score for p in found("Georgia Smithson", "georgia smithson", **both)] == [88.0]
    assert found("Netanyahu", "Benjamin Netanyahu", **both) == []
    ids = {"fields": [{"wikidata": "Q30"}, {"wikidata": "q30"}]}
    assert [p.reason for p in found("America", "United States", **ids)] == ["same id"]
    (alone,), (kin,) = (found("Zelenskyy", "Zelensky", **more) for more in ({}, {"parent_id": ["x", "x"]}))
    assert kin.score == alone.score + 4
    assert found("Roy family", "roy familly", parent_id=["1", None]) == []


def test_propositions_are_compared_by_their_words_and_by_what_they_deny() -> None:
    said = "The border with Jordan will be opened next month"
    assert [p.reason for p in found(said, "Next month the Jordan border will be opened", claims=True)] == [
        "similar words"
    ]
    assert found(said, "The border with Jordan will not be opened next month", claims=True) == []
    assert found("It opens in 2025 at the border", "It opens in 2026 at the border", claims=True) == []
    longer = "The minister said schools in all of the north are closed and roads blocked"
    assert found("Roads are closed", longer, claims=True) == []


def test_pairs_judged_apart_stay_away_until_that_is_undone(project: Project) -> None:
    one = project.entries.create(ACTORS, "Ada Roy")
    other = project.entries.create(ACTORS, "A. Roy")
    (pair,) = project.entries.likely(ACTORS)
    assert Apart.of(pair.first, pair.second) == Apart.of(one.id, other.id)
    project.entries.judge_apart(one.id, other.id)
    assert project.entries.likely(ACTORS) == []
    project.undo()
    assert project.entries.likely(ACTORS) == [pair]


def test_a_claim_is_compared_with_those_that_are_there(project: Project) -> None:
    first = project.entries.create(CLAIMS, "The border with Jordan is open")
    project.entries.create(CLAIMS, "Prices will rise this winter")
    new = project.entries.create(CLAIMS, "the Jordan border is open")
    assert [entry.id for entry, _ in project.entries.same_claims(new.id)] == [first.id]
    project.entries.edit(first.id, name="Schools are shut")
    assert project.entries.same_claims(new.id) == []
    project.undo()
    project.entries.judge_apart(first.id, new.id)
    assert project.entries.same_claims(new.id) == []
