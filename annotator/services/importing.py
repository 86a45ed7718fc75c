"""Import files into a project: one step, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.domain.errors import AnnotatorError, Cancelled, Conflict, FileRefused, InvalidValue
from annotator.domain.exchange import Header, Importer, Reading, Remark
from annotator.domain.model import DocumentData
from annotator.services.header_merging import OnConflict
from annotator.services.import_report import ImportReport
from annotator.services.merging import Merge, TextKnown
from annotator.services.pace import uninterrupted

if TYPE_CHECKING:
    from annotator.interchange.registry import Formats
    from annotator.services.project import Project

__all__ = ["ImportReport", "OnConflict", "import_files"]

_MANY, _LARGE = 20, 1_000_000
"""So many files, or so many bytes, are a bulk change."""


def import_files(
    project: Project,
    paths: Sequence[Path],
    format_name: str | None = None,
    coder: str | None = None,
    on_conflict: OnConflict = "refuse",
    progress: Callable[[int, int], object] | None = None,
    cancel: Callable[[], bool] | None = None,
    *,
    formats: Formats | None = None,
    options: Mapping[str, str] | None = None,
) -> ImportReport:
    """Import files and folders as one undoable step.

    A named file that cannot be read, or whose text the project has, ends the import; among the files of a folder such
    a one is skipped, and the report says why; so is one of the many articles of a table or an archive. Annotations that
    belong to nobody go to `coder`, else to who works now.
    Raises FileRefused, NotFound, InvalidValue, Conflict (with the ids that have other content here) and Cancelled.
    """
    if formats is None:
        from annotator.interchange.registry import Formats

        formats = Formats()
    named = {Path(path) for path in paths}
    files = formats.expand([Path(path) for path in paths], format_name)
    if not files:
        raise FileRefused("There is no file to import.")
    readers = [(path, formats.importer(path, format_name)) for path in files]
    # What comes without texts comes after what may bring them.
    readers.sort(key=lambda reader: bool(getattr(reader[1], "texts_left_out", _no_file)(reader[0])))
    _check_options([importer for _, importer in readers], options or {})
    # A file's name need not be proper Unicode, what is kept must.
    name = files[0].name.encode("utf-8", "replace").decode("utf-8")
    what = name if len(files) == 1 else f"{len(files)} files"
    if project.documents.rows() and _is_bulk(files):
        # Undo takes an import back too; this is for the day when even that is not enough.
        with suppress(FileRefused):
            project.back_up()
    with uninterrupted(), project.step("Import {what}", what) as step:
        merge = Merge(project, step, coder or project.coder, on_conflict)
        watch = _Watch([path for path, _ in readers], options or {}, progress, cancel)
        skipped: AnnotatorError | None = None
        for path, importer in readers:
            error = _one(merge, path, importer, watch.reading(path), lenient=path not in named)
            skipped = error or skipped
            watch.done(path)
        merge.end()
        if skipped is not None and not merge.report.added and not merge.report.skipped:
            # Every file of the folder was left out: one reason stands for all.
            raise skipped
    return merge.report


def _is_bulk(files: Sequence[Path]) -> bool:
    """Whether so much comes at once that a backup before it is worth its time."""
    return len(files) > _MANY or sum(_size(path) for path in files) > _LARGE


def _check_options(importers: Sequence[Importer], options: Mapping[str, str]) -> None:
    """Refuse an option that no format of these files knows: a slip of the pen must not go unseen."""
    known: set[str] = set()
    for importer in importers:
        declared = getattr(importer, "options", None)
        if declared is None:
            return
        known.update(declared)
    unknown = [name for name in options if name not in known]
    if unknown:
        names = ", ".join(sorted(known))
        raise InvalidValue(f"There is no option “{unknown[0]}” for these files; there are {names}.")


def _one(merge: Merge, path: Path, importer: Importer, reading: Reading, *, lenient: bool) -> AnnotatorError | None:
    """Import one file; if it is one among many, leave it out where it is no good and nothing of it was taken yet."""
    merge.begin(str(path), coded=getattr(importer, "coded", False))
    taken = False
    collection = getattr(importer, "collection", False)
    try:
        for item in importer.read(path, reading):
            if isinstance(item, Header):
                taken = taken or item.info is not None or bool(item.entries)
                merge.header(item)
            elif isinstance(item, DocumentData):
                try:
                    merge.document(item)
                except TextKnown as error:
                    if not collection:
                        raise
                    merge.leave_out(item.document, error)
                taken = True
            else:
                merge.remark(item)
    except Cancelled:
        raise
    except (FileRefused, Conflict) as error:
        if not lenient or taken:
            raise
        merge.remark(Remark("skipped", str(path), str(error)))
        return error
    return None


class _Watch:
    """Progress over all files together, by their sizes."""

    def __init__(
        self,
        files: list[Path],
        options: Mapping[str, str],
        progress: Callable[[int, int], object] | None,
        cancel: Callable[[], bool] | None,
    ) -> None:
        self._sizes = {path: max(_size(path), 1) for path in files}
        self._total = sum(self._sizes.values())
        self._before = 0
        self._options = options
        self._progress = progress
        self._cancel = cancel

    def reading(self, path: Path) -> Reading:
        """What an importer gets for this file."""

        def tell(done: int, total: int) -> None:
            if self._progress is not None:
                self._progress(self._before + self._sizes[path] * done // max(total, 1), self._total)

        return Reading(self._options, tell, self._cancel or _never)

    def done(self, path: Path) -> None:
        """This file is through."""
        self._before += self._sizes[path]


def _no_file(path: Path) -> bool:
    return False


def _never() -> bool:
    return False


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 1
