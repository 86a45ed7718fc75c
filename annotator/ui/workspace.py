"""What is open now: the project, the document, the active annotation. The one object that all panels share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from annotator.domain.annotated import Annotated, numbers_of
from annotator.domain.attribution import Card
from annotator.domain.changes import ChangeSet
from annotator.domain.codebook import Codebook, Layer
from annotator.domain.errors import AnnotatorError, NotFound, NotSaved
from annotator.domain.model import Annotation, Document, Link, Stretch, covered
from annotator.ui.reading import Reading

if TYPE_CHECKING:
    from annotator.services.project import Project

MANY = 4000
"""Annotations of an article; where there are more, they are read beside the window."""
_NEAR = 12_000
"""Characters around the caret whose annotations are read at once also then: more than a screen."""


class Workspace(QObject):
    """Holds what is open and tells when it changes. Panels read its attributes and call the project's services."""

    project_opened = Signal()
    project_closed = Signal()
    changed = Signal(object)
    """A ChangeSet, after every step, undo and redo."""
    document_opened = Signal(str)
    """The id of the document that is shown now; "" for none."""
    document_changed = Signal()
    """Annotations, links, entries or codebook of the open document changed: read the attributes again."""
    stretches_read = Signal()
    """Of an article with very many annotations all `stretches` are known now, not only those near the caret."""
    document_read = Signal()
    """Of such an article everything is known now."""
    active_changed = Signal()
    hint = Signal(str)
    not_saved = Signal(object)
    """The NotSaved of a step that the disk or another program refused: there are ways on."""
    reveal = Signal(str)
    """An annotation that the reader should scroll to."""
    article_wanted = Signal()
    """Somebody opened a document: it should be in sight, also where it was open already."""
    focus_reader = Signal()
    """The keys should go to the article's text."""
    focus_middle = Signal()
    """The keys should go back to what is shown: the article, or the page that has its place."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project: Project | None = None
        self._unsubscribe: Callable[[], None] = _nothing
        self.document: Document | None = None
        self.text = ""
        self.stretches: Sequence[Stretch] = ()
        """What was tagged when the document opened: all that its first painting needs."""
        self._annotated = Annotated(Codebook())
        self._unread = False
        self._early_numbers: dict[str, str] | None = None
        self._reading = Reading(self)
        self._reading.stretches.connect(self._stretches_read)
        self._reading.annotated.connect(self._all_read)
        self._reading.failed.connect(self._reading_failed)
        self.loading = False
        """Whether annotations of the open article are still being read."""
        self.active_id: str | None = None
        self.caret_wanted: int | None = None
        """Where the reader should put its caret when the document opens, in code points."""
        self.last_change: ChangeSet | None = None

    # The project

    def set_project(self, project: Project) -> None:
        """Show this project; the one before must be closed."""
        self.project = project
        self._unsubscribe = project.subscribe(self._follow)
        self.project_opened.emit()

    def close_project(self) -> None:
        """Leave the project, if one is open."""
        project, self.project = self.project, None
        if project is None:
            return
        self._unsubscribe()
        self._forget_document()
        self.document_opened.emit("")
        self.project_closed.emit()
        project.close()

    @property
    def read_only(self) -> bool:
        """Whether nothing may be changed now."""
        return self.project is None or self.project.read_only

    # The document

    def open_document(self, id_: str, caret: int | None = None) -> None:
        """Show a document. With `caret` (code points) the reader puts its caret there."""
        assert self.project is not None
        self.article_wanted.emit()
        if self.document is not None and self.document.id == id_:
            if caret is not None:
                self.caret_wanted = caret
                self.document_opened.emit(id_)
            return
        with self.guard():
            documents = self.project.documents
            document, text = documents.get(id_), documents.text(id_)
            count = documents.annotation_counts([id_]).get(id_, 0)
            self._forget_document()
            self.document, self.text, self.caret_wanted = document, text, caret
            if count > MANY:
                self.loading = True
                self.stretches = documents.stretches(id_, max(0, (caret or 0) - _NEAR), (caret or 0) + _NEAR)
                self._annotated = Annotated(self.project.codebook)
                self._reading.start(self.project, id_, len(text), count)
            else:
                self.stretches = documents.stretches(id_)
                self._unread = True
            self.document_opened.emit(id_)
            self.active_changed.emit()

    def close_document(self) -> None:
        """Show no document."""
        self._forget_document()
        self.document_opened.emit("")
        self.active_changed.emit()

    def _forget_document(self) -> None:
        self._reading.stop()
        self.document, self.text = None, ""
        self.stretches, self._unread, self.loading = (), False, False
        self._early_numbers = None
        self._annotated = Annotated(Codebook())
        self.active_id = self.caret_wanted = self.last_change = None

    @property
    def annotated(self) -> Annotated:
        """What is known of the document's annotations and links: all of it, but for what is `loading`."""
        if self._unread:
            self._read_document()
        return self._annotated

    @property
    def annotations(self) -> Mapping[str, Annotation]:
        """The annotations of the document, by id: all of them, if need be by waiting."""
        return self._whole().annotations

    @property
    def links(self) -> Mapping[str, Link]:
        """Its links, by id."""
        return self._whole().links

    @property
    def cards(self) -> list[Card]:
        """Its attributions, one card a claim, in the order of the text."""
        return self._whole().cards()

    def known(self, ids: Iterable[str]) -> list[str]:
        """Those of these ids that are annotations of the document. They are at hand then, also while others load."""
        wanted = list(ids)
        annotated = self.annotated
        missing = [id_ for id_ in wanted if id_ not in annotated.annotations] if self.loading else []
        if missing and self.project is not None:
            with self.guard():
                annotations, links = self.project.documents.around(missing)
                self._take(annotations, links)
        return [id_ for id_ in wanted if id_ in annotated.annotations]

    def _whole(self) -> Annotated:
        if self.loading:
            self._reading.stop()
            self._read_document()
        return self.annotated

    def _read_document(self) -> None:
        """Read all of it, when the first asks for more than the stretches: an article is painted before."""
        self._unread = self.loading = False
        if self.project is None or self.document is None:
            return
        with self.guard(), self.project.reading():
            documents, id_ = self.project.documents, self.document.id
            self._annotated = Annotated(self.project.codebook, documents.annotations(id_), documents.links(id_))

    def _stretches_read(self, found: list[Stretch]) -> None:
        self.stretches = found
        self.stretches_read.emit()

    def _all_read(self, annotated: Annotated) -> None:
        """All that was read beside the window takes the place of what was known; what changed meanwhile is read again."""
        changes = self._reading.take_changes()
        self._annotated, self.loading = annotated, False
        with self.guard():
            for change_set in changes:
                self._patch(change_set)
        if not self.loading:
            self.document_read.emit()

    def _reading_failed(self, error: Exception) -> None:
        self.loading, self._unread = False, True  # whoever asks next is told, and tries again
        if not isinstance(error, AnnotatorError):
            raise error
        self.hint.emit(str(error))

    def number_of_claim(self, id_: str) -> str | None:
        """The number of a claim; None where it is none, or not known to be one yet."""
        if self.loading or self.project is None:
            return None
        if not self._unread:
            return self._annotated.number(id_) if self._annotated.is_claim(id_) else None
        if self._early_numbers is None:  # the first painting must not wait for all that is known of the annotations
            self._early_numbers = numbers_of(self.project.codebook, self.stretches)
        return self._early_numbers.get(id_)

    def counts(self) -> Mapping[str, int]:
        """How many annotations each layer has."""
        if self.project is None or self.document is None:
            return {}
        if self.loading:
            with self.guard():
                return self.project.store.layer_counts(self.document.id)
        if self._unread:  # the first painting must not wait for all that is known of the annotations
            return Counter(stretch.layer_id for stretch in self.stretches)
        return self._annotated.counts()

    def claim_numbers(self) -> Mapping[str, str]:
        """The numbers of all claims, by id: each is counted when somebody asks for it."""
        return _Numbers(self)

    def numbered_claims(self) -> Iterator[tuple[str, Annotation]]:
        """All claims that are known, with their numbers, in the order of the text."""
        annotated = self.annotated
        numbers = self.claim_numbers()
        claims = [layer.id for layer in self.project.codebook.layers_in_role("claim")] if self.project else []
        for _, _, id_ in annotated.merged(claims):
            yield numbers.get(id_, ""), annotated.annotations[id_]

    # The active annotation

    def set_active(self, id_: str | None, reveal: bool = False) -> None:
        """Make an annotation of the open document the active one; None releases it."""
        if id_ is not None and not self.known([id_]):
            id_ = None
        if id_ != self.active_id:
            self.active_id = id_
            self.active_changed.emit()
        if reveal and id_ is not None:
            self.reveal.emit(id_)

    @property
    def active(self) -> Annotation | None:
        """The active annotation."""
        return self.annotated.annotations.get(self.active_id) if self.active_id else None

    @property
    def active_claim(self) -> Annotation | None:
        """The active annotation where it is a claim: sources and cues join its attribution."""
        active, card = self.active, self.active_card
        return active if active is not None and card is not None and card.claim.id == active.id else None

    @property
    def active_card(self) -> Card | None:
        """The card that the active annotation takes part in."""
        return self.annotated.card_of(self.active_id) if self.active_id else None

    # Words for panels

    def layer(self, annotation: Annotation) -> Layer:
        """The layer of an annotation."""
        assert self.project is not None
        return self.project.codebook.layers_by_id[annotation.layer_id]

    def number(self, annotation: Annotation) -> str:
        """What an annotation is called in its article: its layer's letter and its place, as C8. "" before that is known."""
        return "" if self.loading else self.annotated.number(annotation.id)

    def annotation_text(self, annotation: Annotation) -> str:
        """The words that are tagged, on one line."""
        return " ".join(covered(self.text, annotation.fragments).split())

    def entry_name(self, id_: str) -> str:
        """The name of an entry; "" where it is gone."""
        known = self.project.entries.get_many([id_]) if self.project else {}
        return known[id_].name if id_ in known else ""

    # Errors

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Around everything that a key or a click asks of the services: what a user can cause becomes a hint."""
        try:
            yield
        except NotSaved as error:
            self.not_saved.emit(error)
        except AnnotatorError as error:
            self.hint.emit(str(error))

    # Changes

    def _follow(self, change_set: ChangeSet) -> None:
        self.last_change = change_set
        if self.document is not None:
            self._follow_document(change_set)
        self.changed.emit(change_set)

    def _follow_document(self, change_set: ChangeSet) -> None:
        assert self.project is not None
        assert self.document is not None
        if self.document.id in change_set.touched("document"):
            try:
                self.document = self.project.documents.get(self.document.id)
            except NotFound:
                self.close_document()
                return
        elif not (
            self.document.id in change_set.documents or change_set.touched("entry") or change_set.touches_codebook()
        ):
            return
        if self._unread:
            self._read_document()
        else:
            if self.loading:
                self._reading.follow(change_set)
            if change_set.touches_codebook():
                self._read_anew()  # perhaps other annotations too
            elif self.document.id in change_set.documents:
                self._patch(change_set)
        released = self.active_id is not None and self.active_id not in self.annotated.annotations
        if released:
            self.active_id = None
        self.document_changed.emit()
        if released:
            self.active_changed.emit()

    def _read_anew(self) -> None:
        """All of it, when somebody asks or beside the window."""
        assert self.project is not None
        assert self.document is not None
        counts = self.project.documents.annotation_counts([self.document.id])
        if (count := counts.get(self.document.id, 0)) <= MANY:
            self._reading.stop()
            self._unread, self.loading = True, False
            return
        self.loading = True
        self._annotated = Annotated(self.project.codebook)
        if self.active_id is not None:
            self.known([self.active_id])
        self._reading.start(self.project, self.document.id, len(self.text), count)

    def _patch(self, change_set: ChangeSet) -> None:
        """Read again only what the change names."""
        assert self.project is not None
        documents = self.project.documents
        annotations, links = change_set.touched("annotation"), change_set.touched("link")
        if len(annotations) + len(links) > MANY:
            self._read_anew()
            return
        found, held = documents.annotations_by_id(annotations), documents.links_by_id(links)
        for id_ in links - {link.id for link in held}:
            self._annotated.drop_link(id_)
        for id_ in annotations - {annotation.id for annotation in found}:
            self._annotated.drop(id_)
        self._take(found, held)

    def _take(self, annotations: Iterable[Annotation], links: Iterable[Link]) -> None:
        assert self.document is not None
        for annotation in annotations:
            if annotation.document_id == self.document.id:
                self._annotated.put(annotation)
        for link in links:
            if link.document_id == self.document.id:
                self._annotated.put_link(link)


class _Numbers(Mapping[str, str]):
    """The numbers of a document's claims, without counting them all."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def __getitem__(self, id_: str) -> str:
        number = self._workspace.number_of_claim(id_)
        if number is None:
            raise KeyError(id_)
        return number

    def __iter__(self) -> Iterator[str]:
        return (card.claim.id for card in self._workspace.cards)

    def __len__(self) -> int:
        return len(self._workspace.cards)


def _nothing() -> None:
    pass
