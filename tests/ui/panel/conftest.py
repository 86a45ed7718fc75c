"""A real project with the sample in it, a workspace, and the panel in a window."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from annotator.domain.attribution import Card
from annotator.domain.model import Annotation
from annotator.services.project import Project
from annotator.services.sample import create_with, sample_files
from annotator.ui import fonts, theme
from annotator.ui.panel.panel import Panel
from annotator.ui.workspace import Workspace


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("panel") / "sample.annot"
    create_with(path, sample_files()[:1], coder="R. Amin")
    return path


class Bench:
    """The panel on the sample, and short words for what tests do with it."""

    def __init__(self, qtbot: QtBot, project: Project) -> None:
        self.qtbot = qtbot
        self.project = project
        self.hints: list[str] = []
        self.workspace = Workspace()
        self.workspace.hint.connect(self.hints.append)
        self.panel = Panel(self.workspace)
        qtbot.addWidget(self.panel, before_close_func=lambda _panel: self.close())
        self.panel.resize(372, 900)
        self.panel.show()
        qtbot.waitExposed(self.panel)
        self.panel.activateWindow()
        self.workspace.set_project(project)
        self.workspace.open_document(project.documents.rows()[0].id)
        self.settle()

    def close(self) -> None:
        """As the window does when it closes."""
        self.panel.flush()
        self.workspace.close_project()
        self.settle()

    def settle(self) -> None:
        """Let the panel catch up with what changed."""
        for part in (self.panel.inspector, self.panel.outline):
            if part._timer.isActive():
                with self.qtbot.waitSignal(part.refreshed):
                    pass
        QApplication.processEvents()

    def named(self, number: str) -> Annotation:
        """The annotation of this number (C8)."""
        workspace = self.workspace
        return next(a for a in workspace.annotations.values() if workspace.number(a) == number)

    def activate(self, number: str) -> Annotation:
        """Make it active."""
        annotation = self.named(number)
        self.workspace.set_active(annotation.id)
        self.settle()
        return self.workspace.annotations[annotation.id]

    def now(self, annotation: Annotation) -> Annotation:
        """As it stands now."""
        return self.workspace.annotations[annotation.id]

    def card(self, number: str) -> Card:
        """The card of a claim."""
        claim = self.named(number)
        return next(card for card in self.workspace.cards if card.claim.id == claim.id)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key for whatever has the focus."""
        widget = QApplication.focusWidget()
        assert widget is not None
        self.qtbot.keyClick(widget, key, modifier)
        self.settle()

    def type(self, text: str) -> None:
        """Letters for whatever has the focus."""
        widget = QApplication.focusWidget()
        assert widget is not None
        self.qtbot.keyClicks(widget, text)

    def parts(self, kind: type[QWidget], inside: QWidget | None = None) -> list:
        """Visible widgets of a kind."""
        return [widget for widget in (inside or self.panel).findChildren(kind) if widget.isVisible()]

    def steps(self) -> int:
        """How many steps the history has."""
        return len(self.project.history())


@pytest.fixture
def open_bench(qtbot: QtBot, qapp: QApplication, sample_file: Path, tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    fonts.load()
    theme.apply(qapp, "light")
    benches: list[Bench] = []

    def make(*, read_only: bool = False, rtl: bool = False) -> Bench:
        path = tmp_path / f"{len(benches)}.annot"
        shutil.copy(sample_file, path)
        if rtl:
            qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        bench = Bench(qtbot, Project.open(path, coder="R. Amin", read_only=read_only))
        benches.append(bench)
        return bench

    yield make
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def bench(open_bench: Callable[..., Bench]) -> Bench:
    return open_bench()
