"""When a step could not be saved: one sentence, and the ways on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from annotator.domain.errors import AnnotatorError
from annotator.ui import fonts
from annotator.ui.dialogs.rescue import RescueDialog
from annotator.ui.widgets import PlainLabel, button

if TYPE_CHECKING:
    from annotator.services.project import Project


class NotSavedDialog(RescueDialog):
    """Try again, save a copy elsewhere, or see to it first and go on reading. Nothing that was saved is lost."""

    works_again = Signal()

    def __init__(self, project: Project, error: AnnotatorError, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("That was not saved"),
            project.path,
            parent,
            ok=self.tr("Try again"),
            cancel=self.tr("Not now"),
            width=560,
        )
        self._project = project
        self.text = PlainLabel(role="text2", font=fonts.ui(fonts.HEAD), wrap=True)
        calm = self.tr(
            "Everything before your last step is saved. The window stays open, so that nothing has to be hurried."
        )
        self.calm = PlainLabel(calm, role="text3", font=fonts.ui(fonts.META), wrap=True)
        self.body.addWidget(self.text)
        self.body.addWidget(self.calm)
        self.copy_button = button(self.tr("Save a copy elsewhere…"))
        self.copy_button.clicked.connect(self.copy)
        self.buttons.insertWidget(1, self.copy_button)
        self.show_trouble(error)
        self.ok_button.setFocus()

    def show_trouble(self, error: AnnotatorError) -> None:
        """What the matter is now."""
        self.text.setText(str(error))
        self.setAccessibleDescription(str(error))
        self.fit()

    def busy(self, is_busy: bool) -> None:
        """Nothing is tried while a copy is made."""
        self.ok_button.setEnabled(not is_busy)
        self.copy_button.setEnabled(not is_busy)

    def save(self) -> bool:
        """See whether the file can be written now; if not, say what the matter is and stay."""
        try:
            self._project.try_writing()
        except AnnotatorError as error:
            self.show_trouble(error)
            self.tell(self.tr("It still cannot be saved."))
            return False
        self.works_again.emit()
        return True

    def copy(self) -> None:
        """Save what is open as another project, and go on there."""
        to = self.place(self.tr("copy"))
        if to is not None:
            self.work(lambda: self._project.save_copy(to), lambda _result: self._finish(to))
