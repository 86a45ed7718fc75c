"""The real program in a real window on a display of its own, moved by real key presses.

What a key did is read from outside, with `annotator export`, until it is there or the time is up: nothing here sleeps
for a result, and nothing looks into the process.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 20.0
"""Seconds until something that should happen counts as not happening. A slow machine needs most of them, no other does."""

ARTICLE = (
    "Minister Ada Roy said the border is open, according to what Western media reported.\n\nA spokesman denied it.\n"
)


def until(what: str, ready: Callable[[], Any], instead: Callable[[], object] = str) -> Any:
    """Ask again and again until the answer is true, and return it; `instead` tells what there is when the time is up."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = ready()
        if found:
            return found
        if time.monotonic() > deadline:
            pytest.fail(f"waited {PATIENCE:.0f} s in vain for {what}; there is: {instead()}")
        time.sleep(0.05)


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A free display, with nothing on it."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    read, write = os.pipe()
    # Without -noreset it starts anew whenever its last client goes, and who comes meanwhile finds no display.
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        ready, _, _ = select.select([read], [], [], PATIENCE)
        number = os.read(read, 16).decode().strip() if ready else ""
        if not number:
            pytest.skip("Xvfb does not start on this machine")
        yield f":{number}"
    finally:
        os.close(read)
        server.terminate()
        server.wait(PATIENCE)


@dataclass
class Session:
    """A project, and the windows that a test opens on it."""

    program: Path
    display: str
    project: Path
    started: list[Window] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb", "QT_LOGGING_RULES": "*.debug=false"}

    def annotator(self, *arguments: str) -> str:
        """What a command of the command line prints."""
        command = [str(self.program), *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def export(self) -> Exported:
        """The project as it is on disk now."""
        return Exported(json.loads(self.annotator("export", str(self.project), "-")))

    def until(self, what: str, ready: Callable[[Exported], Any]) -> Exported:
        """The export, once it is as wanted."""
        last = self.export()

        def look() -> bool:
            nonlocal last
            last = self.export()
            return bool(ready(last))

        if not ready(last):
            until(what, look, lambda: last)
        return last

    def open(self) -> Window:
        """A new window on the project, ready for keys."""
        command = [str(self.program), str(self.project)]
        window = Window(self, subprocess.Popen(command, env=self.environment, stderr=subprocess.PIPE, text=True))
        self.started.append(window)
        window.wait_for(self.project.stem)
        return window

    def xdotool(self, *arguments: str) -> str:
        done = subprocess.run(["xdotool", *arguments], env=self.environment, capture_output=True, text=True, timeout=60)
        return done.stdout.strip()


@dataclass
class Window:
    """One running program."""

    session: Session
    process: subprocess.Popen[str]
    id: str = ""

    def wait_for(self, title: str) -> None:
        """Until the window shows this project; its title says so when it does."""

        def look() -> str:
            assert self.process.poll() is None, f"the program ended: {self._said()}"
            found = self.session.xdotool(
                *(
                    "search",
                    "--onlyvisible",
                    "--all",
                    "--pid",
                    str(self.process.pid),
                    "--name",
                    f"^{title}.* – Annotator$",
                )
            )
            return found.splitlines()[-1] if found else ""

        self.id = until(f"a window on {title}", look, self._state)
        self.focus()

    def focus(self) -> None:
        """Give it the keyboard: there is no window manager to do so."""
        self.session.xdotool("windowfocus", "--sync", self.id)

    @property
    def title(self) -> str:
        return self.session.xdotool("getwindowname", self.id)

    @property
    def size(self) -> tuple[int, int]:
        lines = dict(line.split("=") for line in self.session.xdotool("getwindowgeometry", "--shell", self.id).split())
        return int(lines["WIDTH"]), int(lines["HEIGHT"])

    def press(self, *keys: str) -> None:
        """Press keys, one after the other, as xdotool names them."""
        self.session.xdotool("key", "--delay", "15", *keys)

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        self.session.xdotool("type", "--delay", "15", text)

    def find(self, text: str) -> None:
        """Select a stretch of the article."""
        self.press("ctrl+f")
        self.type(text)
        self.press("Escape")

    def quit(self) -> None:
        """Close it in order."""
        self.press("ctrl+q")
        assert self.process.wait(PATIENCE) == 0, self._said()

    def kill(self) -> None:
        """As a power cut would: nothing in the program gets to run."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def _state(self) -> str:
        """For the report of a failure: the titles of the program's windows, and what it said (it is ended for that)."""
        found = self.session.xdotool("search", "--onlyvisible", "--all", "--pid", str(self.process.pid), "--name", "")
        titles = [self.session.xdotool("getwindowname", id_) for id_ in found.split()]
        self.kill()
        return f"windows {titles}, {self._said()}"

    def _said(self) -> str:
        return self.process.stderr.read() if self.process.stderr and self.process.poll() is not None else ""


class Exported:
    """An export, in the words of a test."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.annotations = {a["id"]: a for document in data["documents"] for a in document["annotations"]}
        self.links = {link["id"]: link for document in data["documents"] for link in document["links"]}

    def __repr__(self) -> str:
        return f"{[(a['layer'], self.text(id_)) for id_, a in self.annotations.items()]} {list(self.links.values())}"

    def text(self, id_: str) -> str:
        return " … ".join(fragment["text"] for fragment in self.annotations[id_]["fragments"])

    def texts(self, layer: str) -> list[str]:
        """The tagged words of a layer, in the order of the text."""
        found = [a for a in self.annotations.values() if a["layer"] == layer]
        return [self.text(a["id"]) for a in sorted(found, key=lambda a: a["fragments"][0]["start"])]

    def attributions(self) -> list[dict[str, Any]]:
        return [link for link in self.links.values() if link["type"] == "Attribution"]

    def role(self, link: dict[str, Any], role: str) -> list[str]:
        """The words in a role, or the id of a link that stands there."""
        return [self.text(id_) if id_ in self.annotations else id_ for id_ in link["roles"].get(role, [])]


@pytest.fixture
def session(annotator_bin: Path, display: str, tmp_path: Path, user_folders: Path) -> Iterator[Session]:
    """A project called “study” with two short articles; its windows are ended after the test."""
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    first.write_text(ARTICLE, "utf-8")
    second.write_text("A second article stands here.\n", "utf-8")
    made = Session(annotator_bin, display, tmp_path / "study.annot")
    made.annotator("new", str(made.project), str(first), str(second), "--coder", "R. Amin")
    yield made
    for window in made.started:
        if window.process.poll() is None:
            window.kill()
        if window.process.stderr:
            window.process.stderr.close()
