"""The measures of the design for one text size and direction, in logical pixels."""

from __future__ import annotations

from dataclasses import dataclass

GUTTER, MEASURE, MARGIN = 104.0, 570.0, 142.0
"""Claim brackets and numbers; the text; chain and hints. Together the article pane of a 1440 px window."""

WIDTHS = {"narrow": 0.8, "normal": 1.0, "wide": 1.3}
"""How wide the text is set, as shares of the design's measure."""

LEAST_GUTTER, LEAST_MARGIN = 60.0, 46.0
TOP, BOTTOM = 18.0, 40.0

_STEP = 3.75


@dataclass(frozen=True)
class Metrics:
    """Distances from the baseline and along the line; `scale` is the zoom."""

    scale: float
    rtl: bool
    px: float
    line: float
    gap: float
    tint_up: float
    tint_down: float
    box_up: float
    box_down: float
    first_lane: float
    step: float

    @property
    def ascent(self) -> float:
        """From the top of a line to its baseline: Qt sets lines of fixed height at four fifths."""
        return self.line * 0.8

    def lane(self, number: int) -> float:
        """How far below the baseline an underline of this lane runs."""
        return self.first_lane + (number - 1) * self.step

    def outline_down(self, lanes: int) -> float:
        """How far below the baseline an outline with so many underline lanes inside reaches."""
        return self.box_down + max(0, lanes - 1) * self.step


def metrics(rtl: bool, scale: float = 1.0) -> Metrics:
    """The design's measures at this zoom."""
    if rtl:
        base = (21.0, 40.0, 20.0, 25.2, 12.8, 24.2, 12.2, 0.42 * 21)
    else:
        base = (17.0, 29.0, 13.0, 17.1, 8.2, 16.1, 7.4, 4.0)
    px, line, gap, tint_up, tint_down, box_up, box_down, lane = (value * scale for value in base)
    return Metrics(scale, rtl, px, line, gap, tint_up, tint_down, box_up, box_down, lane, _STEP * scale)


@dataclass(frozen=True)
class Columns:
    """Where gutter, text and end margin lie in a pane, start to end: mirrored for right-to-left articles."""

    gutter: float
    measure: float
    margin: float
    lead: float  # free space before the gutter, where the pane is wider than all three

    @property
    def before(self) -> float:
        """From the start edge to the text."""
        return self.lead + self.gutter

    @property
    def after(self) -> float:
        """From the text to the end edge."""
        return self.margin


def columns(width: float, scale: float = 1.0, lane: float = 0.0, wide: float = 1.0) -> Columns:
    """Divide a pane. A narrow one takes from the end margin first, then from the gutter, then from the text.

    `lane`: the part of the end margin that the scroll bar covers outside the viewport (`width` is the viewport's).
    """
    measure = round(MEASURE * scale * wide)
    margin = MARGIN - lane
    spare = width - GUTTER - measure - margin
    if spare >= 0:
        return Columns(GUTTER, measure, margin + spare / 2, spare / 2)
    taken = min(-spare, margin - LEAST_MARGIN)
    margin -= taken
    spare += taken
    taken = min(-spare, GUTTER - LEAST_GUTTER)
    gutter = GUTTER - taken
    spare += taken
    return Columns(gutter, max(80.0, measure + spare), margin, 0.0)
