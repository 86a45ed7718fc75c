"""What this is, which version, and under what licences."""

from __future__ import annotations

import platform

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QWidget

from annotator import __version__
from annotator.ui import fonts
from annotator.ui.dialogs.base import Dialog
from annotator.ui.widgets import Hairline, PlainLabel


class AboutDialog(Dialog):
    """Name, version, licences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("About Annotator"), parent, width=460)
        self.only_close()
        self.heading.setText(self.tr("Annotator"))
        self.heading.setFont(fonts.serif(26, fonts.SEMIBOLD))
        tagline = self.tr("Read closely. Mark who says what, and on whose word.")
        self.body.addWidget(PlainLabel(tagline, role="text2", font=fonts.serif(15), wrap=True))
        version = self.tr("Version {number}").replace("{number}", __version__)
        parts = f"Python {platform.python_version()}, Qt {qVersion()}"
        about = PlainLabel(f"{version}\n{parts}", role="text2")
        about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(about)
        self.body.addWidget(Hairline())
        licences = self.tr(
            "Annotator is free software under the Apache License 2.0. Qt is used under the LGPL 3. The fonts Inter, "
            "Source Serif and Noto are under the SIL Open Font License. It opens no network connection."
        )
        text = PlainLabel(licences, role="text3", wrap=True)
        text.setMinimumWidth(410)
        self.body.addWidget(text)
        self.body.addStretch(1)
        self.fit()
        self.ok_button.setFocus()
