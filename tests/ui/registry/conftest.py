"""The registry page in the whole window, on a project with actors and claims in three articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from annotator.domain.model import Fragment
from annotator.services.project import Project
from annotator.ui import fonts, settings, theme
from annotator.ui.registry.page import RegistryPage
from tests.ui.desk import Desk as WindowDesk

ACTORS, CLAIMS = "registry-actors", "registry-claims"
TEXTS = (
    "Minister Ada Roy said the border is open. A. Roy denied the border is shut, Reuters reported.",
    "Ada Roy met the Ministry. The border is open, Reuters said.",
    "قالت Ada Roy ذلك في بيروت.",
)


class Desk(WindowDesk):
    """A person at the registry."""

    @property
    def page(self) -> RegistryPage:
        page = self.window.workbench.pages.page("registry")
        assert isinstance(page, RegistryPage)
        return page

    @property
    def project(self) -> Project:
        project = self.workspace.project
        assert project is not None
        return project

    def open(self) -> None:
        self.press("Ctrl+R")
        self.settle()

    def settle(self) -> None:
        """Let what runs elsewhere end."""
        page = self.page
        self.qtbot.waitUntil(
            lambda: (
                not any(task is not None and task.running for task in (page._task, page._counting))
                and not page._later.isActive()
                and not page.mentions._later.isActive()
                and (page.mentions._task is None or not page.mentions._task.running)
            )
        )
        QApplication.processEvents()

    def choose(self, *names: str) -> list[str]:
        """Choose entries by their names, and give the list the keys."""
        ids = [next(e.id for e in self.project.entries.all() if e.name == name) for name in names]
        assert self.page.list.choose(ids)
        self.page.list.setFocus()
        self.settle()
        return ids

    def shown(self) -> list[str]:
        """The list, heads in brackets."""
        return [
            getattr(line, "name", None) or f"[{self.page.list.rows.head_text(line)}]" for line in self.page.lines.shown
        ]

    def dialog(self) -> Any:
        """The dialog that is open."""
        found = [d for d in self.window.findChildren(QDialog) if d.isVisible()]
        assert found, "no dialog"
        return found[-1]

    def key(self, widget: QWidget, key: Qt.Key) -> None:
        self.qtbot.keyClick(widget, key)
        self.settle()

    def undo(self) -> None:
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)
        self.page.list.setFocus()
        self.press("Ctrl+Z")
        self.settle()


def fill(project: Project) -> None:
    entries, tagging = project.entries, project.tagging
    top = entries.create(ACTORS, "Government", fields={"kind": "organisation"})
    ada = entries.create(ACTORS, "Ada Roy", ["A. Roy"], top.id, {"kind": "person", "wikidata": "Q42"}, "a note")
    entries.create(ACTORS, "Ministry", parent_id=top.id)
    reuters = entries.create(ACTORS, "Reuters", fields={"kind": "media"})
    border = entries.create(CLAIMS, "The border is open", fields={"issue": "border"})
    entries.create(CLAIMS, "Nothing was said", fields={"issue": "other"})
    documents = [project.documents.add(f"Article {n}", text).id for n, text in enumerate(TEXTS, 1)]

    def at(n: int, words: str) -> list[Fragment]:
        start = TEXTS[n].index(words)
        return [Fragment(start, start + len(words))]

    for n in range(3):
        tagging.tag(documents[n], "layer-actor", at(n, "Ada Roy"), entries=[ada.id])
    said = tagging.tag(documents[0], "layer-claim", at(0, "the border is open"), entries=[border.id])
    tagging.tag_into(documents[0], "layer-source", at(0, "Minister Ada Roy"), said.id)
    denied = tagging.tag(documents[0], "layer-claim", at(0, "the border is shut"), entries=[border.id])
    tagging.set_fields(denied.id, {"polarity": "denied"})
    inner = tagging.tag_into(documents[0], "layer-source", at(0, "A. Roy"), denied.id)
    outer = tagging.tag_into(documents[0], "layer-source", at(0, "Reuters"), denied.id, relay=True)
    for source, entry in ((inner, ada), (outer, reuters)):
        tagging.set_entries(source.id, [entry.id])
    minister = next(a for a in project.documents.annotations(documents[0]) if a.start == 0)
    tagging.set_entries(minister.id, [ada.id])


@pytest.fixture(scope="session")
def registry_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("registry") / "study.annot"
    project = Project.create(path, name="Border", coder="R. Amin")
    fill(project)
    project.close()
    return path


@pytest.fixture
def desk(qtbot: Any, qapp: QApplication, tmp_path: Path, registry_file: Path) -> Iterator[Desk]:
    fonts.load()
    theme.apply(qapp, "light")
    settings.use(settings.Settings(tmp_path / "settings.ini"))
    path = tmp_path / "study.annot"
    path.write_bytes(registry_file.read_bytes())
    made = Desk(qtbot, path)
    made.open()
    yield made
    made.window.close()
    settings.use(None)
