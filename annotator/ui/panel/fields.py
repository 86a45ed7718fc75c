"""A field in the card: its name beside its editor, and in a line of text where it is one of several small ones."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QCloseEvent, QFontMetricsF, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from annotator.domain.codebook import Field
from annotator.domain.model import FieldValue
from annotator.ui import fonts, theme
from annotator.ui.codebook.help import says_anything, tool_tip
from annotator.ui.panel import words
from annotator.ui.panel.bits import LABEL_GAP, LABEL_WIDTH
from annotator.ui.panel.chips import PressButton
from annotator.ui.panel.editors import Editor, LineEditor, editor_for
from annotator.ui.panel.parts import give_back
from annotator.ui.panel.target import Target, editable
from annotator.ui.widgets import ElidedLabel

_PX = 12.0
_GAP = 4.0


class FieldRow(QWidget):
    """Name and editor side by side; an editor that needs more room takes it from the name's column."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self._target: Target | None = None
        self.editor: Editor = editor_for(field)
        self.editor.edited.connect(self._edited)
        self.label = ElidedLabel(words.label(field.name) + (" *" if field.required else ""), role="text2")
        self.label.setFixedHeight(24)
        # The label's own tool tip is its whole text, where that is cut.
        self.setToolTip(tool_tip(field) if says_anything(field) else "")
        self.editor.setAccessibleDescription(field.description)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(LABEL_GAP)
        row.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.editor, 1)
        self.label.setFixedWidth(LABEL_WIDTH)

    def bind(self, target: Target) -> None:
        """Show and edit this field of that annotation or link."""
        if self._target is not None and self._target.id != target.id:
            self.editor.flush()
            if isinstance(self.editor, LineEditor):
                self.editor.drop()
        self._target = target
        self.editor.allow(editable(target.workspace))
        self.editor.show_value(target.values.get(self.field.name))

    def flush(self) -> None:
        """Store what is half-typed."""
        self.editor.flush()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the editor what it needs, if the name can spare it."""
        super().resizeEvent(event)
        room = self.width() - LABEL_GAP
        label = LABEL_WIDTH
        if self.editor.wanted() > room - label:
            short = int(QFontMetricsF(self.label.font()).horizontalAdvance(self.label.text())) + 2
            if self.editor.wanted() <= room - short:
                label = short
        self.label.setFixedWidth(label)
        self.editor.fit(room - label)

    def _edited(self, value: FieldValue | None) -> None:
        target = self._target
        if target is not None:
            target.set(self.field.name, value)
            self.editor.show_value(target.values.get(self.field.name))


class InlineField(PressButton):
    """Name and value in a line of text. Enter opens what it can be; a letter takes the choice that begins with it."""

    def __init__(self) -> None:
        super().__init__()
        self.field = Field("")
        self._target: Target | None = None
        self._value = ""
        self.setProperty("focusRadius", 3.0)
        self.clicked.connect(self.open)

    def bind(self, target: Target, field: Field) -> None:
        """Show and edit this field of that annotation or link."""
        self._target, self.field = target, field
        self._value = words.value(field, target.values.get(field.name))
        name = words.label(field.name)
        self.setText(name)
        self.setAccessibleName(f"{name}: {self._value or self.tr('not set')}")
        self.setToolTip(tool_tip(field) if says_anything(field) else f"{name}: {self._value or self.tr('not set')}")
        self.setEnabled(editable(target.workspace))
        self.updateGeometry()
        self.update()

    def value_text(self) -> str:
        """The value as it is shown; "" where none is set."""
        return self._value

    def sizeHint(self) -> QSize:
        """Room for name and value."""
        return QSize(int(sum(self._widths()) + _GAP + 2), 19)

    def minimumSizeHint(self) -> QSize:
        """A long value may be cut."""
        return QSize(min(60, self.sizeHint().width()), 19)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The name quiet, the value in ink."""
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() and self.isEnabled():
            path = QPainterPath()
            path.addRoundedRect(QRectF(self.rect()).adjusted(-1, 1, 1, -1), 3, 3)
            painter.fillPath(path, colors.hover)
        font = fonts.ui(_PX)
        painter.setFont(font)
        name, _ = self._widths()
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading | Qt.TextFlag.TextSingleLine)
        box = QRectF(self.rect())
        rtl = self.isRightToLeft()
        painter.setPen(colors.text2 if self._value else colors.text3)
        painter.drawText(box, flags, self.text())
        rest = box.adjusted(0, 0, -name - _GAP, 0) if rtl else box.adjusted(name + _GAP, 0, 0, 0)
        shown = QFontMetricsF(font).elidedText(self._value or "–", Qt.TextElideMode.ElideRight, rest.width() + 1)
        painter.setPen(colors.ink if self._value else colors.text3)
        painter.drawText(rest, flags, shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down opens, Del clears, a letter chooses."""
        if event.key() == Qt.Key.Key_Down:
            self.open()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._store(None)
        elif not self._take_letter(event):
            super().keyPressEvent(event)

    def open(self) -> None:
        """Offer the values, or a line to type one."""
        if self._target is None or not self.isEnabled():
            return
        at = self.mapToGlobal(QPoint(0, self.height() + 2))
        if self.field.type in ("choice", "boolean"):
            self._menu().popup(at)
        else:
            FieldPopup(self, self._target, self.field).open_at(at)

    def _widths(self) -> tuple[float, float]:
        metrics = QFontMetricsF(fonts.ui(_PX))
        return metrics.horizontalAdvance(self.text()), metrics.horizontalAdvance(self._value or "–")

    def _options(self) -> list[tuple[str, FieldValue]]:
        if self.field.type == "boolean":
            return [(words.choice("yes"), True), (words.choice("no"), False)]
        return [(words.choice(choice), choice) for choice in self.field.choices]

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        target = self._target
        stored = target.values.get(self.field.name) if target is not None else None
        for label, value in [*self._options(), (self.tr("Not set"), None)]:
            action = menu.addAction(label)
            action.setCheckable(True)
            action.setChecked(value == stored)
            action.triggered.connect(lambda _checked=False, value=value: self._store(value, target))
            if value == stored:
                menu.setActiveAction(action)
        return menu

    def _take_letter(self, event: QKeyEvent) -> bool:
        typed = event.text().casefold()
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if not typed.strip() or not plain or self.field.type not in ("choice", "boolean") or not self.isEnabled():
            return False
        fitting = [value for label, value in self._options() if label.casefold().startswith(typed)]
        if not fitting or self._target is None:
            return False
        stored = self._target.values.get(self.field.name)
        at = fitting.index(stored) + 1 if stored in fitting else 0
        self._store(fitting[at % len(fitting)])
        return True

    def _store(self, value: FieldValue | None, target: Target | None = None) -> None:
        target = target or self._target
        if target is not None and self.isEnabled():
            target.set(self.field.name, value)


class FieldPopup(QFrame):
    """A small window with the editor of one field."""

    def __init__(self, parent: QWidget, target: Target, field: Field) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(words.label(field.name))
        self._target, self._field = target, field
        self.editor = editor_for(field)
        self.editor.show_value(target.values.get(field.name))
        self.editor.edited.connect(self._edited)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 10)
        column.setSpacing(4)
        column.addWidget(ElidedLabel(words.label(field.name), role="text2"))
        column.addWidget(self.editor)
        self.setFixedWidth(230)

    def open_at(self, place: QPoint) -> None:
        """Show it with the keyboard in its editor."""
        if self.isRightToLeft():
            parent = self.parentWidget()
            place.setX(place.x() + (parent.width() if parent is not None else 0) - self.width())
        self.move(place)
        self.show()
        self.editor.setFocus(Qt.FocusReason.PopupFocusReason)
        if isinstance(self.editor, LineEditor):
            self.editor.line.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter keeps and closes, Esc closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.editor.flush()
            if not (isinstance(self.editor, LineEditor) and self.editor.message.isVisible()):
                self.close()
        elif event.key() == Qt.Key.Key_Escape:
            if isinstance(self.editor, LineEditor):
                self.editor.drop()
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The keyboard goes back to where it was."""
        super().closeEvent(event)
        give_back(self.parentWidget())

    def _edited(self, value: FieldValue | None) -> None:
        self._target.set(self._field.name, value)
        self.editor.show_value(self._target.values.get(self._field.name))
