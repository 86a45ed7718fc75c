"""One row of the table: our way and the baseline, run by turns, medians compared."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """`ours` and `baseline` do the same job once. With unit "MiB" they return how much memory it took."""

    name: str
    goal: float
    ours: Callable[[], Any]
    baseline: Callable[[], Any]
    unit: str = "ms"
    prepare: Callable[[], Any] = lambda: None
    """Run before each of the two, outside the measured time."""
    runs: int = 0
    """How often, where not as asked for on the command line."""


@dataclass(frozen=True)
class Result:
    """The medians of a row."""

    row: Row
    ours: float
    baseline: float

    @property
    def ratio(self) -> float:
        """Ours by the baseline's."""
        return self.ours / self.baseline if self.baseline else float("inf")

    def line(self) -> str:
        """A line for people."""
        met = "ok  " if self.ratio <= self.row.goal else "OVER"
        figures = f"{self.ours:9.1f} {self.row.unit:3}  against {self.baseline:9.1f} {self.row.unit:3}"
        return f"{met} {self.row.name:58} {figures}  ratio {self.ratio:5.2f}  goal {self.row.goal:g}"

    def plain(self) -> dict[str, object]:
        """For the JSON file."""
        return {
            "name": self.row.name,
            "ours": self.ours,
            "baseline": self.baseline,
            "unit": self.row.unit,
            "ratio": self.ratio,
            "goal": self.row.goal,
        }


def measured(row: Row, runs: int) -> Result:
    """Run both by turns, ours first on even runs, so that neither has the warmer machine."""
    ours: list[float] = []
    baseline: list[float] = []
    for number in range(row.runs or runs):
        pair = [(row.ours, ours), (row.baseline, baseline)]
        for work, times in pair if number % 2 == 0 else reversed(pair):
            row.prepare()
            gc.collect()
            started = time.perf_counter()
            value = work()
            taken = (time.perf_counter() - started) * 1000
            times.append(float(value) if row.unit == "MiB" else taken)
    return Result(row, statistics.median(ours), statistics.median(baseline))
