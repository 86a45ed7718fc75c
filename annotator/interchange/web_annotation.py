"""W3C Web Annotation as JSON-LD: positions in code points with quotes beside them, attributions with PROV and schema.org.

The file is one graph: the codebook, coders and entries, then each text with its annotations. Everything of Annotator's
own that the vocabulary has no word for stands under `annotator:`; other tools pass over it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import quote, unquote

import orjson

from annotator import __version__
from annotator.domain.errors import AnnotatorError, FileRefused
from annotator.domain.exchange import Item, Reading, Source
from annotator.domain.model import Annotation, DocumentData, Entry, Link
from annotator.interchange.assembly import Assembly
from annotator.interchange.encodings import decode
from annotator.interchange.files import read_bytes
from annotator.interchange.json_foreign import whole
from annotator.interchange.json_write import entry_to_plain
from annotator.interchange.raw import RawDocument, Report
from annotator.interchange.renaming import Renames
from annotator.interchange.scheme import Scheme
from annotator.interchange.sidecar import adopt, codebook_file, header_of
from annotator.interchange.web_annotation_read import PREFIX, URN, UUID_URN, Annotations, as_list, id_of

_CONTEXT = [
    "http://www.w3.org/ns/anno.jsonld",
    {
        "schema": "http://schema.org/",
        "prov": "http://www.w3.org/ns/prov#",
        "annotator": f"{URN}vocabulary#",
    },
]
_AROUND = 32
"""Characters before and after a quote."""
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class WebAnnotationImporter:
    """Reads Web Annotations, alone, in pages, collections, lists and graphs."""

    name = "web-annotation"
    title = "W3C Web Annotation"
    extensions = (".jsonld", ".json")
    certain = True
    options = ("map",)
    collection = True
    coded = True
    loses: tuple[str, ...] = (
        "Annotations of texts that are neither in the file nor beside it are reported and left out.",
        "Selectors other than positions, quotes and character ranges are not followed.",
    )

    def sniff(self, path: Path, head: bytes) -> bool:
        """By the context, or by what stands in it."""
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if start[:1] not in (b"{", b"["):
            return False
        return b"www.w3.org/ns/anno" in start or (b'"TextQuoteSelector"' in start or b'"TextPositionSelector"' in start)

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """Every text with what is said of it."""
        report, renames = Report(str(path)), Renames(reading.options)
        items = list(_items(whole(path)))
        if not items:
            raise FileRefused(f"{path} was not read: there are no Web Annotations in it.")
        found = next((item for item in items if f"{PREFIX}codebook" in item), None)
        scheme = Scheme(renames)
        if found is not None and not renames:
            try:
                header = header_of(found[f"{PREFIX}codebook"], path)
            except AnnotatorError:
                found = None
            else:
                scheme = Scheme(renames, header.codebook)
                adopt(scheme, header)
        documents = _texts(items, path)
        annotations = Annotations(scheme, documents, path, report)
        for number, item in enumerate(items, 1):
            if "Annotation" in _types(item):
                annotations.add(item, number)
        annotations.finish()
        if found is None or renames:
            for document in documents.values():
                for mark in document.marks:
                    mark.entries = []
        yield from Assembly(path, scheme, report).items(lambda: documents.values(), reading, len(documents))


def _types(item: Mapping[str, Any]) -> list[str]:
    return [str(kind).removeprefix("oa:") for kind in as_list(item.get("type", item.get("@type")))]


def _items(value: object) -> Iterator[dict[str, Any]]:
    """All objects of a graph, a page, a collection or a list."""
    pending = as_list(value)[::-1]
    while pending:
        item = pending.pop()
        if not isinstance(item, dict):
            continue
        inner: list[Any] = []
        for key in ("@graph", "items", "first", "annotations", "rows"):
            if "target" not in item and key in item:
                inner += [part for part in as_list(item[key]) if isinstance(part, dict)]
        if inner:
            pending += inner[::-1]
        else:
            yield item


def _texts(items: list[dict[str, Any]], path: Path) -> dict[str, RawDocument]:
    """The texts by their IRIs: those in the file, and those beside it that the targets name."""
    documents: dict[str, RawDocument] = {}
    for item in items:
        text = item.get("schema:articleBody", item.get("schema:text"))
        iri = item.get("id", item.get("@id"))
        if isinstance(text, str) and isinstance(iri, str):
            metadata = item.get(f"{PREFIX}metadata")
            documents[iri] = RawDocument(
                str(item.get("schema:headline") or item.get("schema:name") or "Untitled"), text,
                id=id_of(iri) if iri.startswith((URN, UUID_URN)) else "", status=str(item.get(f"{PREFIX}status") or "new"),
                metadata=metadata if isinstance(metadata, dict) else {}, where=f"{path}, {iri}",
                created=str(item.get(f"{PREFIX}created") or ""),
            )  # fmt: skip
    for item in items:
        for target in as_list(item.get("target")):
            source = target.get("source") if isinstance(target, dict) else None
            iri = source.get("id") if isinstance(source, dict) else source
            if isinstance(iri, str) and iri not in documents:
                found = _beside(path, iri)
                if found is not None:
                    documents[iri] = found
    return documents


def _beside(path: Path, iri: str) -> RawDocument | None:
    """A text file in the same folder that is called as the IRI ends."""
    name = PurePosixPath(unquote(iri.partition("?")[0].partition("#")[0])).name
    for candidate in (name, f"{PurePosixPath(name).stem}.txt"):
        file = path.parent / candidate
        if candidate.endswith(".txt") and file.is_file():
            try:
                return RawDocument(
                    PurePosixPath(name).stem, decode(read_bytes(file))[0], metadata={"url": iri}, where=str(file)
                )
            except AnnotatorError:
                return None
    return None


class WebAnnotationExporter:
    """Writes Web Annotations."""

    name = "web-annotation"
    title = "W3C Web Annotation"
    extensions = (".jsonld",)
    options: tuple[str, ...] = ()
    textless = True
    loses: tuple[str, ...] = ("The project's name, date and guidelines stay behind.",)

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """One graph, an object a line."""
        writer = _Writer(source)
        out.write(b'{"@context":' + orjson.dumps(_CONTEXT) + b',"@graph":[\n' + orjson.dumps(writer.head()))
        for data in source.documents():
            for item in writer.document(data):
                out.write(b",\n" + orjson.dumps(item))
        out.write(b"\n]}\n")


class _Writer:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._layers = source.codebook.layers_by_id
        self._types = source.codebook.link_types_by_id
        self._coders = {coder.id: coder for coder in source.coders()}
        self._entries: dict[str, Entry] = {entry.id: entry for entry in source.entries()}
        self._registries = {registry.id: registry.name for registry in source.codebook.registries}

    def head(self) -> dict[str, Any]:
        """What stands before the texts."""
        return {
            "id": f"{URN}codebook",
            "type": f"{PREFIX}Codebook",
            f"{PREFIX}generator": f"annotator {__version__}",
            f"{PREFIX}codebook": {
                **codebook_file(self._source.codebook),
                "coders": [{"id": coder.id, "name": coder.name} for coder in self._coders.values()],
                "entries": [entry_to_plain(entry, self._registries) for entry in self._entries.values()],
            },
        }

    def document(self, data: DocumentData) -> Iterator[dict[str, Any]]:
        """A text and its annotations."""
        document = data.document
        body: dict[str, Any] = {"schema:articleBody": data.text}
        if data.length is not None:
            body = {f"{PREFIX}characters": data.length}
        known = {
            "date": "schema:datePublished",
            "author": "schema:author",
            "url": "schema:url",
            "language": "schema:inLanguage",
        }
        yield {
            "id": iri(document.id),
            "type": "schema:NewsArticle",
            "schema:headline": document.title,
            **body,
            **{word: document.metadata[key] for key, word in known.items() if key in document.metadata},
            f"{PREFIX}sha256": document.sha256,
            f"{PREFIX}status": document.status,
            f"{PREFIX}metadata": dict(document.metadata),
            **({f"{PREFIX}created": document.created} if document.created else {}),
        }
        for annotation in data.annotations:
            yield self._annotation(annotation, data)
        annotations = {annotation.id: annotation for annotation in data.annotations}
        for link in data.links:
            yield self._link(link, data, annotations)

    def _annotation(self, annotation: Annotation, data: DocumentData) -> dict[str, Any]:
        layer = self._layers[annotation.layer_id].name
        body: list[dict[str, Any]] = [{"type": "TextualBody", "purpose": "tagging", "value": layer}]
        for entry in annotation.entries:
            source = {"type": "SpecificResource", "purpose": "identifying", "source": iri(entry)}
            body.append({**source, f"{PREFIX}entry": self._entries[entry].name})
        if annotation.note:
            body.append({"type": "TextualBody", "purpose": "commenting", "value": annotation.note})
        targets = [_target(data, start, end) for start, end in annotation.fragments]
        plain = {
            **self._common(annotation),
            "motivation": "tagging",
            "body": body,
            "target": targets[0] if len(targets) == 1 else {"type": "List", "items": targets},
            f"{PREFIX}layer": layer,
        }
        if annotation.entries:
            plain[f"{PREFIX}entries"] = [iri(entry) for entry in annotation.entries]
        return plain

    def _common(self, item: Annotation | Link) -> dict[str, Any]:
        plain: dict[str, Any] = {"id": iri(item.id), "type": "Annotation"}
        coder = self._coders.get(item.coder_id)
        if coder is not None:
            plain["creator"] = {"id": iri(coder.id), "type": "Person", "name": coder.name}
        for key, value in (("created", item.created), ("modified", item.modified)):
            if value:
                plain[key] = value
        if item.fields:
            plain[f"{PREFIX}fields"] = dict(item.fields)
        if item.origin != "manual":
            plain[f"{PREFIX}origin"] = item.origin
        return plain

    def _link(self, link: Link, data: DocumentData, annotations: Mapping[str, Annotation]) -> dict[str, Any]:
        link_type = self._types[link.type_id]
        roles = {role: [iri(member) for member in members] for role, members in link.roles.items()}
        body: dict[str, Any] = {f"{PREFIX}link": link_type.name, f"{PREFIX}roles": roles}
        if link_type is self._source.codebook.attribution:
            body = {"type": ["schema:Claim", "prov:Entity"], **self._claim(link, data, annotations), **body}
        bodies = [body]
        if link.note:
            bodies.append({"type": "TextualBody", "purpose": "commenting", "value": link.note})
        members = [iri(member) for member in link.members()]
        return {**self._common(link), "motivation": "linking", "body": bodies, "target": members}

    def _claim(self, link: Link, data: DocumentData, annotations: Mapping[str, Annotation]) -> dict[str, Any]:
        """What is claimed, and to whom the article attributes it."""
        claims = [annotations[at] for at in link.roles.get("claim", ()) if at in annotations]
        told = [" … ".join(data.text[start:end] for start, end in claim.fragments) for claim in claims]
        agents: list[dict[str, Any]] = []
        for at in link.roles.get("source", ()):
            source = annotations.get(at)
            if source is None:
                continue
            names = [self._entries[entry] for entry in source.entries]
            agents += [{"id": iri(entry.id), "type": "prov:Agent", "schema:name": entry.name} for entry in names]
            if not names and data.length is None:
                spoken = " … ".join(data.text[start:end] for start, end in source.fragments)
                agents.append({"type": "prov:Agent", "schema:name": spoken})
        claim: dict[str, Any] = {"schema:appearance": {"id": iri(data.document.id)}}
        if told and data.length is None:
            claim["schema:text"] = told if len(told) > 1 else told[0]
        if agents:
            claim["prov:wasAttributedTo"] = agents
        inner = [iri(at) for at in link.roles.get("claim", ()) if at not in annotations]
        if inner:
            claim["prov:wasDerivedFrom"] = [{"id": at} for at in inner]
        return claim


def iri(id_: str) -> str:
    """An id of ours as an IRI."""
    return UUID_URN + id_ if _UUID.fullmatch(id_) else URN + quote(id_, safe="")


def _target(data: DocumentData, start: int, end: int) -> dict[str, Any]:
    text = data.text
    position = {"type": "TextPositionSelector", "start": start, "end": end}
    if data.length is not None:
        return {"source": iri(data.document.id), "selector": position}
    return {
        "source": iri(data.document.id),
        "selector": [
            position,
            {
                "type": "TextQuoteSelector",
                "exact": text[start:end],
                "prefix": text[max(0, start - _AROUND) : start],
                "suffix": text[end : end + _AROUND],
            },
        ],
    }
