"""Power that goes: records what a program asks the disk to do, and replays every moment with what was not yet synced lost.

The system calls come from strace. What a program wrote is sure to be on the disk only once it was synced: before that,
any part of it may be there, in any order, down to single sectors. So it is with names in a folder, too.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

CALLS = "openat,pwrite64,write,ftruncate,fsync,fdatasync,unlink,unlinkat,rename,renameat,renameat2,link,linkat"
SECTOR = 512
_CALL = re.compile(r"^\d+\s+(\w+)\((.*)\)\s+=\s+(-?\d+)(?:<([^>]*)>)?.*$", re.DOTALL)
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FD = re.compile(r"^\d+<([^>]*)>")


class Event(NamedTuple):
    """One thing asked of the disk: write, truncate, sync, create, unlink, rename, link, or a mark."""

    what: str
    name: str
    at: int = 0
    data: bytes = b""
    to: str = ""


def record(script: str, folder: Path, *arguments: object) -> list[Event]:
    """What this Python program asks of the disk in a folder. It marks a moment by writing to the file `marks` there."""
    trace = folder.with_name(f"{folder.name}.trace")
    command = [
        "strace",
        "-f",
        "-y",
        "-xx",
        "-s",
        "1000000",
        "-e",
        f"trace={CALLS}",
        "-e",
        "signal=none",
        "-o",
        str(trace),
    ]
    subprocess.run([*command, sys.executable, "-c", script, str(folder), *map(str, arguments)], check=True)
    try:
        return list(_events(trace.read_text("ascii"), str(folder)))
    finally:
        trace.unlink()


def _lines(text: str) -> Iterator[str]:
    """Whole calls: one that another thread interrupted stands in two pieces."""
    begun: dict[str, str] = {}
    for line in text.splitlines():
        pid, _, rest = line.partition(" ")
        if line.endswith("<unfinished ...>"):
            begun[pid] = line[: -len("<unfinished ...>")].rstrip()
        elif "resumed>" in rest:
            yield begun.pop(pid) + rest.partition("resumed>")[2]
        else:
            yield line


def _events(text: str, folder: str) -> Iterator[Event]:
    for line in _lines(text):
        found = _CALL.match(line)
        if found is None or int(found[3]) < 0:
            continue
        call, given = found[1], found[2]
        texts = [bytes.fromhex(part.replace("\\x", "")) for part in _TEXT.findall(given)]
        fd = _FD.match(given)
        name = fd[1].encode().decode("unicode_escape").encode("latin-1").decode() if fd else ""
        if call in ("pwrite64", "write", "ftruncate", "fsync", "fdatasync"):
            if name != folder and not name.startswith(f"{folder}/"):
                continue
            if name == f"{folder}/marks":
                yield Event("mark", texts[0].decode())
            elif call in ("fsync", "fdatasync"):
                yield Event("sync", name)
            elif call == "ftruncate":
                yield Event("truncate", name, int(given.rpartition(",")[2]))
            else:
                yield Event("write", name, int(given.rpartition(",")[2]) if call == "pwrite64" else -1, texts[0])
            continue
        paths = [part.decode() for part in texts]
        if not paths or not paths[0].startswith(f"{folder}/"):
            continue
        if call == "openat":
            if "O_CREAT" in given:
                yield Event("create", paths[0])
            if "O_TRUNC" in given:
                yield Event("truncate", paths[0], 0)
        else:
            kind = call.removesuffix("2").removesuffix("at")
            yield Event(kind, paths[0], to=paths[-1])


class _File:
    def __init__(self) -> None:
        self.durable = b""
        self.now = b""
        self.pending: list[tuple[int, bytes | None]] = []
        """Writes, and sizes to truncate to, since the last sync."""


class Disk:
    """What is on the disk for sure, and what is only on its way."""

    def __init__(self) -> None:
        self._files: list[_File] = []
        self._names: dict[str, int] = {}
        self._durable: dict[str, int] = {}
        self._pending: list[tuple[str, int | None]] = []
        """Names that were given to files or taken away, since the folder was synced."""

    def do(self, event: Event) -> None:
        """One thing more is asked."""
        if event.what == "sync" and event.name not in self._names:
            for name, file in self._pending:  # the folder
                self._put(self._durable, name, file)
            self._pending = []
        elif event.what == "sync":
            file = self._files[self._names[event.name]]
            file.durable, file.pending = file.now, []
        elif event.what == "create" and event.name not in self._names:
            self._files.append(_File())
            self._name(event.name, len(self._files) - 1)
        elif event.what == "unlink":
            self._name(event.name, None)
        elif event.what in ("rename", "link"):
            self._name(event.to, self._names[event.name])
            if event.what == "rename":
                self._name(event.name, None)
        elif event.what in ("write", "truncate") and event.name in self._names:
            file = self._files[self._names[event.name]]
            at = len(file.now) if event.at < 0 else event.at
            change = (at, event.data if event.what == "write" else None)
            file.now = _changed(file.now, *change)
            file.pending.append(change)

    def _name(self, name: str, file: int | None) -> None:
        self._put(self._names, name, file)
        self._pending.append((name, file))

    @staticmethod
    def _put(names: dict[str, int], name: str, file: int | None) -> None:
        if file is None:
            names.pop(name, None)
        else:
            names[name] = file

    def without_power(self, chance: random.Random, folder: str, to: Path) -> None:
        """Write down what may be found in the folder if the power goes now."""
        names = dict(self._durable)
        for name, file in self._pending:
            if chance.random() < 0.5:
                self._put(names, name, file)
        share = chance.choice((0.0, 0.5, 0.9, 1.0))
        for name, number in names.items():
            file = self._files[number]
            content = file.durable
            for at, data in file.pending:
                if chance.random() >= share:
                    continue
                if data is not None and chance.random() < 0.3:
                    # Torn: some of its sectors are there.
                    for start in range(0, len(data), SECTOR):
                        if chance.random() < 0.5:
                            content = _changed(content, at + start, data[start : start + SECTOR])
                else:
                    content = _changed(content, at, data)
            (to / name.removeprefix(f"{folder}/")).write_bytes(content)


def _changed(content: bytes, at: int, data: bytes | None) -> bytes:
    if data is None:
        return content[:at].ljust(at, b"\0")
    return content[:at].ljust(at, b"\0") + data + content[at + len(data) :]
