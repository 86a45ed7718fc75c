"""Projects on disk, pictures of their tables, and other processes that use them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.model import Document, Fragment
from annotator.services.project import Project
from annotator.storage.schema import JOURNALLED

ROOT = Path(__file__).parent.parent.parent
TEXT = "Syria said that Israel agreed. Washington confirmed it, Reuters reported."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "study.annot"


@pytest.fixture
def project(path: Path) -> Iterator[Project]:
    """An open project with an article and an attribution in it."""
    made = fill(Project.create(path, coder="Ann"))
    yield made
    made.close()


@pytest.fixture
def document(project: Project) -> Document:
    return project.documents.get(project.documents.rows()[0].id)


@pytest.fixture
def closed(path: Path) -> Path:
    """The same project, not open."""
    fill(Project.create(path, coder="Ann")).close()
    return path


def fill(project: Project) -> Project:
    document = project.documents.add("An article", TEXT)
    claim = project.tagging.tag(document.id, "layer-claim", [Fragment(16, 29)])
    project.tagging.tag_into(document.id, "layer-source", [Fragment(0, 5)], claim.id)
    return project


Dump = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def dump() -> Callable[[Project], Dump]:
    """Every row of every journalled table."""

    def take(project: Project) -> Dump:
        connection = project.store.connection
        return {
            name: sorted((tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}")), key=repr)
            for name in JOURNALLED
        }

    return take


class Child:
    """A Python program in another process. It says `ready` and waits for a line before it goes on."""

    def __init__(self, script: str, *arguments: object) -> None:
        code = (
            "import sys\nfrom pathlib import Path\nfrom annotator.services.project import Project\n"
            "def ready():\n    print('ready', flush=True)\n    sys.stdin.readline()\n" + script
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    def wait_ready(self) -> None:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if line != "ready\n":
            self.process.wait(10)
            assert self.process.stderr is not None
            pytest.fail(f"{line}{self.process.stderr.read()}")

    def finish(self) -> str:
        """Let it go on to its end; what it printed."""
        out, err = self.process.communicate("\n", timeout=60)
        assert self.process.returncode == 0, err
        return out

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        self.process.communicate()


@pytest.fixture
def child() -> Iterator[Callable[..., Child]]:
    started: list[Child] = []

    def start(script: str, *arguments: object) -> Child:
        started.append(Child(script, *arguments))
        return started[-1]

    yield start
    for each in started:
        each.kill()
