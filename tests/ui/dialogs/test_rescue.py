"""The way out of a damaged project, and the list of backups."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from annotator.domain.errors import Damaged
from annotator.services.checking import check_file
from annotator.services.project import Project
from annotator.ui.dialogs.message import Message
from annotator.ui.dialogs.rescue import BackupsDialog, DamagedDialog
from annotator.ui.main_window import MainWindow


@pytest.fixture
def main_window(qtbot, own_settings) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "damaged.annot"
    project = Project.create(path, name="Levant talks", coder="Ann")
    for number in range(20):
        project.documents.add(f"Article {number}", f"{number} Syria said so. " * 40)
    project.close()
    return path


def damage(path: Path) -> bytes:
    content = bytearray(path.read_bytes())
    content[16:4096] = random.Random(1).randbytes(4080)
    path.write_bytes(content)
    return bytes(content)


def shown(window: MainWindow, kind: type) -> list:
    return [child for child in window.findChildren(kind) if isValid(child) and child.isVisible()]


def close_all(window: MainWindow) -> None:
    for kind in (Message, DamagedDialog, BackupsDialog):
        for dialog in shown(window, kind):
            dialog.close()
    window.close_project()
    QApplication.processEvents()


def test_a_damaged_project_offers_its_newest_sound_backup(
    qtbot, main_window: MainWindow, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project.open(study)
    project.back_up()
    project.close()
    content = damage(study)
    assert not main_window.commands.open_path(study)
    (dialog,) = shown(main_window, DamagedDialog)
    qtbot.waitUntil(lambda: dialog.ok_button.isEnabled())
    assert "newest sound backup" in dialog.note.text()
    to = tmp_path / "copy.annot"
    monkeypatch.setattr(dialog, "place", lambda _ending: to)
    dialog.ok_button.click()
    qtbot.waitUntil(lambda: main_window.workspace.project is not None)
    assert main_window.workspace.project.path == to
    assert len(main_window.workspace.project.documents.rows()) == 20
    assert study.read_bytes() == content
    close_all(main_window)


def test_without_a_backup_what_can_be_read_is_saved(
    qtbot, main_window: MainWindow, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = damage(study)
    # As told by SQLite, where the beginning of the file still looks right.
    with pytest.raises(Damaged):
        Project.open(study)
    assert not main_window.commands.open_path(study)
    (dialog,) = shown(main_window, DamagedDialog)
    qtbot.waitUntil(lambda: dialog.salvage_button.isEnabled())
    assert "no sound backup" in dialog.note.text()
    assert not dialog.ok_button.isEnabled()
    taken = tmp_path / "taken.annot"
    taken.write_text("mine")
    monkeypatch.setattr(dialog, "place", lambda _ending: taken)
    dialog.salvage_button.click()
    qtbot.waitUntil(dialog.error.isVisible)
    assert "exists already" in dialog.error.text()
    to = tmp_path / "saved.annot"
    monkeypatch.setattr(dialog, "place", lambda _ending: to)
    dialog.salvage_button.click()
    qtbot.waitUntil(lambda: main_window.workspace.project is not None)
    assert len(main_window.workspace.project.documents.rows()) == 20
    (message,) = shown(main_window, Message)
    assert "20 documents" in message.text.text()
    assert study.read_bytes() == content
    close_all(main_window)
    assert check_file(to) == []


def test_the_list_of_backups(
    qtbot, main_window: MainWindow, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main_window.commands.open_path(study)
    main_window.commands.backups()
    (empty,) = shown(main_window, BackupsDialog)
    assert "no backup" in empty.note.text()
    assert not empty.ok_button.isEnabled()
    empty.close()
    project = main_window.workspace.project
    project.back_up()
    project.documents.remove([project.documents.rows()[0].id])
    project.back_up()
    main_window.commands.backups()
    (dialog,) = shown(main_window, BackupsDialog)
    assert dialog.list.count() == 2
    dialog.list.setCurrentRow(1)
    to = tmp_path / "copy.annot"
    monkeypatch.setattr(dialog, "place", lambda _ending: to)
    dialog.ok_button.click()
    qtbot.waitUntil(lambda: main_window.workspace.project.path == to)
    assert len(main_window.workspace.project.documents.rows()) == 20
    close_all(main_window)
