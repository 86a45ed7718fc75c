"""The tables for analysis: which there are, and what their columns hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from annotator.domain.codebook import Codebook, Field, Layer, LinkType
from annotator.domain.model import Document, FieldValue

Kind = Literal["text", "texts", "integer", "number", "boolean", "date"]
Cell = str | int | float | bool | list[str] | None
Row = list[Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `choices` are the values a codebook field allows."""

    name: str
    kind: Kind = "text"
    about: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table and what a row of it is."""

    name: str
    about: str
    columns: tuple[Column, ...] = field(default=())


ABOUT: Mapping[str, str] = {
    "documents": "An article and its metadata.",
    "annotations": "A tagged stretch of an article.",
    "attributions": "An attribution x source x claim: who says what. Relays have a depth above 0.",
    "entries": "A canonical thing: an actor, a proposition.",
    "coders": "A person who annotates.",
    "codebook": "A layer, field, choice, link type, role or registry of the coding scheme.",
    "mentions": "An annotation x entry.",
    "fragments": "An unbroken stretch of an annotation; more than one where it has gaps.",
    "links": "A link of any type.",
    "members": "A link x role x member.",
    "texts": "The text of an article.",
    "columns": "A column of these tables and what it holds.",
    "project": "What the project says of itself.",
}
NAMES: tuple[str, ...] = tuple(ABOUT)
DEFAULT = "annotations"


class Names:
    """Keeps the columns of a table apart."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {name.casefold() for name in taken}

    def new(self, name: str, *others: str) -> str:
        """The first of these names that is free, else the last with a number."""
        for candidate in (name, *others):
            if candidate.casefold() not in self._taken:
                self._taken.add(candidate.casefold())
                return candidate
        base, number = (others or (name,))[-1], 2
        while f"{base} ({number})".casefold() in self._taken:
            number += 1
        return self.new(f"{base} ({number})")


_KINDS: Mapping[str, Kind] = {
    "choice": "text",
    "multi-choice": "texts",
    "text": "text",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
}


def field_column(name: str, field_: Field) -> Column:
    """The column of a codebook field."""
    return Column(name, _KINDS.get(field_.type, "text"), field_.description, field_.choices)


def as_cell(kind: Kind, value: FieldValue | None) -> Cell:
    """A field's value as the column's kind wants it."""
    if value is None:
        return None
    match kind:
        case "texts":
            return [str(item) for item in value] if isinstance(value, (list, tuple)) else [plain(value)]
        case "integer" | "number":
            return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
        case "boolean":
            return value if isinstance(value, bool) else None
        case _:
            return plain(value)


def plain(value: FieldValue) -> str:
    """Any value as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "; ".join(str(item) for item in value)
    return str(value)


class FieldColumns:
    """The columns of the fields of several layers, link types or registries, in one table.

    Each is named after its owner ("Claim.type"), because layers may have fields of the same name.
    """

    def __init__(self, owners: Iterable[tuple[str, str, tuple[Field, ...]]], names: Names, prefix: str = "") -> None:
        """`owners` are (id, name, fields). With a prefix the owner's name comes in only where it has to."""
        self.columns: list[Column] = []
        self._places: dict[str, list[tuple[int, str, Kind]]] = {}
        for id_, name, fields in owners:
            places = self._places[id_] = []
            for field_ in fields:
                if prefix:
                    title = names.new(f"{prefix}.{field_.name}", f"{prefix}.{name}.{field_.name}")
                else:
                    title = names.new(f"{name}.{field_.name}")
                column = field_column(title, field_)
                places.append((len(self.columns), field_.name, column.kind))
                self.columns.append(column)

    @property
    def none(self) -> Row:
        """The cells where there is no such thing."""
        return [None] * len(self.columns)

    def cells(self, owner_id: str, values: Mapping[str, FieldValue]) -> Row:
        """The cells of one thing's fields."""
        row: Row = [None] * len(self.columns)
        if values:
            for place, name, kind in self._places.get(owner_id, ()):
                row[place] = as_cell(kind, values.get(name))
        return row


def of_layers(layers: Iterable[Layer]) -> list[tuple[str, str, tuple[Field, ...]]]:
    """Layers as owners of fields."""
    return [(layer.id, layer.name, layer.fields) for layer in layers]


def of_types(link_types: Iterable[LinkType]) -> list[tuple[str, str, tuple[Field, ...]]]:
    """Link types as owners of fields."""
    return [(link_type.id, link_type.name, link_type.fields) for link_type in link_types]


class Metadata:
    """The columns of all metadata that documents have. What a key holds is known only after the last document."""

    def __init__(self, codebook: Codebook) -> None:
        self._fields = {field_.name: field_ for field_ in codebook.document_fields}
        self._seen: dict[str, set[type]] = {name: set() for name in ("outlet", "author", "date", "url", "language")}
        self._seen.update({name: set() for name in self._fields if name not in self._seen})

    def see(self, document: Document) -> None:
        """Take note of a document's keys."""
        for name, value in document.metadata.items():
            self._seen.setdefault(name, set()).add(list if isinstance(value, (list, tuple)) else type(value))

    def columns(self, names: Names) -> list[tuple[str, Column]]:
        """Each key with its column."""
        return [(key, self._column(key, types, names)) for key, types in self._seen.items()]

    def _column(self, key: str, types: set[type], names: Names) -> Column:
        title = names.new(key, f"metadata.{key}")
        if key in self._fields:
            return field_column(title, self._fields[key])
        kinds: dict[frozenset[type], Kind] = {
            frozenset({int}): "integer",
            frozenset({float}): "number",
            frozenset({int, float}): "number",
            frozenset({bool}): "boolean",
            frozenset({list}): "texts",
            frozenset({list, str}): "texts",
        }
        return Column(title, kinds.get(frozenset(types), "text"), "Metadata")
