"""What the codebook asks for and is not there yet, as a list to work through: Enter goes to the place.

Or what was made under a version of the codebook, to look it over again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from annotator.domain.errors import AnnotatorError
from annotator.ui import fonts
from annotator.ui.codebook.work import Work
from annotator.ui.dialogs.base import Dialog, RowHeight
from annotator.ui.dialogs.dates import moment
from annotator.ui.panel import words
from annotator.ui.steps import step_text
from annotator.ui.widgets import PlainLabel, Segmented

if TYPE_CHECKING:
    from annotator.services.project import Project
    from annotator.services.todo import TodoItem, TodoList
    from annotator.ui.workspace import Workspace

_ITEM = int(Qt.ItemDataRole.UserRole)
LIMIT = 1000
HERE, EVERYWHERE = "here", "project"


class TodoDialog(Dialog):
    """The list for this article or for the whole project. `go` carries the item that was chosen."""

    go = Signal(object)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("To do"), parent, ok=self.tr("Go there"), cancel=self.tr("Close"), width=720)
        self._workspace = workspace
        labels = {HERE: self.tr("This article"), EVERYWHERE: self.tr("Whole project")}
        self.scope = Segmented([HERE, EVERYWHERE], name=self.tr("Where"), labels=labels)
        self.scope.setFixedWidth(260)
        self.scope.chosen.connect(self._choose_scope)
        self.kind = QComboBox()
        self.kind.setFont(fonts.ui())
        self.kind.setAccessibleName(self.tr("What is listed"))
        self.kind.addItem(self.tr("What is missing"), 0)
        self.kind.activated.connect(lambda _row: self._fill())
        self.kind.hide()
        self.note = PlainLabel("", role="text3", font=fonts.ui(fonts.META, tabular=True), wrap=True)
        self.tree = QTreeWidget()
        self.tree.setColumnCount(2)
        self.tree.setHeaderLabels([self.tr("Where"), self.tr("What is missing")])
        self.tree.setAccessibleName(self.tr("To do"))
        self.tree.setFont(fonts.ui())
        self.tree.setUniformRowHeights(True)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(12)
        RowHeight(self.tree, 27)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.setColumnWidth(1, 300)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.scope)
        top.addWidget(self.kind)
        top.addStretch(1)
        self.body.addLayout(top)
        self.body.addWidget(self.tree, 1)
        self.body.addWidget(self.note)
        self.tree.itemActivated.connect(lambda _item: self.confirm())
        self.tree.currentItemChanged.connect(lambda _now, _before: self._enable())
        self._scope = HERE if workspace.document is not None else EVERYWHERE
        self._first = True
        assert workspace.project is not None
        self._work = Work(workspace.project, self)
        self._count = 0
        self.resize(720, 520)
        self.tree.setFocus()
        self._offer_versions(workspace.project)

    def _choose_scope(self, scope: object) -> None:
        self._scope = str(scope) if scope else self._scope
        self._fill()

    def _offer_versions(self, project: Project) -> None:
        """The versions of the codebook under which something was made, where there are several; then the list."""

        def offer(counts: dict[int, int]) -> None:
            steps = dict(project.coding.versions())
            for version, count in sorted(counts.items(), reverse=True):
                text = self.tr("Made under codebook version {n} ({count})").replace("{n}", str(version))
                self.kind.addItem(text.replace("{count}", QLocale().toString(count)), version)
                if version in steps:
                    told = f"{step_text(steps[version])}, {moment(steps[version].at)}"
                    self.kind.setItemData(self.kind.count() - 1, told, Qt.ItemDataRole.ToolTipRole)
            self.kind.setVisible(bool(steps) and bool(counts))
            self._fill()

        if project.coding.versions():
            self._work.ask(lambda other: other.coding.made_under(), offer, self._failed)
        else:
            self._fill()

    def _fill(self) -> None:
        document = self._workspace.document
        self.scope.setValue(self._scope)
        self.tree.clear()
        self._count = 0
        here = document.id if document is not None and self._scope == HERE else None
        version = int(self.kind.currentData())
        self.note.setText(self.tr("Looking…"))
        self._enable()

        def find(project: Project) -> TodoList:
            coding = project.coding
            return coding.of_version(version, here, LIMIT) if version else coding.todo(here, LIMIT)

        self._work.ask(find, self._show, self._failed)

    def _failed(self, error: AnnotatorError) -> None:
        self.tell(str(error))

    def _show(self, found: TodoList) -> None:
        first, self._first = self._first, False
        self._count = found.total
        if first and not found.total and self._scope == HERE:
            self._scope = EVERYWHERE
            self._fill()
            return
        heads: dict[str, QTreeWidgetItem] = {}
        for item in found.items:
            head = heads.get(item.document_id)
            if head is None:
                title = item.title or self.tr("Registries")
                head = heads[item.document_id] = QTreeWidgetItem(self.tree, [title])
                head.setFlags(Qt.ItemFlag.ItemIsEnabled)
                head.setFont(0, fonts.ui(fonts.CONTROL, fonts.SEMIBOLD))
                head.setFirstColumnSpanned(True)
            line = QTreeWidgetItem(head, [self._place(item), self._missing(item)])
            line.setData(0, _ITEM, item)
            line.setToolTip(0, item.words)
        self.tree.expandAll()
        model = self.tree.model()
        self.tree.setCurrentIndex(model.index(0, 0, model.index(0, 0)))
        self._tell_count(len(found.items))
        self._enable()

    def _tell_count(self, shown: int) -> None:
        number = QLocale().toString(self._count)
        if self.kind.currentData():
            told = (
                self.tr("The first {shown} of {n} annotations.") if shown < self._count else self.tr("Annotations: {n}")
            )
            self.note.setText(told.replace("{shown}", QLocale().toString(shown)).replace("{n}", number))
        elif not self._count:
            self.note.setText(
                self.tr("Nothing is open: all required fields are set, and every role has what it needs.")
            )
        elif shown < self._count:
            told = self.tr("The first {shown} of {n}. A list to work through; it keeps nothing from being done.")
            self.note.setText(told.replace("{shown}", QLocale().toString(shown)).replace("{n}", number))
        else:
            told = self.tr("{n} open. A list to work through; it keeps nothing from being done.")
            self.note.setText(told.replace("{n}", number))

    def _place(self, item: TodoItem) -> str:
        owner = words.label(item.owner) if item.owner else self.tr("Article")
        return f"{owner}: {item.words}" if item.words and item.thing != "document" else owner

    def _missing(self, item: TodoItem) -> str:
        if item.version:
            return self.tr("version {n}").replace("{n}", str(item.version))
        names = ", ".join(words.label(name) for name in item.what)
        if item.have < 0:
            return names
        told = self.tr("{role}: {have} of {need}")
        return told.replace("{role}", names).replace("{have}", str(item.have)).replace("{need}", str(item.need))

    def current(self) -> TodoItem | None:
        """The chosen line."""
        line = self.tree.currentItem()
        return line.data(0, _ITEM) if line is not None else None

    def _enable(self) -> None:
        self.ok_button.setEnabled(self.current() is not None)

    def save(self) -> bool:
        """Go to the place."""
        item = self.current()
        if item is None:
            return False
        self.go.emit(item)
        return True

    def done(self, result: int) -> None:
        """Nobody waits for the list any more."""
        self._work.drop()
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in the list goes there."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.tree.hasFocus():
            self.confirm()
            return
        super().keyPressEvent(event)
