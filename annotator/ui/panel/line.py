"""Lines of small things in the card: a source with its entry and fields, a cue, the members of a role."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from PySide6.QtWidgets import QLayout, QSizePolicy, QVBoxLayout, QWidget

from annotator.domain.codebook import Field
from annotator.domain.model import Annotation, Link
from annotator.ui import fonts
from annotator.ui.panel import words
from annotator.ui.panel.chips import AnnotationChip
from annotator.ui.panel.desk import Desk
from annotator.ui.panel.entry_button import InlineEntry
from annotator.ui.panel.fields import InlineField
from annotator.ui.panel.parts import Patchwork
from annotator.ui.panel.target import Target
from annotator.ui.widgets import ElidedLabel, FlowLayout

Bind = Callable[[QWidget], None]
Part = tuple[Hashable, Callable[[], QWidget], Bind]
"""The key of a part, what makes it, and what brings it up to date."""


class Line(QWidget):
    """Small things side by side that wrap, patched by key."""

    def __init__(self, desk: Desk, spacing: int = 8) -> None:
        super().__init__()
        self.desk = desk
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._flow = FlowLayout(self, spacing=spacing, row_spacing=1)
        self._parts = Patchwork(self._flow)

    def show_parts(self, wanted: Sequence[Part]) -> None:
        """Show these: key, maker, and what brings each up to date."""
        self._parts.show([(key, make) for key, make, _ in wanted])
        for (_, _, bind), part in zip(wanted, list(self._parts), strict=True):
            bind(part)

    def chip(
        self,
        annotation: Annotation,
        role: str,
        remove: Callable[[], None],
        *,
        filled: bool = False,
        by_entry: bool = False,
        px: float = 15.0,
    ) -> Part:
        """A chip for an annotation that can be taken out of where it stands."""
        desk = self.desk

        def bind(widget: QWidget) -> None:
            assert isinstance(widget, AnnotationChip)
            workspace = desk.workspace
            name = f"{role} {words.isolated(workspace.number(annotation))}"
            text = workspace.annotation_text(annotation)
            names = ", ".join(filter(None, map(workspace.entry_name, annotation.entries))) if by_entry else ""
            layer = workspace.layer(annotation)
            widget.show_annotation(annotation.id, names or text, layer, name, tip=text, filled=filled, px=px)
            widget.set_actions(lambda: desk.go(annotation.id), remove if desk.editable else None)

        return ("chip", annotation.id), AnnotationChip, bind

    def quiet(self, text: str) -> Part:
        """A quiet word before what follows."""

        def bind(widget: QWidget) -> None:
            assert isinstance(widget, ElidedLabel)
            widget.setText(text)

        return ("word", text), lambda: ElidedLabel(role="text2", font=fonts.ui(12)), bind

    def field(self, target: Target, field: Field) -> Part:
        """A small field."""

        def bind(widget: QWidget) -> None:
            assert isinstance(widget, InlineField)
            widget.bind(target, field)

        return ("field", field.name), InlineField, bind


class SourcePart(QWidget):
    """A source: its words, its entry, its fields."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words, self._entry, self._fields = Line(desk), Line(desk), Line(desk, 9)
        column = _column(self)
        for line in (self._words, self._entry, self._fields):
            column.addWidget(line)

    def bind(self, source: Annotation, link: Link) -> None:
        """Show this source of this attribution."""
        desk = self._desk
        layer = desk.workspace.layer(source)
        self._words.show_parts([member_chip(self._words, link, "source", source, words.label(layer.name), filled=True)])

        def entry(widget: QWidget) -> None:
            assert isinstance(widget, InlineEntry)
            widget.bind(desk.workspace, source, desk.badge(source))

        def make() -> QWidget:
            button = InlineEntry()
            button.pick_asked.connect(desk.pick_asked)
            return button

        self._entry.show_parts([("entry", make, entry)] if layer.registry else [])
        target = desk.annotation(source.id)
        self._fields.show_parts([self._fields.field(target, field) for field in layer.fields])
        self._entry.setVisible(bool(layer.registry))
        self._fields.setVisible(bool(layer.fields))


class CuePart(Line):
    """The words that attribute, and their fields."""

    def bind(self, cue: Annotation, link: Link) -> None:
        """Show this cue of this attribution."""
        layer = self.desk.workspace.layer(cue)
        name = words.label(layer.name)
        target = self.desk.annotation(cue.id)
        parts = [self.quiet(name), member_chip(self, link, "cue", cue, name, px=14.0)]
        self.show_parts([*parts, *(self.field(target, field) for field in layer.fields)])


class MembersPart(Line):
    """A word and the members of a role."""

    def bind(self, word: str, members: list[Annotation], link: Link, role: str) -> None:
        """Show these members."""
        chips = [member_chip(self, link, role, member, word, px=14.0) for member in members]
        self.show_parts([self.quiet(word), *chips])


class FieldsPart(Line):
    """The fields of a link, and its note where it has one."""

    def bind(self, target: Target) -> None:
        """Show these fields."""
        self.show_parts([self.field(target, field) for field in target.fields])


def member_chip(
    line: Line,
    link: Link,
    role: str,
    annotation: Annotation,
    name: str,
    *,
    filled: bool = False,
    by_entry: bool = False,
    px: float = 15.0,
) -> Part:
    desk = line.desk

    def remove() -> None:
        desk.write(lambda project: project.linking.remove_member(link.id, role, annotation.id))

    return line.chip(annotation, name, remove, filled=filled, by_entry=by_entry, px=px)


def _column(widget: QWidget) -> QLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column
