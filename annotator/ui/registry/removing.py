"""Before entries go: what becomes of their mentions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from annotator.domain.model import Entry
from annotator.ui import fonts
from annotator.ui.dialogs.base import Dialog
from annotator.ui.registry.choosing import ChooseDialog
from annotator.ui.widgets import PlainLabel
from annotator.ui.workspace import Workspace

FATES = ("leave", "move", "delete")


class RemoveDialog(Dialog):
    """`removed` carries the fate of the mentions, and the id of the entry that they move to or ""."""

    removed = Signal(str, str)

    def __init__(
        self, workspace: Workspace, entries: Sequence[Entry], mentions: int, parent: QWidget | None = None
    ) -> None:
        locale = QLocale()
        title = (
            self.tr("Delete “{name}”").replace("{name}", entries[0].name[:60])
            if len(entries) == 1
            else self.tr("Delete {n} entries").replace("{n}", locale.toString(len(entries)))
        )
        super().__init__(title, parent, ok=self.tr("Delete"), width=460)
        self._workspace = workspace
        self._entries = list(entries)
        asked = self.tr("What becomes of the {n} mentions?").replace("{n}", locale.toString(mentions))
        self.body.addWidget(PlainLabel(asked, role="text2"))
        self.group = QButtonGroup(self)
        for number, text in enumerate(
            (
                self.tr("They stay, without an entry"),
                self.tr("They move to another entry…"),
                self.tr("These annotations are deleted too"),
            )
        ):
            radio = QRadioButton(text)
            radio.setFont(fonts.ui(fonts.HEAD))
            radio.setChecked(number == 0)
            self.group.addButton(radio, number)
            self.body.addWidget(radio)
        self.body.addWidget(PlainLabel(self.tr("Undo brings all of it back."), role="text3", wrap=True))
        self.fit()
        self.group.button(0).setFocus()

    @property
    def fate(self) -> str:
        """What was chosen."""
        return FATES[self.group.checkedId()]

    def save(self) -> bool:
        """Delete, or ask first where the mentions go."""
        if self.fate != "move":
            self.removed.emit(self.fate, "")
            return True
        first = self._entries[0]
        dialog = ChooseDialog(
            self._workspace,
            first.registry_id,
            self.tr("Move the mentions to"),
            self.tr("Move and delete"),
            self,
            but=[entry.id for entry in self._entries],
        )
        dialog.chosen.connect(self._move)
        dialog.open()
        return False

    def _move(self, entry: Entry) -> None:
        self.removed.emit("move", entry.id)
        self.accept()
