"""The registry: all entries of a list at the start, what is known of the chosen one beside it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale, QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu, QSplitter, QStackedWidget

from annotator.domain.changes import ChangeSet
from annotator.domain.codebook import Registry
from annotator.domain.errors import AnnotatorError
from annotator.domain.model import Entry, Use
from annotator.ui import theme, worker
from annotator.ui.later import Later
from annotator.ui.pages.page import Page
from annotator.ui.panel import words
from annotator.ui.panel.parts import in_order, step_from, step_out
from annotator.ui.panel.target import editable
from annotator.ui.registry.acts import RegistryActs
from annotator.ui.registry.detail import Detail
from annotator.ui.registry.lines import Lines, line_of
from annotator.ui.registry.listing import Listing
from annotator.ui.registry.review import Review
from annotator.ui.registry.side import ListSide, group_field
from annotator.ui.widgets import IconButton, Segmented, button
from annotator.ui.workspace import Workspace

_RELOAD = 300  # a change that names more entries reads the whole list again
_SETTLE = 300  # milliseconds until counts are made anew


class RegistryPage(Page):
    """One registry at a time. The list is loaded by a worker; after that it is patched with what changes."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, _title())
        self._registry: Registry | None = None
        self._registries: tuple[Registry, ...] = ()
        self._stale = True
        self._renaming = False
        """The keys went from the list to the name."""
        self._task: worker.Task[Any] | None = None
        self._counting: worker.Task[Any] | None = None
        self._wanted: list[str] = []
        self._chosen: dict[str, list[str]] = {}
        """What was chosen in each registry."""
        self.acts = RegistryActs(workspace, self)
        self.acts.made.connect(self._show_entry)
        self._later = Later(self)
        self._later.due.connect(self._count)
        self._make_head()
        self.side = ListSide()
        self.detail = Detail(workspace)
        self.lines, self.list, self.search = self.side.lines, self.side.list, self.side.search
        self.form, self.mentions = self.detail.form, self.detail.mentions
        self._connect()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.side)
        self.splitter.addWidget(self.detail)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 3)
        self.splitter.setSizes([380, 640])
        self.listing = Listing(workspace, self)
        self.review = Review(workspace, self.acts)
        self.review.left.connect(lambda: self.show_review(False))
        self.middle = QStackedWidget()
        self.middle.addWidget(self.splitter)
        self.middle.addWidget(self.review)
        self.body.addWidget(self.middle, 1)
        workspace.changed.connect(self._follow)
        theme.notifier.changed.connect(self._retheme)

    # The parts

    def _make_head(self) -> None:
        self.tabs: Segmented | None = None
        self.new_button = button(self.tr("New entry"), icon="plus")
        self.new_button.clicked.connect(lambda: self.act("new"))
        self.review_button = button(self.tr("Likely duplicates"))
        self.review_button.setCheckable(True)
        self.review_button.clicked.connect(self.show_review)
        self.head.addStretch(1)
        self.head.addWidget(self.review_button)
        self.head.addWidget(self.new_button)
        self.more_button = IconButton("more", self.tr("Import and export"))
        self.more_button.clicked.connect(self._more_menu)
        self.head.addWidget(self.more_button)

    def _connect(self) -> None:
        self.side.left.connect(self.left)
        self.side.narrowed.connect(lambda: None if self.lines.count else self._show_chosen())
        self.list.picked.connect(self._show_chosen)
        self.list.wanted.connect(self.act)
        self.list.menu_wanted.connect(self._entry_menu)
        self.form.parent_wanted.connect(lambda: self.act("parent"))
        self.form.name.returnPressed.connect(self._back_from_name)
        self.form.entry_wanted.connect(self._show_entry)
        self.mentions.list.jump.connect(self.annotation_wanted)
        self.mentions.list.wanted.connect(self.act)
        self.mentions.list.menu_wanted.connect(self._mention_menu)
        self.mentions.split_button.clicked.connect(lambda: self.act("split"))
        self.mentions.move_button.clicked.connect(lambda: self.act("move"))
        self.detail.merge_button.clicked.connect(lambda: self.act("merge"))
        self.detail.remove_button.clicked.connect(lambda: self.act("remove"))

    # A page

    def open(self) -> None:
        """Catch up with what changed."""
        if self._stale:
            self._load()
        self.review.catch_up()

    def show_review(self, on: bool) -> None:
        """Go through likely duplicates, or back to all entries."""
        on = on and self._registry is not None
        self.review_button.setChecked(on)
        self.form.flush()
        if on and self._registry is not None:
            self.middle.setCurrentWidget(self.review)
            self.review.open(self._registry)
        else:
            self.middle.setCurrentWidget(self.splitter)
            self.list.setFocus()

    def show_thing(self, thing: object) -> None:
        """Show an entry, by its id."""
        self.show_review(False)
        self._show_entry(str(thing))

    def narrow(self) -> None:
        """Give the keys to the filter."""
        self.show_review(False)
        self.side.focus_search()

    def focus_first(self) -> None:
        """The filter first."""
        self.search.setFocus()

    def flush(self) -> None:
        """Keep what is half typed."""
        self.form.flush()

    def drop(self) -> None:
        """Stop what runs."""
        for task in (self._task, self._counting):
            if task is not None:
                task.drop()
        self._later.stop()
        self.mentions.drop()
        self.review.drop()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes as one reads, from the head to the end, and leaves the page at its ends."""
        focus = QApplication.focusWidget()
        return (
            step_from(focus, in_order(self), forward)
            or step_out(focus, self, forward)
            or super().focusNextPrevChild(forward)
        )

    # Loading

    def _load(self) -> None:
        """Read the entries of the registry, and how they are used, elsewhere."""
        project = self.workspace.project
        if project is None:
            return
        self._stale = False
        if project.codebook.registries != self._registries:
            self._show_registries(project.codebook.registries)
        registry = self._registry
        if registry is None:
            self.lines.set([], {}, "")
            self._narrow()
            return
        if self._task is not None:
            self._task.drop()

        order = self.side.order_of(registry, self._are_claims(registry))

        def work(_control: worker.Control) -> Lines:
            loaded = Lines()
            loaded.arrange(*order)
            with project.elsewhere() as other:
                loaded.set(other.entries.all(registry.id), other.entries.uses(registry.id), group_field(registry))
            loaded.filter("")
            return loaded

        self._task = worker.run(work, lambda lines: self._loaded(lines), self._fail)

    def _loaded(self, lines: Lines) -> None:
        self._task = None
        self.lines.take(lines)
        self._narrow(fresh=True)

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, AnnotatorError):
            raise error
        self.workspace.hint.emit(str(error))

    def _show_registries(self, registries: tuple[Registry, ...]) -> None:
        self._registries = registries
        now = next((r for r in registries if self._registry is not None and r.id == self._registry.id), None)
        self._registry = now or next(iter(registries), None)
        if self.tabs is not None:
            self.head.removeWidget(self.tabs)
            self.tabs.hide()
            self.tabs.deleteLater()
            self.tabs = None
        if registries:
            labels = {registry.id: words.label(registry.name) for registry in registries}
            self.tabs = Segmented([r.id for r in registries], name=self.tr("Registry"), labels=labels)
            self.tabs.setMinimumWidth(min(110 * len(registries), 420))
            assert self._registry is not None
            self.tabs.setValue(self._registry.id)
            self.tabs.chosen.connect(self._choose_registry)
            self.head.insertWidget(0, self.tabs)
        self.side.set_registry(self._registry, self._are_claims(self._registry))

    def _are_claims(self, registry: Registry | None) -> bool:
        project = self.workspace.project
        return project is not None and registry is not None and project.entries.are_claims(registry.id)

    def _choose_registry(self, id_: object) -> None:
        registry = next((r for r in self._registries if r.id == id_), None)
        if registry is None or registry is self._registry:
            if self.tabs is not None and self._registry is not None:
                self.tabs.setValue(self._registry.id)
            return
        self.form.flush()
        if self._registry is not None:
            self._chosen[self._registry.id] = self.list.chosen()
        self._registry = registry
        if self.tabs is not None:
            self.tabs.setValue(registry.id)
        self._wanted = self._chosen.get(registry.id, [])
        self.search.clear()
        self.side.set_registry(self._registry, self._are_claims(self._registry))
        self._load()
        if self.middle.currentWidget() is self.review:
            self.review.open(registry)

    def _follow(self, change: ChangeSet) -> None:
        self.review.follow(change)
        if self._stale or not self.isVisible():
            self._stale = True
            return
        touched = change.touched("entry")
        project, registry = self.workspace.project, self._registry
        if project is None:
            return
        if change.touches_codebook() or len(touched) > _RELOAD or registry is None:
            self._load()
        elif touched:
            known = project.entries.get_many(touched)
            uses = project.entries.uses(ids=known)
            group = group_field(registry)
            here = [entry for entry in known.values() if entry.registry_id == registry.id]
            lines = [line_of(entry, uses.get(entry.id, Use()), group) for entry in here]
            self.lines.patch(lines, touched - {entry.id for entry in here})
            self._narrow()
        if change.documents or change.touched("annotation"):
            self._later.start(_SETTLE)
        self._show_chosen(again=bool(change.touched("annotation") or change.touched("document")))

    def _count(self) -> None:
        """How entries are used, anew."""
        project, registry = self.workspace.project, self._registry
        if project is None or registry is None:
            return
        if self._counting is not None:
            self._counting.drop()

        def work(_control: worker.Control) -> dict[str, Use]:
            with project.elsewhere() as other:
                return other.entries.uses(registry.id)

        def done(uses: dict[str, Use]) -> None:
            if registry is self._registry and self.lines.set_uses(uses):
                self._narrow()
                self._show_chosen(again=True)

        self._counting = worker.run(work, done, self._fail)

    # The list

    def _narrow(self, *, fresh: bool = False) -> None:
        wanted, self._wanted = self._wanted, []
        self.side.narrow(wanted)
        if fresh:
            self._show_chosen()

    def _show_entry(self, id_: str) -> None:
        """Choose an entry, in whatever registry it is, though the filter may hide it."""
        project = self.workspace.project
        entry = project.entries.get_many([id_]).get(id_) if project is not None else None
        if entry is None:
            return
        if self.tabs is not None and (self._registry is None or entry.registry_id != self._registry.id):
            self._choose_registry(entry.registry_id)
        self._wanted = [id_]
        if id_ in self.lines.by_id:
            if self.lines.count and self.list.rows.row_of(id_) < 0:
                self.search.clear()
            self._narrow()
            self._show_chosen()

    # What is chosen

    def _show_chosen(self, *, again: bool = False) -> None:
        project = self.workspace.project
        chosen = self.list.chosen()
        entry: Entry | None = None
        if project is not None and len(chosen) == 1:
            entry = project.entries.get_many(chosen).get(chosen[0])
        allowed = editable(self.workspace)
        self.new_button.setEnabled(allowed and self._registry is not None)
        self.detail.merge_button.setEnabled(allowed and bool(chosen))
        self.detail.remove_button.setEnabled(allowed and bool(chosen))
        several = self.tr("{n} entries chosen").replace("{n}", QLocale().toString(len(chosen)))
        self.detail.several.setText(several if len(chosen) > 1 else "")
        if entry is None or project is None:
            self.detail.show_text(self._empty_text(len(chosen)))
            return
        line = self.lines.by_id.get(entry.id)
        count = line.use.mentions if line is not None else 0
        self.detail.show_entry(entry, count, project.entries.are_claims(entry.registry_id), again=again)

    def _empty_text(self, chosen: int) -> str:
        if chosen > 1:
            return self.tr("Merge makes them one; delete removes them all.")
        if self.lines.by_id:
            return self.tr("No entry fits the filter.") if not self.lines.count else self.tr("Choose an entry.")
        if self._registry is None:
            return self.tr("This project's codebook has no registry. Add one in the codebook editor.")
        return self.tr("No entries yet. Tagging makes them, or add one here.")

    # Doing

    def act(self, what: str) -> None:
        """Do what a key, a button or a menu asks for."""
        chosen = self.list.chosen()
        with self.workspace.guard():
            self.form.flush()
            match what:
                case "new" if self._registry is not None:
                    self.acts.new(self._registry.id)
                case "import" if self._registry is not None:
                    self.listing.bring_in(self._registry)
                case "export" if self._registry is not None:
                    self.listing.take_out(self._registry)
                case "rename" if len(chosen) == 1 and editable(self.workspace):
                    self._renaming = True
                    self.form.focus_name()
                case "merge":
                    self.acts.merge(chosen)
                case "remove":
                    self.acts.remove(chosen)
                case "go":
                    self.mentions.list.go()
                case "mentions" if len(chosen) == 1:
                    self.mentions.focus_list()
                case "parent" if self.form.entry is not None:
                    self.acts.choose_parent(self.form.entry)
                case "split" if self.form.entry is not None:
                    self.acts.split(self.form.entry.id, self.mentions.list.chosen())
                case "move" if self.form.entry is not None:
                    self.acts.move(self.form.entry.id, self.mentions.list.chosen())

    def _back_from_name(self) -> None:
        """Who came to the name from the list goes on in the list; where the name was refused it waits to be mended."""
        self.form.name.flush()
        if self._renaming and not self.form.message.text():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._renaming = False

    def _entry_menu(self, at: QPoint) -> None:
        one, some = len(self.list.chosen()) == 1, bool(self.list.chosen())
        allowed = editable(self.workspace)
        self._menu(
            at,
            (
                ("new", self.tr("New entry…"), "Ins", allowed),
                ("rename", self.tr("Rename everywhere"), "F2", one and allowed),
                ("merge", self.tr("Merge…"), "M", some and allowed),
                ("remove", self.tr("Delete…"), "Del", some and allowed),
                ("parent", self.tr("Choose parent…"), "", one and allowed),
                ("mentions", self.tr("Go to mentions"), "Enter", one),
            ),
        )

    def _more_menu(self) -> None:
        there = self._registry is not None
        self._menu(
            self.more_button.mapToGlobal(QPoint(0, self.more_button.height())),
            (
                ("import", self.tr("Import entries (CSV)…"), "", there and editable(self.workspace)),
                ("export", self.tr("Export entries (CSV)…"), "", there),
            ),
        )

    def _mention_menu(self, at: QPoint) -> None:
        some = bool(self.mentions.list.chosen())
        allowed = some and editable(self.workspace)
        self._menu(
            at,
            (
                ("split", self.tr("Split off a new entry…"), "S", allowed),
                ("move", self.tr("Move to another entry…"), "V", allowed),
            ),
        )

    def _menu(self, at: QPoint, lines: tuple[tuple[str, str, str, bool], ...]) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for what, text, key, on in lines:
            action = menu.addAction(f"{text}\t{key}" if key else text)
            action.setEnabled(on)
            action.triggered.connect(lambda _checked=False, what=what: self.act(what))
        menu.popup(at)

    def _retheme(self) -> None:
        self.list.painter_of_rows.retheme()
        self.list.viewport().update()
        self.mentions.list.viewport().update()


def _title() -> str:
    return QCoreApplication.translate("Registry", "Registry")
