"""Discourse Network Analyzer (.dna): an SQLite file of version 2 or 3, read and never written.

Statement types are layers, and each statement is an annotation. Its variables are fields; what DNA keeps as entities
(short texts) are entries besides, with their attributes, colours and parents, all of a statement type in one registry.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from annotator.domain.errors import Cancelled, FileRefused
from annotator.domain.exchange import Item, Reading
from annotator.domain.ids import new_id
from annotator.domain.text import Units, canonical
from annotator.interchange.assembly import Assembly
from annotator.interchange.files import told_plainly
from annotator.interchange.raw import RawDocument, RawLink, RawMark, Report
from annotator.interchange.refi_text import score
from annotator.interchange.renaming import Renames
from annotator.interchange.scheme import Scheme

MAGIC = b"SQLite format 3\x00"
LINK = "Statement link"
_NEEDED = {"documents", "statements", "statementtypes", "variables"}
_DATA = {"datashorttext": "short text", "datalongtext": "long text", "datainteger": "integer", "databoolean": "boolean"}
_METADATA = {"author": "author", "source": "outlet", "section": "section", "notes": "note", "type": "type"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEPS = 200_000

Row = dict[str, Any]


class DnaImporter:
    """Reads DNA projects."""

    name = "dna"
    title = "Discourse Network Analyzer"
    extensions = (".dna",)
    certain = True
    options = ("map",)
    collection = True
    coded = True
    loses: tuple[str, ...] = (
        "Passwords and permissions of coders, regular expressions and the settings of DNA are left out.",
        "Entities of all variables of a statement type share one registry; their field “variable” tells them apart.",
        "Empty entities, which are placeholders in DNA, are left out.",
    )

    def sniff(self, path: Path, head: bytes) -> bool:
        """An SQLite file with DNA's tables."""
        if not head.startswith(MAGIC):
            return False
        if path.suffix.lower() == ".dna":
            return True
        with closing(_connect(path)) as connection:
            return _tables(connection) >= _NEEDED

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """Every document with its statements."""
        with told_plainly(path), path.open("rb") as file:
            magic = file.read(len(MAGIC))
        if magic[:5] == b"<?xml":
            raise FileRefused(
                f"{path} was not read: it is a DNA file of version 1; open it with DNA 2 and save it again."
            )
        if magic != MAGIC:
            raise FileRefused(f"{path} was not read: it is no DNA project.")
        try:
            with closing(_connect(path)) as connection:
                # So that a file made to keep us busy can be given up.
                connection.set_progress_handler(lambda: (reading.cancelled() and 1) or 0, _STEPS)
                yield from _Dna(path, connection, reading).items()
        except (sqlite3.Error, ValueError, LookupError, OverflowError) as error:
            if reading.cancelled():
                raise Cancelled("Cancelled; nothing was changed.") from None
            raise FileRefused(f"{path} was not read: it is damaged ({' '.join(str(error).split())}).") from None


def _connect(path: Path) -> sqlite3.Connection:
    # Immutable: nothing is written beside it either.
    connection = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _tables(connection: sqlite3.Connection) -> set[str]:
    """Real tables only: a view may compute whatever it likes."""
    rows = connection.execute("SELECT lower(name), lower(sql) FROM sqlite_master WHERE type = 'table'")
    return {name for name, sql in rows if sql and not sql.startswith("create virtual")}


class _Dna:
    def __init__(self, path: Path, connection: sqlite3.Connection, reading: Reading) -> None:
        self._path = path
        self._connection = connection
        self._reading = reading
        self._tables = _tables(connection)
        missing = sorted(_NEEDED - self._tables)
        if missing:
            raise FileRefused(f"{path} was not read: it is no DNA project, for it has no table {missing[0].upper()}.")
        self._scheme = Scheme(Renames(reading.options))
        self._report = Report(str(path))
        self._three = "entities" in self._tables
        self._coders = {row["id"]: str(row.get("name") or "") for row in self._rows("coders")}
        self._layers: dict[Any, str] = {}
        self._variables: dict[Any, Row] = {}
        self._entries: dict[Any, tuple[str, str]] = {}
        """Id of an entity -> its entry and its name."""
        self._by_name: dict[tuple[Any, str], Any] = {}
        self._ids: dict[Any, str] = {}

    def _rows(self, table: str, order: str = "") -> Iterator[Row]:
        if table in self._tables:
            for row in self._connection.execute(f"SELECT * FROM {table} {order}"):
                yield {key.lower(): _plain(row[key]) for key in row.keys()}  # noqa: SIM118

    def items(self) -> Iterator[Item]:
        """The whole file."""
        self._types()
        self._entities()
        for name in ("regexes",):
            count = sum(1 for _ in self._rows(name))
            if count:
                self._report.add("lost", "", f"{count} regular expressions, which have no place here")
        total = self._connection.execute("SELECT count(*) FROM documents").fetchone()[0]
        assembly = Assembly(self._path, self._scheme, self._report)
        yield from assembly.items(self._documents, self._reading, total)

    def _types(self) -> None:
        for row in self._rows("statementtypes", "ORDER BY rowid"):
            name = str(row.get("label") or row.get("type") or f"Statement type {row['id']}")
            name = self._scheme.renames(" ".join(name.split()))
            self._layers[row["id"]] = name
            self._scheme.layer(name, _color(row) or "#7A6400")
        for row in self._rows("variables", "ORDER BY rowid"):
            row["statementtypeid"] = row.get("statementtypeid")
            row["variable"] = self._scheme.renames(str(row.get("variable") or f"variable {row['id']}"))
            self._variables[row["id"]] = row

    def _entities(self) -> None:
        """Entities (version 3) or attributes (version 2), by the registry of their variable's statement type."""
        attributes = self._attributes()
        waiting: list[tuple[Row, str]] = []
        for row in self._rows("entities" if self._three else "attributes", "ORDER BY rowid"):
            variable = self._variables.get(row.get("variableid"))
            value = str(row.get("value") or row.get("name") or "").strip()
            layer = self._layers.get(variable["statementtypeid"]) if variable else None
            if not value or variable is None or layer is None:
                continue
            waiting.append((row, layer))
            self._by_name[row.get("variableid"), value] = row["id"]
        known = {row["id"] for row, _ in waiting}
        parents = {row["id"]: _parent(row) for row, _ in waiting}
        for row, layer in waiting:
            variable = self._variables[row["variableid"]]
            value = str(row.get("value") or row.get("name") or "").strip()
            fields: dict[str, object] = {"variable": variable["variable"], **attributes.get(row["id"], {})}
            if row.get("type") and not self._three:
                fields["type"] = str(row["type"])
            if _color(row) not in ("", "#000000"):
                fields["color"] = _color(row)
            parent = parents[row["id"]]
            alias = str(row.get("alias") or "").strip()
            entry = self._scheme.entry(
                self._scheme.registry_of(layer, f"{layer} entities"),
                f"{row['id']}",
                value,
                fields=fields,
                aliases=(alias,) if alias else (),
                note=str(row.get("notes") or ""),
                parent_id=self._id(parent) if parent in known and not _loops(parents, row["id"]) else None,
                id_=self._id(row["id"]),
            )
            self._entries[row["id"]] = (entry, value)

    def _id(self, of: Any) -> str:
        """An entry's id, made before the entry is, so that children may come first."""
        return self._ids.setdefault(of, new_id())

    def _attributes(self) -> dict[Any, dict[str, object]]:
        """Version 3: what the project notes of each entity."""
        names = {
            row["id"]: str(row.get("attributevariable") or row.get("variable") or "attribute")
            for row in self._rows("attributevariables")
        }
        found: dict[Any, dict[str, object]] = {}
        for row in self._rows("attributevalues"):
            value = row.get("attributevalue")
            if value not in (None, "") and row.get("attributevariableid") in names:
                found.setdefault(row.get("entityid"), {})[names[row["attributevariableid"]]] = str(value)
        return found

    def _documents(self) -> Iterator[RawDocument]:
        statements: dict[Any, list[Row]] = {}
        for row in self._rows("statements", "ORDER BY start, stop, rowid"):
            statements.setdefault(row.get("documentid"), []).append(row)
        values = self._values()
        links: dict[Any, list[tuple[Any, Any]]] = {}
        for row in self._rows("statementlinks"):
            links.setdefault(row.get("sourceid"), []).append((row["id"], row.get("targetid")))
        for row in self._rows("documents", "ORDER BY rowid"):
            text = str(row.get("text") or "")
            if "\r\n" in text:
                text = _counted(text, statements.get(row["id"], ()))
            units = Units(text)
            title = " ".join(str(row.get("title") or "").split()) or "Untitled"
            where = f"{self._path}: {title}"
            document = RawDocument(title, text, metadata=self._metadata(row), where=where)
            for statement in statements.get(row["id"], ()):
                layer = self._layers.get(statement.get("statementtypeid"))
                start, stop = statement.get("start"), statement.get("stop")
                if layer is None or not isinstance(start, int) or not isinstance(stop, int):
                    self._report.add("skipped", where, f"statement {statement['id']} has no type or no place")
                    continue
                fields, entries = values.get(statement["id"], ({}, []))
                document.marks.append(
                    RawMark(
                        str(statement["id"]),
                        layer,
                        [(units.to_points(start), units.to_points(stop))],
                        fields=dict(fields),
                        entries=list(entries),
                        coder=self._coders.get(statement.get("coder"), ""),
                        where=f"{where}, statement {statement['id']}",
                    )
                )
                for id_, target in links.get(statement["id"], ()):
                    roles = [("from", [str(statement["id"])]), ("to", [str(target)])]
                    coder = document.marks[-1].coder
                    document.links.append(
                        RawLink(f"link {id_}", self._scheme.renames(LINK), roles, coder=coder, where=where)
                    )
            yield document

    def _metadata(self, row: Row) -> dict[str, object]:
        metadata: dict[str, object] = {}
        stamp = row.get("date")
        if isinstance(stamp, int):
            try:
                # Version 2 counts milliseconds, version 3 seconds.
                seconds = stamp if self._three and abs(stamp) < 10**11 else stamp / 1000
                moment = _EPOCH + timedelta(seconds=seconds)
                metadata["date"] = moment.date().isoformat()
                if (moment.hour, moment.minute, moment.second) != (0, 0, 0):
                    metadata["time"] = moment.strftime("%H:%M:%S")
            except OverflowError:
                pass
        for key, name in _METADATA.items():
            if row.get(key) not in (None, ""):
                metadata[name] = str(row[key])
        if row.get("coder") in self._coders:
            metadata["added by"] = self._coders[row["coder"]]
        return metadata

    def _values(self) -> dict[Any, tuple[dict[str, object], list[str]]]:
        """What each statement has in its variables."""
        found: dict[Any, tuple[dict[str, object], list[str]]] = {}
        links = {row["id"]: row.get("variableid") for row in self._rows("rolevariablelinks")}
        for table, kind in _DATA.items():
            for row in self._rows(table, "ORDER BY rowid"):
                variable_id = row.get("variableid", links.get(row.get("rolevariablelinkid")))
                variable = self._variables.get(variable_id)
                if variable is None:
                    continue
                fields, entries = found.setdefault(row.get("statementid"), ({}, []))
                name = variable["variable"]
                value = row.get("entity") if "entity" in row else row.get("value")
                if kind == "short text":
                    known = self._entries.get(
                        value if isinstance(value, int) else self._by_name.get((variable_id, str(value)))
                    )
                    if known is not None:
                        entries.append(known[0])
                        value = known[1]
                    elif isinstance(value, int):
                        continue  # an empty entity, which is a placeholder
                    value = str(value or "").strip()
                    if value:
                        fields[name] = f"{fields[name]}; {value}" if name in fields else value
                elif kind == "boolean":
                    fields[name] = bool(value)
                elif kind == "integer" and isinstance(value, int):
                    fields[name] = value
                elif value not in (None, ""):
                    fields[name] = str(value)
        return found


def _counted(text: str, statements: Iterable[Row]) -> str:
    """The text as the positions count it: what showed it may have taken a line end of two characters for one."""
    places = [(row["start"], row["stop"]) for row in statements]
    spans = [(start, stop) for start, stop in places if isinstance(start, int) and isinstance(stop, int)]
    plain = canonical(text)
    scores = []
    for candidate in (text, plain):
        units = Units(candidate)
        scores.append(sum(score(candidate, (units.to_points(start), units.to_points(stop))) for start, stop in spans))
    return plain if scores[1] > scores[0] + 0.75 else text


def _plain(value: Any) -> Any:
    """A cell; a text that was kept as bytes is a text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _color(row: Row) -> str:
    parts = [part for name in ("red", "green", "blue") if isinstance(part := row.get(name), int) and 0 <= part <= 255]
    return "#" + "".join(f"{part:02X}" for part in parts) if len(parts) == 3 else ""


def _parent(row: Row) -> Any:
    """Version 2 writes the parent's id as a text, version 3 as a number."""
    parent = row.get("childof") or row.get("parententityid")
    return int(parent) if isinstance(parent, str) and parent.isdecimal() else parent


def _loops(parents: dict[Any, Any], start: Any) -> bool:
    seen = {start}
    at = parents.get(start)
    while at in parents:
        if at in seen:
            return True
        seen.add(at)
        at = parents[at]
    return False
