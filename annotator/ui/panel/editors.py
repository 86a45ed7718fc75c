"""Editors of single values, one for each type of field. Each says `edited` with the new value, or None for none."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from annotator.domain.codebook import Field
from annotator.domain.errors import InvalidValue
from annotator.domain.invariants import check_value
from annotator.domain.model import FieldValue
from annotator.domain.names import WIKIDATA, wikidata_id
from annotator.ui import fonts
from annotator.ui.panel import words
from annotator.ui.widgets import MultiChoice, PlainLabel, Segmented

MOST_SEGMENTS = 4
_SEGMENT_AIR = 9  # beside a segment's label where room is short


class Editor(QWidget):
    """Shows a stored value and lets it be changed. `wide` says how much room it would like."""

    edited = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(3)

    def show_value(self, value: FieldValue | None) -> None:
        """Show what is stored, unless something half-typed stands here."""
        raise NotImplementedError

    def allow(self, editable: bool) -> None:
        """Whether the value may be changed."""
        self.setEnabled(editable)

    def flush(self) -> None:
        """Say `edited` now if something is half-typed."""

    def wanted(self) -> int:
        """The width at which nothing needs to be cut."""
        return 0

    def fit(self, width: int) -> None:
        """Take the form that suits this width."""


class ComboBox(QComboBox):
    """Enter opens it; the wheel scrolls the panel and never changes a value by accident."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.showPopup()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave it to the panel."""
        event.ignore()


class ChoiceEditor(Editor):
    """One of several choices: segments where there are few and they fit, else a combo box."""

    def __init__(self, name: str, choices: Sequence[str], labels: dict[str, str] | None = None) -> None:
        super().__init__(name)
        self._name = name
        self._choices = tuple(choices)
        self._labels = labels or {choice: words.label(choice) for choice in choices}
        self._value: str | None = None
        self._segments: Segmented | None = None
        self._combo: ComboBox | None = None
        if 0 < len(choices) <= MOST_SEGMENTS:
            self._segments = Segmented(self._choices, self, name=name, labels=self._labels)
            self._segments.chosen.connect(self._chosen)
            self.box.addWidget(self._segments)
            self.setFocusProxy(self._segments)
        else:
            self._use_combo()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_value(self, value: FieldValue | None) -> None:
        """Show a choice, or none."""
        self._value = value if isinstance(value, str) else None
        if self._segments is not None:
            self._segments.setValue(self._value)
        if self._combo is not None:
            self._combo.setCurrentIndex(max(0, self._combo.findData(self._value)) if self._value is not None else 0)

    def value(self) -> str | None:
        """The choice that is shown."""
        return self._value

    def wanted(self) -> int:
        """Room for the labels of all segments."""
        return sum(self._label_widths()) if self._segments is not None else 0

    def fit(self, width: int) -> None:
        """Segments of one width, else of the widths that their labels need, else a combo box."""
        if self._segments is None:
            return
        needs = self._label_widths()
        even = width >= len(needs) * max(needs)
        row = self._segments.layout()
        if isinstance(row, QHBoxLayout):
            for place, need in enumerate(needs):
                row.setStretch(place, 1 if even else need)
        narrow = width < sum(needs)
        if narrow == self._segments.isHidden():
            return
        focus = QApplication.focusWidget()
        focused = focus is not None and self.isAncestorOf(focus)
        if narrow and self._combo is None:
            self._use_combo()
            self.show_value(self._value)
        assert self._combo is not None
        self._segments.setVisible(not narrow)
        self._combo.setVisible(narrow)
        self.setFocusProxy(self._combo if narrow else self._segments)
        if focused:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _label_widths(self) -> list[int]:
        metrics = QFontMetricsF(fonts.ui(fonts.CONTROL, fonts.MEDIUM))
        return [int(metrics.horizontalAdvance(label) + _SEGMENT_AIR) for label in self._labels.values()]

    def _use_combo(self) -> None:
        combo = ComboBox(self)
        combo.setFont(fonts.ui())
        combo.addItem(self.tr("Not set"), None)
        for choice in self._choices:
            combo.addItem(self._labels.get(choice, choice), choice)
        combo.setAccessibleName(self._name)
        combo.setMinimumContentsLength(4)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.activated.connect(lambda index: self._chosen(combo.itemData(index)))
        self.box.addWidget(combo)
        self._combo = combo
        if self._segments is None:
            self.setFocusProxy(combo)

    def _chosen(self, value: object) -> None:
        self._value = value if isinstance(value, str) else None
        self.edited.emit(self._value)


class BooleanEditor(ChoiceEditor):
    """Yes, no, or not said."""

    def __init__(self, name: str) -> None:
        super().__init__(name, ("yes", "no"))

    def show_value(self, value: FieldValue | None) -> None:
        """Show yes, no or neither."""
        super().show_value(None if not isinstance(value, bool) else "yes" if value else "no")

    def _chosen(self, value: object) -> None:
        self._value = value if isinstance(value, str) else None
        self.edited.emit(None if value is None else value == "yes")


class MultiEditor(Editor):
    """Any of several choices."""

    def __init__(self, name: str, choices: Sequence[str]) -> None:
        super().__init__(name)
        self._chips = MultiChoice(choices, self, name=name, labels={c: words.label(c) for c in choices})
        self._chips.chosen.connect(lambda chosen: self.edited.emit(chosen or None))
        self.box.addWidget(self._chips)
        self.setFocusProxy(self._chips)

    def show_value(self, value: FieldValue | None) -> None:
        """Show the choices that are stored."""
        self._chips.setValues(value if isinstance(value, list) else [])


class LineEditor(Editor):
    """Text, a number or a date. What is not allowed is kept as typed, with one sentence that says why."""

    def __init__(self, name: str, field: Field) -> None:
        super().__init__(name)
        self._field = field
        self._stored: FieldValue | None = None
        self.line = QLineEdit(self)
        self.line.setFont(fonts.ui())
        self.line.setAccessibleName(name)
        if field.type == "date":
            self.line.setPlaceholderText(words.isolated("2026-01-06"))
        self.line.editingFinished.connect(self.flush)
        self.line.textEdited.connect(lambda: self._complain(""))
        self.message = PlainLabel(role="conflict", font=fonts.ui(fonts.META), wrap=True)
        self.message.hide()
        self.box.addWidget(self.line)
        self.box.addWidget(self.message)
        self.setFocusProxy(self.line)

    def show_value(self, value: FieldValue | None) -> None:
        """Show what is stored, unless something half-typed stands here."""
        stored = self._stored
        self._stored = value
        if self.line.isModified() and stored == value:
            return
        text = words.value(self._field, value)
        if self.line.text() != text:
            self.line.setText(text)
            if not self.line.hasFocus():
                self.line.setCursorPosition(0)  # a long text is read from its beginning
        self.line.setModified(False)
        self._complain("")

    def allow(self, editable: bool) -> None:
        """A text that may not be changed can still be read and copied."""
        self.line.setReadOnly(not editable)

    def flush(self) -> None:
        """Store what is typed, if it is allowed."""
        if not self.line.isModified():
            return
        try:
            value = parsed(self._field, self.line.text())
        except InvalidValue as error:
            self._complain(str(error))
            return
        self.line.setModified(False)
        self._complain("")
        if value != self._stored or type(value) is not type(self._stored):
            self.edited.emit(value)
        else:
            self.show_value(self._stored)

    def drop(self) -> None:
        """Forget what is half-typed."""
        self.line.setModified(False)
        self.show_value(self._stored)

    def _complain(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self.line.setAccessibleDescription(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A message wraps at the new width."""
        super().resizeEvent(event)
        self.message.updateGeometry()


def parsed(field: Field, text: str) -> FieldValue | None:
    """What a person typed as a value of the field; None for nothing. Raises InvalidValue."""
    plain = text.strip()
    if not plain:
        return None
    if field.type == "number":
        return check_value(field, _number(plain))
    if field.name == WIKIDATA:
        plain = wikidata_id(plain)
    return check_value(field, plain)


def _number(text: str) -> object:
    """An int or a float, also with a decimal comma; the text itself where it is neither."""
    plain = text.replace("\u00a0", "").replace("\u202f", "").replace("\u066b", ".")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    for kind in (int, float):
        try:
            return kind(plain)
        except ValueError:
            continue
    return text


def editor_for(field: Field) -> Editor:
    """The editor that suits a field."""
    name = words.label(field.name)
    if field.type == "choice":
        return ChoiceEditor(name, field.choices)
    if field.type == "boolean":
        return BooleanEditor(name)
    if field.type == "multi-choice":
        return MultiEditor(name, field.choices)
    return LineEditor(name, field)
