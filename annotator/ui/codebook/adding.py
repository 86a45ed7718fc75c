"""What comes into the codebook: a new part, a template, a file; and how it leaves as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QFileDialog, QMenu

from annotator.domain.codebook import MARKS, Codebook, Field, Layer, LinkType, Registry, Role
from annotator.domain.codebook_edit import Owner, fields_of, link_type_of
from annotator.domain.errors import AnnotatorError
from annotator.ui.codebook import colors
from annotator.ui.codebook.nodes import Node, free_name
from annotator.ui.codebook.touches import AskDialog
from annotator.ui.large_step import run_large
from annotator.ui.settings import settings

if TYPE_CHECKING:
    from annotator.interchange.codebook_json import CodebookFile
    from annotator.services.codebook_change import Change
    from annotator.services.import_report import ImportReport
    from annotator.services.project import Project
    from annotator.ui.codebook.window import CodebookWindow

REFI = ".qdc"
_SMALL = 100_000
"""Bytes of a code tree that is read while the window waits."""
"""How codebooks of REFI-QDA end, which MAXQDA, NVivo and ATLAS.ti exchange."""
KINDS = ("layer", "link_type", "registry", "field", "role")


class Adding(QObject):
    """Adds to the codebook of an editor window."""

    def __init__(self, window: CodebookWindow) -> None:
        super().__init__(window)
        self._window = window
        self.menu = QMenu(window)
        texts = (self.tr("Layer"), self.tr("Link type"), self.tr("Registry"), self.tr("Field"), self.tr("Role"))
        self._actions = dict(zip(KINDS, (self.menu.addAction(text) for text in texts), strict=True))
        for kind, action in self._actions.items():
            action.triggered.connect(lambda _on=False, kind=kind: window.add(kind))

    def enable(self, node: Node) -> None:
        """What can be added where this is chosen."""
        self._actions["role"].setEnabled(node.owner.kind == "link_type")

    def add(self, kind: str) -> None:
        """Add a part with a name that is free, and go to its name."""
        window, coding = self._window, self._window.project.coding
        codebook, node = window.project.codebook, window.node
        make: Callable[[], Change]
        if kind == "layer":
            layer = self._layer(codebook)
            make, then = (lambda: coding.add_layer(layer)), None
        elif kind == "link_type":
            name = free_name(self.tr("New link type"), set(codebook.link_types_by_name))
            make, then = (lambda: coding.add_link_type(LinkType("", name))), None
        elif kind == "registry":
            name = free_name(self.tr("new registry"), set(codebook.registries_by_name))
            make, then = (lambda: coding.add_registry(Registry("", name))), None
        elif node is None:
            return
        elif kind == "role" and node.owner.kind == "link_type":
            owner = node.owner
            taken = {role.name for role in link_type_of(codebook, owner.id).roles}
            role = Role(free_name(self.tr("new role"), taken), tuple(layer.name for layer in codebook.layers[:1]))
            make, then = (lambda: coding.add_role(owner.id, role)), Node("role", owner, role.name)
        else:
            owner = node.owner
            field = Field(
                free_name(self.tr("new field"), {known.name for known in fields_of(codebook, owner)}), "choice"
            )
            make, then = (lambda: coding.add_field(owner, field)), Node("field", owner, field.name)

        def go() -> None:
            new = then or self._newest(kind, codebook)
            if new is not None:
                window.choose(new, edit=True)

        window.commit(make, then, after=go)

    def _layer(self, codebook: Codebook) -> Layer:
        """A layer in a colour, a mark and on a key that no other one has."""
        colours = {layer.color.casefold() for layer in codebook.layers}
        marks = {layer.mark for layer in codebook.layers}
        color = next((c for c in colors.OFFERED if c.casefold() not in colours), colors.OFFERED[0])
        mark = next((m for m in MARKS if m not in marks), MARKS[0])
        name = free_name(self.tr("New layer"), set(codebook.layers_by_name))
        return Layer("", name, color, "", None, (), mark)  # type: ignore[arg-type]

    def _newest(self, kind: str, before: Codebook) -> Node | None:
        """What was just added."""
        now = self._window.project.codebook
        kinds: dict[str, tuple[Mapping[str, object], Mapping[str, object]]] = {
            "layer": (before.layers_by_id, now.layers_by_id),
            "link_type": (before.link_types_by_id, now.link_types_by_id),
            "registry": (before.registries_by_id, now.registries_by_id),
        }
        was, is_ = kinds[kind]
        new = next((id_ for id_ in is_ if id_ not in was), None)
        return Node(kind, Owner(kind, new)) if new is not None else None  # type: ignore[arg-type]

    # Whole codebooks

    def from_template(self) -> None:
        """Choose one of the codebooks that come with the program."""
        from annotator.services.templates import templates

        found = templates()
        menu = QMenu(self._window)
        for file in found.values():
            action = menu.addAction(template_name(file))
            action.setToolTip(file.description)
            action.triggered.connect(lambda _on=False, file=file: self.take_over(file))
        menu.setToolTipsVisible(True)
        button = self._window.template_button
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def from_file(self) -> None:
        """Choose a file."""
        chosen, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Import codebook"),
            settings().last_folder,
            self.tr("Codebooks and exports (*.json *.jsonl *.qdc);;All files (*)"),
        )
        if chosen:
            settings().last_folder = str(Path(chosen).parent)
            self.import_file(Path(chosen))

    def import_file(self, path: Path) -> None:
        """Take over what a file says."""
        from annotator.services.templates import read_codebook

        self._window.tell("")
        try:
            if path.suffix.lower() == REFI:
                self._import_codes(path)
            else:
                self.take_over(read_codebook(path))
        except AnnotatorError as error:
            self._window.tell(str(error))

    def _import_codes(self, path: Path) -> None:
        """A code tree of another program: its codes are entries, so they come with the layer and the registry."""
        from annotator.services.importing import import_files

        window = self._window
        window.flush()
        reports: list[ImportReport] = []

        def work(project: Project, _tell: object = None) -> None:
            reports.append(import_files(project, [path]))

        def tell() -> None:
            told = self.tr("{n} codes came as entries; {m} were there already.")
            for name, count in (("{n}", reports[0].added["entry"]), ("{m}", reports[0].skipped["entry"])):
                told = told.replace(name, str(count))
            window.told.setText(told)

        if not path.exists() or path.stat().st_size < _SMALL:
            work(window.project)
            tell()
        else:
            text = self.tr("Taking over the codes…")
            run_large(window, window.project, text, work, tell, lambda error: window.tell(str(error)))

    def take_over(self, file: CodebookFile) -> None:
        """Ask whether to add another codebook to this one, or to put it in its place where nothing is coded yet."""
        window, coding = self._window, self._window.project.coding
        window.flush()
        name = template_name(file)
        counts = window.project.store.counts()
        empty = not (counts["annotations"] or counts["links"] or counts["entries"])
        add: tuple[str, dict[str, str]] = (self.tr("Add what is missing here; what has the same name is the same"), {})
        instead: tuple[str, dict[str, str]] = (self.tr("Put it in the place of this codebook"), {})
        options = [instead, add] if empty else [add]

        def make(number: int, _place: str | None) -> Change:
            if empty and number == 0:
                return coding.replace_all(file.codebook, name)
            return coding.take_over(file.codebook, name)

        try:
            make(0, None)
            if empty:
                make(1, None)
        except AnnotatorError as error:
            if not empty:
                window.tell(str(error)[:1].upper() + str(error)[1:])
                return
            options = [instead]
        title = self.tr("Take over the codebook “{name}”?").replace("{name}", name)
        asking = AskDialog(window.project, title, self.tr("Take over"), options, make, window)
        asking.finished.connect(window._asked)
        asking.open()

    def export(self) -> None:
        """Choose where to write the codebook."""
        project = self._window.project
        start = str(Path(settings().last_folder) / f"{project.path.stem} codebook.json")
        chosen, kind = QFileDialog.getSaveFileName(
            self._window,
            self.tr("Export codebook"),
            start,
            self.tr("Codebook (*.json);;REFI-QDA codebook with the entries (*.qdc)"),
        )
        if chosen:
            settings().last_folder = str(Path(chosen).parent)
            path = Path(chosen)
            # The name that was proposed ends in .json, whatever kind is chosen.
            self.export_to(path.with_suffix(REFI) if REFI in kind else path)

    def export_to(self, path: Path) -> None:
        """Write the codebook; the file is whole or not there."""
        from annotator.services.exporting import export_file
        from annotator.services.templates import save_codebook

        self._window.flush()
        self._window.tell("")
        try:
            if path.suffix.lower() == REFI:
                export_file(self._window.project, path)
            else:
                save_codebook(path, self._window.project.codebook, self._window.project.info.name)
        except AnnotatorError as error:
            self._window.tell(str(error))
            return
        self._window.told.setText(self.tr("Written to {path}").replace("{path}", str(path)))


def template_name(file: CodebookFile) -> str:
    """A template's name in the language of the interface."""
    return QCoreApplication.translate("Templates", file.name)
