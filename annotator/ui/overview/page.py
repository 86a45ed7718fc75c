"""The page “Overview”: how the project stands, at a glance; each bar and point opens the list behind it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from annotator.domain.changes import ChangeSet
from annotator.domain.errors import AnnotatorError, Cancelled
from annotator.ui import fonts, theme
from annotator.ui.later import Later
from annotator.ui.overview import pictures
from annotator.ui.overview.behind import Behind
from annotator.ui.overview.figures import Figure, Mark, figures, number, tr
from annotator.ui.overview.filters import Filters
from annotator.ui.pages.page import Page
from annotator.ui.settings import settings
from annotator.ui.widgets import PlainLabel, Segmented, button
from annotator.ui.worker import Control, Task, run

if TYPE_CHECKING:
    from annotator.services.overview import Line, Overview, Place
    from annotator.ui.overview.board import Board
    from annotator.ui.overview.card import FigureCard
    from annotator.ui.workspace import Workspace

CHARTS, TABLES = "charts", "tables"
_SETTLE = 250
"""Milliseconds: changes that come close together are counted together."""


class OverviewPage(Page):
    """Counts in a worker, and again when the project changes while it is in sight."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, tr("Overview"), parent)
        self.board: Board | None = None
        self._task: Task[Overview] | None = None
        self._list_task: Task[list[Place]] | None = None
        self._stale = True
        self._picked: tuple[Figure, Mark] | None = None
        self._build()
        self._later = Later(self)
        self._later.due.connect(self._count)
        workspace.changed.connect(self._changed)

    def _build(self) -> None:
        self.totals = PlainLabel("", role="text2", font=fonts.ui(fonts.CONTROL, tabular=True))
        labels = {CHARTS: tr("Charts"), TABLES: tr("Tables")}
        self.form = Segmented([CHARTS, TABLES], name=tr("Shown as"), labels=labels)
        self.form.setValue(CHARTS)
        self.form.setFixedWidth(150)
        self.form.chosen.connect(self._choose_form)
        self.export_button = button(tr("Picture"), icon="export")
        self.export_button.setMenu(self._menu())
        self.head.addWidget(self.totals)
        self.head.addStretch(1)
        self.head.addWidget(self.form)
        self.head.addWidget(self.export_button)
        self.filters = Filters()
        self.filters.changed.connect(self._filter)
        self.filters.wrong.connect(self._say)
        self.told = PlainLabel("", role="text2", font=fonts.ui(fonts.HEAD), wrap=True)
        self.told.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.told.setContentsMargins(24, 32, 24, 24)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.viewport().setAutoFillBackground(False)
        self.behind = Behind()
        self.behind.chosen.connect(self._go)
        self.behind.entry_wanted.connect(self._show_entry)
        self.behind.closed.connect(self.close_list)
        start = QVBoxLayout()
        start.setSpacing(0)
        start.addWidget(self.filters)
        start.addWidget(self.told, 1)
        start.addWidget(self.area, 1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addLayout(start, 1)
        row.addWidget(self.behind)
        self.body.addLayout(row, 1)
        self._say(tr("Counting…"))

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for kind, text in (
            ("png", tr("Page as PNG…")),
            ("svg", tr("Page as SVG…")),
            ("copy", tr("Copy page as picture")),
        ):
            menu.addAction(text).triggered.connect(lambda _on=False, kind=kind: self._picture(None, kind))
        return menu

    # The page in the window

    def open(self) -> None:
        """Catch up."""
        if self._stale:
            self._count()

    def drop(self) -> None:
        """Stop counting."""
        self._later.stop()
        for task in (self._task, self._list_task):
            if task is not None:
                task.drop()
        self._task = self._list_task = None

    def narrow(self) -> None:
        """Ctrl+F goes to what narrows."""
        self.filters.status.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_first(self) -> None:
        """The first chart; while it is counted, what narrows."""
        if self.board is not None and self.board.cards and not self.area.isHidden():
            next(iter(self.board.cards.values())).focus_in()
        else:
            self.filters.status.setFocus(Qt.FocusReason.OtherFocusReason)

    # Counting

    @property
    def busy(self) -> bool:
        """Whether something is being counted or listed."""
        return self._task is not None or self._list_task is not None or self._later.isActive()

    def _changed(self, change: ChangeSet) -> None:
        self._stale = True
        if self.isVisible():
            self._later.start(_SETTLE)

    def _filter(self) -> None:
        self.close_list()
        self._count()

    def _count(self) -> None:
        project = self.workspace.project
        if project is None:
            return
        if self._task is not None:
            self._task.drop()
        self._stale = False
        scope = self.filters.scope()

        def work(control: Control) -> Overview:
            from annotator.services.overview import look
            from annotator.ui.overview.library import load

            load()
            import_module("annotator.ui.overview.board")
            with project.elsewhere() as other:
                return look(other, scope, control.check)

        self._task = run(work, self._show, self._failed)

    def _failed(self, error: Exception) -> None:
        self._task = None
        if not isinstance(error, AnnotatorError):
            raise error
        if not isinstance(error, Cancelled):
            self._say(str(error))

    def _show(self, overview: Overview) -> None:
        self._task = None
        project = self.workspace.project
        if project is None:
            return
        first = self.board is None
        narrowed = self.filters.scope().narrows
        self.filters.all_button.setVisible(narrowed)
        self.filters.set_coders({coder.id: coder.name for coder in project.store.coders()})
        self.totals.setText(self._totals(overview))
        if overview.empty:
            self._say(
                tr("No article fits.")
                if narrowed
                else tr("There are no articles yet. Add some: this page then shows how the work goes.")
            )
        else:
            self._fill(figures(overview, project.codebook))
        self.filters.setVisible(narrowed or not overview.empty)
        self.form.setEnabled(not overview.empty)
        self.export_button.setEnabled(not overview.empty and self.form.value() == CHARTS)
        if first and self.isVisible() and self.filters.isAncestorOf(self.focusWidget() or self):
            self.focus_first()
        if self._picked is not None and not self.behind.isHidden():
            self._list(*self._picked, again=True)

    def _fill(self, found: list[Figure]) -> None:
        if self.board is None:
            from annotator.ui.overview.board import Board

            self.board = Board()
            self.board.picked.connect(self.show_list)
            self.board.picture_wanted.connect(self._picture)
            self.board.went.connect(lambda at: self.area.ensureVisible(at.x(), at.y(), 0, 60))
            self.board.show_tables(self.form.value() == TABLES)
            self.area.setWidget(self.board)
        self._say("")
        self.board.show_figures(found)

    def _say(self, text: str) -> None:
        """A sentence in the place of the charts; "" shows them."""
        self.told.setText(text)
        self.told.setVisible(bool(text))
        self.area.setVisible(not text)

    def _totals(self, overview: Overview) -> str:
        told = (
            ("documents", tr("1 article"), tr("{n} articles")),
            ("annotations", tr("1 annotation"), tr("{n} annotations")),
            ("links", tr("1 link"), tr("{n} links")),
        )
        counts = [(overview.totals[key], one, many) for key, one, many in told]
        return " · ".join(one if n == 1 else many.replace("{n}", number(n)) for n, one, many in counts)

    def _choose_form(self, form: object) -> None:
        if form is None:  # a second press: one of the two is always chosen
            self.form.setValue(CHARTS)
        self.export_button.setEnabled(self.form.value() == CHARTS)
        if self.board is not None:
            self.board.show_tables(self.form.value() == TABLES)

    # The list behind a bar

    def show_list(self, figure: Figure, mark: Mark) -> None:
        """List what a bar counts, and go to the list."""
        self._list(figure, mark)
        self.behind.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _list(self, figure: Figure, mark: Mark, *, again: bool = False) -> None:
        project, pick = self.workspace.project, mark.pick
        if project is None or pick is None:
            return
        if self._list_task is not None:
            self._list_task.drop()
        self._picked = (figure, mark)
        scope = self.filters.scope()
        row = self.behind.list.currentIndex().row() if again else 0
        if not again:
            title = f"{mark.group}, {mark.name}" if mark.group else mark.name
            self.behind.wait(title, figure.title, entry=bool(pick.entry_id))

        def work(control: Control) -> list[Place]:
            from annotator.services.overview import behind

            with project.elsewhere() as other:
                return behind(other, scope, pick)

        def show(places: list[Place]) -> None:
            from annotator.services.overview import lines

            self._list_task = None
            self.behind.show_places(places, lambda part: lines(project, pick.thing, part), max(0, row))

        self._list_task = run(work, show, self._failed)

    def close_list(self) -> None:
        """Hide the list; the keys go back to the bar."""
        if self.behind.isHidden():
            return
        inside = self.behind.isAncestorOf(self.focusWidget() or self)
        self.behind.hide()
        picked, self._picked = self._picked, None
        if inside and picked is not None and self.board is not None and picked[0].key in self.board.cards:
            self.board.cards[picked[0].key].focus_in()

    def _go(self, line: Line) -> None:
        if line.annotation_id:
            self.annotation_wanted.emit(line.annotation_id)
        else:
            self.document_wanted.emit(line.document_id)

    def _show_entry(self) -> None:
        pick = self._picked[1].pick if self._picked is not None else None
        if pick is not None and pick.entry_id:
            self.page_wanted.emit("registry", pick.entry_id)

    # Pictures

    def _picture(self, card: FigureCard | None, kind: str) -> None:
        """A picture of one chart, or of the page with all of them."""
        if self.board is None:
            return
        ground = theme.current().paper if card is not None else theme.current().window
        size = card.size() if card is not None else QSize(self.board.width(), self.board.height() + 48)
        paint = card.paint_picture if card is not None else self._paint_page
        title = card.figure.title if card is not None else self.title
        if kind == "copy":
            pictures.copy(size, paint, ground)
            self.workspace.hint.emit(tr("Copied as a picture."))
            return
        content = pictures.png(size, paint, ground) if kind == "png" else pictures.svg(size, paint, title, ground)
        self._save(content, title, kind)

    def _save(self, content: bytes, title: str, kind: str) -> None:
        from pathlib import Path

        from annotator.services.files import write_file

        assert self.workspace.project is not None
        start = Path(settings().last_folder) / f"{self.workspace.project.path.stem} – {title}.{kind}"
        pattern = f"{kind.upper()} (*.{kind})"
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Save picture"), str(start), pattern)
        if not chosen:
            return
        path = Path(chosen)
        path = path if path.suffix else path.with_suffix(f".{kind}")
        settings().last_folder = str(path.parent)
        with self.workspace.guard():
            write_file(path, lambda out: out.write(content))
            self.workspace.hint.emit(tr("Written to {path}").replace("{path}", str(path)))

    def _paint_page(self, painter: QPainter) -> None:
        """The name of the project, the totals, and all cards as they stand."""
        assert self.board is not None
        now, board, project = theme.current(), self.board, self.workspace.project
        painter.save()
        painter.setLayoutDirection(self.layoutDirection())
        painter.setFont(fonts.ui(16, fonts.SEMIBOLD))
        painter.setPen(now.ink)
        head = QRectF(20, 12, board.width() - 40, 26)
        fonts.draw(painter, head, project.info.name if project is not None else "")
        painter.setFont(fonts.ui(fonts.CONTROL, tabular=True))
        painter.setPen(now.text2)
        fonts.draw(painter, head, self.totals.text(), Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        for card in board.cards.values():
            painter.save()
            painter.translate(card.x(), card.y() + 44)
            painter.setPen(now.line)
            painter.setBrush(now.paper)
            painter.drawRoundedRect(QRectF(card.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 9, 9)
            card.paint_picture(painter)
            painter.restore()
        painter.restore()

    def changeEvent(self, event: QEvent) -> None:
        """Numbers and dates are written anew in another language or direction."""
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.LocaleChange):
            self._stale = True
            if self.isVisible():
                self._later.start(_SETTLE)
        super().changeEvent(event)
