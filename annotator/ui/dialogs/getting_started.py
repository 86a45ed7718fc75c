"""The first lesson, on one page: from an article to a whole attribution."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from annotator.ui import fonts
from annotator.ui.dialogs.base import Dialog
from annotator.ui.widgets import KeyCap, PlainLabel


class GettingStarted(Dialog):
    """Six steps, each with its keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Getting started"), parent, width=600)
        self.only_close()
        steps = (
            (self.tr("Add an article: choose files, drop them on the window, or paste a text."), ("Ctrl I",)),
            (
                self.tr("Select words with the keyboard or the mouse; the full stop widens the selection."),
                ("Shift ←→", "."),
            ),
            (self.tr("Press C to tag a claim: what is said, without the words that attribute it."), ("C",)),
            (
                self.tr("While the claim is active, tag its source and its cue: they are linked to it at once."),
                ("S", "Q"),
            ),
            (self.tr("If somebody reports what somebody said, tag the reporter with Shift and S."), ("Shift S",)),
            (self.tr("Actors are tagged with A. The same name becomes the same actor in every article."), ("A",)),
            (self.tr("Escape releases the claim; undo takes back any step, also after a restart."), ("Esc", "Ctrl Z")),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(1, 1)
        for number, (text, keys) in enumerate(steps, 1):
            count = PlainLabel(str(number), role="text3", font=fonts.ui(fonts.HEAD, fonts.SEMIBOLD, tabular=True))
            grid.addWidget(count, number, 0, Qt.AlignmentFlag.AlignTop)
            words = PlainLabel(text, font=fonts.ui(fonts.HEAD), wrap=True)
            words.setMinimumWidth(380)
            grid.addWidget(words, number, 1)
            caps = QHBoxLayout()
            caps.setSpacing(4)
            caps.addStretch(1)
            for key in keys:
                caps.addWidget(KeyCap(key))
            grid.addLayout(caps, number, 2, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(grid)
        self.body.addStretch(1)
        note = self.tr("There is nothing to save: every step is in the project file as soon as you make it.")
        self.body.addWidget(PlainLabel(note, role="text2", wrap=True))
        self.fit()
        self.ok_button.setFocus()
