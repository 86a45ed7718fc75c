"""The colours of the design, light and dark, and the colours of layers.

`apply(app, "light" | "dark" | "system")` sets style, palette, fonts and style sheet; `current()` is the theme in
force; `notifier.changed` says that it is another one. Widgets that paint themselves ask `current()` while painting.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


class Theme(NamedTuple):
    """Every colour of the interface."""

    name: str
    window: QColor
    paper: QColor
    field: QColor
    hover: QColor
    rowsel: QColor
    line: QColor
    border: QColor
    ink: QColor
    text2: QColor
    text3: QColor
    accent: QColor
    on_accent: QColor
    focus: QColor
    textsel: QColor
    thumb: QColor
    conflict: QColor
    conflict_tint: QColor

    @property
    def dark(self) -> bool:
        """Whether this is a dark theme."""
        return self.name == "dark"

    @property
    def strong(self) -> bool:
        """Whether this is a theme for high contrast."""
        return self is _strong.get(self.name)

    def color(self, token: str) -> QColor:
        """The colour of a token name ("text2"), or a colour given as "#rrggbb"."""
        if token.startswith("#"):
            return QColor(token)
        return _copy(getattr(self, token))


def _theme(name: str, *values: str) -> Theme:
    return Theme(name, *(QColor(value) for value in values))


# fmt: off
LIGHT = _theme(
    "light", "#F4F3EF", "#FDFCFA", "#FFFFFF", "#ECEAE4", "#E6E3DC", "#E3E0D8", "#CBC7BD", "#1D2126", "#555B63", "#5E646C",
    "#2F3B4F", "#FDFCFA", "#4A5D80", "#D5DCE8", "#C9C5BB", "#951D1C", "#F4E8E6",
)
DARK = _theme(
    "dark", "#141618", "#1B1D20", "#222529", "#24272B", "#2B2F34", "#2A2D31", "#43484E", "#E5E2DB", "#A9ADB3", "#979CA4",
    "#D6DAE2", "#1B1D20", "#8FA3C8", "#33415A", "#41464C", "#F4766C", "#3E2B2C",
)
# fmt: on


class LayerStyle(NamedTuple):
    """How a layer looks: `stroke` for labels, keys and lines; the tints lie under the text."""

    stroke: QColor
    tint: QColor
    ghost: QColor
    hover: QColor
    selected: QColor
    mark: str


class LayerLike(Protocol):
    """What `layer_style` needs of a layer."""

    @property
    def color(self) -> str: ...

    @property
    def mark(self) -> str: ...


# The four built-in colours: stroke, tint, ghost.
_BUILT_IN: dict[str, dict[str, tuple[str, str, str]]] = {
    "light": {
        "#1b54b4": ("#1B54B4", "#E6EBF3", "#6C8DC9"),
        "#925500": ("#925500", "#F9F0DD", "#B08343"),
        "#6e1e63": ("#6E1E63", "#F0E8EC", "#A6789F"),
        "#10705d": ("#10705D", "#E5EEEA", "#5C998B"),
    },
    "dark": {
        "#1b54b4": ("#6BA2FA", "#26303F", "#5378B4"),
        "#925500": ("#F3C558", "#343026", "#8F7A45"),
        "#6e1e63": ("#C98AB5", "#393039", "#8F6984"),
        "#10705d": ("#93DDBB", "#2B3634", "#5F8F7B"),
    },
}
# The claim's own hover and selected tints.
_BUILT_IN_TINTS = {("light", "#925500"): ("#F6E5C3", "#F3DEB2"), ("dark", "#925500"): ("#403A2A", "#49412C")}

NEW_LAYER_COLORS: tuple[str, ...] = ("#3A3A3A", "#194C00", "#D6008F", "#3636A1", "#4C2600", "#206060")
"""Colours to offer for new layers, told apart from the built-in four also by people who see fewer colours."""

_strong: dict[str, Theme] = {}
_styles: dict[tuple[str, str, str, bool], LayerStyle] = {}


def _copy(color: QColor) -> QColor:
    return QColor.fromRgba(
        color.rgba()
    )  # QColor(color) would first ask whether it is a Qt.GlobalColor: see painting.py


def mix(base: QColor, over: QColor, share: float) -> QColor:
    """`over` laid on `base` with this share (0 to 1)."""
    return QColor(
        round(base.red() + (over.red() - base.red()) * share),
        round(base.green() + (over.green() - base.green()) * share),
        round(base.blue() + (over.blue() - base.blue()) * share),
    )


def with_alpha(color: QColor, alpha: float) -> QColor:
    """The colour at this opacity (0 to 1)."""
    result = _copy(color)
    result.setAlphaF(alpha)
    return result


def luminance(color: QColor) -> float:
    """Relative luminance as WCAG 2 defines it."""

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def contrast(first: QColor, second: QColor) -> float:
    """The WCAG 2 contrast ratio of two colours."""
    one, two = luminance(first), luminance(second)
    return (max(one, two) + 0.05) / (min(one, two) + 0.05)


def layer_style(layer: LayerLike, theme: Theme | None = None) -> LayerStyle:
    """The colours of a layer in a theme (the one in force if not given)."""
    return style_for(layer.color, layer.mark, theme)


def style_for(color: str, mark: str, theme: Theme | None = None) -> LayerStyle:
    """The colours of a layer of this colour ("#rrggbb") and mark."""
    theme = theme or _state.theme
    key = (color.lower(), mark, theme.name, theme.strong)
    style = _styles.get(key)
    if style is None:
        style = _styles[key] = _make_style(key[0], mark, theme)
    return style


def _make_style(color: str, mark: str, theme: Theme) -> LayerStyle:
    built_in = _BUILT_IN[theme.name].get(color)
    if built_in:
        stroke, tint, ghost = (QColor(value) for value in built_in)
    else:
        stroke = readable(QColor(color) if QColor.isValidColorName(color) else theme.text2, theme)
        tint = mix(theme.paper, stroke, 0.14 if theme.dark else 0.10)
        ghost = _ghost(stroke, theme)
    if theme.strong:
        stroke = ghost = readable(stroke, theme, 7.1)
    if mark != "tint":
        # Hovering lays the tint at 60 %, selecting lays it whole.
        return LayerStyle(stroke, tint, ghost, with_alpha(tint, 0.6), _copy(tint), mark)
    if (theme.name, color) in _BUILT_IN_TINTS:
        hover, selected = (QColor(value) for value in _BUILT_IN_TINTS[theme.name, color])
    else:
        tint, hover, selected = _tint_steps(stroke, theme)
    return LayerStyle(stroke, tint, ghost, hover, selected, mark)


def _tint_steps(stroke: QColor, theme: Theme) -> tuple[QColor, QColor, QColor]:
    """Tint, hovered and selected, in even steps that leave the text readable (7 : 1)."""
    share = 0.28 if theme.dark else 0.26
    while contrast(theme.ink, mix(theme.paper, stroke, share)) < 7.2:
        share *= 0.95
    tint, hover, selected = (mix(theme.paper, stroke, part * share) for part in (0.45, 0.72, 1.0))
    return tint, hover, selected


def readable(color: QColor, theme: Theme, least: float = 4.6) -> QColor:
    """The nearest shade of a colour that reads as text (4.5 : 1) on paper, panels and selected rows."""
    grounds = (theme.paper, theme.window, theme.rowsel)
    hue, saturation, lightness = color.hslHueF(), color.hslSaturationF(), color.lightnessF()
    step = 0.01 if theme.dark else -0.01
    shade = QColor(color)
    while min(contrast(shade, ground) for ground in grounds) < least and 0.0 <= lightness + step <= 1.0:
        lightness += step
        shade = QColor.fromHslF(max(hue, 0.0), saturation, lightness)
    return QColor(shade.name())


def _ghost(stroke: QColor, theme: Theme) -> QColor:
    share = 0.70 if theme.dark else 0.64
    ghost = mix(theme.paper, stroke, share)
    while contrast(ghost, theme.paper) < 3.2 and share < 1.0:
        share += 0.02
        ghost = mix(theme.paper, stroke, share)
    return ghost


def palette(theme: Theme) -> QPalette:
    """The Qt palette of a theme."""
    role, result = QPalette.ColorRole, QPalette()
    colors = {
        role.Window: theme.window,
        role.WindowText: theme.ink,
        role.Base: theme.field,
        role.AlternateBase: theme.hover,
        role.Text: theme.ink,
        role.Button: theme.field,
        role.ButtonText: theme.ink,
        role.BrightText: theme.on_accent,
        role.Highlight: theme.rowsel,
        role.HighlightedText: theme.ink,
        role.PlaceholderText: theme.text3,
        role.Accent: theme.accent,
        role.Link: theme.focus,
        role.LinkVisited: theme.focus,
        role.ToolTipBase: theme.field,
        role.ToolTipText: theme.ink,
        role.Light: theme.field,
        role.Midlight: theme.hover,
        role.Mid: theme.line,
        role.Dark: theme.border,
        role.Shadow: mix(theme.border, theme.ink, 0.35),
    }
    for key, color in colors.items():
        result.setColor(key, color)
    faint = mix(theme.window, theme.text3, 0.62)
    for key in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText, role.PlaceholderText):
        result.setColor(QPalette.ColorGroup.Disabled, key, faint)
    result.setColor(QPalette.ColorGroup.Disabled, role.Base, theme.window)
    return result


class Notifier(QObject):
    """Says when another theme is in force."""

    changed = Signal()


class _State:
    """The choice made and the theme in force."""

    theme: Theme = LIGHT
    choice: str = "light"
    installed: bool = False
    following: bool = False


_state = _State()
notifier = Notifier()


def current() -> Theme:
    """The theme in force."""
    return _state.theme


def choice() -> str:
    """What was asked for: "light", "dark" or "system"."""
    return _state.choice


def apply(app: QApplication, name: str = "system", *, at_once: bool = True) -> None:
    """Put a theme in force: "light", "dark", or "system" to follow the desktop, also when it changes later.

    Not `at_once` is before the first paint, for which the colours are enough; `follow` has to come after it.
    """
    _state.choice = name if name in ("light", "dark") else "system"
    if at_once or _state.following:
        follow(app)
    _use(app, _wanted())


def follow(app: QApplication) -> None:
    """Tell the desktop what was chosen, and follow it from now on."""
    from PySide6.QtCore import Qt

    hints = app.styleHints()
    if _state.choice == "system":
        hints.unsetColorScheme()
    else:
        hints.setColorScheme(Qt.ColorScheme.Dark if _state.choice == "dark" else Qt.ColorScheme.Light)
    if _state.following:
        return
    _state.following = True
    hints.colorSchemeChanged.connect(_system_changed)
    accessibility = getattr(hints, "accessibility", None)
    contrasts = getattr(accessibility(), "contrastPreferenceChanged", None) if accessibility else None
    if contrasts is not None:
        contrasts.connect(_system_changed)
    if _state.installed:
        _system_changed()


def toggle(app: QApplication) -> str:
    """Change from light to dark or back; returns the name of the new theme."""
    apply(app, "light" if _state.theme.dark else "dark")
    return _state.choice


def _desktop_is_dark() -> bool:
    if not _state.following:  # its palette is still there, and tells as much
        return QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128
    from PySide6.QtCore import Qt

    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def _wanted() -> Theme:
    dark = _state.choice == "dark" or (_state.choice == "system" and _desktop_is_dark())
    theme = DARK if dark else LIGHT
    return high_contrast(theme) if _contrast_wanted() else theme


def _contrast_wanted() -> bool:
    if not _state.following:
        return False
    from PySide6.QtCore import Qt

    accessibility: Callable[[], object] | None = getattr(QGuiApplication.styleHints(), "accessibility", None)
    preference = getattr(accessibility(), "contrastPreference", None) if accessibility else None
    return preference is not None and preference() == Qt.ContrastPreference.HighContrast


def high_contrast(theme: Theme) -> Theme:
    """The theme with hints in full ink and edges that stand out, for desktops set to high contrast."""
    strong = _strong.get(theme.name)
    if strong is None:
        edge, ink = theme.text2, theme.ink
        strong = theme._replace(text2=ink, text3=ink, line=edge, border=edge, thumb=edge, focus=ink)
        _strong[theme.name] = strong
    return strong


def _system_changed() -> None:
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    if isinstance(app, QApplication) and _wanted() is not _state.theme:
        _use(app, _wanted())


def _use(app: QApplication, theme: Theme) -> None:
    from annotator.ui import fonts, style

    before = _state.theme
    if _state.installed and theme is before:
        return
    _state.theme, _state.installed = theme, True
    style.install(app, theme, fonts.ui())
    if theme is not before:
        notifier.changed.emit()


def tokens(theme: Theme) -> dict[str, str]:
    """Token names and their colours as "#rrggbb"."""
    return {name: getattr(theme, name).name() for name in theme._fields if name != "name"}
