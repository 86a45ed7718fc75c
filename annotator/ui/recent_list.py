"""The projects opened before, on the welcome screen. Imported only where there are any."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QLocale, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from annotator.ui import fonts, theme
from annotator.ui.settings import RecentProject
from annotator.ui.widgets import paint_focus

RECENT_ROLE = int(Qt.ItemDataRole.UserRole)
_ROW = 56
_MOST_ROWS = 5


def reach_of_home(path: str) -> str:
    """A path as people write it, with ~ for the home folder."""
    try:
        return "~/" + Path(path).relative_to(Path.home()).as_posix()
    except (ValueError, RuntimeError):
        return path


class _RecentDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        line: RecentProject | None = index.data(RECENT_ROLE)
        if line is None:
            return
        view: RecentList = self.parent()  # type: ignore[assignment]
        colours = theme.current()
        rect = QRectF(option.rect)
        state = option.state
        rtl = option.direction == Qt.LayoutDirection.RightToLeft
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        chosen = bool(state & QStyle.StateFlag.State_Selected) and view.hasFocus()
        hot = bool(state & QStyle.StateFlag.State_MouseOver)
        if chosen or hot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.hover)
            painter.drawRoundedRect(rect.adjusted(0, 0, 0, -1), 9, 9)
        elif index.row() + 1 < index.model().rowCount():
            painter.setPen(QPen(colours.line, 1))
            painter.drawLine(
                QPointF(rect.left() + 14, rect.bottom() - 0.5), QPointF(rect.right() - 14, rect.bottom() - 0.5)
            )
        if chosen and view.by_keyboard:
            paint_focus(painter, rect.adjusted(0, 0, 0, -1), 8)

        def box(left: float, top: float, width: float, height: float) -> QRectF:
            at = rect.right() - left - width if rtl else rect.left() + left
            return QRectF(at, rect.top() + top, width, height)

        start = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        end = Qt.AlignmentFlag.AlignLeft if rtl else Qt.AlignmentFlag.AlignRight
        rest = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        missing = view.is_missing(line)
        wide = rect.width()
        small = fonts.ui(12, tabular=True)
        right_column = 82 + 14
        facts_width = min(220.0, wide * 0.4)
        name_width = wide - 14 - right_column - facts_width - 8
        name_font = fonts.ui(13.5, fonts.MEDIUM)
        painter.setFont(name_font)
        painter.setPen(colours.text3 if missing else colours.ink)
        name = QFontMetricsF(name_font).elidedText(line.name, Qt.TextElideMode.ElideRight, name_width)
        painter.drawText(box(14, 10, name_width, 18), int(start | rest), name)
        painter.setFont(small)
        painter.setPen(colours.text3)
        metrics = QFontMetricsF(small)
        where = (
            "\u2066" + metrics.elidedText(reach_of_home(line.path), Qt.TextElideMode.ElideMiddle, name_width) + "\u2069"
        )
        painter.drawText(box(14, 27.5, name_width, 16), int(start | rest), where)
        facts, when = view.facts(line)
        if missing:
            facts, when = self.tr("The file is not there"), self.tr("Delete takes it off the list")
            column = box(wide - 14 - facts_width - 82, 10, facts_width + 82, 16)
        else:
            column = box(wide - right_column - facts_width, 10, facts_width, 16)
        painter.drawText(column, int(end | rest), facts)
        painter.drawText(column.translated(0, 16.5), int(end | rest), when)
        if not missing:
            painter.setPen(colours.text2)
            painter.drawText(
                box(wide - 14 - 64, 15, 64, 16), int(end | rest), QLocale().toString(line.done) + QLocale().percent()
            )
            track = box(wide - 14 - 64, 38, 64, 3.5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.line)
            painter.drawRoundedRect(track, 1.75, 1.75)
            part = track.width() * max(0, min(100, line.done)) / 100
            if part:
                painter.setBrush(colours.text2)
                painter.drawRoundedRect(
                    QRectF(track.right() - part if rtl else track.left(), track.top(), part, track.height()), 1.75, 1.75
                )
        painter.restore()


class RecentList(QListWidget):
    """Projects opened before. Enter or a click opens, Delete takes one off the list."""

    chosen = Signal(object)
    taken_off = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_RecentDelegate(self))
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setStyleSheet("QListWidget { background: transparent; border: none; padding: 0; outline: none; }")
        self.setAccessibleName(self.tr("Recent projects"))
        self.itemClicked.connect(self._open)
        self._missing: set[str] = set()
        self.by_keyboard = False

    def show_lines(self, lines: list[RecentProject]) -> None:
        """Show these projects."""
        self.clear()
        for line in lines:
            item = QListWidgetItem()
            item.setData(RECENT_ROLE, line)
            item.setData(int(Qt.ItemDataRole.AccessibleTextRole), ", ".join([line.name, line.path, *self.facts(line)]))
            item.setToolTip(line.path)
            self.addItem(item)
        if lines:
            self.setCurrentRow(0)

    def set_missing(self, paths: set[str]) -> None:
        """Grey out the projects whose files are not there."""
        self._missing = paths
        self.viewport().update()

    def is_missing(self, line: RecentProject) -> bool:
        """Whether the file was not there when last looked for."""
        return line.path in self._missing

    def sizeHint(self) -> QSize:
        """As many rows as there are, up to five."""
        return QSize(660, min(_MOST_ROWS, max(1, self.count())) * _ROW + 2)

    def minimumSizeHint(self) -> QSize:
        """Two rows at the least."""
        return QSize(300, min(2, max(1, self.count())) * _ROW + 2)

    def facts(self, line: RecentProject) -> tuple[str, str]:
        """Articles and coders, and when the project was last open, as people say it."""
        parts = [self.tr("1 article") if line.articles == 1 else self.tr("%n articles", "", line.articles)]
        if line.coders:
            parts.append(self.tr("1 coder") if line.coders == 1 else self.tr("%n coders", "", line.coders))
        return ", ".join(parts), self.when(line.when)

    def when(self, stamp: str, today: datetime | None = None) -> str:
        """“Today, 09:12”, “Yesterday”, “2 January”, “14 December 2024”."""
        try:
            moment = datetime.fromisoformat(stamp).astimezone()
        except ValueError:
            return ""
        now = today or datetime.now().astimezone()
        locale = QLocale()
        if moment.date() == now.date():
            return self.tr("Today, {time}").replace("{time}", f"{moment:%H:%M}")
        if moment.date() == (now - timedelta(days=1)).date():
            return self.tr("Yesterday")
        day = f"{moment.day} {locale.standaloneMonthName(moment.month)}"
        return day if moment.year == now.year else f"{day} {moment.year}"

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring where the keyboard brought the focus."""
        self.by_keyboard = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Delete takes off."""
        self.by_keyboard = True
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and item is not None:
            self._open(item)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and item is not None:
            self.taken_off.emit(item.data(RECENT_ROLE).path)
        else:
            super().keyPressEvent(event)

    def _open(self, item: QListWidgetItem) -> None:
        line: RecentProject = item.data(RECENT_ROLE)
        if not self.is_missing(line):
            self.chosen.emit(Path(line.path))
