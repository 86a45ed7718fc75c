"""The program that gets killed: a real project driven through a random script, telling of each step as it goes.

It writes a line to a pipe before each step (`begin`), in each transaction just before its commit (`ready`, with a digest
of all that steps write to), and the moment the program says that the step is saved (`saved`). So whoever kills it knows
what the file must hold: the state saved last, or the one that was being committed, and never anything between.
"""

from __future__ import annotations

import hashlib
import os
import random
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event

from annotator.domain.errors import AnnotatorError
from annotator.domain.model import Fragment
from annotator.services.importing import import_files
from annotator.services.project import Project
from annotator.storage.schema import JOURNALLED

LAYERS = ("layer-actor", "layer-claim", "layer-source", "layer-cue")
NAMES = ("Syria", "Israel", "Reuters", "Washington", "the ministry", "سوريا", "United States")


def digest_of(connection: Any) -> str:
    """A digest of every row of every table that steps write to. Takes SQLAlchemy's connection or the driver's own."""
    raw = connection.connection.driver_connection if hasattr(connection, "exec_driver_sql") else connection
    found = hashlib.sha256()
    for table in JOURNALLED.values():
        keys = ", ".join(column.name for column in table.primary_key)
        columns = ", ".join(column.name for column in table.columns)
        found.update(table.name.encode())
        for row in raw.execute(f"SELECT {columns} FROM {table.name} ORDER BY {keys}"):
            found.update(repr(row).encode())
    return found.hexdigest()[:24]


class Worker:
    """One run of the program. It ends only by being killed, or by telling of a mistake."""

    def __init__(self, path: Path, seed: int, pipe: int, bulk: list[Path], floor: int) -> None:
        self._floor = floor
        self._path = path
        self._random = random.Random(seed)
        self._pipe = pipe
        self._bulk = bulk
        self._number = 0
        self._kind = "open"

    def run(self) -> None:
        """Work until the end comes."""
        try:
            self._tell("opening")
            self._project = Project.open(self._path, coder="Ann")
            if self._project.read_only:
                raise RuntimeError(f"opened for reading only: {self._project.read_only_reason}")
            connection = self._project.store.connection
            if self._random.random() < 0.5:
                # Little memory for pages, so that a step reaches the file long before its commit.
                connection.exec_driver_sql("PRAGMA cache_size=8")
            event.listen(connection.engine, "commit", self._commits)
            self._tell("open", digest_of(connection))
            while True:
                self._step()
        except BaseException:
            self._tell("mistake", traceback.format_exc().replace("\n", " | ")[-3000:])

    def _tell(self, *words: object) -> None:
        os.write(self._pipe, (" ".join(map(str, words)) + "\n").encode())

    def _commits(self, connection: Any) -> None:
        self._tell("ready", self._kind, digest_of(connection))

    def _step(self) -> None:
        self._number += 1
        actions = list(ACTIONS)
        name = self._random.choices(actions, [ACTIONS[action] for action in actions])[0]
        act: Callable[[], str | None] = getattr(self, f"_{name}")
        self._kind = name if name in ("undo", "redo", "index") else "do"
        self._tell("begin", self._number, name)
        try:
            told = act()
        except AnnotatorError as error:
            self._tell("refused", self._number, " ".join(str(error).split()))
        else:
            self._tell("saved", self._number, told or "")

    # What a person may do

    def _document(self) -> str:
        return self._random.choice(self._project.documents.rows()).id

    def _annotation(self, *layers: str) -> Any:
        found = [a for a in self._project.documents.annotations(self._document()) if not layers or a.layer_id in layers]
        if not found:
            return self._tagged(self._random.choice(layers or LAYERS))
        return self._random.choice(found)

    def _place(self, document: str) -> list[Fragment]:
        size = len(self._project.documents.text(document))
        start = self._random.randrange(size - 1)
        return [Fragment(start, min(size, start + self._random.randint(1, 30)))]

    def _tagged(self, layer: str) -> Any:
        document = self._document()
        return self._project.tagging.tag(document, layer, self._place(document))

    def _tag(self) -> None:
        self._tagged(self._random.choice(LAYERS))

    def _tag_into(self) -> None:
        claims = [a for a in self._project.documents.annotations(self._document()) if a.layer_id == "layer-claim"]
        if not claims:
            return
        claim = self._random.choice(claims)
        relay, about = self._random.random() < 0.2, self._random.random() < 0.2
        layer = "layer-actor" if about else self._random.choice(("layer-source", "layer-cue"))
        place = self._place(claim.document_id)
        self._project.tagging.tag_into(
            claim.document_id, layer, place, claim.id, relay=relay and not about, about=about
        )

    def _link(self) -> None:
        found = self._project.documents.annotations(self._document())
        if len(found) > 1:
            first, second = self._random.sample(found, 2)
            kinds = self._project.linking.possible(first.id, second.id)
            if kinds:
                self._project.linking.connect(first.id, second.id, self._random.choice(kinds))

    def _remove(self) -> None:
        found = self._project.documents.annotations(self._document())
        if found:
            chosen = self._random.sample(found, self._random.randint(1, min(3, len(found))))
            self._project.tagging.remove([annotation.id for annotation in chosen])

    def _field(self) -> None:
        claims = [a for a in self._project.documents.annotations(self._document()) if a.layer_id == "layer-claim"]
        if claims:
            value = self._random.choice(["fact", "evaluation", "policy", None])
            self._project.tagging.set_fields(self._random.choice(claims).id, {"type": value})

    def _note(self) -> None:
        found = self._project.documents.annotations(self._document())
        if found:
            self._project.tagging.set_note(self._random.choice(found).id, f"note {self._random.random()} " * 5)

    def _details(self) -> None:
        title, status = f"Title {self._random.random()}", self._random.choice(("new", "in progress", "done"))
        self._project.documents.edit(self._document(), title=title, status=status, metadata={"outlet": title})

    def _add(self) -> None:
        number = self._random.getrandbits(60)
        size = self._random.choice((20, 200, 20_000))
        self._project.documents.add(f"Article {number}", f"{number} " + "Syria said so. " * size)

    def _drop(self) -> None:
        rows = self._project.documents.rows()
        if len(rows) > 12:
            self._project.documents.remove([row.id for row in self._random.sample(rows, 2)])

    def _entry(self) -> None:
        name = f"{self._random.choice(NAMES)} {self._random.randrange(40)}"
        self._project.entries.create("registry-actors", name, aliases=(f"{name} alias",))

    def _merge(self) -> None:
        entries = self._project.entries.all("registry-actors")
        if len(entries) > 2:
            keep, *others = self._random.sample(entries, 3)
            self._project.entries.merge(keep.id, [entry.id for entry in others])

    def _project_details(self) -> None:
        self._project.set_details(guidelines=f"{self._random.random()} " * 50)

    def _import(self) -> None:
        import_files(self._project, [self._random.choice(self._bulk)])

    def _undo(self) -> None:
        step = self._project.undo_label
        if step is not None and step.number > self._floor:  # without its articles there would be nothing to do
            self._project.undo()

    def _redo(self) -> None:
        self._project.redo()

    def _index(self) -> None:
        self._project.index_texts()

    def _back_up(self) -> str:
        return self._project.back_up().name


ACTIONS = {
    "tag": 14,
    "tag_into": 14,
    "link": 5,
    "remove": 4,
    "field": 5,
    "note": 4,
    "details": 4,
    "add": 3,
    "drop": 2,
    "entry": 3,
    "merge": 4,
    "project_details": 1,
    "import": 5,
    "undo": 10,
    "redo": 8,
    "index": 2,
    "back_up": 3,
}
"""How often each comes, in relation to the others."""
