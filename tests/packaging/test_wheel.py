"""A wheel holds the whole program: the code, the resources, the program's name and the formats."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import entry_points
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"),
            *("--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(root)),
        ],
        capture_output=True,
        text=True,
        cwd=folder,
    )
    assert built.returncode == 0, built.stderr
    [path] = folder.glob("annotator-*.whl")
    return path


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_every_resource_travels(names: set[str], root: Path, tracked_files: list[Path]) -> None:
    resources = root / "resources"
    expected = {
        f"annotator/_resources/{path.relative_to(resources).as_posix()}"
        for path in tracked_files
        if path.is_relative_to(resources)
    }
    assert expected
    assert expected <= names


def test_every_module_travels_and_no_test_does(names: set[str], root: Path, tracked_files: list[Path]) -> None:
    package = root / "annotator"
    expected = {path.relative_to(root).as_posix() for path in tracked_files if path.is_relative_to(package)}
    assert expected <= names
    outside = {name for name in names if not name.startswith(("annotator/", "annotator-"))}
    assert outside == set()


def test_the_program_and_the_formats_are_registered(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith("/entry_points.txt")]
        entry_points = archive.read(name).decode()
    assert "annotator = annotator.cli:main" in entry_points
    assert "[annotator.importers]" in entry_points
    assert "[annotator.exporters]" in entry_points


@pytest.mark.parametrize("group", ["annotator.importers", "annotator.exporters", "annotator.suggesters"])
def test_whatever_the_checkout_registers_can_be_loaded(root: Path, group: str) -> None:
    """Also says when the installed entry points are older than pyproject.toml: then set up again."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    registered = project["entry-points"][group]
    installed = {point.name: point for point in entry_points(group=group) if point.value in registered.values()}
    assert installed.keys() == registered.keys()
    for point in installed.values():
        assert callable(point.load())


def test_an_unpacked_wheel_finds_its_own_resources(wheel: Path, root: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    program = "from annotator import resources; print(resources.path('fonts'))"
    result = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert result.returncode == 0, result.stderr
    assert Path(result.stdout.strip()) == (tmp_path / "annotator" / "_resources" / "fonts").resolve()
    assert Path(result.stdout.strip()).is_dir()
    assert (root / "resources" / "fonts").is_dir()
