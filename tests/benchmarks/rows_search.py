"""Rows about regular expressions and known names."""

from __future__ import annotations

import random
import re
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import Row
from tests.benchmarks.rows_project import Bench
from tests.benchmarks.text import article

PATTERN = r"\b(minister|president) (said|announced|reported)\b"
_SYLLABLES = ("ka", "lo", "mi", "ra", "ten", "ver", "sul", "dor", "pa", "xi", "bel", "gran")


@cache
def names(count: int = 5000) -> list[str]:
    """Names of one to three words, no two alike."""
    rng = random.Random(5)
    made: dict[str, None] = {}
    while len(made) < count:
        words = rng.choice((1, 2, 2, 3))
        made[" ".join("".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))).capitalize() for _ in range(words))] = None
    return list(made)


@cache
def article_with_names() -> str:
    """60 KB of news, one known name in about thirty words."""
    rng = random.Random(7)
    words = article(58_000, 3).split(" ")
    for place in range(15, len(words), 30):
        words[place] = rng.choice(names())
    return " ".join(words)


class Names:
    """The names of a project, and a bare automaton of the same."""

    def __init__(self) -> None:
        self._index: Any = None
        self._bare: Any = None

    def prepare(self) -> None:
        """Both are made beforehand: the program keeps its own. It finds out what a text says anew each time."""
        import ahocorasick

        from annotator.domain.model import Entry
        from annotator.services import known_names

        known_names._plain.cache_clear()
        if self._index is None:
            entries = [Entry(f"{number:05}", "r", name) for number, name in enumerate(names())]
            self._index = known_names.NameIndex(entries)
            self._index.matches("", {"r"})
            self._bare = ahocorasick.Automaton()
            for name in names():
                self._bare.add_word(name.lower(), name)
            self._bare.make_automaton()

    def ours(self) -> None:
        """Where names stand as a reader sees them."""
        assert len(self._index.matches(article_with_names(), {"r"})) > 200

    def bare(self) -> None:
        """Where their letters stand."""
        assert len(list(self._bare.iter(article_with_names().lower()))) > 200


def _regex(path: Path) -> int:
    from annotator.services.project import Project

    project = Project.open(path, read_only=True)
    found = len(project.search.find(PATTERN, 1 << 40, mode="regex"))
    project.close()
    return found


def _plain_loop(path: Path) -> int:
    pattern, found = re.compile(PATTERN, re.IGNORECASE), []
    with closing(sqlite3.connect(path)) as connection:
        for title, content in connection.execute(
            "SELECT d.title, t.content FROM document d JOIN text t ON t.sha256 = d.sha256 ORDER BY d.position"
        ):
            for match in pattern.finditer(content):
                start, end = match.span()
                found.append((title, start, end, content[max(0, start - 60) : start], content[end : end + 60]))
    return len(found)


def rows(folder: Path) -> list[Row]:
    """The rows, in the order in which they are printed."""
    bench, known = Bench(folder), Names()
    return [
        Row(
            "regex search over 10,000 documents",
            2,
            lambda: _regex(bench.project()),
            lambda: _plain_loop(bench.project()),
            prepare=bench.project,
            runs=5,
        ),
        Row("known names: 60 KB article, 5,000 aliases", 3, known.ours, known.bare, prepare=known.prepare),
    ]
