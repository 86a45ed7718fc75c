"""WebAnno and INCEpTION export a folder for each document, and in it a file for each coder."""

from __future__ import annotations

from pathlib import Path, PurePath

_FOLDERS = {"annotation", "annotation_ser", "curation", "curation_ser"}
_DOCUMENTS = {
    ".txt",
    ".tsv",
    ".xmi",
    ".xml",
    ".html",
    ".htm",
    ".pdf",
    ".conll",
    ".conllu",
    ".json",
    ".docx",
    ".md",
    ".tei",
}
_NOBODY = {"initial_cas", "curation", "curation_user"}


def place_of(path: Path) -> tuple[str, str]:
    """The title and the coder that the place of a file tells; the file's own name and nobody for a file by itself."""
    stem = PurePath(path.name).stem
    folder = path.parent
    inside = folder.parent.name.casefold() in _FOLDERS or PurePath(folder.name).suffix.casefold() in _DOCUMENTS
    if not inside or stem.casefold() == PurePath(folder.name).stem.casefold():
        return _proper(stem), ""
    document = PurePath(folder.name)
    title = document.stem if document.suffix.casefold() in _DOCUMENTS else document.name
    return _proper(title), "" if stem.casefold() in _NOBODY else _proper(stem)


def source_of(path: Path) -> Path | None:
    """The plain text that an exported project has of this file's document, in its folder of sources."""
    document = path.parent.name
    source = path.parent.parent.parent / "source" / document
    if path.parent.parent.name.casefold() in _FOLDERS and document.casefold().endswith(".txt") and source.is_file():
        return source
    return None


def _proper(name: str) -> str:
    """A file's name need not be proper Unicode."""
    return name.encode("utf-8", "replace").decode("utf-8")
