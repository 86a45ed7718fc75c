"""What the mouse gets besides the text itself: the list of what lies on each other, the bar at a selection, dragged links."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint, QRectF, QTimer, Signal

from annotator.ui.article.pick_list import PickList, Row
from annotator.ui.article.selection_bar import SelectionBar
from annotator.ui.article.spoken import Spoken
from annotator.ui.reader.view import Reader
from annotator.ui.workspace import Workspace

_DOUBLE_CLICK = 180  # a little later than a double click, so that the list does not flicker under one


class Pointing(QObject):
    """Stands between the reader, which knows where the pointer is, and the workspace."""

    tag_requested = Signal(str)

    def __init__(self, workspace: Workspace, reader: Reader) -> None:
        super().__init__(reader)
        self._workspace = workspace
        self._reader = reader
        self.list = PickList(reader)
        self.bar = SelectionBar(reader)
        self._spoken = Spoken(workspace, self)
        self._waiting: tuple[list[str], QPoint] = ([], QPoint())
        self._link_from = ""
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_DOUBLE_CLICK)
        self._later.timeout.connect(self._list_waiting)
        reader.describe = self._spoken.say
        reader.can_link = self._can_link
        reader.several_clicked.connect(self._several)
        reader.selected_by_mouse.connect(self._selected)
        reader.link_dragged.connect(self._link)
        reader.selection_changed.connect(self.bar.hide)
        reader.clicked.connect(lambda _ids: self._leave())
        reader.verticalScrollBar().valueChanged.connect(lambda _value: self._leave())
        self.list.chosen.connect(self._chosen)
        self.list.pointed.connect(lambda id_: reader.set_hover(id_ or None))
        self.bar.tag_requested.connect(self.tag_requested)
        workspace.document_opened.connect(lambda _id: self._leave())

    def list_here(self) -> bool:
        """List what lies on each other at the caret (a key asked for it); whether there is anything."""
        reader = self._reader
        ids = self._workspace.known(reader.at_caret())
        if not ids:
            return False
        rect = reader.cursorRect()
        self._offer(ids, rect.bottomLeft(), [QRectF(rect).adjusted(0, -6, 0, 6)], focus=True)
        return True

    def set_layers(self) -> None:
        """The project or its codebook is another."""
        project = self._workspace.project
        self._reader.fixed = self._workspace.read_only
        self.bar.set_layers(project.codebook.layers if project else ())

    def _leave(self) -> None:
        self._later.stop()
        self.bar.hide()
        self.list.close_list()

    # What lies on each other

    def _several(self, ids: list[str], at: QPoint) -> None:
        self._waiting = self._workspace.known(ids), at
        if len(self._waiting[0]) > 1:
            self._later.start()

    def _list_waiting(self) -> None:
        ids, at = self._waiting
        if not self._reader.fragments():  # a double click selected the word meanwhile
            line = self._reader.measures.line
            self._offer(ids, at, [QRectF(at.x(), at.y() - line, 1, 2 * line)], focus=False)

    def _offer(self, ids: Sequence[str], at: QPoint, boxes: list[QRectF], *, focus: bool, link_from: str = "") -> None:
        """List annotations; `at` and `boxes` are in the viewport. `link_from`: the one chosen is linked with this."""
        workspace, view = self._workspace, self._reader.viewport().pos()
        known = [workspace.annotated.annotations[id_] for id_ in workspace.known(ids)]
        rows = [Row(a.id, workspace.layer(a), workspace.number(a), workspace.annotation_text(a)[:200]) for a in known]
        self._link_from = link_from
        self.bar.hide()
        moved = [box.translated(view.x(), view.y()) for box in boxes]
        self.list.open(rows, moved, at + view, focus=focus, current=workspace.active_id or "")

    def _chosen(self, id_: str) -> None:
        if self._link_from:
            self._connect(self._link_from, id_)
        else:
            self._workspace.set_active(id_)
            self._caret_to(id_)
        self._reader.setFocus()

    def _caret_to(self, id_: str) -> None:
        """Keys mean what is at the caret: it goes to what was chosen, where it is not there yet."""
        annotation = self._workspace.annotated.annotations.get(id_)
        if annotation is not None and id_ not in self._reader.at_caret():
            self._reader.set_caret(annotation.start)

    # The bar at a selection

    def _selected(self, at: QPoint) -> None:
        fragments = self._reader.fragments()
        if fragments and not self._workspace.read_only and self._workspace.document is not None:
            view = self._reader.viewport().pos()
            boxes = self._reader.boxes(fragments[0].start, fragments[-1].end)
            self.bar.show_beside([box.translated(view.x(), view.y()) for box in boxes], at + view)

    # Links

    def _can_link(self, first: str, second: str) -> bool:
        project = self._workspace.project
        if project is None or first == second:
            return False
        both = [first, second]
        return self._workspace.known(both) == both and bool(project.linking.possible(first, second))

    def _link(self, first: str, targets: list[str], at: QPoint) -> None:
        if len(targets) == 1:
            self._connect(first, targets[0])
        else:
            line = self._reader.measures.line
            self._offer(targets, at, [QRectF(at.x(), at.y() - line, 1, 2 * line)], focus=True, link_from=first)

    def _connect(self, first: str, second: str) -> None:
        project = self._workspace.project
        if project is None:
            return
        with self._workspace.guard():
            link = project.linking.connect(first, second)
            name = project.codebook.link_types_by_id[link.type_id].name
            self._workspace.hint.emit(self.tr("Linked: {type}.").replace("{type}", name))
            self._workspace.set_active(first)
