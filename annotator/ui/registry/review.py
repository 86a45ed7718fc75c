"""Likely duplicates, one pair after the other: one key makes them one, one key keeps them apart for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from annotator.domain.changes import ChangeSet
from annotator.domain.errors import AnnotatorError
from annotator.domain.model import Entry, Use
from annotator.ui import fonts, worker
from annotator.ui.panel import words
from annotator.ui.panel.target import editable
from annotator.ui.registry.acts import RegistryActs
from annotator.ui.registry.pair_list import PairView, reason_text
from annotator.ui.widgets import Card, PlainLabel, button
from annotator.ui.workspace import Workspace

if TYPE_CHECKING:
    from annotator.domain.codebook import Registry
    from annotator.services.alike import Pair

_EXAMPLES = 3
_AROUND = 70


class _Side(Card):
    """One of the two: its names, what is known, and where it stands in the texts."""

    def __init__(self) -> None:
        super().__init__()
        self.stays = PlainLabel("", role="text2", font=fonts.ui(fonts.META, fonts.SEMIBOLD))
        self.name = PlainLabel("", font=fonts.ui(15, fonts.SEMIBOLD), wrap=True)
        self.facts = PlainLabel("", role="text2", wrap=True)
        self.examples = PlainLabel("", font=fonts.serif(14), wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(6)
        for part in (self.stays, self.name, self.facts, self.examples):
            column.addWidget(part)
        column.addStretch(1)


class Review(QWidget):
    """Finds pairs in a worker and goes through them."""

    left = Signal()
    found = Signal()

    def __init__(self, workspace: Workspace, acts: RegistryActs) -> None:
        super().__init__()
        self._workspace = workspace
        self._acts = acts
        self._registry: Registry | None = None
        self._task: worker.Task[Any] | None = None
        self._swapped = False
        self._stale = False
        self.title = PlainLabel("", font=fonts.ui(fonts.HEAD, fonts.SEMIBOLD))
        self.back = button(self.tr("All entries"), icon="chevron-left")
        self.back.clicked.connect(self.left)
        self.list = PairView()
        self.list.picked.connect(self._show_pair)
        self.list.wanted.connect(self.answer)
        self.empty = PlainLabel("", role="text3", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(40, 0, 40, 0)
        self.sides = (_Side(), _Side())
        self.merge_button = button(self.tr("Same: merge (M)"), role="primary", icon="merge")
        self.apart_button = button(self.tr("Different (D)"))
        self.swap_button = button(self.tr("Swap (X)"))
        self.merge_button.clicked.connect(lambda: self.answer("merge"))
        self.apart_button.clicked.connect(lambda: self.answer("apart"))
        self.swap_button.clicked.connect(lambda: self.answer("swap"))
        self.apart_button.setToolTip(self.tr("Never propose these two again"))
        self.swap_button.setToolTip(self.tr("The other one stays"))
        start = QWidget()
        start.setMinimumWidth(250)
        column = QVBoxLayout(start)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.addWidget(self.back)
        head.addStretch(1)
        head.addWidget(self.title)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        self._pair = QFrame()
        compare = QHBoxLayout()
        compare.setSpacing(12)
        for side in self.sides:
            compare.addWidget(side, 1)
        keys = QHBoxLayout()
        keys.setSpacing(8)
        keys.addWidget(self.swap_button)
        keys.addStretch(1)
        keys.addWidget(self.apart_button)
        keys.addWidget(self.merge_button)
        self._reason = PlainLabel("", role="text2")
        inside = QVBoxLayout(self._pair)
        inside.setContentsMargins(20, 14, 20, 14)
        inside.setSpacing(12)
        inside.addWidget(self._reason)
        inside.addLayout(compare, 1)
        inside.addLayout(keys)
        end = QWidget()
        end.setMinimumWidth(360)
        stack = QVBoxLayout(end)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.addWidget(self._pair, 1)
        stack.addWidget(self.empty, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(start)
        self.splitter.addWidget(end)
        self.splitter.setSizes([380, 640])
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 3)
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.splitter)

    # Finding

    def open(self, registry: Registry) -> None:
        """Look for pairs in this registry."""
        self._registry = registry
        self._load()
        self.list.setFocus()

    def drop(self) -> None:
        """Stop what runs."""
        if self._task is not None:
            self._task.drop()
            self._task = None

    def _load(self) -> None:
        project, registry = self._workspace.project, self._registry
        if project is None or registry is None:
            return
        self.drop()
        self._stale = False
        if not self.list.rows.pairs:
            self._tell(self.tr("Looking for duplicates…"))

        def work(control: worker.Control) -> list[Pair]:
            with project.elsewhere() as other:
                return other.entries.likely(registry.id, control.check)

        self._task = worker.run(work, self._show, self._fail)

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, AnnotatorError):
            raise error
        self._tell(str(error))

    def _show(self, pairs: list[Pair], row: int | None = None) -> None:
        project = self._workspace.project
        if project is None:
            return
        known = project.entries.get_many({id_ for pair in pairs for id_ in (pair.first, pair.second)})
        now = self.list.rows.pair(self.list.currentIndex())
        pairs = [pair for pair in pairs if pair.first in known and pair.second in known]
        self.list.rows.show(pairs, known)
        places = {(pair.first, pair.second): place for place, pair in enumerate(pairs)}
        kept = places.get((now.first, now.second)) if now is not None else None
        place = kept if kept is not None else max(0, min(row or 0, len(pairs) - 1))
        self.title.setText(QLocale().toString(len(pairs)) if pairs else "")
        self.list.setCurrentIndex(self.list.rows.index(place if pairs else -1))
        if not pairs:
            self._tell(self.tr("No likely duplicates. Pairs that you keep apart are not shown again."))
        else:
            self._pair.show()
            self.empty.hide()
            self._show_pair()
        self.found.emit()

    def follow(self, change: ChangeSet) -> None:
        """Entries changed: what was found may not hold any more."""
        touched = change.touched("entry")
        if not touched or self._registry is None:
            return
        if change.origin != "do" or len(touched) > 50 or not self.isVisible():
            self._stale = True
            if self.isVisible():
                self._load()
            return
        gone = change.removed.get("entry", frozenset())
        row = self.list.currentIndex().row()
        self._show([p for p in self.list.rows.pairs if p.first not in gone and p.second not in gone], row)

    def catch_up(self) -> None:
        """The page comes back."""
        if self._stale:
            self._load()

    def _tell(self, text: str) -> None:
        self._pair.hide()
        self.empty.setText(text)
        self.empty.show()

    # One pair

    def current(self) -> tuple[Entry, Entry] | None:
        """The entry that would stay, and the other."""
        pair = self.list.rows.pair(self.list.currentIndex())
        if pair is None:
            return None
        first, second = (self.list.rows.entries[id_] for id_ in (pair.first, pair.second))
        uses = self._uses((first.id, second.id))
        if (uses[1].mentions > uses[0].mentions) != self._swapped:
            first, second = second, first
        return first, second

    def _uses(self, ids: tuple[str, str]) -> tuple[Use, Use]:
        project = self._workspace.project
        known = project.entries.uses(ids=ids) if project is not None else {}
        return known.get(ids[0], Use()), known.get(ids[1], Use())

    def _show_pair(self, *, swapped: bool = False) -> None:
        self._swapped = swapped
        with self._workspace.guard():
            shown = self.current()
            pair = self.list.rows.pair(self.list.currentIndex())
            if shown is None or pair is None:
                return
            self._reason.setText(reason_text(pair))
            uses = self._uses((shown[0].id, shown[1].id))
            for side, entry, use, stays in zip(self.sides, shown, uses, (True, False), strict=True):
                side.stays.setText(self.tr("Stays") if stays else self.tr("Becomes part of it"))
                side.name.setText(entry.name)
                side.facts.setText("\n".join(self._facts(entry, use)))
                side.examples.setText("\n\n".join(self._examples(entry)) if use.mentions else "")
        allowed = editable(self._workspace)
        for push in (self.merge_button, self.apart_button, self.swap_button):
            push.setEnabled(allowed)

    def _facts(self, entry: Entry, use: Use) -> list[str]:
        project = self._workspace.project
        assert project is not None
        locale = QLocale()
        told = self.tr("Mentions: {n} · documents: {m}").replace("{n}", locale.toString(use.mentions))
        facts = [told.replace("{m}", locale.toString(use.documents))]
        if entry.aliases:
            facts.append(self.tr("Also: {names}").replace("{names}", ", ".join(entry.aliases[:8])))
        for field in self._registry.fields if self._registry is not None else ():
            value = words.value(field, entry.fields.get(field.name))
            if value:
                facts.append(f"{words.label(field.name)}: {value}")
        parent = project.entries.get_many([entry.parent_id] if entry.parent_id else [])
        facts += [self.tr("Parent: {name}").replace("{name}", above.name) for above in parent.values()]
        return facts

    def _examples(self, entry: Entry) -> list[str]:
        """A few of its mentions with the words around them."""
        project = self._workspace.project
        assert project is not None
        found = []
        for mention in project.entries.places(entry.id, _EXAMPLES):
            text = project.documents.text(mention.document_id)
            around = text[max(0, mention.start - _AROUND) : mention.end + _AROUND]
            found.append("… " + " ".join(around.split()) + " …")
        return found

    def answer(self, what: str) -> None:
        """Merge the pair, keep it apart for good, or swap which one stays."""
        shown, project = self.current(), self._workspace.project
        if shown is None or project is None or not editable(self._workspace):
            return
        stays, goes = shown
        if what == "swap":
            self._show_pair(swapped=not self._swapped)
            return
        with self._workspace.guard():
            if what == "merge":
                size = self._uses((stays.id, goes.id))[1].mentions
                self._acts.merge_at_once(stays.id, [goes.id], size)
            else:
                project.entries.judge_apart(stays.id, goes.id)
                row = self.list.currentIndex().row()
                ids = {stays.id, goes.id}
                self._show([p for p in self.list.rows.pairs if {p.first, p.second} != ids], row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to all entries."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
