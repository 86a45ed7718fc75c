"""What one frame shows, gathered by the reader and handed to the painters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from PySide6.QtGui import QColor

from annotator.domain.codebook import Layer
from annotator.ui import theme
from annotator.ui.reader.lines import Lines
from annotator.ui.reader.metrics import Metrics
from annotator.ui.reader.store import SpanStore
from annotator.ui.theme import LayerStyle, Theme

State = Literal["rest", "hover", "chain", "selected"]


@dataclass(frozen=True)
class Chain:
    """The active attribution, by annotation ids: who said the claim, then, level by level, who passed that on."""

    claim: str | None
    sources: Sequence[str] = ()
    cues: Sequence[str] = ()
    relays: Sequence[tuple[Sequence[str], Sequence[str]]] = ()

    def all_sources(self) -> set[str]:
        """Sources of every level."""
        return {*self.sources, *(id_ for sources, _ in self.relays for id_ in sources)}

    def all_cues(self) -> set[str]:
        """Cues of every level."""
        return {*self.cues, *(id_ for _, cues in self.relays for id_ in cues)}


@dataclass
class Styles:
    """The colours of the layers in the theme in force."""

    theme: Theme
    layers: Mapping[str, LayerStyle]

    @classmethod
    def of(cls, layers: Sequence[Layer]) -> Styles:
        """Those of a codebook."""
        current = theme.current()
        return cls(current, {layer.id: theme.layer_style(layer, current) for layer in layers})

    def layer(self, layer_id: str) -> LayerStyle:
        """A layer's colours; quiet grey for one that the codebook does not know."""
        style = self.layers.get(layer_id)
        return style if style is not None else unknown_layer(self.theme)


def unknown_layer(current: Theme) -> LayerStyle:
    """How something in a layer that is gone is drawn."""
    return LayerStyle(current.text3, current.hover, current.border, current.hover, current.rowsel, "underline")


@dataclass
class Scene:
    """Everything the painters need. Positions are the view's, coordinates the document's."""

    lines: Lines
    measures: Metrics
    styles: Styles
    store: SpanStore
    ghosts: SpanStore
    text_left: float
    text_right: float
    gutter: float
    margin: float
    active: str | None = None
    chain: Chain | None = None
    hover: str | None = None
    current_ghost: str | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)
    selection: tuple[int, int] = (0, 0)
    printed: bool = False
    selected: frozenset[str] = frozenset()
    chained: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Work out whose state is what, once a frame."""
        selected = {self.active} if self.active else set()
        if self.chain is not None:
            selected |= self.chain.all_sources()
            if self.chain.claim:
                selected.add(self.chain.claim)
            self.chained = frozenset(self.chain.all_cues())
        self.selected = frozenset(selected)

    def state(self, annotation_id: str) -> State:
        """How an annotation is drawn now."""
        if annotation_id in self.selected:
            return "selected"
        if annotation_id == self.hover:
            return "hover"
        return "chain" if annotation_id in self.chained else "rest"

    def soft(self, color: QColor, alpha: float) -> QColor:
        """The colour at this opacity; in full where the desktop asks for high contrast."""
        return color if self.styles.theme.strong else faded(color, alpha)

    @property
    def rtl(self) -> bool:
        """Whether the article is read from right to left."""
        return self.measures.rtl

    @property
    def start_x(self) -> float:
        """Where lines begin."""
        return self.text_right if self.rtl else self.text_left

    @property
    def end_x(self) -> float:
        """Where the measure ends."""
        return self.text_left if self.rtl else self.text_right

    @property
    def outward(self) -> int:
        """The direction from the text into the end margin: 1 to the right, -1 to the left."""
        return -1 if self.rtl else 1


def faded(color: QColor, alpha: float) -> QColor:
    """The colour at this opacity."""
    result = QColor(color)
    result.setAlphaF(color.alphaF() * alpha)
    return result
