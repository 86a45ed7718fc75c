"""When something went wrong that is a bug: a plain sentence, and the details to copy."""

from __future__ import annotations

import platform

from PySide6.QtCore import qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from annotator import __version__
from annotator.ui import fonts
from annotator.ui.dialogs.base import Dialog
from annotator.ui.widgets import PlainLabel, button


class CrashDialog(Dialog):
    """Says what it means for the user's work, and offers the report. Nothing is sent anywhere."""

    def __init__(self, details: str, parent: QWidget | None = None, *, goes_on: bool = True) -> None:
        super().__init__(self.tr("Something went wrong"), parent, width=640)
        self.only_close(self.tr("Go on") if goes_on else self.tr("Close Annotator"))
        text = self.tr(
            "This is a fault in Annotator, not in what you did. Everything up to your last step is saved in the project."
        )
        self.body.addWidget(PlainLabel(text, font=fonts.ui(fonts.HEAD), wrap=True))
        self.body.addWidget(
            PlainLabel(
                self.tr("These details help to mend it. They stay on this computer until you send them yourself."),
                role="text2",
                wrap=True,
            )
        )
        self.report = "\n".join(
            (
                f"Annotator {__version__}",
                f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}",
                "",
                details.strip(),
            )
        )
        self.box = QPlainTextEdit(self.report)
        self.box.setReadOnly(True)
        self.box.setTabChangesFocus(True)
        self.box.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.box.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.box.setAccessibleName(self.tr("Details"))
        self.body.addWidget(self.box, 1)
        self.copy_button = button(self.tr("Copy details"))
        self.copy_button.clicked.connect(self._copy)
        self.buttons.insertWidget(0, self.copy_button)
        self.resize(640, 440)
        self.ok_button.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report)
        self.copy_button.setText(self.tr("Copied"))
