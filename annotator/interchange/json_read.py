"""The JSON contract as domain records. Shared by the whole file and the line-by-line form.

Nothing is taken on trust: every value's type, every reference and every offset is checked, and the first thing that is
wrong ends the import with one sentence that names the file, the thing and the reason.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn, cast

from annotator.domain.codebook import Field, LinkType
from annotator.domain.errors import InvalidValue
from annotator.domain.exchange import Header, Remark
from annotator.domain.invariants import check_acyclic, check_fragments, check_link, check_metadata, shown
from annotator.domain.model import (
    STATUSES,
    Annotation,
    Dismissal,
    Document,
    DocumentData,
    Fragment,
    Link,
    Status,
    made_annotation,
)
from annotator.domain.text import canonical, digest
from annotator.interchange.json_header import HeaderReader
from annotator.interchange.json_values import FRAGMENT, KNOWN, NO_VALUES, Plain, lower

_SHA256 = re.compile("[0-9a-f]{64}")


class JsonReader(HeaderReader):
    """Reads one file: its header first, then document after document."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._layers: dict[str, tuple[str, dict[str, Field]]] = {}
        self._types: dict[str, tuple[LinkType, dict[str, Field]]] = {}
        self._documents: set[str] = set()
        self._marks: set[str] = set()
        self._mended: list[Remark] = []

    def header(self, value: object) -> Header:
        """The header, and the codebook by name for what comes after it."""
        header = super().header(value)
        self._layers = {la.name: (la.id, {f.name: f for f in la.fields}) for la in self.codebook.layers}
        self._types = {lt.name: (lt, {f.name: f for f in lt.fields}) for lt in self.codebook.link_types}
        return header

    def document(self, value: object, number: int) -> DocumentData:
        """One document with all that belongs to it."""
        plain = self.as_object(value, f"document number {number}")
        id_ = self.id_of(plain, f"document number {number}")
        where = self.note_keys(plain, "documents", f"the document {shown(id_)}")
        if id_ in self._documents:
            self.refuse(f"it has the document {shown(id_)} twice")
        self._documents.add(id_)
        text: str = self.get(plain, "text", str, where, None) or ""
        length = None
        if plain.get("text") is None:
            sha256, length = self._without_text(plain, where)
        else:
            sha256 = digest(text)
            if self.get(plain, "sha256", str, where, sha256).lower() != sha256:
                self.refuse(f"the text of {where[4:]} is not the one that its sha256 was made of")
        status = self.get(plain, "status", str, where, "new")
        if status not in STATUSES:
            self.refuse(f"{where} has the unknown status {shown(status)}")
        given: Plain = self.get(plain, "metadata", dict, where, {})
        try:
            metadata = check_metadata(self.codebook.document_fields, given, where) if given else NO_VALUES
            within = text if length is None else length
            annotations = tuple(
                self._annotation(item, id_, within) for item in self.get(plain, "annotations", list, where, [])
            )
            links = self._links(self.get(plain, "links", list, where, []), id_, annotations)
        except InvalidValue as error:
            self.refuse(lower(str(error)))
        dismissals = self._dismissals(plain, id_, where, len(text) if length is None else length)
        stored = text
        if "\r" in text:
            stored = canonical(text)
            sha256 = digest(stored)
            moved = _without_carriage_returns(text)
            annotations = tuple(
                replace(
                    annotation,
                    fragments=tuple(Fragment(moved(start), moved(end)) for start, end in annotation.fragments),
                )
                for annotation in annotations
            )
            dismissals = tuple(replace(each, start=moved(each.start), end=moved(each.end)) for each in dismissals)
            dismissals = tuple(each for each in dismissals if each.start < each.end)
            for annotation in annotations:
                if any(fragment.start == fragment.end for fragment in annotation.fragments):
                    self.refuse(f"annotation {shown(annotation.id)} covers half a line end")
            self._mended.append(Remark("mended", f"document {shown(id_)}", "its line ends became LF"))
        document = Document(
            id_,
            self.get(plain, "title", str, where),
            sha256,
            cast("Status", status),
            metadata,
            number - 1,
            self.get(plain, "created", str, where, ""),
        )
        return DocumentData(document, stored, annotations, links, length, dismissals)

    def _dismissals(self, plain: Plain, document_id: str, where: str, length: int) -> tuple[Dismissal, ...]:
        """Stretches that are not to be proposed again in a layer."""
        found: dict[Dismissal, None] = {}
        for item in self.get(plain, "dismissed", list, where, []):
            held = self.as_object(item, f"what is dismissed in {where}")
            self.note_keys(held, "dismissed", where)
            layer, start, end = held.get("layer"), held.get("start"), held.get("end")
            if type(layer) is not str or layer not in self._layers:
                self.refuse(
                    f"{where} has something dismissed in the layer {shown(layer)}, which the file does not have"
                )
            if type(start) is not int or type(end) is not int or not 0 <= start < end <= length:
                self.refuse(
                    f"{where} has something dismissed from {shown(start)} to {shown(end)}, which is no stretch of it"
                )
            found[Dismissal(document_id, self._layers[layer][0], start, end)] = None
        return tuple(found)

    def _without_text(self, plain: Plain, where: str) -> tuple[str, int]:
        """The hash and the length of a text that was left out."""
        if "length" not in plain:
            self.refuse(f"{where} has no text")
        sha256, length = self.get(plain, "sha256", str, where).lower(), self.get(plain, "length", int, where)
        if not _SHA256.fullmatch(sha256):
            self.refuse(f"{where} has neither a text nor the sha256 of one")
        if length < 0:
            self.refuse(f"{where} has the length {shown(length)}")
        return sha256, length

    def _annotation(self, value: object, document_id: str, text: str | int) -> Annotation:
        """`text` is how long it is, where it was left out."""
        if type(value) is not dict:
            self.as_object(value, f"an annotation of the document {shown(document_id)}")
        plain = cast("Plain", value)
        id_ = self._mark_id(plain, "annotation", document_id)
        if not plain.keys() <= KNOWN["annotations"]:
            self.note_keys(plain, "annotations", "")
        get = plain.get
        layer = get("layer")
        known = self._layers.get(layer) if type(layer) is str else None
        if known is None:
            self._no_such("annotation", id_, document_id, "layer", layer, "layer")
        coder = get("coder")
        if type(coder) is not str or coder not in self.coder_ids:
            self._no_such("annotation", id_, document_id, "coder", coder, "coder")
        entries = get("entries", ())
        if entries:
            self._check_entries(entries, id_, document_id)
        elif type(entries) not in (list, tuple):
            self.wrong(f"annotation {shown(id_)}", "entries", list, entries)
        fields = get("fields")
        note, origin = get("note", ""), get("origin", "manual")
        created, modified = get("created", ""), get("modified", "")
        if not (type(note) is type(origin) is type(created) is type(modified) is str):
            for key in ("note", "origin", "created", "modified"):
                self.get(plain, key, str, f"annotation {shown(id_)}", "")
        return made_annotation(
            id_,
            document_id,
            known[0],
            coder,
            self._fragments(get("fragments"), id_, document_id, text),
            tuple(entries),
            NO_VALUES if fields == {} else self.values(plain, known[1], f"annotation {shown(id_)}"),
            note,
            origin,
            created,
            modified,
        )

    def _fragments(self, value: object, id_: str, document_id: str, text: str | int) -> tuple[Fragment, ...]:
        length = text if isinstance(text, int) else len(text)
        if type(value) is list and len(value) == 1 and type(value[0]) is dict and value[0].keys() == FRAGMENT:
            # The common case, without a list and a second pass.
            start, end, quote = value[0]["start"], value[0]["end"], value[0]["text"]
            if (
                type(start) is type(end) is int
                and 0 <= start < end <= length
                and (isinstance(text, int) or text[start:end] == quote)
            ):
                return (Fragment(start, end),)
        fragments = []
        if type(value) is not list:
            self.wrong(f"annotation {shown(id_)}", "fragments", list, value)
        for item in value:
            if type(item) is not dict:
                self.wrong(f"annotation {shown(id_)}", "a fragment", dict, item)
            if not item.keys() <= FRAGMENT:
                self.unknown.update(("fragments", key) for key in item.keys() - FRAGMENT)
            fragments.append(Fragment(item.get("start", None), item.get("end", None)))  # type: ignore[arg-type]
        try:
            check_fragments(fragments, length)
        except InvalidValue as error:
            self.refuse(f"annotation {shown(id_)} in the document {shown(document_id)}: {lower(str(error))}")
        if isinstance(text, int):
            return tuple(fragments)
        for item, (start, end) in zip(value, fragments, strict=True):
            quote = item.get("text")
            if quote != text[start:end]:
                if "text" not in item:
                    continue
                if type(quote) is not str:
                    self.wrong(f"a fragment of annotation {shown(id_)}", "text", str, quote)
                self.refuse(
                    f"annotation {shown(id_)} in the document {shown(document_id)} says that {start} to {end} reads "
                    f"{shown(quote)}, but the text there is {shown(text[start:end])}"
                )
        return tuple(fragments)

    def _check_entries(self, entries: object, id_: str, document_id: str) -> None:
        if type(entries) is not list:
            self.wrong(f"annotation {shown(id_)}", "entries", list, entries)
        for entry in entries:
            if type(entry) is not str or entry not in self.entry_ids:
                self._no_such("annotation", id_, document_id, "entry", entry, "entry")
        if len(entries) > 1 and len(set(entries)) < len(entries):
            self.refuse(f"annotation {shown(id_)} in the document {shown(document_id)} has the same entry twice")

    def _links(
        self, values: Sequence[object], document_id: str, annotations: tuple[Annotation, ...]
    ) -> tuple[Link, ...]:
        if not values:
            return ()
        links = [self._link(value, document_id) for value in values]
        annotations_by_id = {annotation.id: annotation for annotation in annotations}
        links_by_id = {link.id: link for link in links}
        for link in links:
            check_link(
                link, self.codebook.link_types_by_id[link.type_id], self.codebook, annotations_by_id, links_by_id
            )
        check_acyclic({link.id: link.members() for link in links})
        return tuple(links)

    def _link(self, value: object, document_id: str) -> Link:
        plain = self.as_object(value, f"a link of the document {shown(document_id)}")
        id_ = self._mark_id(plain, "link", document_id)
        where = self.note_keys(plain, "links", f"link {shown(id_)}")
        name, coder = plain.get("type"), plain.get("coder")
        if type(name) is not str or name not in self._types:
            self._no_such("link", id_, document_id, "type", name, "link type")
        if type(coder) is not str or coder not in self.coder_ids:
            self._no_such("link", id_, document_id, "coder", coder, "coder")
        link_type, fields = self._types[name]
        roles: Plain = self.get(plain, "roles", dict, where)
        return Link(
            id_,
            document_id,
            link_type.id,
            coder,
            {
                role: members
                for role in self._known_roles(roles, link_type, where)
                if (members := self.texts(roles, role, where))
            },
            self.values(plain, fields, where),
            self.get(plain, "note", str, where, ""),
            self.get(plain, "origin", str, where, "manual"),
            self.get(plain, "created", str, where, ""),
            self.get(plain, "modified", str, where, ""),
        )

    def _known_roles(self, roles: Plain, link_type: LinkType, where: str) -> Iterator[str]:
        for role in roles:
            if link_type.role(role) is None:
                self.refuse(f"{where} has the role {shown(role)}, which {shown(link_type.name)} does not have")
        yield from (role.name for role in link_type.roles if role.name in roles)

    def _mark_id(self, plain: Plain, kind: str, document_id: str) -> str:
        """The id of an annotation or a link, which is its own in the whole project."""
        id_ = plain.get("id")
        if type(id_) is not str or not id_:
            return self.id_of(plain, f"{'an' if kind[0] == 'a' else 'a'} {kind} of the document {shown(document_id)}")
        if id_ in self._marks:
            self.refuse(f"the id {shown(id_)} stands twice among its annotations and links")
        self._marks.add(id_)
        return id_

    def _no_such(self, kind: str, id_: str, document_id: str, key: str, value: object, what: str) -> NoReturn:
        where = f"{kind} {shown(id_)} in the document {shown(document_id)}"
        if value is None:
            self.refuse(f"{where} has no {key}")
        self.refuse(f"{where} refers to the {what} {shown(value)}, which the file does not have")

    def remarks(self) -> Iterator[Remark]:
        """What was left out or mended, once all is read."""
        yield from self._mended
        for (what, key), count in sorted(self.unknown.items()):
            times = "" if count == 1 else f" ({count} times)"
            yield Remark("lost", f"{what}{times}", f"{shown(key)} is not known to this Annotator and was left out")


def _without_carriage_returns(text: str) -> Callable[[int], int]:
    """Where an offset is in the text with LF line ends: each CRLF before it takes one away."""
    pairs = []
    at = text.find("\r\n")
    while at >= 0:
        pairs.append(at + 1)
        at = text.find("\r\n", at + 2)
    return lambda offset: offset - bisect_left(pairs, offset)
