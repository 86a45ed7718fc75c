"""A chart that can be read and used without a mouse: Tab goes to it, the arrows from bar to bar, Enter opens the list.

Import after `library.load`.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from annotator.ui import theme
from annotator.ui.overview.figures import Figure, Mark, tr
from annotator.ui.overview.plots import Plot, build, height_of
from annotator.ui.widgets import paint_focus

AIR = 6
"""Room beside the plot, for the ring."""


class Chart(QWidget):
    """One figure, drawn."""

    picked = Signal(object)
    """The mark whose list is wanted."""
    copy_wanted = Signal()
    went = Signal(QPoint)
    """The keys are at another bar, which stands there: bring it into sight."""
    due = Signal()
    """It is to be drawn anew: `draw` does so. Many at once would keep the window waiting."""

    def __init__(self, figure: Figure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figure = figure
        self.plot: Plot | None = None
        self._current = -1
        self._hovered = -1
        self._drawn: tuple[object, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(figure.title)
        self._over = _Over(self)
        self.show_figure(figure)
        theme.notifier.changed.connect(self._redraw)

    def show_figure(self, figure: Figure) -> None:
        """Show other numbers; the bar with the keys stays the one of its name."""
        before = self.current()
        self.figure = figure
        self._hovered = -1
        self.setFixedHeight(height_of(figure))
        marks = self.marks
        same = [
            at for at, mark in enumerate(marks) if before and (mark.name, mark.group) == (before.name, before.group)
        ]
        self._current = same[0] if same else -1
        self._drawn = ()
        self._tell()
        self.due.emit()

    @property
    def marks(self) -> list[Mark]:
        """What is drawn, in order."""
        return [mark for mark in self.figure.marks if mark.charted]

    def current(self) -> Mark | None:
        """The bar that has the keys."""
        return self.marks[self._current] if 0 <= self._current < len(self.marks) else None

    def sizeHint(self) -> QSize:
        """As high as the figure."""
        return QSize(360, height_of(self.figure))

    # Drawing

    def _wanted(self) -> tuple[object, ...]:
        return self.figure, theme.current(), self.layoutDirection(), self.width()

    @property
    def is_due(self) -> bool:
        """Whether it is to be drawn anew."""
        return self._wanted() != self._drawn

    def draw(self) -> None:
        """Draw it as it is to be now."""
        if not self.is_due:
            return
        self._drawn = self._wanted()
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        before, self.plot = self.plot, build(self.figure, self.width() - 2 * AIR, rtl=rtl)
        if before is not None:
            before.view.close()
            before.view.setParent(None)
            before.view.deleteLater()
        view = self.plot.view
        view.setParent(self)
        view.setGeometry(self.rect().adjusted(AIR, 0, -AIR, 0))
        view.show()
        self._over.setGeometry(self.rect())
        self._over.raise_()

    def _redraw(self) -> None:
        self.due.emit()
        self._over.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The names get their share of the new width."""
        self.due.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Mirror with the interface."""
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self.due.emit()
        super().changeEvent(event)

    def rect_of(self, at: int) -> QRectF:
        """Where a mark can be hit and gets its ring."""
        self.draw()
        if self.plot is None or not 0 <= at < len(self.plot.rects):
            return QRectF()
        found = QRectF(
            self.plot.view.mapFromScene(self.plot.box.mapViewToScene(self.plot.rects[at].topLeft())),
            self.plot.view.mapFromScene(self.plot.box.mapViewToScene(self.plot.rects[at].bottomRight())),
        )
        found = found.normalized().translated(self.plot.view.pos())
        if self.figure.kind == "rows":
            return QRectF(0, found.top(), self.width(), found.height())
        return found

    def paint_over(self, painter: QPainter) -> None:
        """The bar under the pointer, and the ring of the one that has the keys."""
        if self._hovered >= 0:
            shade = QColor(theme.current().ink)
            shade.setAlphaF(0.06)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shade)
            painter.drawRoundedRect(self.rect_of(self._hovered), 4, 4)
        if self.hasFocus():
            rect = self.rect_of(self._current)
            if self.figure.kind != "rows":
                rect = rect.adjusted(-4, -4, 4, 4)  # around the bar, which has the ring's own colour
            paint_focus(painter, rect if rect.isValid() else QRectF(self.rect()), 4)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End move; Enter or Space opens the list; Ctrl+C copies the picture."""
        key, keys = event.key(), Qt.Key
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        order = self._order()
        at = order.index(self._current) if self._current in order else -1
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif key in (keys.Key_Return, keys.Key_Enter, keys.Key_Space):
            if (mark := self.current()) is not None:
                self.picked.emit(mark)
        elif not order or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif key in (keys.Key_Home, keys.Key_End):
            self._go(order[0 if key == keys.Key_Home else -1])
        elif key in (keys.Key_Down, keys.Key_Left if rtl else keys.Key_Right):
            self._go(order[min(at + 1, len(order) - 1)])
        elif key in (keys.Key_Up, keys.Key_Right if rtl else keys.Key_Left):
            self._go(order[max(at - 1, 0)])
        else:
            super().keyPressEvent(event)

    def _order(self) -> list[int]:
        return [at for at, mark in enumerate(self.marks) if mark.pick is not None]

    def _go(self, at: int) -> None:
        self._current = at
        self._tell()
        self._over.update()
        self.went.emit(self.rect_of(at).center().toPoint())

    def _tell(self) -> None:
        mark = self.current()
        hint = tr("Enter opens the list.")
        self.setAccessibleDescription(f"{mark.told}. {hint}" if mark is not None else self.figure.note)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The first bar has the keys, where none had them before."""
        if self._current < 0 and self._order() and event.reason() != Qt.FocusReason.MouseFocusReason:
            self._go(self._order()[0])
        self._over.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """No ring."""
        self._over.update()
        super().focusOutEvent(event)

    # The pointer

    def mark_at(self, point: QPointF) -> int:
        """The mark at a point; -1 where there is none."""
        marks = self.marks
        hits = (at for at in self._order() if marks[at].count and self.rect_of(at).contains(point))
        return next(hits, -1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what would open."""
        at = self.mark_at(event.position())
        if at != self._hovered:
            self._hovered = at
            self.setCursor(Qt.CursorShape.PointingHandCursor if at >= 0 else Qt.CursorShape.ArrowCursor)
            self._over.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer."""
        self._hovered = -1
        self._over.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the list of what was hit."""
        at = self.mark_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and at >= 0:
            self._go(at)
            self.picked.emit(self.marks[at])
        else:
            super().mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        """The whole name, the number and the share as tool tip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self.show_tip(event.pos(), event.globalPos())
            return True
        return super().event(event)

    def show_tip(self, at: QPoint, where: QPoint) -> None:
        """The tool tip for a point of the chart."""
        found = self.mark_at(QPointF(at))
        QToolTip.showText(where, self.marks[found].told if found >= 0 else "", self)


class _Over(QWidget):
    """Lies over the plot and paints what the chart says."""

    def __init__(self, chart: Chart) -> None:
        super().__init__(chart)
        self._chart = chart
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Hover and ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._chart.paint_over(painter)
        painter.end()
