"""What is there after the power went, at any moment: all that was saved, and at most the step that was on its way."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from annotator.services.checking import check_file
from annotator.services.project import Project
from tests.torture.power import Disk, Event, record
from tests.torture.work import digest_of

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace to record what is written")

SCRIPT = """
import os, sys
from pathlib import Path
from annotator.domain.model import Fragment
from annotator.services.project import Project
from tests.torture.work import digest_of
folder = Path(sys.argv[1])
marks = os.open(folder / "marks", os.O_WRONLY | os.O_CREAT)
def saved():
    os.write(marks, digest_of(project.store.connection).encode())
project = Project.create(folder / "study.annot", coder="Ann")
saved()
if sys.argv[2] == "spill":
    project.store.connection.exec_driver_sql("PRAGMA cache_size=8")
document = project.documents.add("Article", "Syria said that Israel agreed. " * 30)
saved()
claim = project.tagging.tag(document.id, "layer-claim", [Fragment(16, 29)])
saved()
project.tagging.tag_into(document.id, "layer-source", [Fragment(0, 5)], claim.id)
saved()
project.documents.add("Long", "word " * 20_000)
saved()
project.undo()
saved()
project.undo()
saved()
project.redo()
saved()
project.close()
os.write(marks, b"closed")
project = Project.open(folder / "study.annot", coder="Ann")
project.tagging.set_note(claim.id, "A note")
saved()
project.close()
"""


@pytest.fixture(scope="module", params=["small", "spill"])
def recorded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Event], str]:
    folder = tmp_path_factory.mktemp("recorded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent.parent.parent))
        return record(SCRIPT, folder, request.param), str(folder)


MOMENTS = 40


def test_power_may_go_at_any_moment(recorded: tuple[list[Event], str], tmp_path: Path) -> None:
    events, folder = recorded
    chance = random.Random(5)
    digests = [event.name for event in events if event.what == "mark" and event.name != "closed"]
    assert len(digests) == 9
    assert sum(event.what == "sync" for event in events) > 3 * len(digests)
    moments = {number for number, event in enumerate(events) if event.what == "mark"}
    moments |= set(chance.sample(range(len(events)), MOMENTS))
    disk, saved, looked, rolled_back = Disk(), 0, 0, 0
    for number, event in enumerate(events):
        if event.what == "mark":
            saved += event.name != "closed"
        else:
            disk.do(event)
        if number not in moments:
            continue
        after = tmp_path / str(number)
        after.mkdir()
        disk.without_power(chance, folder, after)
        path = after / "study.annot"
        if not saved and not path.exists():
            continue  # it was not made yet
        looked += 1
        journal = after / "study.annot-journal"
        rolled_back += journal.exists() and journal.stat().st_size > 512
        assert check_file(path) == [], f"after {number} of {len(events)}"
        project = Project.open(path, coder="Ann")
        found = digest_of(project.store.connection)
        project.close()
        assert found in digests[max(0, saved - 1) : saved + 1], f"after {number} of {len(events)}"
        shutil.rmtree(after)
    assert looked > MOMENTS // 2
    assert rolled_back > 3


def test_what_was_not_synced_would_be_noticed(recorded: tuple[list[Event], str], tmp_path: Path) -> None:
    # A program that leaves out its syncs loses something: else the replay would prove nothing.
    events, folder = recorded
    chance = random.Random(5)
    disk, lost = Disk(), 0
    for number, event in enumerate(events):
        if event.what == "sync" and event.name.endswith(".annot") and number > len(events) // 8:
            continue
        if event.what != "mark":
            disk.do(event)
            continue
        after = tmp_path / str(number)
        after.mkdir()
        disk.without_power(chance, folder, after)
        path = after / "study.annot"
        try:
            project = Project.open(path, coder="Ann")
        except Exception:
            lost += 1
            continue
        lost += digest_of(project.store.connection) != event.name and event.name != "closed"
        project.close()
    assert lost
