"""New project: a name and a place. It refuses here, not later, to write over a file."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDir, QStandardPaths, Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from annotator.ui import fonts
from annotator.ui.dialogs.base import Dialog, line, row, with_button
from annotator.ui.settings import settings
from annotator.ui.widgets import PlainLabel, button

SUFFIX = ".annot"
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


def file_name(name: str) -> str:
    """A file name for a project of this name, one that every system can hold; "" where nothing is left of it."""
    plain = " ".join(_FORBIDDEN.sub(" ", name).split()).strip(" .")
    if plain.lower().endswith(SUFFIX):
        plain = plain[: -len(SUFFIX)].rstrip(" .")
    while len(plain.encode()) > 200:
        plain = plain[:-1].rstrip()
    if not plain:
        return ""
    return f"{'_' if _RESERVED.match(plain) else ''}{plain}{SUFFIX}"


def free_path(folder: Path, name: str) -> Path:
    """The proposed file in a folder, numbered where one of that name is there."""
    path = folder / file_name(name)
    number = 2
    while path.exists():
        path = folder / file_name(f"{name} {number}")
        number += 1
    return path


class NewProjectDialog(Dialog):
    """Asks for name, place and who codes. After `exec`, read `path`, `name` and `coder`."""

    def __init__(self, parent: QWidget | None = None, *, folder: Path | None = None) -> None:
        super().__init__(self.tr("New project"), parent, ok=self.tr("Create"), width=540)
        self.path = Path()
        self.name = ""
        self.coder = ""
        self.template = ""
        """The short name of the codebook to begin with; "" is the default."""
        start = folder or Path(settings().last_folder or documents_folder())
        self.name_line = line("", self.tr("What the study is called"), self._propose)
        self.file_line = line("", "", self._check)
        self.place_line = line(QDir.toNativeSeparators(str(start)), "", self._place_changed)
        self.coder_line = line(settings().coder, self.tr("Written beside every annotation"), self._check)
        choose = button(self.tr("Choose…"))
        choose.clicked.connect(self._choose)
        self._file_touched = False
        self.file_line.textEdited.connect(self._touch_file)
        form = self.add_form()
        row(form, self.tr("Name"), self.name_line)
        self.place_line.setAccessibleName(self.tr("Folder"))
        row(form, self.tr("Folder"), with_button(self.place_line, choose))
        row(form, self.tr("File"), self.file_line)
        self.codebook = self._codebook_box()
        self.codebook_note = PlainLabel("", role="text3", font=fonts.ui(fonts.META), wrap=True)
        row(form, self.tr("Codebook"), self.codebook)
        form.addRow("", self.codebook_note)
        self._show_codebook()
        row(form, self.tr("Your name"), self.coder_line)
        self.note = PlainLabel("", role="text3", font=fonts.ui(fonts.META), wrap=True)
        self.note.setMinimumHeight(34)
        self.body.addWidget(self.note)
        self._check()
        self.name_line.setFocus()
        self.fit()

    def _codebook_box(self) -> QComboBox:
        from annotator.services.templates import templates

        box = QComboBox()
        box.setFont(fonts.ui())
        for key, file in templates().items():
            box.addItem(QCoreApplication.translate("Templates", file.name), key)
            told = QCoreApplication.translate("Templates", file.description)
            box.setItemData(box.count() - 1, told, Qt.ItemDataRole.ToolTipRole)
        box.currentIndexChanged.connect(lambda _index: self._show_codebook())
        return box

    def _show_codebook(self) -> None:
        self.codebook_note.setText(str(self.codebook.currentData(Qt.ItemDataRole.ToolTipRole) or ""))

    def _touch_file(self) -> None:
        self._file_touched = bool(self.file_line.text())

    def _folder(self) -> Path:
        return Path(self.place_line.text().strip()).expanduser()

    def _propose(self) -> None:
        if not self._file_touched:
            name = self.name_line.text()
            self.file_line.setText(free_path(self._folder(), name).name if file_name(name) else "")
        self._check()

    def _place_changed(self) -> None:
        self._propose()

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Folder for the project"), str(self._folder()))
        if chosen:
            self.place_line.setText(QDir.toNativeSeparators(chosen))

    def _problem(self) -> str:
        """What is wrong, or "" where the project can be made."""
        folder, name = self._folder(), file_name(self.file_line.text())
        if not self.name_line.text().strip():
            return self.tr("Give the project a name.")
        if not name:
            return self.tr("Give the file a name.")
        if not folder.is_dir():
            return self.tr("This folder does not exist. Choose another one.")
        if (folder / name).exists():
            return self.tr("A file “{name}” is there already. Nothing is written over: choose another name.").replace(
                "{name}", name
            )
        return ""

    def _check(self) -> None:
        problem = self._problem()
        self.ok_button.setEnabled(not problem)
        clash = bool(problem) and bool(self.name_line.text().strip())
        self.note.setRole("conflict" if clash else "text3")
        if clash:
            self.note.setText(problem)
        elif problem:
            self.note.setText(self.tr("One file holds the whole study. You can move, copy and mail it."))
        else:
            path = QDir.toNativeSeparators(str(self._folder() / file_name(self.file_line.text())))
            self.note.setText(self.tr("Makes {path}").replace("{path}", f"\u2066{path}\u2069"))

    def save(self) -> bool:
        """Keep what was chosen; the file itself is made by who asked."""
        problem = self._problem()
        if problem:
            self.tell(problem)
            return False
        self.name = " ".join(self.name_line.text().split())
        self.path = self._folder() / file_name(self.file_line.text())
        self.coder = " ".join(self.coder_line.text().split())
        self.template = str(self.codebook.currentData() or "")
        settings().last_folder = str(self._folder())
        if self.coder:
            settings().coder = self.coder
        return True


def documents_folder() -> str:
    """Where people keep their documents."""
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return found if found and Path(found).is_dir() else str(Path.home())
