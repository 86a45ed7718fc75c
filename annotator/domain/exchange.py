"""The two small protocols behind which every format stands, and the plain data that passes through them.

An importer reads a file into a stream of domain items and never sees a project; an exporter writes a stream of domain
items and never sees a store. Both stream, so that a corpus need not fit into memory. Who applies an import to a
project, and merges it with what is there, is `annotator.services.importing`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal, Protocol, runtime_checkable

from annotator.domain.codebook import Codebook
from annotator.domain.errors import Cancelled
from annotator.domain.model import Apart, Coder, DocumentData, Entry, ProjectInfo, SavedSearch, UnwantedName


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says before (and besides) its documents.

    It comes first; a format that learns more as it reads may send further ones, each adding to those before. Layers,
    link types and registries match those of a project by name; annotations in the stream refer to the ids in here.
    `info` is set where the file is a whole project, which an empty project takes over entirely.
    """

    info: ProjectInfo | None = None
    codebook: Codebook = field(default_factory=Codebook)
    coders: tuple[Coder, ...] = ()
    entries: tuple[Entry, ...] = ()
    tells_codebook: bool = True
    """Whether a whole project says which codebook it has. One that is blank says so too."""
    apart: tuple[Apart, ...] = ()
    """Pairs of entries that were judged to be different."""
    searches: tuple[SavedSearch, ...] = ()
    unwanted: tuple[UnwantedName, ...] = ()


RemarkKind = Literal["skipped", "mended", "lost"]


@dataclass(frozen=True, slots=True)
class Remark:
    """A line of the import's report: what the importer left out or mended, where, and why."""

    kind: RemarkKind
    where: str
    text: str


Item = Header | DocumentData | Remark
"""What an importer yields. A DocumentData's annotations and links may have the coder id "": whoever imports."""


def _nobody_watches(done: int, total: int) -> None:
    pass


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Reading:
    """How an import goes: the user's options for the format, and whom to tell how far it is."""

    options: Mapping[str, str] = field(default_factory=dict)
    progress: Callable[[int, int], object] = _nobody_watches
    """Called with how much is done and how much there is, in any unit."""
    cancelled: Callable[[], bool] = _never

    def tick(self, done: int, total: int) -> None:
        """Say how far it is; stop here if the user wants to. Importers call it at least once a document."""
        if self.cancelled():
            raise Cancelled("Cancelled; nothing was changed.")
        self.progress(done, total)


@runtime_checkable
class Importer(Protocol):
    """Reads one format. Registered under the entry point group `annotator.importers`.

    `folders` (optional, False if absent) says that the format may be a whole folder; `sniff` is then asked with the
    folder and an empty head before the folder's files are looked at one by one. `certain` (optional, False if absent)
    says that what it sniffs is this format and no other: it is asked before formats that go by the ending.

    `coded` (optional, False if absent) says that it brings annotations: those of a document whose text the project has
    go to that document, and two documents of one text in one file stay two.

    `collection` (optional, False if absent) says that a file holds many articles that have nothing to do with each
    other: one whose text the project has is left out, and the others are kept. `options` (optional) names the options
    that the format knows; where it is there, others are refused. `texts_left_out(path)` (optional) says that a file comes
    without the texts: it is then read after all others, which may bring them.
    """

    name: str
    """Short and lower-case, for `--format`."""
    title: str
    """As a menu shows it."""
    extensions: tuple[str, ...]
    """With the dot, lower-case, the usual one first."""
    loses: tuple[str, ...]
    """What of such a file does not come along, a sentence each."""

    def sniff(self, path: Path, head: bytes) -> bool:
        """Whether a file that begins with these bytes (64 KB at most) looks like this format. Never raises."""
        ...

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """The file's items, the header first. Raises FileRefused with one sentence that names the file."""
        ...


class Source(Protocol):
    """What an exporter reads from: a project, or a part of one."""

    @property
    def info(self) -> ProjectInfo:
        """What the project says of itself."""
        ...

    @property
    def codebook(self) -> Codebook:
        """The coding scheme."""
        ...

    def coders(self) -> Iterable[Coder]:
        """Everybody who annotates."""
        ...

    def entries(self) -> Iterable[Entry]:
        """The entries of all registries."""
        ...

    def documents(self) -> Iterator[DocumentData]:
        """Every document with its text, annotations and links, one by one, in the project's order."""
        ...


@runtime_checkable
class Exporter(Protocol):
    """Writes one format. Registered under the entry point group `annotator.exporters`.

    `textless` (optional, False if absent) says that it can do without the texts: documents then have a `length` and no
    text. `options` (optional) names the options that the format knows; where it is there, others are refused.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    loses: tuple[str, ...]
    """What of a project such a file cannot hold, a sentence each."""

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """Write all of the source, streaming. A format that consists of several files writes them as one zip.

        If such a format has `folders` (optional, False if absent), that zip is unpacked where the user names a folder.
        The option "name" is the name of the file to be, "-" for standard output, "" or absent where there is none.
        """
        ...
