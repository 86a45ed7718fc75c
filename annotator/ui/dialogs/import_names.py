"""Details from file names: a pattern, and what it reads from the first name while it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.domain.errors import InvalidValue
from annotator.ui import fonts
from annotator.ui.dialogs.base import line
from annotator.ui.settings import settings
from annotator.ui.widgets import PlainLabel

_TRIED = 200  # names that are tried for the count


class NamesBox(QWidget):
    """The pattern and its live preview."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paths: list[Path] = []
        self.pattern = line("", "\u2066{date}_{outlet}_{title}\u2069", self._typed)
        self.pattern.setAccessibleName(self.tr("Pattern of file names"))
        self.told = PlainLabel("", role="text3", font=fonts.ui(fonts.META), wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(PlainLabel(self.tr("Details in file names"), font=fonts.ui(fonts.HEAD, fonts.SEMIBOLD)))
        column.addWidget(self.pattern)
        column.addWidget(self.told)
        self.hide()

    def show_paths(self, paths: Sequence[Path]) -> None:
        """The files whose names are read. The last pattern comes back where it fits the first of them."""
        if not self._paths and paths:
            self._paths = list(paths)
            remembered = settings().import_names
            if remembered and not self.pattern.text() and _fits(remembered, self._paths[0]):
                self.pattern.setText(remembered)
        self._show()
        self.show()

    def options(self) -> dict[str, str]:
        """The pattern as an option of the import; nothing while it makes no sense."""
        text = self.pattern.text().strip()
        if not text or self._error(text):
            return {}
        return {"names": text}

    def error(self) -> str:
        """What is wrong with the pattern; "" where nothing is."""
        text = self.pattern.text().strip()
        return self._error(text) if text else ""

    def remember(self) -> None:
        """For the next import."""
        settings().import_names = self.pattern.text().strip()

    def _error(self, text: str) -> str:
        from annotator.interchange.file_names import Names

        try:
            Names.compile(text)
        except InvalidValue as error:
            return str(error)
        return ""

    def _typed(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        text = self.pattern.text().strip()
        if not text:
            self.told.setText(self.tr("For example {pattern}").replace("{pattern}", "{date}_{outlet}_{title}"))
            return
        error = self._error(text)
        if error or not self._paths:
            self.told.setText(error)
            return
        from annotator.interchange.file_names import Names

        names = Names.compile(text)
        tried = self._paths[:_TRIED]
        fitting = [(path, told) for path in tried if (told := names.read(path)) is not None]
        if not fitting:
            self.told.setText(self.tr("{name} does not fit.").replace("{name}", tried[0].name))
            return
        path, told = fitting[0]
        parts = " · ".join(f"{key}: {value}" for key, value in told.items())
        more = self.tr("{n} of {all} names fit").replace("{n}", str(len(fitting))).replace("{all}", str(len(tried)))
        self.told.setText(f"{path.name} → {parts}  ({more})")


def _fits(pattern: str, path: Path) -> bool:
    from annotator.interchange.file_names import Names

    try:
        return Names.compile(pattern).read(path) is not None
    except InvalidValue:
        return False
