"""Which entry an annotation means: a line to type in and the entries that fit, the best first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from annotator.domain.errors import AnnotatorError
from annotator.domain.model import Annotation, Entry
from annotator.domain.names import fold, name_of
from annotator.ui import fonts, theme
from annotator.ui.panel import words
from annotator.ui.panel.entry_list import ROW, Choice, EntryDelegate, EntryListModel
from annotator.ui.panel.parts import give_back
from annotator.ui.widgets import ElidedLabel, PlainLabel

if TYPE_CHECKING:
    from annotator.services.project import Project
    from annotator.ui.workspace import Workspace

_WIDTH = 400
_MOST_ROWS = 9
_CANDIDATES = 20


def pick_entries(workspace: Workspace, annotation_id: str, parent: QWidget) -> bool:
    """Let a person choose what an annotation means; returns when that is done, with whether something was chosen."""
    if not workspace.known([annotation_id]) or workspace.read_only:
        return False
    picker = EntryPicker(workspace, annotation_id, parent)
    picker.place_over(parent)
    done = picker.exec() == QDialog.DialogCode.Accepted
    picker.deleteLater()
    return done


class EntryPicker(QDialog):
    """A popup. Enter chooses, Shift+Enter also remembers the tagged words as a name, Ctrl+Enter adds or takes away one of
    several, F2 renames, Esc leaves.
    """

    def __init__(self, workspace: Workspace, annotation_id: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        project = workspace.project
        assert project is not None
        self._workspace = workspace
        self._project: Project = project
        self._annotation_id = annotation_id
        annotation = self._annotation()
        layer = workspace.layer(annotation)
        registry = project.codebook.registry_of(layer)
        self._registry_id = registry.id if registry is not None else ""
        self._counts = project.entries.mention_counts()
        self._renaming: Entry | None = None
        self._rename_only = False
        what = words.entry_label(layer)
        quoted = workspace.annotation_text(annotation)
        self._title = self.tr("{what} of “{words}”").format(what=what, words=quoted)
        self.setAccessibleName(self._title)
        self.setWindowTitle(self._title)
        self._head = ElidedLabel(self._title, role="text2", font=fonts.ui(12))
        self.line = QLineEdit()
        self.line.setFont(fonts.ui(13))
        self.line.setProperty("role", "search")
        self.line.setAccessibleName(what)
        self.line.setPlaceholderText(self.tr("Type a name"))
        self.line.installEventFilter(self)
        self.line.textEdited.connect(lambda _text: self._search())
        self.model = EntryListModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setProperty("role", "plain")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setItemDelegate(EntryDelegate(self.list, self.model))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Entries"))
        self.list.clicked.connect(lambda index: self._take(self.model.choices[index.row()]))
        self._error = PlainLabel(role="conflict", font=fonts.ui(12), wrap=True)
        self._error.hide()
        self._foot = PlainLabel(role="text3", font=fonts.ui(fonts.META), wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        for widget in (self._head, self.line, self._error, self.list, self._foot):
            column.addWidget(widget)
        column.setContentsMargins(9, 9, 9, 9)
        self.setFixedWidth(_WIDTH)
        self._begin(annotation, quoted)
        self.line.setFocus()  # a popup takes the keyboard only where one of its own widgets has its focus

    # Opening

    def begin_rename(self) -> None:
        """Open for renaming the first entry of the annotation."""
        known = self._project.entries.get_many(self._annotation().entries)
        entry = next((known[id_] for id_ in self._annotation().entries if id_ in known), None)
        if entry is not None:
            self._rename_only = True
            self._rename(entry)

    def place_over(self, anchor: QWidget) -> None:
        """Stand below the top of this widget, in its middle, and inside its window."""
        self.adjustSize()
        window = anchor.window()
        area = QRect(window.mapToGlobal(QPoint(0, 0)), window.size())
        spot = QRect(anchor.mapToGlobal(QPoint(0, 0)), anchor.size())
        x = spot.center().x() - self.width() // 2
        y = spot.top() + min(140, max(24, spot.height() // 6))
        x = max(area.left() + 8, min(x, area.right() - self.width() - 8))
        y = max(area.top() + 8, min(y, area.bottom() - self.height() - 8))
        self.move(x, y)

    def open_over(self, anchor: QWidget) -> None:
        """Show it over a widget and return at once."""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        before = QApplication.focusWidget()
        self.finished.connect(lambda _result: give_back(before))
        self.place_over(anchor)
        self.show()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def _begin(self, annotation: Annotation, quoted: str) -> None:
        known = self._project.entries.get_many(annotation.entries)
        text = next((known[id_].name for id_ in annotation.entries if id_ in known), "") or name_of(quoted)[:200]
        self.line.setText(text)
        self.line.selectAll()
        self._search()
        current = next((i for i, c in enumerate(self.model.choices) if c.chosen), None)
        if current is not None:
            self._go_to(current)

    # Keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the list work while the keyboard is in the line."""
        if watched is self.line and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key, keys = event.key(), Qt.Key
        many = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (keys.Key_Return, keys.Key_Enter):
            if self._renaming is not None:
                self._finish_rename()
            elif (choice := self._current()) is not None:
                if many:
                    self._toggle(choice)
                else:
                    self._take(choice, remember=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            return True
        if key == keys.Key_Escape and self._renaming is not None and not self._rename_only:
            self._leave_rename()
            return True
        if self._renaming is not None:
            return False
        if key == keys.Key_F2:
            choice = self._current()
            if choice is not None and choice.entry is not None:
                self._rename(choice.entry)
            return True
        page = _MOST_ROWS - 1
        step = {keys.Key_Down: 1, keys.Key_Up: -1, keys.Key_PageDown: page, keys.Key_PageUp: -page}.get(keys(key), 0)
        if not step:
            return False
        row, last = self.list.currentIndex().row(), len(self.model.choices) - 1
        if abs(step) == 1:
            self._go_to((row + step) % (last + 1) if last >= 0 else -1)
        else:
            self._go_to(max(0, min(last, row + step)))
        return True

    # The list

    def _annotation(self) -> Annotation:
        return self._workspace.annotated.annotations[self._annotation_id]

    def _search(self) -> None:
        """Show the entries that fit what is typed."""
        text = " ".join(self.line.text().split())
        chosen = self._annotation().entries
        entries = self._project.entries
        found = entries.candidates(self._registry_id, text, _CANDIDATES)
        typed = not self.line.hasSelectedText() and bool(text)
        if not typed:
            known = entries.get_many(chosen)
            found = [*(known[id_] for id_ in chosen if id_ in known), *(e for e in found if e.id not in chosen)]
        choices = [Choice(e, e.name, self._counts.get(e.id, 0), e.id in chosen) for e in found]
        exact = any(entry.name == text for entry in found)
        if text and not exact:
            choices.append(Choice(None, text))
        self.model.set_choices(choices)
        best = 0
        if found and text and not exact and not any(_fits(entry, text) for entry in found):
            best = len(choices) - 1  # nothing in the list is what was typed: most likely it is new
        self._go_to(best if choices else -1)
        self._complain("")
        self._fit()

    def _fit(self) -> None:
        rows = max(1, min(_MOST_ROWS, len(self.model.choices)))
        self.list.setFixedHeight(rows * ROW + 2)
        self.list.setVisible(self._renaming is None)
        if self._renaming is not None:
            self._head.setText(self.tr("Rename everywhere: {name}").format(name=self._renaming.name))
            self._foot.setText(self.tr("Enter renames it in the whole project · Esc goes back"))
        else:
            self._head.setText(self._title)
            self._foot.setText(
                self.tr(
                    "Enter chooses · Shift+Enter also remembers the tagged words as a name of it · "
                    "Ctrl+Enter adds or takes away · F2 renames"
                )
            )
        self.adjustSize()

    def _go_to(self, row: int) -> None:
        index = self.model.index(row) if row >= 0 else self.model.index(-1)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)

    def _current(self) -> Choice | None:
        row = self.list.currentIndex().row()
        return self.model.choices[row] if 0 <= row < len(self.model.choices) else None

    # Doing

    def _take(self, choice: Choice, *, remember: bool = False) -> None:
        """This entry alone, and done; with `remember` the tagged words mean it from now on."""
        if self._assign(choice, lambda id_, _: (id_,), remember=remember):
            self.accept()

    def _toggle(self, choice: Choice) -> None:
        """One more entry, or one less; the picker stays."""

        def change(id_: str, before: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(e for e in before if e != id_) if id_ in before else (*before, id_)

        if self._assign(choice, change, many=True):
            self._counts = self._project.entries.mention_counts()
            self.line.selectAll()
            name = choice.name
            self._search()
            row = next((i for i, c in enumerate(self.model.choices) if c.name == name), 0)
            self._go_to(row)

    def _assign(
        self,
        choice: Choice,
        change: Callable[[str, tuple[str, ...]], tuple[str, ...]],
        *,
        remember: bool = False,
        many: bool = False,
    ) -> bool:
        project = self._project
        try:
            taken = choice.entry is not None and choice.entry.id in self._annotation().entries
            with project.step("Take “{what}” away" if many and taken else "Assign “{what}”", choice.name):
                entry = choice.entry or project.entries.create(self._registry_id, choice.name)
                before = self._annotation().entries
                project.tagging.set_entries(self._annotation_id, change(entry.id, before))
                if remember:
                    project.entries.remember(entry.id, self._workspace.annotation_text(self._annotation()))
        except AnnotatorError as error:
            self._complain(str(error))
            return False
        return True

    def _rename(self, entry: Entry) -> None:
        self._renaming = entry
        self.line.setText(entry.name)
        self.line.selectAll()
        self._fit()

    def _leave_rename(self) -> None:
        assert self._renaming is not None
        self.line.setText(self._renaming.name)
        self.line.selectAll()
        self._renaming = None
        self._search()

    def _finish_rename(self) -> None:
        entry = self._renaming
        assert entry is not None
        name = " ".join(self.line.text().split())
        if name == entry.name:
            self.reject()
            return
        try:
            self._project.entries.edit(entry.id, name=name)
        except AnnotatorError as error:
            self._complain(str(error))
            return
        self.accept()

    def _complain(self, text: str) -> None:
        self._error.setText(text)
        self._error.setVisible(bool(text))
        if text:
            self.adjustSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paper with an edge."""
        colors = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), colors.field)
        painter.setPen(QPen(colors.border, 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def _fits(entry: Entry, text: str) -> bool:
    """Whether what is typed is a part of a name of this entry."""
    folded = fold(text)
    return any(folded in fold(name) for name in (entry.name, *entry.aliases))
