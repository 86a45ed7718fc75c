"""doccano's JSON Lines: a text with spans and relations a line. It declares no unit; offsets are code points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from annotator.domain.exchange import Item, Reading, Source
from annotator.domain.invariants import shown
from annotator.interchange.assembly import Assembly
from annotator.interchange.json_foreign import first_line, has_keys, lines, number_of, title_of
from annotator.interchange.pairs import FROM, GOES_ON, TO, pairs
from annotator.interchange.raw import RawDocument, RawLink, RawMark, Report
from annotator.interchange.renaming import Renames
from annotator.interchange.scheme import Scheme

_KEYS = (
    "text",
    "data",
    "label",
    "labels",
    "entities",
    "relations",
    "annotations",
    "spans",
    "cats",
    "Comments",
    "comments",
)


class DoccanoImporter:
    """Reads doccano's sequence labels and relations."""

    name = "doccano"
    title = "doccano JSON Lines"
    extensions = (".jsonl", ".json")
    certain = True
    options = ("map",)
    collection = True
    coded = True
    loses: tuple[str, ...] = ("Comments and labels of whole documents become metadata.",)

    def sniff(self, path: Path, head: bytes) -> bool:
        """A text, and labels as triples or entities with `start_offset`."""
        first = first_line(head)
        if not first.startswith(b"{") or not (has_keys(first, "text") or has_keys(first, "data")):
            return False
        if has_keys(first, "entities", "start_offset") or has_keys(first, "entities", "relations"):
            return True
        try:
            value = orjson.loads(first)
        except orjson.JSONDecodeError:
            return has_keys(first, "label") and not has_keys(first, "spans")
        label = value.get("label", value.get("labels"))
        return isinstance(label, list) and "spans" not in value

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """Line after line, twice: once for the labels, once for the documents."""
        report = Report(str(path))
        renames = Renames(reading.options)
        assembly = Assembly(path, Scheme(renames), report)
        size = max(path.stat().st_size, 1)
        for _, _, end, value in lines(path):
            assembly.learn(_document(path, 0, value, renames, Report("")))
            reading.tick(end // 2, size)
        yield assembly.scheme.header()
        for number, _, end, value in lines(path):
            yield from assembly.build(_document(path, number, value, renames, report))
            reading.tick((size + end) // 2, size)
        yield from report.end()


def _document(path: Path, number: int, value: dict[str, Any], renames: Renames, report: Report) -> RawDocument:
    where = f"{path}, line {number}"
    text = value.get("text", value.get("data"))
    if not isinstance(text, str):
        report.add("skipped", where, "there is no text in it")
        text = ""
    title, key = title_of(value, f"{path.stem} {number}")
    document = RawDocument(title, text, where=where, closed=True)
    document.metadata = {k: v for k, v in value.items() if k not in _KEYS and k != key}
    labels = value.get("label", value.get("labels"))
    spans = value.get("entities") if isinstance(value.get("entities"), list) else labels
    names: list[str] = []
    for item in spans if isinstance(spans, list) else ():
        try:
            if isinstance(item, dict):
                start, end, label = item["start_offset"], item["end_offset"], item["label"]
                id_ = str(item.get("id", len(document.marks)))
            elif isinstance(item, list) and len(item) == 3:
                start, end, label = item
                id_ = str(len(document.marks))
            else:
                names.append(str(item))
                continue
            span = (number_of(start), number_of(end))
        except (KeyError, ValueError):
            report.add("skipped", where, f"{shown(str(item))} is no span")
            continue
        document.marks.append(RawMark(id_, renames(str(label)) or "Label", [span], where=where))
    if names:
        document.metadata = {**document.metadata, "labels": names}
    comments = value.get("Comments", value.get("comments"))
    if isinstance(comments, list) and comments:
        document.metadata = {**document.metadata, "comments": [str(comment) for comment in comments]}
    known = {mark.key: mark for mark in document.marks}
    relations = value.get("relations")
    for item in relations if isinstance(relations, list) else ():
        if not isinstance(item, dict):
            continue
        one, other = str(item.get("from_id")), str(item.get("to_id"))
        type_ = str(item.get("type") or "relation")
        if one not in known or other not in known:
            report.add("skipped", where, f"{shown(type_)} ties what is not there")
            continue
        if type_ == GOES_ON and one in known and other in known and known[one].layer == known[other].layer:
            known[one].spans += known[other].spans
            document.marks.remove(known[other])
            known[other] = known[one]
            continue
        roles = [(FROM, [one]), (TO, [other])]
        document.links.append(RawLink(f"relation {len(document.links)}", renames(type_), roles, where=where))
    return document


class DoccanoExporter:
    """Writes doccano's form with entities and relations."""

    name = "doccano"
    title = "doccano JSON Lines"
    extensions = (".doccano.jsonl",)
    options: tuple[str, ...] = ()
    loses: tuple[str, ...] = (
        "Fields, entries, notes, coders and origins of annotations and links stay behind.",
        f"Fragments become spans of their own, with the relation “{GOES_ON}” from each to the next.",
        "Links become pairs: a link of several roles falls apart, and its roles stand in the pairs' names.",
        "The codebook, the status of documents and the project's guidelines stay behind.",
    )

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """A line a document."""
        layers = {layer.id: layer.name for layer in source.codebook.layers}
        number = relation = 0
        for data in source.documents():
            entities: list[dict[str, Any]] = []
            relations: list[dict[str, Any]] = []
            first: dict[str, int] = {}
            for annotation in data.annotations:
                before = None
                for start, end in annotation.fragments:
                    number += 1
                    label = layers[annotation.layer_id]
                    entities.append({"id": number, "label": label, "start_offset": start, "end_offset": end})
                    first.setdefault(annotation.id, number)
                    if before is not None:
                        relation += 1
                        relations.append(
                            {"id": relation, "from_id": first[annotation.id], "to_id": number, "type": GOES_ON}
                        )
                    before = number
            for _, one, other, name in pairs(data, source.codebook):
                relation += 1
                relations.append({"id": relation, "from_id": first[one], "to_id": first[other], "type": name})
            metadata = {k: v for k, v in data.document.metadata.items() if k not in _KEYS and k not in ("title", "id")}
            record = {
                "title": data.document.title,
                **metadata,
                "text": data.text,
                "entities": entities,
                "relations": relations,
            }
            out.write(orjson.dumps(record) + b"\n")
