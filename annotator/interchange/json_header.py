"""What the JSON contract says before its documents: the project, its codebook, coders and entries."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from annotator.domain.codebook import Codebook, Field, FieldType, Layer, LinkType, Mark, Registry, Role
from annotator.domain.errors import InvalidValue
from annotator.domain.exchange import Header
from annotator.domain.ids import new_id
from annotator.domain.invariants import LARGEST_INTEGER, check_acyclic, check_codebook, shown
from annotator.domain.model import Apart, Coder, Entry, ProjectInfo, SavedSearch, UnwantedName
from annotator.domain.query import MODES
from annotator.interchange.json_values import Plain, Values, lower
from annotator.interchange.json_write import FORMAT, OFFSET_UNIT, VERSION


class HeaderReader(Values):
    """Reads the header, and keeps what the documents refer to."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.codebook = Codebook()
        self.coder_ids: set[str] = set()
        self.entry_ids: set[str] = set()

    def header(self, value: object) -> Header:
        """Check what kind of file it is, and read all but the documents."""
        if type(value) is not dict or "format" not in value:
            self.refuse("it is JSON, but not an Annotator project")
        if value["format"] != FORMAT:
            self.refuse(f"it is JSON of the format {shown(value['format'])}, not an Annotator project")
        version = value.get("version")
        if type(version) is not int or version < 1:
            self.refuse(f"its version is {shown(version)}, which is not one that there is")
        if version > VERSION:
            self.refuse(f"it was made by a newer Annotator (version {version} of the format; this one reads {VERSION})")
        if value.get("offset_unit") != OFFSET_UNIT:
            self.refuse(
                f"its offset unit is {shown(value.get('offset_unit'))}, and Annotator reads {shown(OFFSET_UNIT)} only"
            )
        self.note_keys(value, "the file", "the file")
        self.read_codebook(self.get(value, "codebook", dict, "the file", {}))
        coders, entries = self._read_coders(value), self._read_entries(value)
        apart, searches = self._read_apart(value), self._read_searches(value)
        told = "codebook" in value
        unwanted = self._read_unwanted(value)
        return Header(self._project(value), self.codebook, coders, entries, told, apart, searches, unwanted)

    def _project(self, value: Plain) -> ProjectInfo | None:
        plain = self.get(value, "project", dict, "the file", None)
        if plain is None:
            return None
        where = self.note_keys(plain, "the project", "the project")
        texts = (self.get(plain, key, str, where, "") for key in ("id", "name", "created", "guidelines"))
        id_, name, created, guidelines = texts
        return ProjectInfo(id_ or new_id(), name, created, guidelines)

    def read_codebook(self, plain: Plain) -> Codebook:
        """The coding scheme, which the rest of the file then refers to."""
        where = self.note_keys(plain, "the codebook", "the codebook")
        codebook = Codebook(
            tuple(self._layer(item) for item in self.get(plain, "layers", list, where, [])),
            tuple(self._link_type(item) for item in self.get(plain, "link_types", list, where, [])),
            tuple(self._registry(item) for item in self.get(plain, "registries", list, where, [])),
            self._fields(plain, "document_fields", where),
            self._version(plain, where),
        )
        try:
            check_codebook(codebook)
        except InvalidValue as error:
            self.refuse(lower(str(error)))
        self.codebook = codebook
        return codebook

    def _version(self, plain: Plain, where: str) -> int:
        version: int = self.get(plain, "version", int, where, 1)
        if not 1 <= version <= LARGEST_INTEGER:
            self.refuse(f"version of {where} must be a whole number from 1, not {shown(version)}")
        return version

    def _help(self, plain: Plain, where: str) -> tuple[str, str, tuple[str, ...]]:
        """Description, guidelines and examples."""
        texts = (self.get(plain, key, str, where, "") for key in ("description", "guidelines"))
        return (*texts, self.texts(plain, "examples", where))

    def _layer(self, value: object) -> Layer:
        plain = self.as_object(value, "a layer")
        where = f"the layer {shown(self.get(plain, 'name', str, 'a layer'))}"
        self.note_keys(plain, "layers", where)
        return Layer(
            self.get(plain, "id", str, where, "") or new_id(),
            plain["name"],
            self.get(plain, "color", str, where),
            self.get(plain, "shortcut", str, where, ""),
            self.get(plain, "registry", str, where, None),
            self._fields(plain, "fields", where),
            cast("Mark", self.get(plain, "mark", str, where, "underline")),
            *self._help(plain, where),
        )

    def _link_type(self, value: object) -> LinkType:
        plain = self.as_object(value, "a link type")
        where = f"the link type {shown(self.get(plain, 'name', str, 'a link type'))}"
        self.note_keys(plain, "link types", where)
        return LinkType(
            self.get(plain, "id", str, where, "") or new_id(),
            plain["name"],
            tuple(self._role(role, where) for role in self.get(plain, "roles", list, where, [])),
            self._fields(plain, "fields", where),
            *self._help(plain, where),
        )

    def _role(self, value: object, of: str) -> Role:
        plain = self.as_object(value, f"a role of {of}")
        where = f"the role {shown(self.get(plain, 'name', str, f'a role of {of}'))} of {of}"
        self.note_keys(plain, "roles", where)
        return Role(
            plain["name"],
            self.texts(plain, "layers", where),
            self.texts(plain, "links", where),
            self.get(plain, "min", int, where, 0),
            *self._help(plain, where),
        )

    def _registry(self, value: object) -> Registry:
        plain = self.as_object(value, "a registry")
        where = f"the registry {shown(self.get(plain, 'name', str, 'a registry'))}"
        self.note_keys(plain, "registries", where)
        id_ = self.get(plain, "id", str, where, "") or f"registry-{plain['name']}"
        return Registry(id_, plain["name"], self._fields(plain, "fields", where), *self._help(plain, where))

    def _fields(self, owner: Plain, key: str, of: str) -> tuple[Field, ...]:
        fields = []
        for value in self.get(owner, key, list, of, []):
            plain = self.as_object(value, f"a field of {of}")
            where = f"the field {shown(self.get(plain, 'name', str, f'a field of {of}'))} of {of}"
            self.note_keys(plain, "fields", where)
            description, guidelines, examples = self._help(plain, where)
            fields.append(
                Field(
                    plain["name"],
                    cast("FieldType", self.get(plain, "type", str, where)),
                    self.texts(plain, "choices", where),
                    description,
                    self.get(plain, "required", bool, where, False),
                    guidelines,
                    examples,
                    self._choice_help(plain, where),
                )
            )
        return tuple(fields)

    def _choice_help(self, plain: Plain, where: str) -> tuple[tuple[str, str], ...]:
        found = self.get(plain, "choice_descriptions", dict, where, {})
        for text in found.values():
            if type(text) is not str:
                self.refuse(f"choice_descriptions of {where} must hold texts, but hold {shown(text)}")
        return tuple(found.items())

    def _read_coders(self, value: Plain) -> tuple[Coder, ...]:
        coders = []
        names: set[str] = set()
        for item in self.get(value, "coders", list, "the file", []):
            plain = self.as_object(item, "a coder")
            id_ = self.id_of(plain, "a coder")
            where = self.note_keys(plain, "coders", f"the coder {shown(id_)}")
            name = self.get(plain, "name", str, where)
            if id_ in self.coder_ids:
                self.refuse(f"it has the coder {shown(id_)} twice")
            if name in names:
                self.refuse(f"it has two coders named {shown(name)}")
            self.coder_ids.add(id_)
            names.add(name)
            coders.append(Coder(id_, name))
        return tuple(coders)

    def _read_apart(self, value: Plain) -> tuple[Apart, ...]:
        """Pairs of entries that were judged to be different."""
        found: dict[Apart, None] = {}
        for item in self.get(value, "apart", list, "the file", []):
            if type(item) is not list or len(item) != 2 or not all(type(id_) is str for id_ in item):
                self.refuse(f"{shown(item)} in its list “apart” is no pair of ids")
            if item[0] == item[1] or not self.entry_ids.issuperset(item):
                self.refuse(f"{shown(item)} in its list “apart” is no pair of two entries")
            found[Apart.of(*item)] = None
        return tuple(found)

    def _read_unwanted(self, value: Plain) -> tuple[UnwantedName, ...]:
        """Names that are never to be proposed for their entries."""
        found: dict[UnwantedName, None] = {}
        for item in self.get(value, "unwanted_names", list, "the file", []):
            if type(item) is not list or len(item) != 2 or not all(type(text) is str and text for text in item):
                self.refuse(f"{shown(item)} in its list “unwanted_names” is no pair of an id and a name")
            if item[0] not in self.entry_ids:
                self.refuse(f"{shown(item)} in its list “unwanted_names” is of an entry that the file does not have")
            found[UnwantedName(*item)] = None
        return tuple(found)

    def _read_searches(self, value: Plain) -> tuple[SavedSearch, ...]:
        searches: dict[str, SavedSearch] = {}
        for item in self.get(value, "saved_searches", list, "the file", []):
            plain = self.as_object(item, "a saved search")
            id_ = self.id_of(plain, "a saved search")
            where = self.note_keys(plain, "saved searches", f"the saved search {shown(id_)}")
            name, line = (self.get(plain, key, str, where) for key in ("name", "line"))
            mode = self.get(plain, "mode", str, where, "words")
            if mode not in MODES:
                self.refuse(f"mode of {where} must be one of {', '.join(MODES)}, not {shown(mode)}")
            if id_ in searches:
                self.refuse(f"it has the saved search {shown(id_)} twice")
            exact, whole = (self.get(plain, key, bool, where, False) for key in ("exact", "whole"))
            searches[id_] = SavedSearch(id_, name, line, mode, exact, whole)
        return tuple(searches.values())

    def _read_entries(self, value: Plain) -> tuple[Entry, ...]:
        entries: list[Entry] = []
        registries = {r.name: (r.id, {f.name: f for f in r.fields}) for r in self.codebook.registries}
        for item in self.get(value, "entries", list, "the file", []):
            plain = self.as_object(item, "an entry")
            id_ = self.id_of(plain, "an entry")
            where = self.note_keys(plain, "entries", f"the entry {shown(id_)}")
            if id_ in self.entry_ids:
                self.refuse(f"it has the entry {shown(id_)} twice")
            self.entry_ids.add(id_)
            registry = self.get(plain, "registry", str, where)
            if registry not in registries:
                self.refuse(f"{where} is in the registry {shown(registry)}, which the codebook does not have")
            registry_id, fields = registries[registry]
            entries.append(
                Entry(
                    id_,
                    registry_id,
                    self.get(plain, "name", str, where),
                    self.texts(plain, "aliases", where),
                    self.get(plain, "parent", str, where, None),
                    self.values(plain, fields, where),
                    self.get(plain, "note", str, where, ""),
                    self.get(plain, "origin", str, where, "manual"),
                )
            )
        parents = {entry.id: (entry.parent_id,) for entry in entries if entry.parent_id is not None}
        for id_, (parent,) in parents.items():
            if parent not in self.entry_ids:
                self.refuse(f"the entry {shown(id_)} has the parent {shown(parent)}, which is not an entry")
        try:
            check_acyclic(parents, "entry")
        except InvalidValue as error:
            self.refuse(lower(str(error)))
        return tuple(entries)
