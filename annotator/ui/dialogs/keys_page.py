"""All actions with their keys: bind others, be told of clashes, take one or all back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from annotator.ui import fonts
from annotator.ui.dialogs.action_lines import key_text, lines
from annotator.ui.dialogs.base import RowHeight
from annotator.ui.documents.search_field import SearchField
from annotator.ui.settings import settings
from annotator.ui.widgets import PlainLabel, button

_ID = int(Qt.ItemDataRole.UserRole)
LAYERS = "tag.layer."


class KeyEdit(QKeySequenceEdit):
    """Takes one key, whatever it is; Tab too, but not when nothing else was pressed and the key only leads away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaximumSequenceLength(1)
        self.setClearButtonEnabled(True)

    def event(self, event: QEvent) -> bool:
        """Keys that the window knows are keys to bind here."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tab leads on, as everywhere; every other key is taken."""
        if (
            event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
            and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        ):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Tab)
            return
        super().keyPressEvent(event)


class KeysPage(QWidget):
    """A table to search, and below it what can be done with the chosen action."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from annotator.ui.actions import default_keys

        self._lines = {line.id: line for line in lines(actions)}
        self._defaults = {id_: [_portable(key) for key in keys] for id_, keys in default_keys().items()}
        self._layer_keys = {
            id_: [_portable(sequence) for sequence in line.action.shortcuts()]
            for id_, line in self._lines.items()
            if id_.startswith(LAYERS)
        }
        self._clash = ""
        self.search = SearchField(self.tr("Search actions and keys"))
        self.table = QTreeWidget()
        self.table.setColumnCount(2)
        self.table.setHeaderLabels([self.tr("Action"), self.tr("Keys")])
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        RowHeight(self.table, 27)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setAccessibleName(self.tr("Actions and keys"))
        self.table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.header().setStretchLastSection(False)
        self.table.setColumnWidth(1, 190)
        self.edit = KeyEdit()
        self.edit.setAccessibleName(self.tr("New key"))
        self.edit.setMinimumWidth(130)
        self.add_button = button(self.tr("Add"))
        self.instead_button = button(self.tr("Use only this"))
        self.reset_button = button(self.tr("Reset"))
        self.reset_all_button = button(self.tr("Reset all"), role="flat")
        self.take_button = button(self.tr("Take it over"))
        self.message = PlainLabel("", role="text3", font=fonts.ui(fonts.META), wrap=True)
        self.message.setMinimumHeight(32)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.edit, 1)
        for push in (self.add_button, self.instead_button, self.reset_button):
            tools.addWidget(push)
        tools.addWidget(self.reset_all_button)
        told = QHBoxLayout()
        told.addWidget(self.message, 1)
        told.addWidget(self.take_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(10)
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        column.addLayout(tools)
        column.addLayout(told)
        self.take_button.hide()
        self._fill()
        self.search.textChanged.connect(self._narrow)
        self.search.down.connect(self.table.setFocus)
        self.search.left.connect(lambda: self.window().close())
        self.table.currentItemChanged.connect(lambda _now, _before: self._show_current())
        self.table.itemActivated.connect(lambda _item: self.edit.setFocus())
        self.edit.keySequenceChanged.connect(lambda _keys: self._look_for_clash())
        self.add_button.clicked.connect(lambda: self._bind(only=False))
        self.instead_button.clicked.connect(lambda: self._bind(only=True))
        self.reset_button.clicked.connect(self._reset_one)
        self.reset_all_button.clicked.connect(self.reset_all)
        self.take_button.clicked.connect(self._take_over)
        self._show_current()

    # What holds now

    def keys_of(self, id_: str) -> list[str]:
        """The keys of an action now, as portable text."""
        if id_ in self._layer_keys:
            return self._layer_keys[id_]
        return settings().keys.get(id_, self._defaults.get(id_, []))

    def owner_of(self, key: str, besides: str = "") -> str:
        """The id of the action that has this key, or ""."""
        return next((id_ for id_ in self._lines if id_ != besides and key in self.keys_of(id_)), "")

    def _fill(self) -> None:
        menu = None
        for id_, line in self._lines.items():
            if line.menu != menu:
                menu = line.menu
                head = QTreeWidgetItem([menu])
                head.setFlags(Qt.ItemFlag.ItemIsEnabled)
                head.setFont(0, fonts.ui(fonts.META, fonts.SEMIBOLD))
                self.table.addTopLevelItem(head)
            item = QTreeWidgetItem([f"   {line.text}", ""])
            item.setData(0, _ID, id_)
            item.setFont(1, fonts.ui(fonts.META, tabular=True))
            self.table.addTopLevelItem(item)
        self._show_keys()
        first = self.table.topLevelItem(1)
        if first is not None:
            self.table.setCurrentItem(first)

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.table.topLevelItem(row) for row in range(self.table.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _show_keys(self) -> None:
        for item in self._items():
            id_ = item.data(0, _ID)
            if id_:
                changed = id_ in settings().keys
                texts = [key_text(QKeySequence(key)) for key in self.keys_of(id_)]
                item.setText(1, "   ".join(texts))
                item.setFont(0, fonts.ui(fonts.CONTROL, fonts.SEMIBOLD if changed else fonts.REGULAR))
                item.setToolTip(0, self.tr("Changed by you") if changed else "")

    def _narrow(self, text: str) -> None:
        words = text.casefold().split()
        head, some = None, False
        for item in self._items():
            if not item.data(0, _ID):
                if head is not None:
                    head.setHidden(not some)
                head, some = item, False
                continue
            hay = f"{item.text(0)} {item.text(1)}".casefold()
            hidden = not all(word in hay for word in words)
            item.setHidden(hidden)
            some = some or not hidden
        if head is not None:
            head.setHidden(not some)
        first = next((item for item in self._items() if item.data(0, _ID) and not item.isHidden()), None)
        if first is not None:
            self.table.setCurrentItem(first)

    def current_id(self) -> str:
        """The action that is chosen."""
        item = self.table.currentItem()
        return (item.data(0, _ID) or "") if item is not None else ""

    # Binding

    def _show_current(self) -> None:
        id_ = self.current_id()
        own = bool(id_) and not id_.startswith(LAYERS)
        self.edit.clear()
        self.edit.setEnabled(own)
        self.reset_button.setEnabled(own and id_ in settings().keys)
        self.reset_all_button.setEnabled(bool(settings().keys))
        self._look_for_clash()
        if id_.startswith(LAYERS):
            self.message.setText(self.tr("The letter of a layer belongs to the project's codebook."))

    def _typed(self) -> str:
        return _portable(self.edit.keySequence())

    def _look_for_clash(self) -> None:
        id_, key = self.current_id(), self._typed()
        owner = self.owner_of(key, besides=id_) if key else ""
        own = bool(key) and key in self.keys_of(id_)
        self._clash = owner
        free = bool(key) and not owner and not own
        self.add_button.setEnabled(free)
        self.instead_button.setEnabled(free)
        self.take_button.setVisible(bool(owner) and not owner.startswith(LAYERS))
        self.message.setRole("conflict" if owner else "text3")
        shown = key_text(QKeySequence(key))
        if owner:
            text = self.tr("{key} is the key of “{action}”.").replace("{action}", self._lines[owner].text)
        elif own:
            text = self.tr("This action has {key} already.")
        elif key:
            text = self.tr("{key} is free.")
        else:
            text = self.tr("Choose an action, then press the key it should have.")
        self.message.setText(text.replace("{key}", shown))

    def _bind(self, *, only: bool) -> None:
        id_, key = self.current_id(), self._typed()
        if id_ and key:
            self._store(id_, [key] if only else [*self.keys_of(id_), key])

    def _take_over(self) -> None:
        id_, key, owner = self.current_id(), self._typed(), self._clash
        if id_ and key and owner:
            bound = dict(settings().keys)
            bound[owner] = [other for other in self.keys_of(owner) if other != key]
            settings().keys = bound
            self._store(id_, [*self.keys_of(id_), key])

    def _store(self, id_: str, keys: list[str]) -> None:
        bound = dict(settings().keys)
        if keys == self._defaults.get(id_, []):
            bound.pop(id_, None)
        else:
            bound[id_] = keys
        settings().keys = bound
        self._show_keys()
        self._show_current()

    def _reset_one(self) -> None:
        id_ = self.current_id()
        clashing = [key for key in self._defaults.get(id_, []) if self.owner_of(key, besides=id_)]
        if clashing:
            owner = self.owner_of(clashing[0], besides=id_)
            text = self.tr("{key} is the key of “{action}” now; reset that one first.")
            self.message.setRole("conflict")
            self.message.setText(
                text.replace("{key}", key_text(QKeySequence(clashing[0]))).replace("{action}", self._lines[owner].text)
            )
            return
        self._store(id_, list(self._defaults.get(id_, [])))

    def reset_all(self) -> None:
        """Every action gets the keys of the design back."""
        settings().keys = {}
        self._show_keys()
        self._show_current()


def _portable(key: QKeySequence | str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
