"""The words of annotations as the outline's filter line looks through them: lower-cased once, not at every letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from annotator.domain.model import Annotation
from annotator.ui.panel.outline_nodes import place


class OutlineFilter:
    """Finds annotations by what is tagged and by the names of their entries, in the order of the text."""

    def __init__(self, text: Callable[[Annotation], str], entry_name: Callable[[str], str]) -> None:
        self._text = text
        self._entry_name = entry_name
        self._known: dict[str, tuple[Annotation, str]] = {}
        self._ordered: list[Annotation] = []
        self._layers: list[str] = []
        self._lines: list[str] = []

    def forget(self) -> None:
        """Another article, or other names: nothing holds any more."""
        self._known, self._ordered, self._layers, self._lines = {}, [], [], []

    def read(self, annotations: Mapping[str, Annotation]) -> None:
        """What there is now; only annotations that are new or other than before are read."""
        before = self._known
        known: dict[str, tuple[Annotation, str]] = {}
        changed = len(before) != len(annotations)
        for id_, annotation in annotations.items():
            line = before.get(id_)
            if line is None or line[0] is not annotation:
                line = annotation, self._line(annotation)
                changed = True
            known[id_] = line
        if changed:
            self._known = known
            self._ordered = sorted(annotations.values(), key=place)
            self._layers = [annotation.layer_id for annotation in self._ordered]
            # Made anew in this order, so that they lie in memory as they are read: else each one is a miss of the cache.
            self._lines = "\0".join(known[annotation.id][1] for annotation in self._ordered).split("\0")

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

    def _line(self, annotation: Annotation) -> str:
        names = [self._entry_name(id_) for id_ in annotation.entries]
        return "\n".join([self._text(annotation), *names]).casefold().replace("\0", " ")
