"""What the search page shows where there are no hits: ready questions to begin with, or what to try instead."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.ui import fonts
from annotator.ui.search.narrow import Narrowing
from annotator.ui.widgets import PlainLabel, button

_WIDTH = 520


class Empty(QWidget):
    """A few sentences, and buttons that ask what this codebook can answer."""

    def __init__(self, narrowing: Narrowing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._narrowing = narrowing
        self._head = PlainLabel("", font=fonts.ui(fonts.HEAD, fonts.SEMIBOLD))
        self._text = PlainLabel("", role="text2", wrap=True)
        self._questions = QVBoxLayout()
        self._questions.setSpacing(4)
        self._made: list[QWidget] = []
        inner = QWidget()
        inner.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(inner)
        column.setContentsMargins(20, 40, 20, 20)
        column.setSpacing(10)
        column.addWidget(self._head)
        column.addWidget(self._text)
        column.addLayout(self._questions)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(inner, 4)
        row.addStretch(1)

    def refresh(self) -> None:
        """The codebook may answer other questions now."""
        for widget in self._made:
            self._questions.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._made = []
        for text, ask in self._narrowing.questions():
            push = button(text, role="flat", icon="search")
            push.clicked.connect(lambda _checked=False, ask=ask: ask())
            self._questions.addWidget(push, 0, Qt.AlignmentFlag.AlignLeading)
            self._made.append(push)

    def say(self, wrong: str, *, searching: bool, searched: bool) -> None:
        """What fits now."""
        if searching or wrong:
            head = text = ""
        elif searched:
            head = self.tr("Nothing found")
            text = self.tr("“Characters” finds parts of words too. Fewer filters, or begin* with a star, find more.")
        else:
            head = self.tr("Search all articles")
            text = self.tr(
                "Type words, or narrow the search to a status, a date, a layer, an entry, a coder or the value of a field."
                " Or ask one of these:"
            )
        self._head.setText(head)
        self._text.setText(text)
        self._head.setVisible(bool(head))
        self._text.setVisible(bool(head))
        for widget in self._made:
            widget.setVisible(bool(head) and not searched)
