"""The forms of the codebook editor: a layer, a link type, a registry, a role, and the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSpinBox, QWidget

from annotator.domain.codebook import MARKS, Layer, LinkType, Registry, Role
from annotator.domain.codebook_edit import layer_of, link_type_of, registry_of, role_of
from annotator.ui import fonts, theme
from annotator.ui.codebook import colors, keys
from annotator.ui.codebook.form import Desk, Form
from annotator.ui.codebook.nodes import Node
from annotator.ui.codebook.samples import PickRow, Sample, paint_swatch
from annotator.ui.dialogs.base import row
from annotator.ui.panel import words
from annotator.ui.translate import QT_TRANSLATE_NOOP
from annotator.ui.widgets import MultiChoice, PlainLabel, button, paint_sample

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

    from annotator.services.codebook_change import Change

MARK_NAMES = {
    "underline": QT_TRANSLATE_NOOP("Marks", "Underline"),
    "tint": QT_TRANSLATE_NOOP("Marks", "Tint"),
    "outline": QT_TRANSLATE_NOOP("Marks", "Outline"),
    "dots": QT_TRANSLATE_NOOP("Marks", "Dots"),
    "dashes": QT_TRANSLATE_NOOP("Marks", "Dashes"),
    "double": QT_TRANSLATE_NOOP("Marks", "Double line"),
    "wave": QT_TRANSLATE_NOOP("Marks", "Wave"),
}


class LayerForm(Form):
    """Name, colour, mark, key, registry and texts of a layer, with a live sample."""

    def __init__(self, desk: Desk, node: Node) -> None:
        self._color = "#555B63"
        super().__init__(desk, node)

    def item(self) -> Layer:
        """The layer."""
        return layer_of(self.codebook, self.node.owner.id)

    def edit(self, **changes: Any) -> Change:
        """A change of the layer."""
        return self.desk.project.coding.edit_layer(self.node.owner.id, **changes)

    def build(self) -> None:
        """All rows."""
        self.sample = Sample()
        self.column.insertWidget(2, self.sample)
        self.add_name()
        self.swatches = PickRow(colors.named(), self.tr("Colour"), 30, paint_swatch)
        self.swatches.picked.connect(lambda color: self.desk.commit(lambda: self.edit(color=color)))
        self.color_line = self.add_line(
            self.tr("Colour as #rrggbb"),
            lambda: self.item().color,
            lambda text: self.desk.commit(lambda: self.edit(color=text if text.startswith("#") else f"#{text}")),
            self.swatches,
        )
        self.color_line.setFixedWidth(84)
        self.color_line.textEdited.connect(self._try_color)
        box = QWidget()
        across = QHBoxLayout(box)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self.swatches, 1)
        across.addWidget(self.color_line)
        box.setFocusProxy(self.swatches)
        row(self.form, self.tr("Colour"), box)
        self.advice = PlainLabel("", role="text3", font=fonts.ui(fonts.META), wrap=True)
        self.form.addRow("", self.advice)
        marks = [(mark, self.tr_mark(mark)) for mark in MARKS]
        self.marks = PickRow(marks, self.tr("Mark"), 44, self._paint_mark)
        self.marks.picked.connect(lambda mark: self.desk.commit(lambda: self.edit(mark=mark)))
        row(self.form, self.tr("Mark"), self.marks)
        self._build_key()
        self.registry = QComboBox()
        self.registry.setFont(fonts.ui())
        self.registry.activated.connect(self._pick_registry)
        row(self.form, self.tr("Refers to"), self.registry)
        self.add_texts(
            self.tr("What is tagged in this layer"),
            self.tr("Where a stretch begins and ends, what is left out, how doubts are settled"),
            self.tr("One a line"),
        )
        more = button(self.tr("Add a field"), role="flat", icon="plus")
        more.clicked.connect(lambda: self.desk.add("field"))
        self.form.addRow("", more)

    def tr_mark(self, mark: str) -> str:
        """A mark's name."""
        return QCoreApplication.translate("Marks", MARK_NAMES[mark])

    def _build_key(self) -> None:
        self.key_line: QLineEdit = self.add_line(
            self.tr("Key"), lambda: self.item().shortcut, lambda text: self._save_key(text), self
        )
        self.key_line.setMaxLength(1)
        self.key_line.setFixedWidth(40)
        self.key_note = PlainLabel("", role="text3", font=fonts.ui(fonts.META), wrap=True)
        self.key_take = button(self.tr("Take it over"))
        self.key_take.clicked.connect(self._take_key)
        self.key_line.textEdited.connect(lambda _text: self._show_key())
        box = QWidget()
        across = QHBoxLayout(box)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        across.addWidget(self.key_line)
        across.addWidget(self.key_note, 1)
        across.addWidget(self.key_take)
        box.setFocusProxy(self.key_line)
        self.key_take.hide()
        row(self.form, self.tr("Key"), box)

    def refresh(self) -> None:
        """Show the layer as it is."""
        super().refresh()
        layer = self.item()
        self.title.setText(words.label(layer.name))
        self.tell_uses("annotation", f"{self.tr('Layer')} · {{uses}}")
        self._color = layer.color
        self._show_sample(layer.color)
        self.swatches.set_value(layer.color)
        self.marks.set_value(layer.mark)
        self.marks.update()
        self.registry.clear()
        self.registry.addItem(self.tr("No registry"), None)
        for registry in self.codebook.registries:
            self.registry.addItem(registry.name, registry.name)
        self.registry.setCurrentIndex(max(0, self.registry.findData(layer.registry)) if layer.registry else 0)
        self._show_key()

    def _try_color(self, text: str) -> None:
        color = text if text.startswith("#") else f"#{text}"
        if len(color) in (4, 7) and QColor.isValidColorName(color):
            self._show_sample(color)

    def _show_sample(self, color: str) -> None:
        layer = self.item()
        others = [other for other in self.codebook.layers if other.id != layer.id]
        self.sample.show_layer(color, layer.mark, layer.examples[0] if layer.examples else layer.name)
        text, warning = colors.advice(color, layer.mark, others)
        self.advice.setText(text)
        self.advice.setRole("conflict" if warning else "text3")

    def _paint_mark(self, painter: QPainter, rect: QRectF, mark: str) -> None:
        font = fonts.serif(15)
        width = fonts.text_width(font, "Aa") + (9 if mark in ("tint", "outline") else 1)
        box = rect.adjusted((rect.width() - width) / 2, 0, 0, 0)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        paint_sample(painter, box, "Aa", font, theme.style_for(self._color, mark))

    def _show_key(self) -> None:
        key = self.key_line.text().strip()
        clash = keys.other_layer(self.codebook, key, self.node.owner.id)
        fixed = self.desk.fixed_key(key) if key else ""
        none = self.tr("Without a key it is tagged with the pointer only.")
        self.key_note.setText(clash or fixed or (none if not key else ""))
        self.key_note.setRole("conflict" if clash or fixed else "text3")
        self.key_take.setVisible(bool(clash))

    def _save_key(self, text: str) -> None:
        # A key of another layer is only taken with the button beside it.
        if keys.other_layer(self.codebook, text, self.node.owner.id):
            self.key_line.setModified(True)
            return
        self.desk.commit(lambda: self.edit(shortcut=text))

    def _take_key(self) -> None:
        text = self.key_line.text()
        self.key_line.setModified(False)
        self.desk.commit(lambda: self.edit(shortcut=text, take_key=True))
        self.key_line.setFocus()

    def _save_line(self, edit: QLineEdit, read: Any, save: Any) -> None:
        if edit is getattr(self, "key_line", None) and keys.other_layer(self.codebook, edit.text(), self.node.owner.id):
            return
        super()._save_line(edit, read, save)

    def _pick_registry(self, index: int) -> None:
        wanted = self.registry.itemData(index)
        title = self.tr("Refer to another registry")
        if not self.desk.commit(lambda: self.edit(registry=wanted), title=title):
            self.refresh()


class LinkTypeForm(Form):
    """Name and texts of a link type."""

    def item(self) -> LinkType:
        """The link type."""
        return link_type_of(self.codebook, self.node.owner.id)

    def edit(self, **changes: Any) -> Change:
        """A change of the link type."""
        return self.desk.project.coding.edit_link_type(self.node.owner.id, **changes)

    def build(self) -> None:
        """All rows."""
        self.add_name()
        self.add_texts(self.tr("What is linked, and why"), self.tr("When to link, and when not"), self.tr("One a line"))
        for text, kind in ((self.tr("Add a role"), "role"), (self.tr("Add a field"), "field")):
            more = button(text, role="flat", icon="plus")
            more.clicked.connect(lambda _on=False, kind=kind: self.desk.add(kind))
            self.form.addRow("", more)

    def refresh(self) -> None:
        """Show the link type as it is."""
        super().refresh()
        self.title.setText(words.label(self.item().name))
        self.tell_uses("link", f"{self.tr('Link type')} · {{uses}}")


class RegistryForm(Form):
    """Name and texts of a registry."""

    def item(self) -> Registry:
        """The registry."""
        return registry_of(self.codebook, self.node.owner.id)

    def edit(self, **changes: Any) -> Change:
        """A change of the registry."""
        return self.desk.project.coding.edit_registry(self.node.owner.id, **changes)

    def build(self) -> None:
        """All rows."""
        self.add_name()
        self.add_texts(
            self.tr("What its entries are"), self.tr("What counts as one and the same"), self.tr("One a line")
        )
        more = button(self.tr("Add a field"), role="flat", icon="plus")
        more.clicked.connect(lambda: self.desk.add("field"))
        self.form.addRow("", more)

    def refresh(self) -> None:
        """Show the registry as it is."""
        super().refresh()
        self.title.setText(words.label(self.item().name))
        layers = [layer.name for layer in self.codebook.layers if layer.registry == self.item().name]
        used = self.tr("layers: {names}").replace("{names}", ", ".join(layers)) if layers else self.tr("no layer")
        self.tell_uses("entry", f"{self.tr('Registry')} · {{uses}} · {used}")


class DocumentsForm(Form):
    """What the project wants to know of every article."""

    def build(self) -> None:
        """A sentence, and the button."""
        self.title.setText(self.tr("Fields of articles"))
        self.uses.hide()
        about = PlainLabel(
            self.tr(
                "Title, outlet, author, date, address and language are there already, and any other key may be added to an "
                "article. A field gives a key a type and choices, so that everybody fills it in alike."
            ),
            role="text2",
            wrap=True,
        )
        self.form.addRow(about)
        more = button(self.tr("Add a field"), role="flat", icon="plus")
        more.clicked.connect(lambda: self.desk.add("field"))
        self.form.addRow(more)
        self.first = more


class RoleForm(Form):
    """Name of a role, what may stand in it, how many it needs, and its texts."""

    def item(self) -> Role:
        """The role."""
        return role_of(self.codebook, self.node.owner.id, self.node.name)

    def edit(self, **changes: Any) -> Change:
        """A change of the role."""
        return self.desk.project.coding.edit_role(self.node.owner.id, self.node.name, **changes)

    def renamed(self, name: str) -> Node:
        """The role under its new name."""
        return self.node._replace(name=name)

    def build(self) -> None:
        """All rows."""
        self.add_name()
        self.layers = MultiChoice([layer.name for layer in self.codebook.layers], name=self.tr("Takes layers"))
        self.layers.chosen.connect(lambda names: self._take(layers=tuple(names)))
        row(self.form, self.tr("Takes layers"), self.layers)
        self.links = MultiChoice([item.name for item in self.codebook.link_types], name=self.tr("Takes links"))
        self.links.chosen.connect(lambda names: self._take(links=tuple(names)))
        note = self.tr("Where neither is chosen, any annotation may stand here.")
        row(self.form, self.tr("Takes links"), self.links, note)
        self.least = QSpinBox()
        self.least.setFont(fonts.ui())
        self.least.setRange(0, 99)
        self.least.setFixedWidth(84)
        self.least.setKeyboardTracking(False)
        self.least.valueChanged.connect(self._set_least)
        told = self.tr("Links with fewer are in the to-do list; they stay.")
        row(self.form, self.tr("Needs at least"), self.least, told)
        self.add_texts(self.tr("Who or what stands here"), self.tr("What to choose in doubt"), self.tr("One a line"))

    def refresh(self) -> None:
        """Show the role as it is."""
        super().refresh()
        role, link_type = self.item(), link_type_of(self.codebook, self.node.owner.id)
        self.title.setText(words.label(role.name))
        of = self.tr("Role of {name}").replace("{name}", words.label(link_type.name))
        self.tell_uses("link", f"{of} · {{uses}}")
        self.layers.setValues(role.layers)
        self.links.setValues(role.links)
        self.least.blockSignals(True)
        self.least.setValue(role.min)
        self.least.blockSignals(False)

    def _take(self, **changes: Any) -> None:
        if not self.desk.commit(lambda: self.edit(**changes), title=self.tr("Change what this role takes")):
            self.refresh()

    def _set_least(self, value: int) -> None:
        self.desk.commit(lambda: self.edit(min=value), title=self.tr("Change how many this role needs"))
