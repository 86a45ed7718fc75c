"""Breaks files for some minutes and prints what was found: python -m tests.fuzzing --minutes 5."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path


def main() -> int:
    """Exit status 1 where a file broke something."""
    parser = argparse.ArgumentParser(prog="fuzzing", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5, metavar="N", help="go on for so long (default: 5)")
    parser.add_argument("--files", type=int, default=10**9, metavar="N", help="at most so many files")
    parser.add_argument("--seed", type=int, metavar="N", help="repeat an earlier run")
    parser.add_argument("--format", action="append", default=[], metavar="NAME", help="these formats only")
    options = parser.parse_args()
    seed = int.from_bytes(os.urandom(4)) if options.seed is None else options.seed
    with tempfile.TemporaryDirectory(prefix="annotator-fuzzing-") as folder:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "HOME"):
            os.environ[name] = folder
        from tests.fuzzing.judge import Fuzzer

        fuzzer = Fuzzer(Path(folder), seed, tuple(options.format))
        end = time.monotonic() + options.minutes * 60
        while time.monotonic() < end and fuzzer.counts["files"] < options.files and len(fuzzer.failures) < 20:
            fuzzer.one()
        fuzzer.judge.close()
    print(f"seed {seed}; {', '.join(f'{count:,} {name}' for name, count in sorted(fuzzer.counts.items()))}")
    print(f"the slowest took {fuzzer.slowest[0]} s: {fuzzer.slowest[1]}")
    for failure in fuzzer.failures:
        print(failure)
    return int(bool(fuzzer.failures))


if __name__ == "__main__":
    sys.exit(main())
