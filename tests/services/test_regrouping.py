"""Merging, splitting, moving and removing entries: what becomes of mentions, names, members and judgements."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator.domain.errors import Conflict, FileRefused, InvalidValue, NotFound
from annotator.domain.model import Apart, Use
from annotator.services import regrouping
from annotator.services.exporting import export_file
from annotator.services.importing import import_files
from annotator.services.project import Project
from annotator.storage import mentions
from tests.services.conftest import Desk
from tests.services.pictures import dump

ACTORS, CLAIMS = "registry-actors", "registry-claims"


def apart(project: Project) -> set[Apart]:
    return mentions.apart(project.store.connection)


def test_split_takes_chosen_mentions_kind_parent_and_an_alias(desk: Desk, project: Project) -> None:
    entries = project.entries
    first, second = desk.tag("actor", "Washington"), desk.tag("source", "Washington")
    top = entries.create(ACTORS, "Top")
    (old,) = (entry for entry in entries.all() if entry.name == "Washington")
    entries.edit(
        old.id, name="United States", aliases=["Washington", "US"], fields={"kind": "state", "wikidata": "Q30"}
    )
    entries.edit(old.id, parent_id=top.id)
    before = dump(project)
    new = entries.split(old.id, [second.id], "Washington")
    assert (new.name, new.aliases, new.parent_id, new.fields) == ("Washington", (), top.id, {"kind": "state"})
    assert entries.get(old.id).aliases == ("US",)
    assert desk.entry_names(first.id) == ["United States"]
    assert desk.entry_names(second.id) == ["Washington"]
    assert apart(project) == {Apart.of(old.id, new.id)}
    assert [a.modified for a in project.store.annotations_by_id([second.id])] == [second.modified]
    project.undo()
    assert dump(project) == before
    assert entries.resolve(ACTORS, "Washington") == entries.get(old.id)


def test_a_split_needs_a_free_name_and_a_mention_of_that_entry(desk: Desk, project: Project) -> None:
    actor, claim = desk.tag("actor", "Washington"), desk.tag("claim", "Syria")
    (entry,) = project.entries.all(ACTORS)
    lines = project.history()
    with pytest.raises(Conflict, match="in this list already"):
        project.entries.split(entry.id, [actor.id], "Washington")
    with pytest.raises(NotFound, match="None of these mentions"):
        project.entries.split(entry.id, [claim.id], "Other")
    assert project.history() == lines


def test_mentions_move_to_another_entry_and_are_there_once(desk: Desk, project: Project) -> None:
    entries = project.entries
    actor = desk.tag("actor", "Washington")
    (old,) = entries.all()
    us = entries.create(ACTORS, "United States")
    project.tagging.set_entries(actor.id, [us.id, old.id])
    entries.reassign(old.id, [actor.id], us.id)
    assert desk.entry_names(actor.id) == ["United States"]
    assert entries.mentions(old.id) == 0
    project.undo()
    assert desk.entry_names(actor.id) == ["United States", "Washington"]
    claim = entries.create(CLAIMS, "A claim")
    with pytest.raises(InvalidValue, match="same list"):
        entries.reassign(old.id, [actor.id], claim.id)


@pytest.mark.parametrize(("fate", "left"), [("leave", []), ("move", ["United States"]), ("delete", None)])
def test_removing_entries_does_with_their_mentions_as_told(desk: Desk, project: Project, fate, left) -> None:
    entries = project.entries
    us = entries.create(ACTORS, "United States")
    actor, other = desk.tag("actor", "Washington"), desk.tag("source", "Reuters")
    gone = [entry.id for entry in entries.all(ACTORS) if entry.id != us.id]
    member = entries.create(ACTORS, "Senate", parent_id=gone[0])
    before = dump(project)
    entries.remove(gone, fate, us.id)
    assert project.undo_label is not None
    assert project.undo_label.label == "Remove 2 entries"
    assert [entry.name for entry in entries.all(ACTORS)] == ["Senate", "United States"]
    assert entries.get(member.id).parent_id is None
    for annotation in (actor, other):
        if left is None:
            assert not project.store.annotations_by_id([annotation.id])
        else:
            assert desk.entry_names(annotation.id) == left
    project.undo()
    assert dump(project) == before


def test_mentions_move_only_to_an_entry_that_stays(project: Project) -> None:
    entry = project.entries.create(ACTORS, "One")
    for to in (None, entry.id):
        with pytest.raises(InvalidValue, match="Choose the entry"):
            project.entries.remove(entry.id, "move", to)


def test_judgements_go_along_with_merges_and_removals(project: Project) -> None:
    entries = project.entries
    a, b, c, d = (entries.create(ACTORS, name).id for name in "ABCD")
    for one, other in ((a, b), (c, b), (d, c), (a, c)):
        entries.judge_apart(one, other)
    entries.judge_apart(b, a)  # known already: no step
    assert len(project.history()) == 8
    before = dump(project)
    entries.merge(a, [c])
    assert apart(project) == {Apart.of(a, b), Apart.of(a, d)}
    entries.remove(d)
    assert apart(project) == {Apart.of(a, b)}
    project.undo()
    project.undo()
    assert dump(project) == before
    regrouping.judge_open(project, b, a)
    assert Apart.of(a, b) not in apart(project)
    project.undo()
    assert Apart.of(a, b) in apart(project)


def test_a_merge_says_first_what_it_would_do(desk: Desk, project: Project) -> None:
    entries = project.entries
    desk.tag("actor", "Washington")
    (other,) = entries.all()
    keep = entries.create(ACTORS, "United States", ["US"], fields={"kind": "state"})
    entries.edit(other.id, fields={"kind": "person", "wikidata": "Q1"})
    entries.create(ACTORS, "Senate", parent_id=other.id)
    plan = regrouping.plan_merge(project, keep.id, [other.id])
    assert (plan.aliases, plan.mentions, plan.documents) == (("Washington",), 1, 1)
    assert (plan.members, plan.overruled) == (("Senate",), (("kind", "state", "person"),))
    entries.merge(keep.id, [other.id])
    assert entries.get(keep.id) == plan.kept


def test_how_entries_are_used(desk: Desk, project: Project) -> None:
    actor = desk.tag("actor", "Washington")
    source = desk.tag("source", "Washington")
    entries, connection = project.entries, project.store.connection
    (entry,) = entries.all()
    entries.create(ACTORS, "Unused")
    project.tagging.set_note(source.id, "later")
    last = project.store.annotations_by_id([source.id])[0].modified
    use = Use(2, 1, last)
    assert mentions.uses(connection) == mentions.uses(connection, ACTORS) == {entry.id: use}
    assert mentions.uses(connection, ids=[entry.id, "x"]) == {entry.id: use}
    assert mentions.uses(connection, CLAIMS) == {}
    assert [(m.annotation_id, m.start, m.end) for m in mentions.places(connection, entry.id)] == [
        (a.id, a.start, a.end) for a in sorted((actor, source), key=lambda a: (a.start, a.id))
    ]
    assert mentions.mentioning(connection, [entry.id]) == (2, 1)


def test_judgements_go_out_and_come_in_with_the_project(project: Project, tmp_path: Path) -> None:
    entries = project.entries
    a, b, c = (entries.create(ACTORS, name) for name in ("Ada Roy", "A. Roy", "Eva Roy"))
    for other in (a, c):
        entries.judge_apart(b.id, other.id)
    for name in ("whole.json", "whole.jsonl"):
        export_file(project, tmp_path / name)
        whole = Project.create(tmp_path / f"{name}.annot")
        import_files(whole, [tmp_path / name])
        assert apart(whole) == apart(project)
        export_file(whole, tmp_path / f"again-{name}")
        assert (tmp_path / f"again-{name}").read_bytes() == (tmp_path / name).read_bytes()
        whole.undo()
        assert apart(whole) == set()
        whole.close()
    plain = json.loads((tmp_path / "whole.json").read_bytes())
    assert len(plain["apart"]) == 2
    # A project that has one of them under another id, and one more.
    del plain["project"]
    (tmp_path / "part.json").write_text(json.dumps(plain), "utf-8")
    import_files(project, [tmp_path / "part.json"])
    assert len(apart(project)) == 2
    for wrong in ([[a.id]], [[a.id, a.id]], [["x", a.id]], ["x"], [[1, 2]]):
        (tmp_path / "wrong.json").write_text(json.dumps(plain | {"apart": wrong}), "utf-8")
        with pytest.raises(FileRefused, match="apart"):
            import_files(project, [tmp_path / "wrong.json"])
