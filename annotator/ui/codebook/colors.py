"""Colours for layers: which to offer, how they read in both themes, and which people might take for each other."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from annotator.domain.codebook import Layer
from annotator.ui import theme
from annotator.ui.translate import QT_TRANSLATE_NOOP

BUILT_IN = ("#1B54B4", "#925500", "#6E1E63", "#10705D")
OFFERED: tuple[str, ...] = (*BUILT_IN, *theme.NEW_LAYER_COLORS)
"""Told apart also by people who see fewer colours."""
_NAMES = (
    QT_TRANSLATE_NOOP("LayerColors", "Blue"),
    QT_TRANSLATE_NOOP("LayerColors", "Amber"),
    QT_TRANSLATE_NOOP("LayerColors", "Plum"),
    QT_TRANSLATE_NOOP("LayerColors", "Sea green"),
    QT_TRANSLATE_NOOP("LayerColors", "Grey"),
    QT_TRANSLATE_NOOP("LayerColors", "Leaf green"),
    QT_TRANSLATE_NOOP("LayerColors", "Pink"),
    QT_TRANSLATE_NOOP("LayerColors", "Indigo"),
    QT_TRANSLATE_NOOP("LayerColors", "Brown"),
    QT_TRANSLATE_NOOP("LayerColors", "Teal"),
)
ENOUGH = 4.5
"""The contrast that text needs (WCAG 2, AA)."""
_ALIKE = 8.0

# How colours look to people without one kind of cone: linear RGB, rows by columns (Machado and others, 2009, severity 1).
_SIGHTS: dict[str, tuple[tuple[float, float, float], ...]] = {
    "": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("LayerColors", text)


def named() -> list[tuple[str, str]]:
    """The colours that are offered, each with its name."""
    return [(color, _tr(name)) for color, name in zip(OFFERED, _NAMES, strict=True)]


def contrasts(color: str) -> tuple[float, float]:
    """How a colour itself stands out from the paper: light, dark."""
    chosen = QColor(color)
    return theme.contrast(chosen, theme.LIGHT.paper), theme.contrast(chosen, theme.DARK.paper)


def shown(color: str, mark: str) -> tuple[float, float]:
    """The contrast of the stroke that is drawn for a colour: light, dark. It is never less than text needs."""
    light, dark = (theme.style_for(color, mark, now).stroke for now in (theme.LIGHT, theme.DARK))
    return theme.contrast(light, theme.LIGHT.paper), theme.contrast(dark, theme.DARK.paper)


def advice(color: str, mark: str, others: Iterable[Layer]) -> tuple[str, bool]:
    """A sentence on how a colour reads, and whether it is a warning."""
    light, dark = shown(color, mark)
    told = _tr("Contrast with the paper: light {light} : 1, dark {dark} : 1.")
    told = told.replace("{light}", f"{light:.1f}").replace("{dark}", f"{dark:.1f}")
    warnings = []
    if contrasts(color)[0] < ENOUGH:
        warnings.append(_tr("This colour is too faint to read on light paper; there a darker shade of it is drawn."))
    close = next(((layer.name, sight) for layer in others if (sight := alike(color, layer.color)) is not None), None)
    if close is not None:
        name, sight = close
        text = {
            "": _tr("It is hard to tell from the colour of {layer}."),
            "blue": _tr("People who do not see blue can hardly tell it from the colour of {layer}."),
        }.get(sight, _tr("People who do not see red or green can hardly tell it from the colour of {layer}."))
        warnings.append(text.replace("{layer}", name))
    return " ".join([told, *warnings]), bool(warnings)


def alike(first: str, second: str) -> str | None:
    """Whom two colours look the same to: "" everybody, "red", "green", "blue" those without that cone; None nobody."""
    for sight, matrix in _SIGHTS.items():
        distance = 1e9
        # In both themes: what is drawn may be another shade than what was chosen.
        for now in (theme.LIGHT, theme.DARK):
            one, two = (_lab(theme.style_for(color, "underline", now).stroke, matrix) for color in (first, second))
            distance = min(distance, sum((a - b) ** 2 for a, b in zip(one, two, strict=True)) ** 0.5)
        if distance < _ALIKE:
            return sight
    return None


def _lab(color: QColor, matrix: tuple[tuple[float, float, float], ...]) -> tuple[float, float, float]:
    parts = (color.redF(), color.greenF(), color.blueF())
    rgb = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    r, g, b = (min(1.0, max(0.0, sum(k * v for k, v in zip(row, rgb, strict=True)))) for row in matrix)
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)
