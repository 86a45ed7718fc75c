"""Between the domain's records and rows. JSON columns hold what the JSON contract holds, so that they pass through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from annotator.domain.codebook import Field, Layer, LinkType, Registry, Role
from annotator.domain.model import (
    Annotation,
    Apart,
    Coder,
    Dismissal,
    Document,
    Entry,
    Fragment,
    Link,
    ProjectInfo,
    SavedSearch,
    UnwantedName,
    made_annotation,
)

Row = dict[str, Any]


def dump(value: object) -> str:
    """Compact JSON text."""
    return orjson.dumps(value).decode()


def load(value: str) -> Any:
    """What a JSON column says."""
    return orjson.loads(value)


def fields_to_json(fields: Iterable[Field]) -> str:
    """Field definitions as a JSON column."""
    return dump([_field_to_plain(field) for field in fields])


def _field_to_plain(field: Field) -> dict[str, object]:
    plain: dict[str, object] = {"name": field.name, "type": field.type}
    if field.choices:
        plain["choices"] = list(field.choices)
    if field.description:
        plain["description"] = field.description
    if field.required:
        plain["required"] = True
    if field.guidelines:
        plain["guidelines"] = field.guidelines
    if field.examples:
        plain["examples"] = list(field.examples)
    if field.choice_help:
        plain["choice_help"] = [list(pair) for pair in field.choice_help]
    return plain


def fields_from_json(value: str) -> tuple[Field, ...]:
    """Field definitions from a JSON column."""
    return tuple(
        Field(
            f["name"],
            f["type"],
            tuple(f.get("choices", ())),
            f.get("description", ""),
            f.get("required", False),
            f.get("guidelines", ""),
            tuple(f.get("examples", ())),
            tuple((choice, text) for choice, text in f.get("choice_help", ())),
        )
        for f in load(value)
    )


def layer_to_row(layer: Layer, position: int) -> Row:
    """A layer at its place in the codebook."""
    return {
        "id": layer.id,
        "position": position,
        "name": layer.name,
        "color": layer.color,
        "shortcut": layer.shortcut,
        "registry": layer.registry,
        "mark": layer.mark,
        "description": layer.description,
        "fields": fields_to_json(layer.fields),
        "guidelines": layer.guidelines,
        "examples": dump(list(layer.examples)),
    }


def layer_from_row(row: Mapping[Any, Any]) -> Layer:
    """A layer from its row."""
    return Layer(
        row["id"],
        row["name"],
        row["color"],
        row["shortcut"],
        row["registry"],
        fields_from_json(row["fields"]),
        row["mark"],
        row["description"],
        row["guidelines"],
        tuple(load(row["examples"])),
    )


def link_type_to_row(link_type: LinkType, position: int) -> Row:
    """A link type at its place in the codebook."""
    roles = [_role_to_plain(role) for role in link_type.roles]
    return {
        "id": link_type.id,
        "position": position,
        "name": link_type.name,
        "description": link_type.description,
        "roles": dump(roles),
        "fields": fields_to_json(link_type.fields),
        "guidelines": link_type.guidelines,
        "examples": dump(list(link_type.examples)),
    }


def _role_to_plain(role: Role) -> dict[str, object]:
    plain: dict[str, object] = {
        "name": role.name,
        "layers": list(role.layers),
        "links": list(role.links),
        "min": role.min,
    }
    help_ = {"description": role.description, "guidelines": role.guidelines, "examples": list(role.examples)}
    return plain | {key: value for key, value in help_.items() if value}


def _role_from_plain(r: Mapping[str, Any]) -> Role:
    return Role(
        r["name"],
        tuple(r["layers"]),
        tuple(r["links"]),
        r["min"],
        r.get("description", ""),
        r.get("guidelines", ""),
        tuple(r.get("examples", ())),
    )


def link_type_from_row(row: Mapping[Any, Any]) -> LinkType:
    """A link type from its row."""
    return LinkType(
        row["id"],
        row["name"],
        tuple(_role_from_plain(role) for role in load(row["roles"])),
        fields_from_json(row["fields"]),
        row["description"],
        row["guidelines"],
        tuple(load(row["examples"])),
    )


def registry_to_row(registry: Registry, position: int) -> Row:
    """A registry at its place in the codebook."""
    return {
        "id": registry.id,
        "position": position,
        "name": registry.name,
        "fields": fields_to_json(registry.fields),
        "description": registry.description,
        "guidelines": registry.guidelines,
        "examples": dump(list(registry.examples)),
    }


def registry_from_row(row: Mapping[Any, Any]) -> Registry:
    """A registry from its row."""
    return Registry(
        row["id"],
        row["name"],
        fields_from_json(row["fields"]),
        row["description"],
        row["guidelines"],
        tuple(load(row["examples"])),
    )


def project_to_row(info: ProjectInfo, document_fields: str, codebook_version: int) -> Row:
    """The project's own row; `document_fields` is the JSON of the document fields."""
    return {
        "id": info.id,
        "name": info.name,
        "created": info.created,
        "guidelines": info.guidelines,
        "document_fields": document_fields,
        "codebook_version": codebook_version,
    }


def project_from_row(row: Mapping[Any, Any]) -> ProjectInfo:
    """What the project says of itself."""
    return ProjectInfo(row["id"], row["name"], row["created"], row["guidelines"])


def coder_to_row(coder: Coder) -> Row:
    """A coder's row."""
    return {"id": coder.id, "name": coder.name}


def entry_to_row(entry: Entry) -> Row:
    """An entry's row."""
    return {
        "id": entry.id,
        "registry_id": entry.registry_id,
        "name": entry.name,
        "aliases": dump(list(entry.aliases)),
        "parent_id": entry.parent_id,
        "fields": dump(dict(entry.fields)),
        "note": entry.note,
        "origin": entry.origin,
    }


def entry_from_row(row: Mapping[Any, Any]) -> Entry:
    """An entry from its row."""
    return Entry(
        row["id"],
        row["registry_id"],
        row["name"],
        tuple(load(row["aliases"])),
        row["parent_id"],
        load(row["fields"]),
        row["note"],
        row["origin"],
    )


def document_to_row(document: Document) -> Row:
    """A document's row, without its text."""
    return {
        "id": document.id,
        "position": document.position,
        "title": document.title,
        "sha256": document.sha256,
        "status": document.status,
        "metadata": dump(dict(document.metadata)),
        "created": document.created,
    }


def document_from_row(row: Mapping[Any, Any]) -> Document:
    """A document from its row."""
    return Document(
        row["id"],
        row["title"],
        row["sha256"],
        row["status"],
        load(row["metadata"]),
        row["position"],
        row["created"],
    )


def dismissal_to_row(dismissal: Dismissal) -> Row:
    """A dismissal's row."""
    return {
        "document_id": dismissal.document_id,
        "layer_id": dismissal.layer_id,
        "start": dismissal.start,
        "stop": dismissal.end,
    }


def unwanted_to_row(name: UnwantedName) -> Row:
    """The row of a name that is not to be proposed."""
    return {"entry_id": name.entry_id, "name": name.name}


def search_to_row(search: SavedSearch) -> Row:
    """A saved search's row."""
    return {
        "id": search.id,
        "name": search.name,
        "line": search.line,
        "mode": search.mode,
        "exact": int(search.exact),
        "whole": int(search.whole),
    }


def search_from_row(row: Mapping[Any, Any]) -> SavedSearch:
    """A saved search from its row."""
    return SavedSearch(row["id"], row["name"], row["line"], row["mode"], bool(row["exact"]), bool(row["whole"]))


def apart_to_row(pair: Apart) -> Row:
    """The row of two entries judged different."""
    return {"first": pair.first, "second": pair.second}


def annotation_to_row(annotation: Annotation) -> Row:
    """An annotation's own row; its entries go to `mention`."""
    first, *more = annotation.fragments
    return {
        "id": annotation.id,
        "document_id": annotation.document_id,
        "layer_id": annotation.layer_id,
        "coder_id": annotation.coder_id,
        "start": first.start,
        "stop": first.end,
        "more": dump([list(fragment) for fragment in more]) if more else None,
        "fields": dump(dict(annotation.fields)) if annotation.fields else "{}",
        "note": annotation.note,
        "origin": annotation.origin,
        "created": annotation.created,
        "modified": annotation.modified,
    }


def fragments_from_row(start: int, stop: int, more: str | None) -> tuple[Fragment, ...]:
    """The fragments that a row holds."""
    first = Fragment(start, stop)
    return (first,) if more is None else (first, *(Fragment(*pair) for pair in load(more)))


def annotation_from_row(row: Any, entries: tuple[str, ...]) -> Annotation:
    """An annotation from a result row with the columns in the order of the table."""
    id_, document_id, layer_id, coder_id, start, stop, more, fields, note, origin, created, modified = row
    return made_annotation(
        id_,
        document_id,
        layer_id,
        coder_id,
        (Fragment(start, stop),) if more is None else fragments_from_row(start, stop, more),
        entries,
        {} if fields == "{}" else load(fields),
        note,
        origin,
        created,
        modified,
    )


def mention_rows(annotation: Annotation) -> list[Row]:
    """The entries that an annotation refers to, in order."""
    return [
        {"annotation_id": annotation.id, "position": position, "entry_id": entry_id}
        for position, entry_id in enumerate(annotation.entries)
    ]


def link_to_row(link: Link) -> Row:
    """A link's own row; its members go to `member`."""
    return {
        "id": link.id,
        "document_id": link.document_id,
        "type_id": link.type_id,
        "coder_id": link.coder_id,
        "fields": dump(dict(link.fields)) if link.fields else "{}",
        "note": link.note,
        "origin": link.origin,
        "created": link.created,
        "modified": link.modified,
    }


def link_from_row(row: Any, roles: Mapping[str, tuple[str, ...]]) -> Link:
    """A link from a result row with the columns in the order of the table."""
    id_, document_id, type_id, coder_id, fields, note, origin, created, modified = row
    return Link(
        id_,
        document_id,
        type_id,
        coder_id,
        roles,
        {} if fields == "{}" else load(fields),
        note,
        origin,
        created,
        modified,
    )


def member_rows(link: Link, is_link: Mapping[str, bool]) -> list[Row]:
    """The members of a link; `is_link` tells which member ids are links rather than annotations."""
    return [
        {
            "link_id": link.id,
            "role": role,
            "position": position,
            "annotation_id": None if is_link[member] else member,
            "inner_id": member if is_link[member] else None,
        }
        for role, members in link.roles.items()
        for position, member in enumerate(members)
    ]
