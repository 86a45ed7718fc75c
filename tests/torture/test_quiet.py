"""No connection is opened, and nothing is written but the project, what stands beside it, its backups and the settings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ASKED = {"out.json", "out.xlsx"}
WRITING = re.compile(
    r"\b(openat|open)\(.*O_(WRONLY|RDWR|CREAT)|\b(creat|mkdir|mkdirat|rename\w*|link|linkat|symlink\w*|truncate)\("
)
CALLS = "network,openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,truncate"


def strange(path: str, work: Path, home: Path) -> bool:
    """Whether this is no place to write to."""
    if path.startswith(("/dev/", "/proc/", "pipe:", "socket:")):
        return False
    found = Path(path)
    if found.parent == work:
        name = found.name
        # An export is put together under another name beside its own.
        return not (name in ASKED or any(part in name for part in ("study.annot", *ASKED)))
    if found.is_relative_to(work.parent / "temporary"):
        return False  # while an export is written; nothing of it stays
    ours = (home / "data" / "annotator" / "backups", home / "config")
    made = {work, home / "data" / "annotator", home / "data", home / "config"}
    return not (any(found.is_relative_to(place) for place in ours) or found in made)


def run(work: Path, report: Path, *before: str) -> None:
    work.mkdir()
    temporary = work.parent / "temporary"
    temporary.mkdir()
    command = [*before, sys.executable, "-B", "-m", "tests.torture.quiet", str(work), str(report)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(temporary)}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert list(temporary.iterdir()) == []


def test_what_python_sees(tmp_path: Path, user_folders: Path) -> None:
    work = tmp_path / "work"
    run(work, tmp_path / "report")
    told = (tmp_path / "report").read_text("utf-8").splitlines()
    assert not [line for line in told if line.startswith(("network", "program"))]
    written = {line.partition(" ")[2] for line in told if line.startswith("write ")}
    assert not [path for path in sorted(written) if strange(path, work, user_folders)]
    assert str(work / "out.json") in {str(path) for path in work.iterdir()}
    left = sorted(path.name for path in work.iterdir())
    assert left == ["more.txt", "out.json", "out.xlsx", "study.annot"]


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace to see what libraries do")
def test_what_the_system_sees(tmp_path: Path, user_folders: Path) -> None:
    work, trace = tmp_path / "work", tmp_path / "trace"
    strace = ["strace", "-f", "-y", "-s", "4096", "-e", f"trace={CALLS}", "-e", "signal=none", "-o", str(trace)]
    run(work, tmp_path / "report", *strace)
    lines = trace.read_text("utf-8", "replace").splitlines()
    assert not [line for line in lines if re.search(r"\b(socket|connect|bind|sendto)\(.*AF_INET", line)]
    assert not [line for line in lines if "connect(" in line and "AF_UNIX" not in line and "unfinished" not in line]
    paths = {path for line in lines if WRITING.search(line) for path in re.findall(r'"(/[^"]*)"', line)}
    assert str(work / "study.annot") in paths
    paths -= {str(tmp_path / "report"), str(work / "more.txt")}
    assert not [path for path in sorted(paths) if strange(path, work, user_folders)]
