"""The articles of a project: list, read, add, edit, remove."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from annotator.domain.changes import ChangeSet
from annotator.domain.errors import Conflict, InvalidValue
from annotator.domain.ids import new_id, now
from annotator.domain.invariants import check_metadata
from annotator.domain.model import STATUSES, Annotation, Document, Fields, FieldValue, Link, Status, Stretch
from annotator.domain.text import canonical, digest
from annotator.storage.queries import DocumentRow, Part

if TYPE_CHECKING:
    from annotator.services.project import Project

__all__ = ["DocumentRow", "Documents"]


_LINKS = 500
"""Links that are read at once where others may want to write."""


def _parts(length: int, parts: int) -> Iterator[tuple[int, int]]:
    """So many stretches that make up a text of this length."""
    size = max(1, -(-length // max(1, parts)))
    return ((start, start + size) for start in range(0, max(1, length), size))


class Documents:
    """The documents of one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._text = lru_cache(maxsize=4)(project.store.text)

    def follow(self, change_set: ChangeSet) -> None:
        """Forget texts that a step took away; another may come under the same id."""
        if change_set.added.get("document") or change_set.removed.get("document"):
            self._text.cache_clear()

    def refresh(self) -> None:
        """Forget what is held in memory: after a step that failed."""
        self._text.cache_clear()

    def rows(self) -> list[DocumentRow]:
        """What the list shows of every document, in the project's order."""
        return self._project.store.document_rows()

    def rows_by_id(self, ids: Iterable[str]) -> list[DocumentRow]:
        """The same for some documents; those that are gone are left out."""
        return self._project.store.document_rows(ids)

    def row(self, id_: str) -> DocumentRow | None:
        """The same for one document."""
        return next(iter(self.rows_by_id([id_])), None)

    def annotation_counts(self, ids: Iterable[str]) -> dict[str, int]:
        """How many annotations each of these documents has; those without any are left out."""
        return self._project.store.annotation_counts(ids)

    def get(self, id_: str) -> Document:
        """One document, without its text. Raises NotFound."""
        return self._project.store.document(id_)

    def text(self, id_: str) -> str:
        """Its stored text, which never changes. Raises NotFound."""
        return self._text(id_)

    def stretches(self, id_: str, start: int | None = None, end: int = 0) -> list[Stretch]:
        """What painting needs of its annotations, in no order: quick, for the first sight of a long article.

        With `start` and `end` only of those that begin there.
        """
        part = None if start is None else Part(self._layers(), start, end)
        return self._project.store.stretches(id_, part)

    def stretches_in_parts(self, id_: str, length: int, parts: int) -> Iterator[list[Stretch]]:
        """All of them by and by; a step that is written meanwhile need not wait."""
        for start, end in _parts(length, parts):
            yield self._project.store.stretches(id_, Part(self._layers(), start, end))

    def annotations_in_parts(self, id_: str, length: int, parts: int) -> Iterator[list[Annotation]]:
        """The same for the whole annotations."""
        for start, end in _parts(length, parts):
            yield self._project.store.annotations(id_, Part(self._layers(), start, end))

    def links_in_parts(self, id_: str) -> Iterator[list[Link]]:
        """The same for its links."""
        ids = sorted(self._project.store.link_ids(id_))
        for at in range(0, len(ids), _LINKS):
            yield self._project.store.links_by_id(ids[at : at + _LINKS])

    def around(self, ids: Iterable[str]) -> tuple[list[Annotation], list[Link]]:
        """These annotations, the links that they take part in, and all that takes part in those."""
        store = self._project.store
        links: dict[str, Link] = {}
        annotations = set(ids)
        ring = set(ids)
        while ring:
            near = {link.id: link for link in store.links_with(ring)}
            inner = {member for link in near.values() for member in link.members()} - near.keys()
            near |= {link.id: link for link in store.links_by_id(inner - annotations)}
            ring = near.keys() - links.keys()
            links |= near
            annotations |= {member for link in near.values() for member in link.members()}
        return store.annotations_by_id(annotations - links.keys()), list(links.values())

    def _layers(self) -> tuple[str, ...]:
        return tuple(layer.id for layer in self._project.codebook.layers)

    def annotations(self, id_: str) -> list[Annotation]:
        """Its annotations, in the order they were made."""
        return self._project.store.annotations(id_)

    def links(self, id_: str) -> list[Link]:
        """Its links, in the order they were made."""
        return self._project.store.links(id_)

    def annotations_by_id(self, ids: Iterable[str]) -> list[Annotation]:
        """The annotations with these ids that exist."""
        return self._project.store.annotations_by_id(ids)

    def links_by_id(self, ids: Iterable[str]) -> list[Link]:
        """The links with these ids that exist."""
        return self._project.store.links_by_id(ids)

    def add(self, title: str, text: str, metadata: Fields | None = None) -> Document:
        """Add an article. Raises InvalidValue for an empty text, Conflict where the project has this very text."""
        text = canonical(text)
        if not text.strip():
            raise InvalidValue("There is no text to add.")
        try:
            twin = self._project.store.document_with_text(digest(text))
        except UnicodeEncodeError:
            raise InvalidValue("The text holds characters that are no proper Unicode; copy it again.") from None
        if twin is not None:
            raise Conflict(f"The project has this text already, as “{twin.title}”.", (twin.id,))
        checked = check_metadata(self._project.codebook.document_fields, metadata or {}, "the document")
        with self._project.step("Add “{what}”", title) as step:
            place = self._project.store.last_position() + 1
            document = Document(new_id(), title, step.add_text(text), "new", checked, place, now())
            step.add(document)
        return document

    def edit(
        self,
        id_: str,
        *,
        title: str | None = None,
        status: Status | None = None,
        metadata: Mapping[str, FieldValue] | None = None,
    ) -> None:
        """Change title, status or the whole metadata, in one step. Raises InvalidValue."""
        document = self.get(id_)
        if title is not None:
            if not title.strip():
                raise InvalidValue("An article needs a title.")
            document = replace(document, title=title.strip())
        if status is not None:
            if status not in STATUSES:
                raise InvalidValue(f"“{status}” is no status of an article.")
            document = replace(document, status=status)
        if metadata is not None:
            checked = check_metadata(self._project.codebook.document_fields, metadata, "the document")
            document = replace(document, metadata=checked)
        action = "Mark article {what}" if title is None and metadata is None else "Edit article details"
        with self._project.step(action, document.status) as step:
            step.replace(document)

    def remove(self, ids: Iterable[str]) -> None:
        """Remove articles with their annotations and links."""
        doomed = list(dict.fromkeys(ids))
        action, what = "Remove {what}", f"{len(doomed)} articles"
        if len(doomed) == 1:
            action, what = "Remove “{what}”", self.get(doomed[0]).title
        self._project.before_bulk(10 * len(doomed))  # with all that is tagged in them
        with self._project.step(action, what) as step:
            annotations, links, entries = self._project.store.contents(doomed)
            step.remove("link", links)
            step.remove("annotation", annotations)
            step.remove("document", doomed)
            self._project.entries.drop_orphans(step, entries)
