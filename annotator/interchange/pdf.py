"""PDF files with a text layer, by PDFium: the lines of the pages, put together again by `pdf_text`."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotator.domain.errors import FileRefused
from annotator.domain.exchange import Header, Item, Reading, Remark
from annotator.domain.model import FieldValue
from annotator.interchange.articles import LARGEST_TEXT, OPTIONS, Article, clean_value, document, sound
from annotator.interchange.files import read_bytes
from annotator.interchange.pdf_text import Line, Page, is_right_to_left, put_together

KIND = "a PDF file"
MOST_PAGES = 5000
_MOST_CHARACTERS = 300_000  # on one page: a poster's worth, a hundred times over
_one_at_a_time = threading.Lock()
"""PDFium must not be called from two threads at once."""


class PdfImporter:
    """Reads the text layer of PDF files."""

    name = "pdf"
    title = "PDF"
    extensions = (".pdf",)
    loses = (
        "Type, colours, pictures and the layout of tables and columns.",
        "Page numbers and running heads; hyphens at line ends are mended where the word allows it.",
        "Scanned pages: they are pictures, and there is no text to take.",
    )
    options: tuple[str, ...] = OPTIONS

    def sniff(self, path: Path, head: bytes) -> bool:
        """The mark of a PDF file may stand a little behind the beginning."""
        return b"%PDF-" in head[:1024]

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """One document."""
        data = read_bytes(path)
        if b"%PDF-" not in data[:1024]:
            raise FileRefused(f"{path} was not read: it is damaged, or not {KIND}.")
        pages, stated = _pages(path, data, reading)
        blank = sum(1 for page in pages if not page.lines)
        if blank == len(pages):
            raise FileRefused(
                f"{path} was not read: it is a scan, pictures of pages without a text layer; "
                "let a program for text recognition (OCR) add one first."
                if any(page.pictures for page in pages)
                else f"{path} has no text in it."
            )
        found = put_together(pages)
        metadata: dict[str, FieldValue] = {}
        title = stated if len(stated) > 3 and _met(stated, found.text) else found.title
        yield Header()
        if blank:
            yield Remark("lost", str(path), f"{blank} of {len(pages)} pages have no text layer")
        if found.dropped:
            yield Remark("mended", str(path), f"{found.dropped} page numbers and running heads were left out")
        made, remarks = document(path, Article(found.text, title, metadata), reading.options)
        yield from remarks
        yield made


def _met(title: str, text: str) -> bool:
    """Files keep titles of older texts; a title that does not stand in the text is none."""
    return " ".join(title.split()).lower() in " ".join(text[:3000].split()).lower()


def _pages(path: Path, data: bytes, reading: Reading) -> tuple[list[Page], str]:
    import pypdfium2

    with _one_at_a_time, sound(path, KIND):
        try:
            pdf = pypdfium2.PdfDocument(data)
            count = len(pdf)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower() or "security" in str(error).lower():
                raise FileRefused(f"{path} was not read: it is protected by a password.") from None
            raise FileRefused(f"{path} was not read: it is damaged, or not {KIND}.") from None
        try:
            if count > MOST_PAGES:
                raise FileRefused(f"{path} was not read: it has {count:,} pages, far more than any article.")
            pages: list[Page] = []
            size = 0
            for number in range(count):
                pages.append(_page(pdf, number))
                size += sum(len(line.text) for line in pages[-1].lines)
                if size > LARGEST_TEXT:
                    raise FileRefused(f"{path} was not read: it holds far more text than any article.")
                reading.tick(number + 1, count)
            stated = clean_value(pdf.get_metadata_dict().get("Title", ""))
        finally:
            pdf.close()
    return pages, stated


def _page(pdf: Any, number: int) -> Page:
    """The lines of a page, each with its place."""
    import pypdfium2
    import pypdfium2.raw as raw

    try:
        page = pdf[number]
    except pypdfium2.PdfiumError:
        # A page that cannot be read is a page without text; the others are kept.
        return Page(0, 0, (), True)
    try:
        width, height = page.get_size()
        textpage = page.get_textpage()
        try:
            lines = _lines(raw, textpage.raw)
        finally:
            textpage.close()
        pictures = not lines and any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4))
        return Page(width, height, tuple(lines), pictures)
    finally:
        page.close()


def _lines(raw: Any, textpage: Any) -> list[Line]:
    """The lines as PDFium finds them, parted where it took two for one.

    In text from right to left it does, and then has the lower one first.
    """
    count = min(raw.FPDFText_CountChars(textpage), _MOST_CHARACTERS)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    lines: list[Line] = []
    parts: list[_Growing] = [_Growing()]

    def end() -> None:
        found = [line for part in parts if (line := part.line()) is not None]
        lines.extend(reversed(found) if len(found) > 1 and is_right_to_left(found[0].text) else found)
        parts[:] = [_Growing()]

    half = 0
    for at in range(count):
        code = raw.FPDFText_GetUnicode(textpage, at)
        if code in (10, 13):
            end()
            continue
        if 0xD800 <= code < 0xDC00:
            half = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((half - 0xD800) << 10) + (code - 0xDC00) if half else 0
            half = 0
        if not code or code > 0x10FFFF:
            continue
        if code == 2:
            # PDFium found a word that is broken at the end of the line, and would go on with the next one.
            parts[-1].characters.append("\x02")
            end()
            continue
        # What has no box was made up by the reader, such as a space.
        boxed = code != 32 and raw.FPDFText_GetCharBox(textpage, at, left, right, bottom, top)
        if boxed and (right.value > left.value or top.value > bottom.value):
            box = (left.value, bottom.value, right.value, top.value)
            if parts[-1].is_elsewhere(box):
                parts.append(_Growing())
            parts[-1].take(box, round(raw.FPDFText_GetFontSize(textpage, at), 1))
        parts[-1].characters.append(chr(code))
    end()
    return lines


class _Growing:
    """A line while its characters are read."""

    def __init__(self) -> None:
        self.characters: list[str] = []
        self._box: tuple[float, float, float, float] | None = None
        self._sizes: dict[float, int] = {}

    def is_elsewhere(self, box: tuple[float, float, float, float]) -> bool:
        """Whether a character stands above or below the line."""
        if self._box is None:
            return False
        middle, room = (box[1] + box[3]) / 2, 0.5 * (self._box[3] - self._box[1]) + 1
        return not self._box[1] - room <= middle <= self._box[3] + room

    def take(self, box: tuple[float, float, float, float], size: float) -> None:
        old = self._box or box
        self._box = (min(old[0], box[0]), min(old[1], box[1]), max(old[2], box[2]), max(old[3], box[3]))
        self._sizes[size] = self._sizes.get(size, 0) + 1

    def line(self) -> Line | None:
        text = "".join(self.characters)
        if not text.strip():
            return None
        size = max(self._sizes, key=lambda each: self._sizes[each]) if self._sizes else 0.0
        return Line(text, *(self._box or (0.0, 0.0, 0.0, 0.0)), size)
