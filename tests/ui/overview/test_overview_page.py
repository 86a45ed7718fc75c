"""The overview in the window: from bar to bar by keys, the list behind a bar, tables, pictures, and what changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from annotator.domain.model import Fragment
from annotator.services.project import Project
from annotator.ui import settings, theme
from annotator.ui.overview.chart import Chart
from annotator.ui.overview.page import OverviewPage
from annotator.ui.overview.table import Table
from tests.ui.desk import Desk

ARTICLES = (
    ("First", "Minister Ada Roy said the border is open.", "2026-01-06"),
    ("Second", "A spokesman denied that the border is open.", "2026-01-20"),
    ("ثالث", "قال مسؤول في سوريا ذلك.", ""),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "study.annot"
    project = Project.create(made, name="Levant talks", coder="R. Amin")
    ids = [project.documents.add(title, text, {"date": day} if day else {}).id for title, text, day in ARTICLES]
    for id_, layer, start, end, values in (
        (ids[0], "claim", 23, 40, {"type": "fact"}),
        (ids[0], "source", 0, 16, {"identity": "named", "kind": "official"}),
        (ids[1], "claim", 26, 42, {"type": "fact"}),
        (ids[1], "source", 0, 11, {"identity": "anonymous", "kind": "official"}),
        (ids[2], "actor", 4, 9, {}),
    ):
        annotation = project.tagging.tag(id_, f"layer-{layer}", (Fragment(start, end),))
        project.tagging.set_fields(annotation.id, values)
    project.documents.edit(ids[0], status="done")
    project.close()
    return made


@pytest.fixture(autouse=True)
def coder(own_settings: settings.Settings) -> None:
    own_settings.coder = "R. Amin"


@pytest.fixture
def desk(qtbot: Any, path: Path, own_settings: settings.Settings) -> Iterator[Desk]:
    made = Desk(qtbot, path)
    yield made
    made.window.close()


def opened(desk: Desk) -> OverviewPage:
    desk.press("Ctrl+Shift+O")
    page = desk.window.workbench.pages.page("overview")
    assert isinstance(page, OverviewPage)
    settled(desk, page)
    return page


def settled(desk: Desk, page: OverviewPage) -> None:
    desk.qtbot.waitUntil(lambda: not page.busy)


def chart(page: OverviewPage, key: str) -> Chart:
    assert page.board is not None
    return page.board.cards[key].chart


def told(page: OverviewPage, key: str) -> list[str]:
    return [mark.told for mark in chart(page, key).marks if mark.pick is not None]


def listed(page: OverviewPage) -> list[str]:
    model = page.behind.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_numbers_are_told_in_words(desk: Desk) -> None:
    page = opened(desk)
    assert page.totals.text() == "3 articles · 5 annotations · 0 links"
    assert told(page, "statuses") == ["New: 0 (0 %)", "In progress: 2 (67 %)", "Done: 1 (33 %)"]
    assert told(page, "layers")[:2] == ["Actor: 1 (20 %)", "Claim: 2 (40 %)"]
    assert page.board is not None
    assert page.board.cards["sources"].figure.note == "1 of 2 are anonymous (50 %)"
    assert "Anonymous, Official: 1 (100 %)" in told(page, "sources")
    assert chart(page, "timeline").figure.note == ""
    assert [mark.count for mark in chart(page, "timeline").marks] == [1, 1]


def test_a_bar_opens_its_list_and_the_list_the_place_by_keys(desk: Desk) -> None:
    page = opened(desk)
    first = chart(page, "statuses")
    assert first.hasFocus()
    assert first.accessibleName() == "Articles by status"
    desk.press("End", "Up")
    assert first.accessibleDescription() == "In progress: 2 (67 %). Enter opens the list."
    bars = chart(page, "sources")
    while not bars.hasFocus():
        desk.press("Tab")
    while (mark := bars.current()) is None or mark.name != "Anonymous":
        desk.press("Down")
    desk.press("Return")
    settled(desk, page)
    assert page.behind.list.hasFocus()
    assert listed(page) == ["A spokesman, Second, 2026-01-20"]
    desk.press("Escape")
    assert bars.hasFocus()
    assert page.isVisible()
    desk.press("Return")
    settled(desk, page)
    desk.press("Return")
    assert desk.reader.hasFocus()
    assert desk.workspace.document.title == "Second"
    assert desk.workspace.annotation_text(desk.workspace.active) == "A spokesman"
    desk.press("Ctrl+Shift+O")
    assert listed(page) == ["A spokesman, Second, 2026-01-20"], "the page is found as it was left"


def test_a_click_on_a_bar_and_on_a_line(desk: Desk) -> None:
    page = opened(desk)
    bars = chart(page, "statuses")
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.rect_of(2).center().toPoint())
    settled(desk, page)
    assert listed(page) == ["First, 2026-01-06"]
    line = page.behind.list.visualRect(page.behind.list.model().index(0, 0)).center()
    QTest.mouseClick(page.behind.list.viewport(), Qt.MouseButton.LeftButton, pos=line)
    assert desk.workspace.document.title == "First"


def test_the_pointer_is_told_what_it_is_over_and_nothing_pans(desk: Desk) -> None:
    page = opened(desk)
    bars = chart(page, "timeline")
    point = bars.rect_of(1).center()
    assert bars.mark_at(point) == 1
    assert bars.mark_at(QPointF(-5, -5)) == -1
    before = bars.rect_of(1)
    QTest.mousePress(bars, Qt.MouseButton.RightButton, pos=QPoint(60, 60))
    QTest.mouseMove(bars, QPoint(120, 90))
    QTest.mouseRelease(bars, Qt.MouseButton.RightButton, pos=QPoint(120, 90))
    assert bars.rect_of(1) == before


def test_tables_tell_the_same_and_open_the_same(desk: Desk) -> None:
    page = opened(desk)
    assert page.board is not None
    QTest.mouseClick(page.form, Qt.MouseButton.LeftButton)  # beside the segments: nothing
    segment = page.form.focusProxy()
    segment.setFocus()
    desk.press("Right", "Return")
    table = page.board.cards["statuses"].table
    assert isinstance(table, Table)
    assert table.isVisible()
    assert chart(page, "statuses").isHidden()
    rows = [[table.topLevelItem(row).text(column) for column in range(3)] for row in range(table.topLevelItemCount())]
    assert rows == [["New", "0", "0 %"], ["In progress", "2", "67 %"], ["Done", "1", "33 %"]]
    table.setFocus()
    desk.press("End", "Return")
    settled(desk, page)
    assert listed(page) == ["First, 2026-01-06"]


def test_filters_narrow_all_charts_and_say_where_nothing_fits(desk: Desk) -> None:
    page = opened(desk)
    page.filters.status.setFocus()
    desk.press("End", "Return")
    settled(desk, page)
    assert page.totals.text().startswith("1 article · 2 annotations")
    page.filters.since.setFocus()
    QTest.keyClicks(page.filters.since, "2026-13")
    desk.press("Return")
    assert page.told.isVisible()
    assert page.told.text().startswith("Write the date as")
    page.filters.since.clear()
    QTest.keyClicks(page.filters.since, "2026-02")
    desk.press("Return")
    settled(desk, page)
    assert page.told.text() == "No article fits."
    page.filters.all_button.click()
    settled(desk, page)
    assert page.totals.text().startswith("3 articles")
    assert page.told.isHidden()


def test_what_changes_meanwhile_is_counted_once_it_is_quiet(desk: Desk) -> None:
    page = opened(desk)
    project = desk.workspace.project
    (second,) = [row.id for row in project.documents.rows() if row.title == "Second"]
    project.documents.edit(second, status="done")
    desk.qtbot.waitUntil(lambda: told(page, "statuses")[2] == "Done: 2 (67 %)")
    desk.press("Ctrl+Z")
    desk.qtbot.waitUntil(lambda: told(page, "statuses")[2] == "Done: 1 (33 %)")
    desk.press("Escape")
    project.documents.edit(second, status="done")
    opened(desk)
    assert told(page, "statuses")[2] == "Done: 2 (67 %)"


def test_a_project_without_articles_says_so(qtbot: Any, tmp_path: Path, own_settings: settings.Settings) -> None:
    Project.create(tmp_path / "empty.annot").close()
    desk = Desk(qtbot, tmp_path / "empty.annot")
    page = opened(desk)
    assert page.told.text().startswith("There are no articles yet.")
    assert page.board is None
    assert page.filters.isHidden()
    desk.window.close()


def painted(content: bytes) -> QImage:
    renderer = QSvgRenderer(content)
    assert renderer.isValid()
    image = QImage(renderer.defaultSize(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def has(image: QImage, color: Any) -> bool:
    return any(image.pixelColor(x, y) == color for y in range(0, image.height(), 2) for x in range(0, image.width(), 7))


def test_pictures_of_a_chart_and_of_the_page(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(desk)
    assert page.board is not None
    card = page.board.cards["layers"]
    names = iter(["one.svg", "one", "page.svg", "page.png"])
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(tmp_path / next(names)), ""))
    for kind in ("svg", "png"):
        card.picture_wanted.emit(card, kind)
    for action in page.export_button.menu().actions()[1::-1]:
        action.trigger()
    claim = theme.style_for("#925500", "tint").stroke
    chart_svg, page_svg = (tmp_path / "one.svg").read_bytes(), (tmp_path / "page.svg").read_bytes()
    assert "Annotations by layer" in chart_svg.decode()
    assert "Articles by status" in page_svg.decode()
    assert "Levant talks" in page_svg.decode()
    images = [
        painted(chart_svg),
        painted(page_svg),
        *(QImage(str(tmp_path / f"{name}.png")) for name in ("one", "page")),
    ]
    assert all(has(image, claim) for image in images)
    chart(page, "layers").setFocus()
    desk.press("Ctrl+C")
    assert has(QGuiApplication.clipboard().image(), claim)
    assert desk.hint == "Copied as a picture."


def test_the_charts_mirror_and_follow_the_theme(desk: Desk, qapp: QApplication) -> None:
    page = opened(desk)
    bars = chart(page, "layers")
    desk.qtbot.waitUntil(lambda: not bars.is_due)

    def ink(at: float) -> bool:
        """Whether the longest bar is painted at this share of the width."""
        image = bars.grab().toImage()
        rect = bars.rect_of(1)
        color = theme.style_for("#925500", "tint").stroke
        return bool(image.pixelColor(round(bars.width() * at), round(rect.center().y())) == color)

    assert ink(0.85)
    settings.settings().theme = "dark"
    assert bars.is_due
    desk.qtbot.waitUntil(lambda: not bars.is_due)
    assert ink(0.85)
    settings.settings().direction = "rtl"
    desk.qtbot.waitUntil(lambda: not bars.is_due)
    assert ink(0.15)
    assert not ink(0.97)
    bars.setFocus()
    desk.press("Home", "Left")
    assert bars.current() is not None
    assert bars.current().name == "Claim"


def test_the_bar_with_the_keys_is_in_sight(desk: Desk) -> None:
    page = opened(desk)
    desk.window.resize(1024, 480)
    bars = chart(page, "fields-layer-layer-claim")
    bars.setFocus()
    for key in ("End", "Home"):
        desk.press(key)
        at = bars.marks.index(bars.current())
        assert (
            page.area.viewport().rect().contains(bars.mapTo(page.area.viewport(), bars.rect_of(at).center().toPoint()))
        )


def test_an_entry_leads_to_its_page_in_the_registry(desk: Desk) -> None:
    page = opened(desk)
    bars = chart(page, "entries-registry-actors")
    bars.setFocus()
    desk.press("Home", "Return")
    settled(desk, page)
    name = bars.current().name
    assert len(listed(page)) == bars.current().count
    assert page.behind.entry_button.isVisible()
    page.behind.entry_button.setFocus()
    desk.press("Space")
    pages = desk.window.workbench.pages
    assert pages.shown == "registry"
    entry = next(e for e in desk.workspace.project.entries.all() if e.name == name)
    desk.qtbot.waitUntil(lambda: pages.page("registry").mentions.entry_id == entry.id)
    desk.press("Ctrl+Shift+O")
    bars.setFocus()
    chart(page, "layers").setFocus()
    desk.press("Home", "Return")
    settled(desk, page)
    assert page.behind.entry_button.isHidden()
