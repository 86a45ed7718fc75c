"""Rows about the window: start, open an article, tag, scroll. The real window on a real project file, nothing switched off."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks.baselines import FullCommit, filter_lines
from tests.benchmarks.measure import Row
from tests.benchmarks.text import CODER, annotations, article


class Windows:
    """Our window, and a bare text widget of the same size, both shown."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._window: Any = None
        self._bare: Any = None
        self._texts: dict[str, str] = {}
        self._at = 0
        self._commit: FullCommit | None = None
        self._lines: list[str] | None = None

    def ready(self) -> Any:
        """The main window on a project with the articles of all rows, and the bare widget."""
        if self._window is None:
            from annotator import app as root
            from annotator.services.project import Project

            path = self.folder / "window.annot"
            project = Project.create(path)
            with project.step("Import {what}", "bench") as step:
                step.add(CODER)
                self._add(step, 0, "other", 2_000, 5)
                self._add(step, 1, "60 KB", 60_000, 1_000)
                self._add(step, 2, "1 MB", 1_000_000, 10_000)
                self._add(step, 3, "sparse", 200_000, 2_000)
                self._add(step, 4, "dense", 200_000, 20_000)
                self._add(step, 5, "many", 3_000_000, 100_000)
            project.close()
            self._app = root._application()
            self._window = root._window(self._app)
            sys.excepthook = sys.__excepthook__  # a mistake ends the bench; nobody is there to read a dialog
            self._window.show()
            self._window.commands.open_path(path)
            self.open("other")
            from PySide6.QtWidgets import QPlainTextEdit

            self._bare = QPlainTextEdit()
            self._bare.setReadOnly(True)
            self._bare.resize(self._window.workbench.pane.reader.size())
            self._bare.setFont(self._window.workbench.pane.reader.document().defaultFont())
            self._bare.show()
            self._app.processEvents()
        return self._window

    def _add(self, step: Any, position: int, name: str, characters: int, count: int) -> None:
        from annotator.domain.model import Document

        text = article(characters, position)
        self._texts[name] = text
        step.add(Document(name, name, step.add_text(text), "in progress", {}, position))
        step.add(annotations(name, text, count, position))

    def open(self, name: str) -> None:
        """Open an article and paint it."""
        self._window.workspace.open_document(name)
        self._window.workbench.pane.reader.viewport().repaint()
        self._app.processEvents()

    def away(self) -> None:
        """Leave the article, so that the next opening is a real one."""
        self.ready()
        self.open("other")
        self._window.workspace.project.documents.refresh()  # texts that are kept
        self._bare.setPlainText("")
        self._app.processEvents()

    def bare(self, name: str) -> None:
        """The text in a bare widget, painted."""
        self._bare.setPlainText(self._texts[name])
        self._bare.viewport().repaint()
        self._app.processEvents()

    def have(self, name: str) -> None:
        """Both show this article."""
        self.ready()
        if self._window.workspace.document.id != name:
            self.open(name)
        if len(self._bare.toPlainText()) != len(self._texts[name]):
            self.bare(name)

    def tag(self) -> None:
        """Press A on a word that is not tagged: on disk and painted when the key is done."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        reader = self._window.workbench.pane.reader
        before = len(self._window.workspace.annotations)
        QTest.keyClick(reader, Qt.Key.Key_A)
        reader.viewport().repaint()
        self._app.processEvents()
        assert len(self._window.workspace.annotations) == before + 1

    def before_tag(self) -> None:
        """Put the caret on a word that no actor covers yet."""
        self.have("60 KB")
        actors = [a for a in self._window.workspace.annotations.values() if a.layer_id == "layer-actor"]
        starts = {a.start for a in actors}
        text = self._texts["60 KB"]
        reader = self._window.workbench.pane.reader
        while True:
            self._at = text.index(" ", self._at + 1) + 1
            if self._at not in starts and text[self._at].isalpha():
                break
        self._window.activateWindow()
        self._window.workspace.set_active(None)
        reader.setFocus()
        reader.set_caret(self._at)
        self._app.processEvents()

    def bare_tag(self) -> None:
        """A bare repaint and one raw commit."""
        if self._commit is None:
            self._commit = FullCommit(self.folder / "commit.db")
        self._commit.commit()
        self._bare.viewport().repaint()
        self._app.processEvents()

    def before_filter(self) -> None:
        """An article with 100,000 annotations is open, and its outline shows all of them."""
        outline = self.ready().workbench.panel.outline
        if self._lines is None:
            self.open("many")
            outline.set_mode("text")
            outline._hidden = set()
            outline.refresh()
            workspace = self._window.workspace
            self._lines = [workspace.annotation_text(a).lower() for a in workspace.annotations.values()]
            outline.show_filter()
            while not outline.filter_ready:  # the words are read while nothing is typed
                self._app.processEvents()
            outline.filter_field.setText("warm up")
        outline.filter_field.setText("")
        self._app.processEvents()

    def filter(self) -> None:
        """Type a word into the filter line of the outline, and see what is found."""
        outline = self._window.workbench.panel.outline
        outline.filter_field.setText("minister")
        outline.view.viewport().repaint()
        assert outline.model.rowCount() > 1000

    def bare_filter(self) -> None:
        """The loop."""
        assert filter_lines(self._lines or [], "minister") > 1000

    def scroll(self) -> None:
        """Twenty pages down in ours."""
        _pages(self._window.workbench.pane.reader)

    def bare_scroll(self) -> None:
        """Twenty pages down in the bare widget."""
        _pages(self._bare)


def _pages(widget: Any) -> None:
    bar = widget.verticalScrollBar()
    bar.setValue(0)
    for _ in range(20):
        bar.setValue(bar.value() + bar.pageStep())
        widget.viewport().repaint()


class Starts:
    """Starts of a program, as it starts every time but the first: compiled, the bare one and all libraries too."""

    def __init__(self, folder: Path) -> None:
        self._environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self._warm = False

    def compile(self) -> None:
        """Start each once, unmeasured."""
        if not self._warm:
            self._warm = True
            self.start("ours")
            self.start("bare")

    def start(self, which: str) -> None:
        """Start it and wait for its end, which is the first paint."""
        job = [sys.executable, "-m", "tests.benchmarks.start_job", which]
        subprocess.run(job, check=True, env=self._environment)


def rows(folder: Path) -> list[Row]:
    """The rows, in the order of the design."""
    w, starts = Windows(folder), Starts(folder)
    return [
        Row(
            "cold start to painted window",
            1.4,
            lambda: starts.start("ours"),
            lambda: starts.start("bare"),
            prepare=starts.compile,
            runs=15,
        ),
        Row(
            "open a 60 KB article, 1,000 annotations, painted",
            3,
            lambda: w.open("60 KB"),
            lambda: w.bare("60 KB"),
            prepare=w.away,
        ),
        Row(
            "open 1 MB, 10,000 annotations, painted", 5, lambda: w.open("1 MB"), lambda: w.bare("1 MB"), prepare=w.away
        ),
        Row(
            "press a tag key -> on disk and painted in text and list",
            3,
            w.tag,
            w.bare_tag,
            prepare=w.before_tag,
            runs=15,
        ),
        Row("filter a list of 100,000 annotations", 3, w.filter, w.bare_filter, prepare=w.before_filter, runs=9),
        Row(
            "page scroll, 1 annotation per 100 characters",
            2,
            w.scroll,
            w.bare_scroll,
            prepare=lambda: w.have("sparse"),
        ),
        Row(
            "page scroll, 1 annotation per 10 characters",
            7,
            w.scroll,
            w.bare_scroll,
            prepare=lambda: w.have("dense"),
        ),
    ]
