"""What is open now: the project, the document, the active annotation. The one object that all panels share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from annotator.domain.attribution import Card, card_of, cards, place
from annotator.domain.changes import ChangeSet
from annotator.domain.codebook import Layer
from annotator.domain.errors import AnnotatorError, NotFound, NotSaved
from annotator.domain.model import Annotation, Document, Link, Stretch, covered

if TYPE_CHECKING:
    from annotator.services.project import Project


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
        self._annotations: dict[str, Annotation] = {}
        self._links: dict[str, Link] = {}
        self._cards: list[Card] = []
        self._unread = False
        self.active_id: str | None = None
        self.caret_wanted: int | None = None
        """Where the reader should put its caret when the document opens, in code points."""
        self.last_change: ChangeSet | None = None
        self._in_cards: set[str] | None = None
        self._numbers: dict[str, dict[str, str]] = {}  # by layer
        self._card: Card | None = None
        self._card_of: str | None = None

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
            document = self.project.documents.get(id_)
            self.text = self.project.documents.text(id_)
            self.document = document
            self.active_id = None
            self.caret_wanted = caret
            self.stretches = self.project.documents.stretches(id_)
            self._annotations, self._links, self._cards, self._numbers = {}, {}, [], {}
            self._card = self._card_of = None
            self._unread = True
            self.document_opened.emit(id_)
            self.active_changed.emit()

    def close_document(self) -> None:
        """Show no document."""
        self._forget_document()
        self.document_opened.emit("")
        self.active_changed.emit()

    def _forget_document(self) -> None:
        self.document, self.text = None, ""
        self.stretches, self._unread = (), False
        self._annotations, self._links, self._cards = {}, {}, []
        self._card = self._card_of = None
        self.active_id = self.caret_wanted = self.last_change = None
        self._numbers = {}

    @property
    def annotations(self) -> dict[str, Annotation]:
        """The annotations of the document, by id."""
        self._read_document()
        return self._annotations

    @property
    def links(self) -> dict[str, Link]:
        """Its links, by id."""
        self._read_document()
        return self._links

    @property
    def cards(self) -> list[Card]:
        """Its attributions, one card a claim, in the order of the text."""
        self._read_document()
        return self._cards

    def _read_document(self) -> None:
        """Read all of it, when the first asks for more than the stretches: a long article is painted before."""
        if not self._unread or self.project is None or self.document is None:
            return
        self._unread = False
        with self.guard():
            with self.project.reading():
                self._annotations = {a.id: a for a in self.project.documents.annotations(self.document.id)}
                self._links = {link.id: link for link in self.project.documents.links(self.document.id)}
            self._derive()

    def _derive(self) -> None:
        """Cards from the annotations and links; numbers when somebody asks."""
        assert self.project is not None
        self._cards = cards(self.project.codebook, self._annotations.values(), self._links.values())
        self._card = self._card_of = None
        self._in_cards = None
        self._numbers = {}

    def _bears_on_cards(self, change_set: ChangeSet) -> bool:
        """Whether cards are to be made anew: not where something was tagged that is no claim and in no attribution."""
        assert self.project is not None
        if change_set.touches_codebook() or change_set.touched("link"):
            return True
        if self._in_cards is None:
            self._in_cards = {member.id for card in self._cards for member in card.members()}
        claims = {layer.id for layer in self.project.codebook.layers_in_role("claim")}
        return any(
            id_ in self._in_cards or (id_ in self._annotations and self._annotations[id_].layer_id in claims)
            for id_ in change_set.touched("annotation")
        )

    def _numbered(self, marks: Iterable[tuple[str, str]]) -> dict[str, str]:
        """The numbers of annotations, given by id and layer in the order of the text."""
        assert self.project is not None
        letters = {layer.id: (layer.shortcut or layer.name[:1]).upper() for layer in self.project.codebook.layers}
        counts: dict[str, int] = {}
        numbers: dict[str, str] = {}
        for id_, layer_id in marks:
            count = counts[layer_id] = counts.get(layer_id, 0) + 1
            numbers[id_] = f"{letters.get(layer_id, '?')}{count}"
        return numbers

    def claim_numbers(self) -> dict[str, str]:
        """The numbers of all claims, by id."""
        if self.project is None:
            return {}
        if not self._unread:
            return self._numbered((card.claim.id, card.claim.layer_id) for card in self._cards)
        layers = {layer.id for layer in self.project.codebook.layers_in_role("claim")}
        claims = sorted((s for s in self.stretches if s.layer_id in layers), key=_place)
        return self._numbered((claim.id, claim.layer_id) for claim in claims)

    # The active annotation

    def set_active(self, id_: str | None, reveal: bool = False) -> None:
        """Make an annotation of the open document the active one; None releases it."""
        if id_ is not None and id_ not in self.annotations:
            id_ = None
        if id_ != self.active_id:
            self.active_id = id_
            self.active_changed.emit()
        if reveal and id_ is not None:
            self.reveal.emit(id_)

    @property
    def active(self) -> Annotation | None:
        """The active annotation."""
        return self.annotations.get(self.active_id) if self.active_id else None

    @property
    def active_claim(self) -> Annotation | None:
        """The active annotation where it is a claim: sources and cues join its attribution."""
        active, card = self.active, self.active_card
        return active if active is not None and card is not None and card.claim.id == active.id else None

    @property
    def active_card(self) -> Card | None:
        """The card that the active annotation takes part in."""
        if self._card_of != self.active_id:
            self._card = card_of(self.cards, self.active_id) if self.active_id else None
            self._card_of = self.active_id
        return self._card

    # Words for panels

    def layer(self, annotation: Annotation) -> Layer:
        """The layer of an annotation."""
        assert self.project is not None
        return self.project.codebook.layers_by_id[annotation.layer_id]

    def number(self, annotation: Annotation) -> str:
        """What an annotation is called in its article: its layer's letter and its place, as C8."""
        layer_id = annotation.layer_id
        if layer_id not in self._numbers and self.project is not None:
            ordered = sorted((a for a in self.annotations.values() if a.layer_id == layer_id), key=place)
            self._numbers[layer_id] = self._numbered((a.id, layer_id) for a in ordered)
        return self._numbers.get(layer_id, {}).get(annotation.id, "")

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
        if not self._unread:
            if self.document.id in change_set.documents:
                self._patch(change_set)
            if self._bears_on_cards(change_set):
                self._derive()
            self._numbers = {}
        released = self.active_id is not None and self.active_id not in self.annotations
        if released:
            self.active_id = None
        self.document_changed.emit()
        if released:
            self.active_changed.emit()

    def _patch(self, change_set: ChangeSet) -> None:
        """Read again only what the change names."""
        assert self.project is not None
        assert self.document is not None
        for id_ in change_set.touched("annotation"):
            self._annotations.pop(id_, None)
        for annotation in self.project.documents.annotations_by_id(change_set.touched("annotation")):
            if annotation.document_id == self.document.id:
                self._annotations[annotation.id] = annotation
        for id_ in change_set.touched("link"):
            self._links.pop(id_, None)
        for link in self.project.documents.links_by_id(change_set.touched("link")):
            if link.document_id == self.document.id:
                self._links[link.id] = link


def _place(stretch: Stretch) -> tuple[int, int, str]:
    return stretch.place


def _nothing() -> None:
    pass
