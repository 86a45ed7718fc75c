"""The documents pane: search, progress, the list, and the button that adds articles."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QActionGroup,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from annotator.domain.changes import ChangeSet
from annotator.domain.errors import AnnotatorError
from annotator.domain.model import STATUSES
from annotator.ui import fonts, icons, theme
from annotator.ui.dialogs.action_lines import pretty
from annotator.ui.documents.list_view import DocumentList
from annotator.ui.documents.search_field import SearchField
from annotator.ui.settings import settings
from annotator.ui.widgets import Hairline, IconButton, KeyButton, PlainLabel, ProgressLine, SectionHead, paint_key
from annotator.ui.widgets.keycap import key_width

if TYPE_CHECKING:
    from annotator.ui.workspace import Workspace

_RELOAD = 300  # a change that names more documents than this reads the whole list again


class AddButton(KeyButton):
    """The wide button at the foot of the pane."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty("focusRadius", 4.0)

    def sizeHint(self) -> QSize:
        """As high as the tag bar beside it."""
        return QSize(200, 38)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint plus, text and key."""
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        colours = theme.current()
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        ink = colours.ink if self.underMouse() or self.hasFocus() else colours.text2
        box = QRectF(self.rect())
        middle = box.center().y()
        icons.paint(painter, "plus", QRectF(box.right() - 29 if rtl else 13, middle - 8, 16, 16), ink)
        painter.setPen(ink)
        painter.setFont(fonts.ui(fonts.HEAD))
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        flags = int(side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute)
        painter.drawText(box.adjusted(35, 0, -35, 0), flags, self.text())
        if self.key:
            wide = key_width(self.key)
            paint_key(painter, QRectF(16 if rtl else box.right() - 16 - wide, middle - 9.5, wide, 19), self.key)
        painter.end()


class DocumentsPanel(QWidget):
    """All articles of the open project."""

    add_requested = Signal()
    paste_requested = Signal()
    edit_requested = Signal(str)
    files_dropped = Signal(object)  # list[Path]
    collapse_requested = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._held_over = False
        self.setObjectName("documents")
        self.setAccessibleName(self.tr("Documents"))
        self.setAcceptDrops(True)
        self.setMinimumWidth(200)
        self._build()
        self._connect()
        self.model.set_sort(settings().documents_sort)
        self.reload()

    def sizeHint(self) -> QSize:
        """As wide as in the design."""
        return QSize(252, 600)

    # Building

    def _build(self) -> None:
        self.filter_button = IconButton("filter", self.tr("Filter and sort"))
        self.collapse_button = IconButton("panel-left", self.tr("Hide documents"))
        head = SectionHead(self.tr("Documents"), height=46)
        head.add(self.filter_button)
        head.add(self.collapse_button)
        self.search = SearchField(self.tr("Search documents"))
        self.progress_text = PlainLabel("", role="text3", font=fonts.ui(fonts.META, tabular=True))
        self.share_text = PlainLabel("", role="text3", font=fonts.ui(fonts.META, tabular=True))
        self.progress = ProgressLine()
        self.progress.setAccessibleName(self.tr("Articles done"))
        self.list = DocumentList()
        self.model = self.list.rows
        self.add_button = AddButton(self.tr("Add articles"))

        numbers = QHBoxLayout()
        numbers.setContentsMargins(16, 8, 16, 7)
        numbers.addWidget(self.progress_text)
        numbers.addStretch(1)
        numbers.addWidget(self.share_text)
        searching = QHBoxLayout()
        searching.setContentsMargins(12, 0, 12, 0)
        searching.addWidget(self.search)
        line = QHBoxLayout()
        line.setContentsMargins(16, 0, 16, 11)
        line.addWidget(self.progress)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addLayout(searching)
        column.addLayout(numbers)
        column.addLayout(line)
        column.addWidget(self.list, 1)
        column.addWidget(Hairline())
        column.addWidget(self.add_button)
        self.setTabOrder(self.search, self.list)
        self.setTabOrder(self.list, self.add_button)

    def _connect(self) -> None:
        workspace = self._workspace
        self.model.count = self._count
        workspace.project_opened.connect(self.reload)
        workspace.project_closed.connect(self.reload)
        workspace.changed.connect(self._follow)
        workspace.document_opened.connect(self._show_open)
        theme.notifier.changed.connect(self._retheme)
        self.search.textChanged.connect(self._narrow)
        self.search.down.connect(self._go_into_list)
        self.search.entered.connect(self._open_first)
        self.search.left.connect(workspace.focus_middle)
        self.list.opened.connect(self._open)
        self.list.left.connect(workspace.focus_middle)
        self.list.top_passed.connect(self.search.setFocus)
        self.list.remove_wanted.connect(self.remove)
        self.list.edit_wanted.connect(self.edit_requested)
        self.list.customContextMenuRequested.connect(self._context_menu)
        self.add_button.clicked.connect(self.add_requested)
        self.collapse_button.clicked.connect(self.collapse_requested)
        self.filter_button.clicked.connect(self._filter_menu)

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Show these keys: "search" in the search field and "add" on the button, as text such as “Ctrl I”."""
        self.search.set_key(pretty(keys.get("search", "")))
        self.add_button.set_key(pretty(keys.get("add", "")))

    # Rows

    def reload(self) -> None:
        """Read every row again."""
        project = self._workspace.project
        self.model.set_rows(project.documents.rows() if project is not None else [])
        self._fit()
        self._show_open(self._workspace.document.id if self._workspace.document is not None else "")

    def _count(self, ids: list[str]) -> dict[str, int]:
        """Asked while rows are painted: there an error could only repeat itself."""
        if self._workspace.project is None:
            return {}
        try:
            return self._workspace.project.documents.annotation_counts(ids)
        except AnnotatorError:
            return {}

    def _follow(self, change: ChangeSet) -> None:
        ids = change.touched("document") | change.documents
        project = self._workspace.project
        if project is None or not ids:
            return
        if len(ids) > _RELOAD and not change.touched("document"):
            self.model.recount(ids)
            return
        if len(ids) > _RELOAD:
            self.reload()
            return
        rows = project.documents.rows_by_id(ids)
        self.model.patch(rows, ids - {row.id for row in rows})
        self._fit()

    def _narrow(self) -> None:
        self.model.set_filter(self.search.text(), self.model.status_filter)
        self._fit()
        self.list.set_current(self.list.painter_of_rows.open_id)

    def _fit(self) -> None:
        self.list.painter_of_rows.fit()
        done, total = self.model.counts()
        locale = QLocale()
        self.progress_text.setText(
            self.tr("{done} of {total} done")
            .replace("{done}", locale.toString(done))
            .replace("{total}", locale.toString(total))
            if total
            else self.tr("No articles")
        )
        shown = self.model.rowCount()
        share = round(100 * done / total) if total else 0
        if shown != total:
            self.share_text.setText(self.tr("{count} shown").replace("{count}", locale.toString(shown)))
        else:
            self.share_text.setText(locale.toString(share) + locale.percent() if total else "")
        self.progress.setValue(done / total if total else 0)
        if self._workspace.project is None:
            empty = ""
        elif total:
            empty = self.tr("Nothing matches.")
        else:
            empty = self.tr("No articles yet. Add files, paste a text, or drop files here.")
        if empty != self.list.empty_text or not shown:
            self.list.empty_text = empty
            self.list.viewport().update()

    def _show_open(self, document_id: str) -> None:
        delegate = self.list.painter_of_rows
        before, delegate.open_id = delegate.open_id, document_id
        for other in {before, document_id}:
            place = self.model.place_of(other)
            if place >= 0 and not self.list.uniformItemSizes():
                # The open title is set in semibold and may need another line.
                delegate.sizeHintChanged.emit(self.model.index(place))
        if document_id and before != document_id:
            self.list.set_current(document_id)
        self.list.viewport().update()

    def _retheme(self) -> None:
        self.list.painter_of_rows.retheme()
        self.list.viewport().update()
        self.update()

    # Keys and clicks

    def focus_search(self) -> None:
        """Give the keys to the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _go_into_list(self) -> None:
        if self.model.rowCount():
            if self.search.text():
                self.list.setCurrentIndex(self.model.index(0))
            self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def _open_first(self) -> None:
        row = self.model.row_at(0)
        if row is not None and self.search.text():
            self._open(row.id, True)

    def _open(self, document_id: str, go_on: bool) -> None:
        with self._workspace.guard():
            self._workspace.open_document(document_id)
            if go_on:
                self._workspace.focus_reader.emit()

    def position_of(self, document_id: str) -> tuple[int, int]:
        """Which document of how many this is, in the project's order."""
        return self.model.rank_of(document_id), self.model.counts()[1]

    def open_beside(self, step: int) -> None:
        """Open the next (1) or the previous (-1) document of those shown."""
        place = self.model.place_of(self.list.painter_of_rows.open_id)
        row = self.model.row_at(place + step if place >= 0 else 0)
        if row is not None:
            self._open(row.id, False)

    def remove(self, ids: list[str]) -> None:
        """Remove articles without a question: undo brings them back."""
        project = self._workspace.project
        if project is None or not ids:
            return
        row = self.model.row(ids[0])
        place = self.model.place_of(ids[0])
        was_open = self.list.painter_of_rows.open_id in ids
        done = False
        with self._workspace.guard():
            project.documents.remove(ids)
            done = True
        if not done:
            return
        if len(ids) == 1 and row is not None:
            self._workspace.hint.emit(self.tr("Removed “{title}”. Undo brings it back.").replace("{title}", row.title))
        else:
            self._workspace.hint.emit(self.tr("Removed %n articles. Undo brings them back.", "", len(ids)))
        rest = self.model.row_at(min(place, self.model.rowCount() - 1))
        if rest is not None and was_open:
            self._open(rest.id, False)
        elif rest is not None:
            self.list.set_current(rest.id)

    def _mark(self, ids: list[str], status: str) -> None:
        project = self._workspace.project
        if project is None:
            return
        with self._workspace.guard(), project.step("Mark article {what}", status):
            for document_id in ids:
                project.documents.edit(document_id, status=status)  # type: ignore[arg-type]

    # Menus

    def _context_menu(self, place: QPoint) -> None:
        menu = self.context_menu()
        menu.exec(self.list.viewport().mapToGlobal(place))
        menu.deleteLater()

    def context_menu(self) -> QMenu:
        """What can be done with the chosen rows."""
        ids = self.list.selected_ids()
        menu = QMenu(self)
        writable = self._workspace.project is not None and not self._workspace.project.read_only
        if ids:
            menu.addAction(self.tr("Open"), Qt.Key.Key_Return, lambda: self._open(ids[0], True))
            edit = menu.addAction(self.tr("Edit details…"), Qt.Key.Key_F2, lambda: self.edit_requested.emit(ids[0]))
            edit.setEnabled(writable)
            marking = menu.addMenu(self.tr("Mark as"))
            marking.setEnabled(writable)
            for status, text in self._status_texts().items():
                marking.addAction(text, partial(self._mark, ids, status))
            remove = menu.addAction(self.tr("Remove"), Qt.Key.Key_Delete, lambda: self.remove(ids))
            remove.setEnabled(writable)
            menu.addSeparator()
        for text, signal in (
            (self.tr("Add articles…"), self.add_requested),
            (self.tr("Paste an article…"), self.paste_requested),
        ):
            action = menu.addAction(text)
            action.triggered.connect(signal)
            action.setEnabled(writable)
        return menu

    def _status_texts(self) -> dict[str, str]:
        return dict(zip(STATUSES, (self.tr("New"), self.tr("In progress"), self.tr("Done")), strict=True))

    def _filter_menu(self) -> None:
        menu = self.filter_menu()
        at = self.filter_button.rect()
        menu.exec(self.filter_button.mapToGlobal(at.bottomLeft() + QPoint(0, 4)))
        menu.deleteLater()

    def filter_menu(self) -> QMenu:
        """Which statuses are shown, and in what order."""
        menu = QMenu(self)
        menu.addSection(self.tr("Show"))
        shown = QActionGroup(menu)
        for status, text in {"": self.tr("All"), **self._status_texts()}.items():
            action = shown.addAction(text)
            action.setCheckable(True)
            action.setChecked(status == self.model.status_filter)
            action.triggered.connect(partial(self._status_chosen, status))
        menu.addActions(shown.actions())
        menu.addSection(self.tr("Sort by"))
        order = QActionGroup(menu)
        texts = {
            "position": self.tr("Project order"),
            "date": self.tr("Date"),
            "title": self.tr("Title"),
            "status": self.tr("Status"),
        }
        for key, text in texts.items():
            action = order.addAction(text)
            action.setCheckable(True)
            action.setChecked(key == self.model.sort_key)
            action.triggered.connect(partial(self._sort_chosen, key))
        menu.addActions(order.actions())
        return menu

    def _status_chosen(self, status: str, _on: bool = False) -> None:
        self.show_status(status)

    def _sort_chosen(self, key: str, _on: bool = False) -> None:
        self.sort_by(key)

    def show_status(self, status: str) -> None:
        """Show only documents of this status ("" for all)."""
        self.model.set_filter(self.search.text(), status)
        self.filter_button.setIconName("filter", "focus" if status else "text2")
        self.filter_button.setName(
            self.tr("Filter and sort (only some are shown)") if status else self.tr("Filter and sort")
        )
        self._fit()
        self.list.set_current(self.list.painter_of_rows.open_id)

    def sort_by(self, key: str) -> None:
        """Put the list in this order."""
        self.model.set_sort(key)
        settings().documents_sort = key
        self._fit()
        self.list.set_current(self.list.painter_of_rows.open_id)

    # Files dropped

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if self._paths(event):
            event.acceptProposedAction()
            self._hold(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Nothing is held over the pane any more."""
        self._hold(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the files on."""
        self._hold(False)
        paths = self._paths(event)
        if paths:
            event.acceptProposedAction()
            self.files_dropped.emit(paths)

    def _paths(self, event: QDropEvent) -> list[Path]:
        if self._workspace.project is None:
            return []
        return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]

    def _hold(self, held: bool) -> None:
        self._held_over = held
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground of the pane, and a dashed edge while files are held over it."""
        painter = QPainter(self)
        colours = theme.current()
        painter.fillRect(self.rect(), colours.window)
        if self._held_over:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = QPen(colours.accent, 1.5)
            pen.setDashPattern([3, 2.5])
            painter.setPen(pen)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), 9, 9)
        painter.end()
