"""Coders without names: “Coder 1”, “Coder 2” …, the same one the same number in each export of a project."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from annotator.domain.codebook import Codebook, Field
from annotator.domain.model import (
    Annotation,
    Coder,
    Document,
    DocumentData,
    Entry,
    Fields,
    FieldValue,
    Link,
    ProjectInfo,
)

_OF_THE_ARTICLE = frozenset(("outlet", "author", "date", "url", "language", "title"))
"""Metadata that tells of the article. Who wrote it is no coder, whatever the name."""


class Anonymous:
    """Takes the coders' names, and ids that could tell them, out of all that people wrote.

    Names go as whole words, in notes, guidelines, values of fields and metadata; the articles themselves stay as they are.
    """

    def __init__(self, coders: Sequence[Coder]) -> None:
        """`coders`: all of the project, in the order that gives them their numbers."""
        self._coders = {coder.id: Coder(f"coder-{n}", f"Coder {n}") for n, coder in enumerate(coders, 1)}
        self._names = {_plain(coder.name): self._coders[coder.id].name for coder in coders if coder.name.strip()}
        self._whole = {name.casefold(): coder for name, coder in self._names.items()}
        # The longest first: who is called “Ana Ruiz” is not “Ana”.
        words = "|".join(_forms(name) for name in sorted(self._names, key=len, reverse=True))
        self._pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)") if words else None

    def coder(self, coder: Coder) -> Coder:
        """Without a name."""
        return self._coders[coder.id]

    def text(self, text: str) -> str:
        """What somebody wrote, without names."""
        if not text or self._pattern is None:
            return text
        return self._whole.get(_plain(text).casefold()) or self._pattern.sub(self._instead, text)

    def _instead(self, found: re.Match[str]) -> str:
        name = _plain(found[0])
        return self._names.get(name) or self._whole[name.casefold()]

    def info(self, info: ProjectInfo) -> ProjectInfo:
        """The project's name and guidelines."""
        return replace(info, name=self.text(info.name), guidelines=self.text(info.guidelines))

    def entry(self, entry: Entry) -> Entry:
        """Its note and values; its name is the actor's, not the coder's."""
        return replace(entry, note=self.text(entry.note), fields=self._values(entry.fields))

    def document(self, data: DocumentData) -> DocumentData:
        """Its metadata, annotations and links."""
        document: Document = data.document
        metadata = {
            key: value if key.casefold() in _OF_THE_ARTICLE else self._value(value)
            for key, value in document.metadata.items()
        }
        return replace(
            data,
            document=replace(document, metadata=metadata) if metadata != document.metadata else document,
            annotations=tuple(self._mark(annotation) for annotation in data.annotations),
            links=tuple(self._mark(link) for link in data.links),
        )

    def codebook(self, codebook: Codebook) -> Codebook:
        """What it says of how to code. Names that things go by stay."""
        return replace(
            codebook,
            layers=tuple(self._told(layer, fields=self._fields(layer.fields)) for layer in codebook.layers),
            registries=tuple(self._told(item, fields=self._fields(item.fields)) for item in codebook.registries),
            link_types=tuple(
                self._told(
                    link_type,
                    fields=self._fields(link_type.fields),
                    roles=tuple(self._told(role) for role in link_type.roles),
                )
                for link_type in codebook.link_types
            ),
            document_fields=self._fields(codebook.document_fields),
        )

    def _told(self, item: Any, **more: Any) -> Any:
        return replace(
            item,
            description=self.text(item.description),
            guidelines=self.text(item.guidelines),
            examples=tuple(map(self.text, item.examples)),
            **more,
        )

    def _fields(self, fields: Iterable[Field]) -> tuple[Field, ...]:
        return tuple(
            self._told(
                field,
                choices=tuple(dict.fromkeys(map(self.text, field.choices))),
                choice_help=tuple((self.text(choice), self.text(told)) for choice, told in field.choice_help),
            )
            for field in fields
        )

    def _mark(self, mark: Any) -> Any:
        made: Annotation | Link = replace(
            mark,
            coder_id=self._coders[mark.coder_id].id if mark.coder_id in self._coders else mark.coder_id,
            note=self.text(mark.note),
            origin=self.text(mark.origin),
            fields=self._values(mark.fields),
        )
        return made

    def _values(self, fields: Fields) -> Fields:
        return {name: self._value(value) for name, value in fields.items()} if fields else fields

    def _value(self, value: FieldValue) -> FieldValue:
        if isinstance(value, str):
            return self.text(value)
        return list(dict.fromkeys(map(self.text, value))) if isinstance(value, list) else value


def _plain(name: str) -> str:
    return " ".join(name.split())


def _forms(name: str) -> str:
    """A name as it may be written: one of several words in any case, one word in capitals too. “will” need not be Will."""
    words = name.split(" ")
    if len(words) > 1:
        spoken = r"\s+".join(map(re.escape, words))
        return f"(?i:{spoken})"
    forms = (name, name.upper(), name[:1].upper() + name[1:])
    return "|".join(map(re.escape, dict.fromkeys(form for form in forms if form.casefold() == name.casefold())))
