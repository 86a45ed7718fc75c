"""One .ann file of brat standoff, as real ones are: records that go on in the next line, E without arguments, CRLF.

T is an annotation in the layer of that name, E and R are links, A and M are fields, N is an entry, # is a note, and the
equivalence * is a link of that name. A fragment that brat split at line breaks is one stretch.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from annotator.domain.codebook import Codebook
from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.invariants import shown
from annotator.domain.text import Units, canonical
from annotator.interchange.raw import RawDocument, RawLink, RawMark, Report
from annotator.interchange.renaming import Renames, Tokens
from annotator.interchange.scheme import Scheme

TRIGGER = "trigger"
EQUIVALENT = "member"
"""The role that holds what a * record lists; its link type is what that record calls itself, usually Equiv."""

_RECORD = re.compile(r"(?:[TREAMNW#]-?\d+\S*|\*)\t|T\d+ \S+ \d+ \d+")
_LARGEST = 10**12
_LONGEST_HEAD = 200


@dataclass
class Brat:
    """What all files of one collection have in common."""

    scheme: Scheme
    renames: Renames
    report: Report
    given: Codebook | None = None
    """The codebook that Annotator's own exports bring along."""
    names: Tokens = field(default_factory=lambda: Tokens(()))
    references: dict[tuple[str, str], str] = field(default_factory=dict)
    """Entries that such an export brings along, by registry and by what they once were called in brat."""
    _names: dict[str, str] = field(default_factory=dict)
    _roles: dict[tuple[str, str], str] = field(default_factory=dict)

    def name(self, token: str) -> str:
        """What a type, an attribute or a role is called here."""
        known = self._names.get(token)
        if known is None:
            known = self._names[token] = self.renames(self.names.name(token))
        return known

    def role(self, type_name: str, token: str) -> str:
        """A role of an E record: Content2 is the second in Content."""
        known = self._roles.get((type_name, token))
        if known is None:
            known = self._roles[type_name, token] = self._role(type_name, token)
        return known

    def _role(self, type_name: str, token: str) -> str:
        name = self.name(token)
        roles = self.scheme.roles_of(type_name)
        if name in roles:
            return name
        name = self.name(token.rstrip("0123456789") or token)
        if self.renames and self.given is None and type_name in DEFAULT_CODEBOOK.link_types_by_name:
            # Who renames to our words means our roles, which are the same words in lower case.
            return next((role for role in roles if role.casefold() == name.casefold()), name)
        return name


def parse(brat: Brat, source: str, name: str, coder: str) -> RawDocument:
    """The records of a file. `name` is for the report."""
    reader = _Reader(brat, name, coder)
    reader.read(source)
    return reader.document


class _Reader:
    def __init__(self, brat: Brat, name: str, coder: str) -> None:
        self._brat = brat
        self._name = name
        self._coder = coder
        self.document = RawDocument("", "", where=name, closed=True)
        self._marks: dict[str, RawMark] = {}
        self._links: dict[str, RawLink] = {}
        self._later: list[tuple[int, str]] = []
        """Records about others, which may stand further down."""

    def _skip(self, number: int, line: str, why: str) -> None:
        self._brat.report.add("skipped", f"{self._name}, line {number}", f"{shown(line.strip())} {why}")

    def read(self, source: str) -> None:
        marks, known, name, brat_name = self.document.marks, self._marks, self._name, self._brat.name
        lines = canonical(source.removeprefix("\ufeff")).split("\n")
        last: list[str] = []
        for number, line in enumerate(lines, 1):
            if _RECORD.match(line) is None:
                if last and (line or number < len(lines)):
                    last.append(line)
                elif line.strip():
                    self._skip(number, line, "is no record")
                continue
            if len(last) > 1:
                self._continued(last)
            last = [line]
            if line[0] == "T":
                try:
                    # As most of them are; whatever else there is takes longer.
                    key, head, quote = line.split("\t")
                    type_, start, end = head.split(" ")
                    if not type_ or len(head) > _LONGEST_HEAD:
                        raise ValueError
                    mark: RawMark | None = RawMark(key, brat_name(type_), [(int(start), int(end))], quote)
                except ValueError:
                    mark = self._mark(number, line)
                if mark is None:
                    last = []
                    continue
                mark.coder = self._coder
                mark.where = f"{name}, line {number}"
                marks.append(mark)
                known.setdefault(mark.key, mark)
            elif line[0] in "ER*":
                self._link(number, line)
            else:
                self._later.append((number, line))
        if len(last) > 1:
            self._continued(last)
        for number, line in self._later:
            self._about(number, line)
        if self._brat.given is not None:
            self._drop_borrowed_triggers()

    def _continued(self, lines: list[str]) -> None:
        """The text of the last record went on in the lines after it."""
        rest = "\n".join(lines[1:]).rstrip("\n")
        if not rest:
            return
        if lines[0][0] == "T":
            mark = self.document.marks[-1]
            mark.quote = f"{mark.quote}\n{rest}"
        elif lines[0][0] == "#":
            number, line = self._later[-1]
            self._later[-1] = (number, f"{line}\n{rest}")
        elif rest.strip():
            self._brat.report.add("skipped", self._name, f"{shown(rest.strip())} is no record")

    def _mark(self, number: int, line: str) -> RawMark | None:
        parts = line.split("\t", 2)
        if len(parts) < 2:
            parts = line.split(" ", 1)
            parts = [parts[0], parts[1].strip()] if len(parts) == 2 else [line, ""]
        type_, _, places = parts[1].partition(" ")
        try:
            if ";" in places:
                spans = list(dict.fromkeys([_span(part) for part in places.split(";")]))
            else:
                spans = [_span(places)]
        except ValueError:
            self._skip(number, line, "has no two offsets")
            return None
        if not type_:
            self._skip(number, line, "has no type")
            return None
        return RawMark(parts[0], self._brat.name(type_), spans, parts[2] if len(parts) > 2 else None)

    def _link(self, number: int, line: str) -> None:
        key, _, rest = line.partition("\t") if "\t" in line else line.partition(" ")
        words = rest.split()
        if not words:
            self._skip(number, line, "has no type")
            return
        brat, roles = self._brat, []
        type_, colon, trigger = words[0].partition(":")
        name = brat.name(type_)
        if line[0] == "*":
            key = f"* {number}"
            roles.append((brat.name(EQUIVALENT), words[1:]))
        elif line[0] == "E" and colon:
            roles.append((brat.name(TRIGGER), [trigger]))
        if line[0] != "*":
            for word in words[1:]:
                role, colon, member = word.partition(":")
                if not colon or not role or not member:
                    self._skip(number, word, "is no role with a member")
                else:
                    roles.append((brat.role(name, role) if line[0] == "E" else brat.name(role), [member]))
        link = RawLink(key, name, roles, coder=self._coder, where=f"{self._name}, line {number}")
        self.document.links.append(link)
        self._links.setdefault(key, link)

    def _about(self, number: int, line: str) -> None:
        key, tab, rest = line.partition("\t")
        if not tab:
            key, _, rest = line.partition(" ")
        head, _, text = rest.partition("\t")
        words = head.split(None, 2)
        if len(words) < 2:
            self._skip(number, line, "says nothing of anything")
            return
        of: RawMark | RawLink | None = self._marks.get(words[1]) or self._links.get(words[1])
        if of is None:
            self._skip(number, line, f"is about {words[1]}, which is not there")
        elif key[0] in "AM":
            name = self._brat.name(words[0])
            value: object = words[2] if len(words) > 2 else True
            if name in of.fields:
                before = of.fields[name]
                of.fields[name] = [*(before if isinstance(before, list) else [before]), value]
            else:
                of.fields[name] = value
        elif key[0] == "N":
            self._reference(number, line, of, words[2] if len(words) > 2 else "", text)
        elif key[0] == "#":
            note = text.strip() or (words[2] if len(words) > 2 else "")
            of.note = f"{of.note}\n{note}" if of.note else note
        else:
            self._skip(number, line, "is no record that is known")

    def _reference(self, number: int, line: str, of: RawMark | RawLink, reference: str, text: str) -> None:
        if isinstance(of, RawLink) or not reference:
            self._skip(number, line, "refers to nothing, or stands at a link")
            return
        scheme = self._brat.scheme
        resource, _, id_ = reference.partition(":")
        scheme.layer(of.layer)
        registry = scheme.registry_of(of.layer, self._brat.name(resource))
        if (registry, reference) in self._brat.references:
            entry = self._brat.references[registry, reference]
        elif self._brat.given is not None and self._brat.names.name(resource) == registry:
            entry = scheme.entry(registry, id_, text or id_, id_)
        else:
            entry = scheme.entry(registry, reference, text or id_, fields={"reference": reference})
        of.entries.append(entry)

    def _drop_borrowed_triggers(self) -> None:
        """Where the codebook has no trigger, the export had to make one for brat: it stands for nothing."""
        given, borrowed = self._brat.given, set()
        for link in self.document.links:
            known = given.link_types_by_name.get(link.type) if given else None
            if known is not None and known.role(TRIGGER) is None and link.roles and link.roles[0][0] == TRIGGER:
                borrowed.update(link.roles.pop(0)[1])
        if given is not None and borrowed:
            self.document.marks = [
                mark for mark in self.document.marks if mark.key not in borrowed or mark.layer in given.layers_by_name
            ]


def _span(part: str) -> tuple[int, int]:
    first, _, last = part.strip().partition(" ")
    start, end = int(first), int(last)
    if abs(start) > _LARGEST or abs(end) > _LARGEST:
        raise ValueError
    return start, end


def rejoin(document: RawDocument) -> None:
    """Fragments that only line breaks part are one stretch: brat splits at each of them."""
    text = document.text
    for mark in document.marks:
        if len(mark.spans) < 2:
            continue
        spans = mark.spans[:1]
        for start, end in mark.spans[1:]:
            before = spans[-1][1]
            gap = text[before:start] if before < start else ""
            if gap and not gap.strip("\r\n"):
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        mark.spans = spans


def fit(document: RawDocument, bom: bool, report: Report) -> None:
    """Find out what the offsets count: characters as brat does, or UTF-16 units, or without carriage returns."""
    text = document.text
    checked = [mark for mark in document.marks if mark.quote]
    if not checked or _fitting(checked, text, None) == len(checked):
        return
    best, how = _fitting(checked, text, None), ""
    plain = canonical(text)
    units = Units(text)
    ways: list[tuple[str, str, Callable[[int], int] | None]] = []
    if plain != text:
        ways.append(("line ends as one character", plain, None))
    if bom:
        ways.append(("the byte order mark", text, lambda at: at - 1))
    if units.to_units(len(text)) != len(text):
        ways.append(("UTF-16 units", text, units.to_points))
    chosen: tuple[str, Callable[[int], int] | None] = (text, None)
    for told, candidate, convert in ways:
        found = _fitting(checked, candidate, convert)
        if found > best:
            best, how, chosen = found, told, (candidate, convert)
    if how:
        report.add("mended", document.where, f"its offsets count {how}; they were converted")
        document.text, converter = chosen
        if converter is not None:
            for mark in document.marks:
                mark.spans = [(converter(start), converter(end)) for start, end in mark.spans]


def _fitting(marks: list[RawMark], text: str, convert: Callable[[int], int] | None) -> int:
    count = 0
    for mark in marks:
        start, end = mark.spans[0][0], mark.spans[-1][1]
        if convert is not None:
            start, end = convert(start), convert(end)
        quote = mark.quote or ""
        there = text[max(start, 0) : max(end, 0)]
        count += there == quote or (
            there[:8].split()[:1] == quote[:8].split()[:1] and there[-8:].split()[-1:] == quote[-8:].split()[-1:]
        )
    return count
