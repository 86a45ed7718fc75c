"""The menu of the right button (and of the Menu key) in the article: what the keys do, for what lies there."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from annotator.ui.actions import Actions
from annotator.ui.reader.view import Reader
from annotator.ui.workspace import Workspace

_EDGES = (
    *("tag.start_back", "tag.start_on", "tag.end_back", "tag.end_on"),
    *("tag.start_back_letter", "tag.start_on_letter", "tag.end_back_letter", "tag.end_on_letter"),
)


class ContextMenu(QObject):
    """Makes what lies there active, so that the actions mean it, and offers them."""

    def __init__(self, workspace: Workspace, reader: Reader, actions: Actions) -> None:
        super().__init__(reader)
        self._workspace = workspace
        self._reader = reader
        self._actions = actions
        self.menu: QMenu | None = None
        reader.context_requested.connect(self._open)

    def _open(self, ids: list[str], at: QPoint) -> None:
        workspace = self._workspace
        if workspace.project is None or workspace.document is None:
            return
        here = workspace.known(ids)
        if here and workspace.active_id not in here and not self._reader.fragments():
            workspace.set_active(here[0])
        self._reader.setFocus()
        if self.menu is not None:
            self.menu.deleteLater()
        menu = self.menu = QMenu(self._reader)
        menu.setToolTipsVisible(True)
        if here:
            self._add_heading(menu, here)
        for layer in workspace.project.codebook.layers:
            self._add(menu, f"tag.layer.{layer.id}")
        if workspace.active_claim is not None:
            for id_ in ("tag.reporter", "tag.reporter_cue", "tag.topic"):
                self._add(menu, id_)
        if here or workspace.active is not None:
            menu.addSeparator()
            for id_ in ("tag.entry", "view.entry", "tag.link", "tag.add_fragment", "tag.remove_fragment"):
                self._add(menu, id_)
            edges = menu.addMenu(self.tr("Move an end"))
            edges.menuAction().setEnabled(not workspace.read_only)
            for number, id_ in enumerate(_EDGES):
                if number == len(_EDGES) // 2:
                    edges.addSeparator()
                self._add(edges, id_)
            self._add(menu, "tag.delete")
        menu.addSeparator()
        for id_ in ("edit.copy", "edit.widen"):
            self._add(menu, id_)
        self._actions.by_id["edit.copy"].setEnabled(bool(self._reader.fragments()))
        menu.aboutToHide.connect(lambda: self._actions.by_id["edit.copy"].setEnabled(True))
        menu.popup(at)

    def _add(self, menu: QMenu, id_: str) -> None:
        action = self._actions.by_id.get(id_)
        if action is not None:
            menu.addAction(action)

    def _add_heading(self, menu: QMenu, ids: list[str]) -> None:
        """What lies there, innermost first, the one that the actions mean marked; another can be chosen."""
        workspace = self._workspace
        for id_ in ids[:8]:
            annotation = workspace.annotated.annotations[id_]
            text = menu.fontMetrics().elidedText(
                workspace.annotation_text(annotation).replace("&", "&&"), Qt.TextElideMode.ElideRight, 260
            )
            action = QAction(f"{workspace.layer(annotation).name} {workspace.number(annotation)}: {text}", menu)
            action.setCheckable(True)
            action.setChecked(id_ == workspace.active_id)
            action.triggered.connect(lambda _checked=False, id_=id_: workspace.set_active(id_))
            menu.addAction(action)
        menu.addSeparator()
