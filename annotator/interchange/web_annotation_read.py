"""W3C Web Annotations as documents: Annotator's own exactly, others by their selectors and bodies."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from annotator.domain.invariants import shown
from annotator.domain.text import canonical
from annotator.interchange.json_foreign import number_of
from annotator.interchange.raw import RawDocument, RawLink, RawMark, Report
from annotator.interchange.scheme import Scheme

PREFIX = "annotator:"
URN = "urn:annotator:"
UUID_URN = "urn:uuid:"
LAYER = "Annotation"
FROM, TO = "from", "to"
_CHAR = re.compile(r"char=(\d{1,12}),(\d{1,12})")


def id_of(iri: str) -> str:
    """Our id in an IRI of ours, else the IRI."""
    if iri.startswith(UUID_URN):
        return iri.removeprefix(UUID_URN)
    return unquote(iri.removeprefix(URN)) if iri.startswith(URN) else iri


def as_list(value: object) -> list[Any]:
    """JSON-LD says one thing alone and several as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


class Annotations:
    """Annotation objects, sorted by the texts that they are about."""

    def __init__(self, scheme: Scheme, texts: dict[str, RawDocument], path: Path, report: Report) -> None:
        self._scheme = scheme
        self._documents = texts
        self._path = path
        self._report = report
        self._marks: dict[str, tuple[RawDocument, RawMark]] = {}
        self._links: list[tuple[str, dict[str, Any]]] = []

    def add(self, item: dict[str, Any], number: int) -> None:
        """One object of the type Annotation."""
        where = f"{self._path}, {item.get('id') or f'annotation {number}'}"
        iri = str(item.get("id") or f"annotation {number}")
        body = next(
            (part for part in as_list(item.get("body")) if isinstance(part, dict) and f"{PREFIX}roles" in part), None
        )
        if body is not None:
            self._links.append((iri, item))
            return
        targets = [part for target in as_list(item.get("target")) for part in _parts(target)]
        if item.get("motivation") in ("linking", "oa:linking") and all(isinstance(target, str) for target in targets):
            self._links.append((iri, item))
            return
        placed: dict[str, list[tuple[int, int]]] = {}
        quotes: dict[str, list[str]] = {}
        for target in targets:
            self._place(target, where, placed, quotes)
        for source, spans in placed.items():
            document = self._documents[source]
            mark = self._mark(item, iri, spans, where)
            told = quotes.get(source, [])
            mark.quote = " ".join(told) if len(told) == len(spans) else None
            document.marks.append(mark)
            self._marks.setdefault(iri, (document, mark))

    def _place(
        self, target: object, where: str, placed: dict[str, list[tuple[int, int]]], quotes: dict[str, list[str]]
    ) -> None:
        if not isinstance(target, dict):
            self._report.add("skipped", where, f"{shown(str(target))} is no part of a text")
            return
        source = target.get("source")
        iri = str(source.get("id", "") if isinstance(source, dict) else source or "")
        document = self._documents.get(iri)
        if document is None:
            self._report.add("skipped", where, f"the text {shown(iri)} is not there")
            return
        position, quote = _selectors(target.get("selector"))
        if position is None and quote is not None:
            position = _found(document.text, quote)
        if position is None:
            self._report.add("skipped", where, "it says no place in the text that can be found")
            return
        placed.setdefault(iri, []).append(position)
        if quote is not None and isinstance(quote.get("exact"), str):
            quotes.setdefault(iri, []).append(quote["exact"])

    def _mark(self, item: dict[str, Any], iri: str, spans: list[tuple[int, int]], where: str) -> RawMark:
        layer = item.get(f"{PREFIX}layer")
        tags: list[str] = []
        notes: list[str] = []
        for body in as_list(item.get("body")):
            if isinstance(body, str):
                notes.append(body)
            elif isinstance(body, dict):
                value = body.get("value") or body.get("source") or body.get("id")
                if isinstance(value, str) and f"{PREFIX}entry" not in body:
                    (tags if body.get("purpose") in ("tagging", "classifying", "identifying") else notes).append(value)
        fields = item.get(f"{PREFIX}fields")
        own = isinstance(layer, str)
        values: dict[str, object] = dict(fields) if isinstance(fields, dict) else {}
        if not own and len(tags) == 1:
            layer = tags[0]
        elif not own and tags:
            values["tags"] = list(dict.fromkeys(tags))
        scheme = self._scheme
        name = scheme.renames(str(layer or LAYER))
        mark = RawMark(iri, name, spans, fields=values, where=where, coder=_person(item.get("creator")))
        mark.entries = [id_of(str(at)) for at in as_list(item.get(f"{PREFIX}entries"))] if own else []
        mark.id = id_of(iri) if iri.startswith((URN, UUID_URN)) else ""
        mark.note = "\n\n".join(notes)
        mark.origin = str(item.get(f"{PREFIX}origin") or "manual")
        mark.created, mark.modified = _stamp(item.get("created")), _stamp(item.get("modified"))
        return mark

    def finish(self) -> None:
        """The links, now that everything that they may tie is known."""
        homes = {iri: document for iri, (document, _) in self._marks.items()}
        known = {iri for iri, _ in self._links}
        waiting = self._links
        while waiting:
            later = []
            for iri, item in waiting:
                link = self._link(iri, item)
                members = [member for _, held in link.roles for member in held]
                home = next((homes[member] for member in members if member in homes), None)
                if home is not None:
                    homes[iri] = home
                    home.links.append(link)
                elif any(member in known and member != iri for member in members):
                    later.append((iri, item))
                else:
                    self._report.add("skipped", link.where, "it links nothing that is there")
            if len(later) == len(waiting):
                for iri, _ in later:
                    self._report.add("skipped", f"{self._path}, {iri}", "it links nothing that is there")
                return
            waiting = later

    def _link(self, iri: str, item: dict[str, Any]) -> RawLink:
        bodies = [body for body in as_list(item.get("body")) if isinstance(body, dict)]
        body = next((part for part in bodies if f"{PREFIX}roles" in part), None)
        link = RawLink(iri, "Link", [], coder=_person(item.get("creator")), where=f"{self._path}, {iri}")
        link.id = id_of(iri) if iri.startswith((URN, UUID_URN)) else ""
        link.created, link.modified = _stamp(item.get("created")), _stamp(item.get("modified"))
        link.origin = str(item.get(f"{PREFIX}origin") or "manual")
        link.note = "\n\n".join(
            str(part.get("value", "")) for part in bodies if part.get("purpose") in ("commenting", "describing")
        )
        if body is None:
            link.type = self._scheme.renames("Link")
            ends = [
                str(end) for end in [*as_list(item.get("target")), *as_list(item.get("body"))] if isinstance(end, str)
            ]
            link.roles = [(FROM, ends[1:]), (TO, ends[:1])]
            return link
        link.type = self._scheme.renames(str(body.get(f"{PREFIX}link") or "Link"))
        roles = body[f"{PREFIX}roles"]
        for role, members in roles.items() if isinstance(roles, dict) else ():
            link.roles.append((self._scheme.renames(role), [str(member) for member in as_list(members)]))
        fields = item.get(f"{PREFIX}fields")
        link.fields = dict(fields) if isinstance(fields, dict) else {}
        return link


def _parts(target: object) -> list[object]:
    if isinstance(target, dict) and isinstance(target.get("items"), list):
        return list(target["items"])
    return [target]


def _selectors(value: object) -> tuple[tuple[int, int] | None, dict[str, Any] | None]:
    """The position and the quote among the selectors, refinements included."""
    position, quote = None, None
    pending = as_list(value)
    for _ in range(100):
        if not pending:
            break
        selector = pending.pop(0)
        if not isinstance(selector, dict):
            continue
        kind = str(selector.get("type", "")).rpartition(":")[2]
        try:
            if kind == "TextPositionSelector":
                position = (number_of(selector.get("start")), number_of(selector.get("end")))
            elif kind == "FragmentSelector" and (match := _CHAR.search(str(selector.get("value", "")))):
                position = (int(match.group(1)), int(match.group(2)))
        except ValueError:
            pass
        if kind == "TextQuoteSelector":
            quote = selector
        pending += as_list(selector.get("refinedBy"))
    return position, quote


def _found(text: str, quote: dict[str, Any]) -> tuple[int, int] | None:
    """Where the quote stands, if that is in one place, with what is before and after it."""
    parts = [quote.get(key) for key in ("prefix", "exact", "suffix")]
    before, exact, after = (canonical(part) if isinstance(part, str) else "" for part in parts)
    for prefix, suffix in ((before, after), ("", "")):
        whole = prefix + exact + suffix
        at = text.find(whole) if exact else -1
        if at >= 0 and text.find(whole, at + 1) < 0:
            return at + len(prefix), at + len(prefix) + len(exact)
    return None


def _person(value: object) -> str:
    for person in as_list(value):
        if isinstance(person, dict):
            for key in ("name", "nickname", "email", "id"):
                if isinstance(person.get(key), str) and person[key]:
                    return str(person[key])
        elif isinstance(person, str):
            return person
    return ""


def _stamp(value: object) -> str:
    return value if isinstance(value, str) else ""
