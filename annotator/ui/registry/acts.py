"""What can be done with entries and mentions on the registry page. Each ends in one step that undo takes back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QObject, Signal
from PySide6.QtWidgets import QWidget

from annotator.domain.errors import AnnotatorError
from annotator.domain.model import Entry
from annotator.ui.dialogs.base import Dialog
from annotator.ui.registry.choosing import ChooseDialog, NameDialog
from annotator.ui.registry.doing import perform
from annotator.ui.registry.merging import MergeDialog
from annotator.ui.registry.removing import RemoveDialog
from annotator.ui.workspace import Workspace

_MOST_MERGED = 60


class RegistryActs(QObject):
    """Asks where there is something to ask, and does it."""

    made = Signal(str)
    """An entry that should be shown now."""

    def __init__(self, workspace: Workspace, window: QWidget) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._page = window

    def new(self, registry_id: str) -> None:
        """A new entry; it only needs a name."""
        if self._refuses():
            return
        dialog = NameDialog(self.tr("New entry"), self.tr("Add"), parent=self._page.window())
        dialog.chosen.connect(lambda name: self._create(dialog, registry_id, name))
        dialog.open()

    def _create(self, dialog: Dialog, registry_id: str, name: str) -> None:
        project = self._workspace.project
        if project is None:
            return
        try:
            entry = project.entries.create(registry_id, name)
        except AnnotatorError as error:
            dialog.tell(str(error))
            return
        self.made.emit(entry.id)

    def merge(self, ids: Sequence[str]) -> None:
        """Make the chosen entries one; where one is chosen, ask which other one it is."""
        project = self._workspace.project
        if project is None or not ids or self._refuses():
            return
        if len(ids) > _MOST_MERGED:
            told = self.tr("Choose at most {n} entries to merge at once.")
            self._workspace.hint.emit(told.replace("{n}", QLocale().toString(_MOST_MERGED)))
        elif len(ids) == 1:
            entry = project.entries.get(ids[0])
            title = self.tr("Merge “{name}” with").replace("{name}", entry.name[:60])
            dialog = ChooseDialog(
                self._workspace, entry.registry_id, title, self.tr("Go on"), self._page.window(), but=[entry.id]
            )
            dialog.chosen.connect(lambda other: self._ask_merge([entry.id, other.id]))
            dialog.open()
        else:
            self._ask_merge(ids)

    def _ask_merge(self, ids: Sequence[str]) -> None:
        project = self._workspace.project
        if project is None:
            return
        known = project.entries.get_many(ids)
        entries = [known[id_] for id_ in ids if id_ in known]
        if len(entries) > 1:
            uses = project.entries.uses(ids=[entry.id for entry in entries])
            dialog = MergeDialog(self._workspace, entries, uses, self._page.window())
            dialog.merged.connect(lambda keep, others: self.merge_at_once(keep, others, dialog.mentions))
            dialog.open()

    def merge_at_once(self, keep: str, others: Sequence[str], mentions: int) -> None:
        """Merge without a further question."""
        perform(
            self._workspace,
            self._page.window(),
            lambda project: project.entries.merge(keep, others),
            mentions,
            lambda: self.made.emit(keep),
        )

    def remove(self, ids: Sequence[str]) -> None:
        """Delete the chosen entries; where they are mentioned, ask what becomes of that."""
        project = self._workspace.project
        if project is None or not ids or self._refuses():
            return
        known = project.entries.get_many(ids)
        entries = [known[id_] for id_ in ids if id_ in known]
        mentions = sum(use.mentions for use in project.entries.uses(ids=known).values())
        if not mentions:
            self._remove(list(known), "leave", "", len(known))
            return
        dialog = RemoveDialog(self._workspace, entries, mentions, self._page.window())
        dialog.removed.connect(lambda fate, to: self._remove(list(known), fate, to, mentions))
        dialog.open()

    def _remove(self, ids: list[str], fate: str, to_id: str, size: int) -> None:
        perform(
            self._workspace,
            self._page.window(),
            lambda project: project.entries.remove(ids, fate, to_id or None),  # type: ignore[arg-type]
            size,
            lambda: self.made.emit(to_id) if to_id else None,
        )

    def split(self, id_: str, annotation_ids: Sequence[str]) -> None:
        """Make a new entry of the chosen mentions."""
        project = self._workspace.project
        if project is None or not annotation_ids or self._refuses():
            return
        entry = project.entries.get(id_)
        count = QLocale().toString(len(annotation_ids))
        one = self.tr("1 mention of “{name}” becomes a mention of the new entry.")
        many = self.tr("{n} mentions of “{name}” become mentions of the new entry.")
        note = one if len(annotation_ids) == 1 else many
        dialog = NameDialog(
            self.tr("Split off a new entry"),
            self.tr("Split off"),
            self._words_of(annotation_ids),
            note.replace("{n}", count).replace("{name}", entry.name[:60]),
            self._page.window(),
        )
        dialog.chosen.connect(lambda name: self._split(dialog, id_, list(annotation_ids), name))
        dialog.open()

    def _split(self, dialog: Dialog, id_: str, annotation_ids: list[str], name: str) -> None:
        project = self._workspace.project
        if project is None:
            return
        try:
            project.entries.check_name(project.entries.get(id_).registry_id, name)
        except AnnotatorError as error:
            dialog.tell(str(error))
            return
        perform(
            self._workspace,
            self._page.window(),
            lambda where: where.entries.split(id_, annotation_ids, name),
            len(annotation_ids),
            lambda: self._show_named(id_, name),
        )

    def _show_named(self, like_id: str, name: str) -> None:
        project = self._workspace.project
        known = project.entries.get_many([like_id]) if project is not None else {}
        if project is not None and like_id in known:
            made = project.entries.resolve(known[like_id].registry_id, name)
            if made is not None:
                self.made.emit(made.id)

    def _words_of(self, annotation_ids: Sequence[str]) -> str:
        """The words of the first of them: most likely the name of what they are."""
        from annotator.domain.model import covered
        from annotator.domain.names import name_of

        project = self._workspace.project
        if project is None:
            return ""
        for annotation in project.documents.annotations_by_id(annotation_ids[:1]):
            words = covered(project.documents.text(annotation.document_id), annotation.fragments, " ")
            return name_of(words)[:200]
        return ""

    def move(self, id_: str, annotation_ids: Sequence[str]) -> None:
        """Let the chosen mentions mean another entry."""
        project = self._workspace.project
        if project is None or not annotation_ids or self._refuses():
            return
        entry, chosen = project.entries.get(id_), list(annotation_ids)
        title = self.tr("Move {n} mentions to").replace("{n}", QLocale().toString(len(chosen)))
        dialog = ChooseDialog(
            self._workspace, entry.registry_id, title, self.tr("Move"), self._page.window(), but=[id_]
        )
        dialog.chosen.connect(
            lambda to: perform(
                self._workspace,
                self._page.window(),
                lambda where: where.entries.reassign(id_, chosen, to.id),
                len(chosen),
            )
        )
        dialog.open()

    def choose_parent(self, entry: Entry) -> None:
        """Put an entry under another one."""
        project = self._workspace.project
        if project is None or self._refuses():
            return
        title = self.tr("Parent of “{name}”").replace("{name}", entry.name[:60])
        dialog = ChooseDialog(
            self._workspace, entry.registry_id, title, self.tr("Choose"), self._page.window(), but=[entry.id]
        )
        dialog.chosen.connect(lambda parent: self._set_parent(dialog, entry.id, parent.id))
        dialog.open()

    def _set_parent(self, dialog: Dialog, id_: str, parent_id: str) -> None:
        project = self._workspace.project
        if project is not None:
            try:
                project.entries.edit(id_, parent_id=parent_id)
            except AnnotatorError as error:
                dialog.tell(str(error))

    def _refuses(self) -> bool:
        if self._workspace.read_only:
            self._workspace.hint.emit(self.tr("This project is open for reading only."))
            return True
        return False
