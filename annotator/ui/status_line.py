"""The line at the foot of the window: saved, what undo would take back, a hint, the place, the document, the coder."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from annotator.domain.changes import StepInfo
from annotator.ui import fonts, icons, theme
from annotator.ui.steps import step_text
from annotator.ui.widgets import ElidedLabel, PlainLabel


class StatusLine(QWidget):
    """Five small texts. A hint stays for some seconds, then the line is quiet again."""

    undo_requested = Signal()
    coder_requested = Signal()

    HEIGHT = 26
    HINT_STAYS = 6000

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(self.HEIGHT)
        small = fonts.ui(11.5, tabular=True)
        self._saved = QToolButton()
        self._undo = QToolButton()
        self._coder = QToolButton()
        for tool in (self._saved, self._undo, self._coder):
            tool.setFont(small)
            tool.setAutoRaise(True)
            tool.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            tool.setIconSize(QSize(13, 13))
            tool.setFixedHeight(22)
            tool.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._coder.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._undo.setIcon(icons.icon("undo"))
        self._undo.clicked.connect(self.undo_requested)
        self._coder.clicked.connect(self.coder_requested)
        self._hint = ElidedLabel(role="ink", font=small)
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._place = PlainLabel(role="text2", font=small)
        self._document = PlainLabel(role="text2", font=small)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 12, 0)
        row.setSpacing(10)
        row.addWidget(self._saved)
        row.addWidget(self._undo)
        row.addWidget(self._hint, 1)
        row.addWidget(self._place)
        row.addWidget(self._document)
        row.addWidget(self._coder)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(self.HINT_STAYS)
        self._timer.timeout.connect(lambda: self._hint.setText(""))
        self.show_saved("")
        self.show_undo(None)
        self.show_place("", "", "")

    def show_saved(self, read_only_reason: str) -> None:
        """All is saved, always; or the project is open for reading only, and why."""
        reason = read_only_reason
        self._saved.setIcon(icons.icon("note" if reason else "check"))
        self._saved.setText(self.tr("Read-only") if reason else self.tr("All changes saved"))
        self._saved.setToolTip(reason[:1].upper() + reason[1:] + "." if reason else "")
        self._saved.setAccessibleName(self._saved.text())

    def show_undo(self, step: StepInfo | None, words: str = "") -> None:
        """What undo would take back, and the words that it tagged."""
        text = self.tr("Undo: {step}").replace("{step}", step_text(step, words)) if step else ""
        metrics = self._undo.fontMetrics()
        self._undo.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, 260))
        self._undo.setToolTip(text)
        self._undo.setVisible(step is not None)

    def show_place(self, place: str, document: str, coder: str) -> None:
        """Where the caret or the active annotation is, which document, and who codes."""
        self._place.setText(place)
        self._document.setText(document)
        self._coder.setText(self.tr("Coder: {name}").replace("{name}", coder) if coder else "")
        for widget, text in ((self._place, place), (self._document, document), (self._coder, coder)):
            widget.setVisible(bool(text))

    def show_hint(self, text: str) -> None:
        """A short message that goes by itself."""
        self._hint.setText(text)
        self._timer.start()

    def hint_text(self) -> str:
        """The message that is shown now."""
        return self._hint.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A hairline at the top."""
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, theme.current().line)
        painter.end()


def counted(number: int) -> str:
    """A number with the separators of the user's language."""
    return QLocale().toString(number)
