"""Before an import: what will come, which column is what, and what the file names tell. Nothing is changed by looking."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QHeaderView, QListWidget, QPlainTextEdit, QTreeWidget, QTreeWidgetItem, QWidget

from annotator.domain.errors import AnnotatorError, Cancelled
from annotator.ui import fonts
from annotator.ui.dialogs.base import Dialog, RowHeight
from annotator.ui.dialogs.import_columns import ColumnsBox
from annotator.ui.dialogs.import_names import NamesBox
from annotator.ui.settings import settings
from annotator.ui.widgets import PlainLabel, ProgressLine
from annotator.ui.worker import Control, Task, run

if TYPE_CHECKING:
    from annotator.services.previewing import Coming, Preview
    from annotator.ui.workspace import Workspace

_AFTER_A_KEY = 350  # ms that a pattern is left alone before the files are looked into again


class ImportPreviewDialog(Dialog):
    """Once it is accepted, `options()` says how to import."""

    def __init__(self, workspace: Workspace, paths: Sequence[Path], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Add articles"), parent, ok=self.tr("Add"), width=760)
        assert workspace.project is not None
        self._project = workspace.project
        self._paths = [Path(path) for path in paths]
        self._task: Task[Preview] | None = None
        self._kept_names = False
        self.summary = PlainLabel(self.tr("Looking into the files…"), role="text2", wrap=True)
        self.progress = ProgressLine()
        self.progress.setAccessibleName(self.tr("Progress"))
        self.list = QTreeWidget()
        self.list.setAccessibleName(self.tr("Articles that will come"))
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        RowHeight(self.list, 26)
        self.list.setHeaderLabels([self.tr("Title"), self.tr("Date"), self.tr("Outlet"), self.tr("Characters")])
        header = self.list.header()
        header.setStretchLastSection(False)
        for column in range(4):
            fits = QHeaderView.ResizeMode.ResizeToContents if column else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(column, fits)
        self.list.setMinimumHeight(110)
        self.start = QPlainTextEdit()
        self.start.setReadOnly(True)
        self.start.setTabChangesFocus(True)
        self.start.setFont(fonts.serif(14))
        self.start.setFixedHeight(76)
        self.start.setAccessibleName(self.tr("First lines"))
        self.columns = ColumnsBox()
        self.names = NamesBox()
        self.headline = QCheckBox(self.tr("Put the headline above the text, so that it can be tagged"))
        self.headline.setChecked(settings().import_headline)
        self.left_out_head = PlainLabel("", role="text2", wrap=True)
        self.left_out = QListWidget()
        self.left_out.setAccessibleName(self.tr("Remarks"))
        self.left_out.setMaximumHeight(60)
        RowHeight(self.left_out, 24)
        self.body.addWidget(self.summary)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.list, 1)
        for widget in (self.start, self.columns, self.names, self.headline, self.left_out_head, self.left_out):
            self.body.addWidget(widget)
        for hidden in (self.headline, self.left_out_head, self.left_out):
            hidden.hide()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AFTER_A_KEY)
        self._again.timeout.connect(self.look)
        self.list.currentItemChanged.connect(lambda now, _before: self._show_start(now))
        self.columns.changed.connect(self._later)
        self.names.changed.connect(self._later)
        self.headline.toggled.connect(lambda _on: self._later())
        self.ok_button.setEnabled(False)
        self.resize(760, 620)
        self.list.setFocus()  # the first button would have it otherwise, and Enter would throw away what was chosen
        self.look()

    def options(self) -> dict[str, str]:
        """How to read the files."""
        wanted = {**self.columns.options(), **self.names.options()}
        if self.headline.isChecked() and not self.headline.isHidden():
            wanted["headline"] = "yes"
        return wanted

    # Looking

    def look(self) -> None:
        """Read the files as they would be imported now, in a worker."""
        self._again.stop()
        if self._task is not None:
            self._task.drop()
        project, paths, options = self._project, self._paths, self.options()

        def work(control: Control) -> Preview:
            from annotator.services.previewing import preview_files

            with project.elsewhere() as other:
                return preview_files(other, paths, options, control.report, lambda: control.cancelled)

        self.progress.setValue(0)
        self.progress.show()
        self._task = run(work, self._show, self._failed, lambda done, total, _what: self._advance(done, total))

    def _later(self) -> None:
        error = self.names.error()
        self.tell(error)
        self.ok_button.setEnabled(False)
        if not error:
            self._again.start()

    def _advance(self, done: int, total: int) -> None:
        self.progress.setValue(done / total if total else 0)

    def _failed(self, error: Exception) -> None:
        self._task = None
        self.progress.hide()
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, AnnotatorError):
            raise error
        self.summary.setText("")
        self.tell(str(error))

    def _show(self, found: Preview) -> None:
        self._task = None
        self.progress.hide()
        for table in found.tables.values():
            before = self.options()
            self.columns.show_table(table)
            if self.options() != before:
                # What was chosen for such a table before is not what the guess showed.
                self._again.start()
            break
        if found.takes_pattern:
            before = self.options()
            self.headline.show()
            self.names.show_paths([Path(line.path) for line in found.coming] or self._paths)
            if self.options() != before:
                self._again.start()
        self.summary.setText(self._summed_up(found))
        self._fill(found)
        self._show_remarks(found)
        worth = found.documents > found.known or found.annotations or found.further or not found.whole
        self.ok_button.setEnabled(bool(worth) and not self._again.isActive())
        if self.ok_button.isEnabled() and not self.isAncestorOf(self.focusWidget()):
            self.ok_button.setFocus()

    def _summed_up(self, found: Preview) -> str:
        one, many = self.tr("1 article"), self.tr("{n} articles")
        new = found.documents - found.known
        text = one if new == 1 else many.replace("{n}", QLocale().toString(new))
        if not found.whole:
            text = self.tr("At least {articles}").replace("{articles}", text)
        files = self.tr("1 file") if found.files == 1 else self.tr("{n} files").replace("{n}", str(found.files))
        parts = [self.tr("{articles} from {files}").replace("{articles}", text).replace("{files}", files)]
        if found.formats:
            parts.append(", ".join(found.formats))
        if found.annotations:
            parts.append(self.tr("{n} annotations").replace("{n}", QLocale().toString(found.annotations)))
        if found.known:
            parts.append(self.tr("{n} are in the project already").replace("{n}", QLocale().toString(found.known)))
        return " · ".join(parts)

    def _fill(self, found: Preview) -> None:
        self.list.clear()
        items = []
        for line in found.coming:
            item = QTreeWidgetItem([line.title, line.date, line.outlet, QLocale().toString(line.length)])
            item.setData(0, Qt.ItemDataRole.UserRole, line)
            item.setTextAlignment(3, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setToolTip(0, line.path)
            if line.known and line.annotations:
                # What is new among them will be added to the article that is there.
                known = self.tr("there already; annotations: {n}").replace("{n}", QLocale().toString(line.annotations))
                item.setText(0, f"{line.title} – {known}")
            elif line.known:
                known = self.tr("there already, as “{title}”").replace("{title}", line.known)
                item.setText(0, f"{line.title} – {known}")
                item.setDisabled(True)
            items.append(item)
        self.list.addTopLevelItems(items)
        if items:
            self.list.setCurrentItem(items[0])
        else:
            self.start.clear()

    def _show_start(self, item: QTreeWidgetItem | None) -> None:
        line: Coming | None = item.data(0, Qt.ItemDataRole.UserRole) if item is not None else None
        self.start.setPlainText(line.start if line is not None else "")

    def _show_remarks(self, found: Preview) -> None:
        self.left_out.clear()
        kinds = {"skipped": self.tr("Left out"), "mended": self.tr("Mended"), "lost": self.tr("Lost")}
        for remark in found.remarks[:500]:
            name = Path(remark.where).name
            text = remark.text.replace(remark.where, name)
            self.left_out.addItem(f"{kinds.get(remark.kind, '')}: {text if name in text else f'{name}: {text}'}")
        skipped = sum(1 for remark in found.remarks if remark.kind == "skipped")
        self.left_out_head.setText(
            self.tr("{n} will be left out; the reasons are below.").replace("{n}", str(skipped)) if skipped else ""
        )
        self.left_out_head.setVisible(bool(skipped))
        self.left_out.setVisible(bool(found.remarks))

    # The end

    def save(self) -> bool:
        """Remember what was chosen; who opened the dialog imports."""
        self.columns.remember()
        if not self.names.isHidden():
            self.names.remember()
            settings().import_headline = self.headline.isChecked()
        return True

    def done(self, result: int) -> None:
        """Leave no work behind."""
        self._again.stop()
        if self._task is not None:
            self._task.drop()
            self._task = None
        super().done(result)
