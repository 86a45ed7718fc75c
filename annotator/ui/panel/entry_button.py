"""What an annotation refers to, as a button that opens the picker: a field of its own, or a few words in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from annotator.domain.model import Annotation
from annotator.ui import fonts, icons, theme
from annotator.ui.panel import words
from annotator.ui.panel.bits import LABEL_GAP, LABEL_WIDTH
from annotator.ui.panel.chips import PressButton
from annotator.ui.panel.target import editable
from annotator.ui.widgets import ElidedLabel

if TYPE_CHECKING:
    from annotator.domain.codebook import Layer
    from annotator.ui.workspace import Workspace

_LINE = 18
_SIDE = 8
_ICON = 20
_PX = 12.0
_BADGE = 6.0


class EntryControl(PressButton):
    """Shows the entries of an annotation and, for a fresh guess, how it came about. Asks for the picker."""

    pick_asked = Signal(str, bool)
    """The annotation's id, and whether its entry is to be renamed."""

    def __init__(self) -> None:
        super().__init__()
        self.annotation_id = ""
        self.names = ""
        self.badge = ""
        self.label = ""
        self._home: Layer | None = None  # the layer that lends its colour to the registry
        self.clicked.connect(lambda: self.pick_asked.emit(self.annotation_id, False))

    def bind(self, workspace: Workspace, annotation: Annotation, badge: str) -> None:
        """Show what this annotation refers to; `badge` marks a fresh guess."""
        project = workspace.project
        assert project is not None
        layer = workspace.layer(annotation)
        self._home = next((other for other in project.codebook.layers if other.registry == layer.registry), layer)
        known = project.entries.get_many(annotation.entries)
        entries = [known[id_] for id_ in annotation.entries if id_ in known]
        self.annotation_id = annotation.id
        self.names = ", ".join(entry.name for entry in entries)
        self.badge = badge
        self.label = words.entry_label(layer)
        shown = self.names or self.tr("not set")
        self.setText(shown)
        self.setAccessibleName(f"{self.label}: {shown}" + (f", {badge}" if badge else ""))
        tip = [self.names or self.tr("Not set")]
        tip += [self.tr("Also: {aliases}").format(aliases=", ".join(e.aliases)) for e in entries if e.aliases]
        self.setToolTip("\n".join(tip))
        self.setEnabled(editable(workspace))
        self.updateGeometry()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 renames; Down opens."""
        if event.key() == Qt.Key.Key_F2:
            self.pick_asked.emit(self.annotation_id, True)
        elif event.key() == Qt.Key.Key_Down:
            self.click()
        else:
            super().keyPressEvent(event)


class EntryButton(EntryControl):
    """A field with a link sign and the names on at most two lines."""

    def __init__(self) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setProperty("focusRadius", 6.0)

    def hasHeightForWidth(self) -> bool:
        """One line or two."""
        return True

    def heightForWidth(self, width: int) -> int:
        """One line or two."""
        return 28 if len(self._lines(width)) < 2 else 2 * _LINE + 4

    def sizeHint(self) -> QSize:
        """One line; its height follows from its width."""
        return QSize(160, 28)

    def minimumSizeHint(self) -> QSize:
        """It may be narrow."""
        return QSize(80, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Frame, sign, names, badge."""
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.fillPath(path, colors.field if self.isEnabled() else colors.paper)
        painter.strokePath(path, QPen(colors.text3 if self.underMouse() and self.isEnabled() else colors.border, 1))
        rtl = self.isRightToLeft()
        middle = self.height() / 2
        icon_x = self.width() - _SIDE - 14 if rtl else _SIDE
        icons.paint(painter, "link", QRectF(icon_x, middle - 7, 14, 14), colors.ink, mirrored=rtl)
        right, left = (_SIDE + _ICON, self._badge_room()) if rtl else (self._badge_room(), _SIDE + _ICON)
        box = QRectF(left, 0, self.width() - left - right, self.height())
        font = fonts.ui()
        painter.setFont(font)
        painter.setPen(colors.ink if self.names else colors.text3)
        lines = self._lines(self.width())
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        align = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        flags = int(align | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        top = middle - len(lines) * (_LINE - 1) / 2
        for number, line in enumerate(lines):
            painter.drawText(QRectF(box.left(), top + number * (_LINE - 1), box.width() + 2, _LINE - 1), flags, line)
        if self.badge:
            painter.setFont(fonts.ui(fonts.META))
            painter.setPen(colors.text2)
            edge = Qt.AlignmentFlag.AlignLeft if rtl else Qt.AlignmentFlag.AlignRight
            spot = QRectF(self.rect()).adjusted(_SIDE + 1, 0, -_SIDE - 1, 0)
            painter.drawText(
                spot, int(edge | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter), self.badge
            )

    def _badge_room(self) -> int:
        return int(fonts.text_width(fonts.ui(fonts.META), self.badge)) + _SIDE + 8 if self.badge else _SIDE

    def _lines(self, width: int) -> list[str]:
        room = max(30.0, width - _SIDE - _ICON - self._badge_room())
        font = fonts.ui()
        text = self.names or self.tr("Not set")
        layout = QTextLayout(text[:300], font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(room)
        layout.endLayout()
        first = text[: line.textLength()]
        rest = text[line.textLength() :]
        if not rest.strip():
            return [text]
        return [first.rstrip(), QFontMetricsF(font).elidedText(rest, Qt.TextElideMode.ElideRight, room)]


class InlineEntry(EntryControl):
    """Registry and names in a line of text, the names in the form of the layer that the registry is known by."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setProperty("focusRadius", 3.0)

    def sizeHint(self) -> QSize:
        """Room for all of it."""
        return QSize(int(sum(self._widths()) + 6), 21)

    def minimumSizeHint(self) -> QSize:
        """The names may be cut."""
        return QSize(min(80, self.sizeHint().width()), 21)

    def _widths(self) -> tuple[float, float, float]:
        metrics = QFontMetricsF(fonts.ui(_PX))
        badge = fonts.text_width(fonts.ui(fonts.SMALL), self.badge) + _BADGE if self.badge else 0.0
        return metrics.horizontalAdvance(self.label) + 4, metrics.horizontalAdvance(self.names or "–"), badge

    def paintEvent(self, event: QPaintEvent) -> None:
        """The registry quiet, the names underlined, the badge at their end."""
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() and self.isEnabled():
            path = QPainterPath()
            path.addRoundedRect(QRectF(self.rect()).adjusted(-1, 0, 1, 0), 3, 3)
            painter.fillPath(path, colors.hover)
        rtl = self.isRightToLeft()
        head, wanted, badge = self._widths()
        font = fonts.ui(_PX)
        metrics = QFontMetricsF(font)
        baseline = (self.height() + metrics.ascent() - metrics.descent()) / 2 - 1
        painter.setFont(font)
        painter.setPen(colors.text2)
        painter.drawText(QPointF(self._x(0, head - 4, rtl), baseline), self.label)
        room = min(wanted, self.width() - head - badge)
        shown = metrics.elidedText(self.names or "–", Qt.TextElideMode.ElideRight, room + 1)
        width = metrics.horizontalAdvance(shown)
        x = self._x(head, width, rtl)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        painter.setPen(colors.ink if self.names else colors.text3)
        painter.drawText(QPointF(x, baseline), shown)
        if self.names:
            painter.setPen(QPen(theme.layer_style(self._home, colors).stroke if self._home else colors.border, 1.4))
            painter.drawLine(QPointF(x, baseline + 3.6), QPointF(x + width, baseline + 3.6))
        if self.badge:
            painter.setFont(fonts.ui(fonts.SMALL))
            painter.setPen(colors.text2)
            painter.drawText(QPointF(self._x(head + width + _BADGE, badge - _BADGE, rtl), baseline), self.badge)

    def _x(self, start: float, width: float, rtl: bool) -> float:
        return self.width() - start - width if rtl else start


class EntryRow(QWidget):
    """The registry's name beside its button."""

    def __init__(self) -> None:
        super().__init__()
        self.button = EntryButton()
        self.label = ElidedLabel(role="text2")
        self.label.setFixedSize(LABEL_WIDTH, 28)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(LABEL_GAP)
        row.addWidget(self.label, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.button, 1)

    def bind(self, workspace: Workspace, annotation: Annotation, badge: str) -> None:
        """Show what this annotation refers to."""
        self.button.bind(workspace, annotation, badge)
        self.label.setText(self.button.label)
