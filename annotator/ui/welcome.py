"""The welcome screen: new, open, sample, recent projects, and a place to drop files.

It opens nothing itself and imports neither services nor storage: it is the first thing painted at a cold start.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget
from shiboken6 import isValid

from annotator import __version__
from annotator.ui import fonts, painting, theme
from annotator.ui.dialogs.action_lines import pretty
from annotator.ui.settings import settings
from annotator.ui.welcome_parts import BigButton, DropZone, Specimen
from annotator.ui.widgets import KeyButton, PlainLabel
from annotator.ui.widgets.keycap import key_width, paint_key

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPaintEvent

    from annotator.ui.recent_list import RecentList
    from annotator.ui.worker import Control, Task

LANGUAGES: Mapping[str, str] = {"en": "English"}
"""Languages that the interface speaks, by code, each in its own words."""


class _TextButton(KeyButton):
    """A quiet button: words, and perhaps a key."""

    def __init__(self, text: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.key = key
        self._resize()

    def set_key(self, text: str) -> None:
        """Show this key behind the words."""
        super().set_key(text)
        self._resize()

    def _resize(self) -> None:
        wide = fonts.text_width(fonts.ui(12), self.text()) + 8
        if self.key:
            wide += key_width(self.key) + 6
        self.setFixedSize(round(wide), 24)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint words and key."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.current()
        rtl = self.isRightToLeft()
        ink = colours.ink if self.underMouse() else colours.text2
        words = QRectF(self.rect()).adjusted(4, 0, -4, 0)
        painting.words(painter, words, self.text(), fonts.ui(12), ink, painting.END if rtl else painting.START)
        if self.key:
            wide = key_width(self.key)
            left = words.left() if rtl else words.right() - wide
            paint_key(painter, QRectF(left, 2.5, wide, 19), self.key)
        painter.end()


class Welcome(QWidget):
    """The first screen."""

    new_requested = Signal()
    open_requested = Signal()
    sample_requested = Signal()
    recent_requested = Signal(object)  # Path
    dropped = Signal(object)  # list[Path]
    clear_recent = Signal()
    getting_started_requested = Signal()
    keyboard_map_requested = Signal()
    language_requested = Signal(str)
    painted = Signal()
    """It is on the screen for the first time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setAccessibleName(self.tr("Welcome"))
        self.setAcceptDrops(True)
        self._looking: Task[set[str]] | None = None
        self._recent: RecentList | None = None
        self._painted = False
        self._build()
        theme.notifier.changed.connect(self.update)
        settings().recent_changed.connect(self.refresh)
        self.refresh()

    # Building

    def _build(self) -> None:
        # Each part is made where it stays: one that changes its parent is styled anew, with all that is in it.
        content = QWidget(self)
        self.new_button = BigButton("file-plus", self.tr("New project"), "primary", parent=content)
        self.open_button = BigButton("folder", self.tr("Open project…"), "second", parent=content)
        self.sample_button = BigButton(
            "book", self.tr("Try the sample"), "plain", self.tr("One tagged article, 5 minutes"), content
        )
        self.new_button.clicked.connect(self.new_requested)
        self.open_button.clicked.connect(self.open_requested)
        self.sample_button.clicked.connect(self.sample_requested)
        self.new_button.setFocus()
        self.clear_button = _TextButton(self.tr("Clear list"), parent=content)
        self.clear_button.clicked.connect(self._clear)
        self.drop_zone = DropZone(content)
        self.drop_zone.pressed.connect(self.open_requested)

        content.setMaximumWidth(1028)  # 14 px on either side belong to the rows of the recent list
        content.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        # The gaps give way first where the window is low; what is left over goes above and below.
        _gap(column, 76, grow=True)
        name = PlainLabel(self.tr("Annotator"), content, font=fonts.serif(34, fonts.SEMIBOLD))
        column.addLayout(_inset(name, 14))
        column.addSpacing(2)
        tagline = self.tr("Read closely. Mark who says what, and on whose word.")
        column.addLayout(_inset(PlainLabel(tagline, content, role="text2", font=fonts.serif(17.5)), 14))
        _gap(column, 38)
        column.addLayout(_inset(Specimen(content), 10))
        _gap(column, 44)
        column.addLayout(self._middle(content))
        _gap(column, 44)
        column.addLayout(_inset(self.drop_zone, 14))
        _gap(column, 60, grow=True)

        sides = QHBoxLayout()
        sides.setContentsMargins(34, 0, 34, 0)
        sides.addStretch(1)
        sides.addWidget(content, 1000)
        sides.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(sides, 1)
        whole.addLayout(self._footer())

    def _middle(self, content: QWidget) -> QHBoxLayout:
        buttons = QVBoxLayout()
        buttons.setSpacing(10)
        for button in (self.new_button, self.open_button, self.sample_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addSpacing(14)
        self.recent_title = PlainLabel(self.tr("Recent projects"), content, font=fonts.ui(fonts.HEAD, fonts.SEMIBOLD))
        head.addWidget(self.recent_title)
        head.addStretch(1)
        head.addWidget(self.clear_button)
        head.addSpacing(10)
        nothing = self.tr("Projects that you open are listed here.")
        self.nothing = PlainLabel(nothing, content, role="text3", font=fonts.ui(12))
        self.nothing.setContentsMargins(14, 10, 14, 0)
        lines = QVBoxLayout()
        lines.setSpacing(4)
        lines.addLayout(head)
        lines.addWidget(self.nothing)
        lines.addStretch(0)
        self._lines = lines
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addSpacing(14)  # spacers mirror with the interface, margins do not
        row.addLayout(buttons)
        row.addSpacing(50)
        row.addLayout(lines, 1)
        return row

    def _footer(self) -> QHBoxLayout:
        self.start_button = _TextButton(self.tr("Getting started"), parent=self)
        self.keys_button = _TextButton(self.tr("Keyboard map"), parent=self)
        language = self.tr("Language: {name}").replace("{name}", self._language())
        self.language_button = _TextButton(language, parent=self)
        self.start_button.clicked.connect(self.getting_started_requested)
        self.keys_button.clicked.connect(self.keyboard_map_requested)
        self.language_button.clicked.connect(self._choose_language)
        footer = QHBoxLayout()
        footer.setContentsMargins(16, 8, 20, 8)
        footer.setSpacing(12)
        for button in (self.start_button, self.keys_button, self.language_button):
            footer.addWidget(button)
        footer.addStretch(1)
        version = ".".join(__version__.split(".")[:2])
        number = self.tr("Version {number}").replace("{number}", version)
        footer.addWidget(PlainLabel(number, self, role="text2", font=fonts.ui(12)))
        return footer

    @property
    def recent(self) -> RecentList:
        """The projects opened before: made when there are any."""
        if self._recent is None:
            from annotator.ui.recent_list import RecentList

            self._recent = RecentList()
            self._recent.chosen.connect(self.recent_requested)
            self._recent.taken_off.connect(settings().forget)
            self._lines.insertWidget(1, self._recent, 1)
            QWidget.setTabOrder(self.sample_button, self._recent)
            QWidget.setTabOrder(self._recent, self.clear_button)  # what clears the list comes after it
        return self._recent

    # What it shows

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Show these keys: "new", "open" and "keys" (the keyboard map), as text such as “Ctrl N”."""
        self.new_button.set_key(pretty(keys.get("new", "")))
        self.open_button.set_key(pretty(keys.get("open", "")))
        self.keys_button.set_key(pretty(keys.get("keys", "")))

    def refresh(self) -> None:
        """Show the recent projects as they are remembered now."""
        lines = settings().recent()
        if lines or self._recent is not None:
            self.recent.show_lines(lines)
            self.recent.setVisible(bool(lines))
            self.recent.setMaximumHeight(self.recent.sizeHint().height())
        self.clear_button.setVisible(bool(lines))
        self.nothing.setVisible(not lines)
        # A file on a sleeping disk may take seconds to say whether it is there: not on the window's time.
        if lines:
            QTimer.singleShot(0, self, self._look_for_files)

    def _look_for_files(self) -> None:
        from annotator.ui.worker import run

        lines = settings().recent()
        if self._looking is not None:
            self._looking.drop()

        def look(control: Control) -> set[str]:
            return {line.path for line in lines if not line.exists}

        def found(missing: set[str]) -> None:
            if isValid(self.recent):  # the window may have gone meanwhile
                self.recent.set_missing(missing)

        self._looking = run(look, on_done=found)

    def _clear(self) -> None:
        settings().clear_recent()
        self.clear_recent.emit()

    def _language(self) -> str:
        return LANGUAGES.get(settings().language, "English")

    def _choose_language(self) -> None:
        if len(LANGUAGES) < 2:
            return
        from PySide6.QtWidgets import QMenu

        menu = QMenu(self)
        for code, name in LANGUAGES.items():
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(code == settings().language)
            action.triggered.connect(lambda _checked=False, code=code: self.language_requested.emit(code))
        menu.exec(self.language_button.mapToGlobal(self.language_button.rect().topLeft()))

    def focus_first(self) -> None:
        """Give the keys to the recent list, or to New project where there is none."""
        from PySide6.QtCore import Qt

        target = self.recent if self._recent is not None and self._recent.count() else self.new_button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    # Painting and dropping

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paper, and a hairline over the footer."""
        painter = QPainter(self)
        colours = theme.current()
        painting.fill(painter, QRectF(self.rect()), colours.paper)
        painting.fill(painter, QRectF(0, self.height() - 41, self.width(), 1), colours.line)
        painter.end()
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self._on_screen)

    def _on_screen(self) -> None:
        """What cannot be seen, and what nobody could use before."""
        from PySide6.QtCore import Qt

        for button in self.findChildren(QAbstractButton):
            if button is self.language_button and len(LANGUAGES) < 2:
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            else:
                button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
                button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.painted.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if _paths(event):
            event.acceptProposedAction()
            self.drop_zone.set_hot(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Nothing is held over the window any more."""
        self.drop_zone.set_hot(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the files on."""
        self.drop_zone.set_hot(False)
        paths = _paths(event)
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)


def _gap(column: QVBoxLayout, height: int, *, grow: bool = False) -> None:
    policy = QSizePolicy.Policy.MinimumExpanding if grow else QSizePolicy.Policy.Maximum
    column.addItem(QSpacerItem(0, height if not grow else 8, QSizePolicy.Policy.Minimum, policy))


def _inset(widget: QWidget, side: int) -> QHBoxLayout:
    """The widget with room at both sides."""
    row = QHBoxLayout()
    row.setContentsMargins(side, 0, side, 0)
    row.addWidget(widget)
    if isinstance(widget, PlainLabel):
        row.addStretch(1)
    return row


def _paths(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
