"""Export the project: a format and what it loses, a place, progress, and a way to stop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from annotator.domain.errors import AnnotatorError, Cancelled
from annotator.ui import fonts
from annotator.ui.dialogs.base import Dialog, RowHeight, line, with_button
from annotator.ui.dialogs.new_project import documents_folder, file_name
from annotator.ui.settings import settings
from annotator.ui.widgets import PlainLabel, ProgressLine, button
from annotator.ui.worker import Control, Task, run

if TYPE_CHECKING:
    from annotator.domain.exchange import Exporter
    from annotator.interchange.registry import Formats
    from annotator.ui.workspace import Workspace


_OWN = ("json", "jsonl")


class ExportDialog(Dialog):
    """Formats at the start, what the chosen one cannot hold beside it."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None, *, formats: Formats | None = None) -> None:
        super().__init__(self.tr("Export"), parent, ok=self.tr("Export"), width=620)
        from annotator.interchange.registry import Formats as Registered

        self._workspace = workspace
        self._formats = formats or Registered()
        self._task: Task[Path] | None = None
        self._touched = False
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Format"))
        self.list.setFixedWidth(210)
        RowHeight(self.list, 30)
        # What holds everything first, then by name.
        exporters = sorted(self._formats.exporters.values(), key=lambda e: (bool(e.loses), e.name not in _OWN, e.title))
        for exporter in exporters:
            item = QListWidgetItem(f"{exporter.title}  {exporter.extensions[0]}")
            item.setData(Qt.ItemDataRole.UserRole, exporter.name)
            self.list.addItem(item)
        self.loss_head = PlainLabel("", font=fonts.ui(fonts.HEAD, fonts.SEMIBOLD), wrap=True)
        self.loss = PlainLabel("", role="text2", wrap=True)
        self.loss.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop)
        beside = QVBoxLayout()
        beside.setSpacing(6)
        beside.addWidget(self.loss_head)
        beside.addWidget(self.loss, 1)
        middle = QHBoxLayout()
        middle.setSpacing(20)
        middle.addWidget(self.list)
        middle.addLayout(beside, 1)
        self.body.addLayout(middle, 1)
        self.path_line = line("", "", self._check)
        self.path_line.setAccessibleName(self.tr("File"))
        self.path_line.textEdited.connect(self._touch)
        choose = button(self.tr("Choose…"))
        choose.clicked.connect(self._choose)
        self.body.addWidget(PlainLabel(self.tr("File"), role="text2"))
        self.body.addWidget(with_button(self.path_line, choose))
        self.note = PlainLabel("", role="text3", font=fonts.ui(fonts.META), wrap=True)
        self.body.addWidget(self.note)
        self.progress = ProgressLine()
        self.progress.setAccessibleName(self.tr("Progress"))
        self.progress_box = QWidget()
        box = QVBoxLayout(self.progress_box)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        self.progress_text = PlainLabel("", role="text3", font=fonts.ui(fonts.META, tabular=True))
        box.addWidget(self.progress)
        box.addWidget(self.progress_text)
        self.progress_box.hide()
        self.body.addWidget(self.progress_box)
        self.list.currentRowChanged.connect(lambda _row: self._show_format())
        names = [exporter.name for exporter in exporters]
        self.list.setCurrentRow(names.index(settings().last_format) if settings().last_format in names else 0)
        if not names:
            self.tell(self.tr("There is no format to export to."))
            self.ok_button.setEnabled(False)
        self.list.setFocus()
        self.resize(620, 440)

    # What is chosen

    def exporter(self) -> Exporter | None:
        """The format that is chosen."""
        item = self.list.currentItem()
        return self._formats.exporters.get(item.data(Qt.ItemDataRole.UserRole)) if item is not None else None

    def path(self) -> Path:
        """Where to."""
        return Path(self.path_line.text().strip()).expanduser()

    def _show_format(self) -> None:
        exporter, project = self.exporter(), self._workspace.project
        if exporter is None or project is None:
            return
        if exporter.loses:
            self.loss_head.setText(self.tr("What it cannot hold"))
            self.loss.setText("\n".join(f"–  {sentence}" for sentence in exporter.loses))
        else:
            self.loss_head.setText(self.tr("Holds everything"))
            self.loss.setText(self.tr("Imported into an empty project it gives the same project again."))
        suffix = exporter.extensions[0]
        if self._touched and self.path_line.text().strip():
            path = self.path()
            known = {ending for other in self._formats.exporters.values() for ending in other.extensions}
            ending = max((known_ for known_ in known if path.name.lower().endswith(known_)), key=len, default="")
            stem = path.name[: len(path.name) - len(ending)]
            self.path_line.setText(str(path.with_name(stem + suffix) if ending and stem else path))
        else:
            folder = Path(settings().last_folder or documents_folder())
            stem = file_name(project.info.name).removesuffix(".annot") or "project"
            self.path_line.setText(QDir.toNativeSeparators(str(folder / (stem + suffix))))
        self._check()

    def _touch(self) -> None:
        self._touched = True

    def _choose(self) -> None:
        exporter = self.exporter()
        if exporter is None:
            return
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Export"),
            str(self.path()),
            f"{exporter.title} (*{exporter.extensions[0]})",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if chosen:
            self._touched = True
            self.path_line.setText(chosen)

    def _check(self) -> None:
        if self._task is not None:
            return
        text = self.path_line.text().strip()
        self.ok_button.setEnabled(bool(text) and self.exporter() is not None)
        there = bool(text) and self.path().is_file()
        self.ok_button.setText(self.tr("Replace") if there else self.tr("Export"))
        self.note.setText(self.tr("This file is there already; exporting replaces it.") if there else "")

    # The work

    def save(self) -> bool:
        """Begin; the dialog closes when the file is there."""
        exporter, project = self.exporter(), self._workspace.project
        if exporter is None or project is None or self._task is not None:
            return False
        path, name = self.path(), exporter.name

        def work(control: Control) -> Path:
            from annotator.services.exporting import export_file

            with project.elsewhere() as other:
                export_file(other, path, name, control.report, lambda: control.cancelled, formats=self._formats)
            return path

        self._set_working(True)
        self._task = run(work, self._done, self._failed, self._advance)
        return False

    def _set_working(self, working: bool) -> None:
        for widget in (self.list, self.path_line, self.ok_button):
            widget.setEnabled(not working)
        self.progress_box.setVisible(working)
        self.progress.setValue(0)
        self.progress_text.setText("")
        self.cancel_button.setText(self.tr("Stop") if working else self.tr("Cancel"))
        if working:
            self.cancel_button.setFocus()

    def _advance(self, done: int, total: int, _what: str) -> None:
        self.progress.setValue(done / total if total else 0)
        self.progress_text.setText(
            self.tr("{done} of {total} articles").replace("{done}", str(done)).replace("{total}", str(total))
        )

    def _done(self, path: Path) -> None:
        self._task = None
        settings().last_folder = str(self.path().parent)
        exporter = self.exporter()
        if exporter is not None:
            settings().last_format = exporter.name
        self._workspace.hint.emit(self.tr("Exported to {path}").replace("{path}", str(path)))
        self.accept()

    def _failed(self, error: Exception) -> None:
        self._task = None
        self._set_working(False)
        self._check()
        if isinstance(error, Cancelled):
            self.tell(self.tr("Stopped. Nothing was written."))
        elif isinstance(error, AnnotatorError):
            self.tell(str(error))
        else:
            self.tell(self.tr("The export failed."))
            raise error

    def reject(self) -> None:
        """Stop the work, or close."""
        if self._task is not None:
            self._task.cancel()
        else:
            super().reject()

    def done(self, result: int) -> None:
        """Leave no work behind."""
        if self._task is not None:
            self._task.drop()
            self._task = None
        super().done(result)
