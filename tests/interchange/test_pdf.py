"""PDF files, painted here: paragraphs, hyphens, page numbers, running heads, right to left, scans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.errors import FileRefused
from annotator.domain.exchange import Reading, Remark
from annotator.domain.model import DocumentData
from annotator.interchange.pdf import PdfImporter
from annotator.interchange.pdf_text import Line, Page, put_together

ARABIC = "قال مسؤول سوري إن المبادرة فرصة تاريخية، وفق ما نقلته وسائل إعلام غربية."
HEBREW = "אמר גורם ישראלי בכיר כי ההסכם קרוב, כך לפי דיווחים."


@pytest.fixture
def paint(tmp_path: Path, qapp: Any) -> Callable[..., Path]:
    """Writes pages of lines (x, y, size, text) in points."""

    def write(
        pages: Sequence[Sequence[tuple[float, float, int, str]]], name: str = "a.pdf", picture: bool = False
    ) -> Path:
        from PySide6.QtCore import QMarginsF
        from PySide6.QtGui import QFont, QImage, QPageSize, QPainter, QPdfWriter

        from annotator.ui import fonts

        fonts.load()
        writer = QPdfWriter(str(tmp_path / name))
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        writer.setResolution(72)
        painter = QPainter(writer)
        for number, lines in enumerate(pages):
            if number:
                writer.newPage()
            if picture:
                image = QImage(200, 200, QImage.Format.Format_RGB32)
                image.fill(0xFF8800)
                painter.drawImage(50, 50, image)
            for x, y, size, text in lines:
                font = QFont(fonts.ui(12))
                font.setPixelSize(size)
                painter.setFont(font)
                painter.drawText(int(x), int(y), text)
        painter.end()
        return tmp_path / name

    return write


def read(path: Path) -> tuple[DocumentData, list[Remark]]:
    items = list(PdfImporter().read(path, Reading()))
    (found,) = [i for i in items if isinstance(i, DocumentData)]
    return found, [i for i in items if isinstance(i, Remark)]


def _block(text: Sequence[str], top: float, x: float = 60) -> list[tuple[float, float, int, str]]:
    return [(x, top + 16 * at, 12, line) for at, line in enumerate(text)]


ONE = [
    "The envoy said on Tuesday that Syria had agreed to the plan, accord-",
    "ing to two officials familiar with the talks. Its well-known foreign mi-",
    "nister, who is well known and well-known, did not answer the questions",
    "of reporters.",
]
TWO = [
    "Israel denied the report and said that nothing had been agreed until",
    "now. A spokesman told reporters in the evening that the talks would go",
]
THREE = ["on in Paris on Friday, and that nobody should expect much of them so", "soon."]


def test_paragraphs_hyphens_and_furniture(paint: Any) -> None:
    head, foot = (60, 30, 9, "Meridian Post – Tuesday"), "Page {} of 3"
    path = paint(
        [
            [
                head,
                (60, 80, 22, "Envoy returns to Paris"),
                *_block(ONE, 130),
                *_block(TWO, 210),
                (280, 800, 9, foot.format(1)),
            ],
            [head, *_block(THREE, 80), *_block(["Prices rose by 12 percent."], 130), (280, 800, 9, foot.format(2))],
            [head, *_block(["The last page has one line, and it ends here."], 80), (280, 800, 9, foot.format(3))],
        ]
    )
    found, remarks = read(path)
    assert found.document.title == "Envoy returns to Paris"
    assert found.text.split("\n\n") == [
        "Envoy returns to Paris",
        "The envoy said on Tuesday that Syria had agreed to the plan, according to two officials familiar with the talks. "
        "Its well-known foreign minister, who is well known and well-known, did not answer the questions of reporters.",
        "Israel denied the report and said that nothing had been agreed until now. A spokesman told reporters in the "
        "evening that the talks would go on in Paris on Friday, and that nobody should expect much of them so soon.",
        "Prices rose by 12 percent.",
        "The last page has one line, and it ends here.",
    ]
    assert [remark.text for remark in remarks] == ["6 page numbers and running heads were left out"]


def test_bare_page_numbers_go_and_numbers_in_the_text_stay(paint: Any) -> None:
    path = paint(
        [
            [*_block(ONE, 80), (290, 800, 10, "– 11 –")],
            [*_block(TWO, 80), *_block(["12"], 112), (290, 800, 10, "– 12 –")],
        ]
    )
    text = read(path)[0].text
    assert "11" not in text
    assert text.endswith("12")
    assert "– 12" not in text


@pytest.mark.parametrize(("text", "lines"), [("arabic", ARABIC), ("hebrew", HEBREW)])
def test_right_to_left(text: str, lines: str, tmp_path: Path, qapp: Any) -> None:
    from PySide6.QtGui import QPageSize, QPdfWriter, QTextDocument

    from annotator.ui import fonts

    fonts.load()
    writer = QPdfWriter(str(tmp_path / "a.pdf"))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
    made = QTextDocument()
    made.setHtml("".join(f"<p dir='rtl'>{' '.join([lines] * 4)}</p>" for _ in range(2)))
    made.print_(writer)
    assert read(tmp_path / "a.pdf")[0].text == "\n\n".join([" ".join([lines] * 4)] * 2)


def test_scans_are_refused_with_the_reason(paint: Any) -> None:
    with pytest.raises(FileRefused, match="it is a scan, pictures of pages without a text layer"):
        read(paint([[], []], picture=True))
    with pytest.raises(FileRefused, match="has no text in it"):
        read(paint([[]], "b.pdf"))
    found, remarks = read(paint([_block(ONE, 80), []], "c.pdf"))
    assert found.text.startswith("The envoy")
    assert [remark.text for remark in remarks] == ["1 of 2 pages have no text layer"]


_LOCKED = b"""1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj
3 0 obj<</Filter/Standard/V 1/R 2/Length 40/P -4/O<%s>/U<%s>>>endobj
trailer<</Root 1 0 R/Encrypt 3 0 R/ID[<%s><%s>]>>
%%%%EOF"""


def test_locked_and_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4\n" + _LOCKED % (b"11" * 32, b"22" * 32, b"33" * 16, b"33" * 16))
    with pytest.raises(FileRefused, match="protected by a password"):
        read(path)
    path.write_bytes(b"%PDF-1.7\n" + b"nothing")
    with pytest.raises(FileRefused, match="damaged, or not a PDF file"):
        read(path)


# Lines alone


def _lines(*texts: str, top: float = 700, left: float = 60, right: float = 400) -> tuple[Line, ...]:
    return tuple(Line(text, left, top - 16 * at, right, top - 16 * at + 10, 12) for at, text in enumerate(texts))


def test_two_columns_are_read_one_after_the_other() -> None:
    left = _lines("The first column says that the", "talks began.", right=250)
    left = (left[0], Line("talks began.", 60, 684, 130, 694, 12))
    right = _lines("The second column says that", "they ended.", left=300, right=500)
    page = Page(600, 800, (*left, *right))
    assert (
        put_together([page]).text
        == "The first column says that the talks began.\n\nThe second column says that they ended."
    )


def test_indents_begin_paragraphs() -> None:
    lines = (*_lines("One line of text that is full.", "And its second that is full."),)
    indented = Line("   A new paragraph here.", 75, 668, 400, 678, 12)
    assert put_together([Page(600, 800, (*lines, indented))]).text == (
        "One line of text that is full. And its second that is full.\n\nA new paragraph here."
    )


def test_shapes_of_letters_become_letters() -> None:
    assert put_together([Page(600, 800, _lines("ﬁnal oﬃce ﺳﻼﻡ"))]).text == "final office سلام"
