"""Tries for some minutes to make Annotator lose something, in every way in turn, and prints what was found.

Kills in the middle of work, faults of the file system, damaged and hostile project files, broken files for every importer.
With `--kills` only kills, at most so many.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

MOST_LOSSES = 20
CYCLES, DOCUMENTS = 10_000, 500
SESSION_FROM = 25
"""A run of at least so many minutes begins with a long session at the window, unless it is told not to."""


class Torture:
    """All harnesses, one seed, one folder."""

    def __init__(self, folder: Path, seed: int, largest: int) -> None:
        from tests.torture.kills import Killer

        self.folder, self.seed = folder, seed
        self.killer = Killer(folder, seed, largest)
        self.counts: Counter[str] = Counter()
        self.losses: list[str] = []
        self.session: dict[str, object] = {}
        self._round = 0

    def kill(self) -> None:
        """One kill."""
        self.killer.kill()

    def round(self) -> None:
        """A while of everything."""
        from tests.fuzzing.judge import Fuzzer
        from tests.torture.damage import Damager
        from tests.torture.faults import Faulter

        self._round += 1
        seed = self.seed + self._round * 1000
        for _ in range(60):
            self.killer.kill()
        damager = Damager(self.folder / f"damage {self._round}", seed)
        for _ in range(15):
            damager.one()
        faulter = Faulter(self.folder / f"fault {self._round}", seed)
        for _ in range(10):
            faulter.one()
        place = self.folder / f"fuzz {self._round}"
        place.mkdir()
        fuzzer = Fuzzer(place, seed)
        for _ in range(60):
            fuzzer.one()
        fuzzer.judge.close()
        self.counts.update(damager.counts)
        self.counts.update(faulter.counts)
        self.counts["fuzzed"] += fuzzer.counts["files"]
        found = [*damager.losses, *faulter.losses, *(f"fuzzed: {told}" for told in fuzzer.failures)]
        self.losses += [f"round {self._round}: {told}" for told in found]
        if not found:
            for name in ("damage", "fault", "fuzz"):
                shutil.rmtree(self.folder / f"{name} {self._round}", ignore_errors=True)

    def long_session(self, cycles: int) -> None:
        """Many cycles at a window, in a process of its own: what is forked here must never have had a window."""
        command = [
            sys.executable,
            "-m",
            "tests.torture.session",
            "--cycles",
            str(cycles),
            "--documents",
            str(DOCUMENTS),
        ]
        ran = subprocess.run(command, capture_output=True, text=True)
        try:
            self.session = json.loads(ran.stdout)
        except ValueError:
            self.losses.append(f"long session: {ran.stdout[-500:]} {ran.stderr[-2000:]}")
            return
        self.losses += [f"long session: {told}" for told in self.session["grows"]]  # type: ignore[attr-defined]

    def result(self, seconds: float) -> dict[str, object]:
        """What was done, and what was found."""
        counts = self.killer.counts + self.counts
        first = ("kills", "faults", "damaged", "hostile", "fuzzed")
        return {
            "seed": self.seed,
            "seconds": round(seconds, 1),
            **{name: counts[name] for name in first},
            **{name: counts[name] for name in sorted(counts) if name not in first},
            **({"session": self.session} if self.session else {}),
            "losses": len(self.all_losses()),
        }

    def all_losses(self) -> list[str]:
        """What was promised and did not hold, a line each."""
        return [*self.killer.losses, *self.losses]


def main() -> int:
    """Exit status 1 where anything was lost."""
    parser = argparse.ArgumentParser(prog="torture", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, metavar="N", help="go on for so long (default: 30)")
    parser.add_argument("--kills", type=int, metavar="N", help="only kills, and at most so many")
    parser.add_argument("--cycles", type=int, default=CYCLES, metavar="N", help="of the long session; 0: without it")
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
    started = told = time.monotonic()
    torture = Torture(folder, seed, 150 if options.kills else 1000)
    if options.kills is None and options.minutes >= SESSION_FROM and options.cycles:
        torture.long_session(options.cycles)

    def spent() -> bool:
        late = time.monotonic() - started >= options.minutes * 60
        return (
            late
            or torture.killer.counts["kills"] >= (options.kills or 10**9)
            or len(torture.all_losses()) > MOST_LOSSES
        )

    while not spent():
        torture.kill() if options.kills else torture.round()
        if time.monotonic() - told > 30:
            told = time.monotonic()
            line = {name: value for name, value in torture.result(told - started).items() if name != "session"}
            print(json.dumps(line), file=sys.stderr, flush=True)
    result = torture.result(time.monotonic() - started)
    for name, count in result.items():
        print(f"{count:>12,} {name}" if isinstance(count, int) else f"{count!s:>12} {name}")
    losses = torture.all_losses()
    for loss in losses:
        print(loss)
    if options.json:
        options.json.write_text(json.dumps({**result, "told": losses}, indent=1), "utf-8")
    if not losses:
        shutil.rmtree(folder)
    return int(bool(losses))


if __name__ == "__main__":
    sys.exit(main())
