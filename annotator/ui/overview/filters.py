"""What narrows the overview: the articles' status and date, and the coder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from annotator.domain.errors import AnnotatorError
from annotator.domain.model import STATUSES
from annotator.ui import fonts
from annotator.ui.dialogs.base import line
from annotator.ui.dialogs.dates import iso_date
from annotator.ui.overview.figures import status_name, tr
from annotator.ui.widgets import FlowLayout, PlainLabel, Segmented, button

if TYPE_CHECKING:
    from annotator.services.overview import Scope


class Filters(QWidget):
    """One row. `changed` when something else is wanted."""

    changed = Signal()
    wrong = Signal(str)
    """A sentence about a date that is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        labels = {status: status_name(status) for status in STATUSES}
        self.status = Segmented(list(STATUSES), name=tr("Status of the articles"), labels=labels)
        self.status.chosen.connect(lambda _status: self.changed.emit())
        self.coder = QComboBox()
        self.coder.setFont(fonts.ui())
        self.coder.setAccessibleName(tr("Coder"))
        self.coder.setMinimumWidth(130)
        self.coder.activated.connect(lambda _row: self.changed.emit())
        self.since, self.until = (
            self._date(tr("First date of the articles")),
            self._date(tr("Last date of the articles")),
        )
        self.all_button = button(tr("Show all"), role="flat")
        self.all_button.clicked.connect(self.clear)
        self.status.setFixedWidth(258)
        row = FlowLayout(self, spacing=8)
        row.setContentsMargins(20, 12, 20, 10)
        row.addWidget(self.status)
        row.addWidget(self.coder)
        for text, edit in ((tr("from"), self.since), (tr("until"), self.until)):
            row.addWidget(_labelled(text, edit))
        row.addWidget(self.all_button)
        self._dates = ("", "")
        self.set_coders({})

    def _date(self, name: str) -> QLineEdit:
        edit = line("", "2026-01-31")
        edit.setAccessibleName(name)
        edit.setToolTip(name)
        edit.setFixedWidth(104)
        edit.editingFinished.connect(self._date_typed)
        return edit

    def _date_typed(self) -> None:
        try:
            dates = iso_date(self.since.text()), iso_date(self.until.text())
        except AnnotatorError as error:
            self.wrong.emit(str(error))
            return
        self.wrong.emit("")
        if dates != self._dates:
            self._dates = dates
            self.changed.emit()

    def set_coders(self, coders: Mapping[str, str]) -> None:
        """Ids and names of those who may be chosen."""
        chosen = self.coder.currentData()
        self.coder.clear()
        self.coder.addItem(tr("All coders"), "")
        for id_, name in coders.items():
            self.coder.addItem(name, id_)
        self.coder.setCurrentIndex(max(0, self.coder.findData(chosen)))
        self.coder.setVisible(len(coders) > 1)

    def clear(self) -> None:
        """Show everything again."""
        self.status.setValue(None)
        self.coder.setCurrentIndex(0)
        self.since.clear()
        self.until.clear()
        self._dates = ("", "")
        self.wrong.emit("")
        self.changed.emit()

    def scope(self) -> Scope:
        """What is wanted. The last date includes all of its month or year, where it is but that."""
        from annotator.services.overview import Scope

        since, until = self._dates
        return Scope(self.status.value() or "", self.coder.currentData() or "", since, f"{until}-99" if until else "")


def _labelled(text: str, edit: QLineEdit) -> QWidget:
    """A word before a line; they stay together."""
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(PlainLabel(text, role="text3"))
    row.addWidget(edit)
    return both
