"""Counts over a whole project, and the lists behind them, read in whole sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, func, select

from annotator.domain.model import FieldValue
from annotator.storage import dialect, mappers, schema
from annotator.storage.gate import rows_of

Counted = Literal["document", "annotation", "link"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles count, and whose annotations and links; "" sets no bound. Dates are the articles' own."""

    status: str = ""
    coder_id: str = ""
    since: str = ""
    until: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(self.status or self.coder_id or self.since or self.until)


@dataclass(frozen=True, slots=True)
class Pick:
    """What a bar counts, said so that it can be listed. All that is given must hold."""

    thing: Counted
    owners: tuple[str, ...] = ()
    """Ids of layers or link types."""
    values: tuple[tuple[str, str | None], ...] = ()
    """Fields and the choice that each holds; None where the field is not set."""
    entry_id: str = ""
    status: str = ""
    coder_id: str = ""
    made_since: str = ""
    made_until: str = ""
    """Days, both inclusive: when an annotation was made."""
    since: str = ""
    until: str = ""
    """Days, both inclusive: the article's date."""
    ids: tuple[str, ...] | None = None
    """These and no others."""


class Place(NamedTuple):
    """One thing of a list: for an annotation and a link, the document that it stands in."""

    id: str
    document_id: str


def choices_in(value: FieldValue | None) -> tuple[str, ...]:
    """The choices that a field's value holds; yes or no for a boolean."""
    if value is None or value == "" or value == []:
        return ()
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, list):
        return tuple(value)
    return (str(value),)


class Counts:
    """Counts what is in a scope."""

    def __init__(self, connection: Connection, scope: Scope) -> None:
        self._connection = connection
        self._scope = scope

    # What is in the scope

    def _of_documents(self, since: str = "", until: str = "", status: str = "") -> list[ColumnElement[bool]]:
        """Conditions on documents: the scope's and these."""
        d, scope = schema.document, self._scope
        date = dialect.day_of(d.c.metadata, "date")
        found = [d.c.status == wanted for wanted in (scope.status, status) if wanted]
        found += [date >= day for day in (scope.since, since) if day]
        found += [date <= day for day in (scope.until, until) if day]
        return found

    def _of_coder(self, table: Any) -> list[ColumnElement[bool]]:
        return [table.c.coder_id == self._scope.coder_id] if self._scope.coder_id else []

    def _in_documents(
        self, table: Any, since: str = "", until: str = "", status: str = ""
    ) -> list[ColumnElement[bool]]:
        """Conditions on annotations or links: those whose documents are in the scope."""
        conditions = self._of_documents(since, until, status)
        within = select(schema.document.c.id).where(*conditions)
        return [*self._of_coder(table), *([table.c.document_id.in_(within)] if conditions else [])]

    def _documents(self, since: str = "", until: str = "", status: str = "") -> list[ColumnElement[bool]]:
        """Conditions on documents: with a coder, those in which the coder has annotated."""
        a, d = schema.annotation, schema.document
        theirs = select(a.c.document_id).where(*self._of_coder(a))
        return [*self._of_documents(since, until, status), *([d.c.id.in_(theirs)] if self._scope.coder_id else [])]

    def _rows(self, statement: Any) -> list[tuple[Any, ...]]:
        return dialect.plain_rows(self._connection, statement)

    # Counts

    def statuses(self) -> dict[str, int]:
        """Documents by status."""
        d = schema.document
        return dict(self._rows(select(d.c.status, func.count()).where(*self._documents()).group_by(d.c.status)))

    def made(self) -> list[tuple[str, str, int]]:
        """Annotations by the day on which they were made ("" where not known) and coder."""
        a = schema.annotation
        day = func.substr(a.c.created, 1, 10)
        found = select(day, a.c.coder_id, func.count()).where(*self._in_documents(a)).group_by(day, a.c.coder_id)
        return [(str(row[0]), str(row[1]), int(row[2])) for row in self._rows(found)]

    def finished(self) -> list[tuple[str, str, str]]:
        """Documents that are done, with the day and the coder (by name) of the step that last made them so.

        What an import brought as done is not among them.
        """
        d, s, c = schema.document, schema.step, schema.change
        within = {row[0] for row in self._rows(select(d.c.id).where(*self._of_documents(status="done")))}
        found = select(s.c.at, s.c.coder, c.c.before, c.c.after).join(c, c.c.step == s.c.number)
        found = found.where(c.c.table_name == d.name, s.c.kind == "do", s.c.state == "done")
        found = found.where(c.c.before.is_not(None), c.c.after.like('%"done"%')).order_by(s.c.number, c.c.sequence)
        last: dict[str, tuple[str, str]] = {}
        for at, coder, before, after in self._connection.execute(found):
            was = {row["id"]: row["status"] for row in rows_of(d, before) or ()}
            for row in rows_of(d, after) or ():
                if row["status"] == "done" and was.get(row["id"], "") != "done" and row["id"] in within:
                    last[row["id"]] = (at[:10], coder)
        return [(day, coder, id_) for id_, (day, coder) in last.items()]

    def held(self) -> dict[str, list[tuple[dict[str, FieldValue], int]]]:
        """For each layer and link type that has anything: the values that its things hold, and how many hold just these."""
        a, k = schema.annotation, schema.link
        found: dict[str, list[tuple[dict[str, FieldValue], int]]] = {}
        for table, owner in ((a, a.c.layer_id), (k, k.c.type_id)):
            counted = select(owner, table.c.fields, func.count()).where(*self._in_documents(table))
            for owner_id, values, count in self._rows(counted.group_by(owner, table.c.fields)):
                found.setdefault(owner_id, []).append((mappers.load(values), count))
        return found

    def metadata(self) -> list[dict[str, FieldValue]]:
        """The metadata of every document."""
        d = schema.document
        return [mappers.load(row[0]) for row in self._rows(select(d.c.metadata).where(*self._documents()))]

    def entries(self, registry_id: str, limit: int) -> list[tuple[str, str, int]]:
        """Id, name and number of annotations of the entries that are mentioned most."""
        m, a, e = schema.mention, schema.annotation, schema.entry
        joined = m.join(e, e.c.id == m.c.entry_id)
        within = self._in_documents(a)
        if within:
            joined = joined.join(a, a.c.id == m.c.annotation_id)
        count = func.count()
        found = select(e.c.id, e.c.name, count).select_from(joined).where(e.c.registry_id == registry_id, *within)
        found = found.group_by(e.c.id).order_by(count.desc(), e.c.name, e.c.id).limit(limit)
        return [(str(row[0]), str(row[1]), int(row[2])) for row in self._rows(found)]

    def dated(self, layer_ids: Iterable[str]) -> dict[str, int]:
        """Annotations of these layers by the date of their articles; "" where an article has none."""
        a, d = schema.annotation, schema.document
        date = func.coalesce(dialect.day_of(d.c.metadata, "date"), "")
        found = select(date, func.count()).select_from(a.join(d, d.c.id == a.c.document_id))
        found = found.where(a.c.layer_id.in_(list(layer_ids)), *self._of_coder(a), *self._of_documents())
        return {str(day): int(count) for day, count in self._rows(found.group_by(date))}

    # Lists

    def places(self, pick: Pick) -> list[Place]:
        """What a bar stands for, in the order of the project and of the text."""
        d, bounds = schema.document, (pick.since, pick.until, pick.status)
        if pick.thing == "document":
            found = select(d.c.id, d.c.id, d.c.metadata).where(*self._documents(*bounds)).order_by(d.c.position, d.c.id)
        else:
            table = schema.annotation if pick.thing == "annotation" else schema.link
            start = [table.c.start] if pick.thing == "annotation" else []
            found = select(table.c.id, table.c.document_id, table.c.fields).join(d, d.c.id == table.c.document_id)
            found = found.where(*self._of_coder(table), *self._of_documents(*bounds), *_told(pick, table))
            found = found.order_by(d.c.position, d.c.id, *start, table.c.id)
        fits, wanted = _fitting(pick), None if pick.ids is None else frozenset(pick.ids)
        return [
            Place(id_, document_id)
            for id_, document_id, values in self._rows(found)
            if (wanted is None or id_ in wanted) and fits(values)
        ]


def _told(pick: Pick, table: Table) -> list[ColumnElement[bool]]:
    """What a pick says of annotations or links, but for their values."""
    day = func.substr(table.c.created, 1, 10)
    mentioned = select(schema.mention.c.annotation_id).where(schema.mention.c.entry_id == pick.entry_id)
    owner = table.c.layer_id if pick.thing == "annotation" else table.c.type_id
    return [
        *([owner.in_(pick.owners)] if pick.owners else []),
        *([table.c.coder_id == pick.coder_id] if pick.coder_id else []),
        *([day >= pick.made_since] if pick.made_since else []),
        *([day <= pick.made_until] if pick.made_until else []),
        *([table.c.id.in_(mentioned)] if pick.entry_id else []),
    ]


def _fitting(pick: Pick) -> Callable[[str], bool]:
    """Whether values as they are stored hold what is wanted; each different text is read once."""
    known: dict[str, bool] = {}

    def fits(stored: str) -> bool:
        if not pick.values:
            return True
        told = known.get(stored)
        if told is None:
            values = mappers.load(stored)
            held = ((choices_in(values.get(name)), choice) for name, choice in pick.values)
            told = known[stored] = all(choice in found if choice is not None else not found for found, choice in held)
        return told

    return fits
