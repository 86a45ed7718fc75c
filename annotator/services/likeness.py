"""Whether what a file of another tool says of a thing is what the project knows of it already.

Such files keep less than a project does: values come back as texts, aliases and origins stay behind. What the file does
not say is no difference; what it says otherwise is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from annotator.domain.model import Annotation, Document, Entry, Fields, FieldValue, Link

_Mark = TypeVar("_Mark", Annotation, Link)


def content(mark: _Mark) -> _Mark:
    """Without the times, which tell nothing of what it says."""
    if isinstance(mark, Link):
        return replace(mark, roles=_members(mark.roles), created="", modified="")
    return replace(mark, created="", modified="")


def plain(value: FieldValue) -> str:
    """A value as a text that tells the same, whatever type it has."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, (list, tuple)):
        return "; ".join(" ".join(str(item).split()) for item in value)
    return " ".join(str(value).split())


def _within(given: Fields, known: Fields) -> bool:
    """Whether each value of one is a value of the other."""
    return all(key in known and plain(known[key]) == plain(value) for key, value in given.items() if plain(value))


def _same(given: Fields, known: Fields) -> bool:
    return _told(given) == _told(known)


def _told(fields: Fields) -> dict[str, str]:
    return {key: text for key, value in fields.items() if (text := plain(value))}


def _same_note(given: str, known: str) -> bool:
    return not given.strip() or " ".join(given.split()) == " ".join(known.split())


def same_entry(given: Entry, known: Entry) -> bool:
    """Whether the file says nothing of this entry that the project does not know."""
    names = {known.name, *known.aliases}
    return (
        given.registry_id == known.registry_id
        and given.name == known.name
        and names.issuperset(given.aliases)
        and (given.parent_id is None or given.parent_id == known.parent_id)
        and _within(given.fields, known.fields)
        and _same_note(given.note, known.note)
    )


def contradicts(given: Entry, known: Entry) -> bool:
    """Whether two entries of one name cannot be the same thing: another parent, or another value in a field."""
    if given.parent_id is not None and known.parent_id is not None and given.parent_id != known.parent_id:
        return True
    return any(key in known.fields and plain(known.fields[key]) != plain(v) for key, v in given.fields.items())


def same_document(given: Document, known: Document) -> bool:
    """Whether the file says nothing of this article that the project does not know."""
    return given.title == known.title and _within(given.metadata, known.metadata)


def same_mark(given: Annotation | Link, known: Annotation | Link) -> bool:
    """Whether this is the same annotation, or the same link, as far as the file can tell."""
    if isinstance(given, Annotation) and isinstance(known, Annotation):
        what = (
            given.layer_id == known.layer_id and given.fragments == known.fragments and given.entries == known.entries
        )
    elif isinstance(given, Link) and isinstance(known, Link):
        what = given.type_id == known.type_id and _members(given.roles) == _members(known.roles)
    else:
        return False
    return (
        what
        and given.coder_id == known.coder_id
        and _same(given.fields, known.fields)
        and _same_note(given.note, known.note)
    )


def _members(roles: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {role: tuple(members) for role, members in roles.items() if members}


# The file's word goes before the project's: what it cannot say stays as it is.


def entry_from(given: Entry, known: Entry) -> Entry:
    """The project's entry as the file has it."""
    aliases = (*known.aliases, *(alias for alias in given.aliases if alias not in known.aliases))
    return replace(
        known,
        registry_id=given.registry_id,
        name=given.name,
        aliases=aliases,
        parent_id=given.parent_id or known.parent_id,
        fields=_over(known.fields, given.fields),
        note=given.note or known.note,
    )


def document_from(given: Document, known: Document) -> Document:
    """The project's article as the file has it."""
    return replace(known, title=given.title, metadata=_over(known.metadata, given.metadata))


def mark_from(given: _Mark, known: _Mark) -> _Mark:
    """The project's annotation or link as the file has it."""
    fields = _over({name: value for name, value in known.fields.items() if name in given.fields}, given.fields)
    return replace(given, fields=fields, note=given.note or known.note, origin=known.origin, created=known.created)


def _over(known: Fields, given: Fields) -> Fields:
    """The file's values over the project's; what reads the same keeps its type."""
    return {**known, **{k: v for k, v in given.items() if k not in known or plain(known[k]) != plain(v)}}


# The same thing without an id


def key_of(mark: Annotation | Link) -> tuple[object, ...]:
    """What two marks have in common that are the same one: where and what they are, and who made them."""
    told = tuple(sorted(_told(mark.fields).items()))
    if isinstance(mark, Annotation):
        return "annotation", mark.layer_id, mark.coder_id, tuple(sorted(mark.fragments)), told
    roles = tuple((role, *members) for role, members in sorted(_members(mark.roles).items()))
    return "link", mark.type_id, mark.coder_id, roles, told
