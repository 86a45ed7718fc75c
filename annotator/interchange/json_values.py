"""Single values of a JSON file, each checked for its type, with sentences that say what is wrong where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import orjson

from annotator.domain.codebook import Field
from annotator.domain.errors import FileRefused, InvalidValue
from annotator.domain.invariants import check_fields, shown
from annotator.domain.model import FieldValue

Plain = dict[str, Any]
NO_VALUES: dict[str, FieldValue] = {}

_HELP = ("description", "guidelines", "examples")
KNOWN = {
    "the file": {
        "format",
        "version",
        "generator",
        "offset_unit",
        "texts",
        "project",
        "codebook",
        "coders",
        "entries",
        "apart",
        "unwanted_names",
        "saved_searches",
        "documents",
    },
    "the project": {"id", "name", "created", "guidelines"},
    "the codebook": {"version", "layers", "link_types", "registries", "document_fields"},
    "layers": {"id", "name", "color", "shortcut", "registry", "fields", "mark", *_HELP},
    "link types": {"id", "name", "roles", "fields", *_HELP},
    "roles": {"name", "layers", "links", "min", *_HELP},
    "registries": {"id", "name", "fields", *_HELP},
    "fields": {"name", "type", "choices", "required", "choice_descriptions", *_HELP},
    "coders": {"id", "name"},
    "saved searches": {"id", "name", "line", "mode", "exact", "whole"},
    "entries": {"id", "registry", "name", "aliases", "parent", "fields", "note", "origin"},
    "documents": {
        *("id", "title", "text", "length", "sha256", "status", "metadata", "annotations", "links", "created"),
        "dismissed",
    },
    "dismissed": {"layer", "start", "end"},
    "annotations": {"id", "layer", "coder", "fragments", "entries", "fields", "note", "origin", "created", "modified"},
    "links": {"id", "type", "coder", "roles", "fields", "note", "origin", "created", "modified"},
}
FRAGMENT = {"start", "end", "text"}


_LEFT_OUT = re.compile(rb'"texts"\s*:\s*"left out"')


def says_left_out(head: bytes) -> bool:
    """Whether a file that begins like this says that it comes without the texts."""
    return _LEFT_OUT.search(head[:1000]) is not None


def parse(data: bytes, path: Path, where: str = "") -> Any:
    """The JSON value, or FileRefused. `where` names the line, if the file is read by lines."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        reason = _json_reason(data, error)
        raise FileRefused(f"{path} was not read: {where or 'it'} {reason}.") from None
    except MemoryError:
        raise FileRefused(f"{path} is too large for this computer's memory; the .jsonl format needs less.") from None


def parse_documents(data: bytes, path: Path) -> Any:
    """The same for a whole project. Where each document has a line of its own, as this program writes it, they are
    read one by one: all at once would be one call into C, and no other thread gets on meanwhile."""
    first, *lines = data.rstrip().split(b"\n")
    if not lines or not first.endswith(b'"documents":[') or lines.pop() != b"]}":
        return parse(data, path)
    if any(line[-1:] != b"," for line in lines[:-1]):
        return parse(data, path)
    try:
        value = orjson.loads(first + b"]}")
        last = len(lines) - 1
        value["documents"] = [orjson.loads(line[:-1] if at < last else line) for at, line in enumerate(lines)]
    except (orjson.JSONDecodeError, TypeError):
        return parse(data, path)  # which tells what is wrong with it, if anything is
    return value


def _json_reason(data: bytes, error: orjson.JSONDecodeError) -> str:
    if not data.strip():
        return "is empty"
    try:
        data.decode()
    except UnicodeDecodeError as bad:
        return f"is not JSON in UTF-8 (byte {bad.start + 1})"
    told = error.msg
    if "depth" in told.lower() or "recursion" in told.lower():
        return "is nested too deeply"
    if "surrogate" in told.lower():
        return f"holds half a character (line {error.lineno}, column {error.colno})"
    if error.pos >= len(error.doc.rstrip()) if isinstance(error.doc, str) else False:
        return "is cut off: it ends in the middle of the JSON"
    return f"is not JSON (line {error.lineno}, column {error.colno})"


class Values:
    """Takes values out of a file's objects. `where` names the object in sentences."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unknown: Counter[tuple[str, str]] = Counter()

    def refuse(self, sentence: str) -> NoReturn:
        """End the import. The sentence has neither the file's name nor a full stop."""
        raise FileRefused(f"{self.path} was not read: {sentence.rstrip('.')}.")

    def note_keys(self, plain: Plain, kind: str, where: str) -> str:
        """Remember keys that nobody knows; returns `where`."""
        if not plain.keys() <= KNOWN[kind]:
            self.unknown.update((kind, key) for key in plain.keys() - KNOWN[kind])
        return where

    def as_object(self, value: object, where: str) -> Plain:
        if type(value) is not dict:
            self.refuse(f"{where} must be an object, not {shown(value)}")
        return value

    def id_of(self, plain: Plain, where: str) -> str:
        id_ = plain.get("id")
        if type(id_) is not str or not id_:
            self.refuse(
                f"{where} has no id" if id_ in (None, "") else f"{where} has the id {shown(id_)}, which is no text"
            )
        return id_

    def get(self, plain: Plain, key: str, kind: type, where: str, default: Any = ...) -> Any:
        value = plain.get(key, default)
        if type(value) is kind or (value is None and default is None):
            return value
        if value is ...:
            self.refuse(f"{where} has no {key}")
        self.wrong(where, key, kind, value)

    def wrong(self, where: str, key: str, kind: type, value: object) -> NoReturn:
        wanted = {str: "text", int: "a whole number", list: "a list", dict: "an object", bool: "true or false"}[kind]
        self.refuse(f"{key} of {where} must be {wanted}, not {shown(value)}")

    def texts(self, plain: Plain, key: str, where: str) -> tuple[str, ...]:
        values = self.get(plain, key, list, where, [])
        for value in values:
            if type(value) is not str:
                self.refuse(f"{key} of {where} must be a list of texts, but holds {shown(value)}")
        return tuple(values)

    def values(self, plain: Plain, fields: Mapping[str, Field], where: str) -> dict[str, FieldValue]:
        values = self.get(plain, "fields", dict, where, {})
        if not values:
            return NO_VALUES
        try:
            return check_fields(fields, values, where)
        except InvalidValue as error:
            self.refuse(lower(str(error)))


def lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
