"""One codebook into another: things match by name, what is missing is added, what contradicts is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from annotator.domain.codebook import Codebook, Field, Layer, LinkType, Registry, Role
from annotator.domain.errors import Conflict, InvalidValue
from annotator.domain.ids import new_id
from annotator.domain.invariants import check_value, shown
from annotator.interchange.scheme import as_type

_T = TypeVar("_T", Layer, LinkType, Registry)


@dataclass(slots=True)
class MergedCodebook:
    """What has to be written for the codebook to hold both, and how ids in the file map to the project's."""

    codebook: Codebook
    added: list[Layer | LinkType | Registry] = field(default_factory=list)
    changed: list[Layer | LinkType | Registry] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    """Ids of layers, link types and registries in the file -> in the project, each with its kind before it."""
    notes: list[str] = field(default_factory=list)
    fields: dict[tuple[str, str, str], tuple[Field, Field | None]] = field(default_factory=dict)
    """Fields of the file that are of another type here: kind, id of the owner and name there -> the field here, and
    the one for values that it cannot take."""
    divided: bool = False
    """Whether layers that share a registry in the file have different ones here."""

    def id_of(self, kind: str, id_: str) -> str:
        """The project's id for a layer, link type or registry of the file."""
        return self.ids[f"{kind} {id_}"]


def merge(ours: Codebook, theirs: Codebook, *, guessed: bool = False) -> MergedCodebook:
    """Our codebook with theirs in it. Raises Conflict where a field has another type.

    One that is guessed from another tool's file gives way: its values become what the field takes here, or, where they
    cannot, go to a field of their own.
    """
    result = MergedCodebook(ours)
    theirs = _with_our_registries(ours, theirs, result)
    if guessed:
        theirs = _giving_way(ours, theirs, result)
    registries = _merge_all("registry", ours.registries, theirs.registries, _merge_registry, result)
    layers = _merge_all("layer", ours.layers, theirs.layers, _merge_layer, result)
    types = _merge_all("link_type", ours.link_types, theirs.link_types, _merge_link_type, result)
    fields = _merge_fields(ours.document_fields, theirs.document_fields, "documents", result.notes)
    result.codebook = Codebook(tuple(layers), tuple(types), tuple(registries), fields, ours.version)
    return result


def _merge_all(
    kind: str,
    ours: Iterable[_T],
    theirs: Iterable[_T],
    merge_one: Callable[[_T, _T, list[str]], _T],
    result: MergedCodebook,
) -> list[_T]:
    merged = list(ours)
    taken = {item.id for item in merged}
    keys = {_key(item) for item in merged}
    for item in theirs:
        place = next((index for index, own in enumerate(merged) if own.name == item.name), None)
        if place is None:
            new = replace(item, id=new_id()) if item.id in taken else item
            if _key(new) and _key(new) in keys:
                result.notes.append(f"The layer {shown(new.name)} came without its key, which is taken.")
                new = _without_key(new)
            keys.add(_key(new))
            taken.add(new.id)
            merged.append(new)
            result.added.append(new)
            result.ids[f"{kind} {item.id}"] = new.id
            continue
        own = merged[place]
        result.ids[f"{kind} {item.id}"] = own.id
        both = merge_one(own, item, result.notes)
        if both != own:
            merged[place] = both
            result.changed.append(both)
    return merged


def _merge_registry(ours: Registry, theirs: Registry, notes: list[str]) -> Registry:
    where = f"the registry {shown(ours.name)}"
    return replace(ours, fields=_merge_fields(ours.fields, theirs.fields, where, notes))


def _merge_layer(ours: Layer, theirs: Layer, notes: list[str]) -> Layer:
    where = f"the layer {shown(ours.name)}"
    registry = ours.registry
    if registry is None and theirs.registry is not None:
        registry = theirs.registry
        notes.append(f"{_upper(where)} now refers to the registry {shown(registry)}.")
    return replace(ours, registry=registry, fields=_merge_fields(ours.fields, theirs.fields, where, notes))


def _merge_link_type(ours: LinkType, theirs: LinkType, notes: list[str]) -> LinkType:
    where = f"the link type {shown(ours.name)}"
    roles = list(ours.roles)
    for role in theirs.roles:
        own = ours.role(role.name)
        if own is None:
            # What is there already has nobody in the new role, so it cannot be needed.
            roles.append(replace(role, min=0))
            notes.append(f"{_upper(where)} got the role {shown(role.name)}.")
            continue
        both = replace(own, layers=_both(own.layers, role.layers), links=_both(own.links, role.links))
        if _takes_anything(own) or _takes_anything(role):
            both = replace(own, layers=(), links=())
        if both != own:
            notes.append(f"The role {shown(role.name)} of {where} takes more than before.")
        if role.min < own.min:
            # Links from there would be wrong here from the first day on.
            both = replace(both, min=role.min)
            notes.append(f"The role {shown(role.name)} of {where} may be empty now.")
        if both != own:
            roles[roles.index(own)] = both
    for place, own in enumerate(roles):
        if own.min and theirs.role(own.name) is None:
            # Links from there do not have it at all.
            roles[place] = replace(own, min=0)
            notes.append(f"The role {shown(own.name)} of {where} may be empty now.")
    return replace(ours, roles=tuple(roles), fields=_merge_fields(ours.fields, theirs.fields, where, notes))


def _takes_anything(role: Role) -> bool:
    return not role.layers and not role.links


def _both(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*ours, *theirs)))


def _merge_fields(
    ours: tuple[Field, ...], theirs: tuple[Field, ...], where: str, notes: list[str]
) -> tuple[Field, ...]:
    fields = list(ours)
    for item in theirs:
        own = next((known for known in ours if known.name == item.name), None)
        if own is None:
            fields.append(replace(item, required=False))
            notes.append(f"{_upper(where)} got the field {shown(item.name)}.")
            continue
        if own.type == "text" and item.type in ("choice", "date"):
            # Other tools rarely say what kind of field it is; what they say in it is text in any case.
            continue
        if own.type != item.type:
            raise Conflict(
                f"the field {shown(item.name)} of {where} is of the type {item.type} there, "
                f"but of the type {own.type} in the project"
            )
        choices = _both(own.choices, item.choices)
        if choices != own.choices:
            fields[fields.index(own)] = replace(own, choices=choices)
            added = ", ".join(shown(choice) for choice in choices if choice not in own.choices)
            notes.append(f"The field {shown(item.name)} of {where} got the choices {added}.")
    return tuple(fields)


def _with_our_registries(ours: Codebook, theirs: Codebook, result: MergedCodebook) -> Codebook:
    """Theirs, such that a layer of both has our registry for its entries, whatever it is called there."""
    wanted: dict[str, set[str]] = {}
    for layer in theirs.layers:
        if layer.registry is not None:
            own = ours.layers_by_name.get(layer.name)
            wanted.setdefault(layer.registry, set()).add((own.registry if own is not None else None) or layer.registry)
    result.divided = any(len(names) > 1 for names in wanted.values())
    renamed = {name: next(iter(names)) for name, names in wanted.items() if len(names) == 1 and names != {name}}
    for name, ours_ in renamed.items():
        result.notes.append(
            f"The entries of the registry {shown(name)} go to {shown(ours_)}, as their layer has it here."
        )
    if not renamed:
        return theirs
    return replace(
        theirs,
        registries=tuple(replace(item, name=renamed.get(item.name, item.name)) for item in theirs.registries),
        layers=tuple(
            replace(layer, registry=renamed.get(layer.registry, layer.registry)) if layer.registry else layer
            for layer in theirs.layers
        ),
    )


def _giving_way(ours: Codebook, theirs: Codebook, result: MergedCodebook) -> Codebook:
    """Their codebook without fields of other types than ours."""

    def given_way(kind: str, owners: Iterable[_T], known: Iterable[_T]) -> tuple[_T, ...]:
        by_name = {owner.name: owner for owner in known}
        made = []
        for owner in owners:
            own = {item.name: item for item in by_name[owner.name].fields} if owner.name in by_name else {}
            fields: dict[str, Field] = {}
            for item in owner.fields:
                if item.name in own and not _meet(own[item.name], item):
                    target, other = _target(own, item)
                    result.fields[kind, owner.id, item.name] = (target, other)
                    item = target
                fields.setdefault(item.name, item)
            made.append(replace(owner, fields=tuple(fields.values())))
        return tuple(made)

    return replace(
        theirs,
        layers=given_way("layer", theirs.layers, ours.layers),
        link_types=given_way("link_type", theirs.link_types, ours.link_types),
        registries=given_way("registry", theirs.registries, ours.registries),
    )


def _meet(own: Field, item: Field) -> bool:
    return own.type == item.type or (own.type == "text" and item.type in ("choice", "date"))


def _target(own: dict[str, Field], item: Field) -> tuple[Field, Field | None]:
    """Our field, and one of their type for the values that do not fit in it; none where all are known to fit."""
    wanted = own[item.name]
    if wanted.type == "text":
        return wanted, None
    if wanted.type == "multi-choice" and item.type == "choice":
        return replace(wanted, choices=item.choices), None
    if item.type == "choice" and all(fits(wanted, choice) for choice in item.choices):
        return wanted, None
    name, number = f"{item.name} ({item.type})", 2
    while name in own and not _meet(own[name], item):
        name, number = f"{item.name} ({item.type}, {number})", number + 1
    return wanted, replace(item, name=name, required=False)


def fits(field: Field, value: object) -> bool:
    """Whether a field can take this value of another tool."""
    try:
        check_value(field, as_type(field.type, value))
    except (InvalidValue, ValueError, OverflowError):
        return False
    return True


def with_field(codebook: Codebook, kind: str, id_: str, field: Field) -> tuple[Codebook, Layer | LinkType | Registry]:
    """The codebook with a field more, or with more choices in it, and what it belongs to."""
    name = {"layer": "layers", "link_type": "link_types", "registry": "registries"}[kind]
    items = getattr(codebook, name)
    owner = next(item for item in items if item.id == id_)
    made = replace(owner, fields=_merge_fields(owner.fields, (field,), "", []))
    changed: dict[str, Any] = {name: tuple(made if item is owner else item for item in items)}
    return replace(codebook, **changed), made


def _key(item: Layer | LinkType | Registry) -> str:
    return item.shortcut.casefold() if isinstance(item, Layer) else ""


def _without_key(item: _T) -> _T:
    return replace(item, shortcut="") if isinstance(item, Layer) else item


def _upper(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
