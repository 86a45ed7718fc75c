"""Places in a codebook, as the tree and the forms of the editor name them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from annotator.domain.codebook import Codebook, Field, Layer, LinkType, Registry
from annotator.domain.codebook_edit import Owner, fields_of

NodeKind = Literal["layer", "link_type", "registry", "documents", "field", "role"]


class Node(NamedTuple):
    """A layer, link type or registry (`owner`), the documents, or a field or role of one (`name`)."""

    kind: NodeKind
    owner: Owner
    name: str = ""

    @property
    def parent(self) -> Node:
        """What a field or role belongs to; itself for anything else."""
        return Node(self.owner.kind, self.owner) if self.kind in ("field", "role") else self


def exists(codebook: Codebook, node: Node) -> bool:
    """Whether it is in the codebook."""
    owners: dict[str, Mapping[str, object]] = {
        "layer": codebook.layers_by_id,
        "link_type": codebook.link_types_by_id,
        "registry": codebook.registries_by_id,
        "documents": {"": None},
    }
    if node.owner.id not in owners[node.owner.kind]:
        return False
    if node.kind == "field":
        return any(field.name == node.name for field in fields_of(codebook, node.owner))
    if node.kind == "role":
        return codebook.link_types_by_id[node.owner.id].role(node.name) is not None
    return True


def siblings(codebook: Codebook, node: Node) -> list[Node]:
    """Those among which it has its place, in order."""
    match node.kind:
        case "layer":
            return [Node("layer", Owner("layer", item.id)) for item in codebook.layers]
        case "link_type":
            return [Node("link_type", Owner("link_type", item.id)) for item in codebook.link_types]
        case "registry":
            return [Node("registry", Owner("registry", item.id)) for item in codebook.registries]
        case "role":
            return [Node("role", node.owner, role.name) for role in codebook.link_types_by_id[node.owner.id].roles]
        case "field":
            return [Node("field", node.owner, field.name) for field in fields_of(codebook, node.owner)]
        case _:
            return [node]


def fields_under(codebook: Codebook, owner: Owner) -> list[tuple[Node, Field]]:
    """The fields of an owner, each with its place."""
    return [(Node("field", owner, field.name), field) for field in fields_of(codebook, owner)]


def name_of(codebook: Codebook, node: Node) -> str:
    """What it is called; "" for the documents."""
    if node.kind in ("field", "role"):
        return node.name
    kinds: dict[str, tuple[Layer | LinkType | Registry, ...]] = {
        "layer": codebook.layers,
        "link_type": codebook.link_types,
        "registry": codebook.registries,
    }
    return next((item.name for item in kinds.get(node.kind, ()) if item.id == node.owner.id), "")


def free_name(wanted: str, taken: set[str]) -> str:
    """The name, numbered where it is taken."""
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted} {number}", number + 1
    return name
