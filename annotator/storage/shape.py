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
    found, there = [], _columns(connection, metadata)
    for name, table in metadata.tables.items():
        columns = there.get(name, {})
        missing = [column.name for column in table.columns if columns.get(column.name, True)]
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
    every = connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall()
    for kind, name, _on, _sql in every:
        if kind == "trigger":
            yield f"The file has a {kind}, {shown(name)}, that Annotator did not make."
    ours = {index.name: table.name for table in metadata.tables.values() for index in table.indexes}
    computed = _computed_indexes(connection)
    for kind, name, on, sql in every:
        if kind == "index" and sql is not None and on in metadata.tables and (ours.get(name) != on or name in computed):
            yield f"The file has an index, {shown(name)}, that Annotator did not make."
    columns = _columns(connection, metadata)
    for kind, name, _on, sql in every:
        table = metadata.tables.get(name) if kind == "table" else None
        if table is None:
            continue
        checks = sum(isinstance(constraint, CheckConstraint) for constraint in table.constraints)
        if len(_CHECK.findall(str(sql))) > checks or any(columns.get(name, {}).values()):
            yield f"The table {name} has a rule that Annotator did not make."


def _columns(connection: Connection, metadata: MetaData) -> dict[str, dict[str, bool]]:
    """The columns of each table of ours, and which of them are hidden or computed."""
    names = tuple(metadata.tables)
    asked = (
        "SELECT s.name, c.name, c.hidden FROM sqlite_schema s, pragma_table_xinfo(s.name) c"
        f" WHERE s.type = 'table' AND s.name IN ({', '.join('?' * len(names))})"
    )
    found: dict[str, dict[str, bool]] = {}
    for table, column, hidden in connection.exec_driver_sql(asked, names):
        found.setdefault(table, {})[column] = hidden > 0
    return found


def _computed_indexes(connection: Connection) -> set[str]:
    """Indexes over expressions."""
    asked = "SELECT s.name FROM sqlite_schema s, pragma_index_info(s.name) i WHERE s.type = 'index' AND i.cid < 0"
    return {row[0] for row in connection.exec_driver_sql(asked)}


def _kinds(connection: Connection) -> dict[str, str]:
    """What there is under each name: table, view, virtual or shadow."""
    rows = connection.exec_driver_sql("SELECT name, type FROM pragma_table_list WHERE schema = 'main'")
    return {str(name): str(kind) for name, kind in rows}
