"""What a project file is made of: whether its tables are ours, and nothing else is in it that could act by itself.

A project may come from a stranger. What SQLite would run unasked (triggers, views in the place of tables, computed
columns, indexes over expressions) has no place in one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import CheckConstraint, Connection, MetaData

from annotator.domain.invariants import shown
from annotator.storage.dialect import plain_rows

SEARCH = "text_search"
_KINDS = "SELECT name, type FROM pragma_table_list WHERE schema = 'main'"
_SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_schema"
_COLUMNS = """
SELECT m.name, c.name, c.hidden AND m.sql NOT LIKE 'CREATE VIRTUAL%'
FROM sqlite_schema m, pragma_table_xinfo(m.name) c WHERE m.type = 'table'
"""
_EXPRESSIONS = """
SELECT DISTINCT m.name FROM sqlite_schema m, pragma_index_info(m.name) c WHERE m.type = 'index' AND c.cid < 0
"""
_CHECK = re.compile(r"\bCHECK\s*\(", re.IGNORECASE)


def problems(connection: Connection, metadata: MetaData) -> list[str]:
    """What is missing and what is strange, a sentence each."""
    return [*lost(connection, metadata), *strange(connection, metadata)]


def lost(connection: Connection, metadata: MetaData) -> list[str]:
    """Tables and columns that should be there and are not."""
    found = []
    columns: dict[str, set[str]] = {}
    for table, column, _hidden in plain_rows(connection, _COLUMNS):
        columns.setdefault(table, set()).add(column)
    for name, table in metadata.tables.items():
        missing = [column.name for column in table.columns if column.name not in columns.get(name, ())]
        if name not in columns:
            found.append(f"The file has lost its table {name}.")
        elif missing:
            found.append(f"The table {name} has lost its column {missing[0]}.")
    if SEARCH not in columns:
        found.append("The file has lost its search index.")
    return found


def strange(connection: Connection, metadata: MetaData, *, newer: bool = False) -> list[str]:
    """What Annotator did not make. In a file of a `newer` version only what stands in the place of a table of ours."""
    return list(_strange(connection, metadata, newer))


def _strange(connection: Connection, metadata: MetaData, newer: bool) -> Iterator[str]:
    # What there is under each name: table, view, virtual or shadow.
    kinds = {str(name): str(kind) for name, kind in plain_rows(connection, _KINDS)}
    for name, kind in sorted(kinds.items(), key=lambda item: item[0] not in metadata.tables):
        if name in metadata.tables or name == SEARCH:
            if kind != ("virtual" if name == SEARCH else "table"):
                yield f"The table {name} is a {kind}, which Annotator did not make."
        elif not newer and not (name.startswith("sqlite_") or (kind == "shadow" and name.startswith(f"{SEARCH}_"))):
            yield f"The file has a {kind}, {shown(name)}, that Annotator did not make."
    if newer:
        return
    ours = {index.name: table.name for table in metadata.tables.values() for index in table.indexes}
    computed = {name for (name,) in plain_rows(connection, _EXPRESSIONS)}
    rules = {table for table, _column, hidden in plain_rows(connection, _COLUMNS) if hidden}
    for kind, name, on, sql in plain_rows(connection, _SCHEMA):
        if kind == "trigger":
            yield f"The file has a trigger, {shown(name)}, that Annotator did not make."
        elif kind == "index" and on in metadata.tables and sql is not None:
            if ours.get(name) != on or name in computed:
                yield f"The file has an index, {shown(name)}, that Annotator did not make."
        elif kind == "table" and name in metadata.tables:
            constraints = metadata.tables[name].constraints
            checks = sum(isinstance(constraint, CheckConstraint) for constraint in constraints)
            if len(_CHECK.findall(str(sql))) > checks or name in rules:
                yield f"The table {name} has a rule that Annotator did not make."
