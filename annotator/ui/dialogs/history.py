"""The history: every step with who did it and when, and undo up to one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from annotator.domain.errors import AnnotatorError
from annotator.ui import fonts, theme
from annotator.ui.dialogs.base import Dialog, RowHeight
from annotator.ui.dialogs.dates import moment
from annotator.ui.large_step import Tell, run_large
from annotator.ui.steps import step_text
from annotator.ui.widgets import PlainLabel

if TYPE_CHECKING:
    from annotator.domain.changes import StepInfo
    from annotator.services.project import Project
    from annotator.ui.workspace import Workspace

_NO_PARENT = QModelIndex()
_LIMIT = 5000
_MANY = 20


class Steps(QAbstractTableModel):
    """Steps, newest first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.steps: list[StepInfo] = []
        self.versions: Mapping[int, int] = {}
        self._words_of: Callable[[int], str] = lambda _number: ""
        self._words: dict[int, str] = {}

    def show(self, steps: list[StepInfo], versions: Mapping[int, int], words_of: Callable[[int], str]) -> None:
        """Show these. `versions`: the version of the codebook that a step brought, by the step's number.

        `words_of` gives the words that a step tagged; it is asked for the lines in sight.
        """
        self.beginResetModel()
        self._words_of, self._words = words_of, {}
        self.steps, self.versions = steps, versions
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        """One a step."""
        return 0 if parent.isValid() else len(self.steps)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        """What, who, when."""
        return 0 if parent.isValid() else 3

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """The names of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Step"), self.tr("Who"), self.tr("When"))[section]
        return None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Text, and a fainter colour for what is undone."""
        step = self.steps[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            # Each in its own direction, also in an interface that runs the other way.
            return f"\u2068{(self._text(step), step.coder, moment(step.at))[index.column()]}\u2069"
        if role == Qt.ItemDataRole.ForegroundRole and (step.kind != "do" or step.state != "done"):
            return theme.current().text3
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._text(step)
        return None

    def _text(self, step: StepInfo) -> str:
        if step.number not in self._words:
            self._words[step.number] = self._words_of(step.number)
        text = step_text(step, self._words[step.number])
        if step.kind == "undo":
            return self.tr("Undo: {step}").replace("{step}", text)
        if step.kind == "redo":
            return self.tr("Redo: {step}").replace("{step}", text)
        if step.state in ("undone", "dropped"):
            return self.tr("{step} (undone)").replace("{step}", text)
        version = self.versions.get(step.number)
        if version is not None:
            return self.tr("{step} (codebook version {n})").replace("{step}", text).replace("{n}", str(version))
        return text


class HistoryDialog(Dialog):
    """The list, and a button that undoes everything down to the chosen step, that one included."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("History"), parent, ok=self.tr("Undo up to here"), cancel=self.tr("Close"), width=660)
        self._workspace = workspace
        self._busy = False
        self.model = Steps(self)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("History"))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        RowHeight(self.table, 27)
        self.table.setStyleSheet("QTableView::item { padding: 0 6px; border: none; }")
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.setFont(fonts.ui(fonts.CONTROL, tabular=True))
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(27)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        self.body.addWidget(self.table, 1)
        self.note = PlainLabel("", role="text3", font=fonts.ui(fonts.META), wrap=True)
        self.body.addWidget(self.note)
        self.table.selectionModel().selectionChanged.connect(self._choose)
        self.table.setColumnWidth(1, 130)
        self.table.setColumnWidth(2, 150)
        self.resize(660, 500)
        self.reload()
        self.table.setFocus()
        workspace.changed.connect(self.reload)

    def reload(self, _change: object = None) -> None:
        """Read the history again."""
        if self._busy:
            return
        project = self._workspace.project
        row = self.table.currentIndex().row()
        if project is None:
            self.model.show([], {}, lambda _number: "")
        else:
            brought = {step.number: version for version, step in project.coding.versions()}
            self.model.show(project.history(_LIMIT), brought, self._words_of)
        if self.model.rowCount():
            # Not `selectRow`: before the first layout it finds no column in a right-to-left interface.
            self.table.setCurrentIndex(self.model.index(min(max(0, row), self.model.rowCount() - 1), 0))
        self._choose()

    def _words_of(self, number: int) -> str:
        """Asked while lines are painted: there an error could only repeat itself."""
        project = self._workspace.project
        try:
            return project.words_of(number) if project is not None else ""
        except AnnotatorError:
            return ""

    def _chosen(self) -> StepInfo | None:
        row = self.table.currentIndex().row()
        return self.model.steps[row] if 0 <= row < len(self.model.steps) else None

    def _doomed(self) -> list[StepInfo]:
        """The steps that would be undone."""
        chosen, project = self._chosen(), self._workspace.project
        if chosen is None or chosen.kind != "do" or chosen.state != "done" or project is None or project.read_only:
            return []
        return [s for s in self.model.steps if s.kind == "do" and s.state == "done" and s.number >= chosen.number]

    def _choose(self) -> None:
        count = len(self._doomed())
        self.ok_button.setEnabled(count > 0)
        if count == 1:
            self.note.setText(self.tr("Undoes one step. Redo brings it back."))
        elif count:
            self.note.setText(self.tr("Undoes {n} steps. Redo brings them back.").replace("{n}", str(count)))
        elif self._chosen() is None:
            self.note.setText(self.tr("Nothing has been done in this project yet."))
        else:
            self.note.setText(self.tr("This line cannot be undone from here."))

    def save(self) -> bool:
        """Undo step by step; where a later change stands in the way it stops and says so."""
        project, doomed = self._workspace.project, self._doomed()
        if project is None:
            return False
        if len(doomed) > _MANY or any(map(project.is_large, doomed)):
            self._undo_beside(project, len(doomed))
            return False
        self._busy = True
        try:
            for _ in doomed:
                project.undo()
        except AnnotatorError as error:
            self.tell(str(error))
        finally:
            self._busy = False
            self.reload()
        return False

    def _undo_beside(self, project: Project, count: int) -> None:
        def work(other: Project, tell: Tell) -> None:
            for _ in range(count):
                other.undo(tell)

        def end(error: AnnotatorError | None = None) -> None:
            self._busy = False
            self.reload()
            if error is not None:
                self.tell(str(error))

        self._busy = True
        run_large(self, project, self.tr("Undoing…"), work, end, end)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in the table must not undo by accident: that takes the button."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.table.hasFocus():
            event.accept()
            return
        super().keyPressEvent(event)
