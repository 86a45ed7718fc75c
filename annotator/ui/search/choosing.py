"""Small questions that a search asks: which entry, and a line of text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from annotator.ui import fonts
from annotator.ui.dialogs.base import Dialog, line, row
from annotator.ui.registry.choosing import ChooseDialog

if TYPE_CHECKING:
    from annotator.ui.workspace import Workspace


class ChooseEntry(ChooseDialog):
    """One of the entries of some registries, or of all; where there are several, one says which first."""

    def __init__(self, workspace: Workspace, title: str, parent: QWidget, *, registries: Sequence[str] = ()) -> None:
        project = workspace.project
        assert project is not None
        known = [r for r in project.codebook.registries if not registries or r.id in registries]
        super().__init__(
            workspace, known[0].id if known else "", title, QCoreApplication.translate("ChooseEntry", "Choose"), parent
        )
        self.registry = QComboBox()
        self.registry.setFont(fonts.ui())
        self.registry.setAccessibleName(self.tr("List"))
        for registry in known:
            self.registry.addItem(registry.name, registry.id)
        self.registry.setVisible(len(known) > 1)
        self.registry.currentIndexChanged.connect(lambda _index: self.look_in(self.registry.currentData()))
        self.body.insertWidget(0, self.registry)


class AskLine(Dialog):
    """A line of text: a date, words of a title, the name of a search."""

    def __init__(
        self, title: str, label: str, take: Callable[[str], object], parent: QWidget, *, text: str = "", hint: str = ""
    ) -> None:
        super().__init__(title, parent, width=420)
        self._take = take
        self.line: QLineEdit = line(text, hint)
        row(self.add_form(), label, self.line)
        self.line.selectAll()
        self.line.setFocus()

    def save(self) -> bool:
        """Hand the text over; what it cannot be is told here."""
        text = self.line.text().strip()
        if not text:
            self.tell(self.tr("Type something first."))
            return False
        self._take(text)
        return True
