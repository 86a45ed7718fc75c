"""Plain text: encodings, line ends, date heads and titles, on real sentences."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.errors import AnnotatorError, FileRefused, InvalidValue
from annotator.domain.exchange import Importer, Reading
from annotator.domain.model import DocumentData
from annotator.domain.text import canonical, digest
from annotator.interchange.encodings import decode
from annotator.interchange.heads import TITLE_LENGTH, cut, read_head
from annotator.interchange.text import TextImporter

ENGLISH = "Ministers met in Paris, the spokesman said: “We agree” — nothing more."
ARABIC = "قال مسؤول سوري إن المبادرة الأمريكية فرصة تاريخية، وفق ما نقلته وسائل إعلام غربية."
WESTERN = [
    "Él dijo: “no”.",
    "The café’s owner said “yes” — naïvely.",
    "“We agree,” one official said — “to nothing.”",
    "à",
    "Président",
    "Zürich",
    "El niño comió piñas. ¿Por qué? ¡Así!",
    "Les négociations ont été menées à Paris, a déclaré l’Élysée.",
    "ÉTÉ À PARIS",
    "Ändern Sie größere Übungen für Öl.",
    "The price is €5 or £4.",
    "það er íslenska þjóðin á Íslandi og öll börn",
    "25 °C and 30 m² in the café",
    "Smörgåsbord på ön åå",
    "São Paulo não é a capital",
]
ARABIC_TEXTS = [
    "لا",
    "قال مسؤول سوري",
    ARABIC,
    "وقال الرئيس: «لن نتراجع»؟",
    "The word سلام appears once in this English text about Syria.",
    "دمشق (أ ف ب) - France 24 قالت إن الاتفاق جيد؛ وأضافت: “نعم”.",
    "گفت‌وگو در پاریس چند روز ادامه داشت.".replace("\u06cc", "ى"),
]


def read(path: Path, **options: str) -> DocumentData:
    return next(item for item in TextImporter().read(path, Reading(options)) if isinstance(item, DocumentData))


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(data: bytes, name: str = "article.txt") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


@pytest.mark.parametrize("text", [ENGLISH, ARABIC, *WESTERN, *ARABIC_TEXTS, "\U0001f600 emoji", "中文 标题"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_shows_itself(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize("text", [ENGLISH, ARABIC, *WESTERN[:3], *ARABIC_TEXTS[1:], "Hi there"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_byte_order_mark(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, encoding)
    assert decode(text.encode("utf-16")[:2] + text.encode("utf-16-le"))[0] == text
    assert decode(b"\xfe\xff" + text.encode("utf-16-be"))[0] == text


@pytest.mark.parametrize("text", WESTERN)
def test_windows_1252(text: str) -> None:
    assert decode(text.encode("cp1252")) == (text, "cp1252")
    long = text + "\n" + ENGLISH * 50
    assert decode(long.encode("cp1252")) == (long, "cp1252")


@pytest.mark.parametrize("text", ARABIC_TEXTS)
def test_windows_1256(text: str) -> None:
    assert decode(text.encode("cp1256")) == (text, "cp1256")
    long = "A plain English preface. " * 5000 + text
    assert decode(long.encode("cp1256")) == (long, "cp1256")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Официальный представитель сообщил, что стороны договорились о встрече в Париже.", "cp1251"),
        ("Ο πρωθυπουργός δήλωσε ότι η συμφωνία είναι ιστορική ευκαιρία για τη χώρα.", "cp1253"),
        ("ראש הממשלה אמר כי ההסכם הוא הזדמנות היסטורית עבור שתי המדינות.", "cp1255"),
        ("Prezydent powiedział, że strony zgodziły się na dalsze rozmowy w Paryżu i będą współpracować.", "cp1250"),
    ],
)
def test_other_scripts_where_there_is_enough_to_tell(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, encoding)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (bytes(range(256)) * 40, "binary data"),
        (b"abc\x00\x01\x02\x00def" * 30, "binary data"),
        (b"\x01\x02\x03\x04 text" * 30, "binary data"),
        (b"%PDF-1.7 plain ASCII", "a PDF file"),
        (b"{\\rtf1 hello}", "an RTF file"),
        (b"PK\x03\x04 docx", "a zip or an Office file"),
        (b"SQLite format 3\x00", "a database"),
        ("café résumé naïve garçon über señor".encode() + b" \xff", "damaged at byte 44"),
        (b"\xff\xfeabc", "cannot be read as UTF-16"),
        (b"\xff\xfe\x00\xd8", "cannot be read as UTF-16"),
        ("Москва".encode("cp1251"), "encoding cannot be told"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, reason: str, file: Any) -> None:
    with pytest.raises(InvalidValue, match=reason):
        decode(data)
    path = file(data)
    with pytest.raises(FileRefused) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path} was not read: ")
    assert reason in str(caught.value)


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_no_bytes_crash_it(data: bytes) -> None:
    try:
        text, _ = decode(data)
    except AnnotatorError:
        return
    text.encode()  # always proper Unicode


def test_the_encoding_can_be_named_and_is_reported(file: Any) -> None:
    path = file("Москва".encode("cp1251"))
    assert read(path, encoding="cp1251").text == "Москва"
    remarks = list(TextImporter().read(file(ARABIC.encode("cp1256")), Reading()))
    assert any(getattr(item, "text", "") == "read as Windows-1256" for item in remarks)


def test_the_text_stays_as_it_is_but_for_line_ends(file: Any) -> None:
    raw = " \tdate 2026-01-06 One.\r\n\r\nTwo \r three\u00a0\u2028four\n\n"
    data = read(file(raw.encode()))
    assert data.text == canonical(raw) == " \tdate 2026-01-06 One.\n\nTwo \n three\u00a0\u2028four\n\n"
    assert data.document.sha256 == digest(data.text)
    assert data.document.metadata == {"date": "2026-01-06"}
    assert read(file(b"\xef\xbb\xbf" + raw.encode())).text == data.text


@pytest.mark.parametrize("data", [b"", b" \r\n\t ", b"\xef\xbb\xbf", b"\xff\xfe", "\u00a0\u2003\n".encode()])
def test_a_file_without_text_is_refused(data: bytes, file: Any) -> None:
    path = file(data)
    with pytest.raises(FileRefused, match="has no text in it"):
        read(path)


def test_two_readings_have_two_ids(file: Any) -> None:
    path = file(b"Text")
    assert read(path).document.id != read(path).document.id
    assert isinstance(TextImporter(), Importer)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("date 2026-01-06 Syria", "2026-01-06"),
        (" date 2026-01-06\nSyria", "2026-01-06"),
        ("Date: 6 January 2026\nBody", "2026-01-06"),
        ("DATE – 6 Jan. 2026\nBody", "2026-01-06"),
        ("Published on March 3rd, 2026 at 10:15 AM\nBody", "2026-03-03"),
        ("2026-01-06\n\nBody", "2026-01-06"),
        ("2026-01-06T09:12:00Z Body", "2026-01-06"),
        ("2026/1/6 Body", "2026-01-06"),
        ("06.01.2026 Die Minister", "2026-01-06"),
        ("6. 1. 2026\nDie Minister", "2026-01-06"),
        ("31/12/2026 Body", "2026-12-31"),
        ("12/31/2026 Body", "2026-12-31"),
        ("5/5/2026 Body", "2026-05-05"),
        ("Headline\nTuesday, January 6, 2026\n\nBody", "2026-01-06"),
        ("Headline\nBy Ana\nDate: 2026-01-06\nBody", "2026-01-06"),
        ("6 January 2026 — Ministers met", "2026-01-06"),
        ("mardi 6 janvier 2026\nLes ministres", "2026-01-06"),
        ("6 de enero de 2026\nLos ministros", "2026-01-06"),
        ("التاريخ: ٦ يناير ٢٠٢٦\nقال", "2026-01-06"),
        ("6 كانون الثاني 2026\nقال", "2026-01-06"),
        # Two ways to read it, or none, or not the date of the article.
        ("06/01/2026 Body", None),
        ("2026-02-30 Body", None),
        ("date 2026-13-01 Body", None),
        ("2026 was good", None),
        ("6 January 2026 saw protests across the country.", None),
        ("On 2026-01-06 they met.", None),
        ("1.2.2026-3 is a version", None),
        ("dated letters 2026-01-06", None),
        ("x\n\nx\n\nx\n\nx\n\nx\n\nx\n\nx\n\n2026-01-06\n", None),
    ],
)
def test_dates(head: str, expected: str | None) -> None:
    assert read_head(head)[0] == expected


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Talks resume\n\nThe body. More.", "Talks resume"),
        ("2026-01-06\n\nTalks resume\n\nThe body.", "Talks resume"),
        ("\n\n   Talks   resume \nThe body.", "Talks resume"),
        ("Title: Talks resume\nAuthor: Ana\n\nThe body.", "Talks resume"),
        ("Author: Ana\nTalks resume in Paris\nThe body.", "Talks resume in Paris"),
        ("date 2026-01-06 Ministers met in Paris. They agreed.", "Ministers met in Paris."),
        ("He came. She saw. They both left the city. More.", "He came. She saw. They both left the city."),
        ("Dr. Smith met Mr. Jones in the U.S. capital. They talked.", "Dr. Smith met Mr. Jones in the U.S. capital."),
        ("Short", "Short"),
        ("قال مسؤول سوري إن المبادرة فرصة. وأضاف", "قال مسؤول سوري إن المبادرة فرصة."),
        ("date 2026-01-06", ""),
    ],
)
def test_titles(text: str, title: str) -> None:
    assert read_head(text)[1] == title


def test_a_long_first_sentence_is_cut_at_a_word() -> None:
    text = "Syria and Israel agreed to pursue arrangements " * 10
    title = read_head(text)[1]
    assert len(title) <= TITLE_LENGTH
    assert title.endswith("…")
    assert text.startswith(title[:-1] + " ")


def test_cutting_never_parts_a_letter_from_its_marks() -> None:
    assert cut("e\u0301" * 100, 10) == "e\u0301" * 4 + "…"
    assert cut("中" * 200) == "中" * (TITLE_LENGTH - 1) + "…"


def test_a_title_of_last_resort(file: Any) -> None:
    assert read(file(b"date 2026-01-06\n", "My article.txt")).document.title == "My article"


def test_the_article(file: Any) -> None:
    path = Path(__file__).parents[3] / "shared" / "data" / "article" / "syria-israel-joint-statement.txt"
    if not path.exists():
        pytest.skip("the article is not beside this checkout")
    data = read(path)
    assert data.text == path.read_bytes().decode()
    assert data.document.metadata == {"date": "2026-01-06"}
    assert data.document.title.startswith("Syria and Israel agreed today (Tuesday) to pursue")


@pytest.mark.parametrize("unit", ["word ", "x", "é", "قال ", "1", ".", "\t \t", "Jan ", "A.", "date "])
def test_one_endless_line_does_not_hang(unit: str, file: Any) -> None:
    data = (unit * (20_000_000 // len(unit.encode()))).encode()
    path = file(data)
    started = time.process_time()
    try:
        read(path)
    except FileRefused:
        assert not unit.strip()
    assert time.process_time() - started < 5
