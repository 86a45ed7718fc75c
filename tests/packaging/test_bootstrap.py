"""The set-up script: when it has something to do, and what it says where it may not do it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def checkout(bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose .venv looks finished, with the script pointed at it."""
    folder = tmp_path / ".venv" / "bin"
    folder.mkdir(parents=True)
    (tmp_path / "packaging").mkdir()
    for name in ("pyproject.toml", "packaging/requirements.txt", "packaging/requirements-test.txt"):
        (tmp_path / name).write_text(name, "utf-8")
    (folder / "python3.11").write_text("", "utf-8")
    (folder / "python").symlink_to("python3.11")
    (folder / "annotator").write_text("", "utf-8")
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.2\n", "utf-8")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", folder / "python")
    monkeypatch.setattr(bootstrap, "ANNOTATOR", folder / "annotator")
    return tmp_path


def test_nothing_is_ready_at_first(bootstrap: ModuleType, checkout: Path) -> None:
    assert not bootstrap.is_ready("run")
    assert not bootstrap.is_ready("test")


def test_ready_to_test_is_ready_to_run_but_not_the_other_way(bootstrap: ModuleType, checkout: Path) -> None:
    bootstrap.mark_ready("run")
    assert bootstrap.is_ready("run")
    assert not bootstrap.is_ready("test")
    bootstrap.mark_ready("test")
    assert bootstrap.is_ready("run")
    assert bootstrap.is_ready("test")


@pytest.mark.parametrize("name", ["pyproject.toml", "packaging/requirements.txt", ".venv/pyvenv.cfg"])
def test_a_changed_list_project_or_python_is_installed_again(bootstrap: ModuleType, checkout: Path, name: str) -> None:
    bootstrap.mark_ready("run")
    (checkout / name).write_text("version = 3.12.1\n", "utf-8")
    assert not bootstrap.is_ready("run")


def test_another_interpreter_behind_the_link_is_noticed(bootstrap: ModuleType, checkout: Path) -> None:
    bootstrap.mark_ready("run")
    link = checkout / ".venv" / "bin" / "python"
    link.unlink()
    link.symlink_to("annotator")
    assert not bootstrap.is_ready("run")


@pytest.mark.parametrize("name", ["python3.11", "annotator"])
def test_a_program_that_went_away_is_noticed(bootstrap: ModuleType, checkout: Path, name: str) -> None:
    bootstrap.mark_ready("run")
    (checkout / ".venv" / "bin" / name).unlink()
    assert not bootstrap.is_ready("run")


def test_a_ready_checkout_calls_neither_pip_nor_a_package_manager(
    bootstrap: ModuleType, system_packages: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.mark_ready("test")
    monkeypatch.setattr(bootstrap, "call", lambda *_, **__: pytest.fail("nothing should be started"))
    monkeypatch.setattr(system_packages, "install", lambda *_: pytest.fail("nothing should be installed"))
    monkeypatch.setattr(system_packages, "missing_libraries", list)
    monkeypatch.setattr(system_packages, "missing_test_tools", list)
    bootstrap.prepare("run")
    bootstrap.prepare("test")


@pytest.fixture
def ordinary_user(
    bootstrap: ModuleType, system_packages: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Someone on Debian who may not install system packages without a password."""
    bootstrap.mark_ready("test")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(system_packages, "manager", lambda: "apt-get")
    monkeypatch.setattr(system_packages, "root_prefix", lambda: None)
    monkeypatch.setattr(system_packages, "missing_libraries", list)
    monkeypatch.setattr(system_packages, "missing_test_tools", lambda: ["Xvfb", "xdotool"])


@pytest.mark.usefixtures("ordinary_user")
def test_a_missing_library_stops_with_the_command_to_type(
    bootstrap: ModuleType, system_packages: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_packages, "missing_libraries", lambda: ["libEGL.so.1"])
    with pytest.raises(bootstrap.Stop) as stopped:
        bootstrap.prepare("run")
    assert "libEGL.so.1" in str(stopped.value)
    assert "apt-get install -y --no-install-recommends libegl1" in str(stopped.value)


@pytest.mark.usefixtures("ordinary_user")
def test_missing_test_tools_are_said_and_do_not_stop_the_tests(
    bootstrap: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    bootstrap.prepare("test")
    said = capsys.readouterr().out
    assert "the end-to-end tests will be skipped" in said
    assert "apt-get install -y --no-install-recommends xdotool xvfb" in said


def test_a_demonstration_never_writes_over_an_earlier_one(bootstrap: ModuleType, tmp_path: Path) -> None:
    first = bootstrap.fresh_folder(tmp_path / "build", "demo")
    second = bootstrap.fresh_folder(tmp_path / "build", "demo")
    assert first.name == "demo-1"
    assert second.name == "demo-2"


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_display(
    bootstrap: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    variables: dict[str, str],
    expected: bool,
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert bootstrap.has_display() is expected


@pytest.mark.parametrize(("language", "expected"), [("", "C.UTF-8"), ("C", "C.UTF-8"), ("de_DE.UTF-8", None)])
def test_a_bare_locale_becomes_utf8(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, language: str, expected: str | None
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("LC_ALL", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", language)
    assert bootstrap.child_environment().get("LC_ALL") == expected


def test_it_runs_without_anything_installed(root: Path) -> None:
    """Isolated, without site-packages: only the standard library is there."""
    result = subprocess.run(
        [sys.executable, "-S", "-E", "packaging/bootstrap.py", "--help"], cwd=root, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    assert "setup" in result.stdout


def test_continuous_integration_calls_the_test_command(root: Path) -> None:
    script = root / ".ci" / "run"
    assert "exec python3 packaging/bootstrap.py test" in script.read_text("utf-8")
    assert os.access(script, os.X_OK)
