"""What is done with hits: tag them, or say which entry their annotations mean. First what would happen, then one step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QLocale, Signal
from PySide6.QtWidgets import QWidget

from annotator.domain.changes import ChangeSet
from annotator.domain.errors import AnnotatorError, Cancelled
from annotator.ui.dialogs.base import Dialog
from annotator.ui.widgets import PlainLabel, ProgressLine
from annotator.ui.worker import Control, Task, run

if TYPE_CHECKING:
    from annotator.services.bulk import AssignPlan, TagPlan
    from annotator.services.project import Project
    from annotator.services.search import Hit
    from annotator.ui.workspace import Workspace

P = TypeVar("P")


class BulkDialog(Dialog, Generic[P]):
    """Says what would happen, makes it happen, and says what did; both in a worker that can be stopped."""

    done_with = Signal(str)
    """What was done, in a sentence."""

    def __init__(self, workspace: Workspace, title: str, ok: str, parent: QWidget) -> None:
        super().__init__(title, parent, ok=ok, width=460)
        self._workspace = workspace
        self._task: Task[tuple[P, int, list[ChangeSet]]] | None = None
        self._plan: P | None = None
        self._working = False
        self.told = PlainLabel(self.tr("Looking at the hits…"), wrap=True)
        self.progress = ProgressLine()
        self.body.addWidget(self.told)
        self.body.addWidget(self.progress)
        self.ok_button.setEnabled(False)
        self._start(None)
        self.fit()

    # What each kind says and does

    def make_plan(self, project: Project, report: Callable[[int, int], object]) -> P:
        """What would happen."""
        raise NotImplementedError

    def follow_plan(self, project: Project, plan: P, report: Callable[[int, int], object]) -> int:
        """Let it happen; how many."""
        raise NotImplementedError

    def describe(self, plan: P) -> tuple[list[str], str]:
        """Sentences for a person, and the text of the button; "" where nothing would happen."""
        raise NotImplementedError

    def happened(self, count: int) -> str:
        """What was done, in a sentence."""
        raise NotImplementedError

    # The work

    def _start(self, plan: P | None) -> None:
        project = self._workspace.project
        if project is None:
            return

        def work(control: Control) -> tuple[P, int, list[ChangeSet]]:
            changes: list[ChangeSet] = []
            with project.elsewhere() as other:
                other.subscribe(changes.append)
                made = plan if plan is not None else self.make_plan(other, control.report)
                count = self.follow_plan(other, made, control.report) if plan is not None else 0
            return made, count, changes

        self._working = plan is not None
        self.ok_button.setEnabled(False)
        self._task = run(work, self._done, self._failed, self._show_progress)

    def _show_progress(self, now: int, total: int, _what: str) -> None:
        self.progress.setValue(now / max(total, 1))

    def _done(self, result: tuple[P, int, list[ChangeSet]]) -> None:
        self._task = None
        self.progress.hide()
        plan, count, changes = result
        project = self._workspace.project
        if self._working:
            for change in changes:
                if project is not None:
                    project.announce(change)
            self.done_with.emit(self.happened(count))
            super().accept()
            return
        self._plan = plan
        sentences, ok = self.describe(plan)
        self.told.setText("\n".join(sentences))
        self.ok_button.setText(ok or self.ok_button.text())
        self.ok_button.setEnabled(bool(ok))
        (self.ok_button if ok else self.cancel_button).setFocus()
        self.fit()

    def _failed(self, error: Exception) -> None:
        self._task = None
        self.progress.hide()
        if isinstance(error, Cancelled):
            super().reject()
        elif isinstance(error, AnnotatorError):
            self.tell(str(error))
        else:
            raise error

    def save(self) -> bool:
        """Do it."""
        if self._plan is not None and self._task is None:
            self.progress.show()
            self._start(self._plan)
        return False

    def reject(self) -> None:
        """Esc and “Cancel”: stop what runs; nothing of it is kept."""
        if self._task is not None and self._working:
            self._task.cancel()
            return
        super().reject()

    def done(self, result: int) -> None:
        """Leave no work behind."""
        if self._task is not None:
            self._task.drop()
        super().done(result)


class TagDialog(BulkDialog["TagPlan"]):
    """Tag hits in a layer."""

    def __init__(self, workspace: Workspace, hits: Sequence[Hit], layer_id: str, parent: QWidget) -> None:
        self._hits, self._layer_id = hits, layer_id
        project = workspace.project
        self._layer = project.codebook.layers_by_id[layer_id].name if project is not None else ""
        title = QCoreApplication.translate("TagDialog", "Tag hits as {layer}").replace("{layer}", self._layer.lower())
        super().__init__(workspace, title, QCoreApplication.translate("TagDialog", "Tag"), parent)

    def make_plan(self, project: Project, report: Callable[[int, int], object]) -> TagPlan:
        """Which are to be tagged."""
        return project.bulk.plan_tags(self._hits, self._layer_id, report)

    def follow_plan(self, project: Project, plan: TagPlan, report: Callable[[int, int], object]) -> int:
        """Tag them."""
        return project.bulk.tag(plan, report)

    def describe(self, plan: TagPlan) -> tuple[list[str], str]:
        """How many, and what is left out."""
        count = len(plan.hits)
        said = []
        if count:
            one = self.tr("{n} of {m} hits will be tagged as {layer}, in 1 article, as one step.")
            many = self.tr("{n} of {m} hits will be tagged as {layer}, in {d} articles, as one step.")
            told = one if plan.documents == 1 else many.replace("{d}", _n(plan.documents))
            told = told.replace("{n}", _n(count)).replace("{m}", _n(len(self._hits)))
            said.append(told.replace("{layer}", self._layer.lower()))
        else:
            said.append(self.tr("There is nothing to tag."))
        if plan.tagged:
            one = self.tr("1 is tagged like this already and is left out.")
            said.append(_of(plan.tagged, one, self.tr("{n} are tagged like this already and are left out.")))
        if plan.empty:
            one = self.tr("1 holds no words that could be tagged.")
            said.append(_of(plan.empty, one, self.tr("{n} hold no words that could be tagged.")))
        if plan.new_names:
            one = self.tr("1 new entry will be made; other words are known by name or alias.")
            many = self.tr("Up to {n} new entries will be made; other words are known by name or alias.")
            said.append(_of(plan.new_names, one, many))
        return said, self.tr("Tag {n}").replace("{n}", _n(count)) if count else ""

    def happened(self, count: int) -> str:
        """How many."""
        one, many = self.tr("Tagged 1 hit. Undo takes it back."), self.tr("Tagged {n} hits. Undo takes all back.")
        return _of(count, one, many)


class AssignDialog(BulkDialog["AssignPlan"]):
    """Let the annotations at hits mean an entry."""

    def __init__(self, workspace: Workspace, hits: Sequence[Hit], entry_id: str, name: str, parent: QWidget) -> None:
        self._hits, self._entry_id, self._name = hits, entry_id, name
        title = QCoreApplication.translate("AssignDialog", "Assign “{name}”").replace("{name}", name)
        super().__init__(workspace, title, QCoreApplication.translate("AssignDialog", "Assign"), parent)

    def make_plan(self, project: Project, report: Callable[[int, int], object]) -> AssignPlan:
        """Which annotations."""
        return project.bulk.plan_entry(self._hits, self._entry_id, report)

    def follow_plan(self, project: Project, plan: AssignPlan, report: Callable[[int, int], object]) -> int:
        """Assign it."""
        return project.bulk.assign(plan)

    def describe(self, plan: AssignPlan) -> tuple[list[str], str]:
        """How many, and what is left out."""
        count = len(plan.annotations)
        said = []
        if count:
            one = self.tr("1 annotation will mean “{name}”.")
            many = self.tr("{n} annotations will mean “{name}”, as one step.")
            said.append(_of(count, one, many).replace("{name}", self._name))
        else:
            said.append(self.tr("There is no annotation to assign it to."))
        if plan.others:
            one = self.tr("1 of them means something else now, which it loses.")
            said.append(_of(plan.others, one, self.tr("{n} of them mean something else now, which they lose.")))
        if plan.assigned:
            one = self.tr("1 means it already and is left out.")
            said.append(_of(plan.assigned, one, self.tr("{n} mean it already and are left out.")))
        if plan.untagged:
            one = self.tr("1 hit is not annotated, or in a layer without such entries. Tag it first.")
            many = self.tr("{n} hits are not annotated, or in a layer without such entries. Tag them first.")
            said.append(_of(plan.untagged, one, many))
        return said, self.tr("Assign to {n}").replace("{n}", _n(count)) if count else ""

    def happened(self, count: int) -> str:
        """How many."""
        one = self.tr("1 annotation means “{name}” now. Undo takes it back.")
        many = self.tr("{n} annotations mean “{name}” now. Undo takes all back.")
        return _of(count, one, many).replace("{name}", self._name)


def _of(number: int, one: str, many: str) -> str:
    return one if number == 1 else many.replace("{n}", _n(number))


def _n(number: int) -> str:
    return QLocale().toString(number)
