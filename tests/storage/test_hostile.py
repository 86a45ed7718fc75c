"""A project file may come from a stranger: what is in it is not believed, and never acts."""

from __future__ import annotations

import ast
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from annotator.domain.errors import AnnotatorError, Damaged, FileRefused
from annotator.services.checking import check_file
from annotator.services.project import Project
from annotator.services.rescue import salvage
from annotator.storage import dialect, soundness

from .conftest import TEXT

REWRITE = "UPDATE sqlite_schema SET sql = replace(sql, '{}', '{}') WHERE name = '{}'"


def poison(path: Path, sql: str) -> bytes:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA writable_schema=ON")
        raw.executescript(sql)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("CREATE TRIGGER t AFTER INSERT ON step BEGIN DELETE FROM document; END", "trigger, “t”"),
        ("CREATE TRIGGER t AFTER UPDATE ON file_format BEGIN DELETE FROM text; END", "trigger, “t”"),
        ("CREATE VIEW v AS SELECT 1", "view, “v”"),
        ("ALTER TABLE dismissal RENAME TO d2; CREATE VIEW dismissal AS SELECT * FROM d2", "dismissal is a view"),
        ("CREATE TABLE extra (x); INSERT INTO extra VALUES (zeroblob(100000))", "a table, “extra”"),
        (f'CREATE TABLE "{"x" * 5000}" (x)', "a table, “xxx"),
        ("CREATE VIRTUAL TABLE v USING fts5(x)", "a virtual, “v”|a shadow, “v_data”"),
        ("CREATE INDEX i ON document (length(title))", "an index, “i”"),
        ("DROP INDEX document_by_text; CREATE INDEX document_by_text ON document (hex(title))", "“document_by_text”"),
        ("ALTER TABLE coder ADD COLUMN h TEXT AS (hex(name))", "coder has a rule"),
        (REWRITE.format(" STRICT", ", CHECK (name <> zeroblob(9)) STRICT", "coder"), "coder has a rule|is damaged"),
        ("DROP TABLE text_search", "has lost its search index"),
        ("DROP TABLE change", "has lost its table change"),
    ],
)
def test_what_could_act_by_itself_is_not_opened(closed: Path, tmp_path: Path, sql: str, said: str) -> None:
    before = poison(closed, sql)
    with pytest.raises(Damaged) as caught:
        Project.open(closed)
    assert any(part in str(caught.value) for part in said.split("|")), caught.value
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500
    assert closed.read_bytes() == before
    assert [path for path in closed.parent.iterdir() if path != closed] == []
    assert check_file(closed) != []
    # All that is the user's comes over, and nothing else.
    report = salvage(closed, tmp_path / "saved.annot")
    assert report.kept["document"] == 1
    assert check_file(tmp_path / "saved.annot") == []
    Project.open(tmp_path / "saved.annot").close()


def test_a_reader_does_not_open_it_either(closed: Path) -> None:
    poison(closed, "CREATE TRIGGER t AFTER INSERT ON step BEGIN DELETE FROM document; END")
    with pytest.raises(Damaged, match="a trigger"):
        Project.open(closed, read_only=True)


def test_a_newer_project_may_hold_more_but_nothing_in_the_place_of_ours(closed: Path) -> None:
    poison(closed, "CREATE TABLE extra (x); CREATE VIEW v AS SELECT 1; PRAGMA user_version=99")
    project = Project.open(closed)
    assert project.read_only
    project.close()
    poison(closed, "ALTER TABLE document RENAME TO d2; CREATE VIEW document AS SELECT * FROM d2")
    with pytest.raises(Damaged, match="document is a view"):
        Project.open(closed)


def test_an_older_project_is_not_brought_up_to_date_where_something_would_act(tmp_path: Path) -> None:
    golden = Path(__file__).parent.parent / "golden" / "version-1.annot"
    path = Path(shutil.copy(golden, tmp_path / "old.annot"))
    before = poison(path, "CREATE TRIGGER t AFTER UPDATE ON file_format BEGIN DELETE FROM text; END")
    with pytest.raises(Damaged, match="a trigger"):
        Project.open(path)
    assert path.read_bytes() == before


def test_huge_values_are_not_read(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialect, "LARGEST", 100_000)
    poison(closed, "UPDATE document SET title = replace(hex(zeroblob(60000)), '00', 'ab')")
    with (
        pytest.raises(AnnotatorError, match="more in one place than a project can"),
        closing(Project.open(closed)) as p,
    ):
        p.documents.rows()
    poison(closed, "UPDATE document SET title = 'T'; UPDATE text SET content = hex(zeroblob(60000))")
    with pytest.raises(FileRefused):
        Project.open(closed)


def test_a_text_larger_than_a_project_can_hold_is_refused(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = project.store.connection.connection.driver_connection
    assert raw is not None
    raw.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 100_000)
    with pytest.raises(FileRefused, match="more in one place"):
        project.documents.add("Long", "word " * 30_000)
    assert [row.title for row in project.documents.rows()] == ["An article"]


def test_the_connection_trusts_no_schema(project: Project) -> None:
    for pragma, value in {"trusted_schema": 0, "cell_size_check": 1, "foreign_keys": 1}.items():
        assert project.store.connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value


# Looked at before it is used


def damage_a_text(path: Path) -> bytes:
    """The last bytes of a long text: no structure of the file is hurt."""
    content = path.read_bytes()
    at = content.rindex(TEXT[-30:].encode())
    path.write_bytes(content[:at] + b"#" * 30 + content[at + 30 :])
    return path.read_bytes()


def test_a_letter_that_was_altered_in_a_text_is_noticed(closed: Path) -> None:
    before = damage_a_text(closed)
    with pytest.raises(Damaged, match="not the one that was stored"):
        Project.open(closed)
    assert closed.read_bytes() == before


def test_a_damaged_search_index_is_noticed(closed: Path) -> None:
    project = Project.open(closed)
    project.index_texts()
    project.close()
    poison(closed, "UPDATE text_search_data SET block = zeroblob(length(block)) WHERE id > 10")
    assert check_file(closed) == ["The search index is damaged."]
    with pytest.raises(Damaged, match="search index is damaged"):
        Project.open(closed)


def test_a_search_index_that_is_behind_is_no_damage(project: Project) -> None:
    project.index_texts()
    project.documents.add("Another", "Not in the index yet.")
    assert check_file(project.path) == []
    project.close()
    soundness.forget(project.path)
    before = project.path.read_bytes()
    Project.open(project.path).close()
    assert project.path.read_bytes() == before, "looking writes nothing"


def test_a_file_as_it_was_left_is_known_and_any_other_looked_at(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[object] = []
    look: Callable[..., list[str]] = dialect.integrity_problems
    monkeypatch.setattr(dialect, "integrity_problems", lambda connection: looked.append(1) or look(connection))
    Project.open(closed).close()
    assert looked == []
    shutil.copy(closed, closed.with_name("copy.annot"))
    Project.open(closed.with_name("copy.annot")).close()
    assert len(looked) == 1
    later = soundness.time.time() + 2 * soundness.FORGET_AFTER
    monkeypatch.setattr(soundness.time, "time", lambda: later)
    Project.open(closed).close()
    assert len(looked) == 2
    Project.open(closed).close()
    assert len(looked) == 2, "the day began anew"
    closed.write_bytes(closed.read_bytes())
    Project.open(closed).close()
    assert len(looked) == 3


def test_nothing_that_is_read_is_ever_run() -> None:
    package = Path(__file__).parent.parent.parent / "annotator"
    # Python's own form of objects is read where Python or this program itself has just written it, never from a project.
    own = {"pyside.py", "services/scanning.py", "services/scan_child.py"}
    found: dict[str, set[str]] = {}
    for path in package.rglob("*.py"):
        names = found.setdefault(path.relative_to(package).as_posix(), set())
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.partition(".")[0])
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                names.add(f"{node.func.id}()")
    assert "sqlite3" in found["storage/dialect.py"]
    never = {"pickle", "shelve", "dill", "yaml", "eval()", "exec()", "compile()", "__import__()"}
    assert {path: names & never for path, names in found.items() if names & never} == {}
    assert {path for path, names in found.items() if "marshal" in names} <= own
