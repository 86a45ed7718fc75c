"""A long session at a real window: tags and undos, and many articles opened. How memory and open files grow, as a slope.

`python -m tests.torture.session --cycles 10000 --documents 500`
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import tempfile
from pathlib import Path

POINTS = 40
PER_CYCLE, PER_DOCUMENT = 1000.0, 6000.0
"""Bytes that a cycle, or an article that is opened, may add: 10 MB in 10,000 cycles is what the system's own memory
management makes of it. The history of a session is kept on disk, and the number of objects must not rise at all.
"""


def resident() -> int:
    """Bytes of memory in use; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def handles() -> int:
    """Open files; 0 where the system does not tell."""
    try:
        return len(os.listdir("/proc/self/fd"))
    except OSError:
        return 0


def slope(points: list[tuple[int, int]]) -> float:
    """How much is added by each, by least squares."""
    n = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    above = sum((x - mean_x) * (y - mean_y) for x, y in points)
    return above / (sum((x - mean_x) ** 2 for x, _ in points) or 1)


def run(cycles: int, documents: int, folder: Path) -> dict[str, float]:
    """The session itself; what it measured."""
    from PySide6.QtWidgets import QApplication

    from annotator.ui import fonts, look
    from tests.torture.window import Person, settings_in, study

    app = QApplication.instance() or QApplication(["annotator", "-style", "Fusion"])
    settings_in(folder)
    look.apply()
    fonts.load()
    person = Person(study(folder / "study.annot", articles=max(3, documents // 5)))
    # SQLite's cache of pages has an end, but a small one is full sooner.
    person.project.store.connection.exec_driver_sql("PRAGMA cache_size=-256")
    words = ("Ada Roy", "Western media", "A spokesman", "the border is open")
    memory: list[tuple[int, int]] = []
    files: list[tuple[int, int]] = []
    objects: list[tuple[int, int]] = []

    def measure(number: int) -> None:
        gc.collect()
        memory.append((number, resident()))
        files.append((number, handles()))
        objects.append((number, len(gc.get_objects())))

    def slopes(name: str) -> dict[str, float]:
        # The first quarter fills caches that have an end.
        late = len(memory) // 4
        found = {
            f"bytes per {name}": round(slope(memory[late:]), 1),
            f"objects per {name}": round(slope(objects[late:]), 3),
            f"open files per {name}": round(slope(files[late:]), 5),
        }
        for points in (memory, files, objects):
            points.clear()
        return found

    every = max(1, cycles // POINTS, 5)
    for number in range(cycles):
        person.tag(words[number % 4], "ASQC"[number % 4])
        person.press("Ctrl+Z")
        if number % every == 0:
            measure(number)
    assert person.tagged() == []
    result = {"cycles": cycles, **slopes("cycle")}
    rows = [row.id for row in person.project.documents.rows()]
    every = max(1, documents // POINTS, 4)
    for number in range(documents):
        person.workspace.open_document(rows[number % len(rows)])
        person.settle()
        if number % every == 0:
            measure(number)
    result |= {"documents": documents, **slopes("document")}
    result["open files"] = handles()
    person.leave()
    app.processEvents()
    return result


def grows(result: dict[str, float]) -> list[str]:
    """What is not flat."""
    bounds = {"cycle": PER_CYCLE, "document": PER_DOCUMENT}
    return [
        f"{result[f'{what} per {name}']} {what} per {name}"
        for name, most in bounds.items()
        for what, bound in (("bytes", most), ("open files", 0.002), ("objects", 0.5))
        if result[f"{what} per {name}"] > bound
    ]


def main() -> int:
    """Exit status 1 where something grows."""
    parser = argparse.ArgumentParser(prog="session", description=__doc__)
    parser.add_argument("--cycles", type=int, default=10_000)
    parser.add_argument("--documents", type=int, default=500)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="annotator-session-") as folder:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "HOME"):
            os.environ[name] = folder
        result = run(options.cycles, options.documents, Path(folder))
    found = grows(result)
    print(json.dumps({**result, "grows": found}))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
