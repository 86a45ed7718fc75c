"""What stands before a file's documents meets the project: its codebook, its coders, its entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from annotator.domain.codebook import Codebook, Field
from annotator.domain.errors import Conflict, InvalidValue
from annotator.domain.exchange import Header, Remark
from annotator.domain.ids import new_id
from annotator.domain.invariants import check_metadata, shown
from annotator.domain.model import Apart, Coder, Entry, ProjectInfo, SavedSearch, UnwantedName
from annotator.services.codebook_merge import MergedCodebook, merge, with_field
from annotator.services.entry_matching import EntryMatcher, folded, parents_first, under_ours
from annotator.services.import_report import ImportReport
from annotator.services.likeness import entry_from, same_entry
from annotator.services.reattaching import same_name
from annotator.services.translating import fitted
from annotator.storage import mentions
from annotator.storage.writer import Writer

if TYPE_CHECKING:
    from annotator.services.project import Project

OnConflict = Literal["refuse", "mine", "theirs"]


class HeaderMerge:
    """The part of an import that is not about documents. `source` names the present file in sentences."""

    def __init__(self, project: Project, step: Writer, coder: str, on_conflict: OnConflict) -> None:
        self.report = ImportReport()
        self.source = ""
        self._project = project
        self._step = step
        self._coder = coder
        self._on_conflict = on_conflict
        self._store = project.store
        self._codebook: Codebook = project.codebook
        counts = self._store.counts()
        self._whole = not (counts["documents"] or counts["entries"] or counts["annotations"])
        """Whether nothing is there that an imported id could meet, so that nothing need be looked up."""
        self._fresh = self._whole
        self._coders = {coder.id: coder.name for coder in self._store.coders()}
        self._entries = {} if self._whole else {entry.id: entry for entry in self._store.entries()}
        self._merged = MergedCodebook(self._codebook)
        self._coder_ids: dict[str, str] = {}
        self._owns_ids = False
        self._entry_ids: dict[str, str] = {}
        """Entries of the file -> those of the project, where they are others."""
        self._houses: dict[tuple[str, str], str] = {}
        """Entries and registries -> the like of the entry in that registry."""
        self._conflicts: list[tuple[str, str]] = []
        self._reparented = False

    def begin(self, source: str) -> None:
        """A file begins."""
        # From the second file on there is something that ids can meet.
        self._whole = self._whole and not self.report.added
        self.source = source
        self._coder_ids = {}
        self._merged = MergedCodebook(self._codebook)
        self._owns_ids = False
        self._entry_ids = {}

    def header(self, header: Header) -> None:
        """What stands before the documents."""
        self._owns_ids = self._owns_ids or header.info is not None
        if self._fresh and header.info is not None:
            self._restore(header, header.info)
        else:
            self._merge_codebook(header.codebook)
            for coder in header.coders:
                self._merge_coder(coder)
        self._fresh = False
        self._add_entries(header.entries)
        self._add_apart(header.apart)
        self._add_unwanted(header.unwanted)
        self._add_searches(header.searches)

    def _add_searches(self, searches: Iterable[SavedSearch]) -> None:
        """Those that the project does not have by id or by name."""
        known = self._store.saved_searches()
        taken = {search.id for search in known} | {search.name.casefold() for search in known}
        for search in searches:
            if search.id not in taken and search.name.casefold() not in taken:
                taken |= {search.id, search.name.casefold()}
                self._step.add(search)
                self.report.added["saved search"] += 1

    def remark(self, remark: Remark) -> None:
        """A line of the report."""
        self.report.remarks.append(remark)

    def _restore(self, header: Header, info: ProjectInfo) -> None:
        """An empty project becomes the one in the file."""
        own = self._project.info
        info = ProjectInfo(info.id, info.name or own.name, info.created or own.created, info.guidelines)
        step = self._step
        codebook = header.codebook if header.tells_codebook else self._codebook
        if info.id == own.id:
            step.replace(info)
        else:
            step.remove("project", [own.id])
            step.add(info)
            step.set_document_fields(self._codebook.document_fields)
        if codebook != self._codebook:
            step.remove("layer", [layer.id for layer in self._codebook.layers])
            step.remove("link_type", [link_type.id for link_type in self._codebook.link_types])
            step.remove("registry", [registry.id for registry in self._codebook.registries])
            step.add([*codebook.layers, *codebook.link_types, *codebook.registries])
            step.set_document_fields(codebook.document_fields)
            self._codebook = codebook
        step.set_codebook_version(codebook.version)
        self._merged = merge(codebook, codebook)
        wanted = {coder.id: coder.name for coder in header.coders}
        if wanted != self._coders:
            step.remove("coder", list(self._coders))
            step.add(header.coders)
            self._coders = wanted
        self._coder_ids = {id_: id_ for id_ in wanted}

    def _merge_codebook(self, theirs: Codebook) -> None:
        try:
            merged = merge(self._codebook, theirs, guessed=not self._owns_ids)
        except Conflict as error:
            raise Conflict(f"{self.source} was not imported: {error}.") from None
        merged.ids = {**self._merged.ids, **merged.ids}
        merged.fields = {**self._merged.fields, **merged.fields}
        merged.divided = merged.divided or self._merged.divided
        self._merged = merged
        self._step.add(merged.added)
        self._step.replace(merged.changed)
        if merged.codebook.document_fields != self._codebook.document_fields:
            self._check_metadata_of_all(merged.codebook)
            self._step.set_document_fields(merged.codebook.document_fields)
        for note in merged.notes:
            self.remark(Remark("mended", "the codebook", note))
        for item in merged.added:
            self.report.added[type(item).__name__.lower().replace("linktype", "link type")] += 1
        self._codebook = merged.codebook

    def _check_metadata_of_all(self, codebook: Codebook) -> None:
        for row in self._store.document_rows():
            document = self._store.document(row.id)
            try:
                check_metadata(codebook.document_fields, document.metadata, f"document {shown(document.title)}")
            except InvalidValue as error:
                raise Conflict(f"{self.source} was not imported: {lower(str(error))}") from None

    def _merge_coder(self, coder: Coder) -> None:
        known = next((id_ for id_, name in self._coders.items() if name == coder.name), None)
        if known is None:
            known = new_id() if coder.id in self._coders else coder.id
            self._add_coder(Coder(known, coder.name))
        self._coder_ids[coder.id] = known

    def _add_coder(self, coder: Coder) -> None:
        self._step.add(coder)
        self._coders[coder.id] = coder.name
        self.report.added["coder"] += 1

    def _importing_coder(self) -> str:
        """The id for annotations that the file gives to nobody: whoever imports."""
        if "" not in self._coder_ids:
            if self._coder not in self._coders.values():
                self._add_coder(Coder(new_id(), self._coder))
            self._coder_ids[""] = next(id_ for id_, name in self._coders.items() if name == self._coder)
        return self._coder_ids[""]

    def _add_apart(self, pairs: tuple[Apart, ...]) -> None:
        """What was judged different there is different here, unless the two are one here."""
        if not pairs:
            return
        ours = (Apart.of(*(self._entry_ids.get(id_, id_) for id_ in (pair.first, pair.second))) for pair in pairs)
        known = set() if self._whole else mentions.apart(self._store.connection)
        new = {pair for pair in ours if pair.first != pair.second} - known
        in_order: list[Apart] = sorted(new, key=lambda pair: (pair.first, pair.second))
        self._step.add(in_order)

    def _add_unwanted(self, names: Iterable[UnwantedName]) -> None:
        """Names that are never to be proposed."""
        ours = [UnwantedName(self._entry_ids.get(each.entry_id, each.entry_id), each.name) for each in names]
        known = self._store.unwanted_names() if ours and not self._whole else set()
        self._step.add([each for each in dict.fromkeys(ours) if (each.entry_id, each.name) not in known])

    def _add_entries(self, entries: tuple[Entry, ...]) -> None:
        added: list[Entry] = []
        replaced: list[Entry] = []
        matcher = EntryMatcher(self._entries.values() if entries and not self._owns_ids else ())
        fewer: list[str] = []
        for given in entries if self._owns_ids else parents_first(entries):
            values = fitted(self._merged, "registry", given.registry_id, given.fields, self._spill)
            entry = replace(given, registry_id=self._merged.id_of("registry", given.registry_id), fields=values)
            known = self._entries.get(entry.id)
            if not self._owns_ids:
                entry = under_ours(entry, self._entry_ids)
                if known is not None:
                    matcher.take(known.id)
                elif (twin := matcher.match(entry)) is not None:
                    self._entry_ids[entry.id] = twin.id
                    self.report.skipped["entry"] += 1
                    known_names = {folded(name) for name in (twin.name, *twin.aliases)}
                    if folded(entry.name) not in known_names or not same_entry(replace(entry, name=twin.name), twin):
                        fewer.append(twin.name)
                    continue
            if known is None:
                added.append(entry)
                self.report.added["entry"] += 1
            # `origin` tells only whether a tag made it.
            elif (
                replace(known, origin="") == replace(entry, origin="")
                or same_name(known, entry)
                or (not self._owns_ids and same_entry(entry, known))
            ):
                self.report.skipped["entry"] += 1
                continue
            elif self._theirs("entry", entry.id):
                entry = entry if self._owns_ids else entry_from(entry, known)
                replaced.append(entry)
                self._reparented = True
            else:
                continue
            self._entries[entry.id] = entry
        self._step.add(added)
        self._step.replace(replaced)
        if fewer:
            names = ", ".join(shown(name) for name in fewer[:3]) + (" …" if len(fewer) > 3 else "")
            many = "an entry" if len(fewer) == 1 else f"{len(fewer)} entries"
            told = f"more is said there of {many} that the project has already ({names})"
            self.remark(Remark("lost", self.source, told))

    def _spill(self, kind: str, owner: str, field: Field) -> None:
        """A field of its own for values that ours of that name cannot take."""
        id_ = self._merged.id_of(kind, owner)
        codebook, made = with_field(self._codebook, kind, id_, field)
        if codebook != self._codebook:
            self._codebook = codebook
            self._step.replace([made])
            told = f"values that its own field cannot take went to the field {shown(field.name)} of {shown(made.name)}"
            self.remark(Remark("mended", self.source, told))

    def _housed(self, layer_id: str, entry_id: str) -> str:
        """The entry, or its like in the registry that the layer has here."""
        layer, entry = self._codebook.layers_by_id[layer_id], self._entries.get(entry_id)
        registry = self._codebook.registries_by_name.get(layer.registry or "")
        if entry is None or registry is None or entry.registry_id == registry.id:
            return entry_id
        house = (entry_id, registry.id)
        if house not in self._houses:
            like = Entry(new_id(), registry.id, entry.name, entry.aliases, None, {}, entry.note, entry.origin)
            found = EntryMatcher(self._entries.values()).match(like)
            if found is None:
                found = like
                self._step.add([like])
                self._entries[like.id] = like
                self.report.added["entry"] += 1
                told = f"{shown(entry.name)} stands in the registry {shown(registry.name)} too, for the layer {shown(layer.name)}"
                self.remark(Remark("mended", self.source, told))
            self._houses[house] = found.id
        return self._houses[house]

    def _theirs(self, kind: str, id_: str) -> bool:
        """Whether the file's content goes before the project's."""
        if self._on_conflict == "theirs":
            self.report.replaced[kind] += 1
            return True
        if self._on_conflict == "mine":
            self.report.kept[kind] += 1
        else:
            self._conflicts.append((kind, id_))
        return False


def lower(sentence: str) -> str:
    """A sentence, to go on from another."""
    return sentence[:1].lower() + sentence[1:]
