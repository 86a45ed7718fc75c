"""Prodigy's and spaCy's JSON Lines: a text with labelled spans a line, a line for each who annotated it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from annotator.domain.exchange import Item, Reading, Source
from annotator.domain.invariants import shown
from annotator.domain.model import DocumentData
from annotator.domain.text import canonical, digest
from annotator.interchange.assembly import Assembly
from annotator.interchange.json_foreign import first_line, fit_units, has_keys, lines, number_of, title_of
from annotator.interchange.pairs import FROM, TO, pairs
from annotator.interchange.raw import RawDocument, RawLink, RawMark, Report
from annotator.interchange.renaming import Renames
from annotator.interchange.scheme import Scheme, plain_value

_KNOWN = ("text", "spans", "entities", "tokens", "relations", "meta", "answer", "cats", "options", "accept")


class ProdigyImporter:
    """Reads Prodigy's spans and relations."""

    name = "prodigy"
    title = "Prodigy/spaCy spans"
    extensions = (".jsonl", ".json")
    certain = True
    options = ("map",)
    collection = True
    coded = True
    loses: tuple[str, ...] = (
        "Tokens are not kept; records that were rejected come without their spans.",
        "Lines with the same text become one document with a coder each.",
    )

    def sniff(self, path: Path, head: bytes) -> bool:
        """A text and spans."""
        first = first_line(head)
        if not first.startswith(b"{") or not has_keys(first, "text"):
            return False
        return has_keys(first, "spans") or (has_keys(first, "entities") and not has_keys(first, "start_offset"))

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """Line after line: once for the labels, once for the documents."""
        report, renames = Report(str(path)), Renames(reading.options)
        scheme = Scheme(renames)
        assembly = Assembly(path, scheme, report)
        size = max(path.stat().st_size, 1)
        places: dict[str, list[tuple[int, int]]] = {}
        for number, begin, end, value in lines(path):
            raw = _document(path, number, value, renames, Report(""), scheme)
            assembly.learn(raw)
            text = canonical(raw.text).encode("utf-8", "replace").decode()
            places.setdefault(digest(text), []).append((number, begin))
            reading.tick(end // 2, size)
        yield scheme.header()
        with path.open("rb") as file:
            for done, at in enumerate(places.values(), 1):
                whole: RawDocument | None = None
                for number, begin in at:
                    file.seek(begin)
                    line = file.readline().removeprefix(b"\xef\xbb\xbf")
                    raw = _document(path, number, orjson.loads(line), renames, report, scheme)
                    fit_units(raw, report)
                    if whole is None:
                        whole = raw
                    else:
                        _join(whole, raw, number)
                if whole is not None:
                    yield from assembly.build(whole)
                reading.tick(size // 2 + size * done // (2 * len(places)), size)
        yield from report.end()


def _join(whole: RawDocument, raw: RawDocument, number: int) -> None:
    for mark in raw.marks:
        mark.key = f"{number}/{mark.key}"
    for link in raw.links:
        link.key = f"{number}/{link.key}"
        link.roles = [(role, [f"{number}/{member}" for member in members]) for role, members in link.roles]
    whole.marks += raw.marks
    whole.links += raw.links


def _document(
    path: Path, number: int, value: dict[str, Any], renames: Renames, report: Report, scheme: Scheme
) -> RawDocument:
    where = f"{path}, line {number}"
    text = value.get("text")
    meta = value["meta"] if isinstance(value.get("meta"), dict) else {}
    if not isinstance(text, str):
        report.add("skipped", where, "there is no text in it")
        text = ""
    title, key = title_of(meta, "")
    if not title:
        title, key = title_of(value, f"{path.stem} {number}")
    document = RawDocument(title, text, where=where, closed=True)
    document.metadata = {
        **{k: v for k, v in value.items() if k not in _KNOWN and not k.startswith("_") and k != key},
        **{k: v for k, v in meta.items() if k != key},
    }
    answer = value.get("answer", "accept")
    if answer != "accept":
        report.add("skipped", where, f"its spans, for the answer was {shown(str(answer))}")
        return document
    coder = value.get("_annotator_id") or value.get("_session_id") or ""
    spans = value.get("spans", value.get("entities"))
    by_annotation: dict[str, RawMark] = {}
    by_place: dict[tuple[int, int, str], str] = {}
    for item in spans if isinstance(spans, list) else ():
        if isinstance(item, list) and len(item) == 3:
            item = {"start": item[0], "end": item[1], "label": item[2]}
        try:
            start, end, label = number_of(item["start"]), number_of(item["end"]), str(item.get("label") or "Span")
        except (KeyError, ValueError, TypeError, AttributeError):
            report.add("skipped", where, f"{shown(str(item))} is no span")
            continue
        part = str(item["annotation"]) if "annotation" in item else f"span {len(document.marks)}"
        quote = item.get("text")
        if part in by_annotation:
            mark = by_annotation[part]
            mark.spans.append((start, end))
            mark.quote = None
        else:
            mark = _mark(part, renames(label), (start, end), item, scheme)
            mark.quote = quote if isinstance(quote, str) else None
            mark.coder, mark.where = str(coder), where
            by_annotation[part] = mark
            document.marks.append(mark)
        by_place.setdefault((start, end, label), mark.key)
    _relations(value, document, by_place, renames, str(coder), report)
    return document


def _mark(key: str, layer: str, span: tuple[int, int], item: dict[str, Any], scheme: Scheme) -> RawMark:
    fields = item["fields"] if isinstance(item.get("fields"), dict) else {}
    mark = RawMark(key, layer, [span], fields={str(k): v for k, v in fields.items() if plain_value(v) is not None})
    mark.note = str(item.get("note") or "")
    names = item.get("entries")
    scheme.layer(layer)
    for name in names if isinstance(names, list) else ():
        if isinstance(name, str) and name.strip():
            mark.entries.append(scheme.entry(scheme.registry_of(layer), name, name))
    reference = item.get("kb_id") or item.get("id")
    if isinstance(reference, str) and reference.strip() and not names:
        # An entity link: what it is called in the knowledge base is all that is known of it.
        mark.entries.append(scheme.entry(scheme.registry_of(layer), reference, reference))
    return mark


def _relations(
    value: dict[str, Any],
    document: RawDocument,
    by_place: Mapping[tuple[int, int, str], str],
    renames: Renames,
    coder: str,
    report: Report,
) -> None:
    relations = value.get("relations")
    for item in relations if isinstance(relations, list) else ():
        ends = []
        for side in ("head_span", "child_span"):
            span = item.get(side) if isinstance(item, dict) else None
            if isinstance(span, dict):
                place = (span.get("start"), span.get("end"), str(span.get("label") or "Span"))
                ends.append(by_place.get(place, "") if all(isinstance(x, int) for x in place[:2]) else "")  # type: ignore[arg-type]
        if len(ends) != 2 or not all(ends):
            report.add("skipped", document.where, f"{shown(str(item))} ties no two spans")
            continue
        name = renames(str(item.get("label") or "relation"))
        link = RawLink(f"relation {len(document.links)}", name, [(FROM, [ends[0]]), (TO, [ends[1]])], coder=coder)
        link.where = document.where
        document.links.append(link)


class ProdigyExporter:
    """Writes Prodigy's spans and relations."""

    name = "prodigy"
    title = "Prodigy/spaCy spans"
    extensions = (".spans.jsonl",)
    options: tuple[str, ...] = ()
    loses: tuple[str, ...] = (
        "Links become pairs: a link of several roles falls apart, its roles stand in the pairs' names, and a pair of "
        "annotations of different coders is left out.",
        "Entries keep their name only; fields, notes and origins of links stay behind, and so do times.",
        "Fields of other types come back as choices, numbers or yes and no; the rest of the codebook stays behind.",
        "The status of documents and the project's guidelines stay behind.",
    )

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """A line for each coder of a document."""
        layers = {layer.id: layer.name for layer in source.codebook.layers}
        coders = {coder.id: coder.name for coder in source.coders()}
        entries = {entry.id: entry.name for entry in source.entries()}
        for data in source.documents():
            owners = dict.fromkeys(annotation.coder_id for annotation in data.annotations) or {"": None}
            for owner in owners:
                out.write(orjson.dumps(_record(source, data, owner, layers, coders, entries)) + b"\n")


def _record(
    source: Source,
    data: DocumentData,
    owner: str,
    layers: Mapping[str, str],
    coders: Mapping[str, str],
    entries: Mapping[str, str],
) -> dict[str, Any]:
    spans: list[dict[str, Any]] = []
    first: dict[str, dict[str, Any]] = {}
    for number, annotation in enumerate((a for a in data.annotations if a.coder_id == owner), 1):
        for start, end in annotation.fragments:
            span: dict[str, Any] = {
                "start": start, "end": end, "label": layers[annotation.layer_id], "text": data.text[start:end],
                "annotation": number,
            }  # fmt: skip
            if annotation.id not in first:
                first[annotation.id] = span
                told = {
                    "fields": dict(annotation.fields),
                    "entries": [entries[at] for at in annotation.entries],
                    "note": annotation.note,
                }
                span.update({key: value for key, value in told.items() if value})
            spans.append(span)
    relations = []
    for link, one, other, name in pairs(data, source.codebook):
        if link.coder_id == owner and one in first and other in first:
            ends = {
                side: {key: first[at][key] for key in ("start", "end", "label")}
                for side, at in (("head_span", one), ("child_span", other))
            }
            relations.append({**ends, "label": name})
    record: dict[str, Any] = {
        "text": data.text, "meta": {**data.document.metadata, "title": data.document.title}, "spans": spans,
    }  # fmt: skip
    if relations:
        record["relations"] = relations
    return {**record, "_annotator_id": coders.get(owner, ""), "answer": "accept"}
