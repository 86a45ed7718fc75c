"""Each sentence of what a format loses is true, and what no sentence names is not lost.

A project with a bit of everything goes out and comes in again. Both are written down whole, ids, times, codebook and all.
For each sentence there is a function that strikes out what the sentence says is lost. With all of them the two are the
same; without any one of them they are not.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.codebook import Codebook, Field, Layer, LinkType, Registry, Role
from annotator.domain.exchange import Header, Item, Reading
from annotator.domain.model import (
    STATUSES,
    Annotation,
    Coder,
    Document,
    DocumentData,
    Entry,
    Fragment,
    Link,
    ProjectInfo,
)
from annotator.domain.text import digest
from annotator.interchange.registry import Formats

Plain = dict[str, Any]
T1, T2, T3 = "2026-01-06T09:12:00.000Z", "2026-01-07T10:00:00.000Z", "2026-01-05T08:00:00.000Z"
TEXT = "Smith \U0001f600 said no\nto it. قال مسؤول نعم.\n\nJones did not, Axios said.\n"


def _uuid(number: int) -> str:
    return f"019b9794-0000-7000-8000-{number:012d}"


CODEBOOK = Codebook(
    (
        Layer(
            _uuid(1),
            "Claim",
            "#925500",
            "C",
            "claims",
            (
                Field(
                    "type", "choice", ("fact", "a plan"), "What kind", True, "How", ("one",), (("fact", "It is so"),)
                ),
                Field("topics", "multi-choice", ("war", "oil & gas")),
                Field("weight", "number"),
                Field("checked", "boolean"),
                Field("on", "date"),
                Field("why", "text"),
                Field("blank", "text"),
            ),
            "tint",
            "What is said",
            "Tag all of it",
            ("an example",),
        ),
        Layer(_uuid(2), "Source", "#6E1E63", "S", "actors", (), "outline"),
        Layer(_uuid(3), "Cue (word)", "#10705D", "Q", None, (), "dots"),
        Layer(_uuid(4), "Never used", "#1B54B4", "N"),
    ),
    (
        LinkType(
            _uuid(5),
            "Attribution",
            (
                Role("claim", ("Claim",), ("Attribution",), 1, "What", "How", ("x",)),
                Role("source", ("Source",)),
                Role("cue", ("Cue (word)",)),
            ),
            (Field("sure", "boolean"), Field("kind", "choice", ("a", "b")), Field("also", "multi-choice", ("x", "y"))),
            "Who says what",
            "Link it",
            ("yes",),
        ),
        LinkType(_uuid(6), "Idle", (Role("member", ("Claim",)),)),
    ),
    (
        Registry(
            _uuid(7),
            "actors",
            (Field("kind", "choice", ("state", "person")), Field("color", "text")),
            "Who acts",
            "Guide",
            ("z",),
        ),
        Registry(_uuid(8), "claims"),
        Registry(_uuid(9), "idle"),
    ),
    (Field("genre", "choice", ("news", "opinion")),),
    7,
)


def _rich(memory: Any) -> Any:
    """A project that has everything that any sentence speaks of."""
    ana, ben = Coder(_uuid(10), "Ana"), Coder(_uuid(11), "بن")
    entries = [
        Entry(_uuid(20), _uuid(7), "A party", ("The party",), None, {"kind": "state", "color": "#ff0000"}, "who\nelse"),
        Entry(_uuid(21), _uuid(7), "J. Smith", ("Smith", "he"), _uuid(20), {}, "", "tag"),
        Entry(_uuid(22), _uuid(8), "No"),
        Entry(_uuid(23), _uuid(8), "Nobody mentions it"),
        Entry(_uuid(24), _uuid(8), "Odd \x0b name"),
    ]

    def span(words: str) -> Fragment:
        at = TEXT.index(words)
        return Fragment(at, at + len(words))

    claim = Annotation(
        *(_uuid(30), _uuid(40), _uuid(1), ana.id, (span("Jones did not"), span("no\nto it")), (_uuid(22),)),
        {
            "type": "a plan",
            "topics": ["war", "oil & gas"],
            "weight": 2**53 + 1,
            "checked": False,
            "on": "2026-01-06",
            "why": " so\nbe it ",
            "blank": "",
        },
        *("a note\nof two lines", "suggestion", T1, T2),
    )
    marks = (
        claim,
        Annotation(_uuid(31), _uuid(40), _uuid(2), ana.id, (span("Smith"),), (_uuid(21), _uuid(20)), created=T1),
        Annotation(_uuid(32), _uuid(40), _uuid(3), ana.id, (span("said"),), note="odd \x0b note"),
        Annotation(_uuid(33), _uuid(40), _uuid(1), ana.id, (span("نعم.\n"),), (_uuid(24),)),
        Annotation(_uuid(34), _uuid(40), _uuid(1), ben.id, (Fragment(0, 5), Fragment(6, 7))),
        Annotation(_uuid(35), _uuid(40), _uuid(2), ben.id, (span("Axios"),)),
        Annotation(_uuid(36), _uuid(40), _uuid(1), ana.id, (span("مسؤول"), span("نعم")), fields={"weight": 0.5}),
        Annotation(_uuid(37), _uuid(40), _uuid(1), ana.id, (Fragment(*span("no")), Fragment(*span("to it")))),
    )
    links = (
        Link(
            *(_uuid(50), _uuid(40), _uuid(5), ana.id),
            {"claim": (_uuid(30), _uuid(33)), "source": (_uuid(31),), "cue": (_uuid(32),)},
            {"sure": True, "kind": "b", "also": ["x", "y"]},
            *("of the\nlink", "suggestion", T1, T2),
        ),
        Link(_uuid(51), _uuid(40), _uuid(5), ben.id, {"claim": (_uuid(50),), "source": (_uuid(35),)}),
    )
    document = Document(
        *(_uuid(40), "One: two/three", digest(TEXT), "done"),
        {"date": "2026-01-06", "genre": "news", "tags": ["x", "y"], "words": 31, "checked": True, "empty": ""},
        *(0, T3),
    )
    other = Document(_uuid(41), "Two", digest("Other text."), "in progress", {}, 1, T3)
    return memory(
        ProjectInfo(_uuid(60), "The study", T3, "Guidelines\n\nof it"),
        CODEBOOK,
        [ana, ben],
        entries,
        [DocumentData(document, TEXT, marks, links), DocumentData(other, "Other text.")],
    )


def _told(memory: Any, info: ProjectInfo | None = None) -> Plain:
    """All of a project as plain values by names, each thing with its id, in no order that a format could change."""
    book = memory.codebook
    layers, types, registries = book.layers_by_id, book.link_types_by_id, book.registries_by_id
    coders = {coder.id: coder.name for coder in memory.of_coders} | {"": ""}
    entries = {entry.id: entry for entry in memory.of_entries}
    documents = {}
    for data in memory.of_documents:
        told: dict[str, Plain] = {}
        for a in data.annotations:
            told[a.id] = {
                "layer": layers[a.layer_id].name,
                "fragments": [tuple(fragment) for fragment in a.fragments],
                "entries": [entries[id_].name for id_ in a.entries],
                **_common(a, coders),
            }
        pending = list(data.links)
        while pending:
            link = pending.pop(0)
            if any(member not in told for member in link.members()):
                pending.append(link)
                continue
            told[link.id] = {
                "type": types[link.type_id].name,
                "roles": {role: [told[m] for m in members] for role, members in link.roles.items() if members},
                **_common(link, coders),
            }
        documents[data.document.title] = {
            "id": data.document.id,
            "text": data.text,
            "status": data.document.status,
            "metadata": dict(data.document.metadata),
            "created": data.document.created,
            "annotations": [told[a.id] for a in data.annotations],
            "links": [told[link.id] for link in data.links],
        }
    return {
        "project": asdict(info) if info else None,
        "layers": {layer.name: asdict(layer) for layer in book.layers},
        "link types": {item.name: asdict(item) for item in book.link_types},
        "registries": {item.name: asdict(item) for item in book.registries},
        "document fields": [asdict(field) for field in book.document_fields],
        "version": book.version,
        "coders": {coder.name: coder.id for coder in memory.of_coders},
        "entries": {
            entry.name: {
                "id": entry.id,
                "registry": registries[entry.registry_id].name,
                "aliases": list(entry.aliases),
                "parent": entries[entry.parent_id].name if entry.parent_id else None,
                "fields": dict(entry.fields),
                "note": entry.note,
                "origin": entry.origin,
            }
            for entry in memory.of_entries
        },
        "documents": documents,
    }


def _common(mark: Annotation | Link, coders: dict[str, str]) -> Plain:
    plain = {key: getattr(mark, key) for key in ("id", "note", "origin", "created", "modified")}
    return {**plain, "coder": coders[mark.coder_id], "fields": dict(mark.fields)}


def _steady(value: Any) -> Any:
    """The same for two projects that differ in nothing but an order that means nothing."""
    if isinstance(value, dict):
        return tuple(sorted((str(key), _steady(inner)) for key, inner in value.items()))
    if isinstance(value, (list, tuple)):
        steady = [_steady(inner) for inner in value]
        marks = any(isinstance(inner, dict) and "coder" in inner for inner in value)
        return tuple(sorted(steady, key=repr) if marks else steady)
    return f"{type(value).__name__} {value!r}"


def _differences(one: Any, other: Any, where: str = "") -> list[str]:
    """Where two of them differ, for whoever reads a test that fails."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = dict.fromkeys([*one, *other])
        return [line for key in keys for line in _differences(one.get(key), other.get(key), f"{where}/{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        one, other = (sorted(each, key=lambda v: repr(_steady(v))) for each in (one, other))
        return [
            line for n, pair in enumerate(zip(one, other, strict=True)) for line in _differences(*pair, f"{where}/{n}")
        ]
    return [] if _steady(one) == _steady(other) else [f"{where}: {one!r} | {other!r}"]


# What each sentence strikes out


def _marks(plain: Plain) -> list[Plain]:
    """All annotations and links of a project."""
    return [mark for document in plain["documents"].values() for mark in (*document["annotations"], *document["links"])]


def _project(plain: Plain) -> None:
    plain["project"] = None


def _unmentioned(plain: Plain) -> None:
    _project(plain)
    wanted: set[str] = set()
    for mark in _marks(plain):
        for name in mark.get("entries", ()):
            at: str | None = name
            while at is not None and at in plain["entries"]:
                wanted.add(at)
                at = plain["entries"][at]["parent"]
    plain["entries"] = {name: entry for name, entry in plain["entries"].items() if name in wanted}


def _no_xml(plain: Plain) -> None:
    """In place, for marks stand in links too."""
    for item in (*_marks(plain), *plain["entries"].values()):
        item["note"] = item["note"].replace("\x0b", "\ufffd")
    if "Odd \x0b name" in plain["entries"]:
        plain["entries"]["Odd \ufffd name"] = plain["entries"].pop("Odd \x0b name")
    for mark in _marks(plain):
        if "entries" in mark:
            mark["entries"] = [name.replace("\x0b", "\ufffd") for name in mark["entries"]]


def _no_xml_in_notes(plain: Plain) -> None:
    for mark in _marks(plain):
        mark["note"] = mark["note"].replace("\x0b", "\ufffd")


def _flat(text: str) -> str:
    return re.sub(r"[\n\x0b]", " ", text).strip()


def _brat_values(plain: Plain) -> None:
    for mark in _marks(plain):
        mark["note"] = _flat(mark["note"])
        told = {name: _flat(value) if isinstance(value, str) else value for name, value in mark["fields"].items()}
        mark["fields"] = {name: value for name, value in told.items() if value != ""}


def _brat_edges(plain: Plain) -> None:
    for document in plain["documents"].values():
        for mark in document["annotations"]:
            spans: list[tuple[int, int]] = []
            for start, end in mark["fragments"]:
                words = document["text"][start:end]
                start, end = start + len(words) - len(words.lstrip("\n")), end - len(words) + len(words.rstrip("\n"))
                if start >= end:
                    continue
                if spans and not document["text"][spans[-1][1] : start].strip("\n") and spans[-1][1] <= start:
                    spans[-1] = (spans[-1][0], end)
                else:
                    spans.append((start, end))
            mark["fragments"] = spans


def _brat_coders(plain: Plain) -> None:
    for document in plain["documents"].values():
        for link in document["links"]:
            roles = {
                role: [member for member in members if member["coder"] == link["coder"]]
                for role, members in link["roles"].items()
            }
            link["roles"] = {role: members for role, members in roles.items() if members}
    # A role that is empty by that cannot be needed.
    for link_type in plain["link types"].values():
        for role in link_type["roles"]:
            role["min"] = 0


def _brat_ids(plain: Plain) -> None:
    _project(plain)
    for mark in _marks(plain):
        for key in ("id", "origin", "created", "modified"):
            mark[key] = ""
    for document in plain["documents"].values():
        document["id"] = document["created"] = ""
    plain["coders"] = dict.fromkeys(plain["coders"], "")


def _refi_entries(plain: Plain) -> None:
    for entry in plain["entries"].values():
        entry["aliases"], entry["origin"] = [], ""
        entry["fields"] = {name: value for name, value in entry["fields"].items() if name == "color"}
    for registry in plain["registries"].values():
        registry["fields"] = ()
    for mark in _marks(plain):
        mark["origin"] = ""


def _refi_documents(plain: Plain) -> None:
    plain["document fields"] = []
    for document in plain["documents"].values():
        document["status"] = ""
        told = {k: "; ".join(v) if isinstance(v, list) else v for k, v in document["metadata"].items()}
        document["metadata"] = {key: value for key, value in told.items() if value != ""}


def _refi_types(plain: Plain) -> None:
    used = {mark["type"] for mark in _marks(plain) if "type" in mark}
    plain["link types"] = {name: {"id": t["id"]} for name, t in plain["link types"].items() if name in used}
    used = {entry["registry"] for entry in plain["entries"].values()} | {
        la["registry"] for la in plain["layers"].values()
    }
    plain["registries"] = {
        name: {"id": registry["id"], "fields": registry["fields"]}
        for name, registry in plain["registries"].items()
        if name in used
    }
    for mark in _marks(plain):
        if "type" in mark:
            mark["fields"] = {k: "; ".join(v) if isinstance(v, list) else v for k, v in mark["fields"].items()}


def _refi_layers(plain: Plain) -> None:
    for layer in plain["layers"].values():
        for key in ("shortcut", "mark", "guidelines", "examples"):
            layer[key] = ""
        layer["fields"] = [{k: f[k] for k in ("name", "type", "choices", "description")} for f in layer["fields"]]


def _refi_ids(plain: Plain) -> None:
    _project(plain)
    plain["version"] = 0
    for kind in ("layers", "link types", "registries"):
        for item in plain[kind].values():
            item["id"] = ""


Strikes = dict[str, Callable[[Plain], None]]
_CAS: Strikes = {"The project's name, date and guidelines stay behind, and entries that": _unmentioned}
STRIKES: dict[str, Strikes] = {
    "json": {},
    "jsonl": {},
    "web-annotation": {"The project's name": _project},
    "cas-json": _CAS,
    "cas-xmi": {**_CAS, "Characters that XML cannot hold": _no_xml_in_notes},
    "brat": {
        "Line breaks and control characters": _brat_values,
        "Line breaks at the edges": _brat_edges,
        "Links between annotations of different coders": _brat_coders,
        "Ids, who made a suggestion": _brat_ids,
    },
    "qdpx": {
        "Aliases and fields of entries": _refi_entries,
        "The status of documents": _refi_documents,
        "Link types and registries": _refi_types,
        "The keys, marks, guidelines": _refi_layers,
        "Characters that XML cannot hold": _no_xml,
        "The project's name": _refi_ids,
    },
}
"""How each sentence begins, and what it strikes out."""
LOOKS = {
    "brat": ("The codebook, entries, titles", "Brackets, spaces and signs"),
    "cas-json": ("Other tools see", "Sentences, tokens"),
    "cas-xmi": ("Other tools see", "Sentences, tokens"),
}
"""Sentences about what other tools see, or what they bring; each has a test of its own below."""
FILES = {
    "json": "x.json",
    "jsonl": "x.jsonl",
    "brat": "x.brat.zip",
    "qdpx": "x.qdpx",
    "cas-xmi": "x.xmi.zip",
    "cas-json": "x.cas.zip",
    "web-annotation": "x.jsonld",
}


@pytest.fixture(scope="module")
def formats() -> Formats:
    return Formats()


def _there_and_back(name: str, source: Any, formats: Formats, tools: Any, folder: Path) -> tuple[Plain, Plain]:
    path = folder / FILES[name]
    path.write_bytes(tools.write(formats.exporters[name], source))
    info: list[ProjectInfo] = []

    def items() -> Iterator[Item]:
        for item in formats.importers[name].read(path, Reading()):
            if isinstance(item, Header) and item.info is not None:
                info.append(item.info)
            yield item

    back = tools.memory.of(items())
    return _told(source, source.info), _told(back, info[0] if info else None)


@pytest.mark.parametrize("name", STRIKES)
def test_each_sentence_says_what_is_lost_and_together_they_say_all(
    name: str, formats: Formats, tools: Any, tmp_path: Path
) -> None:
    source = _rich(tools.memory)
    source.check()
    before, after = _there_and_back(name, source, formats, tools, tmp_path)
    strikes = STRIKES[name]

    def struck(plain: Plain, but: str = "") -> Plain:
        plain = deepcopy(plain)
        for sentence, strike in strikes.items():
            if sentence != but:
                strike(plain)
        return plain

    assert _differences(struck(before), struck(after)) == []
    for sentence in strikes:
        assert _differences(struck(before, sentence), struck(after, sentence)), f"{sentence}: nothing of it is lost"


@pytest.mark.parametrize("name", STRIKES)
@given(data=st.data())
@settings(max_examples=15)
def test_nothing_else_is_lost_of_any_project(
    name: str, data: st.DataObject, formats: Formats, tools: Any, out_path: Any
) -> None:
    """The same with overlaps, gaps, emoji, Arabic and relays as they come."""
    source = data.draw(tools.projects())
    for number, each in enumerate(source.of_documents):
        document = replace(
            each.document,
            created=T3,
            status=data.draw(st.sampled_from(STATUSES)),
            metadata={**each.document.metadata, "tags": data.draw(st.lists(st.sampled_from("xyz"), unique=True))},
        )
        marks = tuple(
            replace(a, origin=data.draw(st.sampled_from(("manual", "suggestion"))), created=T1, modified=T2)
            for a in each.annotations
        )
        source.of_documents[number] = replace(each, document=document, annotations=marks)
    path = out_path(FILES[name])
    before, after = _there_and_back(name, source, formats, tools, path.parent)
    for plain in (before, after):
        for strike in STRIKES[name].values():
            strike(plain)
        _no_ids(plain)
        if name == "brat":
            _only_what_links(plain)
    assert _differences(before["documents"], after["documents"]) == []
    assert _differences(before["entries"], after["entries"]) == []


def _no_ids(plain: Plain) -> None:
    """Those of these projects are no UUIDs."""
    for mark in (*_marks(plain), *plain["entries"].values(), *plain["documents"].values()):
        mark["id"] = ""


def _only_what_links(plain: Plain) -> None:
    """An annotation of nothing but line breaks is lost as a whole, and a link that then holds nothing with it."""
    for document in plain["documents"].values():
        document["annotations"] = [mark for mark in document["annotations"] if _stands(mark)]
        for link in document["links"]:
            link["roles"] = {
                role: held for role, members in link["roles"].items() if (held := [m for m in members if _stands(m)])
            }
        document["links"] = [link for link in document["links"] if _stands(link)]


def _stands(mark: Plain) -> bool:
    if "roles" in mark:
        return any(_stands(member) for members in mark["roles"].values() for member in members)
    return any(start < end for start, end in mark["fragments"])


@pytest.mark.parametrize("name", STRIKES)
def test_every_sentence_has_its_test(name: str, formats: Formats) -> None:
    for sentence in formats.exporters[name].loses:
        named = [start for start in (*STRIKES[name], *LOOKS.get(name, ())) if sentence.startswith(start)]
        assert len(named) == 1, sentence
    assert len(formats.exporters[name].loses) == len(STRIKES[name]) + len(LOOKS.get(name, ()))


def test_brat_without_the_file_beside_it(formats: Formats, tools: Any, tmp_path: Path) -> None:
    """Entries keep their names only, and names are tokens."""
    source = _rich(tools.memory)
    whole, bare = tmp_path / "whole.brat.zip", tmp_path / "bare.zip"
    whole.write_bytes(tools.write(formats.exporters["brat"], source))
    with zipfile.ZipFile(whole) as given, zipfile.ZipFile(bare, "w") as made:
        records = "".join(given.read(name).decode() for name in given.namelist() if name.endswith(".ann"))
        for name in given.namelist():
            if not name.endswith("annotator.json"):
                made.writestr(name, given.read(name))
    assert "\tCue_word " in records
    assert "Cue (word)" not in records
    back = tools.read(formats.importers["brat"], bare)
    assert {"Claim", "Source", "Cue_word"} <= {layer.name for layer in back.codebook.layers}
    named = {entry.name: entry for entry in back.of_entries}
    assert {"A party", "J. Smith", "No"} <= named.keys()
    assert all(not entry.aliases and not entry.note and entry.parent_id is None for entry in named.values())
    assert all(data.document.status == "new" for data in back.of_documents)


@pytest.mark.parametrize("name", ["cas-xmi", "cas-json"])
def test_what_other_uima_tools_see_and_bring(name: str, formats: Formats, tools: Any, tmp_path: Path) -> None:
    import cassis

    source = _rich(tools.memory)
    source.of_documents = source.of_documents[:1]
    path = tmp_path / ("x.xmi.zip" if name == "cas-xmi" else "x.cas.json")
    path.write_bytes(tools.write(formats.exporters[name], source))
    folder = tmp_path / "files"
    if name == "cas-xmi":
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
        system = cassis.load_typesystem(io.BytesIO((folder / "TypeSystem.xml").read_bytes()))
        file = next(folder.glob("*.xmi"))
        cas = cassis.load_cas_from_xmi(io.BytesIO(file.read_bytes()), typesystem=system)
    else:
        folder.mkdir()
        file = folder / "x.cas.json"
        cas = cassis.load_cas_from_json(io.BytesIO(path.read_bytes()))
    (gapped,) = [fs for fs in cas.select("webanno.custom.Claim") if fs.id == _uuid(30)]
    text = source.of_documents[0].text
    assert gapped.get_covered_text() == text[text.index("no\nto") : text.index("Jones did not") + len("Jones did not")]
    sentence = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence"
    made = cas.typesystem.create_type(sentence, "uima.tcas.Annotation")
    cas.add(made(begin=0, end=5))
    if name == "cas-xmi":
        cas.to_xmi(file)
        cas.typesystem.to_xml(folder / "TypeSystem.xml")
    else:
        cas.to_json(file)
    back = tools.read(formats.importers[name], file)
    assert {layer.name for layer in back.codebook.layers} == {layer.name for layer in CODEBOOK.layers}
    assert len(back.of_documents[0].annotations) == len(source.of_documents[0].annotations)
    assert [remark.kind for remark in back.remarks] == ["lost"]
