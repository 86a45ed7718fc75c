"""What an import would bring, read without changing anything: for a look before it is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.domain.errors import AnnotatorError, Cancelled
from annotator.domain.exchange import Header, Reading, Remark
from annotator.domain.model import DocumentData

if TYPE_CHECKING:
    from annotator.interchange.registry import Formats
    from annotator.interchange.tables import TableHead
    from annotator.services.project import Project

SHOWN = 500
"""Articles that are shown; what comes after them is counted, as long as there is time."""
FIRST_LETTERS = 600


@dataclass(frozen=True, slots=True)
class Coming:
    """An article that would come. `known` is the title under which the project has its text already."""

    path: str
    title: str
    outlet: str
    date: str
    length: int
    start: str
    annotations: int = 0
    known: str = ""


@dataclass(slots=True)
class Preview:
    """What is known of an import before it is done."""

    files: int = 0
    read: int = 0
    """Files that were looked into; fewer than `files` where time was up."""
    documents: int = 0
    annotations: int = 0
    known: int = 0
    whole: bool = True
    """Whether all of it was read, so that the counts are final."""
    coming: list[Coming] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    formats: dict[str, int] = field(default_factory=dict)
    """Files by the title of their format."""
    tables: dict[str, TableHead] = field(default_factory=dict)
    """Columns and first rows of the tables among the files, by path; the first few of them."""
    further: bool = False
    """Whether there is something besides articles: a codebook, entries."""
    takes_pattern: bool = False
    """Whether the names of these files may tell something of the articles."""


class _Enough(Exception):
    """Time is up."""


def preview_files(
    project: Project,
    paths: Sequence[Path],
    options: Mapping[str, str] | None = None,
    progress: Callable[[int, int], object] | None = None,
    cancel: Callable[[], bool] | None = None,
    *,
    format_name: str | None = None,
    formats: Formats | None = None,
    seconds: float = 4.0,
) -> Preview:
    """Look into the files as long as `seconds` last. Raises what an import would raise for all files, and Cancelled."""
    if formats is None:
        from annotator.interchange.registry import Formats

        formats = Formats()
    files = formats.expand([Path(path) for path in paths], format_name)
    found = Preview(len(files))
    until = time.monotonic() + seconds
    seen: dict[str, str] = {}

    def tick(done: int, total: int) -> None:
        if cancel is not None and cancel():
            raise Cancelled("Stopped.")
        if progress is not None:
            progress(found.read * 1000 + 1000 * done // max(total, 1), max(found.files, 1) * 1000)
        if time.monotonic() > until and found.coming:
            raise _Enough

    reading = Reading(options or {}, tick)
    for path in files:
        try:
            importer = formats.importer(path, format_name)
            found.formats[importer.title] = found.formats.get(importer.title, 0) + 1
            known_options = getattr(importer, "options", ())
            found.takes_pattern = found.takes_pattern or "names" in known_options or importer.name == "zip"
            if getattr(importer, "mapped", False) and len(found.tables) < 3:
                found.tables[str(path)] = importer.head(path, options or {})  # type: ignore[attr-defined]
            for item in importer.read(path, reading):
                if isinstance(item, DocumentData):
                    _take(project, found, path, item, {} if getattr(importer, "coded", False) else seen)
                elif isinstance(item, Remark):
                    found.remarks.append(item)
                elif isinstance(item, Header):
                    found.further = found.further or item.info is not None or bool(item.entries or item.codebook.layers)
            tick(1, 1)
        except Cancelled:
            raise
        except _Enough:
            found.whole = False
            break
        except AnnotatorError as error:
            found.remarks.append(Remark("skipped", str(path), str(error)))
        found.read += 1
    return found


def _take(project: Project, found: Preview, path: Path, item: DocumentData, seen: dict[str, str]) -> None:
    document = item.document
    found.documents += 1
    found.annotations += len(item.annotations)
    known = seen.get(document.sha256, "")
    if not known and item.length is None:
        twin = project.store.document_with_text(document.sha256)
        # The same article again, by its id, may bring annotations.
        known = twin.title if twin is not None and twin.id != document.id else ""
        seen[document.sha256] = document.title
    found.known += bool(known)
    if len(found.coming) < SHOWN:
        told = document.metadata
        found.coming.append(
            Coming(
                str(path),
                document.title,
                str(told.get("outlet", "")),
                str(told.get("date", "")),
                item.characters,
                item.text[:FIRST_LETTERS],
                len(item.annotations),
                known,
            )
        )
