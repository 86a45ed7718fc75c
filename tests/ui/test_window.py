"""The main window with a real project: its keys, its menus, what it enables, and how it comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMetaMethod, Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from annotator.services.project import Project
from annotator.ui import fonts, settings, theme
from annotator.ui.actions import ACTIONS, MENUS
from annotator.ui.commands.link_hints import codes
from annotator.ui.panel.entry_picker import EntryPicker
from tests.ui.desk import Desk

FIRST = (
    "Minister Ada Roy said the border is open, according to what Western media reported.\n"
    "\n"
    "A spokesman of the ministry denied it.\n"
)
SECOND = "Western media asked Ada Roy again.\n"


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, qapp: QApplication) -> Iterator[settings.Settings]:
    fonts.load()
    theme.apply(qapp, "light")
    own = settings.Settings(tmp_path / "settings.ini")
    own.coder = "R. Amin"
    settings.use(own)
    yield own
    settings.use(None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "study.annot"
    project = Project.create(made, name="Levant talks", coder="R. Amin")
    project.documents.add("First", FIRST)
    project.documents.add("Second", SECOND)
    project.close()
    return made


@pytest.fixture
def desk(qtbot: Any, path: Path) -> Iterator[Desk]:
    made = Desk(qtbot, path)
    yield made
    made.window.close()


# Opening, closing, coming back


def test_opening_shows_the_first_article_with_the_focus_in_its_text(desk: Desk) -> None:
    assert desk.workspace.document.title == "First"
    assert QApplication.focusWidget() is desk.reader
    assert desk.window.windowTitle() == "Levant talks – Annotator"
    assert desk.reader.caret() == 0


def test_it_comes_back_at_the_same_article_caret_and_split(qtbot: Any, path: Path) -> None:
    desk = Desk(qtbot, path)
    desk.press("Ctrl+PgDown", "Ctrl+Right", "Ctrl+Right")
    caret = desk.reader.caret()
    assert caret > 0
    splitter = desk.window.workbench.splitter  # type: ignore[union-attr]
    splitter.setSizes([300, 600, 300])
    sizes = splitter.sizes()
    desk.window.close()
    again = Desk(qtbot, path)
    assert again.workspace.document.title == "Second"
    assert again.reader.caret() == caret
    assert QApplication.focusWidget() is again.reader
    assert again.window.workbench.splitter.sizes() == sizes  # type: ignore[union-attr]
    again.window.close()


def test_each_article_comes_back_at_the_line_where_it_was_left(desk: Desk) -> None:
    project = desk.workspace.project
    long = project.documents.add("Long", "\n\n".join(f"Paragraph {n} says that it is number {n}." for n in range(300)))
    desk.workspace.open_document(long.id)
    reader = desk.reader
    reader.set_caret(200)
    reader.verticalScrollBar().setValue(2600)
    top = reader.top()
    assert top > 1500
    first = project.documents.rows()[0].id
    desk.workspace.open_document(first)
    assert reader.top() == 0
    desk.workspace.open_document(long.id)
    assert (reader.caret(), reader.top()) == (200, top)
    # Also when the program starts again, and at another size.
    project_path = project.path
    desk.window.close_project()
    reader.set_zoom(1.5)
    assert desk.window.commands.open_path(project_path)
    assert desk.workspace.document.id == long.id
    assert reader.caret() == 200
    assert reader.top() == top


def test_the_caret_is_remembered_while_one_works(desk: Desk, own_settings: settings.Settings) -> None:
    desk.press("Ctrl+Right", "Ctrl+Right")
    place = desk.reader.caret()
    project = desk.workspace.project.info.id
    desk.qtbot.waitUntil(lambda: own_settings.place(project).caret == place)


def test_each_article_keeps_its_caret(desk: Desk) -> None:
    desk.press("Ctrl+Right", "Ctrl+Right")
    place = desk.reader.caret()
    desk.press("Alt+Down", "Ctrl+Right", "Alt+Up")
    assert desk.workspace.document.title == "First"
    assert desk.reader.caret() == place


def test_a_second_window_is_for_reading_only_and_says_so(desk: Desk, path: Path) -> None:
    other = Desk(desk.qtbot, path)
    assert other.workspace.read_only
    assert other.window.windowTitle() == "Levant talks (read-only) – Annotator"
    assert other.window.workbench.banner.isVisible()  # type: ignore[union-attr]
    for id_, spec in other.window.actions_.specs.items():
        assert not (spec.edits and other.action(id_).isEnabled()), id_
    other.press("A", "Backspace", "Ctrl+Z")
    assert other.texts("Actor") == []
    other.window.close()


def test_closing_the_project_shows_the_welcome_screen(desk: Desk) -> None:
    desk.press("Ctrl+W")
    assert desk.window.welcome.isVisible()
    assert desk.window.windowTitle() == "Annotator"
    assert not any(id_.startswith("tag.layer.") for id_ in desk.window.actions_.by_id)
    assert not desk.action("edit.find").isEnabled()


# Actions, menus, keys


def test_every_action_does_something(desk: Desk) -> None:
    for id_, action in desk.window.actions_.by_id.items():
        assert action.isSignalConnected(QMetaMethod.fromSignal(action.triggered)), id_


def test_every_action_is_in_its_menu_with_its_key(desk: Desk) -> None:
    for id_, spec in desk.window.actions_.specs.items():
        menu = desk.window.menu_bar._menus[id_.split(".")[0]]
        action = desk.action(id_)
        assert action in menu.actions(), id_
        assert action.text(), id_
        assert [k.toString() for k in action.shortcuts()] == [QKeySequence(k).toString() for k in spec.keys], id_
        assert action.isShortcutVisibleInContextMenu() or action.shortcut().isEmpty()
    assert list(desk.window.menu_bar._menus) == list(MENUS)
    letters = [desk.window.menu_bar._menus[id_].title()[:2] for id_ in MENUS]
    assert len(set(letters)) == len(letters), "Alt and a letter open each menu"


def test_no_key_means_two_things(desk: Desk) -> None:
    keys: dict[str, str] = {}
    for id_, spec in desk.window.actions_.specs.items():
        for key in (QKeySequence(k).toString() for k in spec.keys):
            assert key not in keys, f"{key}: {id_} and {keys[key]}"
            keys[key] = id_


def test_the_keys_of_the_design(desk: Desk) -> None:
    wanted = {
        "edit.widen": ".",
        "edit.narrow": ",",
        desk.layer_action("Actor"): "A",
        desk.layer_action("Claim"): "C",
        desk.layer_action("Source"): "S",
        desk.layer_action("Cue"): "Q",
        "tag.reporter": "Shift+S",
        "edit.release": "Esc",
        "review.next_suggestion": "Tab",
        "review.previous_suggestion": "Shift+Tab",
        "review.accept": "Return",
        "tag.delete": "Backspace",
        "review.overlap": "O",
        "review.next": "N",
        "review.previous": "P",
        "tag.start_back": "[",
        "tag.end_on": "]",
        "tag.start_on": "{",
        "tag.end_back": "}",
        "tag.link": "L",
        "edit.undo": "Ctrl+Z",
        "edit.redo": "Ctrl+Shift+Z",
        "edit.go": "Ctrl+K",
        "edit.find": "Ctrl+F",
        "edit.search": "Ctrl+Shift+F",
        "article.done": "Ctrl+Return",
        "help.keys": "?",
    }
    assert {id_: desk.action(id_).shortcuts()[0].toString() for id_ in wanted} == wanted


def test_what_is_enabled_follows_what_is_open(qtbot: Any, tmp_path: Path, path: Path) -> None:
    desk = Desk(qtbot, None)
    for spec in ACTIONS:
        assert desk.action(spec.id).isEnabled() == (spec.needs == ""), spec.id
    empty = tmp_path / "empty.annot"
    Project.create(empty).close()
    desk.window.commands.open_path(empty)
    history = {"edit.undo", "edit.redo"}
    for spec in ACTIONS:
        if spec.id not in history:
            assert desk.action(spec.id).isEnabled() == (spec.needs in ("", "project")), spec.id
    assert not any(desk.action(id_).isEnabled() for id_ in history)
    desk.window.commands.open_path(path)
    for id_ in desk.window.actions_.by_id:
        assert desk.action(id_).isEnabled() == (id_ != "edit.redo"), id_
    desk.press("A")
    assert desk.action("edit.undo").isEnabled()
    desk.press("Ctrl+Z")
    assert desk.action("edit.redo").isEnabled()
    desk.window.close()


def test_other_keys_can_be_bound(desk: Desk, own_settings: settings.Settings) -> None:
    own_settings.keys = {"edit.widen": ["W"], desk.layer_action("Actor"): ["Ctrl+J"]}
    desk.press("W")
    assert len(desk.reader.fragments()) == 1
    desk.press("Ctrl+J")
    assert desk.texts("Actor") == ["Minister"]
    desk.press("Ctrl+Right", ".", "A")
    assert desk.texts("Actor") == ["Minister"]
    own_settings.keys = {}
    desk.press("A")
    assert desk.texts("Actor") == ["Minister", "Ada"]


# Tagging and linking


def test_an_attribution_costs_three_selections_and_three_keys(desk: Desk) -> None:
    desk.tag("the border is open", "C")
    desk.tag("Minister Ada Roy", "S")
    desk.tag("said", "Q")
    assert desk.said() == [(["Minister Ada Roy"], ["said"])]
    assert QApplication.focusWidget() is desk.reader
    assert desk.workspace.active is desk.annotation("the border is open")


def test_a_relay_and_its_discontinuous_cue(desk: Desk) -> None:
    desk.tag("the border is open", "C")
    desk.tag("Minister Ada Roy", "S")
    desk.tag("Western media", "Shift+S")
    desk.tag("according to what", "Q")
    desk.tag("reported", "F")
    assert desk.said() == [(["Minister Ada Roy"], []), (["Western media"], ["according to what … reported"])]
    desk.press("Shift+F")
    assert desk.said()[1] == (["Western media"], ["according to what"])


def test_the_word_at_the_caret_is_taken_and_no_tag_doubled(desk: Desk) -> None:
    desk.press("A")
    assert desk.texts("Actor") == ["Minister"]
    assert "Minister (new)" in desk.hint
    desk.press("Ctrl+Home", "A")
    assert desk.texts("Actor") == ["Minister"]
    assert desk.hint == "This is tagged as actor already."
    desk.select("Ada Roy")
    desk.press("A", "Alt+Down")
    desk.tag("Ada Roy", "A")
    assert "Ada Roy (known)" in desk.hint


def test_escape_releases_the_selection_then_the_claim(desk: Desk) -> None:
    desk.tag("the border is open", "C")
    desk.select("Minister")
    desk.press("Esc")
    assert desk.reader.fragments() == ()
    assert desk.workspace.active is not None
    desk.press("Esc")
    assert desk.workspace.active is None
    desk.tag("Minister Ada Roy", "S")
    assert not desk.workspace.links


def test_widen_and_narrow(desk: Desk) -> None:
    desk.reader.set_caret(FIRST.index("border"))
    found = []
    for _ in range(3):
        desk.press(".")
        found.append(FIRST[slice(*desk.reader.selection())])
    assert found[0] == "border"
    assert all(a in b and a != b for a, b in pairwise(found))
    desk.press(",", ",")
    assert FIRST[slice(*desk.reader.selection())] == "border"


def test_edges_move_by_a_word_and_the_caret_stays_with_them(desk: Desk) -> None:
    desk.tag("the border is open", "C")
    desk.tag("Ada Roy", "S")
    # What was tagged last is meant, not the active claim.
    desk.press("[")
    assert desk.texts("Source") == ["Minister Ada Roy"]
    desk.press("}", "}")
    assert desk.texts("Source") == ["Minister"]
    desk.press("}")
    assert desk.texts("Source") == ["Minister"]
    assert desk.hint.startswith("One word must stay")
    desk.press("]", "{")
    assert desk.texts("Source") == ["Ada"]
    assert desk.texts("Claim") == ["the border is open"]


def test_next_previous_overlap_and_delete(desk: Desk) -> None:
    desk.tag("the border is open", "C", "Esc")
    desk.tag("border", "A", "Esc")
    desk.tag("Western media", "A", "Esc", "Ctrl+Home")
    seen = []
    for key in ("N", "N", "N", "P"):
        desk.press(key)
        seen.append(desk.workspace.annotation_text(desk.workspace.active))
    assert seen == ["the border is open", "border", "Western media", "border"]
    desk.press("O")
    assert desk.workspace.active is desk.annotation("the border is open")
    assert desk.hint == "Claim: the border is open"
    desk.press("O", "Backspace")
    assert desk.texts("Actor") == ["Western media"]
    assert desk.texts("Claim") == ["the border is open"]


def test_delete_means_what_was_tagged_last_inside_the_active_claim(desk: Desk) -> None:
    desk.tag("the border is open", "C")
    desk.tag("border", "A")
    desk.press("Del")
    assert desk.texts("Actor") == []
    assert desk.texts("Claim") == ["the border is open"]
    desk.press("Ctrl+Z")
    assert desk.texts("Actor") == ["border"]


def test_link_letters_and_with_shift_the_reporter(desk: Desk) -> None:
    desk.tag("Minister Ada Roy", "S")
    desk.tag("Western media", "S")
    desk.press("Esc")
    desk.tag("the border is open", "C")
    desk.press("L")
    # The nearest first: the minister stands closer to the claim than the media.
    desk.press(codes(2)[0])
    assert desk.said() == [(["Minister Ada Roy"], [])]
    desk.press("L", f"Shift+{codes(2)[1]}")
    assert desk.said() == [(["Minister Ada Roy"], []), (["Western media"], [])]
    before = dict(desk.workspace.links)
    desk.press("L", "Esc")
    desk.press("L", "1")
    assert desk.workspace.links == before
    assert desk.workspace.active is desk.annotation("the border is open")


@pytest.mark.parametrize("count", [0, 1, 26, 27, 60, 676, 677])
def test_no_link_code_begins_another(count: int) -> None:
    made = codes(count)
    assert len(made) == len(set(made)) == count
    assert not {code[:end] for code in made for end in range(1, len(code))} & set(made)
    assert made == sorted(made, key=len)


def test_suggestions_by_tab_and_enter(desk: Desk) -> None:
    desk.tag("Western media", "A", "Esc", "Alt+Down", "Ctrl+End")
    assert FIRST not in desk.workspace.text
    desk.press("Tab", "Return")
    assert desk.texts("Actor") == ["Western media"]
    assert "Western media (known)" in desk.hint
    # The guess is one key from being changed, also after a suggestion.
    assert desk.workspace.active is desk.annotation("Western media")
    desk.press("Ctrl+Z", "Shift+Tab", "Backspace", "Tab")
    assert desk.texts("Actor") == []
    assert desk.hint == "No suggestions in this article."


def test_all_of_a_name_are_accepted_dismissed_or_never_suggested_again(desk: Desk) -> None:
    project = desk.workspace.project
    project.documents.add("Third", "Ada Roy met Ada Roy’s friends. ADA ROY left for Rome.")
    entry = project.entries.create("registry-actors", "Ada Roy").id
    project.entries.create("registry-actors", "Rome")
    desk.workspace.open_document(project.documents.rows()[-1].id)
    desk.press("Ctrl+Home", "Shift+Return")
    assert desk.texts("Actor") == ["Ada Roy", "Ada Roy", "ADA ROY"]
    assert "3 × “Ada Roy” accepted" in desk.hint
    assert project.entries.mentions(entry) == 3
    desk.press("Ctrl+Z", "Ctrl+Home", "X")
    pane = desk.window.workbench.pane
    assert desk.texts("Actor") == []
    desk.press("Tab", "Shift+X")
    assert "will not be suggested for “Ada Roy”" in desk.hint
    desk.press("Tab", "Return")
    assert desk.texts("Actor") == ["Rome"]
    assert pane.suggestions.count() == 1 or desk.press("Tab") is None
    desk.press("X")
    assert desk.hint in ("There is no suggestion at the caret.", "No suggestions in this article.")


def test_walking_away_from_a_suggestion_lets_it_go(desk: Desk) -> None:
    desk.tag("Western media", "A", "Alt+Down", "Ctrl+Home", "Tab", "Ctrl+End", "Return")
    assert desk.texts("Actor") == []
    assert desk.hint == "There is no annotation at the caret."


def test_keys_at_a_suggestion_that_mean_annotations(desk: Desk) -> None:
    desk.tag("Western media", "A", "Alt+Down", "Ctrl+Home", "Tab", "Esc")
    for key in ("O", "Backspace", "E", "L", "["):
        desk.press(key)
        assert desk.texts("Actor") == []
        assert desk.workspace.active is None


# Entries


def in_popup(run: Callable[[EntryPicker], object]) -> None:
    """What a person does in the picker, while the key that opened it waits for its end."""

    def look() -> None:
        popup = QApplication.activePopupWidget()
        assert isinstance(popup, EntryPicker)
        run(popup)

    QTimer.singleShot(0, look)


def test_the_guess_is_one_key_from_being_changed(desk: Desk) -> None:
    desk.tag("Ada Roy", "A", "Esc")
    desk.tag("the border is open", "C")
    desk.tag("A spokesman", "A")

    def choose(picker: EntryPicker) -> None:
        assert QApplication.focusWidget() is picker.line
        QTest.keyClicks(picker.line, "ada")
        QTest.keyClick(picker.line, Qt.Key.Key_Return)

    in_popup(choose)
    desk.press("E")
    (entry,) = desk.annotation("A spokesman").entries
    assert desk.workspace.entry_name(entry) == "Ada Roy"
    assert desk.hint == "Actor → Ada Roy."
    assert desk.window.focusWidget() is desk.reader
    desk.window.activateWindow()
    desk.qtbot.waitUntil(desk.window.isActiveWindow)
    # A cue has no entry: after one, the active claim's is meant.
    desk.tag("said", "Q")
    in_popup(lambda picker: QTest.keyClick(picker.line, Qt.Key.Key_Escape))
    desk.press("E")
    assert desk.hint == "Claim → the border is open."


# Undo, and the focus


def test_undo_and_redo_go_through_the_journal(desk: Desk) -> None:
    desk.press("A", "Ctrl+Right", "C")
    desk.press("Ctrl+Z")
    assert (desk.texts("Actor"), desk.texts("Claim")) == (["Minister"], [])
    desk.press("Ctrl+Z")
    assert desk.texts("Actor") == []
    desk.press("Ctrl+Shift+Z", "Ctrl+Y")
    assert (desk.texts("Actor"), desk.texts("Claim")) == (["Minister"], ["Ada"])


def test_a_text_field_undoes_its_own_text_first(desk: Desk) -> None:
    desk.press("A", "Ctrl+1")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "zebra")
    desk.press("Ctrl+Z")
    assert field.text() == ""
    assert desk.texts("Actor") == ["Minister"]
    desk.press("Ctrl+2", "Ctrl+Z")
    assert desk.texts("Actor") == []


def test_enter_goes_to_the_inspector_and_escape_back(desk: Desk) -> None:
    desk.tag("the border is open", "C")
    desk.press("Return")
    assert inside(QApplication.focusWidget(), desk.window.workbench.panel)  # type: ignore[union-attr]
    desk.press("Esc")
    assert QApplication.focusWidget() is desk.reader
    desk.press("Ctrl+4")
    assert inside(QApplication.focusWidget(), desk.window.workbench.panel)  # type: ignore[union-attr]
    desk.press("Esc")
    assert QApplication.focusWidget() is desk.reader


def test_the_keyboard_stays_in_the_inspector_when_what_was_pressed_goes(desk: Desk) -> None:
    desk.tag("the border is open", "C")
    desk.tag("border", "A")
    panel = desk.window.workbench.panel  # type: ignore[union-attr]
    desk.press("Return")
    for _ in range(12):
        if "inside the claim" in QApplication.focusWidget().accessibleName():  # type: ignore[union-attr]
            break
        desk.press("Tab")
    desk.press("Space")
    desk.qtbot.waitUntil(lambda: [a.id for a in desk.workspace.active_card.about] == [desk.annotation("border").id])
    QApplication.processEvents()
    assert inside(QApplication.focusWidget(), panel)
    desk.press("Del")
    desk.qtbot.waitUntil(lambda: not desk.workspace.active_card.about)
    assert desk.texts("Actor") == ["border"]


def test_find_begins_at_the_caret_and_gives_the_keys_back(desk: Desk) -> None:
    desk.reader.set_caret(FIRST.index("open"))
    desk.press("Ctrl+F")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "min")
    assert desk.reader.selection()[0] == FIRST.index("ministry")
    desk.press("Esc")
    assert QApplication.focusWidget() is desk.reader
    assert FIRST[slice(*desk.reader.selection())] == "min"


def test_hits_in_the_article_are_framed_and_f3_goes_on(desk: Desk) -> None:
    desk.press("Ctrl+Home", "Ctrl+F")
    field = QApplication.focusWidget()
    before = desk.reader.grab().toImage()
    QTest.keyClicks(field, "th")
    many = len(desk.reader.finds)
    assert many > 1
    assert desk.reader.grab().toImage() != before
    desk.press("Esc")
    assert len(desk.reader.finds) == 0
    desk.press("Ctrl+Home", "F3")
    assert desk.window.workbench.pane.find_bar.count.text() == f"1 of {many}"
    desk.press("F3", "Esc")
    assert FIRST[slice(*desk.reader.selection())].lower() == "th"
    desk.press("Ctrl+Shift+F")


def inside(widget: QWidget | None, panel: QWidget) -> bool:
    return widget is not None and panel.isAncestorOf(widget)


# Articles


def test_done_goes_to_the_next_that_is_not(desk: Desk) -> None:
    desk.press("Ctrl+Return")
    assert desk.workspace.document.title == "Second"
    desk.press("Ctrl+Return")
    assert desk.hint == "Done. Every article is done."
    assert [row.status for row in desk.workspace.project.documents.rows()] == ["done", "done"]
    desk.press("Ctrl+Z", "Ctrl+Z")
    assert [row.status for row in desk.workspace.project.documents.rows()] == ["new", "new"]


def test_an_article_added_from_text_opens(desk: Desk) -> None:
    desk.press("Ctrl+Shift+V")
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    dialog.text_box.setPlainText("A third article.")  # type: ignore[attr-defined]
    dialog.confirm()  # type: ignore[attr-defined]
    desk.qtbot.waitUntil(lambda: desk.workspace.text == "A third article.")
    assert desk.window.focusWidget() is desk.reader
    assert desk.window.status._document.text() == "Document 3 of 3"
    desk.window.activateWindow()
    desk.qtbot.waitUntil(desk.window.isActiveWindow)
    desk.press("Ctrl+Z")
    assert len(desk.workspace.project.documents.rows()) == 2
    assert desk.workspace.document.title == "Second"
    assert desk.window.status._document.text() == "Document 2 of 2"
