"""The short form: some broken files of every format. The long ones are `python -m tests.fuzzing --minutes 30` and
`python -m tests.fuzzing.hostile --mb 100`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from annotator.interchange.registry import Formats
from tests.fuzzing.judge import Judge
from tests.fuzzing.samples import SAMPLES, good

ROOT = Path(__file__).parent.parent.parent
FORMATS = Formats()
NOISE = (
    b"", b"\x00" * 100, b"\xff\xfe\x00", b"PK\x03\x04", b"PK\x05\x06" + b"\x00" * 18, b"{}", b"[]", b"<x/>", b"\n" * 1000,
    b"SQLite format 3\x00" + b"\x00" * 84, bytes(range(256)) * 40,
)  # fmt: skip


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    made = Judge(tmp_path_factory.mktemp("fuzzing"), FORMATS)
    yield made
    made.close()


def test_every_format_has_a_good_file() -> None:
    assert sorted(SAMPLES) == sorted(FORMATS.importers), (
        "put a good file of the new format into tests/fuzzing/samples.py"
    )


@pytest.mark.parametrize("name", sorted(FORMATS.importers))
def test_a_good_file_is_taken(name: str, judge: Judge, tmp_path: Path) -> None:
    path = tmp_path / SAMPLES[name][0]
    path.write_bytes(good(name))
    assert judge.faults(name, path) == ("taken", [])
    assert FORMATS.importer(path).name == name


@pytest.mark.parametrize("name", sorted(FORMATS.importers))
@given(seed=st.integers(0, 2**32))
@settings(
    max_examples=30, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck), deadline=None
)
def test_no_file_breaks_it(name: str, seed: int, judge: Judge) -> None:
    assert judge.faults(name, judge.broken(name, seed))[1] == []


@pytest.mark.parametrize("name", sorted(FORMATS.importers))
def test_noise_and_nothing(name: str, judge: Judge, tmp_path: Path) -> None:
    path = tmp_path / SAMPLES[name][0]
    for content in NOISE:
        path.write_bytes(content)
        for wanted in (name, None):
            assert judge.faults(wanted, path)[1] == [], content[:20]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the harness forks what it measures: not on Windows")
def test_files_made_to_do_harm() -> None:
    # In a process of its own: what is forked must have one thread only.
    ran = subprocess.run(
        [sys.executable, "-m", "tests.fuzzing.hostile", "--mb", "4"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr
    assert ran.stdout.count("\n") > 3 * len(SAMPLES)
