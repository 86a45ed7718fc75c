"""The words of annotations as the outline's filter line looks through them: lower-cased once, not at every letter."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator

from annotator.domain.annotated import Annotated
from annotator.domain.attribution import Place, place
from annotator.domain.model import Annotation

_STEP = 2000


class OutlineFilter:
    """Finds annotations by what is tagged and by the names of their entries, in the order of the text."""

    def __init__(self, text: Callable[[Annotation], str], entry_name: Callable[[str], str]) -> None:
        self._text = text
        self._entry_name = entry_name
        self.forget()

    def forget(self) -> None:
        """Another article, or other names: nothing holds any more."""
        self.ready = False
        self._places: list[Place] = []
        self._ordered: list[Annotation] = []
        self._layers: list[str] = []
        self._lines: list[str] = []
        self._place_of: dict[str, Place] = {}

    def read(self, annotated: Annotated) -> Iterator[None]:
        """Read all that there is, in steps; it can be asked when it is `ready`."""
        self.forget()
        places = annotated.merged(annotated.counts())
        yield
        names: dict[str, str] = {}
        known = dict(annotated.annotations)  # a step meanwhile is told by `patch`
        ordered = [known[at[2]] for at in places]
        lines: list[str] = []
        for start in range(0, len(places), _STEP):
            lines += [self._line(annotation, names) for annotation in ordered[start : start + _STEP]]
            yield
        # Made anew in this order, so that they lie in memory as they are read: else each one is a miss of the cache.
        self._lines = "\0".join(lines).split("\0") if lines else []
        yield
        self._places, self._ordered = places, ordered
        self._layers = [annotation.layer_id for annotation in ordered]
        self._place_of = {at[2]: at for at in places}
        self.ready = True

    def patch(self, ids: Iterable[str], annotated: Annotated) -> None:
        """Some annotations came, went or changed."""
        for id_ in ids:
            old = self._place_of.pop(id_, None)
            if old is not None:
                n = bisect_left(self._places, old)
                for column in (self._places, self._ordered, self._layers, self._lines):
                    del column[n]
            annotation = annotated.annotations.get(id_)
            if annotation is not None:
                at = self._place_of[id_] = place(annotation)
                n = bisect_left(self._places, at)
                self._places.insert(n, at)
                self._ordered.insert(n, annotation)
                self._layers.insert(n, annotation.layer_id)
                self._lines.insert(n, self._line(annotation, {}))

    def find(self, needle: str, shown: frozenset[str]) -> list[Annotation]:
        """Those of these layers that hold every word of `needle`."""
        ordered, lines = self._ordered, self._lines
        words = needle.casefold().split()
        if len(words) == 1:
            word = words[0]
            found = [number for number, line in enumerate(lines) if word in line]
        else:
            found = [number for number, line in enumerate(lines) if all(word in line for word in words)]
        layers = self._layers
        return [ordered[number] for number in found if layers[number] in shown]

    def _line(self, annotation: Annotation, names: dict[str, str]) -> str:
        for id_ in annotation.entries:
            if id_ not in names:
                names[id_] = self._entry_name(id_)
        return (
            "\n".join([self._text(annotation), *(names[id_] for id_ in annotation.entries)])
            .casefold()
            .replace("\0", " ")
        )
