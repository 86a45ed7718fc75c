"""Known names as a reader of the language would see them: where they begin and end, and which are worth proposing."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.folding import plain
from annotator.domain.model import Entry, Fragment
from annotator.services.known_names import NameIndex, key_of
from annotator.services.project import Project

from .conftest import TEXT, Desk


def _entry(number: int, *names: str) -> Entry:
    return Entry(f"e{number:02}", "r", names[0], names[1:])


def _found(names: list[str], text: str) -> list[str]:
    index = NameIndex(_entry(number, *name.split("/")) for number, name in enumerate(names))
    return [text[match.start : match.end] for match in index.matches(text, {"r"})]


@pytest.mark.parametrize(
    ("names", "text", "expected"),
    [
        (["Syria"], "Syria's, Syria’s, (Syria) Syria-led; Syrian, Assyria", ["Syria"] * 4),
        (["Syria"], "SYRIA and syria", ["SYRIA"]),
        (["US"], "US-led, the US. But us, U.S. and USA", ["US", "US"]),
        (["New York", "New York Times", "York"], "The New York Times of New York, York", ["New York Times", "New York", "York"]),
        (["New York Times Square", "New York"], "New York Times", ["New York"]),
        (["Müller"], "Muller, Mu\u0308ller and MÜLLER, Müllers", ["Muller", "Mu\u0308ller", "MÜLLER"]),
        (["Al-Assad"], "Al\u2011Assad, al-Assad, AL-ASSAD, al-assad", ["Al\u2011Assad", "al-Assad", "AL-ASSAD"]),
        (["O'Brien", "Brien"], "O’Brien and Brien", ["O’Brien", "Brien"]),
        (["Brien", "Don"], "O'Brien, Don't, Don", ["Don"]),
        (["Iran"], "l’Iran", ["Iran"]),
        (["foreign ministry", "officials"], "Foreign ministry officials", ["Foreign ministry"]),
        (["He", "They", "x", "Ü"], "He, They, x, Ü", []),
        (["United States"], "United\nStates, United\u00a0States", ["United\nStates", "United\u00a0States"]),
        (["سوريا"], "وسوريا بسُوريا، وبسوريا سوريات كسورياً", ["سوريا", "سُوريا", "سوريا", "سورياً"]),
        (["أمريكا"], "امريكا وأمريكا", ["امريكا", "أمريكا"]),
        (["حكومة"], "الحكومة بالحكومة للحكومة حكومتهم", ["الحكومة", "الحكومة", "لحكومة"]),
        (["العراق"], "العراق وبالعراق للعراق وللعراق العراقي", ["العراق", "العراق", "لعراق", "لعراق"]),
        (["الأسد"], "بشّار الأسد", ["الأسد"]),
        (["ישראל"], "ישראל לישראל, וכשבישראל ישראלי", ["ישראל"] * 3),
        (["ממשלה"], "הממשלה בממשלה", ["הממשלה", "ממשלה"]),
        (["中国"], "在中国的", ["中国"]),
    ],
)  # fmt: skip
def test_where_names_stand(names: list[str], text: str, expected: list[str]) -> None:
    assert _found(names, text) == expected


def test_the_entry_that_is_meant() -> None:
    index = NameIndex([_entry(1, "Washington D.C.", "Washington"), _entry(2, "Washington"), _entry(3, "Washington")])
    assert [match.entry_id for match in index.matches("Washington", {"r"})] == ["e02"]
    assert index.matches("Washington", {"another"}) == []
    assert [m.entry_id for m in index.matches("Washington", {"r"}, {("e02", key_of("Washington"))})] == ["e03"]
    index.follow({"e02": None, "e03": None})
    assert [match.entry_id for match in index.matches("Washington", {"r"})] == ["e01"]
    index.follow({"e01": _entry(1, "Paris")})
    assert [match.entry_id for match in index.matches("Washington, Paris", {"r"})] == ["e01"]
    index.follow({"e01": None})
    assert index.matches("Paris", {"r"}) == []


_words = st.text(alphabet=st.sampled_from("Aab é\u0301'-سوالبל"), min_size=1, max_size=8)


@given(
    st.lists(_words, max_size=6), st.lists(_words, max_size=6), st.text(alphabet="Aab é\u0301'-سوالبל\n", max_size=40)
)
def test_a_patched_index_is_a_new_one(first: list[str], then: list[str], text: str) -> None:
    patched = NameIndex(_entry(number, name) for number, name in enumerate(first))
    before = patched.matches(text, {"r"})
    for match in before:
        assert 0 <= match.start < match.end <= len(text)
        names = plain(" ".join(first[int(match.entry_id[1:])].split())).lower()
        assert plain(text[match.start : match.end]).lower().removeprefix("ال").endswith(names.removeprefix("ال"))
    assert all(one.end <= two.start for one, two in pairwise(before))
    entries = {f"e{number:02}": _entry(number, name) for number, name in enumerate(then)}
    patched.follow({**{f"e{number:02}": None for number in range(6)}, **entries})
    assert patched.matches(text, {"r"}) == NameIndex(entries.values()).matches(text, {"r"})


# In a project


def test_the_source_of_a_claim_is_not_proposed_as_an_actor(desk: Desk, project: Project) -> None:
    desk.into(desk.tag("claim", "the deal stands"), "source", "Reuters")
    assert project.suggesting.suggest(desk.document_id) == []
    project.entries.create("registry-actors", "Washington")
    (proposed,) = project.suggesting.suggest(desk.document_id)
    assert TEXT[slice(*proposed.fragment)] == "Washington"


def test_all_of_an_entry_are_accepted_in_one_step(project: Project) -> None:
    document = project.documents.add("T", "Paris, Paris’s and PARIS. Rome.")
    paris = project.entries.create("registry-actors", "Paris").id
    project.entries.create("registry-actors", "Rome")
    proposed = [s for s in project.suggesting.suggest(document.id) if s.entries == (paris,)]
    lines = len(project.history())
    made = project.suggesting.accept_all(proposed)
    assert len(made) == 3
    assert project.suggesting.accept_all(proposed[:1]) == []
    assert len(project.history()) == lines + 1
    assert len(project.suggesting.suggest(document.id)) == 1
    project.undo()
    assert len(project.suggesting.suggest(document.id)) == 4


def test_a_name_is_dismissed_for_good_and_for_its_entry_alone(desk: Desk, project: Project) -> None:
    entry = project.entries.create("registry-actors", "Reuters", ["Washington"])
    both = project.suggesting.suggest(desk.document_id)
    assert project.suggesting.never(both[0]) == "Washington"
    lines = project.history()
    project.suggesting.never(both[0])
    assert project.history() == lines, "once is enough"
    assert [TEXT[slice(*s.fragment)] for s in project.suggesting.suggest(desk.document_id)] == ["Reuters"]
    project.undo()
    assert project.suggesting.suggest(desk.document_id) == both
    project.redo()
    path = project.path
    project.close()
    again = Project.open(path)
    assert len(again.suggesting.suggest(desk.document_id)) == 1
    other = again.entries.create("registry-actors", "Washington")
    assert [s.entries for s in again.suggesting.suggest(desk.document_id)] == [(other.id,), (entry.id,)]
    again.entries.remove(entry.id)
    assert again.store.unwanted_names() == set()
    again.undo()
    assert again.store.unwanted_names() == {(entry.id, "washington")}
    again.close()


def test_names_follow_the_entries(desk: Desk, project: Project) -> None:
    assert project.suggesting.suggest(desk.document_id) == []
    first = project.tagging.tag(desk.document_id, "layer-actor", [Fragment(10, 16)])  # Israel
    assert project.suggesting.suggest(desk.document_id) == []
    project.entries.edit(first.entries[0], name="Reuters")
    assert len(project.suggesting.suggest(desk.document_id)) == 1
    project.undo()
    assert project.suggesting.suggest(desk.document_id) == []


def test_what_is_never_proposed_stays_so_when_entries_become_one(project: Project) -> None:
    document = project.documents.add("T", "He went to Washington with the US government.")
    kept = project.entries.create("registry-actors", "United States", ["US government"])
    gone = project.entries.create("registry-actors", "Administration", ["Washington"])
    for suggestion in project.suggesting.suggest(document.id):
        if suggestion.entries == (gone.id,):
            project.suggesting.never(suggestion)
    project.entries.merge(kept.id, [gone.id])
    assert project.store.unwanted_names() == {(kept.id, "washington")}
    (left,) = project.suggesting.suggest(document.id)
    assert left.fragment == Fragment(31, 44)
    project.undo()
    assert project.store.unwanted_names() == {(gone.id, "washington")}
    project.redo()
    assert project.store.unwanted_names() == {(kept.id, "washington")}


def test_a_name_that_an_entry_had_itself_is_still_proposed_for_it(project: Project) -> None:
    document = project.documents.add("T", "He went to Washington.")
    kept = project.entries.create("registry-actors", "Washington")
    gone = project.entries.create("registry-actors", "Administration", ["Washington"])
    (suggestion,) = project.suggesting.suggest(document.id)
    assert suggestion.entries == (kept.id,)
    project.suggesting.never(replace(suggestion, entries=(gone.id,)))
    project.entries.merge(kept.id, [gone.id])
    assert project.store.unwanted_names() == set()
    assert project.suggesting.suggest(document.id) == [suggestion]
