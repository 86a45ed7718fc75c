"""Documents as UIMA CAS, with dkpro-cassis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from annotator.domain.exchange import Source
from annotator.domain.model import Annotation, DocumentData, FieldValue, Link
from annotator.interchange.cas_types import (
    CODER,
    CREATED,
    ENTRIES,
    ENTRY_IDS,
    FRAGMENTS,
    HEADER,
    ID,
    METADATA,
    MODIFIED,
    NOTE,
    ORIGIN,
    CasNames,
    typesystem,
)  # fmt: skip
from annotator.interchange.json_write import dump, entry_to_plain
from annotator.interchange.sidecar import codebook_file
from annotator.interchange.xml_read import xml_text


class CasWriter:
    """Makes one CAS of each document. All share a type system."""

    def __init__(self, source: Source, *, xml: bool) -> None:
        self._source = source
        self._codebook = source.codebook
        self._names = CasNames(source.codebook)
        self._xml = xml
        self.system = typesystem(source.codebook, self._names)
        self._entries = {entry.id: entry for entry in source.entries()}
        self._coders = {coder.id: coder.name for coder in source.coders()}
        self._registries = {registry.id: registry.name for registry in source.codebook.registries}
        self._codebook_file = codebook_file(source.codebook)

    def type_system(self) -> bytes:
        """As TypeSystem.xml."""
        return str(self.system.to_xml()).encode()

    def documents(self) -> Iterator[tuple[DocumentData, Any]]:
        """Every document as a CAS."""
        for data in self._source.documents():
            yield data, self._cas(data)

    def _plain(self, text: str) -> str:
        return xml_text(text) if self._xml else text

    def _cas(self, data: DocumentData) -> Any:
        from cassis import Cas

        document = data.document
        cas = Cas(typesystem=self.system)
        cas.sofa_string = self._plain(data.text)
        cas.sofa_mime = "text/plain"
        metadata = self.system.get_type(METADATA)
        language = document.metadata.get("language")
        told = language if isinstance(language, str) and language else "x-unspecified"
        cas.add(
            metadata(
                begin=0, end=len(data.text), language=self._plain(told),
                documentTitle=self._plain(document.title), documentId=self._plain(document.id),
            )
        )  # fmt: skip
        cas.add(self.system.get_type(HEADER)(json=self._header(data)))
        made: dict[str, Any] = {}
        for annotation in data.annotations:
            made[annotation.id] = self._annotation(annotation)
        for link in data.links:
            made[link.id] = self._link(link)
        by_id = {link.id: link for link in data.links}
        for link in data.links:
            self._fill(link, made, by_id)
        for structure in made.values():
            cas.add(structure)
        return cas

    def _header(self, data: DocumentData) -> str:
        """What UIMA has no place for: the codebook, the document, and the entries that it refers to."""
        needed: dict[str, None] = {}
        for annotation in data.annotations:
            for entry_id in annotation.entries:
                at: str | None = entry_id
                while at is not None and at in self._entries and at not in needed:
                    needed[at] = None
                    at = self._entries[at].parent_id
        document = data.document
        coders = dict.fromkeys([*(a.coder_id for a in data.annotations), *(link.coder_id for link in data.links)])
        return dump(
            {
                **self._codebook_file,
                "coders": [{"id": id_, "name": self._coders.get(id_, "?")} for id_ in coders if id_],
                "entries": [entry_to_plain(self._entries[at], self._registries) for at in needed],
                "document": {
                    "id": document.id,
                    "title": document.title,
                    "status": document.status,
                    "metadata": dict(document.metadata),
                    "created": document.created,
                },
            }
        ).decode()

    def _value(self, value: FieldValue) -> Any:
        if isinstance(value, list):
            return self.system.get_type("uima.cas.StringArray")(elements=[self._plain(item) for item in value])
        if isinstance(value, bool):
            return value
        return repr(value) if isinstance(value, (int, float)) else self._plain(value)

    def _annotation(self, annotation: Annotation) -> Any:
        layer = self._codebook.layers_by_id[annotation.layer_id]
        structure = self.system.get_type(self._names.layer(layer.name))(begin=annotation.start, end=annotation.end)
        if len(annotation.fragments) > 1:
            structure[FRAGMENTS] = " ".join(f"{start}-{end}" for start, end in annotation.fragments)
        for name, value in annotation.fields.items():
            structure[self._names.feature("Layer", layer.name, name)] = self._value(value)
        if annotation.entries:
            structure[ENTRIES] = self._value([self._entries[at].name for at in annotation.entries])
            structure[ENTRY_IDS] = self._value(list(annotation.entries))
        self._own(structure, annotation)
        return structure

    def _own(self, structure: Any, item: Annotation | Link) -> None:
        structure[ID] = self._plain(item.id)
        structure[CODER] = self._plain(self._coders.get(item.coder_id, ""))
        for name, value in ((NOTE, item.note), (CREATED, item.created), (MODIFIED, item.modified)):
            if value:
                structure[name] = self._plain(value)
        if item.origin != "manual":
            structure[ORIGIN] = self._plain(item.origin)

    def _link(self, link: Link) -> Any:
        link_type = self._codebook.link_types_by_id[link.type_id]
        structure = self.system.get_type(self._names.link(link_type.name))(begin=0, end=0)
        for name, value in link.fields.items():
            structure[self._names.feature("LinkType", link_type.name, name)] = self._value(value)
        self._own(structure, link)
        return structure

    def _fill(self, link: Link, made: dict[str, Any], links: dict[str, Link]) -> None:
        """The slots; the link itself stands where the first annotation in it does."""
        name = self._codebook.link_types_by_id[link.type_id].name
        structure = made[link.id]
        array = self.system.get_type("uima.cas.FSArray")
        for role, members in link.roles.items():
            slot = self.system.get_type(self._names.slot(name, role))
            targets = [slot(role=self._plain(role), target=made[member]) for member in members if member in made]
            if targets:
                structure[self._names.role(name, role)] = array(elements=targets)
        at = link
        for _ in range(len(links) + 1):
            first = next(iter(at.members()), "")
            if first not in links:
                break
            at = links[first]
        if first in made:
            structure.begin, structure.end = made[first].begin, made[first].end
