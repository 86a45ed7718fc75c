"""Fields of choices: segments or a combo box for one, chips for several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from annotator.ui import fonts
from annotator.ui.widgets.chip import Chip
from annotator.ui.widgets.flow import FlowLayout
from annotator.ui.widgets.segmented import Segmented, label_of

MOST_SEGMENTS = 4


class _Combo(QComboBox):
    """A combo box that a wheel passing over it does not change."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only the box that has the focus takes the wheel."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ChoiceField(QWidget):
    """One of several choices or none: segments up to four choices, else a combo box. `chosen` as in Segmented."""

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
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self._segments: Segmented | None = None
        self._combo: QComboBox | None = None
        if len(choices) <= MOST_SEGMENTS:
            self._segments = Segmented(choices, self, name=name, labels=labels)
            self._segments.chosen.connect(self.chosen)
            inner: QWidget = self._segments
        else:
            self._combo = self._make_combo(choices, name, labels or {})
            inner = self._combo
        box.addWidget(inner)
        self.setFocusProxy(inner)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def _make_combo(self, choices: Sequence[str], name: str, labels: Mapping[str, str]) -> QComboBox:
        combo = _Combo(self)
        combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        combo.setFont(fonts.ui())
        combo.addItem(QCoreApplication.translate("ChoiceField", "Not set"), None)
        for choice in choices:
            label = labels.get(choice, label_of(choice))
            combo.addItem(label, choice)
        combo.setAccessibleName(name)
        combo.setMinimumContentsLength(6)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.activated.connect(self._activated)
        return combo

    def _activated(self, index: int) -> None:
        if self._combo is not None:
            self.chosen.emit(self._combo.itemData(index))

    def value(self) -> str | None:
        """The choice, or None."""
        if self._segments is not None:
            return self._segments.value()
        data = self._combo.currentData() if self._combo is not None else None
        return data if isinstance(data, str) else None

    def setValue(self, value: str | None) -> None:
        """Show this choice, without a signal."""
        if self._segments is not None:
            self._segments.setValue(value)
        elif self._combo is not None:
            self._combo.setCurrentIndex(max(0, self._combo.findData(value)) if value is not None else 0)


class MultiChoice(QWidget):
    """Any of several choices, as chips that wrap. `chosen` carries the list of all that are on."""

    chosen = Signal(list)

    def __init__(
        self,
        choices: Sequence[str],
        parent: QWidget | None = None,
        *,
        name: str = "",
        labels: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(parent)
        flow = FlowLayout(self, spacing=4)
        self._chips: dict[str, Chip] = {}
        for choice in choices:
            chip = Chip((labels or {}).get(choice, label_of(choice)), self)
            chip.setAccessibleDescription(name)
            chip.clicked.connect(self._pressed)
            flow.addWidget(chip)
            self._chips[choice] = chip
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if self._chips:
            self.setFocusProxy(next(iter(self._chips.values())))
        self.setAccessibleName(name)

    def _pressed(self) -> None:
        self.chosen.emit(self.values())

    def values(self) -> list[str]:
        """The choices that are on, in the order of the field."""
        return [choice for choice, chip in self._chips.items() if chip.isChecked()]

    def setValues(self, values: Iterable[str]) -> None:
        """Show these choices, without a signal."""
        on = set(values)
        for choice, chip in self._chips.items():
            chip.setChecked(choice in on)
