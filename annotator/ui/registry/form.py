"""What is known of one entry, as a form: each change is kept when the keyboard leaves its field."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from annotator.domain.codebook import Field
from annotator.domain.errors import AnnotatorError
from annotator.domain.model import Entry
from annotator.ui import fonts
from annotator.ui.panel.bits import LABEL_GAP, LABEL_WIDTH
from annotator.ui.panel.fields import FieldRow
from annotator.ui.panel.note import NoteRow
from annotator.ui.panel.target import Target, editable
from annotator.ui.registry.family import Family
from annotator.ui.widgets import ElidedLabel, IconButton, PlainLabel, button
from annotator.ui.workspace import Workspace


class NameLine(QLineEdit):
    """The name. Enter and leaving keep it, Esc takes back what is half typed."""

    stored = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFont(fonts.ui(15, fonts.SEMIBOLD))
        self.setAccessibleName(self.tr("Name"))
        self._name = ""
        self.editingFinished.connect(self.flush)

    def show_name(self, name: str) -> None:
        """Show the stored name, unless another is half typed."""
        if self.isModified() and name == self._name:
            return
        self._name = name
        self.setText(name)
        self.setCursorPosition(0)
        self.setModified(False)

    def flush(self) -> None:
        """Keep what is typed."""
        if self.isModified():
            self.setModified(False)
            if self.text() != self._name:
                self.stored.emit(self.text())

    def drop(self) -> None:
        """Forget what is half typed."""
        self.setModified(False)
        self.show_name(self._name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes back; where nothing is typed it leaves the page's to act."""
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.drop()
        else:
            super().keyPressEvent(event)
            if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                event.setAccepted(event.key() != Qt.Key.Key_Escape)


class AliasEdit(QPlainTextEdit):
    """Other names, one on each line."""

    stored = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "field")
        self.setFont(fonts.ui())
        self.setTabChangesFocus(True)
        self.setAccessibleName(self.tr("Aliases, one on each line"))
        self.setPlaceholderText(self.tr("One on each line"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._fit)
        self._aliases: list[str] = []
        self._fit()

    def show_aliases(self, aliases: list[str], fresh: bool) -> None:
        """Show what is stored, unless others are half typed."""
        if not fresh and self.document().isModified() and aliases == self._aliases:
            return
        self._aliases = aliases
        if self._typed() != aliases:
            self.setPlainText("\n".join(aliases))
        self.document().setModified(False)

    def flush(self) -> None:
        """Keep what is typed."""
        if self.document().isModified():
            self.document().setModified(False)
            if self._typed() != self._aliases:
                self.stored.emit(self._typed())

    def _typed(self) -> list[str]:
        lines = (" ".join(line.split()) for line in self.toPlainText().splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keep it when the keyboard leaves."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.flush()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter keeps, Esc takes back what is half typed."""
        if event.key() == Qt.Key.Key_Escape and self.document().isModified():
            self.show_aliases(self._aliases, fresh=True)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        elif (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.flush()
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        lines = max(1, min(5, self.blockCount()))
        height = lines * (self.fontMetrics().lineSpacing() + 1) + 17
        if height != self.minimumHeight():
            self.setFixedHeight(height)


class EntryForm(QWidget):
    """Name, aliases, fields, parent, members and note of one entry."""

    parent_wanted = Signal()
    """The parent is to be chosen."""
    entry_wanted = Signal(str)
    """Another entry of the family is to be shown."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._entry: Entry | None = None
        self._fields: tuple[Field, ...] | None = None
        self._rows: list[FieldRow] = []
        self.name = NameLine()
        self.name.stored.connect(lambda name: self._edit(name=name))
        self.message = PlainLabel(role="conflict", font=fonts.ui(fonts.META), wrap=True)
        self.message.hide()
        self.aliases = AliasEdit()
        self.aliases.stored.connect(lambda aliases: self._edit(aliases=aliases))
        self.parent_button = button(self.tr("None"))
        self.parent_button.clicked.connect(self.parent_wanted)
        self.no_parent = IconButton("close", self.tr("No parent"), size=24)
        self.no_parent.clicked.connect(lambda: self._edit(parent_id=None))
        self.family = Family()
        self.family.entry_wanted.connect(self.entry_wanted)
        self.note = NoteRow()
        self._field_box = QVBoxLayout()
        self._field_box.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(8)
        column.addWidget(self.name)
        column.addWidget(self.message)
        column.addWidget(_labelled(self.tr("Aliases"), self.aliases))
        column.addLayout(self._field_box)
        parent = QHBoxLayout()
        parent.setSpacing(4)
        parent.addWidget(self.parent_button)
        parent.addWidget(self.no_parent)
        parent.addStretch(1)
        column.addWidget(_labelled(self.tr("Parent"), parent))
        self._family_row = _labelled(self.tr("Family"), self.family)
        column.addWidget(self._family_row)
        column.addWidget(self.note)
        column.addStretch(1)

    @property
    def entry(self) -> Entry | None:
        """The entry that is shown."""
        return self._entry

    def show_entry(self, entry: Entry) -> None:
        """Show an entry; what is half typed for another is kept first."""
        project = self._workspace.project
        if project is None:
            return
        fresh = self._entry is None or self._entry.id != entry.id
        if fresh:
            self.flush()
            self.name.setModified(False)
            self.tell("")
        self._entry = entry
        allowed = editable(self._workspace)
        self.name.setReadOnly(not allowed)
        self.name.show_name(entry.name)
        self.aliases.setReadOnly(not allowed)
        self.aliases.show_aliases(list(entry.aliases), fresh)
        target = Target(self._workspace, "entry", entry.id)
        if target.fields != self._fields:
            self._make_rows(target.fields)
        for row in self._rows:
            row.bind(target)
        self.note.bind(target)
        parent = project.entries.get_many([entry.parent_id] if entry.parent_id else [])
        name = next((found.name for found in parent.values()), "")
        self.parent_button.setText(_short(name) if name else self.tr("None"))
        self.parent_button.setToolTip(name)
        self.parent_button.setAccessibleName(self.tr("Parent: {name}").replace("{name}", name or self.tr("none")))
        self.parent_button.setEnabled(allowed)
        self.no_parent.setVisible(bool(name) and allowed)
        self._family_row.setVisible(self.family.show_entry(entry, project.entries.all(entry.registry_id)))

    def flush(self) -> None:
        """Keep what is half typed."""
        if self._entry is not None:
            self.name.flush()
            self.aliases.flush()
            for row in self._rows:
                row.flush()
            self.note.flush()

    def tell(self, text: str) -> None:
        """Say in one sentence what is wrong; "" takes it back."""
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self.name.setAccessibleDescription(text)

    def focus_name(self) -> None:
        """Give the keys to the name, all of it chosen."""
        self.name.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.name.selectAll()

    def _edit(self, **changes: object) -> None:
        project, entry = self._workspace.project, self._entry
        if project is None or entry is None:
            return
        try:
            self.tell("")
            project.entries.edit(entry.id, **changes)  # type: ignore[arg-type]
        except AnnotatorError as error:
            self.tell(str(error))

    def _make_rows(self, fields: tuple[Field, ...]) -> None:
        for row in self._rows:
            self._field_box.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._fields = fields
        self._rows = [FieldRow(field) for field in fields]
        for row in self._rows:
            self._field_box.addWidget(row)


def _labelled(name: str, content: QWidget | QHBoxLayout) -> QWidget:
    """A row like those of the fields."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(LABEL_GAP)
    label = ElidedLabel(name, role="text2")
    label.setFixedSize(LABEL_WIDTH, 26)
    row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
    if isinstance(content, QWidget):
        row.addWidget(content, 1)
    else:
        row.addLayout(content, 1)
    return holder


def _short(name: str) -> str:
    return name if len(name) <= 48 else name[:47] + "…"
