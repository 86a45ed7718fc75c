"""Colours, fonts, icons and the style sheet."""

from __future__ import annotations

import colorsys
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QLocale, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontInfo, QGlyphRun, QIcon, QImage, QPainter, QPalette, QRawFont, QTextLayout
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from annotator import resources
from annotator.domain.codebook import MARKS
from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.ui import fonts, icons, style, theme
from annotator.ui.look import RIGHT_TO_LEFT

LAYERS = {layer.name: layer for layer in DEFAULT_CODEBOOK.layers}
BOTH = (theme.LIGHT, theme.DARK)


@pytest.fixture(autouse=True)
def in_light(qapp: QApplication) -> Iterator[None]:
    fonts.load()
    theme.apply(qapp, "light")
    yield
    theme.apply(qapp, "light")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def names(look: theme.LayerStyle) -> list[str]:
    return [color.name().upper() for color in (look.stroke, look.tint, look.ghost)]


def test_the_four_default_layers_have_the_exact_tokens() -> None:
    expected = {
        "Actor": (["#1B54B4", "#E6EBF3", "#6C8DC9"], ["#6BA2FA", "#26303F", "#5378B4"]),
        "Claim": (["#925500", "#F9F0DD", "#B08343"], ["#F3C558", "#343026", "#8F7A45"]),
        "Source": (["#6E1E63", "#F0E8EC", "#A6789F"], ["#C98AB5", "#393039", "#8F6984"]),
        "Cue": (["#10705D", "#E5EEEA", "#5C998B"], ["#93DDBB", "#2B3634", "#5F8F7B"]),
    }
    for name, (light, dark) in expected.items():
        assert names(theme.layer_style(LAYERS[name], theme.LIGHT)) == light
        assert names(theme.layer_style(LAYERS[name], theme.DARK)) == dark


def test_the_claim_has_its_own_hover_and_selected_tints() -> None:
    light, dark = (theme.layer_style(LAYERS["Claim"], which) for which in BOTH)
    assert (light.hover.name(), light.selected.name()) == ("#f6e5c3", "#f3deb2")
    assert (dark.hover.name(), dark.selected.name()) == ("#403a2a", "#49412c")


def test_every_token_and_the_palette(qapp: QApplication) -> None:
    assert theme.tokens(theme.LIGHT)["window"] == "#f4f3ef"
    assert theme.tokens(theme.DARK)["thumb"] == "#41464c"
    role = QPalette.ColorRole
    for name, now in (("light", theme.LIGHT), ("dark", theme.DARK)):
        theme.apply(qapp, name)
        palette = qapp.palette()
        expected = {
            role.Window: now.window,
            role.Base: now.field,
            role.Button: now.field,
            role.AlternateBase: now.hover,
            role.Highlight: now.rowsel,
            role.HighlightedText: now.ink,
            role.Mid: now.line,
            role.Dark: now.border,
            role.Text: now.ink,
            role.WindowText: now.ink,
            role.ButtonText: now.ink,
            role.PlaceholderText: now.text3,
            role.Accent: now.accent,
        }
        assert {key: palette.color(key).name() for key in expected} == {k: c.name() for k, c in expected.items()}


@pytest.mark.parametrize("now", BOTH, ids=lambda t: t.name)
def test_text_is_readable_wherever_it_stands(now: theme.Theme) -> None:
    for ground in (now.window, now.paper, now.rowsel, now.field, now.hover):
        for text in (now.ink, now.text2, now.text3):
            assert theme.contrast(text, ground) >= 4.5
    assert theme.contrast(now.on_accent, now.accent) >= 4.5
    assert theme.contrast(now.focus, now.window) >= 3.0
    for layer in LAYERS.values():
        look = theme.layer_style(layer, now)
        assert theme.contrast(look.stroke, now.rowsel) >= 4.5
        assert theme.contrast(now.ink, look.selected) >= 7.0


@settings(max_examples=150)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.sampled_from(MARKS))
def test_any_colour_makes_a_readable_layer(hue: float, lightness: float, saturation: float, mark: str) -> None:
    color = QColor.fromRgbF(*colorsys.hls_to_rgb(hue, lightness, saturation)).name()
    for now in BOTH:
        look = theme.style_for(color, mark, now)
        for ground in (now.paper, now.window, now.rowsel):
            assert theme.contrast(look.stroke, ground) >= 4.5
        assert theme.contrast(look.ghost, now.paper) >= 3.0
        for tint in (look.tint, look.selected):
            assert theme.contrast(now.ink, tint) >= 7.0
        assert look.mark == mark
        if mark == "tint":
            assert len({look.tint.name(), look.hover.name(), look.selected.name()}) == 3


def test_a_colour_that_is_none_still_makes_a_layer() -> None:
    for now in BOTH:
        assert theme.contrast(theme.style_for("no colour", "wave", now).stroke, now.paper) >= 4.5


def test_colours_for_new_layers_differ_from_each_other_and_from_the_built_in() -> None:
    offered = [*theme.NEW_LAYER_COLORS, *(layer.color for layer in LAYERS.values())]
    for now in BOTH:
        strokes = [theme.style_for(color, "wave", now).stroke.name() for color in offered]
        assert len(set(strokes)) == len(strokes)


def test_applying_a_theme_says_so_once(qtbot: QtBot, qapp: QApplication) -> None:
    heard: list[str] = []
    theme.notifier.changed.connect(lambda: heard.append(theme.current().name))
    theme.apply(qapp, "dark")
    theme.apply(qapp, "dark")
    assert theme.toggle(qapp) == "light"
    assert heard == ["dark", "light"]
    assert theme.choice() == "light"


def test_system_follows_the_desktop_also_later(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    theme.apply(qapp, "system")
    assert theme.choice() == "system"
    assert theme.current() is theme.LIGHT
    monkeypatch.setattr(theme, "_desktop_is_dark", lambda: True)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.current() is theme.DARK
    theme.apply(qapp, "light")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.current() is theme.LIGHT


def test_high_contrast_keeps_hints_in_full_ink() -> None:
    for now in BOTH:
        strong = theme.high_contrast(now)
        assert strong is theme.high_contrast(now)
        assert theme.contrast(strong.text3, strong.paper) >= 7.0
        assert theme.contrast(strong.border, strong.paper) >= 4.5


@pytest.mark.parametrize("now", BOTH, ids=lambda t: t.name)
def test_the_sheet_is_whole_and_its_images_exist(now: theme.Theme, qapp: QApplication) -> None:
    sheet = style.sheet(now)
    assert "$" not in sheet
    for part in sheet.split('url("')[1:]:
        path = Path(part.split('"')[0])
        assert path.is_file()
        assert path.with_name(f"{path.stem}@2x.png").is_file()


def test_the_images_are_those_that_the_code_paints(tmp_path: Path, qapp: QApplication) -> None:
    style.write_images(tmp_path)
    painted = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.png"))
    assert painted == sorted(p.relative_to(resources.path("themes")) for p in resources.path("themes").rglob("*.png"))
    for path in painted:
        ours, theirs = QImage(str(tmp_path / path)), QImage(str(resources.path("themes") / path))
        assert ours.size() == theirs.size()
        assert (
            abs(ours.pixelColor(ours.rect().center()).alpha() - theirs.pixelColor(theirs.rect().center()).alpha()) < 40
        )


# Fonts


def families_of(text: str, font_call: object) -> set[str]:
    layout = QTextLayout(text, font_call)  # type: ignore[call-overload]
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    runs: list[QGlyphRun] = layout.glyphRuns()
    return {QRawFont(run.rawFont()).familyName() for run in runs}


def test_fonts_resolve_to_the_bundled_families(qapp: QApplication) -> None:
    assert QFontInfo(fonts.ui()).family() == fonts.UI_FAMILY
    assert QFontInfo(fonts.ui(13, fonts.SEMIBOLD)).weight() == fonts.SEMIBOLD
    assert QFontInfo(fonts.ui(11, fonts.MEDIUM)).weight() == fonts.MEDIUM
    assert QFontInfo(fonts.serif(20, fonts.SEMIBOLD)).family() == fonts.SERIF_FAMILY
    assert QFontInfo(fonts.serif(20, fonts.SEMIBOLD)).weight() == fonts.SEMIBOLD
    assert QFontInfo(fonts.serif(15, italic=True)).italic()
    assert QFontInfo(fonts.article(True)).family() == fonts.ARABIC_SERIF_FAMILY


def test_other_scripts_fall_back_to_the_bundled_faces(qapp: QApplication) -> None:
    assert families_of("جميع", fonts.ui()) == {fonts.ARABIC_UI_FAMILY}
    assert families_of("جميع", fonts.serif(17)) == {fonts.ARABIC_SERIF_FAMILY}
    assert families_of("שלום", fonts.ui()) == {fonts.HEBREW_UI_FAMILY}
    assert families_of("שלום", fonts.article()) == {fonts.HEBREW_SERIF_FAMILY}
    assert families_of("Дамаск", fonts.serif(17)) == {fonts.SERIF_FAMILY}


def test_sizes_are_those_of_the_design_in_whole_pixels(qapp: QApplication) -> None:
    for px, drawn in ((11, 11), (11.5, 12), (12.5, 13), (15.5, 16), (17, 17)):
        font = fonts.ui(px)
        assert fonts.pixel_size(font) == QFontInfo(font).pixelSize() == drawn


def test_counts_have_figures_of_one_width(qapp: QApplication) -> None:
    font = fonts.ui(tabular=True)
    assert len({round(fonts.text_width(font, digit * 4), 2) for digit in "0123456789"}) == 1


def test_the_article_font_zooms(qapp: QApplication) -> None:
    assert fonts.article_line() == 29
    assert fonts.article_line(True) == 40
    assert fonts.pixel_size(fonts.article(zoom=2.0)) == pytest.approx(34)
    assert fonts.article(zoom=2.0).wordSpacing() == pytest.approx(1.6, abs=0.02)


def test_a_font_that_is_changed_leaves_the_next_alone(qapp: QApplication) -> None:
    fonts.ui().setItalic(True)
    assert not fonts.ui().italic()


@pytest.mark.parametrize(
    ("text", "rtl"), [("Syria", False), ("سوريا", True), ("12 של", True), ("(12)", False), ("C8 ادعاء", False)]
)
def test_the_direction_of_a_text_is_that_of_its_first_letter(text: str, rtl: bool) -> None:
    assert fonts.is_rtl(text) is rtl


def test_every_bundled_font_has_its_licence() -> None:
    texts = {path.name for path in resources.path("fonts").glob("*-OFL.txt")}
    assert texts == {"Inter-OFL.txt", "SourceSerifPro-OFL.txt", "Noto-OFL.txt"}
    size = sum(path.stat().st_size for path in resources.path("fonts").iterdir())
    assert size < 6_000_000


# Icons

NEEDED = (
    "search filter panel-left panel-right sun moon check undo redo plus chevron-right chevron-left chevron-down "
    "chevron-up link unlink file-plus folder book download export more close edit trash note status-new "
    "status-progress status-done status-conflict keyboard settings person quote drop"
)


def inked(picture: QImage) -> set[tuple[int, int]]:
    return {
        (x, y) for x in range(picture.width()) for y in range(picture.height()) if picture.pixelColor(x, y).alpha() > 60
    }


@pytest.mark.parametrize("name", NEEDED.split())
def test_every_icon_paints_within_its_box(name: str, qapp: QApplication) -> None:
    picture = icons.pixmap(name, 16, "ink", 2.0)
    assert picture.size() == QSize(32, 32)
    ink = inked(picture.toImage())
    assert len(ink) > 20
    assert all(1 <= x <= 30 and 1 <= y <= 30 for x, y in ink)


def test_an_icon_that_does_not_exist_is_refused_at_once() -> None:
    with pytest.raises(KeyError):
        icons.icon("no such icon")


def test_an_icon_takes_the_colour_of_the_theme_in_force(qapp: QApplication) -> None:
    icon = icons.icon("status-done", "accent")
    light = icon.pixmap(QSize(16, 16), 1.0).toImage().pixelColor(8, 4)
    theme.apply(qapp, "dark")
    dark = icon.pixmap(QSize(16, 16), 1.0).toImage().pixelColor(8, 4)
    assert light.name() == theme.LIGHT.accent.name()
    assert dark.name() == theme.DARK.accent.name()


def test_icons_that_point_are_mirrored_and_others_are_not(qapp: QApplication) -> None:
    def painted(name: str) -> QImage:
        return icons.icon(name).pixmap(QSize(16, 16), 2.0).toImage()

    left_to_right = {name: painted(name) for name in ("chevron-right", "undo", "search")}
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    for name in ("chevron-right", "undo"):
        ours, flipped = inked(painted(name)), inked(left_to_right[name].flipped(Qt.Orientation.Horizontal))
        assert len(ours & flipped) > 0.9 * len(ours | flipped)
        assert painted(name) != left_to_right[name]
    assert painted("search") == left_to_right["search"]


def test_icons_are_sharp_at_every_scale(qapp: QApplication) -> None:
    for ratio in (1.0, 1.5, 2.0):
        picture = icons.icon("sun").pixmap(QSize(16, 16), ratio)
        assert picture.width() == 16 * ratio
        assert picture.devicePixelRatio() == ratio


def test_icons_survive_being_copied_detached_and_dropped(qtbot: QtBot) -> None:
    button = QToolButton()
    qtbot.addWidget(button)
    for _ in range(50):
        icon = QIcon(icons.icon("trash"))
        icon.setIsMask(True)
        button.setIcon(icon)
        del icon
        assert not button.icon().pixmap(16, 16).isNull()


def test_arcs_end_where_they_should() -> None:
    for flags in ("0 0", "0 1", "1 0", "1 1"):
        path = icons.parse_path(f"M 3 8 A 5 5 0 {flags} 8 3")
        assert path.currentPosition().x() == pytest.approx(8, abs=1e-6)
        assert path.currentPosition().y() == pytest.approx(3, abs=1e-6)
    large, small = (icons.parse_path(f"M 3 8 A 5 5 0 {f} 1 8 3").length() for f in (1, 0))
    assert large == pytest.approx(3 * small, rel=0.01)


def test_a_primary_button_is_filled_with_the_accent(qtbot: QtBot, qapp: QApplication) -> None:
    from annotator.ui.widgets import button

    widget = button("Save", role="primary")
    qtbot.addWidget(widget)
    assert isinstance(widget, QPushButton)
    widget.resize(120, widget.sizeHint().height())
    assert widget.height() == 28
    widget.show()
    assert widget.grab().toImage().pixelColor(8, 14).name() == theme.LIGHT.accent.name()
    theme.apply(qapp, "dark")
    QApplication.sendPostedEvents(None, QEvent.Type.Polish.value)
    assert widget.grab().toImage().pixelColor(8, 14).name() == theme.DARK.accent.name()


def test_text_is_placed_as_the_interface_runs(qapp: QApplication) -> None:
    def span(direction: Qt.LayoutDirection) -> tuple[int, int]:
        picture = QImage(200, 24, QImage.Format.Format_ARGB32)
        picture.fill(0)
        painter = QPainter(picture)
        painter.setLayoutDirection(direction)
        painter.setFont(fonts.ui())
        fonts.draw(painter, QRectF(0, 0, 200, 24), "Stop.")
        painter.drawPoint(QPointF(-5, -5))
        painter.end()
        columns = {x for x, _ in inked(picture)}
        return min(columns), max(columns)

    assert span(Qt.LayoutDirection.LeftToRight)[0] < 5
    assert span(Qt.LayoutDirection.RightToLeft)[1] > 194


def test_importing_the_look_brings_in_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "import annotator.ui.theme, annotator.ui.fonts, annotator.ui.icons, annotator.ui.style, annotator.ui.widgets\n"
        "print([m for m in ('sqlalchemy', 'PySide6.QtSvg', 'annotator.services', 'annotator.storage')"
        " if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_before_the_first_paint_the_desktops_palette_tells_whether_it_is_dark(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme, "_state", theme._State())
    monkeypatch.setattr(theme._state, "choice", "system")
    before = qapp.palette()
    try:
        for ground, expected in (("#202326", theme.DARK), ("#EFF0F1", theme.LIGHT)):
            qapp.setPalette(QPalette(QColor(ground)))
            assert theme._wanted() is expected
    finally:
        qapp.setPalette(before)


def test_languages_that_mirror_the_interface_are_those_that_qt_says() -> None:
    for code in RIGHT_TO_LEFT:
        assert QLocale(code).textDirection() == Qt.LayoutDirection.RightToLeft, code
    for code in ("en", "de", "el", "ru", "zh", "hi", "tr"):
        assert QLocale(code).textDirection() == Qt.LayoutDirection.LeftToRight
        assert code not in RIGHT_TO_LEFT
