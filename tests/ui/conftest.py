"""What the tests of documents and dialogs share: a real project in a real workspace, and a window for the focus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from annotator.services.project import Project
from annotator.ui import fonts, settings, theme
from annotator.ui.workspace import Workspace

ARTICLES = (
    ("Envoy returns to Paris", "The envoy said Syria agreed.", {"outlet": "Meridian Post", "date": "2026-01-08"}),
    ("Opposition questions plan", "Syria and Israel met. SYRIA denied it.", {"outlet": "Coastal Herald"}),
    ("بيان مشترك", "قال مسؤول في سوريا ذلك.", {"outlet": "برقية المشرق", "author": "R. Amin", "page": 3}),
)


@pytest.fixture
def own_settings(tmp_path: Path, qapp: QApplication) -> Iterator[settings.Settings]:
    """Settings of the test's own; the light theme, from left to right."""
    fonts.load()
    theme.apply(qapp, "light")
    own = settings.Settings(tmp_path / "settings.ini")
    settings.use(own)
    yield own
    settings.use(None)
    theme.apply(qapp, "light")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def workspace(tmp_path: Path, qapp: QApplication) -> Iterator[Workspace]:
    project = Project.create(tmp_path / "study.annot", name="Levant talks", coder="R. Amin")
    for title, text, metadata in ARTICLES:
        project.documents.add(title, text, metadata)
    made = Workspace()
    made.set_project(project)
    yield made
    made.close_project()


@pytest.fixture
def ids(workspace: Workspace) -> list[str]:
    return [row.id for row in workspace.project.documents.rows()]


@pytest.fixture
def hints(workspace: Workspace) -> list[str]:
    found: list[str] = []
    workspace.hint.connect(found.append)
    return found


@pytest.fixture
def window(qtbot) -> QWidget:
    made = QMainWindow()
    made.setCentralWidget(QWidget())
    made.centralWidget().setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    qtbot.addWidget(made)
    made.resize(1024, 700)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.centralWidget().setFocus()
    return made
