"""Add an article by pasting its text. Title and date are guessed from the text until they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from annotator.domain.errors import InvalidValue
from annotator.domain.model import FieldValue
from annotator.ui import fonts
from annotator.ui.dialogs.base import Dialog, line, row
from annotator.ui.dialogs.dates import iso_date
from annotator.ui.widgets import KeyCap, PlainLabel

if TYPE_CHECKING:
    from annotator.ui.workspace import Workspace

_FIRST_LINES = 6000  # what the guess looks at; the rest of a long text cannot change it


class PasteTextDialog(Dialog):
    """A text box and what is known of the article. After `exec`, read `document_id`."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None, *, text: str | None = None) -> None:
        super().__init__(self.tr("Add article from text"), parent, ok=self.tr("Add article"), width=680)
        self._workspace = workspace
        self.document_id = ""
        self.text_box = QPlainTextEdit()
        self.text_box.setFont(fonts.serif(15))
        self.text_box.setTabChangesFocus(True)
        self.text_box.setPlaceholderText(self.tr("Paste the text of the article here. It is kept exactly as it is."))
        self.text_box.setAccessibleName(self.tr("Text"))
        self.text_box.setMinimumHeight(180)
        self.title_line = line("", self.tr("Taken from the text"))
        self.date_line = line("", "\u20662026-01-06\u2069")
        self.outlet_line, self.author_line, self.url_line = line(), line(), line()
        form = self.add_form()
        row(form, self.tr("Title"), self.title_line)
        row(form, self.tr("Outlet"), self.outlet_line)
        row(form, self.tr("Date"), self.date_line)
        row(form, self.tr("Author"), self.author_line)
        row(form, self.tr("Address"), self.url_line)
        self.body.addWidget(self.text_box, 1)
        self.count = PlainLabel("", role="text3", font=fonts.ui(fonts.META, tabular=True))
        foot = QHBoxLayout()
        foot.addWidget(self.count)
        foot.addStretch(1)
        for cap in ("Ctrl", "Enter"):
            foot.addWidget(KeyCap(cap))
        foot.addWidget(PlainLabel(self.tr("adds it"), role="text3", font=fonts.ui(fonts.META)))
        self.body.addLayout(foot)
        self._guessing = QTimer(self)
        self._guessing.setSingleShot(True)
        self._guessing.setInterval(120)
        self._guessing.timeout.connect(self.guess)
        self.text_box.textChanged.connect(self._text_changed)
        for edit in (self.title_line, self.date_line):
            edit.textEdited.connect(lambda _text, edit=edit: edit.setModified(bool(edit.text())))
        QWidget.setTabOrder(self.text_box, self.title_line)
        self.text_box.setFocus()
        self.resize(680, 620)
        if text is not None:
            self.text_box.setPlainText(text)
            self.guess()
        self._text_changed()

    def paste_clipboard(self) -> None:
        """Begin with what the clipboard holds."""
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self.text_box.setPlainText(text)
            self.guess()

    def text(self) -> str:
        """The text as it will be stored. Not `toPlainText`, which turns hard spaces into soft ones."""
        return self.text_box.document().toRawText().replace("\u2029", "\n")

    def _text_changed(self) -> None:
        # The document's own count: reading a long text out of the box on each key would be felt.
        letters = max(0, self.text_box.document().characterCount() - 1)
        self.count.setText(self.tr("{count} characters").replace("{count}", QLocale().toString(letters)))
        self.ok_button.setEnabled(letters > 0)
        self._guessing.start()

    def guess(self) -> None:
        """Fill in what the text says of itself, where nothing was typed."""
        from annotator.interchange.heads import read_head

        self._guessing.stop()
        when, title = read_head(self.text()[:_FIRST_LINES])
        for edit, found in ((self.title_line, title), (self.date_line, when or "")):
            if not edit.isModified():
                edit.setText(found)
                edit.setCursorPosition(0)
                edit.setModified(False)

    def save(self) -> bool:
        """Add the article, as one step."""
        project = self._workspace.project
        assert project is not None
        if self._guessing.isActive():
            self.guess()
        metadata: dict[str, FieldValue] = {}
        try:
            when = iso_date(self.date_line.text())
        except InvalidValue:
            self.date_line.setFocus()
            raise
        for key, value in (
            ("outlet", self.outlet_line.text().strip()),
            ("date", when),
            ("author", self.author_line.text().strip()),
            ("url", self.url_line.text().strip()),
        ):
            if value:
                metadata[key] = value
        title = " ".join(self.title_line.text().split()) or self.tr("Untitled")
        self.document_id = project.documents.add(title, self.text(), metadata).id
        return True
