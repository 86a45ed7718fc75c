"""The window. It only places parts: menu bar, welcome screen or workbench, status line."""

from __future__ import annotations

import gc
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QTimer
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from annotator.ui import look
from annotator.ui.actions import key_texts
from annotator.ui.menus import MenuBar
from annotator.ui.settings import settings
from annotator.ui.welcome import Welcome

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent

    from annotator.services.project import Project
    from annotator.ui.actions import Actions
    from annotator.ui.commands.files import FileImport
    from annotator.ui.commands.project import ProjectCommands
    from annotator.ui.commands.trouble import Trouble
    from annotator.ui.status_line import StatusLine
    from annotator.ui.workbench import Workbench
    from annotator.ui.workspace import Workspace

BACK_UP_EVERY = 20 * 60 * 1000


class MainWindow(QMainWindow):
    """One window, one project at a time.

    What the welcome screen does not need to be painted is made right after that, or when it is asked for.
    """

    def __init__(self) -> None:
        super().__init__()
        self.workbench: Workbench | None = None
        self._files: FileImport | None = None
        self.menu_bar = MenuBar(self)
        self.setMenuBar(self.menu_bar)
        middle = QWidget(self)
        self._stack = QStackedWidget(middle)
        self.welcome = Welcome(self._stack)
        self._stack.addWidget(self.welcome)
        self._column = QVBoxLayout(middle)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._stack, 1)
        self.setCentralWidget(middle)
        self.setAcceptDrops(True)
        self.setMinimumSize(760, 480)
        self.resize(1440, 900)
        self._back_up_timer = QTimer(self)
        self._back_up_timer.setInterval(BACK_UP_EVERY)
        self._back_up_timer.timeout.connect(self._back_up_meanwhile)
        self._changed_since_backup = False
        self.setWindowTitle("Annotator")
        self._show_keys()
        self.welcome.painted.connect(lambda: self.actions_)

    @cached_property
    def workspace(self) -> Workspace:
        """What is open."""
        from annotator.ui.indexing import Indexing
        from annotator.ui.workspace import Workspace

        workspace = Workspace(self)
        self.indexing = Indexing(workspace)
        workspace.hint.connect(lambda text: self.status.show_hint(text))
        workspace.not_saved.connect(lambda error: self.trouble.tell(error))
        workspace.changed.connect(self._changed)
        workspace.document_opened.connect(lambda _id: self._show_state())
        workspace.active_changed.connect(self._show_place)
        workspace.document_changed.connect(self._show_place)
        workspace.document_read.connect(self._show_place)
        return workspace

    @cached_property
    def commands(self) -> ProjectCommands:
        """What works without a project too."""
        from annotator.ui.commands.project import ProjectCommands

        return ProjectCommands(self)

    @cached_property
    def trouble(self) -> Trouble:
        """What becomes of what could not be saved."""
        from annotator.ui.commands.trouble import Trouble

        return Trouble(self)

    @cached_property
    def actions_(self) -> Actions:
        """Every action, with its keys, in the menus and on the welcome screen."""
        from annotator.ui.actions import Actions

        actions, commands = Actions(self, settings().keys), self.commands
        for menu in ("project", "help"):
            ids = [id_ for id_ in actions.by_id if id_.startswith(f"{menu}.")]
            actions.bind({id_: getattr(commands, id_.split(".", 1)[1]) for id_ in ids})
        actions.bind({"view.theme": commands.theme})
        self.welcome.new_requested.connect(commands.new)
        self.welcome.open_requested.connect(commands.open)
        self.welcome.sample_requested.connect(commands.sample)
        self.welcome.recent_requested.connect(commands.open_path)
        self.welcome.dropped.connect(commands.dropped)
        self.welcome.keyboard_map_requested.connect(commands.keys)
        self.welcome.getting_started_requested.connect(commands.start)
        settings().changed.connect(self._setting_changed)
        self.menu_bar.set_actions(actions)
        actions.enable(project=False, document=False, article=False, writable=False)
        return actions

    @cached_property
    def status(self) -> StatusLine:
        """The line at the foot of the window, when a project is open."""
        from annotator.ui.status_line import StatusLine

        status = StatusLine()
        status.hide()
        status.undo_requested.connect(self.actions_.by_id["edit.undo"].trigger)
        status.coder_requested.connect(self.commands.settings)
        self._column.addWidget(status)
        return status

    @property
    def files(self) -> FileImport:
        """What brings files in."""
        if self._files is None:
            from annotator.ui.commands.files import FileImport

            self._files = FileImport(self.workspace, self)
            self._files.imported.connect(self._open_first)
        return self._files

    # Projects

    def show_project(self, project: Project) -> None:
        """Put a project that was just opened in the place of the one that is open."""
        self.close_project()
        first = self.workbench is None
        if self.workbench is None:
            from annotator.ui.workbench import Workbench

            self.workbench = Workbench(self.workspace, self.actions_)
            self.workbench.documents.add_requested.connect(self.commands.add)
            self.workbench.documents.paste_requested.connect(self.commands.paste)
            self.workbench.documents.files_dropped.connect(self.commands.dropped)
            self.workbench.pane.reader.caret_moved.connect(lambda _point: self._show_place())
            self.workbench.pane.reader.selection_changed.connect(self._show_place)
            self.workbench.pages.changed.connect(self._show_state)
            # After the list of documents has followed the change: the place counts its rows.
            self.workspace.changed.connect(lambda _change: self._show_place())
            self.workbench.banner.asked.connect(self.trouble.reopen)
            self._stack.addWidget(self.workbench)
            self._show_keys()
        self.workspace.set_project(project)
        self._stack.setCurrentWidget(self.workbench)
        self.status.show()
        self.workbench.arrange()
        self.workbench.banner.show_reason(project.read_only_reason, project.can_be_taken_over)
        self._show_layers()
        self._open_last(project)
        self._remember_project(project)
        self._show_state()
        self._back_up_timer.start()
        if first:
            gc.freeze()  # what was imported for it stays: to look through that for cycles holds the window up

    def close_project(self) -> None:
        """Close the project, if one is open, and show the welcome screen."""
        project = self.workspace.project
        if project is None:
            return
        from annotator.ui import worker

        worker.stop_all()
        if self.workbench is not None:
            self.workbench.leave()
        self._back_up_timer.stop()
        self._back_up_quietly()
        self._remember_project(project)
        self.workspace.close_project()
        self.actions_.set_layers(None, lambda _id: None)
        self.welcome.refresh()
        self._stack.setCurrentWidget(self.welcome)
        self.status.hide()
        self._show_state()

    def _open_last(self, project: Project) -> None:
        """The document and caret as they were left, else the first document, with the focus in its text."""
        assert self.workbench is not None
        rows = project.documents.rows()
        place = settings().place(project.info.id)
        if any(row.id == place.document for row in rows):
            self.workspace.open_document(place.document, caret=place.caret)
            self.workbench.pane.return_to(place.caret, place.scroll)
        elif rows:
            self.workspace.open_document(rows[0].id)
        self.workbench.pane.reader.setFocus()

    def _open_first(self, new_ids: list[str]) -> None:
        if new_ids and self.workspace.document is None and self.workspace.project is not None:
            self.workspace.open_document(new_ids[0])
        if self.workbench is not None:
            self.workbench.pane.reader.setFocus()

    def show_document(self, id_: str) -> None:
        """Open a document, with the focus in its text."""
        if self.workbench is not None and self.workspace.project is not None and id_:
            self.workbench.go.to_document(id_)

    def _remember_project(self, project: Project) -> None:
        from annotator.domain.errors import AnnotatorError

        try:
            rows = project.documents.rows()
            coders = len(project.store.coders())
        except AnnotatorError:  # it cannot be read any more; what was known of it stays
            return
        done = sum(1 for row in rows if row.status == "done")
        percent = round(100 * done / len(rows)) if rows else 0
        settings().remember(project.path, project.info.name, articles=len(rows), coders=coders, done=percent)

    def _back_up_meanwhile(self) -> None:
        """Off the window's thread: copying a large project takes longer than a blink."""
        project = self.workspace.project
        if project is not None and self._changed_since_backup and not project.read_only:
            from annotator.ui import worker

            self._changed_since_backup = False
            worker.run(lambda _control: project.back_up(), None, lambda error: self.workspace.hint.emit(str(error)))

    def _back_up_quietly(self) -> None:
        project = self.workspace.project
        if project is not None and self._changed_since_backup and not project.read_only:
            self._changed_since_backup = False
            with self.workspace.guard():
                project.back_up()

    # What the window shows

    def _changed(self, change: object) -> None:
        self._changed_since_backup = True
        if getattr(change, "touches_codebook", lambda: False)():
            self._show_layers()
        self._show_state()

    def _show_layers(self) -> None:
        project = self.workspace.project
        if self.workbench is not None:
            self.actions_.set_layers(project.codebook if project else None, self.workbench.tag.layer)
            self.menu_bar.fill("tag")

    def _show_keys(self) -> None:
        bound = settings().keys
        new, open_, keys = (key_texts(id_, bound) for id_ in ("project.new", "project.open", "help.keys"))
        # F1 rather than ?.
        self.welcome.set_keys({"new": "".join(new[:1]), "open": "".join(open_[:1]), "keys": "".join(keys[-1:])})
        if self.workbench is not None:
            self.workbench.show_keys(self.actions_)

    def _show_state(self) -> None:
        project, document = self.workspace.project, self.workspace.document
        self.actions_.enable(
            project=project is not None,
            document=document is not None,
            article=self.workbench is None or not self.workbench.pages.shown,
            writable=project is not None and not project.read_only,
        )
        name = project.info.name if project else ""
        self.menu_bar.show_project(name)
        title = self.tr("{project} (read-only)").replace("{project}", name) if project and project.read_only else name
        self.setWindowTitle(f"{title} – Annotator" if name else "Annotator")
        if project is None:
            return
        undo, redo = project.undo_label, project.redo_label
        self.actions_.by_id["edit.undo"].setEnabled(undo is not None and not project.read_only)
        self.actions_.by_id["edit.redo"].setEnabled(redo is not None and not project.read_only)
        self.status.show_saved(project.read_only_reason)
        self.status.show_undo(undo, project.words_of(undo.number) if undo is not None else "")
        self._show_place()

    def _show_place(self) -> None:
        workspace = self.workspace
        if workspace.project is None or self.workbench is None:
            return
        from annotator.ui.status_line import counted

        place, where = "", ""
        loading = self.tr("Reading the annotations…") if workspace.loading else ""
        if workspace.document is not None:
            number, of = self.workbench.documents.position_of(workspace.document.id)
            where = self.tr("Document {n} of {m}").replace("{n}", counted(number)).replace("{m}", counted(of))
            selected = self.workbench.pane.reader.fragments()
            active = workspace.active
            if selected:
                place = self._span(selected[0].start, selected[-1].end)
            elif active is not None:
                place = f"{workspace.number(active)} · {self._span(active.start, active.end)}"
            else:
                place = self.tr("Character {n}").replace("{n}", counted(self.workbench.pane.reader.caret()))
        self.status.show_place(loading or place, where, workspace.project.coder)

    def _setting_changed(self, name: str) -> None:
        if name == "keys":
            self.actions_.set_bound(settings().keys)
            self._show_keys()
        elif name == "coder" and self.workspace.project is not None:
            from annotator.ui.commands.project import coder_name

            self.workspace.project.coder = coder_name()
            self._show_place()
        elif name in ("theme", "direction"):
            look.apply()

    # The window itself

    def restore(self) -> None:
        """Size and place as they were left."""
        geometry = settings().geometry
        if not geometry.isEmpty():
            self.restoreGeometry(QByteArray(geometry))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember how all was left, and close the project in order."""
        settings().geometry = self.saveGeometry()
        self.close_project()
        from annotator.ui import worker

        worker.stop_all()  # the welcome screen may be looking for its files
        settings().sync()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped anywhere."""
        if event.mimeData().hasUrls():
            from PySide6.QtCore import Qt

            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """A project file opens, other files are added."""
        self.commands.dropped([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def _span(self, start: int, end: int) -> str:
        from annotator.ui.status_line import counted

        length = self.tr("1 character") if end - start == 1 else self.tr("{n} characters")
        return f"{counted(start)}–{counted(end)} · {length.replace('{n}', counted(end - start))}"
