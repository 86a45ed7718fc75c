"""The outline's rows for Qt: a flat list of what stands open, patched when the document's annotations change.

Flat, because a tree view asks several questions a row each time a row comes or goes. Qt counts the rows by itself: to
ask Python for each of a hundred thousand how many there are would be felt at every tag.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QStandardItemModel

from annotator.domain.annotated import Annotated
from annotator.domain.attribution import Place
from annotator.domain.codebook import Codebook
from annotator.domain.model import Annotation
from annotator.ui.panel.outline_nodes import Builder, Key, Node, Top, adopt, found_at, merged

Index = QModelIndex | QPersistentModelIndex
_LONGEST = 400  # characters of a text that a row, a type-ahead search or a screen reader may need
_STEP = 2048

Row = Place | Node
"""What stands in a row: a place of the text, of which a node is made when somebody looks at it, or a node."""

NOTHING = Builder("claim", Annotated(Codebook()), frozenset())


class OutlineModel(QStandardItemModel):
    """Keeps the nodes and tells Qt which rows come and go. The items of the model itself stay empty."""

    def __init__(self, text: Callable[[Annotation], str], say: Callable[[Node], str], parent: QObject | None = None):
        super().__init__(parent)
        self.setColumnCount(1)
        self._text = text
        self._say = say
        self._builder = NOTHING
        self._top = Top()
        self._rows: list[Row] = []
        self._nodes: dict[Key, Node] = {}
        """Those at the left edge that somebody has looked at, and the groups."""
        self._members: dict[tuple[Key, str], Node] = {}
        """Those under groups."""
        self._opened: list[tuple[int, int, Node]] = []
        """First row and end of what stands open under a node at the left edge, in order."""
        self._found: Sequence[Annotation] | None = None
        """What the filter line lets through, in place of all rows. Their nodes are made when they come into sight."""
        self._found_nodes: dict[int, Node] = {}

    # Qt's side

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

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows are to be chosen, not edited."""
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    # What the view and the delegate ask

    def node(self, index: Index) -> Node | None:
        """The node of a row."""
        row = index.row() if index.isValid() else -1
        if self._found is not None:
            return self._found_node(row) if 0 <= row < len(self._found) else None
        if not 0 <= row < len(self._rows):
            return None
        item = self._rows[row]
        if isinstance(item, Node):
            return item
        group = self._group_of(row)
        node = self._node(item[2]) if group is None else self._member(group, item[2])
        return node if node.annotation is not None else None  # gone, and soon its row too

    def text(self, node: Node) -> str:
        """The words of a row on one line."""
        return short(self._text(node.annotation)) if node.annotation is not None else node.label

    def has_below(self, node: Node) -> bool:
        """Whether anything stands under this row."""
        return self._builder.has_below(node)

    def index_of(self, node: Node | None) -> QModelIndex:
        """The row of a node; invalid where it does not stand open."""
        row = None if node is None else self._row_of(node)
        return QModelIndex() if row is None else self.index(row, 0)

    def find(self, annotation_id: str, claim_id: str | None = None) -> Node | None:
        """The node of this annotation: at the left edge, under its claim, or in a group; else its claim's."""
        if self._found is not None:
            rows = (row for row, annotation in enumerate(self._found) if annotation.id == annotation_id)
            row = next(rows, None)
            return None if row is None else self._found_node(row)
        annotation = self._builder.annotated.annotations.get(annotation_id)
        if found_at(self._top.places, annotation) is not None:
            return self._node(annotation_id)
        claim = self.top(claim_id) if claim_id is not None else None
        if claim is not None:
            found = _within(self._children(claim), annotation_id)
            if found is not None:
                return found
        for group in self._top.groups:
            if found_at(group.members, annotation) is not None:
                return self._member(group, annotation_id)
        return claim

    def top(self, key: Key) -> Node | None:
        """The row at the left edge with this key."""
        if isinstance(key, str):
            annotation = self._builder.annotated.annotations.get(key)
            return self._node(key) if found_at(self._top.places, annotation) is not None else None
        return self._nodes.get(key)

    @property
    def groups(self) -> list[Node]:
        """The groups at the left edge."""
        return self._top.groups

    # Opening and closing

    def set_open(self, node: Node, opened: bool) -> None:
        """Show or hide what stands under a row."""
        if node.open == opened or (opened and not self.has_below(node)):
            return
        if opened and node.kind != "group":
            self._children(node)
        node.open = opened
        self._lay_out()

    def open_to(self, node: Node) -> None:
        """Open all that stands above a row."""
        above, changed = node.parent, False
        while above is not None:
            changed = changed or not above.open
            above.open = True
            above = above.parent
        if changed:
            self._lay_out()

    # The filter line

    def show_found(self, found: Sequence[Annotation] | None) -> None:
        """Show these in place of all rows; None shows all again."""
        if found is None and self._found is None:
            return
        self._found, self._found_nodes = found, {}
        self._show_anew()

    def _found_node(self, row: int) -> Node:
        assert self._found is not None
        node = self._found_nodes.get(row)
        if node is None:
            annotation = self._found[row]
            node = self._found_nodes[row] = Node(annotation.id, "plain", annotation, row=row)
        return node

    # Nodes

    def _node(self, id_: str) -> Node:
        """The node of an annotation at the left edge."""
        node = self._nodes.get(id_)
        if node is None:
            node = self._nodes[id_] = Node(id_, self._top.kind)
            self._bring_up_to_date(node)
        return node

    def _bring_up_to_date(self, node: Node) -> None:
        annotated = self._builder.annotated
        node.kind = self._top.kind
        node.annotation = annotated.annotations.get(str(node.key))
        node.card = annotated.card(str(node.key)) if node.kind == "claim" else None
        if node.children is not None:
            adopt(node, merged(node.children, self._builder.below(node)))

    def _member(self, group: Node, id_: str) -> Node:
        """The node of an annotation in a group."""
        node = self._members.get((group.key, id_))
        if node is None:
            node = self._members[group.key, id_] = Node(id_, "plain", parent=group)
        node.annotation = self._builder.annotated.annotations.get(id_)
        return node

    def _children(self, node: Node) -> list[Node]:
        if node.children is None:
            adopt(node, self._builder.below(node))
        return node.children or []

    # Patching

    def show(self, builder: Builder, *, fresh: bool = False) -> None:
        """What there is now. `fresh` where nothing of the old rows means anything any more (another document)."""
        fresh = fresh or builder.mode != self._builder.mode
        top = builder.top()
        fresh = fresh or top.kind != self._top.kind
        self._builder = builder
        if fresh:
            self._nodes, self._members = {}, {}
        groups = []
        for new in top.groups:
            group = self._nodes.get(new.key)
            if group is None:
                group = new
            else:
                group.take(new)
            groups.append(group)
        top.groups = groups
        self._top = top
        annotations = builder.annotated.annotations
        kept: dict[Key, Node] = {group.key: group for group in groups}
        for key, node in self._nodes.items():
            if isinstance(key, str) and found_at(top.places, annotations.get(key)) is not None:
                self._bring_up_to_date(node)
                kept[key] = node
        self._nodes = kept
        self._members = {
            (key, id_): node
            for (key, id_), node in self._members.items()
            if key in kept and found_at(kept[key].members, annotations.get(id_)) is not None
        }
        if fresh:
            self._rows = self._flat()
            if self._found is None:
                self._show_anew()
            return
        self._lay_out()
        if self._rows and self._found is None:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0))

    def _show_anew(self) -> None:
        """Other rows altogether."""
        self.removeRows(0, self.rowCount())
        self.insertRows(0, len(self._rows) if self._found is None else len(self._found))

    def _flat(self) -> list[Row]:
        """All rows that stand open."""
        top = self._top
        opened: list[tuple[int, Node]] = []
        for node in self._nodes.values():
            if node.open and self.has_below(node):
                at = self._at_edge(node)
                if at is not None:
                    opened.append((at, node))
        opened.sort(key=lambda one: one[0])
        rows: list[Row] = [*top.places, *top.groups]
        stretches: list[tuple[int, int, Node]] = []
        shift = 0
        for at, node in opened:
            below: Sequence[Row] = node.members if node.kind == "group" else _open_below(self._children(node))
            first = at + 1 + shift
            rows[first:first] = below
            stretches.append((first, first + len(below), node))
            shift += len(below)
        self._opened = stretches
        return rows

    def _at_edge(self, node: Node) -> int | None:
        """Which of the rows at the left edge this is, were all closed."""
        if node.kind == "group":
            at = next((n for n, group in enumerate(self._top.groups) if group is node), None)
            return None if at is None else len(self._top.places) + at
        return found_at(self._top.places, node.annotation)

    def _row_of(self, node: Node) -> int | None:
        if self._found is not None:
            return node.row if self._found_nodes.get(node.row) is node else None
        top = node.top
        at = self._at_edge(top)
        if at is None or (top.kind != "group" and self._nodes.get(top.key) is not top):
            return None
        row = at
        for first, end, other in self._opened:
            if first > row + 1 or other is top:
                break
            row += end - first
        if node is top:
            return row
        inside = next(((first, end) for first, end, other in self._opened if other is top), None)
        if inside is None:
            return None
        if top.kind == "group":
            place_in = found_at(top.members, node.annotation)
            return None if place_in is None else inside[0] + place_in
        return next((n for n in range(*inside) if self._rows[n] is node), None)

    def _group_of(self, row: int) -> Node | None:
        """The group that a row stands under."""
        n = bisect_right(self._opened, row, key=lambda stretch: stretch[0]) - 1
        if n < 0 or row >= self._opened[n][1]:
            return None
        return self._opened[n][2]

    def _lay_out(self) -> None:
        """Tell Qt which rows came and went, as one stretch: the rest are the same."""
        old, new = self._rows, self._flat()
        self._rows = new
        if self._found is not None:  # they are not on the screen
            return
        first = _same(old, new)
        last = _same(old[first:][::-1], new[first:][::-1])
        if len(old) > first + last:
            self.removeRows(first, len(old) - last - first)
        if len(new) > first + last:
            self.insertRows(first, len(new) - last - first)


def _same(old: list[Row], new: list[Row]) -> int:
    """How many rows at the beginning are the same."""
    most = min(len(old), len(new))
    for at in range(0, most, _STEP):
        end = min(at + _STEP, most)
        if old[at:end] != new[at:end]:
            return next(n for n in range(at, end) if old[n] != new[n])
    return most


def _open_below(nodes: list[Node]) -> list[Node]:
    rows: list[Node] = []
    pending = list(reversed(nodes))
    while pending:
        node = pending.pop()
        rows.append(node)
        if node.open and node.children:
            pending.extend(reversed(node.children))
    return rows


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
