"""Buttons that stand for an annotation, in the form of its layer, or for something short that can be pressed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy

from annotator.ui import fonts, icons, theme
from annotator.ui.widgets import paint_sample, sample_size

if TYPE_CHECKING:
    from annotator.domain.codebook import Layer

_LINE = 20
_WORDS = 200  # characters of a long annotation that a chip can show


class PressButton(QAbstractButton):
    """Enter presses it as Space does. It may have a press and a removal, which Del asks for."""

    def __init__(self) -> None:
        super().__init__()
        self._press: Callable[[], None] | None = None
        self._remove: Callable[[], None] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda: self._press() if self._press is not None else None)

    def set_actions(self, press: Callable[[], None] | None, remove: Callable[[], None] | None = None) -> None:
        """What a press does, and what Del does (None: nothing)."""
        self._press, self._remove = press, remove
        self.setAccessibleDescription(self.tr("Del takes it out") if remove is not None else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is a click."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier
        ):
            self.click()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._remove is not None:
            self._remove()
        else:
            super().keyPressEvent(event)


class AnnotationChip(PressButton):
    """The words of an annotation. A click goes to it; Del takes it out of what it stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.annotation_id = ""
        self._layer: Layer | None = None
        self._filled = False
        self._px = fonts.QUOTED_NAME
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)

    def show_annotation(
        self,
        annotation_id: str,
        words: str,
        layer: Layer,
        role: str,
        *,
        tip: str = "",
        filled: bool = False,
        px: float = 15.0,
    ) -> None:
        """What it stands for; `role` is what a screen reader says before the words."""
        self.annotation_id, self._layer, self._filled, self._px = annotation_id, layer, filled, px
        self.setText(words)
        self.setToolTip(tip or words)
        self.setAccessibleName(f"{role}: {words}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        mark = self._layer.mark if self._layer is not None else "underline"
        size = sample_size(self.text()[:_WORDS], fonts.serif(self._px), mark)
        return QSize(int(size.width() + 2), int(size.height() + 1.5))

    def minimumSizeHint(self) -> QSize:
        """It may be elided."""
        return QSize(min(40, self.sizeHint().width()), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The menu key opens the menu."""
        if event.key() == Qt.Key.Key_Menu:
            self._menu(self.rect().center())
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The words in the form of their layer."""
        if self._layer is None:
            return
        style = theme.layer_style(self._layer)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        font = fonts.serif(self._px)
        words = self.text()[:_WORDS]
        if self._filled or self.underMouse():
            air = sample_size("", font, style.mark).width()
            metrics = QFontMetricsF(font)
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, box.width() - air)
            size = sample_size(shown, font, style.mark)
            inside = QRectF(0, 0, size.width(), size.height() - 2.5)
            inside.moveCenter(box.center())
            if self.isRightToLeft():
                inside.moveRight(box.right())
            else:
                inside.moveLeft(box.left())
            path = QPainterPath()
            path.addRoundedRect(inside.adjusted(0.6, 0, -0.6, 0), 4.5, 4.5)
            painter.fillPath(path, style.tint)
        painter.setLayoutDirection(self.layoutDirection())
        paint_sample(painter, box, words, font, style)

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Go to it")).triggered.connect(self.click)
        if self._remove is not None:
            menu.addAction(self.tr("Take it out")).triggered.connect(self._remove)
        menu.popup(self.mapToGlobal(at))


class TextButton(PressButton):
    """Quiet words that can be pressed, with an icon before them if named."""

    def __init__(self, text: str = "", icon: str = "", *, px: float = 12.0, token: str = "text2") -> None:
        super().__init__()
        self._icon, self._px, self._token = icon, px, token
        self.show_text(text)

    def show_text(self, text: str, tip: str = "") -> None:
        """What it says."""
        if text != self.text() or tip != self.toolTip():
            self.setText(text)
            self.setToolTip(tip)
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        words = QFontMetricsF(fonts.ui(self._px)).horizontalAdvance(self.text())
        return QSize(round(words + (19 if self._icon else 0) + 1), _LINE + 3)

    def minimumSizeHint(self) -> QSize:
        """It may be elided."""
        return QSize(min(40, self.sizeHint().width()), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Icon and words."""
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.hover)
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        color = colors.color(self._token if self.isEnabled() else "text3")
        box = QRectF(self.rect())
        if self._icon:
            rtl = self.isRightToLeft()
            spot = QRectF(box.right() - 14 if rtl else box.left(), box.center().y() - 7, 14, 14)
            icons.paint(painter, self._icon, spot, color, mirrored=rtl)
            box = box.adjusted(0, 0, -18, 0) if rtl else box.adjusted(18, 0, 0, 0)
        font = fonts.ui(self._px)
        painter.setFont(font)
        painter.setPen(color)
        words = QFontMetricsF(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, box.width() + 0.5)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading), words)
