"""What a search can be narrowed by, in plain words; each choice becomes a filter in the line."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from annotator.domain.model import STATUSES
from annotator.domain.query import Filter
from annotator.ui.search.choosing import AskLine, ChooseEntry
from annotator.ui.widgets.segmented import label_of

if TYPE_CHECKING:
    from annotator.domain.codebook import Codebook, Field
    from annotator.services.project import Project
    from annotator.ui.workspace import Workspace

_METADATA = ("outlet", "author", "language", "url")


class Narrowing(QObject):
    """The menu of filters."""

    picked = Signal(str, object)
    """What is looked for ("" for no change), and a filter."""

    def __init__(self, workspace: Workspace, page: QWidget) -> None:
        super().__init__(page)
        self._workspace = workspace
        self._page = page

    def questions(self) -> list[tuple[str, Callable[[], object]]]:
        """The ready questions that this codebook can answer, as text and what asks it."""
        project = self._workspace.project
        if project is None:
            return []
        book = project.codebook
        found: list[tuple[str, Callable[[], object]]] = []
        attribution = book.attribution
        claims = book.layers_in_role("claim")
        if attribution is not None and claims:
            claim = claims[0].name
            found += [
                (self.tr("Claims by…"), lambda: self._entry("by", self.tr("Who says it?"), claim)),
                (self.tr("Claims passed on by…"), lambda: self._entry("through", self.tr("Who passes it on?"), claim)),
            ]
            if book.about is not None:
                found.append(
                    (self.tr("Claims about…"), lambda: self._entry("about", self.tr("Whom is it about?"), claim))
                )
            for layer in book.layers_in_role("source"):
                field = next((f for f in layer.fields if "anonymous" in f.choices), None)
                if field is not None:
                    name, key = layer.name, field.name
                    found.append((self.tr("Sources that are anonymous"), partial(self._pick, key, "anonymous", name)))
                    break
            if attribution.role("source") is not None:
                type_name = attribution.name
                found += [
                    (self.tr("Attributions without a source"), lambda: self._pick("without", "source", type_name)),
                    (self.tr("Claims without a source"), lambda: self._pick("without", "source", claim)),
                ]
        return found

    def fill(self, menu: QMenu) -> None:
        """All that there is now."""
        menu.clear()
        project = self._workspace.project
        if project is None:
            return
        for text, ask in self.questions():
            self._add(menu, text, ask)
        menu.addSeparator()
        self._articles(menu, project)
        menu.addSeparator()
        self._annotations(menu, project)

    def _articles(self, menu: QMenu, project: Project) -> None:
        status = menu.addMenu(self.tr("Status"))
        labels = {"new": self.tr("New"), "in progress": self.tr("In progress"), "done": self.tr("Done")}
        for value in STATUSES:
            self._add(status, labels.get(value, value), partial(self._pick, "status", value.replace(" ", "-")))
        date = self.tr("As 2026, 2026-01 or 2026-01-31")
        self._add(menu, self.tr("From a date…"), lambda: self._line("from", self.tr("From"), date))
        self._add(menu, self.tr("Up to a date…"), lambda: self._line("to", self.tr("Up to"), date))
        self._add(menu, self.tr("Words in the title…"), lambda: self._line("title", self.tr("Title has"), ""))
        metadata = menu.addMenu(self.tr("Metadata"))
        for key in dict.fromkeys((*project.store.metadata_keys(), *_METADATA)):
            if key != "date":
                self._add(metadata, f"{label_of(key)}…", partial(self._line, _key_for(project.codebook, key), key, ""))

    def _annotations(self, menu: QMenu, project: Project) -> None:
        layers = menu.addMenu(self.tr("Layer"))
        fields = menu.addMenu(self.tr("Field"))
        for layer in project.codebook.layers:
            self._add(layers, layer.name, partial(self._pick, "layer", layer.name))
            if layer.fields:
                inner = fields.addMenu(layer.name)
                for field in layer.fields:
                    self._values(inner, field, layer.name)
        fields.setEnabled(bool(fields.actions()))
        self._add(menu, self.tr("Entry…"), lambda: self._entry("entry", self.tr("Which entry?"), ""))
        coders = menu.addMenu(self.tr("Coder"))
        names = [coder.name for coder in project.store.coders()]
        for name in names:
            self._add(coders, name, partial(self._pick, "coder", name))
        coders.setEnabled(bool(names))
        self._add(menu, self.tr("With a note"), lambda: self._pick("with", "note"))
        self._add(menu, self.tr("Without an entry"), lambda: self._pick("without", "entry"))

    def _values(self, menu: QMenu, field: Field, layer: str) -> None:
        inner = menu.addMenu(label_of(field.name))
        values = field.choices or (("yes", "no") if field.type == "boolean" else ())
        for value in values:
            self._add(inner, label_of(value), partial(self._pick, field.name, value, layer))
        if not values:
            self._add(inner, self.tr("Value…"), lambda: self._line(field.name, label_of(field.name), "", layer))
        inner.addSeparator()
        self._add(inner, self.tr("Not set"), lambda: self._pick("without", field.name, layer))

    def _add(self, menu: QMenu, text: str, ask: Callable[[], object]) -> None:
        menu.addAction(text.replace("&", "&&")).triggered.connect(lambda _checked=False: ask())

    def _pick(self, key: str, value: str, thing: str = "") -> None:
        self.picked.emit(thing.casefold(), Filter(key, value))

    def _line(self, key: str, label: str, hint: str, thing: str = "") -> None:
        title = self.tr("Narrow the search")
        AskLine(title, label, lambda text: self._pick(key, text, thing), self._page.window(), hint=hint).open()

    def _entry(self, key: str, title: str, thing: str) -> None:
        project = self._workspace.project
        if project is None:
            return
        book = project.codebook
        people = [r.id for layer in book.layers_in_role("source") if (r := book.registry_of(layer)) is not None]
        dialog = ChooseEntry(self._workspace, title, self._page.window(), registries=people if key != "entry" else ())
        dialog.chosen.connect(lambda entry: self._pick(key, entry.name, thing))
        dialog.open()


def _key_for(book: Codebook, key: str) -> str:
    """A metadata key as a filter; one that is also the name of a field says that it is none."""
    fields = {field.name.casefold() for layer in book.layers for field in layer.fields}
    return f"meta.{key}" if key.casefold() in fields else key
