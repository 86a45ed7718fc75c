"""Annotations for an article that the project has already: what is there is found again, what is new gets its place.

A file without ids, read twice, tells the same annotations twice. Two of them are one where layer, place, coder and fields
are the same; links, where type, members and coder are. What stands there twice is found twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from annotator.domain.model import Annotation, DocumentData, Link
from annotator.services.likeness import key_of


@dataclass(slots=True)
class Landed:
    """What is new, with the ids of this project, and how much was there."""

    annotations: list[Annotation] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    same_annotations: int = 0
    same_links: int = 0
    differing: int = 0
    """Those of the same that have another note or other entries here."""


def land(
    data: DocumentData,
    document_id: str,
    annotations: Iterable[Annotation],
    links: Iterable[Link],
    free_id: Callable[[str], str],
) -> Landed:
    """The file's annotations and links on this document, beside those that it has.

    `free_id` gives an id back, or another one where the project uses it for something else.
    """
    landed = Landed()
    known = _Known([*annotations, *links])
    ids: dict[str, str] = {}
    for annotation in data.annotations:
        found = known.take(annotation)
        if found is None:
            ids[annotation.id] = free_id(annotation.id)
            landed.annotations.append(replace(annotation, id=ids[annotation.id], document_id=document_id))
        else:
            ids[annotation.id] = found.id
            landed.same_annotations += 1
            landed.differing += _differs(annotation, found)
    for link in _members_first(data.links):
        roles = {role: tuple(dict.fromkeys(ids[m] for m in members)) for role, members in link.roles.items()}
        link = replace(link, roles=roles, document_id=document_id)
        twin = known.take(link)
        if twin is None:
            ids[link.id] = free_id(link.id)
            landed.links.append(replace(link, id=ids[link.id]))
        else:
            ids[link.id] = twin.id
            landed.same_links += 1
            landed.differing += link.note != twin.note
    return landed


def recognised(data: DocumentData, annotations: Iterable[Annotation], links: Iterable[Link]) -> DocumentData:
    """With the project's ids for what comes under an id that the project does not have, but is there under another.

    Of a document that is known by its id, not all need have an id of their own in the file.
    """
    known: list[Annotation | Link] = [*annotations, *links]
    given = {a.id for a in data.annotations} | {link.id for link in data.links}
    ours = {mark.id for mark in known}
    if given <= ours:
        return data
    free = _Known(mark for mark in known if mark.id not in given)
    ids: dict[str, str] = {}
    marks: list[Annotation] = []
    for annotation in data.annotations:
        twin = free.take(annotation) if annotation.id not in ours else None
        if twin is not None:
            ids[annotation.id] = twin.id
            annotation = replace(annotation, id=twin.id)
        marks.append(annotation)
    made: dict[str, Link] = {}
    for link in _members_first(data.links):
        roles = {role: tuple(ids.get(m, m) for m in members) for role, members in link.roles.items()}
        moved = replace(link, roles=roles)
        twin = free.take(moved) if link.id not in ours else None
        if twin is not None:
            ids[link.id] = twin.id
            moved = replace(moved, id=twin.id)
        made[link.id] = moved
    return replace(data, annotations=tuple(marks), links=tuple(made[link.id] for link in data.links))


class _Known:
    """What the document holds, by what tells it apart; each is found once."""

    def __init__(self, marks: Iterable[Annotation | Link]) -> None:
        self._by_key: dict[tuple[object, ...], deque[Annotation | Link]] = {}
        # In the order of their ids, which is the order in which they once came.
        for mark in sorted(marks, key=lambda mark: mark.id):
            self._by_key.setdefault(key_of(mark), deque()).append(mark)

    def take(self, mark: Annotation | Link) -> Annotation | Link | None:
        waiting = self._by_key.get(key_of(mark))
        if not waiting:
            return None
        if len(waiting) > 1 and isinstance(mark, Annotation):
            # Of several in one place, the one that is the same in all else goes first.
            for place, found in enumerate(waiting):
                if not _differs(mark, found):
                    del waiting[place]
                    return found
        return waiting.popleft()


def _differs(given: Annotation, known: Annotation | Link) -> bool:
    return (isinstance(known, Annotation) and (bool(given.note) and given.note != known.note)) or (
        isinstance(known, Annotation) and bool(given.entries) and given.entries != known.entries
    )


def _members_first(links: Iterable[Link]) -> list[Link]:
    """Such that a link comes after those that it holds."""
    by_id: Mapping[str, Link] = {link.id: link for link in links}
    ordered: dict[str, Link] = {}
    for link in by_id.values():
        pending = [link]
        while pending:
            at = pending[-1]
            waiting = [by_id[m] for m in at.members() if m in by_id and m not in ordered]
            if at.id in ordered:
                pending.pop()
            elif waiting:
                pending += waiting
            else:
                ordered[at.id] = pending.pop()
    return list(ordered.values())
