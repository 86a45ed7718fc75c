"""An entry among its kin: what stands above it, and its members with theirs, as a tree."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTreeWidget, QTreeWidgetItem

from annotator.domain.model import Entry
from annotator.ui import fonts
from annotator.ui.dialogs.base import RowHeight

_ID = int(Qt.ItemDataRole.UserRole)
_ROW = 24
_MOST_ROWS = 6
_MOST = 500  # members that are listed under one entry


class Family(QTreeWidget):
    """Enter or a double click shows that entry."""

    entry_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setAccessibleName(self.tr("Parents and members"))
        self.setFont(fonts.ui())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        self.setProperty("role", "boxed")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        RowHeight(self, _ROW)
        self._members: dict[str, list[Entry]] = {}
        self.itemExpanded.connect(self._fill)
        self.itemActivated.connect(self._go)

    def show_entry(self, entry: Entry, registry: Iterable[Entry]) -> bool:
        """Show an entry with its kin; whether it has any."""
        by_id: dict[str, Entry] = {}
        self._members = {}
        for other in registry:
            by_id[other.id] = other
            if other.parent_id is not None:
                self._members.setdefault(other.parent_id, []).append(other)
        line = [entry]
        while (above := by_id.get(line[-1].parent_id or "")) is not None and above not in line:
            line.append(above)
        self.blockSignals(True)  # of those above only the way here is shown, not all their members
        self.clear()
        under: QTreeWidget | QTreeWidgetItem = self
        for kin in reversed(line):
            item = self._item(under, kin)
            item.setExpanded(True)
            under = item
        assert isinstance(under, QTreeWidgetItem)
        under.setFont(0, fonts.ui(weight=fonts.SEMIBOLD))
        self._fill(under)
        self.setCurrentItem(under)
        self.blockSignals(False)
        members = self._members.get(entry.id, [])
        rows = max(1, min(_MOST_ROWS, len(line) + len(members)))
        self.setFixedHeight(rows * _ROW + 4)
        return len(line) > 1 or bool(members)

    def _item(self, under: QTreeWidget | QTreeWidgetItem, entry: Entry) -> QTreeWidgetItem:
        item = QTreeWidgetItem([entry.name])
        if isinstance(under, QTreeWidget):
            under.addTopLevelItem(item)
        else:
            under.addChild(item)
        item.setData(0, _ID, entry.id)
        item.setToolTip(0, entry.name)
        if entry.id in self._members:
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        return item

    def _fill(self, item: QTreeWidgetItem) -> None:
        """Members are listed when somebody opens their parent."""
        if item.childCount():
            return
        members = self._members.get(str(item.data(0, _ID)), [])
        for member in members[:_MOST]:
            self._item(item, member)
        if len(members) > _MOST:
            more = self.tr("and {n} more").replace("{n}", self.locale().toString(len(members) - _MOST))
            rest = QTreeWidgetItem([more])
            rest.setFlags(Qt.ItemFlag.NoItemFlags)
            item.addChild(rest)

    def _go(self, item: QTreeWidgetItem) -> None:
        id_ = item.data(0, _ID)
        if id_:
            self.entry_wanted.emit(str(id_))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the entry; Esc is not for the tree."""
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self._go(item)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)
