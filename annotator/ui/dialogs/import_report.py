"""After an import: what was taken, what was left out and why. Before it: what to do where both sides differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QTreeWidget, QTreeWidgetItem, QWidget

from annotator.domain.model import covered
from annotator.ui import fonts
from annotator.ui.dialogs.base import Dialog, RowHeight
from annotator.ui.widgets import PlainLabel, button

if TYPE_CHECKING:
    from annotator.services.importing import ImportReport
    from annotator.services.project import Project

_MOST = 2000  # lines shown; the rest is counted


class ImportReportDialog(Dialog):
    """Counts on top, one line a remark below."""

    def __init__(self, report: ImportReport, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Import report"), parent, width=620)
        self.only_close()
        counts = (
            (self.tr("Added"), report.added),
            (self.tr("Replaced"), report.replaced),
            (self.tr("Kept as in the project"), report.kept),
            (self.tr("Skipped, the same is there"), report.skipped),
        )
        form = self.add_form()
        for label, counter in counts:
            if counter:
                form.addRow(PlainLabel(label, role="text2"), PlainLabel(self._counted(counter), wrap=True))
        if not form.rowCount():
            self.body.addWidget(PlainLabel(self.tr("Nothing new.")))
        self.remarks = QTreeWidget()
        self.remarks.setRootIsDecorated(False)
        self.remarks.setUniformRowHeights(True)
        RowHeight(self.remarks, 26)
        self.remarks.setHeaderLabels([self.tr("Kind"), self.tr("File"), self.tr("What")])
        self.remarks.setAccessibleName(self.tr("Remarks"))
        kinds = {"skipped": self.tr("Skipped"), "mended": self.tr("Mended"), "lost": self.tr("Lost")}
        for remark in report.remarks[:_MOST]:
            item = QTreeWidgetItem([kinds.get(remark.kind, remark.kind), Path(remark.where).name, remark.text])
            item.setToolTip(1, remark.where)
            item.setToolTip(2, remark.text)
            self.remarks.addTopLevelItem(item)
        if report.remarks:
            self.remarks.resizeColumnToContents(0)
            self.remarks.setColumnWidth(1, 170)
            self.body.addWidget(self.remarks, 1)
            more = len(report.remarks) - _MOST
            if more > 0:
                self.body.addWidget(PlainLabel(self.tr("And {n} more.").replace("{n}", str(more)), role="text3"))
            self.resize(620, 420)
        else:
            self.body.addStretch(1)
            self.fit()
        self.body.addWidget(
            PlainLabel(self.tr("The import is one step: undo takes all of it back."), role="text3", wrap=True)
        )
        self.ok_button.setFocus()

    def _counted(self, counts: Counter[str]) -> str:
        names = {
            "document": (self.tr("1 article"), self.tr("{n} articles")),
            "annotation": (self.tr("1 annotation"), self.tr("{n} annotations")),
            "link": (self.tr("1 link"), self.tr("{n} links")),
            "entry": (self.tr("1 entry"), self.tr("{n} entries")),
            "coder": (self.tr("1 coder"), self.tr("{n} coders")),
            "layer": (self.tr("1 layer"), self.tr("{n} layers")),
            "link type": (self.tr("1 link type"), self.tr("{n} link types")),
            "registry": (self.tr("1 registry"), self.tr("{n} registries")),
            "saved search": (self.tr("1 saved search"), self.tr("{n} saved searches")),
        }
        parts = []
        for kind, count in counts.items():
            one, many = names.get(kind, (f"1 {kind}", f"{{n}} {kind}"))
            parts.append(one if count == 1 else many.replace("{n}", str(count)))
        return ", ".join(parts)


class ConflictDialog(Dialog):
    """The same ids with other content: keep mine, or take theirs. Nothing is chosen for the user."""

    decided = Signal(str)
    """“mine” or “theirs”."""

    def __init__(
        self,
        message: str,
        ids: tuple[str, ...],
        parent: QWidget | None = None,
        *,
        describe: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__(self.tr("The file and the project differ"), parent, ok=self.tr("Keep mine"), width=560)
        self.body.addWidget(PlainLabel(message, role="text2", font=fonts.ui(fonts.HEAD), wrap=True))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("What differs"))
        RowHeight(self.list, 26)
        for id_ in ids[:_MOST]:
            text = describe(id_) if describe is not None else id_
            self.list.addItem(text)
        self.list.setMinimumHeight(120)
        self.body.addWidget(self.list, 1)
        if len(ids) > _MOST:
            self.body.addWidget(
                PlainLabel(self.tr("And {n} more.").replace("{n}", str(len(ids) - _MOST)), role="text3")
            )
        self.body.addWidget(
            PlainLabel(
                self.tr("Whichever you choose, what is new comes in, and undo takes the import back."),
                role="text3",
                wrap=True,
            )
        )
        self.theirs_button = button(self.tr("Take theirs"))
        self.theirs_button.clicked.connect(lambda: self._decide("theirs"))
        self.buttons.insertWidget(self.buttons.indexOf(self.ok_button), self.theirs_button)
        self.ok_button.setDefault(False)
        self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.resize(560, 380)

    def save(self) -> bool:
        """Keep what the project has."""
        self.decided.emit("mine")
        return True

    def _decide(self, choice: str) -> None:
        self.decided.emit(choice)
        self.accept()


def describer(project: Project) -> Callable[[str], str]:
    """Says what an id of the project stands for, in words: “Claim “…” in …”."""

    def describe(id_: str) -> str:
        for annotation in project.documents.annotations_by_id([id_]):
            text = covered(project.documents.text(annotation.document_id), annotation.fragments)
            layer = project.codebook.layers_by_id.get(annotation.layer_id)
            name = layer.name if layer is not None else ""
            return f"{name} “{' '.join(text.split())[:80]}” · {_title(annotation.document_id)}"
        for link in project.documents.links_by_id([id_]):
            kind = project.codebook.link_types_by_id.get(link.type_id)
            return f"{kind.name if kind is not None else ''} · {_title(link.document_id)}"
        entry = project.entries.get_many([id_]).get(id_)
        return entry.name if entry is not None else _title(id_)

    def _title(document_id: str) -> str:
        row = project.documents.row(document_id)
        return row.title if row is not None else document_id

    return describe
