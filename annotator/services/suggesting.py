"""Proposals for annotations. They never become data by themselves: a person accepts or dismisses each.

Suggesters register under the entry point `annotator.suggesters`: a callable that gets a `Context` and yields suggestions.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from annotator.domain.changes import ChangeSet
from annotator.domain.codebook import Codebook
from annotator.domain.model import Annotation, Dismissal, Entry, Fragment, Suggestion, UnwantedName
from annotator.services.known_names import NameIndex, key_of

if TYPE_CHECKING:
    from annotator.services.project import Project


@dataclass(frozen=True, slots=True)
class Context:
    """What a suggester may look at."""

    document_id: str
    text: str
    codebook: Codebook
    annotations: tuple[Annotation, ...]
    entries: tuple[Entry, ...]
    names: NameIndex | None = None
    """The names of the entries, in order for searching."""
    unwanted: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    """Entries with the keys of their names (`known_names.key_of`) that are never to be proposed."""


class Taken:
    """Stretches of a text that are spoken for, joined where they touch and in order: however long the text is."""

    def __init__(self, fragments: Iterable[Fragment] = ()) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for fragment in sorted(fragments):
            self.add(fragment)

    def add(self, fragment: Fragment) -> None:
        """Take a stretch."""
        start, end = fragment
        first, last = bisect_left(self._ends, start), bisect_right(self._starts, end)
        if first < last:
            start, end = min(start, self._starts[first]), max(end, self._ends[last - 1])
        self._starts[first:last], self._ends[first:last] = [start], [end]

    def meets(self, fragment: Fragment) -> bool:
        """Whether any of a stretch is taken."""
        near = bisect_right(self._ends, fragment.start)
        return near < len(self._starts) and self._starts[near] < fragment.end


Suggester = Callable[[Context], Iterable[Suggestion]]


class Look:
    """One look at a document: all that it needs was read before, so that it may run in any thread."""

    def __init__(self, context: Context, suggesters: list[Suggester], dismissed: set[Dismissal]) -> None:
        self._context = context
        self._suggesters = suggesters
        self._dismissed = dismissed
        self.broken: list[str] = []
        """Suggesters that failed, with the reason."""

    def run(self) -> list[Suggestion]:
        """What is proposed, in the order of the text, without what is tagged or dismissed."""
        context = self._context
        tagged: dict[str, list[Fragment]] = {}
        mentions: dict[str, list[Fragment]] = {}
        for annotation in context.annotations:
            tagged.setdefault(annotation.layer_id, []).extend(annotation.fragments)
            for entry_id in annotation.entries:
                mentions.setdefault(entry_id, []).extend(annotation.fragments)
        taken = {layer_id: Taken(fragments) for layer_id, fragments in tagged.items()}
        mentioned = {entry_id: Taken(fragments) for entry_id, fragments in mentions.items()}
        found: list[Suggestion] = []
        for suggester in self._suggesters:
            try:
                proposed = list(suggester(context))
            except Exception as error:  # somebody else's code must not take the window down
                self.broken.append(f"{getattr(suggester, '__name__', suggester)}: {error}")
                continue
            for suggestion in proposed:
                held = taken.setdefault(suggestion.layer_id, Taken())
                gone = Dismissal(context.document_id, suggestion.layer_id, *suggestion.fragment) in self._dismissed
                if gone or held.meets(suggestion.fragment):
                    continue
                if any(mentioned[e].meets(suggestion.fragment) for e in suggestion.entries if e in mentioned):
                    continue  # the source “Reuters” is a mention of Reuters: the actor need not be tagged there too
                held.add(suggestion.fragment)
                found.append(suggestion)
        return sorted(found, key=lambda suggestion: suggestion.fragment)


class Suggesting:
    """Suggestions for the documents of one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._suggesters: list[Suggester] | None = None
        self._names: NameIndex | None = None
        self.broken: list[str] = []
        """Suggesters that could not be loaded or failed, with the reason."""

    @property
    def ready(self) -> bool:
        """Whether the names are in order, so that a look takes no longer than the text asks for."""
        return self._names is not None and self._names.ready

    def prepare(self, document_id: str, annotations: tuple[Annotation, ...] | None = None) -> Look:
        """Read what a look at a document needs. `annotations` are the document's, where the caller has them at hand."""
        project = self._project
        if annotations is None:
            annotations = tuple(project.documents.annotations(document_id))
        suggesters = self._loaded()
        if self._names is None:
            self._names = NameIndex(project.entries.all())
        # Of thousands of entries only what others wrote gets a copy.
        others = any(suggester is not known_names for suggester in suggesters)
        context = Context(
            document_id,
            project.documents.text(document_id),
            project.codebook,
            annotations,
            tuple(project.entries.all()) if others else (),
            self._names,
            frozenset(project.store.unwanted_names()),
        )
        return Look(context, suggesters, project.store.dismissals(document_id))

    def suggest(self, document_id: str, annotations: tuple[Annotation, ...] | None = None) -> list[Suggestion]:
        """What all suggesters propose for a document, in the order of the text, without what is tagged or dismissed."""
        look = self.prepare(document_id, annotations)
        found = look.run()
        self.broken += look.broken
        return found

    def follow(self, change_set: ChangeSet) -> None:
        """Take over what a step changed."""
        touched = change_set.touched("entry")
        if self._names is not None and touched:
            known = self._project.entries.get_many(touched)
            self._names.follow({id_: known.get(id_) for id_ in touched})

    def accept(self, suggestion: Suggestion) -> Annotation:
        """Make a suggestion an annotation; it keeps its origin."""
        return self._project.tagging.tag(
            suggestion.document_id,
            suggestion.layer_id,
            [suggestion.fragment],
            entries=suggestion.entries or None,
            origin=suggestion.origin,
        )

    def accept_all(self, suggestions: Iterable[Suggestion]) -> list[Annotation]:
        """Make suggestions annotations, in one step; those that are tagged by now are left out."""
        project = self._project
        wanted = [s for s in suggestions if not self._is_tagged(s)]
        if not wanted:
            return []
        project.before_bulk(len(wanted))
        with project.step("Accept {what}", f"{len(wanted)} suggestions") as step:
            made = [
                project.tagging.made(step, s.document_id, s.layer_id, s.fragment, s.entries, s.origin) for s in wanted
            ]
            project.tagging.add(step, made)
        return made

    def _is_tagged(self, suggestion: Suggestion) -> bool:
        store = self._project.store
        ids = store.annotations_at(suggestion.document_id, suggestion.layer_id, [suggestion.fragment])
        mine = self._project.known_coder_id()
        known = store.annotations_by_id(ids)
        return any(a.coder_id == mine and a.fragments == (suggestion.fragment,) for a in known)

    def dismiss(self, suggestion: Suggestion) -> None:
        """Do not propose this stretch in this layer again."""
        self._project.documents.get(suggestion.document_id)
        gone = Dismissal(suggestion.document_id, suggestion.layer_id, *suggestion.fragment)
        if gone in self._project.store.dismissals(suggestion.document_id):
            return
        with self._project.step("Dismiss suggestion") as step:
            step.add(gone)

    def never(self, suggestion: Suggestion) -> str:
        """Do not propose these words for this entry again, in any document. The words are returned."""
        text = self._project.documents.text(suggestion.document_id)
        words = " ".join(text[slice(*suggestion.fragment)].split())
        known = self._project.store.unwanted_names()
        entries = self._project.entries.get_many(suggestion.entries)
        new = [UnwantedName(id_, key_of(words)) for id_ in entries if (id_, key_of(words)) not in known]
        if new:
            with self._project.step("Never suggest “{what}”", words) as step:
                step.add(new)
        return words

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
    """Names and aliases of the registries that stand in the text untagged, the longest first at each place.

    The first layer of each registry that is not a claim layer gets the proposals. Entries that a tag made count too, so
    that the second mention of a name is proposed.
    """
    claims = {layer.id for layer in context.codebook.layers_in_role("claim")}
    layers: dict[str, str] = {}
    for layer in context.codebook.layers:
        registry = context.codebook.registry_of(layer)
        if registry is not None and layer.id not in claims:
            layers.setdefault(registry.id, layer.id)
    names = context.names or NameIndex(context.entries)
    for match in names.matches(context.text, layers, context.unwanted):
        fragment = Fragment(match.start, match.end)
        yield Suggestion(context.document_id, layers[match.registry_id], fragment, (match.entry_id,), "known name")
