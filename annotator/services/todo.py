"""What the codebook asks for and is not there yet: required fields left open, roles under their minimum.

It is a list to work through, never a reason to refuse anything.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from annotator.domain.codebook import Field
from annotator.storage import todo as store

if TYPE_CHECKING:
    from annotator.services.project import Project


@dataclass(frozen=True, slots=True)
class TodoItem:
    """One thing to do. `owner` names the layer, link type or registry; `what` the field or role."""

    thing: Literal["annotation", "link", "entry", "document"]
    id: str
    document_id: str
    owner: str
    what: tuple[str, ...]
    """The open fields; or the one role."""
    have: int = -1
    """Members of the role; -1 where fields are open."""
    need: int = 0
    version: int = 0
    """The codebook's version that it was made under, where that is what is asked; else 0."""
    annotation_id: str = ""
    """Where to go in the text; "" where there is no such place."""
    words: str = ""
    """The tagged words, the entry's name, or the article's title."""
    title: str = ""


@dataclass(frozen=True, slots=True)
class TodoList:
    """The first of them in the order of the project, and how many there are."""

    items: tuple[TodoItem, ...]
    total: int


_Found = tuple[TodoItem, int]


def find_todo(project: Project, document_id: str | None, limit: int) -> TodoList:
    """All there is to do in one document, or in the project (with its entries)."""
    with project.reading() as queries:
        connection, codebook = queries.connection, project.codebook
        found: list[_Found] = []
        owners = [
            *(("layer", item.id, item.name, item.fields) for item in codebook.layers),
            *(("link_type", item.id, item.name, item.fields) for item in codebook.link_types),
            *(("registry", item.id, item.name, item.fields) for item in codebook.registries),
            ("documents", "", "", codebook.document_fields),
        ]
        things: dict[str, Literal["annotation", "link", "entry", "document"]] = {
            "layer": "annotation",
            "link_type": "link",
            "registry": "entry",
            "documents": "document",
        }
        for kind, id_, name, fields in owners:
            if required := _required(fields):
                for thing in store.open_fields(connection, kind, id_, required, document_id):
                    item = TodoItem(things[kind], thing.id, thing.document_id, name, thing.missing)
                    found.append((item, thing.place))
        for link_type in codebook.link_types:
            minimums = {role.name: role.min for role in link_type.roles if role.min}
            if minimums:
                for short in store.short_roles(connection, link_type.id, minimums, document_id):
                    need = minimums[short.role]
                    item = TodoItem(
                        "link", short.id, short.document_id, link_type.name, (short.role,), short.members, need
                    )
                    found.append((item, 0))
        return TodoList(tuple(_told(project, found, limit)), len(found))


def count_versions(project: Project) -> dict[int, int]:
    """How many annotations were made, or changed last, under each version of the codebook that has any."""
    version_at = project.coding.version_at
    counts: Counter[int] = Counter()
    with project.reading() as queries:
        for time, count in store.times(queries.connection):
            counts[version_at(time)] += count
    return dict(sorted(counts.items()))


def find_version(project: Project, version: int, document_id: str | None, limit: int) -> TodoList:
    """The annotations that were made, or changed last, under a version."""
    steps = project.coding.versions()
    since = max((step.at for number, step in steps if number == version), default="")
    until = min((step.at for number, step in steps if number > version and step.at > since), default="")
    names = {layer.id: layer.name for layer in project.codebook.layers}
    with project.reading() as queries:
        found: list[_Found] = [
            (TodoItem("annotation", id_, document, names[layer], (), version=version), start)
            for id_, document, layer, start in store.made_between(queries.connection, since, until, document_id)
        ]
        return TodoList(tuple(_told(project, found, limit)), len(found))


def _required(fields: tuple[Field, ...]) -> list[str]:
    return [field.name for field in fields if field.required]


def _told(project: Project, found: list[_Found], limit: int) -> list[TodoItem]:
    """In the order of the text, with the words that they are about."""
    connection = project.store.connection
    places = store.places(connection, {item.document_id for item, _ in found if item.document_id})
    heads = store.first_annotations(connection, {item.id for item, _ in found if item.thing == "link"})

    def place(one: _Found) -> tuple[int, int, int, str]:
        item, start = one
        if item.thing == "entry":
            return 1, 0, 0, item.id
        at = heads[item.id][1] if item.id in heads else -1 if item.thing == "document" else start
        return 0, places[item.document_id][0], at, item.id

    chosen = [item for item, _ in sorted(found, key=place)[:limit]]
    targets = {item.id: item.id if item.thing == "annotation" else heads.get(item.id, ("", 0))[0] for item in chosen}
    words = store.words_of(connection, {target for target in targets.values() if target})
    entries = project.entries.get_many(item.id for item in chosen if item.thing == "entry")
    told = []
    for item in chosen:
        title = places[item.document_id][1] if item.document_id else ""
        text = words.get(targets[item.id], title)
        if item.thing == "entry":
            text = entries[item.id].name if item.id in entries else ""
        elif item.thing == "document":
            text = title
        told.append(replace(item, annotation_id=targets[item.id], words=" ".join(text.split()), title=title))
    return told
