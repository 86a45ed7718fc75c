"""Likely duplicates: found, merged by one key, kept apart for good by another."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.services.pictures import dump

from .conftest import ACTORS, CLAIMS, Desk

Key = Qt.Key


def look(desk: Desk) -> list[tuple[str, str]]:
    """Go through the duplicates, and say which there are."""
    if not desk.page.review_button.isChecked():
        desk.qtbot.mouseClick(desk.page.review_button, Qt.MouseButton.LeftButton)
    return pairs(desk)


def pairs(desk: Desk) -> list[tuple[str, str]]:
    review = desk.page.review
    desk.qtbot.waitUntil(lambda: review._task is None or not review._task.running)
    desk.settle()
    rows = review.list.rows
    return [tuple(sorted(rows.entries[id_].name for id_ in (pair.first, pair.second))) for pair in rows.pairs]


def test_pairs_are_answered_by_one_key_each(desk: Desk) -> None:
    for name in ("Roy, Ada", "Reutters", "ministry"):
        desk.project.entries.create(ACTORS, name)
    before = dump(desk.project)
    assert look(desk) == [("Ada Roy", "Roy, Ada"), ("Ministry", "ministry"), ("Reuters", "Reutters")]
    review = desk.page.review
    assert QApplication.focusWidget() is review.list
    assert [side.name.text() for side in review.sides] == ["Ada Roy", "Roy, Ada"]
    assert "Mentions: 5 · documents: 3" in review.sides[0].facts.text()
    assert "met the Ministry" in review.sides[0].examples.text() or "said the border" in review.sides[0].examples.text()
    desk.press("X")
    assert [side.name.text() for side in review.sides] == ["Roy, Ada", "Ada Roy"]
    desk.press("X", "M")
    assert pairs(desk) == [("Ministry", "ministry"), ("Reuters", "Reutters")]
    assert desk.project.entries.resolve(ACTORS, "Roy, Ada").name == "Ada Roy"
    assert [side.name.text() for side in review.sides] == ["Ministry", "ministry"]
    desk.press("Down", "D")
    assert pairs(desk) == [("Ministry", "ministry")]
    assert len(desk.project.entries.all(ACTORS)) == 6
    desk.press("Esc")
    assert QApplication.focusWidget() is desk.page.list
    assert desk.page.isVisible()
    assert look(desk) == [("Ministry", "ministry")]
    desk.press("Ctrl+Z")
    assert pairs(desk) == [("Ministry", "ministry"), ("Reuters", "Reutters")]
    desk.press("Ctrl+Z")
    assert len(pairs(desk)) == 3
    assert dump(desk.project) == before


def test_where_nothing_is_alike_it_says_so(desk: Desk) -> None:
    assert look(desk) == []
    assert desk.page.review.empty.text().startswith("No likely duplicates.")
    desk.press("M", "D", "X")
    desk.project.entries.create(CLAIMS, "Open is the border")
    desk.page._choose_registry(CLAIMS)
    assert pairs(desk) == [("Open is the border", "The border is open")]
    desk.press("Ctrl+F")
    assert QApplication.focusWidget() is desk.page.search


def test_nothing_is_answered_where_nothing_may_be_changed(desk: Desk, tmp_path) -> None:
    from annotator.services.project import Project

    desk.project.entries.create(ACTORS, "ministry")
    copy = tmp_path / "copy.annot"
    copy.write_bytes(desk.project.path.read_bytes())
    desk.window.show_project(Project.open(copy, coder="R. Amin", read_only=True))
    desk.open()
    assert look(desk) == [("Ministry", "ministry")]
    desk.press("M", "D")
    assert look(desk) == [("Ministry", "ministry")]
    assert not desk.page.review.merge_button.isEnabled()
