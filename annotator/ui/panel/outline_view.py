"""The tree of the outline: rows painted whole by the delegate, opened and closed by key, and the button for its mode."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRectF, QSize, Qt, Signal
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
from PySide6.QtWidgets import QAbstractItemView, QFrame, QMenu, QStyle, QStyleOptionViewItem, QTreeView

from annotator.domain.codebook import Layer
from annotator.ui import fonts, icons, theme
from annotator.ui.panel.chips import PressButton
from annotator.ui.panel.outline_delegate import OutlineDelegate
from annotator.ui.panel.outline_model import OutlineModel
from annotator.ui.widgets import Chip

Index = QModelIndex | QPersistentModelIndex

_CHIP_SIDE = 8.0
_CHIP_DOT = 10.5
_CHIP_GAP = 5.0


class OutlineView(QTreeView):
    """No indentation and no branches of its own: the delegate lays out and mirrors the whole row."""

    chosen = Signal(QModelIndex)
    """Enter, or a click on a row."""
    delete_asked = Signal(QModelIndex)
    leave_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._hovered = QPersistentModelIndex()
        self.setProperty("role", "plain")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setAnimated(False)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The delegate paints all of it."""
        row = QStyleOptionViewItem(option)
        if self._hovered == index:
            row.state |= QStyle.StateFlag.State_MouseOver
        self.itemDelegate().paint(painter, row, index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The current row stays in sight."""
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.show_whole(self.currentIndex())

    def show_whole(self, index: QModelIndex) -> None:
        """Scroll so that a row is in sight, and where there is room all that stands with it below its top row."""
        top = index
        while top.parent().isValid():
            top = top.parent()
        last = top
        while self.isExpanded(last) and self.model().rowCount(last):
            last = self.model().index(self.model().rowCount(last) - 1, 0, last)
        for row in (last, top, index):
            self.scrollTo(row)

    def close_row(self, index: QModelIndex) -> None:
        """Collapse a row, also where the view has not laid its rows out yet (Qt would pass over it)."""
        self.executeDelayedItemsLayout()
        self.collapse(index)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on a chevron opens or closes."""
        index = self.indexAt(event.position().toPoint())
        delegate, model = self.itemDelegate(), self.model()
        if (
            event.button() == Qt.MouseButton.LeftButton
            and index.isValid()
            and isinstance(delegate, OutlineDelegate)
            and isinstance(model, OutlineModel)
            and not index.parent().isValid()
            and model.hasChildren(index)
            and (model.node(index).kind == "group" or delegate.chevron_hit(round(event.position().x()), self.width()))
        ):
            self.setExpanded(index, not self.isExpanded(index))
            return
        super().mousePressEvent(event)
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The row under the pointer is lit."""
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """No row is lit."""
        super().leaveEvent(event)
        self._hover(QModelIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes there, Del deletes, Esc leaves, the arrows open and close."""
        key, keys = event.key(), Qt.Key
        index = self.currentIndex()
        forward, backward = keys.Key_Right, keys.Key_Left
        if self.isRightToLeft():
            forward, backward = backward, forward
        if key == keys.Key_Escape:
            self.leave_asked.emit()
        elif key in (keys.Key_Return, keys.Key_Enter):
            self._enter(index)
        elif key in (keys.Key_Delete, keys.Key_Backspace) and index.isValid():
            self.delete_asked.emit(index)
        elif key == forward and index.isValid():
            self._open(index)
        elif key == backward and index.isValid():
            self._close(index)
        elif key == keys.Key_Menu and index.isValid():
            self._menu(self.visualRect(index).center())
        else:
            super().keyPressEvent(event)

    def _enter(self, index: QModelIndex) -> None:
        model = self.model()
        if index.isValid() and isinstance(model, OutlineModel) and model.node(index).kind == "group":
            self.setExpanded(index, not self.isExpanded(index))
        elif index.isValid():
            self.chosen.emit(index)

    def _open(self, index: QModelIndex) -> None:
        if not index.parent().isValid() and not self.isExpanded(index):
            self.expand(index)
        elif self.model().hasChildren(index):
            self.setCurrentIndex(self.model().index(0, 0, index))

    def _close(self, index: QModelIndex) -> None:
        if index.parent().isValid():
            self.setCurrentIndex(index.parent())
        else:
            self.collapse(index)

    def _hover(self, index: QModelIndex) -> None:
        if self._hovered != index:
            before = _plain(self._hovered)
            self._hovered = QPersistentModelIndex(index)
            for changed in (before, index):
                if changed.isValid():
                    self.viewport().update(self.visualRect(changed))

    def _menu(self, at: QPoint) -> None:
        index = QPersistentModelIndex(self.indexAt(at))
        model = self.model()
        if not index.isValid() or not isinstance(model, OutlineModel) or model.node(index).annotation is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Show in the article")).triggered.connect(lambda: self.chosen.emit(_plain(index)))
        menu.addAction(self.tr("Delete")).triggered.connect(lambda: self.delete_asked.emit(_plain(index)))
        menu.popup(self.viewport().mapToGlobal(at))


def _plain(index: QPersistentModelIndex) -> QModelIndex:
    return index.model().index(index.row(), 0, index.parent()) if index.isValid() else QModelIndex()


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
