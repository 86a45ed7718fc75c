"""The codebook as a tree: layers, link types, registries and documents, with their fields and roles."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QDropEvent, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)

from annotator.domain.codebook import Codebook, Field, Layer, Role
from annotator.domain.codebook_edit import DOCUMENTS, Owner
from annotator.ui import fonts, icons, theme
from annotator.ui.codebook.nodes import Node, fields_under
from annotator.ui.panel import words
from annotator.ui.translate import QT_TRANSLATE_NOOP
from annotator.ui.widgets import paint_key, paint_row, paint_sample
from annotator.ui.widgets.keycap import key_width

_NODE = int(Qt.ItemDataRole.UserRole)
_ITEM = _NODE + 1
ROW, HEAD = 26, 32


class Tree(QTreeWidget):
    """Arrow keys move, Alt+Up and Alt+Down put in order (or drag), Del removes, F2 or Enter goes to the form."""

    chosen = Signal(object)
    """A Node, or None."""
    move_wanted = Signal(object, int)
    """A Node, and the place it should have among its like."""
    remove_wanted = Signal()
    add_wanted = Signal()
    form_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setIndentation(14)
        self.setProperty("role", "plain")
        # The delegate paints the chosen row; what stands before it stays plain.
        self.setStyleSheet("QTreeView { selection-background-color: transparent; show-decoration-selected: 0; }")
        self.setAccessibleName(self.tr("Codebook"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setItemDelegate(_Delegate(self))
        self._items: dict[Node, QTreeWidgetItem] = {}
        self._filling = False
        self.currentItemChanged.connect(self._current_changed)
        self.itemActivated.connect(lambda _item: self.form_wanted.emit())

    def fill(self, codebook: Codebook, chosen: Node | None, folded: set[Node]) -> None:
        """Show a codebook with this place chosen, without a signal; `folded` stay closed."""
        self._filling = True
        self.clear()
        self._items = {}
        place = self.verticalScrollBar().value()
        for head, kind, items in (
            (self.tr("Layers"), "layer", codebook.layers),
            (self.tr("Link types"), "link_type", codebook.link_types),
            (self.tr("Registries"), "registry", codebook.registries),
        ):
            section = QTreeWidgetItem(self, [head])
            section.setFlags(Qt.ItemFlag.NoItemFlags)
            for item in items:
                owner = Owner(kind, item.id)  # type: ignore[arg-type]
                shown = self._add(None, Node(kind, owner), item, item.name)  # type: ignore[arg-type]
                for role in getattr(item, "roles", ()):
                    self._add(shown, Node("role", owner, role.name), role, role.name)
                self._add_fields(codebook, owner, shown)
        section = QTreeWidgetItem(self, [self.tr("Articles")])
        section.setFlags(Qt.ItemFlag.NoItemFlags)
        documents = self._add(None, Node("documents", DOCUMENTS), None, self.tr("Fields of articles"))
        self._add_fields(codebook, DOCUMENTS, documents)
        for node, shown in self._items.items():
            shown.setExpanded(node not in folded)
        at = self._items.get(chosen) if chosen is not None else None
        at = at or next(iter(self._items.values()))
        self.setCurrentItem(at)
        self._filling = False
        self.verticalScrollBar().setValue(place)
        self.scrollToItem(at)

    def folded(self) -> set[Node]:
        """What is closed."""
        return {node for node, item in self._items.items() if item.childCount() and not item.isExpanded()}

    def current(self) -> Node | None:
        """What is chosen."""
        item = self.currentItem()
        found = item.data(0, _NODE) if item is not None else None
        return found if isinstance(found, Node) else None

    def choose(self, node: Node) -> None:
        """Choose a place."""
        if node in self._items:
            self.setCurrentItem(self._items[node])

    def _add(self, under: QTreeWidgetItem | None, node: Node, item: object, text: str) -> QTreeWidgetItem:
        made = QTreeWidgetItem([text])
        made.setData(0, _NODE, node)
        made.setData(0, _ITEM, item)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        made.setFlags(flags if node.kind == "documents" else flags | Qt.ItemFlag.ItemIsDragEnabled)
        if under is None:
            self.addTopLevelItem(made)
        else:
            under.addChild(made)
        self._items[node] = made
        return made

    def _add_fields(self, codebook: Codebook, owner: Owner, under: QTreeWidgetItem) -> None:
        for node, field in fields_under(codebook, owner):
            self._add(under, node, field, field.name)

    def _current_changed(self) -> None:
        if not self._filling:
            self.chosen.emit(self.current())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The tree's own keys."""
        node, key, keys = self.current(), event.key(), Qt.Key
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if alt and key in (keys.Key_Up, keys.Key_Down) and node is not None:
            self.move_wanted.emit(node, self._place(node) + (-1 if key == keys.Key_Up else 1))
        elif key in (keys.Key_Delete, keys.Key_Backspace):
            self.remove_wanted.emit()
        elif key == keys.Key_Insert:
            self.add_wanted.emit()
        elif key in (keys.Key_F2, keys.Key_Return, keys.Key_Enter):
            self.form_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _place(self, node: Node) -> int:
        like = [
            n for n in self._items if n.kind == node.kind and (n.kind not in ("field", "role") or n.owner == node.owner)
        ]
        return like.index(node)

    def drawBranches(self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        """A chevron where there is something under it; no ground, which is the row's."""
        item = self.itemFromIndex(index)
        if item is not None and item.childCount():
            rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            box = QRectF(rect.left() if rtl else rect.right() - 13, rect.center().y() - 6, 13, 13)
            name = "chevron-down" if item.isExpanded() else "chevron-right"
            icons.paint(painter, name, box, "text3", mirrored=rtl)

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for another place among its like; the tree itself changes when the codebook has."""
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        node, target = self.current(), self.itemAt(event.position().toPoint())
        other = target.data(0, _NODE) if target is not None else None
        if node is None or not isinstance(other, Node):
            return
        if node.kind not in ("field", "role"):
            other = other.parent
        alike = other.kind == node.kind and (node.kind not in ("field", "role") or other.owner == node.owner)
        if not alike or other == node:
            return
        below = self.dropIndicatorPosition() != QAbstractItemView.DropIndicatorPosition.AboveItem
        place, start = self._place(other) + (1 if below else 0), self._place(node)
        self.move_wanted.emit(node, place - 1 if place > start else place)


class _Delegate(QStyledItemDelegate):
    """A layer in its mark with its key, a field with its type, a role as a plain name."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Heads have air above."""
        return QSize(80, ROW if index.data(_NODE) is not None else HEAD)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """One row."""
        now = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        rtl = option.direction == Qt.LayoutDirection.RightToLeft
        node, item, text = index.data(_NODE), index.data(_ITEM), str(index.data())
        if node is None:
            painter.setFont(fonts.ui(fonts.META, fonts.SEMIBOLD))
            painter.setPen(now.text2)
            fonts.draw(painter, rect.adjusted(4, 8, -4, 0), text)
            painter.restore()
            return
        paint_row(painter, rect.adjusted(0, 1, 0, -1), option.state, ring=True)
        inner = rect.adjusted(6, 0, -8, 0)
        painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
        if isinstance(item, Layer):
            inner = self._end_key(painter, inner, item, rtl)
            paint_sample(painter, inner, words.label(text), fonts.ui(13), theme.layer_style(item))
        else:
            inner = self._end_word(painter, inner, item, rtl)
            part = isinstance(item, (Field, Role))
            painter.setFont(fonts.ui(fonts.CONTROL, fonts.REGULAR if part else fonts.MEDIUM))
            painter.setPen(now.text2 if part else now.ink)
            shown = QFontMetricsF(painter.font()).elidedText(
                words.label(text), Qt.TextElideMode.ElideRight, inner.width()
            )
            fonts.draw(painter, inner, shown)
        painter.restore()

    def _end_key(self, painter: QPainter, inner: QRectF, layer: Layer, rtl: bool) -> QRectF:
        if not layer.shortcut:
            return inner
        width = key_width(layer.shortcut)
        x = inner.left() if rtl else inner.right() - width
        box = QRectF(x, inner.center().y() - 9, width, 18)
        paint_key(painter, box, layer.shortcut, color=theme.layer_style(layer).stroke)
        return inner.adjusted(width + 6, 0, 0, 0) if rtl else inner.adjusted(0, 0, -width - 6, 0)

    def _end_word(self, painter: QPainter, inner: QRectF, item: object, rtl: bool) -> QRectF:
        word = type_name(item.type) + (" *" if item.required else "") if isinstance(item, Field) else ""
        if isinstance(item, Role):
            word = self.tr("role")
        font = fonts.ui(fonts.META)
        width = fonts.text_width(font, word) + 2
        painter.setFont(font)
        painter.setPen(theme.current().text3)
        x = inner.left() if rtl else inner.right() - width
        fonts.draw(painter, QRectF(x, inner.top(), width, inner.height()), word)
        return inner.adjusted(width + 6, 0, 0, 0) if rtl else inner.adjusted(0, 0, -width - 6, 0)


def type_name(kind: str) -> str:
    """A field's type in words."""
    return QCoreApplication.translate("FieldTypes", TYPES[kind])


TYPES = {
    "choice": QT_TRANSLATE_NOOP("FieldTypes", "one choice"),
    "multi-choice": QT_TRANSLATE_NOOP("FieldTypes", "several choices"),
    "text": QT_TRANSLATE_NOOP("FieldTypes", "text"),
    "number": QT_TRANSLATE_NOOP("FieldTypes", "number"),
    "boolean": QT_TRANSLATE_NOOP("FieldTypes", "yes or no"),
    "date": QT_TRANSLATE_NOOP("FieldTypes", "date"),
}
