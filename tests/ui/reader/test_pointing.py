"""The mouse in the real window: lists of what overlaps, the bar at a selection, dragged links, the menu, handles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.ui import settings
from annotator.ui.dialogs.settings import SettingsDialog
from annotator.ui.reader import connector
from annotator.ui.reader.gutter import Gutter
from annotator.ui.reader.overlay import link_dot
from tests.ui.reader.window import TEXT, Desk

pytestmark = pytest.mark.usefixtures("own_settings")

KEY = Qt.Key
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def open_desk(qtbot: QtBot, tmp_path: Path, own_settings: settings.Settings) -> Callable[..., Desk]:
    return lambda *args, **more: Desk(qtbot, tmp_path, *args, **more)


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    return open_desk()


# What lies on each other


def test_a_click_on_several_lists_them_and_keys_choose(desk: Desk) -> None:
    claim = desk.tag("Claim", "the initiative ensures the cessation of all military activities in Syria")
    actor = desk.tag("Actor", "Syria,"[:-1])
    inner = desk.tag("Actor", "military activities")
    desk.click(desk.middle("military"))
    assert desk.workspace.active_id == inner.id
    desk.qtbot.waitUntil(desk.pointing.list.isVisible)
    assert desk.pointing.list.ids() == [inner.id, claim.id]
    assert desk.reader.hasFocus()
    desk.key(KEY.Key_Down)
    assert desk.reader.scene().hover == claim.id
    desk.key(KEY.Key_Return)
    assert desk.workspace.active_id == claim.id
    assert not desk.pointing.list.isVisible()
    assert actor.id != inner.id


def test_the_list_leaves_on_escape_and_on_any_other_key_which_does_its_work(desk: Desk) -> None:
    desk.tag("Claim", "the initiative ensures the cessation")
    desk.tag("Actor", "initiative")
    at = desk.middle("initiative")
    desk.click(at)
    desk.qtbot.waitUntil(desk.pointing.list.isVisible)
    desk.key(KEY.Key_Escape)
    assert not desk.pointing.list.isVisible()
    assert desk.workspace.active_id is not None  # Esc only closed the list
    desk.click(at)
    desk.qtbot.waitUntil(desk.pointing.list.isVisible)
    before = desk.reader.caret()
    desk.key(KEY.Key_Right)
    assert not desk.pointing.list.isVisible()
    assert desk.reader.caret() == before + 1


def test_a_row_of_the_list_is_clicked(desk: Desk) -> None:
    claim = desk.tag("Claim", "the initiative ensures the cessation")
    desk.tag("Actor", "initiative")
    desk.click(desk.middle("initiative"))
    desk.qtbot.waitUntil(desk.pointing.list.isVisible)
    rows = desk.pointing.list.list
    QTest.mouseClick(rows.viewport(), LEFT, pos=rows.visualItemRect(rows.item(1)).center())
    assert desk.workspace.active_id == claim.id
    assert desk.reader.hasFocus()


def test_a_double_click_shows_no_list(desk: Desk) -> None:
    desk.tag("Claim", "the initiative ensures the cessation")
    desk.tag("Actor", "initiative")
    at, view = desk.middle("initiative"), desk.reader.viewport()
    QTest.mouseClick(view, LEFT, pos=at)
    QTest.mouseDClick(view, LEFT, pos=at)
    desk.qtbot.waitUntil(lambda: not desk.pointing._later.isActive())
    assert not desk.pointing.list.isVisible()
    assert desk.reader.fragments() == desk.stretch("initiative")


def test_shift_o_lists_what_lies_at_the_caret(desk: Desk) -> None:
    claim = desk.tag("Claim", "the initiative ensures the cessation")
    actor = desk.tag("Actor", "initiative")
    desk.reader.set_caret(desk.stretch("initiative")[0].start + 3)
    desk.key(KEY.Key_O, SHIFT)
    assert desk.pointing.list.ids() == [actor.id, claim.id]
    assert desk.pointing.list.list.hasFocus()  # a screen reader reads the rows
    desk.key(KEY.Key_Up)
    desk.key(KEY.Key_Enter)
    assert desk.workspace.active_id == claim.id
    assert desk.reader.hasFocus()
    desk.reader.set_caret(1)
    desk.key(KEY.Key_O, SHIFT)
    assert not desk.pointing.list.isVisible()
    assert desk.hints[-1] == "There is no annotation at the caret."


def test_a_count_of_deeper_overlap_opens_the_list(desk: Desk) -> None:
    words = desk.text.split()
    tagged = [desk.tag("Actor", " ".join(words[4 : 5 + n])) for n in range(6)]
    scene = desk.reader.scene()
    from PySide6.QtGui import QPainter

    from annotator.ui.reader.marks import MarkPainter

    counts = MarkPainter(QPainter(), scene).counts()
    assert counts[0].text == "+3"
    place = counts[0].box.center() - QPointF(0, desk.reader.scrolled())
    desk.click(place.toPoint())
    desk.qtbot.waitUntil(desk.pointing.list.isVisible)
    assert set(desk.pointing.list.ids()) <= {a.id for a in tagged}
    assert tagged[-1].id in desk.pointing.list.ids()


# The bar at a selection


def test_the_bar_comes_after_a_selection_by_mouse_and_tags(desk: Desk) -> None:
    start, end = desk.middle("Syrian") - QPoint(12, 0), desk.middle("official")
    desk.drag(start, end, release=False)
    assert not desk.pointing.bar.isVisible()
    QTest.mouseRelease(desk.reader.viewport(), LEFT, pos=end)
    bar = desk.pointing.bar
    assert bar.isVisible()
    fragments = desk.reader.fragments()
    source = next(key for key in bar.keys if key.layer.name == "Source")
    QTest.mouseClick(source, LEFT)
    assert not bar.isVisible()
    (made,) = desk.workspace.annotations.values()
    assert (made.layer_id, made.fragments) == (source.layer.id, fragments)
    assert desk.reader.hasFocus()


@pytest.mark.parametrize("width", [816, 452])
def test_the_bar_never_hides_what_is_selected(desk: Desk, width: int) -> None:
    desk.window.resize(1000, 900)
    desk.bench.panel.show()
    desk.bench.documents.hide()
    desk.bench.splitter.setSizes([0, width, 1000 - width])
    QApplication.processEvents()
    reader, bar = desk.reader, desk.pointing.bar
    for word in ("For his", "historic", "The end"):
        desk.drag(desk.middle("For") - QPoint(8, 0), desk.middle(word))
        if not reader.fragments():
            continue
        fragment = reader.fragments()[0]
        boxes = [b.translated(reader.viewport().x(), reader.viewport().y()) for b in reader.boxes(*fragment)]
        assert boxes
        if bar.isVisible():
            assert not any(QRectF(bar.geometry()).intersects(box) for box in boxes)
            assert reader.viewport().geometry().contains(bar.geometry())


@pytest.mark.parametrize("leave", ["key", "escape", "scroll", "click"])
def test_the_bar_goes_with_whatever_comes_next(open_desk: Callable[..., Desk], leave: str) -> None:
    desk = open_desk(TEXT + "\n\nMore of it." * 60)
    desk.drag(desk.middle("Syrian"), desk.middle("official"))
    assert desk.pointing.bar.isVisible()
    match leave:
        case "key":
            desk.key(KEY.Key_Right, SHIFT)
        case "escape":
            desk.key(KEY.Key_Escape)
        case "scroll":
            desk.reader.verticalScrollBar().setValue(40)
        case "click":
            desk.click(desk.middle("noting"))
    assert not desk.pointing.bar.isVisible()


def test_who_selects_with_keys_never_sees_the_bar(desk: Desk) -> None:
    for _ in range(6):
        desk.key(KEY.Key_Right, SHIFT)
    assert desk.reader.fragments()
    assert not desk.pointing.bar.isVisible()
    desk.key(KEY.Key_Period)
    assert not desk.pointing.bar.isVisible()


# Links


def test_dragging_from_a_claims_number_to_a_source_links_them(desk: Desk) -> None:
    claim = desk.tag("Claim", "the initiative ensures the cessation of all military activities in Syria")
    source = desk.tag("Source", "a Syrian official")
    number = next(n for n in Gutter(desk.reader.scene()).numbers if n.id == claim.id)
    desk.drag(number.box.center().toPoint(), desk.middle("Syrian official"))
    (card,) = desk.workspace.cards
    assert [a.id for a in card.levels[0].sources] == [source.id]
    assert desk.hints[-1] == "Linked: Attribution."
    assert desk.workspace.active_id == claim.id


def test_dragging_from_the_dot_of_the_active_claim_lights_up_what_can_be_linked(desk: Desk) -> None:
    claim = desk.tag("Claim", "the initiative ensures the cessation of all military activities in Syria")
    other = desk.tag("Claim", "the initiative is a historic opportunity")
    cue = desk.tag("Cue", "noting that")
    desk.workspace.set_active(claim.id)
    dot = link_dot(desk.reader.scene())
    assert dot is not None
    desk.drag(dot.toPoint(), desk.middle("historic"), release=False)
    assert desk.reader.scene().hover == other.id
    assert desk.reader._rubber is not None
    shot = desk.reader.grab().toImage()
    desk.key(KEY.Key_Escape)
    assert desk.reader._rubber is None
    assert desk.reader.grab().toImage() != shot
    QTest.mouseRelease(desk.reader.viewport(), LEFT, pos=desk.middle("historic"))
    assert not desk.workspace.links
    assert desk.workspace.active_id == claim.id
    desk.drag(dot.toPoint(), desk.middle("The end"))  # nothing is there
    assert not desk.workspace.links
    desk.drag(dot.toPoint(), desk.middle("noting"))
    assert [a.id for a in desk.workspace.cards[0].levels[0].cues] == [cue.id]


def test_where_several_could_be_meant_the_list_asks(desk: Desk) -> None:
    claim = desk.tag("Claim", "the initiative ensures the cessation of all military activities in Syria")
    source = desk.tag("Source", "a Syrian official")
    actor = desk.tag("Actor", "Syrian")
    desk.workspace.set_active(claim.id)
    dot = link_dot(desk.reader.scene())
    assert dot is not None
    desk.drag(dot.toPoint(), desk.middle("Syrian"))
    assert desk.pointing.list.ids() == [actor.id, source.id]
    assert not desk.workspace.links
    desk.key(KEY.Key_Down)
    desk.key(KEY.Key_Return)
    assert [a.id for a in desk.workspace.cards[0].levels[0].sources] == [source.id]


def test_a_read_only_project_is_not_dragged_about(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(read_only=True)
    assert desk.reader.fixed
    desk.drag(desk.middle("Syrian"), desk.middle("official"))
    assert desk.reader.fragments()
    assert not desk.pointing.bar.isVisible()


# Edges


def test_keys_move_an_end_by_one_character_and_past_white_space(desk: Desk) -> None:
    actor = desk.tag("Actor", "Syrian official")
    desk.workspace.set_active(actor.id)
    (old,) = actor.fragments
    for key, modifiers, expected in (
        (KEY.Key_BracketLeft, ALT, "a Syrian official"),
        (KEY.Key_BraceLeft, ALT, "Syrian official"),
        (KEY.Key_BraceRight, ALT, "Syrian officia"),
        (KEY.Key_BracketRight, ALT, "Syrian official"),
        (KEY.Key_BracketRight, ALT, "Syrian official s"),
    ):
        desk.key(key, modifiers)
        (moved,) = desk.now(actor).fragments
        assert TEXT[slice(*moved)] == expected
    assert desk.project.undo_label is not None
    assert old.start == desk.now(actor).start


def test_an_end_dragged_to_the_edge_scrolls_the_text(open_desk: Callable[..., Desk]) -> None:
    text = "\n\n".join(f"Paragraph {n} says a little about something that goes on for a while." for n in range(80))
    desk = open_desk(text)
    actor = desk.tag("Actor", "Paragraph 3")
    desk.workspace.set_active(actor.id)
    reader, view = desk.reader, desk.reader.viewport()
    box = reader.boxes(actor.start, actor.end)[0]
    grip = QPoint(round(box.right()), round(box.center().y()))
    QTest.mousePress(view, LEFT, pos=grip)
    below = QPoint(grip.x() + 40, view.height() - 2)
    QTest.mouseMove(view, grip + QPoint(0, 20))
    QTest.mouseMove(view, below)
    desk.qtbot.waitUntil(lambda: reader.scrolled() > 200)
    QTest.mouseRelease(view, LEFT, pos=below)
    QApplication.processEvents()
    stopped = reader.scrolled()
    assert desk.now(actor).end > actor.end + 200
    assert not reader._pointer._scroll._timer.isActive()
    assert reader.scrolled() == stopped


# The menu


def _menu_at(desk: Desk, at: QPoint) -> list[str]:
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, desk.reader.viewport().mapToGlobal(at))
    QApplication.sendEvent(desk.reader.viewport(), event)
    menu = desk.bench.menu.menu
    assert menu is not None
    return [action.objectName() for action in menu.actions()]


def test_the_right_button_gives_what_the_keys_give(desk: Desk) -> None:
    actor = desk.tag("Actor", "military activities")
    claim = desk.tag("Claim", "the initiative ensures the cessation of all military activities in Syria")
    names = _menu_at(desk, desk.middle("military"))
    assert desk.workspace.active_id == actor.id
    for name in ("tag.layer.layer-actor", "tag.entry", "tag.link", "tag.add_fragment", "tag.delete", "edit.copy"):
        assert name in names
    menu = desk.bench.menu.menu
    assert menu is not None
    heading = [action.text() for action in menu.actions()][:2]
    assert heading[0] == "Actor A1: military activities"
    assert heading[1].startswith("Claim C1: the initiative ensures")
    menu.actions()[1].trigger()
    assert desk.workspace.active_id == claim.id
    menu.close()
    _menu_at(desk, desk.middle("military"))
    desk.bench._workspace.set_active(actor.id)
    desk.window.actions_.by_id["tag.delete"].trigger()
    assert set(desk.workspace.annotations) == {claim.id}


def test_the_menu_means_the_selection_it_was_opened_on(desk: Desk) -> None:
    desk.reader.select(*desk.stretch("a Syrian official")[0])
    _menu_at(desk, desk.middle("Syrian"))
    menu = desk.bench.menu.menu
    assert menu is not None
    next(action for action in menu.actions() if action.objectName() == "tag.layer.layer-source").trigger()
    menu.close()
    (made,) = desk.workspace.annotations.values()
    assert made.fragments == desk.stretch("a Syrian official")


def test_the_menu_key_opens_it_at_the_caret(desk: Desk) -> None:
    actor = desk.tag("Actor", "Syrian")
    desk.reader.set_caret(actor.start + 1)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(desk.reader.viewport(), event)
    assert desk.workspace.active_id == actor.id
    assert desk.reader.caret() == actor.start + 1
    menu = desk.bench.menu.menu
    assert menu is not None
    menu.close()


# What belongs together, and what is said of it


def test_fragments_are_joined_by_a_line_that_crosses_no_glyph(desk: Desk) -> None:
    cue = desk.tag("Cue", "according to what", "reported")
    far = desk.tag("Cue", "noting that", "The end")
    reader = desk.reader
    rest = reader.grab().toImage()
    reader.set_hover(cue.id)
    assert reader.grab().toImage() != rest
    for width in (1440, 900):
        desk.window.resize(width, 900)
        QApplication.processEvents()
        for annotation in (cue, far):
            scene = reader.scene()
            path = connector.route(reader.lazy, reader.places, scene, reader.store.spans(annotation))
            assert not path.isEmpty()
            for share in range(201):
                at = path.pointAtPercent(share / 200)
                line = next((x for x in scene.lines.lines if x.base - 13 < at.y() < x.base + 5), None)
                assert line is None or not line.left < at.x() < line.right, (width, at)


def test_a_screen_reader_hears_layer_entry_and_role(desk: Desk) -> None:
    claim = desk.tag("Claim", "the initiative ensures the cessation of all military activities in Syria")
    source = desk.tag("Source", "a Syrian official")
    relay = desk.tag("Source", "Western media")
    actor = desk.tag("Actor", "Syria,"[:-1])
    linking = desk.project.linking
    linking.connect(claim.id, source.id)
    linking.attribute(claim.id, relay, relay=True)
    linking.connect(claim.id, actor.id)
    reader = desk.reader
    for annotation, said in (
        (source, "Source, a Syrian official, said claim C1"),
        (relay, "Source, Western media, reported claim C1"),
    ):
        reader.set_caret(annotation.start + 1)
        desk.qtbot.waitUntil(lambda said=said: reader.accessibleDescription() == said)
    spoken = reader.describe(claim)
    assert spoken.startswith("Claim C1, the initiative ensures")
    assert spoken.endswith("said by a Syrian official, reported by Western media")
    assert reader.describe(actor).endswith("claim C1 is about it")


# Width


def test_the_reading_width_is_set_by_menu_key_and_kept(desk: Desk, own_settings: settings.Settings) -> None:
    reader = desk.reader

    def measure() -> float:
        left, right = reader.text_edges()
        return right - left

    normal = measure()
    desk.key(KEY.Key_1, ALT)
    assert measure() < normal
    assert own_settings.reading_width == "narrow"
    assert desk.window.actions_.by_id["view.narrow"].isChecked()
    desk.window.actions_.by_id["view.wide"].trigger()
    assert measure() > normal
    assert not desk.window.actions_.by_id["view.narrow"].isChecked()
    desk.key(KEY.Key_2, ALT)
    assert measure() == normal
    dialog = SettingsDialog(desk.window.actions_.all(), desk.window)
    dialog.width_choice.chosen.emit("narrow")
    assert measure() < normal
    dialog.close()
