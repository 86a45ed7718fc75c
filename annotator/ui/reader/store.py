"""What is drawn, by kind of mark, with an index for each: plain Python, no widget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from annotator.domain.codebook import Layer
from annotator.domain.model import Marked, Stretch
from annotator.ui.reader.lanes import LineLanes, NestingLanes
from annotator.ui.reader.spans import Span, SpanIndex

TINT, OUTLINE, LINE = range(3)
"""How marks behave: filled behind the text, drawn around it, or drawn below it."""

UNDERLINE_LANES = 3
OUTLINE_LANES = 4

_span: Callable[[tuple[int, int, str, str, int]], Span] = partial(tuple.__new__, Span)  # quicker by half
_KINDS: Mapping[str, int] = {"tint": TINT, "outline": OUTLINE}


_Kinds = tuple[list[Span], list[Span], list[Span]]
_STEP = 4000


class SpanStore:
    """Annotations of one text as spans of the view. `to_view` turns a code point offset into a view position."""

    def __init__(self, line_of: Callable[[int], tuple[int, int]]) -> None:
        self._kind_of_layer: dict[str, int] = {}
        self._line_of = line_of
        self._to_view: Callable[[int], int] = int
        self._limit = 0
        self.annotations: dict[str, Marked] = {}
        self._counts: Counter[str] = Counter()
        self._meanwhile: set[str] | None = None
        """What changed while others were being put in."""
        self._fill([])

    def set_text(self, to_view: Callable[[int], int], length: int) -> None:
        """A new text of `length` code points: nothing is tagged in it yet."""
        self._to_view, self._limit = to_view, length
        self.clear()

    def clear(self) -> None:
        """Draw nothing."""
        self.annotations, self._meanwhile = {}, None
        self._counts = Counter()
        self._fill([])

    def set_layers(self, layers: Sequence[Layer]) -> None:
        """The codebook's layers: their marks decide where a span is drawn."""
        kinds = {layer.id: _KINDS.get(layer.mark, LINE) for layer in layers}
        if kinds != self._kind_of_layer:
            self._kind_of_layer = kinds
            self.set_annotations(list(self.annotations.values()))

    def set_annotations(self, annotations: Sequence[Marked]) -> None:
        """Replace all."""
        self._meanwhile = None
        self.annotations = {annotation.id: annotation for annotation in annotations}
        self._count()
        self._fill(annotations)

    def set_in_steps(self, annotations: Sequence[Marked], start: int, end: int) -> Iterator[None]:
        """Replace all: at once those that begin in a stretch (code points), then the others, a little with each step.

        Until it is through, only the first are drawn and found, and what a patch brings.
        """
        self.set_annotations([a for a in annotations if start <= _first(a) < end])
        return self.fill_in_steps(annotations)

    def fill_in_steps(self, annotations: Sequence[Marked]) -> Iterator[None]:
        """Replace all, a little with each step: until it is through, those from before are drawn and found."""
        self._meanwhile = set()
        return self._in_steps(annotations, self._meanwhile)

    def _in_steps(self, annotations: Sequence[Marked], touched: set[str]) -> Iterator[None]:
        kinds, extents = _empty()
        every: dict[str, Marked] = {}
        counts: Counter[str] = Counter()
        for at in range(0, len(annotations), _STEP):
            some = annotations[at : at + _STEP]
            every.update((annotation.id, annotation) for annotation in some)
            counts.update(annotation.layer_id for annotation in some)
            self._sort_in(some, kinds, extents)
            yield
        made = []
        for spans in (*kinds, extents):
            made.append(SpanIndex(spans))
            yield
        now = self.annotations
        self.annotations, self._counts, self._meanwhile = every, counts, None
        self._use((made[TINT], made[OUTLINE], made[LINE]), made[3])
        self.patch([now[id_] for id_ in touched if id_ in now], [id_ for id_ in touched if id_ not in now])

    def patch(self, changed: Iterable[Marked], removed: Iterable[str]) -> None:
        """Put in or replace a few, take out a few."""
        for id_ in removed:
            old = self.annotations.pop(id_, None)
            self._keep(id_)
            if old is not None:
                self._counts[old.layer_id] -= 1
                self._swap(old, add=False)
        for annotation in changed:
            old = self.annotations.get(annotation.id)
            self._keep(annotation.id)
            if old is not None:
                self._counts[old.layer_id] -= 1
                self._swap(old, add=False)
            self.annotations[annotation.id] = annotation
            self._counts[annotation.layer_id] += 1
            self._swap(annotation, add=True)

    def _keep(self, id_: str) -> None:
        if self._meanwhile is not None:
            self._meanwhile.add(id_)

    def spans(self, annotation: Marked) -> list[Span]:
        """One span for each fragment, kept inside the text; fragments that lie outside it have none."""
        view, limit, layer, id_ = self._to_view, self._limit, annotation.layer_id, annotation.id
        return [
            Span(view(max(0, start)), view(min(end, limit)), id_, layer, part)
            for part, (start, end) in enumerate(annotation.fragments)
            if max(0, start) < min(end, limit)
        ]

    def extent(self, annotation: Marked) -> Span | None:
        """From its first character to its last, gaps included."""
        spans = self.spans(annotation)
        if not spans:
            return None
        return Span(min(s.start for s in spans), max(s.end for s in spans), annotation.id, annotation.layer_id)

    def counts(self) -> dict[str, int]:
        """How many annotations each layer has."""
        return self._counts

    def _count(self) -> None:
        self._counts = Counter(annotation.layer_id for annotation in self.annotations.values())

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

    def _fill(self, annotations: Sequence[Marked]) -> None:
        kinds, extents = _empty()
        self._sort_in(annotations, kinds, extents)
        tints, outlines, lines = kinds
        self._use((SpanIndex(tints), SpanIndex(outlines), SpanIndex(lines)), SpanIndex(extents))

    def _sort_in(self, annotations: Sequence[Marked], kinds: _Kinds, extents: list[Span]) -> None:
        kind_of, view, limit = self._kind_of_layer, self._to_view, self._limit
        same, made = view is int, _span
        for annotation in annotations:
            if type(annotation) is Stretch:
                id_, layer, start, end, more = annotation
                single = more is None
            else:
                id_, layer, fragments = annotation.id, annotation.layer_id, annotation.fragments
                start, end = fragments[0]
                single = len(fragments) == 1
            kind = kind_of.get(layer, LINE)
            if single and 0 <= start < end <= limit:
                span = made((start, end, id_, layer, 0) if same else (view(start), view(end), id_, layer, 0))
                kinds[kind].append(span)
                if kind == TINT:
                    extents.append(span)
                continue
            kinds[kind].extend(self.spans(annotation))
            if kind == TINT and (extent := self.extent(annotation)) is not None:
                extents.append(extent)

    def _use(self, by_kind: tuple[SpanIndex, SpanIndex, SpanIndex], brackets: SpanIndex) -> None:
        self.by_kind, self.brackets = by_kind, brackets
        self.lines = NestingLanes(self.by_kind[LINE], UNDERLINE_LANES)
        self.outlines = NestingLanes(self.by_kind[OUTLINE], OUTLINE_LANES)
        self.tints = NestingLanes(self.by_kind[TINT], OUTLINE_LANES)
        self.bracket_lanes = LineLanes(self.brackets, self._line_of)

    def _swap(self, annotation: Marked, *, add: bool) -> None:
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


def _empty() -> tuple[_Kinds, list[Span]]:
    return ([], [], []), []


def _first(annotation: Marked) -> int:
    return annotation.first if type(annotation) is Stretch else annotation.fragments[0][0]
