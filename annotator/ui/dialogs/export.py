"""Export the project: a format and what it loses, what of the project goes out, a place, progress, and a way to stop."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QLocale, Qt, QTimer
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.errors import AnnotatorError, Cancelled
from annotator.ui import fonts
from annotator.ui.dialogs.base import Dialog, RowHeight, line, with_button
from annotator.ui.dialogs.export_part import PartForm
from annotator.ui.dialogs.new_project import documents_folder, file_name
from annotator.ui.settings import settings
from annotator.ui.widgets import PlainLabel, ProgressLine, button
from annotator.ui.worker import Control, Task, run

if TYPE_CHECKING:
    from annotator.domain.exchange import Exporter
    from annotator.domain.extract import Extract
    from annotator.interchange.registry import Formats
    from annotator.services.extracting import Amount
    from annotator.ui.workspace import Workspace


_OWN = ("json", "jsonl")
_REMEMBERED = 20
"""Projects whose choices are remembered."""
_AFTER_A_KEY = 200  # ms that the wishes are left alone before what goes out is counted


class ExportDialog(Dialog):
    """Formats at the start, what the chosen one cannot hold beside it."""

    def __init__(
        self,
        workspace: Workspace,
        parent: QWidget | None = None,
        *,
        formats: Formats | None = None,
        selected: Sequence[str] = (),
    ) -> None:
        """`selected`: the articles that are selected in the list."""
        super().__init__(self.tr("Export"), parent, ok=self.tr("Export"), width=720)
        from annotator.interchange.registry import Formats as Registered

        assert workspace.project is not None
        self._workspace = workspace
        self._project = workspace.project
        self._formats = formats or Registered()
        self._task: Task[Path] | None = None
        self._counting: Task[tuple[Amount, Amount]] | None = None
        self._wrong = ""
        self._touched = False
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Format"))
        self.list.setFixedWidth(232)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
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
        open_id = workspace.document.id if workspace.document is not None else ""
        self.part = PartForm(self._project.codebook, self._project.store.coders(), open_id, selected)
        self.part.changed.connect(self._part_changed)
        inside = QWidget()
        beside = QVBoxLayout(inside)
        beside.setContentsMargins(0, 0, 12, 0)
        beside.setSpacing(6)
        beside.addWidget(self.part)
        beside.addSpacing(10)
        beside.addWidget(self.loss_head)
        beside.addWidget(self.loss)
        beside.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inside)
        middle = QHBoxLayout()
        middle.setSpacing(20)
        middle.addWidget(self.list)
        middle.addWidget(self.area, 1)
        self.body.addLayout(middle, 1)
        self.amount = PlainLabel("", role="text2", wrap=True)
        self.body.addWidget(self.amount)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AFTER_A_KEY)
        self._timer.timeout.connect(self._count)
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
        self.part.restore(settings().export_parts.get(self._project.info.id, {}))
        self._count()
        self.list.setFocus()
        self.resize(720, 620)

    # What is chosen

    def exporter(self) -> Exporter | None:
        """The format that is chosen."""
        item = self.list.currentItem()
        return self._formats.exporters.get(item.data(Qt.ItemDataRole.UserRole)) if item is not None else None

    def path(self) -> Path:
        """Where to."""
        return Path(self.path_line.text().strip()).expanduser()

    def _show_format(self) -> None:
        exporter = self.exporter()
        if exporter is None:
            return
        self.part.can_leave_texts(bool(getattr(exporter, "textless", False)))
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
            stem = file_name(self._project.info.name).removesuffix(".annot") or "project"
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
        self.ok_button.setEnabled(bool(text) and self.exporter() is not None and not self._wrong)
        there = bool(text) and self.path().is_file()
        self.ok_button.setText(self.tr("Replace") if there else self.tr("Export"))
        self.note.setText(self.tr("This file is there already; exporting replaces it.") if there else "")
        self.note.setVisible(there)

    # How much goes out

    def _part_changed(self) -> None:
        self._timer.start()

    def _count(self) -> None:
        """Count in the background what the wishes choose."""
        self._timer.stop()
        if self._counting is not None:
            self._counting.drop()
            self._counting = None
        try:
            wish = self.part.extract()
        except AnnotatorError as error:
            self._not_counted(error)
            return
        project = self._project

        def work(_control: Control) -> tuple[Amount, Amount]:
            from annotator.domain.extract import Extract as Wish
            from annotator.services.extracting import amount

            with project.elsewhere() as other:
                return amount(other, wish), amount(other, Wish())

        self._counting = run(work, lambda found: self._counted(wish, *found), self._not_counted)

    def _counted(self, wish: Extract, part: Amount, all_: Amount) -> None:
        self._counting = None
        number = QLocale().toString
        told = (
            self.tr("Goes out: {some} of {all} articles, {tagged} of {of} annotations.")
            .replace("{some}", number(part.documents))
            .replace("{all}", number(all_.documents))
            .replace("{tagged}", number(part.annotations))
            .replace("{of}", number(all_.annotations))
        )
        self._wrong = "" if part.documents or not wish.picks_documents else self.tr("No article is as wished.")
        self._tell_amount(self._wrong or told)

    def _not_counted(self, error: Exception) -> None:
        self._counting = None
        if not isinstance(error, AnnotatorError):
            raise error
        self._wrong = str(error)
        self._tell_amount(self._wrong)

    def _tell_amount(self, text: str) -> None:
        self.amount.setRole("conflict" if self._wrong else "text2")
        self.amount.setText(text)
        self.amount.setAccessibleName(text)
        self._check()

    # The work

    def save(self) -> bool:
        """Begin; the dialog closes when the file is there."""
        exporter, project = self.exporter(), self._project
        if exporter is None or self._task is not None:
            return False
        path, name, wish = self.path(), exporter.name, self.part.extract()

        def work(control: Control) -> Path:
            from annotator.services.exporting import export_file

            with project.elsewhere() as other:
                export_file(
                    *(other, path, name, control.report, lambda: control.cancelled), formats=self._formats, extract=wish
                )
            return path

        self._set_working(True)
        self._task = run(work, self._done, self._failed, self._advance)
        return False

    def _set_working(self, working: bool) -> None:
        for widget in (self.list, self.part, self.path_line, self.ok_button):
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
        parts = {id_: kept for id_, kept in settings().export_parts.items() if id_ != self._project.info.id}
        settings().export_parts = dict([*parts.items(), (self._project.info.id, self.part.state())][-_REMEMBERED:])
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
        self._timer.stop()
        for task in (self._task, self._counting):
            if task is not None:
                task.drop()
        self._task = self._counting = None
        super().done(result)
