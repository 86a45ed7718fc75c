"""The form of a field: name, type, whether it is required, choices and texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QComboBox

from annotator.domain.codebook import FIELD_TYPES, Field
from annotator.domain.codebook_edit import field_of
from annotator.ui import fonts
from annotator.ui.codebook.choices import ChoicesEditor
from annotator.ui.codebook.form import Form
from annotator.ui.codebook.nodes import Node, name_of
from annotator.ui.codebook.touches import amount
from annotator.ui.codebook.tree import type_name
from annotator.ui.dialogs.base import row
from annotator.ui.panel import words

if TYPE_CHECKING:
    from annotator.services.codebook_change import Change
    from annotator.services.project import Project

_THINGS = {"layer": "annotation", "link_type": "link", "registry": "entry", "documents": "document"}


class FieldForm(Form):
    """A field of a layer, a link type, a registry or of the documents."""

    def item(self) -> Field:
        """The field."""
        return field_of(self.codebook, self.node.owner, self.node.name)

    def edit(self, **changes: Any) -> Change:
        """A change of the field."""
        return self.desk.project.coding.edit_field(self.node.owner, self.node.name, **changes)

    def renamed(self, name: str) -> Node:
        """The field under its new name."""
        return self.node._replace(name=name)

    def build(self) -> None:
        """All rows."""
        self.add_name()
        self.type = QComboBox()
        self.type.setFont(fonts.ui())
        for kind in FIELD_TYPES:
            name = type_name(kind)
            self.type.addItem(name[:1].upper() + name[1:], kind)
        self.type.activated.connect(self._pick_type)
        row(self.form, self.tr("Type"), self.type)
        self.required = QCheckBox(self.tr("Required: left open, it is in the to-do list"))
        self.required.setFont(fonts.ui())
        self.required.clicked.connect(lambda on: self.desk.commit(lambda: self.edit(required=on)))
        self.form.addRow("", self.required)
        self.choices = ChoicesEditor()
        coding, owner = self.desk.project.coding, self.node.owner
        self.choices.renamed.connect(lambda old, new: self._commit_choice(coding.rename_choice, old, new))
        self.choices.described.connect(lambda choice, text: self._commit_choice(coding.describe_choice, choice, text))
        self.choices.table.moved.connect(lambda choice, place: self._commit_choice(coding.move_choice, choice, place))
        self.choices.added.connect(
            lambda choice: self.desk.commit(lambda: coding.add_choice(owner, self.node.name, choice))
        )
        self.choices.table.remove_wanted.connect(lambda choice: self.desk.ask_remove_choice(self.node, choice))
        self.choices_label = row(self.form, self.tr("Choices"), self.choices)
        self.add_texts(self.tr("What is asked"), self.tr("How to decide between the choices"), self.tr("One a line"))

    def refresh(self) -> None:
        """Show the field as it is."""
        super().refresh()
        field = self.item()
        owner = name_of(self.codebook, self.node.parent)
        of = self.tr("Field of {name}").replace("{name}", words.label(owner)) if owner else self.tr("Field of articles")
        self.title.setText(words.label(field.name))
        self.uses.setText(of)
        self.type.setCurrentIndex(self.type.findData(field.type))
        self.required.setChecked(field.required)
        has = field.type in ("choice", "multi-choice")
        self.choices.setVisible(has)
        self.choices_label.setVisible(has)
        if has:
            self.choices.show_field(field, {})
        at, name = self.node.owner, field.name

        def count(project: Project) -> tuple[tuple[int, int], dict[str, int]]:
            return project.coding.field_uses(at, name), project.coding.choice_uses(at, name) if has else {}

        self.work.ask(count, lambda found: self._show_uses(field, of, *found), lambda _error: None)

    def _show_uses(self, field: Field, of: str, held: tuple[int, int], uses: dict[str, int]) -> None:
        told = self.tr("set in {things}").replace("{things}", amount(_THINGS[self.node.owner.kind], *held))
        self.uses.setText(f"{of} · {told}")
        if uses:
            self.choices.show_uses(field, uses)

    def _commit_choice(self, edit: Any, choice: str, value: object) -> None:
        if not self.desk.commit(lambda: edit(self.node.owner, self.node.name, choice, value)):
            self.refresh()

    def _pick_type(self, index: int) -> None:
        wanted = self.type.itemData(index)
        title = self.tr("Change the type of this field")
        if not self.desk.commit(lambda: self.edit(type=wanted), title=title, counts=True):
            self.refresh()
