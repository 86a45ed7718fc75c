"""Projects with overlaps, gaps, emoji, Arabic and relays, sent through a format and compared without their ids."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from annotator.domain.codebook import Codebook, Field, Layer, LinkType, Registry, Role
from annotator.domain.exchange import Header, Item, Reading, Remark
from annotator.domain.invariants import check_acyclic, check_codebook, check_fields, check_fragments, check_link
from annotator.domain.model import Annotation, Coder, Document, DocumentData, Entry, Fragment, Link, ProjectInfo
from annotator.domain.text import canonical, digest

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"

LAYERS = (
    Layer(
        "layer-actor",
        "Actor",
        "#1B54B4",
        "A",
        "actors",
        (Field("form", "choice", ("name", "pronoun")), Field("seen", "boolean")),
        description="Who acts",
    ),
    Layer(
        "layer-claim",
        "Claim",
        "#925500",
        "C",
        "claims",
        (
            Field("type", "choice", ("fact", "a plan")),
            Field("topics", "multi-choice", ("war", "peace", "oil & gas")),
            Field("weight", "number"),
            Field("on", "date"),
            Field("why", "text"),
        ),
    ),
    Layer("layer-source", "Source", "#6E1E63", "S", "actors"),
    Layer("layer-cue", "Cue", "#10705D", "Q"),
    Layer("l-x", "Irony ≠ sarcasm", "#a61b4b", "I"),
)
CODEBOOK = Codebook(
    LAYERS,
    (
        LinkType(
            "link-attribution",
            "Attribution",
            (
                Role("claim", ("Claim",), ("Attribution",), 1),
                Role("source", ("Source",)),
                Role("cue", ("Cue",)),
                Role("addressee", ("Actor",)),
            ),
            (Field("sure", "boolean"),),
        ),
        LinkType(
            "link-relation",
            "Claim relation",
            (Role("from", ("Claim",), (), 1), Role("to", ("Claim",), (), 1)),
            (Field("relation", "choice", ("supports", "conditional on")),),
        ),
        LinkType("t-same", "Same", (Role("member"),)),
    ),
    (
        Registry("registry-actors", "actors", (Field("kind", "choice", ("state", "person")),)),
        Registry("registry-claims", "claims"),
    ),
)

_TEXT_CHARS = st.sampled_from(
    [
        *"abc de.,“”«»:|[]_\\*;'\"<&>",
        "\n",
        " ",
        "é",
        "\u0301",
        "\U0001f600",
        "\U0001f1f8",
        "\U0001f1fe",
        "ق",
        "ا",
        "ل",
        "\u200f",
        "\u2028",
        "\u0085",
        "\t",
    ]
)
_texts = st.text(_TEXT_CHARS, min_size=1, max_size=60)
_words = (
    st.text(st.sampled_from([*"abcXYZ é", "\U0001f600", "ق", "ا", "&", "<", "'"]), min_size=1, max_size=10)
    .map(str.strip)
    .filter(bool)
)


@st.composite
def _fragments(draw: st.DrawFn, length: int) -> tuple[Fragment, ...]:
    count = draw(st.integers(1, 3))
    cuts = sorted(draw(st.lists(st.integers(0, length), min_size=2 * count, max_size=2 * count)))
    found = [Fragment(cuts[2 * i], cuts[2 * i + 1]) for i in range(count) if cuts[2 * i] < cuts[2 * i + 1]]
    return tuple(draw(st.permutations(found))) or (Fragment(0, length),)


@st.composite
def _values(draw: st.DrawFn, fields: tuple[Field, ...]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for known in fields:
        if draw(st.booleans()):
            continue
        match known.type:
            case "choice":
                values[known.name] = draw(st.sampled_from(known.choices))
            case "multi-choice":
                values[known.name] = draw(st.lists(st.sampled_from(known.choices), unique=True, min_size=1))
            case "number":
                values[known.name] = draw(st.integers(-(2**50), 2**50) | st.floats(-1e6, 1e6, width=32))
            case "boolean":
                values[known.name] = draw(st.booleans())
            case "date":
                values[known.name] = draw(st.dates()).isoformat()
            case _:
                values[known.name] = draw(_words)
    return values


@dataclass
class Memory:
    """A whole import in memory, which is a source for exporters too."""

    info: ProjectInfo = field(default_factory=lambda: ProjectInfo("p", "P"))
    codebook: Codebook = CODEBOOK
    of_coders: list[Coder] = field(default_factory=list)
    of_entries: list[Entry] = field(default_factory=list)
    of_documents: list[DocumentData] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def coders(self) -> Iterable[Coder]:
        return self.of_coders

    def entries(self) -> Iterable[Entry]:
        return self.of_entries

    def documents(self) -> Iterator[DocumentData]:
        return iter(self.of_documents)

    @classmethod
    def of(cls, items: Iterable[Item]) -> Memory:
        memory = cls(codebook=Codebook())
        for number, item in enumerate(items):
            if isinstance(item, Header):
                assert number == 0, "one header, and first"
                memory.codebook = item.codebook
                memory.of_coders += item.coders
                memory.of_entries += item.entries
            elif isinstance(item, DocumentData):
                memory.of_documents.append(item)
            else:
                memory.remarks.append(item)
        memory.check()
        return memory

    def check(self) -> None:
        """Whatever comes out of an importer holds together; nobody asks after it."""
        check_codebook(self.codebook)
        coders = {"", *(coder.id for coder in self.of_coders)}
        assert len({coder.name for coder in self.of_coders}) == len(self.of_coders)
        entries = {entry.id: entry for entry in self.of_entries}
        assert len(entries) == len(self.of_entries)
        registries = self.codebook.registries_by_id
        for entry in self.of_entries:
            assert entry.name
            check_fields(registries[entry.registry_id].fields, entry.fields, "entry")
            assert entry.parent_id is None or entry.parent_id in entries
        check_acyclic({e.id: (e.parent_id,) for e in self.of_entries if e.parent_id}, "entry")
        ids: set[str] = set()
        for data in self.of_documents:
            assert data.document.sha256 == digest(data.text)
            assert data.text == canonical(data.text)
            assert data.document.title.strip()
            annotations = {annotation.id: annotation for annotation in data.annotations}
            links = {link.id: link for link in data.links}
            own = [data.document.id, *annotations, *links]
            assert len(own) == 1 + len(data.annotations) + len(data.links)
            assert not ids & set(own)
            ids |= set(own)
            for annotation in data.annotations:
                layer = self.codebook.layers_by_id[annotation.layer_id]
                check_fragments(annotation.fragments, len(data.text))
                check_fields(layer.fields, annotation.fields, "annotation")
                assert annotation.coder_id in coders
                for entry_id in annotation.entries:
                    assert registries[entries[entry_id].registry_id].name == layer.registry
            for link in data.links:
                link_type = self.codebook.link_types_by_id[link.type_id]
                check_link(link, link_type, self.codebook, annotations, links)
                check_fields(link_type.fields, link.fields, "link")
                assert link.coder_id in coders
            check_acyclic({link.id: link.members() for link in data.links})


@st.composite
def projects(draw: st.DrawFn, coders: int = 2, documents: int = 3) -> Memory:
    """A project with a bit of everything."""
    own = [
        Coder(f"c{i}", name)
        for i, name in enumerate(
            draw(st.lists(st.sampled_from(["Ana", "بن", "C. D"]), min_size=1, max_size=coders, unique=True))
        )
    ]
    entries: list[Entry] = []
    for i, name in enumerate(draw(st.lists(_words, max_size=4, unique=True))):
        registry = draw(st.sampled_from(CODEBOOK.registries))
        above = [e.id for e in entries if e.registry_id == registry.id]
        parent = draw(st.none() | st.sampled_from(above)) if above else None
        entries.append(Entry(f"e{i}", registry.id, name, (), parent, {}, draw(st.just("") | _words)))
    texts = draw(st.lists(_texts, min_size=1, max_size=documents, unique_by=canonical))
    made = []
    for number, text in enumerate(texts):
        made.append(_document(draw, number, text, own, entries))
    return Memory(of_coders=own, of_entries=entries, of_documents=made)


def _document(draw: st.DrawFn, number: int, text: str, coders: list[Coder], entries: list[Entry]) -> DocumentData:
    document = Document(f"d{number}", f"{draw(_words)} {number}", digest(text), metadata={"outlet": draw(_words)})
    annotations: list[Annotation] = []
    links: list[Link] = []
    registries = {r.name: r.id for r in CODEBOOK.registries}
    for i in range(draw(st.integers(0, 5))):
        layer = draw(st.sampled_from(LAYERS))
        mine = [e.id for e in entries if e.registry_id == registries.get(layer.registry or "")]
        held = tuple(draw(st.lists(st.sampled_from(mine), unique=True, max_size=2))) if mine else ()
        annotations.append(
            Annotation(
                f"a{number}-{i}",
                document.id,
                layer.id,
                draw(st.sampled_from(coders)).id,
                draw(_fragments(len(text))),
                held,
                draw(_values(layer.fields)),
                draw(st.just("") | _words),
            )
        )
    names = {layer.id: layer.name for layer in LAYERS}
    for i in range(draw(st.integers(0, 3)) if annotations else 0):
        link_type = draw(st.sampled_from(CODEBOOK.link_types))
        coder = draw(st.sampled_from(coders)).id
        roles: dict[str, tuple[str, ...]] = {}
        for role in link_type.roles:
            fit = [
                a.id for a in annotations if (not role.layers and not role.links) or names[a.layer_id] in role.layers
            ]
            fit += [link.id for link in links if "Attribution" in role.links and link.type_id == "link-attribution"]
            if fit:
                chosen = tuple(draw(st.lists(st.sampled_from(fit), min_size=role.min, max_size=3, unique=True)))
                if chosen:
                    roles[role.name] = chosen
        if all(len(roles.get(role.name, ())) >= role.min for role in link_type.roles) and roles:
            links.append(
                Link(
                    f"k{number}-{i}",
                    document.id,
                    link_type.id,
                    coder,
                    roles,
                    draw(_values(link_type.fields)),
                    draw(st.just("") | _words),
                )
            )
    return DocumentData(document, text, tuple(annotations), tuple(links))


def picture(memory: Memory, annotation: Callable[..., Any] | None = None) -> list[Any]:
    """A project without ids, in an order that does not depend on them. `annotation` may forget or mend what is lost."""
    coders = {coder.id: coder.name for coder in memory.of_coders} | {"": ""}
    entries = {entry.id: entry.name for entry in memory.of_entries}
    layers = {layer.id: layer.name for layer in memory.codebook.layers}
    types = {link_type.id: link_type.name for link_type in memory.codebook.link_types}
    out = []
    for data in memory.of_documents:
        seen: dict[str, Any] = {}
        marks = []
        for a in data.annotations:
            told = {
                "layer": layers[a.layer_id],
                "fragments": tuple(tuple(f) for f in a.fragments),
                "fields": dict(a.fields),
                "entries": tuple(entries[e] for e in a.entries),
                "note": a.note,
                "coder": coders[a.coder_id],
            }
            told = annotation(told, data.text) if annotation else told
            if told is not None:
                seen[a.id] = _frozen(told)
                marks.append(seen[a.id])
        links = []
        pending = list(data.links)
        while pending:
            link = pending.pop(0)
            if any(m not in seen and any(m == other.id for other in pending) for m in link.members()):
                pending.append(link)
                continue
            roles = {
                role: kept
                for role, members in link.roles.items()
                if (kept := tuple(seen[m] for m in members if m in seen))
            }
            needed = {role.name: role.min for role in memory.codebook.link_types_by_id[link.type_id].roles}
            if not roles or any(len(roles.get(role, ())) < least for role, least in needed.items()):
                continue  # what it linked is lost
            seen[link.id] = _frozen(
                {
                    "type": types[link.type_id],
                    "roles": roles,
                    "fields": dict(link.fields),
                    "note": link.note,
                    "coder": coders[link.coder_id],
                }
            )
            links.append(seen[link.id])
        out.append((data.document.title, data.text, sorted(marks, key=repr), sorted(links, key=repr)))
    return sorted(out, key=repr)


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(sorted((key, _frozen(item)) for key, item in value.items()))
    if isinstance(value, (list, tuple)):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, bool):
        return f"bool {value}"
    return float(value) if isinstance(value, int) else value


@dataclass
class Tools:
    """What the tests of formats share; they cannot import from here."""

    memory: type[Memory] = Memory

    @staticmethod
    def projects(coders: int = 2, documents: int = 3) -> Any:
        return projects(coders, documents)

    @staticmethod
    def picture(memory: Memory, annotation: Callable[..., Any] | None = None) -> list[Any]:
        return picture(memory, annotation)

    codebook: Codebook = CODEBOOK
    data: Path = DATA

    @staticmethod
    def write(exporter: Any, source: Any, options: dict[str, str] | None = None) -> bytes:
        out = io.BytesIO()
        exporter.write(source, out, options or {})
        return out.getvalue()

    @staticmethod
    def read(importer: Any, path: Path, **options: str) -> Memory:
        return Memory.of(importer.read(path, Reading(options)))

    @classmethod
    def through(cls, exporter: Any, importer: Any, source: Any, path: Path) -> Memory:
        """Export, then import."""
        path.write_bytes(cls.write(exporter, source))
        return cls.read(importer, path)

    @staticmethod
    def shared(*parts: str) -> Path:
        """A file of the shared data; skips the test where it is not there."""
        path = DATA.joinpath(*parts)
        if not path.exists():
            pytest.skip(f"{path} is not there")
        return path


@pytest.fixture(scope="session")
def tools() -> Tools:
    return Tools()


@pytest.fixture(scope="session")
def out_path(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A place for a file of this name, the same one again and again."""
    folder = tmp_path_factory.mktemp("formats")
    return lambda name: folder / name
