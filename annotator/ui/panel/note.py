"""The note of an annotation or a link: several lines, saved when the keyboard leaves it or on Ctrl+Enter."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QWidget

from annotator.ui import fonts
from annotator.ui.panel.bits import LABEL_GAP, LABEL_WIDTH
from annotator.ui.panel.target import Target, editable
from annotator.ui.widgets import ElidedLabel

_LEAST, _MOST = 2, 9  # lines


class NoteEdit(QPlainTextEdit):
    """A text field as high as its text, between two and nine lines."""

    def __init__(self) -> None:
        super().__init__()
        self._target: Target | None = None
        self._stored = ""
        self.setProperty("role", "field")
        self.setFont(fonts.ui())
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Note"))
        self.setPlaceholderText(self.tr("Write a note"))
        self.textChanged.connect(self._fit)
        self._fit()

    def bind(self, target: Target) -> None:
        """Show and edit the note of this annotation or link; what is half-typed for another is stored first."""
        if self._target is not None and self._target.id != target.id:
            self.flush()
            self.document().setModified(False)
        self._target = target
        self.setReadOnly(not editable(target.workspace))
        stored, self._stored = self._stored, target.note
        if self.document().isModified() and stored == target.note:
            return
        if self.toPlainText() != target.note:
            self.setPlainText(target.note)
        self.document().setModified(False)

    def flush(self) -> None:
        """Store what is typed, in one step."""
        if self._target is not None and self.document().isModified():
            self.document().setModified(False)
            self._stored = self.toPlainText()
            self._target.set_note(self.toPlainText())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Store when the keyboard leaves, but not for a menu that opens over it."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.flush()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter stores."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.flush()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """As high as it is set to be."""
        return QSize(120, self.height())

    def minimumSizeHint(self) -> QSize:
        """It may be narrow."""
        return QSize(60, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines break anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        lines = 0
        block = self.document().firstBlock()
        while block.isValid() and lines < _MOST:
            lines += max(1, block.layout().lineCount())
            block = block.next()
        line = self.fontMetrics().lineSpacing() + 1
        height = min(_MOST, max(_LEAST, lines)) * line + 17
        if height != self.minimumHeight():
            self.setFixedHeight(height)


class NoteRow(QWidget):
    """The name beside the note."""

    def __init__(self) -> None:
        super().__init__()
        self.edit = NoteEdit()
        label = ElidedLabel(self.tr("Note"), role="text2")
        label.setFixedSize(LABEL_WIDTH, 30)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(LABEL_GAP)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.edit, 1)

    def bind(self, target: Target) -> None:
        """Show the note of this annotation or link."""
        self.edit.bind(target)

    def flush(self) -> None:
        """Store what is half-typed."""
        self.edit.flush()
