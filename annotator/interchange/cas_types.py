"""How a codebook becomes a UIMA type system, such that INCEpTION shows its layers: one span type for each layer and each
link type, and in those of link types a slot (an array of role and target) for each role.
"""

from __future__ import annotations

import keyword
from typing import Any

from annotator.domain.codebook import Codebook, Field, LinkType, Role
from annotator.interchange.renaming import identifier

PACKAGE = "webanno.custom"
HEADER = "annotator.Header"
METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
FRAGMENTS, NOTE, CODER, ID, ENTRIES, ENTRY_IDS, ORIGIN = (
    "fragments", "note", "coder", "id", "entries", "entryIds", "origin",
)  # fmt: skip
CREATED, MODIFIED = "created", "modified"
OWN = (FRAGMENTS, NOTE, CODER, ID, ENTRIES, ENTRY_IDS, ORIGIN, CREATED, MODIFIED)
"""Features of ours, besides the codebook's fields."""
_RESERVED = ("begin", "end", "sofa", "type", "xmiID", "elements", "self", *OWN)
_RANGES = {
    "choice": "uima.cas.String",
    "text": "uima.cas.String",
    "date": "uima.cas.String",
    # INCEpTION knows whole numbers and short floats only, which would round; as text every number stays what it is.
    "number": "uima.cas.String",
    "boolean": "uima.cas.Boolean",
    "multi-choice": "uima.cas.StringArray",
}


class CasNames:
    """The type and feature names of a codebook."""

    def __init__(self, codebook: Codebook) -> None:
        taken: set[str] = set()
        self._layers = {layer.name: _free(layer.name, taken) for layer in codebook.layers}
        self._links = {link_type.name: _free(link_type.name, taken) for link_type in codebook.link_types}
        self._features: dict[tuple[str, str, str, str], str] = {}
        for kind, owners in (("Layer", codebook.layers), ("LinkType", codebook.link_types)):
            for owner in owners:
                used = set(_RESERVED)
                for role in owner.roles if isinstance(owner, LinkType) else ():
                    self._features[kind, owner.name, "role", role.name] = _free(role.name, used)
                for known in owner.fields:
                    self._features[kind, owner.name, "field", known.name] = _free(known.name, used)
        self._slots: dict[tuple[str, str], str] = {}
        for link_type in codebook.link_types:
            for role in link_type.roles:
                feature = self.role(link_type.name, role.name)
                name = f"{self._links[link_type.name]}{feature[:1].upper()}{feature[1:]}Slot"
                self._slots[link_type.name, role.name] = _free(name, taken)

    def layer(self, name: str) -> str:
        """The type of a layer."""
        return f"{PACKAGE}.{self._layers[name]}"

    def link(self, name: str) -> str:
        """The type of a link type."""
        return f"{PACKAGE}.{self._links[name]}"

    def feature(self, kind: str, owner: str, field: str) -> str:
        """The feature of a field. `kind` is Layer or LinkType."""
        return self._features[kind, owner, "field", field]

    def role(self, owner: str, role: str) -> str:
        """The slot of a role."""
        return self._features["LinkType", owner, "role", role]

    def slot(self, owner: str, role: str) -> str:
        """The type of what stands in a slot."""
        return f"{PACKAGE}.{self._slots[owner, role]}"


def _free(name: str, taken: set[str]) -> str:
    """An identifier of a name that is neither taken nor a word of the language that reads it."""
    plain = identifier(name)
    while plain in taken or keyword.iskeyword(plain):
        plain += "_"
    taken.add(plain)
    return plain


def typesystem(codebook: Codebook, names: CasNames) -> Any:
    """The cassis type system."""
    from cassis import TypeSystem

    system = TypeSystem(add_document_annotation_type=False)
    system.create_type("uima.tcas.DocumentAnnotation", "uima.tcas.Annotation")
    system.create_feature("uima.tcas.DocumentAnnotation", "language", "uima.cas.String")
    metadata = system.create_type(METADATA, "uima.tcas.DocumentAnnotation")
    for name in ("documentTitle", "documentId", "documentUri", "collectionId", "documentBaseUri"):
        system.create_feature(metadata, name, "uima.cas.String")
    system.create_feature(metadata, "isLastSegment", "uima.cas.Boolean")
    header = system.create_type(HEADER, "uima.cas.TOP")
    system.create_feature(header, "json", "uima.cas.String")
    for layer in codebook.layers:
        made = system.create_type(names.layer(layer.name), "uima.tcas.Annotation", layer.description or layer.name)
        for known in layer.fields:
            _feature(system, made, names.feature("Layer", layer.name, known.name), known)
        _own(system, made, OWN)
    for link_type in codebook.link_types:
        made = system.create_type(
            names.link(link_type.name), "uima.tcas.Annotation", link_type.description or link_type.name
        )
        for known in link_type.fields:
            _feature(system, made, names.feature("LinkType", link_type.name, known.name), known)
        for role in link_type.roles:
            slot = system.create_type(names.slot(link_type.name, role.name), "uima.cas.TOP")
            system.create_feature(slot, "role", "uima.cas.String")
            system.create_feature(slot, "target", _target(role, names))
            system.create_feature(made, names.role(link_type.name, role.name), "uima.cas.FSArray", elementType=slot)
        _own(system, made, (NOTE, CODER, ID, ORIGIN, CREATED, MODIFIED))
    return system


def _target(role: Role, names: CasNames) -> str:
    if len(role.layers) == 1 and not role.links:
        return names.layer(role.layers[0])
    return "uima.tcas.Annotation"


def _feature(system: Any, made: Any, name: str, known: Field) -> None:
    system.create_feature(made, name, _RANGES[known.type], description=known.description or known.name)


def _own(system: Any, made: Any, features: tuple[str, ...]) -> None:
    for name in features:
        array = name in (ENTRIES, ENTRY_IDS)
        system.create_feature(made, name, "uima.cas.StringArray" if array else "uima.cas.String")
