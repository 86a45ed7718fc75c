"""Quotations as a Word document: every claim with who says it, once by claim and once by actor."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from annotator.domain.exchange import Source
from annotator.domain.model import Annotation, DocumentData, Entry, covered
from annotator.interchange.analysis.bundles import settled
from annotator.interchange.analysis.columns import plain
from annotator.interchange.analysis.safe_text import office_text, runs_right_to_left
from annotator.interchange.analysis.statements import Attribution, attributions, sign

Key = tuple[str, str]
"""("entry", its id), or ("words", the words folded)."""


@dataclass(slots=True)
class Quotation:
    """One claim as an article has it."""

    words: str
    denied: bool
    said_by: str
    relays: list[str]
    where: str
    coder: str
    place: tuple[str, int, int]
    """The date, the article's number, and the place in it."""


@dataclass(slots=True)
class _Group:
    name: str
    registered: bool
    quotations: list[Quotation] = field(default_factory=list)


class DocxExporter:
    """Writes the quotations."""

    name = "docx"
    title = "Word quotations"
    extensions = (".docx",)
    options: tuple[str, ...] = ()
    loses = (
        "The quotations are for reading: no import makes a project of them again.",
        "Only claims are quoted, with their sources, relays, articles and coders; fields, notes, other annotations and "
        "the rest of the texts are left out.",
        "Control characters become �.",
    )

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """Two parts: by claim, and by actor."""
        from docx import Document

        collected = _Collection(source)
        for number, data in enumerate(source.documents(), 1):
            collected.document(number, data)
        page = _Page(Document())
        page.paragraph(source.info.name, "Title")
        page.paragraph("Quotations by claim", "Heading 1")
        page.groups(collected.by_claim.values(), "Claims without an entry")
        page.paragraph("Quotations by actor", "Heading 1")
        page.groups(collected.by_actor.values(), "Sources without an entry")
        page.save(out, source.info.name)


class _Collection:
    """All quotations, by claim and by actor. A quotation with several entries stands under each."""

    def __init__(self, source: Source) -> None:
        self._codebook = source.codebook
        self._claim_layers = {layer.id for layer in source.codebook.layers_in_role("claim")}
        self._entries: dict[str, Entry] = {entry.id: entry for entry in source.entries()}
        coders = list(source.coders())
        self._coders = {coder.id: coder.name for coder in coders} if len(coders) > 1 else {}
        self.by_claim: dict[Key, _Group] = {}
        self.by_actor: dict[Key, _Group] = {}

    def document(self, number: int, data: DocumentData) -> None:
        """The quotations of a document."""
        by_claim: dict[str, list[Attribution]] = {}
        for item in attributions(self._codebook, data):
            for claim_id in item.claims:
                by_claim.setdefault(claim_id, []).append(item)
        metadata = data.document.metadata
        date = plain(metadata.get("date", ""))
        where = ", ".join(part for part in (data.document.title, plain(metadata.get("outlet", "")), date) if part)
        for claim in data.annotations:
            items = by_claim.get(claim.id, [])
            if claim.layer_id not in self._claim_layers and not items:
                continue
            direct = [item for item in items if not item.claims[claim.id]]
            relays = sorted((item for item in items if item.claims[claim.id]), key=lambda i: i.claims[claim.id])
            relayed = [names for item in relays if (names := self._shown(item.sources, data.text))]
            sources = list(dict.fromkeys(source.id for item in direct for source in item.sources))
            by_id = {annotation.id: annotation for annotation in data.annotations}
            said_by = [by_id[id_] for id_ in sources]
            quotation = Quotation(
                covered(data.text, claim.fragments),
                sign(claim.fields, *(item.link.fields for item in direct)) < 0,
                self._shown(said_by, data.text),
                relayed,
                where,
                self._coders.get(claim.coder_id, ""),
                (date, number, claim.start),
            )
            for key, name in self._keys([claim], data.text):
                self._put(self.by_claim, key, name, quotation)
            for key, name in self._keys(said_by, data.text):
                self._put(self.by_actor, key, name, quotation)

    def _put(self, groups: dict[Key, _Group], key: Key, name: str, quotation: Quotation) -> None:
        groups.setdefault(key, _Group(name, key[0] == "entry")).quotations.append(quotation)

    def _keys(self, annotations: Iterable[Annotation], text: str) -> list[tuple[Key, str]]:
        found: dict[Key, str] = {}
        for annotation in annotations:
            known = [self._entries[id_] for id_ in annotation.entries if id_ in self._entries]
            for entry in known:
                found["entry", entry.id] = entry.name
            if not known:
                words = " ".join(covered(text, annotation.fragments).split())
                found.setdefault(("words", words.casefold()), words)
        return list(found.items())

    def _shown(self, annotations: Iterable[Annotation], text: str) -> str:
        """The words of sources, with their entries where these say more."""
        shown = []
        for annotation in annotations:
            words = " ".join(covered(text, annotation.fragments).split())
            names = [self._entries[id_].name for id_ in annotation.entries if id_ in self._entries]
            more = ", ".join(name for name in names if name.casefold() != words.casefold())
            shown.append(f"{words} ({more})" if more else words)
        return "; ".join(shown)


class _Page:
    """The Word document."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._last = document.element.body.sectPr
        # Looked up once: each look-up by name, and each use of a style as such, searches all of them.
        self._styles = {
            name: document.styles[name].style_id for name in ("Title", "Heading 1", "Heading 2", "Normal", "Quote")
        }

    def groups(self, groups: Iterable[_Group], unregistered: str) -> None:
        """A heading for each group, those with an entry first, by name."""
        ordered = sorted(groups, key=lambda group: (not group.registered, group.name.casefold(), group.name))
        if not ordered:
            self.paragraph("There are none.", "Normal")
        told = False
        for group in ordered:
            if not group.registered and not told:
                self.paragraph(unregistered, "Heading 2")
                told = True
            if group.registered:
                self.paragraph(f"{group.name} ({len(group.quotations)})", "Heading 2")
            for quotation in sorted(group.quotations, key=lambda quotation: quotation.place):
                self._quotation(quotation)

    def _quotation(self, quotation: Quotation) -> None:
        self.paragraph(f"“{quotation.words}”", "Quote")
        parts = [f"said by {quotation.said_by}" if quotation.said_by else "not attributed"]
        parts += [f"reported by {relay}" for relay in quotation.relays]
        if quotation.denied:
            parts.append("denied")
        if quotation.coder:
            parts.append(f"coded by {quotation.coder}")
        self.paragraph(f"{'; '.join(parts)}. {quotation.where}", "Normal")

    def paragraph(self, text: str, style: str) -> None:
        """A paragraph; its direction is that of its first letter."""
        from docx.oxml import OxmlElement
        from docx.text.paragraph import Paragraph

        # Not through add_paragraph(), which looks at every paragraph before it finds the end.
        element: Any = OxmlElement("w:p")
        self._last.addprevious(element)
        made = Paragraph(element, self._document)
        element.style = self._styles[style]
        run = made.add_run(office_text(text))
        if runs_right_to_left(text):
            element.get_or_add_pPr().append(OxmlElement("w:bidi"))
            run.font.rtl = True

    def save(self, out: BinaryIO, title: str) -> None:
        """Write it."""
        properties = self._document.core_properties
        properties.title = office_text(title)[:250]
        properties.author = "Annotator"
        properties.comments = ""
        whole = io.BytesIO()
        self._document.save(whole)
        settled(whole, out)
