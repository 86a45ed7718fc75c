"""The same file again, and files that meet an article the project has: nothing twice, nothing lost, all of it told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from annotator.domain.codebook import Field, Registry
from annotator.domain.errors import Conflict
from annotator.interchange.registry import Formats
from annotator.services.checking import problems
from annotator.services.exporting import export_file
from annotator.services.importing import import_files
from annotator.services.project import Project
from tests.fuzzing.samples import PROJECT, SAMPLES, TEXT, good

FORMATS = Formats()
CODED = sorted(name for name, importer in FORMATS.importers.items() if getattr(importer, "coded", False))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project.create(tmp_path / "study.annot", coder="Ana")
    yield made
    assert problems(made) == []
    made.close()


def whole(project: Project) -> Any:
    """All that a project holds, without what no file could change."""
    counts = project.counts()
    store = project.store
    marks = [a for row in store.document_rows() for a in store.annotations(row.id)]
    links = [link for row in store.document_rows() for link in store.links(row.id)]
    return counts, store.entries(), store.coders(), project.codebook.layers, marks, links


def brat(folder: Path, **files: str) -> Path:
    for name, content in files.items():
        stem, _, ending = name.rpartition("_")
        path = folder / f"{stem.replace('__', '/')}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return folder


def test_these_are_the_formats() -> None:
    assert {"brat", "qdpx", "webanno-tsv", "dna", "rst", "cas-xmi", "web-annotation", "doccano", "prodigy"} <= set(
        CODED
    )


@pytest.mark.parametrize("name", CODED)
def test_the_same_file_again_changes_nothing(name: str, project: Project, tmp_path: Path) -> None:
    path = tmp_path / SAMPLES[name][0]
    path.write_bytes(good(name))
    first = import_files(project, [path], name)
    before = whole(project)
    again = import_files(project, [path], name)
    assert whole(project) == before
    assert again.added == {}
    assert again.replaced == {}
    for kind in ("document", "annotation", "link", "entry"):
        assert again.skipped[kind] == first.added[kind], kind
    # From another place, under another name of the file, it is the same still.
    moved = tmp_path / "elsewhere" / f"y{path.name[1:]}"
    moved.parent.mkdir()
    moved.write_bytes(good(name))
    assert import_files(project, [moved], name).added == {}
    assert whole(project) == before


@pytest.mark.parametrize("name", CODED)
def test_annotations_go_to_the_article_that_is_there(name: str, project: Project, tmp_path: Path) -> None:
    path = tmp_path / SAMPLES[name][0]
    path.write_bytes(good(name))
    text = next(item.text for item in FORMATS.importers[name].read(path, _reading()) if hasattr(item, "text")
                and hasattr(item, "document"))  # fmt: skip
    there = project.documents.add("As a plain text", text)
    report = import_files(project, [path], name)
    assert report.added["document"] == 0
    assert report.added["annotation"] == len(project.store.annotations(there.id)) > 0
    assert any("already, as “As a plain text”; what is new" in remark.text for remark in report.remarks)
    before = whole(project)
    assert import_files(project, [path], name).added == {}
    assert whole(project) == before


def _reading() -> Any:
    from annotator.domain.exchange import Reading

    return Reading()


def test_two_articles_of_one_text_stay_two(project: Project, tmp_path: Path) -> None:
    folder = brat(
        tmp_path / "corpus",
        a_txt="One text.", a_ann="T1\tSource 0 3\tOne\n",
        b_txt="One text.", b_ann="T1\tCue 4 8\ttext\nT2\tCue 4 8\ttext\n",
    )  # fmt: skip
    report = import_files(project, [folder])
    assert (report.added["document"], report.added["annotation"]) == (2, 3)
    assert "the text of “b” is the same as that of “a” before it; both were kept" in report.remarks[0].text
    before = whole(project)
    again = import_files(project, [folder])
    assert again.added == {}
    assert again.skipped == {"document": 2, "annotation": 3}
    assert whole(project) == before
    # Through our own export, and into a project that is new.
    export_file(project, tmp_path / "out.brat.zip")
    other = Project.create(tmp_path / "other.annot", coder="Ben")
    assert import_files(other, [tmp_path / "out.brat.zip"]).added == report.added
    other.close()


def test_what_is_new_in_a_file_is_added(project: Project, tmp_path: Path) -> None:
    text = "The Post reported that all is well, it said."
    one = "T1\tSource 0 8\tThe Post\nT2\tCue 9 17\treported\nE1\tReport:T2 Source:T1\n"
    folder = brat(tmp_path / "corpus", a_txt=text, a_ann=one)
    import_files(project, [folder])
    more = one + "T3\tSource 36 38\tit\nT4\tCue 39 43\tsaid\nE2\tReport:T4 Source:T3\nE3\tReport:T2 Source:T3\n"
    brat(tmp_path / "corpus", a_ann=more)
    report = import_files(project, [folder])
    assert report.added == {"annotation": 2, "link": 2}
    assert report.skipped == {"document": 1, "annotation": 2, "link": 1}
    assert [r.text for r in report.remarks] == [
        "the project has this text already, as “a”; what is new in it was added to that article: 4 annotations and links"
    ]
    # The new link holds what was there before.
    document = project.store.document_rows()[0].id
    cues = {a.id: text[a.start : a.end] for a in project.store.annotations(document)}
    told = sorted(sorted(cues[m] for m in link.members()) for link in project.store.links(document))
    assert told == [["The Post", "reported"], ["it", "reported"], ["it", "said"]]
    project.undo()
    assert project.counts()["links"] == 1


def test_another_coder_is_no_repetition(project: Project, tmp_path: Path) -> None:
    folder = brat(tmp_path / "corpus", a_txt="One text.", a_ann="T1\tSource 0 3\tOne\n")
    import_files(project, [folder])
    assert import_files(project, [folder], coder="Ben").added == {"coder": 1, "annotation": 1}
    assert import_files(project, [folder], coder="Ben").added == {}


def test_what_a_person_changed_since_is_kept(project: Project, tmp_path: Path) -> None:
    folder = brat(
        tmp_path / "c", a_txt="One text.", a_ann="T1\tSource 0 3\tOne\n#1\tAnnotatorNotes T1\tfrom the file\n"
    )
    import_files(project, [folder])
    document = project.store.document_rows()[0].id
    (annotation,) = project.store.annotations(document)
    with project.step("Edit") as step:
        step.replace(replace(annotation, note="mine"))
    report = import_files(project, [folder])
    assert report.added == {}
    assert "1 of them have another note or other entries here, which were kept" in report.remarks[0].text
    assert project.store.annotations(document)[0].note == "mine"


# Entries


def _entries(project: Project) -> list[tuple[str, tuple[str, ...], dict[str, Any]]]:
    return sorted((e.name, e.aliases, dict(e.fields)) for e in project.store.entries())


def test_entries_are_found_by_name_and_alias(project: Project, tmp_path: Path) -> None:
    text = "The Post and The Times and Reuters."
    refs = (
        ("T1", "The Post", "W:1", "New York Post"),
        ("T2", "The Times", "W:2", "the times"),
        ("T3", "Reuters", "W:3", "X"),
    )
    ann = "".join(
        f"{key}\tActor {text.index(quote)} {text.index(quote) + len(quote)}\t{quote}\nN{n}\tReference {key} {ref}\t{name}\n"
        for n, (key, quote, ref, name) in enumerate(refs)
    )
    post = project.entries.create("registry-actors", "New York Post")
    times = project.entries.create("registry-actors", "Times of London", aliases=("The Times",))
    report = import_files(project, [brat(tmp_path / "c", a_txt=text, a_ann=ann)])
    assert (report.added["entry"], report.skipped["entry"]) == (1, 2)
    assert {name for name, *_ in _entries(project)} == {"New York Post", "Times of London", "X"}
    marks = project.store.annotations(project.store.document_rows()[0].id)
    assert [a.entries for a in marks][:2] == [(post.id,), (times.id,)]
    assert any("more is said there of 2 entries" in remark.text for remark in report.remarks)


def test_a_name_that_is_not_known_here_is_not_lost_without_a_word(project: Project, tmp_path: Path) -> None:
    other = Project.create(tmp_path / "other.annot")
    other.entries.create("registry-actors", "SPD", aliases=("Social Democrats",))
    other.documents.add("T", "The SPD.")
    export_file(other, tmp_path / "out.jsonld")
    other.close()
    known = project.entries.create("registry-actors", "Social Democrats")
    report = import_files(project, [tmp_path / "out.jsonld"])
    assert project.entries.all("registry-actors") == [known]
    assert [remark.text for remark in report.remarks] == [
        "more is said there of an entry that the project has already (“Social Democrats”)"
    ]


def test_two_entries_of_one_name_stay_two(project: Project, tmp_path: Path) -> None:
    """Codes of one name under two others, as in every real code tree."""
    code = '<Code guid="{}" name="{}" isCodable="true">{}</Code>'
    inner = [code.format(f"00000000-0000-4000-8000-00000000000{n}", "positive", "") for n in (1, 2)]
    tree = "".join(
        code.format(f"00000000-0000-4000-8000-00000000001{n}", name, inner[n])
        for n, name in enumerate(("war", "peace"))
    )
    told = (
        f'<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="X"><Codes>{tree}</Codes></CodeBook>'
    )
    (tmp_path / "a.qdc").write_text(told)
    assert import_files(project, [tmp_path / "a.qdc"]).added["entry"] == 4
    # The same tree from a program that gives new ids each time.
    (tmp_path / "b.qdc").write_text(told.replace("-4000-8000-", "-4000-9000-"))
    report = import_files(project, [tmp_path / "b.qdc"])
    assert (report.added["entry"], report.skipped["entry"]) == (0, 4)
    (tmp_path / "c.qdc").write_text(told.replace("-4000-8000-", "-4000-a000-").replace('name="peace"', 'name="trade"'))
    report = import_files(project, [tmp_path / "c.qdc"])
    assert (report.added["entry"], report.skipped["entry"]) == (2, 2)


@pytest.mark.parametrize("both", [True, False])
def test_a_layer_whose_registry_has_another_name_here(both: bool, project: Project, tmp_path: Path) -> None:
    layers = project.codebook.layers_by_name
    with project.step("People") as step:
        step.add(Registry("r-people", "people"))
        step.replace(
            [replace(layers[name], registry="people") for name in (("Actor", "Source") if both else ("Actor",))]
        )
    ann = "T1\tActor 0 3\tOne\nN1\tReference T1 W:1\tThe One\nT2\tSource 4 8\ttext\nN2\tReference T2 W:1\tThe One\n"
    folder = brat(tmp_path / "c", a_txt="One text.", a_ann=ann)
    import_files(project, [folder])
    registries = {registry.name: registry.id for registry in project.codebook.registries}
    entries = {entry.id: entry for entry in project.store.entries()}
    for annotation in project.store.annotations(project.store.document_rows()[0].id):
        layer = project.codebook.layers_by_id[annotation.layer_id]
        (entry,) = (entries[id_] for id_ in annotation.entries)
        assert (entry.name, entry.registry_id) == ("The One", registries[layer.registry])
    assert len(entries) == (1 if both else 2)
    before = whole(project)
    assert import_files(project, [folder]).added == {}
    assert whole(project) == before
    # What goes out comes in again.
    export_file(project, tmp_path / "x.brat.zip")
    assert import_files(project, [tmp_path / "x.brat.zip"]).added == {}
    assert whole(project) == before


@pytest.mark.parametrize(
    ("attribute", "field", "value"),
    [
        ("A1\tform T1 pronoun\n", "form", "pronoun"),  # a choice, as here
        ("A1\tseen T1\n", "seen", True),
        ("A1\tseen T1 yes\n", "seen", True),  # words that say the same
        ("A1\tseen T1 maybe\n", "seen (choice)", "maybe"),
        ("A1\tweight T1 2.5\n", "weight", 2.5),
        ("A1\tweight T1 heavy\n", "weight (choice)", "heavy"),
        ("A1\ttopics T1 war\n", "topics", ["war"]),
        ("A1\tform T1 pronoun\nA2\tform T1 name\n", "form (multi-choice)", ["pronoun", "name"]),
        ("A1\twhy T1\n", "why", "true"),
    ],
)
def test_fields_of_another_type(attribute: str, field: str, value: Any, project: Project, tmp_path: Path) -> None:
    layer = project.codebook.layers_by_name["Actor"]
    own = (Field("seen", "boolean"), Field("weight", "number"), Field("topics", "multi-choice", ("peace",)),
           Field("why", "text"), Field("form", "choice", ("name",)))  # fmt: skip
    with project.step("Fields") as step:
        step.replace(replace(layer, fields=own))
    folder = brat(tmp_path / "c", a_txt="One text.", a_ann=f"T1\tActor 0 3\tOne\n{attribute}")
    import_files(project, [folder])
    (annotation,) = project.store.annotations(project.store.document_rows()[0].id)
    assert annotation.fields == {field: value}
    codebook = project.codebook
    assert import_files(project, [folder]).added == {}
    assert project.codebook == codebook


# What the project itself exported


EXPORTED = sorted(set(CODED) & set(FORMATS.exporters))
ENDINGS = {name: "".join(Path(SAMPLES[name][0]).suffixes) for name in EXPORTED}


@pytest.mark.parametrize("name", EXPORTED)
def test_an_export_back_into_its_own_project(name: str, project: Project, tmp_path: Path) -> None:
    given = json.loads(json.dumps(PROJECT))
    ids = {"d", "e1", "e2", "a1", "a2", "a3", "a4", "k1", "k2", "c"}
    real = {id_: f"00000000-0000-4000-8000-{n:012}" for n, id_ in enumerate(sorted(ids))}
    (tmp_path / "own.json").write_text(json.dumps(_renamed(given, real)))
    import_files(project, [tmp_path / "own.json"])
    before = whole(project)
    out = tmp_path / f"out{ENDINGS[name]}"
    export_file(project, out, name)
    report = import_files(project, [out], name)
    assert report.replaced == {}
    after = whole(project)
    # What a format cannot say makes another annotation of it at worst; nothing that is there is touched.
    for kind in range(1, 3):
        assert after[kind] == before[kind]
    assert project.counts()["documents"] == 1
    if name in ("brat", "qdpx", "cas-xmi", "cas-json", "web-annotation"):
        assert after == before
        assert report.added == {}


def _renamed(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: item if key in ("name", "quote", "text") else _renamed(item, ids) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, ids) for item in value]
    return ids.get(value, value) if isinstance(value, str) else value


def test_an_export_that_says_otherwise_is_a_conflict_and_no_dead_end(project: Project, tmp_path: Path) -> None:
    given = json.loads(json.dumps(PROJECT))
    ids = {
        id_: f"00000000-0000-4000-8000-{n:012}"
        for n, id_ in enumerate(("d", "e1", "e2", "a1", "a2", "a3", "a4", "k1", "k2"))
    }
    (tmp_path / "own.json").write_text(json.dumps(_renamed(given, ids)))
    import_files(project, [tmp_path / "own.json"])
    out = tmp_path / "out.qdpx"
    export_file(project, out)
    project.entries.edit(ids["e1"], name="John Smith")
    project.documents.edit(ids["d"], title="Another title")
    before = whole(project)
    with pytest.raises(Conflict) as told:
        import_files(project, [out])
    assert set(told.value.ids) == {ids["e1"], ids["d"]}
    assert whole(project) == before
    mine = import_files(project, [out], on_conflict="mine")
    assert whole(project) == before
    assert mine.kept == {"entry": 1, "document": 1}
    theirs = import_files(project, [out], on_conflict="theirs")
    assert theirs.replaced == {"entry": 1, "document": 1}
    (entry,) = [e for e in project.store.entries() if e.id == ids["e1"]]
    # What the file cannot say stays: the alias and the field.
    assert (entry.name, entry.aliases, entry.fields) == ("J. Smith", ("Smith",), {"kind": "person"})
    document = project.documents.get(ids["d"])
    assert (document.title, document.status, document.metadata["tags"]) == ("One", "done", ["a", "b"])
    assert project.documents.text(ids["d"]) == TEXT


def test_a_source_whose_text_was_changed_since(project: Project, tmp_path: Path) -> None:
    source = "00000000-0000-4000-8000-000000000001"

    def write(text: str, end: int) -> Path:
        selection = f'<PlainTextSelection guid="00000000-0000-4000-8000-00000000000{end}" startPosition="0" endPosition="{end}"/>'
        (tmp_path / "p.qde").write_text(
            f'<Project xmlns="urn:QDA-XML:project:1.0" name="P" origin="X"><Sources><TextSource guid="{source}" name="One">'
            f"<PlainTextContent>{text}</PlainTextContent>{selection}</TextSource></Sources></Project>"
        )
        return tmp_path / "p.qde"

    import_files(project, [write("Old text.", 3)])
    before = whole(project)
    with pytest.raises(Conflict):
        import_files(project, [write("New, longer text.", 4)])
    for choice in ("mine", "theirs"):
        report = import_files(project, [tmp_path / "p.qde"], on_conflict=choice)  # type: ignore[arg-type]
        assert report.kept == {"document": 1}
        assert "another text under its id" in report.remarks[-1].text
        assert whole(project) == before


@pytest.mark.parametrize("name", ["brat", "qdpx", "cas-json", "web-annotation"])
@given(data=st.data())
@settings(max_examples=6, phases=(Phase.generate,), suppress_health_check=list(HealthCheck), deadline=None)
def test_any_project_takes_its_own_export_back(
    name: str, data: st.DataObject, tools: Any, tmp_path_factory: Any
) -> None:
    memory = data.draw(tools.projects())
    folder = tmp_path_factory.mktemp("own")
    (folder / "own.json").write_bytes(tools.write(FORMATS.exporters["json"], memory))
    project = Project.create(folder / "study.annot", coder="Ana")
    try:
        import_files(project, [folder / "own.json"])
        before = whole(project)
        out = folder / f"out{ENDINGS[name]}"
        export_file(project, out, name)
        report = import_files(project, [out], name)
        lossy = name == "brat"  # edges that are line breaks, and links between coders
        assert {kind: n for kind, n in report.added.items() if not lossy or kind not in ("annotation", "link")} == {}
        after = whole(project)
        assert after[1:4] == before[1:4]
        if not lossy:
            assert after == before
    finally:
        project.close()
