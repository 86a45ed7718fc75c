"""The codebooks that Annotator brings: to begin a project with, or to take over into one."""

from __future__ import annotations

from pathlib import Path

from annotator import resources
from annotator.domain.codebook import Codebook
from annotator.interchange.codebook_json import CodebookFile, read_codebook, write_codebook
from annotator.services.files import write_file

DEFAULT = "attribution"

__all__ = ["DEFAULT", "CodebookFile", "read_codebook", "save_codebook", "template", "templates", "write_codebook"]


def templates() -> dict[str, CodebookFile]:
    """All templates in the order in which they are offered, keyed by a short name."""
    return {_key(path): read_codebook(path) for path in sorted(resources.path("templates").glob("*.json"))}


def template(key: str) -> CodebookFile:
    """One template. Raises KeyError."""
    return templates()[key]


def save_codebook(path: Path, codebook: Codebook, name: str, description: str = "") -> None:
    """Write a codebook to a file; it comes whole or not at all. Raises FileRefused."""
    content = write_codebook(codebook, name, description)
    write_file(path, lambda out: out.write(content))


def _key(path: Path) -> str:
    # Files begin with a number, which is their place in the list.
    return path.stem.partition("-")[2] or path.stem
