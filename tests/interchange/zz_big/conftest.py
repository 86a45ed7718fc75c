"""Projects with what breaks tables, networks and reports, and the rows of the tables as they should be."""

from __future__ import annotations

import dataclasses
import io
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import strategies as st

from annotator import resources
from annotator.domain.codebook import Codebook, Field, Layer
from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.exchange import Header, Item, Reading
from annotator.domain.model import Annotation, Coder, Document, DocumentData, Entry, Fragment, Link, ProjectInfo
from annotator.domain.text import digest
from annotator.interchange.analysis.tables import write_tables
from annotator.interchange.json_format import JsonImporter


@dataclass
class Study:
    """A source in memory."""

    info: ProjectInfo = field(default_factory=lambda: ProjectInfo("p", "P"))
    codebook: Codebook = DEFAULT_CODEBOOK
    of_coders: list[Coder] = field(default_factory=list)
    of_entries: list[Entry] = field(default_factory=list)
    of_documents: list[DocumentData] = field(default_factory=list)

    def coders(self) -> Iterable[Coder]:
        return self.of_coders

    def entries(self) -> Iterable[Entry]:
        return self.of_entries

    def documents(self) -> Iterator[DocumentData]:
        return iter(self.of_documents)

    @classmethod
    def of(cls, items: Iterable[Item]) -> Study:
        study = cls()
        for item in items:
            if isinstance(item, Header):
                study.info, study.codebook = item.info or study.info, item.codebook
                study.of_coders += item.coders
                study.of_entries += item.entries
            elif isinstance(item, DocumentData):
                study.of_documents.append(item)
        return study


_EVERY = (
    Field("type", "choice", ("a; b", "=1+1", "c\\")),
    Field("many", "multi-choice", ("x", "y;z", "@w")),
    Field("why", "text"),
    Field("weight", "number"),
    Field("sure", "boolean"),
    Field("on", "date"),
    Field("#N/A", "text"),
)
CODEBOOK = replace(
    DEFAULT_CODEBOOK,
    layers=(*DEFAULT_CODEBOOK.layers, Layer("layer-x", "Irony ≠ =sarcasm", "#abc", fields=_EVERY, mark="wave")),
    document_fields=(Field("genre", "choice", ("news", "opinion")), Field("status", "boolean"), Field("seen", "date")),
)

NASTY = (
    "=1+1",
    "-2",
    "+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "'=already",
    "\t=tab",
    " =blank",
    "#N/A",
    "_x0041_",
    "a\x00b\x07",
    "\ufffe\uffff",
    "say; \\ \"so\", 'he' said",
    "two\nlines",
    "<script>alert('x')</script> & ]]>",
    "قال مسؤول سوري",
    "\U0001f1f8\U0001f1fe \U0001f600",
    "1e5",
    "TRUE",
    "＝1",
)
_text = st.one_of(
    st.sampled_from(NASTY), st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r"), max_size=30)
)
_name = st.one_of(
    st.sampled_from([text for text in NASTY if text.strip()]),
    st.text("abcdé م", min_size=1, max_size=8).filter(str.strip),
)
_articles = st.lists(_text, max_size=6).map("\n".join)
_dates = st.sampled_from(("2026-01-06", "2026-01-07T10:00:00Z", "2025-12", "2024", "soon", ""))


@st.composite
def _values(draw: st.DrawFn, fields: tuple[Field, ...]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field_ in fields:
        if not draw(st.booleans()):
            continue
        values[field_.name] = draw(
            {
                "choice": st.sampled_from(field_.choices or ("",)),
                "multi-choice": st.lists(st.sampled_from(field_.choices or ("",)), unique=True),
                "text": _text,
                "number": st.integers(-(2**52), 2**52) | st.floats(-1e9, 1e9).map(lambda x: x + 0.0),
                "boolean": st.booleans(),
                "date": st.dates().map(lambda day: day.isoformat()),
            }[field_.type]
        )
    return values


@st.composite
def _fragments(draw: st.DrawFn, length: int) -> tuple[Fragment, ...]:
    count = draw(st.integers(1, 3))
    cuts = sorted(draw(st.lists(st.integers(0, length), min_size=2 * count, max_size=2 * count)))
    found = [Fragment(cuts[2 * i], cuts[2 * i + 1]) for i in range(count) if cuts[2 * i] < cuts[2 * i + 1]]
    return tuple(draw(st.permutations(found))) or (Fragment(0, length),)


@st.composite
def studies(draw: st.DrawFn) -> Study:
    """Projects with overlaps, gaps, relays over several depths, entries shared by annotations, and nasty text."""
    coders = [Coder(f"c{i}", draw(_name)) for i in range(draw(st.integers(1, 2)))]
    entries: list[Entry] = []
    for i in range(draw(st.integers(0, 5))):
        registry = draw(st.sampled_from(CODEBOOK.registries))
        parent = draw(st.sampled_from([None, *(e.id for e in entries)]))
        aliases = tuple(draw(st.lists(_name, max_size=2)))
        entries.append(
            Entry(f"e{i}", registry.id, draw(_name), aliases, parent, draw(_values(registry.fields)), draw(_text))
        )
    documents = []
    for number in range(draw(st.integers(0, 3))):
        text = draw(_articles)
        metadata = {"date": draw(_dates), "title": draw(_text), **draw(_values(CODEBOOK.document_fields))}
        document = Document(f"d{number}", draw(_name), digest(text), "new", metadata, number)
        annotations = []
        for index in range(draw(st.integers(0, 7)) if text else 0):
            layer = draw(st.sampled_from(CODEBOOK.layers))
            annotations.append(
                Annotation(
                    f"a{number}.{index}",
                    document.id,
                    layer.id,
                    draw(st.sampled_from(coders)).id,
                    draw(_fragments(len(text))),
                    tuple(draw(st.lists(st.sampled_from([e.id for e in entries]), unique=True, max_size=3)))
                    if entries
                    else (),
                    draw(_values(layer.fields)),
                    draw(_text),
                )
            )
        documents.append(DocumentData(document, text, tuple(annotations), draw(_links(document.id, annotations))))
    return Study(ProjectInfo("p", draw(_name)), CODEBOOK, coders, entries, documents)


@st.composite
def _links(draw: st.DrawFn, document_id: str, annotations: list[Annotation]) -> tuple[Link, ...]:
    links: list[Link] = []
    for index in range(draw(st.integers(0, 5))):
        type_ = draw(st.sampled_from((CODEBOOK.link_types[0], *CODEBOOK.link_types)))
        roles = {}
        for role in type_.roles:
            fitting = [a.id for a in annotations if CODEBOOK.layers_by_id[a.layer_id].name in role.layers]
            fitting += [k.id for k in links if CODEBOOK.link_types_by_id[k.type_id].name in role.links]
            members = (
                draw(st.lists(st.sampled_from(fitting), unique=True, min_size=role.min, max_size=3)) if fitting else []
            )
            if members:
                roles[role.name] = tuple(members)
        if all(role.name in roles for role in type_.roles if role.min):
            links.append(
                Link(
                    f"{document_id}k{index}",
                    document_id,
                    type_.id,
                    "c0",
                    roles,
                    draw(_values(type_.fields)),
                    draw(_text),
                )
            )
    return tuple(draw(st.permutations(links)))


def sample() -> Study:
    """The project that comes with the program."""
    return Study.of(JsonImporter().read(resources.path("sample", "syria-israel-joint-statement.json"), Reading()))


def rows(source: Any) -> dict[str, tuple[list[str], list[list[Any]]]]:
    """All tables: the names of their columns, and their rows."""
    made: dict[str, tuple[list[str], list[list[Any]]]] = {}

    def opened(table: Any) -> Any:
        made[table.name] = ([column.name for column in table.columns], [])
        return made[table.name][1].append

    write_tables(source, opened)
    return made


def written(exporter: Any, source: Any, **options: str) -> io.BytesIO:
    out = io.BytesIO()
    exporter.write(source, out, options)
    out.seek(0)
    return out


@pytest.fixture
def lab() -> Any:
    """The helpers above, for tests, which cannot import from here."""
    return types.SimpleNamespace(
        studies=studies,
        sample=sample,
        rows=rows,
        written=written,
        Study=Study,
        CODEBOOK=CODEBOOK,
        replace=dataclasses.replace,
    )
