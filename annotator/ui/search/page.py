"""The page “Search”: a line, what narrows it, the hits, and what can be done with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QLocale, Qt, QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from annotator.domain.model import SavedSearch
from annotator.domain.query import Filter, Query, compose, parse
from annotator.ui import fonts
from annotator.ui.documents.search_field import SearchField
from annotator.ui.pages.page import Page
from annotator.ui.search.choosing import AskLine, ChooseEntry
from annotator.ui.search.doing import AssignDialog, TagDialog
from annotator.ui.search.empty import Empty
from annotator.ui.search.finder import MOST, Finder
from annotator.ui.search.hit_list import HitList
from annotator.ui.search.narrow import Narrowing
from annotator.ui.search.saved import SavedMenu
from annotator.ui.search.words import said
from annotator.ui.widgets import Chip, FlowLayout, PlainLabel, Segmented, button

if TYPE_CHECKING:
    from annotator.domain.query import Mode
    from annotator.services.search import Hit
    from annotator.ui.workspace import Workspace

_TYPING = 220
"""Milliseconds after the last letter."""


class SearchPage(Page):
    """Searches as one types; the list stays as it is until another search."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, "", parent)
        self._title.setText(self.tr("Search"))
        self.setAccessibleName(self.title)
        self._searched: tuple[str, str, bool, bool] | None = None
        self.finder = Finder(self)
        self.finder.arrived.connect(self._arrived)
        self.finder.ended.connect(self._ended)
        self.narrowing = Narrowing(workspace, self)
        self.narrowing.picked.connect(self._narrow_by)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING)
        self._typing.timeout.connect(self.search)
        self._build_head()
        self._build_line()
        self.list = HitList()
        self.empty = Empty(self.narrowing)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.empty, 1)
        self._build_foot()
        self.list.entered_hit.connect(self._go)
        self.list.left_upwards.connect(lambda: self.line.setFocus(Qt.FocusReason.BacktabFocusReason))
        self.list.hits.chosen_changed.connect(self._show_chosen)
        self._show_state("")

    # Its parts

    def _build_head(self) -> None:
        self.count = PlainLabel("", role="text2", font=fonts.ui(fonts.CONTROL, tabular=True))
        self.stop_button = button(self.tr("Stop"), role="flat")
        self.stop_button.clicked.connect(self.stop)
        self.stop_button.hide()
        self.saved = SavedMenu(self.workspace, self)
        self.saved.opened.connect(self.show_saved)
        self.saved.save_wanted.connect(self.save_as)
        self.saved_button = button(self.tr("Saved"))
        self.saved_button.setMenu(self.saved)
        self.head.addWidget(self.count)
        self.head.addWidget(self.stop_button)
        self.head.addStretch(1)
        self.head.addWidget(self.saved_button)

    def _build_line(self) -> None:
        self.line = SearchField(self.tr("Words, “phrases”, begin*, AND, OR, NOT"))
        self.line.setAccessibleName(self.tr("Search for"))
        modes = {"words": self.tr("Words"), "text": self.tr("Characters"), "regex": self.tr("Expression")}
        self.mode = Segmented(list(modes), name=self.tr("What is typed are"), labels=modes)
        self.mode.setValue("words")
        self.mode.setFixedWidth(270)
        self.mode.chosen.connect(self._choose_mode)
        tips = {
            "words": self.tr("Whole words, with AND, OR, NOT, NEAR"),
            "text": self.tr("These very characters, also within words"),
            "regex": self.tr("A regular expression"),
        }
        for segment, tip in zip(self.mode.findChildren(QWidget), tips.values(), strict=False):
            segment.setToolTip(tip)
        self.exact = Chip(self.tr("Exact"))
        self.exact.setToolTip(self.tr("Upper and lower case and accents count"))
        self.whole = Chip(self.tr("Whole words"))
        for chip in (self.exact, self.whole):
            chip.clicked.connect(self.search)
        self.narrow_button = button(self.tr("Narrow"), icon="filter")
        self.narrow_menu = QMenu(self)
        self.narrow_menu.aboutToShow.connect(lambda: self.narrowing.fill(self.narrow_menu))
        self.narrow_button.setMenu(self.narrow_menu)
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.line, 1)
        top.addWidget(self.mode)
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips, spacing=6)
        self._flow.setContentsMargins(0, 3, 0, 0)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.narrow_button, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self._chips, 1)
        below.addWidget(self.exact, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self.whole, 0, Qt.AlignmentFlag.AlignTop)
        self.error = PlainLabel("", role="conflict", wrap=True)
        self.error.hide()
        box = QVBoxLayout()
        box.setContentsMargins(20, 14, 20, 10)
        box.setSpacing(8)
        box.addLayout(top)
        box.addLayout(below)
        box.addWidget(self.error)
        self.body.addLayout(box)
        self.line.textChanged.connect(self._typed)
        self.line.entered.connect(self._enter)
        self.line.down.connect(self._into_list)
        self.line.left.connect(self.left)

    def _build_foot(self) -> None:
        self.chosen = PlainLabel("", role="text2", font=fonts.ui(fonts.CONTROL, tabular=True))
        self.all_button = button(self.tr("Choose all"), role="flat")
        self.all_button.clicked.connect(self.list.hits.choose_all)
        self.layers = QComboBox()
        self.layers.setFont(fonts.ui())
        self.layers.setAccessibleName(self.tr("Layer"))
        self.tag_button = button(self.tr("Tag…"))
        self.tag_button.clicked.connect(self.tag_hits)
        self.assign_button = button(self.tr("Assign entry…"))
        self.assign_button.clicked.connect(self.assign_entry)
        self._foot = QWidget()
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(20, 8, 20, 10)
        row.setSpacing(8)
        row.addWidget(self.chosen)
        row.addWidget(self.all_button)
        row.addStretch(1)
        row.addWidget(self.layers)
        row.addWidget(self.tag_button)
        row.addSpacing(8)
        row.addWidget(self.assign_button)
        self.body.addWidget(self._foot)

    # As a page

    def open(self) -> None:
        """The codebook may be another one."""
        project = self.workspace.project
        layers = project.codebook.layers if project is not None else ()
        kept = self.layers.currentData()
        self.layers.clear()
        for layer in layers:
            self.layers.addItem(layer.name, layer.id)
        self.layers.setCurrentIndex(max(0, self.layers.findData(kept)))
        self.empty.refresh()
        self._show_chosen()

    def show_thing(self, thing: object) -> None:
        """A line to search for."""
        self.mode.setValue("words")
        self.line.setText(str(thing))
        self.search()

    def narrow(self) -> None:
        """The keys to the line."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def focus_first(self) -> None:
        """The line."""
        self.narrow()

    def flush(self) -> None:
        """What was typed last is searched for when somebody looks again."""
        if self._typing.isActive():
            self.search()

    def drop(self) -> None:
        """End what runs."""
        self._typing.stop()
        self.finder.stop()

    # Searching

    def query(self) -> Query:
        """What the line says now."""
        project = self.workspace.project
        if project is None:
            return Query()
        is_key, is_thing = project.search.names()
        mode = cast("Mode", self.mode.value() or "words")
        return parse(
            self.line.text(), mode, exact=self.exact.isChecked(), whole=self.whole.isChecked(),
            is_key=is_key, is_thing=is_thing,
        )  # fmt: skip

    def search(self) -> None:
        """Search for what the line says, unless that is what is shown."""
        self._typing.stop()
        project, text = self.workspace.project, self.line.text().strip()
        mode = cast("Mode", self.mode.value() or "words")
        wanted = (text, mode, self.exact.isChecked(), self.whole.isChecked())
        self._show_filters()
        if project is None or wanted == self._searched:
            return
        self.finder.stop()
        self._searched = wanted
        self.list.hits.clear()
        if text:
            self.finder.start(project, *wanted)
        self._show_state("")

    def stop(self) -> None:
        """Keep what was found so far."""
        self.finder.stop()
        self._show_state("", stopped=True)

    def _typed(self) -> None:
        self._typing.start()
        if not self.line.text().strip():
            self.search()

    def _arrived(self, hits: list[Hit]) -> None:
        first = not self.list.hits.hits
        self.list.hits.add(hits)
        if first:
            self.list.go_to(0)
        self._show_state("")

    def _ended(self, wrong: str) -> None:
        self._show_state(wrong)

    def _choose_mode(self, mode: object) -> None:
        if mode is None:  # a second press: it stays
            self.mode.setValue("words")
        self.search()

    def _enter(self) -> None:
        before = self._searched
        self.search()
        if before == self._searched:
            self._into_list()

    def _into_list(self) -> None:
        if self.list.hits.hits:
            if self.list.current() is None:
                self.list.go_to(0)
            self.list.setFocus(Qt.FocusReason.TabFocusReason)

    # Filters

    def _narrow_by(self, thing: str, each: Filter) -> None:
        """One more filter; of those that hold only once the new one stays."""
        query = self.query()
        once = ("status", "from", "to", "date", "layer")
        kept = [f for f in query.filters if f != each and not (f.key == each.key and each.key in once)]
        changed = replace(query, thing=thing or query.thing, filters=(*kept, each))
        self._take(changed)

    def _without(self, each: Filter | None) -> None:
        query = self.query()
        if each is None:
            self._take(replace(query, thing=""))
            return
        filters = tuple(f for f in query.filters if f != each)
        if query.thing and not filters and each.key != "layer":
            filters = (Filter("layer", query.thing),)
        self._take(replace(query, filters=filters))

    def _take(self, query: Query) -> None:
        mode = self.mode.value() or "words"
        # In its own mode an expression stands bare.
        plain = replace(query, mode="words") if mode != "words" else query
        self.line.setText(compose(plain))
        self.line.setFocus()
        self.search()

    def _show_filters(self) -> None:
        """Each filter in plain words; a press takes it away."""
        while self._flow.count():
            item = self._flow.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        query = self.query()
        shown: list[tuple[str, Filter | None]] = [(query.thing.capitalize(), None)] if query.thing else []
        shown += [(said(each), each) for each in query.filters]
        for text, each in shown:
            chip = Chip(f"{text}  ×", self._chips, checkable=False)
            chip.setAccessibleName(text)
            chip.setToolTip(self.tr("Take this away"))
            chip.clicked.connect(lambda _checked=False, each=each: self._without(each))
            self._flow.addWidget(chip)

    # Going

    def _go(self, hit: Hit) -> None:
        project = self.workspace.project
        if project is None:
            return
        if project.documents.row(hit.document_id) is None:
            self.workspace.hint.emit(self.tr("This article is not in the project any more."))
            return
        self.place_wanted.emit(hit.document_id, hit.start, hit.end)
        number = self.list.current()
        if number is not None:
            told = self.tr("Hit {n} of {m}").replace("{n}", _n(number + 1))
            self.workspace.hint.emit(told.replace("{m}", _n(len(self.list.hits.hits))))

    def step(self, direction: int) -> bool:
        """Go to the next (1) or the previous (-1) hit, around the end; whether there is one."""
        hits = self.list.hits.hits
        if not hits:
            return False
        number = self.list.current()
        number = 0 if number is None else (number + direction) % len(hits)
        self.list.go_to(number)
        self._go(hits[number])
        return True

    # Doing

    def tag_hits(self) -> None:
        """Tag the chosen hits, or all, after a look at what would happen."""
        layer_id, hits = self.layers.currentData(), self.list.hits.wanted()
        if layer_id is None or not hits or self.workspace.read_only:
            return
        dialog = TagDialog(self.workspace, hits, layer_id, self.window())
        dialog.done_with.connect(self._done)
        dialog.open()

    def assign_entry(self) -> None:
        """Let the annotations at the chosen hits mean an entry."""
        hits, project = self.list.hits.wanted(), self.workspace.project
        if not hits or project is None or self.workspace.read_only:
            return

        def chosen(entry: object) -> None:
            id_, name = getattr(entry, "id", ""), getattr(entry, "name", "")
            dialog = AssignDialog(self.workspace, hits, id_, name, self.window())
            dialog.done_with.connect(self._done)
            dialog.open()

        choose = ChooseEntry(self.workspace, self.tr("Which entry do they mean?"), self.window())
        choose.chosen.connect(chosen)
        choose.open()

    def _done(self, told: str) -> None:
        self.workspace.hint.emit(told)
        self.list.hits.choose(self.list.hits.chosen, False)
        self.list.setFocus()

    def save_as(self) -> None:
        """Keep this search under a name."""
        project = self.workspace.project
        if project is None:
            return
        mode, line = cast("Mode", self.mode.value() or "words"), self.line.text()

        def take(name: str) -> None:
            project.searches.save(name, line, mode, exact=self.exact.isChecked(), whole=self.whole.isChecked())
            self.workspace.hint.emit(self.tr("Saved as “{name}”.").replace("{name}", " ".join(name.split())))

        AskLine(self.tr("Save search"), self.tr("Name"), take, self.window(), text=line[:60]).open()

    def show_saved(self, saved: SavedSearch) -> None:
        """Search as it was saved."""
        self.mode.setValue(saved.mode)
        self.exact.setChecked(saved.exact)
        self.whole.setChecked(saved.whole)
        self.line.setText(saved.line)
        self.search()
        self._into_list()

    # What is shown

    def _show_state(self, wrong: str, *, stopped: bool = False) -> None:
        hits, documents = len(self.list.hits.hits), self.list.hits.documents
        running = self.finder.running
        self.error.setText(wrong)
        self.error.setVisible(bool(wrong))
        self.stop_button.setVisible(running)
        text = ""
        if self.line.text().strip() and not wrong:
            if hits:
                number = _n(hits) + ("+" if hits >= MOST else "")
                found = self.tr("1 hit") if hits == 1 else self.tr("{n} hits").replace("{n}", number)
                where = (
                    self.tr("in 1 article")
                    if documents == 1
                    else self.tr("in {n} articles").replace("{n}", _n(documents))
                )
                text = f"{found} {where}"
                text = self.tr("{found}, stopped").replace("{found}", text) if stopped else text
            else:
                text = self.tr("Searching…") if running else self.tr("Nothing found.")
        self.count.setText(text)
        self.list.setVisible(bool(hits))
        self.empty.setVisible(not hits)
        self.empty.say(wrong, searching=running, searched=bool(self.line.text().strip()))
        self._show_chosen()

    def _show_chosen(self) -> None:
        hits = self.list.hits
        count, all_ = len(hits.chosen), len(hits.hits)
        writable = bool(all_) and not self.workspace.read_only
        told = self.tr("{n} of {m} chosen").replace("{n}", _n(count)).replace("{m}", _n(all_))
        self.chosen.setText(told if count else "")
        self.chosen.setVisible(bool(count))
        self.all_button.setText(self.tr("Choose none") if count and count == all_ else self.tr("Choose all"))
        self.tag_button.setText(
            self.tr("Tag {n} as this…").replace("{n}", _n(count)) if count else self.tr("Tag all as this…")
        )
        for push in (self.tag_button, self.assign_button):
            push.setEnabled(writable)
        self.layers.setEnabled(writable)
        self._foot.setVisible(bool(all_))
        self.saved.can_save = bool(self.line.text().strip()) and not self.error.text()


def _n(number: int) -> str:
    return QLocale().toString(number)
