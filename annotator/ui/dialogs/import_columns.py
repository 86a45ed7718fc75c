"""Which column of a table is what: guessed, shown, changed by the user, and remembered for tables of the same columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from annotator.ui import fonts
from annotator.ui.panel.editors import ComboBox
from annotator.ui.settings import settings
from annotator.ui.widgets import PlainLabel

if TYPE_CHECKING:
    from annotator.interchange.tables import TableHead

_REMEMBERED = 40  # sets of columns


class ColumnsBox(QWidget):
    """A choice of column for each role."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[str, ...] = ()
        self._guess: dict[str, str] = {}
        self.choices: dict[str, QComboBox] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(PlainLabel(self.tr("Columns"), font=fonts.ui(fonts.HEAD, fonts.SEMIBOLD)))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        column.addLayout(self._grid)
        self.rest = PlainLabel("", role="text3", font=fonts.ui(fonts.META), wrap=True)
        column.addWidget(self.rest)
        self._build()
        self.hide()

    def _build(self) -> None:
        labels = {
            "text": self.tr("Text"),
            "title": self.tr("Title"),
            "date": self.tr("Date"),
            "outlet": self.tr("Outlet"),
            "author": self.tr("Author"),
            "url": self.tr("Address"),
            "language": self.tr("Language"),
        }
        for at, (role, label) in enumerate(labels.items()):
            combo = ComboBox()
            combo.setAccessibleName(self.tr("Column of: {what}").replace("{what}", label))
            combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(10)
            combo.activated.connect(lambda _index: self._chosen())
            text = PlainLabel(label, role="text2")
            text.setBuddy(combo)
            line, side = divmod(at, 2)
            self._grid.addWidget(text, line, 2 * side, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(combo, line, 2 * side + 1)
            self.choices[role] = combo
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)

    def show_table(self, table: TableHead) -> None:
        """The columns of a table, as they were chosen for such a one before, else as they look."""
        from annotator.interchange import columns

        if table.columns == self._columns:
            return
        self._columns = table.columns
        self._guess = columns.guess(table.columns, table.rows)
        known = settings().import_columns.get(_signature(self._columns), {})
        for role, combo in self.choices.items():
            combo.clear()
            combo.addItem(self.tr("(none)"), "")
            for name in table.columns[:500]:
                combo.addItem(name, name)
            wanted = known.get(role, self._guess.get(role, ""))
            combo.setCurrentIndex(max(0, combo.findData(wanted)))
        self._show_rest()
        self.show()

    def roles(self) -> dict[str, str]:
        """The column of each role, "" for none."""
        return {role: str(combo.currentData() or "") for role, combo in self.choices.items()}

    def options(self) -> dict[str, str]:
        """What differs from the guess, as options of the import; tables of other columns are left their own guess."""
        if not self._columns:
            return {}
        return {role: name or "-" for role, name in self.roles().items() if name != self._guess.get(role, "")}

    def remember(self) -> None:
        """For the next table of these columns."""
        if not self._columns:
            return
        kept = dict(settings().import_columns)
        kept.pop(_signature(self._columns), None)
        kept[_signature(self._columns)] = self.roles()
        settings().import_columns = dict(list(kept.items())[-_REMEMBERED:])

    def _chosen(self) -> None:
        self._show_rest()
        self.changed.emit()

    def _show_rest(self) -> None:
        taken = set(self.roles().values())
        rest = [name for name in self._columns if name not in taken]
        names = ", ".join(rest[:12]) + ("…" if len(rest) > 12 else "")
        self.rest.setText(self.tr("Kept as further details: {names}").replace("{names}", names) if rest else "")


def _signature(names: tuple[str, ...]) -> str:
    return "\x1f".join(names)[:2000]
