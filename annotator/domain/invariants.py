"""What must always hold, checked in one place: the services, the importers and the integrity check share it.

Each check raises InvalidValue with one plain sentence. Nothing here recurses, so depth is never a limit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Protocol

from annotator.domain.codebook import FIELD_TYPES, MARKS, Codebook, Field, LinkType, Role
from annotator.domain.errors import InvalidValue
from annotator.domain.model import Annotation, FieldValue, Link

LARGEST_INTEGER = 2**63 - 1
"""What every store that Annotator writes to can hold."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_COLOR = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")


class Span(Protocol):
    """Anything with a start and an end: a Fragment, or what a file says of one."""

    @property
    def start(self) -> int:
        """The first code point."""

    @property
    def end(self) -> int:
        """The code point after the last."""


def shown(value: object) -> str:
    """A value as an error sentence shows it: short, on one line, texts in quotation marks."""
    if isinstance(value, str):
        if len(value) <= 60 and value.isprintable():
            return f"“{value}”"
        text = " ".join(value[:200].encode("utf-8", "replace").decode("utf-8").split())
        text = "".join(c if c.isprintable() else "?" for c in text)
        return f"“{text if len(text) <= 60 else text[:57] + '…'}”"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return repr(value) if isinstance(value, float) or abs(value) < 10**40 else "a huge number"
    if isinstance(value, Mapping):
        return "an object"
    return "a list" if isinstance(value, (list, tuple)) else "something else"


def storable(text: str) -> bool:
    """Whether the text is proper Unicode; a lone surrogate has no UTF-8 and no place in a file."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_integer(value: object) -> bool:
    """Whether this is a whole number that can be stored. True and False are not numbers here."""
    return type(value) is int and -LARGEST_INTEGER - 1 <= value <= LARGEST_INTEGER


def check_fragments(fragments: Sequence[Span], text_length: int) -> None:
    """Fragments stand inside the text, are not empty, and do not overlap each other. They may stand in any order."""
    if not fragments:
        raise InvalidValue("An annotation needs at least one fragment.")
    for fragment in fragments:
        start, end = fragment.start, fragment.end
        if type(start) is not int or type(end) is not int:
            wrong = end if type(start) is int else start
            raise InvalidValue(f"A fragment's place must be a whole number, not {shown(wrong)}.")
        if start < 0:
            raise InvalidValue(f"The fragment {_place(start, end)} starts before the text.")
        if end < start:
            raise InvalidValue(f"The fragment {_place(start, end)} ends before it starts.")
        if end == start:
            raise InvalidValue(f"The fragment {_place(start, end)} is empty.")
        if end > text_length:
            raise InvalidValue(
                f"The fragment {_place(start, end)} ends after the text, which has {text_length} characters."
            )
    if len(fragments) > 1:
        in_order = sorted((fragment.start, fragment.end) for fragment in fragments)
        for (start, end), (next_start, next_end) in pairwise(in_order):
            if next_start < end:
                raise InvalidValue(f"The fragments {_place(start, end)} and {_place(next_start, next_end)} overlap.")


def _place(start: int, end: int) -> str:
    return f"{shown(start)} to {shown(end)}"


def check_value(field: Field, value: object) -> FieldValue:
    """The value as it is stored, if the field allows it."""
    match field.type:
        case "choice":
            if isinstance(value, str) and value in field.choices:
                return value
            raise InvalidValue(f"{shown(value)} is not among the choices of the field {shown(field.name)}.")
        case "multi-choice":
            if not isinstance(value, (list, tuple)):
                raise InvalidValue(f"The field {shown(field.name)} takes a list of choices, not {shown(value)}.")
            chosen: list[str] = []
            for item in value:
                if not isinstance(item, str) or item not in field.choices:
                    raise InvalidValue(f"{shown(item)} is not among the choices of the field {shown(field.name)}.")
                if item in chosen:
                    raise InvalidValue(f"The field {shown(field.name)} holds {shown(item)} twice.")
                chosen.append(item)
            return chosen
        case "text":
            if isinstance(value, str) and storable(value):
                return value
            raise InvalidValue(f"The field {shown(field.name)} takes text, not {shown(value)}.")
        case "number":
            if isinstance(value, float) and math.isfinite(value):
                return value
            if type(value) is int and is_integer(value):
                return value
            raise InvalidValue(f"The field {shown(field.name)} takes a number, not {shown(value)}.")
        case "boolean":
            if isinstance(value, bool):
                return value
            raise InvalidValue(f"The field {shown(field.name)} takes yes or no (true or false), not {shown(value)}.")
        case "date":
            if isinstance(value, str) and _is_date(value):
                return value
            raise InvalidValue(f"The field {shown(field.name)} takes a date such as 2026-01-06, not {shown(value)}.")
        case _:
            raise InvalidValue(f"The field {shown(field.name)} has the unknown type {shown(field.type)}.")


def _is_date(value: str) -> bool:
    if not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def check_fields(
    fields: Iterable[Field] | Mapping[str, Field], values: Mapping[str, object], where: str
) -> dict[str, FieldValue]:
    """The values as they are stored. `where` names whose they are ("annotation a-1") in the error's sentence."""
    if not values:
        return {}
    known = fields if isinstance(fields, Mapping) else {field.name: field for field in fields}
    checked: dict[str, FieldValue] = {}
    for name, value in values.items():
        field = known.get(name)
        if field is None:
            raise InvalidValue(f"{_upper(where)} has a value for {shown(name)}, which is not a field of its kind.")
        try:
            checked[name] = check_value(field, value)
        except InvalidValue as error:
            raise InvalidValue(f"{_upper(where)}: {_lower(str(error))}") from None
    return checked


def check_metadata(fields: Iterable[Field], values: Mapping[str, object], where: str) -> dict[str, FieldValue]:
    """A document's metadata: the codebook's document fields as they say, any other key with a plain value."""
    known = {field.name: field for field in fields}
    checked: dict[str, FieldValue] = {}
    for name, value in values.items():
        if not storable(name):
            raise InvalidValue(f"{_upper(where)} has a metadata key that is not proper Unicode.")
        if name in known:
            checked.update(check_fields(known, {name: value}, where))
        elif isinstance(value, str):
            checked[name] = value
            if not storable(value):
                raise InvalidValue(f"{_upper(where)} has metadata {shown(name)} that is not proper Unicode.")
        elif isinstance(value, bool) or is_integer(value) or (isinstance(value, float) and math.isfinite(value)):
            checked[name] = value  # type: ignore[assignment]
        elif isinstance(value, (list, tuple)) and all(isinstance(item, str) and storable(item) for item in value):
            checked[name] = list(value)
        else:
            raise InvalidValue(
                f"{_upper(where)} has metadata {shown(name)} that is neither text, a number, yes or no, "
                "nor a list of texts."
            )
    return checked


def _upper(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def check_link(
    link: Link,
    link_type: LinkType,
    codebook: Codebook,
    annotations: Mapping[str, Annotation],
    links: Mapping[str, Link],
    *,
    whole: bool = False,
) -> None:
    """A link's members exist, stand in its document, and may stand in their roles.

    Its first role, which says what the link is of, is filled if it needs a member at all. The other minimums are for
    the to-do list, unless the link must be `whole`, as one that is just being made.
    `annotations` and `links` need only hold those of the link's document. Cycles are for `check_acyclic`.
    """
    where = f"Link {shown(link.id)}"
    roles = {role.name: role for role in link_type.roles}
    for role_name, members in link.roles.items():
        role = roles.get(role_name)
        if role is None:
            raise InvalidValue(f"{where} has the role {shown(role_name)}, which {shown(link_type.name)} does not have.")
        for index, member in enumerate(members):
            if member in members[:index]:
                raise InvalidValue(f"{where} holds {shown(member)} twice in its role {shown(role_name)}.")
            _check_member(link, role, member, codebook, annotations, links, where)
    for role in link_type.roles if whole else link_type.roles[:1]:
        least = role.min if whole else min(role.min, 1)
        if len(link.roles.get(role.name, ())) < least:
            needed = "a member" if least == 1 else f"{least} members"
            raise InvalidValue(f"{where} needs {needed} in its role {shown(role.name)}.")


def _check_member(
    link: Link,
    role: Role,
    member: str,
    codebook: Codebook,
    annotations: Mapping[str, Annotation],
    links: Mapping[str, Link],
    where: str,
) -> None:
    annotation = annotations.get(member)
    if annotation is not None:
        if annotation.document_id != link.document_id:
            raise InvalidValue(f"{where} refers to {shown(member)}, which stands in another document.")
        layer = codebook.layers_by_id.get(annotation.layer_id)
        # A role that names neither layers nor link types takes any annotation.
        if role.layers or role.links:
            name = layer.name if layer else annotation.layer_id
            if name not in role.layers:
                raise InvalidValue(
                    f"{where} holds {shown(member)} of the layer {shown(name)} in its role {shown(role.name)}, "
                    "which does not take that layer."
                )
        return
    inner = links.get(member)
    if inner is None:
        raise InvalidValue(
            f"{where} refers to {shown(member)} in its role {shown(role.name)}, but its document has no such "
            "annotation or link."
        )
    if inner.document_id != link.document_id:
        raise InvalidValue(f"{where} refers to {shown(member)}, which stands in another document.")
    inner_type = codebook.link_types_by_id.get(inner.type_id)
    name = inner_type.name if inner_type else inner.type_id
    if name not in role.links:
        raise InvalidValue(
            f"{where} holds the link {shown(member)} of the type {shown(name)} in its role {shown(role.name)}, "
            "which does not take that type."
        )


def find_cycle(edges: Mapping[str, Iterable[str]]) -> list[str]:
    """Ids that lead back to the first of them, or nothing. Ids that are no keys lead nowhere."""
    done: set[str] = set()
    for root in edges:
        if root in done:
            continue
        path: list[str] = [root]
        on_path: set[str] = {root}
        pending = [iter(edges[root])]
        while pending:
            for target in pending[-1]:
                if target in on_path:
                    return path[path.index(target) :]
                if target not in done and target in edges:
                    path.append(target)
                    on_path.add(target)
                    pending.append(iter(edges[target]))
                    break
            else:
                pending.pop()
                finished = path.pop()
                on_path.discard(finished)
                done.add(finished)
    return []


def check_acyclic(edges: Mapping[str, Iterable[str]], what: str = "link") -> None:
    """Nothing leads back to itself: no attribution holds itself, no entry is its own ancestor."""
    cycle = find_cycle(edges)
    if len(cycle) == 1:
        raise InvalidValue(f"The {what} {shown(cycle[0])} refers to itself.")
    if cycle:
        raise InvalidValue(f"The {what} {shown(cycle[0])} leads back to itself through {shown(cycle[-1])}.")


def check_field_definitions(fields: Iterable[Field], where: str) -> None:
    """Fields have different names, known types, and choices where the type needs them."""
    names: set[str] = set()
    for field in fields:
        if not field.name.strip():
            raise InvalidValue(f"{_upper(where)} has a field without a name.")
        if field.name in names:
            raise InvalidValue(f"{_upper(where)} has two fields named {shown(field.name)}.")
        names.add(field.name)
        if field.type not in FIELD_TYPES:
            raise InvalidValue(
                f"The field {shown(field.name)} of {_lower(where)} has the unknown type {shown(field.type)}."
            )
        if len(set(field.choices)) != len(field.choices):
            raise InvalidValue(f"The field {shown(field.name)} of {_lower(where)} has the same choice twice.")


def check_codebook(codebook: Codebook) -> None:
    """Names and ids are unique within their kind, and everything that is referred to by name is there."""
    for kind, items in (
        ("layer", codebook.layers),
        ("link type", codebook.link_types),
        ("registry", codebook.registries),
    ):
        names: set[str] = set()
        ids: set[str] = set()
        for item in items:
            if not item.name.strip():
                raise InvalidValue(f"The codebook has a {kind} without a name.")
            if item.name in names:
                raise InvalidValue(f"The codebook has two of the {kind} {shown(item.name)}.")
            if item.id in ids:
                raise InvalidValue(f"The codebook has the {kind} id {shown(item.id)} twice.")
            names.add(item.name)
            ids.add(item.id)
            check_field_definitions(item.fields, f"the {kind} {shown(item.name)}")
    check_field_definitions(codebook.document_fields, "documents")
    for layer in codebook.layers:
        if not _COLOR.fullmatch(layer.color):
            raise InvalidValue(
                f"The layer {shown(layer.name)} has the colour {shown(layer.color)}, which is not like #1b54b4."
            )
        if layer.mark not in MARKS:
            raise InvalidValue(f"The layer {shown(layer.name)} has the unknown mark {shown(layer.mark)}.")
        if layer.registry is not None and layer.registry not in codebook.registries_by_name:
            raise InvalidValue(f"The layer {shown(layer.name)} refers to an unknown registry {shown(layer.registry)}.")
    for link_type in codebook.link_types:
        roles: set[str] = set()
        for role in link_type.roles:
            if not role.name.strip() or role.name in roles:
                raise InvalidValue(
                    f"The link type {shown(link_type.name)} has two roles named {shown(role.name)}."
                    if role.name.strip()
                    else f"The link type {shown(link_type.name)} has a role without a name."
                )
            roles.add(role.name)
            if role.min < 0:
                raise InvalidValue(f"The role {shown(role.name)} of {shown(link_type.name)} has a minimum below zero.")
            for name in role.layers:
                if name not in codebook.layers_by_name:
                    raise InvalidValue(
                        f"The role {shown(role.name)} of {shown(link_type.name)} takes an unknown layer {shown(name)}."
                    )
            for name in role.links:
                if name not in codebook.link_types_by_name:
                    raise InvalidValue(
                        f"The role {shown(role.name)} of {shown(link_type.name)} takes an unknown link type "
                        f"{shown(name)}."
                    )
