"""The upper half of the panel: everything about the active annotation, editable in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from annotator.domain.model import Annotation
from annotator.ui import fonts, theme
from annotator.ui.panel import words
from annotator.ui.panel.card import AnnotationCard
from annotator.ui.panel.desk import Desk
from annotator.ui.panel.empty import EmptyCard
from annotator.ui.panel.parts import focus_into, lay_out_now
from annotator.ui.panel.same_claim import KEY
from annotator.ui.widgets import ElidedLabel, IconButton, SectionHead

if TYPE_CHECKING:
    from annotator.ui.panel.entry_picker import EntryPicker
    from annotator.ui.workspace import Workspace


_SIDE = 12  # beside the card


class Inspector(QWidget):
    """Follows the workspace. What changes is patched, so that the focus and half-typed text stay."""

    refreshed = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._desk = Desk(workspace, self)
        self._desk.pick_asked.connect(self._pick)
        self._picker: EntryPicker | None = None
        self._near: tuple[str | None, str | None] = (None, None)
        self.setAccessibleName(self.tr("Inspector"))
        self.head = SectionHead("", height=42)
        self._place = ElidedLabel(role="text2", font=fonts.ui(tabular=True))
        self._previous = IconButton("chevron-left", "", size=24)
        self._next = IconButton("chevron-right", "", size=24)
        for tool in (self._place, self._previous, self._next):
            self.head.add(tool)
        self._previous.clicked.connect(lambda: self._go(self._near[0]))
        self._next.clicked.connect(lambda: self._go(self._near[1]))
        self.card = AnnotationCard(self._desk)
        self.empty = EmptyCard()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(_SIDE, 0, _SIDE, _SIDE)
        column.setSpacing(0)
        self._column = column
        column.addWidget(self.card)
        column.addWidget(self.empty)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inside)
        self._inside = inside
        self.area.verticalScrollBar().rangeChanged.connect(self._make_room)
        self.area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.head)
        box.addWidget(self.area, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.refresh)
        workspace.changed.connect(self._changed)
        for signal in (workspace.project_opened, workspace.project_closed, workspace.document_changed):
            signal.connect(self._later)
        workspace.document_opened.connect(self._later)
        workspace.document_read.connect(self._later)
        workspace.active_changed.connect(self._later)
        theme.notifier.changed.connect(self._later)
        QApplication.instance().focusChanged.connect(self._follow_focus)  # type: ignore[union-attr]
        self.refresh()

    # What others ask

    def focus_first(self) -> None:
        """Give the keyboard to the first thing that can be edited."""
        if self._timer.isActive():
            self.refresh()
        if not self.card.isHidden() and not focus_into(self.card):
            focus_into(self.head)

    def flush(self) -> None:
        """Store what is half-typed; call it before the project closes."""
        self.card.flush()

    def change_entry(self, rename: bool = False) -> None:
        """Open the picker for what has the focus, else for the guess of the last tag, else for the active annotation."""
        focus = QApplication.focusWidget()
        wanted = getattr(focus, "annotation_id", "") if focus is not None and self.isAncestorOf(focus) else ""
        self._desk.pick_asked.emit(wanted or self._desk.guessed() or self._workspace.active_id or "", rename)

    def refresh(self) -> None:
        """Show what the workspace says now."""
        self._timer.stop()
        workspace = self._workspace
        annotation = workspace.active if workspace.project is not None else None
        if annotation is None:
            self.card.flush()
            self._show_empty()
        else:
            self._show_head(annotation)
            card = workspace.active_card
            own = card is not None and card.claim.id == annotation.id
            self.card.show_annotation(annotation, card if own else None)
        self.card.setVisible(annotation is not None)
        self.empty.setVisible(annotation is None)
        if self.isVisible():
            lay_out_now()
        self.refreshed.emit()

    # Following the workspace

    def _later(self, *_: object) -> None:
        """Once for all signals of one step."""
        self._timer.start()

    def _changed(self, change: object) -> None:
        from annotator.domain.changes import ChangeSet

        if isinstance(change, ChangeSet):
            self._desk.follow(change)
        self._later()

    def _show_empty(self) -> None:
        workspace = self._workspace
        codebook = workspace.project.codebook if workspace.project is not None else None
        self.head.setTitle(self.tr("Nothing selected") if workspace.document is not None else self.tr("Inspector"))
        self._place.setText("")
        self._near = (None, None)
        self._previous.hide()
        self._next.hide()
        self.empty.show_codebook(codebook, has_document=workspace.document is not None, editable=self._desk.editable)

    def _show_head(self, annotation: Annotation) -> None:
        workspace = self._workspace
        layer = workspace.layer(annotation)
        annotated = workspace.annotated
        self._near = annotated.sisters(annotation) if not workspace.loading else (None, None)
        name = words.label(layer.name)
        self.head.setTitle(f"{name} {words.isolated(workspace.number(annotation))}")
        locale = self.locale()
        here = locale.toString(annotated.rank(annotation) + 1)
        all_ = locale.toString(len(annotated.places(annotation.layer_id)))
        told = self.tr("{place} of {count}").format(place=here, count=all_)
        self._place.setText("" if workspace.loading else told)
        self._previous.setName(self.tr("Previous {layer}").format(layer=words.choice(layer.name).lower()))
        self._next.setName(self.tr("Next {layer}").format(layer=words.choice(layer.name).lower()))
        self._previous.show()
        self._next.show()
        self._previous.setEnabled(self._near[0] is not None)
        self._next.setEnabled(self._near[1] is not None)

    def _go(self, id_: str | None) -> None:
        if id_ is not None:
            self._desk.go(id_)

    # Keys and the picker

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc gives the keyboard back to the article; E opens the picker, F2 renames, = takes the claim proposed."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self._workspace.focus_reader.emit()
        elif key == Qt.Key.Key_F2:
            self.change_entry(rename=True)
        elif key == Qt.Key.Key_E and not event.modifiers():
            self.change_entry()
        elif event.text() == KEY:
            self.card.take_same()
        else:
            super().keyPressEvent(event)

    def _pick(self, annotation_id: str, rename: bool) -> None:
        from annotator.ui.panel.entry_picker import EntryPicker

        if not self._workspace.known([annotation_id]):
            return
        annotation = self._workspace.annotated.annotations[annotation_id]
        if not self._workspace.layer(annotation).registry:
            self._workspace.hint.emit(self.tr("This layer has no list of entries."))
            return
        if not self._desk.editable:
            self._workspace.hint.emit(self.tr("This project is open for reading only."))
            return
        picker = EntryPicker(self._workspace, annotation_id, self)
        if rename:
            picker.begin_rename()
        picker.open_over(self)

    def _make_room(self, _least: int, most: int) -> None:
        """The scroll bar stands in the card's margin, so that the card stays as wide as it is."""
        bar = min(_SIDE - 1, self.area.verticalScrollBar().sizeHint().width()) if most > 0 else 0
        left, right = (_SIDE - bar, _SIDE) if self.isRightToLeft() else (_SIDE, _SIDE - bar)
        self._column.setContentsMargins(left, 0, right, _SIDE)

    def _follow_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self._inside.isAncestorOf(new):
            self.area.ensureWidgetVisible(new, 8, 12)
