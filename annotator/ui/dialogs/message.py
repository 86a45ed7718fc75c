"""One plain sentence in a window of its own, and a question with two answers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from annotator.ui import fonts
from annotator.ui.dialogs.base import Dialog
from annotator.ui.widgets import PlainLabel


class Message(Dialog):
    """A heading and one sentence. Enter and Esc close it."""

    def __init__(self, title: str, text: str, parent: QWidget | None = None, *, ok: str = "", cancel: str = "") -> None:
        super().__init__(title, parent, ok=ok, cancel=cancel, width=440)
        self.text = PlainLabel(text, role="text2", font=fonts.ui(fonts.HEAD), wrap=True)
        self.text.setMinimumWidth(392)
        self.body.addWidget(self.text)
        self.body.addStretch(1)
        if not cancel:
            self.only_close()
        self.setAccessibleDescription(text)
        self.fit()
        self.ok_button.setFocus()


def show_error(parent: QWidget | None, title: str, text: str) -> Message:
    """Say what did not work, in one sentence."""
    message = Message(title, text, parent)
    message.open()
    return message


def ask(parent: QWidget | None, title: str, text: str, ok: str, cancel: str, on_yes: Callable[[], object]) -> Message:
    """Ask before something that undo cannot bring back."""
    message = Message(title, text, parent, ok=ok, cancel=cancel)
    message.accepted.connect(on_yes)
    message.open()
    return message
