"""Dialogs that name or choose an entry."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListView, QWidget

from annotator.domain.model import Entry
from annotator.ui.dialogs.base import Dialog, line
from annotator.ui.panel.entry_list import Choice, EntryDelegate, EntryListModel
from annotator.ui.widgets import PlainLabel
from annotator.ui.workspace import Workspace

_CANDIDATES = 60


class NameDialog(Dialog):
    """Asks for a name. `chosen` carries it."""

    chosen = Signal(str)

    def __init__(self, title: str, ok: str, text: str = "", note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent, ok=ok, width=460)
        self.name = line(text, on_change=self._enable)
        self.name.setAccessibleName(self.tr("Name"))
        self.name.selectAll()
        self.body.addWidget(self.name)
        if note:
            self.body.addWidget(PlainLabel(note, role="text2", wrap=True))
        self._enable()
        self.fit()
        self.name.setFocus()

    def _enable(self) -> None:
        self.tell("")
        self.ok_button.setEnabled(bool(self.name.text().strip()))

    def save(self) -> bool:
        """Tell the name; where whoever listens tells an error, the dialog stays."""
        self.chosen.emit(self.name.text())
        return not self.error.text()


class ChooseDialog(Dialog):
    """Asks for an entry of a registry. `chosen` carries it; where whoever listens tells an error, the dialog stays."""

    chosen = Signal(object)

    def __init__(
        self,
        workspace: Workspace,
        registry_id: str,
        title: str,
        ok: str,
        parent: QWidget | None = None,
        *,
        but: Collection[str] = (),
        text: str = "",
    ) -> None:
        super().__init__(title, parent, ok=ok, width=480)
        self._workspace = workspace
        self._registry_id = registry_id
        self._but = set(but)
        project = workspace.project
        self._counts = project.entries.mention_counts() if project is not None else {}
        self.name = line(text, self.tr("Type a name"), self._search)
        self.name.setAccessibleName(self.tr("Name"))
        self.model = EntryListModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setProperty("role", "boxed")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setItemDelegate(EntryDelegate(self.list, self.model))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Entries"))
        self.list.setMinimumHeight(280)
        self.list.doubleClicked.connect(lambda _index: self.confirm())
        self.body.addWidget(self.name)
        self.body.addWidget(self.list, 1)
        self._search()
        self.fit()
        self.name.setFocus()

    def current(self) -> Entry | None:
        """The entry with the list's cursor."""
        row = self.list.currentIndex().row()
        return self.model.choices[row].entry if 0 <= row < len(self.model.choices) else None

    def look_in(self, registry_id: str) -> None:
        """Offer the entries of another registry."""
        self._registry_id = registry_id
        self._search()

    def _search(self) -> None:
        project = self._workspace.project
        if project is None:
            return
        found = project.entries.candidates(self._registry_id, self.name.text(), _CANDIDATES)
        choices = [Choice(e, e.name, self._counts.get(e.id, 0)) for e in found if e.id not in self._but]
        self.model.set_choices(choices)
        self.list.setCurrentIndex(self.model.index(0 if choices else -1))
        self.ok_button.setEnabled(bool(choices))
        self.tell("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move in the list while the keys are in the line."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}.get(
            Qt.Key(event.key()), 0
        )
        last = len(self.model.choices) - 1
        if step and last >= 0:
            self.list.setCurrentIndex(self.model.index(max(0, min(last, self.list.currentIndex().row() + step))))
        else:
            super().keyPressEvent(event)

    def save(self) -> bool:
        """Tell who was chosen."""
        entry = self.current()
        if entry is None:
            return False
        self.chosen.emit(entry)
        return not self.error.text()
