"""From raw documents to documents that hold together: the one way in for all annotation formats.

`Assembly` compares covered text with the offsets, takes only what fits the text and each other, and reports the rest
line by line. Nothing here trusts the file.
"""

from __future__ import annotations

import os
import re
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from annotator.domain.errors import InvalidValue
from annotator.domain.exchange import Item, Reading
from annotator.domain.ids import new_id, now
from annotator.domain.invariants import check_value, find_cycle, shown, storable
from annotator.domain.model import STATUSES, Annotation, Document, DocumentData, FieldValue, Fragment, Link, Status
from annotator.domain.text import canonical, digest
from annotator.interchange.raw import RawDocument, RawLink, RawMark, Report
from annotator.interchange.renaming import one_line
from annotator.interchange.scheme import Scheme, as_type, plain_value
from annotator.interchange.spans import Spans, apart, inside, nearby, places_of, same_words

NAMELESS = "(no name)"
_LONGEST_TITLE = 1000


class Assembly:
    """Learns from all documents of a file first, then builds them one by one."""

    def __init__(self, path: Path, scheme: Scheme, report: Report | None = None) -> None:
        self.scheme = scheme
        self.report = report or Report(str(path))
        self._texts: dict[str, str] = {}
        self._ids: set[str] = set()
        self._needed: dict[str, dict[str, int]] = {}
        self._roles: set[tuple[str, ...]] = set()

    def items(self, documents: Callable[[], Iterable[RawDocument]], reading: Reading, total: int = 0) -> Iterator[Item]:
        """The whole import. `documents` is called twice, so that no more than one document need be in memory."""
        before = self.report.mark()
        for raw in documents():
            self.learn(raw)
            reading.tick(0, max(total, 1))
        self.report.back_to(before)
        yield self.scheme.header()
        for number, raw in enumerate(documents(), 1):
            yield from self.build(raw)
            reading.tick(number, max(total, number))
        yield from self.report.end()

    def learn(self, raw: RawDocument) -> None:
        """Make layers, link types, roles, fields and coders known."""
        scheme = self.scheme
        _named(raw)
        of_mark: dict[str, tuple[str, ...]] = {mark.key: (mark.layer,) for mark in raw.marks}
        if len(of_mark) < len(raw.marks):
            # Of those that share a key, the first that stands in the text will be meant.
            for mark in raw.marks:
                of_mark[mark.key] = tuple(dict.fromkeys((*of_mark[mark.key], mark.layer)))
        for layer in dict.fromkeys([mark.layer for mark in raw.marks]):
            scheme.layer(layer)
        for coder in dict.fromkeys([mark.coder for mark in raw.marks]):
            scheme.coder(coder)
        for mark in raw.marks:
            if mark.fields:
                for name, value in mark.fields.items():
                    scheme.value("layer", mark.layer, name, value, closed=raw.closed)
        of_link = {link.key: link.type for link in raw.links}
        for link in raw.links:
            scheme.link_type(link.type)
            if link.coder:
                scheme.coder(link.coder)
            filled: dict[str, int] = {}
            for role, members in link.roles:
                layers = [layer for member in members if member in of_mark for layer in of_mark[member]]
                links = [of_link[member] for member in members if member in of_link]
                filled[role] = filled.get(role, 0) + sum(member in of_mark or member in of_link for member in members)
                seen = (link.type, role, *layers, "", *links)
                if seen not in self._roles and (layers or links):
                    self._roles.add(seen)
                    scheme.role(link.type, role, layers, links)
            scheme.link(link.type, filled)
            for name, value in link.fields.items():
                scheme.value("link", link.type, name, value, closed=raw.closed)

    def build(self, raw: RawDocument) -> Iterator[Item]:
        """The document, or a remark why there is none."""
        report = self.report
        _named(raw)
        yield from raw.remarks
        text = canonical(raw.text)
        if not storable(text):
            report.add("skipped", raw.where, f"the document {shown(raw.title)} is no proper Unicode")
            yield from report.take()
            return
        if text != raw.text:
            _without_returns(raw)
        sha256 = digest(text)
        if sha256 in self._texts:
            told = f"the text of {shown(raw.title)} is the same as that of {shown(self._texts[sha256])} before it"
            report.add("mended", raw.where, f"{told}; both were kept")
        else:
            self._texts[sha256] = raw.title
        document = Document(
            self._own_id(raw.id),
            _title(raw.title) or "Untitled",
            sha256,
            _status(raw.status),
            self._metadata(raw),
            created=raw.created or now(),
        )
        annotations, keys = self._annotations(raw, document.id, text)
        links = self._links(raw, document.id, keys, {annotation.id for annotation in annotations})
        yield from report.take()
        yield DocumentData(document, text, tuple(annotations), tuple(links))

    def _own_id(self, given: str) -> str:
        if given and storable(given) and given not in self._ids:
            self._ids.add(given)
            return given
        return new_id()

    def _metadata(self, raw: RawDocument) -> dict[str, FieldValue]:
        metadata: dict[str, FieldValue] = {}
        fields = {field.name: field for field in self.scheme.document_fields}
        for key, value in raw.metadata.items():
            plain = plain_value(value)
            name = _line(str(key))
            if plain is None or not name:
                if value is not None:
                    self.report.add("lost", raw.where, f"{shown(key)} of {shown(raw.title)} is no plain value")
            elif known := fields.get(name):
                try:
                    metadata[name] = check_value(known, as_type(known.type, plain))
                except (InvalidValue, ValueError, OverflowError):
                    self.report.add("lost", raw.where, f"{shown(plain)} does not fit the field {shown(name)}")
            elif plain not in ("", []) or self.scheme.is_own:
                metadata[name] = plain
        return metadata

    # Annotations

    def _annotations(self, raw: RawDocument, document_id: str, text: str) -> tuple[list[Annotation], dict[str, str]]:
        scheme, report = self.scheme, self.report
        annotations: list[Annotation] = []
        keys: dict[str, str] = {}
        length = len(text)
        layers = {name: scheme.layer(name) for name in dict.fromkeys([mark.layer for mark in raw.marks])}
        coders = {name: scheme.coder(name) for name in dict.fromkeys([mark.coder for mark in raw.marks])}
        for mark, fresh in zip(raw.marks, new_ids(len(raw.marks)), strict=True):
            spans = self._spans(mark, text, length)
            if not spans:
                continue
            fields: Mapping[str, FieldValue] = {}
            if mark.fields:
                fields, left = scheme.fields("layer", mark.layer, mark.fields)
                for name in left:
                    report.add("lost", mark.where, f"{shown(mark.fields[name])} does not fit the field {shown(name)}")
            id_ = self._own_id(mark.id) if mark.id else fresh
            if mark.key in keys:
                report.add("mended", mark.where, f"{mark.key} stands there twice; what refers to it means the first")
            else:
                keys[mark.key] = id_
            annotations.append(
                Annotation(
                    id_,
                    document_id,
                    layers[mark.layer],
                    coders[mark.coder],
                    tuple([Fragment(start, end) for start, end in spans]),
                    self._entries(mark) if mark.entries else (),
                    fields,
                    _stored(mark.note) if mark.note else "",
                    mark.origin,
                    mark.created,
                    mark.modified,
                )
            )
        return annotations, keys

    def _entries(self, mark: RawMark) -> tuple[str, ...]:
        kept = self.scheme.fitting(mark.layer, mark.entries)
        for entry in dict.fromkeys(mark.entries):
            if entry not in kept:
                self.report.add("skipped", mark.where, f"the entry {shown(entry)} is not in the list of its layer")
        return kept

    def _spans(self, mark: RawMark, text: str, length: int) -> Spans:
        """Where the mark stands, after a look at what it is said to read."""
        spans, quote = mark.spans, mark.quote
        if len(spans) == 1 and quote is not None:
            start, end = spans[0]
            if 0 <= start < end <= length and text[start:end] == quote:
                return spans
        good = inside(spans, length)
        if quote is not None and quote.strip():
            if good and same_words(quote, " ".join([text[start:end] for start, end in good])):
                return self._tidy(mark, good, spans)
            moved = nearby(text, spans, quote)
            if moved:
                self.report.add(
                    "mended",
                    mark.where,
                    f"{shown(quote)} does not stand at {places_of(spans)}, but at {places_of(moved)}",
                )
                return moved
            if good:
                there = shown(" … ".join(text[start:end] for start, end in good))
                self.report.add(
                    "mended", mark.where, f"said to read {shown(quote)}, but at {places_of(spans)} stands {there}"
                )
        if not good:
            read = f" ({shown(quote)})" if quote else ""
            why = "outside the text" if any(end > start for start, end in spans) else "no text at all"
            self.report.add("skipped", mark.where, f"{shown(mark.layer)} at {places_of(spans)}{read} covers {why}")
            return []
        return self._tidy(mark, good, spans)

    def _tidy(self, mark: RawMark, good: Spans, given: Spans) -> Spans:
        if len(good) != len(given):
            self.report.add("mended", mark.where, f"only {places_of(good)} of {places_of(given)} lies inside the text")
        if len(good) > 1:
            joined = apart(good)
            if joined != good:
                self.report.add("mended", mark.where, f"the fragments {places_of(good)} overlap and were joined")
            return joined
        return good

    # Links

    def _links(self, raw: RawDocument, document_id: str, keys: dict[str, str], annotations: set[str]) -> list[Link]:
        if not raw.links:
            return []
        scheme, report = self.scheme, self.report
        made: dict[str, RawLink] = {}
        for link, fresh in zip(raw.links, new_ids(len(raw.links)), strict=True):
            if link.key in keys or not link.key:
                if link.key:
                    report.add(
                        "mended", link.where, f"{link.key} stands there twice; what refers to it means the first"
                    )
                link.key = (link.key and f"{link.key} again {len(made)}") or f"link {len(made)}"
            keys[link.key] = self._own_id(link.id) if link.id else fresh
            made[keys[link.key]] = link
        roles = {id_: self._members(link, id_, keys) for id_, link in made.items()}
        self._needed = {link.type: scheme.needed(link.type) for link in raw.links}
        self._drop_empty(roles, made)
        self._break_cycles(roles, made)
        self._drop_empty(roles, made)
        links = []
        for id_, of_roles in roles.items():
            link = made[id_]
            fields, left = scheme.fields("link", link.type, link.fields)
            for name in left:
                report.add("lost", link.where, f"{shown(link.fields[name])} does not fit the field {shown(name)}")
            links.append(
                Link(
                    id_,
                    document_id,
                    scheme.link_type(link.type),
                    scheme.coder(link.coder),
                    {role: tuple(members) for role, members in of_roles.items()},
                    fields,
                    _stored(link.note),
                    link.origin,
                    link.created,
                    link.modified,
                )
            )
        return links

    def _members(self, link: RawLink, id_: str, keys: Mapping[str, str]) -> dict[str, list[str]]:
        roles: dict[str, list[str]] = {}
        for role, members in link.roles:
            held = roles.setdefault(role, [])
            for member in members:
                found = keys.get(member)
                if found is None:
                    self.report.add(
                        "skipped", link.where, f"{shown(member)} in the role {shown(role)} of {link.type} is not there"
                    )
                elif found in held:
                    self.report.add(
                        "mended", link.where, f"{shown(member)} stands twice in the role {shown(role)} of {link.type}"
                    )
                elif found == id_:
                    self.report.add("skipped", link.where, f"{link.type} refers to itself in the role {shown(role)}")
                else:
                    held.append(found)
        return {role: members for role, members in roles.items() if members}

    def _drop_empty(self, roles: dict[str, dict[str, list[str]]], made: Mapping[str, RawLink]) -> None:
        """A link without members says nothing; one whose last member goes takes those with it that hold only it."""

        def idle() -> list[str]:
            return [
                id_
                for id_, of_roles in roles.items()
                if not of_roles
                or any(len(of_roles.get(role, ())) < least for role, least in self._needed[made[id_].type].items())
            ]

        empty = idle()
        while empty:
            gone = set(empty)
            for id_ in empty:
                self.report.add("skipped", made[id_].where, f"{made[id_].type} has nothing left that it could link")
                del roles[id_]
            for of_roles in roles.values():
                for role, members in list(of_roles.items()):
                    kept = [member for member in members if member not in gone]
                    if not kept:
                        del of_roles[role]
                    elif len(kept) < len(members):
                        of_roles[role] = kept
            empty = idle()

    def _break_cycles(self, roles: dict[str, dict[str, list[str]]], made: Mapping[str, RawLink]) -> None:
        edges = {
            id_: [m for members in of_roles.values() for m in members if m in made] for id_, of_roles in roles.items()
        }
        for _ in range(len(edges)):
            cycle = find_cycle(edges)
            if not cycle:
                return
            last, first = cycle[-1], cycle[0]
            edges[last].remove(first)
            for role, members in list(roles[last].items()):
                kept = [member for member in members if member != first]
                if kept:
                    roles[last][role] = kept
                else:
                    del roles[last][role]
            self.report.add("skipped", made[last].where, f"{made[last].type} leads back to itself; that was cut off")


def new_ids(count: int) -> list[str]:
    """As many fresh UUIDs of version 7, at once, in ascending order."""
    if not count:
        return []
    moment = f"{time.time_ns() // 1_000_000:012x}"
    start = f"{moment[:8]}-{moment[8:]}-7"
    bits = os.urandom(10 * count).hex()
    return sorted(
        [
            f"{start}{bits[at : at + 3]}-{_VARIANT[bits[at + 3]]}{bits[at + 4 : at + 7]}-{bits[at + 7 : at + 19]}"
            for at in range(0, 20 * count, 20)
        ]
    )


_VARIANT = {digit: "89ab"[number % 4] for number, digit in enumerate("0123456789abcdef")}


def _named(raw: RawDocument) -> None:
    """Other tools let a label be empty; here nothing goes by such a name."""
    for mark in raw.marks:
        if not mark.layer or mark.layer.isspace():
            mark.layer = NAMELESS
        if mark.fields:
            mark.fields = _with_names(mark.fields)
    for link in raw.links:
        if not link.type or link.type.isspace():
            link.type = NAMELESS
        link.fields = _with_names(link.fields)
        if any(not role.strip() for role, _ in link.roles):
            link.roles = [(role if role.strip() else NAMELESS, members) for role, members in link.roles]


def _with_names(fields: dict[str, object]) -> dict[str, object]:
    if all(map(str.strip, fields)):
        return fields
    return {name if name.strip() else NAMELESS: value for name, value in fields.items()}


def _without_returns(raw: RawDocument) -> None:
    """Bring offsets that count CRLF as two to the stored text, where it is one."""
    pairs = [match.start() + 1 for match in re.finditer("\r\n", raw.text)]
    for mark in raw.marks:
        mark.spans = [(start - bisect_left(pairs, start), end - bisect_left(pairs, end)) for start, end in mark.spans]
        if mark.quote is not None and "\r" in mark.quote:
            mark.quote = canonical(mark.quote)


def _title(text: str) -> str:
    line = _line(text[: 2 * _LONGEST_TITLE])
    return line if len(line) <= _LONGEST_TITLE else f"{line[:_LONGEST_TITLE]}…"


def _line(text: str) -> str:
    return one_line(text if storable(text) else text.encode("utf-8", "replace").decode("utf-8"))


def _stored(text: str) -> str:
    return text if text.isascii() or storable(text) else text.encode("utf-8", "replace").decode("utf-8")


def _status(status: str) -> Status:
    return status if status in STATUSES else "new"  # type: ignore[return-value]
