"""Whatever a user does, in whatever order: what must hold holds, and undo takes every bit of it back."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from annotator.domain.attribution import cards
from annotator.domain.changes import ChangeSet
from annotator.domain.codebook import Field
from annotator.domain.codebook_edit import DOCUMENTS, Owner, fields_of
from annotator.domain.errors import AlreadyTagged, AnnotatorError, InvalidValue, NothingToUndo
from annotator.domain.model import Annotation, Document, Fragment, Link
from annotator.interchange.registry import Formats
from annotator.services.checking import problems
from annotator.services.codebook_change import Change
from annotator.services.exporting import export_to
from annotator.services.importing import import_files
from annotator.services.project import Project

from .pictures import Dump, diff, dump

TEXTS = (
    "Syria and Israel agreed, Washington said. “The US is glad” – the joint 🤝 statement said. Syria's office denied it.",
    "قالت سوريا إن إسرائيل وافقت، ونقلت رويترز عن مسؤول سوري قوله ذلك.\nSyria said so.",
    "a\r\nb c",
)
NAMES = ("Syria", "the Syria", "syria", "Israel", "سوريا", "US", "United States", "Washington", "x")
FORMATS = Formats()


def export(project: Project) -> bytes:
    out = io.BytesIO()
    export_to(project, out, FORMATS.exporters["json"])
    return out.getvalue()


@pytest.fixture(scope="module", autouse=True)
def template(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A project with two articles and a bit of everything, and the export of another one, to begin each run with."""
    folder = tmp_path_factory.mktemp("template")
    project = Project.create(folder / "start.annot", coder="Ann")
    first, _ = [project.documents.add(f"Article {number}", text) for number, text in enumerate(TEXTS[:2])]
    tagging, linking = project.tagging, project.linking
    claim = tagging.tag(first.id, "layer-claim", [Fragment(10, 23)])
    tagging.tag_into(first.id, "layer-source", [Fragment(25, 35)], claim.id)
    tagging.tag_into(first.id, "layer-cue", [Fragment(36, 40)], claim.id)
    tagging.tag_into(first.id, "layer-source", [Fragment(63, 78)], claim.id, relay=True)
    tagging.tag_into(first.id, "layer-actor", [Fragment(10, 16)], claim.id, about=True)
    second = tagging.tag(first.id, "layer-claim", [Fragment(0, 5), Fragment(17, 23)])
    tagging.tag_into(first.id, "layer-source", [Fragment(25, 35)], second.id)
    linking.add_member(linking.levels(claim.id)[1].id, "claim", linking.levels(second.id)[0].id)
    linking.connect(claim.id, second.id)
    world = project.entries.create("registry-actors", "World")
    for entry in project.entries.all("registry-actors")[:2]:
        project.entries.edit(entry.id, parent_id=world.id if entry.id != world.id else None)
    project.close()
    other = Project.create(folder / "other.annot", coder="Bob")
    document = other.documents.add("Elsewhere", "Reuters: Syria says yes.")
    claim = other.tagging.tag(document.id, "layer-claim", [Fragment(20, 23)])
    other.tagging.tag_into(document.id, "layer-source", [Fragment(9, 14)], claim.id)
    other.tagging.tag_into(document.id, "layer-source", [Fragment(0, 7)], claim.id, relay=True)
    (folder / "other.json").write_bytes(export(other))
    other.close()
    Machine.folder = folder


class Machine(RuleBasedStateMachine):
    """Uses a project as the window does, and keeps a picture of it after every step."""

    folder: Path

    def __init__(self) -> None:
        super().__init__()
        # In memory where there is such a place: what is tested here is not the disk.
        shared = Path("/dev/shm")
        self.home = Path(tempfile.mkdtemp(dir=shared if os.access(shared, os.W_OK) else None))
        self.path = self.home / "project.annot"
        shutil.copy(self.folder / "start.annot", self.path)
        self.told: list[ChangeSet] = []
        self.start: Dump = {}
        self._open()
        self.snapshot: Path | None = None

    def _open(self) -> None:
        self.project = Project.open(self.path, coder="Ann")
        assert not self.project.read_only
        self.project.subscribe(self.told.append)

    @initialize()
    def first_pictures(self) -> None:
        self.pictures = [dump(self.project)]
        while True:
            try:
                self.project.undo()
            except NothingToUndo:
                break
            self.pictures.insert(0, dump(self.project))
        while self.project.redo_label:
            self.project.redo()
        assert dump(self.project) == self.pictures[-1]
        self.at = len(self.pictures) - 1
        self.told.clear()

    def teardown(self) -> None:
        try:
            if hasattr(self, "pictures"):
                self._round_trip()
                self._all_the_way()
        finally:
            self.project.close()
            left = [path.name for path in self.home.iterdir() if path.name.startswith(".") or "journal" in path.name]
            shutil.rmtree(self.home)
        assert not left

    def _all_the_way(self) -> None:
        while self.at < len(self.pictures) - 1:
            self.redo()
        end = dump(self.project)
        for _ in range(self.at):
            self.project.undo()
        assert dump(self.project) == self.pictures[0]
        with pytest.raises(NothingToUndo):
            self.project.undo()
        for _ in range(self.at):
            self.project.redo()
        assert dump(self.project) == end
        with pytest.raises(NothingToUndo):
            self.project.redo()

    def _round_trip(self) -> None:
        exported = export(self.project)
        (self.home / "whole.json").write_bytes(exported)
        copy = Project.create(self.home / "copy.annot", coder="Cy")
        try:
            import_files(copy, [self.home / "whole.json"])
            assert export(copy) == exported
            assert problems(copy) == []
            copy.undo()
            assert copy.counts()["documents"] == 0
        finally:
            copy.close()
            (self.home / "copy.annot").unlink()

    def do(self, action: Callable[[], object]) -> None:
        """One thing that a user does: it is done whole, as one step that tells all it changed, or refused whole."""
        before = self.pictures[self.at]
        lines = len(self.project.history())
        self.told.clear()
        refused = False
        with suppress(AnnotatorError):
            refused = True
            action()
            refused = False
        assert not (refused and self.told)
        after = dump(self.project)
        new_lines = len(self.project.history()) - lines
        assert len(self.told) == new_lines <= 1
        assert not refused or after == before, "a refused action left something"
        assert (after != before) == bool(self.told), "a step is told if and only if something changed"
        if self.told:
            self._check_told(self.told[0], before, after, "do")
            assert self.project.undo_label is not None
            assert "{" not in self.project.undo_label.label
            self.pictures[self.at + 1 :] = [after]
            self.at += 1

    def _check_told(self, told: ChangeSet, before: Dump, after: Dump, origin: str) -> None:
        true = diff(before, after)
        assert told.origin == origin
        assert {kind: set(ids) for kind, ids in told.added.items()} == true.added
        assert {kind: set(ids) for kind, ids in told.removed.items()} == true.removed
        for kind, ids in true.changed.items():
            assert ids <= told.changed.get(kind, frozenset())
        assert true.documents <= told.documents

    # What there is to choose from

    def documents(self) -> list[Document]:
        return [self.project.documents.get(row.id) for row in self.project.documents.rows()]

    def annotations(self, *layers: str) -> list[Annotation]:
        found = [a for document in self.documents() for a in self.project.documents.annotations(document.id)]
        return [a for a in found if not layers or a.layer_id in layers]

    def links(self) -> list[Link]:
        return [link for document in self.documents() for link in self.project.documents.links(document.id)]

    def pick(self, data: st.DataObject, items: Iterable[Any]) -> Any:
        return data.draw(st.sampled_from(list(items)))

    def fragments(self, data: st.DataObject, document_id: str) -> tuple[Fragment, ...]:
        length = len(self.project.documents.text(document_id))
        places = st.integers(0, min(length, 40))
        if data.draw(st.booleans()):
            # Often the same words, so that twins and known names come up.
            return (self.pick(data, (Fragment(0, 5), Fragment(10, 16), Fragment(25, 35), Fragment(0, length))),)
        ends = sorted(data.draw(st.lists(places, min_size=2, max_size=4)))
        found = [Fragment(*pair) for pair in zip(ends[::2], ends[1::2], strict=False)]
        return tuple(data.draw(st.permutations(found)))

    def some_ids(self, data: st.DataObject) -> tuple[str, ...]:
        known = [entry.id for entry in self.project.entries.all()]
        return tuple(data.draw(st.lists(st.sampled_from(known), max_size=3))) if known else ()

    # The codebook

    @rule(data=st.data(), kind=st.sampled_from(("layer", "link_type", "registry", "documents")))
    def edit_codebook(self, data: st.DataObject, kind: str) -> None:
        coding, codebook = self.project.coding, self.project.codebook
        owners = {"layer": codebook.layers, "link_type": codebook.link_types, "registry": codebook.registries}
        owner = Owner(kind, self.pick(data, owners[kind]).id) if kind in owners else DOCUMENTS  # type: ignore[arg-type]
        fields = fields_of(codebook, owner)
        name = self.pick(data, NAMES)
        field = self.pick(data, fields) if fields else Field(name)
        choice = self.pick(data, field.choices or ("none",))
        edits: list[Callable[[], Change]] = [
            lambda: coding.add_field(owner, Field(name, "choice", ("Syria",), required=True)),
            lambda: coding.edit_field(owner, field.name, name=name),
            lambda: coding.edit_field(owner, field.name, type="text"),
            lambda: coding.remove_field(owner, field.name),
            lambda: coding.rename_choice(owner, field.name, choice, name),
            lambda: coding.remove_choice(owner, field.name, choice),
            lambda: coding.edit_layer(owner.id, name=name),
            lambda: coding.edit_role("link-about", "actor", min=2),
            lambda: coding.edit_role("link-attribution", "addressee", layers=("Source",)),
            lambda: coding.move("link_type", "link-about", 0),
        ]
        edit = self.pick(data, edits)
        self.do(lambda: edit().apply())

    # Annotations

    @precondition(lambda self: self.documents())
    @rule(data=st.data(), layer=st.sampled_from(("actor", "claim", "source", "cue")))
    def tag(self, data: st.DataObject, layer: str) -> None:
        document = self.pick(data, self.documents())
        fragments = self.fragments(data, document.id)
        entries = self.some_ids(data) if data.draw(st.booleans()) else None
        self.do(lambda: self.project.tagging.tag(document.id, f"layer-{layer}", fragments, entries=entries))

    @precondition(lambda self: self.annotations("layer-claim"))
    @rule(data=st.data(), layer=st.sampled_from(("source", "cue", "source", "actor")), how=st.sampled_from("-ra"))
    def tag_into(self, data: st.DataObject, layer: str, how: str) -> None:
        claim = self.pick(data, self.annotations("layer-claim"))
        fragments = self.fragments(data, claim.document_id)
        self.do(
            lambda: self.project.tagging.tag_into(
                claim.document_id, f"layer-{layer}", fragments, claim.id, relay=how == "r", about=how == "a"
            )
        )

    @precondition(lambda self: self.annotations())
    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        annotation = self.pick(data, self.annotations())
        fragments = self.fragments(data, annotation.document_id)
        self.do(lambda: self.project.tagging.set_fragments(annotation.id, fragments))

    @precondition(lambda self: self.annotations())
    @rule(
        data=st.data(),
        value=st.sampled_from((None, True, 3, "first", "first", "last", "last")),
    )
    def set_field(self, data: st.DataObject, value: Any) -> None:
        annotation = self.pick(data, self.annotations())
        fields = self.project.codebook.layers_by_id[annotation.layer_id].fields
        field = self.pick(data, fields)
        name = field.name
        if field.choices and isinstance(value, str):
            value = field.choices[0 if value == "first" else -1]
        self.do(lambda: self.project.tagging.set_fields(annotation.id, {name: value}))

    @precondition(lambda self: self.annotations())
    @rule(data=st.data(), note=st.sampled_from(("", "why?", "سؤال 🤝")))
    def note(self, data: st.DataObject, note: str) -> None:
        annotation = self.pick(data, self.annotations())
        self.do(lambda: self.project.tagging.set_note(annotation.id, note))

    @precondition(lambda self: self.annotations())
    @rule(data=st.data())
    def assign(self, data: st.DataObject) -> None:
        annotation, entries = self.pick(data, self.annotations()), self.some_ids(data)
        self.do(lambda: self.project.tagging.set_entries(annotation.id, entries))

    @precondition(lambda self: self.annotations())
    @rule(data=st.data())
    def remove_annotations(self, data: st.DataObject) -> None:
        ids = data.draw(st.lists(st.sampled_from([a.id for a in self.annotations()]), min_size=1, max_size=3))
        self.do(lambda: self.project.tagging.remove(ids))

    # Links

    @precondition(lambda self: self.annotations("layer-claim"))
    @rule(data=st.data(), relay=st.booleans())
    def link(self, data: st.DataObject, relay: bool) -> None:
        link_type = self.pick(data, self.project.codebook.link_types)
        first = self.pick(data, self.annotations("layer-claim"))
        in_document = [a for a in self.annotations() if a.document_id == first.document_id]
        inner = [link for link in self.links() if link.document_id == first.document_id] if relay else []
        roles: dict[str, list[str]] = {}
        for role in link_type.roles:
            fit = [a.id for a in in_document if self.project.codebook.layers_by_id[a.layer_id].name in role.layers]
            fit += [link.id for link in inner if role.links]
            if fit:
                least = min(role.min, len(fit))
                roles[role.name] = data.draw(st.lists(st.sampled_from(fit), min_size=least, max_size=2, unique=True))
        self.do(lambda: self.project.linking.link(first.document_id, link_type.id, roles))

    @precondition(lambda self: len(self.annotations()) > 1)
    @rule(data=st.data())
    def connect(self, data: st.DataObject) -> None:
        first = self.pick(data, self.annotations())
        second = self.pick(data, [a for a in self.annotations() if a.document_id == first.document_id])
        for name in ["", *self.project.linking.possible(first.id, second.id)]:
            self.do(lambda: self.project.linking.connect(first.id, second.id, name))  # noqa: B023

    @precondition(lambda self: self.links())
    @rule(data=st.data(), fitting=st.booleans())
    def add_member(self, data: st.DataObject, fitting: bool) -> None:
        link = self.pick(data, self.links())
        role = self.pick(data, self.project.codebook.link_types_by_id[link.type_id].roles)
        members: list[Any] = [*self.annotations(), *self.links()]
        if fitting:
            layers = {layer.id for layer in self.project.codebook.layers if layer.name in role.layers}
            members = self.annotations(*layers) + (self.links() if role.links else [])
            members = [m for m in members if m.document_id == link.document_id]
        if members:
            member = self.pick(data, members)
            self.do(lambda: self.project.linking.add_member(link.id, role.name, member.id))

    @precondition(lambda self: self.links())
    @rule(data=st.data())
    def remove_member(self, data: st.DataObject) -> None:
        link = self.pick(data, self.links())
        role, member = self.pick(data, [(role, m) for role, members in link.roles.items() for m in members])
        self.do(lambda: self.project.linking.remove_member(link.id, role, member))

    @precondition(lambda self: self.links())
    @rule(data=st.data())
    def unlink(self, data: st.DataObject) -> None:
        link = self.pick(data, self.links())
        self.do(lambda: self.project.linking.unlink(link.id))
        assert not self.project.documents.links_by_id([link.id])

    @precondition(lambda self: self.links())
    @rule(data=st.data(), value=st.sampled_from((None, "supports", "wrong")), note=st.sampled_from(("", "n")))
    def edit_link(self, data: st.DataObject, value: str | None, note: str) -> None:
        link = self.pick(data, self.links())
        self.do(lambda: self.project.linking.set_fields(link.id, {"relation": value}))
        self.do(lambda: self.project.linking.set_note(link.id, note))

    # Entries

    @rule(data=st.data(), name=st.sampled_from((*NAMES, " ", "\ud800")), alias=st.sampled_from(NAMES))
    def create_entry(self, data: st.DataObject, name: str, alias: str) -> None:
        registry = self.pick(data, self.project.codebook.registries)
        parent = self.pick(data, [None, *(entry.id for entry in self.project.entries.all())])
        self.do(lambda: self.project.entries.create(registry.id, name, [alias], parent, note="made"))

    @precondition(lambda self: self.project.entries.all())
    @rule(
        data=st.data(),
        name=st.sampled_from((None, *NAMES)),
        aliases=st.none() | st.lists(st.sampled_from(NAMES), max_size=2),
        fields=st.sampled_from((None, {}, {"kind": "state"}, {"issue": "1"})),
        reparent=st.booleans(),
    )
    def edit_entry(
        self,
        data: st.DataObject,
        name: str | None,
        aliases: list[str] | None,
        fields: dict[str, Any] | None,
        reparent: bool,
    ) -> None:
        entry = self.pick(data, self.project.entries.all())
        more: dict[str, Any] = {}
        if reparent:
            more = {"parent_id": self.pick(data, [None, *(e.id for e in self.project.entries.all())])}
        self.do(lambda: self.project.entries.edit(entry.id, name=name, aliases=aliases, fields=fields, **more))

    @precondition(lambda self: len(self.project.entries.all()) > 1)
    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        keep = self.pick(data, self.project.entries.all())
        others = [e.id for e in self.project.entries.all() if data.draw(st.booleans())][:3]
        gone = {e for e in others if e != keep.id}
        names = {e.name for e in self.project.entries.get_many(gone).values()}
        before = self.at
        self.do(lambda: self.project.entries.merge(keep.id, others))
        if self.at > before:
            kept = self.project.entries.get(keep.id)
            assert names <= {kept.name, *kept.aliases}
            assert not self.project.entries.get_many(gone)

    @precondition(lambda self: self.project.entries.all())
    @rule(data=st.data(), fate=st.sampled_from(("leave", "move", "delete")))
    def remove_entries(self, data: st.DataObject, fate: Any) -> None:
        known = [entry.id for entry in self.project.entries.all()]
        gone = data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=2))
        to = self.pick(data, known) if fate == "move" else None
        self.do(lambda: self.project.entries.remove(gone, fate, to))

    @precondition(lambda self: [a for a in self.annotations() if a.entries])
    @rule(data=st.data(), name=st.sampled_from(NAMES), move=st.booleans())
    def split(self, data: st.DataObject, name: str, move: bool) -> None:
        entry_id = self.pick(data, sorted({e for a in self.annotations() for e in a.entries}))
        mentions = self.project.entries.mentioned_in(entry_id)
        chosen = set(data.draw(st.lists(st.sampled_from(mentions), min_size=1)))
        entries, before = self.project.entries, self.at
        if move:
            to = self.pick(data, entries.all())
            self.do(lambda: entries.reassign(entry_id, chosen, to.id))
            assert self.at == before or chosen <= set(entries.mentioned_in(to.id))
        else:
            self.do(lambda: entries.split(entry_id, chosen, name))
        if self.at > before:
            assert set(entries.mentioned_in(entry_id)) == set(mentions) - chosen

    @precondition(lambda self: len(self.project.entries.all()) > 1)
    @rule(data=st.data())
    def judge(self, data: st.DataObject) -> None:
        one, other = (self.pick(data, self.project.entries.all()).id for _ in range(2))
        self.do(lambda: self.project.entries.judge_apart(one, other))

    @precondition(lambda self: len(self.project.entries.all()) > 1 and any(a.entries for a in self.annotations()))
    @rule(data=st.data(), what=st.sampled_from(("merge", "split", "edit_codebook")))
    def there_and_back(self, data: st.DataObject, what: str) -> None:
        """Undo restores the export to the byte."""
        exported, before = export(self.project), self.at
        if what == "merge":
            self.merge(data)
        elif what == "split":
            self.split(data, self.pick(data, NAMES), data.draw(st.booleans()))
        else:
            self.edit_codebook(data, self.pick(data, ("layer", "link_type", "registry", "documents")))
        if self.at > before:
            self.undo()
            assert export(self.project) == exported

    # Suggestions

    @precondition(lambda self: self.documents())
    @rule(data=st.data(), how=st.sampled_from(("accept", "dismiss", "never", "accept_all")))
    def suggestion(self, data: st.DataObject, how: str) -> None:
        document = self.pick(data, self.documents())
        proposed = self.project.suggesting.suggest(document.id)
        assert not self.project.suggesting.broken
        if proposed:
            chosen = self.pick(data, proposed)
            alike = [s for s in proposed if (s.layer_id, s.entries) == (chosen.layer_id, chosen.entries)]
            answer = getattr(self.project.suggesting, how)
            self.do(lambda: answer(alike if how == "accept_all" else chosen))
            assert chosen not in self.project.suggesting.suggest(document.id)

    # Search

    @rule(
        data=st.data(),
        line=st.sampled_from(("syria", "layer:claim", "layer:actor s*", "NEAR(a b")),
        how=st.sampled_from(("tag", "assign", "save", "forget")),
    )
    def search(self, data: st.DataObject, line: str, how: str) -> None:
        project = self.project
        if how == "save":
            self.do(lambda: project.searches.save(line[:3], line, exact=True))
        elif how == "forget":
            ids = [saved.id for saved in project.searches.all()] or ["none"]
            self.do(lambda: project.searches.remove(ids[0]))
        else:
            try:
                hits = project.search.find(line, 40)
            except InvalidValue:  # the layer was renamed
                return
            if how == "tag":
                layer = self.pick(data, project.codebook.layers)
                self.do(lambda: project.bulk.tag(project.bulk.plan_tags(hits, layer.id)))
            elif project.entries.all():
                entry = self.pick(data, project.entries.all())
                self.do(lambda: project.bulk.assign(project.bulk.plan_entry(hits, entry.id)))

    # Documents and the project

    @rule(
        text=st.sampled_from((*TEXTS, " \n", "\udc00")) | st.text(max_size=20), title=st.sampled_from(("T", "ع", " "))
    )
    def add_document(self, text: str, title: str) -> None:
        self.do(lambda: self.project.documents.add(title, text, {"outlet": "O"}))

    @precondition(lambda self: self.documents())
    @rule(data=st.data(), status=st.sampled_from((None, "new", "done", "odd")), title=st.sampled_from((None, "U", " ")))
    def edit_document(self, data: st.DataObject, status: Any, title: str | None) -> None:
        document = self.pick(data, self.documents())
        metadata = data.draw(st.none() | st.dictionaries(st.sampled_from(("date", "n")), st.integers() | st.text()))
        self.do(lambda: self.project.documents.edit(document.id, title=title, status=status, metadata=metadata))

    @precondition(lambda self: self.documents())
    @rule(data=st.data(), really=st.integers(0, 5))
    def remove_documents(self, data: st.DataObject, really: int) -> None:
        if really < 5:
            return
        ids = data.draw(st.lists(st.sampled_from([d.id for d in self.documents()]), min_size=1, max_size=2))
        self.do(lambda: self.project.documents.remove(ids))

    @rule(name=st.sampled_from(("Study", " ", "دراسة")), coder=st.sampled_from(("Ann", "Bob", "Cy")))
    def keep_house(self, name: str, coder: str) -> None:
        self.project.coder = coder
        self.do(lambda: self.project.set_details(name))
        self.do(lambda: self.project.set_details(guidelines=f"# Rules of {name}"))
        self.snapshot = self.home / "snapshot.json"
        self.snapshot.write_bytes(export(self.project))
        self.project.search.find("syria OR سوريا", 5)
        assert self.project.back_up().exists()

    @rule(own=st.booleans(), conflict=st.sampled_from(("refuse", "mine", "theirs")))
    def import_json(self, own: bool, conflict: Any) -> None:
        path = self.snapshot if own and self.snapshot else self.folder / "other.json"
        self.do(lambda: import_files(self.project, [path], on_conflict=conflict))

    # Steps

    @precondition(lambda self: self.annotations())
    @rule(data=st.data(), fail=st.booleans())
    def compound(self, data: st.DataObject, fail: bool) -> None:
        """A step of several parts: an annotation goes and comes back under its own words, unless something fails."""
        old = self.pick(data, self.annotations())

        class Failed(AnnotatorError):
            pass

        def act() -> None:
            with self.project.step("Tag again"):
                self.project.tagging.remove([old.id])
                try:
                    new = self.project.tagging.tag(old.document_id, old.layer_id, old.fragments)
                    self.project.tagging.set_note(new.id, "again")
                except AlreadyTagged:
                    self.project.tagging.set_note(self.annotations()[0].id, "again")
                if fail:
                    raise Failed("Stopped.")

        self.do(act)

    @precondition(lambda self: self.documents())
    @rule(data=st.data())
    def run_out_of_room(self, data: st.DataObject) -> None:
        """The disk is full: nothing of the step is there, in the file or in memory."""
        connection = self.project.store.connection
        document = self.pick(data, self.documents())
        connection.exec_driver_sql(
            f"PRAGMA max_page_count={connection.exec_driver_sql('PRAGMA page_count').scalar_one()}"
        )
        before = self.at

        def act() -> None:
            with self.project.step("Fill the disk"):
                self.project.entries.create("registry-actors", "Full")
                self.project.documents.edit(document.id, title="Full")
                self.project.documents.add("Full", "word " * 20_000)

        self.do(act)
        assert self.at == before
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")

    @rule()
    def undo(self) -> None:
        self._flip(self.project.undo, -1, "undo")

    @rule()
    def redo(self) -> None:
        self._flip(self.project.redo, 1, "redo")

    def _flip(self, act: Callable[[], ChangeSet], direction: int, origin: str) -> None:
        label = self.project.undo_label if direction < 0 else self.project.redo_label
        if not 0 <= self.at + direction < len(self.pictures):
            assert label is None
            with pytest.raises(NothingToUndo):
                act()
            return
        before = self.pictures[self.at]
        told = act()
        self.at += direction
        assert dump(self.project) == self.pictures[self.at]
        self._check_told(told, before, self.pictures[self.at], origin)
        assert label is not None
        assert (told.action, told.what) == (label.action, label.what)

    @rule()
    def reopen(self) -> None:
        self.project.close()
        assert not [path.name for path in self.home.iterdir() if "project.annot" in path.name and path != self.path]
        self._open()
        assert dump(self.project) == self.pictures[self.at]

    # What always holds

    @invariant()
    def sound(self) -> None:
        assert problems(self.project) == []

    @invariant()
    def entries_in_memory_are_those_of_the_file(self) -> None:
        entries = self.project.entries
        stored = {entry.id: entry for entry in self.project.store.entries()}
        assert {entry.id: entry for entry in entries.all()} == stored
        names = {key: sorted(ids) for key, ids in entries._names.items() if ids}
        entries.refresh()
        entries.all()
        assert names == {key: sorted(ids) for key, ids in entries._names.items() if ids}

    @invariant()
    def every_claim_has_a_card(self) -> None:
        for document in self.documents():
            annotations = self.project.documents.annotations(document.id)
            links = self.project.documents.links(document.id)
            made = cards(self.project.codebook, annotations, links)
            assert {card.claim.id for card in made} == {a.id for a in annotations if a.layer_id == "layer-claim"}
            assert len({(a.layer_id, a.coder_id, tuple(sorted(a.fragments))) for a in annotations}) == len(annotations)


# The thorough profile runs it five times as long.
Machine.TestCase.settings = settings(max_examples=max(40, settings().max_examples // 10), stateful_step_count=40)
TestMachine = Machine.TestCase
