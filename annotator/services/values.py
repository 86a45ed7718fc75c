"""How the values of fields change with the fields: rewrites that the storage applies to whole sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from annotator.domain.codebook import Codebook, Field
from annotator.domain.codebook_edit import Owner, fields_of
from annotator.domain.conversion import converted
from annotator.domain.model import FieldValue
from annotator.services.recoding import ChangeValues, Recode
from annotator.storage.recoding import Values

Rewrite = Callable[[Values], Values]


def fitting(fields: Iterable[Field]) -> Rewrite:
    """Keeps what these fields take, and leaves out the rest."""
    known = {field.name: field for field in fields}

    def change(values: Values) -> Values:
        found = {name: converted(value, known[name]) for name, value in values.items() if name in known}
        return {name: value for name, value in found.items() if value is not None}

    return change


def refitted(old: str, field: Field) -> Rewrite:
    """Values of the field `old` become those of `field`, which may have another name, type or choices.

    A document may hold a free key of the new name: it makes way.
    """

    def change(values: Values) -> Values:
        result: Values = {}
        for name, value in values.items():
            if name == field.name != old and old in values:
                continue
            if name not in (old, field.name):
                result[name] = value
            elif (new := converted(value, field)) is not None:
                result[field.name] = new
        return result

    return change


def dropped(name: str) -> Rewrite:
    """Without a field's values."""
    return lambda values: {key: value for key, value in values.items() if key != name}


def poured(name: str, into: Field) -> Rewrite:
    """A field's values into another field, where that is empty and takes them."""

    def change(values: Values) -> Values:
        result = dropped(name)(values)
        if name in values and into.name not in values and (new := converted(values[name], into)) is not None:
            result[into.name] = new
        return result

    return change


def rechosen(name: str, choices: Mapping[str, str | None]) -> Rewrite:
    """Choices of a field become others, or go (None)."""

    def change(values: Values) -> Values:
        value = values.get(name)
        if isinstance(value, list):
            kept = dict.fromkeys(choices.get(item, item) for item in value)
            new: FieldValue | None = [item for item in kept if item is not None]
        elif isinstance(value, str):
            new = choices.get(value, value)
        else:
            return values
        if new is None or new == []:
            return dropped(name)(values)
        return {key: new if key == name else held for key, held in values.items()}

    return change


def taken_over(old: Codebook, new: Codebook) -> list[Recode]:
    """What fields that a whole codebook brings do to the metadata that documents have already."""
    known = set(old.document_fields)
    return [
        ChangeValues("documents", "", refitted(field.name, field), frozenset({field.name}))
        for field in fields_of(new, Owner("documents"))
        if field not in known
    ]
