"""PySide is loaded from code that an earlier start compiled, and leaves imports alone afterwards."""

from __future__ import annotations

import builtins
import os
import subprocess
import sys
from pathlib import Path

import pytest

from annotator import pyside

SCRIPT = """
import builtins
compiled = []
real = builtins.compile
def counted(source, filename, *args, **kwargs):
    compiled.append(str(filename))
    return real(source, filename, *args, **kwargs)
builtins.compile = counted
from annotator import pyside
with pyside.loading():
    from PySide6.QtCore import QObject
assert builtins.compile is counted
import linecache, xml.sax.saxutils
assert not [name for name in linecache.cache if "xml" in name]
print(len([name for name in compiled if "shibokensupport" in name]))
"""


def start(folder: Path, **environment: str) -> int:
    """How many of its own modules PySide compiled."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        check=True,
        env={**own, "PYTHONPYCACHEPREFIX": str(folder), **environment},
    )
    assert run.stderr == ""
    return int(run.stdout)


def test_the_second_start_compiles_nothing(tmp_path: Path) -> None:
    first = start(tmp_path)
    assert first > 5
    assert start(tmp_path) == 0
    (kept,) = tmp_path.rglob("pyside_support.*.pyc")
    for damage in (b"", b"nonsense", kept.read_bytes()[:-40]):
        kept.write_bytes(damage)
        assert start(tmp_path) == first
        assert start(tmp_path) == 0


def test_nothing_is_kept_where_python_may_keep_nothing(tmp_path: Path) -> None:
    first = start(tmp_path, PYTHONDONTWRITEBYTECODE="1")
    assert first > 5
    assert not list(tmp_path.rglob("*.pyc"))


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is really compiled, in a place of its own where it may be kept."""
    seen: list[str] = []
    real = builtins.compile

    def counted(source: str, filename: str, mode: str, **options: object) -> object:
        seen.append(filename)
        return real(source, filename, mode, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(builtins, "compile", counted)
    monkeypatch.setattr(builtins, "__import__", builtins.__import__)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return seen


def run(source: str, **options: int) -> object:
    scope: dict[str, object] = {}
    exec(compile(source, "some.py", "exec", **options), scope)
    return scope["found"]


def test_a_changed_source_is_compiled_again(kept: list[str]) -> None:
    for source, found, compiled in (("found = 1", 1, 1), ("found = 1", 1, 1), ("found = 2", 2, 2), ("found = 2", 2, 2)):
        with pyside.loading():
            assert run(source) == found
        assert len(kept) == compiled


def test_options_are_heeded(kept: list[str]) -> None:
    for _ in range(2):
        with pyside.loading():
            assert run("def f():\n 'told'\nfound = f.__doc__", optimize=2) is None
            assert run("def f():\n 'told'\nfound = f.__doc__") == "told"
            assert eval(compile("1 + 1", "some.py", "eval")) == 2


def test_a_mistake_comes_through_and_nothing_stays_changed(kept: list[str]) -> None:
    before = builtins.compile
    with pytest.raises(SyntaxError), pyside.loading():
        run("found =")
    assert builtins.compile is before
