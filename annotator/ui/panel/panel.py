"""Inspector above, outline below, with a handle between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSplitter, QVBoxLayout, QWidget

from annotator.ui.panel.inspector import Inspector
from annotator.ui.panel.outline import Outline
from annotator.ui.panel.parts import in_order, step_from, step_out

if TYPE_CHECKING:
    from annotator.ui.workspace import Workspace

WIDTH = 372
LEAST_WIDTH = 292


class Panel(QWidget):
    """The annotation panel of the main window."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.inspector = Inspector(workspace)
        self.outline = Outline(workspace)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        self.splitter.addWidget(self.inspector)
        self.splitter.addWidget(self.outline)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([560, 260])
        self.inspector.setMinimumHeight(160)
        self.outline.setMinimumHeight(130)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.splitter)
        self.setMinimumWidth(LEAST_WIDTH)
        self.setAccessibleName(self.tr("Annotations"))

    def focus_inspector(self) -> None:
        """Give the keyboard to the inspector."""
        self.inspector.focus_first()

    def focus_outline(self) -> None:
        """Give the keyboard to the outline."""
        self.outline.focus_tree()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes from top to bottom, and leaves the panel at its ends."""
        focus = QApplication.focusWidget()
        return (
            step_from(focus, in_order(self.splitter), forward)
            or step_out(focus, self, forward)
            or super().focusNextPrevChild(forward)
        )

    def flush(self) -> None:
        """Store what is half-typed; call it before the project closes."""
        self.inspector.flush()
