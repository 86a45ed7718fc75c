"""Applying an import to a project: one step, all or nothing, nothing overwritten silently."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.errors import AnnotatorError, Cancelled, Conflict, FileRefused, InvalidValue
from annotator.domain.exchange import Header
from annotator.domain.ids import new_id
from annotator.domain.model import Annotation, Document, DocumentData, Fragment
from annotator.domain.text import digest
from annotator.interchange.registry import Formats
from annotator.services.checking import problems
from annotator.services.exporting import export_file
from annotator.services.importing import import_files
from annotator.services.project import Project

Plain = dict[str, Any]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project.create(tmp_path / "study.annot", coder="Ana")
    yield made
    assert problems(made) == []
    made.close()


@pytest.fixture
def busy(project: Project, tmp_path: Path) -> Project:
    """A project that holds an article already."""
    path = tmp_path / "first.txt"
    path.write_text("The first article of all.")
    import_files(project, [path])
    return project


@pytest.fixture
def exported(project: Project, tmp_path: Path) -> Callable[[], Plain]:
    def export() -> Plain:
        export_file(project, tmp_path / "out.json")
        value: Plain = json.loads((tmp_path / "out.json").read_bytes())
        return value

    return export


def document(value: Plain) -> Plain:
    return value["documents"][0]


# Into an empty project


def test_an_empty_project_becomes_the_one_in_the_file(project: Project, hard: Plain, put: Any, exported: Any) -> None:
    before = exported()
    report = import_files(project, [put(hard, "hard.json")])
    assert report.summary() == "3 entries, 2 documents, 10 annotations, 3 links added."
    out = exported()
    assert out["documents"] == hard["documents"]
    assert out["coders"] == hard["coders"]
    assert out["project"] | {"created": ""} == hard["project"]
    assert [layer["id"] for layer in out["codebook"]["layers"]] == ["l-a", "l-c", "l-s", "l-q", "l-x"]
    assert out["codebook"]["document_fields"] == hard["codebook"]["document_fields"]
    assert [step.label for step in project.history()] == ["Import hard.json"]
    project.undo()
    assert exported() == before
    project.redo()
    assert exported() == out


def test_a_file_without_a_project_leaves_the_codebook(project: Project, hard: Plain, put: Any, exported: Any) -> None:
    before = exported()["codebook"]
    value = {key: hard[key] for key in ("format", "version", "offset_unit")}
    import_files(project, [put({**value, "documents": [hard["documents"][1]]})])
    assert exported()["codebook"] == before
    assert project.info.name == "study"


def test_text_leaves_the_codebook(busy: Project) -> None:
    assert [layer.name for layer in busy.codebook.layers] == ["Actor", "Claim", "Source", "Cue"]
    assert [row.title for row in busy.documents.rows()] == ["The first article of all."]


# Into one that holds something


def test_things_match_by_name(busy: Project, hard: Plain, put: Any, exported: Any) -> None:
    report = import_files(busy, [put(hard)])
    out = exported()
    layers = {layer["name"]: layer for layer in out["codebook"]["layers"]}
    assert layers["Actor"]["id"] == "layer-actor"
    assert layers["Irony ≠ sarcasm"]["id"] == "l-x"
    assert [f["name"] for f in layers["Claim"]["fields"]][-5:] == ["weight", "checked", "on", "why", "topics"]
    form = next(f for f in layers["Actor"]["fields"] if f["name"] == "form")
    assert form["choices"] == ["name", "description", "pronoun", "metonym"]
    kinds = next(r for r in out["codebook"]["registries"] if r["name"] == "actors")["fields"][0]["choices"]
    assert kinds[:3] == ["person", "organisation", "state"]
    assert out["codebook"]["link_types"][0]["id"] == "link-attribution"
    assert next(d for d in out["documents"] if d["id"] == "d-1") == document(hard)
    assert out["project"]["name"] == "study"
    assert any("“weight”" in remark.text for remark in report.remarks)


def test_the_same_again_changes_nothing(busy: Project, hard: Plain, put: Any, exported: Any) -> None:
    import_files(busy, [put(hard)])
    before = exported(), busy.history()
    document(hard)["annotations"][0]["modified"] = "2027-01-01T00:00:00.000Z"
    document(hard)["created"] = ""
    hard["entries"][1]["origin"] = "manual"
    report = import_files(busy, [put(hard)])
    assert (exported(), busy.history()) == before
    assert report.skipped == {"entry": 3, "document": 2, "annotation": 10, "link": 3}
    assert not report.added


def test_two_files_in_one_import_are_one_step(project: Project, hard: Plain, put: Any) -> None:
    report = import_files(project, [put(hard, "a.json"), put(hard, "b.json"), put(b"Text", "c.txt")])
    assert report.added["document"] == 3
    assert report.skipped["document"] == 2
    assert [step.label for step in project.history()] == ["Import 3 files"]


@pytest.mark.parametrize(
    ("change", "id_"),
    [
        (lambda v: document(v).update(title="Theirs"), "d-1"),
        (lambda v: document(v).update(status="done"), "d-1"),
        (lambda v: document(v)["metadata"].update(date="2026-01-07"), "d-1"),
        (lambda v: document(v)["annotations"][0].update(note="theirs"), "a-1"),
        (lambda v: document(v)["annotations"][1].update(entries=["e-1", "e-2"]), "a-2"),
        (lambda v: document(v)["annotations"][0]["fields"].pop("why"), "a-1"),
        (lambda v: document(v)["annotations"][0]["fragments"].reverse(), "a-1"),
        (lambda v: document(v)["annotations"][4].update(coder="c-1"), "a-5"),
        (lambda v: document(v)["links"][0]["roles"].update(cue=[]), "k-1"),
        (lambda v: document(v)["links"][0].update(note="theirs"), "k-1"),
        (lambda v: v["entries"][0].update(name="Theirs"), "e-1"),
        (lambda v: v["entries"][0]["aliases"].pop(), "e-1"),
    ],
)
def test_other_content_under_the_same_id_is_a_conflict(
    change: Callable[[Plain], Any], id_: str, busy: Project, hard: Plain, put: Any, exported: Any
) -> None:
    import_files(busy, [put(hard)])
    before = exported()
    theirs = copy.deepcopy(hard)
    change(theirs)
    path = put(theirs, "theirs.json")
    with pytest.raises(Conflict, match="theirs.json was not imported") as caught:
        import_files(busy, [path])
    assert id_ in caught.value.ids
    assert f"“{id_}”" in str(caught.value)
    assert exported() == before
    import_files(busy, [path], on_conflict="mine")
    assert exported() == before
    report = import_files(busy, [path], on_conflict="theirs")
    assert sum(report.replaced.values()) == 1
    import_files(busy, [path])  # now there is no conflict any more
    busy.undo()
    assert exported() == before


def test_another_layer_is_other_content(busy: Project, hard: Plain, put: Any, exported: Any) -> None:
    import_files(busy, [put(hard)])
    before = exported()
    document(hard)["links"] = []
    document(hard)["annotations"][0].update(layer="Cue", fields={})
    with pytest.raises(Conflict, match="annotation “a-1” is in the project already"):
        import_files(busy, [put(hard)])
    # Taking theirs would leave our attribution with a cue for a claim.
    with pytest.raises(Conflict, match="does not take that layer"):
        import_files(busy, [put(hard)], on_conflict="theirs")
    assert exported() == before


def test_every_conflict_is_listed(busy: Project, hard: Plain, put: Any) -> None:
    import_files(busy, [put(hard)])
    for annotation in document(hard)["annotations"]:
        annotation["note"] = "other"
    with pytest.raises(Conflict, match="annotation “a-1”, annotation “a-2”, annotation “a-3” and 7 more are") as caught:
        import_files(busy, [put(hard)])
    assert len(caught.value.ids) == 10


def test_new_things_for_a_known_document_are_added(busy: Project, hard: Plain, put: Any) -> None:
    part = copy.deepcopy(hard)
    document(part)["links"] = []
    del document(part)["annotations"][3:]
    import_files(busy, [put(part)])
    report = import_files(busy, [put(hard)])
    assert report.added == {"annotation": 7, "link": 3}
    assert len(busy.documents.annotations("d-1")) == 10
    # And a file that knows less takes nothing away.
    import_files(busy, [put(part)])
    assert len(busy.documents.annotations("d-1")) == 10


def test_replaced_links_may_hold_new_ones(busy: Project, hard: Plain, put: Any) -> None:
    import_files(busy, [put(hard)])
    links = document(hard)["links"]
    links.append({**links[1], "id": "k-4", "roles": {"claim": ["k-2"], "source": ["a-2"]}})
    links[2]["roles"]["claim"] = ["k-4"]
    import_files(busy, [put(hard)], on_conflict="theirs")
    found = {link.id: link.roles["claim"] for link in busy.documents.links("d-1")}
    assert found["k-3"] == ("k-4",)


def test_what_does_not_fit_together_is_a_conflict(busy: Project, hard: Plain, put: Any, exported: Any) -> None:
    import_files(busy, [put(hard)])
    busy.linking.unlink("k-3")
    busy.linking.unlink("k-2")
    before = exported()
    theirs = copy.deepcopy(hard)
    # There, a-2 is a claim; here it stays a source, which the new link cannot hold.
    document(theirs)["annotations"][1].update(layer="Claim")
    document(theirs)["links"] = [{**document(hard)["links"][0], "id": "k-9", "roles": {"claim": ["a-2"]}}]
    with pytest.raises(Conflict, match="does not take that layer"):
        import_files(busy, [put(theirs)], on_conflict="mine")
    assert exported() == before


def test_an_id_that_is_used_in_another_document(busy: Project, hard: Plain, put: Any, exported: Any) -> None:
    import_files(busy, [put(hard)])
    before = exported()
    text = "Another text"
    for kind in ("new", "known"):
        other = copy.deepcopy(hard)
        first, second = other["documents"]
        target = second if kind == "known" else {**second, "id": "d-9"}
        target.update(text=text, sha256=digest(text))
        target["annotations"] = [
            {**first["annotations"][2], "fragments": [{"start": 0, "end": 7}]},
        ]
        other["documents"] = [target]
        for choice in ("refuse", "mine", "theirs"):
            if (kind, choice) == ("known", "mine"):
                continue  # ours has another text, so nothing of it is looked at
            with pytest.raises(Conflict):
                import_files(busy, [put(other)], on_conflict=choice)
            assert exported() == before


def test_another_text_under_the_same_id(busy: Project, hard: Plain, put: Any, exported: Any) -> None:
    import_files(busy, [put(hard)])
    before = exported()
    hard["documents"][1].update(text="Not empty", sha256=digest("Not empty"))
    for choice in ("refuse", "theirs"):
        with pytest.raises(Conflict, match="document “d-2” is in the project already"):
            import_files(busy, [put(hard)], on_conflict=choice)
    report = import_files(busy, [put(hard)], on_conflict="mine")
    assert report.kept == {"document": 1}
    assert exported() == before


def test_fields_of_another_type_clash(busy: Project, hard: Plain, put: Any, exported: Any) -> None:
    before = exported()
    hard["codebook"]["layers"][3]["fields"] = [{"name": "hedged", "type": "text"}]
    with pytest.raises(Conflict, match="the field “hedged” of the layer “Cue” is of the type text there, but of the"):
        import_files(busy, [put(hard)])
    assert exported() == before


def test_document_fields_that_present_documents_break(busy: Project, hard: Plain, put: Any, exported: Any) -> None:
    row = busy.documents.rows()[0]
    busy.documents.edit(row.id, metadata={"genre": "sermon"})
    before = exported()
    with pytest.raises(Conflict, match="“sermon” is not among the choices"):
        import_files(busy, [put(hard)])
    assert exported() == before


def test_ids_of_the_codebook_that_mean_something_else(busy: Project, hard: Plain, put: Any, exported: Any) -> None:
    layers = hard["codebook"]["layers"]
    layers[4].update(id="layer-actor", shortcut="A")
    layers[0]["shortcut"] = ""
    hard["coders"][0]["id"], hard["coders"][1]["id"] = hard["coders"][1]["id"], hard["coders"][0]["id"]
    import_files(busy, [put(hard)])
    out = exported()
    irony = next(layer for layer in out["codebook"]["layers"] if layer["name"] == "Irony ≠ sarcasm")
    assert irony["id"] not in ("layer-actor", "l-x")
    assert irony["shortcut"] == ""
    again = copy.deepcopy(hard)
    again["coders"] = [{"id": "x-1", "name": "Ana"}, {"id": "x-2", "name": "Ben"}]
    names = {coder["id"]: f"x-{1 if coder['name'] == 'Ana' else 2}" for coder in hard["coders"]}
    for thing in document(again)["annotations"] + document(again)["links"]:
        thing["coder"] = names[thing["coder"]]
    assert not import_files(busy, [put(again)]).added


def test_a_new_role_joins_the_link_type(busy: Project, hard: Plain, put: Any, exported: Any) -> None:
    roles = hard["codebook"]["link_types"][0]["roles"]
    roles.append({"name": "audience", "layers": ["Irony ≠ sarcasm"], "min": 1})
    roles[1]["layers"] = ["Source", "Actor"]
    for link in document(hard)["links"]:
        link["roles"]["audience"] = ["a-8"]
    document(hard)["links"][0]["roles"]["source"] = ["a-7"]
    report = import_files(busy, [put(hard)])
    assert any("got the role “audience”" in remark.text for remark in report.remarks)
    attribution = busy.codebook.attribution
    assert attribution is not None
    role = attribution.role("audience")
    assert role is not None
    assert role.min == 0
    assert exported()["codebook"]["link_types"][0]["roles"][1]["layers"] == ["Source", "Actor"]


# Text


def test_the_same_text_again_is_refused_by_name(busy: Project, put: Any) -> None:
    with pytest.raises(
        Conflict, match=r"again\.txt was not imported: the project has this text already, as “The first"
    ):
        import_files(busy, [put(b"The first article of all.", "again.txt")])
    with pytest.raises(Conflict, match=r"b\.txt was not imported"):
        import_files(busy, [put(b"New.\r\n", "a.txt"), put(b"New.\n", "b.txt")])
    assert len(busy.documents.rows()) == 1


def test_a_folder_skips_what_is_no_good_and_says_so(busy: Project, put: Any, tmp_path: Path) -> None:
    for name, data in {
        "c/1.txt": b"One.",
        "c/2.txt": bytes(range(256)),
        "c/d/3.txt": b"The first article of all.",
        "c/d/4.txt": b"",
        "c/5.txt": b"Five.",
    }.items():
        put(data, name)
    report = import_files(busy, [tmp_path / "c"])
    assert report.added == {"document": 2}
    assert sorted(Path(remark.where).name for remark in report.remarks) == ["2.txt", "3.txt", "4.txt"]
    assert busy.history()[0].label == "Import 5 files"
    with pytest.raises(AnnotatorError, match="has no text in it|was not read|already"):
        import_files(busy, [tmp_path / "c"])


def test_positions_follow_the_files(busy: Project, put: Any) -> None:
    import_files(busy, [put(b"Zebra.", "z.txt"), put(b"Ant.", "a.txt")])
    assert [row.title for row in busy.documents.rows()] == ["The first article of all.", "Zebra.", "Ant."]


# Annotations of nobody, other formats


class Plugin:
    """A format whose file belongs to nobody in particular, and that learns its codebook as it goes."""

    name, title, extensions, loses = "plug", "Plug", (".plug",), ()

    def __init__(self, codebook: Any, *, broken: str = "") -> None:
        self.codebook = codebook
        self.broken = broken

    def sniff(self, path: Path, head: bytes) -> bool:
        return False

    def read(self, path: Path, reading: Any) -> Iterator[Any]:
        from dataclasses import replace

        layer = self.codebook.layers[0]
        for number in range(3):
            yield Header(codebook=replace(self.codebook, layers=(replace(layer, id=f"x{number}"),), link_types=()))
            text = f"Text {number}"
            id_ = new_id()
            annotation = Annotation(new_id(), id_, self.broken or f"x{number}", "", (Fragment(0, 4),))
            yield DocumentData(Document(id_, text, digest(text)), text, (annotation,))
            reading.tick(number + 1, 3)


def _formats(plugin: Plugin) -> Formats:
    formats = Formats()
    formats.importers["plug"] = plugin
    return formats


def test_annotations_of_nobody_belong_to_who_imports(project: Project, put: Any) -> None:
    path = put(b"", "x.plug")
    formats = _formats(Plugin(project.codebook))
    import_files(project, [path], formats=formats)
    assert {coder.name for coder in project.store.coders()} == {"Ana"}
    project.undo()
    import_files(project, [path], coder="Ben", formats=formats)
    assert {coder.name for coder in project.store.coders()} == {"Ben"}
    assert project.counts()["annotations"] == 3


def test_a_format_that_refers_to_what_it_never_said(project: Project, put: Any) -> None:
    with pytest.raises(FileRefused, match="unknown id"):
        import_files(project, [put(b"", "x.plug")], formats=_formats(Plugin(project.codebook, broken="y")))
    assert project.counts()["documents"] == 0


# Progress and cancel


def test_progress_and_cancel(project: Project, hard: Plain, put: Any, exported: Any) -> None:
    seen: list[tuple[int, int]] = []
    import_files(project, [put(hard, "a.json"), put(b"Text", "b.txt")], progress=lambda *at: seen.append(at))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][0] == seen[-1][1]
    project.undo()
    before = exported()
    with pytest.raises(Cancelled):
        import_files(project, [put(hard, "a.json")], cancel=lambda: True)

    def stop(done: int, total: int) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        import_files(project, [put(hard, "a.json")], progress=stop)
    assert exported() == before


def test_nothing_to_import(project: Project) -> None:
    with pytest.raises(FileRefused, match="no file"):
        import_files(project, [])


_ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=4),
    st.just("a\x00b"),
    st.just([]),
    st.just({}),
)


@given(data=st.data())
@settings(max_examples=60)
def test_any_file_is_taken_whole_or_not_at_all(
    data: st.DataObject, hard: Plain, put: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    value = copy.deepcopy(hard)
    for _ in range(data.draw(st.integers(1, 2))):
        holder, places = value, []

        def walk(item: Any, places: list[Any] = places) -> None:
            for key in item if isinstance(item, dict) else range(len(item)):
                places.append((item, key))
                if isinstance(item[key], (dict, list)):
                    walk(item[key])

        walk(value)
        holder, key = data.draw(st.sampled_from(places))
        holder[key] = data.draw(_ODD)
    project = Project.create(tmp_path_factory.mktemp("any") / "x.annot")
    try:
        if data.draw(st.booleans()):
            project.documents.add("T", "Something.")
        before = project.counts(), project.codebook, project.info
        try:
            import_files(project, [put(json.dumps(value).encode())])
        except (FileRefused, Conflict, InvalidValue):
            assert (project.counts(), project.codebook, project.info) == before
            assert project.history(5) == project.history(1)[: len(project.history(5))]
        else:
            assert problems(project) == []
            if project.undo_label is not None and project.undo_label.action.startswith("Import"):
                project.undo()
                assert (project.counts(), project.codebook, project.info) == before
    finally:
        project.close()
