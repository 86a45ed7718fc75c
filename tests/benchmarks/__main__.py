"""Measures every row of the speed goals against its baseline in the same run, and prints ratios."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from annotator import collector
from tests.benchmarks.measure import Row, measured

# As in the table of goals.
ORDER = (
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


def main() -> int:
    """Run the rows that are asked for. Exit status 1 where a ratio is over its goal."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")
    parser.add_argument("--only", metavar="NAME", default="", help="only rows whose name holds NAME")
    parser.add_argument("--runs", type=int, default=9, help="interleaved runs of each row (their median counts)")
    options = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory(prefix="annotator-bench-") as folder:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            os.environ[name] = folder
        rows = list(_rows(Path(folder)))
        collector.go_on()  # as the program does when it starts
        results = []
        for row in rows:
            if options.only.lower() in row.name.lower():
                result = measured(row, options.runs)
                results.append(result)
                print(result.line(), flush=True)
    if not results:
        parser.error(f"no row has “{options.only}” in its name")
    if options.json:
        options.json.write_text(json.dumps([result.plain() for result in results], indent=1), "utf-8")
    return 0 if all(result.ratio <= result.row.goal for result in results) else 1


def _rows(folder: Path) -> list[Row]:
    from tests.benchmarks import rows_project, rows_window

    rows = [*rows_window.rows(folder), *rows_project.rows(folder)]
    return sorted(rows, key=lambda row: ORDER.index(row.name))


if __name__ == "__main__":
    sys.exit(main())
