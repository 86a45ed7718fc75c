"""Applies a stream of imported items to a project, inside one step.

An empty project takes a whole project over as it is. Into any other, layers, roles, registries and coders match by
name, everything else by id: the same id with the same content is skipped, with other content it is a conflict.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeVar

from annotator.domain.codebook import Codebook
from annotator.domain.errors import Conflict, FileRefused, InvalidValue, NotFound
from annotator.domain.exchange import Header, Remark
from annotator.domain.ids import new_id
from annotator.domain.invariants import check_acyclic, check_link, check_metadata, shown
from annotator.domain.model import Annotation, Coder, Document, DocumentData, Entry, Link, ProjectInfo
from annotator.services.codebook_merge import MergedCodebook, merge
from annotator.services.import_report import ImportReport as ImportReport
from annotator.services.reattaching import Textless, fitting, moved, restored, same_name
from annotator.storage.writer import Writer

if TYPE_CHECKING:
    from annotator.services.project import Project

_Mark = TypeVar("_Mark", Annotation, Link)
OnConflict = Literal["refuse", "mine", "theirs"]
_FLUSH_AT = 1000


ALSO_RAN = "also ran"
"""The metadata key for where else the very same text ran: outlet and date, one line each."""


class TextKnown(Conflict):
    """The project has this text already, under this title."""

    def __init__(self, message: str, ids: tuple[str, ...], title: str) -> None:
        super().__init__(message, ids)
        self.title = title


def _ran(document: Document) -> str:
    told = (document.metadata.get(key) for key in ("outlet", "date"))
    return ", ".join(str(value) for value in told if value)


class Merge:
    """One import into one project. `source` names the present file in sentences."""

    def __init__(self, project: Project, step: Writer, coder: str, on_conflict: OnConflict) -> None:
        self.report = ImportReport()
        self.source = ""
        self._project = project
        self._step = step
        self._coder = coder
        self._on_conflict = on_conflict
        self._store = project.store
        self._codebook: Codebook = project.codebook
        counts = self._store.counts()
        self._whole = not (counts["documents"] or counts["entries"] or counts["annotations"])
        """Whether nothing is there that an imported id could meet, so that nothing need be looked up."""
        self._fresh = self._whole
        self._coders = {coder.id: coder.name for coder in self._store.coders()}
        self._entries = {} if self._whole else {entry.id: entry for entry in self._store.entries()}
        self._position = self._store.last_position()
        self._merged = MergedCodebook(self._codebook)
        self._coder_ids: dict[str, str] = {}
        self._owns_ids = False
        self._conflicts: list[tuple[str, str]] = []
        self._reparented = False
        # What waits to be written. A document's links wait with all it holds, for they refer to each other.
        self._documents: dict[str, Document] = {}
        self._texts: dict[str, Document] = {}
        self._textless = Textless()
        self._annotations: list[Annotation] = []
        self._links: list[Link] = []

    # The file's items, in their order

    def begin(self, source: str) -> None:
        """A file begins."""
        # From the second file on there is something that ids can meet.
        self._whole = self._whole and not self.report.added
        self.source = source
        self._coder_ids = {}
        self._merged = MergedCodebook(self._codebook)
        self._owns_ids = False

    def header(self, header: Header) -> None:
        """What stands before the documents."""
        self._owns_ids = self._owns_ids or header.info is not None
        if self._fresh and header.info is not None:
            self._restore(header, header.info)
        else:
            self._merge_codebook(header.codebook)
            for coder in header.coders:
                self._merge_coder(coder)
        self._fresh = False
        self._add_entries(header.entries)

    def document(self, data: DocumentData) -> None:
        """A document with its annotations and links."""
        self._fresh = False
        data = self._translated(data)
        if data.length is not None:
            self._reattach(data)
            return
        if not self._owns_ids:
            self._refuse_twin(data.document)
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
        if len(self._documents) + len(self._annotations) + len(self._links) >= _FLUSH_AT:
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

    def remark(self, remark: Remark) -> None:
        """A line of the report."""
        self.report.remarks.append(remark)

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
                raise Conflict(f"{self.source} was not imported: {_lower(str(error))}") from None

    def flush(self) -> None:
        """Write what waits. Things of one kind go together: that is what makes a large import fast."""
        self._step.add([*self._documents.values(), *self._annotations, *self._links])
        self._documents, self._texts, self._annotations, self._links = {}, {}, [], []

    # The header

    def _restore(self, header: Header, info: ProjectInfo) -> None:
        """An empty project becomes the one in the file."""
        own = self._project.info
        info = ProjectInfo(info.id, info.name or own.name, info.created or own.created, info.guidelines)
        given, step = header.codebook, self._step
        codebook = given if given != Codebook() else self._codebook
        if info.id == own.id:
            step.replace(info)
        else:
            step.remove("project", [own.id])
            step.add(info)
            step.set_document_fields(self._codebook.document_fields)
        if codebook != self._codebook:
            step.remove("layer", [layer.id for layer in self._codebook.layers])
            step.remove("link_type", [link_type.id for link_type in self._codebook.link_types])
            step.remove("registry", [registry.id for registry in self._codebook.registries])
            step.add([*codebook.layers, *codebook.link_types, *codebook.registries])
            step.set_document_fields(codebook.document_fields)
            self._codebook = codebook
        step.set_codebook_version(codebook.version)
        self._merged = merge(codebook, codebook)
        wanted = {coder.id: coder.name for coder in header.coders}
        if wanted != self._coders:
            step.remove("coder", list(self._coders))
            step.add(header.coders)
            self._coders = wanted
        self._coder_ids = {id_: id_ for id_ in wanted}

    def _merge_codebook(self, theirs: Codebook) -> None:
        try:
            merged = merge(self._codebook, theirs)
        except Conflict as error:
            raise Conflict(f"{self.source} was not imported: {error}.") from None
        merged.ids = {**self._merged.ids, **merged.ids}
        self._merged = merged
        self._step.add(merged.added)
        self._step.replace(merged.changed)
        if merged.codebook.document_fields != self._codebook.document_fields:
            self._check_metadata_of_all(merged.codebook)
            self._step.set_document_fields(merged.codebook.document_fields)
        for note in merged.notes:
            self.remark(Remark("mended", "the codebook", note))
        for item in merged.added:
            self.report.added[type(item).__name__.lower().replace("linktype", "link type")] += 1
        self._codebook = merged.codebook

    def _check_metadata_of_all(self, codebook: Codebook) -> None:
        for row in self._store.document_rows():
            document = self._store.document(row.id)
            try:
                check_metadata(codebook.document_fields, document.metadata, f"document {shown(document.title)}")
            except InvalidValue as error:
                raise Conflict(f"{self.source} was not imported: {_lower(str(error))}") from None

    def _merge_coder(self, coder: Coder) -> None:
        known = next((id_ for id_, name in self._coders.items() if name == coder.name), None)
        if known is None:
            known = new_id() if coder.id in self._coders else coder.id
            self._add_coder(Coder(known, coder.name))
        self._coder_ids[coder.id] = known

    def _add_coder(self, coder: Coder) -> None:
        self._step.add(coder)
        self._coders[coder.id] = coder.name
        self.report.added["coder"] += 1

    def _importing_coder(self) -> str:
        """The id for annotations that the file gives to nobody: whoever imports."""
        if "" not in self._coder_ids:
            if self._coder not in self._coders.values():
                self._add_coder(Coder(new_id(), self._coder))
            self._coder_ids[""] = next(id_ for id_, name in self._coders.items() if name == self._coder)
        return self._coder_ids[""]

    def _add_entries(self, entries: Iterable[Entry]) -> None:
        added: list[Entry] = []
        replaced: list[Entry] = []
        for given in entries:
            entry = replace(given, registry_id=self._merged.id_of("registry", given.registry_id))
            known = self._entries.get(entry.id)
            if known is None:
                added.append(entry)
                self.report.added["entry"] += 1
            # `origin` tells only whether a tag made it.
            elif replace(known, origin="") == replace(entry, origin="") or same_name(known, entry):
                self.report.skipped["entry"] += 1
                continue
            elif self._theirs("entry", entry.id):
                replaced.append(entry)
                self._reparented = True
            else:
                continue
            self._entries[entry.id] = entry
        self._step.add(added)
        self._step.replace(replaced)

    # Documents

    def _translated(self, data: DocumentData) -> DocumentData:
        """With the project's ids for layers, link types and coders."""
        if not data.annotations and not data.links:
            return data
        try:
            return replace(
                data,
                annotations=tuple(self._translated_annotation(annotation) for annotation in data.annotations),
                links=tuple(self._translated_link(link) for link in data.links),
            )
        except KeyError as error:
            raise FileRefused(
                f"{self.source} was not read: it refers to the unknown id {shown(str(error.args[0]))}."
            ) from None

    def _translated_annotation(self, annotation: Annotation) -> Annotation:
        layer = self._merged.id_of("layer", annotation.layer_id)
        coder = self._coder_ids[annotation.coder_id] if annotation.coder_id else self._importing_coder()
        if layer == annotation.layer_id and coder == annotation.coder_id:
            return annotation
        # Much faster than `replace`, and most annotations of other formats come this way.
        return Annotation(
            annotation.id,
            annotation.document_id,
            layer,
            coder,
            annotation.fragments,
            annotation.entries,
            annotation.fields,
            annotation.note,
            annotation.origin,
            annotation.created,
            annotation.modified,
        )

    def _translated_link(self, link: Link) -> Link:
        type_ = self._merged.id_of("link_type", link.type_id)
        coder = self._coder_ids[link.coder_id] if link.coder_id else self._importing_coder()
        if type_ == link.type_id and coder == link.coder_id:
            return link
        return replace(link, type_id=type_, coder_id=coder)

    def _add_document(self, data: DocumentData) -> None:
        self._position += 1
        self._step.add_text(data.text)
        document = replace(data.document, position=self._position)
        self._documents[document.id] = document
        self._texts[document.sha256] = document
        self._textless.came.add(document.id)
        self.report.added["document"] += 1
        self._add_marks(data.annotations, data.links)

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

    def _refuse_twin(self, document: Document) -> None:
        """The text of a file that knows no ids must be new: only the text tells that it was imported before."""
        twin = self._texts.get(document.sha256) or self._store.document_with_text(document.sha256)
        if twin is not None and twin.id != document.id:
            self._note_copy(twin, document)
            raise TextKnown(
                f"{self.source} was not imported: the project has this text already, as {shown(twin.title)}.",
                (twin.id,),
                shown(twin.title),
            )

    def _note_copy(self, twin: Document, copy: Document) -> None:
        """A story that ran elsewhere too is coded once; where else it ran is kept with it, so that it can be counted."""
        told, own = (_ran(each) for each in (copy, twin))
        known = twin.metadata.get(ALSO_RAN, [])
        if not told or told == own or not isinstance(known, list) or told in known:
            return
        if any(field.name == ALSO_RAN for field in self._codebook.document_fields):
            return
        noted = replace(twin, metadata={**twin.metadata, ALSO_RAN: [*known, told]})
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
                raise Conflict(f"{self.source} was not imported: {_lower(str(error))}") from None

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
            if self._on_conflict == "mine":
                self.report.kept["document"] += 1
                return
            # Other text under annotations would put them in wrong places, whoever wins.
            self._conflicts.append(("document", known.id))
            return
        given = replace(data.document, position=known.position, created=known.created)
        if given == known:
            self.report.skipped["document"] += 1
        elif self._theirs("document", known.id):
            self._step.replace(given)
        self.flush()
        ours = {annotation.id: annotation for annotation in self._store.annotations(known.id)}
        our_links = {link.id: link for link in self._store.links(known.id)}
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
            # Replaced ones may refer to new ones, so those are written first.
            self.flush()
            self._step.replace(replaced)

    def _settle(self, kind: str, mark: _Mark, ours: dict[str, _Mark], replaced: list[Annotation | Link]) -> bool:
        """Whether this is new. `ours` is brought to what the document will hold."""
        known = ours.get(mark.id)
        if known is None:
            ours[mark.id] = mark
            return True
        if _content(known) == _content(mark):
            self.report.skipped[kind] += 1
        elif self._theirs(kind, mark.id):
            replaced.append(mark)
            ours[mark.id] = mark
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
            raise Conflict(f"{self.source} was not imported: {_lower(str(error))}") from None

    def _theirs(self, kind: str, id_: str) -> bool:
        """Whether the file's content goes before the project's."""
        if self._on_conflict == "theirs":
            self.report.replaced[kind] += 1
            return True
        if self._on_conflict == "mine":
            self.report.kept[kind] += 1
        else:
            self._conflicts.append((kind, id_))
        return False


def _mark_ids(data: DocumentData) -> list[str]:
    return [annotation.id for annotation in data.annotations] + [link.id for link in data.links]


def _content(mark: _Mark) -> _Mark:
    """Without the times, which tell nothing of what it says."""
    if isinstance(mark, Link):
        roles = {role: members for role, members in mark.roles.items() if members}
        return replace(mark, roles=roles, created="", modified="")
    return replace(mark, created="", modified="")


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
