"""Go to anything: one line and a list of documents, actors, claims and commands, the likeliest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAction, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from annotator.ui import fonts, icons, theme
from annotator.ui.dialogs.action_lines import lines
from annotator.ui.dialogs.overlay import Overlay
from annotator.ui.documents.search_field import SearchField
from annotator.ui.widgets import Hairline, PlainLabel, paint_key, paint_row
from annotator.ui.widgets.keycap import key_width

if TYPE_CHECKING:
    from annotator.ui.workspace import Workspace

SHOWN = 60
_ROW = 38
_MOST_ROWS = 11
_NO_PARENT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Goal:
    """Something to go to. `target` is an id, or the action itself."""

    kind: str
    text: str
    note: str
    icon: str
    target: Any
    folded: str
    keys: tuple[str, ...] = ()


def rank(goals: Sequence[Goal], typed: str, most: int = SHOWN) -> list[Goal]:
    """The goals that fit what was typed: those that begin with it, then whole words, then parts, then near misses."""
    wanted = " ".join(typed.casefold().split())
    if not wanted:
        return list(goals[:most])
    words = wanted.split()
    tiers: list[list[Goal]] = [[], [], []]
    rest: list[Goal] = []
    for goal in goals:
        text = goal.folded
        if text.startswith(wanted):
            tiers[0].append(goal)
        elif wanted in text:
            tiers[1 if f" {wanted}" in text else 2].append(goal)
        elif len(words) > 1 and all(word in text for word in words):
            tiers[2].append(goal)
        else:
            rest.append(goal)
    best = [goal for tier in tiers for goal in sorted(tier, key=lambda goal: len(goal.folded))]
    if len(best) < most and len(wanted) > 2:
        from rapidfuzz import fuzz, process

        near = process.extract(
            wanted, [goal.folded for goal in rest], scorer=fuzz.WRatio, score_cutoff=72, limit=most - len(best)
        )
        best += [rest[place] for _text, _score, place in near]
    return best[:most]


class _Goals(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown: list[Goal] = []

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        goal = self.shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return goal.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (goal.text, goal.note, *goal.keys) if part)
        return None

    def show(self, goals: list[Goal]) -> None:
        self.beginResetModel()
        self.shown = goals
        self.endResetModel()


class _GoalDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        if not isinstance(model, _Goals):
            return
        goal, colours = model.shown[index.row()], theme.current()
        rect = QRectF(option.rect)
        rtl = option.direction == Qt.LayoutDirection.RightToLeft
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        paint_row(painter, rect.adjusted(8, 1, -8, -1), option.state, radius=7)

        def box(left: float, width: float) -> QRectF:
            at = rect.right() - left - width if rtl else rect.left() + left
            return QRectF(at, rect.top(), width, rect.height())

        icon = box(20, 16)
        icons.paint(painter, goal.icon, QRectF(icon.left(), rect.center().y() - 8, 16, 16), colours.text2, mirrored=rtl)
        start = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        end = Qt.AlignmentFlag.AlignLeft if rtl else Qt.AlignmentFlag.AlignRight
        rest = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        used = 20.0
        for key in reversed(goal.keys[:1]):
            cap = key_width(key)
            at = box(rect.width() - used - cap, cap)
            paint_key(painter, QRectF(at.left(), rect.center().y() - 9.5, cap, 19), key)
            used += cap + 10
        note_font = fonts.ui(fonts.META)
        note = QFontMetricsF(note_font).elidedText(goal.note, Qt.TextElideMode.ElideRight, rect.width() * 0.34)
        wide = QFontMetricsF(note_font).horizontalAdvance(note) + 2
        painter.setFont(note_font)
        painter.setPen(colours.text3)
        painter.drawText(box(rect.width() - used - wide, wide), int(end | rest), note)
        font = fonts.serif(14.5) if goal.kind == "claim" else fonts.ui(fonts.HEAD)
        room = rect.width() - 48 - used - wide - 10
        painter.setFont(font)
        painter.setPen(colours.ink)
        text = QFontMetricsF(font).elidedText(goal.text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(box(48, room), int(start | rest), text)
        painter.restore()


class Palette(Overlay):
    """Ctrl+K."""

    document_chosen = Signal(str)
    annotation_chosen = Signal(str)
    entry_chosen = Signal(str)

    def __init__(self, workspace: Workspace, actions: Sequence[QAction], window: QWidget) -> None:
        super().__init__(window, width=640, height=470, top=0.24)
        self.setAccessibleName(self.tr("Go to anything"))
        self._goals = self._collect(workspace, actions)
        self.line = SearchField(self.tr("Go to a document, an actor, a claim or a command"))
        self.list = QListView()
        self.list.setObjectName("palette-list")
        self.list.setProperty("role", "plain")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(self.tr("Found"))
        self.list.viewport().setAutoFillBackground(False)
        self.model = _Goals(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(_GoalDelegate(self.list))
        head = QHBoxLayout()
        head.setContentsMargins(14, 12, 14, 12)
        head.addWidget(self.line)
        self.column.addLayout(head)
        self.column.addWidget(Hairline())
        self.column.addSpacing(6)
        self.nothing = PlainLabel(self.tr("Nothing matches."), role="text3")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.nothing, 1)
        self.column.addSpacing(6)
        self.line.textChanged.connect(self._narrow)
        self.line.entered.connect(self.go)
        self.line.left.connect(self.close_overlay)
        self.line.down.connect(lambda: self._move(1))
        self.list.clicked.connect(lambda _index: self.go())
        self._narrow("")

    def first_focus(self) -> QWidget:
        """The line."""
        return self.line

    def _collect(self, workspace: Workspace, actions: Sequence[QAction]) -> list[Goal]:
        goals: list[Goal] = []
        project = workspace.project
        if project is not None:
            for row in project.documents.rows():
                note = " · ".join(part for part in (row.outlet, row.date) if part)
                goals.append(Goal("document", row.title, note, "file", row.id, f"{row.title} {row.outlet}".casefold()))
            for number, claim in workspace.numbered_claims():
                text = workspace.annotation_text(claim)
                note = self.tr("Claim {number} here").replace("{number}", number)
                goals.append(Goal("claim", text, note, "quote", claim.id, f"{number} {text}".casefold()))
            names = {registry.id: registry.name for registry in project.codebook.registries}
            counts = project.entries.mention_counts()
            for entry in project.entries.all():
                registry = names.get(entry.registry_id, "")
                kind = {"actors": self.tr("Actor"), "claims": self.tr("Proposition")}.get(registry, registry)
                mentions = counts.get(entry.id, 0)
                note = f"{kind} · " + (self.tr("1 mention") if mentions == 1 else self.tr("%n mentions", "", mentions))
                icon = "person" if registry == "actors" else "quote"
                folded = " ".join((entry.name, *entry.aliases)).casefold()
                goals.append(Goal("entry", entry.name, note, icon, entry.id, folded))
        for line in lines(actions):
            if line.action.isEnabled() and line.id != "edit.go":
                goals.append(
                    Goal("command", line.text, line.menu, "chevron-right", line.action, line.text.casefold(), line.keys)
                )
        return goals

    def _narrow(self, text: str) -> None:
        if text.strip():
            found = rank(self._goals, text)
        else:
            # Nothing typed: a few of each, so that the line shows what it can do.
            documents = [goal for goal in self._goals if goal.kind == "document"][:6]
            commands = [goal for goal in self._goals if goal.kind == "command"]
            found = [*documents, *commands][:SHOWN]
        self.model.show(found)
        if found:
            self.list.setCurrentIndex(self.model.index(0))
        self.nothing.setVisible(not found)
        self.list.setVisible(bool(found))
        rows = max(1, min(_MOST_ROWS, len(found)))
        self._wanted = QSize(640, 70 + rows * _ROW)
        self._place()

    def _place(self) -> None:
        # The line stays where it is while the list under it grows and shrinks.
        super()._place()
        top = round((self._over.height() - 70 - _MOST_ROWS * _ROW) * 0.3)
        self.card.move(self.card.x(), max(24, top))

    def _move(self, step: int) -> None:
        count = self.model.rowCount()
        if count:
            self.list.setCurrentIndex(self.model.index((self.list.currentIndex().row() + step) % count))

    def go(self) -> None:
        """Close, then go to what is chosen."""
        place = self.list.currentIndex().row()
        if not 0 <= place < self.model.rowCount():
            return
        goal = self.model.shown[place]
        self.close_overlay()
        if goal.kind == "command":
            # After the focus is back where it was: some commands work on what has it.
            QTimer.singleShot(0, goal.target.trigger)
        else:
            signals = {"document": self.document_chosen, "claim": self.annotation_chosen, "entry": self.entry_chosen}
            signals[goal.kind].emit(goal.target)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows move in the list while the line keeps the focus."""
        match event.key():
            case Qt.Key.Key_Up:
                self._move(-1)
            case Qt.Key.Key_PageDown:
                self._move(min(8, max(0, self.model.rowCount() - 1 - self.list.currentIndex().row())))
            case Qt.Key.Key_PageUp:
                self._move(-min(8, max(0, self.list.currentIndex().row())))
            case _:
                super().keyPressEvent(event)
