"""The registry page: list, detail, mentions, and what is done there by keys."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QMenu, QScrollBar, QSplitterHandle, QWidget

from annotator.services.project import Project
from tests.services.pictures import dump

from .conftest import ACTORS, CLAIMS, Desk

Key = Qt.Key


def test_entries_are_listed_with_how_often_they_are_mentioned(desk: Desk) -> None:
    assert desk.shown() == ["Ada Roy", "Government", "Ministry", "Reuters"]
    ada = next(line for line in desk.page.lines.by_id.values() if line.name == "Ada Roy")
    assert (ada.use.mentions, ada.use.documents, ada.group, ada.aliases) == (5, 3, "person", "A. Roy")
    assert desk.page.side.count_label.text() == "4"
    assert QApplication.focusWidget() is desk.page.search


def test_typing_narrows_the_list_by_names_and_aliases(desk: Desk) -> None:
    desk.qtbot.keyClicks(desk.page.search, "a. r")
    assert desk.shown() == ["Ada Roy"]
    assert desk.page.side.count_label.text() == "1 of 4"
    desk.key(desk.page.search, Key.Key_Down)
    assert QApplication.focusWidget() is desk.page.list
    assert desk.page.form.name.text() == "Ada Roy"
    desk.press("Ctrl+F")
    desk.qtbot.keyClicks(desk.page.search, "zzz")
    assert desk.shown() == []
    assert desk.page.detail.empty.text() == "No entry fits the filter."
    desk.key(desk.page.search, Key.Key_Escape)
    assert len(desk.shown()) == 4


def test_orders_and_groups(desk: Desk) -> None:
    desk.page.side.arrange("mentions", False)
    assert desk.shown()[:2] == ["Ada Roy", "Reuters"]
    desk.page.side.arrange("name", True)
    assert desk.shown() == [
        "[media · 1]", "Reuters", "[organisation · 1]", "Government", "[person · 1]", "Ada Roy", "[Without · 1]", "Ministry",
    ]  # fmt: skip
    desk.page._choose_registry(CLAIMS)
    desk.settle()
    assert desk.shown() == ["[border · 1]", "The border is open", "[other · 1]", "Nothing was said"]
    desk.page._choose_registry(ACTORS)
    desk.settle()
    assert desk.page.lines.grouped


def test_the_detail_shows_what_is_known_and_keeps_what_is_typed(desk: Desk) -> None:
    desk.choose("Ada Roy")
    form = desk.page.form
    assert form.aliases.toPlainText() == "A. Roy"
    assert form.note.edit.toPlainText() == "a note"
    assert form.parent_button.text() == "Government"
    tree = form.family
    assert [tree.topLevelItem(0).text(0), tree.topLevelItem(0).child(0).text(0)] == ["Government", "Ada Roy"]
    lines = len(desk.project.history())
    desk.press("F2")
    assert QApplication.focusWidget() is form.name
    desk.qtbot.keyClicks(form.name, "Ada M. Roy")
    desk.key(form.name, Key.Key_Return)
    assert QApplication.focusWidget() is desk.page.list
    form.aliases.setFocus()
    form.aliases.selectAll()
    for alias in ("A. Roy", "the minister", "", "A. Roy"):
        desk.qtbot.keyClicks(form.aliases, alias)
        desk.qtbot.keyClick(form.aliases, Key.Key_Return)
    desk.page.search.setFocus()
    entry = desk.project.entries.resolve(ACTORS, "the minister")
    assert entry is not None
    assert (entry.name, entry.aliases) == ("Ada M. Roy", ("A. Roy", "the minister"))
    assert len(desk.project.history()) == lines + 2
    assert "Ada M. Roy" in desk.shown()


def test_a_name_that_is_taken_is_told_and_esc_takes_it_back(desk: Desk) -> None:
    desk.choose("Ada Roy")
    form = desk.page.form
    desk.press("F2")
    desk.qtbot.keyClicks(form.name, "Reuters")
    desk.key(form.name, Key.Key_Return)
    assert "is in this list already; merge the two instead" in form.message.text()
    assert QApplication.focusWidget() is form.name
    desk.press("F2")
    desk.qtbot.keyClicks(form.name, "x")
    desk.press("Esc")
    assert form.name.text() == "Ada Roy"
    desk.press("Esc")
    assert desk.window.workbench.pages.shown == ""


def test_a_wikidata_id_is_checked_and_taken_from_an_address(desk: Desk) -> None:
    desk.choose("Ada Roy")
    row = next(row for row in desk.page.form._rows if row.field.name == "wikidata")
    row.editor.line.selectAll()
    desk.qtbot.keyClicks(row.editor.line, "Ada")
    row.editor.flush()
    assert row.editor.message.text() == "A Wikidata id is a Q and a number, as in Q30."
    row.editor.line.selectAll()
    desk.qtbot.keyClicks(row.editor.line, "https://www.wikidata.org/wiki/q7259")
    row.editor.flush()
    entry = desk.project.entries.resolve(ACTORS, "Ada Roy")
    assert entry is not None
    assert entry.fields == {"kind": "person", "wikidata": "Q7259"}


def test_mentions_are_lines_that_jump(desk: Desk) -> None:
    desk.choose("Ada Roy")
    mentions = desk.page.mentions
    found = mentions.list.rows
    assert mentions.head.title.text() == "Mentions · 5"
    assert [found.words(m).title for m in found.mentions] == ["Article 1"] * 3 + ["Article 2", "Article 3"]
    assert found.words(found.mentions[3]).after.startswith(" met the")
    desk.press("Return")
    assert QApplication.focusWidget() is mentions.list
    desk.press("Down", "Down", "Down", "Return")
    assert desk.workspace.document.title == "Article 2"
    assert desk.workspace.active_id == found.mentions[3].annotation_id
    assert QApplication.focusWidget() is desk.reader
    desk.press("Ctrl+R")
    assert QApplication.focusWidget() is mentions.list
    assert mentions.list.chosen() == [found.mentions[3].annotation_id]


def test_a_claim_says_who_said_it_through_whom_and_who_denied_it(desk: Desk) -> None:
    desk.page._choose_registry(CLAIMS)
    desk.settle()
    desk.choose("The border is open")
    mentions = desk.page.mentions
    assert mentions.summary.text() == "Said by Ada Roy · Denied by Ada Roy · Reported by Reuters"
    told = [
        mentions.list.rows.data(mentions.list.rows.index(row), int(Qt.ItemDataRole.AccessibleTextRole)).split("\n")[1]
        for row in range(2)
    ]
    assert told == ["Ada Roy said it", "Ada Roy denied it, reported by Reuters"]


def test_merging_two_entries_asks_which_stays(desk: Desk) -> None:
    before = dump(desk.project)
    desk.choose("Government", "Ministry")
    desk.press("M")
    dialog = desk.dialog()
    assert dialog.windowTitle() == "Merge 2 entries"
    assert "New aliases: Ministry." in dialog.preview.text()
    desk.key(dialog, Key.Key_Return)
    assert desk.shown() == ["Ada Roy", "Government", "Reuters"]
    assert desk.page.list.chosen() == [desk.page.form.entry.id]
    assert desk.page.form.aliases.toPlainText() == "Ministry"
    desk.undo()
    assert dump(desk.project) == before
    assert len(desk.shown()) == 4


def test_one_chosen_entry_is_merged_with_another_that_is_asked_for(desk: Desk) -> None:
    desk.choose("Ministry")
    desk.press("M")
    choosing = desk.dialog()
    desk.qtbot.keyClicks(choosing.name, "ada")
    desk.key(choosing.name, Key.Key_Return)
    dialog = desk.dialog()
    assert desk.project.entries.get(dialog.keep).name == "Ada Roy"
    desk.key(dialog, Key.Key_Return)
    assert desk.shown() == ["Ada Roy", "Government", "Reuters"]


def test_chosen_mentions_are_split_off_or_moved(desk: Desk) -> None:
    desk.choose("Ada Roy")
    mentions = desk.page.mentions
    assert not mentions.split_button.isEnabled()
    desk.press("Return", "Shift+Down", "S")
    dialog = desk.dialog()
    assert dialog.name.text() == "Minister Ada Roy"
    dialog.name.clear()
    desk.qtbot.keyClicks(dialog.name, "Reuters")
    desk.key(dialog.name, Key.Key_Return)
    assert "in this list already" in dialog.error.text()
    dialog.name.clear()
    desk.qtbot.keyClicks(dialog.name, "Eva Roy")
    desk.key(dialog.name, Key.Key_Return)
    assert desk.page.form.name.text() == "Eva Roy"
    assert len(mentions.list.rows.mentions) == 2
    desk.press("Return", "V") if QApplication.focusWidget() is desk.page.list else desk.page.mentions.focus_list()
    desk.page.act("move")
    choosing = desk.dialog()
    desk.qtbot.keyClicks(choosing.name, "reuters")
    desk.key(choosing.name, Key.Key_Return)
    reuters = desk.project.entries.resolve(ACTORS, "Reuters")
    assert reuters is not None
    assert desk.project.entries.mentions(reuters.id) == 2
    assert len(mentions.list.rows.mentions) == 1


def test_deleting_asks_what_becomes_of_mentions(desk: Desk) -> None:
    before = dump(desk.project)
    desk.choose("Ministry")
    desk.press("Del")
    assert "Ministry" not in desk.shown()  # nothing mentions it: no question
    desk.choose("Reuters")
    desk.press("Del")
    dialog = desk.dialog()
    dialog.group.button(1).setChecked(True)
    desk.key(dialog, Key.Key_Return)
    choosing = desk.dialog()
    assert "Reuters" not in [choice.name for choice in choosing.model.choices]
    desk.qtbot.keyClicks(choosing.name, "gover")
    desk.key(choosing.name, Key.Key_Return)
    assert desk.shown() == ["Ada Roy", "Government"]
    assert desk.page.form.name.text() == "Government"
    assert desk.page.mentions.head.title.text() == "Mentions · 1"
    desk.undo()
    desk.undo()
    assert dump(desk.project) == before


def test_new_entries_and_parents(desk: Desk) -> None:
    desk.choose("Reuters")
    desk.press("Ins")
    dialog = desk.dialog()
    assert not dialog.ok_button.isEnabled()
    desk.qtbot.keyClicks(dialog.name, "Ada Roy")
    desk.key(dialog.name, Key.Key_Return)
    assert "in this list already" in dialog.error.text()
    dialog.name.clear()
    desk.qtbot.keyClicks(dialog.name, "Beirut")
    desk.key(dialog.name, Key.Key_Return)
    assert desk.page.form.name.text() == "Beirut"
    desk.qtbot.mouseClick(desk.page.form.parent_button, Qt.MouseButton.LeftButton)
    choosing = desk.dialog()
    desk.qtbot.keyClicks(choosing.name, "minis")
    desk.key(choosing.name, Key.Key_Return)
    assert desk.page.form.parent_button.text() == "Ministry"
    top = desk.page.form.family.topLevelItem(0)
    assert [top.text(0), top.child(0).text(0), top.child(0).child(0).text(0)] == ["Government", "Ministry", "Beirut"]
    desk.page.form.family.entry_wanted.emit(top.data(0, int(Qt.ItemDataRole.UserRole)))
    desk.settle()
    assert desk.page.form.name.text() == "Government"
    desk.choose("Government")
    desk.qtbot.mouseClick(desk.page.form.parent_button, Qt.MouseButton.LeftButton)
    choosing = desk.dialog()
    desk.qtbot.keyClicks(choosing.name, "beirut")
    desk.key(choosing.name, Key.Key_Return)
    assert choosing.error.text()  # a circle
    choosing.reject()


def test_what_changes_elsewhere_is_seen_when_the_page_comes_back(desk: Desk) -> None:
    desk.press("Esc")
    desk.select("A. Roy")
    desk.press("A")
    desk.open()
    ada = next(line for line in desk.page.lines.by_id.values() if line.name == "Ada Roy")
    assert ada.use.mentions == 6
    # And while it is shown: a step of another part of the window.
    desk.project.tagging.remove(desk.project.entries.mentioned_in(ada.id)[:2])
    desk.settle()
    assert next(line for line in desk.page.lines.by_id.values() if line.name == "Ada Roy").use.mentions == 4


def test_the_menus_offer_what_the_keys_do(desk: Desk) -> None:
    desk.choose("Ada Roy")
    desk.qtbot.keyClick(desk.page.list, Key.Key_Menu)
    desk.page._entry_menu(desk.page.mapToGlobal(desk.page.rect().center()))
    menu = next(m for m in desk.page.findChildren(QMenu) if m.isVisible())
    told = {action.text(): action.isEnabled() for action in menu.actions()}
    assert told == dict.fromkeys(
        (
            "New entry…\tIns", "Rename everywhere\tF2", "Merge…\tM", "Delete…\tDel", "Choose parent…", "Go to mentions\tEnter",
        ), True,
    )  # fmt: skip
    menu.close()


def test_a_project_for_reading_only_can_be_looked_at(desk: Desk, tmp_path) -> None:
    copy = tmp_path / "copy.annot"
    copy.write_bytes(desk.project.path.read_bytes())
    desk.window.show_project(Project.open(copy, coder="R. Amin", read_only=True))
    desk.open()
    desk.choose("Ada Roy")
    assert desk.page.form.name.isReadOnly()
    assert not desk.page.detail.merge_button.isEnabled()
    desk.press("M", "Del", "Ins")
    assert "reading only" in desk.hint
    assert len(desk.shown()) == 4


def test_an_empty_registry_says_how_it_is_filled(desk: Desk, tmp_path) -> None:
    empty = tmp_path / "empty.annot"
    Project.create(empty).close()
    assert desk.window.commands.open_path(empty)
    desk.open()
    assert desk.page.detail.empty.text() == "No entries yet. Tagging makes them, or add one here."
    assert QLocale().toString(0) == desk.page.side.count_label.text()


def test_a_list_of_entries_comes_in_after_a_look_and_goes_out(desk: Desk, tmp_path) -> None:
    listing, registry = desk.page.listing, desk.page._registry
    path = tmp_path / "more.csv"
    path.write_text("name,aliases,colour\nBeirut,Bayrut,red\nReuters,Agency,\nMinistry,,\n", "utf-8")
    lines = len(desk.project.history())
    listing.look(registry, path)
    desk.qtbot.waitUntil(lambda: not listing._task.running)
    dialog = desk.dialog()
    assert dialog.summary.text() == "New: 1 · changed: 1 · as they are: 1"
    rows = [dialog.tree.topLevelItem(at) for at in range(dialog.tree.topLevelItemCount())]
    told = [tuple(row.text(column) for column in range(3)) for row in rows]
    assert told[1:] == [("New", "Beirut", "Bayrut"), ("Changed", "Reuters", "+ Agency")]
    assert "“colour” is no field" in told[0][2]
    dialog.confirm()
    desk.settle()
    assert len(desk.project.history()) == lines + 1
    assert "Beirut" in desk.shown()
    assert desk.hint == "Imported: 2 entries. Undo takes them back."
    out = tmp_path / "out.csv"
    listing.write(registry, out)
    desk.qtbot.waitUntil(lambda: not listing._task.running)
    assert out.read_text("utf-8-sig").splitlines()[1].startswith("Ada Roy,A. Roy,person,Q42,Government,a note,")
    listing.look(registry, tmp_path / "nothing.csv")
    desk.qtbot.waitUntil(lambda: not listing._task.running)
    refused = desk.dialog()
    assert "nothing.csv" in refused.text.text()
    refused.reject()


def test_the_entry_of_the_active_annotation_is_shown(desk: Desk) -> None:
    desk.page.search.setText("reuters")
    desk.press("Esc", "Esc")
    desk.press("Ctrl+Shift+R")
    assert desk.hint == "Choose an annotation that has an entry."
    claim = next(a for a in desk.workspace.annotations.values() if a.layer_id == "layer-claim")
    desk.workspace.set_active(claim.id)
    desk.press("Ctrl+Shift+R")
    desk.settle()
    assert desk.page.isVisible()
    assert desk.page.form.name.text() == "The border is open"


def test_very_many_mentions_move_beside_the_window(desk: Desk, monkeypatch) -> None:
    monkeypatch.setattr("annotator.ui.registry.doing.SMALL", 0)
    before = dump(desk.project)
    ada, reuters = desk.choose("Ada Roy", "Reuters")
    desk.page.acts.merge_at_once(ada, [reuters], 1)
    desk.qtbot.waitUntil(lambda: reuters not in desk.page.lines.by_id)
    desk.settle()
    assert desk.shown() == ["Ada Roy", "Government", "Ministry"]
    assert desk.page.form.name.text() == "Ada Roy"
    assert desk.project.entries.resolve(ACTORS, "reuters").id == ada
    desk.undo()
    assert dump(desk.project) == before
    desk.page.acts.merge_at_once(ada, [next(e.id for e in desk.project.entries.all(CLAIMS))], 1)
    desk.qtbot.waitUntil(lambda: "Only entries of the same registry" in desk.hint)


def test_everything_that_takes_the_keys_has_a_name(desk: Desk) -> None:
    desk.choose("Ada Roy")
    for on in (False, True):
        desk.page.show_review(on)
        desk.settle()
        nameless = [
            widget
            for widget in desk.page.findChildren(QWidget)
            if widget.isVisible()
            and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.focusProxy() is None
            and not (widget.accessibleName() or getattr(widget, "text", str)())
            and not isinstance(widget, (QSplitterHandle, QScrollBar))
        ]
        assert not nameless, nameless


def test_tab_goes_as_one_reads(desk: Desk) -> None:
    desk.choose("Ada Roy")
    desk.page.search.setFocus()
    names = []
    while (widget := QApplication.focusWidget()) is not None and desk.page.isAncestorOf(widget):
        names.append(widget.accessibleName() or widget.text())
        desk.press("Tab")
    assert names == [
        "Filter entries", "Order: By name", "Entries", "Merge…", "Delete…", "Name", "Aliases, one on each line", "Kind",
        "Wikidata", "Parent: Government", "No parent", "Parents and members", "Note", "Mentions",
    ]  # fmt: skip
    desk.page.search.setFocus()
    names = []
    while (widget := QApplication.focusWidget()) is not None and desk.page.isAncestorOf(widget):
        names.append(widget.accessibleName() or widget.text())
        desk.press("Shift+Tab")
    assert names[1:5] == ["Back to the article (Esc)", "Import and export", "New entry", "Likely duplicates"]
