"""What Annotator needs from a Linux system outside Python: what is missing, and the command that installs it.

Standard library only. Nothing asks a package manager what is there: a library is there when it loads, a tool when
it is on the path. So hand-built and preinstalled ones count, and the check takes milliseconds.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys

# What each package manager calls a thing, in the order of MANAGERS.
MANAGERS = ("apt-get", "dnf", "pacman")

# Every library that the Qt of the PySide6 wheel links to and does not bring: for painting, and for an X11 window.
LIBRARIES = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libglvnd"),
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libglvnd"),
    "libX11.so.6": ("libx11-6", "libX11", "libx11"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb", "libx11"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs", "dbus"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype", "freetype2"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2", "glib2"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2", "glib2"),
    "libxcb.so.1": ("libxcb1", "libxcb", "libxcb"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    "libxcb-glx.so.0": ("libxcb-glx0", "libxcb", "libxcb"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb", "libxcb"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb", "libxcb"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon", "libxkbcommon"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
}

# For the end-to-end tests, which press real keys in a real window.
TEST_TOOLS = {
    "Xvfb": ("xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb"),
    "xdotool": ("xdotool", "xdotool", "xdotool"),
}

# Debian keeps the part of Python that puts pip into a new environment in a package of its own.
ENSUREPIP = {"ensurepip": (f"python{sys.version_info[0]}.{sys.version_info[1]}-venv", "python3-libs", "python")}

KNOWN = {**LIBRARIES, **TEST_TOOLS, **ENSUREPIP}

INSTALL = {
    "apt-get": (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends"]),
    "dnf": (None, ["dnf", "install", "-y"]),
    "pacman": (None, ["pacman", "-S", "--needed", "--noconfirm"]),
}


def missing_libraries() -> list[str]:
    return [name for name in LIBRARIES if not _loads(name)]


def missing_test_tools() -> list[str]:
    return [name for name in TEST_TOOLS if shutil.which(name) is None]


def missing_ensurepip() -> list[str]:
    return [] if importlib.util.find_spec("ensurepip") else ["ensurepip"]


def manager() -> str | None:
    return next((name for name in MANAGERS if shutil.which(name)), None)


def packages(manager_name: str, missing: list[str]) -> list[str]:
    column = MANAGERS.index(manager_name)
    return sorted({KNOWN[name][column] for name in missing})


def commands(manager_name: str, missing: list[str]) -> list[list[str]]:
    """The commands, to be run as root, that install what is missing."""
    refresh, install = INSTALL[manager_name]
    return [*([refresh] if refresh else []), [*install, *packages(manager_name, missing)]]


def one_line(manager_name: str, missing: list[str], *, sudo: bool) -> str:
    """The same as one line for a person to type."""
    lines = [shlex.join(command) for command in commands(manager_name, missing)]
    if sudo:
        return " && ".join(f"sudo {line}" for line in lines)
    return "su -c " + shlex.quote(" && ".join(lines))


def advice(manager_name: str | None, missing: list[str]) -> str:
    """What to do, in words, where this program may not install anything itself."""
    if manager_name is None:
        return "Install what holds them with your system's package manager."
    line = one_line(manager_name, missing, sudo=shutil.which("sudo") is not None)
    return f"This command installs them:\n\n    {line}\n"


def root_prefix() -> list[str] | None:
    """What to put before a command to run it as root without a question; None where that cannot be."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, stdin=subprocess.DEVNULL).returncode == 0:
        return [sudo, "-n"]
    return None


def install(manager_name: str, missing: list[str], prefix: list[str]) -> None:
    """Install what is missing, in full view. Whether it worked is for still_missing to say."""
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"] if manager_name == "apt-get" else []
    for command in commands(manager_name, missing):
        print("$", shlex.join([*prefix, *command]), flush=True)
        subprocess.run([*prefix, *environment, *command], stdin=subprocess.DEVNULL)


def still_missing(names: list[str]) -> list[str]:
    importlib.invalidate_caches()
    missing = {*missing_libraries(), *missing_test_tools(), *missing_ensurepip()}
    return [name for name in names if name in missing]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
