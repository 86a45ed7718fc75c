"""Tag many hits of a search, or say what many annotations refer to: first a plan for a person to look at, then one step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from annotator.domain.errors import InvalidValue, NotFound
from annotator.domain.ids import now
from annotator.domain.model import Annotation, Fragment
from annotator.services.search import Hit

if TYPE_CHECKING:
    from annotator.services.project import Project

Report = Callable[[int, int], object]
"""How far it is: done and total. It may raise Cancelled; then nothing is kept."""


@dataclass(frozen=True, slots=True)
class TagPlan:
    """Hits that would be tagged, and why others would not."""

    layer_id: str
    hits: tuple[Hit, ...]
    tagged: int
    """So many are tagged in this layer by this coder at just this place."""
    empty: int
    """So many are a document or white space, where there is nothing to tag."""
    new_names: int
    """Entries that would be made."""
    documents: int


@dataclass(frozen=True, slots=True)
class AssignPlan:
    """Annotations that would refer to an entry, and why hits would have none."""

    entry_id: str
    annotations: tuple[Annotation, ...]
    assigned: int
    """So many refer to it already, and to nothing else."""
    untagged: int
    """So many hits have no annotation whose layer uses the entry's registry."""
    others: int
    """So many would lose another entry."""


class Bulk:
    """What can be done with the hits of a search."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def plan_tags(self, hits: Sequence[Hit], layer_id: str, report: Report = lambda _done, _total: None) -> TagPlan:
        """What tagging these hits in a layer would do. Raises NotFound."""
        project = self._project
        layer = project.codebook.layers_by_id.get(layer_id)
        if layer is None:
            raise NotFound("This layer is not in the codebook any more.")
        registry = project.codebook.registry_of(layer)
        mine = project.known_coder_id()
        kept: list[Hit] = []
        names: set[str] = set()
        tagged = empty = documents = 0
        places = project.store.fragments_tagged(dict.fromkeys(hit.document_id for hit in hits), layer_id, mine)
        for document_id, group in _by_document(hits, report):
            before = len(kept)
            for hit in group:
                fragments = (Fragment(hit.start, hit.end),)
                if not hit.match.strip():
                    empty += 1
                elif (document_id, fragments) in places:
                    tagged += 1
                else:
                    kept.append(hit)
                    if registry is not None and project.entries.resolve(registry.id, hit.match) is None:
                        names.add(project.tagging.name_for(layer, hit.match))
            documents += len(kept) > before
        return TagPlan(layer_id, tuple(kept), tagged, empty, len(names), documents)

    def tag(self, plan: TagPlan, report: Report = lambda _done, _total: None) -> int:
        """Do as planned, in one step. Returns how many were tagged: what was tagged meanwhile is left out."""
        project = self._project
        plan = self.plan_tags(plan.hits, plan.layer_id)
        if not plan.hits:
            return 0
        layer = project.codebook.layers_by_id[plan.layer_id]
        what = layer.name.lower() if len(plan.hits) == 1 else f"{len(plan.hits)} × {layer.name.lower()}"
        project.before_bulk(len(plan.hits))
        with project.step("Tag {what}", what) as step:
            annotations: list[Annotation] = []
            entries: dict[str, tuple[str, ...]] = {}
            coder = project.coder_id(step)
            texts = project.search.texts(dict.fromkeys(hit.document_id for hit in plan.hits))
            for document_id, group in _by_document(plan.hits, report):
                text = texts(document_id)
                for hit in group:
                    place = Fragment(hit.start, hit.end)
                    known = entries.get(hit.match, ())
                    made = project.tagging.made(
                        step, document_id, layer.id, place, known, "search", text=text, coder_id=coder
                    )
                    entries[hit.match] = made.entries
                    annotations.append(made)
            project.tagging.add(step, annotations)
        return len(annotations)

    def plan_entry(self, hits: Sequence[Hit], entry_id: str, report: Report = lambda _d, _t: None) -> AssignPlan:
        """What it would do to let the annotations at these hits refer to an entry. Raises NotFound.

        That is the annotation in which a hit was looked for, else those with just its stretch. Where layers do not use
        the registry of the entry, they are passed over.
        """
        project = self._project
        entry = project.entries.get(entry_id)
        book = project.codebook
        layers = {layer.id for layer in book.layers if (r := book.registry_of(layer)) and r.id == entry.registry_id}
        chosen: dict[str, Annotation] = {}
        untagged = 0
        for document_id, group in _by_document(hits, report):
            known = [a for a in project.documents.annotations(document_id) if a.layer_id in layers]
            by_id = {annotation.id: annotation for annotation in known}
            by_place: dict[tuple[Fragment, ...], list[Annotation]] = {}
            for annotation in known:
                by_place.setdefault(annotation.fragments, []).append(annotation)
            for hit in group:
                found = by_place.get((Fragment(hit.start, hit.end),), [])
                if hit.annotation_id in by_id:
                    found = [by_id[hit.annotation_id]]
                untagged += not found
                chosen.update((annotation.id, annotation) for annotation in found)
        wanted = tuple(a for a in chosen.values() if a.entries != (entry_id,))
        others = sum(bool(set(a.entries) - {entry_id}) for a in wanted)
        return AssignPlan(entry_id, wanted, len(chosen) - len(wanted), untagged, others)

    def assign(self, plan: AssignPlan) -> int:
        """Do as planned, in one step. Returns how many annotations refer to the entry now that did not."""
        project = self._project
        entry = project.entries.get(plan.entry_id)
        ids = [annotation.id for annotation in plan.annotations]
        found = [a for a in project.documents.annotations_by_id(ids) if a.entries != (entry.id,)]
        book = project.codebook
        for annotation in found:
            registry = book.registry_of(book.layers_by_id[annotation.layer_id])
            if registry is None or registry.id != entry.registry_id:
                raise InvalidValue("Some of these annotations cannot refer to this entry any more; search again.")
        if found:
            what = entry.name if len(found) == 1 else f"{entry.name} × {len(found)}"
            project.before_bulk(len(found))
            with project.step("Assign “{what}”", what) as step:
                made = now()
                step.replace([replace(a, entries=(entry.id,), modified=made) for a in found])
                project.entries.drop_orphans(step, {e for a in found for e in a.entries if e != entry.id})
        return len(found)


def _by_document(hits: Iterable[Hit], report: Report) -> Iterator[tuple[str, list[Hit]]]:
    """Hits of one document together, wherever they stand in the list."""
    ordered = sorted(dict.fromkeys(hits), key=attrgetter("document_id", "start", "end"))
    done = 0
    for document_id, group in groupby(ordered, key=attrgetter("document_id")):
        held = list(group)
        report(done, len(ordered))
        yield document_id, held
        done += len(held)
    report(done, len(ordered))
