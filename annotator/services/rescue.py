"""The ways out of a damaged project: its backups, and a new project with all that can still be read."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from annotator.domain.codebook import Codebook
from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.errors import AnnotatorError, FileRefused, NotFound
from annotator.domain.ids import new_id, now
from annotator.domain.invariants import (
    check_acyclic,
    check_codebook,
    check_fields,
    check_fragments,
    check_link,
    check_metadata,
)
from annotator.domain.model import (
    STATUSES,
    Annotation,
    Apart,
    Coder,
    Dismissal,
    Document,
    Entry,
    Link,
    SavedSearch,
    UnwantedName,
)
from annotator.domain.query import MODES
from annotator.domain.text import digest
from annotator.services.checking import check_file
from annotator.services.project import Project
from annotator.storage import backup, mappers
from annotator.storage import salvage as wrecks
from annotator.storage.check import UNREADABLE
from annotator.storage.writer import Record

_Made = TypeVar("_Made")
Row = dict[str, Any]
_OF_DISMISSAL = ("document_id", "layer_id", "start", "stop")
_TORN = {
    "project": "The project's name or guidelines could not be read.",
    "layer": "Some layers could not be read.",
    "link_type": "Some link types could not be read.",
    "registry": "Some registries could not be read.",
    "coder": "Some names of coders could not be read.",
    "text": "Some texts could not be read.",
    "document": "Some titles and details of articles could not be read.",
    "annotation": "Some annotations could not be read.",
    "link": "Some links could not be read.",
    "entry": "Some entries could not be read.",
    "mention": "Some annotations no longer know their entries.",
    "member": "Some links no longer know all that they join.",
    "dismissal": "Some suggestions that were dismissed may come again.",
    "unwanted_name": "Some names that were never to be suggested may come again.",
    "apart": "Some entries that were judged to be different may be proposed as duplicates again.",
    "saved_search": "Some saved searches could not be read.",
}


@dataclass(frozen=True, slots=True)
class Backup:
    """A verified copy of a project."""

    path: Path
    made: datetime
    size: int


def backups_of(path: Path) -> list[Backup]:
    """The backups of a project file, newest first; the file itself need not be there."""
    found = []
    for each in backup.backups(path):
        try:
            found.append(Backup(each, backup.made(each), each.stat().st_size))
        except OSError:
            continue
    return found


def newest_good(path: Path) -> Backup | None:
    """The newest backup in which nothing is damaged."""
    return next((each for each in backups_of(path) if not _problems(each.path)), None)


def _problems(path: Path) -> list[str]:
    try:
        return check_file(path)
    except FileRefused as error:
        return [str(error)]


def restore(chosen: Path, to: Path) -> None:
    """Copy a backup to a place where nothing is yet. Raises FileRefused, and then leaves nothing there."""
    if not chosen.exists():
        raise NotFound(f"{chosen} is not there any more.")
    found = _problems(chosen)
    if found:
        raise FileRefused(f"{chosen} was not restored, as it is damaged: {found[0]}")
    try:
        with to.open("xb") as target:  # refuses, in the same moment, where there is a file
            try:
                with chosen.open("rb") as source:
                    shutil.copyfileobj(source, target)
                target.flush()
                os.fsync(target.fileno())
            except BaseException:
                to.unlink(missing_ok=True)
                raise
        backup.sync_folder(to.parent)
    except FileExistsError:
        raise FileRefused(f"{to} exists already; choose another name.") from None
    except (OSError, ValueError) as error:
        raise FileRefused(f"{to} cannot be made: {getattr(error, 'strerror', None) or error}.") from error


@dataclass
class SalvageReport:
    """What came out of a damaged project, and what did not."""

    kept: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """One sentence."""
        names = ("document", "entry", "annotation", "link")
        plural = {"entry": "entries"}
        told = [f"{self.kept[name]} {name if self.kept[name] == 1 else plural.get(name, name + 's')}" for name in names]
        steps = self.kept["step"]
        told += [f"{steps} line{'' if steps == 1 else 's'} of the history"] if steps else []
        return f"{', '.join(told)} saved; {'nothing was missed' if not self.lost else 'not all could be read'}."


def salvage(path: Path, to: Path) -> SalvageReport:
    """Make a new project of all that can still be read of a damaged one, which is not touched.

    Raises FileRefused where nothing can be read, or `to` cannot be made. Of the history, what was done and when comes
    along to be read; it can no longer be undone.
    """
    with wrecks.wreck(path) as wreck:
        found, torn = wrecks.everything(wreck)
    if not found["text"]:
        raise FileRefused(f"{path} holds no text that can be read. Restore a backup.")
    work = _Salvage(found, [_TORN[name] for name in torn if name in _TORN])
    project = Project.create(to, name=work.name or path.stem, codebook=work.codebook)
    try:
        work.report.kept["step"] = project.keep_history(found["step"])
        work.write(project, path.name)
        project.index_texts()
        project.close()
        problems = check_file(to)
        if problems:
            raise FileRefused(f"{to} was not made: {problems[0]}")
    except BaseException:
        project.close()
        to.unlink(missing_ok=True)
        raise
    return work.report


class _Salvage:
    """Builds records out of rows, and leaves out what makes no sense."""

    def __init__(self, found: Mapping[str, list[Row]], lost: list[str]) -> None:
        self.report = SalvageReport(lost=lost)
        self._found = found
        self.name = next((str(row["name"]) for row in found["project"] if row.get("name")), "")
        self.codebook = self._codebook()
        self._document_ids: dict[str, str] = {}

    def write(self, project: Project, source: str) -> None:
        """Fill a new project, in one step."""
        with project.step("Salvage {what}", source) as step:
            guidelines = next((row.get("guidelines") for row in self._found["project"]), "")
            if guidelines:
                step.replace(replace(project.info, guidelines=str(guidelines)))
            texts, documents = self._documents()
            for document in documents:
                step.add_text(texts[document.id])
            step.add(documents)
            coders = {row["id"]: Coder(row["id"], row["name"] or "?") for row in self._found["coder"] if row.get("id")}
            entries = self._entries()
            annotations = self._annotations(texts, entries, coders)
            links = self._links(annotations, coders)
            step.add([*coders.values(), *entries.values(), *annotations.values(), *links.values()])
            step.add(self._judged({id_: len(text) for id_, text in texts.items()}, entries))
        self.report.kept.update(
            document=len(documents), entry=len(entries), annotation=len(annotations), link=len(links)
        )

    def _made(self, kind: str, make: Callable[[Row], _Made]) -> Iterable[_Made]:
        """One record for each row; how many make no sense is told."""
        failed = 0
        for row in self._found[kind]:
            try:
                yield make(row)
            except UNREADABLE:
                failed += 1
        if failed:
            self.report.lost.append(f"Of what is kept as {kind.replace('_', ' ')}, {failed} made no sense.")

    def _codebook(self) -> Codebook:
        """The project's own; where a part of it cannot be read, the built-in one with what can."""
        defaults = DEFAULT_CODEBOOK
        fields = next((row.get("document_fields") for row in self._found["project"]), None)
        try:
            for kind in ("layer", "link_type", "registry"):
                self._found[kind].sort(key=lambda row: (row["position"], row["id"]))
                for row in self._found[kind]:
                    row.setdefault("description", "")
                    row.setdefault("guidelines", "")
                    row.setdefault("examples", "[]")
            own = Codebook(
                tuple(self._made("layer", mappers.layer_from_row)),
                tuple(self._made("link_type", mappers.link_type_from_row)),
                tuple(self._made("registry", mappers.registry_from_row)),
                mappers.fields_from_json(fields) if fields else defaults.document_fields,
            )
            check_codebook(own)
            if own.layers and own.registries and (own.link_types or _TORN["link_type"] not in self.report.lost):
                return own
        except UNREADABLE:
            pass
        self.report.lost.append("The codebook could not be read; the built-in one stands in its place.")
        return defaults

    def _documents(self) -> tuple[dict[str, str], list[Document]]:
        texts = {str(row["sha256"]): str(row["content"]) for row in self._found["text"] if row.get("content")}
        found: dict[str, Document] = {}
        by_id: dict[str, str] = {}
        used: set[str] = set()
        lost: list[str] = []
        rows = self._made("document", lambda row: mappers.document_from_row({**row, "title": row["title"] or "?"}))
        for document in sorted(rows, key=lambda each: (each.position, each.id)):
            text = texts.get(document.sha256, "")
            if not text.strip():
                lost.append(document.title)
                continue
            used.add(document.sha256)
            if digest(text) != document.sha256:
                self.report.lost.append(f"The text of “{document.title}” is not quite the one that was stored.")
            metadata = self._or_nothing(
                lambda d=document: check_metadata(self.codebook.document_fields, d.metadata, "the document")  # type: ignore[misc]
            )
            status = document.status if document.status in STATUSES else "new"
            found[document.id] = replace(
                document, sha256=digest(text), status=status, metadata=metadata, position=len(found)
            )
            by_id[document.id] = text
        if lost:
            named = ", ".join(f"“{title}”" for title in lost[:5]) + (" …" if len(lost) > 5 else "")
            self.report.lost.append(f"The text of {len(lost)} articles is gone: {named}.")
        for sha256, text in texts.items():
            # Where anything is missing. Also texts of articles that were removed are kept in the file; they come back
            # rather than be missed.
            if sha256 not in used and self.report.lost and text.strip():
                title = f"Rescued: {' '.join(text[:60].split())}"
                document = Document(new_id(), title, digest(text), position=len(found), created=now())
                found[document.id] = document
                by_id[document.id] = text
        return by_id, list(found.values())

    def _or_nothing(self, check: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        try:
            return check()
        except UNREADABLE:
            return {}

    def _entries(self) -> dict[str, Entry]:
        registries = self.codebook.registries_by_id
        made = {each.id: each for each in self._made("entry", mappers.entry_from_row)}
        found = {}
        for id_, entry in made.items():
            registry = registries.get(entry.registry_id)
            if registry is None or not entry.name:
                continue
            fields = self._or_nothing(lambda e=entry, r=registry: check_fields(r.fields, e.fields, "entry"))  # type: ignore[misc]
            parent = entry.parent_id if entry.parent_id in made else None
            found[id_] = replace(entry, fields=fields, parent_id=parent)
        found = {id_: e if e.parent_id in found else replace(e, parent_id=None) for id_, e in found.items()}
        try:
            check_acyclic({e.id: (e.parent_id,) for e in found.values() if e.parent_id is not None}, "entry")
        except AnnotatorError:
            found = {id_: replace(e, parent_id=None) for id_, e in found.items()}
        return found

    def _annotations(
        self, texts: Mapping[str, str], entries: Mapping[str, Entry], coders: dict[str, Coder]
    ) -> dict[str, Annotation]:
        mentions: dict[str, list[str]] = {}
        for row in sorted(self._found["mention"], key=lambda row: (row["annotation_id"], row["position"])):
            if row["entry_id"] in entries:
                mentions.setdefault(row["annotation_id"], []).append(row["entry_id"])

        def make(row: Row) -> Annotation:
            made = mappers.annotation_from_row(tuple(row.values()), tuple(dict.fromkeys(mentions.get(row["id"], ()))))
            check_fragments(made.fragments, len(texts[made.document_id]))
            layer = self.codebook.layers_by_id[made.layer_id]
            fields = self._or_nothing(lambda: check_fields(layer.fields, made.fields, "the annotation"))
            return replace(made, fields=fields, coder_id=_coder(coders, made.coder_id))

        return {each.id: each for each in self._made("annotation", make)}

    def _links(self, annotations: Mapping[str, Annotation], coders: dict[str, Coder]) -> dict[str, Link]:
        roles: dict[str, dict[str, tuple[str, ...]]] = {}
        for row in sorted(self._found["member"], key=lambda row: (row["link_id"], row["role"], row["position"])):
            held = roles.setdefault(row["link_id"], {})
            held[row["role"]] = (*held.get(row["role"], ()), row["annotation_id"] or row["inner_id"])
        documents = {a.document_id for a in annotations.values()}

        def make(row: Row) -> Link:
            made = mappers.link_from_row(tuple(row.values()), roles.get(row["id"], {}))
            link_type = self.codebook.link_types_by_id[made.type_id]
            if made.document_id not in documents:
                raise LookupError("no such document")
            fields = self._or_nothing(lambda: check_fields(link_type.fields, made.fields, "the link"))
            return replace(made, fields=fields, coder_id=_coder(coders, made.coder_id))

        found = {each.id: each for each in self._made("link", make)}
        whole = len(found)
        while True:
            # A link that lost a member may not stand, and then those that hold it lose one too.
            trimmed = {id_: _known(link, annotations, found) for id_, link in found.items()}
            standing = {id_: link for id_, link in trimmed.items() if self._stands(link, annotations, trimmed)}
            if len(standing) == len(found):
                break
            found = standing
        try:
            check_acyclic({link.id: link.members() for link in standing.values()})
        except AnnotatorError:
            standing = {}
        if whole > len(standing):
            self.report.lost.append(f"{whole - len(standing)} links could not stand without what they joined.")
        return standing

    def _judged(self, lengths: Mapping[str, int], entries: Mapping[str, Entry]) -> list[Record]:
        """What people decided besides. Where what it is about is gone, so is this."""
        layers = self.codebook.layers_by_id

        def dismissal(row: Row) -> Dismissal | None:
            made = Dismissal(*(row[key] for key in _OF_DISMISSAL))
            fits = 0 <= made.start < made.end <= lengths.get(made.document_id, 0)
            return made if fits and made.layer_id in layers else None

        def pair(row: Row) -> Apart | None:
            made = Apart.of(row["first"], row["second"])
            return made if made.first != made.second and {made.first, made.second} <= entries.keys() else None

        def unwanted(row: Row) -> UnwantedName | None:
            made = UnwantedName(row["entry_id"], row["name"])
            return made if made.entry_id in entries and made.name else None

        def search(row: Row) -> SavedSearch | None:
            made = mappers.search_from_row(row)
            return made if made.id and made.name and made.line and made.mode in MODES else None

        makers = {"dismissal": dismissal, "apart": pair, "unwanted_name": unwanted, "saved_search": search}
        made = [record for kind, make in makers.items() for record in self._made(kind, make)]
        return [record for record in dict.fromkeys(made) if record is not None]

    def _stands(self, link: Link, annotations: Mapping[str, Annotation], links: Mapping[str, Link]) -> bool:
        try:
            link_type = self.codebook.link_types_by_id[link.type_id]
            check_link(link, link_type, self.codebook, dict(annotations), dict(links))
        except UNREADABLE:
            return False
        return bool(link.members())


def _known(link: Link, annotations: Mapping[str, Annotation], links: Mapping[str, Link]) -> Link:
    held = {r: tuple(dict.fromkeys(m for m in ms if m in annotations or m in links)) for r, ms in link.roles.items()}
    return replace(link, roles={role: members for role, members in held.items() if members})


def _coder(coders: dict[str, Coder], id_: str) -> str:
    """The coder of this id; one whose name is lost gets one again."""
    if id_ not in coders:
        coders[id_] = Coder(id_, f"Coder {len(coders) + 1}")
    return id_
