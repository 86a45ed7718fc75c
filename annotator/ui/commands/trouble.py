"""What becomes of a step that could not be saved, and of a project that somebody else has open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from annotator.domain.errors import AnnotatorError

if TYPE_CHECKING:
    from annotator.ui.dialogs.not_saved import NotSavedDialog
    from annotator.ui.main_window import MainWindow


class Trouble(QObject):
    """Shows one dialog at a time. What was asked for is done again where it was an action."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.dialog: NotSavedDialog | None = None

    def tell(self, error: AnnotatorError) -> None:
        """Say what could not be saved, with the ways on."""
        from annotator.ui.dialogs.not_saved import NotSavedDialog

        project = self._window.workspace.project
        if project is None:
            self._window.commands.tell(error)
            return
        if self.dialog is not None and isValid(self.dialog) and self.dialog.isVisible():
            self.dialog.show_trouble(error)
            return
        again = self._window.actions_.running
        self.dialog = dialog = NotSavedDialog(project, error, self._window)
        dialog.works_again.connect(lambda: self._again(again))
        dialog.made.connect(self._window.commands.open_path)
        dialog.open()

    def _again(self, action: Callable[[], object] | None) -> None:
        if action is None:
            self._window.workspace.hint.emit(self.tr("Saving works again. Do the last change once more."))
        else:
            # Once the dialog is gone and the article has the focus again.
            QTimer.singleShot(0, self, action)

    def reopen(self) -> None:
        """Open the project again, to write in it: perhaps who had it has closed it. From another computer it is taken over."""
        project = self._window.workspace.project
        if project is None:
            return
        if not project.can_be_taken_over:
            self._open(False)
            return
        from annotator.ui.dialogs.message import ask

        reason = project.read_only_reason
        text = self.tr(
            "{reason}. Take it over only if nobody works there any more: that program can then save nothing further."
        )
        ask(
            self._window,
            self.tr("Take this project over?"),
            text.replace("{reason}", reason[:1].upper() + reason[1:]),
            self.tr("Take over"),
            self.tr("Go on reading"),
            lambda: self._open(True),
        )

    def _open(self, take_over: bool) -> None:
        project = self._window.workspace.project
        if project is None:
            return
        path = project.path
        self._window.close_project()
        self._window.commands.open_path(path, take_over=take_over)
