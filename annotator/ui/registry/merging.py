"""Before entries become one: which of them stays, and what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QRadioButton, QScrollArea, QVBoxLayout, QWidget

from annotator.domain.errors import AnnotatorError
from annotator.domain.model import Entry, Use
from annotator.ui import fonts
from annotator.ui.dialogs.base import Dialog
from annotator.ui.panel import words
from annotator.ui.widgets import PlainLabel
from annotator.ui.workspace import Workspace

_LISTED = 6  # names in a sentence
_ROW, _MOST_ROWS = 26, 9


class MergeDialog(Dialog):
    """`merged` carries the id of the entry that stays and those of the others."""

    merged = Signal(str, list)

    def __init__(
        self,
        workspace: Workspace,
        entries: Sequence[Entry],
        uses: Mapping[str, Use],
        parent: QWidget | None = None,
    ) -> None:
        title = self.tr("Merge {n} entries").replace("{n}", QLocale().toString(len(entries)))
        super().__init__(title, parent, ok=self.tr("Merge"), width=520)
        self._workspace = workspace
        self._ids = [entry.id for entry in entries]
        self.mentions = 0
        """How many would move."""
        self.body.addWidget(PlainLabel(self.tr("Which one stays?"), role="text2"))
        self.group = QButtonGroup(self)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(2)
        most = max(entries, key=lambda entry: (uses.get(entry.id, Use()).mentions, -self._ids.index(entry.id)))
        for number, entry in enumerate(entries):
            count = QLocale().toString(uses.get(entry.id, Use()).mentions)
            label = f"{_short(entry.name)}   ({self.tr('mentions: {n}').replace('{n}', count)})"
            radio = QRadioButton(label.replace("&", "&&"))
            radio.setFont(fonts.ui(fonts.HEAD))
            radio.setToolTip(entry.name)
            radio.setFixedHeight(_ROW)
            self.group.addButton(radio, number)
            column.addWidget(radio)
            if entry is most:
                radio.setChecked(True)
                radio.setFocus()
        area = QScrollArea()
        area.setWidget(holder)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFixedHeight(min(_MOST_ROWS, len(entries)) * (_ROW + 2) + 6)
        self.body.addWidget(area)
        self.preview = PlainLabel("", wrap=True)
        self.body.addWidget(self.preview)
        self.group.idToggled.connect(lambda _id, on: self._show() if on else None)
        self._show()

    @property
    def keep(self) -> str:
        """The id of the entry that stays."""
        return self._ids[self.group.checkedId()]

    def _show(self) -> None:
        from annotator.services.regrouping import plan_merge

        project = self._workspace.project
        if project is None:
            return
        try:
            plan = plan_merge(project, self.keep, self._ids)
        except AnnotatorError as error:
            self.tell(str(error))
            self.ok_button.setEnabled(False)
            return
        self.mentions = plan.mentions
        locale = QLocale()
        moved = self.tr("Mentions that move: {n} (documents: {m}).")
        lines = [moved.replace("{n}", locale.toString(plan.mentions)).replace("{m}", locale.toString(plan.documents))]
        if plan.aliases:
            lines.append(self.tr("New aliases: {names}.").replace("{names}", _listed(plan.aliases)))
        if plan.members:
            lines.append(self.tr("Gets as members: {names}.").replace("{names}", _listed(plan.members)))
        for name, stays, goes in plan.overruled[:4]:
            told = self.tr("{field} stays “{kept}”, not “{lost}”.").replace("{field}", words.label(name))
            lines.append(told.replace("{kept}", words.choice(stays)).replace("{lost}", words.choice(goes)))
        self.preview.setText("\n".join(lines))
        self.fit()

    def save(self) -> bool:
        """Merge."""
        self.merged.emit(self.keep, [id_ for id_ in self._ids if id_ != self.keep])
        return True


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(_short(name) for name in names[:_LISTED])
    return shown + (", …" if len(names) > _LISTED else "")


def _short(name: str) -> str:
    return name if len(name) <= 60 else name[:59] + "…"
