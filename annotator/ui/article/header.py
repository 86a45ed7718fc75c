"""The head of the article: title, where and when it appeared, how far it is coded."""

from __future__ import annotations

from PySide6.QtCore import QDate, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from annotator.domain.model import Document
from annotator.ui import fonts, icons, theme
from annotator.ui.widgets import ElidedLabel, button

STATUS_ICON = {"new": "status-new", "in progress": "status-progress", "done": "status-done"}


class Header(QWidget):
    """Title, one line of details, and the button that marks the article done."""

    done_requested = Signal()
    details_requested = Signal()

    HEIGHT = 62

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(self.HEIGHT)
        self._document: Document | None = None
        self._words: int | None = 0
        self._title = ElidedLabel(font=fonts.serif(20, fonts.SEMIBOLD))
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._status = QLabel()
        self._status.setFixedSize(14, 14)
        self._details = ElidedLabel(role="text2", font=fonts.ui(12, tabular=True))
        self._details.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.done = button(self.tr("Mark done"), icon="check")
        self.done.clicked.connect(self.done_requested)
        lines = QVBoxLayout()
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(1)
        lines.addStretch()
        lines.addWidget(self._title)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self._status)
        line.addWidget(self._details, 1)
        lines.addLayout(line)
        lines.addStretch()
        self._row = QHBoxLayout(self)
        self._row.setSpacing(16)
        self._row.addLayout(lines, 1)
        self._row.addWidget(self.done)
        self.set_gutter(104)
        self._painted: dict[tuple[object, ...], QPixmap] = {}
        theme.notifier.changed.connect(self._show)
        self._show()  # nothing to mark done before there is an article

    def set_gutter(self, start: int) -> None:
        """Begin where the text begins."""
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self._row.setContentsMargins(20 if rtl else start, 0, start if rtl else 20, 0)

    def show_document(self, document: Document | None, words: int | None) -> None:
        """Show a document's title and details; None shows an empty head. `words` may not be known yet."""
        self._document, self._words = document, words
        self._show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paper, with a hairline below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().paper)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.current().line)
        painter.end()

    def sizeHint(self) -> QSize:
        """As high as the design says."""
        return QSize(400, self.HEIGHT)

    def _show(self) -> None:
        document = self._document
        self.done.setVisible(document is not None)
        self._status.setVisible(document is not None)
        if document is None:
            self._title.setText("")
            self._details.setText("")
            return
        self._title.setText(document.title)
        status = {
            "new": self.tr("New"),
            "in progress": self.tr("In progress"),
            "done": self.tr("Done"),
        }[document.status]
        one, many = self.tr("1 word"), self.tr("{n} words")
        words = one if self._words == 1 else many.replace("{n}", QLocale().toString(self._words or 0))
        words = "" if self._words is None else words
        parts = [status, str(document.metadata.get("outlet", "")), shown_date(document.metadata.get("date", "")), words]
        self._details.setText("  ·  ".join(part for part in parts if part))
        look = (document.status, theme.current().name, self.devicePixelRatioF(), self.layoutDirection())
        if look not in self._painted:  # painted once each: every new picture would stay in Qt's cache for a while
            self._painted[look] = icons.pixmap(STATUS_ICON[document.status], 14, "text2")
        self._status.setPixmap(self._painted[look])
        done = document.status == "done"
        self.done.setText(self.tr("Reopen") if done else self.tr("Mark done"))
        self.done.setToolTip(
            self.tr("Set the status back") if done else self.tr("Mark done and go to the next article")
        )


def shown_date(value: object) -> str:
    """An ISO date as people read it in their language; other texts as they are."""
    text = str(value or "")
    date = QDate.fromString(text, "yyyy-MM-dd")
    return QLocale().toString(date, "d MMMM yyyy") if date.isValid() else text
