"""Applies a stream of imported items to a project, inside one step.

An empty project takes a whole project over as it is. Into any other, layers, roles, registries and coders match by
name, everything else by id: the same id with the same content is skipped, with other content it is a conflict.

A file of another tool knows no ids of this project, and keeps less than a project does. Its entries match by name as
well, its annotations land on the document that has their text, and only what it says counts as content.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from annotator.domain.errors import Conflict, FileRefused, InvalidValue, NotFound
from annotator.domain.exchange import Header, Remark
from annotator.domain.ids import new_id
from annotator.domain.invariants import check_acyclic, check_link, check_metadata, shown
from annotator.domain.model import Annotation, Dismissal, Document, DocumentData, Link
from annotator.services.copies import with_copy
from annotator.services.header_merging import HeaderMerge, OnConflict, lower
from annotator.services.landing import land, recognised
from annotator.services.likeness import (
    content,
    document_from,
    mark_from,
    same_document,
    same_mark,
)
from annotator.services.reattaching import Textless, fitting, moved, restored
from annotator.services.translating import translated
from annotator.storage.writer import Writer

if TYPE_CHECKING:
    from annotator.services.project import Project

_Mark = TypeVar("_Mark", Annotation, Link)
_FLUSH_AT, _FLUSH_TEXT_AT = 1000, 4_000_000
"""So many things wait, or so many characters of text."""


class TextKnown(Conflict):
    """The project has this text already, under this title."""

    def __init__(self, message: str, ids: tuple[str, ...], title: str) -> None:
        super().__init__(message, ids)
        self.title = title


class Merge(HeaderMerge):
    """One import into one project. `source` names the present file in sentences."""

    def __init__(self, project: Project, step: Writer, coder: str, on_conflict: OnConflict) -> None:
        super().__init__(project, step, coder, on_conflict)
        self._position = self._store.last_position()
        self._coded = False
        self._there: dict[str, list[Document]] = {}
        """Documents of a text that were there before the present file, and that nothing of it has landed on yet."""
        # What waits to be written. A document's links wait with all it holds, for they refer to each other.
        self._documents: dict[str, Document] = {}
        self._texts: dict[str, Document] = {}
        self._new_texts: list[str] = []
        self._characters = 0
        self._textless = Textless()
        self._annotations: list[Annotation] = []
        self._links: list[Link] = []
        self._dismissals: list[Dismissal] = []

    # The file's items, in their order

    def begin(self, source: str, *, coded: bool = False) -> None:
        """A file begins. One that is coded brings annotations: two documents of one text in it stay two."""
        super().begin(source)
        self._coded = coded
        self._there = {}

    def header(self, header: Header) -> None:
        """What stands before the documents. In a zip, the next file in it begins."""
        if not self._coded:
            self._whole = self._whole and not self.report.added
            self._there = {}
        super().header(header)

    def document(self, data: DocumentData) -> None:
        """A document with its annotations and links."""
        self._fresh = False
        data = self._translated(data)
        if data.length is not None:
            self._reattach(data)
            return
        if not self._owns_ids:
            twin = self._twin(data)
            if twin is not None:
                self._land(twin, data)
                return
        if self._whole:
            self._add_document(data)
        else:
            known = self._document(data.document.id)
            self._check_metadata(data.document)
            if known is None:
                self._meet_strangers(data)
                if not self._conflicts:
                    self._check_links(data.annotations, data.links)
                    self._add_document(data)
            else:
                self._meet(known, data)
        waiting = len(self._documents) + len(self._annotations) + len(self._links)
        if waiting >= _FLUSH_AT or self._characters >= _FLUSH_TEXT_AT:
            self.flush()

    def _reattach(self, data: DocumentData) -> None:
        """A document without its text takes that of the project. One whose text is not there is left out and reported."""
        self.flush()
        document = data.document
        known = self._document(document.id)
        twin = known or self._store.document_with_text(document.sha256)
        text = self._store.text_with(document.sha256)
        if text is None and known is None:
            self.report.skipped["document"] += 1
            self.remark(self._textless.missing(self.source, document))
            return
        self._textless.attached.add(self.source)
        if text is not None:
            data = fitting(data, text, self.source)
        self._check_metadata(document)
        if known is None and twin is not None:
            bare = not self._store.annotations(twin.id)
            if bare and twin.id in self._textless.came:
                # The article came with this very import, for its text alone.
                self._step.remove("document", [twin.id])
                self.report.added["document"] -= 1
                twin = None
            else:
                data = moved(data, twin, bare=bare)
                if data.document != twin:
                    self._step.replace(data.document)
                known = data.document
        if known is not None:
            self._meet(known, data)
        else:
            self._meet_strangers(data)
            if not self._conflicts:
                self._check_links(data.annotations, data.links)
                self._add_document(data)
        named = restored(data, self._entries)
        self._entries.update((entry.id, entry) for entry in named)
        self._step.replace(named)

    def end(self) -> None:
        """All files are through. Raises Conflict with all ids that had other content."""
        self.flush()
        self._textless.refuse_where_all_are_missing()
        if self._conflicts:
            names = [f"{kind} {shown(id_)}" for kind, id_ in self._conflicts[:3]]
            more = len(self._conflicts) - len(names)
            listed = ", ".join(names) + (f" and {more} more" if more else "")
            one = len(self._conflicts) == 1
            raise Conflict(
                f"{self.source} was not imported: {listed} {'is' if one else 'are'} in the project already, "
                "with other content.",
                tuple(id_ for _, id_ in self._conflicts),
            )
        if self._reparented:
            parents = {e.id: (e.parent_id,) for e in self._entries.values() if e.parent_id is not None}
            try:
                check_acyclic(parents, "entry")
            except InvalidValue as error:
                raise Conflict(f"{self.source} was not imported: {lower(str(error))}") from None

    def flush(self) -> None:
        """Write what waits. Things of one kind go together: that is what makes a large import fast."""
        self._step.add_texts(self._new_texts)
        self._step.add([*self._documents.values(), *self._annotations, *self._links, *self._dismissals])
        self._documents, self._texts, self._annotations, self._links, self._dismissals = {}, {}, [], [], []
        self._new_texts, self._characters = [], 0

    # Documents

    def _translated(self, data: DocumentData) -> DocumentData:
        try:
            housed = self._housed if self._merged.divided else None
            nobody, spill = self._importing_coder, self._spill
            return translated(data, self._merged, self._coder_ids, self._entry_ids, nobody, spill, housed)
        except KeyError as error:
            raise FileRefused(
                f"{self.source} was not read: it refers to the unknown id {shown(str(error.args[0]))}."
            ) from None

    def _add_document(self, data: DocumentData) -> None:
        self._position += 1
        self._new_texts.append(data.text)
        self._characters += len(data.text)
        document = replace(data.document, position=self._position)
        self._documents[document.id] = document
        self._texts[document.sha256] = document
        self._textless.came.add(document.id)
        self.report.added["document"] += 1
        self._add_marks(data.annotations, data.links)
        self._dismissals.extend(data.dismissals)

    def _dismiss(self, known: Document, data: DocumentData) -> None:
        """What is not to be proposed there is not to be proposed here."""
        if data.dismissals:
            given = {replace(each, document_id=known.id) for each in data.dismissals}
            new = given - self._store.dismissals(known.id)
            self._dismissals += sorted(new, key=lambda each: (each.layer_id, each.start, each.end))

    def _add_marks(self, annotations: Iterable[Annotation], links: Iterable[Link]) -> None:
        for kind, waiting, new in (("annotation", self._annotations, annotations), ("link", self._links, links)):
            before = len(waiting)
            waiting.extend(new)  # type: ignore[arg-type]
            if len(waiting) > before:
                self.report.added[kind] += len(waiting) - before

    def _document(self, id_: str) -> Document | None:
        if id_ in self._documents:
            self.flush()
        try:
            return self._store.document(id_)
        except NotFound:
            return None

    def _twin(self, data: DocumentData) -> Document | None:
        """The document that has this text already, for a file that knows no ids: only the text tells.

        Raises TextKnown where it has no annotations that could go there.
        """
        document = data.document
        if not self._coded and not data.annotations:
            twin = self._texts.get(document.sha256) or self._store.document_with_text(document.sha256)
            if twin is None or twin.id == document.id:
                return None
            self._note_copy(twin, document)
            title = shown(twin.title)
            told = f"{self.source} was not imported: the project has this text already, as {title}."
            raise TextKnown(told, (twin.id,), title)
        if self._whole:
            return None  # whatever is there came from this very file
        there = self._there.get(document.sha256)
        if there is None:
            # Asked once for each text, so that what this file brings itself is not among them.
            if document.sha256 in self._texts:
                self.flush()
            there = self._there[document.sha256] = self._store.documents_with_text(document.sha256)
        if not there or any(twin.id == document.id for twin in there):
            return None
        twin = min(there, key=lambda twin: twin.title != document.title)
        there.remove(twin)
        return twin

    def _land(self, known: Document, data: DocumentData) -> None:
        """The annotations of a file go to the document that has their text."""
        self.flush()
        ours, our_links = self._store.annotations(known.id), self._store.links(known.id)
        used = {id_ for _, id_, _ in self._marks_by_id(_mark_ids(data))}
        landed = land(data, known.id, ours, our_links, lambda id_: new_id() if id_ in used else id_)
        if landed.links:
            self._check_links([*ours, *landed.annotations], [*our_links, *landed.links])
        self._add_marks(landed.annotations, landed.links)
        self._dismiss(known, data)
        skipped = (("document", 1), ("annotation", landed.same_annotations), ("link", landed.same_links))
        self.report.skipped.update({kind: count for kind, count in skipped if count})
        told = f"the project has this text already, as {shown(known.title)}"
        if landed.annotations or landed.links:
            new = len(landed.annotations) + len(landed.links)
            told += f"; what is new in it was added to that article: {new:,} annotations and links"
        elif data.annotations:
            told += ", with these annotations"
        if landed.differing:
            told += f"; {landed.differing:,} of them have another note or other entries here, which were kept"
        self.remark(Remark("skipped", f"{self.source}, {shown(data.document.title)}", told))

    def _note_copy(self, twin: Document, copy: Document) -> None:
        noted = with_copy(twin, copy, self._codebook)
        if noted is None:
            return
        if twin.id in self._documents:
            self._documents[twin.id] = self._texts[twin.sha256] = noted
        else:
            self._step.replace(noted)

    def leave_out(self, document: Document, known: TextKnown) -> None:
        """One of many documents of a file is there already; the others are taken."""
        self.report.skipped["document"] += 1
        where = f"{self.source}, {shown(document.title)}"
        self.remark(Remark("skipped", where, f"the project has this text already, as {known.title}"))

    def _check_metadata(self, document: Document) -> None:
        if self._codebook.document_fields:
            try:
                check_metadata(self._codebook.document_fields, document.metadata, f"the document {shown(document.id)}")
            except InvalidValue as error:
                raise Conflict(f"{self.source} was not imported: {lower(str(error))}") from None

    def _meet_strangers(self, data: DocumentData) -> None:
        """A new document whose annotations or links have ids that the project uses elsewhere."""
        if data.annotations or data.links:
            self.flush()
            self._conflicts += [(kind, id_) for kind, id_, _ in self._marks_by_id(_mark_ids(data))]

    def _marks_by_id(self, ids: list[str]) -> list[tuple[str, str, str]]:
        """Kind, id and document of those that the project has."""
        found = [("annotation", a.id, a.document_id) for a in self._store.annotations_by_id(ids)]
        return found + [("link", link.id, link.document_id) for link in self._store.links_by_id(ids)]

    def _meet(self, known: Document, data: DocumentData) -> None:
        """A document that the project has: its own values, then its annotations and links one by one."""
        if known.sha256 != data.document.sha256:
            # Other text under annotations would put them in wrong places, whoever wins.
            if self._on_conflict == "refuse" or (self._owns_ids and self._on_conflict == "theirs"):
                self._conflicts.append(("document", known.id))
                return
            self.report.kept["document"] += 1
            told = "the project has another text under its id, so it was left as it is here"
            self.remark(Remark("skipped", f"{self.source}, {shown(data.document.title)}", told))
            return
        given = replace(data.document, position=known.position, created=known.created)
        if given == known or (not self._owns_ids and same_document(given, known)):
            self.report.skipped["document"] += 1
        elif self._theirs("document", known.id):
            self._step.replace(given if self._owns_ids else document_from(given, known))
        self.flush()
        ours = {annotation.id: annotation for annotation in self._store.annotations(known.id)}
        our_links = {link.id: link for link in self._store.links(known.id)}
        if not self._owns_ids:
            data = recognised(data, ours.values(), our_links.values())
        elsewhere = [found for found in self._marks_by_id(_mark_ids(data)) if found[2] != known.id]
        self._conflicts += [(kind, id_) for kind, id_, _ in elsewhere]
        crossed = [a.id for a in data.annotations if a.id in our_links] + [k.id for k in data.links if k.id in ours]
        self._conflicts += [("annotation", id_) for id_ in crossed]
        if crossed or elsewhere:
            return
        replaced: list[Annotation | Link] = []
        added = [a for a in data.annotations if self._settle("annotation", a, ours, replaced)]
        added_links = [k for k in data.links if self._settle("link", k, our_links, replaced)]
        if not self._conflicts:
            self._check_links(ours.values(), our_links.values())
            self._add_marks(added, added_links)
            self._dismiss(known, data)
            # Replaced ones may refer to new ones, so those are written first.
            self.flush()
            self._step.replace(replaced)

    def _settle(self, kind: str, mark: _Mark, ours: dict[str, _Mark], replaced: list[Annotation | Link]) -> bool:
        """Whether this is new. `ours` is brought to what the document will hold."""
        known = ours.get(mark.id)
        if known is None:
            ours[mark.id] = mark
            return True
        if content(known) == content(mark) or (not self._owns_ids and same_mark(mark, known)):
            self.report.skipped[kind] += 1
        elif self._theirs(kind, mark.id):
            ours[mark.id] = mark if self._owns_ids else mark_from(mark, known)
            replaced.append(ours[mark.id])
        return False

    def _check_links(self, annotations: Iterable[Annotation], links: Iterable[Link]) -> None:
        """What is kept from here and what comes from there must fit together."""
        links_by_id = {link.id: link for link in links}
        annotations_by_id = {annotation.id: annotation for annotation in annotations} if links_by_id else {}
        try:
            for link in links_by_id.values():
                link_type = self._codebook.link_types_by_id[link.type_id]
                check_link(link, link_type, self._codebook, annotations_by_id, links_by_id)
            check_acyclic({link.id: link.members() for link in links_by_id.values()})
        except InvalidValue as error:
            raise Conflict(f"{self.source} was not imported: {lower(str(error))}") from None


def _mark_ids(data: DocumentData) -> list[str]:
    return [annotation.id for annotation in data.annotations] + [link.id for link in data.links]
