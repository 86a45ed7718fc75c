"""Rows about the project file: open, list, search, export, import, undo."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks import baselines
from tests.benchmarks.measure import Row
from tests.benchmarks.text import CODER, documents


class Bench:
    """A project of 10,000 documents and 100,000 annotations, and one of 100,000 documents, made when first needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._projects: dict[tuple[int, int], Path] = {}
        self._exports: dict[str, Path] = {}
        self._plain: dict[str, Any] | None = None
        self._number = 0
        self._opened: Any = None
        self._imported: Any = None
        self._searched: Any = None

    def project(self, count: int = 10_000, each: int = 10) -> Path:
        """The path of a project of this size."""
        from annotator.services.project import Project

        if (count, each) not in self._projects:
            path = self.folder / f"bench-{count}-{each}.annot"
            if path.exists():  # rows of another module have made it
                self._projects[count, each] = path
                return path
            project = Project.create(path)
            characters = 1500 if each else 400
            with project.step("Import {what}", "bench") as step:
                step.add(CODER)
                for data in documents(count, each, characters):
                    step.add_text(data.text)
                    step.add(data.document)
                    step.add(data.annotations)
            project.index_texts()
            project.close()
            self._projects[count, each] = path
        return self._projects[count, each]

    def export(self, suffix: str = "json") -> Path:
        """The 10,000 documents, exported."""
        if suffix not in self._exports:
            self._exports[suffix] = self.folder / f"bench.{suffix}"
            self.export_to(self._exports[suffix])
        return self._exports[suffix]

    def export_to(self, path: Path) -> None:
        """Export the 10,000 documents."""
        from annotator.services.exporting import export_file
        from annotator.services.project import Project

        project = Project.open(self.project(), read_only=True)
        export_file(project, path)
        project.close()

    def plain(self) -> dict[str, Any]:
        """The same data as plain dictionaries."""
        import json

        if self._plain is None:
            self._plain = json.loads(self.export().read_text("utf-8"))
        return self._plain

    def have_closed(self) -> None:
        """The project is there, and nobody has it open."""
        self.project()
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def open_project(self) -> None:
        """What opening a project costs up to the list of its documents."""
        from annotator.services.project import Project

        self._opened = project = Project.open(self.project())
        rows = project.documents.rows()
        assert len(rows) == 10_000
        # What the list shows of the rows in sight.
        counts = project.documents.annotation_counts([row.id for row in rows[:40]])
        assert all(row.date and row.outlet and counts[row.id] for row in rows[:40])

    def have_search(self) -> None:
        """The project of 100,000 documents is open."""
        from annotator.services.project import Project

        if self._searched is None:
            self._searched = Project.open(self.project(100_000, 0), read_only=True)

    def search(self, word: str) -> None:
        """The first 50 hits in 100,000 documents."""
        assert self._searched.search.find(word, 50)

    def import_json(self) -> None:
        """Import the export into a new project."""
        from annotator.services.importing import import_files
        from annotator.services.project import Project

        if self._imported is not None:
            self._imported.close()
            self._imported.path.unlink()
        self._number += 1
        self._imported = Project.create(self.folder / f"import-{self._number}.annot")
        import_files(self._imported, [self.export()])

    def have_import(self) -> None:
        """See to it that there is an import to undo."""
        if self._imported is None or self._imported.undo_label is None:
            self.import_json()

    def undo_import(self) -> None:
        """Take it back."""
        self._imported.undo()


def rows(folder: Path) -> list[Row]:
    """The rows, in the order of the design."""
    bench = Bench(folder)
    return [
        Row(
            "open a project of 10,000 documents",
            3,
            bench.open_project,
            lambda: baselines.list_titles(bench.project()),
            prepare=bench.have_closed,
            runs=15,
        ),
        Row(
            "search 100,000 documents, first 50 hits",
            2,
            lambda: bench.search("minister"),
            lambda: baselines.search(bench.project(100_000, 0), "minister"),
            prepare=bench.have_search,
        ),
        Row(
            "export 10,000 documents, 100,000 annotations to JSON",
            0.6,
            lambda: bench.export_to(folder / "out.json"),
            lambda: baselines.dump(bench.plain(), folder / "plain.json"),
            prepare=bench.plain,
            runs=5,
        ),
        Row(
            "import the same",
            2,
            bench.import_json,
            lambda: baselines.load_and_insert(bench.export(), folder / "plain.db"),
            prepare=bench.export,
            runs=5,
        ),
        Row(
            "memory of a streamed export or import",
            0.15,
            lambda: max(
                _peak("export", bench.project(), folder / "streamed.jsonl"),
                _peak("import", bench.export("jsonl"), folder / "streamed.annot"),
            ),
            lambda: _peak("load", bench.export(), folder / "unused"),
            unit="MiB",
            prepare=lambda: (bench.export(), bench.export("jsonl")),
            runs=5,
        ),
        Row(
            "undo an import of 100,000 annotations",
            3,
            bench.undo_import,
            bench.import_json,
            prepare=bench.have_import,
            runs=5,
        ),
    ]


def _peak(job: str, source: Path, target: Path) -> float:
    """The memory that a job adds in a process of its own, in MiB, over what the process has when it starts the job."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.memory_job", job, str(source), str(target)],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)
