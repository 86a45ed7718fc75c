"""When a step cannot be saved the window goes on: it says so in one sentence, tries again, or saves a copy elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from annotator.services.checking import check_file
from annotator.services.project import Project
from annotator.ui import settings
from annotator.ui.dialogs.message import Message
from annotator.ui.dialogs.not_saved import NotSavedDialog
from tests.torture.faults import FAULTS
from tests.torture.window import Person, settings_in, study


@pytest.fixture
def person(qapp: QApplication, tmp_path: Path) -> Iterator[Person]:
    settings_in(tmp_path)
    (tmp_path / "work").mkdir()
    made = Person(study(tmp_path / "work" / "study.annot"))
    yield made
    made.leave()
    settings.use(None)


def dialogs(person: Person) -> list[NotSavedDialog]:
    return [each for each in person.window.findChildren(NotSavedDialog) if each.isVisible()]


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "no room"])
def test_a_step_that_cannot_be_saved_is_tried_again(person: Person, fault: str, qtbot: Any) -> None:
    person.tag("Ada Roy", "A")
    with FAULTS[fault](person.project):
        person.tag("Western media", "S")
        (dialog,) = dialogs(person)
        assert dialog.text.text().endswith(".")
        assert "\n" not in dialog.text.text()
        person.press("Return")
        assert dialog.isVisible()
        assert dialog.error.text() == "It still cannot be saved."
        assert person.tagged() == ["Ada Roy"]
    person.press("Return")
    assert not dialogs(person)
    qtbot.waitUntil(lambda: person.tagged() == ["Ada Roy", "Western media"])
    path = person.project.path
    person.window.close_project()
    assert check_file(path) == []


def test_a_full_disk(person: Person, qtbot: Any) -> None:
    with FAULTS["no room"](person.project):
        while not dialogs(person):  # a page that was begun still takes some
            person.tag("Ada Roy", "A")
            person.press("Ctrl+Z")
        (dialog,) = dialogs(person)
        assert "the disk is full" in dialog.text.text()
        before = person.tagged()
        person.press("Return")
        qtbot.waitUntil(lambda: len(dialogs(person)) == 1)
        assert person.tagged() == before
    person.press("Return")
    qtbot.waitUntil(lambda: not dialogs(person) and person.tagged() != before)
    person.tag("Western media", "S")
    assert "Western media" in person.tagged()


def test_a_copy_is_saved_elsewhere_and_work_goes_on_there(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    person.tag("Ada Roy", "A")
    person.project.path.unlink()
    person.tag("Western media", "S")
    (dialog,) = dialogs(person)
    assert "is not there any more" in dialog.text.text()
    to = tmp_path / "elsewhere.annot"
    monkeypatch.setattr(dialog, "place", lambda _ending: to)
    dialog.copy_button.click()
    qtbot.waitUntil(lambda: person.workspace.project is not None and person.project.path == to)
    assert person.tagged() == ["Ada Roy"]
    person.tag("Western media", "S")
    assert person.tagged() == ["Ada Roy", "Western media"]
    person.press("Ctrl+Z", "Ctrl+Z")
    assert person.tagged() == []
    person.window.close_project()
    assert check_file(to) == []


def test_not_now_leaves_everything_as_it_is(person: Person) -> None:
    with FAULTS["folder gone"](person.project):
        person.tag("Ada Roy", "A")
        person.press("Esc")
        assert not dialogs(person)
        person.press("N", "P", "Ctrl+PgDown", "Ctrl+PgUp")
        assert person.workspace.document.title == "Article 0"
        assert person.tagged() == []
    person.tag("Ada Roy", "A")
    assert person.tagged() == ["Ada Roy"]


def test_a_project_that_another_window_had_can_be_written_once_it_is_closed(person: Person) -> None:
    second = Person(person.project.path)
    try:
        banner = second.window.workbench.banner
        assert banner.isVisible()
        assert banner.button.text() == "Try again"
        banner.button.click()
        second.settle()
        assert second.project.read_only
        person.window.close_project()
        banner.button.click()
        second.settle()
        assert not second.project.read_only
        assert not banner.isVisible()
        second.tag("Ada Roy", "A")
        assert second.tagged() == ["Ada Roy"]
    finally:
        second.leave()


def test_what_another_computer_has_is_taken_over_once_one_says_so(person: Person) -> None:
    path = person.project.path
    with FAULTS["taken over"](person.project):
        note = path.with_name(f".{path.name}.writer").read_text("utf-8")
    person.window.close_project()
    path.with_name(f".{path.name}.writer").write_text(note.replace("4711", "1"))
    assert person.window.commands.open_path(path)
    person.settle()
    assert person.project.read_only_reason.startswith("Bob on office")
    banner = person.window.workbench.banner
    assert banner.button.text() == "Take over…"
    banner.button.click()
    (message,) = [each for each in person.window.findChildren(Message) if each.isVisible()]
    assert "Bob on office" in message.text.text()
    message.ok_button.click()
    person.settle()
    assert not person.project.read_only
    person.tag("Ada Roy", "A")
    assert person.tagged() == ["Ada Roy"]


def test_a_window_and_the_command_line(person: Person, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from annotator.cli import main

    person.tag("Ada Roy", "A")
    more = tmp_path / "more.txt"
    more.write_text("Another article.", "utf-8")
    assert main(["import", str(person.project.path), str(more)]) == 1
    assert "has it open" in capfd.readouterr().err
    assert main(["check", str(person.project.path)]) == 0
    assert main(["export", str(person.project.path), str(tmp_path / "out.json")]) == 0
    person.tag("Western media", "S")
    path = person.project.path
    person.window.close_project()
    assert main(["import", str(path), str(more)]) == 0
    project = Project.open(path)
    assert len(project.documents.rows()) == 4
    project.close()


def test_a_backup_is_made_after_twenty_minutes_of_work(person: Person, qtbot: Any) -> None:
    from annotator.storage.backup import backups

    timer = person.window._back_up_timer
    assert timer.interval() == 20 * 60 * 1000
    assert timer.isActive()
    timer.timeout.emit()
    person.settle()
    assert backups(person.project.path) == [], "nothing was done"
    person.tag("Ada Roy", "A")
    timer.timeout.emit()
    qtbot.waitUntil(lambda: len(backups(person.project.path)) == 1)
    timer.timeout.emit()
    person.settle()
    assert len(backups(person.project.path)) == 1
