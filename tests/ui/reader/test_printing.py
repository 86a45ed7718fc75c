"""The article on paper: pages that hold all of it once, marks and numbers, both directions, and files that stay whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.ui import settings, theme
from annotator.ui.printing.pages import WIDTH, Article, Pages
from tests.benchmarks.text import annotations, article
from tests.ui.reader.window import TEXT, Desk

pytestmark = pytest.mark.usefixtures("own_settings")

A4 = QSizeF(176, 269)


def pages_of(text: str, marked: int = 0) -> Pages:
    made = Pages(
        Article("A title", "Wire", text, DEFAULT_CODEBOOK.layers, annotations("d", text, marked) if marked else (), {}),
        A4,
    )
    for _ in made.break_up():
        pass
    return made


def painted(pages: Pages, number: int) -> QImage:
    image = QImage(int(WIDTH), int(WIDTH * A4.height() / A4.width()), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    pages.paint(painter, number)
    painter.end()
    return image


def test_every_line_is_on_one_page(qapp: QApplication) -> None:
    pages = pages_of(article(20_000), 200)
    assert pages.count > 4
    seen: list[int] = []
    for top, bottom in pages._tops:
        seen += [line.start for line in pages._lines(top, bottom) if top < line.base < bottom]
    assert seen == sorted(set(seen))
    everything = [line.start for line in pages._lines(0, 1e9)]
    assert seen == everything
    for number in range(pages.count):
        painted(pages, number)


@pytest.mark.parametrize("text", ["", "\n\n", "One line.", "وقال مسؤول سوري إن Reuters نقلت", "x" * 30_000])
def test_odd_texts_are_printed_too(qapp: QApplication, text: str) -> None:
    pages = pages_of(text)
    assert pages.count >= 1
    painted(pages, pages.count - 1)


def test_paper_is_light_also_in_a_dark_window(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    light = painted(pages_of(TEXT, 6), 0)
    theme.apply(qapp, "dark")
    assert painted(pages_of(TEXT, 6), 0) == light


def _text_of(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        found = []
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage()
            found.append(text.get_text_range())
            text.close()
            page.close()
        return found
    finally:
        document.close()


@pytest.fixture
def open_desk(qtbot: QtBot, tmp_path: Path, own_settings: settings.Settings) -> Callable[..., Desk]:
    return lambda *args, **more: Desk(qtbot, tmp_path, *args, **more)


def test_the_pdf_holds_title_outlet_date_coder_numbers_and_pages(
    open_desk: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk(TEXT + "\n\n" + article(9_000))
    desk.tag("Claim", "the initiative ensures the cessation of all military activities in Syria")
    wanted = tmp_path / "talks"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(wanted), ""))
    desk.window.actions_.by_id["article.pdf"].trigger()
    path = tmp_path / "talks.pdf"
    desk.qtbot.waitUntil(path.exists)
    desk.qtbot.waitUntil(lambda: "pages saved" in desk.hints[-1])
    pages = _text_of(path)
    first = " ".join(pages[0].split())
    for part in ("Talks", "Wire", "6 January 2026", "coded by R. Amin", "a Syrian official stated", "C1"):
        assert part in first
    assert f"Page 1 of {len(pages)}" in first
    assert f"Page {len(pages)} of {len(pages)}" in " ".join(pages[-1].split())
    assert not list(tmp_path.glob(".*.part"))


def test_a_pdf_that_cannot_be_written_is_said_and_leaves_what_was_there(
    open_desk: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk()
    told: list[str] = []
    monkeypatch.setattr("annotator.ui.dialogs.message.show_error", lambda _window, _title, text: told.append(text))
    gone = tmp_path / "no such folder" / "talks.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(gone), ""))
    desk.window.actions_.by_id["article.pdf"].trigger()
    desk.qtbot.waitUntil(lambda: bool(told))
    assert told == [f"{gone} cannot be written."]


def test_printing_goes_through_the_printers_dialog(
    open_desk: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk()
    path = tmp_path / "out.pdf"

    def shown(dialog: QPrintDialog) -> None:
        printer = dialog.printer()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(path))
        dialog.accepted.emit(printer)
        dialog.done(0)

    monkeypatch.setattr(QPrintDialog, "show", shown)
    desk.window.actions_.by_id["article.print"].trigger()
    desk.qtbot.waitUntil(lambda: any("Pages printed: 1" in hint for hint in desk.hints))
    assert "a Syrian official" in " ".join(_text_of(path)[0].split())
