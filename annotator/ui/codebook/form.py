"""What all forms of the codebook editor share: rows that save when they are left, and the texts that help a coder."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFormLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from annotator.domain.codebook import Codebook
from annotator.ui import fonts
from annotator.ui.codebook.help import Described
from annotator.ui.codebook.nodes import Node
from annotator.ui.codebook.touches import amount
from annotator.ui.codebook.work import Work
from annotator.ui.dialogs.base import line, row
from annotator.ui.widgets import PlainLabel

if TYPE_CHECKING:
    from annotator.services.codebook_change import Change
    from annotator.services.project import Project


class Desk(Protocol):
    """What a form asks of the window around it."""

    @property
    def project(self) -> Project: ...

    def commit(
        self, make: Callable[[], Change], then: Node | None = None, title: str = "", *, counts: bool = False
    ) -> bool:
        """Do a change; ask first where something would be lost. Says what is wrong; whether it was done or asked.

        `counts`: to make the change takes a look at all values.
        """
        ...

    def ask_remove_choice(self, node: Node, choice: str) -> None: ...

    def fixed_key(self, key: str) -> str: ...

    def add(self, kind: str) -> None: ...


class TextBox(QPlainTextEdit):
    """A box for several lines; `left` when the focus leaves it with another text."""

    left = Signal(str)

    def __init__(self, lines: int, name: str, placeholder: str = "", *, serif: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "field")
        self.setTabChangesFocus(True)
        self.setFont(fonts.serif(14) if serif else fonts.ui())
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setFixedHeight(int(self.fontMetrics().lineSpacing() * lines) + 18)
        self._saved = ""

    def show_text(self, text: str) -> None:
        """Show a text that is saved."""
        self._saved = text
        if self.toPlainText() != text:
            self.setPlainText(text)

    def flush(self) -> None:
        """Save what is half typed."""
        text = self.toPlainText().strip()
        if text != self._saved:
            self._saved = text
            self.left.emit(text)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Save."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.flush()


class Form(QWidget):
    """The form of one place in the codebook. Sub-classes add their rows in `build` and read them in `refresh`."""

    def __init__(self, desk: Desk, node: Node) -> None:
        super().__init__()
        self.desk = desk
        self.node = node
        self.work = Work(desk.project, self)
        self._lines: list[tuple[QLineEdit, Callable[[], str], Callable[[str], object]]] = []
        self._boxes: list[TextBox] = []
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 12, 20, 16)
        self.column.setSpacing(10)
        self.title = PlainLabel("", font=fonts.ui(15, fonts.SEMIBOLD))
        self.uses = PlainLabel("", role="text3", font=fonts.ui(fonts.META, tabular=True))
        self.column.addWidget(self.title)
        self.column.addWidget(self.uses)
        self.form = QFormLayout()
        self.form.setContentsMargins(0, 4, 0, 0)
        self.form.setHorizontalSpacing(14)
        self.form.setVerticalSpacing(10)
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.column.addLayout(self.form)
        self.first: QWidget | None = None
        self.build()
        self.column.addStretch(1)
        self.refresh()

    def leave(self) -> None:
        """It goes: what it still asked for is not wanted any more."""
        self.work.drop()

    def tell_uses(self, thing: str, text: str) -> None:
        """Say how much of a thing there is, where `text` has {uses}, as soon as it is counted."""
        owner = self.node.owner
        self.uses.setText(text.replace(" · {uses}", ""))

        def tell(found: tuple[int, int]) -> None:
            self.uses.setText(text.replace("{uses}", amount(thing, *found)))

        self.work.ask(lambda project: project.coding.uses(owner), tell, lambda _error: None)

    # For sub-classes

    def build(self) -> None:
        """Add the rows."""

    def refresh(self) -> None:
        """Show what the codebook says now; what is half typed stays."""
        for edit, read, _ in self._lines:
            if not edit.isModified():
                edit.setText(read())
                edit.setCursorPosition(0)
        item = self.item()
        if item is not None and self._boxes:
            for box, text in zip(
                self._boxes, (item.description, item.guidelines, "\n".join(item.examples)), strict=True
            ):
                if not box.hasFocus():
                    box.show_text(text)

    def item(self) -> Described | None:
        """What the form is about."""
        return None

    def edit(self, **changes: Any) -> Change:
        """The change that gives what the form is about other values."""
        raise NotImplementedError

    def renamed(self, name: str) -> Node:
        """Where it will be under another name."""
        return self.node

    @property
    def codebook(self) -> Codebook:
        """The codebook as it is now."""
        return self.desk.project.codebook

    # Rows

    def add_name(self) -> QLineEdit:
        """The row with the name."""
        edit = self.add_line(
            self.tr("Name"),
            lambda: getattr(self.item(), "name", ""),
            lambda text: self.desk.commit(lambda: self.edit(name=text), self.renamed(" ".join(text.split()))),
        )
        self.first = edit
        return edit

    def add_line(
        self, label: str, read: Callable[[], str], save: Callable[[str], object], widget: QWidget | None = None
    ) -> QLineEdit:
        """A row with a line that saves when it is left or Enter is pressed."""
        edit = line()
        edit.setAccessibleName(label)
        edit.editingFinished.connect(lambda: self._save_line(edit, read, save))
        self._lines.append((edit, read, save))
        if widget is None:
            row(self.form, label, edit)
        return edit

    def _save_line(self, edit: QLineEdit, read: Callable[[], str], save: Callable[[str], object]) -> None:
        if not edit.isModified():
            return
        edit.setModified(False)
        text = edit.text().strip()
        if text != read():
            save(text)
        edit.setText(read())  # as it was stored; what was refused goes

    def add_texts(self, what: str, guidelines: str, examples: str) -> None:
        """Description, guidelines and examples, with what to write in each."""
        for label, lines, hint, key, serif in (
            (self.tr("Description"), 2, what, "description", False),
            (self.tr("Guidelines"), 4, guidelines, "guidelines", False),
            (self.tr("Examples"), 3, examples, "examples", True),
        ):
            box = TextBox(lines, label, hint, serif=serif)
            box.left.connect(lambda text, key=key: self._save_text(key, text))
            self._boxes.append(box)
            row(self.form, label, box)

    def _save_text(self, key: str, text: str) -> None:
        value: object = text
        if key == "examples":
            value = tuple(example for part in text.split("\n") if (example := " ".join(part.split())))
        self.desk.commit(lambda: self.edit(**{key: value}))

    def flush(self) -> None:
        """Save what is half typed."""
        for edit, read, save in self._lines:
            self._save_line(edit, read, save)
        for box in self._boxes:
            box.flush()
