"""UIMA CAS as XMI and as JSON, with dkpro-cassis: what INCEpTION, WebAnno and other UIMA tools exchange.

cassis converts the UTF-16 offsets of the files. It is loaded when such a file is read or written, not before.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, TypeVar

import orjson

from annotator.domain.errors import AnnotatorError, FileRefused
from annotator.domain.exchange import Item, Reading, Source
from annotator.interchange.assembly import Assembly
from annotator.interchange.cas_read import ForeignReader, OwnReader, own_header
from annotator.interchange.cas_write import CasWriter
from annotator.interchange.containers import Container, Folder, ZipWriter, is_zip, opened, zip_names
from annotator.interchange.files import read_head
from annotator.interchange.project_folders import place_of
from annotator.interchange.raw import RawDocument, Report
from annotator.interchange.renaming import Renames, file_stem
from annotator.interchange.scheme import Scheme
from annotator.interchange.sidecar import adopt
from annotator.interchange.xml_read import parse_xml

_LOSES = (
    "The project's name, date and guidelines stay behind, and entries that no annotation refers to.",
    "Other tools see an annotation in several fragments from the first to the last; the fragments come back all the same.",
    "Sentences, tokens, parts of speech and syntax of other tools are not kept.",
)

LONGEST = 2_000_000
"""Characters of text that a CAS may have: four novels."""
_T = TypeVar("_T")


def _guarded(path: str, load: Callable[[], _T]) -> _T:
    """What cassis, or we, make of a file; whatever stumbles over it is the file's fault."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load()
    except AnnotatorError:
        raise
    except RecursionError:
        raise FileRefused(f"{path} was not read: it is nested too deeply.") from None
    except Exception as error:
        told = " ".join(str(error).split())[:200] or type(error).__name__
        raise FileRefused(f"{path} was not read: it is no proper UIMA CAS ({told}).") from None


class _CasImporter:
    """What both forms have in common."""

    ending = ""
    coded = True

    def _files(self, path: Path, stack: ExitStack) -> tuple[Container, list[str]]:
        if is_zip(read_head(path)[:4]):
            container = stack.enter_context(opened(path))
            names = [name for name in container.names if name.lower().endswith(self.ending)]
            if not names:
                raise FileRefused(f"{path} was not read: there is no {self.ending} file in it.")
            return container, names
        container = Folder(path.parent, deep=False)
        return container, [path.name]

    def _load(self, container: Container, name: str) -> Any:
        raise NotImplementedError

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """Every CAS as a document."""
        report = Report(str(path))
        with ExitStack() as stack:
            container, names = self._files(path, stack)
            renames = Renames(reading.options)
            first = self._load(container, names[0])
            found = own_header(first, path) if not renames else None
            scheme = Scheme(renames, found[0].codebook if found else None)

            def document(cas: Any, name: str) -> RawDocument:
                where = str(container.path / name)
                header = own_header(cas, path) if found else None
                if header is None:
                    foreign = ForeignReader(scheme, where, report)
                    place = path.parent / PurePosixPath(name).name
                    return _guarded(where, lambda: foreign.document(cas, *place_of(place)))
                adopt(scheme, header[0])
                own = OwnReader(header[0].codebook, scheme, where)
                # Its features may hold anything, for the file brings its own types along.
                return _guarded(where, lambda: own.document(cas, header[1], report))

            # A few CAS are many megabytes of Python objects, so they are read twice rather than kept.
            kept = [document(first, names[0])] if len(names) == 1 else None
            del first

            def documents() -> Iterator[RawDocument]:
                yield from kept if kept is not None else (document(self._load(container, name), name) for name in names)

            yield from Assembly(path, scheme, report).items(documents, reading, len(names))


class XmiImporter(_CasImporter):
    """Reads UIMA CAS XMI, alone with its type system beside it, or zipped."""

    name = "cas-xmi"
    title = "UIMA CAS XMI"
    extensions = (".xmi", ".zip")
    certain = True
    options = ("map",)
    collection = True
    ending = ".xmi"
    loses: tuple[str, ...] = _LOSES

    def sniff(self, path: Path, head: bytes) -> bool:
        """By the name space, or a zip with such a file."""
        if is_zip(head):
            return any(name.lower().endswith(".xmi") for name in zip_names(path, head))
        return b"http://www.omg.org/XMI" in head and b"uima" in head

    def _load(self, container: Container, name: str) -> Any:
        where = str(container.path / name)
        beside = PurePosixPath(name).parent
        systems = [
            other
            for other in container.names
            if other.lower().endswith((".xml", ".typesystem"))
            and "typesystem" in PurePosixPath(other).name.lower().replace("_", "")
        ]
        systems.sort(key=lambda other: PurePosixPath(other).parent != beside)
        if not systems:
            raise FileRefused(f"{where} was not read: its type system (TypeSystem.xml) is not beside it.")
        data, system = container.read(name), container.read(systems[0])
        _check_length(where, (text for at in parse_xml(data, where).iter() if (text := at.get("sofaString"))))
        parse_xml(system, container.path / systems[0])

        def load() -> Any:
            from cassis import load_cas_from_xmi, load_typesystem

            return load_cas_from_xmi(io.BytesIO(data), typesystem=load_typesystem(io.BytesIO(system)), lenient=True)

        return _guarded(where, load)


class JsonCasImporter(_CasImporter):
    """Reads UIMA CAS JSON, alone or zipped."""

    name = "cas-json"
    title = "UIMA CAS JSON"
    extensions = (".json", ".zip")
    certain = True
    options = ("map",)
    collection = True
    ending = ".json"
    loses: tuple[str, ...] = _LOSES

    def sniff(self, path: Path, head: bytes) -> bool:
        """By its own keys, or a zip of nothing but such files."""
        if is_zip(head):
            names = zip_names(path, head)
            return bool(names) and all(name.lower().endswith(".cas.json") for name in names)
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        return start.startswith(b"{") and (b'"%TYPES"' in start or b'"%FEATURE_STRUCTURES"' in start)

    def _load(self, container: Container, name: str) -> Any:
        data = container.read(name)
        where = str(container.path / name)
        _check_length(where, _texts(data))

        def load() -> Any:
            from cassis import load_cas_from_json

            return load_cas_from_json(io.BytesIO(data), lenient=True)

        return _guarded(where, load)


def _texts(data: bytes) -> Iterator[str]:
    """The texts in a CAS JSON, as far as it can be read."""
    try:
        plain = orjson.loads(data)
    except orjson.JSONDecodeError:
        return  # cassis tells what is wrong
    structures = plain.get("%FEATURE_STRUCTURES") if isinstance(plain, dict) else None
    if isinstance(structures, dict):
        structures = list(structures.values())
    for structure in structures if isinstance(structures, list) else ():
        text = structure.get("sofaString") if isinstance(structure, dict) else None
        if isinstance(text, str):
            yield text


def _check_length(where: str, texts: Iterable[str]) -> None:
    """cassis keeps some two hundred bytes for each character."""
    length = sum(map(len, texts))
    if length > LONGEST:
        raise FileRefused(f"{where} was not read: its text has {length:,} characters; up to {LONGEST:,} are taken.")


class XmiExporter:
    """Writes UIMA CAS XMI: a zip of one .xmi a document and their TypeSystem.xml."""

    name = "cas-xmi"
    title = "UIMA CAS XMI"
    extensions = (".xmi.zip",)
    options: tuple[str, ...] = ()
    folders = True
    loses: tuple[str, ...] = (
        *_LOSES,
        "Characters that XML cannot hold are replaced, one for one.",
    )

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """A file a document."""
        writer = CasWriter(source, xml=True)
        taken: set[str] = set()
        with ZipWriter(out) as zip_:
            zip_.add("TypeSystem.xml", writer.type_system())
            for data, cas in writer.documents():
                stem = file_stem(data.document.title, taken)
                zip_.add(f"{stem}.xmi", cas.to_xmi().encode())


class JsonCasExporter:
    """Writes UIMA CAS JSON: one document as a file, several as a zip."""

    name = "cas-json"
    title = "UIMA CAS JSON"
    extensions = (".cas.json", ".cas.zip")
    options: tuple[str, ...] = ()
    loses: tuple[str, ...] = _LOSES

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """A project of one document is that document's file."""
        writer = CasWriter(source, xml=False)
        documents = writer.documents()
        first = next(documents, None)
        second = next(documents, None)
        if first is not None and second is None:
            out.write(_json(first[1]))
            return
        taken: set[str] = set()
        with ZipWriter(out) as zip_:
            for pair in (first, second):
                if pair is not None:
                    zip_.add(f"{file_stem(pair[0].document.title, taken)}.cas.json", _json(pair[1]))
            for data, cas in documents:
                zip_.add(f"{file_stem(data.document.title, taken)}.cas.json", _json(cas))


def _json(cas: Any) -> bytes:
    from cassis.typesystem import TypeSystemMode

    return str(cas.to_json(type_system_mode=TypeSystemMode.FULL)).encode()
