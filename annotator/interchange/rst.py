"""Rhetorical structure trees (.rs3, .rs4): their attributions. The satellite holds source and cue, the nucleus what is said.

Of the other relations only their number is told: they are no attributions, and each of them ties what others tie again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotator.domain.errors import FileRefused
from annotator.domain.exchange import Item, Reading
from annotator.interchange.assembly import Assembly
from annotator.interchange.files import read_bytes
from annotator.interchange.raw import RawDocument, RawLink, RawMark, Report
from annotator.interchange.renaming import Renames
from annotator.interchange.scheme import Scheme
from annotator.interchange.spans import Spans
from annotator.interchange.xml_read import local, parse_xml

_SPAN = "span"
_PREFIX = "attribution"


class RstImporter:
    """Reads the attributions of RST trees."""

    name = "rst"
    title = "RST tree (attributions)"
    extensions = (".rs4", ".rs3")
    certain = True
    options = ("map",)
    coded = True
    loses: tuple[str, ...] = (
        "Relations other than attributions, secondary edges and signals are left out.",
        "The text is that of the segments with a space between; line breaks are not in such a file.",
        "Source and cue are one stretch in such trees; it comes into the layer Source.",
    )

    def sniff(self, path: Path, head: bytes) -> bool:
        """By its elements."""
        return b"<rst" in head and b"<relations" in head

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """One document."""
        root = parse_xml(read_bytes(path), path)
        if local(root) != "rst":
            raise FileRefused(f"{path} was not read: it is no RST tree.")
        report = Report(str(path))
        scheme = Scheme(Renames(reading.options))
        document = _Tree(root, path).document(scheme.renames, report)
        yield from Assembly(path, scheme, report).items(lambda: [document], reading, 1)


class _Tree:
    def __init__(self, root: Any, path: Path) -> None:
        self._path = path
        kinds = [element for element in root.iter() if local(element) == "rel"]
        self._multinuclear = {element.get("name", "") for element in kinds if element.get("type") == "multinuc"}
        self._parent: dict[str, str] = {}
        self._relation: dict[str, str] = {}
        self._places: dict[str, tuple[int, int]] = {}
        self._below: dict[str, list[str]] = {}
        parts: list[str] = []
        at = 0
        for element in root.iter():
            kind, id_ = local(element), element.get("id", "")
            if kind not in ("segment", "group") or not id_ or id_ in self._relation:
                continue
            self._relation[id_] = element.get("relname", "")
            if element.get("parent"):
                self._parent[id_] = element.get("parent", "")
                self._below.setdefault(element.get("parent", ""), []).append(id_)
            if kind == "segment":
                text = " ".join("".join(element.itertext()).split())
                self._places[id_] = (at, at + len(text))
                parts.append(text)
                at += len(text) + 1
        self._text = " ".join(parts)

    def document(self, renames: Renames, report: Report) -> RawDocument:
        """The text with its attributions."""
        stem = self._path.stem.encode("utf-8", "replace").decode()
        document = RawDocument(stem, self._text, where=str(self._path), closed=True)
        others: Counter[str] = Counter()
        claims: dict[str, RawMark] = {}
        for id_, relation in self._relation.items():
            nucleus = self._parent.get(id_)
            if nucleus is None or relation == _SPAN or relation in self._multinuclear:
                continue
            if not relation.startswith(_PREFIX):
                others[relation] += 1
                continue
            where = f"{self._path}, segment {id_}"
            if nucleus not in claims:
                claims[nucleus] = RawMark(
                    f"claim {nucleus}", renames("Claim"), self._spans([nucleus], False), where=where
                )
                document.marks.append(claims[nucleus])
            if relation.endswith("-negative"):
                claims[nucleus].fields["polarity"] = "denied"
            elif relation.endswith("-positive"):
                claims[nucleus].fields.setdefault("polarity", "asserted")
            source = RawMark(f"source {id_}", renames("Source"), self._spans([id_], True), where=where)
            document.marks.append(source)
            roles = [("claim", [claims[nucleus].key]), ("source", [source.key])]
            document.links.append(RawLink(f"link {id_}", renames("Attribution"), roles, where=where))
        if others:
            report.add("lost", str(self._path), f"{sum(others.values())} relations that are no attributions")
        return document

    def _spans(self, nodes: list[str], satellites: bool) -> Spans:
        """The segments of a node: with what hangs on it, or only what it is made of."""
        found: list[tuple[int, int]] = []
        pending = [(node, satellites) for node in nodes]
        seen: set[str] = set()
        while pending:
            node, with_satellites = pending.pop()
            if node in seen:
                continue
            seen.add(node)
            if node in self._places:
                found.append(self._places[node])
            for child in self._below.get(node, ()):
                relation = self._relation[child]
                if relation == _SPAN or relation in self._multinuclear or with_satellites:
                    pending.append((child, True))
        found.sort()
        joined: Spans = []
        for start, end in found:
            if joined and start <= joined[-1][1] + 1:
                joined[-1] = (joined[-1][0], end)
            elif end > start:
                joined.append((start, end))
        return joined
