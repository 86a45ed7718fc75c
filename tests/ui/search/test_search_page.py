"""The search page in the window, by keys: hits, what narrows them, tagging and assigning, saved searches, going back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from annotator.domain.query import Filter
from annotator.services.project import Project
from annotator.ui import fonts, settings, theme
from annotator.ui.search.choosing import AskLine, ChooseEntry
from annotator.ui.search.doing import BulkDialog
from annotator.ui.search.page import SearchPage
from annotator.ui.search.saved import SavedDialog
from annotator.ui.widgets import Chip
from tests.ui.desk import Desk

ARTICLES = (
    ("Envoy returns to Paris", "The envoy said Syria agreed.", {"outlet": "Meridian Post", "date": "2026-01-08"}),
    ("Opposition questions plan", "Syria and Israel met. SYRIA denied it.", {"outlet": "Coastal Herald"}),
    ("بيان مشترك", "قال مسؤول في وسوريا ذلك.", {"outlet": "برقية المشرق"}),
)


@pytest.fixture
def desk(qtbot: Any, qapp: QApplication, tmp_path: Path) -> Iterator[Desk]:
    fonts.load()
    theme.apply(qapp, "light")
    settings.use(settings.Settings(tmp_path / "settings.ini"))
    settings.settings().coder = "R. Amin"
    path = tmp_path / "study.annot"
    project = Project.create(path, coder="R. Amin")
    for article in ARTICLES:
        project.documents.add(*article)
    project.entries.create("registry-actors", "Syrian Arab Republic", ["Syria"])
    project.index_texts()
    project.close()
    made = Desk(qtbot, path)
    yield made
    made.window.close()
    settings.use(None)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def page(desk: Desk) -> SearchPage:
    found = desk.window.workbench.pages.page("search")
    assert isinstance(found, SearchPage)
    return found


def look_for(desk: Desk, line: str, mode: str = "words") -> SearchPage:
    desk.press("Ctrl+Shift+F")
    found = page(desk)
    found.mode.setValue(mode)
    found.line.clear()
    if line.isascii():
        QTest.keyClicks(found.line, line)
    else:  # QTest has no keys for other letters
        found.line.setText(line)
    QTest.keyClick(found.line, Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: not found.finder.running)
    return found


def dialog(desk: Desk, kind: type[QDialog]) -> Any:
    """The dialog of this kind that is open, once it has said what it has to say."""
    desk.qtbot.waitUntil(lambda: any(d.isVisible() for d in desk.window.findChildren(kind)))
    (found,) = [d for d in desk.window.findChildren(kind) if d.isVisible()]
    if isinstance(found, BulkDialog):
        desk.qtbot.waitUntil(lambda: found._task is None)
    return found


def shown_chips(found: SearchPage) -> list[Chip]:
    QApplication.processEvents()
    return [chip for chip in found._chips.findChildren(Chip) if chip.isVisible()]


def confirm(desk: Desk, kind: type[QDialog]) -> None:
    found = dialog(desk, kind)
    with desk.qtbot.waitSignal(found.accepted):
        found.ok_button.click()


def test_hits_by_document_and_enter_goes_to_one(desk: Desk) -> None:
    found = look_for(desk, "syria")
    assert found.count.text() == "3 hits in 2 articles"
    assert [row for row in found.list.hits.rows if isinstance(row, str)] == [title for title, _, _ in ARTICLES[:2]]
    desk.press("Return")  # nothing new to search for: into the list
    assert found.list.hasFocus()
    desk.press("Down", "Down")
    assert found.list.current() == 2
    desk.press("Return")
    assert desk.window.workbench.pages.shown == ""
    assert desk.reader.hasFocus()
    assert list(desk.reader.fragments()) == [(22, 27)]
    assert desk.hint == "Hit 3 of 3"
    desk.press("F3")
    assert (desk.workspace.document.title, *desk.reader.fragments()) == ("Envoy returns to Paris", (15, 20))
    desk.press("Shift+F3", "Shift+F3")
    assert list(desk.reader.fragments()) == [(0, 5)]
    desk.press("Ctrl+Shift+F")
    assert found.list.hasFocus()
    assert found.list.current() == 1, "the list is as it was left"
    desk.press("Ctrl+Shift+F")
    assert (found.line.hasFocus(), found.line.selectedText()) == (True, found.line.text()), "once more: another search"
    found.list.setFocus()
    desk.press("Up", "Up")
    assert found.line.hasFocus()
    desk.press("Escape", "Escape")
    assert desk.reader.hasFocus()


def test_what_is_chosen_by_keys_and_mouse(desk: Desk) -> None:
    found = look_for(desk, "syria")
    desk.press("Down")
    hits = found.list.hits
    desk.press("Space")
    assert hits.chosen == {0}
    desk.press("Shift+Down", "Shift+Down")
    assert hits.chosen == {0, 1, 2}
    desk.press("Shift+Up")
    assert hits.chosen == {0, 1}
    assert found.chosen.text() == "2 of 3 chosen"
    desk.press("Ctrl+A")
    assert len(hits.chosen) == 3
    desk.press("Escape")
    assert hits.chosen == set()
    assert desk.window.workbench.pages.shown == "search"
    title = found.list.visualRect(hits.index(2)).center()
    QTest.mouseClick(found.list.viewport(), Qt.MouseButton.LeftButton, pos=title)
    assert hits.chosen == {1, 2}
    tick = found.list.visualRect(hits.index(1))
    QTest.mouseClick(found.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, tick.center().y()))
    assert hits.chosen == {0, 1, 2}
    assert found.list.model().data(hits.index(1), Qt.ItemDataRole.AccessibleDescriptionRole) == "chosen"


def test_hits_are_tagged_as_one_step_after_a_look_at_it(desk: Desk) -> None:
    project = desk.workspace.project
    found = look_for(desk, "syria")
    desk.press("Down", "Down", "Space")
    before = len(project.history())
    found.tag_button.click()
    told = dialog(desk, BulkDialog)
    assert "1 of 1 hits" in told.told.text()
    confirm(desk, BulkDialog)
    found.tag_button.click()
    told = dialog(desk, BulkDialog)
    assert "2 of 3 hits will be tagged as actor, in 2 articles" in told.told.text()
    assert "1 is tagged like this already" in told.told.text()
    confirm(desk, BulkDialog)
    assert len(project.history()) == before + 2
    assert project.history()[0].what == "2 × actor"
    assert len(project.entries.all()) == 1, "Syria is known as an alias"
    found.tag_button.click()
    told = dialog(desk, BulkDialog)
    assert not told.ok_button.isEnabled()
    told.reject()
    project.undo()
    assert project.counts()["annotations"] == 1
    assert found.list.hits.hits, "the list stays"


def test_an_entry_is_assigned_to_what_the_hits_are(desk: Desk) -> None:
    project = desk.workspace.project
    look_for(desk, "israel").tag_button.click()
    confirm(desk, BulkDialog)
    found = look_for(desk, "israel OR envoy")
    found.assign_button.click()
    choose = dialog(desk, ChooseEntry)
    QTest.keyClicks(choose.name, "syr")
    assert choose.current().name == "Syrian Arab Republic"
    confirm(desk, ChooseEntry)
    told = dialog(desk, BulkDialog)
    assert "1 annotation will mean “Syrian Arab Republic”" in told.told.text()
    assert "1 hit is not annotated" in told.told.text()
    confirm(desk, BulkDialog)
    assert [entry.name for entry in project.entries.all()] == ["Syrian Arab Republic"]
    project.undo()
    assert [entry.name for entry in project.entries.all()] == ["Israel", "Syrian Arab Republic"]


def test_filters_stand_in_the_line_and_in_plain_words(desk: Desk) -> None:
    found = look_for(desk, "syria outlet:coastal")
    assert found.count.text() == "2 hits in 1 article"
    (chip,) = shown_chips(found)
    assert chip.accessibleName() == "outlet: coastal"
    found.narrowing.picked.emit("", Filter("status", "new"))
    assert found.line.text() == "outlet:coastal status:new syria"
    desk.qtbot.waitUntil(lambda: found.count.text() == "2 hits in 1 article")
    found.narrowing.picked.emit("claim", Filter("by", "Syrian Arab Republic"))
    assert found.line.text() == 'claim outlet:coastal status:new by:"Syrian Arab Republic" syria'
    chips = shown_chips(found)
    assert [c.accessibleName() for c in chips] == [
        "Claim", "outlet: coastal", "Status: new", "Said by Syrian Arab Republic",
    ]  # fmt: skip
    chips[0].click()
    chips = shown_chips(found)
    chips[2].click()
    assert found.line.text() == "outlet:coastal status:new syria"
    found = look_for(desk, "nosuch:thing")
    assert "neither a field nor" in found.error.text()
    assert not found.list.isVisible()


def test_every_way_to_narrow_can_be_searched_for(desk: Desk) -> None:
    project = desk.workspace.project
    for line in ("syria", "israel"):
        look_for(desk, line).tag_button.click()
        confirm(desk, BulkDialog)
    found = page(desk)
    picked: list[tuple[str, Filter]] = []
    found.narrowing.picked.disconnect()
    found.narrowing.picked.connect(lambda thing, each: picked.append((thing, each)))
    menu = QMenu(found)
    found.narrowing.fill(menu)
    texts = [action.text() for action in menu.actions()]
    assert {"Claims by…", "Sources that are anonymous", "Attributions without a source"} <= set(texts)

    def all_of(menu: QMenu) -> list[Any]:
        return [a for action in menu.actions() for a in (all_of(action.menu()) if action.menu() else [action])]

    for action in all_of(menu):
        if action.isSeparator():
            continue
        action.trigger()
        for ask in desk.window.findChildren(AskLine):
            ask.line.setText("2026")
            ask.ok_button.click()
        for choose in desk.window.findChildren(ChooseEntry):
            choose.ok_button.click()
        QApplication.processEvents()
    assert len(picked) > 40
    for thing, each in picked:
        project.search.find(f"{thing} {each}")


def test_modes_and_what_goes_wrong(desk: Desk) -> None:
    found = look_for(desk, "سوريا", "text")
    assert [hit.match for hit in found.list.hits.hits] == ["سوريا"]
    found.whole.click()
    desk.qtbot.waitUntil(lambda: not found.finder.running)
    assert found.count.text() == "Nothing found."
    found.whole.click()
    found = look_for(desk, "S[yY]R", "regex")
    assert len(found.list.hits.hits) == 3
    found.exact.click()
    desk.qtbot.waitUntil(lambda: not found.finder.running)
    assert [hit.match for hit in found.list.hits.hits] == ["SYR"]
    found = look_for(desk, "[", "regex")
    assert "no regular expression" in found.error.text()
    found.line.clear()
    desk.qtbot.waitUntil(lambda: not found.error.text())
    assert found.empty.isVisible()
    desk.qtbot.waitUntil(lambda: not found.finder.running)


def test_a_search_is_saved_opened_renamed_and_removed(desk: Desk) -> None:
    project = desk.workspace.project
    found = look_for(desk, "/S[yY]r/ outlet:coastal")
    found.saved.fill()
    next(a for a in found.saved.actions() if a.text().startswith("Save this")).trigger()
    dialog(desk, AskLine).line.setText("Mine")
    confirm(desk, AskLine)
    look_for(desk, "israel")
    found.saved.fill()
    found.saved.actions()[0].trigger()
    assert found.line.text() == "/S[yY]r/ outlet:coastal"
    desk.qtbot.waitUntil(lambda: found.count.text() == "2 hits in 1 article")
    desk.qtbot.waitUntil(lambda: not found.finder.running)
    found.saved.fill()
    found.saved.actions()[-1].trigger()
    listed = dialog(desk, SavedDialog)
    QTest.keyClick(listed.list, Qt.Key.Key_F2)
    (ask,) = listed.findChildren(AskLine)
    ask.line.setText("Ours")
    with desk.qtbot.waitSignal(ask.accepted):
        ask.ok_button.click()
    assert [each.name for each in project.searches.all()] == ["Ours"]
    QTest.keyClick(listed.list, Qt.Key.Key_Delete)
    assert project.searches.all() == []
    listed.close()
    project.undo()
    assert [each.name for each in project.searches.all()] == ["Ours"]


def test_an_article_that_went_is_told(desk: Desk) -> None:
    look_for(desk, "envoy")
    desk.press("Down")
    desk.workspace.project.documents.remove([desk.workspace.project.documents.rows()[0].id])
    desk.press("Return")
    assert "not in the project any more" in desk.hint
    desk.workspace.project.undo()
    page(desk).show_thing("israel")
    desk.qtbot.waitUntil(lambda: page(desk).count.text() == "1 hit in 1 article")
    desk.qtbot.waitUntil(lambda: not page(desk).finder.running)


@pytest.mark.parametrize("rtl", [False, True])
def test_it_is_painted_in_both_directions(desk: Desk, qapp: QApplication, rtl: bool) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    found = look_for(desk, "status:new")
    found.list.hits.choose_all()
    assert found.list.grab().toImage() != found.line.grab().toImage()
    theme.apply(qapp, "dark")
    assert not found.grab().isNull()
    theme.apply(qapp, "light")
