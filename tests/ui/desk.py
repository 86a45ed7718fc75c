"""The whole window with a person at it; the tests of its parts have smaller desks of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.domain.model import Annotation
from annotator.ui.main_window import MainWindow


class Desk:
    """A person at the window: keys go to whatever has the focus."""

    def __init__(self, qtbot: Any, path: Path | None) -> None:
        self.qtbot = qtbot
        self.window = MainWindow()
        qtbot.addWidget(self.window)
        self.window.resize(1200, 800)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        if path is not None:
            assert self.window.commands.open_path(path)

    def press(self, *keys: str) -> None:
        for key in keys:
            combination = QKeySequence(key)[0]
            target = QApplication.focusWidget() or self.window
            QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
        QApplication.processEvents()

    def select(self, words: str, nth: int = 0) -> None:
        start = -1
        for _ in range(nth + 1):
            start = self.workspace.text.index(words, start + 1)
        self.reader.select(start, start + len(words))

    def tag(self, words: str, *keys: str) -> None:
        self.select(words)
        self.press(*keys)

    @property
    def workspace(self) -> Any:
        return self.window.workspace

    @property
    def reader(self) -> Any:
        assert self.window.workbench is not None
        return self.window.workbench.pane.reader

    @property
    def hint(self) -> str:
        return self.window.status.hint_text()

    def texts(self, layer: str) -> list[str]:
        found = [a for a in self.workspace.annotations.values() if self.workspace.layer(a).name == layer]
        return [self.workspace.annotation_text(a) for a in sorted(found, key=lambda a: (a.start, a.end))]

    def annotation(self, words: str) -> Annotation:
        (found,) = [a for a in self.workspace.annotations.values() if self.workspace.annotation_text(a) == words]
        return found

    def said(self) -> list[tuple[list[str], list[str]]]:
        """Sources and cues of the active claim, the innermost attribution first."""
        told = self.workspace.annotation_text
        card = self.workspace.active_card
        return [([told(a) for a in level.sources], [told(a) for a in level.cues]) for level in card.levels]

    def action(self, id_: str) -> QAction:
        return self.window.actions_.by_id[id_]

    def layer_action(self, name: str) -> str:
        layer = next(x for x in self.workspace.project.codebook.layers if x.name == name)
        return f"tag.layer.{layer.id}"
