"""One codebook made from another: a part replaced, renamed, taken out or put elsewhere.

Inside the codebook things refer to each other by name, so a rename rewrites what names them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple, TypeVar

from annotator.domain.codebook import Codebook, Field, Layer, LinkType, Registry, Role
from annotator.domain.errors import InvalidValue, NotFound
from annotator.domain.invariants import shown, storable

Kind = Literal["layer", "link_type", "registry"]
T = TypeVar("T")


class Owner(NamedTuple):
    """Whose fields: a layer's, a link type's, a registry's (with its id), or the documents' (without)."""

    kind: Literal["layer", "link_type", "registry", "documents"]
    id: str = ""


DOCUMENTS = Owner("documents")


def name_from(text: str, what: str = "name") -> str:
    """A name as it is stored. Raises InvalidValue for an empty one."""
    name = " ".join(text.split())
    if not name:
        raise InvalidValue(f"A {what} cannot be empty.")
    if not storable(name):
        raise InvalidValue("The name holds characters that are no proper Unicode; type or copy it again.")
    return name


def layer_of(codebook: Codebook, id_: str) -> Layer:
    """A layer. Raises NotFound."""
    return _found(codebook.layers_by_id.get(id_), "layer")


def link_type_of(codebook: Codebook, id_: str) -> LinkType:
    """A link type. Raises NotFound."""
    return _found(codebook.link_types_by_id.get(id_), "link type")


def registry_of(codebook: Codebook, id_: str) -> Registry:
    """A registry. Raises NotFound."""
    return _found(codebook.registries_by_id.get(id_), "registry")


def role_of(codebook: Codebook, type_id: str, name: str) -> Role:
    """A role. Raises NotFound."""
    return _found(link_type_of(codebook, type_id).role(name), "role")


def fields_of(codebook: Codebook, owner: Owner) -> tuple[Field, ...]:
    """The fields of an owner. Raises NotFound."""
    match owner.kind:
        case "layer":
            return layer_of(codebook, owner.id).fields
        case "link_type":
            return link_type_of(codebook, owner.id).fields
        case "registry":
            return registry_of(codebook, owner.id).fields
        case _:
            return codebook.document_fields


def field_of(codebook: Codebook, owner: Owner, name: str) -> Field:
    """A field. Raises NotFound."""
    return _found(next((field for field in fields_of(codebook, owner) if field.name == name), None), "field")


def _found(item: T | None, what: str) -> T:
    if item is None:
        raise NotFound(f"This {what} is not in the codebook any more.")
    return item


def moved(items: Sequence[T], item: T, place: int) -> tuple[T, ...]:
    """The items with one of them at another place (counted without it)."""
    rest = [other for other in items if other is not item]
    place = max(0, min(place, len(rest)))
    return (*rest[:place], item, *rest[place:])


def with_item(codebook: Codebook, item: Layer | LinkType | Registry) -> Codebook:
    """With this layer, link type or registry in the place of the one with its id, or at the end; names follow."""
    if isinstance(item, Layer):
        old = codebook.layers_by_id.get(item.id)
        codebook = replace(codebook, layers=_put(codebook.layers, item))
        return codebook if old is None or old.name == item.name else _rename_layer(codebook, old.name, item.name)
    if isinstance(item, LinkType):
        before = codebook.link_types_by_id.get(item.id)
        codebook = replace(codebook, link_types=_put(codebook.link_types, item))
        renamed = before is not None and before.name != item.name
        return _rename_link_type(codebook, before.name, item.name) if before is not None and renamed else codebook
    known = codebook.registries_by_id.get(item.id)
    codebook = replace(codebook, registries=_put(codebook.registries, item))
    if known is None or known.name == item.name:
        return codebook
    layers = (replace(x, registry=item.name) if x.registry == known.name else x for x in codebook.layers)
    return replace(codebook, layers=tuple(layers))


_Item = TypeVar("_Item", Layer, LinkType, Registry)


def _put(items: tuple[_Item, ...], new: _Item) -> tuple[_Item, ...]:
    found = [new if item.id == new.id else item for item in items]
    if all(item.id != new.id for item in items):
        found.append(new)
    return tuple(found)


def _rename_layer(codebook: Codebook, old: str, new: str) -> Codebook:
    return _each_role(codebook, lambda role: replace(role, layers=_renamed(role.layers, old, new)))


def _rename_link_type(codebook: Codebook, old: str, new: str) -> Codebook:
    return _each_role(codebook, lambda role: replace(role, links=_renamed(role.links, old, new)))


def _renamed(names: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(new if name == old else name for name in names))


def _each_role(codebook: Codebook, change: Callable[[Role], Role | None]) -> Codebook:
    types = []
    for link_type in codebook.link_types:
        roles = tuple(new for role in link_type.roles if (new := change(role)) is not None)
        types.append(link_type if roles == link_type.roles else replace(link_type, roles=roles))
    return replace(codebook, link_types=tuple(types))


def without_layer(codebook: Codebook, id_: str, into: str = "") -> Codebook:
    """Without a layer. Roles that took it take the layer named `into`; a role that took nothing else goes."""
    layer = layer_of(codebook, id_)
    codebook = replace(codebook, layers=tuple(x for x in codebook.layers if x.id != id_))
    return _each_role(codebook, lambda role: _role_without(role, "layers", layer.name, into))


def without_link_type(codebook: Codebook, id_: str) -> Codebook:
    """Without a link type. A role that took nothing else goes."""
    gone = link_type_of(codebook, id_)
    codebook = replace(codebook, link_types=tuple(x for x in codebook.link_types if x.id != id_))
    return _each_role(codebook, lambda role: _role_without(role, "links", gone.name, ""))


def _role_without(role: Role, part: Literal["layers", "links"], name: str, into: str) -> Role | None:
    names: tuple[str, ...] = getattr(role, part)
    if name not in names:
        return role
    kept = _renamed(names, name, into) if into else tuple(other for other in names if other != name)
    new = replace(role, layers=kept) if part == "layers" else replace(role, links=kept)
    # A role that names nothing would take anything.
    return None if new.takes_anything else new


def without_registry(codebook: Codebook, id_: str, into: str = "") -> Codebook:
    """Without a registry. Layers that referred to it refer to the one named `into`, or to none."""
    gone = registry_of(codebook, id_)
    layers = (replace(x, registry=into or None) if x.registry == gone.name else x for x in codebook.layers)
    registries = tuple(x for x in codebook.registries if x.id != id_)
    return replace(codebook, layers=tuple(layers), registries=registries)


def with_fields(codebook: Codebook, owner: Owner, fields: Sequence[Field]) -> Codebook:
    """With these fields for an owner."""
    new = tuple(fields)
    match owner.kind:
        case "layer":
            return with_item(codebook, replace(layer_of(codebook, owner.id), fields=new))
        case "link_type":
            return with_item(codebook, replace(link_type_of(codebook, owner.id), fields=new))
        case "registry":
            return with_item(codebook, replace(registry_of(codebook, owner.id), fields=new))
        case _:
            return replace(codebook, document_fields=new)


def with_field(codebook: Codebook, owner: Owner, name: str, new: Field) -> Codebook:
    """With this field in the place of the one of that name."""
    fields = [new if field.name == name else field for field in fields_of(codebook, owner)]
    return with_fields(codebook, owner, fields)


def with_roles(codebook: Codebook, type_id: str, roles: Sequence[Role]) -> Codebook:
    """With these roles for a link type."""
    return with_item(codebook, replace(link_type_of(codebook, type_id), roles=tuple(roles)))


def reordered(codebook: Codebook, kind: Kind, id_: str, place: int) -> Codebook:
    """With a layer, link type or registry at another place."""
    if kind == "layer":
        return replace(codebook, layers=moved(codebook.layers, layer_of(codebook, id_), place))
    if kind == "link_type":
        return replace(codebook, link_types=moved(codebook.link_types, link_type_of(codebook, id_), place))
    return replace(codebook, registries=moved(codebook.registries, registry_of(codebook, id_), place))


def role_takes(codebook: Codebook, role: Role) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """Ids of the layers (None: any) and of the link types that a role takes."""
    types = tuple(codebook.link_types_by_name[name].id for name in role.links)
    if role.takes_anything:
        return None, types
    return tuple(codebook.layers_by_name[name].id for name in role.layers), types


def warn_key(codebook: Codebook, key: str, layer_id: str) -> Layer | None:
    """Another layer that has this key already."""
    folded = key.casefold()
    return next((x for x in codebook.layers if folded and x.shortcut.casefold() == folded and x.id != layer_id), None)


def key_from(text: str) -> str:
    """A layer's key as it is stored: one letter or digit, or "". Raises InvalidValue."""
    key = text.strip().upper()
    if key and (len(key) != 1 or not key.isalnum()):
        raise InvalidValue(f"{shown(text.strip())} is no key for a layer: it takes one letter or digit.")
    return key
