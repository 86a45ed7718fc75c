"""A short form of the harness; the long one is `python3 packaging/bootstrap.py torture`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
KILLS = 100


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the harness forks the program that it kills: not on Windows")
def test_nothing_saved_is_lost_however_the_program_ends(tmp_path: Path) -> None:
    # In a process of its own: what is forked must have one thread only.
    found = tmp_path / "found.json"
    command = [sys.executable, "-m", "tests.torture", "--kills", str(KILLS), "--minutes", "4", "--json", str(found)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    counts = json.loads(found.read_text("utf-8"))
    assert counts["losses"] == 0
    assert counts["kills"] == KILLS
    assert counts["killed in a step"] + counts["killed at a commit"] > KILLS // 2
    assert counts["half written files"]
    assert counts["undone and redone"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the harness forks the program that it kills: not on Windows")
def test_the_harness_notices_a_loss(tmp_path: Path) -> None:
    # A program that says “saved” before it has committed must be caught, else the harness proves nothing.
    script = """
import os, sys
from pathlib import Path
for name in ("XDG_DATA_HOME", "HOME"):
    os.environ[name] = sys.argv[1]
from tests.torture import work
from tests.torture.kills import Killer

def early(self, connection, commits=work.Worker._commits):
    commits(self, connection)
    self._tell("saved", self._number, "")

work.Worker._commits = early
killer = Killer(Path(sys.argv[1]), 5)
while not killer.losses and killer.counts["kills"] < 100:
    killer.kill()
print(killer.losses)
sys.exit(not killer.losses)
"""
    ran = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "neither what was saved last" in ran.stdout
