"""Damages project files and looks at what is said of them, what is written to them, and what comes back out of them."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from annotator.domain.errors import AnnotatorError, FileRefused
from annotator.domain.model import Fragment
from annotator.domain.text import digest
from annotator.services.checking import check_file
from annotator.services.project import Project
from annotator.services.rescue import newest_good, salvage
from annotator.storage import backup
from annotator.storage.migrations import VERSION

PAGE = 4096
TEXT = "Syria said that Israel agreed. Washington confirmed it, Reuters reported. " * 3
RUBBISH: tuple[Callable[[random.Random], bytes], ...] = (
    lambda _chance: bytes(PAGE),
    lambda _chance: b"\xff" * PAGE,
    lambda _chance: (b"SQL " * PAGE)[:PAGE],
    lambda chance: chance.randbytes(PAGE),
    lambda _chance: (b"\r\0\0\0" * PAGE)[:PAGE],
    lambda _chance: ("\u0627\u0644" * PAGE).encode()[:PAGE],
)
POISON = (
    "CREATE TRIGGER {name} AFTER INSERT ON step BEGIN DELETE FROM document; END",
    "CREATE TRIGGER {name} BEFORE UPDATE ON step BEGIN SELECT RAISE(IGNORE); END",
    "CREATE VIEW {name} AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT * FROM c",
    "ALTER TABLE dismissal RENAME TO {name}; CREATE VIEW dismissal AS SELECT * FROM {name}",
    "CREATE TABLE {name} (x); INSERT INTO {name} VALUES (zeroblob({size}))",
    "CREATE VIRTUAL TABLE {name} USING fts5(x)",
    "CREATE INDEX {name} ON document (hex(title))",
    "ALTER TABLE coder ADD COLUMN {name} TEXT AS (hex(name))",
    "PRAGMA application_id={size}",
    "PRAGMA user_version={size}; UPDATE file_format SET min_reader = {size}",
    "DROP TABLE {table}",
    "UPDATE text SET content = content || hex(zeroblob({size}))",
    "INSERT INTO text (sha256, content) VALUES ('{name}', 'not what the hash says')",
)
TABLES = ("document", "step", "change", "entry", "text_search", "layer", "file_format", "mention")


class Damager:
    """One damaged file after the other, all made from the same sound one."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.counts: Counter[str] = Counter()
        self.losses: list[str] = []
        self._random = random.Random(seed)
        self._folder = folder
        self._folder.mkdir()
        self._victim = folder / "study.annot"
        self._sound = folder / "sound.annot"
        self._make()
        self._texts = self._texts_of(self._sound)
        shutil.copy(self._sound, self._victim)
        self._backup = backup.back_up(self._victim)

    def _make(self) -> None:
        project = Project.create(self._sound, coder="Ann")
        for number in range(12):
            text = f"Article {number} \u0642\u0627\u0644. {TEXT * (number % 4 * 8 + 1)}"
            document = project.documents.add(f"Article {number}", text, {"outlet": "Meridian Post"})
            claim = project.tagging.tag(document.id, "layer-claim", [Fragment(40, 55)])
            project.tagging.tag_into(document.id, "layer-source", [Fragment(20, 25)], claim.id)
            project.tagging.set_note(claim.id, f"note {number} " * (number % 3 * 600))
        project.undo()
        project.index_texts()
        project.close()

    def _texts_of(self, path: Path) -> set[str]:
        with closing(sqlite3.connect(path)) as raw:
            return {row[0] for row in raw.execute("SELECT sha256 FROM text")}

    def one(self) -> None:
        """Damage it in one way and see what comes of it; what does not hold is noted, and the file kept."""
        kind = self._random.choice((self._pages, self._pages, self._cut, self._bytes, self._swapped, self._poisoned))
        content = kind()
        self.counts["damaged" if kind != self._poisoned else "hostile"] += 1
        try:
            self._look(
                content, surely=kind in (self._pages, self._cut, self._poisoned), poisoned=kind == self._poisoned
            )
        except Exception as error:
            kept = self._folder / f"damaged-{len(self.losses) + 1}.annot"
            kept.write_bytes(content)
            self.losses.append(f"{kind.__name__}: {type(error).__name__}: {error} (kept in {kept})")

    # Ways to damage a file

    def _pages(self) -> bytes:
        content = bytearray(self._sound.read_bytes())
        for _ in range(self._random.choice((1, 1, 1, 2, 5))):
            start = self._random.randrange(len(content) // PAGE) * PAGE
            content[start : start + PAGE] = self._random.choice(RUBBISH)(self._random)
        return bytes(content)

    def _cut(self) -> bytes:
        content = self._sound.read_bytes()
        length = self._random.randrange(len(content))
        return content[: length // PAGE * PAGE if self._random.random() < 0.5 else length]

    def _bytes(self) -> bytes:
        content = bytearray(self._sound.read_bytes())
        for _ in range(self._random.randint(1, 5)):
            at = self._random.randrange(len(content) - 8)
            content[at : at + self._random.randint(1, 8)] = self._random.randbytes(8)[: self._random.randint(1, 8)]
        return bytes(content)

    def _swapped(self) -> bytes:
        content = bytearray(self._sound.read_bytes())
        one, two = (self._random.randrange(len(content) // PAGE) * PAGE for _ in range(2))
        content[one : one + PAGE], content[two : two + PAGE] = content[two : two + PAGE], content[one : one + PAGE]
        return bytes(content)

    def _poisoned(self) -> bytes:
        shutil.copy(self._sound, self._victim)
        sql = self._random.choice(POISON).format(
            name=f"n{self._random.getrandbits(30)}",
            size=self._random.randint(100, 200_000),
            table=self._random.choice(TABLES),
        )
        with closing(sqlite3.connect(self._victim)) as raw:
            raw.executescript(sql)
        return self._victim.read_bytes()

    # What must hold of it

    def _look(self, content: bytes, *, surely: bool, poisoned: bool) -> None:
        self._victim.write_bytes(content)
        same = content == self._sound.read_bytes()
        found = check_file(self._victim)
        if any("\n" in told or not told for told in found):
            raise AssertionError(f"the check says no sentence: {found}")
        newer = bool(self._refused_as_newer())
        if surely and not found and not same and not newer and not self._means_nothing():
            raise AssertionError("the check finds nothing")
        told = self._opened()
        if found and not told and not newer:
            raise AssertionError(f"it opens, though the check says: {found[0]}")
        self._untouched(content, "opening")
        if not told:
            self.counts["opened, sound"] += 1
            return
        self.counts["refused"] += 1
        good = newest_good(self._victim)
        if good is None or good.path != self._backup:
            raise AssertionError("the backup is not offered")
        self._salvaged(content, poisoned)

    def _refused_as_newer(self) -> str:
        try:
            with closing(sqlite3.connect(self._victim)) as raw:
                return "newer" if raw.execute("PRAGMA user_version").fetchone()[0] > VERSION else ""
        except sqlite3.Error:
            return ""

    def _means_nothing(self) -> bool:
        """Whether the rubbish fell where nothing is kept, so that all that is told by the file is as it was."""
        try:
            with closing(sqlite3.connect(self._victim)) as one, closing(sqlite3.connect(self._sound)) as two:
                return list(one.iterdump()) == list(two.iterdump())
        except (sqlite3.Error, UnicodeDecodeError):
            return False

    def _opened(self) -> str:
        """How opening is refused; "" where it is not. A file that opens is read through and closed."""
        try:
            project = Project.open(self._victim, coder="Ann")
        except FileRefused as error:
            told = str(error)
            if "\n" in told or not told.endswith(".") or len(told) > 600:
                raise AssertionError(f"no sentence: {told}") from error
            return told
        try:
            for row in project.documents.rows():
                project.documents.text(row.id)
                project.documents.annotations(row.id)
        finally:
            project.close()
        return ""

    def _untouched(self, content: bytes, by: str) -> None:
        if self._victim.read_bytes() != content:
            raise AssertionError(f"the file was touched by {by}")
        left = [path.name for path in self._folder.iterdir() if path.name.startswith(".")]
        if left:
            raise AssertionError(f"something is left beside the file by {by}: {left[0]}")

    def _salvaged(self, content: bytes, poisoned: bool) -> None:
        to = self._folder / "saved.annot"
        try:
            report = salvage(self._victim, to)
        except AnnotatorError as error:
            if "no text that can be read" not in str(error):
                raise
            self.counts["nothing to salvage"] += 1
            return
        finally:
            self._untouched(content, "salvaging")
        try:
            found = check_file(to)
            if found:
                raise AssertionError(f"what was salvaged is not sound: {found[0]}")
            there = self._texts_of(to)
            # What was written on to a text stands behind it: it is there, but nothing says where it ends.
            lost = {each for each in self._texts - there if not poisoned and self._stands_whole(each, content)}
            if lost:
                raise AssertionError(f"{len(lost)} texts that can be read were not salvaged")
            if len(self._texts - there) and not report.lost:
                raise AssertionError("what was lost is not told")
            self.counts["salvaged"] += 1
            self.counts["texts salvaged"] += len(self._texts & there)
            self.counts["texts gone"] += len(self._texts - there)
        finally:
            to.unlink()

    def _stands_whole(self, sha256: str, content: bytes) -> bool:
        """Whether the text can be found by just searching the file for it: short ones stand in one piece."""
        at = content.find(sha256.encode())
        while at >= 0:
            for end in range(at + 65, min(len(content), at + 1200)):
                if content[at + 64 : end].endswith(b" ") and _hash(content[at + 64 : end]) == sha256:
                    return True
            at = content.find(sha256.encode(), at + 1)
        return False


def _hash(raw: bytes) -> str:
    try:
        return digest(raw.decode())
    except UnicodeDecodeError:
        return ""
