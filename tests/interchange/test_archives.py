"""Zips of documents, folders of documents, and files that are made to do harm."""

from __future__ import annotations

import io
import stat
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.errors import AnnotatorError, Cancelled, FileRefused
from annotator.domain.exchange import Reading, Remark
from annotator.domain.model import DocumentData
from annotator.interchange.registry import Formats
from annotator.services.importing import import_files
from annotator.services.project import Project

FORMATS = Formats()
ARABIC = "قال مسؤول سوري إن المبادرة فرصة تاريخية."


def go(path: Path, name: str | None = None, **options: str) -> tuple[list[DocumentData], list[Remark]]:
    items = list(FORMATS.importer(path, name).read(path, Reading(options)))
    return [i for i in items if isinstance(i, DocumentData)], [i for i in items if isinstance(i, Remark)]


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[..., Path]:
    def write(files: dict[str, Any], name: str = "a.zip") -> Path:
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as made:
            for place, data in files.items():
                made.writestr(place, data)
        return tmp_path / name

    return write


def _word(text: str) -> bytes:
    import docx

    made = docx.Document()
    made.add_paragraph(text)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_a_zip_of_many_formats(zipped: Any) -> None:
    path = zipped(
        {
            "b/one.txt": "First.",
            "b/مقال.docx": _word(ARABIC),
            "a/table.csv": "title,text\nT,Third text.\nU,Fourth text.\n",
            "__MACOSX/b/._one.txt": "x",
            ".hidden.txt": "x",
            "picture.png": b"\x89PNG",
            "broken.docx": b"PK\x03\x04word/",
        }
    )
    documents, remarks = go(path)
    assert sorted(d.text for d in documents) == sorted(["First.", ARABIC, "Third text.", "Fourth text."])
    assert [remark.where for remark in remarks] == [f"{path}/broken.docx"]
    assert "damaged" in remarks[0].text
    assert "annotator-" not in remarks[0].text


def test_file_names_in_a_zip(zipped: Any) -> None:
    (found,), _ = go(zipped({"Axios/2026-01-06 Envoy.txt": "Text."}), names="{outlet}/{date} {title}")
    assert found.document.title == "Envoy"
    assert found.document.metadata == {"outlet": "Axios", "date": "2026-01-06"}


def test_tricks_with_paths(zipped: Any, tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = zipped(
        {
            "../out.txt": "x",
            "a/../../out2.txt": "x",
            "/etc/out3.txt": "x",
            "C:\\out4.txt": "x",
            "..\\out5.txt": "x",
            link: "/etc/passwd",
            "inner.zip": "PK\x05\x06" + "\0" * 18,
            "con.txt": "Reserved.",
            "a<b>:" + "x" * 300 + ".txt": "Long.",
            "good.txt": "Good.",
            "GOOD.TXT": "Same.",
        }
    )
    documents, remarks = go(path)
    assert sorted(d.text for d in documents) == ["Good.", "Long.", "Reserved."]
    reasons = sorted(remark.text for remark in remarks)
    assert reasons == sorted(
        ["its name leads out of the archive"] * 5
        + [
            "it is a link to another file",
            "it is a zip within the zip; unpack it first",
            "the archive has two files of this name",
        ]
    )
    assert not [*tmp_path.parent.glob("out*.txt"), *tmp_path.rglob("out*.txt")]  # other tests have files beside


def test_zip_bombs(zipped: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from annotator.interchange import archive

    bomb = zipped({"a.txt": b"\0" * 60_000_000})
    with pytest.raises(FileRefused, match="unpacked it would take 60 MB; it may be a zip bomb"):
        go(bomb)
    monkeypatch.setattr(archive, "MOST_FILES", 3)
    with pytest.raises(FileRefused, match="has 4 files"):
        go(zipped({f"{n}.txt": "x" for n in range(4)}, "b.zip"))


def test_a_zip_that_lies_about_its_sizes(zipped: Any) -> None:
    path = zipped({"a.txt": b"a" * 100_000, "b.txt": "Good."})
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.index(mark)
        data[place + at : place + at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    documents, remarks = go(path)
    assert [d.text for d in documents] == ["Good."]
    assert remarks[0].text == "it is damaged"


def test_locked_and_empty_zips(zipped: Any) -> None:
    path = zipped({"a.txt": "x"})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(FileRefused, match=r"no documents in it that can be read \(it is protected by a password\)"):
        go(path)
    with pytest.raises(FileRefused, match="no documents in it"):
        go(zipped({}, "b.zip"))
    with pytest.raises(FileRefused, match="no documents in it"):
        go(zipped({"a.png": "x"}, "c.zip"))


def test_cancel_in_a_zip(zipped: Any) -> None:
    path = zipped({"a.txt": "x", "b.txt": "y"})
    with pytest.raises(Cancelled):
        list(FORMATS.importer(path).read(path, Reading(cancelled=lambda: True)))


def test_what_is_good_in_a_folder_is_kept(tmp_path: Path, zipped: Any) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.docx").write_bytes(_word("One."))
    (corpus / "b.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9)
    (corpus / "c.pdf").write_bytes(b"%PDF-1.4 broken")
    (corpus / "d.html").write_text("<html><body><p>Two.</p></body></html>")
    zipped({"x.txt": "Three.", "y.txt": "One."}).rename(corpus / "e.zip")
    project = Project.create(tmp_path / "p.annot", coder="Ana")
    try:
        report = import_files(project, [corpus])
        assert report.added == {"document": 3}
        assert [Path(remark.where).name.partition(",")[0] for remark in report.remarks] == [
            "b.docx",
            "c.pdf",
            "d.html",
            "e.zip",
        ]
        assert "password" in report.remarks[0].text
        assert report.remarks[3].text == "the project has this text already, as “One.”"
        assert len(project.history()) == 1
        project.undo()
        assert project.counts()["documents"] == 0
    finally:
        project.close()


# Files that are made to do harm

_LAUGHS = b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(9))
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol">' + _LAUGHS + b"]><x>&j;</x>"
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


def _excel() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["title", "text"])
    book.active.append(["T", "A text in a cell. " * 9])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _changed(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == name else old.read(info))
        if name not in old.namelist():
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("bomb", [BOMB, OUTSIDE, BOMB.decode().encode("utf-16")])
def test_entities_are_refused(bomb: bytes, tmp_path: Path) -> None:
    made = {
        "a.docx": _changed(_word("x"), "word/document.xml", bomb),
        "a.xlsx": _changed(_excel(), "xl/worksheets/sheet1.xml", bomb),
        "b.xlsx": _changed(_excel(), "xl/sharedStrings.xml", bomb),
        "a.fodt": bomb.replace(b"<x>", b"<x> application/vnd.oasis.opendocument.text"),
    }
    odt = io.BytesIO()
    with zipfile.ZipFile(odt, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        file.writestr("content.xml", bomb)
    made["a.odt"] = odt.getvalue()
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(FileRefused, match=r"entities|damaged"):
            go(tmp_path / name, {"fodt": "odt"}.get(name.rpartition(".")[2], name.rpartition(".")[2]))


def test_documents_that_grow(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(_changed(_word("x"), "word/media/a.bin", b"\0" * 30_000_000))
    with pytest.raises(FileRefused, match="zip bomb"):
        go(tmp_path / "a.docx")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"title,text\nx," + b"a" * 60_000_000),
        ("a.jsonl", b'{"text":"' + b"a" * 60_000_000),
        ("a.rtf", b"{\\rtf1\\ansi " + b"{" * 200_000),
        ("a.html", b"<html><body>" + b"<div>" * 100_000),
        ("a.md", b">" * 50_000 + b"\n" + b"[" * 50_000),
        ("a.eml", b"From: a\nSubject: b\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n" * 2000),
        ("a.fodt", b"<a office:mimetype='application/vnd.oasis.opendocument.text'>" + b"<a>" * 100_000),
        ("a.txt", b"a" * 60_000_000),
        ("a.pdf", b"%PDF-1.4\n" + b"<<" * 200_000),
    ],
)
def test_endless_lines_and_deep_nesting(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    begun = time.monotonic()
    _, told = _outcome(tmp_path / name, None)
    assert not told or str(tmp_path / name) in told
    assert time.monotonic() - begun < 20


def _outcome(path: Path, name: str | None) -> tuple[list[DocumentData], str]:
    """What comes of it, or the sentence that refuses it. Anything else that is raised is a bug."""
    try:
        return go(path, name)[0], ""
    except AnnotatorError as error:
        return [], str(error)
