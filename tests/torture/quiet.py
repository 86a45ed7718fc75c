"""A whole session, of the window and of the command line, in a process that is watched: what it opens and writes.

`python -m tests.torture.quiet WORK REPORT`: what Python itself reports of it goes to REPORT, one line each.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

WRITES = {"os.mkdir": 0, "os.rename": 1, "os.link": 1, "os.symlink": 1, "os.truncate": 0, "os.utime": 0, "os.chmod": 0}
NETWORK = ("connect", "bind", "getaddrinfo", "gethostbyname", "gethostbyaddr", "sendto", "sendmsg")


def watch(told: list[str]) -> None:
    """From now on, note sockets and writing."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith("socket."):
            kind = event.partition(".")[2]
            if kind in NETWORK:
                told.append(f"network {event} {arguments[1:]!r}")
            return
        if event == "open":
            path, mode, flags = arguments
            writing = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) if isinstance(flags, int) else mode != "r"
            if writing and isinstance(path, (str, bytes, os.PathLike)):
                told.append(f"write {os.fsdecode(path)}")
        elif event in WRITES:
            told.append(f"write {os.fsdecode(arguments[WRITES[event]])}")
        elif event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"):
            told.append(f"program {arguments!r}")

    sys.addaudithook(hook)


def session(work: Path) -> None:
    """Something of everything."""
    from PySide6.QtWidgets import QApplication

    from annotator.cli import main
    from annotator.ui import fonts, look, settings
    from tests.torture.window import Person, study

    app = QApplication(["annotator", "-style", "Fusion"])
    look.apply()
    fonts.load()
    own = settings.settings()
    own.coder = "R. Amin"
    path = study(work / "study.annot")
    person = Person(path)
    person.tag("the border is open", "C")
    person.tag("Ada Roy", "S")
    person.press("Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+PgDown", "Ctrl+PgUp", "N", "P")
    person.project.search.find("border", 5)
    person.project.index_texts()
    for id_ in (
        "project.back_up",
        "view.theme",
        "view.larger",
        "help.keys",
        "edit.find",
        "review.todo",
        "project.history",
    ):
        person.window.actions_.by_id[id_].trigger()
        person.settle()
        for widget in app.topLevelWidgets():
            if widget.isVisible() and widget is not person.window:
                widget.close()
    person.leave()
    app.processEvents()
    own.sync()
    more = work / "more.txt"
    for command in (
        ["import", str(path), str(more)],
        ["export", str(path), str(work / "out.json")],
        ["export", str(path), str(work / "out.xlsx")],
        ["info", str(path)],
        ["check", str(path)],
        ["search", str(path), "border"],
        ["undo", str(path)],
        ["log", str(path)],
        ["formats"],
    ):
        if main(command) != 0:
            raise AssertionError(f"{command} failed")


if __name__ == "__main__":
    told: list[str] = []
    work, report = map(Path, sys.argv[1:])
    (work / "more.txt").write_text("Another article. Syria said so.", "utf-8")
    watch(told)
    session(work)
    noted = list(told)
    report.write_text("\n".join(noted), "utf-8")
