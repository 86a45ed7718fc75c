"""The codebook editor: the codebook as a tree at the start, the form of what is chosen beside it.

Every change is saved at once, as one step; Ctrl+Z takes it back. Where something would be lost it asks first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from annotator.domain.errors import AnnotatorError
from annotator.ui import fonts
from annotator.ui.codebook import keys, removing
from annotator.ui.codebook.adding import Adding
from annotator.ui.codebook.field_form import FieldForm
from annotator.ui.codebook.form import Form
from annotator.ui.codebook.forms import DocumentsForm, LayerForm, LinkTypeForm, RegistryForm, RoleForm
from annotator.ui.codebook.nodes import Node, exists, siblings
from annotator.ui.codebook.touches import AskDialog, sentence
from annotator.ui.codebook.tree import Tree
from annotator.ui.codebook.work import Work
from annotator.ui.dialogs.base import Dialog
from annotator.ui.large_step import flip
from annotator.ui.steps import step_text
from annotator.ui.widgets import Hairline, IconButton, PlainLabel, button

if TYPE_CHECKING:
    from annotator.services.codebook_change import Change
    from annotator.services.project import Project
    from annotator.services.recoding import Touch
    from annotator.ui.workspace import Workspace

_FORMS: dict[str, type[Form]] = {
    "layer": LayerForm,
    "link_type": LinkTypeForm,
    "registry": RegistryForm,
    "documents": DocumentsForm,
    "field": FieldForm,
    "role": RoleForm,
}


class CodebookWindow(Dialog):
    """Edits the codebook of the open project."""

    def __init__(
        self, workspace: Workspace, actions: Callable[[], Iterable[QAction]] = tuple, parent: QWidget | None = None
    ) -> None:
        super().__init__(self.tr("Codebook"), parent, width=960)
        assert workspace.project is not None
        self._workspace = workspace
        self._project = workspace.project
        self._actions = actions  # asked each time: those of layers come and go
        self._form: Form | None = None
        self.work = Work(self._project, self)
        self.adding = Adding(self)
        self._build()
        self.only_close()
        for sequence, act in ((QKeySequence.StandardKey.Undo, self.undo), (QKeySequence.StandardKey.Redo, self.redo)):
            QShortcut(sequence, self).activated.connect(act)
        workspace.changed.connect(self._reload)
        self._reload()
        self.resize(960, 660)
        self.tree.setFocus()

    def _build(self) -> None:
        self.column.setContentsMargins(0, 14, 0, 14)
        self.column.setSpacing(10)
        self.column.removeWidget(self.heading)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 0)
        head.addWidget(self.heading)
        self.version = PlainLabel("", role="text3", font=fonts.ui(fonts.META, tabular=True))
        head.addSpacing(8)
        head.addWidget(self.version)
        head.addStretch(1)
        self.template_button = button(self.tr("Templates…"))
        self.import_button = button(self.tr("Import…"))
        self.export_button = button(self.tr("Export…"))
        self.template_button.clicked.connect(self.adding.from_template)
        self.import_button.clicked.connect(self.adding.from_file)
        self.export_button.clicked.connect(self.adding.export)
        for push in (self.template_button, self.import_button, self.export_button):
            head.addWidget(push)
        self.column.insertLayout(0, head)
        self.tree = Tree()
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        side = QWidget()
        side.setFixedWidth(290)
        left = QVBoxLayout(side)
        left.setContentsMargins(12, 0, 4, 8)
        left.setSpacing(6)
        left.addWidget(self.tree, 1)
        left.addLayout(self._tools())
        self.middle = QWidget()
        middle = QHBoxLayout(self.middle)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(side)
        middle.addWidget(Hairline(vertical=True))
        middle.addWidget(self.area, 1)
        self.body.setSpacing(0)
        self.body.addWidget(Hairline())
        self.body.addWidget(self.middle, 1)
        self.body.addWidget(Hairline())
        self.error.setContentsMargins(20, 0, 20, 0)
        self.undo_button = button(self.tr("Undo"), icon="undo")
        self.undo_button.clicked.connect(self.undo)
        self.told = PlainLabel("", role="text2", font=fonts.ui(fonts.META))
        self.buttons.setContentsMargins(20, 0, 20, 0)
        self.buttons.insertWidget(0, self.undo_button)
        self.buttons.insertWidget(1, self.told)
        self.tree.chosen.connect(self._show)
        self.tree.move_wanted.connect(self.move_to)
        self.tree.remove_wanted.connect(self.remove)
        self.tree.add_wanted.connect(lambda: self.add_button.click())
        self.tree.form_wanted.connect(self.focus_form)

    def _tools(self) -> QHBoxLayout:
        self.add_button = button(self.tr("Add"), icon="plus")
        self.add_button.setMenu(self.adding.menu)
        self.up_button = IconButton("chevron-up", self.tr("Move up (Alt+Up)"))
        self.down_button = IconButton("chevron-down", self.tr("Move down (Alt+Down)"))
        self.remove_button = IconButton("trash", self.tr("Remove (Del)"))
        self.up_button.clicked.connect(lambda: self._step(-1))
        self.down_button.clicked.connect(lambda: self._step(1))
        self.remove_button.clicked.connect(self.remove)
        row = QHBoxLayout()
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(4)
        row.addWidget(self.add_button)
        row.addStretch(1)
        for tool in (self.up_button, self.down_button, self.remove_button):
            row.addWidget(tool)
        return row

    # What the forms ask

    @property
    def project(self) -> Project:
        """The project whose codebook this is."""
        return self._project

    @property
    def node(self) -> Node | None:
        """What is chosen."""
        return self._form.node if self._form is not None else None

    def commit(
        self,
        make: Callable[[], Change],
        then: Node | None = None,
        title: str = "",
        *,
        counts: bool = False,
        after: Callable[[], object] | None = None,
    ) -> bool:
        """Do a change; ask first where something would be lost. Whether it was done, is being asked, or is under way.

        `counts`: to make it takes a look at all values. `after` is called when it was done.
        """
        self.tell("")
        try:
            change = None if counts else make()
        except AnnotatorError as error:
            self._refused(error)
            return False

        def weighed(change: Change, touches: list[Touch]) -> None:
            from annotator.services.codebook_change import loses

            self._free()
            if loses(touches):
                self._ask(title or self.tr("Change the codebook"), self.tr("Change"), make, then)
            else:
                self._wanted = then or self._wanted
                self.work.apply(self, change, touches, lambda: self._applied(change, touches, after), self._refused)

        if change is not None and not change.recodes:
            weighed(change, [])
        else:
            self.work.weigh((lambda: change) if change is not None else make, weighed, self._refused)
            if self.work.busy:
                self._hold()
        return self.error.isHidden()

    _wanted: Node | None = None

    def _refused(self, error: AnnotatorError) -> None:
        self._free()
        self._wanted = None
        self._close_after = False
        self.tell(str(error))
        if self._form is not None and not self.work.busy:
            self._form.refresh()

    def _applied(self, change: Change, touches: list[Touch], after: Callable[[], object] | None) -> None:
        self._say(change, touches)
        if after is not None:
            after()
        if self._close_after:
            self.accept()

    # While something is counted or changed beside the window

    _held: QWidget | None = None
    _close_after = False

    def _hold(self) -> None:
        """What it touches is being counted: nothing else is edited meanwhile."""
        self._held = self.focusWidget()
        self.middle.setEnabled(False)
        self.told.setText(self.tr("Counting what it touches…"))

    def _free(self) -> None:
        if self.middle.isEnabled():
            return
        self.middle.setEnabled(True)
        held, self._held = self._held, None
        if held is not None and isValid(held):
            held.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask(self, title: str, ok: str, make: Callable[[], Change], then: Node | None) -> None:
        self._close_after = False
        asking = AskDialog(self._project, title, ok, [("", {})], lambda _number, _place: make(), self)
        asking.about_to.connect(lambda: self._want(then))
        asking.finished.connect(self._asked)
        asking.open()

    def _asked(self) -> None:
        """After a question, answered or not: the form shows what is."""
        self._wanted = None
        if self._form is not None:
            self._form.refresh()

    def _say(self, change: Change, touches: list[Touch]) -> None:
        """What was done, what it touched, and what follows from it."""
        step = self._project.undo_label
        told = [step_text(step)] if step is not None else []
        self.told.setText(" · ".join([*told, *map(sentence, touches), *change.notes]))

    def ask_remove_choice(self, node: Node, choice: str) -> None:
        """Ask what becomes of the values, and remove a choice."""
        asking = removing.choice(self, self._project, node, choice)
        asking.finished.connect(self._asked)
        asking.open()

    def fixed_key(self, key: str) -> str:
        """A sentence where the window itself has this key."""
        return keys.fixed_key(self._actions(), key)

    def add(self, kind: str) -> None:
        """Add a layer, a field, … beside or under what is chosen."""
        self.flush()
        self.adding.add(kind)

    # Tree and form

    def _show(self, node: Node | None) -> None:
        if node is None or (self._form is not None and self._form.node == node):
            return
        self.tell("")
        if self._form is not None:
            self.flush()
            self._form.leave()
        if not exists(self._project.codebook, node):
            return
        self._form = _FORMS[node.kind](self, node)
        self.area.setWidget(self._form)
        self._enable(node)

    def _enable(self, node: Node) -> None:
        like = siblings(self._project.codebook, node)
        at = like.index(node)
        self.up_button.setEnabled(at > 0)
        self.down_button.setEnabled(at < len(like) - 1)
        self.remove_button.setEnabled(node.kind != "documents")
        self.adding.enable(node)

    def _reload(self, _change: object = None) -> None:
        """The codebook is another one, or something in the project is."""
        codebook = self._project.codebook
        before = self._form.node if self._form is not None else None
        wanted, self._wanted = self._wanted or before, None
        if wanted is not None and not exists(codebook, wanted):
            wanted = wanted.parent if exists(codebook, wanted.parent) else None
        self.tree.fill(codebook, wanted, self.tree.folded())
        now = self.tree.current()
        if self._form is not None and now == before:
            self._form.refresh()
            self._enable(self._form.node)
        elif self._form is not None and now is not None and before is not None and self._renamed(before, now):
            # It is the same thing under another name: what is typed and where the keys are stays.
            self._form.node = now
            self._form.refresh()
            self._enable(now)
        else:
            if self._form is not None and before is not None and not exists(codebook, before):
                self._form = None
            self._show(now)
        self.version.setText(self.tr("Version {n}").replace("{n}", str(codebook.version)))
        self._show_undo()

    def _renamed(self, before: Node, now: Node) -> bool:
        return not exists(self._project.codebook, before) and before._replace(name=now.name) == now

    def _show_undo(self) -> None:
        step = self._project.undo_label
        self.undo_button.setEnabled(step is not None and not self._project.read_only)
        self.told.setText(step_text(step) if step is not None else "")

    def focus_form(self) -> None:
        """Go to the first row of the form."""
        if self._form is not None and self._form.first is not None:
            self._form.first.setFocus(Qt.FocusReason.TabFocusReason)
            if isinstance(self._form.first, QLineEdit):
                self._form.first.selectAll()

    def choose(self, node: Node, *, edit: bool = False) -> None:
        """Choose a place; with `edit` the keys go to its name."""
        self.tree.choose(node)
        if edit:
            self.focus_form()

    # Order and removal

    def _step(self, direction: int) -> None:
        node = self.tree.current()
        if node is not None:
            self.move_to(node, siblings(self._project.codebook, node).index(node) + direction)

    def move_to(self, node: Node, place: int) -> None:
        """Put something at another place among its like."""
        coding, owner = self._project.coding, node.owner
        if not 0 <= place < len(siblings(self._project.codebook, node)):
            return
        self.flush()
        if node.kind == "field":
            self.commit(lambda: coding.move_field(owner, node.name, place))
        elif node.kind == "role":
            self.commit(lambda: coding.move_role(owner.id, node.name, place), title=self.tr("Move this role"))
        elif owner.kind != "documents":
            kind = owner.kind
            self.commit(lambda: coding.move(kind, owner.id, place))

    def remove(self) -> None:
        """Ask what becomes of what uses it, and remove what is chosen."""
        node = self.tree.current()
        if node is None or node.kind == "documents":
            return
        self.flush()
        like = siblings(self._project.codebook, node)
        at = like.index(node)
        asking = removing.dialog(self, self._project, node)
        # The next one is chosen then, so that Del can go on.
        beside = [*like[at + 1 : at + 2], *like[max(0, at - 1) : at]]
        asking.about_to.connect(lambda: self._want(beside[0] if beside else None))
        asking.finished.connect(self._asked)
        asking.open()

    def _want(self, node: Node | None) -> None:
        self._wanted = node

    # Undo, and the end

    def undo(self) -> None:
        """Take the last step back, whatever it was."""
        self._flip("undo")

    def redo(self) -> None:
        """Do it again."""
        self._flip("redo")

    def _flip(self, direction: str) -> None:
        self.tell("")
        flip(self, self._project, direction, lambda _step: None, self._refused)

    def flush(self) -> None:
        """Save what is half typed."""
        if self._form is not None:
            self._form.flush()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a line saves it; it does not close the window."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not isinstance(self.focusWidget(), QPushButton):
            event.accept()
            return
        super().keyPressEvent(event)

    def reject(self) -> None:
        """Esc: save what is half typed, then close; where it cannot be saved, say why."""
        self.flush()
        if self.work.busy:
            self._close_after = True  # when what was half typed is saved
        elif self.error.isHidden():
            super().reject()
        else:
            self.tell("")  # the next Esc closes

    def save(self) -> bool:
        """All is saved already, but for what is half typed."""
        self.flush()
        self._close_after = self.work.busy
        return self.error.isHidden() and not self.work.busy

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save what is half typed."""
        self.flush()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        """Nobody waits for counts any more."""
        self.work.drop()
        if self._form is not None:
            self._form.leave()
        super().done(result)
