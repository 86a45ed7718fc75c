"""An article's text as HTML with its annotations marked, however they overlap, nest and pause."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotator.domain.attribution import place
from annotator.domain.model import Annotation
from annotator.interchange.analysis.safe_text import xml_safe

MOST_DEEP = 8
"""Marks drawn over one place; the list below the article names the others too."""
MOST_LANES = 3
_LANES_UP_TO = 1_500
UNDERLINES = ("underline", "dots", "dashes", "double", "wave")


@dataclass(slots=True)
class Look:
    """What the text shows of an annotation beside its mark."""

    css: str
    """The class of its layer."""
    mark: str
    title: str
    number: str = ""
    """Shown before it, as "C8"."""
    anchor: str = ""
    drawn: bool = False
    """Whether the text has it; not where it covers only blanks, or lies under too many others."""


def escape(text: str) -> str:
    """Any text, safe inside and outside of attributes."""
    return html.escape(xml_safe(text), quote=True)


def marked(text: str, annotations: Sequence[Annotation], looks: Mapping[str, Look]) -> str:
    """The text, a paragraph a line, with a span for each annotation on each stretch between two boundaries.

    What a reader without styles sees is the text itself: numbers stand in attributes, and the line breaks (and lines of
    blanks) between the paragraphs.
    """
    return _Marker(text, annotations, looks).html()


class _Marker:
    def __init__(self, text: str, annotations: Sequence[Annotation], looks: Mapping[str, Look]) -> None:
        self._text = text
        self._looks = looks
        ordered = sorted(annotations, key=place)
        self._lanes = _lanes(ordered, looks)
        self._order = {annotation.id: index for index, annotation in enumerate(ordered)}
        self._begins: dict[int, list[str]] = {}
        self._ends: dict[int, list[str]] = {}
        for annotation in ordered:
            for start, end in annotation.fragments:
                self._begins.setdefault(start, []).append(annotation.id)
                self._ends.setdefault(end, []).append(annotation.id)
        self._active: set[str] = set()
        self._opening: set[str] = set()
        """Whose fragment has begun and is not drawn yet."""
        self._unnamed = {annotation.id for annotation in ordered}
        """Who has not got its number and its anchor yet."""

    def html(self) -> str:
        """All of it."""
        edges = sorted({*self._begins, *self._ends})
        pieces: list[str] = []
        start = index = 0
        for line in self._text.split("\n"):
            end = start + len(line)
            blank = not line.strip()
            pieces.append("" if blank else '<p dir="auto">')
            at = start
            while at < end or (index < len(edges) and edges[index] <= end):
                if index < len(edges) and edges[index] == at:
                    self._pass(at)
                    index += 1
                    continue
                until = min(end, edges[index]) if index < len(edges) else end
                pieces.append(escape(self._text[at:until]) if blank else self._stretch(at, until))
                at = until
            pieces.append("\n" if blank else "</p>\n")
            start = end + 1
        return "".join(pieces).removesuffix("\n")

    def _pass(self, edge: int) -> None:
        for id_ in self._ends.get(edge, ()):
            self._active.discard(id_)
            self._opening.discard(id_)
        for id_ in self._begins.get(edge, ()):
            self._active.add(id_)
            self._opening.add(id_)

    def _stretch(self, start: int, end: int) -> str:
        words = escape(self._text[start:end])
        if not self._active:
            return words
        closing = set(self._ends.get(end, ()))
        spans = []
        for id_ in sorted(self._active, key=self._order.__getitem__)[-MOST_DEEP:]:
            look = self._looks[id_]
            names = ["a", look.css]
            if self._lanes.get(id_, 1) > 1:
                names.append(f"n{self._lanes[id_]}")
            if id_ in self._opening:
                names.append("b")
                self._opening.discard(id_)
            if id_ in closing:
                names.append("e")
            more = ""
            if id_ in self._unnamed:
                self._unnamed.discard(id_)
                look.drawn = True
                more += f' id="{escape(look.anchor)}"' if look.anchor else ""
                more += f' data-n="{escape(look.number)}"' if look.number else ""
            spans.append(f'<span class="{" ".join(names)}"{more} title="{escape(look.title)}">')
        return f"{''.join(spans)}{words}{'</span>' * len(spans)}"


def _lanes(annotations: Sequence[Annotation], looks: Mapping[str, Look]) -> dict[str, int]:
    """Underlines, the innermost nearest to the words; what it lies in or crosses goes one lane out."""
    lanes: dict[str, int] = {}
    if len(annotations) > _LANES_UP_TO:
        return lanes
    placed: list[tuple[int, int, int]] = []
    lined = [annotation for annotation in annotations if looks[annotation.id].mark in UNDERLINES]
    for annotation in sorted(lined, key=lambda a: (a.end - a.start, a.start, a.id)):
        start, end = annotation.start, annotation.end
        lane = 1 + max((lane for s, e, lane in placed if s < end and start < e), default=0)
        lanes[annotation.id] = min(lane, MOST_LANES)
        placed.append((start, end, lanes[annotation.id]))
    return lanes
