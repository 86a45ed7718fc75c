"""An extract holds together whatever is left out, leaves nothing out that was not meant, and texts come back by their hash."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.anonymous import Anonymous
from annotator.domain.errors import AnnotatorError, FileRefused, InvalidValue
from annotator.domain.extract import Extract, named, shortened
from annotator.domain.model import Coder
from annotator.interchange.json_format import JsonExporter, JsonImporter
from annotator.interchange.registry import Formats
from annotator.services.exporting import export_file, export_to
from annotator.services.extracting import amount
from annotator.services.importing import import_files
from annotator.services.project import Project

LAYERS = ("Actor", "Claim", "Source", "Cue", "Irony ≠ sarcasm")
DAYS = ("2026-01-06T09:12:00.000Z", "2026-01-07T00:00:00.000Z", "2026-02-01T23:59:00.000Z", "")


@contextmanager
def _project(folder: Path, content: bytes) -> Iterator[Project]:
    made = Project.create(folder / "study.annot")
    try:
        (folder / "given.json").write_bytes(content)
        import_files(made, [folder / "given.json"])
        yield made
    finally:
        made.close()


def _json(project: Project, extract: Extract | None = None) -> Any:
    out = io.BytesIO()
    export_to(project, out, JsonExporter(), extract=extract)
    return json.loads(out.getvalue())


def _dated(draw: Any, source: Any) -> Any:
    """With dates on articles and annotations, and a status here and there."""
    for number, data in enumerate(source.of_documents):
        metadata = {**data.document.metadata, "date": draw(st.sampled_from(("2026-01-06", "2026-02", "2025", "soon")))}
        document = replace(data.document, metadata=metadata, status=draw(st.sampled_from(("new", "done"))))
        source.of_documents[number] = replace(
            data,
            document=document,
            annotations=tuple(replace(a, created=draw(st.sampled_from(DAYS))) for a in data.annotations),
            links=tuple(replace(k, created=draw(st.sampled_from(DAYS))) for k in data.links),
        )
    return source


@st.composite
def _wishes(draw: Any, source: Any) -> Extract:
    return Extract(
        status=draw(st.sampled_from(((), (), ("done",), ("new", "done")))),
        since=draw(st.sampled_from(("", "", "2026", "2026-01-06"))),
        until=draw(st.sampled_from(("", "", "2026-01", "2025"))),
        layers=tuple(draw(st.lists(st.sampled_from(LAYERS), unique=True, max_size=3))),
        coders=tuple(draw(st.lists(st.sampled_from([c.name for c in source.of_coders]), unique=True, max_size=1))),
        tagged_since=draw(st.sampled_from(("", "", "2026-01-07"))),
        tagged_until=draw(st.sampled_from(("", "", "2026-01"))),
    )


@given(data=st.data())
@settings(max_examples=30)
def test_any_extract_holds_together_and_misses_nothing(data: st.DataObject, tools: Any, tmp_path_factory: Any) -> None:
    source = _dated(data.draw, data.draw(tools.projects()))
    wish = data.draw(_wishes(source))
    folder = tmp_path_factory.mktemp("extract")
    with _project(folder, tools.write(JsonExporter(), source)) as project:
        counted = amount(project, wish)
        if not counted.documents:
            with pytest.raises(FileRefused, match="no article is as wished"):
                _json(project, wish)
            return
        export_file(project, folder / "less.json", extract=wish)
        whole = _json(project)
    # The importer checks each reference; Memory.check asks for what must always hold.
    less = tools.read(JsonImporter(), folder / "less.json")
    assert counted.documents == len(less.of_documents)
    assert counted.annotations == sum(len(d.annotations) for d in less.of_documents)
    layers = {layer["id"] for layer in whole["codebook"]["layers"]}
    names = {coder["id"]: coder["name"] for coder in whole["coders"]}
    assert [c.name for c in less.of_coders] == [n for n in names.values() if not wish.coders or n in wish.coders]
    expected: dict[str, set[str]] = {}
    for document in whole["documents"]:
        date = {"2026-02": "2026-02-01", "2025": "2025-01-01", "soon": ""}.get(
            document["metadata"]["date"], "2026-01-06"
        )
        if (
            (wish.status and document["status"] not in wish.status)
            or ((wish.since or wish.until) and not date)
            or (wish.since and date < wish.since)
            or (wish.until and date[: len(wish.until)] > wish.until)
        ):
            continue
        expected[document["id"]] = {
            a["id"]
            for a in document["annotations"]
            if (not wish.layers or a["layer"] in wish.layers)
            and (not wish.coders or names[a["coder"]] in wish.coders)
            and (not wish.tagged_since or a.get("created", "") >= wish.tagged_since)
            and (not wish.tagged_until or "" < a.get("created", "") < "2026-02")
        }
    assert {d.document.id: {a.id for a in d.annotations} for d in less.of_documents} == expected
    mentioned = {entry for d in less.of_documents for a in d.annotations for entry in a.entries}
    kept = {entry.id: entry for entry in less.of_entries}
    assert mentioned <= kept.keys()
    if wish != Extract():
        parents = {entry.parent_id for entry in kept.values()}
        assert all(id_ in mentioned or id_ in parents for id_ in kept)
    originals = {link.id: link for d in source.of_documents for link in d.links}
    for d in less.of_documents:
        links = {link.id for link in d.links}
        for link in d.links:
            for role, members in originals[link.id].roles.items():
                assert link.roles.get(role, ()) == tuple(
                    m for m in members if m in expected[d.document.id] or m in links
                )
    assert layers == {layer.id for layer in less.codebook.layers}


@given(data=st.data())
@settings(max_examples=15)
def test_texts_come_back_by_their_hash(data: st.DataObject, tools: Any, tmp_path_factory: Any) -> None:
    source = data.draw(tools.projects())
    folder = tmp_path_factory.mktemp("texts")
    with _project(folder, tools.write(JsonExporter(), source)) as project:
        name = data.draw(st.sampled_from(("0.json", "0.jsonl")))
        (folder / "all").mkdir()
        export_file(project, folder / "all" / name, extract=Extract(without_texts=True))
        whole = _json(project)
        # Into the project that has the texts: all of it is there already.
        report = import_files(project, [folder / "all" / name])
        assert not report.added
        assert not report.remarks
        assert _json(project) == whole
    for number, d in enumerate(source.of_documents):
        (folder / "all" / f"{number}.txt").write_bytes(d.text.encode())
    other = Project.create(folder / "other.annot")
    try:
        # A text of nothing but white space is no article; all others come together again.
        empty = {d.document.id for d in source.of_documents if not d.text.strip("\ufeff").strip()}
        if len(empty) == len(source.of_documents):
            return
        report = import_files(other, [folder / "all"])
        again = _json(other)
        assert {d["id"]: d for d in again["documents"]} == {
            d["id"]: d for d in whole["documents"] if d["id"] not in empty
        }
        assert again["entries"] == whole["entries"]
        other.undo()
        assert other.counts()["documents"] == 0
    finally:
        other.close()


TEXT = "Ministers met. Zanzibar Quux said that the northern pipeline would not be opened before the end of the winter."


def _secret(tools: Any) -> bytes:
    """Coders with names, and a claim whose entry is called by its own words."""
    claim = TEXT[TEXT.index("the northern") :].rstrip(".")

    def fragment(words: str) -> dict[str, Any]:
        return {"start": TEXT.index(words), "end": TEXT.index(words) + len(words), "text": words}

    return json.dumps(
        {
            "format": "annotator-project",
            "version": 1,
            "offset_unit": "unicode-code-point",
            "project": {"id": "p", "name": "P", "created": "", "guidelines": "Ask Wilhelmina Ruiz."},
            "codebook": {
                "layers": [
                    {
                        "id": "c",
                        "name": "Claim",
                        "color": "#925500",
                        "registry": "claims",
                        "fields": [
                            {"name": "why", "type": "text"},
                            {"name": "by", "type": "choice", "choices": ["Wilhelmina Ruiz", "Otto"]},
                        ],
                    },
                    {"id": "s", "name": "Source", "color": "#6E1E63", "registry": None, "fields": []},
                ],
                "link_types": [
                    {
                        "id": "t",
                        "name": "Attribution",
                        "fields": [],
                        "roles": [
                            {"name": "claim", "layers": ["Claim"], "links": ["Attribution"], "min": 1},
                            {"name": "source", "layers": ["Source"]},
                        ],
                    }
                ],
                "registries": [{"id": "r", "name": "claims", "fields": []}],
                "document_fields": [],
            },
            "coders": [{"id": "otto", "name": "Otto"}, {"id": "wilhelmina", "name": "Wilhelmina Ruiz"}],
            "entries": [
                {"id": "e", "registry": "claims", "name": claim, "note": "Wilhelmina Ruiz asked", "origin": "tag"}
            ],
            "documents": [
                {
                    "id": "d",
                    "title": "Pipeline",
                    "text": TEXT,
                    "metadata": {"author": "Otto", "coded by": "wilhelmina ruiz", "team": ["Otto", "x"]},
                    "annotations": [
                        {
                            "id": "a1",
                            "layer": "Claim",
                            "coder": "wilhelmina",
                            "fragments": [fragment(claim)],
                            "entries": ["e"],
                            "fields": {"why": "Otto: no", "by": "Wilhelmina Ruiz"},
                            "note": "Discussed with Otto (Ottos' idea)",
                            "origin": "Wilhelmina Ruiz's script",
                        },
                        {"id": "a2", "layer": "Source", "coder": "otto", "fragments": [fragment("Zanzibar Quux")]},
                    ],
                    "links": [
                        {
                            "id": "k",
                            "type": "Attribution",
                            "coder": "otto",
                            "roles": {"claim": ["a1"], "source": ["a2"]},
                            "note": "Otto",
                        }
                    ],
                }
            ],
        }
    ).encode()


def test_coders_lose_their_names_and_keep_their_numbers(tools: Any, tmp_path: Path) -> None:
    with _project(tmp_path, _secret(tools)) as project:
        told = _json(project, Extract(anonymous=True))
        alone = _json(project, Extract(anonymous=True, coders=("Wilhelmina Ruiz",)))
    text = json.dumps(told)
    assert "ilhelmina" not in text
    assert text.count("Otto") == 2  # who wrote the article is no coder, and another word is another word
    assert told["coders"] == [{"id": "coder-1", "name": "Coder 1"}, {"id": "coder-2", "name": "Coder 2"}]
    assert alone["coders"] == [{"id": "coder-2", "name": "Coder 2"}]
    (document,) = told["documents"]
    assert document["metadata"] == {"author": "Otto", "coded by": "Coder 2", "team": ["Coder 1", "x"]}
    claim = document["annotations"][0]
    assert claim["fields"] == {"why": "Coder 1: no", "by": "Coder 2"}
    assert claim["note"] == "Discussed with Coder 1 (Ottos' idea)"
    assert told["project"]["guidelines"] == "Ask Coder 2."
    tools.read(JsonImporter(), _put(tmp_path / "again.json", told))


def test_names_go_however_they_are_written() -> None:
    made = Anonymous([Coder("1", "Wilhelmina  Ruiz"), Coder("2", "Will"), Coder("3", "jdoe")])
    for told, left in (
        ("wilhelmina ruiz and WILHELMINA RUIZ", "Coder 1 and Coder 1"),
        ("Wilhelmina\nRuiz’s", "Coder 1’s"),
        ("Ask WILL, not Will; he will", "Ask Coder 2, not Coder 2; he will"),
        ("jdoe, JDOE, Jdoe", "Coder 3, Coder 3, Coder 3"),
        (" will ", "Coder 2"),
        ("Willow, jdoes, Wilhelmina Ruizo", "Willow, jdoes, Wilhelmina Ruizo"),
    ):
        assert made.text(told) == left


def _put(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value))
    return path


def test_no_words_of_the_text_go_out(tools: Any, tmp_path: Path) -> None:
    import zipfile

    formats = Formats()
    able = {name for name, exporter in formats.exporters.items() if getattr(exporter, "textless", False)}
    assert able == {
        "json", "jsonl", "csv", "tsv", "xlsx", "parquet", "sav", "graphml", "gexf", "web-annotation", "qdc",
    }  # fmt: skip
    with _project(tmp_path, _secret(tools)) as project:
        for name, exporter in formats.exporters.items():
            out = io.BytesIO()
            if name not in able:
                with pytest.raises(FileRefused, match="nothing without the texts"):
                    export_to(project, out, exporter, extract=Extract(without_texts=True))
                assert out.getvalue() == b""
                continue
            export_to(project, out, exporter, extract=Extract(without_texts=True))
            content = out.getvalue()
            if zipfile.is_zipfile(io.BytesIO(content)):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    content = b"\n".join(archive.read(member) for member in archive.namelist())
            assert content
            for words in (b"Zanzibar", b"winter", b"would not be", b"Ministers"):
                assert words not in content, (name, words)


def test_names_that_were_passages_bring_no_text_along(tmp_path: Path) -> None:
    from annotator.domain.model import Fragment

    passage = "the new law would be repealed within a year of its enactment"
    spaceless = (
        "总统星期三表示新的法律将在议会通过之后一年之内被废除并且政府"
        "将会继续与反对党以及各个省的代表进行谈判直到所有的问题都得到解决"
    )
    text = f"Ministers say {passage} by all. {spaceless}。 Again: {passage} and once more."
    own = "In the view of the cabinet repeal will come rather sooner than later, all things considered"
    at, second = text.index("the new"), text.index(spaceless)
    again = text.index("the new", at + 1)
    project = Project.create(tmp_path / "study.annot", coder="Ana")
    document = project.documents.add("T", text)
    marks = [
        project.tagging.tag(document.id, "layer-claim", [Fragment(start, start + length)])
        for start, length in ((at, len(passage)), (second, len(spaceless)), (again, len(passage) + 9))
    ]
    kept, edited, third = (mark.entries[0] for mark in marks)
    registry = project.entries.get(kept).registry_id
    merged = project.entries.create(registry, own)
    project.entries.merge(merged.id, [kept])
    project.entries.edit(edited, aliases=("废除",))
    project.entries.edit(third, note="Looked at.")
    before = {entry.id: entry for entry in project.entries.all()}
    assert {entry.origin for entry in before.values()} == {"manual"}
    export_file(project, tmp_path / "less.json", extract=Extract(without_texts=True))
    told = (tmp_path / "less.json").read_text("utf-8")
    assert "repealed" not in told
    assert spaceless[30:] not in told
    assert json.dumps(own) in told, "what a person wrote goes out as it is"
    # It is the same to the project, and another one gets the words again that its annotations cover.
    report = import_files(project, [tmp_path / "less.json"])
    assert not report.added
    assert {entry.id: entry for entry in project.entries.all()} == before
    project.close()
    other = Project.create(tmp_path / "other.annot")
    with closing(other):
        other.documents.add("T", text)
        import_files(other, [tmp_path / "less.json"])
        after = {entry.id: entry.name for entry in other.entries.all()}
        assert after == {id_: entry.name for id_, entry in before.items()}


def test_a_text_that_is_nowhere_is_reported_by_its_document(tools: Any, hard_pair: Any, tmp_path: Path) -> None:
    project, folder = hard_pair
    export_file(project, folder / "less.json", extract=Extract(without_texts=True))
    other = Project.create(tmp_path / "other.annot")
    try:
        with pytest.raises(
            FileRefused, match=r"less\.json was not imported: it comes without texts, and none of its 2"
        ):
            import_files(other, [folder / "less.json"])
        assert other.counts()["entries"] == 0
        (folder / "one.txt").write_text("One article, whole.")
        report = import_files(other, [folder / "less.json", folder / "one.txt"])
        assert [(r.kind, r.where.rpartition(", ")[2]) for r in report.remarks] == [("skipped", "“Two”")]
        assert "import the article too" in report.remarks[0].text
        assert [row.title for row in other.documents.rows()] == ["One"]
        # The other article comes later, as a text of its own, and is coded by nobody yet.
        (folder / "two.txt").write_text("Two articles now.")
        import_files(other, [folder / "two.txt"])
        assert [row.title for row in other.documents.rows()][1] == "Two articles now."
        two = other.documents.rows()[1].id
        report = import_files(other, [folder / "less.json"])
        assert report.added["annotation"] == 1
        assert [a.document_id for a in other.documents.annotations(two)] == [two]
        assert other.documents.get(two).title == "Two"
        assert other.documents.get(two).metadata == {"outlet": "Wire"}
    finally:
        other.close()


@pytest.fixture
def hard_pair(tmp_path: Path) -> Iterator[Any]:
    from annotator.domain.model import Fragment

    folder = tmp_path / "pair"
    folder.mkdir()
    project = Project.create(folder / "study.annot", coder="Ana")
    for title, text in (("One", "One article, whole."), ("Two", "Two articles now.")):
        document = project.documents.add(title, text, {"outlet": "Wire"})
        project.tagging.tag(document.id, "layer-actor", [Fragment(4, 11)])
    yield project, folder
    project.close()


def test_a_file_that_is_wrong_about_its_text(hard_pair: Any, tmp_path: Path) -> None:
    project, folder = hard_pair
    plain = _json(project, Extract(without_texts=True))
    for change, sentence in (
        ({"length": 7}, "says that “One” has 7 characters|ends after the text"),
        ({"length": -1}, "has the length -1"),
        ({"sha256": "0"}, "neither a text nor the sha256"),
        ({"length": "x"}, "must be a whole number"),
    ):
        bad = json.loads(json.dumps(plain))
        bad["documents"][0] |= change
        if change == {"length": 7}:
            bad["documents"][0]["annotations"] = []
        before = project.counts()
        with pytest.raises(AnnotatorError, match=sentence):
            import_files(project, [_put(folder / "bad.json", bad)])
        assert project.counts() == before


def test_the_schema_holds_a_project_without_texts(hard_pair: Any, tmp_path: Path) -> None:
    from jsonschema import Draft202012Validator

    from annotator import resources

    project, _ = hard_pair
    schema = json.loads(resources.path("schema", "annotator-project-1.schema.json").read_text("utf-8"))
    plain = _json(project, Extract(without_texts=True))
    Draft202012Validator(schema).validate(plain)
    assert plain["texts"] == "left out"
    assert "text" not in plain["documents"][0]
    both = json.loads(json.dumps(plain))
    both["documents"][0]["text"] = "One article, whole."
    neither = json.loads(json.dumps(plain))
    del neither["documents"][0]["length"]
    for wrong in (both, neither):
        assert not Draft202012Validator(schema).is_valid(wrong)


def test_filters_by_metadata_search_and_choice(hard_pair: Any) -> None:
    project, _ = hard_pair
    one, two = (row.id for row in project.documents.rows())
    project.documents.edit(one, metadata={"outlet": "Reuters", "tags": ["a", "b"], "checked": True})

    def titles(**wish: Any) -> list[str]:
        return [document["title"] for document in _json(project, Extract(**wish))["documents"]]

    assert titles(where=(("outlet", "reuters"),)) == ["One"]
    assert titles(where=(("outlet", "Reuters"), ("outlet", "Wire"))) == ["One", "Two"]
    assert titles(where=(("tags", "b"), ("outlet", "Reuters"))) == ["One"]
    assert titles(where=(("checked", "yes"),)) == ["One"]
    assert titles(where=(("checked", ""),)) == ["Two"]
    assert titles(query="whole") == ["One"]
    assert titles(documents=(two,)) == ["Two"]
    with pytest.raises(FileRefused, match="no article"):
        titles(where=(("tags", "c"),))
    with pytest.raises(InvalidValue, match="no layer “Cl”; there are Actor"):
        titles(layers=("Cl",))
    with pytest.raises(InvalidValue, match="no coder “Bo”; there are Ana"):
        titles(coders=("Bo",))
    with pytest.raises(InvalidValue, match="“soon” is no date"):
        Extract(since="soon")
    with pytest.raises(InvalidValue, match="no status “ready”"):
        Extract(status=("ready",))


def test_a_relay_falls_with_what_it_relays(desk_project: Any) -> None:
    project, links = desk_project
    inner, outer = links
    told = _json(project, Extract(coders=("Ben",)))
    assert [link["id"] for link in told["documents"][0]["links"]] == []  # Ana's claim is gone, and all that held it
    told = _json(project, Extract(layers=("Claim", "Source")))
    assert [(k["id"], {r: len(m) for r, m in k["roles"].items() if m}) for k in told["documents"][0]["links"]] == [
        (inner, {"claim": 1, "source": 1}),
        (outer, {"claim": 1, "source": 1}),
    ]
    assert _json(project, Extract(layers=("Claim",)))["documents"][0]["links"] == []


@pytest.fixture
def desk_project(tmp_path: Path) -> Iterator[Any]:
    from annotator.domain.model import Fragment

    project = Project.create(tmp_path / "relay.annot", coder="Ana")
    text = "Rain will come, Bo said, Reuters reported."
    document = project.documents.add("T", text)

    def place(words: str) -> tuple[Fragment]:
        return (Fragment(text.index(words), text.index(words) + len(words)),)

    claim = project.tagging.tag(document.id, "layer-claim", place("Rain will come"))
    project.tagging.tag_into(document.id, "layer-source", place("Bo"), claim.id)
    project.tagging.tag_into(document.id, "layer-cue", place("said"), claim.id)
    project.coder = "Ben"
    project.tagging.tag_into(document.id, "layer-source", place("Reuters"), claim.id, relay=True)
    yield project, [link.id for link in project.documents.links(document.id)]
    project.close()


def test_a_name_as_it_is_written_goes_before_another_case() -> None:
    coders = [("1", "Ana"), ("2", "ana"), ("3", "BEN")]
    assert named(coders, ["Ana"], "coder") == {"1"}
    assert named(coders, ["ana", "ben"], "coder") == {"2", "3"}
    assert named(coders, ["ANA"], "coder") == {"1", "2"}
    with pytest.raises(InvalidValue, match="no coder “Eve”; there are Ana, ana, BEN"):
        named(coders, ["Eve"], "coder")


def test_names_that_are_passages_are_cut() -> None:
    assert shortened("Syrian Foreign Minister Asaad al-Shaibani") == "Syrian Foreign Minister Asaad al-Shaibani"
    long = "the northern pipeline would not be opened before the end of the winter"
    assert shortened(long) == "the northern pipeline would …"
    assert shortened(shortened(long)) == shortened(long)
    assert shortened("字" * 80) == "字" * 30 + " …"


def test_an_option_that_a_format_does_not_know_is_refused(hard_pair: Any, tmp_path: Path) -> None:
    project, _ = hard_pair
    formats = Formats()
    for name, exporter in formats.exporters.items():
        assert hasattr(exporter, "options"), name
    with pytest.raises(InvalidValue, match="no option “tabel” for the format csv; it knows table"):
        export_file(project, tmp_path / "x.csv", options={"tabel": "links"})
    with pytest.raises(InvalidValue, match="no option “x” for the format json; it has none"):
        export_file(project, tmp_path / "x.json", options={"x": "1"})
    assert not list(tmp_path.glob("x.*"))
