"""Who made an annotation, when, and under which version of the codebook."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.domain.model import Annotation
from annotator.ui import fonts
from annotator.ui.dialogs.dates import moment
from annotator.ui.panel.desk import Desk
from annotator.ui.widgets import ElidedLabel


class MadeRow(QWidget):
    """A quiet line under everything else."""

    def __init__(self) -> None:
        super().__init__()
        self._label = ElidedLabel("", role="text3", font=fonts.ui(fonts.META, tabular=True))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._label)

    def text(self) -> str:
        """What it says."""
        return self._label.text()

    def bind(self, desk: Desk, annotation: Annotation) -> None:
        """Show it for an annotation."""
        project = desk.workspace.project
        if project is None:
            return
        stamp = annotation.modified or annotation.created
        version, now = project.coding.version_at(stamp), project.coding.version
        told = self.tr("codebook version {n}") if version == now else self.tr("codebook version {n} of {m}")
        told = told.replace("{n}", str(version)).replace("{m}", str(now))
        parts = (project.coder_named(annotation.coder_id), moment(stamp) if stamp else "", told)
        self._label.setText(" · ".join(part for part in parts if part))
