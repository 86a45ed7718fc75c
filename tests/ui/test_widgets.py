"""The shared widgets, driven by keys and looked at by their pixels."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QFocusFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from annotator.domain.codebook import MARKS
from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.ui import fonts, theme
from annotator.ui.widgets import (
    Card,
    Chip,
    ChoiceField,
    ElidedLabel,
    FlowLayout,
    Hairline,
    IconButton,
    KeyCap,
    LayerSample,
    MultiChoice,
    PlainLabel,
    ProgressLine,
    SectionHead,
    Segmented,
    Toast,
    button,
    install_focus_ring,
    mark_rect,
    paint_mark,
    paint_sample,
    sample_size,
    set_role,
)

ACTOR, CLAIM, SOURCE, CUE = DEFAULT_CODEBOOK.layers
STATES = ("rest", "hover", "selected", "chain", "ghost", "conflict", "missing")
RTL = Qt.LayoutDirection.RightToLeft


@pytest.fixture(autouse=True)
def in_light(qapp: QApplication) -> Iterator[None]:
    fonts.load()
    theme.apply(qapp, "light")
    yield
    theme.apply(qapp, "light")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Callable[[QWidget], QWidget]]:
    """Put widgets in a window, with room for the focus ring."""
    kept: list[QWidget] = []

    def show(widget: QWidget, width: int = 360) -> QWidget:
        window = QWidget()
        kept.append(window)
        qtbot.addWidget(window)
        box = QVBoxLayout(window)
        box.setContentsMargins(12, 12, 12, 12)
        box.addWidget(widget)
        window.resize(width, 120)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: window.isActiveWindow())
        return window

    yield show
    kept.clear()


Show = Callable[[QWidget], QWidget]


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def has_color(image: QImage, color: QColor) -> bool:
    return any(
        image.pixelColor(x, y).name() == color.name() for x in range(image.width()) for y in range(image.height())
    )


# Segments


def test_segments_are_chosen_and_cleared_by_keys(qtbot: QtBot, shown: Show) -> None:
    field = Segmented(["direct", "indirect", "mixed"], name="Form")
    shown(field)
    heard: list[object] = []
    field.chosen.connect(heard.append)
    field.setFocus(Qt.FocusReason.TabFocusReason)

    def press(key: Qt.Key) -> None:
        qtbot.keyClick(QApplication.focusWidget(), key)

    press(Qt.Key.Key_Right)
    assert heard == []  # moving is not choosing
    press(Qt.Key.Key_Space)
    assert (field.value(), heard) == ("indirect", ["indirect"])
    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Right)  # stays at the end
    press(Qt.Key.Key_Return)
    assert field.value() == "mixed"
    press(Qt.Key.Key_Enter)
    assert field.value() is None
    press(Qt.Key.Key_Home)
    press(Qt.Key.Key_Space)
    press(Qt.Key.Key_End)
    press(Qt.Key.Key_Left)
    press(Qt.Key.Key_Space)
    assert heard == ["indirect", "mixed", None, "direct", "indirect"]


def test_arrows_follow_the_eye_from_right_to_left(qtbot: QtBot, qapp: QApplication, shown: Show) -> None:
    qapp.setLayoutDirection(RTL)
    field = Segmented(["direct", "indirect"], name="Form")
    shown(field)
    field.setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Left)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert field.value() == "indirect"
    first, second = field._segments
    assert first.x() > second.x()


def test_segments_by_mouse_and_from_code(qtbot: QtBot, shown: Show) -> None:
    field = Segmented(["asserted", "denied"], name="Polarity")
    shown(field)
    heard: list[object] = []
    field.chosen.connect(heard.append)
    first = field._segments[0]
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert heard == ["asserted", None]
    field.setValue("denied")
    assert (field.value(), len(heard)) == ("denied", 2)
    field.setValue("unheard of")
    assert field.value() is None
    assert field.choices() == ["asserted", "denied"]


def test_tab_stops_once_in_a_row_of_segments(qtbot: QtBot, shown: Show) -> None:
    holder = QWidget()
    row = QHBoxLayout(holder)
    field, after = Segmented(["a", "b", "c"], name="Kind"), QLineEdit()
    row.addWidget(field)
    row.addWidget(after)
    shown(holder)
    field.setValue("b")
    field.setFocus(Qt.FocusReason.TabFocusReason)
    assert QApplication.focusWidget() is field._segments[1]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is after


def test_segments_have_names_for_listeners(shown: Show) -> None:
    field = Segmented(["direct", "mixed"], name="Form", labels={"mixed": "Both"})
    shown(field)
    segment = field._segments[1]
    spoken = QAccessible.queryAccessibleInterface(segment)
    assert spoken.text(QAccessible.Text.Name) == "Both"
    assert spoken.text(QAccessible.Text.Description) == "Form"
    assert spoken.role() == QAccessible.Role.CheckBox
    assert spoken.state().focusable
    assert field.accessibleName() == "Form"


# Choice fields


def test_up_to_four_choices_are_segments_and_more_a_combo_box(qtbot: QtBot, shown: Show) -> None:
    few = ChoiceField(["a", "b", "c", "d"], name="Few")
    many = ChoiceField(["a", "b", "c", "d", "e"], name="Many")
    holder = QWidget()
    box = QVBoxLayout(holder)
    box.addWidget(few)
    box.addWidget(many)
    shown(holder)
    assert few.findChild(Segmented) is not None
    assert few.findChild(QComboBox) is None
    combo = many.findChild(QComboBox)
    assert combo is not None
    assert [combo.itemText(i) for i in range(3)] == ["Not set", "A", "B"]
    heard: list[object] = []
    many.chosen.connect(heard.append)
    many.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up):
        qtbot.keyClick(combo, key)
    assert heard == ["a", "b", "a", None]
    many.setValue("e")
    assert many.value() == "e"
    many.setValue(None)
    assert many.value() is None
    many.setValue("unheard of")
    assert many.value() is None
    assert len(heard) == 4


def test_a_wheel_that_passes_over_changes_nothing(shown: Show) -> None:
    field = ChoiceField(["a", "b", "c", "d", "e"], name="Many")
    window = shown(field)
    combo = field.findChild(QComboBox)
    assert combo is not None
    window.setFocus()
    combo.clearFocus()
    middle = combo.rect().center()
    wheel = QWheelEvent(
        middle,
        combo.mapToGlobal(middle),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(combo, wheel)
    assert field.value() is None


def test_several_choices_keep_the_order_of_the_field(qtbot: QtBot, shown: Show) -> None:
    field = MultiChoice(["official", "expert", "media"], name="Kind")
    shown(field)
    heard: list[list[str]] = []
    field.chosen.connect(heard.append)
    field.setValues(["media"])
    field.setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert heard == [["official", "media"], ["official", "expert", "media"]]


# Chips, keys, labels


def test_a_chip_shows_and_says_its_count(qtbot: QtBot, shown: Show) -> None:
    chip = Chip("Claims", layer=CLAIM, count=10)
    shown(chip)
    assert chip.accessibleName() == "Claims, 10"
    narrow = chip.sizeHint().width()
    chip.setCount(10_000)
    assert chip.count() == 10_000
    assert chip.sizeHint().width() > narrow
    assert chip.height() == 23
    chip.setFocus()
    qtbot.keyClick(chip, Qt.Key.Key_Space)
    assert chip.isChecked()


@pytest.mark.parametrize("name", ["light", "dark"])
def test_a_chip_has_its_layers_dot_in_either_theme(name: str, qapp: QApplication, shown: Show) -> None:
    theme.apply(qapp, name)
    chip = Chip("Claims", layer=CLAIM, count=3)
    shown(chip)
    assert has_color(picture(chip), theme.layer_style(CLAIM).stroke)


def test_a_chip_mirrors(qapp: QApplication, shown: Show) -> None:
    chip = Chip("Claims", layer=CLAIM)
    shown(chip)
    stroke = theme.layer_style(CLAIM).stroke.name()

    def where() -> int:
        image = picture(chip)
        return next(x for x in range(image.width()) if image.pixelColor(x, 11).name() == stroke)

    left = where()
    chip.setLayoutDirection(RTL)
    assert left < chip.width() // 3 < where()


def test_a_key_cap_is_filled_when_armed(shown: Show) -> None:
    stroke = theme.layer_style(CLAIM).stroke
    cap = KeyCap("C", color=stroke)
    shown(cap)
    assert cap.sizeHint() == QSize(19, 19)
    assert cap.accessibleName() == "C"
    assert picture(cap).pixelColor(4, 9).name() == theme.LIGHT.field.name()
    cap.setFilled(True)
    assert picture(cap).pixelColor(4, 9).name() == stroke.name()
    cap.setText("Shift")
    assert cap.sizeHint().width() > 30


def test_an_elided_label_keeps_its_whole_text(qtbot: QtBot) -> None:
    label = ElidedLabel("US, Syria and\nIsrael agree")
    qtbot.addWidget(label)
    assert label.text() == "US, Syria and Israel agree"
    label.resize(label.sizeHint())
    assert label.elided() == label.text()
    label.resize(60, 20)
    assert label.elided().endswith("…")
    assert label.accessibleName() == "US, Syria and Israel agree"


def test_a_plain_label_reads_no_markup_and_takes_a_tokens_colour(qtbot: QtBot, qapp: QApplication) -> None:
    label = PlainLabel("<b>bold</b> & so on", role="text2")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    theme.apply(qapp, "dark")
    assert label.palette().windowText().color().name() == theme.DARK.text2.name()
    label.setRole("conflict")
    assert label.palette().windowText().color().name() == theme.DARK.conflict.name()


def test_a_plain_label_stands_at_the_start_of_the_interface(qtbot: QtBot, qapp: QApplication) -> None:
    label = PlainLabel("32%")
    qtbot.addWidget(label)
    assert label.alignment() & Qt.AlignmentFlag.AlignLeft
    qapp.setLayoutDirection(RTL)
    assert label.alignment() & Qt.AlignmentFlag.AlignRight


def test_buttons_and_tools_have_names(qtbot: QtBot) -> None:
    tool = IconButton("filter", "Filter documents")
    push = button("Mark done", icon="check")
    head = SectionHead("Documents")
    head.add(tool)
    for widget in (push, head):
        qtbot.addWidget(widget)
    set_role(push, "primary")
    assert push.property("role") == "primary"
    assert (tool.toolTip(), tool.accessibleName()) == ("Filter documents", "Filter documents")
    assert tool.focusPolicy() & Qt.FocusPolicy.TabFocus
    head.setTitle("Outline")
    assert head.accessibleName() == "Outline"


def test_a_progress_line_fills_from_the_start(qtbot: QtBot, qapp: QApplication) -> None:
    line = ProgressLine(value=0.25)
    qtbot.addWidget(line)
    line.resize(100, 3)
    assert line.accessibleDescription() == "25%"
    track = theme.LIGHT.line.name()
    assert picture(line).pixelColor(10, 1).name() != track
    assert picture(line).pixelColor(90, 1).name() == track
    line.setLayoutDirection(RTL)
    assert picture(line).pixelColor(10, 1).name() == track
    assert picture(line).pixelColor(90, 1).name() != track
    line.setValue(7)
    assert line.value() == 1.0


def test_a_toast_shows_and_leaves(qtbot: QtBot, shown: Show) -> None:
    window = shown(QLineEdit())
    toast = Toast(window)
    toast.show_message("Tagged as claim", 20)
    assert toast.isVisible()
    assert toast.text() == "Tagged as claim"
    window.resize(500, 200)
    assert abs(toast.geometry().center().x() - 250) <= 1
    qtbot.waitUntil(lambda: not toast.isVisible())


def test_a_card_is_paper_with_round_corners(qtbot: QtBot, qapp: QApplication) -> None:
    for name in ("light", "dark"):
        theme.apply(qapp, name)
        card = Card()
        qtbot.addWidget(card)
        QVBoxLayout(card).addWidget(Hairline())
        card.resize(80, 60)
        image = picture(card)
        assert image.pixelColor(20, 12).name() == theme.current().paper.name()
        assert image.pixelColor(0, 0).name() == theme.current().window.name()


# Flow


def test_flow_wraps_and_mirrors(qtbot: QtBot, shown: Show) -> None:
    holder = QWidget()
    flow = FlowLayout(holder, spacing=6)
    chips = [Chip(f"chip {number}") for number in range(8)]
    for chip in chips:
        flow.addWidget(chip)
    shown(holder)
    assert len({chip.y() for chip in chips}) > 1
    assert chips[0].x() == 0
    assert flow.heightForWidth(200) > flow.heightForWidth(900) == 23
    holder.setLayoutDirection(RTL)
    qtbot.waitUntil(lambda: chips[0].geometry().right() == holder.width() - 1)
    chips[0].hide()
    qtbot.waitUntil(lambda: chips[1].geometry().right() == holder.width() - 1)
    assert flow.count() == 8
    assert flow.takeAt(99) is None
    flow.clear()
    assert flow.count() == 0
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert holder.findChildren(Chip) == []


# The focus ring


def test_the_ring_follows_the_keyboard_and_not_the_mouse(qtbot: QtBot, qapp: QApplication, shown: Show) -> None:
    install_focus_ring(qapp)
    holder = QWidget()
    row = QHBoxLayout(holder)
    first, second = Chip("first"), Chip("second")
    row.addWidget(first)
    row.addWidget(second)
    window = shown(holder)
    first.setFocus(Qt.FocusReason.TabFocusReason)
    ring = window.findChild(QFocusFrame)
    assert ring is not None
    qtbot.waitUntil(ring.isVisible)
    top_left = first.mapTo(window, QPoint(0, 0))
    assert ring.geometry().topLeft() == top_left - QPoint(3, 3)
    assert ring.size() == first.size() + QSize(6, 6)
    assert has_color(picture(window), theme.LIGHT.focus)
    qtbot.mousePress(second, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is second
    qtbot.mouseRelease(second, Qt.MouseButton.LeftButton)


def test_the_ring_survives_its_window(qtbot: QtBot, qapp: QApplication) -> None:
    install_focus_ring(qapp)
    for _ in range(2):
        window = QWidget()
        chip = Chip("chip", window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        chip.setFocus(Qt.FocusReason.TabFocusReason)
        assert window.findChild(QFocusFrame) is not None
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


# Marks


def drawn(mark: str, state: str, direction: Qt.LayoutDirection = Qt.LayoutDirection.LeftToRight) -> QImage:
    image = QImage(260, 80, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(2.0)
    image.fill(theme.current().paper)
    painter = QPainter(image)
    painter.setLayoutDirection(direction)
    look = theme.style_for("#3636A1", mark)
    paint_sample(painter, QRectF(4, 4, 120, 32), "the office", fonts.serif(17), look, state)
    painter.end()
    return image


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_differs_in_every_state(mark: str, name: str, qapp: QApplication) -> None:
    theme.apply(qapp, name)
    pictures = {state: drawn(mark, state) for state in STATES}
    alike = {("selected", "chain"), ("rest", "chain")}  # by the design, for some marks
    for one in STATES:
        for other in STATES:
            if one < other and not {(one, other), (other, one)} & alike:
                assert pictures[one] != pictures[other], (one, other)


def test_marks_differ_in_form_and_not_in_colour_alone(qapp: QApplication) -> None:
    pictures = [drawn(mark, "rest") for mark in MARKS]
    for place, one in enumerate(pictures):
        assert all(one != other for other in pictures[place + 1 :])


def test_a_mark_uses_the_box_it_is_given(qapp: QApplication) -> None:
    box = mark_rect(20, 60, 40, 17)
    assert (box.left(), box.right()) == (18, 82)
    assert (box.top(), box.bottom()) == (pytest.approx(22.9), pytest.approx(48.2))
    image = QImage(120, 70, QImage.Format.Format_ARGB32)
    image.fill(theme.LIGHT.paper)
    painter = QPainter(image)
    for mark in MARKS:
        for state in STATES:
            paint_mark(painter, box, 40, theme.layer_style(CLAIM), mark, state)
    painter.end()
    inside = box.toAlignedRect().adjusted(-2, -2, 2, 2)
    for x in range(image.width()):
        for y in range(image.height()):
            if not inside.contains(x, y):
                assert image.pixelColor(x, y) == theme.LIGHT.paper


def test_a_sample_elides_and_mirrors(qtbot: QtBot, qapp: QApplication) -> None:
    size = sample_size("the office", fonts.serif(17), "outline")
    image = QImage(400, 60, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    look = theme.layer_style(SOURCE)
    args = ("the office", fonts.serif(17), look)
    assert paint_sample(painter, QRectF(0, 0, 400, 40), *args).width() == pytest.approx(size.width(), abs=0.5)
    assert paint_sample(painter, QRectF(0, 0, 50, 40), *args).width() <= 50
    painter.setLayoutDirection(RTL)
    assert paint_sample(painter, QRectF(0, 0, 400, 40), *args).right() == pytest.approx(400, abs=0.5)
    painter.end()


def test_layer_samples_are_the_legend(qtbot: QtBot, qapp: QApplication) -> None:
    for layer in DEFAULT_CODEBOOK.layers:
        sample = LayerSample(layer)
        qtbot.addWidget(sample)
        assert sample.text() == sample.accessibleName() == layer.name
        sample.resize(sample.sizeHint())
        rest = picture(sample)
        sample.setState("selected")
        assert picture(sample) != rest
        sample.setLayer(None)
        assert picture(sample) != rest
    wide = LayerSample(ACTOR, "Syrian government official")
    qtbot.addWidget(wide)
    assert wide.sizeHint().width() > LayerSample(CUE, "said").sizeHint().width()


def test_a_program_with_all_of_them_ends_quietly() -> None:
    script = """
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
app = QApplication([])
from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.ui import fonts, theme
from annotator.ui.widgets import ChoiceField, Chip, FlowLayout, IconButton, LayerSample, MultiChoice, PlainLabel, Toast
fonts.load()
theme.apply(app, "dark")
window = QWidget()
box = QVBoxLayout(window)
many = MultiChoice(["a", "b", "c"], name="Kind")
for widget in (IconButton("sun", "Theme"), ChoiceField(["a", "b"], name="Form"), many, PlainLabel("text")):
    box.addWidget(widget)
holder = QWidget()
box.addWidget(holder)
flow = FlowLayout(holder)
for layer in DEFAULT_CODEBOOK.layers:
    flow.addWidget(Chip(layer.name, layer=layer))
    flow.addWidget(LayerSample(layer))
toast = Toast(window)
toast.show_message("text")
window.show()
many.setFocus(Qt.FocusReason.TabFocusReason)
app.processEvents()
window.grab()
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    said = [line for line in run.stderr.splitlines() if not line.startswith("This plugin does not support ")]
    assert (run.returncode, said) == (0, [])
