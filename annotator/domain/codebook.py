"""The codebook as data: layers, link types, registries and their fields.

Inside the codebook things refer to each other by name, as in the JSON contract; annotations, links and
entries refer to layers, link types and registries by id, so that a rename touches the codebook alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeVar, get_args

FieldType = Literal["choice", "multi-choice", "text", "number", "boolean", "date"]
FIELD_TYPES: tuple[str, ...] = get_args(FieldType)

Mark = Literal["underline", "tint", "outline", "dots", "dashes", "double", "wave"]
"""How a layer is drawn in the text. Every layer has its own mark, so that colour is never the only sign."""
MARKS: tuple[str, ...] = get_args(Mark)


@dataclass(frozen=True, slots=True)
class Field:
    """An attribute that the codebook defines for an annotation, a link, an entry or a document."""

    name: str
    type: FieldType = "text"
    choices: tuple[str, ...] = ()
    description: str = ""
    required: bool = False
    guidelines: str = ""
    examples: tuple[str, ...] = ()
    choice_help: tuple[tuple[str, str], ...] = ()
    """What choices mean, as (choice, text); a choice without a text is left out."""

    def help_for(self, choice: str) -> str:
        """What a choice means; "" where nobody has written it down."""
        return next((text for known, text in self.choice_help if known == choice), "")


@dataclass(frozen=True, slots=True)
class Layer:
    """A kind of span. `registry` is the name of the registry its annotations refer to, if any."""

    id: str
    name: str
    color: str
    shortcut: str = ""
    registry: str | None = None
    fields: tuple[Field, ...] = ()
    mark: Mark = "underline"
    description: str = ""
    guidelines: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """A place in a link. Its members are annotations of `layers` or other links of the types `links` (names)."""

    name: str
    layers: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    min: int = 0
    description: str = ""
    guidelines: str = ""
    examples: tuple[str, ...] = ()

    @property
    def takes_anything(self) -> bool:
        """Whether it names neither layers nor link types, and so takes any annotation."""
        return not self.layers and not self.links


@dataclass(frozen=True, slots=True)
class LinkType:
    """A typed n-ary relation with named roles."""

    id: str
    name: str
    roles: tuple[Role, ...] = ()
    fields: tuple[Field, ...] = ()
    description: str = ""
    guidelines: str = ""
    examples: tuple[str, ...] = ()

    def role(self, name: str) -> Role | None:
        """The role of this name, or None."""
        return next((role for role in self.roles if role.name == name), None)


@dataclass(frozen=True, slots=True)
class Registry:
    """A list of canonical things (entries): actors, claims, or what the project adds."""

    id: str
    name: str
    fields: tuple[Field, ...] = ()
    description: str = ""
    guidelines: str = ""
    examples: tuple[str, ...] = ()


_T = TypeVar("_T", Layer, LinkType, Registry)


def _by_id(items: Iterable[_T]) -> dict[str, _T]:
    return {item.id: item for item in items}


def _by_name(items: Iterable[_T]) -> dict[str, _T]:
    return {item.name: item for item in items}


@dataclass(frozen=True)
class Codebook:
    """All that a project's coding scheme says. Immutable: an edit makes a new one."""

    layers: tuple[Layer, ...] = ()
    link_types: tuple[LinkType, ...] = ()
    registries: tuple[Registry, ...] = ()
    document_fields: tuple[Field, ...] = field(default=())
    version: int = 1
    """Rises by one with each step that changes the codebook, and falls again when the step is undone."""

    @cached_property
    def layers_by_id(self) -> dict[str, Layer]:
        """Layers keyed by id."""
        return _by_id(self.layers)

    @cached_property
    def layers_by_name(self) -> dict[str, Layer]:
        """Layers keyed by name."""
        return _by_name(self.layers)

    @cached_property
    def link_types_by_id(self) -> dict[str, LinkType]:
        """Link types keyed by id."""
        return _by_id(self.link_types)

    @cached_property
    def link_types_by_name(self) -> dict[str, LinkType]:
        """Link types keyed by name."""
        return _by_name(self.link_types)

    @cached_property
    def registries_by_id(self) -> dict[str, Registry]:
        """Registries keyed by id."""
        return _by_id(self.registries)

    @cached_property
    def registries_by_name(self) -> dict[str, Registry]:
        """Registries keyed by name."""
        return _by_name(self.registries)

    @cached_property
    def attribution(self) -> LinkType | None:
        """The link type that says who says what: the one named Attribution, else the first with a claim and a source."""
        named = self.link_types_by_name.get("Attribution")
        if named is not None and named.role("claim") is not None:
            return named
        return next((t for t in self.link_types if t.role("claim") and t.role("source")), None)

    @cached_property
    def about(self) -> LinkType | None:
        """The link type that says which actors a claim is about, if the codebook has it."""
        named = self.link_types_by_name.get("About")
        return named if named is not None and named.role("claim") and named.role("actor") else None

    def layers_in_role(self, role: str) -> tuple[Layer, ...]:
        """The layers that may stand in this role of an attribution (for example the claim layers)."""
        place = self.attribution.role(role) if self.attribution else None
        names = place.layers if place else ()
        return tuple(layer for layer in self.layers if layer.name in names)

    def registry_of(self, layer: Layer) -> Registry | None:
        """The registry that annotations of this layer refer to."""
        return self.registries_by_name.get(layer.registry) if layer.registry else None
