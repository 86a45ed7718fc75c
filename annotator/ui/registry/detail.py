"""The end side of the registry page: the form of the chosen entry above its mentions."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from annotator.domain.model import Entry
from annotator.ui.registry.form import EntryForm
from annotator.ui.registry.mention_panel import MentionPanel
from annotator.ui.widgets import PlainLabel, button
from annotator.ui.workspace import Workspace


class Detail(QWidget):
    """One entry, or a sentence where none is or several are chosen."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.form = EntryForm(workspace)
        self.mentions = MentionPanel(workspace)
        self.merge_button = button(self.tr("Merge…"), icon="merge")
        self.remove_button = button(self.tr("Delete…"), icon="trash")
        self.merge_button.setToolTip(self.tr("Make entries one (M)"))
        self.remove_button.setToolTip(self.tr("Delete the chosen entries (Del)"))
        self.several = PlainLabel("", role="text2")
        tools = QHBoxLayout()
        tools.setContentsMargins(20, 8, 16, 0)
        tools.setSpacing(8)
        tools.addWidget(self.several)
        tools.addStretch(1)
        tools.addWidget(self.merge_button)
        tools.addWidget(self.remove_button)
        area = QScrollArea()
        area.setWidget(self.form)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setAutoFillBackground(False)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumHeight(120)
        self.mentions.setMinimumHeight(140)
        self.halves = QSplitter(Qt.Orientation.Vertical)
        self.halves.setHandleWidth(1)
        self.halves.setChildrenCollapsible(False)
        self.halves.addWidget(area)
        self.halves.addWidget(self.mentions)
        self.halves.setStretchFactor(0, 0)
        self.halves.setStretchFactor(1, 1)
        self.halves.setSizes([330, 400])
        self.empty = PlainLabel("", role="text3", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(40, 0, 40, 0)
        self._shown = QStackedWidget()
        self._shown.addWidget(self.empty)
        self._shown.addWidget(self.halves)
        self.setMinimumWidth(360)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(tools)
        column.addWidget(self._shown, 1)

    def show_text(self, text: str) -> None:
        """A sentence in place of an entry."""
        self.form.flush()
        self.empty.setText(text)
        self._shown.setCurrentWidget(self.empty)
        self.mentions.show_entry("", 0, False)

    def show_entry(self, entry: Entry, mentions: int, claims: bool, *, again: bool) -> None:
        """One entry; its mentions are read where it is another one, or `again`."""
        before = self.form.entry
        self.form.show_entry(entry)
        self._shown.setCurrentWidget(self.halves)
        if again or before is None or before.id != entry.id or self.mentions.entry_id != entry.id:
            self.mentions.show_entry(entry.id, mentions, claims)
