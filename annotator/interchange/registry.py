"""Which formats there are. Annotator's own register by entry point, exactly as another package's do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, TypeVar

from annotator.domain.errors import FileRefused, NotFound
from annotator.domain.exchange import Exporter, Importer
from annotator.interchange.files import read_head, told_plainly

IMPORTERS = "annotator.importers"
EXPORTERS = "annotator.exporters"


@dataclass(frozen=True, slots=True)
class FormatInfo:
    """A line of `annotator formats`."""

    name: str
    title: str
    extensions: tuple[str, ...]
    reads: bool
    writes: bool
    loses: tuple[str, ...]
    options: tuple[str, ...] = ()
    """What `--option` may tell it, in either direction."""
    textless: bool = False
    """Whether it can be written without the texts."""

    def told(self) -> list[str]:
        """What there is to say of it, a sentence each."""
        sentences = [*(self.loses or ("Nothing is lost.",))]
        if self.options:
            sentences.append(f"Options: {', '.join(self.options)}.")
        if self.textless:
            sentences.append("It can be written without the texts.")
        return sentences


class Formats:
    """The importers and exporters that are installed. A broken one is left out, and `problems` says why."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.importers: dict[str, Importer] = self._load(IMPORTERS, ("sniff", "read"))
        self.exporters: dict[str, Exporter] = self._load(EXPORTERS, ("write",))

    def _load(self, group: str, methods: tuple[str, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for entry_point in sorted(entry_points(group=group), key=_own_first):
            try:
                made = entry_point.load()
                plugin = made() if isinstance(made, type) else made
                _check(plugin, methods)
            except Exception as error:
                # Whatever a plugin does wrong is its own affair, never a reason not to work.
                reason = str(error) or type(error).__name__
                self.problems.append(f"The format “{entry_point.name}” was left out: {' '.join(reason.split())}.")
                continue
            if plugin.name in found:
                self.problems.append(
                    f"The format “{plugin.name}” of {_whose(entry_point)} was left out: it is there twice."
                )
            else:
                found[plugin.name] = plugin
        return found

    def infos(self) -> list[FormatInfo]:
        """All formats by name, an importer and an exporter of the same name as one."""
        infos = []
        for name in sorted({*self.importers, *self.exporters}):
            importer, exporter = self.importers.get(name), self.exporters.get(name)
            sides = [side for side in (importer, exporter) if side is not None]
            titles = " / ".join(dict.fromkeys(side.title for side in sides))
            extensions = dict.fromkeys(extension for side in sides for extension in side.extensions)
            infos.append(
                FormatInfo(
                    *(name, titles, tuple(extensions)),
                    *(importer is not None, exporter is not None, _losses(importer, exporter)),
                    tuple(
                        dict.fromkeys(name for side in sides for name in getattr(side, "options", ()) if name != "map")
                    ),
                    bool(getattr(exporter, "textless", False)),
                )
            )
        return infos

    def importer(self, path: Path, name: str | None = None) -> Importer:
        """Who reads this file. Raises NotFound or FileRefused."""
        if name is not None:
            try:
                return self.importers[name]
            except KeyError:
                raise FileRefused(
                    f"{path} was not read: there is no format “{name}” to read; there are {_names(self.importers)}."
                ) from None
        head = read_head(path)
        if path.is_dir():
            chosen = self._of_folders(path, None)
            if chosen is None:
                raise FileRefused(f"{path} is a folder that no format reads as a whole.")
            return chosen
        named = [format_ for format_ in self.importers.values() if path.suffix.lower() in format_.extensions]
        # Who knows its files by their content goes before who takes whatever is called so.
        named.sort(key=lambda format_: not getattr(format_, "certain", False))
        chosen = _first_that_sniffs(named, path, head) or _first_that_sniffs(self.importers.values(), path, head)
        if chosen is None and named:
            # The right name on a wrong content: this importer's own sentence tells best what is wrong.
            chosen = _namesake(named, path) or named[0]
        if chosen is not None:
            return chosen
        if path.suffix.lower() == ".annot":
            raise FileRefused(f"{path} is a project, not a file to import; export it as JSON and import that.")
        raise FileRefused(
            f"{path} is of no format that can be read here; annotator formats lists them, "
            "and --format text reads any plain text."
        )

    def exporter(self, path: Path | None, name: str | None = None) -> Exporter:
        """Who writes this file. Raises FileRefused."""
        if name is not None:
            try:
                return self.exporters[name]
            except KeyError:
                raise FileRefused(
                    f"{path or 'Standard output'} was not written: there is no format “{name}” to write; "
                    f"there are {_names(self.exporters)}."
                ) from None
        if path is None:
            raise FileRefused("Standard output was not written: name the format with --format.")
        # The longest ending says most: study.csv.zip is a zip of CSV and no other zip.
        endings = {format_.name: _ending(path, format_) for format_ in self.exporters.values()}
        longest = max(map(len, endings.values()), default=0)
        named = [f for f in self.exporters.values() if longest and len(endings[f.name]) == longest]
        chosen = _namesake(named, path) or (named[0] if len(named) == 1 else None)
        if chosen is not None:
            return chosen
        if named:
            raise FileRefused(
                f"{path} was not written: several formats write {path.suffix} files; name one with --format "
                f"({_names(format_.name for format_ in named)})."
            )
        raise FileRefused(
            f"{path} was not written: its ending says no format that can be written; name one with --format "
            f"({_names(self.exporters)})."
        )

    def expand(self, paths: Iterable[Path], name: str | None = None) -> list[Path]:
        """The files to read: folders by what is in them, at any depth, in the order of their names."""
        files: list[Path] = []
        for path in paths:
            with told_plainly(path):
                is_folder = path.is_dir()
                if not is_folder and not path.exists():
                    raise NotFound(f"{path} is not there.")
            if is_folder and self._of_folders(path, name) is None:
                inside = self._inside(path, name)
                if not inside:
                    raise FileRefused(f"{path} has no documents in it that can be read.")
                files += inside
            else:
                files.append(path)
        return _without_texts_of_pairs(files)

    def _of_folders(self, path: Path, name: str | None) -> Importer | None:
        formats = [format_ for format_ in self.importers.values() if getattr(format_, "folders", False)]
        if name is not None:
            return next((format_ for format_ in formats if format_.name == name), None)
        return _first_that_sniffs(formats, path, b"")

    def _inside(self, folder: Path, name: str | None) -> list[Path]:
        formats = [self.importer(folder, name)] if name is not None else list(self.importers.values())
        extensions = {extension for format_ in formats for extension in format_.extensions}
        with told_plainly(folder):
            # Hidden files are no documents; links to folders are not followed, so there are no circles.
            return sorted(
                path
                for path in folder.rglob("*")
                if path.suffix.lower() in extensions
                and path.is_file()
                and not any(part.startswith(".") for part in path.relative_to(folder).parts)
            )


def _without_texts_of_pairs(files: list[Path]) -> list[Path]:
    """A text whose annotations are among the files is read with them: brat has two files for one article."""
    tagged = {(path.parent, path.stem) for path in files if path.suffix.lower() == ".ann"}
    if not tagged:
        return files
    return [
        path
        for path in files
        if path.suffix.lower() != ".txt"
        or not any(
            folder == path.parent and (stem == path.stem or stem.startswith(tuple(path.stem + c for c in "_-.@")))
            for folder, stem in tagged
        )
    ]


def _first_that_sniffs(formats: Iterable[Importer], path: Path, head: bytes) -> Importer | None:
    for format_ in formats:
        try:
            if format_.sniff(path, head):
                return format_
        except Exception:  # a plugin's bug must not keep others from reading the file
            continue
    return None


_Format = TypeVar("_Format", Importer, Exporter)


def _losses(importer: Importer | None, exporter: Exporter | None) -> tuple[str, ...]:
    """What is lost; where reading and writing lose different things, which of them does."""
    reading = importer.loses if importer is not None else ()
    writing = exporter.loses if exporter is not None else ()
    if importer is None or exporter is None:
        return reading or writing
    both = [sentence for sentence in reading if sentence in writing]
    return (
        *both,
        *(f"Reading: {sentence}" for sentence in reading if sentence not in both),
        *(f"Writing: {sentence}" for sentence in writing if sentence not in both),
    )


def _ending(path: Path, format_: Exporter) -> str:
    name = path.name.lower()
    return max((extension for extension in format_.extensions if name.endswith(extension)), key=len, default="")


def _namesake(formats: Iterable[_Format], path: Path) -> _Format | None:
    """The format that an ending belongs to first: .json is Annotator's own, whoever else writes JSON."""
    return next((format_ for format_ in formats if path.suffix.lower() == f".{format_.name}"), None)


def _check(plugin: object, methods: tuple[str, ...]) -> None:
    for attribute, kind in (("name", str), ("title", str), ("extensions", tuple), ("loses", tuple)):
        if not isinstance(getattr(plugin, attribute, None), kind):
            raise TypeError(f"it has no {attribute}")
    for method in methods:
        if not callable(getattr(plugin, method, None)):
            raise TypeError(f"it has no {method}()")


def _own_first(entry_point: EntryPoint) -> tuple[bool, str]:
    return entry_point.module.partition(".")[0] != "annotator", entry_point.name


def _whose(entry_point: EntryPoint) -> str:
    return entry_point.dist.name if entry_point.dist is not None else "an unknown package"


def _names(formats: Iterable[str]) -> str:
    names = sorted(formats)
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1] if names else "none"
