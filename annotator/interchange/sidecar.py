"""What brat has no place for, in a file beside its own: the codebook, and what each document is called.

brat leaves the file alone. Where it is missing, the .ann files say all there is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotator.domain.codebook import Codebook, Field
from annotator.domain.errors import AnnotatorError
from annotator.domain.exchange import Header
from annotator.interchange.containers import Container
from annotator.interchange.json_header import HeaderReader
from annotator.interchange.json_values import parse
from annotator.interchange.json_write import FORMAT, OFFSET_UNIT, VERSION, codebook_to_plain, dump, entry_to_plain
from annotator.interchange.renaming import Tokens
from annotator.interchange.scheme import Scheme

SIDECAR = "annotator.json"


@dataclass(slots=True)
class Sidecar:
    """The codebook, and title, status and metadata of each document by its file's name, and coders by their folder's."""

    header: Header
    documents: dict[str, tuple[str, str, dict[str, Any]]] = field(default_factory=dict)
    coders: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, container: Container) -> Sidecar | None:
        """What stands beside the files, if it is there and sound."""
        if SIDECAR not in container.names:
            return None
        try:
            plain = parse(container.read(SIDECAR), container.path / SIDECAR)
            header = header_of(plain, container.path / SIDECAR)
        except AnnotatorError:
            return None
        documents = {
            name: (str(of.get("title", "")), str(of.get("status", "new")), dict(of.get("metadata") or {}))
            for name, of in _objects(plain.get("files"))
        }
        coders = plain.get("coder_folders")
        if not isinstance(coders, dict):
            coders = {}
        return cls(header, documents, {k: v for k, v in coders.items() if isinstance(v, str)})

    def dump(self) -> bytes:
        """As a file."""
        files = {
            name: {"title": title, "status": status, "metadata": metadata}
            for name, (title, status, metadata) in self.documents.items()
        }
        registries = {registry.id: registry.name for registry in self.header.codebook.registries}
        entries = [entry_to_plain(entry, registries) for entry in self.header.entries]
        plain = {
            **codebook_file(self.header.codebook),
            "entries": entries,
            "files": files,
            "coder_folders": self.coders,
        }
        return dump(plain) + b"\n"


def _objects(value: object) -> list[tuple[str, dict[str, Any]]]:
    if not isinstance(value, dict):
        return []
    return [
        (name, of) for name, of in value.items() if isinstance(of, dict) and isinstance(of.get("metadata"), dict | None)
    ]


def codebook_file(codebook: Codebook) -> dict[str, Any]:
    """A codebook alone, in the words of the JSON contract, for formats that have a place to put it."""
    return {
        "format": f"{FORMAT}-codebook",
        "version": VERSION,
        "offset_unit": OFFSET_UNIT,
        "codebook": codebook_to_plain(codebook),
    }


def codebook_of(plain: object, path: Path) -> Codebook:
    """Such a codebook. Raises FileRefused."""
    return header_of(plain, path).codebook


def header_of(plain: object, path: Path) -> Header:
    """Such a codebook with the coders and entries that stand beside it. Raises FileRefused."""
    reader = HeaderReader(path)
    value = reader.as_object(plain, "the codebook")
    if value.get("format") != f"{FORMAT}-codebook":
        reader.refuse("it is no codebook of Annotator")
    return reader.header({**value, "format": FORMAT, "documents": []})


def adopt(scheme: Scheme, header: Header, key: Callable[[str], str] = str) -> None:
    """Make coders and entries known under the ids they had. `key` is how the file refers to an entry's id."""
    registries = {registry.id: registry.name for registry in header.codebook.registries}
    for coder in header.coders:
        scheme.give_coder(coder.name, coder.id)
    for entry in header.entries:
        scheme.entry(
            registries[entry.registry_id],
            key(entry.id),
            entry.name,
            entry.id,
            aliases=entry.aliases,
            parent_id=entry.parent_id,
            fields=entry.fields,
            note=entry.note,
            origin=entry.origin,
        )


def brat_names(codebook: Codebook) -> Tokens:
    """How brat calls what the codebook names. One name space for all of it, so that a token has one meaning."""
    tokens = Tokens(())
    for layer in codebook.layers:
        tokens.add(layer.name)
    for link_type in codebook.link_types:
        tokens.add(link_type.name)
        for role in link_type.roles:
            tokens.add(role.name)
    for registry in codebook.registries:
        tokens.add(registry.name)
    for known in all_fields(codebook):
        tokens.add(known.name)
    return tokens


def all_fields(codebook: Codebook) -> list[Field]:
    """The fields of layers and link types."""
    return [
        *(known for layer in codebook.layers for known in layer.fields),
        *(known for link_type in codebook.link_types for known in link_type.fields),
    ]
