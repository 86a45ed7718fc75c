"""The integrity check: the file itself, and everything that must always hold of what is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.domain.errors import InvalidValue
from annotator.domain.invariants import (
    check_acyclic,
    check_codebook,
    check_fields,
    check_fragments,
    check_link,
    check_metadata,
    shown,
)
from annotator.domain.model import STATUSES, DocumentData
from annotator.domain.text import digest
from annotator.storage.check import UNREADABLE, file_problems, journal_problems, opened, refuse_if_no_file
from annotator.storage.dialect import damage_told, search_problems
from annotator.storage.gate import batches
from annotator.storage.queries import STREAMED, Queries
from annotator.storage.soundness import altered_texts

if TYPE_CHECKING:
    from annotator.domain.codebook import Codebook
    from annotator.services.project import Project

_MOST = 1000


def problems(project: Project, progress: Callable[[int, int], object] | None = None) -> list[str]:
    """What is wrong with an open project, a sentence each; nothing where it is sound."""
    with project.reading() as store:
        return _problems(store, progress)


def check_file(path: Path, progress: Callable[[int, int], object] | None = None) -> list[str]:
    """What is wrong with a project file, a sentence each; nothing where it is sound.

    Never writes to it, and never raises because of what is in it. Raises FileRefused only where there is no file to read.
    """
    refuse_if_no_file(path)
    try:
        with opened(path) as store:
            return _problems(store, progress)
    except UNREADABLE as error:
        return [damage_told(error)]


def _problems(store: Queries, progress: Callable[[int, int], object] | None) -> list[str]:
    # What a damaged file says of its content is worth nothing.
    found = file_problems(store.connection)
    if found:
        return found
    found = _Check(store).run(progress)
    found += [] if found else altered_texts(store.connection)  # of those that no article has any more
    return [*found, *journal_problems(store.connection), *search_problems(store.connection)]


def _told(error: Exception) -> str:
    return " ".join(str(getattr(error, "orig", None) or error).split()).rstrip(".")


class _Check:
    def __init__(self, store: Queries) -> None:
        self._store = store
        self._found: list[str] = []

    def run(self, progress: Callable[[int, int], object] | None) -> list[str]:
        try:
            self._store.info()
            self._codebook: Codebook = self._store.codebook()
            self._coders = {coder.id for coder in self._store.coders()}
            self._entries = {entry.id: entry for entry in self._store.entries()}
        except UNREADABLE as error:
            return [f"The project's codebook or its lists cannot be read ({_told(error)})."]
        self._try(lambda: check_codebook(self._codebook))
        self._check_entries()
        total = self._store.counts()["documents"]
        for number, data in enumerate(self._documents(), 1):
            self._check_document(data)
            if progress is not None:
                progress(number, total)
            if len(self._found) >= _MOST:
                break
        return self._found

    def _documents(self) -> Iterator[DocumentData]:
        """All documents that can be read; of the others it is said that they cannot."""
        for batch in batches(self._store.document_ids(), STREAMED):
            try:
                yield from list(self._store.whole_documents(batch))
            except UNREADABLE:
                yield from self._one_by_one(batch)

    def _one_by_one(self, ids: list[str]) -> Iterator[DocumentData]:
        for id_ in ids:
            try:
                data = list(self._store.whole_documents([id_]))
            except UNREADABLE as error:
                self._found.append(f"The document {shown(id_)} cannot be read ({_told(error)}).")
            else:
                yield from data

    def _try(self, check: Callable[[], object], where: str = "") -> None:
        try:
            check()
        except InvalidValue as error:
            self._found.append(where + str(error))
        except UNREADABLE as error:
            self._found.append(f"{where}What is stored makes no sense ({_told(error)}).")

    def _check_entries(self) -> None:
        registries = self._codebook.registries_by_id
        for entry in self._entries.values():
            where = f"entry {shown(entry.name)}"
            registry = registries.get(entry.registry_id)
            if registry is None:
                self._found.append(f"The {where} is in no registry that there is.")
            else:
                self._try(lambda: check_fields(registry.fields, entry.fields, where))  # noqa: B023
            if entry.parent_id is not None and entry.parent_id not in self._entries:
                self._found.append(f"The {where} has a parent that is not there.")
        parents = {e.id: (e.parent_id,) for e in self._entries.values() if e.parent_id is not None}
        self._try(lambda: check_acyclic(parents, "entry"))

    def _check_document(self, data: DocumentData) -> None:
        document, text, codebook = data.document, data.text, self._codebook
        where = f"document {shown(document.title)}"
        if digest(text) != document.sha256:
            self._found.append(f"The text of {where} is not the one that was stored.")
        if document.status not in STATUSES:
            self._found.append(f"The {where} has the unknown status {shown(document.status)}.")
        self._try(lambda: check_metadata(codebook.document_fields, document.metadata, where))
        for annotation in data.annotations:
            of = f"annotation {shown(annotation.id)} in {where}"
            self._try(lambda: check_fragments(annotation.fragments, len(text)), f"The {of}: ")  # noqa: B023
            layer = codebook.layers_by_id.get(annotation.layer_id)
            if layer is None:
                self._found.append(f"The {of} is in no layer that there is.")
            elif annotation.fields:
                self._try(lambda: check_fields(layer.fields, annotation.fields, of))  # noqa: B023
            if annotation.coder_id not in self._coders:
                self._found.append(f"The {of} belongs to no coder that there is.")
            if any(entry not in self._entries for entry in annotation.entries):
                self._found.append(f"The {of} refers to an entry that is not there.")
        self._check_links(data)

    def _check_links(self, data: DocumentData) -> None:
        annotations = {annotation.id: annotation for annotation in data.annotations}
        links = {link.id: link for link in data.links}
        for link in data.links:
            link_type = self._codebook.link_types_by_id.get(link.type_id)
            if link_type is None:
                self._found.append(f"The link {shown(link.id)} is of no type that there is.")
                continue
            self._try(lambda: check_link(link, link_type, self._codebook, annotations, links))  # noqa: B023
            self._try(lambda: check_fields(link_type.fields, link.fields, f"link {shown(link.id)}"))  # noqa: B023
            if link.coder_id not in self._coders:
                self._found.append(f"The link {shown(link.id)} belongs to no coder that there is.")
        self._try(lambda: check_acyclic({link.id: link.members() for link in data.links}))
