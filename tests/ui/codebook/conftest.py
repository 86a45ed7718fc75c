"""The main window on a project with something coded in it, and the codebook editor over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from annotator.domain.model import Fragment
from annotator.services.project import Project
from annotator.ui import settings
from annotator.ui.codebook.window import CodebookWindow
from annotator.ui.main_window import MainWindow

TEXT = "Syria and Israel agreed today, Washington said. The deal is good, an official stated."


@pytest.fixture(autouse=True)
def coder(own_settings: settings.Settings) -> None:
    own_settings.coder = "Ann"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "study.annot"
    project = Project.create(made, name="Levant talks", coder="Ann")
    document = project.documents.add("An article", TEXT, {"topic": "War"})
    tagging = project.tagging
    claim = tagging.tag(document.id, "layer-claim", [Fragment(0, 29)], fields={"type": "fact"})
    tagging.tag_into(document.id, "layer-source", [Fragment(31, 41)], claim.id)
    tagging.tag(document.id, "layer-claim", [Fragment(48, 64)], fields={"type": "policy"})
    project.close()
    return made


class Person:
    """Presses keys wherever the focus is."""

    def __init__(self, qtbot: Any, path: Path) -> None:
        self.qtbot = qtbot
        self.window = MainWindow()
        qtbot.addWidget(self.window)
        self.window.resize(1024, 700)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        assert self.window.commands.open_path(path)

    @property
    def project(self) -> Project:
        project = self.window.workspace.project
        assert project is not None
        return project

    def dialog(self, kind: type[QDialog]) -> Any:
        """The open dialog of this kind, with the keys in it."""
        found: list[QDialog] = []

        def there() -> bool:
            found[:] = [d for d in self.window.findChildren(kind) if d.isVisible()]
            if found and not found[-1].isActiveWindow():
                found[-1].activateWindow()
            return bool(found) and found[-1].isActiveWindow()

        self.qtbot.waitUntil(there)
        return found[-1]

    def gone(self, dialog: QWidget) -> None:
        """Wait until it is; the window under it has the keys then, as desktops do it."""
        self.qtbot.waitUntil(lambda: not isValid(dialog) or not dialog.isVisible())

        def back() -> bool:
            under = [d for d in self.window.findChildren(QDialog) if d.isVisible()]
            top = under[-1] if under else self.window
            if not top.isActiveWindow():
                top.activateWindow()
            return top.isActiveWindow()

        self.qtbot.waitUntil(back)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, times: int = 1) -> None:
        for _ in range(times):
            at = QApplication.focusWidget()
            assert at is not None
            QTest.keyClick(at, key, modifier)

    def type(self, text: str) -> None:
        for number, line in enumerate(text.split("\n")):
            if number:
                self.key(Qt.Key.Key_Return)
            at = QApplication.focusWidget()
            assert at is not None
            QTest.keyClicks(at, line)

    def rename(self, text: str) -> None:
        """Select all in the line that has the focus, type, and press Enter."""
        self.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.type(text)
        self.key(Qt.Key.Key_Return)

    def editor(self) -> CodebookWindow:
        """Ctrl+B."""
        self.key(Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
        made: CodebookWindow = self.dialog(CodebookWindow)
        self.qtbot.waitUntil(made.tree.hasFocus)
        return made


@pytest.fixture
def person(qtbot: Any, path: Path) -> Iterator[Person]:
    made = Person(qtbot, path)
    yield made
    for dialog in made.window.findChildren(QDialog):
        if isValid(dialog):
            dialog.close()
    made.window.close_project()


@pytest.fixture
def snapshot(person: Person) -> Callable[[], bytes]:
    """What the project exports now."""
    import io

    from annotator.interchange.registry import Formats
    from annotator.services.exporting import export_to

    exporter = Formats().exporters["json"]

    def take() -> bytes:
        out = io.BytesIO()
        export_to(person.project, out, exporter)
        return out.getvalue()

    return take
