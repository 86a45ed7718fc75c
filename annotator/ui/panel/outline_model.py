"""The outline's tree model: rows are kept and patched, never reloaded, when the document's annotations change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.domain.model import Annotation
from annotator.ui.panel.outline_nodes import Builder, Key, Node

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_LONGEST = 400  # characters of a text that a row, a type-ahead search or a screen reader may need


class OutlineModel(QAbstractItemModel):
    """Rows as nodes, found by a number that Qt carries in its indexes (never a pointer that could dangle)."""

    def __init__(self, text: Callable[[Annotation], str], say: Callable[[Node], str], parent: QObject | None = None):
        super().__init__(parent)
        self._text = text
        self._say = say
        self._builder = Builder("claim", [], {}, frozenset())
        self._root = Node(("root",), "group", children=[])
        self._nodes: dict[int, Node] = {0: self._root}
        self._next = 1

    # Qt's side

    def index(self, row: int, column: int, parent: Index = _TOP) -> QModelIndex:
        """The index of a row."""
        children = self._children(self.node(parent))
        if column == 0 and 0 <= row < len(children):
            return self.createIndex(row, 0, children[row].uid)
        return QModelIndex()

    def parent(self, index: Index = _TOP) -> Any:
        """The index of the row above it in the tree."""
        node = self._nodes.get(index.internalId()) if index.isValid() else None
        return self._index(node.parent) if node is not None and node.parent is not None else QModelIndex()

    def rowCount(self, parent: Index = _TOP) -> int:
        """How many rows stand under this one."""
        return len(self._children(self.node(parent)))

    def columnCount(self, parent: Index = _TOP) -> int:
        """One."""
        return 1

    def hasChildren(self, parent: Index = _TOP) -> bool:
        """Whether there is something to open."""
        return self._builder.has_below(self.node(parent)) if parent.isValid() else bool(self._root.children)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The text for type-ahead, and what a tooltip and a screen reader say; the delegate reads `node`."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(self.node(index))
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._say(self.node(index))
        return None

    # What the view and the delegate ask

    def node(self, index: Index) -> Node:
        """The node behind an index; the root for an invalid one."""
        return self._nodes.get(index.internalId(), self._root) if index.isValid() else self._root

    def text(self, node: Node) -> str:
        """The words of a row on one line."""
        return short(self._text(node.annotation)) if node.annotation is not None else node.label

    def has_below(self, node: Node) -> bool:
        """Whether anything stands under this row."""
        return self._builder.has_below(node)

    def find(self, annotation_id: str, claim_id: str | None = None) -> QModelIndex:
        """The row of this annotation: at the left edge, under its claim, or in a group; else its claim's row."""
        fallback: Node | None = None
        for node in self._root.children or ():
            if node.annotation is not None:
                if node.annotation.id == annotation_id:
                    return self._index(node)
                if node.annotation.id == claim_id:
                    fallback = node
                    self._children(node)
                    for below in node.walk():
                        if below.annotation is not None and below.annotation.id == annotation_id:
                            return self._index(below)
            elif any(member.id == annotation_id for member in node.members):
                for child in self._children(node):
                    if child.annotation is not None and child.annotation.id == annotation_id:
                        return self._index(child)
        return self._index(fallback) if fallback is not None else QModelIndex()

    def find_key(self, key: Key) -> QModelIndex:
        """The top row of this key."""
        return next((self._index(node) for node in self._root.children or () if node.key == key), QModelIndex())

    def top_keys(self) -> list[Key]:
        """Keys of the top rows, in their order."""
        return [node.key for node in self._root.children or ()]

    # Patching

    def show(self, builder: Builder, *, fresh: bool = False) -> None:
        """What there is now. `fresh` where nothing of the old rows means anything any more (another document)."""
        if fresh or builder.mode != self._builder.mode:
            self.beginResetModel()
            self._builder = builder
            self._nodes = {0: self._root}
            self._root.children = builder.top()
            self._enter(self._root, 0)
            self.endResetModel()
            return
        old = self._builder
        self._builder = builder
        self._patch(self._root, builder.top(), old)

    def _patch(self, parent: Node, new: list[Node], old_builder: Builder) -> None:
        old = parent.children
        assert old is not None
        first = 0
        most = min(len(old), len(new))
        while first < most and old[first].key == new[first].key:
            first += 1
        last = 0
        while last < most - first and old[-1 - last].key == new[-1 - last].key:
            last += 1
        kept = [*zip(old[:first], new[:first], strict=True)]
        if last:
            kept += zip(old[-last:], new[-last:], strict=True)
        at = self._index(parent)
        if len(old) > first + last:
            self.beginRemoveRows(at, first, len(old) - last - 1)
            for node in old[first : len(old) - last]:
                for gone in node.walk():
                    self._nodes.pop(gone.uid, None)
            del old[first : len(old) - last]
            self._number(parent, first)
            self.endRemoveRows()
        if len(new) > first + last:
            self.beginInsertRows(at, first, len(new) - last - 1)
            old[first:first] = new[first : len(new) - last]
            self._enter(parent, first)
            self.endInsertRows()
        for mine, theirs in kept:
            self._renew(mine, theirs, old_builder)
        if kept:
            self.dataChanged.emit(self._index(old[0]), self._index(old[-1]))

    def _renew(self, mine: Node, theirs: Node, old_builder: Builder) -> None:
        had = old_builder.has_below(mine)
        if mine.children is None and had:
            unchanged = mine.card == theirs.card and mine.members == theirs.members
            if unchanged and old_builder.shown == self._builder.shown:
                mine.take(theirs)
                return
        if mine.children is None and not had and not self._builder.has_below(theirs):
            mine.take(theirs)
            return
        if mine.children is None:
            # The view knows only that there was (or was not) something to open: say what comes and goes.
            mine.children = old_builder.below(mine) if had else []
            self._enter(mine, 0)
        mine.take(theirs)
        below = theirs.children if theirs.children is not None else self._builder.below(theirs)
        self._patch(mine, below, old_builder)

    def _children(self, node: Node) -> list[Node]:
        if node.children is None:
            node.children = self._builder.below(node)
            self._enter(node, 0)
        return node.children

    def _enter(self, parent: Node, first: int) -> None:
        """Number the rows from `first` on and make those below known."""
        self._number(parent, first)
        for child in (parent.children or ())[first:]:
            for node in child.walk():
                if not node.uid:
                    node.uid = self._next
                    self._next += 1
                self._nodes[node.uid] = node

    def _number(self, parent: Node, first: int) -> None:
        owner = None if parent is self._root else parent
        children = parent.children or []
        for row in range(first, len(children)):
            child = children[row]
            child.parent, child.row = owner, row

    def _index(self, node: Node | None) -> QModelIndex:
        return QModelIndex() if node is None or node is self._root else self.createIndex(node.row, 0, node.uid)


def short(text: str) -> str:
    """A text on one line, cut where no row could show more of it."""
    return " ".join(text[:_LONGEST].split()) + ("…" if len(text) > _LONGEST else "")
