"""Export a project: from one state of it, streaming, and into a file that is either whole or not there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from annotator.domain.codebook import Codebook
from annotator.domain.errors import Cancelled, FileRefused, InvalidValue
from annotator.domain.exchange import Exporter
from annotator.domain.extract import Extract
from annotator.domain.model import Apart, Coder, DocumentData, Entry, ProjectInfo, SavedSearch, UnwantedName
from annotator.services.extracting import chosen, extracted, matches
from annotator.services.files import write_file, write_folder
from annotator.services.pace import uninterrupted
from annotator.storage import mentions

if TYPE_CHECKING:
    from annotator.interchange.registry import Formats
    from annotator.services.project import Project
    from annotator.storage.queries import Queries


class ProjectSource:
    """A project as exporters see it, with progress and a way to stop between two documents."""

    def __init__(
        self,
        store: Queries,
        progress: Callable[[int, int], object] | None = None,
        cancel: Callable[[], bool] | None = None,
        documents: Sequence[str] | None = None,
    ) -> None:
        """`documents`: those alone."""
        self._store = store
        self._documents = documents
        self._progress = progress
        self._cancel = cancel
        self.info: ProjectInfo = store.info()
        self.codebook: Codebook = store.codebook()

    def coders(self) -> Iterable[Coder]:
        """Everybody who annotates."""
        return self._store.coders()

    def entries(self) -> Iterable[Entry]:
        """The entries of all registries."""
        return self._store.entries()

    def apart(self) -> Iterable[Apart]:
        """Pairs of entries that were judged to be different."""
        return mentions.apart(self._store.connection)

    def searches(self) -> Iterable[SavedSearch]:
        """The searches that have a name."""
        return self._store.saved_searches()

    def unwanted(self) -> Iterable[UnwantedName]:
        """Names that are never to be proposed for their entries."""
        return (UnwantedName(*pair) for pair in self._store.unwanted_names())

    def documents(self) -> Iterator[DocumentData]:
        """Every document, whole, in the project's order."""
        ids = self._documents
        total = (self._store.counts()["documents"] if ids is None else len(ids)) if self._progress else 0
        for number, data in enumerate(self._store.whole_documents(ids), 1):
            if self._cancel is not None and self._cancel():
                raise Cancelled("Cancelled; nothing was written.")
            yield data
            if self._progress is not None:
                self._progress(number, total)


def export_file(
    project: Project,
    path: Path,
    format_name: str | None = None,
    progress: Callable[[int, int], object] | None = None,
    cancel: Callable[[], bool] | None = None,
    *,
    formats: Formats | None = None,
    options: Mapping[str, str] | None = None,
    folder: bool = False,
    extract: Extract | None = None,
) -> Exporter:
    """Write the project to a file; one that is there is replaced, at the end and all at once.

    A format of several files writes them into a folder where `path` is one, has no ending, or `folder` says so.
    Exporters learn the file's name as the option "name". `extract` says what of the project goes out.
    """
    if formats is None:
        from annotator.interchange.registry import Formats

        formats = Formats()
    exporter = formats.exporter(path, format_name)
    several = getattr(exporter, "folders", False) and (folder or path.is_dir() or not path.suffix)

    def write(out: BinaryIO) -> None:
        given = {"name": "" if several else path.name, **(options or {})}
        export_to(project, out, exporter, progress, cancel, options=given, extract=extract)

    if several:
        write_folder(path, exporter.name, write)
        return exporter
    if path.is_dir() or folder:
        raise FileRefused(f"{path} was not written: it is a folder.")
    with suppress(OSError):
        if path.exists() and path.samefile(project.path):
            raise FileRefused(f"{path} was not written: it is the project itself.")
    write_file(path, write)
    return exporter


def export_to(
    project: Project,
    out: BinaryIO,
    exporter: Exporter,
    progress: Callable[[int, int], object] | None = None,
    cancel: Callable[[], bool] | None = None,
    *,
    options: Mapping[str, str] | None = None,
    extract: Extract | None = None,
) -> None:
    """Write the project, or an extract of it, to an open stream."""
    wish = extract or Extract()
    _check_options(exporter, options or {})
    if wish.without_texts and not getattr(exporter, "textless", False):
        raise FileRefused(
            f"{exporter.title} was not written: it is nothing without the texts. "
            "Annotator JSON, tables, networks and Web Annotations can go out without them."
        )
    found = matches(project, wish)
    with uninterrupted(), project.reading() as store:
        documents = chosen(store, wish, found)
        if documents is not None and not documents:
            raise FileRefused("Nothing was written: no article is as wished.")
        source = extracted(ProjectSource(store, progress, cancel, documents), store, wish, documents)
        exporter.write(source, out, options or {})


def _check_options(exporter: Exporter, options: Mapping[str, str]) -> None:
    """Refuse an option that the format does not know: a slip of the pen must not go unseen."""
    known = getattr(exporter, "options", None)
    unknown = [name for name in options if name != "name" and known is not None and name not in known]
    if unknown:
        there = f"it knows {', '.join(sorted(known))}" if known else "it has none"
        raise InvalidValue(f"There is no option “{unknown[0]}” for the format {exporter.name}; {there}.")
