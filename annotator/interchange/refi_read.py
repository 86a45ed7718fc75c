"""REFI-QDA projects (.qdpx) as documents: sources, selections, codings, memos, cases, variables, links and sets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from annotator.domain.codebook import Codebook
from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.errors import AnnotatorError
from annotator.domain.exchange import Item, Reading
from annotator.domain.invariants import shown
from annotator.domain.text import canonical
from annotator.interchange.assembly import Assembly
from annotator.interchange.containers import Container
from annotator.interchange.encodings import decode
from annotator.interchange.raw import RawDocument, RawMark, Report
from annotator.interchange.refi_codes import (
    LAYER,
    MEMO_OF_FIELD,
    ORIGIN,
    CodeTree,
    Meaning,
    guid,
    moment_of,
    set_name,
    target,
)
from annotator.interchange.refi_links import RefiLinks
from annotator.interchange.refi_text import Selection, place, quote_of, stand_in
from annotator.interchange.renaming import Renames, one_line
from annotator.interchange.scheme import Scheme
from annotator.interchange.xml_read import local

_NO_TEXT = {"PictureSelection": "a part of a picture", "AudioSelection": "a part of a recording"}


class RefiReader:
    """One project file."""

    def __init__(self, path: Path, root: Any, container: Container, reading: Reading) -> None:
        self._path = path
        self._root = root
        self._container = container
        self._reading = reading
        self._origin = root.get("origin", "")
        self.own = self._origin.startswith(ORIGIN)
        self.report = Report(str(path))
        # What Annotator wrote says itself what its layers are; of another program's, the default codebook may know more.
        self.scheme = Scheme(Renames(reading.options), base=Codebook() if self.own else DEFAULT_CODEBOOK)
        self._assembly = Assembly(path, self.scheme, self.report)
        self._tree = CodeTree(self.own)
        self._files = {name.casefold(): name for name in container.names}
        self.users: dict[str, str] = {}
        self.notes: dict[str, str] = {}
        self.memos: dict[str, Any] = {}
        self._variables: dict[str, str] = {}
        self._of_source: dict[str, dict[str, object]] = {}
        """What cases and sets say of a source, by its guid."""
        self._documents: list[RawDocument] = []
        self.of_selection: dict[str, tuple[RawDocument, RawMark]] = {}

    def items(self) -> Iterator[Item]:
        """The whole import."""
        parts = {local(child): child for child in self._root}
        for user in parts.get("Users", ()):
            at = guid(user.get("guid", ""))
            self.users[at] = user.get("name") or user.get("id") or user.get("guid", "")
            if self.own:
                self.scheme.give_coder(self.users[at], at)
        for note in parts.get("Notes", ()):
            at = guid(note.get("guid", ""))
            self.memos[at] = note
            self.notes[at] = self._note_text(note)
        for codes in parts.get("CodeBook", ()):
            if local(codes) == "Codes":
                self._tree.read(codes)
        for variable in parts.get("Variables", ()):
            self._variables[guid(variable.get("guid", ""))] = one_line(variable.get("name", ""))
        for element in parts.get("Sets", ()):
            self._set(element)
        self._tree.settle(self.scheme, self.notes)
        for case in parts.get("Cases", ()):
            self._case(case)
        sources = list(parts.get("Sources", ()))
        for number, source in enumerate(sources):
            self._source(source)
            self._reading.tick(number, 2 * len(sources))
        RefiLinks(self).read(list(parts.get("Links", ())))
        self._lost(parts)
        yield from self._assembly.items(lambda: self._documents, self._reading, len(self._documents))

    # Around the sources

    def user(self, id_: str) -> str:
        """The name of a coder; nobody's where there is none."""
        return self.users.get(guid(id_), "") if id_ else ""

    def memo_name(self, at: str) -> str:
        """What a memo is called; nothing where there is none."""
        return self.memos[at].get("name", "") if at in self.memos else ""

    def _note_text(self, note: Any) -> str:
        told = [
            child.text or "" for child in note if local(child) in ("Description", "PlainTextContent") and child.text
        ]
        if not any(local(child) == "PlainTextContent" for child in note):
            text = self._file(note.get("plainTextPath", ""), note.get("guid", ""), "")
            told += [text] if text else []
        name = note.get("name", "")
        return "\n".join(part for part in (name if not self.own else "", *told) if part)

    def _set(self, element: Any) -> None:
        name = set_name(element)
        codes = self._tree.set_of(element)
        sources = [target(child) for child in element if local(child) == "MemberSource"]
        for source in sources:
            held = self._of_source.setdefault(source, {}).setdefault("sets", [])
            if isinstance(held, list) and name not in held:
                held.append(name)
        if not codes and not sources:
            self.report.add("lost", "", f"the set {shown(name)} holds neither codes nor sources")

    def _case(self, case: Any) -> None:
        name = set_name(case)
        sources = [target(child) for child in case if local(child) == "SourceRef"]
        values = self.values(case)
        for source in sources:
            of = self._of_source.setdefault(source, {})
            cases = of.setdefault("cases", [])
            if isinstance(cases, list) and name not in cases:
                cases.append(name)
            for key, value in values.items():
                if of.setdefault(key, value) != value:
                    self.report.add("lost", "", f"the case {shown(name)} has another {shown(key)} than one before it")
        for kind, what in (("CodeRef", "a code"), ("SelectionRef", "a selection"), ("Description", "a description")):
            if any(local(child) == kind for child in case):
                self.report.add("lost", "", f"the case {shown(name)} has {what}, which cases do not have here")
        if not sources:
            self.report.add("lost", "", f"the case {shown(name)} has no source")

    def values(self, element: Any) -> dict[str, object]:
        values: dict[str, object] = {}
        for child in element:
            if local(child) != "VariableValue":
                continue
            name = ""
            value: object = None
            for part in child:
                kind, text = local(part), part.text or ""
                if kind == "VariableRef":
                    name = self._variables.get(target(part), "")
                elif kind == "BooleanValue":
                    value = text.strip() in ("true", "1")
                elif kind in ("IntegerValue", "FloatValue"):
                    value = _number(text)
                elif kind.endswith("Value"):
                    value = text
            if name and value not in (None, ""):
                values[name] = value
        return values

    def _file(self, path: str, id_: str, name: str) -> str | None:
        """The text of a file inside, by its path, else by the guid or the name of what it belongs to."""
        wanted = (
            PurePosixPath(path.partition("://")[2].lstrip("/") or path).name if "internal" in path or not path else ""
        )
        stems = [PurePosixPath(wanted).stem, id_.strip("{}"), PurePosixPath(name).stem]
        found = self._files.get(f"sources/{wanted}".casefold()) if wanted else None
        for stem in stems:
            if found is None and stem:
                found = next(
                    (
                        real
                        for folded, real in self._files.items()
                        if folded.endswith(".txt") and PurePosixPath(folded).stem == stem.casefold()
                    ),
                    None,
                )
        if found is None:
            return None
        try:
            return decode(self._container.read(found))[0]
        except AnnotatorError as error:
            self.report.add("skipped", f"{self._path}: {found}", str(error).rstrip("."))
            return None

    # Sources

    def _source(self, source: Any) -> None:
        kind = local(source)
        if kind == "TextSource":
            self._text_source(source, source)
        elif kind == "PDFSource":
            whole = next((child for child in source if local(child) == "Representation"), None)
            self._text_source(source, whole)
        else:
            for child in source:
                if local(child) in ("Transcript", "TextDescription"):
                    self._text_source(source, child)
            for child in source:
                if local(child).endswith("Selection"):
                    what = _NO_TEXT.get(local(child), "a part of a recording")
                    self.report.add("skipped", self._where(source), f"{shown(child.get('name', ''))} is {what}")

    def _where(self, source: Any) -> str:
        return f"{self._path}: {source.get('name') or source.get('guid', '')}"

    def _text_source(self, source: Any, holder: Any) -> None:
        """A source and the element that has its text: itself, a PDF's representation, a transcript."""
        elements = [child for child in holder if local(child) == "PlainTextSelection"] if holder is not None else []
        points = {} if holder is None else _sync_points(holder)
        selections = []
        kept = []
        for element in [*elements, *(c for c in (holder if points else ()) if local(c) == "TranscriptSelection")]:
            try:
                start = int(element.get("startPosition", points.get(guid(element.get("fromSyncPoint", "")), "")))
                end = int(element.get("endPosition", points.get(guid(element.get("toSyncPoint", "")), "")))
            except ValueError:
                self.report.add("skipped", self._where(source), f"{shown(element.get('name', ''))} has no positions")
                continue
            kept.append(element)
            selections.append(Selection(start, end, quote_of(element.get("name", ""), end - start)))
        excerpts = [child for child in source if local(child) == "PDFSelection"] if local(source) == "PDFSource" else []
        text = self._text(source, holder)
        absent = text is None
        if text is None:
            if max((item.end for item in selections), default=0) > 50_000_000:
                self.report.add(
                    "skipped", self._where(source), "its text is absent, and its positions are beyond reason"
                )
                return
            text = self._stand_in(source, selections, excerpts)
            if text is None:
                return
        placed = place(text, selections, self._origin)
        if not placed.usual and not absent:
            self.report.add("mended", self._where(source), f"its positions count {placed.way}; they were converted")
        document = RawDocument(
            source.get("name") or PurePosixPath(source.get("path", "")).name or "Untitled",
            placed.text,
            id=guid(source.get("guid", ""))
            if holder is source or local(source) == "PDFSource"
            else guid(holder.get("guid", "")),
            where=self._where(source),
            metadata=self._metadata(source, absent),
            created=moment_of(source.get("creationDateTime")) if self.own else "",
        )
        for element, span, item in zip(kept, placed.spans, selections, strict=True):
            self._selection(document, element, span, None if absent else item.quote)
        for element in excerpts:
            self._excerpt(document, element)
        self._documents.append(document)

    def _text(self, source: Any, holder: Any) -> str | None:
        if holder is None:
            return None
        for child in holder:
            if local(child) == "PlainTextContent":
                return child.text or ""
        return self._file(holder.get("plainTextPath", ""), holder.get("guid", ""), source.get("name", ""))

    def _stand_in(self, source: Any, selections: list[Selection], excerpts: list[Any]) -> str | None:
        text = stand_in(selections)
        quotes = [quote for element in excerpts if (quote := _excerpt_text(element))]
        if quotes:
            text = "\n\n".join([*([text] if text else []), *dict.fromkeys(quotes)])
        if text.strip():
            told = "its text is absent: the document holds what its selections quote, and dots for the rest"
        else:
            told = "its text is absent, and nothing in it is selected"
        self.report.add("skipped", self._where(source), told)
        return text if text.strip() else None

    def _metadata(self, source: Any, absent: bool) -> dict[str, object]:
        of_source = self._of_source.get(guid(source.get("guid", "")), {})
        metadata = {**self.values(source), **{k: sorted(v) if isinstance(v, list) else v for k, v in of_source.items()}}
        description = "".join(child.text or "" for child in source if local(child) == "Description")
        notes = [self.notes.get(target(child), "") for child in source if local(child) == "NoteRef"]
        told = "\n\n".join(part for part in (description, *notes) if part)
        if told:
            metadata.setdefault("note", told)
        names = []
        for child in source:
            if local(child) == "Coding":
                names += [self._tree.codes[at].name for at in _code_refs(child) if at in self._tree.codes]
        if names:
            metadata.setdefault("codes", list(dict.fromkeys(names)))
        if absent:
            metadata.setdefault("text", "absent")
        return metadata

    def _selection(self, document: RawDocument, element: Any, span: tuple[int, int], quote: str | None) -> None:
        if quote is not None and quote.endswith("…"):
            there = canonical(document.text[span[0] : span[1]])
            quote = None if there[:20].split()[:2] == quote[:20].split()[:2] else quote
        id_ = guid(element.get("guid", ""))
        where = f"{document.where}, {shown(element.get('name') or id_)}"
        description = "".join(child.text or "" for child in element if local(child) == "Description")
        refs = [target(child) for child in element if local(child) == "NoteRef"]
        by_coder: dict[str, list[Any]] = {}
        for child in element:
            if local(child) == "Coding":
                by_coder.setdefault(child.get("creatingUser") or element.get("creatingUser", ""), []).append(child)
        for number, (user, codings) in enumerate((by_coder or {element.get("creatingUser", ""): []}).items()):
            meanings: list[Meaning] = []
            coding_notes: list[str] = []
            for coding in codings:
                coding_notes += [target(child) for child in coding if local(child) == "NoteRef"]
                for at in _code_refs(coding):
                    if at in self._tree.meanings:
                        meanings.append(self._tree.meanings[at])
                    else:
                        self.report.add("skipped", where, "it is coded with a code that is not there")
            fields, texts = self._memos([*refs, *coding_notes] if number == 0 else coding_notes)
            note = "\n\n".join(part for part in (description, *texts) if part)
            for layer, entries, values in self._by_layer(meanings):
                key = id_ if id_ not in self.of_selection else f"{id_} {layer} {user}"
                mark = RawMark(
                    key, layer, [span], quote, {**values, **(fields if layer in self._known_fields(fields) else {})},
                    entries, note, self.user(user), id_ if key == id_ else "", where,
                    created=moment_of(element.get("creationDateTime")), modified=moment_of(element.get("modifiedDateTime")),
                )  # fmt: skip
                document.marks.append(mark)
                self.of_selection.setdefault(key, (document, mark))

    def _known_fields(self, fields: dict[str, object]) -> set[str]:
        return {meaning.layer for meaning in self._tree.meanings.values() if meaning.field in fields}

    def _memos(self, refs: list[str]) -> tuple[dict[str, object], list[str]]:
        """Our own field memos as fields, all others as texts."""
        fields: dict[str, object] = {}
        texts = []
        for at in refs:
            name = self.memo_name(at)
            if self.own and name.startswith(MEMO_OF_FIELD):
                fields[name.removeprefix(MEMO_OF_FIELD)] = self.notes[at]
            elif self.notes.get(at):
                texts.append(self.notes[at])
        return fields, texts

    def _by_layer(self, meanings: list[Meaning]) -> Iterator[tuple[str, list[str], dict[str, object]]]:
        """One annotation for each layer that is named; without any, in the layer that the codes belong to."""
        layers = list(dict.fromkeys(meaning.layer for meaning in meanings if meaning.layer))
        if not layers:
            own = [self._tree.layer_of[m.registry] for m in meanings if m.registry in self._tree.layer_of]
            layers = own[:1] or [self.scheme.renames(LAYER)]
        for layer in layers:
            values: dict[str, object] = {}
            for meaning in meanings:
                if meaning.layer == layer and meaning.field and meaning.value is not None:
                    before = values.get(meaning.field)
                    both = (
                        [*before, *meaning.value]
                        if isinstance(before, list) and isinstance(meaning.value, list)
                        else None
                    )
                    values[meaning.field] = both or meaning.value
            entries = [m.entry for m in meanings if m.entry and self._takes(layer, m.registry)]
            yield layer, list(dict.fromkeys(entries)), values

    def _takes(self, layer: str, registry: str) -> bool:
        self.scheme.layer(layer)
        return self.scheme.registry_of(layer, registry) == registry

    def _excerpt(self, document: RawDocument, element: Any) -> None:
        """A selection on a page of a PDF, found again by its text."""
        quote = _excerpt_text(element)
        at = canonical(document.text).find(quote) if quote else -1
        if at < 0 or canonical(document.text).find(quote, at + 1) >= 0:
            why = "is a part of a page, not of the text" if not quote else "does not stand in the text exactly once"
            self.report.add("skipped", document.where, f"{shown(element.get('name', ''))} {why}")
            return
        document.text = canonical(document.text)
        self._selection(document, element, (at, at + len(quote)), quote)

    def _lost(self, parts: dict[str, Any]) -> None:
        graphs = len(list(parts.get("Graphs", ())))
        if graphs:
            self.report.add("lost", "", f"{graphs} graphs, which have no place here")
        if "Description" in parts or "NoteRef" in parts:
            self.report.add("lost", "", "what is said of the project as a whole")


def _code_refs(coding: Any) -> list[str]:
    return [target(child) for child in coding if local(child) == "CodeRef"]


def _sync_points(holder: Any) -> dict[str, str]:
    return {guid(c.get("guid", "")): c.get("position", "") for c in holder if local(c) == "SyncPoint"}


def _excerpt_text(element: Any) -> str:
    for child in element:
        if local(child) == "Representation":
            return canonical("".join(part.text or "" for part in child if local(part) == "PlainTextContent")).strip()
    return ""


def _number(text: str) -> object:
    try:
        return int(text) if text.strip().lstrip("+-").isdigit() else float(text)
    except ValueError:
        return text
