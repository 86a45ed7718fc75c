"""The articles of a project: list, read, add, edit, remove."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from annotator.domain.changes import ChangeSet
from annotator.domain.errors import Conflict, InvalidValue
from annotator.domain.ids import new_id, now
from annotator.domain.invariants import check_metadata
from annotator.domain.model import STATUSES, Annotation, Document, Fields, FieldValue, Link, Status, Stretch
from annotator.domain.text import canonical, digest
from annotator.storage.queries import DocumentRow

if TYPE_CHECKING:
    from annotator.services.project import Project

__all__ = ["DocumentRow", "Documents"]


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

    def stretches(self, id_: str) -> list[Stretch]:
        """What painting needs of its annotations, in no order: quick, for the first sight of a long article."""
        return self._project.store.stretches(id_)

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
        with self._project.step(action, what) as step:
            annotations, links, entries = self._project.store.contents(doomed)
            step.remove("link", links)
            step.remove("annotation", annotations)
            step.remove("document", doomed)
            self._project.entries.drop_orphans(step, entries)
