"""What is asked before something is removed from the codebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from annotator.domain.codebook_edit import field_of, fields_of, link_type_of
from annotator.ui.codebook.nodes import Node, name_of
from annotator.ui.codebook.touches import AskDialog
from annotator.ui.panel import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotator.services.codebook_change import Change
    from annotator.services.project import Project

Options = list[tuple[str, "Mapping[str, str]"]]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Removing", text)


def dialog(parent: QWidget, project: Project, node: Node) -> AskDialog:
    """The question for a layer, link type, registry, field or role."""
    options = _options(project, node)
    name = name_of(project.codebook, node)

    def make(number: int, place: str | None) -> Change:
        return _change(project, node, number, place)

    title = _tr("Remove “{name}”?").replace("{name}", name)
    return AskDialog(project, title, _tr("Remove"), options, make, parent)


def _options(project: Project, node: Node) -> Options:
    codebook = project.codebook
    match node.kind:
        case "layer":
            others = {layer.id: layer.name for layer in codebook.layers if layer.id != node.owner.id}
            used = project.coding.is_used(node.owner)
            move: Options = [(_tr("Move its annotations to"), others)] if others and used else []
            return [*move, (_tr("Remove its annotations with it"), {})]
        case "registry":
            others = {item.id: item.name for item in codebook.registries if item.id != node.owner.id}
            used = project.coding.is_used(node.owner)
            move = [(_tr("Move its entries to"), others)] if others and used else []
            return [*move, (_tr("Remove its entries with it"), {})]
        case "role":
            roles = link_type_of(codebook, node.owner.id).roles
            others = {role.name: words.label(role.name) for role in roles if role.name != node.name}
            move = [(_tr("Put what stands in it into"), others)] if others else []
            return [*move, (_tr("Take what stands in it out of the links"), {})]
        case "field":
            fields = fields_of(codebook, node.owner)
            others = {field.name: words.label(field.name) for field in fields if field.name != node.name}
            used = project.coding.is_set(node.owner, node.name)
            keep: Options = [(_tr("Keep its values as free metadata"), {})] if node.owner.kind == "documents" else []
            move = [(_tr("Put its values, where they fit, into"), others)] if others else []
            return [*keep, (_tr("Remove its values with it"), {}), *move] if used else [("", {})]
        case _:
            return [("", {})]


def _change(project: Project, node: Node, number: int, place: str | None) -> Change:
    coding, owner = project.coding, node.owner
    if node.kind == "layer":
        return coding.remove_layer(owner.id, place)
    if node.kind == "registry":
        return coding.remove_registry(owner.id, place)
    if node.kind == "role":
        return coding.remove_role(owner.id, node.name, place)
    if node.kind == "field":
        keep = owner.kind == "documents" and number == 0 and place is None
        return coding.remove_field(owner, node.name, place, keep=keep)
    return coding.remove_link_type(owner.id)


def choice(parent: QWidget, project: Project, node: Node, removed: str) -> AskDialog:
    """The question for a choice."""
    field = field_of(project.codebook, node.owner, node.name)
    others = {other: words.label(other) for other in field.choices if other != removed}
    used = project.coding.is_chosen(node.owner, node.name, removed)
    options: Options = [("", {})]
    if used:
        move: Options = [(_tr("Move them to"), others)] if others else []
        options = [*move, (_tr("Leave them without a value"), {})]

    def make(_number: int, place: str | None) -> Change:
        return project.coding.remove_choice(node.owner, node.name, removed, place)

    title = _tr("Remove the choice “{name}”?").replace("{name}", removed)
    return AskDialog(project, title, _tr("Remove"), options, make, parent)
