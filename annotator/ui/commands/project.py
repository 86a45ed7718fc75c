"""The Project and Help menus: new, open, add, export, settings, close; and what the welcome screen asks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from annotator.domain.errors import AnnotatorError, Damaged
from annotator.ui import theme
from annotator.ui.settings import settings

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

SUFFIX = ".annot"


class ProjectCommands(QObject):
    """Opens and closes projects in the main window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._workspace = window.workspace

    # Project menu

    def new(self) -> None:
        """Make a new project."""
        from annotator.ui.dialogs.new_project import NewProjectDialog

        dialog = NewProjectDialog(self._window)
        dialog.accepted.connect(lambda: self._create(dialog.path, dialog.name, dialog.coder, (), dialog.template))
        dialog.open()

    def _create(self, path: Path, name: str, coder: str, files: Sequence[Path] = (), key: str = "") -> None:
        from annotator.services.project import Project
        from annotator.services.templates import DEFAULT, template

        if coder:
            settings().coder = coder
        settings().last_folder = str(path.parent)
        with self._told():
            codebook = template(key or DEFAULT).codebook
            self._window.show_project(Project.create(path, name=name, coder=coder_name(), codebook=codebook))
            if files:
                self._window.files.preview(files)

    def open(self) -> None:
        """Choose a project file and open it."""
        chosen, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open project"),
            settings().last_folder,
            self.tr("Annotator projects (*.annot);;All files (*)"),
        )
        if chosen:
            settings().last_folder = str(Path(chosen).parent)
            self.open_path(Path(chosen))

    def open_path(self, path: Path, *, take_over: bool = False) -> bool:
        """Open a project file; whether it is open now."""
        from annotator.services.project import Project

        project = self._workspace.project
        if project is not None and project.path.absolute() == path.absolute():
            return True
        with self._told():
            try:
                self._window.show_project(Project.open(path, coder=coder_name(), take_over=take_over))
            except Damaged as error:
                self._rescue(path, error)
                return False
            return True
        return False

    def _rescue(self, path: Path, error: Damaged) -> None:
        """Offer the ways out of a damaged project."""
        from annotator.ui.dialogs.rescue import DamagedDialog

        dialog = DamagedDialog(path, str(error), self._window)
        dialog.made.connect(self.open_path)
        dialog.open()

    def sample(self) -> None:
        """Open the sample project: a copy of one's own, made on first use."""
        from annotator.services.sample import open_sample

        with self._told():
            self._window.show_project(open_sample(coder_name()))

    def add(self) -> None:
        """Choose files and add them as articles."""
        from annotator.interchange.registry import Formats

        suffixes = sorted({suffix for importer in Formats().importers.values() for suffix in importer.extensions})
        pattern = " ".join(f"*{s if s.startswith('.') else '.' + s}" for s in suffixes)
        chosen, _ = QFileDialog.getOpenFileNames(
            self._window,
            self.tr("Add articles"),
            settings().last_folder,
            self.tr("Articles and exports ({types});;All files (*)").replace("{types}", pattern),
        )
        if chosen:
            settings().last_folder = str(Path(chosen[0]).parent)
            self._window.files.preview([Path(name) for name in chosen])

    def add_folder(self) -> None:
        """Choose a folder and add all that is in it."""
        chosen = QFileDialog.getExistingDirectory(self._window, self.tr("Add folder"), settings().last_folder)
        if chosen:
            settings().last_folder = str(Path(chosen).parent)
            self._window.files.preview([Path(chosen)])

    def paste(self) -> None:
        """Add an article from pasted text."""
        from annotator.ui.dialogs.paste_text import PasteTextDialog

        dialog = PasteTextDialog(self._workspace, self._window)
        dialog.accepted.connect(lambda: self._window.show_document(dialog.document_id))
        dialog.open()

    def export(self) -> None:
        """Export the project."""
        from annotator.ui.dialogs.export import ExportDialog

        workbench = self._window.workbench
        selected = workbench.documents.list.selected_ids() if workbench is not None else ()
        ExportDialog(self._workspace, self._window, selected=selected).open()

    def back_up(self) -> None:
        """Make a verified copy now."""
        project = self._workspace.project
        if project is not None:
            with self._workspace.guard():
                path = project.back_up()
                self._workspace.hint.emit(self.tr("Backed up to {path}").replace("{path}", str(path)))

    def backups(self) -> None:
        """The backups of the project, of which a copy can be opened."""
        from annotator.ui.dialogs.rescue import BackupsDialog

        project = self._workspace.project
        if project is not None:
            dialog = BackupsDialog(project.path, self._window)
            dialog.made.connect(self.open_path)
            dialog.open()

    def details(self) -> None:
        """The project's name and its guidelines."""
        from annotator.ui.dialogs.project_details import ProjectDetailsDialog

        ProjectDetailsDialog(self._workspace, self._window).open()

    def codebook(self) -> None:
        """Edit the codebook."""
        from annotator.ui.codebook.window import CodebookWindow

        CodebookWindow(self._workspace, self._window.actions_.all, self._window).open()

    def history(self) -> None:
        """Every step, who did it and when."""
        from annotator.ui.dialogs.history import HistoryDialog

        HistoryDialog(self._workspace, self._window).open()

    def settings(self) -> None:
        """The program's settings."""
        from annotator.ui.dialogs.settings import SettingsDialog

        SettingsDialog(self._window.actions_.all(), self._window).open()

    def close(self) -> None:
        """Close the project and show the welcome screen."""
        self._window.close_project()

    def quit(self) -> None:
        """Close the window."""
        self._window.close()

    # Help menu

    def keys(self) -> None:
        """Every key, over the window."""
        from annotator.ui.dialogs.keys_overlay import KeysOverlay

        KeysOverlay(self._window, self._window.actions_.all()).open()

    def start(self) -> None:
        """The first lesson."""
        from annotator.ui.dialogs.getting_started import GettingStarted

        GettingStarted(self._window).open()

    def about(self) -> None:
        """What this is, which version, and under what licence."""
        from annotator.ui.dialogs.about import AboutDialog

        AboutDialog(self._window).open()

    # What works with and without a project

    def theme(self) -> None:
        """From light to dark and back."""
        settings().theme = "light" if theme.current().dark else "dark"

    # Dropped files

    def dropped(self, paths: Sequence[Path]) -> None:
        """A project file opens; anything else is added to the open project, or to a new one."""
        projects = [path for path in paths if path.suffix == SUFFIX]
        if projects:
            self.open_path(projects[0])
        elif self._workspace.project is not None:
            self._window.files.preview(paths)
        elif paths:
            from annotator.ui.dialogs.new_project import NewProjectDialog

            dialog = NewProjectDialog(self._window, folder=paths[0].parent)
            dialog.accepted.connect(
                lambda: self._create(dialog.path, dialog.name, dialog.coder, paths, dialog.template)
            )
            dialog.open()

    def _told(self) -> _Told:
        return _Told(self)

    def tell(self, error: AnnotatorError) -> None:
        """Say in one sentence what could not be done."""
        from annotator.ui.dialogs.message import show_error

        show_error(self._window, self.tr("That did not work"), str(error))


class _Told:
    """Around opening and making projects: what a user can cause becomes a message."""

    def __init__(self, commands: ProjectCommands) -> None:
        self._commands = commands

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, AnnotatorError):
            self._commands.tell(error)
            return True
        return False


def coder_name() -> str:
    """The coder of the settings, else the user's name on this computer."""
    import getpass

    name: str = settings().coder
    if name:
        return name
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
