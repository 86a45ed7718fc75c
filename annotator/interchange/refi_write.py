"""Projects as REFI-QDA: layers, fields and entries as a code tree, annotations as selections, links as memos and links."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from annotator import __version__
from annotator.domain.codebook import Field, Layer
from annotator.domain.exchange import Source
from annotator.domain.model import Annotation, DocumentData, Entry, FieldValue, Link
from annotator.interchange.containers import ZipWriter
from annotator.interchange.refi_codes import (
    FRAGMENT,
    LAYER,
    MEMO_OF_FIELD,
    MEMO_OF_LINK,
    ORIGIN,
    REGISTRY,
    SET_FIELDS,
    SET_LAYERS,
    SET_NAMES,
    SET_OF_REGISTRY,
    SET_REGISTRIES,
    guid,
)
from annotator.interchange.scheme import as_text
from annotator.interchange.xml_read import xml_text

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_CODED = ("choice", "multi-choice", "boolean")
_KNOWN_KEYS = ("sets", "cases", "codes", "note")


def element(name: str, attributes: Mapping[str, str], inside: str = "") -> str:
    """An element; attributes without a value are left out."""
    told = "".join(f" {key}={quoteattr(xml_text(value))}" for key, value in attributes.items() if value != "")
    return f"<{name}{told}>{inside}</{name}>\n" if inside else f"<{name}{told}/>\n"


def text(name: str, content: str) -> str:
    """An element with text in it, or nothing."""
    return f"<{name}>{escape(xml_text(content))}</{name}>\n" if content else ""


class CodeBookWriter:
    """The code tree, for projects and for codebooks alone."""

    def __init__(self, source: Source) -> None:
        self._codebook = source.codebook
        self._entries = list(source.entries())
        self._children: dict[str | None, list[Entry]] = {}
        known = {entry.id for entry in self._entries}
        for entry in self._entries:
            parent = entry.parent_id if entry.parent_id in known else None
            self._children.setdefault(parent, []).append(entry)
        self.entries = {entry.id: guid(entry.id) for entry in self._entries}
        self.sets: dict[str, list[str]] = {}
        self.foreign = {layer.id for layer in self._codebook.layers if _is_foreign(layer)}
        """Layers that only hold codes of another program: their annotations carry those codes and nothing else."""
        self._taken: set[str] = set()
        self._names: dict[str, str] = {}
        self._name_all()

    def _name_all(self) -> None:
        """What each code is called: QualCoder and ATLAS.ti want a name once only. Codes of other programs keep theirs."""
        registries = {registry.id: registry.name for registry in self._codebook.registries}
        for layer in self._codebook.layers:
            if layer.id not in self.foreign:
                self._name(self.code(layer), layer.name)
        for registry in self._codebook.registries:
            self._name(guid(registry.id, "registry"), registry.name)
        for entry in self._entries:
            at = self.entries[entry.id]
            if registries[entry.registry_id] == REGISTRY:
                self._names[at] = entry.name
            else:
                self._name(at, entry.name, registries[entry.registry_id])
        for layer in self._codebook.layers:
            for field in layer.fields:
                self._name(self.code(layer, field), field.name, layer.name)
                for choice in _choices(field):
                    self._name(self.code(layer, field, choice), choice, f"{layer.name}: {field.name}")

    def _name(self, at: str, name: str, where: str = "") -> None:
        shown, tries = name, 0
        while shown.casefold() in self._taken:
            tries += 1
            more = where if tries == 1 and where else f"{where} {tries + (not where)}".strip()
            shown = f"{name} ({more})"
        self._taken.add(shown.casefold())
        self._names[at] = shown
        if shown != name:
            self.sets.setdefault(SET_NAMES + name, []).append(at)

    def code(self, layer: Layer, field: Field | None = None, value: str | None = None) -> str:
        """The guid of a layer, a field or a choice."""
        if field is None:
            return guid(layer.id, "layer")
        return guid(f"{layer.id}\n{field.name}" + ("" if value is None else f"\n{value}"), "field")

    def codes(self) -> Iterator[str]:
        """The tree, a root after the other."""
        for layer in self._codebook.layers:
            if layer.id not in self.foreign:
                yield self._layer(layer)
        for registry in self._codebook.registries:
            entries = [e for e in self._children.get(None, ()) if e.registry_id == registry.id]
            inner = "".join(self._entry(entry) for entry in entries)
            if registry.name == REGISTRY and self.foreign:
                yield inner
            elif inner or any(layer.registry == registry.name for layer in self._codebook.layers):
                at = guid(registry.id, "registry")
                self.sets.setdefault(SET_REGISTRIES, []).append(at)
                yield element("Code", {"guid": at, "name": self._names[at], "isCodable": "false"}, inner)

    def _layer(self, layer: Layer) -> str:
        at = self.code(layer)
        self.sets.setdefault(SET_LAYERS, []).append(at)
        if layer.registry:
            self.sets.setdefault(SET_OF_REGISTRY + layer.registry, []).append(at)
        inner = text("Description", layer.description)
        for field in layer.fields:
            own = self.code(layer, field)
            if field.type != "choice":
                self.sets.setdefault(SET_FIELDS + field.type, []).append(own)
            values = "".join(
                element("Code", {"guid": code, "name": self._names[code], "isCodable": "true"})
                for code in (self.code(layer, field, choice) for choice in _choices(field))
            )
            told = {"guid": own, "name": self._names[own], "isCodable": "false"}
            inner += element("Code", told, text("Description", field.description) + values)
        told = {"guid": at, "name": self._names[at], "isCodable": "true", "color": layer.color}
        return element("Code", told, inner)

    def _entry(self, root: Entry) -> str:
        """An entry with all below it, however deep."""
        parts: list[str] = []
        pending: list[Entry | str] = [root]
        while pending:
            entry = pending.pop()
            if isinstance(entry, str):
                parts.append(entry)
                continue
            color = entry.fields.get("color")
            told = {"guid": self.entries[entry.id], "name": self._names[self.entries[entry.id]], "isCodable": "true"}
            if isinstance(color, str) and color.startswith("#"):
                told["color"] = color
            sets = entry.fields.get("sets")
            for name in sets if isinstance(sets, list) else ():
                self.sets.setdefault(name, []).append(self.entries[entry.id])
            children = self._children.get(entry.id, [])
            inner = text("Description", entry.note)
            if not children:
                parts.append(element("Code", told, inner))
                continue
            parts.append(element("Code", told, inner or " ").rpartition("</Code>")[0])
            pending.append("</Code>\n")
            pending += reversed(children)
        return "".join(parts)


def _choices(field: Field) -> tuple[str, ...]:
    """The values of a field that have codes of their own."""
    return ("yes", "no") if field.type == "boolean" else field.choices if field.type in _CODED else ()


def _is_foreign(layer: Layer) -> bool:
    return layer.name == LAYER and layer.registry == REGISTRY and not layer.fields


def write_codebook(source: Source) -> bytes:
    """A .qdc file."""
    writer = CodeBookWriter(source)
    codes = "".join(writer.codes())
    if not codes:
        codes = element("Code", {"guid": guid("none", "layer"), "name": LAYER, "isCodable": "true"})
    sets = "".join(
        element(
            "Set",
            {"guid": guid(name, "set"), "name": name},
            "".join(element("MemberCode", {"guid": member}) for member in members),
        )
        for name, members in writer.sets.items()
    )
    inside = element("Codes", {}, codes) + (element("Sets", {}, sets) if sets else "")
    told = {"xmlns": "urn:QDA-XML:codebook:1.0", "origin": f"{ORIGIN} {__version__}"}
    return (_HEAD + element("CodeBook", told, inside)).encode()


class ProjectWriter:
    """A .qdpx file, a document after the other; what comes after the sources waits in temporary files."""

    def __init__(self, source: Source, zip_: ZipWriter) -> None:
        self._source = source
        self._zip = zip_
        self._codes = CodeBookWriter(source)
        self._layers = source.codebook.layers_by_id
        self._types = source.codebook.link_types_by_id
        self._variables: dict[str, str] = {}
        self._cases: dict[str, list[str]] = {}
        self._source_sets: dict[str, list[str]] = {}
        registry = source.codebook.registries_by_name.get(REGISTRY)
        self._code_names = {e.name: guid(e.id) for e in source.entries() if registry and e.registry_id == registry.id}

    def write(self) -> None:
        """All of it."""
        with (
            tempfile.SpooledTemporaryFile(1 << 24, "w+", encoding="utf-8", newline="") as sources,
            tempfile.SpooledTemporaryFile(1 << 24, "w+", encoding="utf-8", newline="") as notes,
            tempfile.SpooledTemporaryFile(1 << 24, "w+", encoding="utf-8", newline="") as links,
        ):
            # QualCoder looks into this folder also where nothing is in it.
            self._zip.add("Sources/", b"")
            for data in self._source.documents():
                self._document(data, sources, notes, links)
            self._zip.add_stream("project.qde", self._parts(sources, notes, links))

    def _parts(self, sources: IO[str], notes: IO[str], links: IO[str]) -> Iterator[bytes]:
        info = self._source.info
        told = {
            "xmlns": "urn:QDA-XML:project:1.0",
            "name": info.name or "Project",
            "origin": f"{ORIGIN} {__version__}",
            "creationDateTime": _moment(info.created),
        }
        yield (_HEAD + element("Project", told, " ").rpartition(" </Project>")[0] + "\n").encode()
        users = "".join(
            element("User", {"guid": guid(coder.id), "name": coder.name or "?"}) for coder in self._source.coders()
        )
        yield (element("Users", {}, users) if users else "").encode()
        codes = "".join(self._codes.codes())
        yield (element("CodeBook", {}, element("Codes", {}, codes)) if codes else "").encode()
        variables = "".join(
            element("Variable", {"guid": guid(name, "variable"), "name": name, "typeOfVariable": type_})
            for name, type_ in self._variables.items()
        )
        yield (element("Variables", {}, variables) if variables else "").encode()
        cases = "".join(
            element("Case", {"guid": guid(name, "case"), "name": name}, _members("SourceRef", members))
            for name, members in self._cases.items()
        )
        yield (element("Cases", {}, cases) if cases else "").encode()
        for name, part in (("Sources", sources), ("Notes", notes), ("Links", links)):
            if part.tell():
                part.seek(0)
                yield f"<{name}>\n".encode()
                while chunk := part.read(1 << 20):
                    yield chunk.encode()
                yield f"</{name}>\n".encode()
        names = dict.fromkeys([*self._codes.sets, *self._source_sets])
        sets = "".join(
            element(
                "Set",
                {"guid": guid(name, "set"), "name": name},
                _members("MemberCode", self._codes.sets.get(name, ()))
                + _members("MemberSource", self._source_sets.get(name, ())),
            )
            for name in names
        )
        yield (element("Sets", {}, sets) if sets else "").encode()
        yield (text("Description", info.guidelines) + "</Project>\n").encode()

    def _document(self, data: DocumentData, sources: IO[str], notes: IO[str], links: IO[str]) -> None:
        document = data.document
        at = guid(document.id)
        self._zip.add(f"Sources/{at}.txt", data.text.encode())
        metadata = document.metadata
        for key, kept in (("sets", self._source_sets), ("cases", self._cases)):
            names = metadata.get(key)
            for name in names if isinstance(names, list) else ():
                kept.setdefault(name, []).append(at)
        inner = text("Description", as_text(metadata.get("note", "")))
        annotations = {annotation.id: annotation for annotation in data.annotations}
        for annotation in data.annotations:
            inner += self._selections(annotation, data.text, notes, links)
        codes = metadata.get("codes")
        for name in codes if isinstance(codes, list) else ():
            if name in self._code_names:
                inner += self._coding(f"{document.id}\n{name}", self._code_names[name], "", "")
        inner += self._values((k, v) for k, v in metadata.items() if k not in _KNOWN_KEYS or not self._is_known(k, v))
        told = {"guid": at, "name": document.title, "plainTextPath": f"internal://{at}.txt"}
        sources.write(element("TextSource", {**told, "creationDateTime": _moment(document.created)}, inner))
        by_id = {link.id: link for link in data.links}
        for link in data.links:
            self._link(link, annotations, by_id, data.text, notes, links)

    def _is_known(self, key: str, value: FieldValue) -> bool:
        if key == "codes":
            return isinstance(value, list) and all(name in self._code_names for name in value)
        return isinstance(value, list) if key != "note" else isinstance(value, str)

    def _selections(self, annotation: Annotation, whole: str, notes: IO[str], links: IO[str]) -> str:
        layer = self._layers[annotation.layer_id]
        user = guid(annotation.coder_id)
        codes = [] if layer.id in self._codes.foreign else [self._codes.code(layer)]
        codes += [self._codes.entries[entry] for entry in annotation.entries]
        memos = ""
        for field in layer.fields:
            value = annotation.fields.get(field.name)
            if value is None:
                continue
            if field.type in _CODED:
                values = (
                    value
                    if isinstance(value, list)
                    else ["yes" if value is True else "no" if value is False else str(value)]
                )
                codes += [self._codes.code(layer, field, item) for item in values]
            else:
                memo = guid(f"{annotation.id}\n{field.name}", "memo")
                told = {"guid": memo, "name": MEMO_OF_FIELD + field.name}
                notes.write(element("Note", told, _content(as_text(value))))
                memos += element("NoteRef", {"targetGUID": memo})
        parts = ""
        first = guid(annotation.id)
        for number, (start, end) in enumerate(annotation.fragments):
            at = first if number == 0 else guid(f"{annotation.id}\n{number}", "fragment")
            told = {
                "guid": at,
                "name": _shortened(whole[start:end]),
                "startPosition": str(start),
                "endPosition": str(end),
                "creatingUser": user,
                "creationDateTime": _moment(annotation.created),
                "modifiedDateTime": _moment(annotation.modified),
            }
            inner = text("Description", annotation.note if number == 0 else "")
            inner += "".join(self._coding(f"{at}\n{code}", code, user, _moment(annotation.created)) for code in codes)
            parts += element("PlainTextSelection", told, inner + (memos if number == 0 else ""))
            if number:
                links.write(_tie(guid(at, "tie"), FRAGMENT, first, at))
        return parts

    def _coding(self, id_: str, code: str, user: str, moment: str) -> str:
        told = {"guid": guid(id_, "coding"), "creatingUser": user, "creationDateTime": moment}
        return element("Coding", told, element("CodeRef", {"targetGUID": code}))

    def _link(
        self,
        link: Link,
        annotations: Mapping[str, Annotation],
        links_by_id: Mapping[str, Link],
        whole: str,
        notes: IO[str],
        links: IO[str],
    ) -> None:
        """A memo that stands for the link, tied to its members; and a plain tie from the first to each of the others."""
        link_type, at = self._types[link.type_id], guid(link.id)
        lines = []
        for role, members in link.roles.items():
            for member in members:
                annotation = annotations.get(member)
                told = " … ".join(whole[s:e] for s, e in annotation.fragments) if annotation else "another link"
                lines.append(f"{role}: {told}")
                links.write(_tie(guid(f"{link.id}\n{role}\n{member}", "role"), role, at, guid(member)))
        told_of = {
            "guid": at,
            "name": MEMO_OF_LINK + link_type.name,
            "creatingUser": guid(link.coder_id),
            "creationDateTime": _moment(link.created),
            "modifiedDateTime": _moment(link.modified),
        }
        inner = text("Description", link.note) + _content("\n".join(lines)) + self._values(link.fields.items())
        notes.write(element("Note", told_of, inner))
        ends = [(role, end) for role, end in _ends(link, annotations, links_by_id)]
        for role, end in ends[1:]:
            if end != ends[0][1]:
                name = f"{link_type.name}: {role}"
                links.write(_tie(guid(f"{link.id}\n{role}\n{end}", "direct"), name, guid(ends[0][1]), guid(end)))

    def _values(self, items: Iterable[tuple[str, FieldValue]]) -> str:
        parts = ""
        for name, value in items:
            kind = "Boolean" if isinstance(value, bool) else "Text"
            if kind == "Text" and isinstance(value, (int, float)):
                kind = "Integer" if isinstance(value, int) else "Float"
            known = self._variables.setdefault(name, kind)
            if known != kind:
                # One variable has one type: with several, all of them are text.
                kind = self._variables[name] = "Text"
            told = _decimal(value) if isinstance(value, float) else as_text(value)
            inner = element("VariableRef", {"targetGUID": guid(name, "variable")})
            parts += element("VariableValue", {}, inner + text(f"{kind}Value", told))
        return parts


def _ends(link: Link, annotations: Mapping[str, Annotation], links: Mapping[str, Link]) -> Iterator[tuple[str, str]]:
    """The annotations that a link ties together; for a link among its members the first one of that."""
    for role, members in link.roles.items():
        for member in members:
            seen = set()
            while member not in annotations and member in links and member not in seen:
                seen.add(member)
                member = next(iter(links[member].members()), "")
            if member in annotations:
                yield role, member


def _members(name: str, targets: Iterable[str]) -> str:
    return "".join(element(name, {"targetGUID": target}) for target in dict.fromkeys(targets))


def _tie(id_: str, name: str, origin: str, target: str) -> str:
    return element(
        "Link", {"guid": id_, "name": name, "direction": "OneWay", "originGUID": origin, "targetGUID": target}
    )


def _content(content: str) -> str:
    return f"<PlainTextContent>{escape(xml_text(content))}</PlainTextContent>\n"


def _shortened(content: str) -> str:
    flat = " ".join(content.split())
    return flat if len(flat) <= 100 else flat[:100] + "…"


def _moment(moment: str) -> str:
    try:
        return moment if moment and datetime.fromisoformat(moment) else ""
    except ValueError:
        return ""


def _decimal(value: float) -> str:
    return repr(value) if "e" not in repr(value) else format(value, "f")
