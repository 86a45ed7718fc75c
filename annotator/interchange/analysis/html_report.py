"""A readable report: the annotated articles on one page of HTML, without a script and without anything from outside."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import BinaryIO

from annotator import __version__
from annotator.domain.attribution import Card, cards
from annotator.domain.codebook import Codebook
from annotator.domain.exchange import Source
from annotator.domain.model import Annotation, Document, DocumentData, FieldValue, Link, covered
from annotator.interchange.analysis.columns import plain
from annotator.interchange.analysis.html_marks import Look, escape, marked
from annotator.interchange.analysis.html_style import style
from annotator.interchange.analysis.safe_text import runs_right_to_left
from annotator.interchange.analysis.statements import Attribution, attributions

_MEMORY = 8 << 20
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")


class HtmlExporter:
    """Writes the report."""

    name = "html"
    title = "HTML report"
    extensions = (".html", ".htm")
    options: tuple[str, ...] = ()
    loses = (
        "The report is for reading: no import makes a project of it again.",
        "Ids, times, the fields of entries and the codebook's descriptions are left out.",
        "Where more than eight annotations lie over the same words, the longest are not drawn there.",
        "Control characters become �.",
    )

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """The head, the legend, the list of articles, and the articles one by one."""
        report = _Report(source)
        with tempfile.SpooledTemporaryFile(_MEMORY) as articles:
            for number, data in enumerate(source.documents(), 1):
                articles.write(report.article(number, data).encode("utf-8", "replace"))
            out.write(report.head().encode("utf-8", "replace"))
            articles.seek(0)
            shutil.copyfileobj(articles, out, 1 << 20)
        out.write(f"<footer>Annotator {escape(__version__)}</footer>\n</body>\n</html>\n".encode())


class _Report:
    def __init__(self, source: Source) -> None:
        self._info = source.info
        self._codebook: Codebook = source.codebook
        self._entries = {entry.id: entry for entry in source.entries()}
        self._coders = {coder.id: coder.name for coder in source.coders()}
        self._layers = self._codebook.layers_by_id
        self._css = {layer.id: f"l{index}" for index, layer in enumerate(self._codebook.layers)}
        self._titles: list[str] = []
        self._counts: Counter[str] = Counter()
        self._links = 0

    def head(self) -> str:
        """Everything before the articles. Asked for last, when the counts are known."""
        name = escape(self._info.name)
        legend = "".join(
            f'<li><span class="a {self._css[layer.id]} b e">{escape(layer.name)}</span> {self._counts[layer.id]:,}</li>'
            for layer in self._codebook.layers
        )
        contents = "".join(
            f'<li><a href="#d{number}"><bdi>{escape(title)}</bdi></a></li>'
            for number, title in enumerate(self._titles, 1)
        )
        counts = (
            _count(len(self._titles), "article"),
            _count(self._counts.total(), "annotation"),
            _count(self._links, "link"),
        )
        return (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{name}</title>\n"
            f"<style>{style((self._css[layer.id], layer) for layer in self._codebook.layers)}</style>\n"
            f'</head>\n<body>\n<header>\n<h1 dir="auto">{name}</h1>\n'
            f'<p class="meta">{"".join(f"<span>{count}</span>" for count in counts)}</p>\n'
            f'<ul class="legend" aria-label="Legend">{legend}</ul>\n</header>\n'
            + (f"<nav><h3>Articles</h3><ol>{contents}</ol></nav>\n" if len(self._titles) > 1 else "")
        )

    def article(self, number: int, data: DocumentData) -> str:
        """One article: its head, its text, and what is annotated in it."""
        document = data.document
        self._titles.append(document.title)
        self._counts.update(annotation.layer_id for annotation in data.annotations)
        self._links += len(data.links)
        known = tuple(annotation for annotation in data.annotations if annotation.layer_id in self._css)
        found = cards(self._codebook, known, data.links)
        numbers = {card.claim.id: f"{self._letter(card.claim)}{card.number}" for card in found}
        anchors = {card.claim.id: f"d{number}c{place}" for place, card in enumerate(found, 1)}
        looks = {a.id: self._look(a, numbers, anchors.get(a.id, "")) for a in known}
        text = marked(data.text, known, looks)
        anchors = {id_: anchor for id_, anchor in anchors.items() if looks[id_].drawn}
        direction = "rtl" if runs_right_to_left(data.text or document.title) else "ltr"
        language = document.metadata.get("language")
        lang = f' lang="{language}"' if isinstance(language, str) and _LANGUAGE.fullmatch(language) else ""
        return (
            f'<article id="d{number}" dir="{direction}"{lang}>\n<h2 dir="auto">{escape(document.title)}</h2>\n'
            f"{self._about(document)}\n"
            f'<div class="text">{text}</div>\n'
            f"{self._claims(anchors, data, found, numbers)}{self._other_links(data, numbers)}"
            f"{self._mentions(known)}{self._notes(data, numbers)}</article>\n"
        )

    def _look(self, annotation: Annotation, numbers: Mapping[str, str], anchor: str) -> Look:
        layer = self._layers[annotation.layer_id]
        number = numbers.get(annotation.id, "")
        names = ", ".join(self._names(annotation))
        fields = ", ".join(f"{name}: {plain(value)}" for name, value in annotation.fields.items())
        title = " · ".join(part for part in (f"{layer.name} {number}".strip(), names, fields) if part)
        return Look(self._css[layer.id], layer.mark, title, number, anchor)

    def _letter(self, annotation: Annotation) -> str:
        layer = self._layers[annotation.layer_id]
        return layer.shortcut or layer.name[:1]

    def _about(self, document: Document) -> str:
        parts = [
            f"<span><bdi>{escape(plain(document.metadata[key]))}</bdi></span>"
            for key in ("outlet", "author", "date")
            if document.metadata.get(key)
        ]
        url = document.metadata.get("url")
        if isinstance(url, str) and url:
            # Only what leads to a page becomes a link; "javascript:…" stays text.
            safe = re.match(r"https?://[^\s]+$", url, re.IGNORECASE)
            shown = f'<a href="{escape(url)}" rel="noopener noreferrer">{escape(url)}</a>' if safe else escape(url)
            parts.append(f"<span><bdi>{shown}</bdi></span>")
        parts.append(f"<span>{escape(document.status)}</span>")
        return f'<p class="meta">{"".join(parts)}</p>'

    def _claims(
        self, anchors: Mapping[str, str], data: DocumentData, found: Iterable[Card], numbers: Mapping[str, str]
    ) -> str:
        by_claim: dict[str, list[Attribution]] = {}
        for item in attributions(self._codebook, data):
            for claim_id in item.claims:
                by_claim.setdefault(claim_id, []).append(item)
        items = []
        for card in found:
            claim, number = card.claim, escape(numbers[card.claim.id])
            rows: list[str] = []
            for item in sorted(by_claim.get(claim.id, ()), key=lambda item: item.claims[claim.id]):
                said = "Reported by" if item.claims[claim.id] else "Said by"
                rows += self._row(said, item.sources, data.text) or ([] if item.cues else [_pair(said, "nobody named")])
                rows += self._row("Cue", item.cues, data.text)
                rows += self._row("Said to", item.addressees, data.text)
                rows += self._field_row(item.link)
            if not rows:
                rows.append(_pair("Said by", "not attributed"))
            rows += self._actors(card.about, data.text)
            name = f'class="number {self._css[claim.layer_id]}-ink"'
            anchor = anchors.get(claim.id)
            shown = f"<bdi>{number}</bdi>"
            shown = f'<a {name} href="#{anchor}">{shown}</a>' if anchor else f"<span {name}>{shown}</span>"
            items.append(
                f"<li>{shown}"
                f"{self._words(claim, data.text, quoted=True)}{self._fields(claim.fields)}{self._coder(claim)}"
                f"<dl>{''.join(rows)}</dl></li>\n"
            )
        return f'<h3>Who says what</h3>\n<ol class="claims">{"".join(items)}</ol>\n' if items else ""

    def _row(self, label: str, annotations: Iterable[Annotation], text: str) -> list[str]:
        return [_pair(label, self._words(a, text) + self._fields(a.fields)) for a in annotations]

    def _actors(self, annotations: Iterable[Annotation], text: str) -> list[str]:
        """Whom a claim is about, each once."""
        names: list[str] = []
        for annotation in annotations:
            names += self._names(annotation) or [covered(text, annotation.fragments)]
        shown = ", ".join(f"<bdi>{escape(name)}</bdi>" for name in dict.fromkeys(names))
        return [_pair("About", shown)] if shown else []

    def _field_row(self, link: Link) -> list[str]:
        return [_pair("Link", self._fields(link.fields))] if link.fields else []

    def _words(self, annotation: Annotation, text: str, *, quoted: bool = False) -> str:
        words = escape(covered(text, annotation.fragments))
        made = f'<q dir="auto">{words}</q>' if quoted else f'<bdi class="words">{words}</bdi>'
        names = self._names(annotation)
        return made + (f' <span class="entry"><bdi>{escape(", ".join(names))}</bdi></span>' if names else "")

    def _fields(self, fields: Mapping[str, FieldValue]) -> str:
        spans = "".join(
            f"<span><bdi>{escape(name)}: {escape(plain(value))}</bdi></span>" for name, value in fields.items()
        )
        return f' <span class="fields">{spans}</span>' if spans else ""

    def _coder(self, item: Annotation | Link) -> str:
        """Who coded it, where there are several who did."""
        if len(self._coders) < 2:
            return ""
        name = self._coders.get(item.coder_id, item.coder_id)
        return f' <span class="fields"><bdi dir="ltr">coded by <bdi>{escape(name)}</bdi></bdi></span>'

    def _other_links(self, data: DocumentData, numbers: Mapping[str, str]) -> str:
        shown = {kind.id for kind in (self._codebook.attribution, self._codebook.about) if kind}
        by_id = {annotation.id: annotation for annotation in data.annotations}
        items = []
        for link in data.links:
            kind = self._codebook.link_types_by_id.get(link.type_id)
            if kind is None or kind.id in shown:
                continue
            roles = [
                f"<bdi>{escape(role)}</bdi>: {self._member(member, by_id, numbers, data.text)}"
                for role, members in link.roles.items()
                for member in members
            ]
            items.append(
                f"<li><bdi>{escape(kind.name)}</bdi>. {'; '.join(roles)}{self._fields(link.fields)}{self._coder(link)}</li>\n"
            )
        return f'<h3>Other links</h3>\n<ul class="plain">{"".join(items)}</ul>\n' if items else ""

    def _member(self, member: str, by_id: Mapping[str, Annotation], numbers: Mapping[str, str], text: str) -> str:
        annotation = by_id.get(member)
        if annotation is None:
            return "another link"
        number = f"<bdi>{escape(numbers[member])}</bdi> " if member in numbers else ""
        return number + f'<bdi class="words">{escape(covered(text, annotation.fragments))}</bdi>'

    def _mentions(self, annotations: Iterable[Annotation]) -> str:
        counts = Counter(entry for annotation in annotations for entry in annotation.entries if entry in self._entries)
        lines = []
        for registry in self._codebook.registries:
            here = [
                f"<bdi>{escape(self._entries[id_].name)}</bdi> <bdi>{count}</bdi>"
                for id_, count in counts.most_common()
                if self._entries[id_].registry_id == registry.id
            ]
            if here:
                lines.append(f"<li><bdi>{escape(registry.name)}</bdi>: {', '.join(here)}</li>\n")
        return f'<h3>Entries and their mentions</h3>\n<ul class="plain">{"".join(lines)}</ul>\n' if lines else ""

    def _notes(self, data: DocumentData, numbers: Mapping[str, str]) -> str:
        by_id = {annotation.id: annotation for annotation in data.annotations}
        items = [
            f"<li>{self._member(a.id, by_id, numbers, data.text)}{self._coder(a)}"
            f'<p class="note" dir="auto">{escape(a.note)}</p></li>\n'
            for a in data.annotations
            if a.note
        ]
        for link in data.links:
            if link.note:
                kind = self._codebook.link_types_by_id.get(link.type_id)
                members = [self._member(m, by_id, numbers, data.text) for m in link.members() if m in by_id]
                items.append(
                    f"<li><bdi>{escape(kind.name if kind else 'Link')}</bdi>. {'; '.join(members)}{self._coder(link)}"
                    f'<p class="note" dir="auto">{escape(link.note)}</p></li>\n'
                )
        return f'<h3>Notes</h3>\n<ul class="plain">{"".join(items)}</ul>\n' if items else ""

    def _names(self, annotation: Annotation) -> list[str]:
        return [self._entries[id_].name for id_ in annotation.entries if id_ in self._entries]


def _pair(label: str, value: str) -> str:
    return f"<dt>{label}</dt><dd>{value}</dd>"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
