"""Small questions that a search asks: which entry, and a line of text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QListView, QWidget

from annotator.domain.model import Entry
from annotator.ui import fonts
from annotator.ui.dialogs.base import Dialog, line, row
from annotator.ui.panel.entry_list import Choice, EntryDelegate, EntryListModel

if TYPE_CHECKING:
    from annotator.ui.workspace import Workspace

_CANDIDATES = 40


class ChooseEntry(Dialog):
    """One of the entries of some registries: a line to type in, the likeliest below."""

    chosen = Signal(object)

    def __init__(
        self, workspace: Workspace, title: str, parent: QWidget, *, registries: Sequence[str] = (), ok: str = ""
    ) -> None:
        super().__init__(title, parent, ok=ok or self.tr("Choose"), width=460)
        project = workspace.project
        assert project is not None
        self._project = project
        self._counts = project.entries.mention_counts()
        self.registry = QComboBox()
        self.registry.setFont(fonts.ui())
        self.registry.setAccessibleName(self.tr("List"))
        for registry in project.codebook.registries:
            if not registries or registry.id in registries:
                self.registry.addItem(registry.name, registry.id)
        self.registry.setVisible(self.registry.count() > 1)
        self.line = line(placeholder=self.tr("Type a name"), on_change=self._search)
        self.line.setAccessibleName(title)
        self.line.installEventFilter(self)
        self.model = EntryListModel(self)
        self.list = QListView()
        self.list.setProperty("role", "boxed")
        self.list.setModel(self.model)
        self.list.setItemDelegate(EntryDelegate(self.list, self.model))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Entries"))
        self.list.setMinimumHeight(260)
        self.list.doubleClicked.connect(lambda _index: self.confirm())
        for widget in (self.registry, self.line, self.list):
            self.body.addWidget(widget)
        self.registry.currentIndexChanged.connect(lambda _index: self._search())
        self._search()
        self.line.setFocus()

    def entry(self) -> Entry | None:
        """The entry under the cursor of the list."""
        at = self.list.currentIndex().row()
        return self.model.choices[at].entry if 0 <= at < len(self.model.choices) else None

    def save(self) -> bool:
        """Hand the entry over."""
        entry = self.entry()
        if entry is None:
            self.tell(self.tr("There is no such entry; type a part of its name."))
            return False
        self.chosen.emit(entry)
        return True

    def _search(self) -> None:
        found = self._project.entries.candidates(self.registry.currentData() or "", self.line.text(), _CANDIDATES)
        self.model.set_choices([Choice(entry, entry.name, self._counts.get(entry.id, 0)) for entry in found])
        self.list.setCurrentIndex(self.model.index(0 if found else -1))
        self.ok_button.setEnabled(bool(found))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down move in the list while the keys are in the line."""
        if watched is self.line and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            moves = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
            if event.key() in moves:
                QApplication.sendEvent(self.list, event)
                return True
        return super().eventFilter(watched, event)


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
