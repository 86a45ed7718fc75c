"""What all dialogs share: a heading, rows, one line for what is wrong, and the two buttons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLocale, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.errors import AnnotatorError
from annotator.ui import fonts
from annotator.ui.widgets import PlainLabel, button

_LABEL = 84


class Dialog(QDialog):
    """A dialog with a heading, a body, a line for errors, and its buttons. Esc cancels, Ctrl+Enter confirms."""

    def __init__(
        self, title: str, parent: QWidget | None = None, *, ok: str = "", cancel: str = "", width: int = 480
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.heading = PlainLabel(title, font=fonts.ui(16, fonts.SEMIBOLD))
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self.error = PlainLabel("", role="conflict", wrap=True)
        self.error.hide()
        self.ok_button = button(ok or self.tr("OK"), role="primary", default=True)
        self.cancel_button = button(cancel or self.tr("Cancel"))
        self.ok_button.clicked.connect(self.confirm)
        self.cancel_button.clicked.connect(self.reject)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.cancel_button)
        self.buttons.addWidget(self.ok_button)
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        column.addWidget(self.heading)
        column.addLayout(self.body, 1)
        column.addWidget(self.error)
        column.addLayout(self.buttons)
        self.resize(width, self.sizeHint().height())
        self._wanted_width = width
        self._ordered = False
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(self._confirm_by_key)

    def showEvent(self, event: QShowEvent) -> None:
        """Put the buttons last in the order of Tab, and let Enter press the one that has the focus."""
        if not self._ordered:
            self._ordered = True
            for push in self.findChildren(QPushButton):
                push.setAutoDefault(True)
            self.ok_button.setDefault(True)
            last = self.previousInFocusChain()
            if last is not None and last not in (self.ok_button, self.cancel_button):
                QWidget.setTabOrder(last, self.cancel_button)
                QWidget.setTabOrder(self.cancel_button, self.ok_button)
        super().showEvent(event)

    def confirm(self) -> None:
        """What the first button does; override `save`, which says whether all is well."""
        self.tell("")
        try:
            done = self.save()
        except AnnotatorError as error:
            self.tell(str(error))
            return
        if done:
            self.accept()

    def save(self) -> bool:
        """Do what the dialog is for. Return False, after `tell`, to stay open; user errors may be raised."""
        return True

    def tell(self, text: str) -> None:
        """Say in one sentence what is wrong; "" takes it back."""
        self.error.setText(text)
        self.error.setVisible(bool(text))
        self.error.setAccessibleName(text)

    def only_close(self, text: str = "") -> None:
        """A dialog that only shows: one button."""
        self.cancel_button.hide()
        self.ok_button.setText(text or self.tr("Close"))

    def add_form(self) -> QFormLayout:
        """A form of labelled rows."""
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        form.setFormAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.body.addLayout(form)
        return form

    def _confirm_by_key(self) -> None:
        if self.ok_button.isEnabled():
            self.ok_button.click()

    def fit(self) -> None:
        """Take the height that the content asks for, within the screen."""
        height = self.sizeHint().height()
        if self.hasHeightForWidth():
            height = max(height, self.heightForWidth(self.width()))
        self.resize(self._wanted_width, height)


class RowHeight(QStyledItemDelegate):
    """Rows of one height, whatever the style thinks before it is polished."""

    def __init__(self, view: QAbstractItemView, height: int = 28) -> None:
        super().__init__(view)
        self._height = height
        view.setItemDelegate(self)

    def displayText(self, value: object, locale: QLocale | QLocale.Language) -> str:
        """In its own direction, also in an interface that runs the other way: a full stop stays at the end."""
        text = super().displayText(value, locale)
        mirrored = QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
        return f"\u2068{text}\u2069" if text and mirrored else text

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As wide as its text, as high as told."""
        return QSize(super().sizeHint(option, index).width(), self._height)


def row(form: QFormLayout, label: str, widget: QWidget, note: str = "") -> PlainLabel:
    """Add a labelled row; the widget is named for those who listen, and the note stands under it."""
    text = PlainLabel(label, role="text2")
    text.setBuddy(widget)
    text.setMinimumWidth(_LABEL)  # the forms of one dialog stand in line
    if not widget.accessibleName():
        widget.setAccessibleName(label)
    if note:
        box = QVBoxLayout()
        box.setSpacing(4)
        box.addWidget(widget)
        box.addWidget(PlainLabel(note, role="text3", font=fonts.ui(fonts.META), wrap=True))
        widget.setAccessibleDescription(note)
        form.addRow(text, box)
    else:
        form.addRow(text, widget)
    return text


def line(text: str = "", placeholder: str = "", on_change: Callable[[], object] | None = None) -> QLineEdit:
    """A line to type in."""
    edit = QLineEdit(text)
    edit.setFont(fonts.ui())
    edit.setPlaceholderText(placeholder)
    edit.setCursorPosition(0)
    if on_change is not None:
        edit.textChanged.connect(lambda _text: on_change())
    return edit


def with_button(edit: QWidget, push: QPushButton) -> QWidget:
    """A field with a button beside it."""
    box = QFrame()
    box.setFrameShape(QFrame.Shape.NoFrame)
    line_ = QHBoxLayout(box)
    line_.setContentsMargins(0, 0, 0, 0)
    line_.setSpacing(8)
    line_.addWidget(edit, 1)
    line_.addWidget(push)
    box.setFocusProxy(edit)
    return box
