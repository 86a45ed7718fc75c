"""House rules that hold for the whole tree."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

MOST_LINES = 500

# In two halves, so that this file does not hold what it looks for.
REGISTRIES = re.compile(
    rb"|".join(
        re.escape(host + b"." + domain)
        for host, domain in [
            (b"pypi", b"org"),
            (b"files.pythonhosted", b"org"),
            (b"npmjs", b"org"),
            (b"npmjs", b"com"),
            (b"deb.debian", b"org"),
            (b"archive.ubuntu", b"com"),
            (b"conda", b"anaconda.org"),
        ]
    )
)


def test_no_file_names_a_package_registry(tracked_files: list[Path], root: Path) -> None:
    """Where packages come from is the user's configuration, not ours."""
    found = [str(path.relative_to(root)) for path in tracked_files if REGISTRIES.search(path.read_bytes())]
    assert found == []


def test_every_requirement_is_pinned_and_hashed(root: Path) -> None:
    for name in ("requirements.txt", "requirements-test.txt"):
        text = (root / "packaging" / name).read_text("utf-8").replace("\\\n", " ")
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
        assert lines
        for line in lines:
            assert re.match(r"[a-z0-9.-]+==[^ ]+ .*--hash=sha256:[0-9a-f]{64}", line), line


def test_the_tests_run_with_the_versions_that_users_get(root: Path) -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9.-]+==\S+", (root / "packaging" / name).read_text("utf-8"), re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-test.txt")


def test_every_dependency_is_pinned(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    pinned = (root / "packaging" / "requirements.txt").read_text("utf-8")
    for dependency in project["dependencies"]:
        name = re.match(r"[A-Za-z0-9-]+", dependency)
        assert name is not None
        assert re.search(rf"^{name[0].lower()}==", pinned, re.MULTILINE), dependency


def test_no_module_is_too_long(root: Path) -> None:
    lengths = {
        str(path.relative_to(root)): len(path.read_text("utf-8").splitlines())
        for path in sorted((root / "annotator").rglob("*.py"))
    }
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}
