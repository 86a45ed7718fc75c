"""The system packages: what is missing is found, and the command to install it is right for each package manager."""

from __future__ import annotations

import subprocess
from types import ModuleType

import pytest

MISSING = ["libxcb-cursor.so.0", "libxcb-shape.so.0", "libxcb-shm.so.0", "Xvfb"]


def test_apt_refreshes_and_then_installs(system_packages: ModuleType) -> None:
    assert system_packages.one_line("apt-get", MISSING, sudo=True) == (
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends "
        "libxcb-cursor0 libxcb-shape0 libxcb-shm0 xvfb"
    )


def test_dnf_names_a_package_once(system_packages: ModuleType) -> None:
    assert system_packages.one_line("dnf", MISSING, sudo=True) == (
        "sudo dnf install -y libxcb xcb-util-cursor xorg-x11-server-Xvfb"
    )


def test_pacman(system_packages: ModuleType) -> None:
    assert system_packages.one_line("pacman", MISSING, sudo=True) == (
        "sudo pacman -S --needed --noconfirm libxcb xcb-util-cursor xorg-server-xvfb"
    )


def test_without_sudo_the_command_asks_for_the_password_of_root(system_packages: ModuleType) -> None:
    assert system_packages.one_line("pacman", ["xdotool"], sudo=False) == (
        "su -c 'pacman -S --needed --noconfirm xdotool'"
    )


def test_every_need_has_a_package_for_every_manager(system_packages: ModuleType) -> None:
    for names in system_packages.KNOWN.values():
        assert len(names) == len(system_packages.MANAGERS)
        assert all(names)


def test_a_library_that_loads_is_not_missing(system_packages: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str) -> None:
        if "xcb" in name:
            raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(system_packages.ctypes, "CDLL", load)
    missing = system_packages.missing_libraries()
    assert "libxcb-cursor.so.0" in missing
    assert "libEGL.so.1" not in missing


def test_a_tool_on_the_path_is_not_missing(system_packages: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: "/usr/bin/Xvfb" if name == "Xvfb" else None)
    assert system_packages.missing_test_tools() == ["xdotool"]
    assert system_packages.manager() is None
    assert "package manager" in system_packages.advice(None, ["xdotool"])


@pytest.mark.parametrize(
    ("user", "answer", "prefix"), [(0, 1, []), (1000, 0, ["/usr/bin/sudo", "-n"]), (1000, 1, None)]
)
def test_root_and_passwordless_sudo_install_others_are_told(
    system_packages: ModuleType, monkeypatch: pytest.MonkeyPatch, user: int, answer: int, prefix: list[str] | None
) -> None:
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: user, raising=False)
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(
        system_packages.subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, answer)
    )
    assert system_packages.root_prefix() == prefix
