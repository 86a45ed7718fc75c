"""A row of segments for a field with few choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from annotator.ui import fonts, theme

HEIGHT = 24


def label_of(choice: str) -> str:
    """A choice as a control shows it: with a capital."""
    return choice[:1].upper() + choice[1:]


class _Segment(QAbstractButton):
    """One choice in the row."""

    def __init__(self, value: str, label: str, parent: Segmented) -> None:
        super().__init__(parent)
        self.value = value
        self.setText(label)
        self.setFont(fonts.ui())
        self.setCheckable(True)
        self.setAccessibleName(label)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setProperty("focusRadius", 6.0)

    def sizeHint(self) -> QSize:
        """Room for the label."""
        metrics = QFontMetricsF(fonts.ui(fonts.CONTROL, fonts.MEDIUM))
        return QSize(int(metrics.horizontalAdvance(self.text()) + 17), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """A label may be cut, with an ellipsis."""
        return QSize(min(self.sizeHint().width(), 34), HEIGHT)

    def nextCheckState(self) -> None:
        """The row decides what a press means."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chosen segment as a raised field, the others as text on the track."""
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        chosen = self.isChecked()
        if chosen:
            path = QPainterPath()
            path.addRoundedRect(rect.adjusted(1.0, 1.0, -1.0, -1.0), 5.5, 5.5)
            painter.fillPath(path, now.field)
            painter.strokePath(path, QPen(now.border, 1.0))
        font = fonts.ui(fonts.CONTROL, fonts.MEDIUM if chosen else fonts.REGULAR)
        painter.setFont(font)
        lit = chosen or self.underMouse()
        painter.setPen(now.ink if lit and self.isEnabled() else now.text2 if self.isEnabled() else now.text3)
        text = QFontMetricsF(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, rect.width() - 8)
        fonts.draw(painter, rect, text, Qt.AlignmentFlag.AlignCenter)
        painter.end()


class Segmented(QWidget):
    """A row of exclusive segments. Arrow keys move, Space or Enter choose, a second press clears.

    `chosen` carries the new value after a press: a choice, or None when cleared. `setValue` does not emit.
    """

    chosen = Signal(object)

    def __init__(
        self,
        choices: Sequence[str],
        parent: QWidget | None = None,
        *,
        name: str = "",
        labels: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(parent)
        self._value: str | None = None
        self._name = name
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._segments: list[_Segment] = []
        for choice in choices:
            label = (labels or {}).get(choice, label_of(choice))
            segment = _Segment(choice, label, self)
            segment.setAccessibleDescription(name)
            segment.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            segment.installEventFilter(self)
            segment.clicked.connect(self._pressed)
            row.addWidget(segment, 1)
            self._segments.append(segment)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(name)
        self._stop()

    def value(self) -> str | None:
        """The choice, or None."""
        return self._value

    def setValue(self, value: str | None) -> None:
        """Show this choice; a value that is none of the choices shows as not set."""
        self._value = value if any(segment.value == value for segment in self._segments) else None
        for segment in self._segments:
            segment.setChecked(segment.value == self._value)
        self._stop()

    def choices(self) -> list[str]:
        """The choices in order."""
        return [segment.value for segment in self._segments]

    def _stop(self) -> None:
        """Tab stops once in the row: at the choice, else at the first segment."""
        at = next((s for s in self._segments if s.isChecked()), self._segments[0] if self._segments else None)
        for segment in self._segments:
            segment.setFocusPolicy(Qt.FocusPolicy.StrongFocus if segment is at else Qt.FocusPolicy.ClickFocus)
        if at is not None:
            self.setFocusProxy(at)

    def _pressed(self) -> None:
        segment = self.sender()
        if isinstance(segment, _Segment):
            self._choose(segment)

    def _choose(self, segment: _Segment) -> None:
        self.setValue(None if segment.value == self._value else segment.value)
        self.chosen.emit(self._value)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Arrows, Home and End move; Enter chooses as Space does."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or watched not in self._segments:
            return False
        assert isinstance(watched, _Segment)
        key, keys = event.key(), Qt.Key
        forward = keys.Key_Left if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else keys.Key_Right
        backward = keys.Key_Right if forward == keys.Key_Left else keys.Key_Left
        at, last = self._segments.index(watched), len(self._segments) - 1
        if key in (keys.Key_Return, keys.Key_Enter):
            self._choose(watched)
            return True
        places: dict[int, int] = {forward: at + 1, backward: at - 1, keys.Key_Home: 0, keys.Key_End: last}
        if key not in places:
            return False
        self._segments[min(max(places[key], 0), last)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The focus belongs to a segment."""
        self._stop()
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the track."""
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), 6.0, 6.0)
        painter.fillPath(path, now.hover)
        painter.end()
