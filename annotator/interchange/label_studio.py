"""Label Studio's JSON: a list of tasks with regions, what is said of them, and relations. Offsets are code points now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from annotator.domain.codebook import Codebook
from annotator.domain.errors import AnnotatorError, FileRefused
from annotator.domain.exchange import Item, Reading, Source
from annotator.domain.invariants import shown
from annotator.domain.model import Annotation, DocumentData, FieldValue
from annotator.interchange.assembly import Assembly
from annotator.interchange.json_foreign import fit_units, has_keys, number_of, title_of, whole
from annotator.interchange.pairs import FROM, GOES_ON, TO, pairs
from annotator.interchange.raw import RawDocument, RawLink, RawMark, Report
from annotator.interchange.renaming import Renames
from annotator.interchange.scheme import Scheme
from annotator.interchange.sidecar import codebook_file, codebook_of

_LABELS = ("labels", "hypertextlabels", "paragraphlabels")
_VALUES = {kind: kind for kind in ("choices", "number", "rating", "datetime", "taxonomy")} | {"textarea": "text"}
_NOTE, _ENTRIES = "annotator-note", "annotator-entries"
_META = "annotator"


class LabelStudioImporter:
    """Reads Label Studio's tasks with text."""

    name = "label-studio"
    title = "Label Studio JSON"
    extensions = (".json",)
    certain = True
    options = ("map",)
    collection = True
    coded = True
    loses: tuple[str, ...] = (
        "Predictions are left out, and so are regions of pictures, sounds and web pages.",
        "Choices for a whole task become metadata.",
    )

    def sniff(self, path: Path, head: bytes) -> bool:
        """A list of tasks."""
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if start[:1] not in (b"[", b"{"):
            return False
        return has_keys(start, "data", "annotations") or has_keys(start, "data", "completions")

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """Every task."""
        tasks = whole(path)
        tasks = [tasks] if isinstance(tasks, dict) else tasks
        if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
            raise FileRefused(f"{path} was not read: it is no list of Label Studio's tasks.")
        report, renames = Report(str(path)), Renames(reading.options)
        given = None if renames else _codebook(tasks, path)
        scheme = Scheme(renames, given)
        documents = [_Task(path, number, task, scheme, report).document() for number, task in enumerate(tasks, 1)]
        for document in documents:
            fit_units(document, report)
        yield from Assembly(path, scheme, report).items(lambda: documents, reading, len(documents))


def _codebook(tasks: list[dict[str, Any]], path: Path) -> Codebook | None:
    """The codebook that Annotator puts into its first task."""
    meta = tasks[0].get("meta") if tasks else None
    if not isinstance(meta, dict) or _META not in meta:
        return None
    try:
        return codebook_of(meta[_META], path)
    except AnnotatorError:
        return None


class _Task:
    def __init__(self, path: Path, number: int, task: dict[str, Any], scheme: Scheme, report: Report) -> None:
        self._path = path
        self._task = task
        self._scheme = scheme
        self._report = report
        data = task.get("data")
        data = data if isinstance(data, dict) else {}
        key = _text_key(data)
        text = data.get(key)
        title, of = title_of(data, f"{path.stem} {task.get('id', number)}")
        self._where = f"{path}, task {task.get('id', number)}"
        if not isinstance(text, str):
            report.add("skipped", self._where, "there is no text in it")
            text = ""
        self._document = RawDocument(title, text, where=self._where, closed=True)
        self._document.metadata = {k: v for k, v in data.items() if k not in (key, of)}
        self._marks: dict[str, RawMark] = {}

    def document(self) -> RawDocument:
        """The task with all its annotations, one coder each."""
        found = self._task.get("annotations", self._task.get("completions"))
        for number, annotation in enumerate(found if isinstance(found, list) else ()):
            if not isinstance(annotation, dict) or annotation.get("was_cancelled"):
                continue
            result = [item for item in annotation.get("result") or () if isinstance(item, dict)]
            self._marks = {}
            coder = _coder(annotation.get("completed_by"))
            for item in result:
                if item.get("type") in _LABELS:
                    self._region(item, number, coder)
            for item in result:
                if item.get("type") == "relation":
                    self._relation(item, coder)
                elif item.get("type") not in _LABELS:
                    self._said(item)
        if self._task.get("predictions"):
            self._report.add("lost", self._where, "predictions, for nobody made them")
        return self._document

    def _region(self, item: dict[str, Any], number: int, coder: str) -> None:
        raw = item.get("value")
        value: dict[str, Any] = raw if isinstance(raw, dict) else {}
        raw = value.get("globalOffsets")
        place: dict[str, Any] = raw if isinstance(raw, dict) else value
        labels = value.get(str(item.get("type"))) or value.get("labels")
        try:
            span = (number_of(place.get("start")), number_of(place.get("end")))
        except ValueError:
            self._report.add(
                "skipped", self._where, f"a region {shown(str(item.get('id')))} has no offsets in the text"
            )
            return
        names = [str(label) for label in labels] if isinstance(labels, list) else ["Label"]
        quote = value.get("text")
        for label in names:
            id_ = str(item.get("id") or len(self._document.marks))
            key = f"{number} {id_}" if label == names[0] else f"{number} {id_} {label}"
            mark = RawMark(key, self._scheme.renames(label), [span], quote if isinstance(quote, str) else None)
            mark.coder, mark.where = coder, f"{self._where}, region {id_}"
            self._document.marks.append(mark)
            self._marks.setdefault(id_, mark)

    def _said(self, item: dict[str, Any]) -> None:
        """A choice, a text or a number, of a region or of the whole task."""
        raw = item.get("value")
        value: dict[str, Any] = raw if isinstance(raw, dict) else {}
        told = value.get(_VALUES.get(str(item.get("type")), ""))
        if isinstance(told, list):
            told = told[0] if len(told) == 1 else told
        name = str(item.get("from_name") or item.get("type") or "value")
        mark = self._marks.get(str(item.get("id")))
        if told is None:
            self._report.add("lost", self._where, f"{shown(str(item.get('type')))} {shown(name)}")
        elif mark is None:
            self._document.metadata = {**self._document.metadata, self._scheme.renames(name): told}
        elif name == _NOTE:
            mark.note = str(told)
        elif name == _ENTRIES:
            self._scheme.layer(mark.layer)
            registry = self._scheme.registry_of(mark.layer)
            mark.entries += [
                self._scheme.entry(registry, str(e), str(e)) for e in (told if isinstance(told, list) else [told])
            ]
        else:
            mark.fields[self._scheme.renames(name)] = told

    def _relation(self, item: dict[str, Any], coder: str) -> None:
        one, other = self._marks.get(str(item.get("from_id"))), self._marks.get(str(item.get("to_id")))
        if one is None or other is None:
            self._report.add("skipped", self._where, "a relation ties what is not there")
            return
        labels = item.get("labels")
        names = [str(label) for label in labels] if isinstance(labels, list) and labels else ["relation"]
        if names == [GOES_ON]:
            one.spans += other.spans
            one.quote = None
            self._document.marks.remove(other)
            self._marks[str(item.get("to_id"))] = one
            return
        if item.get("direction") == "left":
            one, other = other, one
        for name in names:
            key = f"relation {len(self._document.links)}"
            roles = [(FROM, [one.key]), (TO, [other.key])]
            self._document.links.append(RawLink(key, self._scheme.renames(name), roles, coder=coder, where=self._where))


def _text_key(data: Mapping[str, Any]) -> str:
    """Which value of a task is its text: the one called so, else the longest."""
    if isinstance(data.get("text"), str):
        return "text"
    texts = [key for key, value in data.items() if isinstance(value, str)]
    return max(texts, key=lambda key: len(data[key]), default="text")


def _coder(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("email") or value.get("username") or value.get("id")
    return "" if value is None else str(value)


class LabelStudioExporter:
    """Writes Label Studio's tasks."""

    name = "label-studio"
    title = "Label Studio JSON"
    extensions = (".label-studio.json",)
    options: tuple[str, ...] = ()
    loses: tuple[str, ...] = (
        f"Fragments become regions of their own, with the relation “{GOES_ON}” from each to the next.",
        "Links become pairs: a link of several roles falls apart, its roles stand in the pairs' names, and a pair of "
        "annotations of different coders is left out; fields and notes of links stay behind.",
        "Entries keep their name only; times and origins, the status of documents and the guidelines stay behind.",
        "A list of one choice comes back as that choice where the codebook does not say that it is a list.",
    )

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """A list of tasks, one a line."""
        writer = _Writer(source)
        out.write(b"[")
        for number, data in enumerate(source.documents(), 1):
            out.write((b"\n" if number == 1 else b",\n") + orjson.dumps(writer.task(data, number)))
        out.write(b"\n]\n")


class _Writer:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._layers = source.codebook.layers_by_id
        self._coders = {coder.id: coder.name for coder in source.coders()}
        self._entries = {entry.id: entry.name for entry in source.entries()}

    def task(self, data: DocumentData, number: int) -> dict[str, Any]:
        """A document."""
        owners = list(dict.fromkeys(annotation.coder_id for annotation in data.annotations))
        task: dict[str, Any] = {
            "id": number,
            "data": {**data.document.metadata, "title": data.document.title, "text": data.text},
            "annotations": [
                {"completed_by": {"email": self._coders.get(owner, "")}, "result": self._result(data, owner)}
                for owner in owners
            ],
        }
        if number == 1:
            task["meta"] = {_META: codebook_file(self._source.codebook)}
        return task

    def _result(self, data: DocumentData, owner: str) -> list[dict[str, Any]]:
        result: list[dict[str, Any]] = []
        first: dict[str, str] = {}
        for annotation in data.annotations:
            if annotation.coder_id != owner:
                continue
            label = self._layers[annotation.layer_id].name
            for number, (start, end) in enumerate(annotation.fragments):
                id_ = annotation.id if number == 0 else f"{annotation.id}-{number}"
                place = {"start": start, "end": end, "text": data.text[start:end]}
                result.append(_said(id_, "label", "labels", {**place, "labels": [label]}))
                if number == 0:
                    first[annotation.id] = id_
                    result += self._values(annotation, id_, place)
                else:
                    result.append(_tie(annotation.id, id_, GOES_ON))
        for link, one, other, name in pairs(data, self._source.codebook):
            if link.coder_id == owner and one in first and other in first:
                result.append(_tie(first[one], first[other], name))
        return result

    def _values(self, annotation: Annotation, id_: str, place: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for name, value in annotation.fields.items():
            type_, key, told = _kind(value)
            yield _said(id_, name, type_, {**place, key: told})
        if annotation.entries:
            names = [self._entries[at] for at in annotation.entries]
            yield _said(id_, _ENTRIES, "choices", {**place, "choices": names})
        if annotation.note:
            yield _said(id_, _NOTE, "textarea", {**place, "text": [annotation.note]})


def _kind(value: FieldValue) -> tuple[str, str, object]:
    if isinstance(value, bool):
        return "choices", "choices", ["true" if value else "false"]
    if isinstance(value, (int, float)):
        return "number", "number", value
    return "choices", "choices", value if isinstance(value, list) else [value]


def _said(id_: str, name: str, type_: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"id": id_, "from_name": name, "to_name": "text", "type": type_, "value": value}


def _tie(one: str, other: str, name: str) -> dict[str, Any]:
    return {"type": "relation", "from_id": one, "to_id": other, "direction": "right", "labels": [name]}
