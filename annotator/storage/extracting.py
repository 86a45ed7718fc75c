"""How many annotations an extract of a project has, and which entries they mention, without reading them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select

from annotator.storage import schema
from annotator.storage.gate import batches


def texts(connection: Connection) -> Iterator[str]:
    """Every text that is kept, one after the other."""
    for row in connection.exec_driver_sql("SELECT content FROM text"):
        yield row[0]


class AnnotationsOf:
    """The annotations of these documents (None: of all) in these layers, by these coders (none: all), made in between."""

    def __init__(
        self,
        connection: Connection,
        documents: Sequence[str] | None,
        layers: Collection[str] = (),
        coders: Collection[str] = (),
        since: str = "",
        until: str = "",
    ) -> None:
        self._connection = connection
        self._documents = documents
        a = schema.annotation.c
        made = case((a.created != "", a.created), else_=a.modified)
        self._conditions: list[ColumnElement[bool]] = []
        if layers:
            self._conditions.append(a.layer_id.in_(sorted(layers)))
        if coders:
            self._conditions.append(a.coder_id.in_(sorted(coders)))
        if since:
            self._conditions.append(func.substr(made, 1, len(since)) >= since)
        if until:
            self._conditions += [made != "", func.substr(made, 1, len(until)) <= until]

    def count(self) -> int:
        """How many there are."""
        found = select(func.count()).select_from(schema.annotation)
        return sum(int(self._connection.execute(found.where(*conditions)).scalar_one()) for conditions in self._parts())

    def entries(self) -> set[str]:
        """The entries that they mention."""
        a, m = schema.annotation, schema.mention
        found = select(m.c.entry_id).distinct().join(a, a.c.id == m.c.annotation_id)
        return {entry for conditions in self._parts() for entry in self._connection.scalars(found.where(*conditions))}

    def _parts(self) -> Iterable[list[ColumnElement[Any]]]:
        if self._documents is None:
            yield self._conditions
            return
        for batch in batches(self._documents):
            yield [schema.annotation.c.document_id.in_(batch), *self._conditions]
