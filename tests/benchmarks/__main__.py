"""Measures every row of the speed goals against its baseline in the same run, and prints ratios.

Without options these are the thirteen lines of the design's table. `--all` adds the further rows, `--only` looks in both.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from annotator import collector
from tests.benchmarks.measure import Row, measured

# As in the table of goals: these thirteen lines, in this order, are the bench.
GOALS = (
    "cold start to painted window",
    "open a project of 10,000 documents",
    "open a 60 KB article, 1,000 annotations, painted",
    "open 1 MB, 10,000 annotations, painted",
    "press a tag key -> on disk and painted in text and list",
    "page scroll, 1 annotation per 100 characters",
    "page scroll, 1 annotation per 10 characters",
    "filter a list of 100,000 annotations",
    "search 100,000 documents, first 50 hits",
    "export 10,000 documents, 100,000 annotations to JSON",
    "import the same",
    "memory of a streamed export or import",
    "undo an import of 100,000 annotations",
)

# Modules whose `rows(folder)` hold further rows, in the order in which they are printed.
FURTHER: tuple[str, ...] = ("rows_search", "rows_brat", "rows_registry")


def main() -> int:
    """Run the rows that are asked for. Exit status 1 where a ratio is over its goal."""
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")
    parser.add_argument("--only", metavar="NAME", default="", help="only rows whose name holds NAME")
    parser.add_argument("--all", action="store_true", help="the further rows too, after the thirteen")
    parser.add_argument("--runs", type=int, default=9, help="interleaved runs of each row (their median counts)")
    options = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory(prefix="annotator-bench-") as folder:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            os.environ[name] = folder
        rows = _goals(Path(folder))
        if options.all or options.only:
            rows += _further(Path(folder))
        chosen = [row for row in rows if options.only.lower() in row.name.lower()]
        if not chosen:
            parser.error(f"no row has “{options.only}” in its name")
        collector.go_on()  # as the program does when it starts
        results = []
        for row in chosen:
            results.append(measured(row, options.runs))
            print(results[-1].line(), flush=True)
    if options.json:
        options.json.write_text(json.dumps([result.plain() for result in results], indent=1), "utf-8")
    return 0 if all(result.ratio <= result.row.goal for result in results) else 1


def _goals(folder: Path) -> list[Row]:
    from tests.benchmarks import rows_project, rows_window

    rows = {row.name: row for row in (*rows_window.rows(folder), *rows_project.rows(folder))}
    return [rows.pop(name) for name in GOALS]


def _further(folder: Path) -> list[Row]:
    return [row for name in FURTHER for row in import_module(f"tests.benchmarks.{name}").rows(folder)]


if __name__ == "__main__":
    sys.exit(main())
