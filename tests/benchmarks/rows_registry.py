"""Rows about the registry: its list narrows as one types, and entries with very many mentions become one."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from annotator.domain.ids import new_id
from annotator.domain.model import Annotation, Entry, Fragment
from tests.benchmarks.baselines import filter_lines
from tests.benchmarks.measure import Row
from tests.benchmarks.text import CODER

ENTRIES, MENTIONS, DOCUMENTS = 100_000, 10_000, 200
ACTORS = "registry-actors"


class Registries:
    """A list of 100,000 entries as the page shows it, and a project with an entry that is mentioned 10,000 times."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "registry.annot"
        self._side: Any = None
        self._lines: list[str] = []
        self._project: Any = None
        self._raw: sqlite3.Connection | None = None
        self._ids: tuple[str, str] = ("", "")
        self._moved: list[tuple[str, str, int]] = []

    def before_filter(self) -> None:
        """The list is shown, with nothing typed."""
        if self._side is None:
            from annotator import app as root
            from annotator.ui.registry.side import ListSide

            self._app = root._application()
            self._side = ListSide()
            self._side.resize(380, 800)
            self._side.show()
            names = ("Ministry of Works", "Ada Roy", "National Bank", "Minister", "سوريا", "Harbour Board")
            entries = [Entry(f"{n:06}", ACTORS, f"{names[n % 6]} {n}", (f"N{n}",)) for n in range(ENTRIES)]
            self._side.lines.set(entries, {}, "")
            self._side.narrow()
            self._lines = [f"{entry.name}\n{entry.aliases[0]}".lower() for entry in entries]
        self._side.search.setText("")
        self._app.processEvents()

    def filter(self) -> None:
        """Type a word, and see what is left."""
        self._side.search.setText("minist")
        self._side.list.viewport().repaint()
        assert self._side.lines.count > 1000

    def bare_filter(self) -> None:
        """The loop."""
        assert filter_lines(self._lines, "minist") > 1000

    def before_merge(self) -> None:
        """Two entries, one with 10,000 mentions, as they were before any merge."""
        if self._project is None:
            self._make()
        while self._project.undo_label.action.startswith("Merge"):
            self._project.undo()
        raw = self._connection()
        raw.execute("BEGIN IMMEDIATE")
        back = [(self._ids[1], annotation, place) for _, annotation, place in self._moved]
        raw.executemany("UPDATE mention SET entry_id = ? WHERE annotation_id = ? AND position = ?", back)
        raw.execute("COMMIT")

    def _make(self) -> None:
        from annotator.services.project import Project

        project = Project.create(self.path)
        entries = [Entry(new_id(), ACTORS, f"Entry {n}") for n in range(5_000)]
        self._ids = entries[0].id, entries[1].id
        documents = [project.documents.add(f"Article {n}", f"word {n} " * 500).id for n in range(DOCUMENTS)]
        found = [
            Annotation(
                new_id(), documents[n % DOCUMENTS], "layer-actor", CODER.id, (Fragment(n, n + 4),), (entries[1].id,)
            )
            for n in range(MENTIONS)
        ]
        with project.step("Import {what}", "bench") as step:
            step.add(CODER)
            step.add(entries)
            step.add(found)
        self._moved = [(self._ids[0], annotation.id, 0) for annotation in found]
        self._project = project

    def _connection(self) -> sqlite3.Connection:
        if self._raw is None:
            self._raw = sqlite3.connect(self.path, isolation_level=None)
            self._raw.execute("PRAGMA synchronous=FULL")
            self._raw.execute("PRAGMA foreign_keys=ON")
        return self._raw

    def merge(self) -> None:
        """As the registry page does it, on disk at the end."""
        self._project.entries.merge(self._ids[0], [self._ids[1]])

    def bare_merge(self) -> None:
        """The same rows, and nothing that could bring them back."""
        raw = self._connection()
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany("UPDATE mention SET entry_id = ? WHERE annotation_id = ? AND position = ?", self._moved)
        raw.execute("COMMIT")


def rows(folder: Path) -> list[Row]:
    """The rows of this module."""
    registries = Registries(folder)
    return [
        Row(
            "registry: filter a list of 100,000 entries",
            3.0,
            registries.filter,
            registries.bare_filter,
            prepare=registries.before_filter,
        ),
        Row(
            "registry: merge two entries with 10,000 mentions",
            4.0,
            registries.merge,
            registries.bare_merge,
            prepare=registries.before_merge,
        ),
    ]
