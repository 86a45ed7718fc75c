"""Tag stretches of text, and change or remove what is tagged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from annotator.domain.codebook import Field, Layer
from annotator.domain.errors import AlreadyTagged, InvalidValue, NotFound
from annotator.domain.ids import new_id, now
from annotator.domain.invariants import check_fields, check_fragments
from annotator.domain.model import Annotation, Fields, FieldValue, Fragment, covered
from annotator.domain.names import name_of, tidy
from annotator.storage.writer import Writer

if TYPE_CHECKING:
    from annotator.services.project import Project


class Tagging:
    """What can be done with annotations."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def tag(
        self,
        document_id: str,
        layer_id: str,
        fragments: Iterable[Fragment],
        *,
        entries: tuple[str, ...] | None = None,
        fields: Fields | None = None,
        origin: str = "manual",
    ) -> Annotation:
        """Tag fragments (code points, in the coder's order) in a layer.

        Without `entries` the text is resolved to an entry by name or alias, and a new one is made where none fits.
        Raises AlreadyTagged where this coder has tagged the same stretch in this layer, InvalidValue for bad fragments.
        """
        layer = self._layer(layer_id)
        fragments = tuple(Fragment(*fragment) for fragment in fragments)
        text = self._project.documents.text(document_id)
        check_fragments(fragments, len(text))
        mine = self._project.known_coder_id()
        if mine is not None:
            self._refuse_twin(document_id, layer, fragments, mine)
        if entries is not None:
            entries = self._checked_entries(layer, entries)
        elif not covered(text, fragments).strip():
            raise InvalidValue("There is nothing but white space here to tag.")
        checked = check_fields(layer.fields, fields or {}, "the annotation")
        with self._project.step("Tag {what}", layer.name.lower()) as step:
            if entries is None:
                entries = self.entries_for(step, layer, covered(text, fragments, " "))
            annotation = Annotation(
                new_id(),
                document_id,
                layer_id,
                self._project.coder_id(step),
                fragments,
                entries,
                checked,
                origin=origin,
                created=now(),
                modified=now(),
            )
            step.add(annotation)
            self._begin_document(step, document_id)
        return annotation

    def made(
        self,
        step: Writer,
        document_id: str,
        layer_id: str,
        fragment: Fragment,
        entries: tuple[str, ...] = (),
        origin: str = "manual",
        *,
        text: str | None = None,
        coder_id: str = "",
    ) -> Annotation:
        """An annotation of one stretch for `add`, one of many in a step; checked, but not for others at its place.

        Without entries its words are resolved to one, as `tag` does. `text`, `coder_id`: where they are at hand.
        """
        layer = self._layer(layer_id)
        text = self._project.documents.text(document_id) if text is None else text
        check_fragments((fragment,), len(text))
        if entries:
            entries = self._checked_entries(layer, entries)
        else:
            entries = self.entries_for(step, layer, covered(text, (fragment,), " "))
        time = now()
        return Annotation(
            new_id(), document_id, layer_id, coder_id or self._project.coder_id(step), (fragment,), entries,
            origin=origin, created=time, modified=time,
        )  # fmt: skip

    def add(self, step: Writer, annotations: Sequence[Annotation]) -> None:
        """Write annotations that were made for this step, all together; work on their articles has begun."""
        step.add(annotations)
        found = self._project.store.documents_by_id(dict.fromkeys(a.document_id for a in annotations))
        step.replace([replace(document, status="in progress") for document in found if document.status == "new"])

    def tag_into(
        self,
        document_id: str,
        layer_id: str,
        fragments: Iterable[Fragment],
        claim_id: str,
        *,
        relay: bool = False,
        about: bool = False,
    ) -> Annotation:
        """Tag, and link into the attribution of a claim, in one step.

        A source or cue joins the innermost attribution; with `relay` the one that passes it on. With `about`, an actor
        joins what the claim is about. A stretch that is tagged already is only linked.
        Raises AlreadyTagged where it is tagged and linked like this already.
        """
        layer = self._layer(layer_id)
        action = "Tag reporting {what}" if relay else "Tag {what} as topic" if about else "Tag and link {what}"
        with self._project.step(action, layer.name.lower()):
            try:
                annotation = self.tag(document_id, layer_id, fragments)
            except AlreadyTagged as known:
                annotation = self._one(known.annotation_id)
            if about:
                self._project.linking.make_about(claim_id, annotation)
            else:
                self._project.linking.attribute(claim_id, annotation, relay=relay)
        return annotation

    def remove(self, ids: Iterable[str]) -> None:
        """Remove annotations; links lose them, and a link that cannot stand without them goes too."""
        doomed = self._project.store.annotations_by_id(dict.fromkeys(ids))
        if not doomed:
            return
        layer = self._project.codebook.layers_by_id.get(doomed[0].layer_id)
        what = layer.name.lower() if len(doomed) == 1 and layer else f"{len(doomed)} annotations"
        with self._project.step("Delete {what}", what) as step:
            self._project.linking.release(step, [annotation.id for annotation in doomed])
            step.remove("annotation", [annotation.id for annotation in doomed])
            self._project.entries.drop_orphans(step, {e for a in doomed for e in a.entries})

    def set_fragments(self, id_: str, fragments: Iterable[Fragment]) -> None:
        """Move an annotation's boundaries. An entry that only its tag made follows the new words."""
        old = self._one(id_)
        layer = self._layer(old.layer_id)
        fragments = tuple(Fragment(*fragment) for fragment in fragments)
        if fragments == old.fragments:
            return
        text = self._project.documents.text(old.document_id)
        check_fragments(fragments, len(text))
        self._refuse_twin(old.document_id, layer, fragments, old.coder_id, but=id_)
        with self._project.step("Move the edge of {what}", layer.name.lower()) as step:
            entries = old.entries
            if self._only_guessed(old, layer, covered(text, old.fragments, " ")):
                entries = self.entries_for(step, layer, covered(text, fragments, " "))
            step.replace(replace(old, fragments=fragments, entries=entries, modified=now()))
            self._project.entries.drop_orphans(step, set(old.entries) - set(entries))

    def set_fields(self, id_: str, values: Mapping[str, FieldValue | None]) -> None:
        """Set fields by name; None clears one. Raises InvalidValue."""
        old = self._one(id_)
        layer = self._layer(old.layer_id)
        fields = changed_fields(layer.fields, old.fields, values)
        if fields != dict(old.fields):
            with self._project.step("Set {what}", ", ".join(values)) as step:
                step.replace(replace(old, fields=fields, modified=now()))

    def set_note(self, id_: str, note: str) -> None:
        """Replace the note."""
        old = self._one(id_)
        if note != old.note:
            with self._project.step("Edit note") as step:
                step.replace(replace(old, note=note, modified=now()))

    def set_entries(self, id_: str, entries: Iterable[str]) -> None:
        """Say which entries an annotation refers to, in order. Raises InvalidValue for entries of another registry."""
        old = self._one(id_)
        chosen = self._checked_entries(self._layer(old.layer_id), entries)
        if chosen != old.entries:
            lost = [entry_id for entry_id in old.entries if entry_id not in chosen]
            only_less = len(chosen) + len(lost) == len(old.entries)
            named = self._project.entries.get_many(lost if only_less else chosen).values()
            action = "Take “{what}” away" if only_less and lost else "Assign “{what}”"
            with self._project.step(action, ", ".join(entry.name for entry in named)) as step:
                step.replace(replace(old, entries=chosen, modified=now()))
                self._project.entries.drop_orphans(step, set(old.entries) - set(chosen))

    def _refuse_twin(
        self, document_id: str, layer: Layer, fragments: tuple[Fragment, ...], coder_id: str, but: str = ""
    ) -> None:
        store = self._project.store
        for twin in store.annotations_by_id(store.annotations_at(document_id, layer.id, fragments)):
            mine = twin.coder_id == coder_id
            if twin.id != but and mine and sorted(twin.fragments) == sorted(fragments):
                raise AlreadyTagged(f"This is tagged as {layer.name.lower()} already.", twin.id)

    def _checked_entries(self, layer: Layer, entries: Iterable[str]) -> tuple[str, ...]:
        registry = self._project.codebook.registry_of(layer)
        chosen = tuple(dict.fromkeys(entries))
        for entry_id in chosen:
            if registry is None or self._project.entries.get(entry_id).registry_id != registry.id:
                raise InvalidValue(f"A {layer.name.lower()} cannot refer to this entry.")
        return chosen

    def entries_for(self, step: Writer, layer: Layer, text: str) -> tuple[str, ...]:
        """The entry that tagged words mean, made where there is none; none for a layer without a registry."""
        registry = self._project.codebook.registry_of(layer)
        if registry is None:
            return ()
        return (self._project.entries.for_tag(step, registry.id, text, self.name_for(layer, text)).id,)

    def name_for(self, layer: Layer, text: str) -> str:
        """What a new entry is called: a proposition is a sentence and keeps its words, a name loses its article."""
        return tidy(text) if layer in self._project.codebook.layers_in_role("claim") else name_of(text)

    def _only_guessed(self, annotation: Annotation, layer: Layer, text: str) -> bool:
        known = self._project.entries.get_many(annotation.entries)
        return len(known) == 1 and all(
            entry.origin == "tag"
            and entry.name == self.name_for(layer, text)
            and self._project.entries.mentions(entry.id) == 1
            for entry in known.values()
        )

    def _begin_document(self, step: Writer, document_id: str) -> None:
        document = self._project.documents.get(document_id)
        if document.status == "new":
            step.replace(replace(document, status="in progress"))

    def _layer(self, layer_id: str) -> Layer:
        layer = self._project.codebook.layers_by_id.get(layer_id)
        if layer is None:
            raise NotFound("This layer is not in the codebook any more.")
        return layer

    def _one(self, id_: str) -> Annotation:
        found = self._project.store.annotations_by_id([id_])
        if not found:
            raise NotFound("This annotation is not there any more.")
        return found[0]


def changed_fields(
    definitions: Iterable[Field], old: Fields, values: Mapping[str, FieldValue | None], where: str = "the annotation"
) -> dict[str, FieldValue]:
    """The fields after setting some and clearing those that are None. Raises InvalidValue."""
    # What is there already stays as it is: an old value must not stand in the way of setting another field.
    new = check_fields(definitions, {name: value for name, value in values.items() if value is not None}, where)
    return {**{name: value for name, value in old.items() if name not in values}, **new}
