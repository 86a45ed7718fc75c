"""The rows of the outline, opened and closed by key and click; the button for its mode and the chips of its layers."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QMenu

from annotator.domain.codebook import Layer
from annotator.ui import fonts, icons, theme
from annotator.ui.panel.chips import PressButton
from annotator.ui.panel.outline_delegate import OutlineDelegate
from annotator.ui.panel.outline_model import OutlineModel
from annotator.ui.panel.outline_nodes import Node
from annotator.ui.widgets import Chip

_CHIP_SIDE = 8.0
_CHIP_DOT = 10.5
_CHIP_GAP = 5.0


class OutlineView(QListView):
    """The delegate lays out and mirrors the whole row; the nodes know what stands under what."""

    chosen = Signal(object)
    """The node of a row that was clicked, or on which Enter was pressed."""
    delete_asked = Signal(object)
    toggled = Signal(object, bool)
    """A node that is to be opened (True) or closed."""
    leave_asked = Signal()
    filter_asked = Signal()

    def __init__(self, model: OutlineModel) -> None:
        super().__init__()
        self._rows = model
        self.setModel(model)
        self.setProperty("role", "plain")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)

    def current(self) -> Node | None:
        """The node of the current row."""
        return self._rows.node(self.currentIndex())

    def lay_out_in_batches(self, on: bool) -> None:
        """Whether rows are laid out some hundreds at a time, between other things."""
        self.setBatchSize(500)
        self.setLayoutMode(self.LayoutMode.Batched if on else self.LayoutMode.SinglePass)

    def go_to(self, node: Node | None) -> None:
        """Make a node's row the current one and show it, with what stands open below it where there is room."""
        index = self._rows.index_of(node)
        self.setCurrentIndex(index)
        if node is not None and index.isValid():
            self._show_whole(node)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The current row stays in sight."""
        super().resizeEvent(event)
        node = self.current()
        if node is not None:
            self._show_whole(node)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on a chevron opens or closes, one elsewhere chooses."""
        spot = event.position().toPoint()
        index = self.indexAt(spot)
        node = self._rows.node(index)
        delegate = self.itemDelegate()
        left = event.button() == Qt.MouseButton.LeftButton
        if left and node is not None and node.parent is None and isinstance(delegate, OutlineDelegate):
            on_chevron = delegate.chevron_hit(spot.x(), self.viewport().width())
            if (on_chevron or node.kind == "group") and self._rows.has_below(node):
                self.toggled.emit(node, not node.open)
                return
        super().mousePressEvent(event)
        if left and node is not None:
            self.chosen.emit(node)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes there, Del deletes, Esc leaves, the arrows open and close."""
        key, keys = event.key(), Qt.Key
        node = self.current()
        forward, backward = keys.Key_Right, keys.Key_Left
        if self.isRightToLeft():
            forward, backward = backward, forward
        if key == keys.Key_Escape:
            self.leave_asked.emit()
        elif event.text() == "/":
            self.filter_asked.emit()
        elif node is None:
            super().keyPressEvent(event)
        elif key in (keys.Key_Return, keys.Key_Enter):
            if node.kind == "group":
                self.toggled.emit(node, not node.open)
            else:
                self.chosen.emit(node)
        elif key in (keys.Key_Delete, keys.Key_Backspace):
            self.delete_asked.emit(node)
        elif key == forward:
            self._forward(node)
        elif key == backward:
            self._backward(node)
        elif key == keys.Key_Menu:
            self._menu(self.visualRect(self.currentIndex()).center())
        else:
            super().keyPressEvent(event)

    def _forward(self, node: Node) -> None:
        if not node.open and self._rows.has_below(node):
            self.toggled.emit(node, True)
        elif node.open and node.children:
            self.setCurrentIndex(self._rows.index_of(node.children[0]))

    def _backward(self, node: Node) -> None:
        if node.parent is None:
            self.toggled.emit(node, False)
        else:
            self.setCurrentIndex(self._rows.index_of(node.parent))

    def _show_whole(self, node: Node) -> None:
        last = node.top
        while last.open and last.children:
            last = last.children[-1]
        for row in (last, node.top, node):
            index = self._rows.index_of(row)
            if index.isValid():
                self.scrollTo(index)

    def _menu(self, at: QPoint) -> None:
        node = self._rows.node(self.indexAt(at))
        if node is None or node.annotation is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Show in the article")).triggered.connect(lambda: self.chosen.emit(node))
        menu.addAction(self.tr("Delete")).triggered.connect(lambda: self.delete_asked.emit(node))
        menu.popup(self.viewport().mapToGlobal(at))


class ModeButton(PressButton):
    """What the outline is grouped by, with a small chevron; opens a menu."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._options: dict[str, str] = {}
        self._mode = ""
        self.setProperty("focusRadius", 5.0)
        self.set_actions(self.open)

    def set_options(self, options: dict[str, str], mode: str) -> None:
        """What can be chosen, and what is."""
        self._options, self._mode = options, mode
        self.setText(options.get(mode, ""))
        self.setAccessibleName(self.tr("Outline: {mode}").format(mode=self.text()))
        self.updateGeometry()
        self.update()

    def open(self) -> None:
        """Offer the ways."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for mode, label in self._options.items():
            action = menu.addAction(label)
            action.setCheckable(True)
            action.setChecked(mode == self._mode)
            action.triggered.connect(lambda _checked=False, mode=mode: self.picked.emit(mode))
            if mode == self._mode:
                menu.setActiveAction(action)
        x = self.width() - menu.sizeHint().width() if not self.isRightToLeft() else 0
        menu.popup(self.mapToGlobal(QPoint(x, self.height() + 2)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down opens."""
        if event.key() == Qt.Key.Key_Down:
            self.open()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Room for text and chevron."""
        return QSize(int(QFontMetricsF(fonts.ui()).horizontalAdvance(self.text()) + 28), 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Text and chevron."""
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            path = QPainterPath()
            path.addRoundedRect(QRectF(self.rect()), 5, 5)
            painter.fillPath(path, colors.hover)
        rtl = self.isRightToLeft()
        box = QRectF(self.rect()).adjusted(6, 0, -6, 0)
        painter.setFont(fonts.ui())
        painter.setPen(colors.text2)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading), self.text())
        spot = QRectF(box.left() if rtl else box.right() - 12, box.center().y() - 6, 12, 12)
        icons.paint(painter, "chevron-down", spot, colors.text2)


class FilterChip(Chip):
    """A chip for a layer, close enough that four of them stand beside each other in the panel."""

    def __init__(self, text: str, layer: Layer) -> None:
        self._tight = fonts.ui(11, tabular=True)
        super().__init__(text, layer=layer, count=0)
        self._own = layer
        self.setFont(self._tight)

    def sizeHint(self) -> QSize:
        """Room for dot, text and count."""
        text, count = self._parts()
        return QSize(int(_CHIP_SIDE * 2 + _CHIP_DOT + text + _CHIP_GAP + count + 1), super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Pill, dot, text, count."""
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.addRoundedRect(box, box.height() / 2, box.height() / 2)
        on = self.isChecked() or self.isDown()
        if on or self.underMouse():
            painter.fillPath(path, colors.rowsel if on else colors.hover)
        painter.strokePath(path, QPen(colors.rowsel if on else colors.line, 1))
        rtl = self.isRightToLeft()
        dot = _CHIP_SIDE + 3
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.layer_style(self._own, colors).stroke)
        painter.drawEllipse(QPointF(self.width() - dot if rtl else dot, box.center().y()), 2.8, 2.8)
        painter.setFont(self._tight)
        text, count = self._parts()
        start = _CHIP_SIDE + _CHIP_DOT
        room = max(0.0, self.width() - start - _CHIP_GAP - count - _CHIP_SIDE)
        words = QFontMetricsF(self._tight).elidedText(self.text(), Qt.TextElideMode.ElideRight, room + 1)
        text = min(text, room + 1)
        self._write(painter, start, text, words, colors.ink if on else colors.text2)
        self._write(painter, start + text + _CHIP_GAP, count, self._number(), colors.text2)

    def _write(self, painter: QPainter, start: float, width: float, words: str, color: QColor) -> None:
        x = self.width() - start - width if self.isRightToLeft() else start
        painter.setPen(color)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip
        painter.drawText(QRectF(x, 0, width, self.height()), int(flags), words)

    def _number(self) -> str:
        return self.locale().toString(self.count() or 0)

    def _parts(self) -> tuple[float, float]:
        metrics = QFontMetricsF(self._tight)
        return metrics.horizontalAdvance(self.text()), metrics.horizontalAdvance(self._number())
