"""The tables of a project.

Each journalled table names, in `info`, the kind of thing its rows belong to and the column with that thing's id.
To add a table, add it here with that `info`: the gate, the journal and undo work from these definitions alone.
Texts are not journalled: they are immutable, kept under their hash, and only ever added.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

metadata = MetaData()


def _table(name: str, *parts: Any, **options: Any) -> Table:
    return Table(name, metadata, *parts, sqlite_strict=True, **options)


def _key(name: str = "id") -> Column[Any]:
    return Column(name, Text, primary_key=True)


def _text(name: str, default: str | None = "", **options: Any) -> Column[Any]:
    return Column(name, Text, nullable=options.pop("nullable", False), server_default=default, **options)


def _whole(name: str, **options: Any) -> Column[Any]:
    return Column(name, Integer, **{"nullable": False, **options})


def _refers(name: str, target: str, **options: Any) -> Column[Any]:
    # Deferred, so that a step and its undo may write rows in any order; checked at commit.
    key = ForeignKey(target, deferrable=True, initially="DEFERRED")
    return Column(name, Text, key, **{"nullable": False, **options})


def _owned(kind: str, key: str = "id", also: str = "") -> dict[str, object]:
    """`also`: another column with an id of that kind; rows go with that thing too."""
    return {"kind": kind, "key": key, "also": also}


file_format = _table("file_format", _whole("min_reader", primary_key=True))

project = _table(
    "project", _key(), _text("name"), _text("created"), _text("guidelines"), _text("document_fields", "[]"),
    _whole("codebook_version", server_default="1"), info=_owned("project"),
)  # fmt: skip
layer = _table(
    "layer", _key(), _whole("position"), _text("name"), _text("color"), _text("shortcut"), _text("registry", None, nullable=True),
    _text("mark"), _text("description"), _text("fields", "[]"), _text("guidelines"), _text("examples", "[]"),
    info=_owned("layer"),
)  # fmt: skip
link_type = _table(
    "link_type", _key(), _whole("position"), _text("name"), _text("description"), _text("roles", "[]"), _text("fields", "[]"),
    _text("guidelines"), _text("examples", "[]"), info=_owned("link_type"),
)  # fmt: skip
registry = _table(
    "registry", _key(), _whole("position"), _text("name"), _text("fields", "[]"), _text("description"), _text("guidelines"),
    _text("examples", "[]"), info=_owned("registry"),
)  # fmt: skip
coder = _table("coder", _key(), _text("name"), info=_owned("coder"))
entry = _table(
    "entry", _key(), _refers("registry_id", "registry.id"), _text("name"), _text("aliases", "[]"),
    _refers("parent_id", "entry.id", nullable=True), _text("fields", "{}"), _text("note"), _text("origin", "manual"),
    Index("entry_by_registry", "registry_id"), Index("entry_by_parent", "parent_id"), info=_owned("entry"),
)  # fmt: skip
text = _table("text", _whole("id", primary_key=True), _text("sha256", None, unique=True), _text("content", None))
document = _table(
    "document", _key(), _whole("position"), _text("title"), _refers("sha256", "text.sha256"), _text("status", "new"),
    _text("metadata", "{}"), _text("created"),
    Index("document_by_position", "position", "id"), Index("document_by_text", "sha256"), info=_owned("document"),
)  # fmt: skip
annotation = _table(
    "annotation", _key(), _refers("document_id", "document.id"), _refers("layer_id", "layer.id"), _refers("coder_id", "coder.id"),
    # The first fragment; further ones stand in `more` as [[start, stop], …]. Code points, end-exclusive.
    _whole("start"), _whole("stop"), _text("more", None, nullable=True),
    _text("fields", "{}"), _text("note"), _text("origin", "manual"), _text("created"), _text("modified"),
    CheckConstraint("start >= 0 AND stop > start"),
    # All that painting needs, in the order of the text.
    Index("annotation_by_place", "document_id", "layer_id", "start", "stop", "more", "id"),
    info=_owned("annotation"),
)  # fmt: skip
mention = _table(
    "mention", _refers("annotation_id", "annotation.id", primary_key=True),
    _whole("position", primary_key=True), _refers("entry_id", "entry.id"),
    Index("mention_by_entry", "entry_id"), info=_owned("annotation", "annotation_id"), sqlite_with_rowid=False,
)  # fmt: skip
link = _table(
    "link", _key(), _refers("document_id", "document.id"), _refers("type_id", "link_type.id"), _refers("coder_id", "coder.id"),
    _text("fields", "{}"), _text("note"), _text("origin", "manual"), _text("created"), _text("modified"),
    Index("link_by_document", "document_id"), info=_owned("link"),
)  # fmt: skip
member = _table(
    "member", _refers("link_id", "link.id", primary_key=True),
    _key("role"), _whole("position", primary_key=True),
    _refers("annotation_id", "annotation.id", nullable=True), _refers("inner_id", "link.id", nullable=True),
    CheckConstraint("(annotation_id IS NULL) <> (inner_id IS NULL)"),
    Index("member_by_annotation", "annotation_id"), Index("member_by_inner", "inner_id"),
    info=_owned("link", "link_id"), sqlite_with_rowid=False,
)  # fmt: skip

dismissal = _table(
    # Owned by its document: it goes with it.
    "dismissal", _refers("document_id", "document.id", primary_key=True),
    _key("layer_id"), _whole("start", primary_key=True), _whole("stop", primary_key=True),
    info=_owned("document", "document_id"), sqlite_with_rowid=False,
)  # fmt: skip

apart = _table(
    # Pairs of entries that a person judged to be different: not to be proposed as duplicates again.
    "apart", _refers("first", "entry.id", primary_key=True), _refers("second", "entry.id", primary_key=True),
    Index("apart_by_second", "second"), info=_owned("entry", "first", also="second"), sqlite_with_rowid=False,
)  # fmt: skip

unwanted_name = _table(
    # Names that are never to be proposed for an entry, in their plain form.
    "unwanted_name", _refers("entry_id", "entry.id", primary_key=True), _key("name"),
    info=_owned("entry", "entry_id"), sqlite_with_rowid=False,
)  # fmt: skip
saved_search = _table(
    "saved_search", _key(), _text("name"), _text("line"), _text("mode", "words"),
    _whole("exact", server_default="0"), _whole("whole", server_default="0"), info=_owned("saved_search"),
)  # fmt: skip

# The journal. `kind` is do, undo or redo; `state` of a do is done, undone or dropped (undone, then overtaken).
step = _table(
    "step", _whole("number", primary_key=True), _text("action"), _text("what"), _text("coder"), _text("at"),
    _text("kind", "do"), _text("state", "done"), Column("refers", Integer, nullable=True),
    Index("step_by_state", "kind", "state", "number"),
)  # fmt: skip
change = _table(
    "change", _whole("step", primary_key=True), _whole("sequence", primary_key=True), _text("table_name"),
    # Row images as {"columns": […], "rows": [[…], …]}; before is null for rows added, after for rows removed.
    _text("before", None, nullable=True), _text("after", None, nullable=True),
    ForeignKeyConstraint(["step"], ["step.number"], deferrable=True, initially="DEFERRED"), sqlite_with_rowid=False,
)  # fmt: skip

JOURNALLED = {table.name: table for table in metadata.tables.values() if "kind" in table.info}
