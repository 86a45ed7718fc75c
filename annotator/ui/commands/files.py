"""Bringing files in: in a worker, with progress and a way to stop, as one step; then a report where there is something to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QProgressDialog, QWidget

from annotator.domain.changes import ChangeSet
from annotator.domain.errors import Cancelled, Conflict
from annotator.ui import worker
from annotator.ui.workspace import Workspace

if TYPE_CHECKING:
    from annotator.services.importing import ImportReport


class FileImport(QObject):
    """One import at a time into the open project."""

    imported = Signal(object)
    """The ids of the documents that came in."""

    def __init__(self, workspace: Workspace, window: QWidget) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._window = window

    def preview(self, paths: Sequence[Path]) -> None:
        """Show what these files and folders would bring; import them once the user says so."""
        project = self._workspace.project
        if project is None or not paths:
            return
        if project.read_only:
            self._workspace.hint.emit(self.tr("This project is open for reading only."))
            return
        from annotator.ui.dialogs.import_preview import ImportPreviewDialog

        dialog = ImportPreviewDialog(self._workspace, paths, self._window)
        dialog.accepted.connect(lambda: self.start(paths, options=dialog.options()))
        dialog.open()

    def start(
        self, paths: Sequence[Path], on_conflict: str = "refuse", *, options: Mapping[str, str] | None = None
    ) -> None:
        """Import these files and folders."""
        project = self._workspace.project
        if project is None or not paths:
            return
        if project.read_only:
            self._workspace.hint.emit(self.tr("This project is open for reading only."))
            return
        files = list(paths)
        progress = QProgressDialog(self.tr("Importing…"), self.tr("Stop"), 0, 1000, self._window)
        progress.setWindowModality(Qt.WindowModality.WindowModal)
        progress.setWindowTitle(self.tr("Add articles"))
        progress.setMinimumDuration(400)
        progress.setAutoClose(False)
        progress.setAutoReset(False)

        busy = self.tr("Articles are being imported. Wait until they are in, or stop the import.")

        def work(control: worker.Control) -> tuple[ImportReport, list[ChangeSet]]:
            from annotator.services.importing import import_files

            changes: list[ChangeSet] = []
            with project.elsewhere(busy) as other:
                other.subscribe(changes.append)
                report = import_files(
                    other,
                    files,
                    on_conflict=on_conflict,  # type: ignore[arg-type]
                    progress=lambda done, total: control.report(done, total),
                    cancel=lambda: control.cancelled,
                    options=options,
                )
            return report, changes

        def done(result: tuple[ImportReport, list[ChangeSet]]) -> None:
            _end(progress)
            report, changes = result
            for change in changes:
                project.announce(change)
            # When the lists have been painted: of very much each takes its time.
            QTimer.singleShot(0, self, lambda: self._tell(report, changes))

        def failed(error: Exception) -> None:
            _end(progress)
            if isinstance(error, Cancelled):
                self._workspace.hint.emit(str(error))
            elif isinstance(error, Conflict) and error.ids and on_conflict == "refuse":
                self._ask(files, error, options)
            else:
                from annotator.domain.errors import AnnotatorError
                from annotator.ui.dialogs.message import show_error

                if not isinstance(error, AnnotatorError):
                    raise error
                show_error(self._window, self.tr("Nothing was imported"), str(error))

        task = worker.run(work, done, failed, lambda now, total, _what: _advance(progress, now, total))
        progress.canceled.connect(task.cancel)

    def _ask(self, files: Sequence[Path], conflict: Conflict, options: Mapping[str, str] | None) -> None:
        """The same ids with other content: keep mine, or take theirs."""
        from annotator.ui.dialogs.import_report import ConflictDialog, describer

        assert self._workspace.project is not None
        describe = describer(self._workspace.project)
        dialog = ConflictDialog(str(conflict), conflict.ids, self._window, describe=describe)
        dialog.decided.connect(lambda choice: self.start(files, choice, options=options))
        dialog.open()

    def _tell(self, report: ImportReport, changes: list[ChangeSet]) -> None:
        new = sorted({id_ for change in changes for id_ in change.added.get("document", ())})
        remarks = bool(report.remarks)
        if remarks:
            from annotator.ui.dialogs.import_report import ImportReportDialog

            ImportReportDialog(report, self._window).open()
        marks = report.added["annotation"] + report.added["link"]
        count, told = len(new), (self.tr("1 article added."), self.tr("{n} articles added."))
        if not new and marks:
            # They went to articles that were there.
            count, told = marks, (self.tr("1 annotation added."), self.tr("{n} annotations and links added."))
        elif not new and not report.added and not report.replaced and report.skipped:
            told = ("", self.tr("Nothing new: all of it is in the project already."))
        self._workspace.hint.emit(told[0] if count == 1 else told[1].replace("{n}", str(count)))
        self.imported.emit(new)


def _advance(progress: QProgressDialog, done: int, total: int) -> None:
    if total and not progress.wasCanceled():
        progress.setValue(min(1000, int(done * 1000 / total)))


def _end(progress: QProgressDialog) -> None:
    progress.reset()
    progress.close()
    progress.deleteLater()
