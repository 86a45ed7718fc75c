"""Files made to do harm, those of each format in a process of its own that may take so much memory and time and no more.

python -m tests.fuzzing.hostile --mb 100: lines of a hundred megabytes, zips that grow, entities that multiply or reach
for other files, names that lead out of an archive, deep nesting, circles, offsets out of range.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import sqlite3
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

from tests.fuzzing.mutate import ENTITIES, NAMES
from tests.fuzzing.samples import SAMPLES, good, zipped

MOST_SECONDS = 60
"""Of processor time, which no other process can use up."""
_OVER = 600
"""Megabytes that a small file may take, the program itself included."""
_TIMES = 14
"""How many times its own size a large file may take besides."""

Case = tuple[str, str, Callable[[], bytes]]
"""A format, what is wrong, and the file."""


def cases(megabytes: int) -> Iterator[Case]:
    """All of them, for every format."""
    for name in sorted(SAMPLES):
        yield name, "one endless line", lambda name=name: _endless(name, megabytes << 20)  # type: ignore[misc]
        data = good(name)
        if data[:2] == b"PK":
            yield from _zips(name, data, megabytes)
        elif data.lstrip()[:1] == b"<":
            for number, bomb in enumerate(ENTITIES):
                yield name, f"entities {number}", lambda bomb=bomb, data=data: _with_entities(bomb, data)  # type: ignore[misc]
            yield name, "deep nesting", lambda data=data: data.replace(b">", b">" + b"<x>" * 100_000, 1)  # type: ignore[misc]
        elif data.lstrip()[:1] in b"{[":
            yield name, "deep nesting", lambda data=data: data.replace(b":", b":" + b"[" * 1_000_000, 1)  # type: ignore[misc]
        if name == "brat":
            yield name, "offsets out of range, circles and many records", _brat
        elif name == "dna":
            yield name, "a blob in a view and rows without end", lambda: _dna(megabytes)


def _endless(name: str, size: int) -> bytes:
    long, data = b"a" * size, good(name)
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            parts = {info.filename: file.read(info) for info in file.infolist()}
        largest = next((n for n in parts if n.endswith(("document.xml", "content.xml", "sheet1.xml", ".ann", ".qde", ".xmi",
                                                         ".xhtml", ".csv"))), next(iter(parts)))  # fmt: skip
        # Noise, which no packing makes smaller.
        noise = random.Random(1).randbytes(size // 2).hex().encode()
        parts[largest] = _into(parts[largest], noise)
        return zipped(parts)  # type: ignore[arg-type]
    if data.startswith(b"SQLite"):
        connection = sqlite3.connect(":memory:")
        connection.deserialize(data)
        connection.execute("UPDATE DOCUMENTS SET Text = ?", ("a" * size,))
        connection.commit()
        out = connection.serialize()
        connection.close()
        return out
    return _into(data, long)


def _into(data: bytes, long: bytes) -> bytes:
    """In the middle of the last word of the file, where that word is a value rather than a name."""
    for mark in (b"Smith", b"some", b"said", b"A text", b"Text", b"Chapter", b"Hello", b"One", b"no ,"):
        if mark in data:
            return data.replace(mark, mark + long, 1)
    return data + long


def _with_entities(bomb: bytes, data: bytes) -> bytes:
    """The bomb's declarations before the file's own root, and a call of it within."""
    declarations = bomb[: bomb.index(b"<x>")].partition(b"?>")[2]
    body = data.partition(b"?>")[2] if data.lstrip().startswith(b"<?xml") else data
    root = body.lstrip()[1:].replace(b">", b" ").split()[0]
    call = bomb[bomb.index(b"<x>") + 3 : bomb.index(b"</x>")]
    at = body.rindex(b"</") if b"</" in body else len(body)
    return declarations.replace(b"DOCTYPE x", b"DOCTYPE " + root, 1) + body[:at] + call + body[at:]


def _zips(name: str, data: bytes, megabytes: int) -> Iterator[Case]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = {info.filename: file.read(info) for info in file.infolist()}

    def grown() -> bytes:
        biggest = max(parts, key=lambda part: len(parts[part]))
        return zipped({**parts, biggest: parts[biggest] + b" " * (4 * megabytes << 20)})

    def lying() -> bytes:
        out = bytearray(grown())
        at = out.index(b"PK\x01\x02")
        while at >= 0:
            out[at + 24 : at + 28] = (10).to_bytes(4, "little")
            at = out.find(b"PK\x01\x02", at + 4)
        return bytes(out)

    most = 1000 if name == "zip" else 21_000
    yield name, "a part that grows", grown
    yield name, "a part that grows and lies", lying
    yield name, "many parts", lambda: zipped({**parts, **{f"x{n}.txt": b"x" for n in range(most)}})
    yield name, "names that lead out", lambda: zipped({**parts, **{trick or "_": b"x" for trick in NAMES}})
    in_xml = {part: content for part, content in parts.items() if content.lstrip()[:1] == b"<"}
    for number, bomb in enumerate(ENTITIES):
        for part, content in list(in_xml.items())[: None if number == 0 else 1]:
            broken = {**parts, part: _with_entities(bomb, content)}
            yield name, f"entities {number} in {part}", lambda broken=broken: zipped(broken)  # type: ignore[misc]


def _brat() -> bytes:
    records = "".join(f"T{n}\tX {n} {n + 5}\tzz\n" for n in range(20_000))
    records += "".join(f"E{n}\tL a:E{(n + 1) % 2000}\n" for n in range(2000))
    records += "T-1\tX -5 99999999999999999999\tx\nT0\tX 0 4;2 9999999\tx\n"
    return zipped({"a.txt": "some text", "a.ann": records})


def _dna(megabytes: int) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(good("dna"))
    connection.executescript(
        f"""ALTER TABLE DATASHORTTEXT RENAME TO OLD; CREATE VIEW DATASHORTTEXT AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL
        SELECT i + 1 FROM n) SELECT i AS ID, 1 AS StatementId, 1 AS VariableId, 1 AS Entity FROM n;
        UPDATE DOCUMENTS SET Title = zeroblob({megabytes << 20});
        UPDATE STATEMENTS SET Start = -9223372036854775807, Stop = 9223372036854775807 WHERE ID = 1;"""
    )
    connection.commit()
    out = connection.serialize()
    connection.close()
    return out


def run(folder: Path, megabytes: int, say: Callable[[str], object] = lambda told: None) -> list[str]:
    """Import all of them; what went wrong with which."""
    from tests.fuzzing.judge import Judge

    judge = Judge(folder)
    faults: list[str] = []
    outside = set(folder.parent.iterdir())
    # What the program itself takes, all of its libraries loaded.
    for name in SAMPLES:
        path = folder / SAMPLES[name][0]
        path.write_bytes(good(name))
        judge.faults(name, path)
        path.unlink()
    judge.close()
    for name, of_format in groupby(cases(megabytes), key=lambda case: case[0]):
        found, lines = _alone(folder, name, list(of_format))
        for line in lines:
            say(f"{name}: {line}")
        faults += [f"{name}: {fault}" for fault in found]
    if written := set(folder.parent.iterdir()) - outside:
        faults.append(f"written outside of their folder: {', '.join(map(str, written))}")
    return faults


def _alone(folder: Path, name: str, cases: list[Case]) -> tuple[list[str], list[str]]:
    """The faults of one format, and a line of what each file took."""
    told = folder / "told.txt"
    child = os.fork()
    if child == 0:
        try:
            _import(folder, name, cases, told)
        finally:
            os._exit(0)
    _, status, _ = os.wait4(child, 0)
    lines = told.read_text("utf-8").splitlines()
    told.unlink()
    faults = [line.removeprefix("FAULT ") for line in lines if line.startswith("FAULT ")]
    if status or lines[-1:] != ["end"]:
        faults.append(f"ended before it was through: {lines[-1]}")
    return faults, [line for line in lines if not line.startswith(("FAULT", "end", "now"))]


def _import(folder: Path, name: str, cases: list[Case], told: Path) -> None:
    from tests.fuzzing.judge import Judge

    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    with tempfile.TemporaryDirectory(dir=folder) as own, told.open("w", encoding="utf-8", buffering=1) as out:
        judge = Judge(Path(own))
        path = Path(own) / SAMPLES[name][0]
        largest = 0
        for _, what, make in cases:
            print(f"now {what}", file=out)
            path.write_bytes(make())
            size = path.stat().st_size >> 20
            largest = max(largest, size)
            before = time.process_time()
            how, faults = judge.faults(name, path)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
            if memory > _OVER + _TIMES * largest:
                faults.append(f"{memory} MB of memory for a file of {size} MB")
            for fault in faults:
                print(f"FAULT {what}: {fault}", file=out)
            print(f"{what}: {how}, {time.process_time() - before:.1f} s, {memory} MB at most for {size} MB", file=out)
        judge.close()
        print("end", file=out)


def main() -> int:
    """Exit status 1 where one of them did harm."""
    parser = argparse.ArgumentParser(prog="hostile", description=__doc__)
    parser.add_argument("--mb", type=int, default=100, metavar="N", help="how large the large ones are (default: 100)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="annotator-hostile-") as place:
        folder = Path(place) / "in"
        folder.mkdir()
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "HOME"):
            os.environ[name] = str(folder / "home")
        faults = run(folder, options.mb, lambda told: print(told, flush=True))
    for fault in faults:
        print(f"FAULT {fault}")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
