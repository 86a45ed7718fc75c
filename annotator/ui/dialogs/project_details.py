"""The project's name and its guidelines: what the coders have agreed on, kept with what they code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from annotator.ui import fonts
from annotator.ui.dialogs.base import Dialog, line
from annotator.ui.widgets import PlainLabel

if TYPE_CHECKING:
    from annotator.ui.workspace import Workspace


class ProjectDetailsDialog(Dialog):
    """Name and guidelines, saved as one step. In a project open for reading they can be read."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Project details"), parent, ok=self.tr("Save"), width=640)
        assert workspace.project is not None
        self._project = workspace.project
        info = self._project.info
        form = self.add_form()
        self.name_line = line(info.name, self.tr("What the study is called"))
        form.addRow(self.tr("Name"), self.name_line)
        form.addRow(self.tr("File"), PlainLabel(str(self._project.path), role="text2", wrap=True))
        self.guidelines = QPlainTextEdit(info.guidelines)
        self.guidelines.setTabChangesFocus(True)
        self.guidelines.setFont(fonts.serif(15))
        self.guidelines.setMinimumHeight(260)
        self.guidelines.setPlaceholderText(self.tr("How claims, sources and actors are coded in this study"))
        self.guidelines.setAccessibleName(self.tr("Guidelines"))
        self.body.addWidget(PlainLabel(self.tr("Guidelines")))
        self.body.addWidget(self.guidelines, 1)
        if self._project.read_only:
            self.name_line.setReadOnly(True)
            self.guidelines.setReadOnly(True)
            self.only_close()
        self.resize(640, 560)

    def save(self) -> bool:
        """One step for both."""
        if not self._project.read_only:
            self._project.set_details(self.name_line.text(), self.guidelines.toPlainText())
        return True
