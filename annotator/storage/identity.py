"""Who runs this: user, computer, start of the computer, process, start of the process. As far as the system tells."""

from __future__ import annotations

import getpass
import os
import socket
import sys
import uuid
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Identity:
    """One run of the program. Empty where the system does not tell."""

    user: str
    host: str
    machine: str
    boot: str
    pid: int
    started: str

    def told(self) -> dict[str, Any]:
        """As it is written down."""
        return asdict(self)


def mine() -> Identity:
    """This process."""
    pid = os.getpid()
    return Identity(_user(), socket.gethostname(), _machine(), _boot(), pid, started(pid))


def is_gone(told: dict[str, Any], me: Identity) -> bool:
    """Whether a process of this computer that wrote this down has surely ended."""
    if told.get("boot") and me.boot and told["boot"] != me.boot:
        return True
    pid = told.get("pid")
    if not isinstance(pid, int) or pid == me.pid or not Path("/proc/self/stat").exists():
        return True  # where nothing can be asked the lock of the system has said so already
    # A number alone says little: another process may have got it since.
    return not told.get("started") or started(pid) != told["started"]


def started(pid: int) -> str:
    """When a process began, in ticks since the computer did; "" where there is none, or nobody tells."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 and fields[0] not in "ZX" else ""


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "somebody"


@cache
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except (OSError, ValueError):
        return ""


@cache
def _machine() -> str:
    """Two computers may well have one name."""
    for known in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        try:
            found = Path(known).read_text("ascii").strip()
        except (OSError, ValueError):
            continue
        if found:
            return found
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
                return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        except OSError:
            pass
    node = uuid.getnode()
    # Where there is no such number one is made up anew each time; a bit says so.
    return socket.gethostname() if node >> 40 & 1 else f"{node:x}"
