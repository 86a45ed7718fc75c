"""The codebook that a foreign file implies: layers, link types, fields, coders and entries as they turn up in it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from annotator.domain.codebook import Codebook, Field, Layer, LinkType, Registry, Role
from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.errors import InvalidValue
from annotator.domain.exchange import Header
from annotator.domain.ids import new_id
from annotator.domain.invariants import LARGEST_INTEGER, check_value, find_cycle, storable
from annotator.domain.model import Coder, Entry, FieldValue
from annotator.interchange.renaming import Renames, one_line

# Those of the built-in codebook come last: a layer of another tool should not look like one that is there.
PALETTE = (
    "#A61B4B", "#4A6B00", "#5B3FB5", "#8A3B12", "#00697A", "#7A4B8C", "#1B54B4", "#925500", "#6E1E63", "#10705D",
)  # fmt: skip
_LONGEST_CHOICE = 200
_MOST_CHOICES = 300


@dataclass(slots=True)
class _Field:
    """A field as far as it is known: by definition, or by the values that were seen."""

    name: str
    given: Field | None = None
    closed: bool = False
    """Whether values of this format come from a list, so that they are choices and not free texts."""
    many: bool = False
    texts: dict[str, None] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)

    def see(self, value: object) -> None:
        if isinstance(value, (list, tuple)):
            self.many = True
            for item in value:
                self.texts[str(item)] = None
        elif isinstance(value, bool):
            self.kinds.add("boolean")
            self.texts["true" if value else "false"] = None
        elif isinstance(value, (int, float)):
            self.kinds.add("number")
            self.texts[str(value)] = None
        else:
            self.kinds.add("text")
            if len(self.texts) <= _MOST_CHOICES or self.given is not None:
                self.texts[str(value)] = None

    def _fits(self, given: Field) -> bool:
        """Whether the values that were seen can stand in this field."""
        if self.many:
            return given.type in ("multi-choice", "text")
        if given.type not in ("number", "boolean", "date"):
            return True
        try:
            for text in self.texts:
                check_value(given, as_type(given.type, text))
        except (InvalidValue, ValueError, OverflowError):
            return False
        return True

    def definition(self) -> Field:
        if self.given is not None and self._fits(self.given):
            if self.given.choices or self.given.type in ("choice", "multi-choice"):
                more = [text for text in self.texts if text not in self.given.choices]
                return replace(self.given, choices=(*self.given.choices, *more))
            return self.given
        if self.many:
            return Field(self.name, "multi-choice", tuple(self.texts))
        if self.kinds == {"boolean"} or (self.closed and "boolean" in self.kinds and set(self.texts) <= _TRUTHS):
            return Field(self.name, "boolean")
        if self.kinds == {"number"}:
            return Field(self.name, "number")
        if self.closed and len(self.texts) <= _MOST_CHOICES and max(map(len, self.texts), default=0) <= _LONGEST_CHOICE:
            return Field(self.name, "choice", tuple(self.texts))
        return Field(self.name, "text")


_TRUTHS = {"true", "false"}


@dataclass(slots=True)
class _Owner:
    """A layer, a link type or a registry in the making."""

    id: str
    name: str
    base: Layer | LinkType | Registry | None = None
    color: str = ""
    description: str = ""
    registry: str | None = None
    fields: dict[str, _Field] = field(default_factory=dict)
    roles: dict[str, tuple[dict[str, None], dict[str, None]]] = field(default_factory=dict)
    filled: dict[str, int] = field(default_factory=dict)
    """How many members the emptiest link has in a role that is needed by definition."""


class Scheme:
    """Collects, then gives out. `given` is a codebook that the file brings along: its definitions hold.

    Without one, what is called as in `base` is taken to be the same.
    """

    def __init__(
        self, renames: Renames | None = None, given: Codebook | None = None, base: Codebook = DEFAULT_CODEBOOK
    ) -> None:
        self.renames = renames or Renames({})
        self._given = given
        self._base = given or base
        self._layers: dict[str, _Owner] = {}
        self._types: dict[str, _Owner] = {}
        self._registries: dict[str, _Owner] = {}
        self._coders: dict[str, str] = {}
        self._entries: dict[tuple[str, str], Entry] = {}
        self._frozen: dict[tuple[str, str], dict[str, Field]] = {}
        self._needed: dict[str, dict[str, int]] = {}
        self._entry_ids: set[str] = set()
        self._places: dict[str, str] = {}
        """Entry -> its registry, once the header is given out."""
        if given is not None:
            for registry in given.registries:
                self._registry(registry.name)
            for layer in given.layers:
                self.layer(layer.name)
            for link_type in given.link_types:
                self.link_type(link_type.name)
            for owner, item in self._pairs():
                for known in item.fields:
                    owner.fields[known.name] = _Field(known.name, known)

    def _pairs(self) -> Iterable[tuple[_Owner, Layer | LinkType | Registry]]:
        for owners in (self._layers, self._types, self._registries):
            for owner in owners.values():
                if owner.base is not None:
                    yield owner, owner.base

    # Collecting

    def layer(self, name: str, color: str = "", description: str = "") -> str:
        """The id of a layer, made known if it is new."""
        owner = self._layers.get(name)
        if owner is None:
            base = self._base.layers_by_name.get(name)
            owner = self._layers[name] = _Owner(base.id if base else new_id(), name, base, color, description)
            if base is not None and self._given is not None:
                owner.registry = base.registry
        return owner.id

    def link_type(self, name: str) -> str:
        """The id of a link type, made known if it is new."""
        owner = self._types.get(name)
        if owner is None:
            base = self._base.link_types_by_name.get(name)
            owner = self._types[name] = _Owner(base.id if base else new_id(), name, base)
        return owner.id

    def role(self, type_name: str, role: str, layers: Iterable[str] = (), links: Iterable[str] = ()) -> None:
        """A role holds annotations of these layers and links of these types."""
        self.link_type(type_name)
        found = self._types[type_name].roles.setdefault(role, ({}, {}))
        found[0].update(dict.fromkeys(layers))
        found[1].update(dict.fromkeys(links))

    def roles_of(self, type_name: str) -> tuple[str, ...]:
        """The names of the roles that a link type is known to have by definition."""
        base = self._base.link_types_by_name.get(type_name)
        return tuple(role.name for role in base.roles) if base else ()

    def link(self, type_name: str, filled: Mapping[str, int]) -> None:
        """A link of this type has so many members in its roles: what it lacks can be needed by no link."""
        base = self._base.link_types_by_name.get(type_name)
        if base is None:
            return
        owner = self._types[type_name]
        for role in base.roles:
            if role.min:
                count = filled.get(role.name, 0)
                owner.filled[role.name] = min(count, owner.filled.get(role.name, count))
                if count < role.min:
                    # A role must name what it takes; one that names nothing would take anything.
                    for layer in role.layers:
                        self.layer(layer)

    def needed(self, type_name: str) -> dict[str, int]:
        """The roles of a link type that must be filled, once the header is given out."""
        return self._needed.get(type_name, {})

    def value(self, kind: str, owner: str, name: str, value: object, *, closed: bool = False) -> None:
        """A field of a layer, link type or registry has this value. `kind` is layer, link or registry."""
        fields = self._owners(kind)[owner].fields
        known = fields.get(name)
        if known is None:
            base = self._owners(kind)[owner].base
            given = next((item for item in base.fields if item.name == name), None) if base else None
            known = fields[name] = _Field(name, given, closed)
        known.see(value)

    def field(self, kind: str, owner: str, definition: Field) -> None:
        """A field by its definition."""
        self._owners(kind)[owner].fields.setdefault(definition.name, _Field(definition.name, definition))

    def coder(self, name: str) -> str:
        """The id of a coder; nobody's name gives nobody's id."""
        return self._coders.setdefault(name, new_id()) if name else ""

    def give_coder(self, name: str, id_: str) -> None:
        """A coder with the id that the file gives."""
        self._coders.setdefault(name, id_)

    def registry_of(self, layer: str, hint: str = "") -> str:
        """The registry of a layer; if it has none yet, one of that name."""
        owner = self._layers[layer]
        if owner.registry is None:
            base = owner.base
            owner.registry = (base.registry if isinstance(base, Layer) else None) or hint or f"{layer} entries"
            self._registry(owner.registry)
        return owner.registry

    def _registry(self, name: str) -> _Owner:
        owner = self._registries.get(name)
        if owner is None:
            base = self._base.registries_by_name.get(name)
            owner = self._registries[name] = _Owner(base.id if base else new_id(), name, base)
        return owner

    def registry(self, name: str) -> str:
        """The id of a registry, made known if it is new."""
        return self._registry(name).id

    def entry(self, registry: str, key: str, name: str = "", id_: str = "", **more: object) -> str:
        """The id of an entry, made if it is new. `key` is whatever the file tells entries of one registry apart by."""
        known = self._entries.get((registry, key))
        if known is None:
            plain = (name if self.is_own else one_line(name)) or key
            if not id_ or id_ in self._entry_ids:
                id_ = new_id()
            self._entry_ids.add(id_)
            known = Entry(id_, self._registry(registry).id, plain, **more)  # type: ignore[arg-type]
            self._entries[registry, key] = known
            for name_, value in known.fields.items():
                self.value("registry", registry, name_, value)
        return known.id

    def fitting(self, layer: str, entries: Iterable[str]) -> tuple[str, ...]:
        """Those entries that are there and in the registry of this layer, each once."""
        registry = self._layers[layer].registry
        place = self._registries[registry].id if registry in self._registries else None
        return tuple(entry for entry in dict.fromkeys(entries) if self._places.get(entry, "") == place)

    def _owners(self, kind: str) -> dict[str, _Owner]:
        return {"layer": self._layers, "link": self._types, "registry": self._registries}[kind]

    # Giving out

    def header(self) -> Header:
        """All that was collected. From here on values are taken as the fields are now."""
        codebook = self.codebook()
        for kind, items in (
            ("layer", codebook.layers), ("link", codebook.link_types), ("registry", codebook.registries),
        ):  # fmt: skip
            for item in items:
                self._frozen[kind, item.name] = {known.name: known for known in item.fields}
        self._needed = {t.name: {role.name: role.min for role in t.roles if role.min} for t in codebook.link_types}
        names = {registry.id: registry.name for registry in codebook.registries}
        self._places = {entry.id: entry.registry_id for entry in self._entries.values()}
        parents = self._parents()
        entries = tuple(
            replace(
                entry,
                parent_id=parents.get(entry.id),
                fields=self.fields("registry", names[entry.registry_id], entry.fields)[0],
            )
            for entry in self._entries.values()
        )
        return Header(None, codebook, tuple(Coder(id_, name) for name, id_ in self._coders.items()), entries)

    def _parents(self) -> dict[str, str]:
        """The parents that are there, without circles."""
        given = {entry.id: entry.parent_id for entry in self._entries.values()}
        parents = {id_: parent for id_, parent in given.items() if parent is not None and parent in given}
        while cycle := find_cycle({id_: (parent,) for id_, parent in parents.items()}):
            del parents[cycle[-1]]
        return parents

    def codebook(self) -> Codebook:
        """Layers, link types and registries as they are known now."""
        return Codebook(
            tuple(self._made_layer(owner, number) for number, owner in enumerate(self._layers.values())),
            tuple(self._made_type(owner) for owner in self._types.values()),
            tuple(self._made_registry(owner) for owner in self._registries.values()),
            self.document_fields,
            self._given.version if self._given is not None else 1,
        )

    @property
    def document_fields(self) -> tuple[Field, ...]:
        """The fields of documents, where the file brings a codebook along."""
        return self._given.document_fields if self._given is not None else ()

    @property
    def is_own(self) -> bool:
        """Whether the file brings its codebook along, as those of Annotator do."""
        return self._given is not None

    def _made_registry(self, owner: _Owner) -> Registry:
        fields = tuple(known.definition() for known in owner.fields.values())
        if isinstance(owner.base, Registry) and self._given is not None:
            return replace(owner.base, fields=fields)
        return Registry(owner.id, owner.name, fields)

    def _made_layer(self, owner: _Owner, number: int) -> Layer:
        fields = tuple(known.definition() for known in owner.fields.values())
        base = owner.base
        if isinstance(base, Layer):
            color, description = owner.color or base.color, owner.description or base.description
            return replace(base, fields=fields, registry=owner.registry, color=color, description=description)
        color = owner.color or PALETTE[number % len(PALETTE)]
        return Layer(owner.id, owner.name, color, "", owner.registry, fields, description=owner.description)

    def _made_type(self, owner: _Owner) -> LinkType:
        fields = tuple(known.definition() for known in owner.fields.values())
        base = owner.base
        roles: dict[str, Role] = {}
        if isinstance(base, LinkType):
            for role in base.roles:
                known = role.name in owner.roles or self._given is not None
                needed = min(role.min, owner.filled.get(role.name, role.min))
                if known or needed < role.min:
                    # Without a codebook of its own, the file says nothing of layers that it does not have.
                    layers = role.layers if self._given else tuple(x for x in role.layers if x in self._layers)
                    links = role.links if self._given else tuple(x for x in role.links if x in self._types)
                    roles[role.name] = replace(role, layers=layers, links=links, min=needed)
        for name, (layers_, links_) in owner.roles.items():
            own = roles.get(name, Role(name))
            if name in roles and not own.layers and not own.links and isinstance(base, LinkType) and self._given:
                continue
            roles[name] = replace(
                own,
                layers=tuple(dict.fromkeys((*own.layers, *layers_))),
                links=tuple(dict.fromkeys((*own.links, *links_))),
            )
        if isinstance(base, LinkType) and self._given is not None:
            return replace(base, roles=tuple(roles.values()), fields=fields)
        description = base.description if base is not None and not isinstance(base, Registry) else ""
        return LinkType(owner.id, owner.name, tuple(roles.values()), fields, description)

    def fields(self, kind: str, owner: str, values: Mapping[str, object]) -> tuple[dict[str, FieldValue], list[str]]:
        """The values as their fields want them, and the names of those that do not fit."""
        if not values:
            return {}, []
        known = self._frozen[kind, owner]
        kept: dict[str, FieldValue] = {}
        left: list[str] = []
        for name, value in values.items():
            definition = known.get(name)
            try:
                if definition is None:
                    raise InvalidValue("unknown")
                kept[name] = check_value(definition, as_type(definition.type, value))
            except (InvalidValue, ValueError, OverflowError):
                left.append(name)
        return kept, left


def as_type(type_: str, value: object) -> object:
    """A value of another tool in the form that a field of this type takes, if it can be brought there."""
    match type_:
        case "multi-choice":
            items = value if isinstance(value, (list, tuple)) else [value]
            return list(dict.fromkeys(as_text(item) for item in items))
        case "choice" | "text" | "date":
            return as_text(value)
        case "number" if isinstance(value, str):
            number = float(value) if any(c in value for c in ".eEnN") else int(value[:400])
            return number
        case "boolean" if isinstance(value, str) and value.casefold() in ("true", "yes", "1", "false", "no", "0"):
            return value.casefold() in ("true", "yes", "1")
    return value


def as_text(value: object) -> str:
    """A value as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "; ".join(as_text(item) for item in value)
    return str(value)


def plain_value(value: object) -> FieldValue | None:
    """A value as metadata may hold it, or nothing."""
    if isinstance(value, str):
        return value if storable(value) else None
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= LARGEST_INTEGER else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) and storable(item) for item in value):
        return list(value)
    return None
