"""Domain records as the JSON contract has them. Shared by the whole file and the line-by-line form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from annotator import __version__
from annotator.domain.codebook import Codebook, Field, Layer, LinkType, Registry, Role
from annotator.domain.exchange import Source
from annotator.domain.model import Annotation, Document, DocumentData, Entry, Link, ProjectInfo, SavedSearch

FORMAT = "annotator-project"
VERSION = 1
OFFSET_UNIT = "unicode-code-point"
LEFT_OUT = "left out"
"""What the key "texts" says where documents have their length and their hash in place of their text."""

Plain = dict[str, Any]


def dump(value: object) -> bytes:
    """Compact JSON in UTF-8."""
    return orjson.dumps(value)


def header(source: Source) -> Plain:
    """Everything that stands before the documents."""
    codebook = source.codebook
    registries = {registry.id: registry.name for registry in codebook.registries}
    # Said at the start, so that a reader knows it from the first bytes.
    texts: Plain = {"texts": LEFT_OUT} if getattr(source, "without_texts", False) else {}
    entries = list(source.entries())
    judged = judged_apart(source, entries)
    # A part of a project has none, nor has what another program exports.
    saved = [_search(search) for search in getattr(source, "searches", tuple)()]
    searches: Plain = {"saved_searches": saved} if saved else {}
    unwanted = _unwanted(source, entries)
    return {
        "format": FORMAT,
        "version": VERSION,
        "generator": f"annotator {__version__}",
        "offset_unit": OFFSET_UNIT,
        **texts,
        "project": project(source.info),
        "codebook": codebook_to_plain(codebook),
        "coders": [{"id": coder.id, "name": coder.name} for coder in source.coders()],
        "entries": [entry_to_plain(entry, registries) for entry in entries],
        **({"apart": judged} if judged else {}),
        **({"unwanted_names": unwanted} if unwanted else {}),
        **searches,
    }


def judged_apart(source: Source, entries: Iterable[Entry]) -> list[list[str]]:
    """Pairs of these entries that were judged to be different, where the source knows of any."""
    known = {entry.id for entry in entries}
    pairs = sorted((pair.first, pair.second) for pair in getattr(source, "apart", tuple)())
    return [[first, second] for first, second in pairs if first in known and second in known]


def _unwanted(source: Source, entries: Iterable[Entry]) -> list[list[str]]:
    """Names, with these entries, that are never to be proposed for them."""
    known = {entry.id for entry in entries}
    return sorted([each.entry_id, each.name] for each in getattr(source, "unwanted", tuple)() if each.entry_id in known)


def _search(search: SavedSearch) -> Plain:
    plain: Plain = {"id": search.id, "name": search.name, "line": search.line}
    if search.mode != "words":
        plain["mode"] = search.mode
    return plain | {key: True for key in ("exact", "whole") if getattr(search, key)}


def project(info: ProjectInfo) -> Plain:
    """What the project says of itself."""
    return {"id": info.id, "name": info.name, "created": info.created, "guidelines": info.guidelines}


def codebook_to_plain(codebook: Codebook) -> Plain:
    """The coding scheme."""
    plain: Plain = {"version": codebook.version} if codebook.version > 1 else {}
    return plain | {
        "layers": [_layer(layer) for layer in codebook.layers],
        "link_types": [_link_type(link_type) for link_type in codebook.link_types],
        "registries": [_registry(registry) for registry in codebook.registries],
        "document_fields": _fields(codebook.document_fields),
    }


def _layer(layer: Layer) -> Plain:
    plain: Plain = {
        "id": layer.id,
        "name": layer.name,
        "color": layer.color,
        "shortcut": layer.shortcut,
        "registry": layer.registry,
        "fields": _fields(layer.fields),
        "mark": layer.mark,
    }
    return _described(plain, layer)


def _link_type(link_type: LinkType) -> Plain:
    plain = {
        "id": link_type.id,
        "name": link_type.name,
        "roles": [_role(role) for role in link_type.roles],
        "fields": _fields(link_type.fields),
    }
    return _described(plain, link_type)


def _role(role: Role) -> Plain:
    plain: Plain = {"name": role.name, "layers": list(role.layers), "min": role.min}
    if role.links:
        plain["links"] = list(role.links)
    return _described(plain, role)


def _registry(registry: Registry) -> Plain:
    plain: Plain = {"id": registry.id, "name": registry.name, "fields": _fields(registry.fields)}
    return _described(plain, registry)


def _fields(fields: Iterable[Field]) -> list[Plain]:
    plain = []
    for field in fields:
        item: Plain = {"name": field.name, "type": field.type}
        if field.choices or field.type in ("choice", "multi-choice"):
            item["choices"] = list(field.choices)
        if field.required:
            item["required"] = True
        if field.choice_help:
            item["choice_descriptions"] = dict(field.choice_help)
        plain.append(_described(item, field))
    return plain


def _described(plain: Plain, item: Layer | LinkType | Role | Registry | Field) -> Plain:
    if item.description:
        plain["description"] = item.description
    if item.guidelines:
        plain["guidelines"] = item.guidelines
    if item.examples:
        plain["examples"] = list(item.examples)
    return plain


def entry_to_plain(entry: Entry, registries: Mapping[str, str]) -> Plain:
    """A canonical thing; its registry by name."""
    plain: Plain = {
        "id": entry.id,
        "registry": registries[entry.registry_id],
        "name": entry.name,
        "aliases": list(entry.aliases),
        "parent": entry.parent_id,
        "fields": dict(entry.fields),
        "note": entry.note,
    }
    if entry.origin != "manual":
        plain["origin"] = entry.origin
    return plain


class DocumentWriter:
    """Documents of one project, which all share its codebook."""

    def __init__(self, codebook: Codebook) -> None:
        self._layers = {layer.id: layer.name for layer in codebook.layers}
        self._types = {
            link_type.id: (link_type.name, {role.name: () for role in link_type.roles})
            for link_type in codebook.link_types
        }

    def plain(self, data: DocumentData) -> Plain:
        """A whole document."""
        document, text = data.document, data.text
        layers, types = self._layers, self._types
        plain = _document(document, text)
        plain["annotations"] = [_annotation(annotation, layers, text) for annotation in data.annotations]
        if data.length is not None:
            _leave_out_text(plain, data.length)
        plain["links"] = [_link(link, types) for link in data.links]
        # What was dismissed in a layer that is gone tells nothing any more.
        gone = [(layers[d.layer_id], d.start, d.end) for d in data.dismissals if d.layer_id in layers]
        if gone:
            plain["dismissed"] = [{"layer": layer, "start": start, "end": end} for layer, start, end in gone]
        return plain


def _document(document: Document, text: str) -> Plain:
    plain: Plain = {
        "id": document.id,
        "title": document.title,
        "text": text,
        "sha256": document.sha256,
        "status": document.status,
        "metadata": dict(document.metadata),
    }
    if document.created:
        plain["created"] = document.created
    return plain


def _leave_out_text(plain: Plain, length: int) -> None:
    """Offsets, length and hash stay."""
    del plain["text"]
    plain["length"] = length
    for annotation in plain["annotations"]:
        for fragment in annotation["fragments"]:
            del fragment["text"]


def _annotation(annotation: Annotation, layers: Mapping[str, str], text: str) -> Plain:
    # Without a comprehension for the one fragment that nearly all have: a large project has a million of them.
    (start, end), *more = annotation.fragments
    fragments = [{"start": start, "end": end, "text": text[start:end]}]
    if more:
        fragments += [{"start": start, "end": end, "text": text[start:end]} for start, end in more]
    plain: Plain = {
        "id": annotation.id,
        "layer": layers[annotation.layer_id],
        "coder": annotation.coder_id,
        "fragments": fragments,
        "entries": annotation.entries,
        "fields": annotation.fields,
        "note": annotation.note,
        "origin": annotation.origin,
    }
    if annotation.created:
        plain["created"] = annotation.created
    if annotation.modified:
        plain["modified"] = annotation.modified
    return plain


def _link(link: Link, types: Mapping[str, tuple[str, Mapping[str, tuple[str, ...]]]]) -> Plain:
    name, roles = types[link.type_id]
    plain: Plain = {
        "id": link.id,
        "type": name,
        "coder": link.coder_id,
        # In the codebook's order, empty ones too: a reader need not ask which roles there are.
        "roles": {**roles, **link.roles},
        "fields": link.fields,
        "note": link.note,
    }
    if link.origin != "manual":
        plain["origin"] = link.origin
    if link.created:
        plain["created"] = link.created
    if link.modified:
        plain["modified"] = link.modified
    return plain
