"""Backups that can be trusted, and a search index that follows the texts."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.errors import FileRefused, InvalidValue
from annotator.services.project import Project
from annotator.storage import backup
from annotator.storage.search import _CLOSE, _OPEN, places

from .conftest import Dump


def test_a_backup_holds_everything(project: Project, dump: Callable[[Project], Dump]) -> None:
    made = project.back_up()
    before = dump(project)
    project.undo()
    copy = Project.open(made)
    assert dump(copy) == before
    assert copy.history()[0].label == "Tag and link source"
    copy.close()


def test_old_backups_are_thinned_out(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "KEEP", 3)
    made = [project.back_up() for _ in range(5)]
    assert backup.backups(project.path) == made[:-4:-1]


def test_a_backup_that_is_not_sound_is_not_kept(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.close()
    content = bytearray(project.path.read_bytes())
    content[4096 * 3 :] = b"\x55" * (len(content) - 4096 * 3)
    project.path.write_bytes(content)
    with pytest.raises(FileRefused, match="could not be backed up"):
        backup.back_up(project.path)
    assert list(backup.folder_for(project.path).iterdir()) == []


def test_a_backup_that_cannot_be_made_says_so(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup.os, "replace", fail)
    with pytest.raises(FileRefused, match="No space left"):
        project.back_up()
    assert list(backup.folder_for(project.path).iterdir()) == []


# Search


def test_search_follows_what_is_added(project: Project) -> None:
    assert [hit.match for hit in project.search.find("washington")] == ["Washington"]
    assert project.search.find("paris") == []
    document = project.documents.add("Second", "In Paris, paris and PARÍS.")
    hits = project.search.find("paris")
    assert [(hit.document_id, hit.start, hit.end) for hit in hits] == [
        (document.id, 3, 8),
        (document.id, 10, 15),
        (document.id, 20, 25),
    ]
    assert [hit.match for hit in project.search.find("paris", limit=2)] == ["Paris", "paris"]
    project.undo()
    assert project.search.find("paris") == [], "a text that no document has is not found"
    project.redo()
    assert len(project.search.find("paris")) == 3


def test_a_query_that_is_no_expression_is_taken_as_words(project: Project) -> None:
    project.documents.add("Second", "What? (really) “quoted” AND-so")
    assert project.search.find('really) "')[0].match == "really"
    assert project.search.find("What?")
    for empty in ("", " "):
        with pytest.raises(InvalidValue, match="Type a word"):
            project.search.find(empty)
    for odd in ('"', "*", "AND", "(", "()", "NEAR(", "-", "^"):
        with suppress(InvalidValue):
            project.search.find(odd)


def test_a_reader_can_search_what_is_indexed(project: Project) -> None:
    project.index_texts()
    reader = Project.open(project.path)
    assert reader.read_only
    assert len(reader.search.find("syria")) == 1
    reader.close()


@given(st.text(alphabet="ab \x02\x03🤝é\n", max_size=30))
def test_hits_stand_where_they_are_said_to(text: str) -> None:
    with sqlite3.connect(":memory:") as raw:
        raw.execute("CREATE VIRTUAL TABLE t USING fts5(content, tokenize='unicode61 remove_diacritics 2')")
        raw.execute("INSERT INTO t VALUES (?)", (text,))
        found = raw.execute("SELECT highlight(t, 0, ?, ?) FROM t WHERE t MATCH 'a OR b'", (_OPEN, _CLOSE)).fetchone()
    raw.close()
    for place in places("d", "", found[0], 60) if found else ():
        assert text[place.start : place.end] == place.match
        assert text[: place.start].endswith(place.before)
        assert text[place.end :].startswith(place.after)
