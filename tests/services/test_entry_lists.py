"""Lists of entries as CSV: what they bring, what they leave out, and that they come back as they went."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.errors import AnnotatorError, NotFound
from annotator.domain.model import Entry
from annotator.interchange.analysis.safe_text import joined
from annotator.interchange.entry_lists import parted, read_list, write_list
from annotator.services.entry_lists import ListPlan, apply_list, plan_list, write_to
from annotator.services.project import Project
from tests.services.pictures import dump

ACTORS = "registry-actors"


def plan(project: Project, path: Path, text: str, encoding: str = "utf-8") -> ListPlan:
    path.write_bytes(text.encode(encoding))
    return plan_list(project, ACTORS, path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "actors.csv"


def test_a_list_adds_changes_and_says_what_it_leaves_out(project: Project, file: Path) -> None:
    entries = project.entries
    us = entries.create(ACTORS, "United States", ["US"], fields={"kind": "state"})
    same = entries.create(ACTORS, "Syria", fields={"kind": "state"})
    before = dump(project)
    made = plan(
        project,
        file,
        "Name;Also known as;Kind;Parent;Wikidata ID;Colour;Note\n"
        "the United States;Washington | USA;State;;q30;blue;\n"
        "Senate;;organisation;United States;;;upper house\n"
        "Syria;;state;;;;\n"
        "Lisbon;;town;Portugal;X1;;\n"
        ";;state;;;;nobody\n",
    )
    assert dump(project) == before
    assert [entry.name for entry in made.added] == ["Senate", "Lisbon", "Portugal"]
    ((old, new),) = made.changed
    assert (old, new.aliases) == (us, ("US", "Washington", "USA"))
    assert new.fields == {"kind": "state", "wikidata": "Q30"}
    assert made.unchanged == 1
    told = "\n".join(f"{row}: {text}" for row, text in made.remarks)
    assert "1: column “Colour” is no field" in told
    assert "5: A Wikidata id is a Q and a number" in told
    assert "5: its parent “Portugal” is not there yet, and is added" in told
    assert "6: has no name" in told
    assert "town" in told
    apply_list(project, made)
    assert project.undo_label is not None
    assert project.undo_label.label == "Import actors.csv"
    senate = entries.resolve(ACTORS, "senate")
    assert senate is not None
    assert (senate.parent_id, senate.note, senate.fields) == (us.id, "upper house", {"kind": "organisation"})
    assert entries.get(same.id) == same
    assert entries.resolve(ACTORS, "washington") == entries.get(us.id)
    project.undo()
    assert dump(project) == before


def test_a_list_goes_out_and_comes_back_the_same(project: Project, file: Path, tmp_path: Path) -> None:
    entries = project.entries
    top = entries.create(ACTORS, "=cmd|' /C calc'!A0", ["a;b", "c\\d", "+1", "x|y"], note="two\nlines")
    entries.create(ACTORS, "'quoted", ["-5"], top.id, {"kind": "person", "wikidata": "Q1"}, "@note")
    assert write_to(project, ACTORS, file) == 2
    text = file.read_text("utf-8-sig")
    assert not any(cell.startswith(("=", "+", "@", "-")) for line in text.splitlines() for cell in line.split(","))
    made = plan_list(project, ACTORS, file)
    assert (made.added, made.changed, made.unchanged, made.remarks) == ([], [], 2, [])
    other = Project.create(tmp_path / "other.annot", coder="Bob")
    apply_list(other, plan_list(other, ACTORS, file))

    def told(project: Project) -> list[tuple[object, ...]]:
        names = {entry.id: entry.name for entry in project.entries.all()}
        return [(e.name, e.aliases, names.get(e.parent_id or ""), e.fields, e.note) for e in project.entries.all()]

    assert told(other) == told(project)
    other.close()


def test_an_id_renames_where_the_name_is_free(project: Project, file: Path) -> None:
    one, other = (project.entries.create(ACTORS, name) for name in ("One", "Other"))
    made = plan(project, file, f"id,name\n{one.id},First\n{other.id},First\n")
    assert [(old.name, new.name) for old, new in made.changed] == [("One", "First"), ("Other", "Other")]
    assert any("another entry is called “First”" in text for _, text in made.remarks)


def test_rows_that_would_go_in_a_circle_keep_their_place(project: Project, file: Path) -> None:
    made = plan(project, file, "name,parent\nA,B\nB,A\nC,C\n")
    apply_list(project, made)
    by_name = {entry.name: entry for entry in project.entries.all()}
    assert by_name["A"].parent_id == by_name["B"].id
    assert by_name["B"].parent_id is None
    assert by_name["C"].parent_id is None
    assert sum("circle" in text for _, text in made.remarks) == 2


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "has no text in it"),
        (b"a,b\n1,2\n", "it has no column “name”"),
        (b"PK\x03\x04" + bytes(200), "was not read|has no"),
        (b"\xff\xfe\x00\xd8name\n", "was not read|has no"),
    ],
)
def test_files_that_are_no_list_are_refused_in_a_sentence(
    project: Project, file: Path, content: bytes, match: str
) -> None:
    file.write_bytes(content)
    before = dump(project)
    with pytest.raises(AnnotatorError, match=match):
        plan_list(project, ACTORS, file)
    assert dump(project) == before
    with pytest.raises(NotFound):
        plan_list(project, ACTORS, file.with_name("nothing.csv"))


def test_its_own_list_leaves_everything_as_it_is(project: Project, file: Path) -> None:
    many, few = (project.entries.create(ACTORS, name).id for name in ("US", "us"))
    for name, parent in (("Army", many), ("Everybody", few), ("Navy", many)):
        project.entries.create(ACTORS, name, parent_id=parent)
    write_to(project, ACTORS, file)
    made = plan_list(project, ACTORS, file)
    assert (made.added, made.changed, made.remarks) == ([], [], [])


def test_what_no_name_can_be_is_left_out(project: Project, file: Path) -> None:
    made = plan(project, file, 'name,aliases\nA,B\nC,"' + "x" * 3_000_000)
    assert [entry.name for entry in made.added] == ["A"]
    assert made.remarks == [(3, "holds a name that is far too long for one, and is left out")]


def test_other_encodings_signs_and_twins_in_the_file(project: Project, file: Path) -> None:
    made = plan(project, file, "label\taliases\nMünchen\tMonaco di Baviera; Munich\nmünchen\tMinga\n", "cp1252")
    (entry,) = made.added
    assert entry.name == "München"
    assert set(entry.aliases) >= {"Monaco di Baviera", "Munich", "Minga"}
    assert any("stands in row 2 too" in text for _, text in made.remarks)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=4))
def test_aliases_come_back_however_they_are_written(aliases: list[str]) -> None:
    wanted = list(dict.fromkeys(text for alias in aliases if (text := " ".join(alias.split()))))
    if len(wanted) != 1 or "|" not in wanted[0]:
        assert parted(joined(wanted)) == wanted


@given(
    name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1),
    note=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r")),
)
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, name: str, note: str) -> None:
    plain = " ".join(name.split())
    path = tmp_path_factory.mktemp("list") / "list.csv"
    path.write_bytes(write_list([Entry("e", "r", plain, (), None, {}, note.strip())], [], {}))
    found = read_list(path)
    assert [(entry.name, entry.note) for entry in found.entries] == ([(plain, note.strip())] if plain else [])
