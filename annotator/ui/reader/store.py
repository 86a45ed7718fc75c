"""What is drawn, by kind of mark, with an index for each: plain Python, no widget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from annotator.domain.codebook import Layer
from annotator.domain.model import Annotation
from annotator.ui.reader.lanes import LineLanes, NestingLanes
from annotator.ui.reader.spans import Span, SpanIndex

TINT, OUTLINE, LINE = range(3)
"""How marks behave: filled behind the text, drawn around it, or drawn below it."""

UNDERLINE_LANES = 3
OUTLINE_LANES = 4

_KINDS: Mapping[str, int] = {"tint": TINT, "outline": OUTLINE}


class SpanStore:
    """Annotations of one text as spans of the view. `to_view` turns a code point offset into a view position."""

    def __init__(self, line_of: Callable[[int], tuple[int, int]]) -> None:
        self._kind_of_layer: dict[str, int] = {}
        self._line_of = line_of
        self._to_view: Callable[[int], int] = int
        self._limit = 0
        self.annotations: dict[str, Annotation] = {}
        self._fill([])

    def set_text(self, to_view: Callable[[int], int], length: int) -> None:
        """A new text of `length` code points: nothing is tagged in it yet."""
        self._to_view, self._limit = to_view, length
        self.annotations = {}
        self._fill([])

    def set_layers(self, layers: Sequence[Layer]) -> None:
        """The codebook's layers: their marks decide where a span is drawn."""
        kinds = {layer.id: _KINDS.get(layer.mark, LINE) for layer in layers}
        if kinds != self._kind_of_layer:
            self._kind_of_layer = kinds
            self.set_annotations(list(self.annotations.values()))

    def set_annotations(self, annotations: Sequence[Annotation]) -> None:
        """Replace all."""
        self.annotations = {annotation.id: annotation for annotation in annotations}
        self._fill(annotations)

    def patch(self, changed: Iterable[Annotation], removed: Iterable[str]) -> None:
        """Put in or replace a few, take out a few."""
        for id_ in removed:
            old = self.annotations.pop(id_, None)
            if old is not None:
                self._swap(old, add=False)
        for annotation in changed:
            old = self.annotations.get(annotation.id)
            if old is not None:
                self._swap(old, add=False)
            self.annotations[annotation.id] = annotation
            self._swap(annotation, add=True)

    def spans(self, annotation: Annotation) -> list[Span]:
        """One span for each fragment, kept inside the text; fragments that lie outside it have none."""
        view, limit, layer, id_ = self._to_view, self._limit, annotation.layer_id, annotation.id
        return [
            Span(view(max(0, start)), view(min(end, limit)), id_, layer, part)
            for part, (start, end) in enumerate(annotation.fragments)
            if max(0, start) < min(end, limit)
        ]

    def extent(self, annotation: Annotation) -> Span | None:
        """From its first character to its last, gaps included."""
        spans = self.spans(annotation)
        if not spans:
            return None
        return Span(min(s.start for s in spans), max(s.end for s in spans), annotation.id, annotation.layer_id)

    def kind(self, layer_id: str) -> int:
        """How marks of this layer behave."""
        return self._kind_of_layer.get(layer_id, LINE)

    def overlapping(self, start: int, end: int) -> list[Span]:
        """Every span in this stretch of the view, of all kinds."""
        return [span for index in self.by_kind for span in index.overlapping(start, end)]

    def at(self, position: int, *, touching: bool = False) -> list[str]:
        """Ids of the annotations over the character at this position, innermost first.

        `touching`: where none is, those that end exactly here (a caret behind a word is still at the word).
        """
        spans = self.overlapping(position, position + 1)
        if touching and not spans and position > 0:
            spans = self.overlapping(position - 1, position)
        spans.sort(key=lambda span: (span.end - span.start, span.layer, span.id))
        return list(dict.fromkeys(span.id for span in spans))

    def relayout(self) -> None:
        """Lines broke anew: brackets may need other lanes."""
        self.bracket_lanes.clear()

    def _fill(self, annotations: Sequence[Annotation]) -> None:
        kinds: tuple[list[Span], list[Span], list[Span]] = ([], [], [])
        extents: list[Span] = []
        kind_of, view, limit = self._kind_of_layer, self._to_view, self._limit
        for annotation in annotations:
            id_, layer, fragments = annotation.id, annotation.layer_id, annotation.fragments
            kind = kind_of.get(layer, LINE)
            if len(fragments) == 1 and 0 <= fragments[0][0] < fragments[0][1] <= limit:
                span = Span(view(fragments[0][0]), view(fragments[0][1]), id_, layer)
                kinds[kind].append(span)
                if kind == TINT:
                    extents.append(span)
                continue
            kinds[kind].extend(self.spans(annotation))
            if kind == TINT and (extent := self.extent(annotation)) is not None:
                extents.append(extent)
        self.by_kind = tuple(SpanIndex(spans) for spans in kinds)
        self.brackets = SpanIndex(extents)
        self.lines = NestingLanes(self.by_kind[LINE], UNDERLINE_LANES)
        self.outlines = NestingLanes(self.by_kind[OUTLINE], OUTLINE_LANES)
        self.tints = NestingLanes(self.by_kind[TINT], OUTLINE_LANES)
        self.bracket_lanes = LineLanes(self.brackets, self._line_of)

    def _swap(self, annotation: Annotation, *, add: bool) -> None:
        kind = self.kind(annotation.layer_id)
        index = self.by_kind[kind]
        spans = self.spans(annotation)
        for span in spans:
            (index.add if add else index.discard)(span)
        (self.tints, self.outlines, self.lines)[kind].forget(spans)
        if kind == TINT:
            extent = self.extent(annotation)
            if extent is not None:
                (self.brackets.add if add else self.brackets.discard)(extent)
            self.bracket_lanes.clear()
