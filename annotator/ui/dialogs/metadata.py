"""What is known of an article: title, outlet, author, date, status, the codebook's fields, and any other key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from annotator.domain.errors import InvalidValue
from annotator.domain.model import STATUSES, FieldValue
from annotator.ui import fonts
from annotator.ui.codebook.help import says_anything, tool_tip
from annotator.ui.dialogs.base import Dialog, line, row
from annotator.ui.dialogs.dates import iso_date
from annotator.ui.panel import words
from annotator.ui.panel.editors import Editor, LineEditor, editor_for
from annotator.ui.widgets import Hairline, IconButton, PlainLabel, Segmented, button

if TYPE_CHECKING:
    from annotator.domain.codebook import Field
    from annotator.ui.workspace import Workspace

KNOWN = ("outlet", "author", "date", "url", "language")
_LANGUAGES = ("en", "ar", "he", "fr", "de", "es", "it", "pt", "ru", "tr", "fa", "uk", "zh")


class FreeRow(QWidget):
    """A key, its value, and a button that takes both away."""

    def __init__(self, key: str, value: FieldValue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = value
        self._shown = _as_text(value)
        self.key = line(key, self.tr("Key"))
        self.key.setAccessibleName(self.tr("Key"))
        self.value = line(self._shown, self.tr("Value"))
        self.value.setAccessibleName(self.tr("Value"))
        self.remove = IconButton("close", self.tr("Remove this row"))
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.key, 2)
        box.addWidget(self.value, 3)
        box.addWidget(self.remove)

    def entry(self) -> tuple[str, FieldValue] | None:
        """The key and its value; a value that was not touched keeps its type (a number, a list)."""
        key, text = self.key.text().strip(), self.value.text()
        if not key and not text.strip():
            return None
        return key, self._value if text == self._shown else text.strip()


class MetadataDialog(Dialog):
    """Edits one article's details; all of it is one step."""

    def __init__(self, workspace: Workspace, document_id: str, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Article details"), parent, ok=self.tr("Save"), width=560)
        project = workspace.project
        assert project is not None
        self._project = project
        self._document = project.documents.get(document_id)
        self._fields: tuple[Field, ...] = project.codebook.document_fields
        self._field_values: dict[str, FieldValue | None] = {}
        self._editors: dict[str, Editor] = {}
        self.rows: list[FreeRow] = []
        self._build()
        if project.read_only:
            self.ok_button.setEnabled(False)
            self.tell(project.read_only_reason)

    # Building

    def _build(self) -> None:
        document, metadata = self._document, self._document.metadata
        inside = QWidget()
        column = QVBoxLayout(inside)
        # Room for the focus ring, which is drawn outside its widget.
        column.setContentsMargins(4, 4, 12, 4)
        column.setSpacing(12)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        column.addLayout(form)
        self.title_line = line(document.title)
        row(form, self.tr("Title"), self.title_line)
        own = {field.name for field in self._fields}
        labels = {
            "outlet": self.tr("Outlet"),
            "author": self.tr("Author"),
            "date": self.tr("Date"),
            "url": self.tr("Address"),
        }
        self.known: dict[str, QLineEdit] = {}
        for key, label in labels.items():
            if key not in own:
                edit = line(_as_text(metadata.get(key, "")))
                self.known[key] = edit
                note = self.tr("As 2026-01-06, or only the month or the year") if key == "date" else ""
                row(form, label, edit, note)
        self.language: QComboBox | None = None
        if "language" not in own:
            self.language = self._language_box(_as_text(metadata.get("language", "")))
            row(form, self.tr("Language"), self.language)
        texts = dict(zip(STATUSES, (self.tr("New"), self.tr("In progress"), self.tr("Done")), strict=True))
        self.status = Segmented(STATUSES, name=self.tr("Status"), labels=texts)
        self.status.setValue(document.status)
        row(form, self.tr("Status"), self.status)
        if self._fields:
            column.addWidget(Hairline())
            column.addLayout(self._field_form())
        column.addWidget(Hairline())
        self._free = QVBoxLayout()
        self._free.setSpacing(6)
        column.addWidget(PlainLabel(self.tr("More"), font=fonts.ui(fonts.HEAD, fonts.SEMIBOLD)))
        column.addLayout(self._free)
        self.add_row_button = button(self.tr("Add a row"), role="flat", icon="plus")
        self.add_row_button.clicked.connect(self._add_by_hand)
        column.addWidget(self.add_row_button, 0, Qt.AlignmentFlag.AlignLeading)
        column.addStretch(1)
        for key, value in metadata.items():
            if key not in KNOWN and key not in own:
                self._add_row(key, value)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inside)
        self.body.addWidget(self.area, 1)
        # The area's own air for focus rings comes off the dialog's margin.
        self.column.setContentsMargins(20, 20, 20, 20)
        self.heading.setIndent(4)
        self.title_line.setFocus()
        self.title_line.end(False)
        self.resize(560, min(640, inside.sizeHint().height() + 150))

    def sizeHint(self) -> QSize:
        """Wide enough for two columns."""
        return QSize(560, 560)

    def _language_box(self, value: str) -> QComboBox:
        box = QComboBox()
        box.setFont(fonts.ui())
        box.setEditable(True)
        box.addItems(["", *_LANGUAGES])
        box.setCurrentText(value)
        box.setAccessibleDescription(self.tr("Language code, as en or ar"))
        edit = box.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(self.tr("Told from the text"))
        return box

    def _field_form(self) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        for field in self._fields:
            editor = editor_for(field)
            value = self._document.metadata.get(field.name)
            self._field_values[field.name] = value
            editor.show_value(value)
            editor.edited.connect(lambda new, name=field.name, editor=editor: self._edited(name, editor, new))
            editor.setToolTip(tool_tip(field) if says_anything(field) else "")
            self._editors[field.name] = editor
            row(form, words.label(field.name) + (" *" if field.required else ""), editor, field.description)
        return form

    def _edited(self, name: str, editor: Editor, value: FieldValue | None) -> None:
        self._field_values[name] = value
        editor.show_value(value)

    def _add_row(self, key: str = "", value: FieldValue = "") -> FreeRow:
        added = FreeRow(key, value)
        added.remove.clicked.connect(lambda: self._remove_row(added))
        self.rows.append(added)
        self._free.addWidget(added)
        # Between what stands before the button and the button, not behind the dialog's own buttons.
        before: QWidget | None = self.add_row_button.previousInFocusChain()
        while before is not None and before.focusPolicy() == Qt.FocusPolicy.NoFocus:
            before = before.previousInFocusChain()
        for widget in (added.key, added.value, added.remove, self.add_row_button):
            if before is not None:
                QWidget.setTabOrder(before, widget)
            before = widget
        return added

    def _add_by_hand(self) -> None:
        added = self._add_row()
        added.show()  # now, so that the keys typed next find it
        self.column.activate()
        added.key.setFocus(Qt.FocusReason.TabFocusReason)
        self.area.ensureWidgetVisible(added)

    def _remove_row(self, gone: FreeRow) -> None:
        place = self.rows.index(gone)
        self.rows.remove(gone)
        self._free.removeWidget(gone)
        gone.hide()
        gone.deleteLater()
        if self.rows:
            self.rows[min(place, len(self.rows) - 1)].key.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.add_row_button.setFocus(Qt.FocusReason.TabFocusReason)

    # Saving

    def metadata(self) -> dict[str, FieldValue]:
        """All that stands in the dialog. Raises InvalidValue."""
        found: dict[str, FieldValue] = {}
        before = self._document.metadata
        for key, edit in self.known.items():
            text = edit.text().strip()
            if key == "date" and text != _as_text(before.get(key, "")):
                try:
                    text = iso_date(text)
                except InvalidValue:
                    edit.setFocus()
                    raise
            if text:
                same = text == _as_text(before.get(key, ""))
                found[key] = before[key] if same and key in before else text
        if self.language is not None and self.language.currentText().strip():
            found["language"] = self.language.currentText().strip()
        for name, value in self._field_values.items():
            if value is not None:
                found[name] = value
        for free in self.rows:
            entry = free.entry()
            if entry is None:
                continue
            key, value = entry
            if not key:
                free.key.setFocus()
                raise InvalidValue(self.tr("A row has a value but no key."))
            if key in found or key in self._editors:
                free.key.setFocus()
                raise InvalidValue(self.tr("The key “{key}” is there twice.").replace("{key}", key))
            found[key] = value
        # Keys keep the order they had, so that an export changes only where something changed.
        order = {key: place for place, key in enumerate(before)}
        return dict(sorted(found.items(), key=lambda item: order.get(item[0], len(order))))

    def save(self) -> bool:
        """Save what changed, as one step."""
        for editor in self._editors.values():
            editor.flush()
            if isinstance(editor, LineEditor) and editor.line.isModified():
                editor.setFocus()
                self.tell(editor.message.text())
                return False
        title = " ".join(self.title_line.text().split())
        metadata, status = self.metadata(), self.status.value() or self._document.status
        document = self._document
        if not title:
            self.title_line.setFocus()
            raise InvalidValue(self.tr("An article needs a title."))
        details_changed = title != document.title or metadata != dict(document.metadata)
        if not details_changed and status == document.status:
            return True
        self._project.documents.edit(
            document.id,
            title=title if details_changed else None,
            status=status if status != document.status else None,  # type: ignore[arg-type]
            metadata=metadata if details_changed else None,
        )
        return True


def _as_text(value: FieldValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, list) else str(value)
