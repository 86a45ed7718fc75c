"""Search the project: every hit as a line in its surroundings, by document; jump to one, or tag all that are chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from annotator.domain.errors import AlreadyTagged, AnnotatorError
from annotator.domain.model import Fragment
from annotator.ui import fonts
from annotator.ui.dialogs.base import Dialog
from annotator.ui.dialogs.search_list import HitList
from annotator.ui.documents.search_field import SearchField
from annotator.ui.widgets import PlainLabel, button
from annotator.ui.worker import Control, Task, run

if TYPE_CHECKING:
    from annotator.services.search import Hit
    from annotator.ui.workspace import Workspace

FIRST, ALL = 50, 5000


class SearchDialog(Dialog):
    """Ctrl+Shift+F. Enter jumps; Space chooses; what is tagged already in the layer is left out."""

    jump_requested = Signal(str, int, int)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Search project"), parent, ok=self.tr("Go to"), cancel=self.tr("Close"), width=820)
        self._workspace = workspace
        self._task: Task[list[Hit]] | None = None
        self._searched = ""
        self.line = SearchField(self.tr("Words, “phrases”, pre*, AND, OR, NOT, NEAR(a b)"))
        self.line.setAccessibleName(self.tr("Search project"))
        self.count = PlainLabel("", role="text3", font=fonts.ui(fonts.META, tabular=True))
        self.list = HitList()
        self.layers = QComboBox()
        self.layers.setAccessibleName(self.tr("Layer"))
        self.layers.setFont(fonts.ui())
        project = workspace.project
        for layer in project.codebook.layers if project is not None else ():
            self.layers.addItem(layer.name, layer.id)
        self.tag_button = button("")
        self.all_button = button(self.tr("Choose all"), role="flat")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.all_button)
        foot.addStretch(1)
        foot.addWidget(PlainLabel(self.tr("Tag as"), role="text2"))
        foot.addWidget(self.layers)
        foot.addWidget(self.tag_button)
        self.body.setSpacing(10)
        self.body.addWidget(self.line)
        self.body.addWidget(self.count)
        self.body.addWidget(self.list, 1)
        self.body.addLayout(foot)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(180)
        self._typing.timeout.connect(self.search)
        self.line.textChanged.connect(lambda _text: self._typing.start())
        self.line.entered.connect(self._search_or_go)
        self.line.down.connect(self._into_list)
        self.line.left.connect(self.reject)
        self.list.entered_hit.connect(lambda _hit: self._jump())
        self.list.chosen_changed.connect(self._show_chosen)
        self.layers.currentIndexChanged.connect(lambda _index: self._mark_tagged())
        self.tag_button.clicked.connect(self.tag_chosen)
        self.all_button.clicked.connect(self.list.choose_all)
        self.resize(820, 600)
        self._show_chosen()
        self.line.setFocus()

    # Searching

    def search(self, limit: int = FIRST) -> None:
        """Search in a worker: the first hits at once, then the rest."""
        self._typing.stop()
        project, query = self._workspace.project, self.line.text().strip()
        if self._task is not None:
            self._task.drop()
            self._task = None
        self.tell("")
        if project is None or not query:
            self._searched = ""
            self.list.show_hits([])
            self._show_count(0, False)
            return

        def work(control: Control) -> list[Hit]:
            with project.elsewhere() as other:
                return other.search.find(query, limit)

        self._searched = query
        self._task = run(work, lambda hits: self._show(hits, limit), self._failed)

    def _show(self, hits: list[Hit], limit: int) -> None:
        self._task = None
        self.list.show_hits(hits)
        more = len(hits) >= limit
        self._show_count(len(hits), more)
        self._mark_tagged()
        if more and limit == FIRST:
            self.search(ALL)

    def _failed(self, error: Exception) -> None:
        self._task = None
        if not isinstance(error, AnnotatorError):
            raise error
        self.list.show_hits([])
        self._show_count(0, False)
        self.tell(str(error))

    def _show_count(self, hits: int, more: bool) -> None:
        documents = self.list.document_count()
        if not self._searched:
            self.count.setText("")
        elif not hits:
            self.count.setText(self.tr("Nothing found."))
        else:
            number = QLocale().toString(hits) + ("+" if more else "")
            found = self.tr("1 hit") if hits == 1 else self.tr("{n} hits").replace("{n}", number)
            where = (
                self.tr("in 1 article")
                if documents == 1
                else self.tr("in {n} articles").replace("{n}", QLocale().toString(documents))
            )
            self.count.setText(f"{found} {where}")
        self._show_chosen()

    # Going and tagging

    def _search_or_go(self) -> None:
        if self.line.text().strip() != self._searched:
            self.search()
        elif self.list.hits:
            self._into_list()

    def _into_list(self) -> None:
        if self.list.hits:
            self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def _jump(self) -> None:
        hit = self.list.current_hit()
        if hit is not None:
            self.accept()
            self.jump_requested.emit(hit.document_id, hit.start, hit.end)

    def save(self) -> bool:
        """“Go to”: the current hit, as Enter in the list."""
        if self.line.hasFocus():
            self._search_or_go()
        else:
            self._jump()
        return False

    def _mark_tagged(self) -> None:
        """Tell the list which hits have an annotation of this layer at their place already."""
        project, layer_id = self._workspace.project, self.layers.currentData()
        if project is None:
            return
        places: set[tuple[str, int, int]] = set()
        for document_id in {hit.document_id for hit in self.list.hits}:
            for annotation in project.documents.annotations(document_id):
                if annotation.layer_id == layer_id and len(annotation.fragments) == 1:
                    places.add((document_id, annotation.start, annotation.end))
        self.list.set_tagged(places)
        self._show_chosen()

    def _show_chosen(self) -> None:
        project = self._workspace.project
        count = len(self.list.chosen_hits())
        text = self.tr("Tag 1 hit") if count == 1 else self.tr("Tag {n} hits").replace("{n}", str(count))
        self.tag_button.setText(text)
        self.tag_button.setEnabled(bool(count) and project is not None and not project.read_only)
        self.all_button.setEnabled(bool(self.list.hits))
        self.ok_button.setEnabled(bool(self.list.hits))

    def tag_chosen(self) -> None:
        """Tag every chosen hit that is not tagged alike yet, as one step."""
        project, layer_id = self._workspace.project, self.layers.currentData()
        hits = self.list.chosen_hits()
        if project is None or layer_id is None or not hits:
            return
        done = left = 0
        try:
            name = project.codebook.layers_by_id[layer_id].name.lower()
            with project.step("Tag {what}", f"{len(hits)} × {name}"):
                for hit in hits:
                    try:
                        project.tagging.tag(hit.document_id, layer_id, (Fragment(hit.start, hit.end),))
                        done += 1
                    except AlreadyTagged:
                        left += 1
        except AnnotatorError as error:
            self.tell(str(error))
            return
        self._mark_tagged()
        told = self.tr("Tagged {n} hits. Undo takes all back.").replace("{n}", str(done))
        if left:
            told += " " + self.tr("{n} were tagged already.").replace("{n}", str(left))
        self._workspace.hint.emit(told)
        self.count.setText(told)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up from the first line goes back to the search line."""
        if event.key() == Qt.Key.Key_Up and self.list.hasFocus():
            self.line.setFocus(Qt.FocusReason.BacktabFocusReason)
        else:
            super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """Leave no work behind."""
        if self._task is not None:
            self._task.drop()
        super().done(result)
