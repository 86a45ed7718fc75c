"""A codebook alone as JSON: for templates, and to carry a coding scheme from study to study.

    {"format": "annotator-codebook", "version": 1, "name": "…", "description": "…", "codebook": {…}}

`codebook` is as in a project's export, and a project's export can be read too: for its codebook.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from annotator import __version__
from annotator.domain.codebook import Codebook
from annotator.domain.errors import FileRefused
from annotator.domain.invariants import shown
from annotator.interchange.json_header import HeaderReader
from annotator.interchange.json_values import parse
from annotator.interchange.json_write import FORMAT as PROJECT_FORMAT
from annotator.interchange.json_write import codebook_to_plain

FORMAT = "annotator-codebook"
VERSION = 1
_LARGEST = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CodebookFile:
    """A codebook with what its file says of it."""

    name: str
    description: str
    codebook: Codebook


def read_codebook(path: Path) -> CodebookFile:
    """Read a codebook from its own file, or from a project's export. Raises FileRefused with one sentence."""
    try:
        if path.stat().st_size > _LARGEST:
            raise FileRefused(f"{path} was not read: it is far too large for a codebook.")
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FileRefused(f"{path} cannot be read: {reason}.") from error
    if path.suffix.lower() == ".jsonl":
        data = data.split(b"\n", 1)[0]
    plain = parse(data.removeprefix(b"\xef\xbb\xbf"), path)
    reader = HeaderReader(path)
    if type(plain) is not dict or plain.get("format") not in (FORMAT, PROJECT_FORMAT):
        reader.refuse("it is not a codebook, nor the export of a project")
    if plain["format"] == PROJECT_FORMAT:
        header = reader.header(plain)
        return CodebookFile(header.info.name if header.info else path.stem, "", _unversioned(header.codebook))
    version = plain.get("version")
    if type(version) is not int or version < 1:
        reader.refuse(f"its version is {shown(version)}, which is not one that there is")
    if version > VERSION:
        reader.refuse(f"it was made by a newer Annotator (version {version} of the format; this one reads {VERSION})")
    name = reader.get(plain, "name", str, "the file", path.stem)
    description = reader.get(plain, "description", str, "the file", "")
    codebook = reader.read_codebook(reader.get(plain, "codebook", dict, "the file"))
    return CodebookFile(name, description, _unversioned(codebook))


def _unversioned(codebook: Codebook) -> Codebook:
    """Versions count the changes within one project."""
    return replace(codebook, version=1)


def write_codebook(codebook: Codebook, name: str, description: str = "") -> bytes:
    """A codebook as the bytes of its file, laid out so that people can read and compare it."""
    plain = {
        "format": FORMAT,
        "version": VERSION,
        "generator": f"annotator {__version__}",
        "name": name,
        "description": description,
        "codebook": codebook_to_plain(_unversioned(codebook)),
    }
    return orjson.dumps(plain, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
