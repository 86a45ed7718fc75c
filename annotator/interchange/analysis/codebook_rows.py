"""The coding scheme as the rows of one table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from annotator.domain.codebook import Codebook, Field, Layer, LinkType, Registry, Role
from annotator.interchange.analysis.columns import Cell, Row


def codebook_rows(codebook: Codebook) -> Iterator[Row]:
    """item, of, name, id, type, value, and what is said of it: a layer, then its fields, each with its choices; and so on."""
    for layer in codebook.layers:
        look = ", ".join(part for part in (layer.color, layer.shortcut and f"key {layer.shortcut}", layer.mark) if part)
        yield _row("layer", None, layer, layer.id, layer.registry, look)
        yield from _fields(layer.name, layer.fields)
    for link_type in codebook.link_types:
        yield _row("link type", None, link_type, link_type.id)
        for role in link_type.roles:
            takes = ", ".join((*role.layers, *role.links)) or "anything"
            needed = f"at least {role.min}" if role.min else ""
            yield _row("role", link_type.name, role, None, None, "; ".join(part for part in (takes, needed) if part))
        yield from _fields(link_type.name, link_type.fields)
    for registry in codebook.registries:
        yield _row("registry", None, registry, registry.id)
        yield from _fields(registry.name, registry.fields)
    yield from _fields("documents", codebook.document_fields)


def _fields(owner: str, fields: Iterable[Field]) -> Iterator[Row]:
    for field in fields:
        yield _row("field", owner, field, None, field.type, "required" if field.required else None)
        for number, choice in enumerate(field.choices, 1):
            of = f"{owner}.{field.name}"
            yield ["choice", of, choice, None, None, str(number), field.help_for(choice), None, None]


def _row(
    kind: str,
    of: str | None,
    item: Layer | LinkType | Role | Registry | Field,
    id_: str | None,
    type_: Cell = None,
    value: Cell = None,
) -> Row:
    return [kind, of, item.name, id_, type_, value, item.description, item.guidelines, list(item.examples)]
