"""Measures every row of the speed goals against its baseline in the same run, and prints ratios."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import Row, measured


def main() -> int:
    """Run the rows that are asked for. Exit status 1 where a ratio is over its goal."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")
    parser.add_argument("--only", metavar="NAME", default="", help="only rows whose name holds NAME")
    parser.add_argument("--runs", type=int, default=5, help="interleaved runs of each row (their median counts)")
    options = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory(prefix="annotator-bench-") as folder:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            os.environ[name] = folder
        rows = list(_rows(Path(folder)))
        results = []
        for row in rows:
            if options.only.lower() in row.name.lower():
                result = measured(row, options.runs)
                results.append(result)
                print(result.line(), flush=True)
    if options.json:
        options.json.write_text(json.dumps([result.plain() for result in results], indent=1), "utf-8")
    return 0 if all(result.ratio <= result.row.goal for result in results) else 1


def _rows(folder: Path) -> list[Row]:
    from tests.benchmarks import rows_project, rows_window

    return [*rows_window.rows(folder), *rows_project.rows(folder)]


if __name__ == "__main__":
    sys.exit(main())
