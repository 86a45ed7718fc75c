"""What is drawn, and what the mouse finds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.domain.codebook import MARKS, Layer
from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.model import Annotation, Fragment
from annotator.ui import theme
from annotator.ui.reader.gutter import Gutter
from annotator.ui.reader.marks import MOST_PIECES, MarkPainter
from annotator.ui.reader.view import Chain, Reader

Tag = Callable[..., Annotation]
TEXT = (
    "For his part, a Syrian official stated that the initiative ensures the cessation of all military activities in Syria, "
    "noting that the initiative is a historic opportunity, according to what Western media reported.\n\n\n\nThe end."
)


def image(reader: Reader) -> QImage:
    return reader.viewport().grab().toImage()


def has(shot: QImage, color: QColor) -> bool:
    wanted = color.rgb()
    return any(shot.pixel(x, y) == wanted for y in range(shot.height()) for x in range(shot.width()))


def place(reader: Reader, word: str) -> QPoint:
    """The middle of a word on the screen."""
    start = reader.text().index(word)
    piece = reader.scene().lines.pieces(start, start + len(word))[0]
    return QPoint(round((piece.x0 + piece.x1) / 2), round(piece.line.base - 5 - reader.scrolled()))


@pytest.fixture
def attribution(reader: Reader, tag: Tag) -> Chain:
    reader.set_text(TEXT)
    claim = TEXT[TEXT.index("the initiative ensures") : TEXT.index(", noting")]
    reader.set_annotations(
        [
            tag("claim", claim, name="c1"),
            tag("claim", TEXT[TEXT.index("the initiative is") : TEXT.index(", according")], name="c2"),
            tag("source", "a Syrian official", name="s1"),
            tag("actor", "a Syrian official", name="a1"),
            tag("actor", "Syria,", name="a2"),
            tag("cue", "stated that", name="q1"),
            tag("cue", "according to what", "reported", name="q2"),
            tag("source", "Western media", name="s2"),
        ]
    )
    reader.set_numbers({"c1": "C1", "c2": "C2"})
    return Chain("c1", ("s1",), ("q1",), ((("s2",), ("q2",)),))


def test_every_mark_is_painted_and_the_text_keeps_its_colour(reader: Reader, tag: Tag) -> None:
    ink = theme.current().ink
    for mark in MARKS:
        layer = Layer("layer-actor", "Thing", "#A3324B", mark=mark)
        reader.set_layers([layer])
        reader.set_text("The statement said so")
        plain = image(reader)
        reader.set_annotations([tag("actor", "statement")])
        shot = image(reader)
        style = theme.layer_style(layer)
        assert shot != plain
        assert has(shot, style.tint) or mark != "tint"
        assert has(shot, ink) == has(plain, ink)


def test_states_change_the_picture(reader: Reader, attribution: Chain, qapp: QApplication) -> None:
    rest = image(reader)
    reader.set_active("c1", attribution)
    active = image(reader)
    assert active != rest
    assert has(active, theme.layer_style(DEFAULT_CODEBOOK.layers[1]).selected)
    reader.set_active(None)
    assert image(reader) == rest
    theme.apply(qapp, "dark")
    try:
        assert image(reader) != rest
        assert has(image(reader), theme.DARK.paper)
    finally:
        theme.apply(qapp, "light")


def test_the_chain_stays_off_the_glyphs(reader: Reader, attribution: Chain) -> None:
    for width in (816, 452):
        reader.resize(width, 600)
        reader.set_active("c1", attribution)
        image(reader)
        route = reader._route
        assert route is not None
        assert len(route.dots) == 2
        assert len(route.labels) == 1
        measures = reader.measures
        for line in reader.scene().lines.lines:
            # From the letters' tops to below the baseline, where glyphs without descenders stand.
            for x in range(int(line.left) + 1, int(line.right)):
                for up in (0.0, 4.0, 8.0, 11.0):
                    point = QPointF(x, line.base - up * measures.scale)
                    assert not _on_path(route, point), (width, x, up)


def _on_path(route: object, point: QPointF) -> bool:
    from PySide6.QtGui import QPainterPathStroker

    stroker = QPainterPathStroker()
    stroker.setWidth(1.2)
    key = id(route)
    if key not in _outlines:
        _outlines[key] = stroker.createStroke(route.path)  # type: ignore[attr-defined]
    return bool(_outlines[key].contains(point))


_outlines: dict[int, object] = {}


def test_a_patch_lays_nothing_out(reader: Reader, attribution: Chain, tag: Tag, qtbot: QtBot) -> None:
    sizes: list[object] = []
    reader.document().documentLayout().documentSizeChanged.connect(sizes.append)
    revision = reader.document().revision()
    before = image(reader)
    new = tag("actor", "military", name="new")
    reader.patch([new])
    assert image(reader) != before
    assert reader.store.at(TEXT.index("military")) == ["new", "c1"]
    reader.patch([], ["new"])
    assert image(reader) == before
    assert not sizes
    assert reader.document().revision() == revision


def test_moving_an_annotation_moves_its_spans(reader: Reader, attribution: Chain) -> None:
    moved = Annotation("q2", "d", "layer-cue", "me", (Fragment(0, 3),))
    reader.patch([moved])
    assert reader.store.at(1) == ["q2"]
    assert reader.store.at(TEXT.index("reported")) == []


def test_the_caret_finds_the_innermost_first(reader: Reader, attribution: Chain) -> None:
    reader.set_caret(TEXT.index("Syria,") + 1)
    assert reader.at_caret() == ["a2", "c1"]
    reader.set_caret(TEXT.index("a Syrian official") + len("a Syrian official"))
    assert reader.at_caret() == ["a1", "s1"]
    reader.set_caret(1)
    assert reader.at_caret() == []


def test_a_screen_reader_is_told_what_the_caret_is_in(reader: Reader, attribution: Chain, qtbot: QtBot) -> None:
    qtbot.waitUntil(reader.hasFocus)
    assert reader.accessibleName() == "Article text"
    reader.set_caret(TEXT.index("cessation"))
    qtbot.waitUntil(lambda: reader.accessibleDescription().startswith("Claim C1: the initiative ensures"))
    reader.set_caret(1)
    qtbot.waitUntil(lambda: reader.accessibleDescription() == "")


def test_fragments_outside_the_text_hurt_nobody(reader: Reader) -> None:
    reader.set_text("short")
    spans = [(-5, 2), (3, 99), (50, 60), (4, 4), (3, 1)]
    reader.set_annotations([Annotation(str(s), "d", "layer-claim", "me", (Fragment(*s),)) for s in spans])
    image(reader)
    assert reader.store.at(0) == ["(-5, 2)"]
    assert reader.store.at(4) == ["(3, 99)"]
    reader.set_active("(50, 60)", Chain("(50, 60)", ("gone",), ("gone",), ((("gone",), ()),)))
    image(reader)


def test_an_annotation_of_a_layer_that_is_gone_is_still_seen(reader: Reader) -> None:
    reader.set_text("some words")
    plain = image(reader)
    reader.set_annotations([Annotation("x", "d", "no such layer", "me", (Fragment(0, 4),))])
    assert image(reader) != plain


def test_a_frame_paints_no_more_than_its_share(reader: Reader) -> None:
    text = "All words of this line are tagged many times. " * 30
    reader.set_text(text)
    reader.set_annotations(
        [Annotation(f"{n:04}", "d", "layer-source", "me", (Fragment(n, len(text) - n),)) for n in range(400)]
    )
    scene = reader.scene()
    marks = MarkPainter(QPainter(), scene)
    assert sum(len(p) for p in marks._pieces.values()) <= MOST_PIECES + len(scene.lines.lines)
    hidden = marks.hidden[scene.lines.lines[3]]
    line = scene.lines.lines[3]
    assert len(set(hidden)) > 250
    clicked: list[list[str]] = []
    reader.clicked.connect(clicked.append)
    image(reader)
    found = reader._pointer.at(QPointF(line.right + 12, line.base - 5 - reader.scrolled()))
    assert set(found) == set(hidden)


def test_a_click_tells_what_lies_under_it(reader: Reader, attribution: Chain, qtbot: QtBot) -> None:
    left = Qt.MouseButton.LeftButton
    with qtbot.waitSignal(reader.clicked) as click:
        qtbot.mouseClick(reader.viewport(), left, pos=place(reader, "Syria,"))
    assert click.args == [["a2", "c1"]]
    with qtbot.waitSignal(reader.clicked) as click:
        qtbot.mouseClick(reader.viewport(), left, pos=place(reader, "For his"))
    assert click.args == [[]]
    number = next(n for n in Gutter(reader.scene()).numbers if n.id == "c2")
    with qtbot.waitSignal(reader.clicked) as click:
        qtbot.mouseClick(reader.viewport(), left, pos=number.box.center().toPoint())
    assert click.args == [["c2"]]


def test_numbers_and_brackets_stand_in_the_gutter(reader: Reader, attribution: Chain) -> None:
    gutter = Gutter(reader.scene())
    assert [(n.id, n.text) for n in gutter.numbers] == [("c1", "C1"), ("c2", "C2")]
    assert {m.span.id: m.lane for m in gutter.marks} == {"c1": 1, "c2": 2}
    assert all(n.box.left() >= 0 and n.box.right() <= 104 - 30 for n in gutter.numbers)


def test_the_end_of_the_active_annotation_is_dragged(reader: Reader, attribution: Chain, qtbot: QtBot) -> None:
    reader.set_active("c1", attribution)
    view, left = reader.viewport(), Qt.MouseButton.LeftButton
    spans = reader.store.spans(reader.store.annotations["c1"])
    end = reader.scene().lines.pieces(spans[0].start, spans[0].end)[-1]
    grip = QPoint(round(end.x1), round(end.line.base - 4))
    start = reader.scene().lines.pieces(*_span(TEXT, "in Syria"))[0]
    target = QPoint(round(start.x0 - 4), grip.y())
    qtbot.mousePress(view, left, pos=grip)
    qtbot.mouseMove(view, target)
    with qtbot.waitSignal(reader.boundary_dragged) as dragged:
        qtbot.mouseRelease(view, left, pos=target)
    old = Fragment(*_span(TEXT, TEXT[spans[0].start : spans[0].end]))
    assert dragged.args == ["c1", (Fragment(old.start, TEXT.index(" in Syria")),)]
    # Until the project has changed it, the annotation is as it was.
    assert reader.store.annotations["c1"].fragments == (old,)
    qtbot.mousePress(view, left, pos=grip)
    qtbot.mouseMove(view, target)
    qtbot.keyClick(reader, Qt.Key.Key_Escape)
    assert reader.store.annotations["c1"].fragments == (old,)
    with qtbot.assertNotEmitted(reader.boundary_dragged):
        qtbot.mouseRelease(view, left, pos=target)


def _span(text: str, words: str) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


def test_double_click_selects_a_word_and_a_third_the_sentence(reader: Reader, attribution: Chain, qtbot: QtBot) -> None:
    at, left = place(reader, "official"), Qt.MouseButton.LeftButton
    qtbot.mouseClick(reader.viewport(), left, pos=at)
    qtbot.mouseDClick(reader.viewport(), left, pos=at)
    assert reader.text()[slice(*reader.selection())] == "official"
    qtbot.mousePress(reader.viewport(), left, pos=at)
    qtbot.mouseRelease(reader.viewport(), left, pos=at)
    assert reader.text()[slice(*reader.selection())] == TEXT[: TEXT.index("\n")]


def test_hovering_lights_all_fragments(reader: Reader, attribution: Chain, qtbot: QtBot) -> None:
    rest = image(reader)
    qtbot.mouseMove(reader.viewport(), place(reader, "reported"))
    assert reader.scene().hover == "q2"
    assert image(reader) != rest


def test_suggestions_are_dashed_and_found_last(reader: Reader, attribution: Chain, tag: Tag) -> None:
    ghost = tag("claim", "The end", name="g1")
    reader.set_ghosts([ghost, tag("actor", "media", name="g2")])
    reader.set_numbers({"c1": "C1", "c2": "C2", "g1": "C3"})
    without = image(reader)
    reader.set_current_ghost("g1")
    assert image(reader) != without
    assert "g1" in {n.id for n in Gutter(reader.scene()).numbers}
    reader.set_caret(TEXT.index("media"))
    assert reader.at_caret() == ["s2", "g2"]
    reader.set_ghosts([])
    assert reader.scene().current_ghost is None


def test_hint_letters_are_painted(reader: Reader, attribution: Chain) -> None:
    rest = image(reader)
    assert reader.visible_ids()[0] in ("a1", "s1")
    reader.show_hints(dict.fromkeys(reader.visible_ids(), "f"))
    assert image(reader) != rest
    reader.hide_hints()
    assert image(reader) == rest


def test_ctrl_and_wheel_zoom(reader: Reader, qtbot: QtBot) -> None:
    reader.set_text(TEXT)
    at = QPointF(200, 100)
    wheel = QWheelEvent(
        at,
        reader.viewport().mapToGlobal(at),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    with qtbot.waitSignal(reader.zoom_changed):
        QApplication.sendEvent(reader.viewport(), wheel)
    assert reader.zoom == 1.1
    lines = reader.scene().lines.lines
    assert lines[1].base - lines[0].base == pytest.approx(29 * 1.1, abs=0.1)
    reader.set_zoom(99)
    assert reader.zoom == 3.0


def test_drops_are_left_to_the_window(reader: Reader) -> None:
    assert not reader.acceptDrops()
    assert not reader.viewport().acceptDrops()


def test_the_caret_is_seen_when_the_text_has_focus(reader: Reader, qtbot: QtBot) -> None:
    reader.set_text("Syria and Israel")
    qtbot.waitUntil(reader.hasFocus)
    with_caret = image(reader)
    reader.clearFocus()
    assert image(reader) != with_caret
    ink = theme.current().ink
    reader.setFocus()
    box = reader.caret_area(reader.scene())
    assert box is not None
    assert box.width() == 2
    assert image(reader).pixelColor(box.center().toPoint()) == ink


def test_the_selection_is_painted_in_its_own_colour(reader: Reader) -> None:
    reader.set_text("Syria and وقال مسؤول Israel")
    reader.select(3, 14)
    assert has(image(reader), theme.current().textsel)
