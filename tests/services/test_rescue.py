"""Damaged projects: what is offered, and what can still be saved of them."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from annotator.cli import main
from annotator.domain.errors import Damaged, FileRefused
from annotator.domain.model import Fragment
from annotator.services.checking import check_file
from annotator.services.project import Project
from annotator.services.rescue import backups_of, newest_good, restore, salvage
from annotator.storage.backup import back_up
from annotator.storage.mentions import apart

PAGE = 4096
ARTICLES = 60


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with some dozens of articles, and attributions in them."""
    path = tmp_path_factory.mktemp("whole") / "study.annot"
    project = Project.create(path, name="Levant talks", coder="Ann")
    project.set_details(guidelines="Only what somebody said.")
    for number in range(ARTICLES):
        text = f"Article {number}. Syria said that Israel agreed. Washington confirmed it. " * 8
        document = project.documents.add(f"Article {number}", text, {"outlet": "Meridian Post"})
        claim = project.tagging.tag(document.id, "layer-claim", [Fragment(30, 45)], fields={"type": "fact"})
        project.tagging.tag_into(document.id, "layer-source", [Fragment(12, 17)], claim.id)
        project.tagging.tag_into(document.id, "layer-source", [Fragment(46, 56)], claim.id, relay=True)
    _judge(project)
    project.close()
    return path


def _judge(project: Project) -> None:
    """What people decide besides tagging."""
    syria = project.entries.resolve("registry-actors", "Syria")
    assert syria is not None
    project.entries.judge_apart(syria.id, project.entries.create("registry-actors", "Israel").id)
    first, second, *_ = project.suggesting.suggest(project.documents.rows()[0].id)
    project.suggesting.dismiss(first)
    project.suggesting.never(second)
    project.searches.save("Capital", "[A-Z]ashington", "regex", exact=True)


@pytest.fixture
def study(whole: Path, tmp_path: Path) -> Path:
    path = tmp_path / "study.annot"
    path.write_bytes(whole.read_bytes())
    return path


def contents(path: Path) -> dict[str, object]:
    project = Project.open(path, read_only=True)
    try:
        rows = project.documents.rows()
        return {
            "titles": [row.title for row in rows],
            "texts": [project.documents.text(row.id) for row in rows],
            "annotations": [project.documents.annotations(row.id) for row in rows],
            "links": [project.documents.links(row.id) for row in rows],
            "entries": project.entries.all(),
            "dismissed": [project.store.dismissals(row.id) for row in rows],
            "unwanted": project.store.unwanted_names(),
            "apart": apart(project.store.connection),
            "searches": project.searches.all(),
            "name": (project.info.name, project.info.guidelines),
        }
    finally:
        project.close()


def test_of_a_sound_project_everything_is_saved(study: Path, tmp_path: Path) -> None:
    report = salvage(study, tmp_path / "saved.annot")
    assert report.lost == []
    assert report.kept["document"] == ARTICLES
    assert report.summary().startswith(f"{ARTICLES} documents, ")
    assert "nothing was missed" in report.summary()
    saved = Project.open(tmp_path / "saved.annot", read_only=True)
    before = Project.open(study, read_only=True)
    told = [(line.action, line.what, line.at, line.coder) for line in before.history() if line.kind == "do"]
    assert [(line.action, line.what, line.at, line.coder) for line in saved.history()][1:] == told
    assert saved.undo_label is not None
    assert saved.undo_label.action == "Salvage {what}", "what was done before can be read, not undone"
    before.close()
    saved.close()
    assert contents(tmp_path / "saved.annot") == contents(study)


def overwrite(path: Path, page: int, seed: int = 1) -> bytes:
    content = bytearray(path.read_bytes())
    content[page * PAGE : (page + 1) * PAGE] = random.Random(seed).randbytes(PAGE)
    path.write_bytes(content)
    return bytes(content)


def pages_of(path: Path) -> int:
    return path.stat().st_size // PAGE


def test_whatever_page_is_overwritten(study: Path, tmp_path: Path, whole: Path) -> None:
    chance = random.Random(7)
    count = pages_of(study)
    saved_of = []
    for page in [0, *chance.sample(range(1, count), min(20, count - 1))]:
        study.write_bytes(whole.read_bytes())
        content = overwrite(study, page, page)
        assert check_file(study), f"the check says nothing of page {page}"
        to = tmp_path / f"saved-{page}.annot"
        report = salvage(study, to)
        assert study.read_bytes() == content, "the original is not touched"
        assert check_file(to) == []
        saved_of.append(report.kept["document"])
        assert report.kept["document"] >= ARTICLES - 40
        to.unlink()
    assert sum(saved == ARTICLES for saved in saved_of) > len(saved_of) * 0.6
    assert [left.name for left in tmp_path.iterdir()] == ["study.annot"]


def test_a_first_page_that_is_gone_does_not_take_the_rest_along(study: Path, tmp_path: Path) -> None:
    before = contents(study)
    overwrite(study, 0)
    salvage(study, tmp_path / "saved.annot")
    assert contents(tmp_path / "saved.annot") == before


def test_texts_are_found_where_the_way_to_them_is_lost(study: Path, tmp_path: Path) -> None:
    project = Project.open(study)
    project.documents.add("Long", "A long article, said Reuters. " * 2000)
    project.close()
    before = contents(study)
    with closing(sqlite3.connect(study)) as raw:
        root = raw.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'text'").fetchone()[0]
    overwrite(study, root - 1)
    report = salvage(study, tmp_path / "saved.annot")
    assert contents(tmp_path / "saved.annot") == before
    assert report.lost == ["Some texts could not be read."]


@pytest.mark.parametrize("part", [0.45, 0.6, 0.9])
def test_a_truncated_project(study: Path, tmp_path: Path, part: float) -> None:
    content = study.read_bytes()
    study.write_bytes(content[: int(len(content) * part)])
    report = salvage(study, tmp_path / "saved.annot")
    assert check_file(tmp_path / "saved.annot") == []
    assert report.kept["document"] > 0
    assert report.lost


def test_several_pages_at_random(study: Path, tmp_path: Path, whole: Path) -> None:
    for seed in range(8):
        chance = random.Random(seed)
        study.write_bytes(whole.read_bytes())
        for _ in range(chance.randint(2, 12)):
            overwrite(study, chance.randrange(pages_of(study)), chance.getrandbits(30))
        to = tmp_path / "saved.annot"
        try:
            salvage(study, to)
        except FileRefused:
            assert not to.exists()
        else:
            assert check_file(to) == []
            to.unlink()


def test_nothing_is_written_over(study: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.annot"
    other.write_text("mine")
    with pytest.raises(FileRefused, match="exists already"):
        salvage(study, other)
    with pytest.raises(FileRefused, match="exists already"):
        restore(back_up(study), other)
    assert other.read_text() == "mine"


def test_a_page_of_another_table_in_the_place_of_the_link_types(study: Path, tmp_path: Path) -> None:
    # Found by the long form: texts were read as link types, and could not be written as such.
    with closing(sqlite3.connect(study)) as raw:
        roots = dict(raw.execute("SELECT name, rootpage FROM sqlite_schema WHERE type = 'table'"))
    content = bytearray(study.read_bytes())
    leaf = next(
        n
        for n in range(1, len(content) // PAGE)
        if content[n * PAGE] == 13 and b"Article 7." in content[n * PAGE :][:PAGE]
    )
    start = (roots["link_type"] - 1) * PAGE
    content[start : start + PAGE] = content[leaf * PAGE : (leaf + 1) * PAGE]
    study.write_bytes(content)
    assert check_file(study)
    report = salvage(study, tmp_path / "saved.annot")
    assert report.kept["document"] == ARTICLES
    assert "Some link types could not be read." in report.lost
    assert check_file(tmp_path / "saved.annot") == []
    assert study.read_bytes() == content


@pytest.mark.parametrize("name", [b"\xa4ext", b"te\xff\xfet"])
def test_damage_that_the_message_of_the_database_quotes(study: Path, tmp_path: Path, name: bytes) -> None:
    # Found by the long form: a message that is no proper text came through as an error of its own.
    content = study.read_bytes().replace(b"CREATE TABLE text (", b"CREATE " + name + b" text (", 1)
    study.write_bytes(content[: len(study.read_bytes())])
    before = study.read_bytes()
    assert check_file(study)
    with pytest.raises(FileRefused) as caught:
        Project.open(study)
    assert "\n" not in str(caught.value)
    report = salvage(study, tmp_path / "saved.annot")
    assert report.kept["document"] == ARTICLES
    assert study.read_bytes() == before


def test_where_there_is_nothing_to_read_it_says_so(tmp_path: Path) -> None:
    rubbish = tmp_path / "study.annot"
    for content in (b"", b"rubbish" * 3000, b"SQLite format 3\0" + bytes(5000)):
        rubbish.write_bytes(content)
        with pytest.raises(FileRefused, match="no text that can be read"):
            salvage(rubbish, tmp_path / "saved.annot")
    with pytest.raises(FileRefused, match="cannot be read"):
        salvage(tmp_path / "none.annot", tmp_path / "saved.annot")
    assert [left.name for left in tmp_path.iterdir()] == ["study.annot"]


# Backups


def test_the_newest_good_backup_is_found(study: Path, tmp_path: Path) -> None:
    assert newest_good(study) is None
    first, second = back_up(study), back_up(study)
    assert [each.path for each in backups_of(study)] == [second, first]
    overwrite(second, 3)
    good = newest_good(study)
    assert good is not None
    assert good.path == first
    with pytest.raises(FileRefused, match="was not restored, as it is damaged"):
        restore(second, tmp_path / "restored.annot")
    restore(first, tmp_path / "restored.annot")
    assert contents(tmp_path / "restored.annot") == contents(study)


def test_without_backups_a_file_of_another_kind_is_just_that(study: Path) -> None:
    overwrite(study, 0)
    with pytest.raises(FileRefused, match="is not an Annotator project"):
        Project.open(study)
    study.write_bytes(study.read_bytes()[:0])
    with pytest.raises(FileRefused):
        Project.open(study)


def test_damage_is_told_apart(study: Path) -> None:
    back_up(study)
    overwrite(study, 0)
    with pytest.raises(Damaged, match="Restore a backup"):
        Project.open(study)


# The command line


def test_the_command_line_salvages(study: Path, tmp_path: Path) -> None:
    to = tmp_path / "saved.annot"
    assert main(["salvage", str(study), str(to)]) == 0
    assert check_file(to) == []
    assert main(["salvage", str(study), str(to)]) == 1


def test_the_command_line_lists_and_restores_backups(
    study: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["backups", str(study)]) == 0
    assert "no backup" in capfd.readouterr().out
    back_up(study)
    newest = back_up(study)
    assert main(["backups", str(study)]) == 0
    out = capfd.readouterr().out
    assert len(out.splitlines()) == 2
    assert str(newest) in out.splitlines()[0]
    to = tmp_path / "restored.annot"
    assert main(["backups", str(study), "--restore", "1", str(to)]) == 0
    assert contents(to) == contents(study)
    capfd.readouterr()
    for wrong in (["3", str(tmp_path / "x.annot")], ["0", "x"], ["one", "x"], ["1", str(to)]):
        assert main(["backups", str(study), "--restore", *wrong]) in (1, 2)
    said = capfd.readouterr().err
    assert "Traceback" not in said
    study.unlink()
    assert main(["backups", str(study)]) == 0, "also of a project that is gone"
