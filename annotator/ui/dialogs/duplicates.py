"""Versions of one story: found, shown as groups, and marked, so that the story is coded once and counted as it ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from annotator.domain.errors import AnnotatorError, Cancelled
from annotator.ui import fonts
from annotator.ui.dialogs.base import Dialog, RowHeight
from annotator.ui.widgets import PlainLabel, ProgressLine, button
from annotator.ui.worker import Control, Task, run

if TYPE_CHECKING:
    from annotator.services.duplicates import Group, Member
    from annotator.ui.workspace import Workspace

_ID = Qt.ItemDataRole.UserRole


class DuplicatesDialog(Dialog):
    """A tree: the article that stands for a group, and below it the others, each with a tick."""

    open_requested = Signal(str)
    """The id of an article that the user wants to see."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Copies of stories"), parent, ok=self.tr("Mark as copies"), width=760)
        assert workspace.project is not None
        self._workspace = workspace
        self._project = workspace.project
        self._task: Task[list[Group]] | None = None
        self.groups: list[Group] = []
        self.summary = PlainLabel(self.tr("Comparing the articles…"), role="text2", wrap=True)
        self.progress = ProgressLine()
        self.progress.setAccessibleName(self.tr("Progress"))
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(self.tr("Groups of articles"))
        self.tree.setUniformRowHeights(True)
        RowHeight(self.tree, 26)
        self.tree.setHeaderLabels(
            [self.tr("Title"), self.tr("Outlet"), self.tr("Date"), self.tr("The same"), self.tr("Annotations")]
        )
        header = self.tree.header()
        header.setStretchLastSection(False)
        for column in range(5):
            fits = QHeaderView.ResizeMode.ResizeToContents if column else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(column, fits)
        note = self.tr(
            "The upper article of each group is coded. The ticked ones are marked as its copies "
            "(the detail copy_of), so that the story is coded once and counted as often as it ran."
        )
        self.lead_button = button(self.tr("Code this one instead"))
        self.unmark_button = button(self.tr("Take marks back"))
        self.show_button = button(self.tr("Open article"))
        more = QHBoxLayout()
        more.setSpacing(8)
        for push in (self.lead_button, self.unmark_button, self.show_button):
            push.setEnabled(False)
            more.addWidget(push)
        more.addStretch(1)
        self.body.addWidget(self.summary)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.tree, 1)
        self.body.addLayout(more)
        self.body.addWidget(PlainLabel(note, role="text3", font=fonts.ui(fonts.META), wrap=True))
        self.tree.currentItemChanged.connect(lambda _now, _before: self._show_buttons())
        self.tree.itemChanged.connect(lambda _item, _column: self._show_buttons())
        self.tree.itemDoubleClicked.connect(lambda item, _column: self._open(item))
        self.lead_button.clicked.connect(self._lead)
        self.unmark_button.clicked.connect(self._unmark)
        self.show_button.clicked.connect(lambda: self._open(self.tree.currentItem()))
        self.cancel_button.setText(self.tr("Close"))
        self.ok_button.setEnabled(False)
        self.resize(760, 520)
        self._compare()

    # Comparing

    def _compare(self) -> None:
        project = self._project

        def work(control: Control) -> list[Group]:
            from annotator.services.duplicates import find_groups

            with project.elsewhere() as other:
                return find_groups(other, control.report, lambda: control.cancelled)

        self.progress.show()
        self._task = run(work, self.show_groups, self._failed, lambda done, total, _what: self._advance(done, total))

    def _advance(self, done: int, total: int) -> None:
        self.progress.setValue(done / total if total else 0)

    def _failed(self, error: Exception) -> None:
        self._task = None
        self.progress.hide()
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, AnnotatorError):
            raise error
        self.tell(str(error))

    def show_groups(self, groups: list[Group]) -> None:
        """Fill the tree; the ones that are marked already come last, and closed."""
        self._task = None
        self.progress.hide()
        self.groups = groups
        self.tree.clear()
        for number, group in enumerate(groups):
            top = self._item(group.kept, number)
            top.setText(3, "")
            top.setFont(0, fonts.ui(weight=fonts.SEMIBOLD))
            for member in group.members[1:]:
                item = self._item(member, number)
                item.setCheckState(0, Qt.CheckState.Unchecked if member.marked else Qt.CheckState.Checked)
                top.addChild(item)
            self.tree.addTopLevelItem(top)
            top.setExpanded(not group.settled)
        self.summary.setText(self._summed_up(groups))
        if groups:
            self._go_to(0)
            self.tree.setFocus()
        self._show_buttons()

    def _go_to(self, at: int) -> None:
        top = self.tree.topLevelItem(at)
        if top is not None:
            self.tree.setCurrentItem(top)

    def _item(self, member: Member, number: int) -> QTreeWidgetItem:
        title = self.tr("{title} (marked as copy)") if member.marked else "{title}"
        item = QTreeWidgetItem(
            [
                title.replace("{title}", member.title),
                member.outlet,
                member.date,
                f"{int(member.alike * 100)}%",
                QLocale().toString(member.annotations) if member.annotations else "",
            ]
        )
        item.setData(0, _ID, (number, member.id))
        item.setToolTip(0, member.title)
        return item

    def _summed_up(self, groups: list[Group]) -> str:
        if not groups:
            return self.tr("No two articles tell the same story in nearly the same words.")
        articles = sum(len(group.members) for group in groups)
        one = self.tr("{articles} articles tell one story in nearly the same words.")
        many = self.tr("{articles} articles tell {stories} stories in nearly the same words.")
        text = one if len(groups) == 1 else many
        return text.replace("{articles}", str(articles)).replace("{stories}", str(len(groups)))

    # What is chosen

    def ticked(self) -> dict[str, list[str]]:
        """The ticked articles by the one that stands for them."""
        found: dict[str, list[str]] = {}
        for at in range(self.tree.topLevelItemCount()):
            top = self.tree.topLevelItem(at)
            if top is None:
                continue
            ids = [
                _id(child)
                for child in (top.child(row) for row in range(top.childCount()))
                if child is not None and child.checkState(0) == Qt.CheckState.Checked
            ]
            if ids:
                found[_id(top)] = ids
        return found

    def _show_buttons(self) -> None:
        writable = not self._project.read_only
        item = self.tree.currentItem()
        group = self._group_of(item)
        self.ok_button.setEnabled(writable and bool(self.ticked()))
        self.lead_button.setEnabled(item is not None and item.parent() is not None)
        self.unmark_button.setEnabled(writable and group is not None and any(m.marked for m in group.members))
        self.show_button.setEnabled(item is not None)

    def _group_of(self, item: QTreeWidgetItem | None) -> Group | None:
        return self.groups[item.data(0, _ID)[0]] if item is not None else None

    # What is done

    def save(self) -> bool:
        """Mark the ticked ones, all in one step."""
        from annotator.services.duplicates import mark_copies

        chosen = self.ticked()
        if self._project.read_only or not chosen:
            return False
        count = sum(map(len, chosen.values()))
        with self._project.step("Mark {what} as copy", f"{count} articles" if count > 1 else "1 article"):
            for kept, ids in chosen.items():
                mark_copies(self._project, kept, ids)
        one, many = self.tr("1 article marked as a copy."), self.tr("{n} articles marked as copies.")
        self._workspace.hint.emit(one if count == 1 else many.replace("{n}", str(count)))
        return True

    def _lead(self) -> None:
        """Let the article at hand stand for its group."""
        from dataclasses import replace

        item = self.tree.currentItem()
        group = self._group_of(item)
        if item is None or group is None:
            return
        id_ = _id(item)
        lead = next(member for member in group.members if member.id == id_)
        others = tuple(replace(member, marked=False) for member in group.members if member.id != id_)
        at = self.groups.index(group)
        type_ = type(group)
        groups = [*self.groups]
        groups[at] = type_((replace(lead, marked=False), *others))
        self.show_groups(groups)
        self._go_to(at)

    def _unmark(self) -> None:
        """Take the marks of the group at hand back."""
        from annotator.services.duplicates import unmark_copies

        group = self._group_of(self.tree.currentItem())
        if group is None:
            return
        try:
            unmark_copies(self._project, [member.id for member in group.members if member.marked])
        except AnnotatorError as error:
            self.tell(str(error))
            return
        self._compare()

    def _open(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.open_requested.emit(_id(item))
            self.reject()

    def done(self, result: int) -> None:
        """Leave no work behind."""
        if self._task is not None:
            self._task.drop()
            self._task = None
        super().done(result)


def _id(item: QTreeWidgetItem) -> str:
    return str(item.data(0, _ID)[1])
