"""Where the desktop asks for high contrast: strokes of 7 : 1, and no two marks alike without their colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from annotator.domain.codebook import MARKS, Layer
from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.model import Annotation
from annotator.ui import theme
from annotator.ui.reader.view import Reader

Tag = Callable[..., Annotation]


@pytest.fixture(params=["light", "dark"])
def strong(
    request: pytest.FixtureRequest, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[theme.Theme]:
    theme.apply(qapp, request.param)
    monkeypatch.setattr(theme, "_contrast_wanted", lambda: True)
    theme.apply(qapp, request.param)
    assert theme.current().strong
    yield theme.current()
    monkeypatch.undo()
    theme.apply(qapp, "light")
    assert not theme.current().strong


def strongest(image: QImage, paper: QColor) -> float:
    """The contrast of the pixel that stands out most."""
    colors = {image.pixel(x, y) for y in range(image.height()) for x in range(image.width())}
    return max(theme.contrast(QColor(color), paper) for color in colors)


def test_every_layer_has_strokes_of_seven_to_one(strong: theme.Theme) -> None:
    for layer in [*DEFAULT_CODEBOOK.layers, *(Layer("x", "X", color) for color in theme.NEW_LAYER_COLORS)]:
        style = theme.layer_style(layer)
        assert theme.contrast(style.stroke, strong.paper) >= 7
        assert theme.contrast(style.ghost, strong.paper) >= 7
        assert theme.contrast(style.stroke, style.tint) >= 4.5


def test_every_mark_is_drawn_with_such_a_stroke(strong: theme.Theme, reader: Reader, tag: Tag) -> None:
    # Only spaces are tagged, so that what is seen is the mark and not the glyphs.
    reader.set_text("a" + "\u00a0" * 12 + "b")
    reader.clearFocus()
    shots: dict[str, QImage] = {}
    for mark in MARKS:
        reader.set_layers([Layer("layer-actor", "Thing", "#3A3A3A", mark=mark)])
        reader.set_annotations([tag("actor", "\u00a0" * 12)])
        line = reader.scene().lines.lines[0]
        (piece,) = reader.scene().lines.pieces(1, 13)
        box = (round(piece.x0) - 1, round(line.base - 19), round(piece.x1 - piece.x0) + 2, 32)
        shots[mark] = reader.viewport().grab().toImage().copy(*box)
        assert strongest(shots[mark], strong.paper) >= 7, mark
    grey = {mark: shot.convertToFormat(QImage.Format.Format_Grayscale8) for mark, shot in shots.items()}
    names = list(grey)
    assert all(grey[a] != grey[b] for i, a in enumerate(names) for b in names[:i])


def test_without_it_the_tints_stay_quiet(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    style = theme.layer_style(DEFAULT_CODEBOOK.layers[1])
    assert style.stroke.name().upper() == "#925500"
