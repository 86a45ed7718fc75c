"""Entries from a CSV file, after a look at what that would add and change; and the registry as one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QLocale, QObject
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from annotator.domain.errors import AnnotatorError, Cancelled
from annotator.domain.model import Entry
from annotator.ui import fonts, worker
from annotator.ui.dialogs.base import Dialog, RowHeight
from annotator.ui.dialogs.message import show_error
from annotator.ui.panel import words
from annotator.ui.registry.doing import perform
from annotator.ui.settings import settings
from annotator.ui.widgets import PlainLabel
from annotator.ui.workspace import Workspace

if TYPE_CHECKING:
    from annotator.domain.codebook import Registry
    from annotator.services.entry_lists import ListPlan

_LISTED = 1000  # lines that a person may want to look through
_ITEMS_AT_ONCE = 400


class ListDialog(Dialog):
    """What an import would do, line by line; the first button does it."""

    def __init__(self, plan: ListPlan, parent: QWidget | None = None) -> None:
        title = self.tr("Import from “{file}”").replace("{file}", plan.file)
        super().__init__(title, parent, ok=self.tr("Import"), width=760)
        locale = QLocale()
        told = self.tr("New: {new} · changed: {changed} · as they are: {same}")
        told = told.replace("{new}", locale.toString(len(plan.added)))
        told = told.replace("{changed}", locale.toString(len(plan.changed)))
        self.summary = PlainLabel(told.replace("{same}", locale.toString(plan.unchanged)))
        self.tree = QTreeWidget()
        self.tree.setColumnCount(3)
        self.tree.setHeaderLabels([self.tr("What"), self.tr("Entry"), self.tr("Details")])
        self.tree.setAccessibleName(self.tr("What would be imported"))
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setFont(fonts.ui())
        self.tree.setMinimumHeight(300)
        RowHeight(self.tree, 26)
        self.tree.header().setStretchLastSection(True)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.tree.setColumnWidth(0, 96)
        self.tree.setColumnWidth(1, 250)
        self.body.addWidget(self.summary)
        self.body.addWidget(self.tree, 1)
        self._fill(plan)
        self.ok_button.setEnabled(bool(plan.added or plan.changed))
        self.resize(760, 520)
        self.tree.setFocus()

    def _fill(self, plan: ListPlan) -> None:
        lines: list[tuple[str, str, str]] = []
        row = self.tr("row {n}")
        for number, text in plan.remarks[:_LISTED]:
            lines.append((self.tr("Note"), row.replace("{n}", QLocale().toString(number)), text))
        for entry in plan.added[:_LISTED]:
            lines.append((self.tr("New"), entry.name, ", ".join(entry.aliases)))
        for old, new in plan.changed[:_LISTED]:
            lines.append((self.tr("Changed"), old.name, _difference(old, new)))
        for texts in lines[:_LISTED]:
            item = QTreeWidgetItem(list(texts))
            item.setToolTip(2, texts[2])
            self.tree.addTopLevelItem(item)
        more = len(plan.remarks) + len(plan.added) + len(plan.changed) - min(len(lines), _LISTED)
        if more > 0:
            self.tree.addTopLevelItem(
                QTreeWidgetItem(["", self.tr("and {n} more").replace("{n}", QLocale().toString(more)), ""])
            )
        first = self.tree.topLevelItem(0)
        if first is not None:
            self.tree.setCurrentItem(first)


def _difference(old: Entry, new: Entry) -> str:
    """What changes, in a line."""
    parts = []
    if new.name != old.name:
        parts.append(new.name)
    gained = [alias for alias in new.aliases if alias not in old.aliases]
    if gained:
        parts.append("+ " + ", ".join(gained))
    for name, value in new.fields.items():
        if old.fields.get(name) != value:
            before = old.fields.get(name)
            parts.append(f"{words.label(name)}: {f'{_said(before)} → ' if before else ''}{_said(value)}")
    if new.parent_id != old.parent_id:
        parts.append(QCoreApplication.translate("Registry", "parent"))
    if new.note != old.note:
        parts.append(QCoreApplication.translate("Registry", "note"))
    return " · ".join(parts)


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else words.choice(str(value))


class Listing(QObject):
    """Asks for files, and does it off the window's thread."""

    def __init__(self, workspace: Workspace, page: QWidget) -> None:
        super().__init__(page)
        self._workspace = workspace
        self._page = page
        self._task: worker.Task[Any] | None = None

    def bring_in(self, registry: Registry) -> None:
        """Choose a file and look at what it would bring."""
        if self._workspace.read_only:
            self._workspace.hint.emit(self.tr("This project is open for reading only."))
            return
        path, _ = QFileDialog.getOpenFileName(
            self._page.window(),
            self.tr("Import entries"),
            settings().last_folder,
            self.tr("Tables (*.csv *.tsv *.tab *.txt);;All files (*)"),
        )
        if path:
            settings().last_folder = str(Path(path).parent)
            self.look(registry, Path(path))

    def look(self, registry: Registry, path: Path) -> None:
        """Show what a file would bring."""
        project = self._workspace.project
        if project is None:
            return

        def work(control: worker.Control) -> ListPlan:
            from annotator.services.entry_lists import plan_list

            with project.elsewhere() as other:
                return plan_list(other, registry.id, path, control.report)

        self._task = worker.run(work, self._ask, self._fail)

    def _ask(self, plan: ListPlan) -> None:
        dialog = ListDialog(plan, self._page.window())
        dialog.accepted.connect(lambda: self._apply(plan))
        dialog.open()

    def _apply(self, plan: ListPlan) -> None:
        from annotator.services.entry_lists import apply_list

        count = len(plan.added) + len(plan.changed)
        told = self.tr("Imported: {n} entries. Undo takes them back.").replace("{n}", QLocale().toString(count))
        size = count if count <= _ITEMS_AT_ONCE else 1_000_000
        perform(
            self._workspace,
            self._page.window(),
            lambda project: apply_list(project, plan),
            size,
            lambda: self._workspace.hint.emit(told),
        )

    def take_out(self, registry: Registry) -> None:
        """Choose where the registry goes as CSV."""
        suggested = str(Path(settings().last_folder or ".") / f"{registry.name}.csv")
        path, _ = QFileDialog.getSaveFileName(
            self._page.window(), self.tr("Export entries"), suggested, self.tr("Tables (*.csv)")
        )
        if path:
            settings().last_folder = str(Path(path).parent)
            self.write(registry, Path(path))

    def write(self, registry: Registry, path: Path) -> None:
        """Write the registry to a file."""
        project = self._workspace.project
        if project is None:
            return

        def work(_control: worker.Control) -> int:
            from annotator.services.entry_lists import write_to

            with project.elsewhere() as other:
                return write_to(other, registry.id, path)

        def done(count: int) -> None:
            told = self.tr("Exported: {n} entries.").replace("{n}", QLocale().toString(count))
            self._workspace.hint.emit(told)

        self._task = worker.run(work, done, self._fail)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, AnnotatorError):
            raise error
        show_error(self._page.window(), self.tr("Nothing was changed"), str(error))
