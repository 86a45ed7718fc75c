"""The row about brat: a thousand articles with 60,000 tagged stretches."""

from __future__ import annotations

import random
import re
import sqlite3
import uuid
from functools import cache
from pathlib import Path

from tests.benchmarks.measure import Row
from tests.benchmarks.text import article

DOCUMENTS, EACH = 1000, 60


def corpus(folder: Path) -> Path:
    """The files of a brat collection: sources, cues and contents, and an event for each three of them."""
    place = folder / "brat"
    if place.is_dir():
        return place
    place.mkdir()
    for number in range(DOCUMENTS):
        text = f"{number}. " + article(4000, number)
        words = [match.span() for match in re.finditer(r"\S+", text)]
        rng = random.Random(number)
        lines = []
        for n in range(1, EACH + 1):
            first = rng.randrange(len(words) - 30)
            start, end = words[first][0], words[first + rng.choice((1, 2, 12))][1]
            covered = text[start:end]
            if "\n" in covered:
                end = start + covered.index("\n")
                covered = text[start:end]
            lines.append(f"T{n}\t{('Source', 'Cue', 'Content')[n % 3]} {start} {end}\t{covered}")
        lines += [f"E{n}\tAttribution:T{3 * n + 1} Source:T{3 * n} Content:T{3 * n - 1}" for n in range(1, EACH // 3)]
        (place / f"{number:04}.txt").write_text(text, "utf-8")
        (place / f"{number:04}.ann").write_text("\n".join(lines) + "\n", "utf-8")
    return place


def plain_loop(folder: Path, target: Path) -> None:
    """What a script would do: split the lines, look at the text, insert the rows."""
    target.unlink(missing_ok=True)
    connection = sqlite3.connect(target)
    connection.executescript(
        """CREATE TABLE document (id TEXT PRIMARY KEY, title TEXT, text TEXT);
        CREATE TABLE annotation (id TEXT PRIMARY KEY, document TEXT, layer TEXT, start INTEGER, stop INTEGER, coder TEXT);
        CREATE INDEX place ON annotation (document, layer, start);
        CREATE TABLE link (id TEXT PRIMARY KEY, document TEXT, type TEXT);
        CREATE TABLE member (link TEXT, role TEXT, annotation TEXT);"""
    )
    documents, annotations, links, members = [], [], [], []
    for path in sorted(folder.glob("*.ann")):
        text = path.with_suffix(".txt").read_text("utf-8")
        document = str(uuid.uuid4())
        documents.append((document, path.stem, text))
        ids: dict[str, str] = {}
        for line in path.read_text("utf-8").split("\n"):
            if line.startswith("T"):
                key, head, quote = line.split("\t")
                layer, start, stop = head.split(" ")
                if text[int(start) : int(stop)] != quote:
                    raise ValueError(line)
                ids[key] = str(uuid.uuid4())
                annotations.append((ids[key], document, layer, int(start), int(stop), "me"))
            elif line.startswith("E"):
                key, rest = line.split("\t")
                link = str(uuid.uuid4())
                words = [word.split(":") for word in rest.split(" ")]
                links.append((link, document, words[0][0]))
                members += [(link, role, ids[member]) for role, member in words]
    connection.executemany("INSERT INTO document VALUES (?, ?, ?)", documents)
    connection.executemany("INSERT INTO annotation VALUES (?, ?, ?, ?, ?, ?)", annotations)
    connection.executemany("INSERT INTO link VALUES (?, ?, ?)", links)
    connection.executemany("INSERT INTO member VALUES (?, ?, ?)", members)
    connection.commit()
    connection.close()


def import_it(folder: Path, target: Path) -> None:
    """The same with Annotator, into a new project."""
    from annotator.services.importing import import_files
    from annotator.services.project import Project

    for left in target.parent.glob(f"{target.name}*"):
        left.unlink()
    project = Project.create(target, coder="Me")
    try:
        import_files(project, [folder])
    finally:
        project.close()


def rows(folder: Path) -> list[Row]:
    """One."""
    made = cache(lambda: corpus(folder))
    return [
        Row(
            "import 1,000 brat documents, 60,000 spans",
            3,
            lambda: import_it(made(), folder / "brat.annot"),
            lambda: plain_loop(made(), folder / "plain-brat.db"),
            prepare=made,
            runs=5,
        )
    ]
