"""Proposals for annotations. They never become data by themselves: a person accepts or dismisses each.

Suggesters register under the entry point `annotator.suggesters`: a callable that gets a `Context` and yields suggestions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from annotator.domain.codebook import Codebook
from annotator.domain.model import Annotation, Dismissal, Entry, Fragment, Suggestion

if TYPE_CHECKING:
    from annotator.services.project import Project

_WORD = re.compile(r"\w+")
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Context:
    """What a suggester may look at."""

    document_id: str
    text: str
    codebook: Codebook
    annotations: tuple[Annotation, ...]
    entries: tuple[Entry, ...]


class Taken:
    """Stretches of a text that are spoken for, as the set of the places in them."""

    def __init__(self) -> None:
        self._places: set[int] = set()

    def add(self, fragment: Fragment) -> None:
        """Take a stretch."""
        self._places.update(range(fragment.start, fragment.end))

    def meets(self, fragment: Fragment) -> bool:
        """Whether any of a stretch is taken."""
        return not self._places.isdisjoint(range(fragment.start, fragment.end))


Suggester = Callable[[Context], Iterable[Suggestion]]


class Suggesting:
    """Suggestions for the documents of one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._suggesters: list[Suggester] | None = None
        self.broken: list[str] = []
        """Suggesters that could not be loaded or failed, with the reason."""

    def suggest(self, document_id: str, annotations: tuple[Annotation, ...] | None = None) -> list[Suggestion]:
        """What all suggesters propose for a document, in the order of the text, without what is tagged or dismissed.

        `annotations` are the document's, where the caller has them at hand.
        """
        documents = self._project.documents
        if annotations is None:
            annotations = tuple(documents.annotations(document_id))
        context = Context(
            document_id,
            documents.text(document_id),
            self._project.codebook,
            annotations,
            tuple(self._project.entries.all()),
        )
        dismissed = self._project.store.dismissals(document_id)
        taken: dict[str, Taken] = {}
        for annotation in annotations:
            for fragment in annotation.fragments:
                taken.setdefault(annotation.layer_id, Taken()).add(fragment)
        found: list[Suggestion] = []
        for suggester in self._loaded():
            try:
                proposed = list(suggester(context))
            except Exception as error:  # somebody else's code must not take the window down
                self.broken.append(f"{getattr(suggester, '__name__', suggester)}: {error}")
                continue
            for suggestion in proposed:
                held = taken.setdefault(suggestion.layer_id, Taken())
                gone = Dismissal(document_id, suggestion.layer_id, *suggestion.fragment) in dismissed
                if not gone and not held.meets(suggestion.fragment):
                    held.add(suggestion.fragment)
                    found.append(suggestion)
        return sorted(found, key=lambda suggestion: suggestion.fragment)

    def accept(self, suggestion: Suggestion) -> Annotation:
        """Make a suggestion an annotation; it keeps its origin."""
        return self._project.tagging.tag(
            suggestion.document_id,
            suggestion.layer_id,
            [suggestion.fragment],
            entries=suggestion.entries or None,
            origin=suggestion.origin,
        )

    def dismiss(self, suggestion: Suggestion) -> None:
        """Do not propose this stretch in this layer again."""
        self._project.documents.get(suggestion.document_id)
        gone = Dismissal(suggestion.document_id, suggestion.layer_id, *suggestion.fragment)
        if gone in self._project.store.dismissals(suggestion.document_id):
            return
        with self._project.step("Dismiss suggestion") as step:
            step.add(gone)

    def _loaded(self) -> list[Suggester]:
        if self._suggesters is None:
            self._suggesters = []
            for point in entry_points(group="annotator.suggesters"):
                try:
                    self._suggesters.append(point.load())
                except Exception as error:  # a broken plugin is reported and skipped
                    self.broken.append(f"{point.name}: {error}")
        return self._suggesters


def known_names(context: Context) -> Iterator[Suggestion]:
    """Names and aliases of the registry that stand in the text untagged, the longest first at each place.

    The first layer of each registry that is not a claim layer gets the proposals. Entries that a tag made count too, so
    that the second mention of a name is proposed.
    """
    claims = {layer.id for layer in context.codebook.layers_in_role("claim")}
    layers: dict[str, str] = {}
    for layer in context.codebook.layers:
        registry = context.codebook.registry_of(layer)
        if registry is not None and layer.id not in claims:
            layers.setdefault(registry.id, layer.id)
    by_first: dict[str, list[tuple[str, Entry]]] = {}
    for entry in context.entries:
        if entry.registry_id in layers:
            for name in (entry.name, *entry.aliases):
                first = _WORD.search(name)
                if first and first.start() == 0 and len(name) >= _SHORTEST and not name.islower():
                    by_first.setdefault(first.group(), []).append((name, entry))
    for names in by_first.values():
        names.sort(key=lambda pair: -len(pair[0]))
    free_from = 0
    for word in _WORD.finditer(context.text):
        if word.start() < free_from:
            continue
        for name, entry in by_first.get(word.group(), ()):
            end = word.start() + len(name)
            if context.text.startswith(name, word.start()) and not context.text[end : end + 1].isalnum():
                free_from = end
                fragment = Fragment(word.start(), end)
                yield Suggestion(context.document_id, layers[entry.registry_id], fragment, (entry.id,), "known name")
                break
