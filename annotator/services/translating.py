"""A file's document in the project's ids: of layers, link types, coders and entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from annotator.domain.codebook import Field
from annotator.domain.invariants import check_value
from annotator.domain.model import Annotation, DocumentData, Fields, FieldValue, Link, made_annotation
from annotator.interchange.scheme import as_type
from annotator.services.codebook_merge import MergedCodebook, fits

Spill = Callable[[str, str, Field], None]
"""Sees to it that the owner of this kind and id in the file has this field here."""


def translated(
    data: DocumentData,
    codebook: MergedCodebook,
    coders: Mapping[str, str],
    entries: Mapping[str, str],
    nobody: Callable[[], str],
    spill: Spill,
    housed: Callable[[str, str], str] | None = None,
) -> DocumentData:
    """The same document. `nobody` gives the id of who works now, for what has no coder. Raises KeyError.

    `housed` gives the entry that a layer may refer to, where layers share a registry in the file and not here.
    """
    gone = tuple(replace(each, layer_id=codebook.id_of("layer", each.layer_id)) for each in data.dismissals)
    if gone != data.dismissals:
        data = replace(data, dismissals=gone)
    if not data.annotations and not data.links:
        return data

    layers = {id_: codebook.id_of("layer", id_) for id_ in {a.layer_id for a in data.annotations}}
    types = {id_: codebook.id_of("link_type", id_) for id_ in {link.type_id for link in data.links}}
    who = {a.coder_id for a in data.annotations} | {link.coder_id for link in data.links}
    coders = {id_: coders[id_] if id_ else nobody() for id_ in who}

    def annotation(given: Annotation) -> Annotation:
        layer, coder = layers[given.layer_id], coders[given.coder_id]
        fields = fitted(codebook, "layer", given.layer_id, given.fields, spill) if codebook.fields else given.fields
        held = given.entries
        if held and entries:
            held = tuple(dict.fromkeys(entries.get(entry, entry) for entry in held))
        if held and housed is not None:
            held = tuple(dict.fromkeys(housed(layer, entry) for entry in held))
        if layer == given.layer_id and coder == given.coder_id and held == given.entries and fields is given.fields:
            return given
        # Much faster than `replace`, and most annotations of other formats come this way.
        return made_annotation(
            *(given.id, given.document_id, layer, coder, given.fragments, held, fields, given.note),
            *(given.origin, given.created, given.modified),
        )

    def link(given: Link) -> Link:
        type_, coder = types[given.type_id], coders[given.coder_id]
        fields = fitted(codebook, "link_type", given.type_id, given.fields, spill) if codebook.fields else given.fields
        if type_ == given.type_id and coder == given.coder_id and fields is given.fields:
            return given
        return Link(
            *(given.id, given.document_id, type_, coder, given.roles, fields, given.note),
            *(given.origin, given.created, given.modified),
        )

    return replace(data, annotations=tuple(map(annotation, data.annotations)), links=tuple(map(link, data.links)))


def fitted(codebook: MergedCodebook, kind: str, owner: str, values: Fields, spill: Spill) -> Fields:
    """The values in the fields that the project has for them; the same object where that is nothing new."""
    if not values or not any((kind, owner, name) in codebook.fields for name in values):
        return values
    made: dict[str, FieldValue] = {}
    for name, value in values.items():
        target, other = codebook.fields.get((kind, owner, name), (None, None))
        if other is not None and target is not None and not fits(target, value):
            spill(kind, owner, other)
            target = other
        made[target.name if target else name] = check_value(target, as_type(target.type, value)) if target else value
    return made
