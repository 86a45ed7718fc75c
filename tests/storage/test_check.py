"""`annotator check`: says what is wrong, whatever it is, and leaves the file alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotator.domain.errors import AnnotatorError, FileRefused
from annotator.services.checking import check_file, problems
from annotator.services.project import Project

from .conftest import TEXT, fill

PAGE = 4096


def test_a_sound_project_has_no_problems(project: Project) -> None:
    project.index_texts()
    seen: list[tuple[int, int]] = []
    assert problems(project, lambda done, total: seen.append((done, total))) == []
    assert seen == [(1, 1)]
    assert check_file(project.path) == [], "also while it is open"
    project.undo()
    assert check_file(project.path) == []


def test_what_cannot_be_read_at_all_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none", tmp_path / ("n" * 300), tmp_path / "nul\0"):
        with pytest.raises(FileRefused, match="cannot be read"):
            check_file(path)


@pytest.fixture
def damage(closed: Path) -> Callable[[str], list[str]]:
    """Change a project behind the program's back; what the check says of it."""

    def change(sql: str) -> list[str]:
        with closing(sqlite3.connect(closed)) as raw:
            raw.executescript(sql)
        before = closed.read_bytes()
        found = check_file(closed)
        assert closed.read_bytes() == before
        assert list(closed.parent.iterdir()) == [closed]
        for sentence in found:
            assert sentence[0].isupper()
            assert sentence.endswith(".")
            assert "\n" not in sentence
        return found

    return change


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE text SET content = 'other text ' || content", "is not the one that was stored"),
        ("UPDATE document SET status = 'lost'", "has the unknown status “lost”"),
        ("UPDATE document SET metadata = '{\"a\": {}}'", "has metadata “a” that is neither text"),
        ("UPDATE document SET metadata = 'x'", "cannot be read"),
        ("UPDATE document SET sha256 = 'x'", "refers to something missing in text"),
        ("UPDATE annotation SET stop = 5000 WHERE start = 16", "ends after the text"),
        ("UPDATE annotation SET more = '[[1, 0]]' WHERE start = 16", "ends before it starts"),
        ("UPDATE annotation SET more = '[1]' WHERE start = 16", "cannot be read"),
        ('UPDATE annotation SET fields = \'{"type": "odd"}\' WHERE start = 16', "not among the choices"),
        ("UPDATE annotation SET fields = '[1]' WHERE start = 16", "makes no sense"),
        ("UPDATE annotation SET layer_id = 'layer-cue' WHERE start = 16", "does not take that layer"),
        ("UPDATE annotation SET layer_id = 'x' WHERE start = 16", "refers to something missing in layer"),
        ("UPDATE mention SET entry_id = 'x'", "refers to something missing in entry"),
        ("DELETE FROM member WHERE role = 'claim'", "needs a member in its role “claim”"),
        ("UPDATE member SET role = 'x' WHERE role = 'source'", "has the role “x”"),
        ("UPDATE member SET annotation_id = NULL, inner_id = link_id WHERE role = 'claim'", "refers to itself"),
        ("UPDATE entry SET parent_id = id", "refers to itself"),
        ('UPDATE entry SET fields = \'{"kind": "odd"}\'', "not a field of its kind|not among the choices"),
        ("UPDATE entry SET aliases = '{'", "cannot be read"),
        ("UPDATE layer SET color = 'red' WHERE name = 'Cue'", "has the colour “red”"),
        ("UPDATE layer SET registry = 'none' WHERE name = 'Actor'", "refers to an unknown registry"),
        ("UPDATE link_type SET roles = '7'", "codebook or its lists cannot be read"),
        ("DELETE FROM project", "codebook or its lists cannot be read"),
        ("DELETE FROM coder", "refers to something missing in coder"),
        ("DELETE FROM change WHERE sequence = 1", "has lost a part"),
        ("DELETE FROM step WHERE number = 2", "refers to something missing in step"),
        ("UPDATE step SET state = 'odd' WHERE number = 2", "neither done nor undone"),
        ("UPDATE step SET state = 'undone' WHERE number = 2", "though a later one is not"),
        ("UPDATE step SET kind = 'undo', refers = 77 WHERE number = 3", "a step that is not there"),
        ("UPDATE change SET after = '{}' WHERE after IS NOT NULL", "cannot be read"),
        ("UPDATE change SET table_name = 'odd'", "cannot be read"),
        ("UPDATE annotation SET note = 'behind' WHERE layer_id = 'layer-source'", "something else wrote to the file"),
        ("DROP TABLE dismissal", "has lost its table dismissal"),
        ("ALTER TABLE annotation DROP COLUMN note", "has lost its column note"),
        ("CREATE TRIGGER bad AFTER INSERT ON step BEGIN DELETE FROM document; END", "a trigger, “bad”"),
        ("CREATE VIEW bad AS SELECT 1", "a view, “bad”"),
        ("PRAGMA application_id = 0", "is not an Annotator project"),
        ("PRAGMA user_version = 0", "is not an Annotator project"),
    ],
)
def test_each_problem_is_a_sentence(damage: Callable[[str], list[str]], sql: str, said: str) -> None:
    found = damage(sql)
    assert any(part in sentence for sentence in found for part in said.split("|")), found


def test_one_bad_document_does_not_hide_the_others(closed: Path) -> None:
    project = Project.open(closed)
    for number in range(3):
        project.documents.add(f"More {number}", f"{TEXT} {number}")
    project.close()
    with closing(sqlite3.connect(closed)) as raw:
        raw.execute("UPDATE document SET metadata = '{' WHERE title = 'More 0'")
        raw.execute("UPDATE document SET status = 'odd' WHERE title = 'More 2'")
        raw.execute("DELETE FROM change")
        raw.execute("DELETE FROM step")
        raw.commit()
    found = check_file(closed)
    assert len(found) == 2
    assert "cannot be read" in found[0] or "cannot be read" in found[1]


@pytest.mark.parametrize("table", ["change", "step", "entry", "text", "project"])
def test_a_newer_project_is_looked_at_as_far_as_it_goes(damage: Callable[[str], list[str]], table: str) -> None:
    assert damage("PRAGMA user_version = 99") == []
    assert damage(f"DROP TABLE {table}") != []


# Damaged pages and truncations


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with all kinds of pages in it."""
    path = tmp_path_factory.mktemp("whole") / "whole.annot"
    project = fill(Project.create(path))
    for number in range(30):
        project.documents.add(f"Article {number}", f"{number} {TEXT} " * 60)
    project.undo()
    project.index_texts()
    project.close()
    return path


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("victim") / "victim.annot"


def assert_told(victim: Path, content: bytes) -> list[str]:
    victim.write_bytes(content)
    found = check_file(victim)
    assert all(isinstance(sentence, str) and sentence and "\n" not in sentence for sentence in found)
    assert victim.read_bytes() == content
    assert [path.name for path in victim.parent.iterdir()] == [victim.name]
    with suppress(AnnotatorError), closing(Project.open(victim)) as project:
        try:
            for row in project.documents.rows():
                project.documents.text(row.id)
                project.documents.annotations(row.id)
            project.entries.all()
            project.history()
        except (ValueError, KeyError, TypeError):
            assert found, "content that makes no sense is what the check is for"
    assert victim.read_bytes() == content, "looking at a damaged file does not write to it"
    return found


OFFSETS = st.integers(0, 2**20)
RUBBISH = st.sampled_from([b"\0", b"\xff", b"\x55", b"\r\0\0\0", b"SQL"]) | st.binary(min_size=1, max_size=40)


@given(at=OFFSETS, whole_pages=st.booleans())
@settings(max_examples=60)
def test_a_truncated_file(whole: Path, victim: Path, at: int, whole_pages: bool) -> None:
    content = whole.read_bytes()
    length = at % len(content)
    assert assert_told(victim, content[: length - length % PAGE if whole_pages else length])


@given(st.lists(st.tuples(OFFSETS, RUBBISH), min_size=1, max_size=3))
@settings(max_examples=60)
def test_overwritten_pages(whole: Path, victim: Path, pages: list[tuple[int, bytes]]) -> None:
    content = bytearray(whole.read_bytes())
    for page, rubbish in pages:
        start = page % (len(content) // PAGE) * PAGE
        content[start : start + PAGE] = (rubbish * PAGE)[:PAGE]
    assert assert_told(victim, bytes(content)) or content == whole.read_bytes()


@given(st.lists(st.tuples(OFFSETS, st.binary(min_size=1, max_size=8)), min_size=1, max_size=5))
@example([(44, b"\x00\x00\x00\x05")])  # a format of the file that SQLite does not know
@settings(max_examples=60)
def test_a_few_wrong_bytes(whole: Path, victim: Path, pieces: list[tuple[int, bytes]]) -> None:
    content = bytearray(whole.read_bytes())
    for at, piece in pieces:
        start = at % (len(content) - len(piece))
        content[start : start + len(piece)] = piece
    assert_told(victim, bytes(content))
