"""brat standoff as real files are."""

# ruff: noqa: E501 - files of other programs are as they are

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from annotator.cli import main
from annotator.domain.errors import FileRefused
from annotator.interchange.brat_format import BratExporter, BratImporter
from annotator.interchange.registry import Formats
from annotator.services.checking import problems
from annotator.services.exporting import export_file
from annotator.services.importing import import_files
from annotator.services.project import Project

TEXT = 'The Post reported on Monday\nthat the 😀 deal, "a disaster," was off. Two aides said so; "No," he added.\n'


def at(*quotes: str, text: str = TEXT) -> str:
    return ";".join(f"{text.index(quote)} {text.index(quote) + len(quote)}" for quote in quotes)


def record(key: str, type_: str, *quotes: str, told: str | None = None) -> str:
    return f"{key}\t{type_} {at(*quotes)}\t{' '.join(quotes) if told is None else told}\n"


GOOD = (
    record("T1", "Source", "The Post")
    + record("T2", "Cue", "reported")
    + record("T3", "Content", "that the 😀 deal", "was off")
    + record("T4", "Attribution", "reported")
    + record("T5", "Source", "Two aides")
    + record("T6", "Content", "so")
    + "E1\tAttribution:T4 Source:T1 Cue:T2 Content:T3 Content2:T6\n"
    + "R1\tSame Arg1:T1 Arg2:T5\t\n"
    + "*\tEquiv T1 T5\n"
    + "A1\tNegated T3\nA2\tLevel T3 high\nA3\tLevel T6 low\nM1\tSpeculation E1\n"
    + "N1\tReference T1 Wikipedia:102226\tNew York Post\n"
    + "#1\tAnnotatorNotes T5\tWho are they?\n#2\tAnnotatorNotes E1\tclear case\n"
)


@pytest.fixture
def pair(tmp_path: Path) -> Any:
    def write(ann: str | bytes = GOOD, text: str | bytes = TEXT, stem: str = "a") -> Path:
        for ending, content in ((".txt", text), (".ann", ann)):
            path = tmp_path / (stem + ending)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / f"{stem}.ann"

    return write


def texts(memory: Any, document: int = 0) -> list[tuple[str, str]]:
    data = memory.of_documents[document]
    layers = {layer.id: layer.name for layer in memory.codebook.layers}
    return [(layers[a.layer_id], " … ".join(data.text[s:e] for s, e in a.fragments)) for a in data.annotations]


def roles(memory: Any, document: int = 0) -> list[tuple[str, dict[str, list[str]]]]:
    data = memory.of_documents[document]
    told = {a.id: " … ".join(data.text[s:e] for s, e in a.fragments) for a in data.annotations}
    types = {t.id: t.name for t in memory.codebook.link_types}
    links = {link.id: link for link in data.links}
    return [
        (
            types[k.type_id],
            {
                r: [told.get(m, f"→{types[links[m].type_id]}" if m in links else m) for m in ms]
                for r, ms in k.roles.items()
            },
        )
        for k in data.links
    ]


def test_every_kind_of_record(tools: Any, pair: Any) -> None:
    memory = tools.read(BratImporter(), pair())
    assert memory.remarks == []
    assert texts(memory) == [
        ("Source", "The Post"),
        ("Cue", "reported"),
        ("Content", "that the 😀 deal … was off"),
        ("Attribution", "reported"),
        ("Source", "Two aides"),
        ("Content", "so"),
    ]
    assert roles(memory) == [
        (
            "Attribution",
            {
                "trigger": ["reported"],
                "Source": ["The Post"],
                "Cue": ["reported"],
                "Content": ["that the 😀 deal … was off", "so"],
            },
        ),
        ("Same", {"Arg1": ["The Post"], "Arg2": ["Two aides"]}),
        ("Equiv", {"member": ["The Post", "Two aides"]}),
    ]
    annotations = memory.of_documents[0].annotations
    assert annotations[2].fields == {"Negated": True, "Level": "high"}
    assert annotations[5].fields == {"Level": "low"}
    assert memory.of_documents[0].links[0].fields == {"Speculation": True}
    assert annotations[4].note == "Who are they?"
    assert memory.of_documents[0].links[0].note == "clear case"
    (entry,) = memory.of_entries
    assert (entry.name, entry.fields, annotations[0].entries) == (
        "New York Post",
        {"reference": "Wikipedia:102226"},
        (entry.id,),
    )
    assert memory.of_documents[0].document.title == "a"


def test_renaming_brings_roles_to_ours(tools: Any, pair: Any) -> None:
    memory = tools.read(BratImporter(), pair(), map="Content=Claim\nReference=x")
    assert {layer for layer, _ in texts(memory)} == {"Source", "Cue", "Claim", "Attribution"}
    assert set(roles(memory)[0][1]) == {"trigger", "source", "cue", "claim"}
    assert memory.codebook.attribution is not None
    with pytest.raises(FileRefused, match="is not like Content=Claim"):
        tools.read(BratImporter(), pair(), map="Content")


def test_crlf_and_a_byte_order_mark(tools: Any, pair: Any) -> None:
    text = TEXT.replace("\n", "\r\n")
    ann = "".join(
        record(key, type_, quote) if False else f"{key}\t{type_} {at(quote, text=text)}\t{quote}\r\n"
        for key, type_, quote in (("T1", "Source", "The Post"), ("T2", "Source", "Two aides"), ("T3", "Cue", "added"))
    )
    expected = [("Source", "The Post"), ("Source", "Two aides"), ("Cue", "added")]
    memory = tools.read(BratImporter(), pair(ann, text))
    assert texts(memory) == expected
    assert memory.remarks == []
    # Offsets that count a line end as one although the file has two, and those that count the mark at its beginning.
    lf = "".join(f"T{n}\tX {at(q)}\t{q}\n" for n, (_, q) in enumerate(expected))
    memory = tools.read(BratImporter(), pair(lf, text))
    assert [quote for _, quote in texts(memory)] == [quote for _, quote in expected]
    assert [remark.kind for remark in memory.remarks] == ["mended"]
    marked = "".join(
        f"T{n}\tX {TEXT.index(q) + 1} {TEXT.index(q) + 1 + len(q)}\t{q}\n" for n, (_, q) in enumerate(expected)
    )
    memory = tools.read(BratImporter(), pair(marked, b"\xef\xbb\xbf" + TEXT.encode()))
    assert [quote for _, quote in texts(memory)] == [quote for _, quote in expected]


def test_offsets_in_utf16_units(tools: Any, pair: Any) -> None:
    def unit(quote: str) -> int:
        return len(TEXT[: TEXT.index(quote)].encode("utf-16-le")) // 2

    ann = "".join(f"T{n}\tX {unit(q)} {unit(q) + len(q)}\t{q}\n" for n, q in enumerate(("Two aides", "added")))
    memory = tools.read(BratImporter(), pair(ann))
    assert [quote for _, quote in texts(memory)] == ["Two aides", "added"]
    assert "UTF-16" in memory.remarks[0].text


def test_fragments_that_line_breaks_part_are_one(tools: Any, pair: Any) -> None:
    ann = record("T1", "X", "on Monday", "that the") + record("T2", "X", "Two", "said")
    memory = tools.read(BratImporter(), pair(ann))
    assert [quote for _, quote in texts(memory)] == ["on Monday\nthat the", "Two … said"]
    out = tools.write(BratExporter(), memory)
    with zipfile.ZipFile(tools.write.__self__ if False else __import__("io").BytesIO(out)) as archive:
        assert archive.read("a.ann").decode().splitlines()[0] == ann.splitlines()[0]


def test_a_record_that_goes_on_in_the_next_line(tools: Any, pair: Any) -> None:
    start = TEXT.index("Monday")
    ann = f"T1\tX {start} {start + 11}\tMonday\nthat\nT2\tX {at('Two')}\tTwo\n#1\tAnnotatorNotes T2\tone\n\nThe other line\nA1\tBad T2\n"
    memory = tools.read(BratImporter(), pair(ann))
    assert memory.remarks == []
    assert [quote for _, quote in texts(memory)] == ["Monday\nthat", "Two"]
    assert memory.of_documents[0].annotations[1].note == "one\n\nThe other line"


def test_text_that_disagrees_with_its_offsets(tools: Any, pair: Any) -> None:
    ann = (
        "T1\tX 0 9\tTwo aides\n"  # elsewhere, once
        "T2\tX 0 3\tgone\n"  # nowhere
        "T3\tX 5000 5005\tadded\n"  # outside, but there
        "T4\tX 5000 5005\tnowhere\n"  # outside, and not there
        "T5\tX 4 4\t\n"  # nothing
        "T6\tX 0 8\tThe  Post\n"  # white space only
        "T7\tX 9 4\tx\n"
        "T8\tX -3 4\tzz\n"
        "T9\tX 0 5000\tzz\n"
    )
    memory = tools.read(BratImporter(), pair(ann))
    assert texts(memory) == [("X", "Two aides"), ("X", "The"), ("X", "added"), ("X", "The Post")]
    assert [(remark.kind, remark.where.rpartition(", ")[2]) for remark in memory.remarks] == [
        ("mended", "line 1"),
        ("mended", "line 2"),
        ("mended", "line 3"),
        ("skipped", "line 4"),
        ("skipped", "line 5"),
        ("skipped", "line 7"),
        ("skipped", "line 8"),
        ("skipped", "line 9"),
    ]


def test_a_quote_that_stands_twice_nearby_stays_at_its_offsets(tools: Any, pair: Any) -> None:
    memory = tools.read(BratImporter(), pair("T1\tX 0 2\tno\n", "yes no no yes"))
    assert texts(memory) == [("X", "ye")]
    assert len(memory.remarks) == 1


def test_links_that_do_not_hold(tools: Any, pair: Any) -> None:
    ann = (
        record("T1", "Source", "The Post")
        + "E1\tAttribution:T1\n"  # no arguments
        + "E2\tAttribution:T9 Content:T8\n"  # nothing of it is there
        + "E3\tAttribution Content:T1\n"  # no trigger
        + "E4\tAttribution:T1 Content:E5\nE5\tAttribution:T1 Content:E4\n"  # a circle
        + "E6\tAttribution:T1 Content:E6\n"  # itself
        + "E7\tAttribution:T1 Content:T1 Content2:T1\n"  # twice
        + "R1\tX Arg1:T1\nR2\tX Arg1 Arg2:T1\n*\tEquiv T1\nE8\nA1\tNothing T77\nN1\tReference T1\nhello\nX1\tWhat\n"
    )
    memory = tools.read(BratImporter(), pair(ann))
    found = roles(memory)
    assert found[0] == ("Attribution", {"trigger": ["The Post"]})
    assert ("Attribution", {"Content": ["The Post"]}) in found
    assert sum(r.kind == "skipped" for r in memory.remarks) >= 6
    assert not any("E2" in str(link) for link in found)


def test_ids_that_stand_twice(tools: Any, pair: Any) -> None:
    ann = record("T1", "X", "The Post") + record("T1", "Y", "Two aides") + "E1\tL:T1\nE1\tL:T1\n"
    memory = tools.read(BratImporter(), pair(ann))
    assert len(memory.of_documents[0].annotations) == 2
    assert roles(memory) == [("L", {"trigger": ["The Post"]})] * 2


def test_coders_behind_the_name_and_texts_in_another_folder(tools: Any, pair: Any, tmp_path: Path) -> None:
    for coder in ("ab12", "cd34"):
        (tmp_path / "dev" / "attributions").mkdir(parents=True, exist_ok=True)
        (tmp_path / "dev" / "attributions" / f"post_2016_{coder}.ann").write_text(GOOD, "utf-8")
    (tmp_path / "dev" / "text").mkdir()
    (tmp_path / "dev" / "text" / "post_2016.txt").write_text(TEXT, "utf-8")
    (tmp_path / "dev" / "text" / "README.txt").write_text("Not an article", "utf-8")
    (tmp_path / "dev" / "attributions" / "lost_ef.ann").write_text(GOOD, "utf-8")
    memory = tools.read(BratImporter(), tmp_path)
    assert len(memory.of_documents) == 1
    assert len(memory.of_documents[0].annotations) == 12
    assert [coder.name for coder in memory.of_coders] == ["ab12", "cd34"]
    assert len(roles(memory)) == 6
    assert [remark.text for remark in memory.remarks] == ["there is no text lost_ef.txt to it"]
    one = tools.read(BratImporter(), tmp_path / "dev" / "attributions" / "post_2016_ab12.ann")
    assert (len(one.of_documents[0].annotations), one.of_documents[0].text) == (6, TEXT)


def test_the_same_text_in_a_folder_for_each_coder(tools: Any, pair: Any, tmp_path: Path) -> None:
    pair(GOOD, TEXT, "ana/a")
    pair(GOOD, TEXT, "ben/a")
    pair(GOOD, TEXT + "x", "ben/b")
    pair("", TEXT + "x", "ben/c")
    memory = tools.read(BratImporter(), tmp_path)
    assert [coder.name for coder in memory.of_coders] == ["ana", "ben"]
    # The third has its text from another article, under another name: both are kept, and told.
    assert sorted(len(data.annotations) for data in memory.of_documents) == [0, 6, 12]
    assert [remark.kind for remark in memory.remarks] == ["mended"]


def test_what_is_no_collection(tools: Any, tmp_path: Path) -> None:
    (tmp_path / "alone.ann").write_text("T1\tX 0 1\ta\n")
    with pytest.raises(FileRefused, match=r"alone\.txt is not beside it"):
        tools.read(BratImporter(), tmp_path / "alone.ann")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("x.ann", "T1\tX 0 1\ta\n")
    with pytest.raises(FileRefused, match="no .txt files"):
        tools.read(BratImporter(), tmp_path / "x.zip")
    (tmp_path / "y.zip").write_bytes(b"PK\x03\x04 not a zip")
    with pytest.raises(FileRefused, match="not a zip"):
        tools.read(BratImporter(), tmp_path / "y.zip")


def test_a_zip_bomb_and_a_path_out_of_the_zip(tools: Any, tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"0" * (40 << 20))
        archive.writestr("a.ann", "")
    with pytest.raises(FileRefused, match="as only a trap does"):
        tools.read(BratImporter(), path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../a.txt", TEXT)
        archive.writestr("../../a.ann", GOOD)
    assert len(tools.read(BratImporter(), path).of_documents) == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["bomb.zip"]


def test_through_a_project_and_back(tools: Any, pair: Any, tmp_path: Path) -> None:
    pair(stem="corpus/a")
    pair(record("T1", "Claim", "Two aides"), TEXT + "More.", "corpus/b")
    project = Project.create(tmp_path / "x.annot", coder="Ana")
    report = import_files(project, [tmp_path / "corpus"])
    assert problems(project) == []
    assert (report.added["document"], report.added["annotation"], report.added["link"]) == (2, 7, 3)
    export_file(project, tmp_path / "out", "brat")
    export_file(project, tmp_path / "out.brat.zip")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "a.ann",
        "a.txt",
        "annotation.conf",
        "annotator.json",
        "b.ann",
        "b.txt",
    ]
    one, other = tools.read(BratImporter(), tmp_path / "out"), tools.read(BratImporter(), tmp_path / "out.brat.zip")
    assert tools.picture(one) == tools.picture(other)
    plain = tools.read(BratImporter(), tmp_path / "corpus")
    for data in plain.of_documents:
        match = next(d for d in one.of_documents if d.text == data.text)
        assert [a.fragments for a in match.annotations] == [a.fragments for a in data.annotations]
    # Without what Annotator puts beside the files, they say the same.
    (tmp_path / "out" / "annotator.json").unlink()
    bare = tools.read(BratImporter(), tmp_path / "out")
    assert [sorted(texts(bare, n)) for n in range(2)] == [sorted(texts(one, n)) for n in range(2)]
    project.undo()
    assert project.counts()["documents"] == 0
    project.close()


def test_the_command_line(pair: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pair(stem="corpus/a")
    project = str(tmp_path / "p.annot")
    assert main(["new", project]) == 0
    assert main(["import", project, str(tmp_path / "corpus"), "--map", "Content=Claim", "--coder", "Ana"]) == 0
    assert main(["check", project]) == 0
    capsys.readouterr()
    assert main(["info", project, "--json"]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert (counts["layers"]["Claim"], counts["layers"]["Source"], counts["links"]) == (2, 2, 3)
    assert main(["export", project, str(tmp_path / "o.zip"), "--format", "brat"]) == 0
    assert main(["import", project, str(tmp_path / "corpus"), "--map", "Content"]) == 2
    assert Formats().importer(tmp_path / "o.zip").name == "brat"


def test_what_brat_loses(tools: Any, tmp_path: Path) -> None:
    """Each sentence of the losses, seen."""
    text = "one\n\ntwo three"
    pair_ = tmp_path / "a"
    pair_.with_suffix(".txt").write_text(text)
    pair_.with_suffix(".ann").write_text("T1\tClaim 0 3\tone\n")
    memory = tools.read(BratImporter(), pair_.with_suffix(".ann"))
    from dataclasses import replace

    from annotator.domain.codebook import Field
    from annotator.domain.model import Fragment

    data = memory.of_documents[0]
    layer = replace(memory.codebook.layers[0], fields=(Field("why", "text"),))
    memory.codebook = replace(memory.codebook, layers=(layer,))
    mark = replace(
        data.annotations[0],
        fragments=(Fragment(2, 5), Fragment(5, 8)),
        fields={"why": "two\nlines"},
        note="a\nb",
        created="2026-01-06T09:12:00.000Z",
    )
    memory.of_documents = [replace(data, annotations=(mark,))]
    back = tools.through(BratExporter(), BratImporter(), memory, tmp_path / "x.brat.zip")
    (kept,) = back.of_documents[0].annotations
    assert kept.fragments == ((2, 8),)
    assert (kept.fields, kept.note, kept.created) == ({"why": "two lines"}, "a b", "")


def test_a_pair_of_files_is_one_article(pair: Any, tmp_path: Path, tools: Any) -> None:
    ann = pair()
    project = Project.create(tmp_path / "x.annot", coder="Ana")
    report = import_files(project, [ann.with_suffix(".txt"), ann])
    assert (report.added["document"], report.added["annotation"]) == (1, 6)
    project.close()
    assert len(tools.read(BratImporter(), ann.with_suffix(".txt")).of_documents) == 1
