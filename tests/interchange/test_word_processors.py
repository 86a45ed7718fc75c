"""Articles in Word, OpenDocument, RTF, Markdown, mails, books and web pages: made here, then read."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.errors import FileRefused
from annotator.domain.exchange import Reading, Remark
from annotator.domain.model import DocumentData
from annotator.interchange.registry import Formats

ARABIC = "قال مسؤول سوري إن المبادرة فرصة تاريخية، وفق ما نقلته وسائل إعلام غربية."
HEBREW = "אמר גורם ישראלי בכיר כי ההסכם קרוב."


@pytest.fixture(scope="module")
def formats() -> Formats:
    return Formats()


@pytest.fixture
def read(formats: Formats) -> Callable[..., tuple[list[DocumentData], list[Remark]]]:
    def go(path: Path, name: str | None = None, **options: str) -> tuple[list[DocumentData], list[Remark]]:
        items = list(formats.importer(path, name).read(path, Reading(options)))
        return [i for i in items if isinstance(i, DocumentData)], [i for i in items if isinstance(i, Remark)]

    return go


@pytest.fixture
def one(read: Any) -> Callable[..., DocumentData]:
    def go(path: Path, **options: str) -> DocumentData:
        (found,), _ = read(path, **options)
        return found

    return go


# Word


@pytest.fixture
def word(tmp_path: Path) -> Any:
    import docx

    made = docx.Document()
    made.save_to = lambda name="a.docx": (made.save(str(tmp_path / name)), tmp_path / name)[1]
    return made


def test_word(word: Any, one: Any) -> None:
    word.add_heading("Envoy returns to Paris", 0)
    word.add_paragraph("The envoy said \U0001f1f8\U0001f1fe\tagreed.\nSecond line.")
    table = word.add_table(2, 2)
    for row, cells in enumerate((("a", "b"), (HEBREW, "d"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    word.add_paragraph("")
    word.add_paragraph(ARABIC)
    found = one(word.save_to())
    assert found.document.title == "Envoy returns to Paris"
    assert found.text == (
        "Envoy returns to Paris\n\nThe envoy said \U0001f1f8\U0001f1fe\tagreed.\nSecond line.\n\n"
        f"a\tb\n{HEBREW}\td\n\n{ARABIC}"
    )


def test_word_with_changes_notes_and_boxes(word: Any, read: Any) -> None:
    from docx.oxml import parse_xml

    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = word.element.body
    body.insert(
        0,
        parse_xml(
            f"<w:p {space}><w:r><w:t>Kept </w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t>added</w:t></w:r></w:ins><w:r><w:footnoteReference w:id='2'/></w:r>"
            "<w:hyperlink><w:r><w:t> linked</w:t></w:r></w:hyperlink></w:p>"
        ),
    )
    body.insert(
        1,
        parse_xml(
            f"<w:p {space} xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'><w:r><w:t>Out</w:t>"
            "<mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent>"
            "</mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent>"
            "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
        ),
    )
    (found,), remarks = read(word.save_to())
    assert found.text == "Kept added linked\n\nOut\n\nIn a box"
    assert {(remark.kind, remark.text) for remark in remarks} == {
        ("lost", "a footnote"),
        ("mended", "its tracked changes were taken as accepted"),
    }


def test_a_table_that_only_lays_out_the_page(word: Any, one: Any) -> None:
    cell = word.add_table(1, 1).cell(0, 0)
    cell.text = "First paragraph."
    cell.add_paragraph("Second paragraph.")
    assert one(word.save_to()).text == "First paragraph.\n\nSecond paragraph."


def test_a_title_in_the_properties_must_meet_the_text(word: Any, one: Any) -> None:
    word.core_properties.title = "An older text"
    word.add_paragraph("Ministers met in Paris on Tuesday. They agreed.")
    assert one(word.save_to()).document.title == "Ministers met in Paris on Tuesday."
    word.core_properties.title = "Ministers met in Paris"
    assert one(word.save_to()).document.title == "Ministers met in Paris"


def test_wrong_endings_are_seen_through(word: Any, one: Any, tmp_path: Path) -> None:
    word.add_paragraph("Plainly Word.")
    assert one(word.save_to("a.txt")).text == "Plainly Word."
    assert one(word.save_to("b.pdf")).text == "Plainly Word."
    assert one(word.save_to("c.zip")).text == "Plainly Word."


# OpenDocument

_ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "style": "style",
        "meta": "meta",
    }.items()
)
_ODT_BODY = (
    "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion>"
    "</text:changed-region></text:tracked-changes>"
    '<text:p text:style-name="P1">Envoy<text:s text:c="2"/>returns</text:p>'
    "<text:p>He said<text:note><text:note-body><text:p>a note</text:p></text:note-body></text:note>:\n  "
    "<text:span>yes<text:line-break/>no</text:span> and <text:tab/>more"
    "<office:annotation><text:p>a comment</text:p></office:annotation>.</text:p>"
    "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
    "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
    f"<text:list><text:list-item><text:p>{ARABIC}</text:p></text:list-item></text:list>"
)


def _content(body: str) -> str:
    return (
        f'<?xml version="1.0"?><office:document-content {_ODF}><office:automatic-styles>'
        '<style:style style:name="P1" style:parent-style-name="Title"/></office:automatic-styles>'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )


def _odt(path: Path, body: str = _ODT_BODY, **parts: str) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        made.writestr("content.xml", _content(body))
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return path


def test_opendocument(tmp_path: Path, read: Any) -> None:
    (found,), remarks = read(_odt(tmp_path / "a.odt"))
    assert found.text == f"Envoy  returns\n\nHe said: yes\nno and \tmore.\n\na\tb\n\n{ARABIC}"
    assert found.document.title == "Envoy returns"
    assert [remark.text for remark in remarks] == ["a footnote", "its tracked changes were taken as accepted"]


def test_flat_opendocument(tmp_path: Path, one: Any) -> None:
    path = tmp_path / "a.fodt"
    flat = _content("<text:p>Flat.</text:p>").replace(
        "<office:document-content", '<office:document office:mimetype="application/vnd.oasis.opendocument.text"'
    )
    path.write_text(flat.replace("</office:document-content", "</office:document"))
    assert one(path).text == "Flat."


def test_locked_opendocument(tmp_path: Path, one: Any) -> None:
    path = _odt(tmp_path / "a.odt", **{"META-INF__manifest_xml": "<m:encryption-data xmlns:m='x'/>"})
    with pytest.raises(FileRefused, match="password"):
        one(path)


# RTF


def test_rtf(tmp_path: Path, one: Any) -> None:
    arabic = "".join(f"\\u{ord(c)}?" for c in "سوريا")
    (tmp_path / "a.rtf").write_bytes(
        b"{\\rtf1\\ansi\\ansicpg1252{\\fonttbl\\f0 Times;}{\\info{\\title X}}{\\header Head}\\f0 Caf\\'e9 \\b bold\\b0  "
        + arabic.encode()
        + b".\\par {\\pict\\pngblip "
        + b"89504e47" * 200
        + b"}Second \\uc0\\u-10179\\u-8704 .\\par}"
    )
    assert one(tmp_path / "a.rtf").text == "Café bold سوريا.\n\nSecond \U0001f600."


# Markdown


def test_markdown(tmp_path: Path, one: Any) -> None:
    (tmp_path / "a.md").write_text(
        "---\ntitle: 'Envoy: returns'\ndate: 6 January 2026\nSource: Meridian Post\nauthor: [R. Amin, J. Doe]\n"
        "tags:\n  - talks\n  - syria\n---\n# Heading\n\nSome *text* with [a link](http://x.example) and\na `code`.  \n"
        f"Next line ![picture](x.png).\n\n- one\n- two **bold**\n\n> {HEBREW}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "<div>html</div>\n",
        encoding="utf-8",
    )
    found = one(tmp_path / "a.md")
    assert found.text == (
        "Heading\n\nSome text with a link and a code.\nNext line picture.\n\none\n\ntwo bold\n\n"
        f"{HEBREW}\n\na\tb\n\n1\t2\n\nhtml"
    )
    assert found.document.title == "Envoy: returns"
    assert found.document.metadata == {
        "date": "2026-01-06",
        "outlet": "Meridian Post",
        "author": "R. Amin, J. Doe",
        "tags": ["talks", "syria"],
    }


# Mail


def _mail(body: bytes, kind: str = "text/plain; charset=utf-8", *more: str) -> bytes:
    head = [
        'From: "Jane Doe" <jane@example.org>',
        "To: me@example.org",
        "Subject: =?utf-8?b?2LPZiNix2YrYpw==?= talks",
        "Date: Tue, 06 Jan 2026 10:00:00 +0000",
        "MIME-Version: 1.0",
        f"Content-Type: {kind}",
        *more,
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def test_mail(tmp_path: Path, one: Any) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(_mail(f"Hello.\r\n\r\n{ARABIC}\r\n".encode()))
    found = one(path)
    assert found.text == f"Hello.\n\n{ARABIC}"
    assert found.document.title == "سوريا talks"
    assert found.document.metadata == {"date": "2026-01-06", "author": "Jane Doe"}
    path.write_bytes(
        _mail("<p>Caf\xe9<br>au lait</p><script>x</script>".encode("cp1252"), "text/html; charset=windows-1252")
    )
    assert one(path).text == "Café\nau lait"


def test_mail_with_parts(tmp_path: Path, read: Any) -> None:
    body = (
        b"--x\r\nContent-Type: text/plain\r\n\r\nSee online.\r\n"
        b"--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>The whole story is told in these many words.</p>\r\n"
        b"--x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\nx\r\n--x--\r\n"
    )
    (tmp_path / "a.eml").write_bytes(_mail(body, "multipart/mixed; boundary=x"))
    (found,), remarks = read(tmp_path / "a.eml")
    assert found.text == "The whole story is told in these many words."
    assert [remark.text for remark in remarks] == ["an attachment"]


# EPUB


def _epub(path: Path, **more: str) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("mimetype", "application/epub+zip")
        made.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/c.opf"/></rootfiles></container>',
        )
        made.writestr(
            "OEBPS/c.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
            "<dc:title>Yearbook</dc:title><dc:creator>A. B.</dc:creator><dc:date>2025-12-31T00:00:00Z</dc:date>"
            "</metadata><manifest>"
            + "".join(f'<item id="{n}" href="t/{n}%201.xhtml" media-type="application/xhtml+xml"/>' for n in "ba")
            + '</manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
        )
        for name in "ab":
            made.writestr(
                f"OEBPS/t/{name} 1.xhtml",
                '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title>'
                f"</head><body><h1>Chapter {name}</h1><p>Text &amp; more of {name}.</p></body></html>",
            )
        for place, content in more.items():
            made.writestr(place.replace("__", "/"), content)
    return path


def test_epub(tmp_path: Path, one: Any, read: Any) -> None:
    path = _epub(tmp_path / "a.epub")
    found = one(path)
    assert found.text == "Chapter a\n\nText & more of a.\n\nChapter b\n\nText & more of b."
    assert found.document.title == "Yearbook"
    assert found.document.metadata == {"author": "A. B.", "date": "2025-12-31"}
    chapters, _ = read(path, chapters="yes")
    assert [chapter.document.title for chapter in chapters] == ["Chapter a", "Chapter b"]
    assert chapters[0].document.metadata["outlet"] == "Yearbook"


def test_locked_epub(tmp_path: Path, one: Any) -> None:
    path = _epub(tmp_path / "a.epub", **{"META-INF__encryption.xml": "<e>OEBPS/t/a 1.xhtml</e>"})
    with pytest.raises(FileRefused, match="protected against copying"):
        one(path)


# Web pages

_SAID = (
    "The envoy said on Tuesday that Syria had agreed to the plan, according to two officials familiar with the talks.",
    "Israel denied the report and said that nothing had been agreed so far, a spokesman told reporters in the evening.",
    "The next round of talks is to begin in Paris on Friday, with ministers of both countries taking part, he added.",
)
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Envoy returns | Meridian Post</title>'
    '<meta property="og:site_name" content="Meridian Post"><meta name="author" content="R. Amin">'
    '<meta property="article:published_time" content="2026-01-06T10:00:00Z">'
    '<link rel="canonical" href="https://meridian.example/a/envoy"></head><body>'
    '<nav><a href="/">Home</a><a href="/w">World news menu</a></nav><article><h1>Envoy returns to Paris</h1>'
    + "".join(f"<p>{said}</p>" for said in _SAID)
    + "</article><aside>Read more: Ten recipes</aside><footer>Subscribe to our newsletter</footer></body></html>"
)


def test_web_page(tmp_path: Path, one: Any) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    found = one(tmp_path / "a.html")
    for said in _SAID:
        assert said in found.text.split("\n\n")
    for around in ("World news menu", "newsletter", "recipes"):
        assert around not in found.text
    assert found.document.title == "Envoy returns to Paris"
    assert found.document.metadata == {
        "date": "2026-01-06",
        "outlet": "Meridian Post",
        "author": "R. Amin",
        "url": "https://meridian.example/a/envoy",
        "language": "en",
    }


def test_web_pages_in_old_encodings(tmp_path: Path, one: Any) -> None:
    page = f'<html><head><meta charset="windows-1256"><title>بيان</title></head><body><p>{ARABIC * 4}</p></body></html>'
    (tmp_path / "a.html").write_bytes(page.encode("cp1256"))
    assert ARABIC in one(tmp_path / "a.html").text


def test_a_page_saved_in_one_file(tmp_path: Path, one: Any) -> None:
    import quopri

    (tmp_path / "a.mhtml").write_bytes(
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://x.example/story\r\nSubject: Envoy\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="--b--"\r\n\r\n'
        b"----b--\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + quopri.encodestring(
            PAGE.replace('<link rel="canonical" href="https://meridian.example/a/envoy">', "").encode()
        )
        + b"\r\n----b----\r\n"
    )
    found = one(tmp_path / "a.mhtml")
    assert _SAID[0] in found.text
    assert found.document.metadata["url"] == "https://x.example/story"


def test_the_folder_beside_a_saved_page_is_no_article(tmp_path: Path, one: Any) -> None:
    (tmp_path / "Story.html").write_text(PAGE)
    (tmp_path / "Story_files").mkdir()
    (tmp_path / "Story_files" / "ad.html").write_text(PAGE)
    with pytest.raises(FileRefused, match=r"part of the saved page Story\.html"):
        one(tmp_path / "Story_files" / "ad.html")


def test_a_page_without_an_article_is_taken_as_a_whole(tmp_path: Path, read: Any) -> None:
    (tmp_path / "a.html").write_text("<html><body><div>Short <b>note</b>.</div><div>Two.</div></body></html>")
    (found,), _ = read(tmp_path / "a.html")
    assert found.text == "Short note.\n\nTwo."
    deep = "<html><body>" + "<div>" * 400 + "<p>Far down.</p>"
    (tmp_path / "b.html").write_text(deep)
    (found,), remarks = read(tmp_path / "b.html")
    assert found.text == "Far down."
    assert "no article" in remarks[0].text


# What all of them share


def test_headlines_above_the_text(tmp_path: Path, one: Any) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(_mail(b"Body."))
    assert one(path, headline="yes").text == "سوريا talks\n\nBody."
    (tmp_path / "a.txt").write_text("A title\n\nAnd a text.")
    assert one(tmp_path / "a.txt", headline="yes").text == "A title\n\nAnd a text."


def test_details_from_file_names(tmp_path: Path, one: Any, read: Any) -> None:
    path = tmp_path / "Axios" / "20260106_Envoy_returns.txt"
    path.parent.mkdir()
    path.write_text("Nothing but text.")
    found = one(path, names="{outlet}/{date}_{title}")
    assert found.document.title == "Envoy returns"
    assert found.document.metadata == {"outlet": "Axios", "date": "2026-01-06"}
    _, remarks = read(path, names="{date} - {title}")
    assert remarks[0].text == "its name does not fit the pattern {date} - {title}"


@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.rtf", "a.md", "a.eml", "a.epub", "a.html", "a.pdf", "a.xlsx"])
@pytest.mark.parametrize(
    "data", [b"", bytes(range(256)) * 4, b"PK\x03\x04 word/ xl/", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9]
)
def test_files_that_are_no_such_thing(name: str, data: bytes, tmp_path: Path, one: Any) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FileRefused) as caught:
        one(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_heavy_libraries_wait(formats: Formats) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from annotator.interchange.registry import Formats; Formats().infos(); "
        "heavy = {'lxml', 'docx', 'openpyxl', 'pypdfium2', 'trafilatura', 'markdown_it', 'striprtf', 'email.message'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() in ("[]", "['email.message']")
