"""What the JSON importer refuses, and that it says so in one sentence that names the file."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.errors import AnnotatorError, FileRefused

Plain = dict[str, Any]


def document(value: Plain) -> Plain:
    return value["documents"][0]


def annotation(value: Plain) -> Plain:
    return document(value)["annotations"][0]


def fragment(value: Plain) -> Plain:
    return annotation(value)["fragments"][0]


def link(value: Plain, index: int = 0) -> Plain:
    return document(value)["links"][index]


def layer(value: Plain) -> Plain:
    return value["codebook"]["layers"][0]


def role(value: Plain) -> Plain:
    return value["codebook"]["link_types"][0]["roles"][0]


CASES: dict[str, tuple[Callable[[Plain], Any], str]] = {
    "another format": (lambda v: v.update(format="labels"), "not an Annotator project"),
    "a newer version": (lambda v: v.update(version=99), "made by a newer Annotator"),
    "version as text": (lambda v: v.update(version="1"), "version"),
    "version true": (lambda v: v.update(version=True), "version"),
    "version 0": (lambda v: v.update(version=0), "version"),
    "UTF-16 offsets": (lambda v: v.update(offset_unit="utf-16"), "offset unit is “utf-16”"),
    "no offset unit": (lambda v: v.pop("offset_unit"), "offset unit"),
    "no documents": (lambda v: v.pop("documents"), "no list of documents"),
    "documents an object": (lambda v: v.update(documents={}), "no list of documents"),
    "a document that is none": (lambda v: v.update(documents=[7]), "document number 1 must be an object"),
    "a document without an id": (lambda v: document(v).pop("id"), "document number 1 has no id"),
    "an empty id": (lambda v: document(v).update(id=""), "document number 1 has no id"),
    "a document twice": (lambda v: v["documents"].append(v["documents"][1]), "the document “d-2” twice"),
    "no title": (lambda v: document(v).pop("title"), "“d-1” has no title"),
    "no text": (lambda v: document(v).pop("text"), "“d-1” has no text"),
    "null text": (lambda v: document(v).update(text=None), "the document “d-1” has no text"),
    "another hash": (lambda v: document(v).update(sha256="0" * 64), "not the one that its sha256 was made of"),
    "a status that is none": (lambda v: document(v).update(status="finished"), "unknown status “finished”"),
    "nested metadata": (lambda v: document(v).update(metadata={"a": {"b": 1}}), "metadata “a”"),
    "null metadata": (lambda v: document(v).update(metadata={"a": None}), "metadata “a”"),
    "a document field's choice": (lambda v: document(v)["metadata"].update(genre="poem"), "“poem” is not among"),
    "past the end": (lambda v: fragment(v).update(start=10**9, end=10**9 + 5), "ends after the text"),
    "just past the end": (
        lambda v: annotation(v).update(fragments=[{"start": 0, "end": len(document(v)["text"]) + 1}]),
        "ends after the text, which has",
    ),
    "negative": (lambda v: fragment(v).update(start=-5), "starts before the text"),
    "reversed": (lambda v: fragment(v).update(start=20, end=10), "ends before it starts"),
    "empty": (lambda v: fragment(v).update(end=fragment(v)["start"]), "is empty"),
    "a fraction": (lambda v: fragment(v).update(start=1.5), "whole number, not 1.5"),
    "a whole fraction": (lambda v: fragment(v).update(start=1.0), "whole number, not 1.0"),
    "true as a place": (lambda v: fragment(v).update(start=True), "whole number, not true"),
    "text as a place": (lambda v: fragment(v).update(end="42"), "whole number, not “42”"),
    "null as a place": (lambda v: fragment(v).pop("end"), "whole number, not null"),
    "a huge place": (lambda v: fragment(v).update(end=10**40), "whole number, not 1e+40"),
    "another quote": (lambda v: fragment(v).update(text="not this"), "reads “not this”, but the text there is"),
    "a null quote": (lambda v: fragment(v).update(text=None), "must be text, not null"),
    "no fragments": (lambda v: annotation(v).update(fragments=[]), "at least one fragment"),
    "fragments missing": (lambda v: annotation(v).pop("fragments"), "fragments of annotation “a-1” must be a list"),
    "a fragment that is none": (lambda v: annotation(v).update(fragments=[[0, 5]]), "must be an object"),
    "overlapping fragments": (
        lambda v: annotation(v)["fragments"].insert(0, {"start": 40, "end": 50}),
        "the fragments 31 to 42 and 40 to 50 overlap",
    ),
    "an unknown layer": (lambda v: annotation(v).update(layer="Nowhere"), "the layer “Nowhere”"),
    "a layer by id": (lambda v: annotation(v).update(layer="l-c"), "the layer “l-c”"),
    "no layer": (lambda v: annotation(v).pop("layer"), "has no layer"),
    "a list as a layer": (lambda v: annotation(v).update(layer=["Claim"]), "the layer a list"),
    "an unknown coder": (lambda v: annotation(v).update(coder="c-9"), "the coder “c-9”"),
    "an unknown entry": (lambda v: annotation(v).update(entries=["e-9"]), "the entry “e-9”"),
    "entries as text": (lambda v: annotation(v).update(entries="e-1"), "entries of annotation “a-1” must be a list"),
    "an entry twice": (lambda v: annotation(v).update(entries=["e-3", "e-3"]), "the same entry twice"),
    "a number as a note": (lambda v: annotation(v).update(note=5), "note of annotation “a-1” must be text"),
    "null as fields": (lambda v: annotation(v).update(fields=None), "must be an object, not null"),
    "a field that is none": (lambda v: annotation(v).update(fields={"mood": "x"}), "“mood”, which is not a field"),
    "a choice that is none": (lambda v: annotation(v)["fields"].update(type="lie"), "“lie” is not among the choices"),
    "true as a number": (lambda v: annotation(v)["fields"].update(weight=True), "takes a number, not true"),
    "text as a number": (lambda v: annotation(v)["fields"].update(weight="1"), "takes a number, not “1”"),
    "null as a number": (lambda v: annotation(v)["fields"].update(weight=None), "takes a number, not null"),
    "1 as yes": (lambda v: annotation(v)["fields"].update(checked=1), "takes yes or no"),
    "a day that is none": (lambda v: annotation(v)["fields"].update(on="2026-02-30"), "takes a date"),
    "another date": (lambda v: annotation(v)["fields"].update(on="06.01.2026"), "takes a date"),
    "a number as text": (lambda v: annotation(v)["fields"].update(why=5), "takes text, not 5"),
    "one choice for many": (lambda v: annotation(v)["fields"].update(topics="war"), "takes a list of choices"),
    "a choice twice": (lambda v: annotation(v)["fields"].update(topics=["war", "war"]), "holds “war” twice"),
    "an annotation twice": (
        lambda v: document(v)["annotations"].append(document(v)["annotations"][0]),
        "the id “a-1” stands twice",
    ),
    "a link with an annotation's id": (lambda v: link(v).update(id="a-3"), "the id “a-3” stands twice"),
    "an id in two documents": (
        lambda v: v["documents"][1].update(
            text="x",
            sha256="2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
            annotations=[{**annotation(v), "fragments": [{"start": 0, "end": 1}]}],
        ),
        "the id “a-1” stands twice",
    ),
    "an unknown link type": (lambda v: link(v).update(type="Rumour"), "the link type “Rumour”"),
    "a link of nobody": (lambda v: link(v).pop("coder"), "has no coder"),
    "an unknown role": (lambda v: link(v)["roles"].update(liar=["a-2"]), "the role “liar”, which “Attribution”"),
    "a dangling member": (lambda v: link(v)["roles"].update(source=["nobody"]), "refers to “nobody”"),
    "a member twice": (lambda v: link(v)["roles"].update(source=["a-2", "a-2"]), "holds “a-2” twice"),
    "a member of another layer": (lambda v: link(v)["roles"].update(source=["a-3"]), "does not take that layer"),
    "a link where none may be": (lambda v: link(v)["roles"].update(source=["k-2"]), "does not take that type"),
    "a member that is no list": (lambda v: link(v)["roles"].update(source="a-2"), "must be a list"),
    "a member that is no text": (lambda v: link(v)["roles"].update(source=[2]), "list of texts, but holds 2"),
    "no claim": (lambda v: link(v)["roles"].update(claim=[]), "needs a member in its role “claim”"),
    "no roles": (lambda v: link(v).pop("roles"), "has no roles"),
    "a member in another document": (
        lambda v: v["documents"][1]["links"].append({**link(v), "id": "k-9"}),
        "its document has no such annotation or link",
    ),
    "a link of itself": (lambda v: link(v, 1)["roles"].update(claim=["k-2"]), "“k-2” refers to itself"),
    "a cycle of links": (lambda v: link(v, 1)["roles"].update(claim=["k-3"]), "leads back to itself"),
    "an entry twice in the list": (lambda v: v["entries"].append(v["entries"][2]), "the entry “e-3” twice"),
    "an entry of no registry": (lambda v: v["entries"][0].update(registry="ghosts"), "the registry “ghosts”"),
    "a parent that is none": (lambda v: v["entries"][0].update(parent="e-9"), "the parent “e-9”"),
    "its own parent": (lambda v: v["entries"][0].update(parent="e-1"), "refers to itself"),
    "a cycle of parents": (lambda v: v["entries"][0].update(parent="e-2"), "leads back to itself"),
    "aliases as text": (lambda v: v["entries"][0].update(aliases="x"), "aliases of the entry “e-1” must be a list"),
    "two coders of a name": (lambda v: v["coders"][1].update(name="Ana"), "two coders named “Ana”"),
    "a coder twice": (lambda v: v["coders"][1].update(id="c-1"), "the coder “c-1” twice"),
    "two layers of a name": (lambda v: layer(v).update(name="Claim"), "two of the layer “Claim”"),
    "two layers of an id": (lambda v: layer(v).update(id="l-c"), "the layer id “l-c” twice"),
    "a nameless layer": (lambda v: layer(v).update(name=" "), "a layer without a name"),
    "a colour that is none": (lambda v: layer(v).update(color="red"), "the colour “red”"),
    "a mark that is none": (lambda v: layer(v).update(mark="blink"), "the unknown mark “blink”"),
    "a layer of no registry": (lambda v: layer(v).update(registry="ghosts"), "an unknown registry “ghosts”"),
    "a field type that is none": (lambda v: layer(v)["fields"][0].update(type="colour"), "unknown type “colour”"),
    "a role of no layer": (lambda v: role(v).update(layers=["Ghost"]), "unknown layer “Ghost”"),
    "a role of no link": (lambda v: role(v).update(links=["Ghost"]), "unknown link type “Ghost”"),
    "true as a minimum": (lambda v: role(v).update(min=True), "must be a whole number, not true"),
    "a minimum below zero": (lambda v: role(v).update(min=-1), "minimum below zero"),
    "a codebook that is none": (lambda v: v.update(codebook=[]), "codebook of the file must be an object"),
    "coders that are none": (lambda v: v.update(coders=[3]), "a coder must be an object, not 3"),
}


@pytest.mark.parametrize("case", CASES)
def test_refused_with_its_reason(case: str, hard: Plain, put: Any, tools: Any) -> None:
    change, reason = CASES[case]
    change(hard)
    path = put(hard)
    with pytest.raises(FileRefused) as caught:
        tools.read_json(path)
    message = str(caught.value)
    assert message.startswith(f"{path} was not read: ")
    assert reason in message
    assert message.count("\n") == 0
    assert message.endswith(".")
    assert not message.endswith("..")


RAW = {
    "empty": (b"", "is empty"),
    "blank": (b" \n ", "is empty"),
    "truncated": (b'{"format": "annotator-project", "docu', "ends in the middle"),
    "deep": (b"[" * 200_000, "nested too deeply"),
    "deep objects": (b'{"a":' * 200_000, "nested too deeply"),
    "Latin-1": (b'{"format": "annotator-project", "x": "\xff\xfe"}', "not JSON in UTF-8 (byte 39)"),
    "UTF-16": ('{"format": "annotator-project"}'.encode("utf-16"), "not JSON in UTF-8"),
    "binary": (bytes(range(256)) * 40, "not JSON"),
    "half a character": (b'{"format": "\\ud800"}', "holds half a character"),
    "NaN": (b'{"format": "annotator-project", "version": NaN}', "not JSON (line 1, column 44)"),
    "Infinity": (b'{"format": "annotator-project", "version": Infinity}', "not JSON"),
    "a number without end": (b'{"format": "annotator-project", "version": 1e999}', "not JSON"),
    "something after it": (b'{"format": "annotator-project"} x', "not JSON"),
    "a list": (b"[]", "not an Annotator project"),
    "another object": (b'{"hello": [1, 2]}', "not an Annotator project"),
    "a word": (b'"hello"', "not an Annotator project"),
}


@pytest.mark.parametrize("case", RAW)
def test_broken_bytes(case: str, put: Any, tools: Any) -> None:
    data, reason = RAW[case]
    for name in ("x.json", "x.jsonl"):
        if name == "x.jsonl" and case in ("something after it",):
            continue
        path = put(data, name)
        with pytest.raises(FileRefused, match=str(path)) as caught:
            tools.read_json(path)
        if name == "x.json":
            assert reason in str(caught.value)


def test_a_file_cut_anywhere_is_refused(hard: Plain, put: Any, tools: Any) -> None:
    data = json.dumps(hard, ensure_ascii=False).encode()
    for end in range(0, len(data) - 1, 97):
        with pytest.raises(FileRefused):
            tools.read_json(put(data[:end]))


def test_a_jsonl_cut_inside_a_line_names_the_line(hard: Plain, put: Any, tools: Any) -> None:
    whole = tools.write_jsonl(tools.read_json(put(hard)))
    path = put(whole[:-30], "cut.jsonl")
    with pytest.raises(FileRefused, match="line 3 is cut off"):
        tools.read_json(path)


def test_a_whole_object_named_jsonl_says_how_to_name_it(hard: Plain, put: Any, tools: Any) -> None:
    with pytest.raises(FileRefused, match=r"name it \.json"):
        tools.read_json(put(hard, "x.jsonl"))


def test_files_that_cannot_be_read(tmp_path: Path, tools: Any) -> None:
    with pytest.raises(AnnotatorError, match="is not there"):
        tools.read_json(tmp_path / "gone.json")
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(AnnotatorError, match="is a folder"):
        tools.read_json(tmp_path / "folder.json")
    if os.name == "posix" and os.geteuid() != 0:
        secret = tmp_path / "secret.json"
        secret.write_bytes(b"{}")
        secret.chmod(0)
        with pytest.raises(AnnotatorError, match="may not be read"):
            tools.read_json(secret)


def test_long_chains_are_no_recursion(hard: Plain, put: Any, tools: Any) -> None:
    links = document(hard)["links"]
    for number in range(4, 5000):
        links.append({**link(hard, 2), "id": f"k-{number}", "roles": {"claim": [f"k-{number - 1}"]}})
    assert len(tools.read_json(put(hard)).of_documents[0].links) == 4999
    link(hard, 1)["roles"]["claim"] = ["k-4999"]
    with pytest.raises(FileRefused, match="leads back to itself"):
        tools.read_json(put(hard))


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        found += [place for key, item in value.items() for place in _places(item, (*path, key))]
    elif isinstance(value, list):
        found += [place for index, item in enumerate(value) for place in _places(item, (*path, index))]
    return found


@given(data=st.data())
@settings(max_examples=300)
def test_any_value_anywhere_is_taken_or_refused(data: st.DataObject, hard: Plain, put: Any, tools: Any) -> None:
    value = copy.deepcopy(hard)
    for _ in range(data.draw(st.integers(1, 2))):
        places = _places(value)
        *above, last = data.draw(st.sampled_from(places))
        holder = value
        for step in above:
            holder = holder[step]
        if data.draw(st.booleans()):
            holder[last] = data.draw(_ANY)
        else:
            del holder[last]
    path = put(json.dumps(value).encode())
    message = _message(tools.read_json, path)
    assert message == "" or str(path) in message
    assert "\n" not in message
    if not message:
        tools.validate(json.loads(tools.write_json(tools.read_json(path))))


def _message(read: Callable[[Path], object], path: Path) -> str:
    """Why it was refused; "" where it was taken. Any other exception is a failure."""
    try:
        read(path)
    except AnnotatorError as error:
        return str(error)
    return ""


@given(place=st.integers(0, 10**6), byte=st.integers(0, 255), kind=st.sampled_from(("change", "insert", "drop")))
@settings(max_examples=300)
def test_any_byte_anywhere_is_taken_or_refused(
    place: int, byte: int, kind: str, hard: Plain, put: Any, tools: Any
) -> None:
    data = bytearray(json.dumps(hard, ensure_ascii=False).encode())
    place %= len(data)
    if kind == "insert":
        data.insert(place, byte)
    elif kind == "drop":
        del data[place]
    else:
        data[place] = byte
    for name in ("x.json", "x.jsonl"):
        assert "\n" not in _message(tools.read_json, put(bytes(data), name))
