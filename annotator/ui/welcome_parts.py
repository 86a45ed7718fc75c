"""What the welcome screen is made of: the painted specimen, the large buttons, the recent list, the drop zone."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QEvent, QLocale, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.ui import fonts, icons, theme
from annotator.ui.settings import RecentProject
from annotator.ui.widgets import paint_focus, paint_key
from annotator.ui.widgets.keycap import key_width

RECENT_ROLE = int(Qt.ItemDataRole.UserRole)
_ROW = 56
_MOST_ROWS = 5
_AIR = 4  # the specimen's outline reaches a little beyond its text


def reach_of_home(path: str) -> str:
    """A path as people write it, with ~ for the home folder."""
    try:
        return "~/" + Path(path).relative_to(Path.home()).as_posix()
    except (ValueError, RuntimeError):
        return path


class Specimen(QWidget):
    """One tagged sentence, painted as the article is, so that the first screen explains the tool."""

    _BASE = 20.5

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        source, cue = self.tr("A Syrian official"), self.tr("stated that")
        claim, actor = (
            self.tr("the American initiative ensures the cessation of all Israeli military activities in"),
            self.tr("Syria"),
        )
        self._parts = (source, cue, claim, actor)
        self.setAccessibleName(self.tr("Example: a source, a cue, and a claim that names an actor"))

    def sizeHint(self) -> QSize:
        """High enough for the labels above and below the sentence."""
        return QSize(600, 114)

    def minimumSizeHint(self) -> QSize:
        """The sentence shrinks with the width."""
        return QSize(300, 114)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint marks first, then the text on top, then the names of the layers."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Words of any language keep their own order in a mirrored interface.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        colours = theme.current()
        painter.setPen(QPen(colours.line, 1))
        first, last = float(_AIR), float(self.width() - _AIR)
        painter.drawLine(QPointF(first, 0.5), QPointF(last, 0.5))
        painter.drawLine(QPointF(first, self.height() - 0.5), QPointF(last, self.height() - 0.5))
        source, cue, claim, actor = self._parts
        sentence = f"{source} {cue} {claim} {actor}."
        font = fonts.serif(self._BASE)
        wide = QFontMetricsF(font).horizontalAdvance(sentence)
        scale = min(1.0, (last - first) / wide)
        if scale < 1.0:
            font = fonts.serif(self._BASE * scale)
        metrics = QFontMetricsF(font)

        def reach(text: str) -> float:
            return metrics.horizontalAdvance(text)

        left = first
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            left = last - reach(sentence)
        # A translation may itself run from right to left: then places are counted from the sentence's other end.
        backwards = unicodedata.bidirectional(sentence[0]) in ("R", "AL")
        base = 66.0

        def span(before: str, text: str) -> tuple[float, float]:
            start, wide = left + reach(before), reach(text)
            if backwards:
                start = 2 * left + reach(sentence) - start - wide
            return start, start + wide

        spans = [
            span("", source),
            span(f"{source} ", cue),
            span(f"{source} {cue} ", f"{claim} {actor}"),
            span(f"{source} {cue} {claim} ", actor),
        ]
        starts = [start for start, _end in spans]
        ends = [end for _start, end in spans]
        look = [theme.layer_style(layer, colours) for layer in DEFAULT_CODEBOOK.layers]
        actor_look, claim_look, source_look, cue_look = look[:4]

        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(claim_look.tint)
        painter.drawRoundedRect(QRectF(starts[2] - 2, base - 19, ends[2] - starts[2] + 2.4, 27), 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(source_look.stroke, 1.15))
        painter.drawRoundedRect(QRectF(starts[0] - 1.4, base - 19, ends[0] - starts[0] + 3.8, 26.5), 4.5, 4.5)
        flat = Qt.PenCapStyle.FlatCap
        painter.setPen(QPen(actor_look.stroke, 1.6, Qt.PenStyle.SolidLine, flat))
        for start, end in ((starts[0], ends[0]), (starts[3], ends[3])):
            painter.drawLine(QPointF(start, base + 4), QPointF(end, base + 4))
        dots = QPen(cue_look.stroke, 1.75, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        painter.setPen(dots)
        place = starts[1] + 1
        while place < ends[1]:
            painter.drawPoint(QPointF(place, base + 4.3))
            place += 3.6

        painter.setFont(font)
        painter.setPen(colours.ink)
        painter.drawText(QPointF(left, base), sentence)

        painter.setFont(fonts.ui(fonts.META, fonts.MEDIUM))
        label_font = fonts.ui(fonts.META, fonts.MEDIUM)
        names = (self.tr("Source"), self.tr("Cue"), self.tr("Claim"), self.tr("Actor"))
        for number, (style, name) in enumerate(
            zip((source_look, cue_look, claim_look, actor_look), names, strict=True)
        ):
            start, end = spans[number]
            at = end - fonts.text_width(label_font, name) if backwards else start
            painter.setPen(style.stroke)
            painter.drawText(QPointF(at, 35 if number < 3 else base + 25), name)
        painter.end()


class BigButton(QAbstractButton):
    """A large button: icon, text, perhaps a second line, and its key."""

    def __init__(
        self, icon: str, text: str, kind: str = "plain", note: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setText(text)
        self._icon, self._kind, self._note, self._key = icon, kind, note, ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focusRadius", 9.0)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        self.setAccessibleDescription(note)

    def set_key(self, text: str) -> None:
        """Show this key at the end."""
        self._key = text
        self.update()

    def sizeHint(self) -> QSize:
        """As in the design."""
        return QSize(280, 50)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the hover."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Take the hover away."""
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.current()
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        hot = self.underMouse() or self.isDown()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        ink = colours.ink
        if self._kind == "primary":
            fill = theme.mix(colours.accent, colours.on_accent, 0.12) if hot else colours.accent
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawRoundedRect(box, 9, 9)
            ink = colours.on_accent
        elif self._kind == "second":
            painter.setPen(QPen(colours.border, 1))
            painter.setBrush(colours.hover if hot else colours.field)
            painter.drawRoundedRect(box, 9, 9)
        elif hot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.hover)
            painter.drawRoundedRect(box, 9, 9)

        def mirrored(left: float, top: float, width: float, height: float) -> QRectF:
            return QRectF(self.width() - left - width if rtl else left, top, width, height)

        icons.paint(painter, self._icon, mirrored(13, 17, 16, 16), ink, mirrored=rtl)
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        flags = int(side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute)
        painter.setPen(ink)
        painter.setFont(fonts.ui(fonts.HEAD, fonts.MEDIUM))
        painter.drawText(
            mirrored(41, 8 if self._note else 0, self.width() - 120, 18 if self._note else 50), flags, self.text()
        )
        if self._note:
            painter.setPen(colours.text3)
            painter.setFont(fonts.ui(12))
            painter.drawText(mirrored(41, 25, self.width() - 70, 16), flags, self._note)
            icons.paint(painter, "chevron-right", mirrored(self.width() - 28, 17, 16, 16), colours.text2, mirrored=rtl)
        elif self._key:
            wide = key_width(self._key)
            box = mirrored(self.width() - 13 - wide, 15.5, wide, 19)
            if self._kind == "primary":
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.with_alpha(colours.on_accent, 0.35), 1))
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4.5, 4.5)
                painter.setPen(ink)
                painter.setFont(fonts.key())
                painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), self._key)
            else:
                paint_key(painter, box, self._key)
        painter.end()


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


class DropZone(QWidget):
    """Where files may be dropped; the whole screen takes them, this says so."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hot = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumHeight(64)
        self.setMaximumHeight(96)

    def sizeHint(self) -> QSize:
        """As in the design."""
        return QSize(600, 96)

    def set_hot(self, hot: bool) -> None:
        """Show that what is held over the window can be dropped."""
        self.hot = hot
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on it is taken as the wish to choose files."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dashed box and its two lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.current()
        pen = QPen(colours.accent if self.hot else colours.text3, 1.5 if self.hot else 1)
        pen.setDashPattern([3, 2.5])
        painter.setPen(pen)
        painter.setBrush(colours.hover if self.hot else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), 9, 9)
        first = self.tr("Drop articles or a project file here")
        second = self.tr("Text or JSON. Files stay on this computer.")
        big, small = fonts.ui(fonts.HEAD, fonts.MEDIUM), fonts.ui(12)
        wide = 38 + max(fonts.text_width(big, first), fonts.text_width(small, second))
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        left = (self.width() - wide) / 2
        middle = self.height() / 2
        icons.paint(painter, "drop", QRectF(left + wide - 20 if rtl else left, middle - 10, 20, 20), colours.text2)
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        flags = int(side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute)
        at = left if rtl else left + 38
        painter.setPen(colours.ink)
        painter.setFont(big)
        painter.drawText(QRectF(at, middle - 18, wide - 38, 18), flags, first)
        painter.setPen(colours.text3)
        painter.setFont(small)
        painter.drawText(QRectF(at, middle + 1, wide - 38, 16), flags, second)
        painter.end()
