"""How layers are drawn: the one painter of underline, tint, outline, dots, dashes, double and wave in all states."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.ui import fonts, theme
from annotator.ui.theme import LayerLike, LayerStyle

REST, HOVER, SELECTED, CHAIN, GHOST, CONFLICT, MISSING = (
    "rest",
    "hover",
    "selected",
    "chain",
    "ghost",
    "conflict",
    "missing",
)

# Above and below the baseline at the article's 17 px: the box of the tint.
_ABOVE, _BELOW, _BASE_PX = 17.1, 8.2, 17.0
# How far the outline keeps inside that box.
_INSET_TOP, _INSET_BOTTOM = 1.0, 0.8
LANE_STEP = 3.75


def lane_offset(px: float, lane: int = 0, *, arabic: bool = False) -> float:
    """How far below the baseline an underline of this lane (0 is nearest) runs, for a font of this size."""
    first = 0.42 * px if arabic else 0.235 * px
    return max(first, 3.4) + lane * LANE_STEP


def mark_rect(x: float, width: float, baseline: float, px: float, air: float = 2.0) -> QRectF:
    """The box of a mark around text that starts at `x`: the tint's height for a font of `px` pixels."""
    scale = px / _BASE_PX
    top = baseline - _ABOVE * scale
    return QRectF(x - air, top, width + 2 * air, baseline + _BELOW * scale - top)


def paint_mark(
    painter: QPainter,
    rect: QRectF,
    baseline: float,
    style: LayerStyle,
    mark: str = "",
    state: str = REST,
    *,
    lane_y: float | None = None,
) -> None:
    """Paint a layer's mark under a run of text; paint the text afterwards.

    `rect` is the box of the run (see `mark_rect`), `mark` defaults to the style's own, `lane_y` is where an underline
    runs (4 px below the baseline if not given).
    """
    mark = mark or style.mark
    now = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    y = baseline + 4.0 if lane_y is None else lane_y
    if state == MISSING:
        _line(painter, rect, y, _pen(now.conflict, 1.25, (2, 3)))
    elif mark == "tint":
        _paint_tint(painter, rect, style, state, now)
    elif mark == "outline":
        _paint_outline(painter, rect, style, state, now)
    else:
        _paint_underline(painter, rect, y, style, mark, state, now)
    painter.restore()


def _paint_tint(painter: QPainter, rect: QRectF, style: LayerStyle, state: str, now: theme.Theme) -> None:
    fill = {HOVER: style.hover, SELECTED: style.selected, CHAIN: style.selected}.get(state, style.tint)
    if state == GHOST:
        fill = theme.with_alpha(style.tint, 0.3)
    _fill(painter, rect, fill, 4.0)
    if state == CONFLICT:
        _hatch(painter, rect, now)
    edge = {
        SELECTED: _pen(theme.with_alpha(style.stroke, 0.75), 1.0),
        CHAIN: _pen(theme.with_alpha(style.stroke, 0.75), 1.0),
        GHOST: _pen(style.ghost, 1.0, (4, 3)),
        CONFLICT: _pen(now.conflict, 1.0),
    }.get(state)
    if edge is not None:
        painter.setPen(edge)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4.0, 4.0)


def _paint_outline(painter: QPainter, rect: QRectF, style: LayerStyle, state: str, now: theme.Theme) -> None:
    box = rect.adjusted(0.6, _INSET_TOP + 0.6, -0.6, -_INSET_BOTTOM - 0.6)
    if state == HOVER:
        _fill(painter, box, style.hover, 4.5)
    elif state in (SELECTED, CHAIN):
        _fill(painter, box, style.selected, 4.5)
    elif state == CONFLICT:
        _hatch(painter, box, now)
    painter.setPen(
        {
            SELECTED: _pen(style.stroke, 1.75),
            CHAIN: _pen(style.stroke, 1.75),
            GHOST: _pen(style.ghost, 1.0, (4, 3)),
            CONFLICT: _pen(now.conflict, 1.0),
        }.get(state, _pen(theme.with_alpha(style.stroke, 0.82), 1.15))
    )
    painter.drawRoundedRect(box, 4.5, 4.5)


def _paint_underline(
    painter: QPainter, rect: QRectF, y: float, style: LayerStyle, mark: str, state: str, now: theme.Theme
) -> None:
    if state in (HOVER, SELECTED):
        _fill(painter, rect, style.hover if state == HOVER else style.selected, 3.0)
    elif state == CONFLICT:
        _hatch(painter, rect, now)
    color = {GHOST: style.ghost, CONFLICT: now.conflict}.get(state, style.stroke)
    strong, ghost = state == SELECTED, state == GHOST
    match mark:
        case "dots":
            size = 2.3 if state in (SELECTED, CHAIN) else 1.75
            _dots(painter, rect, y, color, size, 6.4 if ghost else 3.6)
        case "dashes":
            _line(painter, rect, y, _pen(color, 2.2 if strong else 1.25 if ghost else 1.6, (3, 5) if ghost else (7, 3)))
        case "double":
            width = 1.5 if strong else 1.0
            pen = _pen(color, width, (4, 3) if ghost else None)
            _line(painter, rect, y - 1.4, pen)
            _line(painter, rect, y + 1.4, pen)
        case "wave":
            _wave(painter, rect, y, _pen(color, 1.9 if strong else 1.0 if ghost else 1.25, (4, 3) if ghost else None))
        case _:
            _line(painter, rect, y, _pen(color, 1.25, (4, 3)) if ghost else _pen(color, 2.4 if strong else 1.6))


def _pen(color: QColor, width: float, dashes: tuple[float, float] | None = None) -> QPen:
    pen = QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)
    if dashes is not None:  # Qt counts dashes in pen widths
        pen.setDashPattern([dashes[0] / width, dashes[1] / width])
    return pen


def _fill(painter: QPainter, rect: QRectF, color: QColor, radius: float) -> None:
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    painter.fillPath(path, color)


def _line(painter: QPainter, rect: QRectF, y: float, pen: QPen) -> None:
    painter.setPen(pen)
    painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))


def _dots(painter: QPainter, rect: QRectF, y: float, color: QColor, size: float, step: float) -> None:
    pen = QPen(color, size, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.RoundCap)
    pen.setDashPattern([0.001, step / size])
    painter.setPen(pen)
    painter.drawLine(QPointF(rect.left() + size / 2, y), QPointF(rect.right() - size / 2 + 0.01, y))


def _wave(painter: QPainter, rect: QRectF, y: float, pen: QPen) -> None:
    path = QPainterPath(QPointF(rect.left(), y))
    x, half, up = rect.left(), 3.0, True
    while x < rect.right() - 0.01:
        end = min(x + half, rect.right())
        path.quadTo(QPointF((x + end) / 2, y - 2.4 if up else y + 2.4), QPointF(end, y))
        x, up = end, not up
    painter.strokePath(path, pen)


def _hatch(painter: QPainter, rect: QRectF, now: theme.Theme) -> None:
    """Lines at 45 degrees, 5 px apart, over the whole box."""
    step = 5.0 * 2**0.5
    painter.save()
    painter.setClipRect(rect)
    painter.setPen(_pen(theme.with_alpha(now.conflict, 0.4), 0.8))
    x = rect.left() - rect.height()
    while x < rect.right():
        painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()))
        x += step
    painter.restore()


def sample_size(text: str, font: QFont, mark: str) -> QSizeF:
    """How much room `paint_sample` takes for this text."""
    px = fonts.pixel_size(font)
    box = mark_rect(0, fonts.text_width(font, text), 0, px, _air(mark))
    return box.size()


def paint_sample(
    painter: QPainter,
    rect: QRectF,
    text: str,
    font: QFont,
    style: LayerStyle,
    state: str = REST,
    *,
    color: QColor | None = None,
    mark: str = "",
) -> QRectF:
    """Paint text in its layer's mark, from the start side of `rect` and in its middle; returns the box it took."""
    mark = mark or style.mark
    px = fonts.pixel_size(font)
    air = _air(mark)
    room = rect.width() - 2 * air
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room) if room > 0 else ""
    width = metrics.horizontalAdvance(shown)
    height = (_ABOVE + _BELOW) * px / _BASE_PX
    baseline = rect.center().y() - height / 2 + _ABOVE * px / _BASE_PX
    rtl = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
    x = rect.right() - air - width if rtl else rect.left() + air
    box = mark_rect(x, width, baseline, px, air)
    paint_mark(painter, box, baseline, style, mark, state, lane_y=baseline + lane_offset(px))
    painter.save()
    painter.setFont(font)
    painter.setPen(color or theme.current().ink)
    fonts.draw(painter, QRectF(x - 1, baseline - metrics.ascent(), width + 2, metrics.height()), shown, _CENTRED)
    painter.restore()
    return box


_CENTRED = Qt.AlignmentFlag.AlignCenter


def _air(mark: str) -> float:
    return 4.5 if mark in ("tint", "outline") else 0.4


class LayerSample(QWidget):
    """A word drawn in its layer's mark, as it is drawn in the text."""

    def __init__(
        self,
        layer: LayerLike | None = None,
        text: str = "",
        parent: QWidget | None = None,
        *,
        font: QFont | None = None,
        state: str = REST,
    ) -> None:
        super().__init__(parent)
        self._layer = layer
        self._text = text or getattr(layer, "name", "")
        self._state = state
        self.setFont(font or fonts.ui())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self._text)

    def text(self) -> str:
        """The word shown."""
        return self._text

    def setText(self, text: str) -> None:
        """Show another word."""
        if text == self._text:
            return
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def setLayer(self, layer: LayerLike | None) -> None:
        """Draw it as this layer; None draws plain text."""
        self._layer = layer
        self.updateGeometry()
        self.update()

    def setState(self, state: str) -> None:
        """One of "rest", "hover", "selected", "chain", "ghost", "conflict", "missing"."""
        if state != self._state:
            self._state = state
            self.update()

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        size = sample_size(self._text, self.font(), self._layer.mark if self._layer else "underline")
        return QSize(int(size.width() + 2), int(size.height() + 1))

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters; the rest is elided."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), 36), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint mark and text."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self._layer is None:
            painter.setFont(self.font())
            painter.setPen(theme.current().ink)
            fonts.draw(painter, rect, self._text)
        else:
            style = theme.layer_style(self._layer)
            paint_sample(painter, rect, self._text, self.font(), style, self._state)
        painter.end()


def layer_dot(painter: QPainter, center: QPointF, color: QColor, radius: float = 3.0) -> None:
    """A layer's dot, as on chips and in lists."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(color))
    painter.drawEllipse(center, radius, radius)
