"""brat standoff: a folder or a zip of .txt and .ann files, or one such pair.

A text may have several .ann files: with the name of a coder behind its own (`article_ana.ann`), or in folders of their
own that hold the same texts. They become one document with several coders. Texts and annotations may stand in
different folders.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from annotator.domain.errors import FileRefused, InvalidValue
from annotator.domain.exchange import Item, Reading, Remark, Source
from annotator.domain.text import canonical, digest
from annotator.interchange.assembly import Assembly
from annotator.interchange.brat_read import Brat, fit, parse, rejoin
from annotator.interchange.brat_write import BratWriter
from annotator.interchange.containers import Container, Folder, ZipWriter, is_zip, opened, zip_names
from annotator.interchange.encodings import decode
from annotator.interchange.files import told_plainly
from annotator.interchange.heads import read_head
from annotator.interchange.raw import RawDocument, Report
from annotator.interchange.renaming import Renames, Tokens, plain_token
from annotator.interchange.scheme import Scheme
from annotator.interchange.sidecar import Sidecar, adopt, brat_names

_HEAD = 500
_YEAR = re.compile(r"\d{4}")
_KEPT = 64 * 1024 * 1024
"""Bytes of .ann files up to which what was parsed is kept, rather than read twice."""
_NOT_ARTICLES = ("readme", "license", "licence", "changelog", "copyright")
_OF_BRAT = (".conf", ".json", ".md")
_MOST_OTHERS = 5


@dataclass(slots=True)
class _Group:
    """A text and the .ann files of it, each with its coder's name."""

    text: str
    parts: list[tuple[str, str]] = field(default_factory=list)


class BratImporter:
    """Reads brat standoff."""

    name = "brat"
    title = "brat standoff"
    extensions = (".ann", ".zip")
    certain = True
    options = ("map",)
    collection = True
    folders = True
    coded = True
    loses: tuple[str, ...] = (
        "Settings of brat (annotation.conf, visual.conf, keyboard shortcuts) are left out.",
        "References (N) of relations and events are left out.",
    )

    def sniff(self, path: Path, head: bytes) -> bool:
        """A folder or a zip with .ann files, or one such file."""
        if path.is_dir():
            for _, folders, files in os.walk(path):
                folders[:] = [name for name in folders if not name.startswith(".")]
                if any(name.lower().endswith(".ann") for name in files):
                    return True
            return False
        if is_zip(head):
            return any(name.lower().endswith(".ann") for name in zip_names(path, head))
        return path.suffix.lower() == ".ann"

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """Every text of the collection with what was tagged in it."""
        with ExitStack() as stack:
            container, groups, remarks = self._collect(path, stack)
            yield from _Import(path, container, groups, remarks, reading).items()

    def _collect(self, path: Path, stack: ExitStack) -> tuple[Container, list[_Group], list[Remark]]:
        if path.suffix.lower() == ".txt" and path.with_suffix(".ann").is_file():
            path = path.with_suffix(".ann")
        if path.suffix.lower() == ".ann" and not path.is_dir():
            with told_plainly(path):
                path.stat()
            near = Folder(path.parent, deep=False)
            near.names = [name for name in near.names if name.endswith(".txt")] + [path.name]
            groups, remarks = _grouped(near)
            if not any(group.parts for group in groups):
                # The text may stand in a folder beside; only files that bear its name are looked at.
                near = Folder(path.parent.parent, deep=False)
                near.names = [*_texts_beside(path), f"{path.parent.name}/{path.name}"]
                groups, remarks = _grouped(near)
            groups = [group for group in groups if group.parts]
            if not groups:
                raise FileRefused(f"{path} was not read: its text {path.stem}.txt is not beside it.")
            return near, groups, remarks
        container = stack.enter_context(opened(path))
        groups, remarks = _grouped(container)
        if not groups:
            raise FileRefused(f"{path} was not read: there are no .txt files with .ann files in it.")
        return container, groups, remarks


class _Import:
    def __init__(
        self, path: Path, container: Container, groups: list[_Group], remarks: list[Remark], reading: Reading
    ) -> None:
        self._path = path
        self._container = container
        self._groups = groups
        self._remarks = remarks
        self._reading = reading
        self._sidecar = Sidecar.read(container)
        given = self._sidecar.header.codebook if self._sidecar else None
        renames = Renames(reading.options)
        scheme = Scheme(renames, given)
        if self._sidecar is not None:
            adopt(scheme, self._sidecar.header, plain_token)
        report = Report(str(path))
        self._brat = Brat(scheme, renames, report, given, brat_names(given) if given else Tokens(()))
        if self._sidecar is not None:
            registries = {registry.id: registry.name for registry in self._sidecar.header.codebook.registries}
            for entry in self._sidecar.header.entries:
                known = entry.fields.get("reference")
                if isinstance(known, str):
                    self._brat.references.setdefault((registries[entry.registry_id], known), entry.id)
        self._assembly = Assembly(path, scheme, report)

    def items(self) -> Iterator[Item]:
        reading, groups = self._reading, self._groups
        size = sum(self._container.size(name) for group in groups for name, _ in group.parts)
        keep = size <= _KEPT
        before = self._brat.report.mark()
        kept: list[RawDocument] = []
        total = 2 * len(groups)
        for number, group in enumerate(groups):
            raw = self._parse(group)
            self._assembly.learn(raw)
            if keep:
                kept.append(raw)
            reading.tick(number, total)
        yield self._assembly.scheme.header()
        yield from self._remarks
        if not keep:
            # What there was to remark is remarked again when the file is read again.
            self._brat.report.back_to(before)
        kept.reverse()
        for number, group in enumerate(groups, 1):
            raw = kept.pop() if keep else self._parse(group)
            yield from self._document(raw, group)
            reading.tick(len(groups) + number, total)
        yield from self._brat.report.end()

    def _parse(self, group: _Group) -> RawDocument:
        whole: RawDocument | None = None
        for number, (name, coder) in enumerate(group.parts):
            where = str(self._container.path / name)
            raw = parse(self._brat, _text(self._container, name)[0], where, self._coder(name, coder))
            if whole is None:
                whole = raw
            else:
                _renumber(raw, number)
                whole.marks += raw.marks
                whole.links += raw.links
        return whole or RawDocument("", "", where=str(self._container.path / group.text))

    def _coder(self, name: str, coder: str) -> str:
        if self._sidecar is None:
            return coder
        folder = name.partition("/")[0] if "/" in name else ""
        return self._sidecar.coders.get(folder, coder)

    def _document(self, raw: RawDocument, group: _Group) -> Iterator[Item]:
        data = self._container.read(group.text)
        raw.text, encoding = _text(self._container, group.text, data)
        if encoding != "utf-8":
            self._brat.report.add("mended", raw.where, f"the text was read as {encoding}")
        fit(raw, data.startswith(b"\xef\xbb\xbf"), self._brat.report)
        rejoin(raw)
        raw.title = PurePosixPath(group.text).stem
        known = self._sidecar.documents.get(PurePosixPath(group.text).name) if self._sidecar else None
        if known is not None:
            raw.title, raw.status, raw.metadata = known
        else:
            head = raw.text[:_HEAD]
            when = read_head(canonical(head))[0] if _YEAR.search(head) else ""
            raw.metadata = {"date": when} if when else {}
        return self._assembly.build(raw)


def _text(container: Container, name: str, data: bytes | None = None) -> tuple[str, str]:
    if data is None:
        data = container.read(name)
    try:
        if name.endswith(".ann"):
            # Annotations are UTF-8; what they quote is checked against the text anyway.
            return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        return decode(data)
    except InvalidValue as error:
        raise FileRefused(f"{container.path / name} was not read: {error}.") from None


def _renumber(raw: RawDocument, number: int) -> None:
    """Keys of a second coder's file must not meet those of the first."""
    for mark in raw.marks:
        mark.key = f"{number}/{mark.key}"
    for link in raw.links:
        link.key = f"{number}/{link.key}"
        link.roles = [(role, [f"{number}/{member}" for member in members]) for role, members in link.roles]


def _grouped(container: Container) -> tuple[list[_Group], list[Remark]]:
    """Which .ann files belong to which text."""
    texts = {name: _Group(name) for name in container.names if name.lower().endswith(".txt")}
    by_stem: dict[str, list[str]] = {}
    for name in texts:
        by_stem.setdefault(PurePosixPath(name).stem, []).append(name)
    remarks: list[Remark] = []
    others: dict[str, list[str]] = {}
    for name in container.names:
        place = PurePosixPath(name)
        ending = place.suffix.lower()
        if ending == ".ann":
            found = _text_of(place, place.stem, by_stem)
            coder = ""
            for separator in "_-.@":
                if found is None and separator in place.stem:
                    stem, _, coder = place.stem.rpartition(separator)
                    found = _text_of(place, stem, by_stem)
            if found is None:
                remarks.append(
                    Remark("skipped", str(container.path / name), f"there is no text {place.stem}.txt to it")
                )
            else:
                texts[found].parts.append((name, coder))
        elif ending not in (".txt", *_OF_BRAT):
            others.setdefault(ending, []).append(name)
    for ending, names in others.items():
        # Corpora come with a parse of each article, or its page.
        if len(names) > _MOST_OTHERS:
            told = f"{len(names):,} files that end in {ending or 'nothing'} are neither texts nor annotations"
            remarks.append(Remark("skipped", str(container.path), told))
        else:
            told = "it is neither a text nor annotations"
            remarks += [Remark("skipped", str(container.path / name), told) for name in names]
    groups = [
        group
        for group in _same_texts(container, texts, by_stem)
        if group.parts or not PurePosixPath(group.text).stem.casefold().startswith(_NOT_ARTICLES)
    ]
    return groups, remarks


def _texts_beside(path: Path) -> list[str]:
    """Texts in the folders beside an .ann file's own that are called as it is, but for a coder's name behind."""
    found = []
    with told_plainly(path):
        for folder in sorted(path.parent.parent.iterdir()):
            if not folder.name.startswith(".") and folder.is_dir() and os.access(folder, os.R_OK | os.X_OK):
                found += [
                    f"{folder.name}/{text.name}"
                    for text in sorted(folder.glob("*.txt"))
                    if path.stem == text.stem
                    or path.stem.startswith((f"{text.stem}_", f"{text.stem}-", f"{text.stem}."))
                ]
    return found


def _text_of(place: PurePosixPath, stem: str, by_stem: Mapping[str, list[str]]) -> str | None:
    """The text of this stem in the same folder, else the only or the nearest one."""
    found = by_stem.get(stem, [])
    same = [name for name in found if PurePosixPath(name).parent == place.parent]
    if same or len(found) < 2:
        return next(iter(same or found), None)

    def shared(name: str) -> int:
        return sum(1 for _ in zip(*_equal(PurePosixPath(name).parts, place.parts), strict=True))

    return max(found, key=shared)


def _equal(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[list[str], list[str]]:
    same = []
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        same.append(a)
    return same, same


def _same_texts(container: Container, texts: dict[str, _Group], by_stem: Mapping[str, list[str]]) -> Iterator[_Group]:
    """One group for texts of one name and content in several folders: there the folders are the coders."""
    for names in by_stem.values():
        by_content: dict[str, list[str]] = {}
        for name in names if len(names) > 1 else ():
            by_content.setdefault(digest(canonical(_text(container, name)[0])), []).append(name)
        for same in by_content.values():
            tagged = [name for name in same if texts[name].parts]
            if len(same) < 2:
                continue
            first = texts[same[0]]
            parts = []
            for name in tagged:
                folder = PurePosixPath(name).parent.as_posix()
                parts += [(ann, coder or ("" if folder == "." else folder)) for ann, coder in texts[name].parts]
            first.parts = parts
            for name in same[1:]:
                del texts[name]
    yield from (texts[name] for name in list(texts))


class BratExporter:
    """Writes brat standoff."""

    name = "brat"
    title = "brat standoff"
    extensions = (".brat.zip",)
    options: tuple[str, ...] = ()
    folders = True
    loses: tuple[str, ...] = (
        "The codebook, entries, titles and metadata stand in annotator.json beside brat's own files; without it, entries "
        "keep their name only.",
        "Line breaks and control characters in notes and in values become spaces, and white space at their ends goes; a "
        "value that is empty is left out.",
        "Line breaks at the edges of a tagged stretch are left out, and fragments that only line breaks part become one.",
        "Links between annotations of different coders lose the other coder's.",
        "Ids, who made a suggestion, and when anything was made or changed, stay behind, and so do the project's name, "
        "date and guidelines.",
        "Brackets, spaces and signs in the names of layers, links, roles and fields become underscores.",
    )

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """A zip; with several coders a folder for each."""
        with ZipWriter(out) as zip_:
            BratWriter(source, zip_).write()
