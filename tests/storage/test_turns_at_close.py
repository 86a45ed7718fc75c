"""What another thread still writes when a project is closed: it ends whole or not at all, and leaves nothing behind."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from annotator.domain.errors import NotSaved
from annotator.services.project import Project
from annotator.storage import dialect


def _left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_who_comes_after_the_end_writes_nothing(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "study.annot")
    with project.elsewhere() as other:
        project.close()
        with pytest.raises(NotSaved, match="closed meanwhile"):
            other.searches.save("Late", "words")
        with pytest.raises(NotSaved, match="closed meanwhile"):
            other.undo()
    assert _left(tmp_path) == ["study.annot"]
    again = Project.open(tmp_path / "study.annot")
    assert not again.read_only
    assert again.searches.all() == []
    again.close()


def test_who_is_writing_at_the_end_keeps_the_lock_until_it_is_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialect, "PATIENCE", 0.01)
    project = Project.create(tmp_path / "study.annot")
    writing, closed = threading.Event(), threading.Event()

    def work() -> None:
        with project.elsewhere() as other, other.step("Long"):
            other.searches.save("In time", "words")
            writing.set()
            closed.wait(60)

    thread = threading.Thread(target=work)
    thread.start()
    assert writing.wait(60)
    project.close()
    second = Project.open(tmp_path / "study.annot")
    assert second.read_only, "somebody writes it still"
    second.close()
    closed.set()
    thread.join(60)
    assert _left(tmp_path) == ["study.annot"]
    third = Project.open(tmp_path / "study.annot")
    assert not third.read_only
    assert [saved.name for saved in third.searches.all()] == ["In time"]
    third.close()
