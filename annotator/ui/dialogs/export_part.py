"""Which part of a project goes out: the form in the export dialog."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from annotator.domain.errors import InvalidValue
from annotator.domain.extract import Extract
from annotator.domain.model import STATUSES
from annotator.ui import fonts
from annotator.ui.dialogs.base import line, row
from annotator.ui.dialogs.dates import iso_date
from annotator.ui.widgets import MultiChoice, PlainLabel, Segmented

if TYPE_CHECKING:
    from annotator.domain.codebook import Codebook
    from annotator.domain.model import Coder

ALL, OPEN, SELECTED = "all", "open", "selected"


class PartForm(QWidget):
    """Everything or a part of it, and with names and texts or without. `changed` after each touch."""

    changed = Signal()

    def __init__(
        self,
        codebook: Codebook,
        coders: Iterable[Coder],
        open_id: str = "",
        selected: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._open_id, self._selected = open_id, tuple(selected)
        self._can_leave_texts = True
        self.whole = Segmented(
            ("all", "part"),
            name=self.tr("What goes out"),
            labels={"all": self.tr("Everything"), "part": self.tr("A part of it")},
        )
        self.whole.setValue("all")
        self.whole.setMaximumWidth(260)
        self.whole.chosen.connect(self._whole_chosen)
        self.form_box = QWidget()
        self._fill(codebook, coders)
        self.form_box.hide()
        self.anonymous = QCheckBox(self.tr("Coders without their names"))
        self.without_texts = QCheckBox(self.tr("Without the texts: offsets and hashes only"))
        for check in (self.anonymous, self.without_texts):
            check.setFont(fonts.ui())
            check.toggled.connect(self.changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(PlainLabel(self.tr("What goes out"), font=fonts.ui(fonts.HEAD, fonts.SEMIBOLD)))
        column.addWidget(self.whole)
        column.addWidget(self.form_box)
        column.addWidget(self.anonymous)
        column.addWidget(self.without_texts)

    def _fill(self, codebook: Codebook, coders: Iterable[Coder]) -> None:
        form = QFormLayout(self.form_box)
        form.setContentsMargins(0, 2, 0, 4)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        labels = {ALL: self.tr("All"), OPEN: self.tr("The open one")}
        if len(self._selected) > 1:
            labels[SELECTED] = self.tr("{n} selected").replace("{n}", str(len(self._selected)))
        choices = [choice for choice in labels if choice != OPEN or self._open_id]
        self.articles = Segmented(choices, name=self.tr("Articles"), labels=labels)
        self.articles.setValue(ALL)
        self.articles.chosen.connect(self._articles_chosen)
        row(form, self.tr("Articles"), self.articles)
        statuses = {"new": self.tr("New"), "in progress": self.tr("In progress"), "done": self.tr("Done")}
        self.status = self._chips(form, self.tr("Status"), STATUSES, statuses)
        self.since, self.until = self._dates(form, self.tr("Date"))
        self.where = self._line(form, self.tr("Metadata"), self.tr("outlet=Reuters; genre=news"))
        self.query = self._line(form, self.tr("Search"), self.tr("What the article says"))
        names = [layer.name for layer in codebook.layers]
        self.layers = self._chips(form, self.tr("Layers"), names, {name: name for name in names})
        people = [coder.name for coder in coders]
        self.coders = self._chips(form, self.tr("Coders"), people, {name: name for name in people})
        self.tagged_since, self.tagged_until = self._dates(form, self.tr("Tagged"))

    def _line(self, form: QFormLayout, label: str, placeholder: str) -> QLineEdit:
        edit = line("", placeholder, self.changed.emit)
        row(form, label, edit)
        return edit

    def _chips(self, form: QFormLayout, label: str, choices: Sequence[str], labels: Mapping[str, str]) -> MultiChoice:
        chips = MultiChoice(choices, name=label, labels=labels)
        chips.chosen.connect(lambda _values: self.changed.emit())
        row(form, label, chips)
        return chips

    def _dates(self, form: QFormLayout, label: str) -> tuple[QLineEdit, QLineEdit]:
        box = QWidget()
        side = QHBoxLayout(box)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(8)
        edits = []
        for name, placeholder in ((self.tr("From"), "2026-01"), (self.tr("To"), "2026-12-31")):
            edit = line("", placeholder, self.changed.emit)
            edit.setAccessibleName(f"{label}, {name.lower()}")
            edit.setMaximumWidth(110)
            side.addWidget(PlainLabel(name, role="text2"))
            side.addWidget(edit)
            edits.append(edit)
        side.addStretch(1)
        box.setFocusProxy(edits[0])
        row(form, label, box)
        return edits[0], edits[1]

    # What is chosen

    def extract(self) -> Extract:
        """What goes out. Raises InvalidValue for what cannot be read as a date or as metadata."""
        without_texts = self.without_texts.isChecked() and self._can_leave_texts
        if not self.is_part():
            return Extract(anonymous=self.anonymous.isChecked(), without_texts=without_texts)
        chosen = {OPEN: (self._open_id,), SELECTED: self._selected}.get(self.articles.value() or ALL)
        return Extract(
            tuple(self.status.values()),
            self._criteria(),
            iso_date(self.since.text()),
            iso_date(self.until.text()),
            self.query.text().strip(),
            chosen,
            tuple(self.layers.values()),
            tuple(self.coders.values()),
            iso_date(self.tagged_since.text()),
            iso_date(self.tagged_until.text()),
            self.anonymous.isChecked(),
            without_texts,
        )

    def is_part(self) -> bool:
        """Whether less than everything is wished for."""
        return self.whole.value() == "part"

    def _criteria(self) -> tuple[tuple[str, str], ...]:
        found = []
        for part in self.where.text().split(";"):
            key, equals, value = part.partition("=")
            if part.strip():
                if not equals or not key.strip():
                    raise InvalidValue(self.tr("Write metadata as outlet=Reuters; genre=news."))
                found.append((key.strip(), value.strip()))
        return tuple(found)

    def can_leave_texts(self, can: bool) -> None:
        """Whether the format can do without the texts."""
        self._can_leave_texts = can
        self.without_texts.setEnabled(can)
        told = "" if can else self.tr("This format is nothing without the texts.")
        self.without_texts.setToolTip(told)
        self.without_texts.setAccessibleDescription(told)
        self.changed.emit()

    def _whole_chosen(self, value: str | None) -> None:
        if value is None:  # a second press clears; one of the two holds all the same
            self.whole.setValue("part" if self.form_box.isVisibleTo(self) else "all")
        self.form_box.setVisible(self.is_part())
        self.changed.emit()

    def _articles_chosen(self, value: str | None) -> None:
        if value is None:
            self.articles.setValue(ALL)
        self.changed.emit()

    # What is remembered

    def state(self) -> dict[str, Any]:
        """The choice, for next time. Single articles are not part of it."""
        return {
            "part": self.is_part(),
            "status": self.status.values(),
            "layers": self.layers.values(),
            "coders": self.coders.values(),
            **{name: edit.text() for name, edit in self._lines().items() if edit.text().strip()},
            "anonymous": self.anonymous.isChecked(),
            "without_texts": self.without_texts.isChecked(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show a choice of before, as far as it still makes sense."""
        for name, chips in (("status", self.status), ("layers", self.layers), ("coders", self.coders)):
            values = state.get(name)
            chips.setValues(values if isinstance(values, list) else ())
        for name, edit in self._lines().items():
            edit.setText(str(state.get(name, "")))
        self.anonymous.setChecked(state.get("anonymous") is True)
        self.without_texts.setChecked(state.get("without_texts") is True)
        self.whole.setValue("part" if state.get("part") is True else "all")
        self.form_box.setVisible(self.is_part())
        self.changed.emit()

    def _lines(self) -> dict[str, QLineEdit]:
        return {
            "since": self.since,
            "until": self.until,
            "where": self.where,
            "query": self.query,
            "tagged_since": self.tagged_since,
            "tagged_until": self.tagged_until,
        }
