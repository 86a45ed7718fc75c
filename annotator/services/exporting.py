"""Export a project: from one state of it, streaming, and into a file that is either whole or not there."""

from __future__ import annotations

import os
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from annotator.domain.codebook import Codebook
from annotator.domain.errors import Cancelled, FileRefused
from annotator.domain.exchange import Exporter
from annotator.domain.model import Coder, DocumentData, Entry, ProjectInfo
from annotator.services.pace import uninterrupted

if TYPE_CHECKING:
    from annotator.interchange.registry import Formats
    from annotator.services.project import Project
    from annotator.storage.queries import Queries

_BUFFER = 1 << 20


class ProjectSource:
    """A project as exporters see it, with progress and a way to stop between two documents."""

    def __init__(
        self,
        store: Queries,
        progress: Callable[[int, int], object] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> None:
        self._store = store
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

    def documents(self) -> Iterator[DocumentData]:
        """Every document, whole, in the project's order."""
        total = self._store.counts()["documents"] if self._progress else 0
        for number, data in enumerate(self._store.whole_documents(), 1):
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
) -> Exporter:
    """Write the project to a file; one that is there is replaced, at the end and all at once.

    A format of several files writes them into a folder where `path` is one, has no ending, or `folder` says so.
    Exporters learn the file's name as the option "name".
    """
    if formats is None:
        from annotator.interchange.registry import Formats

        formats = Formats()
    exporter = formats.exporter(path, format_name)
    options = {"name": path.name, **(options or {})}
    if getattr(exporter, "folders", False) and (folder or path.is_dir() or not path.suffix):
        _export_folder(project, path, exporter, progress, cancel, options)
        return exporter
    if path.is_dir() or folder:
        raise FileRefused(f"{path} was not written: it is a folder.")
    with suppress(OSError):
        if path.exists() and path.samefile(project.path):
            raise FileRefused(f"{path} was not written: it is the project itself.")
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        # /dev/stdout, a pipe: nothing to put in place afterwards.
        with _told(path), path.open("wb", buffering=_BUFFER) as out:
            export_to(project, out, exporter, progress, cancel, options=options)
        return exporter
    # Beside the file that a link leads to, so that the link stays one.
    target = path.resolve()
    if not target.parent.is_dir():
        raise FileRefused(f"{path} was not written: the folder {path.parent} does not exist.")
    with _told(path):
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent)
    part = Path(name)
    try:
        with _told(path):
            with open(handle, "wb", buffering=_BUFFER) as out:
                export_to(project, out, exporter, progress, cancel, options=options)
                out.flush()
                os.fsync(out.fileno())
            _keep_mode(target, part)
            os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    return exporter


def _export_folder(
    project: Project,
    path: Path,
    exporter: Exporter,
    progress: Callable[[int, int], object] | None,
    cancel: Callable[[], bool] | None,
    options: Mapping[str, str],
) -> None:
    """All of a format's files into a folder: made beside it, and put in place when all are whole."""
    target = path.resolve()
    if target.exists() and not target.is_dir():
        raise FileRefused(f"{path} was not written: it is a file, and the format {exporter.name} needs a folder.")
    if not target.parent.is_dir():
        raise FileRefused(f"{path} was not written: the folder {path.parent} does not exist.")
    with _told(path), tempfile.TemporaryDirectory(prefix=f".{target.name[:100]}.", dir=target.parent) as made:
        files = Path(made) / "files"
        files.mkdir()
        with tempfile.TemporaryFile(dir=made) as out:
            export_to(project, out, exporter, progress, cancel, options={**options, "name": ""})
            with zipfile.ZipFile(out) as archive:
                archive.extractall(files)
        if not target.exists():
            os.replace(files, target)
            return
        for file in sorted(file for file in files.rglob("*") if file.is_file()):
            place = target / file.relative_to(files)
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(file, place)


def export_to(
    project: Project,
    out: BinaryIO,
    exporter: Exporter,
    progress: Callable[[int, int], object] | None = None,
    cancel: Callable[[], bool] | None = None,
    *,
    options: Mapping[str, str] | None = None,
) -> None:
    """Write the project to an open stream."""
    with uninterrupted(), project.reading() as store:
        exporter.write(ProjectSource(store, progress, cancel), out, options or {})


class _told:
    """Turns what the operating system reports into one sentence."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, BrokenPipeError):
            return
        if isinstance(error, PermissionError):
            raise FileRefused(f"{self._path} was not written: you may not write there.") from None
        if isinstance(error, OSError):
            raise FileRefused(f"{self._path} was not written: {error.strerror or error}.") from None


def _keep_mode(target: Path, part: Path) -> None:
    """A replaced file keeps its permissions; a new one gets the usual ones, which mkstemp does not give."""
    if target.exists():
        mode = stat.S_IMODE(target.stat().st_mode)
    else:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    with suppress(OSError):
        os.chmod(part, mode)
