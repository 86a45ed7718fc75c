"""REFI-QDA: projects (.qdpx) and codebooks (.qdc), as MAXQDA, ATLAS.ti, NVivo and QualCoder exchange them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from annotator.domain.errors import FileRefused
from annotator.domain.exchange import Item, Reading, Source
from annotator.interchange.containers import Container, Folder, ZipWriter, is_zip, opened, zip_names
from annotator.interchange.files import read_bytes
from annotator.interchange.raw import Report
from annotator.interchange.refi_codes import ORIGIN, CodeTree
from annotator.interchange.refi_read import RefiReader
from annotator.interchange.refi_write import ProjectWriter, write_codebook
from annotator.interchange.renaming import Renames
from annotator.interchange.scheme import Scheme
from annotator.interchange.xml_read import local, parse_xml

_READS = (
    "Parts of pictures, recordings and pages are reported and left out; a passage of a PDF is found again by its text.",
    "Codes become entries of the registry “codes” in the layer “Coding”, with their tree, colours and memos.",
    "A source whose text is absent becomes a document with what its selections quote and dots for the rest.",
    "Graphs, sets of memos, cases without a source and the memo of the project are reported and left out.",
)
_WRITES = (
    "Aliases and fields of entries stay behind, except colours; so do the origins of suggestions and of entries.",
    "The status of documents stays behind, lists in metadata become texts, empty values go, and the codebook's fields of "
    "documents become plain metadata.",
    "Link types and registries go along with their links and entries only, without what the codebook says of them; fields "
    "of links become texts, numbers or yes and no.",
    "The keys, marks, guidelines and examples of layers do not come back, nor what the codebook says of fields besides "
    "their descriptions.",
    "Characters that XML cannot hold are replaced in names and notes; texts of documents stay as they are.",
    "The project's name, date and guidelines do not come back; ids of layers, link types and registries are made anew, and "
    "so are others that are no UUIDs.",
)


class QdpxImporter:
    """Reads REFI-QDA projects."""

    name = "qdpx"
    title = "REFI-QDA project"
    extensions = (".qdpx", ".qde")
    certain = True
    options = ("map",)
    collection = True
    coded = True
    loses: tuple[str, ...] = _READS

    def sniff(self, path: Path, head: bytes) -> bool:
        """A zip with a .qde file in it, or such a file."""
        if is_zip(head):
            return any(name.lower().endswith(".qde") for name in zip_names(path, head))
        return b"urn:QDA-XML:project" in head

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """Sources with their selections."""
        with ExitStack() as stack:
            container: Container
            if path.suffix.lower() == ".qde":
                data = read_bytes(path)
                container = Folder(path.parent)
            else:
                container = stack.enter_context(opened(path))
                projects = [name for name in container.names if name.lower().endswith(".qde")]
                if not projects:
                    raise FileRefused(f"{path} was not read: there is no project.qde in it.")
                data = container.read(min(projects, key=lambda name: len(PurePosixPath(name).parts)))
            root = parse_xml(data, path)
            if local(root) != "Project":
                raise FileRefused(f"{path} was not read: it is no REFI-QDA project.")
            yield from RefiReader(path, root, container, reading).items()


class QdpxExporter:
    """Writes REFI-QDA projects."""

    name = "qdpx"
    title = "REFI-QDA project"
    extensions = (".qdpx",)
    options: tuple[str, ...] = ()
    loses: tuple[str, ...] = _WRITES

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """A zip of project.qde and the texts."""
        with ZipWriter(out) as zip_:
            ProjectWriter(source, zip_).write()


class QdcImporter:
    """Reads REFI-QDA codebooks."""

    name = "qdc"
    title = "REFI-QDA codebook"
    extensions = (".qdc",)
    certain = True
    options = ("map",)
    loses: tuple[str, ...] = ("Codes become entries of the registry “codes” in the layer “Coding”.",)

    def sniff(self, path: Path, head: bytes) -> bool:
        """By its name space."""
        return b"urn:QDA-XML:codebook" in head

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """Layers, registries and entries; there are no documents in it."""
        root = parse_xml(read_bytes(path), path)
        if local(root) != "CodeBook":
            raise FileRefused(f"{path} was not read: it is no REFI-QDA codebook.")
        tree = CodeTree(root.get("origin", "").startswith(ORIGIN))
        scheme = Scheme(Renames(reading.options))
        report = Report(str(path))
        parts: dict[str, Any] = {local(child): child for child in root}
        tree.read(parts.get("Codes", ()))
        for element in parts.get("Sets", ()):
            tree.set_of(element)
        tree.settle(scheme, {})
        yield scheme.header()
        yield from report.end()
        reading.tick(1, 1)


class QdcExporter:
    """Writes REFI-QDA codebooks."""

    name = "qdc"
    title = "REFI-QDA codebook"
    extensions = (".qdc",)
    options: tuple[str, ...] = ()
    textless = True
    loses: tuple[str, ...] = (
        "Documents, annotations and links stay behind: it is the codebook and the entries alone.",
        "Link types, aliases and fields of entries, and the keys and marks of layers stay behind.",
    )

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """One XML file."""
        out.write(write_codebook(source))
