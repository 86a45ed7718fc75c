"""What a good programmer would write who needed only this one thing. Small, fast, and honest."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def list_titles(path: Path) -> int:
    """Ids and titles of all documents, straight from the file."""
    with closing(sqlite3.connect(path)) as connection:
        return len(connection.execute("SELECT id, title FROM document").fetchall())


def filter_lines(lines: list[str], word: str) -> int:
    """A plain substring loop over lower-case strings."""
    return sum(1 for line in lines if word in line)


def search(path: Path, word: str) -> int:
    """The raw full-text query, first 50 hits with their documents."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(
            "SELECT d.id, d.title, snippet(text_search, 0, '[', ']', '…', 12) FROM text_search"
            " JOIN text t ON t.id = text_search.rowid JOIN document d ON d.sha256 = t.sha256"
            " WHERE text_search MATCH ? LIMIT 50",
            (word,),
        )
        return len(found.fetchall())


def dump(rows: dict[str, Any], path: Path) -> None:
    """json.dump of the same data."""
    with path.open("w", encoding="utf-8") as out:
        json.dump(rows, out, ensure_ascii=False)


def load_and_insert(source: Path, target: Path) -> None:
    """json.load, then executemany into plain tables, in one transaction."""
    data = json.loads(source.read_text("utf-8"))
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(
            "CREATE TABLE document (id TEXT PRIMARY KEY, title TEXT, status TEXT, metadata TEXT, text TEXT)"
        )
        connection.execute(
            "CREATE TABLE annotation (id TEXT PRIMARY KEY, document TEXT, layer TEXT, coder TEXT, start INT, stop INT,"
            " fields TEXT, note TEXT, origin TEXT, created TEXT, modified TEXT)"
        )
        connection.execute("CREATE INDEX place ON annotation (document, layer, start, stop)")
        documents = data["documents"]
        connection.executemany(
            "INSERT INTO document VALUES (?, ?, ?, ?, ?)",
            [(d["id"], d["title"], d["status"], json.dumps(d["metadata"]), d["text"]) for d in documents],
        )
        connection.executemany(
            "INSERT INTO annotation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    a["id"],
                    d["id"],
                    a["layer"],
                    a["coder"],
                    a["fragments"][0]["start"],
                    a["fragments"][0]["end"],
                    json.dumps(a["fields"]),
                    a["note"],
                    a["origin"],
                    a.get("created", ""),
                    a.get("modified", ""),
                )
                for d in documents
                for a in d["annotations"]
            ],
        )
        connection.commit()


class FullCommit:
    """One raw commit with synchronous=FULL on a file of its own."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, value TEXT)")

    def commit(self) -> None:
        """Insert one row and commit."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("INSERT INTO t (value) VALUES ('a tag')")
        self._connection.execute("COMMIT")
