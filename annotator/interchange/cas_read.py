"""UIMA CAS as documents: Annotator's own exactly, other tools' by what their types look like.

A span type is a layer, its features are fields; a type with a governor and a dependent is a link with the roles `from`
and `to`, a chain one with its links in the role `member`, a slot one from its host to what fills it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import orjson

from annotator.domain.codebook import Codebook
from annotator.domain.errors import AnnotatorError
from annotator.domain.exchange import Header
from annotator.domain.invariants import shown
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
    OWN,
    CasNames,
)  # fmt: skip
from annotator.interchange.raw import RawDocument, RawLink, RawMark, Report
from annotator.interchange.scheme import Scheme
from annotator.interchange.sidecar import header_of
from annotator.interchange.webanno_tsv import FROM, HOST, MEMBER, TO

_BASE = "de.tudarmstadt.ukp.dkpro.core.api."
_LEFT_OUT = tuple(
    _BASE + part for part in ("segmentation.", "lexmorph.", "syntax.", "metadata.", "transform.", "featurepath.")
)


def own_header(cas: Any, path: Path) -> tuple[Header, dict[str, Any]] | None:
    """The codebook, coders and entries that Annotator put into a CAS, and what it says of the document."""
    for view in cas.views:
        for structure in view.get_all_fs():
            if structure.type.name == HEADER:
                try:
                    plain = orjson.loads(structure.json or "")
                    header = header_of(plain, path)
                except (orjson.JSONDecodeError, AnnotatorError, TypeError, AttributeError):
                    return None
                document = plain.get("document")
                return header, document if isinstance(document, dict) else {}
    return None


class OwnReader:
    """A CAS that Annotator wrote."""

    def __init__(self, codebook: Codebook, scheme: Scheme, path: str) -> None:
        names = CasNames(codebook)
        self._layers = {names.layer(layer.name): layer for layer in codebook.layers}
        self._types = {names.link(link_type.name): link_type for link_type in codebook.link_types}
        self._names = names
        self._scheme = scheme
        self._path = path

    def document(self, cas: Any, about: dict[str, Any], report: Report) -> RawDocument:
        """The document with everything in it."""
        metadata = about.get("metadata")
        document = RawDocument(
            str(about.get("title") or "Untitled"), cas.sofa_string or "", id=str(about.get("id") or ""),
            status=str(about.get("status") or "new"), metadata=metadata if isinstance(metadata, dict) else {},
            where=self._path, created=str(about.get("created") or ""),
        )  # fmt: skip
        unknown: Counter[str] = Counter()
        known = [fs for fs in cas.views[0].get_all_fs() if fs.type.name in self._layers or fs.type.name in self._types]
        keys = {id(fs): str(number) for number, fs in enumerate(known)}
        for structure in known:
            if structure.type.name in self._layers:
                document.marks.append(self._mark(structure, keys))
            else:
                document.links.append(self._link(structure, keys))
        for fs in cas.views[0].get_all_fs():
            if (
                "begin" in {feature.name for feature in fs.type.all_features}
                and id(fs) not in keys
                and fs.type.name not in (METADATA, "uima.tcas.DocumentAnnotation")
            ):
                unknown[fs.type.name] += 1
        for name, count in unknown.items():
            report.add("lost", self._path, f"{count} of the type {name}, which is not one of this codebook")
        return document

    def _values(self, structure: Any, kind: str, owner: Any) -> dict[str, object]:
        values = {}
        for field in owner.fields:
            value = structure[self._names.feature(kind, owner.name, field.name)]
            if value is None:
                continue
            if field.type == "multi-choice":
                value = list(value.elements or ())
            elif field.type == "number":
                value = _number(value)
            values[field.name] = value
        return values

    def _mark(self, structure: Any, keys: dict[int, str]) -> RawMark:
        layer = self._layers[structure.type.name]
        spans = _fragments(structure[FRAGMENTS]) or [(structure.begin, structure.end)]
        ids = structure[ENTRY_IDS]
        names = structure[ENTRIES]
        entries = [str(at) for at in (ids.elements if ids else None) or ()]
        if not entries and names and layer.registry:
            entries = [self._scheme.entry(layer.registry, name, name) for name in names.elements or () if name]
        return RawMark(
            keys[id(structure)], layer.name, spans, None, self._values(structure, "Layer", layer), entries,
            _text(structure[NOTE]), _text(structure[CODER]), _text(structure[ID]), self._path,
            _text(structure[ORIGIN]) or "manual", _text(structure[CREATED]), _text(structure[MODIFIED]),
        )  # fmt: skip

    def _link(self, structure: Any, keys: dict[int, str]) -> RawLink:
        link_type = self._types[structure.type.name]
        roles: list[tuple[str, list[str]]] = []
        for role in link_type.roles:
            array = structure[self._names.role(link_type.name, role.name)]
            members = [
                keys.get(id(slot.target), "?") for slot in (array.elements if array else None) or () if slot.target
            ]
            if members:
                roles.append((role.name, members))
        return RawLink(
            keys[id(structure)], link_type.name, roles, self._values(structure, "LinkType", link_type),
            _text(structure[NOTE]), _text(structure[CODER]), _text(structure[ID]), self._path,
            _text(structure[ORIGIN]) or "manual", _text(structure[CREATED]), _text(structure[MODIFIED]),
        )  # fmt: skip


def _number(value: Any) -> object:
    """A number, which stands as text, and stood as a float once; what is none stays for the check to complain of."""
    for kind in (int, float) if isinstance(value, str) else ():
        try:
            return kind(value)
        except ValueError:
            continue
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
    return int(value) if whole else value


def _text(value: object) -> str:
    """A feature may hold anything, for the file brings its own types along."""
    return value if isinstance(value, str) else ""


def _fragments(told: str | None) -> list[tuple[int, int]]:
    try:
        parts = [part.split("-") for part in (told or "").split()]
        return [(int(start), int(end)) for start, end in parts]
    except ValueError:
        return []


class ForeignReader:
    """A CAS of INCEpTION, WebAnno or any other UIMA tool."""

    def __init__(self, scheme: Scheme, path: str, report: Report) -> None:
        self._scheme = scheme
        self._path = path
        self._report = report
        self._short: dict[str, str] = {}

    def document(self, cas: Any, title: str, coder: str = "") -> RawDocument:
        """The document of the first view that has a text."""
        views = [view for view in cas.views if view.sofa.sofaString]
        for view in views[1:]:
            self._report.add(
                "skipped", self._path, f"the view {shown(view.sofa.sofaID)}, for there is one text in a document"
            )
        view = views[0] if views else cas.views[0]
        document = RawDocument(title, view.sofa.sofaString or "", where=self._path)
        structures = list(view.get_all_fs())
        keys: dict[int, str] = {}
        left: Counter[str] = Counter()
        spans, links, chained = [], [], []
        for number, structure in enumerate(structures):
            name = structure.type.name
            features = {feature.name for feature in structure.type.all_features}
            if name == METADATA:
                self._metadata(structure, document)
            elif name in ("uima.tcas.DocumentAnnotation", "uima.cas.Sofa") or name.startswith("uima.cas."):
                continue
            elif name.startswith(_LEFT_OUT):
                left[name] += 1
            elif {"Governor", "Dependent"} <= features:
                links.append(structure)
            elif "begin" in features:
                keys[id(structure)] = str(number)
                spans.append(structure)
                if "next" in features:
                    chained.append(structure)
        for structure in links:
            # A relation may stand on tokens, which are no annotations of their own here.
            for end in (structure["Governor"], structure["Dependent"]):
                if end is not None and id(end) not in keys:
                    keys[id(end)] = f"end {len(keys)}"
                    spans.append(end)
        for structure in spans:
            document.marks.append(self._mark(structure, keys))
            self._slots(structure, keys, document)
        for structure in links:
            self._relation(structure, keys, document)
        self._chains(chained, keys, document)
        for name, count in left.items():
            self._report.add("lost", self._path, f"{count} {name.rpartition('.')[2]}, which the program does not keep")
        for mark in document.marks:
            mark.coder = coder
        for link in document.links:
            link.coder = coder
        return document

    def _metadata(self, structure: Any, document: RawDocument) -> None:
        document.title = structure["documentTitle"] or document.title
        language = structure["language"]
        if language and language != "x-unspecified":
            document.metadata = {**document.metadata, "language": language}

    def _name(self, type_: str) -> str:
        """The last part of a type's name, all of it where that is taken."""
        if type_ not in self._short:
            name = type_.rpartition(".")[2]
            self._short[type_] = self._scheme.renames(type_ if name in self._short.values() else name)
        return self._short[type_]

    def _features(self, structure: Any) -> dict[str, object]:
        values: dict[str, object] = {}
        for feature in structure.type.all_features:
            if feature.name in ("begin", "end", "sofa", "next", "Governor", "Dependent") or feature.name in OWN[:1]:
                continue
            value = structure[feature.name]
            if isinstance(value, (str, bool, int, float)):
                values[feature.name] = value
            elif feature.rangeType.name == "uima.cas.StringArray" and value is not None:
                values[feature.name] = [item for item in value.elements or () if item]
        return values

    def _mark(self, structure: Any, keys: dict[int, str]) -> RawMark:
        span = (structure.begin or 0, structure.end or 0)
        return RawMark(
            keys[id(structure)],
            self._name(structure.type.name),
            [span],
            None,
            self._features(structure),
            where=self._path,
        )

    def _slots(self, structure: Any, keys: dict[int, str], document: RawDocument) -> None:
        for feature in structure.type.all_features:
            value = structure[feature.name]
            elements = getattr(value, "elements", None)
            if feature.rangeType.name != "uima.cas.FSArray" or not elements:
                continue
            roles: list[tuple[str, list[str]]] = [(HOST, [keys[id(structure)]])]
            for slot in elements:
                target = getattr(slot, "target", None)
                if target is not None:
                    roles.append((getattr(slot, "role", None) or feature.name, [keys.get(id(target), "?")]))
            if len(roles) > 1:
                name = self._scheme.renames(f"{self._name(structure.type.name)} {feature.name}")
                document.links.append(RawLink(f"slot {len(document.links)}", name, roles, where=self._path))

    def _relation(self, structure: Any, keys: dict[int, str], document: RawDocument) -> None:
        ends = [(FROM, structure["Governor"]), (TO, structure["Dependent"])]
        roles = [(role, [keys[id(end)]]) for role, end in ends if end is not None]
        name = self._name(structure.type.name)
        key = f"relation {len(document.links)}"
        document.links.append(RawLink(key, name, roles, self._features(structure), where=self._path))

    def _chains(self, chained: list[Any], keys: dict[int, str], document: RawDocument) -> None:
        later = {id(structure["next"]) for structure in chained if structure["next"] is not None}
        for structure in chained:
            if id(structure) in later:
                continue
            members: list[str] = []
            at = structure
            while at is not None and keys.get(id(at)) not in (None, *members):
                members.append(keys[id(at)])
                at = at["next"]
            name = self._name(structure.type.name)
            document.links.append(RawLink(f"chain {len(document.links)}", name, [(MEMBER, members)], where=self._path))
