"""Zip files that are one document (Word, OpenDocument, Excel, EPUB): opened with limits, their XML without tricks."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from annotator.domain.errors import FileRefused
from annotator.interchange.articles import sound
from annotator.interchange.files import read_head, told_plainly

MOST_PARTS = 20_000
LARGEST = 1_000_000_000
"""Bytes that all parts together may have when unpacked."""
LARGEST_PART = 200_000_000
HIGHEST_RATIO = 200
"""Documents shrink to a tenth; what shrinks to less than this is made to fill a computer's memory."""
_RATIO_COUNTS_FROM = 20_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XML = (".xml", ".rels", ".opf", ".ncx", ".xhtml", ".html", ".htm", ".rdf")
_ENTITY = re.compile(rb"<\s*!\s*ENTITY|<\0!\0E\0N\0T\0I\0T\0Y|\0<\0!\0E\0N\0T\0I\0T\0Y", re.IGNORECASE)


@contextmanager
def package(path: Path, kind: str) -> Iterator[zipfile.ZipFile]:
    """The zip, once it is known that it can be unpacked. `kind` names what it should be: "a Word document"."""
    if read_head(path).startswith(_OLE):
        raise FileRefused(
            f"{path} was not read: it is protected by a password, or in an old Office format; "
            "save it without a password in a present format."
        )
    with told_plainly(path), sound(path, kind):
        opened = zipfile.ZipFile(path)
    with opened:
        check_sizes(path, opened.infolist())
        yield opened


def check_sizes(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    """Refuse what would fill the memory. The sizes that a zip states are the most that zipfile ever unpacks."""
    total = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS:
        raise FileRefused(f"{path} was not read: it has {len(parts):,} parts, far more than any document.")
    if total > LARGEST or any(_bomb(part) for part in parts):
        raise FileRefused(f"{path} was not read: unpacked it would take {total / 1e6:,.0f} MB; it may be a zip bomb.")
    if any(part.flag_bits & 0x1 for part in parts):
        raise FileRefused(f"{path} was not read: it is protected by a password.")


def _bomb(part: zipfile.ZipInfo) -> bool:
    if part.file_size > LARGEST_PART:
        return True
    return part.file_size > _RATIO_COUNTS_FROM and part.file_size > HIGHEST_RATIO * max(part.compress_size, 1)


def refuse_entities(path: Path, opened: zipfile.ZipFile, kind: str) -> None:
    """No document needs to define XML entities; those that do are made to grow in memory or to read other files."""
    for part in opened.infolist():
        if part.filename.lower().endswith(_XML):
            with sound(path, kind), opened.open(part) as stream:
                if _ENTITY.search(stream.read(65_536)):
                    raise FileRefused(f"{path} was not read: it defines XML entities, which no document needs.")


def part_of(path: Path, opened: zipfile.ZipFile, name: str, kind: str) -> bytes:
    """One part; its name may be written in another case. Empty where it is not there."""
    known = {info.filename.lower(): info for info in opened.infolist()}
    info = known.get(name.lower())
    if info is None:
        return b""
    with sound(path, kind):
        return opened.read(info)


def xml(path: Path, data: bytes, kind: str) -> Any:
    """The root of an XML part. Entities stay as they are, and nothing outside of the part is read."""
    from lxml import etree

    if _ENTITY.search(data, 0, 65_536):
        raise FileRefused(f"{path} was not read: it defines XML entities, which no document needs.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    with sound(path, kind):
        return etree.fromstring(data, parser)
