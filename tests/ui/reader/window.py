"""The article pane of the real window, on a project of its own with one article."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.domain.model import Annotation, Fragment
from annotator.services.project import Project
from annotator.ui.main_window import MainWindow

TEXT = (
    "For his part, a Syrian official stated that the initiative ensures the cessation of all military activities in Syria, "
    "noting that the initiative is a historic opportunity, according to what Western media reported on that day.\n\n"
    "The end."
)


class Desk:
    """A person with a mouse and keys at the article."""

    def __init__(self, qtbot: QtBot, folder: Path, text: str = TEXT, *, read_only: bool = False) -> None:
        self.qtbot = qtbot
        self.text = text
        path = folder / "study.annot"
        project = Project.create(path, name="Study", coder="R. Amin")
        self.document_id = project.documents.add("Talks", text, {"outlet": "Wire", "date": "2026-01-06"}).id
        project.close()
        self.window = MainWindow()
        qtbot.addWidget(self.window, before_close_func=lambda window: window.close_project())
        self.window.resize(1440, 900)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.project = Project.open(path, coder="R. Amin", read_only=read_only)
        self.window.show_project(self.project)
        self.workspace = self.window.workspace
        self.hints: list[str] = []
        self.workspace.hint.connect(self.hints.append)
        assert self.window.workbench is not None
        self.bench = self.window.workbench
        self.reader = self.bench.pane.reader
        self.pointing = self.bench.pane.pointing
        self.window.activateWindow()
        self.reader.setFocus()
        QApplication.processEvents()

    def stretch(self, *words: str) -> tuple[Fragment, ...]:
        """The first places of these words, one after the other."""
        found, at = [], 0
        for word in words:
            at = self.text.index(word, at)
            found.append(Fragment(at, at + len(word)))
            at += len(word)
        return tuple(found)

    def tag(self, layer: str, *words: str) -> Annotation:
        """Tag words."""
        layer_id = next(x.id for x in self.project.codebook.layers if x.name == layer)
        return self.project.tagging.tag(self.document_id, layer_id, self.stretch(*words))

    def now(self, annotation: Annotation) -> Annotation:
        """As it stands in the project."""
        return self.workspace.annotations[annotation.id]

    def middle(self, word: str) -> QPoint:
        """The middle of a word on the screen."""
        (fragment,) = self.stretch(word)
        return self.reader.boxes(*fragment)[0].center().toPoint()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key in whatever has the focus."""
        widget = QApplication.focusWidget()
        assert widget is not None
        QTest.keyClick(widget, key, modifiers)
        QApplication.processEvents()

    def click(self, at: QPoint) -> None:
        """A click in the text."""
        QTest.mouseClick(self.reader.viewport(), Qt.MouseButton.LeftButton, pos=at)
        QApplication.processEvents()

    def drag(self, start: QPoint, end: QPoint, *, release: bool = True) -> None:
        """Press, move in steps, and let go."""
        view, left = self.reader.viewport(), Qt.MouseButton.LeftButton
        QTest.mousePress(view, left, pos=start)
        for share in (0.3, 0.7, 1.0):
            QTest.mouseMove(view, start + (end - start) * share)
        if release:
            QTest.mouseRelease(view, left, pos=end)
        QApplication.processEvents()
