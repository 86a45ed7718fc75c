"""A quiet proposal under the entry of a claim that nobody else has made yet: that it is the same as one already there."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from annotator.domain.model import Annotation, Entry
from annotator.ui import fonts, theme
from annotator.ui.later import Later
from annotator.ui.panel.bits import LABEL_GAP, LABEL_WIDTH
from annotator.ui.panel.chips import PressButton
from annotator.ui.panel.desk import Desk
from annotator.ui.widgets import ElidedLabel, IconButton, paint_key
from annotator.ui.widgets.keycap import key_width

KEY = "="
_WAIT = 120  # milliseconds: claims that one passes by ask for nothing
_SIDE = 6


class SameButton(PressButton):
    """The words of the other claim, and the key that takes it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty("focusRadius", 5.0)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(120, 24)

    def minimumSizeHint(self) -> QSize:
        """The words may be cut."""
        return QSize(60, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Quiet words with a key at their end."""
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() and self.isEnabled():
            path = QPainterPath()
            path.addRoundedRect(QRectF(self.rect()), 5, 5)
            painter.fillPath(path, colors.hover)
        rtl = self.isRightToLeft()
        wide = key_width(KEY)
        box = QRectF(self.rect()).adjusted(_SIDE, 0, -_SIDE, 0)
        spot = QRectF(box.left() if rtl else box.right() - wide, box.center().y() - 9, wide, 18)
        paint_key(painter, spot, KEY)
        room = box.adjusted(wide + 8, 0, 0, 0) if rtl else box.adjusted(0, 0, -wide - 8, 0)
        font = fonts.ui(fonts.META)
        painter.setFont(font)
        painter.setPen(colors.text2)
        shown = QFontMetricsF(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading | Qt.TextFlag.TextSingleLine)
        painter.drawText(room, flags, shown)


class SameClaim(QWidget):
    """Shown only where there is something to propose."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._annotation: Annotation | None = None
        self._own = ""
        self._other: Entry | None = None
        self.button = SameButton()
        self.button.clicked.connect(self._take)
        self.different = IconButton("close", self.tr("Different: do not propose this again"), size=22)
        self.different.setIconSize(QSize(11, 11))
        self.different.clicked.connect(self._keep_apart)
        row = QHBoxLayout(self)
        label = ElidedLabel(self.tr("Same as?"), role="text3")
        label.setFixedSize(LABEL_WIDTH + LABEL_GAP - _SIDE, 24)
        row.setContentsMargins(0, 0, 0, 4)
        row.setSpacing(0)
        row.addWidget(label)
        row.addWidget(self.button, 1)
        row.addWidget(self.different)
        self._later = Later(self)
        self._later.due.connect(self._look)
        self.hide()

    def bind(self, annotation: Annotation) -> None:
        """Look for claims like this one, when nothing else is to do."""
        if self._annotation is None or self._annotation.entries != annotation.entries or self._own == "":
            self.hide()
            self._other = None
        self._annotation = annotation
        self._later.start(_WAIT)

    def _look(self) -> None:
        project, annotation = self._desk.workspace.project, self._annotation
        if project is None or annotation is None or not self._desk.editable:
            self.hide()
            return
        with self._desk.workspace.guard():
            if not project.entries.read_claims():
                self._later.start()  # some hundreds at a time
                return
            self._other, self._own = project.entries.likely_claim(annotation)
        self.setVisible(self._other is not None)
        if self._other is not None:
            self.button.setText(self._other.name)
            self.button.setAccessibleName(self.tr("Same as “{claim}”?").replace("{claim}", self._other.name))
            self.button.setToolTip(self._other.name)

    def _take(self) -> None:
        annotation, other = self._annotation, self._other
        if annotation is not None and other is not None:
            self._desk.write(lambda project: project.tagging.set_entries(annotation.id, (other.id,)))

    def _keep_apart(self) -> None:
        own, other = self._own, self._other
        if own and other is not None:
            self._desk.write(lambda project: project.entries.judge_apart(own, other.id))
            self._later.start()
