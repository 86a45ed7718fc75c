"""The mentions of an entry under its form: a head with what can be done with the chosen ones, and the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.domain.errors import AnnotatorError
from annotator.domain.model import Mention
from annotator.ui import fonts, worker
from annotator.ui.later import Later
from annotator.ui.panel.target import editable
from annotator.ui.registry.mention_list import MentionView, Words
from annotator.ui.widgets import Hairline, PlainLabel, SectionHead, button
from annotator.ui.workspace import Workspace

if TYPE_CHECKING:
    from annotator.services.statements import Statement

_AROUND = 160  # characters beside a mention
_AT_ONCE = 300  # mentions that are read before anybody notices
_NAMED = 4  # speakers that the head of a claim names


class MentionPanel(QWidget):
    """Shows where one entry is mentioned; thousands are listed by a worker."""

    shown = Signal()
    """The list is there."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._entry = ""
        self._claims = False
        self._task: worker.Task[Any] | None = None
        self.head = SectionHead(self.tr("Mentions"), height=38)
        self.split_button = button(self.tr("Split off…"))
        self.move_button = button(self.tr("Move…"))
        self.split_button.setToolTip(self.tr("Make a new entry of the chosen mentions (S)"))
        self.move_button.setToolTip(self.tr("Move the chosen mentions to another entry (V)"))
        self.head.add(self.split_button)
        self.head.add(self.move_button)
        self.summary = PlainLabel("", role="text2", font=fonts.ui(fonts.META, tabular=True), wrap=True)
        self.summary.setContentsMargins(16, 0, 16, 6)
        self.summary.hide()
        self.list = MentionView(self._read)
        self.list.picked.connect(self._show_state)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Hairline())
        column.addWidget(self.head)
        column.addWidget(self.summary)
        column.addWidget(self.list, 1)
        self._later = Later(self)
        self._later.due.connect(self._load)
        self._count = 0

    def show_entry(self, entry_id: str, count: int, claims: bool, *, wait: bool = True) -> None:
        """Show the mentions of this entry, `count` of them; "" for none. Keys that run through a list do not wait for it."""
        self._stop()
        same = entry_id == self._entry
        self._entry, self._count, self._claims = entry_id, count, claims
        if not same:
            self.list.rows.show_statements({} if claims else None)
            self.list.rows.show(())
            self.summary.hide()
        self._tell_count(count)
        if entry_id and count:
            self._later.start(40 if wait and count > _AT_ONCE else 0)
        else:
            self._later.stop()
            self._show((), {} if claims else None)

    @property
    def entry_id(self) -> str:
        """The entry whose mentions are shown."""
        return self._entry

    def focus_list(self) -> None:
        """Give the keys to the list."""
        if self.list.rows.mentions:
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self.list.rows.index(0))
            self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def drop(self) -> None:
        """The project closes."""
        self._stop()
        self._later.stop()

    def _stop(self) -> None:
        if self._task is not None:
            self._task.drop()
            self._task = None

    def _load(self) -> None:
        project, entry_id, claims = self._workspace.project, self._entry, self._claims
        if project is None or not entry_id:
            return
        if self._count <= _AT_ONCE:
            with self._workspace.guard():
                places = project.entries.places(entry_id)
                self._show(places, project.entries.statements(places) if claims else None)
            return

        def work(_control: worker.Control) -> list[Mention]:
            with project.elsewhere() as other:
                return other.entries.places(entry_id)

        def say_who(places: Sequence[Mention]) -> None:
            def look(_control: worker.Control) -> dict[str, Statement]:
                with project.elsewhere() as other:
                    return other.entries.statements(places)

            self._task = worker.run(look, self._show_statements, self._fail)

        def done(places: list[Mention]) -> None:
            self._show(places, {} if claims else None)
            if claims:
                say_who(places)

        self._task = worker.run(work, done, self._fail)

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, AnnotatorError):
            raise error
        self._workspace.hint.emit(str(error))

    def _show(self, places: Sequence[Mention], statements: dict[str, Statement] | None) -> None:
        chosen = set(self.list.chosen())
        place = self.list.verticalScrollBar().value()
        self.list.rows.show(places)
        self.list.choose({row for row, mention in enumerate(places) if mention.annotation_id in chosen})
        self.list.verticalScrollBar().setValue(place)
        self._tell_count(len(places))
        self._show_statements(statements)
        self._show_state()
        self.shown.emit()

    def _show_statements(self, statements: dict[str, Statement] | None) -> None:
        self.list.rows.show_statements(statements)
        text = self._told(list(statements.values())) if statements else ""
        self.summary.setText(text)
        self.summary.setVisible(bool(text))

    def _told(self, statements: list[Statement]) -> str:
        """Who said it, who denied it, through whom: the most frequent by name."""
        parts = []
        for label, named in (
            (self.tr("Said by {names}"), [s for said in statements if not said.denied for s in said.sources]),
            (self.tr("Denied by {names}"), [s for said in statements if said.denied for s in said.sources]),
            (self.tr("Reported by {names}"), [name for said in statements for name in said.via]),
        ):
            counted = Counter(named).most_common()
            if counted:
                told = [f"{name} {QLocale().toString(n)}" if n > 1 else name for name, n in counted[:_NAMED]]
                if len(counted) > _NAMED:
                    told.append(self.tr("{n} more").replace("{n}", QLocale().toString(len(counted) - _NAMED)))
                parts.append(label.replace("{names}", ", ".join(told)))
        return " · ".join(parts)

    def _tell_count(self, count: int) -> None:
        self.head.setTitle(
            f"{self.tr('Mentions')} · {QLocale().toString(count)}" if count else self.tr("Not mentioned")
        )

    def _show_state(self) -> None:
        on = bool(self.list.chosen()) and editable(self._workspace)
        self.split_button.setEnabled(on)
        self.move_button.setEnabled(on)

    def _read(self, mention: Mention) -> Words:
        """Asked while rows are painted: there an error could only repeat itself."""
        project = self._workspace.project
        if project is None:
            return Words("", "", "", "", "")
        try:
            text = project.documents.text(mention.document_id)
            row = project.documents.row(mention.document_id)
        except AnnotatorError:
            return Words("", "", "", "", "")
        start, end = mention.start, mention.end
        before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
        return Words(before, text[start:end], after, row.title if row else "", row.date if row else "")
