"""Deep, wide and circular files of other tools' annotations. Broken files of every format are in tests/fuzzing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from annotator.domain.errors import AnnotatorError
from annotator.domain.exchange import Reading
from annotator.interchange.registry import Formats


@pytest.fixture(scope="module")
def formats() -> Formats:
    return Formats()


def _read(tools: Any, formats: Formats, name: str, path: Path) -> None:
    told = "."
    try:
        tools.memory.of(formats.importers[name].read(path, Reading()))
    except AnnotatorError as error:
        told = str(error)
    assert told.endswith(".")
    assert "\n" not in told


def test_deep_and_wide(tools: Any, formats: Formats, tmp_path: Path) -> None:
    deep = b"<Code guid='1' name='a' isCodable='true'>" * 5000
    (tmp_path / "x.qdc").write_bytes(b'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>' + deep)
    _read(tools, formats, "qdc", tmp_path / "x.qdc")
    chain = "".join(f"E{n}\tL:T1 a:E{n + 1}\n" for n in range(5000)) + "E5000\tL:T1\nT1\tX 0 1\ta\n"
    (tmp_path / "a.ann").write_text(chain)
    (tmp_path / "a.txt").write_text("abc")
    memory = tools.memory.of(formats.importers["brat"].read(tmp_path / "a.ann", Reading()))
    assert len(memory.of_documents[0].links) == 5001
    ring = "".join(f"E{n}\tL a:E{(n + 1) % 2000}\n" for n in range(2000))
    (tmp_path / "a.ann").write_text(ring)
    _read(tools, formats, "brat", tmp_path / "a.ann")
    (tmp_path / "a.ann").write_text("".join(f"T{n}\tX {n} {n + 5}\tzz\n" for n in range(50_000)))
    _read(tools, formats, "brat", tmp_path / "a.ann")
