"""WebAnno TSV 3.x: spans, slots, relations and chains on tokens.

A span is an annotation in the layer of its type's last name, its features are fields; a relation is a link with the
roles `from` (governor) and `to` (dependent), a chain one with its links in the role `member`, a slot one from its host
(`host`) to what fills it, by the roles' names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from annotator.domain.errors import FileRefused, InvalidValue
from annotator.domain.exchange import Item, Reading
from annotator.domain.invariants import shown
from annotator.domain.text import Units, canonical
from annotator.interchange.assembly import Assembly
from annotator.interchange.encodings import decode
from annotator.interchange.files import read_bytes
from annotator.interchange.project_folders import place_of, source_of
from annotator.interchange.raw import RawDocument, RawLink, RawMark, Report
from annotator.interchange.renaming import Renames
from annotator.interchange.scheme import Scheme
from annotator.interchange.webanno_text import Sentence, Token, assemble, unescape

FROM, TO, MEMBER, HOST = "from", "to", "member", "host"

_ID = re.compile(r"(?<!\\)\[(\d+(?:_\d+)?)\]$")
_SPLIT = re.compile(r"(?<!\\)\|")
_SPLIT_SLOT = re.compile(r"(?<!\\);")
_ARROW = re.compile(r"^(.*?)(?<!\\)->(\d+)-(\d+)$")
_TOKEN = re.compile(r"\d+-\d+(?:\.\d+)?")


@dataclass(slots=True)
class _Layer:
    """A layer of the header and where its columns begin."""

    kind: str
    type: str
    name: str
    features: list[str]
    column: int
    base: str = ""


@dataclass
class _File:
    layers: list[_Layer] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    metadata: dict[str, object] = field(default_factory=dict)


class WebannoImporter:
    """Reads WebAnno TSV 3."""

    name = "webanno-tsv"
    title = "WebAnno TSV 3"
    extensions = (".tsv",)
    certain = True
    options = ("map",)
    coded = True
    loses: tuple[str, ...] = (
        "What stood between two sentences is not in such a file: line breaks take its place, unless the text is beside it.",
        "Sentences and tokens are not kept; annotations that cover no text are reported and left out.",
    )

    def sniff(self, path: Path, head: bytes) -> bool:
        """By its first line."""
        return head.removeprefix(b"\xef\xbb\xbf").startswith(b"#FORMAT=WebAnno TSV 3")

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """One document."""
        try:
            source = read_bytes(path).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise FileRefused(f"{path} was not read: it is not UTF-8 (byte {error.start + 1}).") from None
        if not source.startswith("#FORMAT=WebAnno TSV 3"):
            raise FileRefused(f"{path} was not read: it is no WebAnno TSV of version 3.")
        report = Report(str(path))
        scheme = Scheme(Renames(reading.options))
        file = _parse(source, path, scheme, report)
        document = _Reader(file, path, scheme, report).document()
        yield from Assembly(path, scheme, report).items(lambda: [document], reading, 1)


def _parse(source: str, path: Path, scheme: Scheme, report: Report) -> _File:
    file = _File()
    texts: list[str] = []
    column = 0
    names: set[str] = set()
    for number, line in enumerate(source.replace("\r\n", "\n").split("\n"), 1):
        if line.startswith("#T_") and not file.sentences:
            layer = _layer(line, column, names, scheme)
            file.layers.append(layer)
            column += max(len(layer.features), 1) + (layer.kind == "RL")
        elif line.startswith("#Text="):
            texts.append(unescape(line[6:]))
        elif line.startswith("#"):
            key, equals, value = line[1:].partition("=")
            if equals and not file.sentences and key != "FORMAT":
                file.metadata[key] = value
        elif line:
            cells = line.split("\t")
            start, dash, end = cells[1].partition("-") if len(cells) > 2 else ("", "", "")
            if not (
                dash
                and start.isdecimal()
                and end.isdecimal()
                and len(start) < 12
                and len(end) < 12
                and _TOKEN.fullmatch(cells[0])
            ):
                report.add("skipped", f"{path}, line {number}", f"{shown(line)} is no token")
                continue
            if texts or not file.sentences:
                file.sentences.append(Sentence("\n".join(texts) if texts else None))
                texts = []
            file.sentences[-1].tokens.append(
                Token(cells[0], int(start), int(end), unescape(cells[2]), cells[3:], number)
            )
    return file


def _layer(line: str, column: int, names: set[str], scheme: Scheme) -> _Layer:
    kind, _, rest = line[3:].partition("=")
    type_, *features = rest.split("|")
    name = type_.rpartition(".")[2] or type_ or "Layer"
    if name in names:
        name = type_
    names.add(name)
    base = ""
    if kind == "RL" and features and features[-1].startswith("BT_"):
        base = features.pop()[3:]
    return _Layer(kind, type_, scheme.renames(name), features, column, base)


class _Reader:
    def __init__(self, file: _File, path: Path, scheme: Scheme, report: Report) -> None:
        self._file = file
        self._path = path
        self._scheme = scheme
        self._report = report
        self._text = assemble(file.sentences, str(path), report)
        self._units = Units(self._text)
        source = source_of(path)
        if source is not None:
            self._take_source(source)
        self._marks: dict[tuple[str, str], RawMark] = {}
        """By the layer's type and the number in brackets, or the token where there is none."""
        self._at: dict[str, list[RawMark]] = {}
        """What begins at a token."""
        self._chains: dict[tuple[str, int], dict[int, RawMark]] = {}
        self._links: list[RawLink] = []

    def document(self) -> RawDocument:
        """The whole file."""
        tokens = [token for sentence in self._file.sentences for token in sentence.tokens]
        self._check(tokens)
        for token in tokens:
            for layer in self._file.layers:
                if layer.kind == "SP":
                    self._spans(layer, token)
                elif layer.kind == "CH":
                    self._chain(layer, token)
        for token in tokens:
            for layer in self._file.layers:
                if layer.kind == "RL":
                    self._relations(layer, token)
                elif layer.kind == "SP":
                    self._slots(layer, token)
        for (type_, number), members in self._chains.items():
            layer = next(item for item in self._file.layers if item.type == type_)
            keys = [members[at].key for at in sorted(members)]
            self._links.append(RawLink(f"chain {type_} {number}", layer.name, [(MEMBER, keys)], where=str(self._path)))
        marks = list(dict.fromkeys(map(id, self._marks.values())))
        by_id = {id(mark): mark for mark in self._marks.values()}
        title, coder = place_of(self._path)
        found = [by_id[at] for at in marks]
        for mark in found:
            mark.coder = coder
        for link in self._links:
            link.coder = coder
        return RawDocument(title, self._text, found, self._links, self._file.metadata, where=str(self._path))

    def _take_source(self, source: Path) -> None:
        """The text itself, where it is there and all tokens stand in it: it has what stood between the sentences."""
        try:
            text = canonical(decode(read_bytes(source))[0])
        except (FileRefused, InvalidValue):
            return
        units = Units(text)
        tokens = (token for sentence in self._file.sentences for token in sentence.tokens)
        if all(text[units.to_points(token.start) : units.to_points(token.end)] == token.text for token in tokens):
            self._text, self._units = text, units

    def _check(self, tokens: list[Token]) -> None:
        for token in tokens:
            start, end = self._span(token)
            if self._text[start:end] != token.text:
                there = shown(self._text[start:end])
                self._report.add(
                    "mended", self._where(token), f"{shown(token.text)} is said to stand where {there} does"
                )

    def _span(self, token: Token) -> tuple[int, int]:
        return self._units.to_points(token.start), self._units.to_points(token.end)

    def _where(self, token: Token) -> str:
        return f"{self._path}, line {token.line}"

    def _cells(self, layer: _Layer, token: Token, feature: int) -> list[tuple[str, str]]:
        """The values in a column, each with the number in brackets behind it."""
        at = layer.column + feature
        cell = token.columns[at] if at < len(token.columns) else "_"
        if cell in ("_", ""):
            return []
        found = []
        for part in _SPLIT.split(cell):
            match = _ID.search(part)
            found.append((part[: match.start()], match.group(1)) if match else (part, ""))
        return found

    def _spans(self, layer: _Layer, token: Token) -> None:
        role = False
        for number in range(max(len(layer.features), 1)):
            feature = layer.features[number] if layer.features else ""
            if role:
                role = False  # the column of a slot's targets
                continue
            role = feature.startswith("ROLE_")
            for value, id_ in self._cells(layer, token, number):
                if value == "_":
                    continue
                mark = self._mark(layer, token, id_)
                if feature and not role and value != "*":
                    mark.fields[feature] = unescape(value)

    def _mark(self, layer: _Layer, token: Token, id_: str) -> RawMark:
        key = (layer.type, id_ or token.id)
        span = self._span(token)
        mark = self._marks.get(key)
        if mark is None:
            mark = self._marks[key] = RawMark(f"{layer.type} {key[1]}", layer.name, [span], where=self._where(token))
            self._at.setdefault(token.id, []).append(mark)
        else:
            start, end = mark.spans[0]
            mark.spans = [(min(start, span[0]), max(end, span[1]))]
        return mark

    def _chain(self, layer: _Layer, token: Token) -> None:
        relations: list[tuple[str, str]] = []
        types: list[tuple[str, str]] = []
        for number, feature in enumerate(layer.features):
            cells = self._cells(layer, token, number)
            if feature == "referenceRelation" or (not relations and any(_ARROW.match(value) for value, _ in cells)):
                relations = cells
            else:
                types = cells
        for place, (value, _) in enumerate(relations):
            match = _ARROW.match(value)
            if match is None:
                self._report.add("skipped", self._where(token), f"{shown(value)} is no place in a chain")
                continue
            chain, index = int(match.group(2)[:9]), int(match.group(3)[:9])
            mark = self._mark(layer, token, f"{chain}-{index}")
            if match.group(1) not in ("*", "_", ""):
                mark.fields["referenceRelation"] = unescape(match.group(1))
            if place < len(types) and types[place][0] not in ("*", "_"):
                mark.fields["referenceType"] = unescape(types[place][0])
            self._chains.setdefault((layer.type, chain), {})[index] = mark

    def _target(self, base: str, reference: str, id_: str, token: Token) -> RawMark | None:
        """What a relation or a slot refers to."""
        if id_ and id_ != "0":
            found = self._marks.get((base, id_))
            if found is None:
                found = next((m for (_, key), m in self._marks.items() if key == id_), None)
            return found
        found = self._marks.get((base, reference))
        if found is None and base in ("", "uima.tcas.Annotation"):
            found = next(iter(self._at.get(reference, ())), None)
        if found is None and base.endswith(".Token"):
            there = self._tokens().get(reference)
            if there is not None:
                name = self._scheme.renames("Token")
                found = RawMark(f"{base} {reference}", name, [self._span(there)], where=self._where(token))
                self._marks[base, reference] = found
        return found

    def _tokens(self) -> dict[str, Token]:
        if not hasattr(self, "_by_id"):
            self._by_id = {token.id: token for sentence in self._file.sentences for token in sentence.tokens}
        return self._by_id

    def _relations(self, layer: _Layer, token: Token) -> None:
        ends = self._cells(layer, token, len(layer.features))
        for place, (reference, ids) in enumerate(ends):
            origin, _, own = ids.partition("_")
            one = self._target(layer.base, reference, origin, token)
            other = self._target(layer.base, token.id, own, token)
            if one is None or other is None:
                self._report.add("skipped", self._where(token), f"{layer.name} refers to {reference}, where nothing is")
                continue
            fields: dict[str, object] = {}
            for number, feature in enumerate(layer.features):
                cells = self._cells(layer, token, number)
                if place < len(cells) and cells[place][0] not in ("*", "_"):
                    fields[feature] = unescape(cells[place][0])
            key = f"{layer.type} {token.id} {place}"
            roles = [(FROM, [one.key]), (TO, [other.key])]
            self._links.append(RawLink(key, layer.name, roles, fields, where=self._where(token)))

    def _slots(self, layer: _Layer, token: Token) -> None:
        for number, feature in enumerate(layer.features):
            if not feature.startswith("ROLE_") or number + 1 >= len(layer.features):
                continue
            base = layer.features[number + 1]
            name = feature[5:].partition(":")[2].partition("_")[0] or "slot"
            targets = {id_: value for value, id_ in self._slot_cells(layer, token, number + 1)}
            for value, id_ in self._slot_cells(layer, token, number):
                host = self._marks.get((layer.type, id_ or token.id))
                if host is None or self._at.get(token.id) is None or host not in self._at[token.id]:
                    continue  # told once, at the host's first token
                roles: list[tuple[str, list[str]]] = [(HOST, [host.key])]
                for role, target in zip(
                    _SPLIT_SLOT.split(value), _SPLIT_SLOT.split(targets.get(id_, "")), strict=False
                ):
                    match = _ID.search(target)
                    reference = target[: match.start()] if match else target
                    found = self._target(base, reference, match.group(1) if match else "", token)
                    if found is None:
                        self._report.add(
                            "skipped", self._where(token), f"a slot refers to {shown(target)}, where nothing is"
                        )
                    else:
                        roles.append((unescape(role) if role not in ("*", "_", "") else name, [found.key]))
                if len(roles) > 1:
                    type_ = self._scheme.renames(f"{layer.name} {name}")
                    self._links.append(RawLink(f"{host.key} {name}", type_, roles, where=self._where(token)))

    def _slot_cells(self, layer: _Layer, token: Token, feature: int) -> list[tuple[str, str]]:
        """As `_cells`, but a bracket at the end may belong to the last of several targets."""
        at = layer.column + feature
        cell = token.columns[at] if at < len(token.columns) else "_"
        if cell in ("_", "", "*"):
            return []
        hosts = [value for value, _ in self._host_ids(layer, token)]
        parts = _SPLIT.split(cell)
        stacked = len(parts) > 1 or (hosts and hosts[0] != "")
        found = []
        for place, part in enumerate(parts):
            match = _ID.search(part)
            if stacked and match:
                found.append((part[: match.start()], match.group(1)))
            else:
                found.append((part, hosts[place] if place < len(hosts) else ""))
        return found

    def _host_ids(self, layer: _Layer, token: Token) -> list[tuple[str, str]]:
        """The numbers of the annotations at this token, from the column of the roles, which has nothing else in brackets."""
        for number, feature in enumerate(layer.features):
            if feature.startswith("ROLE_"):
                return [(id_, value) for value, id_ in self._cells(layer, token, number)]
        return []
