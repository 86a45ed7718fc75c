"""The outline's rows for Qt: a flat list of what stands open, patched when the document's annotations change.

Flat, because a tree view asks Python several questions a row each time a row comes or goes; ten thousand rows would be
felt. What is above what is in the nodes; the delegate paints it and the view's keys follow it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.domain.model import Annotation
from annotator.ui.panel.outline_nodes import Builder, Key, Node, adopt, merged

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_LONGEST = 400  # characters of a text that a row, a type-ahead search or a screen reader may need


class OutlineModel(QAbstractListModel):
    """Keeps the nodes and tells Qt which rows come and go."""

    def __init__(self, text: Callable[[Annotation], str], say: Callable[[Node], str], parent: QObject | None = None):
        super().__init__(parent)
        self._text = text
        self._say = say
        self._builder = Builder("claim", [], {}, frozenset())
        self._top: list[Node] = []
        self._rows: list[Node] = []
        self._found: list[Annotation] | None = None
        """What the filter line lets through, in place of all rows. Their nodes are made when they come into sight."""
        self._found_nodes: dict[int, Node] = {}

    # Qt's side

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """How many rows stand open."""
        if parent.isValid():
            return 0
        return len(self._rows) if self._found is None else len(self._found)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The text for type-ahead, and what a tooltip and a screen reader say; the delegate reads `node`."""
        node = self.node(index)
        if node is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(node)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._say(node)
        return None

    # What the view and the delegate ask

    def node(self, index: Index) -> Node | None:
        """The node of a row."""
        row = index.row() if index.isValid() else -1
        if self._found is not None:
            return self._found_node(row) if 0 <= row < len(self._found) else None
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def text(self, node: Node) -> str:
        """The words of a row on one line."""
        return short(self._text(node.annotation)) if node.annotation is not None else node.label

    def has_below(self, node: Node) -> bool:
        """Whether anything stands under this row."""
        return self._builder.has_below(node)

    def index_of(self, node: Node | None) -> QModelIndex:
        """The row of a node; invalid where it does not stand open."""
        if node is None:
            return QModelIndex()
        if self._found is not None:
            return self.index(node.row, 0) if self._found_nodes.get(node.row) is node else QModelIndex()
        try:
            return self.index(self._rows.index(node), 0)
        except ValueError:
            return QModelIndex()

    def find(self, annotation_id: str, claim_id: str | None = None) -> Node | None:
        """The node of this annotation: at the left edge, under its claim, or in a group; else its claim's."""
        if self._found is not None:
            rows = (row for row, annotation in enumerate(self._found) if annotation.id == annotation_id)
            row = next(rows, None)
            return None if row is None else self._found_node(row)
        claim: Node | None = None
        for node in self._top:
            if node.annotation is None:
                if any(member.id == annotation_id for member in node.members):
                    return next((c for c in self._children(node) if c.key == annotation_id), None)
            elif node.key == annotation_id:
                return node
            elif node.key == claim_id:
                claim = node
                found = _within(self._children(node), annotation_id)
                if found is not None:
                    return found
        return claim

    def top(self, key: Key) -> Node | None:
        """The row at the left edge with this key."""
        return next((node for node in self._top if node.key == key), None)

    @property
    def tops(self) -> list[Node]:
        """The rows at the left edge."""
        return self._top

    # Opening and closing

    def set_open(self, node: Node, opened: bool) -> None:
        """Show or hide what stands under a row."""
        if node.open == opened or (opened and not self.has_below(node)):
            return
        if opened:
            self._children(node)
        node.open = opened
        self._lay_out()

    def open_to(self, node: Node) -> None:
        """Open all that stands above a row."""
        above = node.parent
        while above is not None:
            above.open = True
            above = above.parent
        self._lay_out()

    # The filter line

    def show_found(self, found: list[Annotation] | None) -> None:
        """Show these in place of all rows; None shows all again."""
        self.beginResetModel()
        self._found, self._found_nodes = found, {}
        self.endResetModel()

    def _found_node(self, row: int) -> Node:
        assert self._found is not None
        node = self._found_nodes.get(row)
        if node is None:
            annotation = self._found[row]
            node = self._found_nodes[row] = Node(annotation.id, "plain", annotation, row=row)
        return node

    # Patching

    def show(self, builder: Builder, *, fresh: bool = False) -> None:
        """What there is now. `fresh` where nothing of the old rows means anything any more (another document)."""
        if self._found is not None:
            # Whoever filters calls `show_found` next: the rows below are not on the screen.
            self._builder = builder
            self._top = builder.top({})
            self._rows = self._flat()
            return
        if fresh or builder.mode != self._builder.mode:
            self.beginResetModel()
            self._builder = builder
            self._top = builder.top({})
            self._rows = self._flat()
            self.endResetModel()
            return
        self._builder = builder
        self._top = builder.top({node.key: node for node in self._top})
        for node in self._top:
            if node.children is not None:
                adopt(node, merged(node.children, builder.below(node)))
        self._lay_out()
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0))

    def _children(self, node: Node) -> list[Node]:
        if node.children is None:
            adopt(node, self._builder.below(node))
        return node.children or []

    def _flat(self) -> list[Node]:
        rows: list[Node] = []
        pending = list(reversed(self._top))
        while pending:
            node = pending.pop()
            rows.append(node)
            if node.open and node.children:
                pending.extend(reversed(node.children))
        return rows

    def _lay_out(self) -> None:
        """Tell Qt which rows came and went, as one stretch: the rest are the same objects."""
        if self._found is not None:  # they are not on the screen
            self._rows = self._flat()
            return
        old, new = self._rows, self._flat()
        first, most = 0, min(len(old), len(new))
        while first < most and old[first] is new[first]:
            first += 1
        last = 0
        while last < most - first and old[-1 - last] is new[-1 - last]:
            last += 1
        if len(old) > first + last:
            self.beginRemoveRows(_NO_PARENT, first, len(old) - last - 1)
            self._rows = old[:first] + old[len(old) - last :]
            self.endRemoveRows()
        if len(new) > first + last:
            self.beginInsertRows(_NO_PARENT, first, len(new) - last - 1)
            self._rows = new
            self.endInsertRows()


def _within(nodes: list[Node], annotation_id: str) -> Node | None:
    pending = list(reversed(nodes))
    while pending:
        node = pending.pop()
        if node.annotation is not None and node.annotation.id == annotation_id:
            return node
        pending.extend(reversed(node.children or []))
    return None


def short(text: str) -> str:
    """A text on one line, cut where no row could show more of it."""
    return " ".join(text[:_LONGEST].split()) + ("…" if len(text) > _LONGEST else "")
