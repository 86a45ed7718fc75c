"""What a project file is made of: whether its tables are ours, and nothing else is in it that could act by itself.

A project may come from a stranger. What SQLite would run unasked (triggers, views in the place of tables, computed
columns, indexes over expressions) has no place in one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import CheckConstraint, Connection, MetaData

from annotator.domain.invariants import shown

SEARCH = "text_search"
_CHECK = re.compile(r"\bCHECK\s*\(", re.IGNORECASE)


def problems(connection: Connection, metadata: MetaData) -> list[str]:
    """What is missing and what is strange, a sentence each."""
    return [*lost(connection, metadata), *strange(connection, metadata)]


def lost(connection: Connection, metadata: MetaData) -> list[str]:
    """Tables and columns that should be there and are not."""
    found = []
    for name, table in metadata.tables.items():
        columns = {row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({name})")}
        missing = [column.name for column in table.columns if column.name not in columns]
        if not columns:
            found.append(f"The file has lost its table {name}.")
        elif missing:
            found.append(f"The table {name} has lost its column {missing[0]}.")
    if SEARCH not in _kinds(connection):
        found.append("The file has lost its search index.")
    return found


def strange(connection: Connection, metadata: MetaData, *, newer: bool = False) -> list[str]:
    """What Annotator did not make. In a file of a `newer` version only what stands in the place of a table of ours."""
    return list(_strange(connection, metadata, newer))


def _strange(connection: Connection, metadata: MetaData, newer: bool) -> Iterator[str]:
    kinds = _kinds(connection)
    for name, kind in sorted(kinds.items(), key=lambda item: item[0] not in metadata.tables):
        if name in metadata.tables or name == SEARCH:
            if kind != ("virtual" if name == SEARCH else "table"):
                yield f"The table {name} is a {kind}, which Annotator did not make."
        elif not newer and not (name.startswith("sqlite_") or (kind == "shadow" and name.startswith(f"{SEARCH}_"))):
            yield f"The file has a {kind}, {shown(name)}, that Annotator did not make."
    if newer:
        return
    for kind, name in connection.exec_driver_sql("SELECT type, name FROM sqlite_schema WHERE type = 'trigger'"):
        yield f"The file has a {kind}, {shown(name)}, that Annotator did not make."
    ours = {index.name: table.name for table in metadata.tables.values() for index in table.indexes}
    indexes = "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
    for name, on in connection.exec_driver_sql(indexes).fetchall():
        if on not in metadata.tables:
            continue
        listed = connection.exec_driver_sql("SELECT cid FROM pragma_index_info(?)", (name,))
        if ours.get(name) != on or any(row[0] < 0 for row in listed):
            yield f"The file has an index, {shown(name)}, that Annotator did not make."
    for name, sql in connection.exec_driver_sql("SELECT name, sql FROM sqlite_schema WHERE type = 'table'").fetchall():
        table = metadata.tables.get(name)
        if table is None:
            continue
        checks = sum(isinstance(constraint, CheckConstraint) for constraint in table.constraints)
        hidden = connection.exec_driver_sql("SELECT count(*) FROM pragma_table_xinfo(?) WHERE hidden > 0", (name,))
        if len(_CHECK.findall(str(sql))) > checks or hidden.scalar_one():
            yield f"The table {name} has a rule that Annotator did not make."


def _kinds(connection: Connection) -> dict[str, str]:
    """What there is under each name: table, view, virtual or shadow."""
    rows = connection.exec_driver_sql("SELECT name, type FROM pragma_table_list WHERE schema = 'main'")
    return {str(name): str(kind) for name, kind in rows}
