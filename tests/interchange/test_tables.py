"""Tables with a text in each row: the columns are guessed, or named; what stands in a cell comes exactly."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.errors import FileRefused, InvalidValue
from annotator.domain.exchange import Reading, Remark
from annotator.domain.model import DocumentData
from annotator.interchange import columns
from annotator.interchange.registry import Formats
from annotator.services.importing import import_files
from annotator.services.project import Project

FORMATS = Formats()
LONG = "The envoy said on Tuesday that Syria had agreed to the plan, according to two officials. " * 2
PLAIN = LONG.replace(",", " –")
ARABIC = "قال مسؤول سوري إن المبادرة فرصة تاريخية، وفق ما نقلته وسائل إعلام غربية. " * 2


def go(path: Path, **options: str) -> tuple[list[DocumentData], list[Remark]]:
    items = list(FORMATS.importer(path).read(path, Reading(options)))
    return [i for i in items if isinstance(i, DocumentData)], [i for i in items if isinstance(i, Remark)]


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str, name: str = "a.csv", encoding: str = "utf-8") -> Path:
        (tmp_path / name).write_bytes(text.encode(encoding))
        return tmp_path / name

    return write


def test_columns_are_guessed(table: Any) -> None:
    (first, second), remarks = go(
        table(
            "Headline,Body,Published,Source,By,Link,Lang,Words\n"
            f'One,"{LONG}\nSecond, line",2026-01-06,Axios,Jane Doe,https://x.example/1,en,31\n'
            f"بيان,{ARABIC},7 January 2026,برقية,,,ar,\n"
        )
    )
    assert first.text == f"{LONG}\nSecond, line"
    assert first.document.title == "One"
    assert first.document.metadata == {
        "date": "2026-01-06",
        "outlet": "Axios",
        "author": "Jane Doe",
        "url": "https://x.example/1",
        "language": "en",
        "Words": "31",
    }
    assert second.text == ARABIC
    assert second.document.metadata["date"] == "2026-01-07"
    assert remarks == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_dialects(table: Any, delimiter: str, encoding: str) -> None:
    name = "a.tsv" if delimiter == "\t" else "a.csv"
    rows = [["title", "text"], ["Café", "Naïve, né; à | la\tcarte " * 5], ["Zwei", "Größe über alles " * 6]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    found, _ = go(table(out.getvalue(), name, encoding))
    assert [(d.document.title, d.text) for d in found] == [tuple(row) for row in rows[1:]]


def test_arabic_in_its_old_encoding(table: Any) -> None:
    (found,), _ = go(table(f"العنوان;النص\nبيان مشترك;{ARABIC}\n", encoding="cp1256"))
    assert (found.document.title, found.text) == ("بيان مشترك", ARABIC)


def test_columns_are_named(table: Any) -> None:
    path = table("a,b,c,d\nx,1,y,5/6/2026\n")
    with pytest.raises(FileRefused, match=r"text=COLUMN. There are “a”, “b”, “c” and “d”"):
        go(path)
    (found,), remarks = go(path, text="C", title="a", date="d", skip="B")
    assert (found.text, found.document.title, found.document.metadata) == ("y", "x", {"date": "5/6/2026"})
    assert "could not be told" in remarks[0].text
    assert go(path, text="c", date="d", dates="dmy")[0][0].document.metadata["date"] == "2026-06-05"
    assert go(path, text="c", date="d", dates="mdy")[0][0].document.metadata["date"] == "2026-05-06"
    with pytest.raises(FileRefused, match=r"no column “e”; there are “a”"):
        go(path, text="e")
    (found,), _ = go(table("text,title,body\nshort,T,long\n"), text="body", title="-")
    assert (found.text, found.document.metadata) == ("long", {"text (column)": "short", "title (column)": "T"})


def test_a_column_of_dates_explains_itself(table: Any) -> None:
    (first, _), _ = go(table(f"text,date\n{PLAIN},5/6/2026\n{PLAIN}.,25/6/2026\n"))
    assert first.document.metadata["date"] == "2026-06-05"


def test_rows_that_are_no_good(table: Any) -> None:
    (found,), remarks = go(table(f"text,note\n,only a note\n\n{PLAIN},n,too much\n,\n"))
    assert found.text == PLAIN
    assert [remark.text for remark in remarks] == [
        "it has more cells than the first row; they are kept as “column 3”",
        "no text in row 2",
    ]
    assert found.document.metadata == {"note": "n", "column 3": "too much"}
    with pytest.raises(FileRefused, match="no row with a text in its column “text”"):
        go(table("text,note\n,x\n"))


def test_columns_without_a_head(table: Any) -> None:
    (first, _), _ = go(table(f"A,{PLAIN}\nB,{PLAIN}!\n"), header="no")
    assert (first.text, first.document.metadata) == (PLAIN, {"1": "A"})


def test_excel(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Read me"])
    sheet = book.create_sheet("Articles")
    sheet.append(["Title", "Text", "Date", "Readers", "Share", "Checked", None])
    sheet.append(["بيان", ARABIC, datetime.datetime(2026, 1, 6), 3.0, 0.25, True, "x"])
    sheet["A5"], sheet["B5"] = "Two", LONG
    book.save(tmp_path / "a.xlsx")
    (first, second), _ = go(tmp_path / "a.xlsx")
    assert (first.document.title, first.text) == ("بيان", ARABIC)
    assert first.document.metadata == {
        "date": "2026-01-06",
        "Readers": 3,
        "Share": 0.25,
        "Checked": True,
        "column 7": "x",
    }
    assert second.document.title == "Two"
    with pytest.raises(FileRefused, match=r"no sheet “Nope”; there are “Sheet” and “Articles”"):
        go(tmp_path / "a.xlsx", sheet="Nope")


def test_json_texts(tmp_path: Path) -> None:
    values = [
        {"title": "One", "text": LONG, "source": {"name": "Axios", "id": None}, "tags": ["a", "b"], "n": 3, "ok": True},
        {"text": ARABIC, "later": [{"x": 1}]},
        {"text": ""},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(value) for value in values))
    assert FORMATS.importer(path).name == "texts-json"
    (first, second), remarks = go(path)
    assert first.document.metadata == {"outlet": "Axios", "tags": ["a", "b"], "n": 3, "ok": True}
    assert second.text == ARABIC
    assert second.document.metadata == {"later": '[{"x":1}]'}
    assert remarks == []
    assert go(path, outlet="-")[0][0].document.metadata["source.name"] == "Axios"
    (tmp_path / "b.json").write_text(json.dumps(values))
    assert [d.text for d in go(tmp_path / "b.json")[0]] == [LONG, ARABIC]
    (tmp_path / "c.jsonl").write_text(json.dumps(values[0]) + "\n[1]\n")
    with pytest.raises(FileRefused, match="line 2 is no JSON object"):
        go(tmp_path / "c.jsonl")


def test_json_that_is_another_format(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": LONG, "label": [[0, 3, "X"]]}))
    assert FORMATS.importer(tmp_path / "a.jsonl").name != "texts-json"
    (tmp_path / "b.json").write_text(json.dumps({"format": "annotator-project", "text": LONG}))
    assert FORMATS.importer(tmp_path / "b.json").name == "json"


# Guesses

_ROLE_NAMES = {
    "text": ("Text", "full_text", "Article Text", "Volltext", "النص"),
    "title": ("Title", "HEADLINE", "Überschrift", "titre", "العنوان"),
    "date": ("Date", "publication_date", "Published At", "Datum", "التاريخ"),
    "outlet": ("Outlet", "source", "News-Paper", "Quelle", "الصحيفة"),
    "author": ("Author", "byline", "Autor/en", "الكاتب"),
    "url": ("URL", "link", "permalink", "الرابط"),
    "language": ("Language", "lang", "Sprache", "اللغة"),
}


@given(
    st.fixed_dictionaries({role: st.sampled_from((None, *names)) for role, names in _ROLE_NAMES.items()}),
    st.lists(st.text("abcxyz 0123", min_size=1, max_size=9).filter(lambda n: not columns.role_of(n)), max_size=4),
    st.randoms(use_true_random=False),
)
def test_columns_with_usual_names_are_found_wherever_they_stand(
    chosen: dict[str, str | None], others: list[str], random: Any
) -> None:
    names = [*filter(None, chosen.values()), *(f"{other} {at}q" for at, other in enumerate(others))]
    random.shuffle(names)
    assert columns.guess(names, []) == {role: name for role, name in chosen.items() if name}


_CELL = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")) | st.sampled_from('\n\r\t,;|"'), max_size=60)


@given(
    rows=st.lists(
        st.tuples(
            _CELL,
            _CELL.filter(str.strip),
            _CELL,
        ),
        min_size=1,
        max_size=8,
    ),
    order=st.permutations(["title", "text", "other"]),
    delimiter=st.sampled_from(",;\t|"),
)
def test_cells_come_exactly(
    rows: list[tuple[str, str, str]], order: list[str], delimiter: str, tmp_path_factory: Any
) -> None:
    path = tmp_path_factory.mktemp("t") / "a.csv"
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(order)
    for row in rows:
        cells = dict(zip(("title", "text", "other"), row, strict=True))
        writer.writerow([cells[name] for name in order])
    path.write_bytes(out.getvalue().encode())
    found, _ = go(path, delimiter="tab" if delimiter == "\t" else delimiter)
    expected = [text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "") for _, text, _ in rows]
    assert [d.text for d in found] == [text for text in expected if text.strip()]


# Into a project


@pytest.fixture
def project(tmp_path: Path) -> Any:
    made = Project.create(tmp_path / "p.annot", coder="Ana")
    yield made
    made.close()


def test_the_same_text_twice_is_left_out_and_counted(project: Project, table: Any) -> None:
    path = table(
        "title,text,outlet,date\n"
        f"One,{PLAIN},Axios,2026-01-06\nThe same,{PLAIN},BBC,2026-01-07\nOnce more,{PLAIN},BBC,2026-01-07\nTwo,{ARABIC},,\n"
    )
    report = import_files(project, [path])
    assert (report.added["document"], report.skipped["document"]) == (2, 2)
    assert report.remarks[0].text == "the project has this text already, as “One”"
    assert report.remarks[0].where == f"{path}, “The same”"
    first = project.documents.get(project.documents.rows()[0].id)
    assert first.metadata["also ran"] == ["BBC, 2026-01-07"]
    assert len(project.history()) == 1
    again = import_files(project, [path])
    assert not again.added
    assert project.documents.get(first.id).metadata["also ran"] == ["BBC, 2026-01-07"]
    project.undo()
    assert project.counts()["documents"] == 0


def test_options_that_nobody_knows(project: Project, table: Any) -> None:
    with pytest.raises(InvalidValue, match="no option “txet” for these files; there are author, date"):
        import_files(project, [table(f"text\n{LONG}\n")], options={"txet": "x"})
    assert project.counts()["documents"] == 0
