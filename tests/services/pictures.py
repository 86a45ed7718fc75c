"""Pictures of a project: every row that steps write to, and what became of things between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from annotator.services.project import Project
from annotator.storage.schema import JOURNALLED

Table = dict[tuple[Any, ...], tuple[Any, ...]]
Dump = dict[str, Table]


def dump(project: Project) -> Dump:
    """Every row of every table that steps write to, by its key."""
    found: Dump = {}
    for table in JOURNALLED.values():
        names = [column.name for column in table.columns]
        keys = [names.index(column.name) for column in table.primary_key]
        rows = project.store.connection.exec_driver_sql(f"SELECT {', '.join(names)} FROM {table.name}").all()
        found[table.name] = {tuple(row[i] for i in keys): tuple(row) for row in rows}
    return found


@dataclass
class Diff:
    """What became of things between two dumps, by kind."""

    added: dict[str, set[str]]
    changed: dict[str, set[str]]
    removed: dict[str, set[str]]
    documents: set[str]


def diff(before: Dump, after: Dump) -> Diff:
    """Told from the rows alone."""
    found = Diff({}, {}, {}, set())
    for table in JOURNALLED.values():
        names = [column.name for column in table.columns]
        kind, key = table.info["kind"], names.index(table.info["key"])
        was, now = before[table.name], after[table.name]
        for row_key in was.keys() | now.keys():
            old, new = was.get(row_key), now.get(row_key)
            if old == new:
                continue
            id_ = (new or old or ())[key]
            part = found.changed
            if table.info["key"] == "id" and (old is None or new is None):
                part = found.added if old is None else found.removed
            part.setdefault(kind, set()).add(id_)
    for kind, ids in found.changed.items():
        ids -= found.added.get(kind, set()) | found.removed.get(kind, set())
    for kind in ("annotation", "link"):
        place = [column.name for column in JOURNALLED[kind].columns].index("document_id")
        for part in (found.added, found.changed, found.removed):
            for id_ in part.get(kind, ()):
                row = after[kind].get((id_,)) or before[kind][(id_,)]
                found.documents.add(row[place])
    return found
