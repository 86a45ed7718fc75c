"""The one write path: a step is all or nothing, is written down once, and tells exactly what it changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Column, Integer, Table, Text, event

from annotator.domain.changes import ChangeSet
from annotator.domain.errors import Conflict, InvalidValue, NothingToUndo
from annotator.domain.ids import new_id
from annotator.domain.model import Annotation, Document, Entry, Fragment
from annotator.services.project import Project
from annotator.storage import schema

from .conftest import Dump

Take = Callable[[Project], Dump]


@pytest.fixture
def told(project: Project) -> list[ChangeSet]:
    heard: list[ChangeSet] = []
    project.subscribe(heard.append)
    return heard


def labels(project: Project) -> list[str]:
    return [line.label for line in project.history()]


# All or nothing


def test_a_step_that_raises_leaves_nothing(
    project: Project, document: Document, dump: Take, told: list[ChangeSet]
) -> None:
    before, lines = dump(project), labels(project)

    def fail() -> None:
        with project.step("Do much"):
            project.documents.edit(document.id, title="Other")
            project.entries.create("registry-actors", "France")
            project.tagging.tag(document.id, "layer-actor", [Fragment(31, 41)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert dump(project) == before
    assert labels(project) == lines
    assert told == []
    assert project.entries.resolve("registry-actors", "France") is None
    project.entries.create("registry-actors", "France")


def test_a_step_whose_commit_fails_leaves_nothing(project: Project, dump: Take, told: list[ChangeSet]) -> None:
    before = dump(project)
    lost = Entry(new_id(), "registry-actors", "Orphan", parent_id="nobody")

    def break_a_reference() -> None:
        # References are checked when the step ends.
        with project.step("Break a reference") as step:
            project.entries.create("registry-actors", "France")
            step.add(lost)

    with pytest.raises(Exception, match="FOREIGN KEY"):
        break_a_reference()
    assert dump(project) == before
    assert told == []
    assert project.entries.resolve("registry-actors", "France") is None, "what is in memory is what is in the file"


def test_a_step_that_changes_nothing_leaves_no_line(
    project: Project, document: Document, dump: Take, told: list[ChangeSet]
) -> None:
    lines = labels(project)
    annotation = project.documents.annotations(document.id)[0]
    project.undo()
    told.clear()
    with project.step("Nothing") as step:
        step.replace(annotation)
    project.documents.edit(document.id, title=document.title)
    project.tagging.set_note(annotation.id, "")
    project.tagging.set_entries(annotation.id, annotation.entries)
    project.tagging.remove([])
    project.documents.remove([])
    project.set_details(project.info.name)
    assert told == []
    assert labels(project) == ["Tag and link source", *lines]
    project.redo()
    assert told[0].origin == "redo", "nothing was done, so there is still something to redo"


def test_steps_inside_a_step_are_one(project: Project, document: Document, told: list[ChangeSet]) -> None:
    with project.step("Tag “{what}”", "all"):
        project.tagging.tag(document.id, "layer-actor", [Fragment(0, 5)])
        with project.step("Inner"):
            project.tagging.tag(document.id, "layer-actor", [Fragment(16, 22)])
    assert [change.action for change in told] == ["Tag “{what}”"]
    assert labels(project)[0] == "Tag “all”"
    assert len(told[0].added["annotation"]) == 2
    project.undo()
    assert len(project.documents.annotations(document.id)) == 2


def test_undo_and_indexing_inside_a_step_are_bugs_that_lose_nothing(project: Project, document: Document) -> None:
    with project.step("Outer"):
        project.tagging.tag(document.id, "layer-actor", [Fragment(0, 5)])
        for wrong in (project.undo, project.redo):
            with pytest.raises(RuntimeError, match="step is open"):
                wrong()
    assert len(project.documents.annotations(document.id)) == 3


def test_text_that_is_no_unicode_is_refused_in_a_sentence(project: Project, document: Document, dump: Take) -> None:
    before = dump(project)
    annotation = project.documents.annotations(document.id)[0]
    for act in (
        lambda: project.tagging.set_note(annotation.id, "\ud800"),
        lambda: project.set_details(guidelines="\ud800"),
        lambda: project.documents.edit(document.id, title="\ud800"),
        lambda: project.documents.add("\ud800", "text"),
        lambda: project.entries.create("registry-actors", "\ud800"),
        lambda: project.entries.create("registry-actors", "x", ["\ud800"]),
    ):
        with pytest.raises(InvalidValue, match="proper Unicode"):
            act()
    assert dump(project) == before


# The history


def test_the_history_says_who_did_what_and_when(project: Project, document: Document) -> None:
    project.coder = "Bob"
    project.documents.edit(document.id, status="done")
    project.undo()
    newest, done, *older = project.history()
    assert (newest.kind, newest.label, newest.coder) == ("undo", "Mark article done", "Bob")
    assert (done.kind, done.state, done.coder) == ("do", "undone", "Bob")
    assert {line.coder for line in older} == {"Ann"}
    times = [line.at for line in project.history()]
    assert times == sorted(times, reverse=True)
    assert all(len(at) == 24 and at.endswith("Z") for at in times)
    assert [line.number for line in project.history(limit=2)] == [5, 4]


def test_labels_read_well(project: Project, document: Document) -> None:
    claim, source = project.documents.annotations(document.id)
    tagging, linking, entries = project.tagging, project.linking, project.entries
    tagging.set_fields(claim.id, {"type": "fact"})
    tagging.set_note(claim.id, "n")
    tagging.set_fragments(claim.id, [Fragment(16, 28)])
    tagging.tag_into(document.id, "layer-source", [Fragment(56, 63)], claim.id, relay=True)
    actor = tagging.tag_into(document.id, "layer-actor", [Fragment(16, 22)], claim.id, about=True)
    linking.remove_member(linking.levels(claim.id)[0].id, "source", source.id)
    linking.connect(claim.id, source.id)
    syria = entries.get(source.entries[0])
    entries.edit(syria.id, name="Syrian state")
    entries.merge(syria.id, actor.entries)
    tagging.set_entries(claim.id, [])
    tagging.remove([claim.id])
    tagging.remove([source.id, actor.id])
    second = project.documents.add("Second", "two")
    project.documents.remove([second.id])
    third = project.documents.add("Third", "three")
    project.documents.remove([document.id, third.id])
    assert [line.label for line in reversed(project.history())] == [
        "Add “An article”",
        "Tag claim",
        "Tag and link source",
        "Set type",
        "Edit note",
        "Move the edge of claim",
        "Tag reporting source",
        "Tag actor as topic",
        "Unlink source",
        "Link source",
        "Rename “Syria”",
        "Merge Israel → Syrian state",
        "Take “Israel agree” away",
        "Delete claim",
        "Delete 2 annotations",
        "Add “Second”",
        "Remove “Second”",
        "Add “Third”",
        "Remove 2 articles",
    ]


# Change sets


def test_a_change_set_names_what_changed(project: Project, document: Document, told: list[ChangeSet]) -> None:
    claim = project.documents.annotations(document.id)[0]
    (link,) = project.documents.links(document.id)
    cue = project.tagging.tag_into(document.id, "layer-cue", [Fragment(6, 10)], claim.id)
    (change,) = told
    assert (change.action, change.what, change.origin) == ("Tag and link {what}", "cue", "do")
    assert dict(change.added) == {"annotation": {cue.id}}
    assert dict(change.changed) == {"link": {link.id}}
    assert dict(change.removed) == {}
    assert change.documents == {document.id}
    back = project.undo()
    assert (dict(back.removed), dict(back.changed)) == ({"annotation": {cue.id}}, {"link": {link.id}})
    again = project.redo()
    assert (again.added, again.changed, again.removed) == (change.added, change.changed, change.removed)
    assert told == [change, back, again]


def test_a_change_set_names_the_document_where_only_mentions_changed(
    project: Project, document: Document, told: list[ChangeSet]
) -> None:
    claim = project.documents.annotations(document.id)[0]
    with project.step("Only the entries") as step:
        step.replace(replace(claim, entries=()))
    assert told[0].changed == {"annotation": {claim.id}}
    assert told[0].documents == {document.id}
    assert project.undo().documents == {document.id}


def test_what_goes_and_comes_back_within_a_step_has_changed(
    project: Project, document: Document, told: list[ChangeSet]
) -> None:
    source = project.documents.annotations(document.id)[1]
    with project.step("Tag again"):
        project.tagging.remove([source.id])
        again = project.tagging.tag(document.id, "layer-source", source.fragments)
    (entry_id,) = again.entries
    assert project.entries.get(entry_id).name == "Syria"
    assert project.documents.annotations_by_id([again.id]) == [again]
    assert told[0].removed["annotation"] == {source.id}


def test_a_listener_that_left_is_not_told(project: Project) -> None:
    heard: list[ChangeSet] = []
    leave = project.subscribe(heard.append)
    leave()
    leave()
    project.set_details("Other")
    assert heard == []


# Undo and redo


def test_undo_and_redo_survive_reopening(project: Project, path: object, dump: Take) -> None:
    end = dump(project)
    project.undo()
    project.undo()
    middle = dump(project)
    other = Project.open(project.path, read_only=True)
    assert dump(other) == middle
    other.close()
    project.close()
    project = Project.open(project.path)
    try:
        assert project.redo_label is not None
        assert project.redo_label.label == "Tag claim"
        project.redo()
        project.redo()
        assert dump(project) == end
        with pytest.raises(NothingToUndo, match="nothing to redo"):
            project.redo()
        for _ in range(3):
            project.undo()
        assert not any(dump(project)[table] for table in ("document", "annotation", "link", "entry", "coder"))
        with pytest.raises(NothingToUndo, match="nothing to undo"):
            project.undo()
    finally:
        project.close()


def test_a_new_step_drops_what_could_be_redone(project: Project, document: Document) -> None:
    project.undo()
    project.documents.edit(document.id, title="Another way")
    assert project.redo_label is None
    with pytest.raises(NothingToUndo):
        project.redo()
    assert [line.state for line in project.history() if line.kind == "do"] == ["done", "dropped", "done", "done"]
    project.undo()
    assert project.undo_label is not None
    assert project.undo_label.label == "Tag claim"
    project.redo()
    assert project.documents.get(document.id).title == "Another way"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE annotation SET note = 'changed behind' WHERE layer_id = 'layer-source'",
        "DELETE FROM member WHERE role = 'source'",
        "UPDATE member SET position = 7 WHERE role = 'source'",
    ],
)
def test_undo_declines_where_rows_were_changed_behind(project: Project, dump: Take, sql: str) -> None:
    project.store.connection.exec_driver_sql(sql)
    before, lines = dump(project), labels(project)
    with pytest.raises(Conflict, match=r"^“Tag and link source” cannot be undone: .+\.$"):
        project.undo()
    assert dump(project) == before
    assert labels(project) == lines


def test_redo_declines_where_rows_were_added_behind(project: Project, document: Document, dump: Take) -> None:
    source = project.documents.annotations(document.id)[1]
    project.undo()
    with project.step("Elsewhere") as step:
        step.add(replace(source, entries=(), note="the same id"))
    connection = project.store.connection
    connection.exec_driver_sql("UPDATE step SET state = 'undone' WHERE state = 'dropped'")
    before = dump(project)
    with pytest.raises(Conflict, match="cannot be redone"):
        project.redo()
    assert dump(project) == before


def test_undo_declines_where_something_else_refers_to_it_now(project: Project, dump: Take) -> None:
    entry = project.entries.create("registry-actors", "France")
    project.store.connection.exec_driver_sql("UPDATE mention SET entry_id = ?", (entry.id,))
    before = dump(project)
    with pytest.raises(Conflict, match=r"cannot be undone: other things"):
        project.undo()
    assert dump(project) == before
    assert project.undo_label is not None
    assert project.undo_label.label == "Add “France”"


def test_a_large_step_is_undone_in_batches(project: Project, document: Document, dump: Take) -> None:
    before = dump(project)
    coder = project.known_coder_id()
    assert coder is not None
    entry = project.entries.all()[0].id
    many = [
        Annotation(new_id(), document.id, "layer-actor", coder, (Fragment(n % 50, n % 50 + 3),), (entry,), note=str(n))
        for n in range(20_000)
    ]
    with project.step("Import {what}", "much") as step:
        step.add(many)
    end = dump(project)
    statements: list[str] = []
    event.listen(project.store.connection, "before_cursor_execute", lambda *call: statements.append(call[2]))
    back = project.undo()
    assert len(statements) < 200, "set-based, not row by row"
    assert len(back.removed["annotation"]) == 20_000
    assert back.documents == {document.id}
    assert dump(project) == before
    again = project.redo()
    assert len(again.added["annotation"]) == 20_000
    assert dump(project) == end


# A table that is added later


@pytest.fixture
def bookmark() -> Iterator[Table]:
    """A table that no code knows: it is only declared, with whose it is."""
    declared = Table(
        "bookmark",
        schema.metadata,
        Column("document_id", Text, primary_key=True),
        Column("place", Integer, primary_key=True),
        Column("name", Text, nullable=False),
        info={"kind": "document", "key": "document_id"},
        sqlite_strict=True,
    )
    schema.JOURNALLED["bookmark"] = declared
    yield declared
    del schema.JOURNALLED["bookmark"]
    schema.metadata.remove(declared)


def test_a_new_table_needs_no_new_undo(bookmark: Table, project: Project, document: Document, dump: Take) -> None:
    start = dump(project)
    with project.step("Add bookmark") as step:
        step.gate.insert(bookmark, [{"document_id": document.id, "place": n, "name": f"{n}"} for n in range(3)])
    with project.step("Rename bookmark") as step:
        step.gate.update(bookmark, [{"document_id": document.id, "place": 1, "name": "here"}])
    with project.step("Remove bookmark") as step:
        step.gate.delete(bookmark, bookmark.c.place == 2)
    project.documents.remove([document.id])
    assert dump(project)["bookmark"] == [], "what belongs to a document goes with it"
    pictures = []
    for _ in range(4):
        pictures.append(dump(project))
        told = project.undo()
        assert told.touched("document") == {document.id}
    assert dump(project) == start
    for picture in reversed(pictures):
        project.redo()
        assert dump(project) == picture


def test_every_journalled_table_says_whose_it_is() -> None:
    left_out = {"file_format", "text", "step", "change"}
    assert {table.name for table in schema.metadata.tables.values()} - left_out == set(schema.JOURNALLED)
    for table in schema.JOURNALLED.values():
        assert table.info["key"] in table.c
        assert table.info["kind"] in schema.JOURNALLED
