"""The list itself: keys, and a word where there is nothing to list."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from annotator.ui import fonts, theme
from annotator.ui.documents.delegate import DocumentDelegate
from annotator.ui.documents.model import ID_ROLE, DocumentsModel


class DocumentList(QListView):
    """Documents to move through by arrow keys. Signals carry ids."""

    opened = Signal(str, bool)  # the id, and whether to go on into its text
    remove_wanted = Signal(list)
    edit_wanted = Signal(str)
    left = Signal()
    top_passed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("documents-list")
        self.setAccessibleName(self.tr("Documents"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        # The pane's own ground shows through, in every theme.
        self.setStyleSheet("QListView { background: transparent; border: none; padding: 0; outline: none; }")
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().setSingleStep(36)
        self.empty_text = ""
        self.rows = DocumentsModel(self)
        self.setModel(self.rows)
        self.painter_of_rows = DocumentDelegate(self)
        self.setItemDelegate(self.painter_of_rows)
        self.clicked.connect(self._clicked)
        self.doubleClicked.connect(lambda index: self._open(index, True))

    def selected_ids(self) -> list[str]:
        """Ids of the chosen rows, in the order shown; the current one where none is chosen."""
        places = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        found = [row.id for place in places if (row := self.rows.row_at(place)) is not None]
        current = self.currentIndex().data(ID_ROLE)
        return found or ([current] if current else [])

    def set_current(self, document_id: str) -> None:
        """Move the list's own cursor to this document, if it is shown, without opening it."""
        place = self.rows.place_of(document_id)
        if place >= 0:
            index = self.rows.index(place)
            self.setCurrentIndex(index)
            self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Titles break anew at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Paint the ring, and always have a current row."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(0))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the list from the window's shortcuts: here they mean the row, not the open article."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and not event.modifiers():
            own = (Qt.Key.Key_F2, Qt.Key.Key_Delete, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
            if event.key() in own:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Delete removes, F2 edits, Escape returns to the text, Up leaves at the top."""
        index = self.currentIndex()
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._open(index, True)
            case Qt.Key.Key_Space if not event.modifiers():
                self._open(index, False)
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.remove_wanted.emit(self.selected_ids())
            case Qt.Key.Key_F2:
                if index.isValid():
                    self.edit_wanted.emit(index.data(ID_ROLE))
            case Qt.Key.Key_Escape:
                self.left.emit()
            case Qt.Key.Key_Up if index.row() <= 0 and not event.modifiers():
                self.top_passed.emit()
            case _:
                super().keyPressEvent(event)
                return
        event.accept()

    def _clicked(self, index: QModelIndex) -> None:
        if len(self.selectionModel().selectedIndexes()) <= 1:
            self._open(index, False)

    def _open(self, index: QModelIndex, go_on: bool) -> None:
        if index.isValid():
            self.opened.emit(index.data(ID_ROLE), go_on)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, or a word where there are none."""
        super().paintEvent(event)
        if self.rows.rowCount() or not self.empty_text:
            return
        painter = QPainter(self.viewport())
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        painter.setFont(fonts.ui())
        painter.setPen(theme.current().text3)
        box = QRectF(self.viewport().rect()).adjusted(24, 24, -24, -24)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(box, int(flags) | int(Qt.TextFlag.TextWordWrap), self.empty_text)
        painter.end()
