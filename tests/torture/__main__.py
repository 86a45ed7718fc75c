"""Kills the program for some minutes, or so many times, and prints what was found."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path


def main() -> int:
    """Exit status 1 where anything was lost."""
    parser = argparse.ArgumentParser(prog="torture", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, metavar="N", help="go on for so long (default: 30)")
    parser.add_argument("--kills", type=int, default=10**9, metavar="N", help="at most so many kills")
    parser.add_argument("--seed", type=int, metavar="N", help="repeat the scripts of an earlier run")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the counts to FILE")
    options = parser.parse_args()
    if not hasattr(os, "fork"):
        print("The harness forks the program that it kills, which this system cannot do.", file=sys.stderr)
        return 2
    seed = int.from_bytes(os.urandom(4)) if options.seed is None else options.seed
    # In memory where there is such a place: a kill spares what the system was given, and the disk would slow it down.
    shared = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="annotator-torture-", dir=shared if os.access(shared, os.W_OK) else None))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "HOME"):
        os.environ[name] = str(folder)
    from tests.torture.kills import Killer

    started = told = time.monotonic()
    killer = Killer(folder, seed)
    while killer.counts["kills"] < options.kills and time.monotonic() - started < options.minutes * 60:
        killer.kill()
        if time.monotonic() - told > 30:
            told = time.monotonic()
            print(f"{killer.counts['kills']} kills, {len(killer.losses)} losses", file=sys.stderr, flush=True)
        if len(killer.losses) >= 20:
            break
    result = {
        "seed": seed,
        "seconds": round(time.monotonic() - started, 1),
        **{name: killer.counts[name] for name in sorted(killer.counts)},
        "losses": len(killer.losses),
    }
    for name, count in result.items():
        print(f"{count:>12,} {name}" if isinstance(count, int) else f"{count:>12} {name}")
    for loss in killer.losses:
        print(loss)
    if options.json:
        options.json.write_text(json.dumps({**result, "told": killer.losses}, indent=1), "utf-8")
    if not killer.losses:
        shutil.rmtree(folder)
    return int(bool(killer.losses))


if __name__ == "__main__":
    sys.exit(main())
