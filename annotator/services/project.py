"""An open project: its parts, its steps, undo and redo, and who is told of changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from annotator.domain.changes import ChangeSet, StepInfo
from annotator.domain.codebook import Codebook
from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.errors import FileRefused
from annotator.domain.ids import new_id, now
from annotator.domain.model import Coder, ProjectInfo
from annotator.services.bulk import Bulk
from annotator.services.coding import CodebookEditor
from annotator.services.documents import Documents
from annotator.services.entries import Entries
from annotator.services.linking import Linking
from annotator.services.saved_searches import SavedSearches
from annotator.services.search import Search
from annotator.services.suggesting import Suggesting
from annotator.services.tagging import Tagging
from annotator.storage.project_file import ProjectFile
from annotator.storage.queries import Queries
from annotator.storage.writer import Writer

BULK = 100
"""A step that touches more things than these is preceded by a backup."""
Listener = Callable[[ChangeSet], None]
Tell = Callable[[int], object]


class Project:
    """One study that is open. Use `create` or `open`, and `close` it at the end."""

    def __init__(self, file: ProjectFile, coder: str = "") -> None:
        self._file = file
        self._listeners: list[Listener] = []
        self._writer: Writer | None = None
        self.coder = coder or "Me"
        self.store: Queries = file.queries
        self.info: ProjectInfo
        self.codebook: Codebook
        try:
            self.info, self.codebook = file.head()
        except BaseException:
            file.close()
            raise
        self.entries = Entries(self)
        self.documents = Documents(self)
        self.tagging = Tagging(self)
        self.linking = Linking(self)
        self.coding = CodebookEditor(self)
        self.search = Search(self, file)
        self.searches = SavedSearches(self)
        self.bulk = Bulk(self)
        self.suggesting = Suggesting(self)

    @classmethod
    def create(cls, path: Path, *, name: str = "", coder: str = "", codebook: Codebook = DEFAULT_CODEBOOK) -> Project:
        """Make a new project file. Raises FileRefused, also where the file exists."""
        info = ProjectInfo(new_id(), name.strip() or path.stem, now())
        return cls(ProjectFile.create(path, info, codebook), coder)

    @classmethod
    def open(cls, path: Path, *, coder: str = "", read_only: bool = False, take_over: bool = False) -> Project:
        """Open a project file. Where another program writes it, it opens for reading only and `read_only_reason` says so.

        `take_over`: write it though a program on another computer may have it open (see `can_be_taken_over`).
        """
        return cls(ProjectFile.open(path, read_only=read_only, take_over=take_over), coder)

    def close(self) -> None:
        """End the use of the file."""
        self._listeners.clear()
        self._file.close()

    @contextmanager
    def elsewhere(self, writing_long: str = "") -> Iterator[Project]:
        """The same project through a connection of its own, for work in another thread.

        What that work changes must be told here afterwards, with `announce`. `writing_long`: what to say to who wants to
        write meanwhile, where the work writes for longer than anybody should wait; a step then raises Busy.
        """
        other = Project(self._file.sibling(), self.coder)
        try:
            with other._file.writing_long(writing_long) if writing_long else nullcontext():
                yield other
        finally:
            other.close()

    @property
    def path(self) -> Path:
        """The project file."""
        return self._file.path

    @property
    def read_only(self) -> bool:
        """Whether nothing may be changed."""
        return self._file.read_only

    @property
    def read_only_reason(self) -> str:
        """Why nothing may be changed; "" where it may."""
        return self._file.read_only_reason

    @property
    def can_be_taken_over(self) -> bool:
        """Whether only the note of a program on another computer stands in the way of writing."""
        return self._file.can_be_taken_over

    # Steps

    @contextmanager
    def step(self, action: str, what: str = "") -> Iterator[Writer]:
        """One user action: one transaction, one line in the history, one undo. A step inside a step is part of it."""
        if self._writer is not None:
            yield self._writer
            return
        try:
            with self._file.step(action, what, self.coder) as opened:
                self._writer = opened.writer
                try:
                    yield opened.writer
                finally:
                    self._writer = None
        except BaseException:
            # Also where the commit failed: nothing of the step is in the file, so nothing of it may stay in memory.
            self.entries.refresh()
            self.documents.refresh()
            raise
        if opened.change_set is not None and opened.writer.gate.writes:
            self.announce(opened.change_set)

    def undo(self, tell: Tell | None = None) -> ChangeSet:
        """Take back the newest step. Raises NothingToUndo, or Conflict where a later change stands in the way.

        `tell` hears how many rows have been written, and may raise Cancelled.
        """
        return self.announce(self._file.undo(self.coder, tell))

    def redo(self, tell: Tell | None = None) -> ChangeSet:
        """Do the step undone last again. Raises NothingToUndo or Conflict."""
        return self.announce(self._file.redo(self.coder, tell))

    def words_of(self, number: int) -> str:
        """The words of the one annotation that the step of this number wrote; "" where it wrote none or several."""
        return self.store.step_words(number)

    def is_large(self, step: StepInfo) -> bool:
        """Whether to take a step back, or to do it again, takes longer than a blink."""
        return self.store.step_is_large(step.number)

    @property
    def undo_label(self) -> StepInfo | None:
        """The step that undo would take back."""
        return self._file.next_undo()

    @property
    def redo_label(self) -> StepInfo | None:
        """The step that redo would do again."""
        return self._file.next_redo()

    def history(self, limit: int = 1000) -> list[StepInfo]:
        """The newest lines of the history first."""
        return self._file.history(limit)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Be told of every change after it is saved. Returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def announce(self, change_set: ChangeSet) -> ChangeSet:
        """Bring what is kept in memory up to date, then tell all listeners.

        A listener that fails keeps nobody else from being told; its error is raised when all have been.
        """
        if change_set.touches_codebook():
            self.info, self.codebook = self.store.info(), self.store.codebook()
        failed: list[Exception] = []
        for listener in (self.entries.follow, self.documents.follow, self.suggesting.follow, *self._listeners):
            try:
                listener(change_set)
            except Exception as error:
                failed.append(error)
        if failed:
            for other in failed[1:]:
                failed[0].add_note(f"Another listener failed too: {other!r}")
            raise failed[0]
        return change_set

    # The project itself

    def set_details(self, name: str = "", guidelines: str | None = None) -> None:
        """Give the project another name (the file keeps its own), other guidelines, or both, in one step."""
        told = self.info.guidelines if guidelines is None else guidelines
        changed = replace(self.info, name=name.strip() or self.info.name, guidelines=told)
        with self.step("Edit project details") as step:
            step.replace(changed)

    def coder_id(self, step: Writer) -> str:
        """The id of who works now; a new coder's first step makes the coder."""
        known = self.known_coder_id()
        if known is None:
            known = new_id()
            step.add(Coder(known, self.coder))
        return known

    def known_coder_id(self) -> str | None:
        """The id of who works now; None before the first step of a new coder."""
        return next((coder.id for coder in self.store.coders() if coder.name == self.coder), None)

    def coder_named(self, coder_id: str) -> str:
        """A coder's name; "" for an unknown id."""
        return next((coder.name for coder in self.store.coders() if coder.id == coder_id), "")

    def counts(self) -> dict[str, object]:
        """How much there is of everything, as `annotator info` tells it."""
        with self._file.reading() as store:
            by_id = store.layer_counts()
            layers = {layer.name: by_id.get(layer.id, 0) for layer in self.codebook.layers}
            return {**store.counts(), "layers": layers}

    @contextmanager
    def reading(self) -> Iterator[Queries]:
        """All reads inside see one state of the project: for exports."""
        with self._file.reading() as store:
            yield store

    def index_texts(self, check: Callable[[], object] | None = None) -> None:
        """Bring the search index up to date, some texts at a time. `check` may raise to end it in between."""
        self._file.index_texts(check)

    def keep_history(self, steps: Iterable[dict[str, Any]]) -> int:
        """Put the lines of an older history before this one: to be read, not to be undone. How many they were."""
        from annotator.storage.salvage import keep_history

        return keep_history(self._file, steps)

    def save_copy(self, to: Path) -> None:
        """Make a copy of what is open, also where its own file cannot be written or is gone. Raises FileRefused."""
        self._file.save_copy(to)

    def try_writing(self) -> None:
        """Raises what the next step would, where nothing can be saved now."""
        self._file.try_writing()

    def before_bulk(self, things: int) -> None:
        """Make a backup before a step that touches very many things. Undo takes such a step back too; this is for the
        day when even that is not enough, so that a backup which cannot be made is no reason not to go on."""
        if things > BULK and self._writer is None:
            with suppress(FileRefused):
                self.back_up()

    def back_up(self) -> Path:
        """Make a verified copy in the user's data folder, and return where."""
        return self._file.back_up()
