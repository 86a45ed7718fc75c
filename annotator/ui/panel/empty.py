"""What the inspector says where nothing is active: which keys begin."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from annotator.domain.codebook import Codebook
from annotator.ui import fonts
from annotator.ui.panel import words
from annotator.ui.panel.bits import SIDE
from annotator.ui.widgets import Card, KeyCap, LayerSample, PlainLabel


class EmptyCard(Card):
    """One sentence and a short table of keys."""

    def __init__(self) -> None:
        super().__init__()
        self._state: object = None
        self._keys: Sequence[tuple[str, str]] = ()
        self._text = PlainLabel(role="text2", font=fonts.ui(13), wrap=True)
        self._table = QWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE, 12, SIDE, 14)
        column.setSpacing(10)
        column.addWidget(self._text)
        column.addWidget(self._table)
        self._column = column

    def set_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        """Further keys to show below the layers: key and what it does."""
        self._keys = tuple(keys)
        self._state = None

    def show_codebook(self, codebook: Codebook | None, *, has_document: bool, editable: bool) -> None:
        """Show the layers' keys of this codebook."""
        state = (codebook, has_document, editable, self._keys)
        if state == self._state:
            return
        self._state = state
        ready = codebook is not None and has_document
        if not ready:
            self._text.setText(self.tr("Open an article to read and tag it."))
        elif editable:
            self._text.setText(self.tr("Select words in the article, then press a key to tag them:"))
        else:
            self._text.setText(self.tr("This project is open for reading only. Click an annotation to see it here."))
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        if ready and editable and codebook is not None:
            for layer in codebook.layers:
                if layer.shortcut:
                    sample = LayerSample(layer, words.label(layer.name), font=fonts.serif(15))
                    self._add(grid, KeyCap(layer.shortcut), sample)
        for key, text in self._keys if ready else ():
            self._add(grid, KeyCap(key), PlainLabel(text, role="text2", font=fonts.ui(12), wrap=True))
        self._column.replaceWidget(self._table, table)
        self._table.hide()
        self._table.deleteLater()
        self._table = table
        table.setVisible(grid.count() > 0)

    @staticmethod
    def _add(grid: QGridLayout, cap: QWidget, text: QWidget) -> None:
        row = grid.rowCount()
        grid.addWidget(cap, row, 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading)
        grid.addWidget(text, row, 1, Qt.AlignmentFlag.AlignVCenter)
