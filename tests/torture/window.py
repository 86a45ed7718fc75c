"""A person at a real window: what the tests of faults, of bugs and of long sessions share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.services.project import Project
from annotator.ui import settings
from annotator.ui.main_window import MainWindow

TEXT = (
    "Minister Ada Roy said the border is open, according to what Western media reported.\n\n"
    "A spokesman of the ministry denied it. Nobody in Washington confirmed it.\n"
)


def study(path: Path, articles: int = 3) -> Path:
    """A small project."""
    project = Project.create(path, name="Levant talks", coder="R. Amin")
    with project.step("Fill"):
        for number in range(articles):
            project.documents.add(f"Article {number}", f"{TEXT}{number}\n")
    project.close()
    return path


class Person:
    """Keys go to whatever has the focus."""

    def __init__(self, path: Path) -> None:
        self.window = MainWindow()
        self.window.resize(1024, 700)
        self.window.show()
        self.window.activateWindow()
        QApplication.processEvents()
        assert self.window.commands.open_path(path)
        self.settle()

    @property
    def workspace(self) -> Any:
        return self.window.workspace

    @property
    def project(self) -> Project:
        found = self.workspace.project
        assert found is not None
        return found

    @property
    def reader(self) -> Any:
        assert self.window.workbench is not None
        return self.window.workbench.pane.reader

    def press(self, *keys: str) -> None:
        for key in keys:
            combination = QKeySequence(key)[0]
            target = QApplication.focusWidget() or self.window
            QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
        self.settle()

    def tag(self, words: str, key: str) -> None:
        start = self.workspace.text.index(words)
        self.window.activateWindow()
        self.settle()
        self.reader.setFocus()
        self.reader.select(start, start + len(words))
        self.press(key)

    def tagged(self) -> list[str]:
        return sorted(self.workspace.annotation_text(each) for each in self.workspace.annotations.values())

    @staticmethod
    def settle() -> None:
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def leave(self) -> None:
        self.window.close()
        self.window.deleteLater()
        self.settle()


def settings_in(folder: Path) -> settings.Settings:
    own = settings.Settings(folder / "settings.ini")
    own.coder = "R. Amin"
    settings.use(own)
    return own
