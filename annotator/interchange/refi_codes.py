"""The code tree of REFI-QDA: foreign codes as entries of one registry, Annotator's own as what they were."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from annotator.domain.codebook import FIELD_TYPES, Field, FieldType
from annotator.interchange.renaming import one_line
from annotator.interchange.scheme import Scheme
from annotator.interchange.xml_read import local

ORIGIN = "Annotator"
LAYER = "Coding"
REGISTRY = "codes"
"""Where codes of other programs go: entries of this registry, in annotations of that layer."""
SET_LAYERS = "Annotator layers"
SET_REGISTRIES = "Annotator registries"
SET_OF_REGISTRY = "Annotator layers that use "
SET_FIELDS = "Annotator fields: "
SET_NAMES = "Annotator name: "
"""Codes that have a longer name in the file than in the project: some programs want a name once in the whole tree."""

FRAGMENT = "goes on"
"""The link from the first stretch of an annotation to a further one."""
MEMO_OF_LINK = "Link: "
MEMO_OF_FIELD = "Field: "

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_COLOR = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
_SPACE = uuid.UUID("5b8a4d5e-6f0c-4f4e-9d53-6b7a6e0a2f11")
_DEEPEST = 100


def guid(id_: str, kind: str = "") -> str:
    """An id as REFI-QDA wants it: itself where it is a UUID, else one made of it, always the same."""
    plain = id_.strip().strip("{}").lower()
    if not kind and _UUID.fullmatch(plain):
        return plain
    return str(uuid.uuid5(_SPACE, f"{kind}\n{id_}"))


def moment_of(text: str | None) -> str:
    if not text:
        return ""
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return ""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def target(element: Any) -> str:
    """What a reference refers to."""
    return guid(element.get("targetGUID") or element.get("guid", ""))


def set_name(element: Any) -> str:
    """What a set or a case is called."""
    return one_line(element.get("name", "")) or "(no name)"


@dataclass(slots=True)
class Code:
    """A code of the file."""

    guid: str
    name: str
    color: str
    description: str
    parent: Code | None
    notes: list[str]
    children: list[Code] = field(default_factory=list)
    sets: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code says of a selection: its layer, a value of a field, or an entry."""

    layer: str = ""
    field: str = ""
    value: object = None
    entry: str = ""
    registry: str = ""


class CodeTree:
    """All codes of a file, and what each of them means."""

    def __init__(self, own: bool) -> None:
        self.codes: dict[str, Code] = {}
        self.roots: list[Code] = []
        self.meanings: dict[str, Meaning] = {}
        self.layer_of: dict[str, str] = {}
        """The layer that an entry's registry belongs to, for selections that name no layer."""
        self._own = own
        self._marked: dict[str, list[str]] = {}
        """Our own sets: name -> guids of codes."""

    def read(self, codes: Any) -> None:
        """The elements below `Codes`."""
        pending: list[tuple[Any, Code | None]] = [(element, None) for element in reversed(list(codes))]
        depth = 0
        while pending and depth < 1_000_000:
            depth += 1
            element, parent = pending.pop()
            if local(element) != "Code":
                continue
            color = element.get("color", "")
            code = Code(
                guid(element.get("guid", "") or str(depth)),
                one_line(element.get("name", "")) or "(no name)",
                color if _COLOR.fullmatch(color) else "",
                "".join(child.text or "" for child in element if local(child) == "Description"),
                parent,
                [guid(child.get("targetGUID", "")) for child in element if local(child) == "NoteRef"],
            )
            if code.guid in self.codes:
                continue
            self.codes[code.guid] = code
            (parent.children if parent else self.roots).append(code)
            pending += [(child, code) for child in reversed(list(element))]

    def set_of(self, element: Any) -> bool:
        """A set with codes in it; whether it says anything of codes. Ours say what codes are."""
        name = set_name(element)
        members = [target(child) for child in element if local(child) == "MemberCode"]
        if self._own and name.startswith("Annotator "):
            self._marked[name] = members
        else:
            for member in members:
                if member in self.codes:
                    self.codes[member].sets.append(name)
        return bool(members)

    def settle(self, scheme: Scheme, notes: dict[str, str]) -> None:
        """Give every code its meaning, and make layers, fields, registries and entries known."""
        for name, members in self._marked.items():
            if name.startswith(SET_NAMES):
                for at in members:
                    if at in self.codes:
                        self.codes[at].name = name.removeprefix(SET_NAMES)
        layers = {at for at in self._marked.get(SET_LAYERS, ()) if at in self.codes}
        registries = {at for at in self._marked.get(SET_REGISTRIES, ()) if at in self.codes}
        types = {
            at: name.removeprefix(SET_FIELDS)
            for name, members in self._marked.items()
            if name.startswith(SET_FIELDS)
            for at in members
        }
        uses = {
            at: name.removeprefix(SET_OF_REGISTRY)
            for name, members in self._marked.items()
            if name.startswith(SET_OF_REGISTRY)
            for at in members
        }
        for code in self.roots:
            if code.guid in layers:
                self._layer(scheme, code, types, uses.get(code.guid, ""))
        for code in self.roots:
            if code.guid in registries:
                scheme.registry(code.name)
                for child in code.children:
                    self._entries(scheme, child, code.name, notes)
            elif code.guid not in layers:
                scheme.layer(scheme.renames(LAYER))
                registry = scheme.registry_of(scheme.renames(LAYER), REGISTRY)
                self._entries(scheme, code, registry, notes)

    def _layer(self, scheme: Scheme, code: Code, types: dict[str, str], registry: str) -> None:
        layer = scheme.renames(code.name)
        scheme.layer(layer, code.color, code.description)
        if registry:
            self.layer_of.setdefault(scheme.registry_of(layer, registry), layer)
        self.meanings[code.guid] = Meaning(layer)
        for child in code.children:
            type_ = types.get(child.guid, "choice")
            if type_ not in FIELD_TYPES:
                type_ = "text"
            choices = tuple(dict.fromkeys(value.name for value in child.children)) if "choice" in type_ else ()
            scheme.field("layer", layer, Field(child.name, cast("FieldType", type_), choices, child.description))
            self.meanings[child.guid] = Meaning(layer, child.name)
            for value in child.children:
                told: object = value.name == "yes" if type_ == "boolean" else value.name
                self.meanings[value.guid] = Meaning(layer, child.name, [told] if type_ == "multi-choice" else told)

    def _entries(self, scheme: Scheme, root: Code, registry: str, notes: dict[str, str]) -> None:
        for code in _walk(root):
            fields: dict[str, object] = {}
            if code.color:
                fields["color"] = code.color
            if code.sets:
                fields["sets"] = sorted(set(code.sets))
            note = "\n\n".join(part for part in (code.description, *(notes.get(at, "") for at in code.notes)) if part)
            parent = code.parent.guid if code.parent is not None and code is not root else None
            entry = scheme.entry(registry, code.guid, code.name, code.guid, parent_id=parent, fields=fields, note=note)
            self.meanings[code.guid] = Meaning(entry=entry, registry=registry)


def _walk(root: Code) -> Iterator[Code]:
    pending = [root]
    while pending:
        code = pending.pop()
        yield code
        pending += reversed(code.children)
