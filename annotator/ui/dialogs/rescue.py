"""What can be done about a damaged project: a copy of a backup, or of all that can still be read. And all backups."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QListWidget, QListWidgetItem, QWidget

from annotator.domain.errors import AnnotatorError
from annotator.ui import fonts, worker
from annotator.ui.dialogs.base import Dialog, RowHeight
from annotator.ui.dialogs.dates import moment
from annotator.ui.widgets import PlainLabel, button

if TYPE_CHECKING:
    from annotator.services.rescue import Backup, SalvageReport

SUFFIX = ".annot"


class RescueDialog(Dialog):
    """Both make a project at a place that is asked for; the one that is open or damaged is left alone."""

    made = Signal(object)  # the path of the new project

    def __init__(self, title: str, path: Path, parent: QWidget | None, *, ok: str, cancel: str, width: int) -> None:
        super().__init__(title, parent, ok=ok, cancel=cancel, width=width)
        self._path = path
        self._task: worker.Task[object] | None = None
        self.finished.connect(self._leave)

    def place(self, ending: str) -> Path | None:
        """Ask where the new project goes."""
        suggested = self._path.with_name(f"{self._path.stem} ({ending}){SUFFIX}")
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Save a copy"),
            str(suggested),
            self.tr("Annotator projects (*.annot)"),
            options=QFileDialog.Option.DontConfirmOverwrite,  # nothing is ever written over
        )
        if not chosen:
            return None
        return Path(chosen) if chosen.endswith(SUFFIX) else Path(chosen + SUFFIX)

    def work(self, do: Callable[[], object], then: Callable[[object], object]) -> None:
        """Do it off the window's thread; what goes wrong is said here."""
        self.tell("")
        self.busy(True)
        self._task = worker.run(lambda _control: do(), lambda result: self._done(then, result), self._failed)

    def busy(self, is_busy: bool) -> None:
        """While it works, no button does."""
        self.ok_button.setEnabled(not is_busy)

    def _done(self, then: Callable[[object], object], result: object) -> None:
        self._task = None
        self.busy(False)
        then(result)

    def _failed(self, error: Exception) -> None:
        self._task = None
        self.busy(False)
        if not isinstance(error, AnnotatorError):
            raise error
        self.tell(str(error))

    def _leave(self) -> None:
        if self._task is not None:
            self._task.drop()

    def restore(self, chosen: Backup) -> None:
        """Copy a backup to where the user wants it, and have that opened."""
        from annotator.services.rescue import restore

        to = self.place(self.tr("backup"))
        if to is not None:
            self.work(lambda: restore(chosen.path, to), lambda _result: self._finish(to))

    def _finish(self, to: Path) -> None:
        self.accept()
        self.made.emit(to)


class DamagedDialog(RescueDialog):
    """Shown when a project cannot be opened because it is damaged."""

    def __init__(self, path: Path, error: str, parent: QWidget | None = None) -> None:
        title = self.tr("This project is damaged")
        super().__init__(
            title,
            path,
            parent,
            ok=self.tr("Open a copy of the backup…"),
            cancel=self.tr("Close"),
            width=540,
        )
        self._backup: Backup | None = None
        self.text = PlainLabel(error, role="text2", font=fonts.ui(fonts.HEAD), wrap=True)
        self.note = PlainLabel(self.tr("Looking for a sound backup…"), wrap=True)
        calm = self.tr("The damaged file is not changed, whatever you choose.")
        self.calm = PlainLabel(calm, role="text3", font=fonts.ui(fonts.META), wrap=True)
        for label in (self.text, self.note, self.calm):
            self.body.addWidget(label)
        self.salvage_button = button(self.tr("Save what can be read…"))
        self.salvage_button.clicked.connect(self.salvage)
        self.buttons.insertWidget(1, self.salvage_button)
        self.setAccessibleDescription(error)
        self.fit()
        from annotator.services.rescue import newest_good

        self.work(lambda: newest_good(path), self._found)

    def busy(self, is_busy: bool) -> None:
        """Neither way is open while one of them is gone."""
        self.ok_button.setEnabled(not is_busy and self._backup is not None)
        self.salvage_button.setEnabled(not is_busy)

    def _found(self, found: object) -> None:
        self._backup = found  # type: ignore[assignment]
        if self._backup is None:
            self.note.setText(self.tr("There is no sound backup of it. Much of it can often still be read."))
            self.salvage_button.setFocus()
        else:
            told = self.tr("The newest sound backup is of {when}.")
            self.note.setText(told.replace("{when}", moment(self._backup.made.isoformat())))
        self.busy(False)
        if self._backup is not None:
            self.ok_button.setFocus()

    def save(self) -> bool:
        """Copy the backup."""
        if self._backup is not None:
            self.restore(self._backup)
        return False

    def salvage(self) -> None:
        """Make a new project of what can be read."""
        from annotator.services.rescue import salvage

        to = self.place(self.tr("rescued"))
        if to is not None:
            self.work(lambda: salvage(self._path, to), lambda report: self._saved(to, report))

    def _saved(self, to: Path, report: object) -> None:
        from annotator.ui.dialogs.message import show_error

        kept: SalvageReport = report  # type: ignore[assignment]
        self._finish(to)
        show_error(self.parentWidget(), self.tr("What was saved"), " ".join([kept.summary(), *kept.lost[:6]]))


class BackupsDialog(RescueDialog):
    """The backups of the open project, newest first; a copy of one can be opened."""

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Backups"),
            path,
            parent,
            ok=self.tr("Open a copy…"),
            cancel=self.tr("Close"),
            width=520,
        )
        from annotator.services.rescue import backups_of

        self.found = backups_of(path)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Backups"))
        self.list.setFont(fonts.ui(fonts.CONTROL, tabular=True))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        RowHeight(self.list, 27)
        for each in self.found:
            size = QLocale().formattedDataSize(each.size)
            item = QListWidgetItem(f"{moment(each.made.isoformat())}   \u2068{size}\u2069")
            item.setToolTip(str(each.path))
            self.list.addItem(item)
        self.body.addWidget(self.list, 1)
        note = self.tr("A backup opens as a copy; this project stays as it is.")
        if not self.found:
            note = self.tr("There is no backup of this project yet.")
        self.note = PlainLabel(note, role="text3", font=fonts.ui(fonts.META), wrap=True)
        self.body.addWidget(self.note)
        self.list.setCurrentRow(0)
        self.list.itemDoubleClicked.connect(lambda _item: self.confirm())
        self.ok_button.setEnabled(bool(self.found))
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.resize(520, 420)

    def save(self) -> bool:
        """Copy the chosen one."""
        row = self.list.currentRow()
        if 0 <= row < len(self.found):
            self.restore(self.found[row])
        return False
