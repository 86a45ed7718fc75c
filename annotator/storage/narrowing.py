"""Conditions of a search on documents (`d`), annotations (`a`) and links (`k`), as parts of SQL statements."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection

from annotator.domain.folding import lower, plain

On = Literal["document", "annotation"]


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of a WHERE clause, and what it is put to."""

    on: On
    sql: str
    values: tuple[object, ...] = ()

    def __invert__(self) -> Condition:
        return Condition(self.on, f"NOT ({self.sql})", self.values)


def together(conditions: Iterable[Condition], on: On) -> tuple[str, tuple[object, ...]]:
    """Those on one kind of thing, as one clause that is true where there are none."""
    chosen = [condition for condition in conditions if condition.on == on]
    return " AND ".join(f"({c.sql})" for c in chosen) or "1", tuple(value for c in chosen for value in c.values)


# Documents


def status(value: str) -> Condition:
    """Documents of this status."""
    return Condition("document", "d.status = ?", (value,))


def dated(value: str, side: Literal["from", "to", "date"]) -> Condition:
    """Documents of a day, a month or a year, or of all from it or up to it."""
    told = f"substr(json_extract(d.metadata, '$.date'), 1, {len(value)})"
    sign = ">=" if side == "from" else "<=" if side == "to" else "="
    # What has no date is of no day, so that it is among those that are not of this one.
    return Condition("document", f"coalesce({told} {sign} ?, 0)", (value,))


def titled(value: str) -> Condition:
    """Documents whose title holds these words."""
    return Condition("document", "holds_words(d.title, ?)", (value,))


def metadata(key: str, value: str, *, whole: bool = False) -> Condition:
    """Documents whose metadata say this."""
    return Condition("document", f"{'tells' if whole else 'mentions'}(d.metadata, ?, ?)", (key, value))


def has_metadata(key: str) -> Condition:
    """Documents whose metadata have this key."""
    return Condition("document", "tells(d.metadata, ?, '*')", (key,))


# Annotations


def in_layers(ids: Sequence[str]) -> Condition:
    """Annotations of these layers."""
    return Condition("annotation", f"a.layer_id IN {_AMONG}", (json.dumps(ids),))


def by_coders(ids: Sequence[str]) -> Condition:
    """Annotations of these coders."""
    return Condition("annotation", f"a.coder_id IN {_AMONG}", (json.dumps(ids),))


def of_entries(ids: Sequence[str]) -> Condition:
    """Annotations that refer to any of these entries."""
    sql = f"a.id IN (SELECT n.annotation_id FROM mention n WHERE n.entry_id IN {_AMONG})"
    return Condition("annotation", sql, (json.dumps(ids),))


def with_entries() -> Condition:
    """Annotations that refer to any entry."""
    return Condition("annotation", "EXISTS (SELECT 1 FROM mention n WHERE n.annotation_id = a.id)")


def field_is(name: str, value: str, *, whole: bool) -> Condition:
    """Annotations with this value in a field; `whole`: all of it, not only words in it."""
    return Condition("annotation", f"{'tells' if whole else 'mentions'}(a.fields, ?, ?)", (name, value))


def noted(value: str) -> Condition:
    """Annotations whose note holds these words; any note for "*"."""
    return Condition("annotation", "holds_words(a.note, ?)", (value,))


def said_by(type_id: str, ids: Sequence[str], role: str = "source", claim: str = "claim") -> Condition:
    """Annotations in the claim role of a link in which an annotation of these entries stands in another role."""
    sql = (
        "EXISTS (SELECT 1 FROM member c JOIN link k ON k.id = c.link_id AND k.type_id = ?"
        " JOIN member s ON s.link_id = c.link_id AND s.role = ?"
        " JOIN mention n ON n.annotation_id = s.annotation_id"
        f" WHERE c.annotation_id = a.id AND c.role = ? AND n.entry_id IN {_AMONG})"
    )
    return Condition("annotation", sql, (type_id, role, claim, json.dumps(ids)))


def passed_on_by(type_id: str, ids: Sequence[str]) -> Condition:
    """Annotations in an attribution that another one holds, near or far, with a source of these entries."""
    sql = (
        "a.id IN (WITH RECURSIVE inner_(id) AS ("
        "SELECT h.inner_id FROM member h JOIN link k ON k.id = h.link_id AND k.type_id = ?"
        " JOIN member s ON s.link_id = h.link_id AND s.role = 'source'"
        " JOIN mention n ON n.annotation_id = s.annotation_id"
        f" WHERE h.role = 'claim' AND h.inner_id IS NOT NULL AND n.entry_id IN {_AMONG}"
        " UNION SELECT m.inner_id FROM member m JOIN inner_ ON m.link_id = inner_.id"
        " WHERE m.role = 'claim' AND m.inner_id IS NOT NULL)"
        " SELECT m.annotation_id FROM member m JOIN inner_ ON m.link_id = inner_.id"
        " WHERE m.role = 'claim' AND m.annotation_id IS NOT NULL)"
    )
    return Condition("annotation", sql, (type_id, json.dumps(ids)))


def linked(role: str) -> Condition:
    """Annotations in a link that has a member in this role."""
    sql = (
        "EXISTS (SELECT 1 FROM member s JOIN member o ON o.link_id = s.link_id AND o.role = ?"
        " WHERE s.annotation_id = a.id)"
    )
    return Condition("annotation", sql, (role,))


def in_links(type_id: str) -> Condition:
    """Annotations that take part in a link of this type."""
    sql = (
        "EXISTS (SELECT 1 FROM member s JOIN link k ON k.id = s.link_id WHERE s.annotation_id = a.id AND k.type_id = ?)"
    )
    return Condition("annotation", sql, (type_id,))


# Links: each is found at the annotation in its first role, or in that of the link which stands there


def anchors(type_id: str, first_role: str, conditions: Iterable[Condition]) -> Condition:
    """The annotations at which links of a type are found that fit all these conditions, which are on `k`.

    Without a role: all annotations in them.
    """
    chosen = list(conditions)
    clause = "".join(f" AND ({c.sql})" for c in chosen)
    sql = (
        "a.id IN (WITH RECURSIVE down(id) AS ("
        f"SELECT k.id FROM link k WHERE k.type_id = ?{clause}"
        " UNION SELECT m.inner_id FROM member m JOIN down ON m.link_id = down.id"
        " WHERE ? IN ('', m.role) AND m.inner_id IS NOT NULL)"
        " SELECT m.annotation_id FROM member m JOIN down ON m.link_id = down.id"
        " WHERE ? IN ('', m.role) AND m.annotation_id IS NOT NULL)"
    )
    values = tuple(value for c in chosen for value in c.values)
    return Condition("annotation", sql, (type_id, *values, first_role, first_role))


def link_has_role(role: str) -> Condition:
    """Links with a member in this role."""
    return Condition("annotation", "EXISTS (SELECT 1 FROM member s WHERE s.link_id = k.id AND s.role = ?)", (role,))


def link_has_entry(ids: Sequence[str], role: str = "") -> Condition:
    """Links with a member, in this role if one is named, that refers to any of these entries."""
    sql = (
        "EXISTS (SELECT 1 FROM member s JOIN mention n ON n.annotation_id = s.annotation_id"
        f" WHERE s.link_id = k.id AND n.entry_id IN {_AMONG}{' AND s.role = ?' if role else ''})"
    )
    return Condition("annotation", sql, (json.dumps(ids), *((role,) if role else ())))


def of_link(condition: Condition) -> Condition:
    """A condition on the fields, the note or the coder of an annotation, put to a link instead."""
    return Condition(condition.on, re.sub(r"\ba\.(fields|note|coder_id)\b", r"k.\1", condition.sql), condition.values)


_AMONG = "(SELECT value FROM json_each(?))"


# What SQLite cannot compare: letters of all scripts, values in JSON


def teach(connection: Connection) -> None:
    """Give a connection the functions that the conditions use."""
    raw = connection.connection.driver_connection
    assert raw is not None
    for name, count, function in (("tells", 3, _tells), ("mentions", 3, _mentions), ("holds_words", 2, _holds_words)):
        raw.create_function(name, count, function, deterministic=True)


def folded(value: object) -> str:
    """A value as it is compared."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(lower(plain(str(value))).split())


_SAME = {"true": "yes", "false": "no"}


def _values(kept: str, key: str) -> list[object]:
    if kept == "{}":
        return []
    value = json.loads(kept).get(key)
    return [] if value is None else value if isinstance(value, list) else [value]


def _tells(kept: str, key: str, wanted: str) -> bool:
    """Whether a value under this key is this one, or begins like it where it ends in *."""
    values: list[Any] = _values(kept, key)
    form = folded(wanted)
    if form.endswith("*"):
        return any(folded(value).startswith(form[:-1]) for value in values)
    yes_or_no = _SAME.get(form, form)
    return any(folded(value) == (yes_or_no if isinstance(value, bool) else form) for value in values)


def _mentions(kept: str, key: str, wanted: str) -> bool:
    return any(_holds_words(str(value), wanted) for value in _values(kept, key))


def _holds_words(text: str, wanted: str) -> bool:
    """Whether these words stand in a text, whole ones; the last may be a beginning where it ends in *."""
    form, within = folded(wanted), folded(text)
    prefix = form.endswith("*")
    form = form.rstrip("*").rstrip()
    if not form:
        return bool(within)
    at = within.find(form)
    while at >= 0:
        before, after = within[at - 1 : at] if at else "", within[at + len(form) : at + len(form) + 1]
        if not (before.isalnum() and form[0].isalnum()) and (prefix or not (after.isalnum() and form[-1].isalnum())):
            return True
        at = within.find(form, at + 1)
    return False
