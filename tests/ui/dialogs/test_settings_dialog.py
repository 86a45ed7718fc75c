"""Settings take effect at once; keys are bound, clashes told, and taken back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTextEdit

from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.ui.actions import Actions
from annotator.ui.dialogs.about import AboutDialog
from annotator.ui.dialogs.banner import ReadOnlyBanner
from annotator.ui.dialogs.crash import CrashDialog
from annotator.ui.dialogs.getting_started import GettingStarted
from annotator.ui.dialogs.message import ask, show_error
from annotator.ui.dialogs.settings import SettingsDialog
from annotator.ui.settings import settings

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def actions(window):
    made = Actions(window, {})
    if hasattr(made, "attach"):
        made.attach(QTextEdit(window))
    made.set_layers(DEFAULT_CODEBOOK, lambda _id: None)
    return made


@pytest.fixture
def dialog(actions, window, qtbot):
    made = SettingsDialog(actions.all(), window)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def choose(page, id_):
    page.table.setCurrentItem(next(item for item in page._items() if item.data(0, Qt.ItemDataRole.UserRole) == id_))


def test_pages_and_choices_by_keyboard(dialog, qtbot):
    assert dialog.pages.hasFocus()
    dialog.theme.chosen.emit("dark")
    assert settings().theme == "dark"
    dialog.theme.chosen.emit(None)  # a second press clears a segment; a theme there must be
    assert (settings().theme, dialog.theme.value()) == ("dark", "dark")
    dialog.direction.chosen.emit("rtl")
    assert settings().direction == "rtl"
    qtbot.keyClick(dialog.pages, Key.Key_Down)
    dialog.size_box.setFocus()
    qtbot.keyClick(dialog.size_box, Key.Key_Up)
    assert settings().reading_size == 18
    qtbot.keyClick(dialog.pages, Key.Key_Down)
    qtbot.keyClicks(dialog.coder, "R. Amin")
    qtbot.keyClick(dialog, Key.Key_Escape)
    assert settings().coder == "R. Amin"


def test_a_free_key_is_added_and_used_alone(dialog, actions, qtbot):
    settings().changed.connect(lambda name: actions.set_bound(settings().keys) if name == "keys" else None)
    dialog.show_page(3)
    page = dialog.keys_page
    choose(page, "edit.find")
    page.edit.setFocus()
    qtbot.keyClick(page.edit, Key.Key_G, Ctrl)
    assert page.message.text() == "Ctrl G is free."
    page.add_button.click()
    assert settings().keys == {"edit.find": ["Ctrl+F", "Ctrl+G"]}
    assert [key.toString() for key in actions.by_id["edit.find"].shortcuts()] == ["Ctrl+F", "Ctrl+G"]
    page.edit.setFocus()
    qtbot.keyClick(page.edit, Key.Key_F7)
    page.instead_button.click()
    assert settings().keys == {"edit.find": ["F7"]}
    page.reset_button.click()
    assert settings().keys == {}


def test_a_clash_is_told_and_can_be_taken_over(dialog, qtbot):
    dialog.show_page(3)
    page = dialog.keys_page
    choose(page, "edit.find")
    page.edit.setFocus()
    qtbot.keyClick(page.edit, Key.Key_E, Ctrl)
    assert page.message.text() == "Ctrl E is the key of “Export”."
    assert not page.add_button.isEnabled()
    page.take_button.click()
    assert settings().keys == {"project.export": [], "edit.find": ["Ctrl+F", "Ctrl+E"]}
    choose(page, "project.export")
    page.reset_button.click()
    assert "reset that one first" in page.message.text()
    page.reset_all_button.click()
    assert settings().keys == {}


def test_the_letters_of_layers_belong_to_the_codebook(dialog, qtbot):
    dialog.show_page(3)
    page = dialog.keys_page
    choose(page, "tag.layer.layer-claim")
    assert not page.edit.isEnabled()
    assert "codebook" in page.message.text()
    choose(page, "edit.find")
    page.edit.setFocus()
    qtbot.keyClick(page.edit, Key.Key_C)
    assert "Tag as claim" in page.message.text()
    assert not page.take_button.isVisible()


def test_keys_are_searched(dialog, qtbot):
    dialog.show_page(3)
    page = dialog.keys_page
    page.search.setFocus()
    qtbot.keyClicks(page.search, "export")
    shown = [item.text(0).strip() for item in page._items() if not item.isHidden()]
    assert shown == ["Project", "Export"]
    assert page.current_id() == "project.export"


def test_messages(window, qtbot):
    message = show_error(window, "That did not work", "The file is not there.")
    assert not message.cancel_button.isVisible()
    with qtbot.waitSignal(message.accepted):
        qtbot.keyClick(message.ok_button, Key.Key_Return)
    said = []
    question = ask(window, "Delete?", "This cannot be undone.", "Delete", "Keep", lambda: said.append(True))
    qtbot.keyClick(question, Key.Key_Escape)
    assert not said


def test_crash_dialog_copies_its_details(qtbot, own_settings):
    dialog = CrashDialog("Traceback: boom")
    qtbot.addWidget(dialog)
    dialog.copy_button.click()
    from PySide6.QtGui import QGuiApplication

    assert "boom" in QGuiApplication.clipboard().text()
    assert "Annotator" in QGuiApplication.clipboard().text()


def test_banner_shows_only_a_reason(qtbot, own_settings):
    banner = ReadOnlyBanner()
    qtbot.addWidget(banner)
    banner.show_reason("R. Amin has this project open.")
    assert banner.isVisible()
    assert not banner.grab().isNull()
    banner.show_reason("")
    assert not banner.isVisible()


@pytest.mark.parametrize("kind", [AboutDialog, GettingStarted])
def test_pages_fit_a_small_window(kind, window, qtbot):
    dialog = kind(window)
    dialog.show()
    assert dialog.height() < 660
    assert dialog.width() < 1000
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog, Key.Key_Escape)
